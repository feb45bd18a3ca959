import { Alert, Card, Group, SimpleGrid, Stack, Text, Textarea, Title } from '@mantine/core';
import { decodeVoucher, type ChannelAccountState, type Voucher } from 'gramhouse';

import { useChain } from '../chain';
import { formatTon } from '../format';
import { texts } from '../texts';
import { ActionButton } from '../ui/action';
import { useField } from './fields';
import { useVouchers, type Channel, type OpenNetwork } from './network';
import { claimPlan, syncPlan, withdrawPlan } from './plans';

const words = texts.earnings.take;

type Props = { network: OpenNetwork; channel: Channel & { state: ChannelAccountState } };

/** Both ways on which the owner gets his money. */
export function Take({ network, channel }: Props) {
    const { payeeId, state } = channel;
    return (
        <Stack component="section" gap="xs">
            <Title order={3} size="h4">
                {words.title}
            </Title>
            <SimpleGrid cols={{ base: 1, sm: 2 }}>
                <Card withBorder>
                    <Stack align="flex-start">
                        <Title order={4} size="h5">
                            {words.direct}
                        </Title>
                        <Text>{state.ownerDue > 0n ? words.due(formatTon(state.ownerDue)) : words.nothing}</Text>
                        <ActionButton
                            label={words.withdraw}
                            id={`withdraw ${payeeId}`}
                            plan={state.ownerDue > 0n ? withdrawPlan(network, payeeId) : null}
                        />
                    </Stack>
                </Card>
                <Vouchers network={network} channel={channel} />
            </SimpleGrid>
        </Stack>
    );
}

function Vouchers({ network, channel: { payeeId, state } }: Props) {
    const { vouchersUrl } = useChain().config;
    const { data: published = [], isError } = useVouchers(payeeId);
    const isOldKey = state.voucherKey?.equals(network.powers.voucherKey.holder) === false;
    const newest = published.reduce((most, { cumulative }) => (cumulative > most ? cumulative : most), 0n);
    const claimable = newest > state.received ? newest - state.received : 0n;
    return (
        <Card withBorder>
            <Stack align="flex-start">
                <Title order={4} size="h5">
                    {words.voucher}
                </Title>
                <Text size="sm">{words.voucherHint}</Text>
                {isOldKey && (
                    <Alert color="yellow" title={words.oldKey}>
                        <ActionButton label={words.sync} id={`sync ${payeeId}`} plan={syncPlan(network, payeeId)} />
                    </Alert>
                )}
                {isError && <Text>{words.unread}</Text>}
                {vouchersUrl !== null && !isError && (
                    <Text>
                        {claimable > 0n
                            ? words.published(formatTon(newest), formatTon(state.received))
                            : newest > 0n
                              ? words.claimed
                              : words.none}
                    </Text>
                )}
                {claimable > 0n && (
                    <ActionButton
                        label={words.claim(formatTon(claimable))}
                        id={`claim ${payeeId} ${newest}`}
                        plan={claimPlan(network, payeeId, published)}
                    />
                )}
                <PastedVoucher network={network} payeeId={payeeId} />
            </Stack>
        </Card>
    );
}

function PastedVoucher({ network, payeeId }: { network: OpenNetwork; payeeId: bigint }) {
    const { value, input } = useField((text): Voucher | { wrong: string } => {
        try {
            const voucher = decodeVoucher(text);
            return voucher.payeeId === payeeId ? voucher : { wrong: words.pasteOther(voucher.payeeId) };
        } catch {
            return { wrong: words.pasteWrong };
        }
    });
    return (
        <Group align="flex-end" w="100%">
            <Textarea {...input} label={words.paste} description={words.pasteHint} autosize minRows={2} w="100%" />
            <ActionButton
                label={words.claimPasted}
                id={`claim ${input.value}`}
                variant="default"
                plan={value && claimPlan(network, payeeId, [value])}
            />
        </Group>
    );
}
