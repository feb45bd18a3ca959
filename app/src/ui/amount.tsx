import { Text, type TextProps } from '@mantine/core';

import { formatTon } from '../format';

/** Nanotons as TON, exactly. */
export const Amount = ({ value, ...text }: { value: bigint } & TextProps) => (
    <Text span className="numeric" {...text}>
        {formatTon(value)} TON
    </Text>
);
