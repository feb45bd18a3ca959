import { Anchor, Card, Group, SimpleGrid, Stack, Text, Title } from '@mantine/core';
import type { ChannelAccountState } from 'gramhouse';
import { useEffect, useState, type ReactNode } from 'react';
import { Link } from 'wouter';

import { LIVE, useChain, useNetworkClock } from '../chain';
import { formatTon } from '../format';
import { texts } from '../texts';
import { Amount } from '../ui/amount';
import { AddressText } from '../ui/links';
import { Loaded } from '../ui/states';
import { useWallet } from '../wallet';
import { EarningsChart } from './EarningsChart';
import { useSeenChannels } from './EarningsPage';
import { readLedger, type Ledger } from './ledger';
import { useChannel, useHistory, type Channel, type OpenNetwork } from './network';
import { Proof } from './Proof';
import { Register } from './Register';
import { Settings } from './Settings';
import { Sponsor } from './Sponsor';
import { Statement } from './Statement';
import { Take } from './Take';

const words = texts.earnings;

export function ChannelPage({ network, payeeId }: { network: OpenNetwork; payeeId: bigint }) {
    const query = useChannel(network, payeeId);
    const [, setSeen] = useSeenChannels();
    const id = payeeId.toString();
    useEffect(() => setSeen((ids) => (ids.includes(id) ? ids : [...ids, id])), [id, setSeen]);
    return (
        <Stack>
            <Anchor component={Link} href="/earnings">
                {words.find.back}
            </Anchor>
            <Title order={2}>{words.channel(payeeId)}</Title>
            <Loaded query={query}>{(channel) => <Account network={network} channel={channel} />}</Loaded>
        </Stack>
    );
}

function Account({ network, channel }: { network: OpenNetwork; channel: Channel }) {
    const { contract, payeeId, state } = channel;
    const wallet = useWallet();
    const owner = state?.owner ?? null;
    const isOwner = wallet !== null && owner?.equals(wallet.address) === true;
    const isNamed = wallet !== null && state?.pendingOwner?.equals(wallet.address) === true;
    return (
        <>
            <Group gap="xs">
                {words.account} <AddressText address={contract.address} />
                {words.owner} {owner ? <AddressText address={owner} /> : words.nobody}
                {isOwner && ` (${words.you})`}
            </Group>
            {state ? (
                <Opened network={network} channel={{ ...channel, state }}>
                    {isOwner && <Take network={network} channel={{ ...channel, state }} />}
                    {(isOwner || isNamed) && <Settings network={network} channel={{ ...channel, state }} />}
                    {owner !== null && !isOwner && <Text c="dimmed">{wallet ? words.readOnly : words.connect}</Text>}
                    {owner === null && <Text>{words.unowned(formatTon(state.ownerDue))}</Text>}
                </Opened>
            ) : (
                <Text>{words.notOpen}</Text>
            )}
            {owner === null && <Register network={network} payeeId={payeeId} />}
            <Sponsor network={network} payeeId={payeeId} title={words.sponsor.title} />
        </>
    );
}

type OpenedChannel = Channel & { state: NonNullable<Channel['state']> };

/** What an account with a history has earned, with what can be done about it in between. */
function Opened({ network, channel, children }: { network: OpenNetwork; channel: OpenedChannel; children: ReactNode }) {
    const { contract, payeeId, state, lt } = channel;
    const { prices } = useChain();
    const { ahead } = useNetworkClock();
    const history = useHistory(contract.address, lt ?? '');
    const [shown, setShown] = useState<{ ledger: Ledger; state: ChannelAccountState; readAt: number } | null>(null);
    const { data: transactions, dataUpdatedAt, isPlaceholderData, refetch } = history;
    useEffect(() => {
        if (!transactions || isPlaceholderData) {
            return undefined;
        }
        // State and history come from two APIs: until the second has the first's last transaction, the last pair stays
        if (transactions[0]?.lt.toString() !== lt) {
            const timer = setTimeout(() => void refetch(), LIVE);
            return () => clearTimeout(timer);
        }
        const readAt = Math.floor(dataUpdatedAt / 1000) + ahead;
        setShown({ ledger: readLedger(transactions, state, prices), state, readAt });
        return undefined;
    }, [transactions, dataUpdatedAt, isPlaceholderData, refetch, lt, state, prices, ahead]);
    if (!shown) {
        return <Loaded query={{ ...history, data: undefined }}>{() => null}</Loaded>;
    }
    const { ledger, readAt } = shown;
    return (
        <>
            <Figures ledger={ledger} />
            {children}
            <EarningsChart ledger={ledger} now={readAt} />
            <Statement payeeId={payeeId} ledger={ledger} now={readAt} />
            <Proof network={network} state={shown.state} ledger={ledger} />
        </>
    );
}

function Figures({ ledger }: { ledger: Ledger }) {
    const names = ['earned', 'available', 'paidOut', 'reinvested'] as const;
    return (
        <SimpleGrid cols={{ base: 2, sm: 4 }}>
            {names.map((name) => (
                <Card withBorder padding="sm" key={name} data-testid={name}>
                    <Text size="sm">{words.figures[name]}</Text>
                    <Amount value={ledger[name]} fw={700} className="break numeric" />
                    <Text size="xs" c="dimmed">
                        {words.figures[`${name}Hint`]}
                    </Text>
                </Card>
            ))}
        </SimpleGrid>
    );
}
