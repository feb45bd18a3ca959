import { Accordion, Alert, Autocomplete, Group, Stack, Text, TextInput, Title } from '@mantine/core';
import { minAutoPayout, type ChannelAccountState } from 'gramhouse';

import { useCampaigns } from '../advertise/campaigns';
import { useChain } from '../chain';
import { formatTon, shortAddress } from '../format';
import { texts } from '../texts';
import { ActionButton } from '../ui/action';
import { useWallet } from '../wallet';
import { useAddress, useAmount } from './fields';
import type { Channel, OpenNetwork } from './network';
import { acceptPlan, autoPayoutPlan, rebindPlan, reinvestPlan } from './plans';

const words = texts.earnings.settings;

type Props = { network: OpenNetwork; channel: Channel & { state: ChannelAccountState } };

/** What the owner, or whom he has named, can do besides taking the money. */
export function Settings({ network, channel }: Props) {
    const wallet = useWallet();
    const { payeeId, state } = channel;
    if (!wallet || state.owner?.equals(wallet.address) !== true) {
        return (
            <Alert color="blue" title={words.pendingYou}>
                <Text mb="sm">{texts.earnings.risks.wallet}</Text>
                <ActionButton label={words.accept} id={`accept ${payeeId}`} plan={acceptPlan(network, payeeId)} />
            </Alert>
        );
    }
    const panels = [
        ['autoPayout', words.autoPayout, AutoPayout],
        ['reinvest', words.reinvest, Reinvest],
        ['rebind', words.rebind, Rebind],
    ] as const;
    return (
        <section>
            <Title order={3} size="h4" mb="xs">
                {words.title}
            </Title>
            <Accordion variant="separated" order={4}>
                {panels.map(([name, label, Panel]) => (
                    <Accordion.Item value={name} key={name}>
                        <Accordion.Control>{label}</Accordion.Control>
                        <Accordion.Panel>
                            <Panel network={network} channel={channel} />
                        </Accordion.Panel>
                    </Accordion.Item>
                ))}
            </Accordion>
        </section>
    );
}

function AutoPayout({ network, channel: { payeeId, state } }: Props) {
    const { prices } = useChain();
    const { value, input } = useAmount();
    const { autoPayout } = state;
    return (
        <Stack>
            <Text>{autoPayout > 0n ? words.autoPayoutOn(formatTon(autoPayout)) : words.autoPayoutOff}</Text>
            <Group align="flex-end">
                <TextInput
                    {...input}
                    label={words.threshold}
                    description={words.lowest(formatTon(minAutoPayout(prices)))}
                />
                <ActionButton
                    label={words.set}
                    id={`auto-payout ${payeeId} ${value}`}
                    plan={value === null ? null : autoPayoutPlan(network, payeeId, value)}
                />
                {autoPayout > 0n && (
                    <ActionButton
                        label={words.off}
                        id={`auto-payout ${payeeId} off`}
                        variant="default"
                        plan={autoPayoutPlan(network, payeeId, 0n)}
                    />
                )}
            </Group>
        </Stack>
    );
}

function Reinvest({ network, channel: { payeeId, state } }: Props) {
    const wallet = useWallet();
    const { data: campaigns = [] } = useCampaigns(wallet?.address ?? null);
    const campaign = useAddress();
    const amount = useAmount(state.ownerDue > 0n ? formatTon(state.ownerDue) : '');
    return (
        <Stack align="flex-start">
            <Text>{words.reinvestHint}</Text>
            <Autocomplete
                {...campaign.input}
                onChange={(value) => campaign.input.onChange({ currentTarget: { value } })}
                data={campaigns.filter(({ state }) => state.closingAt === 0).map(({ address }) => address.toString())}
                label={words.campaign}
                w="100%"
            />
            <Group align="flex-end">
                <TextInput {...amount.input} label={words.amount} />
                <ActionButton
                    label={words.reinvestIt}
                    id={`reinvest ${payeeId} ${campaign.input.value} ${amount.value}`}
                    plan={
                        campaign.value === null || amount.value === null
                            ? null
                            : reinvestPlan(network, payeeId, campaign.value, amount.value)
                    }
                />
            </Group>
        </Stack>
    );
}

function Rebind({ network, channel: { payeeId, state } }: Props) {
    const newOwner = useAddress();
    const { owner, pendingOwner } = state;
    return (
        <Stack align="flex-start">
            <Text>{words.rebindHint}</Text>
            {pendingOwner && owner && (
                <Group>
                    <Text>{words.pending(shortAddress(pendingOwner))}</Text>
                    <ActionButton
                        label={words.takeBack}
                        id={`rebind ${payeeId} back`}
                        variant="default"
                        plan={rebindPlan(network, payeeId, owner)}
                    />
                </Group>
            )}
            <TextInput {...newOwner.input} label={words.newOwner} w="100%" />
            <ActionButton
                label={words.name}
                id={`rebind ${payeeId} ${newOwner.input.value}`}
                plan={newOwner.value && rebindPlan(network, payeeId, newOwner.value)}
            />
        </Stack>
    );
}
