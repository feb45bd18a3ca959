import { Group, Stack, Text, Title } from '@mantine/core';
import { useState, type ReactNode } from 'react';

import { parseTon } from '../format';
import { texts } from '../texts';
import { ActionButton } from '../ui/action';
import { TonField } from '../ui/fields';
import type { OpenNetwork } from './network';
import { sponsorPlan } from './plans';

const words = texts.earnings.sponsor;

/**
 * A payment to a channel.
 *
 * @param payeeId null while none is chosen
 * @param children fields before the amount
 */
export function Sponsor({
    network,
    payeeId,
    title,
    children,
}: {
    network: OpenNetwork;
    payeeId: bigint | null;
    title: string;
    children?: ReactNode;
}) {
    const [text, setText] = useState('');
    const amount = parseTon(text);
    return (
        <Stack component="section" gap="xs" align="flex-start">
            <Title order={3} size="h4">
                {title}
            </Title>
            <Text>{words.hint}</Text>
            <Group align="flex-start">
                {children}
                <TonField value={text} onChange={setText} label={texts.earnings.amount} />
            </Group>
            <ActionButton
                label={words.button}
                id={`sponsor ${payeeId} ${amount}`}
                plan={payeeId === null || amount === null ? null : sponsorPlan(network, payeeId, amount)}
            />
        </Stack>
    );
}
