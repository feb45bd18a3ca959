import { Group, Stack, Text, Title } from '@mantine/core';
import { fromNano } from '@ton/core';
import { openMintPrice, quoteBid } from 'gramhouse';
import { useState } from 'react';

import { formatPeriod, formatTon, parseTon } from '../format';
import { texts } from '../texts';
import { ActionButton } from '../ui/action';
import { Loaded } from '../ui/states';
import { useCollection, type Item } from './data';
import { TonField } from '../ui/fields';
import { bidPlan, mintPlan } from './plans';

const words = texts.market;

/**
 * An amount that is the suggested one until a person types another, and again when that is too low for a new minimum.
 * `amount` is null for what is none or below the minimum.
 */
function useAmount(minimum: bigint) {
    const [typed, setTyped] = useState<{ text: string; minimum: bigint } | null>(null);
    const isKept = typed && (typed.minimum === minimum || (parseTon(typed.text) ?? 0n) >= minimum);
    const text = isKept ? typed.text : fromNano(minimum);
    const amount = parseTon(text);
    const isLow = amount !== null && amount < minimum;
    return {
        amount: isLow ? null : amount,
        field: {
            value: text,
            onChange: (text: string) => setTyped({ text, minimum }),
            error: isLow ? words.bidding.low(formatTon(minimum)) : null,
        },
    };
}

/** A bid in a running auction; at a fixed price, or where there is one, the purchase at once. */
export function BidForm({ item }: { item: Item }) {
    const { minimum, maximum } = quoteBid(item.state);
    const { amount, field } = useAmount(minimum);
    const isFixed = minimum === maximum;
    return (
        <Stack component="section">
            <Title order={3}>{isFixed ? words.bidding.fixed : words.bidding.title}</Title>
            {!isFixed && (
                <Group align="flex-start" wrap="wrap">
                    <TonField
                        {...field}
                        label={words.bidding.bid}
                        description={words.bidding.suggested(formatTon(minimum))}
                    />
                    <ActionButton
                        mt={{ sm: 45 }}
                        label={words.bidding.place}
                        id={`bid ${String(item.address)} ${amount}`}
                        plan={amount === null ? null : bidPlan(item, amount)}
                    />
                </Group>
            )}
            {maximum !== null && (
                <Group>
                    <ActionButton
                        label={words.bidding.buy(formatTon(maximum))}
                        id={`buy ${String(item.address)}`}
                        plan={bidPlan(item, maximum)}
                        variant={isFixed ? 'filled' : 'light'}
                    />
                    <Text size="sm">{words.bidding.buyText}</Text>
                </Group>
            )}
        </Stack>
    );
}

/** The first bid for a name that nobody has yet. */
export function MintForm({ item, name }: { item: Item; name: string }) {
    const collection = useCollection();
    return (
        <Stack component="section">
            <Title order={3}>{words.free.title}</Title>
            <Loaded query={collection}>
                {({ openTerms, paused }) => {
                    const price = openTerms && openMintPrice(openTerms, name);
                    if (paused || price === null) {
                        return <Text>{paused ? words.free.paused : words.free.closed}</Text>;
                    }
                    return <Opening item={item} name={name} price={price} duration={openTerms?.duration ?? 0} />;
                }}
            </Loaded>
        </Stack>
    );
}

function Opening({ item, name, price, duration }: { item: Item; name: string; price: bigint; duration: number }) {
    const { amount, field } = useAmount(price);
    return (
        <>
            <Text>{words.free.text(formatTon(price), formatPeriod(duration))}</Text>
            <Group align="flex-start" wrap="wrap">
                <TonField {...field} label={words.free.bid} />
                <ActionButton
                    mt={{ sm: 25 }}
                    label={words.free.open}
                    id={`mint ${name} ${amount}`}
                    plan={amount === null ? null : mintPlan(item.address, name, amount)}
                />
            </Group>
        </>
    );
}
