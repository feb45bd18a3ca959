import { Table, Text, Title } from '@mantine/core';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { adNetworkEvents, readHistory, splitRevenue, type ChannelAccountState } from 'gramhouse';

import { readCampaign } from '../advertise/campaigns';
import { useChain, type Chain } from '../chain';
import { formatTime, formatTon } from '../format';
import { texts } from '../texts';
import { TransactionLink } from '../ui/links';
import { Empty, Loaded } from '../ui/states';
import { RECENT, type OpenNetwork } from './network';
import type { Ledger } from './ledger';

const words = texts.earnings.proof;

/** A payment and its two parts, in nanotons. `fee`: what handling it cost before it was divided. */
type Payment = { hash: string; time: number; paid: bigint; fee: bigint };

/** That the owner has his share of every payment, each with its transaction. */
export function Proof({
    network,
    state,
    ledger,
}: {
    network: OpenNetwork;
    state: ChannelAccountState;
    ledger: Ledger;
}) {
    const { shareBps } = state;
    const percent = String(shareBps / 100);
    const payments = ledger.entries
        .filter(({ kind }) => kind === 'payment')
        .map(({ hash, time, gross, fee }) => ({ hash, time, paid: gross, fee }));
    const shares = ledger.entries.reduce((sum, { share }) => sum + share, 0n);
    return (
        <section>
            <Title order={3} size="h4" mb="xs">
                {words.title(percent)}
            </Title>
            <Text mb="sm">{words.intro(percent)}</Text>
            <Title order={4} size="h5">
                {words.payments}
            </Title>
            <Payments payments={payments} shareBps={shareBps} empty={words.noPayments} />
            <Text size="sm" mb="md">
                {ledger.difference === 0n
                    ? words.exactSums(formatTon(ledger.earned))
                    : words.sums(formatTon(shares), formatTon(ledger.earned), formatTon(ledger.difference))}
            </Text>
            <NetworkProof network={network} version={`${state.received}`} />
        </section>
    );
}

function Payments({ payments, shareBps, empty }: { payments: Payment[]; shareBps: number; empty: string }) {
    if (payments.length === 0) {
        return <Empty>{empty}</Empty>;
    }
    return (
        <Table.ScrollContainer minWidth={640} type="native">
            <Table>
                <Table.Thead>
                    <Table.Tr>
                        <Table.Th>{words.transaction}</Table.Th>
                        {[words.paid, words.fee, words.divided, words.owner, words.platform].map((label) => (
                            <Table.Th ta="right" key={label}>
                                {label}
                            </Table.Th>
                        ))}
                    </Table.Tr>
                </Table.Thead>
                <Table.Tbody>
                    {payments.map(({ hash, time, paid, fee }) => {
                        const divided = paid > fee ? paid - fee : 0n;
                        const { owner, platform } = splitRevenue(divided, shareBps);
                        return (
                            <Table.Tr key={hash}>
                                <Table.Td>
                                    <TransactionLink hash={hash} label={formatTime(time)} />
                                </Table.Td>
                                {[paid, fee, divided, owner, platform].map((amount, index) => (
                                    <Table.Td ta="right" className="numeric" key={index}>
                                        {formatTon(amount)}
                                    </Table.Td>
                                ))}
                            </Table.Tr>
                        );
                    })}
                </Table.Tbody>
            </Table>
        </Table.ScrollContainer>
    );
}

/** The same of what campaigns paid into the network, whose messages state what is divided: that is exact. */
function NetworkProof({ network, version }: { network: OpenNetwork; version: string }) {
    const chain = useChain();
    const query = useQuery({
        queryKey: ['revenue', version],
        queryFn: () => readRevenue(chain, network),
        placeholderData: keepPreviousData,
    });
    return (
        <>
            <Title order={4} size="h5">
                {words.network}
            </Title>
            <Text size="sm">{words.networkHint}</Text>
            <Loaded query={query}>
                {({ revenue, sums }) => (
                    <>
                        <Payments payments={revenue} shareBps={network.state.shareBps} empty={words.noRevenue} />
                        {sums && (
                            <Text size="sm">
                                {words.complete(formatTon(sums.owners), formatTon(sums.due), formatTon(sums.drawn))}
                            </Text>
                        )}
                    </>
                )}
            </Loaded>
        </>
    );
}

/**
 * What campaigns paid into the network lately. `sums`: of all that it ever divided; null where that is not known from its
 * last transactions.
 */
async function readRevenue(chain: Chain, { address, contract, state: { shareBps } }: OpenNetwork) {
    const transactions = await readHistory(chain.history, address, { limit: RECENT });
    const events = transactions.flatMap(adNetworkEvents);
    const paid = events.filter((event) => event.type === 'revenue');
    const senders = new Map(paid.map(({ from }) => [from.toString(), from]));
    // Anybody can send revenue: only a campaign's address shows that it was one's
    const known = await Promise.all(
        [...senders].map(async ([text, from]) => ((await readCampaign(chain, from)) ? [text] : [])),
    );
    const campaigns = known.flat();
    const revenue = paid
        .filter(({ from }) => campaigns.includes(from.toString()))
        .map(({ hash, time, amount }) => ({ hash, time, paid: amount, fee: 0n }));
    const owners = paid.reduce((sum, { amount }) => sum + splitRevenue(amount, shareBps).owner, 0n);
    const drawn = events.reduce((sum, event) => sum + (event.type === 'paid_out' ? event.drawn : 0n), 0n);
    const { ownersDue: due } = await contract.getState();
    const isWhole = transactions.at(-1)?.previous === null && owners === due + drawn;
    return { revenue, sums: isWhole ? { owners, due, drawn } : null };
}
