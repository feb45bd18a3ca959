import { Box, Stack, Table, Text, Title } from '@mantine/core';
import { fromNano, type Address } from '@ton/core';
import { usernameError, type ItemEvent } from 'gramhouse';
import { CartesianGrid, Line, LineChart, ResponsiveContainer, Tooltip, XAxis, YAxis } from 'recharts';

import { formatTime, formatTon } from '../format';
import { texts } from '../texts';
import { Amount } from '../ui/amount';
import { Empty, Loaded } from '../ui/states';
import { useEvents, type Item } from './data';
import { Place, useNameOf } from './parts';

const words = texts.market.history;

/** What a name has cost over time, and everything that happened to it. */
export function PriceHistory({ item }: { item: Item }) {
    const query = useEvents(item.address);
    return (
        <Stack component="section">
            <Title order={3}>{words.title}</Title>
            <Loaded query={query}>
                {(events) =>
                    events.length === 0 ? (
                        <Empty>{words.none}</Empty>
                    ) : (
                        <>
                            <PriceChart events={events} />
                            <EventTable events={events} />
                        </>
                    )
                }
            </Loaded>
        </Stack>
    );
}

/** Bids by time. The picture is for the eye; what it shows is in its summary and in the table of events. */
function PriceChart({ events }: { events: ItemEvent[] }) {
    const bids = events.filter((event) => event.type === 'minted' || event.type === 'bid');
    const [first] = bids;
    const last = bids.at(-1);
    if (!first || !last) {
        return null;
    }
    const [lowest, highest] = bids.reduce(
        ([low, high], { amount }) => [amount < low ? amount : low, amount > high ? amount : high],
        [first.amount, first.amount],
    );
    const text = words.summary(bids.length, formatTon(lowest), formatTon(highest), formatTon(last.amount));
    const points = bids.map(({ time, amount }) => ({ time, price: Number(fromNano(amount)) }));
    const tick = { fill: 'var(--mantine-color-text)', fontSize: 12 };
    return (
        <Box component="figure" m={0}>
            <div aria-hidden>
                <ResponsiveContainer width="100%" height={220}>
                    <LineChart data={points} accessibilityLayer={false} margin={{ top: 8, right: 16 }}>
                        <CartesianGrid strokeDasharray="3 3" stroke="var(--mantine-color-default-border)" />
                        <XAxis
                            dataKey="time"
                            type="number"
                            domain={['dataMin', 'dataMax']}
                            padding={{ left: 24, right: 24 }}
                            tickFormatter={tickOf(last.time - first.time)}
                            minTickGap={48}
                            tick={tick}
                        />
                        <YAxis width={56} domain={[0, 'auto']} tick={tick} />
                        <Tooltip
                            labelFormatter={(seconds) => formatTime(Number(seconds))}
                            formatter={(price) => [`${String(price)} TON`, words.chart]}
                            contentStyle={{
                                background: 'var(--mantine-color-body)',
                                borderColor: 'var(--mantine-color-default-border)',
                            }}
                        />
                        <Line
                            dataKey="price"
                            type="stepAfter"
                            stroke="var(--mantine-color-blue-6)"
                            strokeWidth={2}
                            dot={{ r: 4 }}
                            isAnimationActive={false}
                        />
                    </LineChart>
                </ResponsiveContainer>
            </div>
            <Text component="figcaption" size="sm" c="dimmed">
                {text}
            </Text>
        </Box>
    );
}

/** Days, or hours where all of it fits into two days. */
function tickOf(span: number): (seconds: number) => string {
    const format = new Intl.DateTimeFormat(undefined, span < 172_800 ? { timeStyle: 'short' } : { dateStyle: 'short' });
    return (seconds) => format.format(seconds * 1000);
}

function EventTable({ events }: { events: ItemEvent[] }) {
    const nameOf = useNameOf();
    return (
        <Table data-testid="events">
            <Table.Thead>
                <Table.Tr>
                    <Table.Th>{words.what}</Table.Th>
                    <Table.Th ta="right">{words.amount}</Table.Th>
                </Table.Tr>
            </Table.Thead>
            <Table.Tbody>
                {[...events].reverse().map((event, index) => {
                    const { text, amount } = describe(event, nameOf);
                    return (
                        <Table.Tr key={events.length - index}>
                            <Table.Td className="break">
                                {text}
                                <Place place={event} />
                            </Table.Td>
                            <Table.Td ta="right">{amount > 0n && <Amount value={amount} />}</Table.Td>
                        </Table.Tr>
                    );
                })}
            </Table.Tbody>
        </Table>
    );
}

/** An event as a line of the table; the amount in nanotons, 0n for none. */
function describe(event: ItemEvent, nameOf: (address: Address) => string): { text: string; amount: bigint } {
    const amount = 'amount' in event ? event.amount : 0n;
    switch (event.type) {
        case 'minted':
            return { text: words.minted(nameOf(event.bidder)), amount };
        case 'bid':
            return { text: words.bid(nameOf(event.bidder)), amount };
        case 'extended':
            return { text: words.extended(formatTime(event.endTime)), amount };
        case 'outbid':
            return { text: words.outbid(nameOf(event.to)), amount };
        case 'bid_returned':
            return { text: words.bidReturned(nameOf(event.to)), amount };
        case 'auction_started':
            return { text: words.started(nameOf(event.from)), amount: event.auctionConfig.initialMinBid };
        case 'auction_cancelled':
            return { text: words.cancelled(nameOf(event.from)), amount };
        case 'settled':
            return { text: words.settled(nameOf(event.winner)), amount };
        case 'payout':
            return { text: words.payout[event.share], amount };
        case 'transferred':
            return { text: words.transferred(nameOf(event.from), nameOf(event.to)), amount: 0n };
        case 'record_changed':
            return { text: event.record ? words.recordSet : words.recordDeleted, amount };
        case 'topped_up':
            return { text: words.toppedUp(nameOf(event.from)), amount };
        case 'rejected': {
            const reason = event.exitCode === null ? words.unknownReason : usernameError(event.exitCode).shortMessage;
            return { text: words.rejected(event.from ? nameOf(event.from) : words.outside, reason), amount };
        }
    }
}
