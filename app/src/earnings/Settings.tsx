import { Accordion, Alert, Group, Stack, Text, Title } from '@mantine/core';
import { fromNano } from '@ton/core';
import { minAutoPayout, type ChannelAccountState } from 'gramhouse';
import { useId, useState } from 'react';

import { useCampaigns } from '../advertise/campaigns';
import { useChain } from '../chain';
import { formatTon, parseTon, shortAddress } from '../format';
import { texts } from '../texts';
import { ActionButton } from '../ui/action';
import { AddressField, parseAddress, TonField } from '../ui/fields';
import { useWallet } from '../wallet';
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
    const [text, setText] = useState('');
    const threshold = parseTon(text);
    const { autoPayout } = state;
    return (
        <Stack align="flex-start">
            <Text>{autoPayout > 0n ? words.autoPayoutOn(formatTon(autoPayout)) : words.autoPayoutOff}</Text>
            <TonField
                value={text}
                onChange={setText}
                label={words.threshold}
                description={words.lowest(formatTon(minAutoPayout(prices)))}
            />
            <Group>
                <ActionButton
                    label={words.set}
                    id={`auto-payout ${payeeId} ${threshold}`}
                    plan={threshold === null ? null : autoPayoutPlan(network, payeeId, threshold)}
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
    const testOnly = useChain().config.network === '-3';
    const wallet = useWallet();
    const { data: campaigns = [] } = useCampaigns(wallet?.address ?? null);
    const [campaignText, setCampaign] = useState('');
    const [amountText, setAmount] = useState(state.ownerDue > 0n ? fromNano(state.ownerDue) : '');
    const [campaign, amount] = [parseAddress(campaignText, testOnly), parseTon(amountText)];
    const list = useId();
    return (
        <Stack align="flex-start">
            <Text>{words.reinvestHint}</Text>
            <AddressField
                value={campaignText}
                onChange={setCampaign}
                testOnly={testOnly}
                list={list}
                label={words.campaign}
                w="100%"
            />
            <datalist id={list}>
                {campaigns
                    .filter(({ state: { closingAt } }) => closingAt === 0)
                    .map(({ address, state: { campaignId } }) => (
                        <option
                            key={campaignId}
                            value={address.toString({ testOnly })}
                            label={texts.advertise.campaign(campaignId)}
                        />
                    ))}
            </datalist>
            <TonField value={amountText} onChange={setAmount} label={texts.earnings.amount} />
            <ActionButton
                label={words.reinvestIt}
                id={`reinvest ${payeeId} ${campaignText} ${amount}`}
                plan={campaign && amount !== null ? reinvestPlan(network, payeeId, campaign, amount) : null}
            />
        </Stack>
    );
}

function Rebind({ network, channel: { payeeId, state } }: Props) {
    const testOnly = useChain().config.network === '-3';
    const [text, setText] = useState('');
    const newOwner = parseAddress(text, testOnly);
    const { owner, pendingOwner } = state;
    return (
        <Stack align="flex-start">
            <Text>{words.rebindHint}</Text>
            {pendingOwner && owner && (
                <Group>
                    <Text>{words.pending(shortAddress(pendingOwner, testOnly))}</Text>
                    <ActionButton
                        label={words.takeBack}
                        id={`rebind ${payeeId} back`}
                        variant="default"
                        plan={rebindPlan(network, payeeId, owner)}
                    />
                </Group>
            )}
            <AddressField value={text} onChange={setText} testOnly={testOnly} label={words.newOwner} w="100%" />
            <ActionButton
                label={words.name}
                id={`rebind ${payeeId} ${text}`}
                plan={newOwner && rebindPlan(network, payeeId, newOwner)}
            />
        </Stack>
    );
}
