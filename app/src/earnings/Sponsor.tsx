import { Group, Stack, Text, TextInput, Title } from '@mantine/core';

import { texts } from '../texts';
import { ActionButton } from '../ui/action';
import { useAmount } from './fields';
import type { OpenNetwork } from './network';
import { sponsorPlan } from './plans';

const words = texts.earnings.sponsor;

/** A payment to a channel. */
export function Sponsor({ network, payeeId }: { network: OpenNetwork; payeeId: bigint }) {
    const { value, input } = useAmount();
    return (
        <Stack component="section" gap="xs">
            <Title order={3} size="h4">
                {words.title}
            </Title>
            <Text>{words.hint}</Text>
            <Group align="flex-end">
                <TextInput {...input} label={texts.earnings.settings.amount} />
                <ActionButton
                    label={words.button}
                    id={`sponsor ${payeeId} ${value}`}
                    plan={value === null ? null : sponsorPlan(network, payeeId, value)}
                />
            </Group>
        </Stack>
    );
}
