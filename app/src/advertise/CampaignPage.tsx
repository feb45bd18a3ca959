import { Anchor, Card, Group, Stack, Table, Text, Title } from '@mantine/core';
import type { Address } from '@ton/core';
import { campaignEvents, type CampaignEvent } from 'gramhouse';
import { useState } from 'react';
import { Link } from 'wouter';

import { useNow } from '../chain';
import { useHistory } from '../earnings/network';
import { formatTime, formatTon, parseTon } from '../format';
import { texts } from '../texts';
import { ActionButton } from '../ui/action';
import { TonField } from '../ui/fields';
import { AddressText, TransactionLink } from '../ui/links';
import { Empty, Loaded } from '../ui/states';
import { useWallet } from '../wallet';
import { CampaignFigures } from './CampaignFigures';
import { useCampaign, type OpenCampaign } from './campaigns';
import { refundPlan, stopPlan, topUpPlan } from './plans';

const words = texts.advertise;

export function CampaignPage({ address }: { address: Address }) {
    const query = useCampaign(address);
    return (
        <Stack>
            <Anchor component={Link} href="/advertise">
                {words.back}
            </Anchor>
            <Loaded query={query}>
                {(campaign) => (campaign ? <Opened campaign={campaign} /> : <Empty>{words.notFound}</Empty>)}
            </Loaded>
        </Stack>
    );
}

function Opened({ campaign }: { campaign: OpenCampaign }) {
    const wallet = useWallet();
    const { address, state } = campaign;
    const isMine = wallet !== null && state.advertiser.equals(wallet.address);
    return (
        <>
            <Title order={2}>{words.campaign(state.campaignId)}</Title>
            <Group gap="xs">
                {words.address} <AddressText address={address} />
                {words.advertiser} <AddressText address={state.advertiser} />
                {isMine && ` (${texts.earnings.you})`}
            </Group>
            <Card withBorder>
                <CampaignFigures campaign={campaign} />
            </Card>
            {isMine ? <Ending campaign={campaign} /> : <Text c="dimmed">{words.readOnly}</Text>}
            {state.closingAt === 0 && <TopUp campaign={campaign} />}
            <History campaign={campaign} />
        </>
    );
}

function TopUp({ campaign }: { campaign: OpenCampaign }) {
    const [text, setText] = useState('');
    const amount = parseTon(text);
    return (
        <Stack component="section" gap="xs">
            <Title order={3} size="h4">
                {words.topUp}
            </Title>
            <Group align="flex-end">
                <TonField value={text} onChange={setText} label={texts.earnings.amount} />
                <ActionButton
                    label={words.topUp}
                    id={`top up ${campaign.address.toString()} ${amount}`}
                    plan={amount === null ? null : topUpPlan(campaign, amount)}
                />
            </Group>
        </Stack>
    );
}

/** Stop, and 48 hours later the rest back. */
function Ending({ campaign }: { campaign: OpenCampaign }) {
    const now = useNow();
    const { closingAt, budget } = campaign.state;
    const id = campaign.address.toString();
    if (closingAt === 0) {
        return (
            <Stack component="section" gap="xs" align="flex-start">
                <Text>{words.stopHint}</Text>
                <ActionButton label={words.stop} id={`stop ${id}`} variant="default" plan={stopPlan(campaign)} />
            </Stack>
        );
    }
    if (budget === 0n) {
        return <Text>{words.refunded}</Text>;
    }
    return (
        <Stack component="section" gap="xs" align="flex-start">
            {now < closingAt && <Text>{words.refundFrom(formatTime(closingAt))}</Text>}
            <ActionButton
                label={words.refund}
                id={`refund ${id}`}
                plan={now < closingAt ? null : refundPlan(campaign)}
            />
        </Stack>
    );
}

function History({ campaign: { address, state } }: { campaign: OpenCampaign }) {
    const query = useHistory(address, [state.budget, state.spent, state.closingAt].join());
    const { history } = words;
    return (
        <section>
            <Title order={3} size="h4" mb="xs">
                {history.title}
            </Title>
            <Loaded query={query}>
                {(transactions) => (
                    <Table>
                        <Table.Thead>
                            <Table.Tr>
                                <Table.Th>{history.time}</Table.Th>
                                <Table.Th>{history.what}</Table.Th>
                                <Table.Th ta="right">{history.amount}</Table.Th>
                            </Table.Tr>
                        </Table.Thead>
                        <Table.Tbody>
                            {transactions.flatMap(campaignEvents).flatMap((event) => {
                                const line = lineOf(event);
                                return line ? (
                                    <Table.Tr key={event.hash}>
                                        <Table.Td>
                                            <TransactionLink hash={event.hash} label={formatTime(event.time)} />
                                        </Table.Td>
                                        <Table.Td>{line[0]}</Table.Td>
                                        <Table.Td ta="right" className="numeric">
                                            {line[1] === null ? '' : formatTon(line[1])}
                                        </Table.Td>
                                    </Table.Tr>
                                ) : (
                                    []
                                );
                            })}
                        </Table.Tbody>
                    </Table>
                )}
            </Loaded>
        </section>
    );
}

/** What an event is called, and its amount in nanotons; null if it moved nothing. */
function lineOf(event: CampaignEvent): [what: string, amount: bigint | null] | null {
    const { kinds } = words.history;
    switch (event.type) {
        case 'funded':
        case 'charged':
        case 'charge_returned':
        case 'refunded':
            return [kinds[event.type], event.amount];
        case 'stopped':
            return [kinds.stopped, null];
        default:
            return null;
    }
}
