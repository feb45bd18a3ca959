import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { type Address, toNano } from '@ton/core';

import { MAINNET_PRICES, type NetworkPrices } from '../../../wrappers';
import { messageFee, outbidFee, reserve } from '../../../wrappers/usernames/gas';
import { type Item, nextMinimum } from '../model/model';
import { type Held, heldData, outcomeOf, type Shot, withBalance } from './account';
import { Arena, ITEM_STATES, type ItemState, probesFor } from './arena';
import { itemRules, type Probe, readItem } from './rules';
import { around, FULL, LISTS, report, thinned, thresholds } from './sweep';

// Every message to an item with every value around each of its thresholds, with both bounce flags: those that the rules
// name (the next minimum, the maximum) and those that are found by halving (gas, the price of the answer, the reserve).

/** The table under "The bound" of docs/money.md: in nanotons, today and earlier; a return, a report, either to the masterchain. */
function statedBounds(): [today: bigint, earlier: bigint][] {
    const text = readFileSync(join(__dirname, '..', '..', '..', 'docs', 'money.md'), 'utf8');
    return [...text.matchAll(/\| ([\d,]+) +\| ([\d,]+) +\|$/gm)].map(([, today = '', earlier = '']) => [
        BigInt(today.replaceAll(',', '')),
        BigInt(earlier.replaceAll(',', '')),
    ]);
}

/** In these most messages do what they do in another state: one of three is enough. */
const ALIKE: ItemState[] = ['cooling', 'waiting', 'lapsed'];

/** The values that the rules name. */
function namedValues(item: Item, prices: NetworkPrices): bigint[] {
    if (typeof item === 'string' || !item.auction) {
        return [];
    }
    const { auction } = item;
    return [nextMinimum(auction, prices), ...(auction.config.maxBid > 0n ? [auction.config.maxBid] : [])];
}

describe.each(LISTS)('under %s', (list, prices) => {
    const [isTaken, isTakenAlike, isTakenPoor] = [thinned(61), thinned(61, 3), thinned(113, 7)];
    let arena: Arena;

    beforeAll(async () => {
        arena = await Arena.create(prices);
    });

    afterAll(() => report('values', list, arena.sweep));

    /** Every value around each threshold of one message. */
    async function sweepValues(what: string, held: Held, from: Address, probe: Probe, bounce: boolean): Promise<void> {
        const { sweep, collection } = arena;
        const fee = messageFee(prices);
        const named = namedValues(readItem(heldData(held)), prices);
        const rich = [...named, toNano('0.6'), toNano('20')];
        const examples: Shot[] = [];
        for (const value of rich) {
            examples.push(await sweep.fire(held, { from, value, body: probe.body, bounce }));
        }
        const needs = sweep.needsOf(examples, from);
        const rules = itemRules(collection.address, held, probe, prices);
        const shoot = (value: bigint): Promise<Shot> =>
            sweep.shoot(what, held, { from, value, body: probe.body, bounce }, needs, rules);
        // Where they are expected; the halving finds those that are elsewhere
        const edges = [needs.gas, needs.gas + needs.answer, ...named].flatMap((edge) => [edge - 1n, edge]);
        const grid = FULL ? [14n, 17n, 20n, 23n, 26n, 29n].map((bits) => 1n << bits) : [];
        const seeds = [fee, outbidFee(prices), 40n * fee, reserve(prices), ...grid, ...edges, ...rich];
        const found = await thresholds(seeds, async (value) => outcomeOf(await shoot(value)));
        for (const value of new Set([...found, ...named].flatMap((value) => around(value, 2, 1n, 67n)))) {
            await shoot(value);
        }
    }

    it.each(ITEM_STATES)('every value of every message to an item in the state %s', async (state) => {
        const { items, senders } = arena;
        const held = items[state];
        const poor = withBalance(held, 0n);
        const from = state === 'ended' ? senders.bidder : senders.owner;
        for (const [what, probe] of Object.entries(probesFor(arena, state))) {
            for (const bounce of [true, false]) {
                if (ALIKE.includes(state) ? isTakenAlike() : isTaken()) {
                    await sweepValues(what, held, from, probe, bounce);
                }
                if (isTakenPoor()) {
                    await sweepValues(`${what}, with an empty item`, poor, from, probe, bounce);
                }
            }
        }
    });

    const isFar = thinned(61, 3);
    it('every value of every message from the masterchain', async () => {
        const { items, senders } = arena;
        for (const [what, probe] of Object.entries(probesFor(arena, 'idle'))) {
            for (const bounce of [true, false]) {
                if (isFar()) {
                    await sweepValues(what, items.idle, senders['a twin of the owner'], probe, bounce);
                }
            }
        }
    });

    it('at most what docs/money.md states comes back to nobody', () => {
        const bounds = statedBounds().map(([today, earlier]) => (prices === MAINNET_PRICES ? today : earlier));
        expect(bounds).toHaveLength(3);
        const [, near = 0n, far = 0n] = bounds;
        for (const [workchain, bound] of [
            [0, near],
            [-1, far],
        ] as const) {
            const left = arena.sweep.mostLeft.get(workchain) ?? 0n;
            expect(left).toBeLessThanOrEqual(bound);
            expect(left).toBeGreaterThan(FULL ? (bound * 4n) / 5n : -1n);
        }
    });
});
