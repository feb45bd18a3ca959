import { type Address, toNano } from '@ton/core';

import { gasFee, type Royalty, UsernameOp } from '../../../wrappers';
import { settlementSplit } from '../../../wrappers/usernames/auction';
import { messageFee, reserve, settlementFee, UsernameGas } from '../../../wrappers/usernames/gas';
import { TERMS, TOP_UP } from '../../helpers/world';
import { type Held, hold, opIn, outcomeOf, type Shot, withBalance } from './account';
import { Arena, deployProbe, MAX_BID, probesFor } from './arena';
import { itemRules, type Probe } from './rules';
import { around, check, FULL, LISTS, report, thinned, thresholds } from './sweep';

// Settlement by every way that there is and with every balance from nothing upward: refused whole, or by the formula.

const [BID, MAXIMUM, CHANGE] = [toNano('10'), toNano('20'), 7n];

type Way = {
    held: Held;
    /** Null: the unsigned external. */
    probe: Probe | null;
    value: bigint;
    /** The winning bid, and what the SDK's formula takes as the pot and the gas that it pays. */
    bid: bigint;
    pot: (shot: Shot) => bigint;
    gas?: number;
};

/** An auction of a name that alice minted for 10 TON, which ends at once for 20; the second is over. */
async function minted({ world, sweep, senders }: Arena, name: string, royalty: Royalty): Promise<[Held, Held]> {
    const { item } = await world.mint(name, { value: BID, config: { maxBid: MAXIMUM }, royalty });
    const { account } = await world.chain.getContract(item.address);
    const over = hold(account, world.now + TERMS.duration);
    // Rent is paid up to now, so that the balance is all that counts
    const topUp = { from: senders.stranger, value: toNano('0.01'), body: TOP_UP, bounce: true };
    return [hold(account, world.now), (await sweep.fire(over, topUp)).after];
}

async function waysOf(arena: Arena, name: string, royalty: Royalty): Promise<Record<string, Way>> {
    const { prices } = arena.sweep;
    const [running, over] = await minted(arena, name, royalty);
    const fee = messageFee(prices);
    const { 'a bid': bid, ...others } = probesFor(arena, 'won');
    if (!bid) {
        throw new Error('There is no bid');
    }
    const buyNow = { gas: UsernameGas.BUY_NOW_GAS, bid: MAXIMUM };
    const ways: Record<string, Way> = {
        'an external': { held: over, probe: null, value: 0n, bid: BID, pot: ({ pot }) => pot },
        'a bid of the maximum': {
            ...buyNow,
            held: running,
            probe: bid,
            value: MAXIMUM,
            pot: ({ pot }) => pot - BID + MAXIMUM - 2n * fee,
        },
        'a bid above the maximum': {
            ...buyNow,
            held: running,
            probe: bid,
            value: MAXIMUM + CHANGE,
            pot: ({ pot }) => pot - BID + MAXIMUM - 2n * fee,
        },
        'a first bid above the maximum': {
            ...buyNow,
            held: arena.items.open,
            probe: bid,
            value: MAX_BID + CHANGE,
            bid: MAX_BID,
            pot: ({ pot }) => pot + MAX_BID - 2n * fee,
        },
        'a deploy of a sold name': {
            ...buyNow,
            held: arena.items.uninit,
            probe: deployProbe(arena, BID + CHANGE, true),
            value: BID + CHANGE - toNano('0.005'),
            bid: BID,
            pot: ({ pot, value }) => pot + value - CHANGE - fee,
        },
    };
    const settling = [
        'a settle',
        'a bid with a comment',
        'a bid for somebody else',
        'a transfer',
        'a static data request',
    ];
    for (const what of settling) {
        ways[what] = {
            held: over,
            probe: others[what] ?? bid,
            value: toNano('3'),
            bid: BID,
            // The message pays the gas, so that the formula must not count it
            pot: ({ pot }) => pot + gasFee(prices, UsernameGas.SETTLE_GAS),
        };
    }
    return ways;
}

describe.each(LISTS)('under %s', (list, prices) => {
    const isTaken = thinned(19);
    let arena: Arena;

    beforeAll(async () => {
        arena = await Arena.create(prices);
    });

    afterAll(() => report('settlement', list, arena.sweep));

    const shares: [what: string, numerator: number, denominator: number, to: 'author' | 'seller'][] = [
        ['a royalty', 5, 100, 'author'],
        ['no royalty', 0, 1, 'author'],
        ['the highest royalty', 1, 4, 'author'],
        ['a royalty of the seller', 1, 4, 'seller'],
    ];
    it.each(shares)('with %s every balance settles whole or not at all', async (what, numerator, denominator, to) => {
        const { sweep, senders, world } = arena;
        const { seller, author } = world.people;
        const royalty = { numerator, denominator, destination: world.people[to].address };
        const name = `sale${shares.findIndex(([other]) => other === what)}`;
        for (const [way, { held, probe, value, bid, pot, gas }] of Object.entries(await waysOf(arena, name, royalty))) {
            // The names of the arena have their own
            const isOwn = held === arena.items.open || held === arena.items.uninit;
            const ours = isOwn ? { numerator: 5, denominator: 100, destination: author.address } : royalty;
            const from = probe?.request.is === 'deploy' ? senders.collection : senders.owner;
            // The collection's deploy can always bounce
            for (const bounce of probe && probe.request.is !== 'deploy' ? [true, false] : [true]) {
                if (!isTaken()) {
                    continue;
                }
                const shoot = async (balance: bigint): Promise<string> => {
                    const at = withBalance(held, balance);
                    const rules = itemRules(arena.collection.address, at, probe, prices);
                    const shot = probe
                        ? await sweep.shoot(way, at, { from, value, body: probe.body, bounce }, NEEDS, rules)
                        : await sweep.shootExternal(way, at, rules);
                    if (!shot || shot.sent.every(({ body }) => opIn(body) !== UsernameOp.ownership_assigned)) {
                        return 'refused';
                    }
                    const split = settlementSplit({ bid, royalty: ours, pot: pot(shot), prices, gas });
                    checkPaid(shot, ours, split, seller.address);
                    return outcomeOf(shot);
                };
                const fees = settlementFee(prices, gas);
                const seeds = [
                    messageFee(prices),
                    fees,
                    reserve(prices),
                    reserve(prices) + fees,
                    BID / 2n,
                    BID,
                    2n * BID,
                ];
                const found = await thresholds(seeds, shoot);
                // Only who buys now brings enough for a pot that holds nothing
                check(found.length > 0 || gas !== undefined, `${way}: no balance is enough, or any`);
                const grid = FULL ? Array.from({ length: 36 }, (_, at) => 1n << BigInt(at)) : [];
                for (const balance of new Set([...grid, ...found.flatMap((edge) => around(edge, 3, 1n, fees / 5n))])) {
                    await shoot(balance);
                }
            }
        }
    });
});

/** More than enough value comes with every message. */
const NEEDS = { gas: 0n, answer: 0n };

function checkPaid(
    { sent }: Shot,
    { destination }: Royalty,
    split: { royalty: bigint; payout: bigint },
    seller: Address,
): void {
    const payouts = sent.filter(({ body }) => opIn(body) === UsernameOp.payout);
    const to = (address: Address): bigint =>
        payouts.filter(({ to }) => to.equals(address)).reduce((sum, { value }) => sum + value, 0n);
    const isOne = destination.equals(seller);
    const [royalty, payout] = isOne ? [0n, split.royalty + split.payout] : [split.royalty, split.payout];
    check(isOne || to(destination) === royalty, `royalty ${to(destination)}, not ${royalty}`);
    check(to(seller) === payout, `payout ${to(seller)}, not ${payout}`);
    check(payouts.length === [royalty, payout].filter((value) => value > 0n).length, 'another payout');
}
