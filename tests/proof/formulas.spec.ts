import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileFunc } from '@ton-community/func-js';
import { Address, Cell, toNano, type TupleItem } from '@ton/core';
import { Blockchain, createShardAccount } from '@ton/sandbox';

import { MAINNET_PRICES, type NetworkPrices } from '../../wrappers';
import { settlementSplit } from '../../wrappers/usernames/auction';
import { outbidFee, reserve, settlementFee } from '../../wrappers/usernames/gas';
import { configOf } from '../helpers/base-world';
import { Random } from '../helpers/random';
import { level, nextBid, NUMBERS, ownerShare, paid, royalty, sale, spendable } from './formulas';

// Each formula gives what the FunC function gives: on every number of a small range, and on random numbers of all sizes.

const root = join(__dirname, '../..');
const address = new Address(0, Buffer.alloc(32, 4));
/** With prices of 0 the steps of small bids count; an outbid costs nothing. */
const FREE: NetworkPrices = {
    gas: { flatGasLimit: 0n, flatGasPrice: 0n, gasPrice: 0n },
    message: { lumpPrice: 0n, bitPrice: 0n, cellPrice: 0n },
    storage: { bitPrice: 0n, cellPrice: 0n },
};
/** So many cases go through one call of a get-method. */
const BATCH = 200;

/** A get-method that applies `expression`, which reads its case as a, b, c and d, to each case of a tuple. */
function source(include: string, expression: string): string {
    return `#pragma version =0.4.6;
#include "${include}";
int length(tuple t) asm "TLEN";
tuple nothing() asm "NIL";
(tuple, ()) ~push(tuple t, int x) asm "TPUSH";
() recv_internal() impure { }
tuple run(tuple cases) method_id(100) {
    tuple results = nothing();
    int i = 0;
    while (i < cases.length()) {
        tuple numbers = cases.at(i);
        (int a, int b, int c, int d) = (numbers.at(0), numbers.at(1), numbers.at(2), numbers.at(3));
        results~push(${expression});
        i += 1;
    }
    return results;
}
`;
}

type Case = [a: bigint, b: bigint, c: bigint, d: bigint];

/** What FunC makes of the cases. */
async function runFunC(include: string, expression: string, prices: NetworkPrices) {
    const result = await compileFunc({
        targets: ['formula.fc'],
        sources: (path) =>
            path === 'formula.fc' ? source(include, expression) : readFileSync(join(root, path), 'utf8'),
    });
    if (result.status === 'error') {
        throw new Error(result.message);
    }
    const chain = await Blockchain.create({ config: configOf(prices) });
    const code = Cell.fromBase64(result.codeBoc);
    await chain.setShardAccount(address, createShardAccount({ address, code, data: Cell.EMPTY, balance: toNano('1') }));
    const tuple = (items: TupleItem[]): TupleItem => ({ type: 'tuple', items });
    return async (cases: readonly Case[]): Promise<bigint[]> => {
        const results: bigint[] = [];
        for (let i = 0; i < cases.length; i += BATCH) {
            const numbers = cases.slice(i, i + BATCH).map((it) => tuple(it.map((value) => ({ type: 'int', value }))));
            const { stackReader } = await chain.runGetMethod(address, 100, [tuple(numbers)]);
            const batch = stackReader.readTuple();
            while (batch.remaining > 0) {
                results.push(batch.readBigNumber());
            }
        }
        return results;
    };
}

const upTo = (last: number): bigint[] => Array.from({ length: last + 1 }, (_, i) => BigInt(i));

/** Every combination. */
function combine(a: bigint[], b: bigint[], c: bigint[] = [0n], d: bigint[] = [0n]): Case[] {
    return a.flatMap((a) => b.flatMap((b) => c.flatMap((c) => d.map((d): Case => [a, b, c, d]))));
}

/** Random numbers of all sizes below the limits, and those at and next to the limits. */
function large(seed: string, ...limits: bigint[]): Case[] {
    const random = new Random(seed);
    const one = (limit = 1n): bigint => {
        const bits = random.below(limit.toString(2).length) + 1;
        return [random.uint(bits) % limit, random.uint(bits) % limit, limit - 1n, 0n][random.below(4)]!;
    };
    return Array.from({ length: 1000 }, (): Case => [one(limits[0]), one(limits[1]), one(limits[2]), one(limits[3])]);
}

const [AMOUNT, COINS, BID, TIME] = [1n << 63n, 1n << 120n, 1n << 58n, 1n << 32n];
const SPLIT = 'contracts/ads/split.fc';
const AUCTION = 'contracts/usernames/auction.fc';
const shares = upTo(10_000);
const numerators = upTo(6);
const denominators = upTo(24);

const FORMULAS: {
    name: string;
    include: string;
    funC: string;
    formula: (a: bigint, b: bigint, c: bigint, d: bigint) => bigint;
    cases: Case[];
    prices?: NetworkPrices;
}[] = [
    {
        name: 'ownerShare',
        include: SPLIT,
        funC: 'calc_owner_share(a, b)',
        formula: (payment, shareBps) => ownerShare(NUMBERS, payment, shareBps),
        cases: [
            ...combine([1n], shares),
            ...combine(
                upTo(40),
                shares.filter((share) => share % 500n === 0n),
            ),
            ...large('owner share', COINS, 10_001n),
        ],
    },
    {
        name: 'level',
        include: SPLIT,
        funC: 'calc_level(a, b, c, d)',
        formula: (before, lastAt, rate, at) => level(NUMBERS, before, lastAt, rate, at),
        cases: [...combine(upTo(6), upTo(3), upTo(3), upTo(5)), ...large('level', AMOUNT, TIME, AMOUNT, TIME)],
    },
    {
        name: 'spendable',
        include: SPLIT,
        funC: 'calc_spendable(a, b, c)',
        formula: (balance, value, kept) => spendable(NUMBERS, balance, value, kept),
        cases: [...combine(upTo(8), upTo(8), upTo(8)), ...large('spendable', COINS, COINS, COINS)],
    },
    ...([FREE, MAINNET_PRICES] as const).map((prices) => ({
        name: prices === FREE ? 'nextBid without fees' : 'nextBid',
        include: AUCTION,
        funC: 'calc_next_bid(a, b, c)',
        formula: (bid: bigint, step: bigint, maxBid: bigint) =>
            nextBid(NUMBERS, bid, step, maxBid, prices === FREE ? 0n : outbidFee(prices)),
        cases: [...combine(upTo(8), upTo(255), [5n, 50n]), ...large('next bid', BID, 256n, BID)],
        prices,
    })),
    {
        name: 'paid',
        include: AUCTION,
        funC: 'calc_paid(a, b - c)',
        formula: (bid, held, kept) => paid(NUMBERS, bid, held - kept),
        cases: [...combine(upTo(8), upTo(8), upTo(8)), ...large('paid', BID, COINS, COINS)],
    },
    {
        name: 'royalty',
        include: AUCTION,
        funC: 'calc_royalty(a, b, c + 1)',
        formula: (bid, numerator, below) => royalty(NUMBERS, bid, numerator, below + 1n),
        cases: [...combine(upTo(8), numerators, denominators), ...large('royalty', BID, 65_536n, 65_535n)],
    },
    {
        name: 'the royalty of a sale',
        include: AUCTION,
        funC: 'min(calc_paid(a, b), calc_royalty(a, c, d + 1))',
        formula: (bid, available, numerator, below) => sale(NUMBERS, bid, numerator, below + 1n, available).royalty,
        cases: [...combine(upTo(6), upTo(6), upTo(3), upTo(8)), ...large('sale', BID, BID, 65_536n, 65_535n)],
    },
];

it.each(FORMULAS)('$name is $funC', async ({ include, funC, formula, cases, prices = MAINNET_PRICES }) => {
    const run = await runFunC(include, funC, prices);
    const results = await run(cases);
    expect(results).toHaveLength(cases.length);
    const different = cases
        .map((numbers, i) => ({ numbers, funC: results[i], formula: formula(...numbers) }))
        .filter((it) => it.funC !== it.formula);
    expect(different.slice(0, 3)).toEqual([]);
});

it('another formula is told apart', async () => {
    const run = await runFunC(SPLIT, 'calc_owner_share(a, b)', MAINNET_PRICES);
    const cases = combine(upTo(9), [5000n]);
    const roundedDown = cases.map(([payment]) => NUMBERS.muldiv(payment, 5000n, 10_000n));
    expect(await run(cases)).not.toEqual(roundedDown);
});

// The contract's own division of a sale is in the middle of a settlement, whose payments quotes.spec.ts compares with the SDK's
it("a sale is divided as the SDK's settlementSplit divides it", () => {
    const prices = MAINNET_PRICES;
    const kept = reserve(prices) + settlementFee(prices);
    for (const [bid, available, part, below] of large('split', BID, BID, 16_384n, 65_535n)) {
        const [numerator, denominator] = part * 4n <= below + 1n ? [part, below + 1n] : [0n, 1n];
        const fraction = { numerator: Number(numerator), denominator: Number(denominator) };
        const { royalty: part1, payout } = sale(NUMBERS, bid, numerator, denominator, available);
        expect(settlementSplit({ bid, royalty: fraction, pot: available + kept, prices })).toEqual({
            royalty: part1,
            payout,
        });
    }
});
