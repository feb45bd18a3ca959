import { Anchor, Button, Stack, Table, Text, Title } from '@mantine/core';
import type { Address } from '@ton/core';
import { Link } from 'wouter';

import { useNow } from '../chain';
import { texts } from '../texts';
import { Amount } from '../ui/amount';
import { TransactionLink } from '../ui/links';
import { Empty, Loaded } from '../ui/states';
import { useConnect, useWallet } from '../wallet';
import { bidsOf, type Bid } from './bids';
import { stageOf, useBidNames, useOwnNames, type MintedItem } from './data';
import { namePath } from './MarketPage';
import { Place, StageBadge } from './parts';

const words = texts.market.own;

/** The names and the bids of the connected wallet. */
export function OwnPage() {
    const wallet = useWallet();
    const connect = useConnect();
    return (
        <Stack gap="xl">
            <Title order={2}>{words.title}</Title>
            {wallet ? (
                <>
                    <OwnNames owner={wallet.address} />
                    <OwnBids wallet={wallet.address} />
                </>
            ) : (
                <Stack align="center" py="xl">
                    <Text>{texts.noWallet}</Text>
                    <Button onClick={connect}>{texts.connect}</Button>
                </Stack>
            )}
        </Stack>
    );
}

const NameLink = ({ name }: { name: string }) => (
    <Anchor component={Link} href={namePath(name)} fw={700} className="break">
        @{name}
    </Anchor>
);

function OwnNames({ owner }: { owner: Address }) {
    const query = useOwnNames(owner);
    const now = useNow();
    return (
        <Stack component="section">
            <Title order={3}>{words.names}</Title>
            <Loaded query={query}>
                {(items) =>
                    items.length === 0 ? (
                        <Empty>{words.noNames}</Empty>
                    ) : (
                        <Table data-testid="names">
                            <Table.Tbody>
                                {items.map(({ address, data, state }) => {
                                    const stage = stageOf(state, now);
                                    return (
                                        <Table.Tr key={String(address)}>
                                            <Table.Td>
                                                <NameLink name={data.name} />
                                                <Text size="sm">{stage === 'free' ? null : words.can[stage]}</Text>
                                            </Table.Td>
                                            <Table.Td ta="right">
                                                <StageBadge stage={stage} />
                                            </Table.Td>
                                        </Table.Tr>
                                    );
                                })}
                            </Table.Tbody>
                        </Table>
                    )
                }
            </Loaded>
        </Stack>
    );
}

function OwnBids({ wallet }: { wallet: Address }) {
    const query = useBidNames(wallet);
    return (
        <Stack component="section">
            <Title order={3}>{words.bids}</Title>
            <Loaded query={query}>
                {(names) => {
                    const bids = names
                        .flatMap(({ item, events }) => bidsOf(events, wallet).map((bid) => ({ ...bid, item })))
                        .sort((a, b) => (a.place.lt > b.place.lt ? -1 : 1));
                    return bids.length === 0 ? (
                        <Empty>{words.noBids}</Empty>
                    ) : (
                        <Table data-testid="bids">
                            <Table.Thead>
                                <Table.Tr>
                                    <Table.Th>{words.name}</Table.Th>
                                    <Table.Th>{words.state}</Table.Th>
                                </Table.Tr>
                            </Table.Thead>
                            <Table.Tbody>
                                {bids.map((bid) => (
                                    <BidRow key={`${bid.place.hash} ${bid.fate} ${bid.amount}`} bid={bid} />
                                ))}
                            </Table.Tbody>
                        </Table>
                    );
                }}
            </Loaded>
        </Stack>
    );
}

function BidRow({ bid: { item, place, amount, fate, back } }: { bid: Bid & { item: MintedItem } }) {
    const now = useNow();
    const wallet = useWallet();
    const { bidder, bid } = item.state;
    // State and events come from two APIs, of which one may be behind
    const isOld = fate === 'leading' && bid !== amount;
    const isWon =
        fate === 'leading' &&
        !isOld &&
        stageOf(item.state, now) === 'ended' &&
        wallet !== null &&
        bidder?.equals(wallet.address) === true;
    return (
        <Table.Tr>
            <Table.Td>
                <NameLink name={item.data.name} />
                <div>
                    <Amount value={amount} />
                </div>
                <Place place={place} />
            </Table.Td>
            <Table.Td>
                <b>{isOld ? texts.loading : words.fates[isWon ? 'won' : fate]}</b>
                <Text size="sm">{isWon ? words.win : back?.text}</Text>
                {back && fate === 'outbid' && (
                    <div>
                        {words.cameBack} <TransactionLink hash={back.place.hash} />
                    </div>
                )}
            </Table.Td>
        </Table.Tr>
    );
}
