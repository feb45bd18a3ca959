import { Button, Card, Group, List, NativeSelect, SimpleGrid, Stack, Text, TextInput, Title } from '@mantine/core';
import { canonicalName, GramhouseError } from 'gramhouse';
import { useState, type SubmitEvent } from 'react';
import { Link, useLocation } from 'wouter';

import { useNow } from '../chain';
import { texts } from '../texts';
import { Amount } from '../ui/amount';
import { Empty, Loaded } from '../ui/states';
import { stageOf, useMarket, type MintedItem, type Stage } from './data';
import { Countdown, Facts, StageBadge, Who } from './parts';

const words = texts.market;

/** How many names are read, and how many more at each wish for more. */
const PAGE = 100;

/** What can be bid for comes first. */
const ORDER: Stage[] = ['auction', 'open', 'ended', 'idle'];

export const namePath = (name: string): string => `/name/${encodeURIComponent(name)}`;

export function MarketPage() {
    const [limit, setLimit] = useState(PAGE);
    const [text, setText] = useState('');
    const [shown, setShown] = useState<string>('all');
    const query = useMarket(limit);
    const now = useNow();
    return (
        <Stack>
            <Title order={2}>{words.title}</Title>
            <Text>{words.intro}</Text>
            <HowItWorks />
            <Group align="flex-start" grow preventGrowOverflow={false} wrap="wrap">
                <Search text={text} onText={setText} />
                <NativeSelect
                    maw={{ sm: 240 }}
                    label={words.show.label}
                    value={shown}
                    onChange={({ currentTarget }) => setShown(currentTarget.value)}
                    data={(['all', ...ORDER] as const).map((value) => ({
                        value,
                        label: words.show[value as keyof typeof words.show],
                    }))}
                />
            </Group>
            <Loaded query={query}>
                {(items) => (
                    <>
                        <Sections
                            items={items.filter(
                                ({ data, state }) =>
                                    data.name.includes(searched(text)) &&
                                    (shown === 'all' || stageOf(state, now) === shown),
                            )}
                            isEmpty={items.length === 0}
                            now={now}
                        />
                        {items.length >= limit && (
                            <Button variant="default" onClick={() => setLimit(limit + PAGE)} loading={query.isFetching}>
                                {words.more}
                            </Button>
                        )}
                    </>
                )}
            </Loaded>
        </Stack>
    );
}

const searched = (text: string): string => text.trim().replace(/^@/, '').toLowerCase();

const HowItWorks = () => (
    <details>
        <summary>{words.how.title}</summary>
        <List type="ordered" mt="xs">
            {words.how.steps.map((step) => (
                <List.Item key={step}>{step}</List.Item>
            ))}
        </List>
    </details>
);

/** Filters what is listed while a person types, and leads to the page of a whole name, whether it exists or not. */
function Search({ text, onText }: { text: string; onText: (text: string) => void }) {
    const [, navigate] = useLocation();
    const [fault, setFault] = useState<string | null>(null);
    const submit = (event: SubmitEvent): void => {
        event.preventDefault();
        try {
            navigate(namePath(canonicalName(text.trim())));
        } catch (error) {
            setFault(error instanceof GramhouseError ? (error.hint ?? error.message) : words.notAName);
        }
    };
    return (
        <form role="search" onSubmit={submit}>
            <Group align="flex-start" wrap="nowrap">
                <TextInput
                    flex={1}
                    label={words.search.label}
                    placeholder="@name"
                    autoComplete="off"
                    autoCapitalize="none"
                    spellCheck={false}
                    value={text}
                    onChange={({ currentTarget }) => {
                        setFault(null);
                        onText(currentTarget.value);
                    }}
                    error={fault}
                    inputWrapperOrder={['label', 'input', 'error', 'description']}
                    description={words.search.hint}
                />
                <Button type="submit" disabled={text.trim() === ''} mt={25}>
                    {words.search.go}
                </Button>
            </Group>
        </form>
    );
}

function Sections({ items, isEmpty, now }: { items: MintedItem[]; isEmpty: boolean; now: number }) {
    if (items.length === 0) {
        return <Empty>{isEmpty ? words.empty : words.nothing}</Empty>;
    }
    const sections = ORDER.map((stage) => ({
        stage,
        items: items.filter(({ state }) => stageOf(state, now) === stage).sort(byEnd),
    }));
    return sections
        .filter((section) => section.items.length > 0)
        .map((section) => (
            <section key={section.stage}>
                <Title order={3} mb="xs">
                    {words.show[section.stage as keyof typeof words.show]}
                </Title>
                <SimpleGrid cols={{ base: 1, xs: 2 }}>
                    {section.items.map((item) => (
                        <NameCard key={String(item.address)} item={item} stage={section.stage} />
                    ))}
                </SimpleGrid>
            </section>
        ));
}

/** What ends first comes first; what has no end yet, last. */
const byEnd = (a: MintedItem, b: MintedItem): number =>
    (a.state.endTime || Infinity) - (b.state.endTime || Infinity) || a.data.name.localeCompare(b.data.name);

function NameCard({ item: { data, state }, stage }: { item: MintedItem; stage: Stage }) {
    const { bid, minBid, maxBid, bidder, owner, endTime } = state;
    return (
        <Card withBorder component={Link} href={namePath(data.name)} data-testid={`card-${data.name}`}>
            <Group justify="space-between" wrap="nowrap" mb="xs">
                <Text fw={700} size="lg" className="break">
                    @{data.name}
                </Text>
                <StageBadge stage={stage} />
            </Group>
            <Facts
                rows={[
                    [words.currentBid, bid > 0n && stage === 'auction' ? <Amount value={bid} fw={700} /> : null],
                    [
                        words.startPrice,
                        stage === 'open' && minBid !== maxBid ? <Amount value={minBid} fw={700} /> : null,
                    ],
                    [
                        words.buyNow,
                        maxBid > 0n && stage !== 'ended' && stage !== 'idle' ? <Amount value={maxBid} /> : null,
                    ],
                    [words.settling.price, stage === 'ended' ? <Amount value={bid} fw={700} /> : null],
                    [words.leader, stage === 'auction' ? <Who address={bidder} /> : null],
                    [words.settling.winner, stage === 'ended' ? <Who address={bidder} /> : null],
                    [words.seller, stage === 'open' ? <Who address={owner} /> : null],
                    [words.owner, stage === 'idle' ? <Who address={owner} /> : null],
                    [
                        words.timeLeft,
                        (stage === 'auction' || stage === 'open') && endTime > 0 ? <Countdown until={endTime} /> : null,
                    ],
                ]}
            />
        </Card>
    );
}
