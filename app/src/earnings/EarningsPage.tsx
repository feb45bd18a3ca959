import { Title } from '@mantine/core';

import { texts } from '../texts';

export const EarningsPage = ({ payeeId }: { payeeId: string | null }) => (
    <Title order={2}>
        {texts.earnings.title} {payeeId}
    </Title>
);
