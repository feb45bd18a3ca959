import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileFunc } from '@ton-community/func-js';
import { Address, beginCell, Cell, toNano, type TupleItem } from '@ton/core';
import { Blockchain, createShardAccount } from '@ton/sandbox';

import {
    type AuctionConfig,
    AuctionLimits,
    checkAuctionConfig,
    checkRoyalty,
    GramhouseError,
    isCanonicalName,
    minStartPrice,
    nextMinBid,
    type Royalty,
    UsernameCollection,
    UsernameError,
    UsernameOp,
} from '../../wrappers';
import { settlementSplit, storeAuctionConfig, storeRoyalty } from '../../wrappers/usernames/auction';
import { messageFee, outbidFee, reserve, settlementFee } from '../../wrappers/usernames/gas';
import { Random } from '../helpers/random';
import { configOf, exitCode, internalMessage, PRICE_LISTS, World } from '../helpers/world';

// The rules of contracts/usernames/auction.fc and their twins in wrappers/usernames must give the same numbers.

const root = join(__dirname, '../..');
const HIGHEST = AuctionLimits.UNLIMITED_BID;
const contract = new Address(0, Buffer.alloc(32, 1));
let code: Cell;

const int = (value: bigint | number): TupleItem => ({ type: 'int', value: BigInt(value) });
const cell = (value: Cell): TupleItem => ({ type: 'cell', cell: value });

/** The exit code of what a check of the SDK throws; 0 where it finds nothing wrong. */
function codeOf(check: () => void): number {
    try {
        check();
        return 0;
    } catch (error) {
        if (error instanceof GramhouseError) {
            return UsernameError[error.code as keyof typeof UsernameError];
        }
        throw error;
    }
}

beforeAll(async () => {
    const result = await compileFunc({
        targets: ['tests/usernames/fixtures/rules.fc'],
        sources: (path) => readFileSync(join(root, path), 'utf8'),
    });
    if (result.status === 'error') {
        throw new Error(result.message);
    }
    code = Cell.fromBase64(result.codeBoc);
});

describe.each(PRICE_LISTS)("the contracts' rules and the SDK's, at %s", (_, prices) => {
    let chain: Blockchain;

    beforeAll(async () => {
        chain = await Blockchain.create({ config: configOf(prices) });
        await chain.setShardAccount(
            contract,
            createShardAccount({ address: contract, code, data: Cell.EMPTY, balance: toNano('1') }),
        );
    });

    async function numbers(method: string, ...stack: TupleItem[]): Promise<bigint[]> {
        const { stackReader } = await chain.runGetMethod(contract, method, stack);
        const result: bigint[] = [];
        while (stackReader.remaining > 0) {
            result.push(stackReader.readBigNumber());
        }
        return result;
    }

    /** The exit code of a method that only checks; 0 where it finds nothing wrong. */
    async function verdict(method: string, ...stack: TupleItem[]): Promise<number> {
        try {
            await chain.runGetMethod(contract, method, stack);
            return 0;
        } catch (error) {
            return (error as { exitCode: number }).exitCode;
        }
    }

    it('price messages, outbids, settlements, reserves and the lowest start alike', async () => {
        expect(await numbers('prices')).toEqual([
            messageFee(prices),
            outbidFee(prices),
            settlementFee(prices),
            reserve(prices),
            minStartPrice(prices),
        ]);
        for (const [cells, bits] of [
            [1, 1],
            [2, 1023],
            [400, 30_000],
        ] as const) {
            expect(await numbers('reserve_with', int(cells), int(bits))).toEqual([reserve(prices, cells, bits)]);
        }
    });

    it('agree on the next bid', async () => {
        const random = new Random('next bid');
        const floor = 2n * outbidFee(prices);
        const cases = [1n, 99n, 100n, 101n, floor, 100n * floor, HIGHEST - 1n, HIGHEST].flatMap((bid) =>
            [1, 5, 100, 255].map((step): [bigint, number, bigint] => [bid, step, 0n]),
        );
        // Where the step of 5 % meets the floor, and where the maximum meets the step
        for (const offset of [-1n, 0n, 1n]) {
            cases.push([20n * floor + offset, 5, 0n], [toNano('1'), 5, toNano('1.05') + offset]);
            cases.push([toNano('0.001'), 5, toNano('0.001') + floor + offset]);
        }
        for (let i = 0; i < 200; i++) {
            const bid = 1n + random.uint(1 + random.below(63));
            const max = random.boolean() ? bid + random.uint(random.below(62)) : 0n;
            cases.push([bid < HIGHEST ? bid : HIGHEST, 1 + random.below(255), max < HIGHEST ? max : HIGHEST]);
        }
        for (const [bid, minBidStep, maxBid] of cases) {
            const expected = nextMinBid({ initialMinBid: 0n, maxBid, minBidStep }, bid, prices);
            const [found] = await numbers('next_bid', int(bid), int(minBidStep), int(maxBid || HIGHEST));
            // Without a maximum the contract's next bid ends at the highest amount, which nobody has
            expect([bid, minBidStep, maxBid, found]).toEqual([
                bid,
                minBidStep,
                maxBid,
                expected < HIGHEST ? expected : HIGHEST,
            ]);
        }
    });

    it('divide a sale alike, also where the pot is short', async () => {
        const random = new Random('split');
        const costs = reserve(prices) + settlementFee(prices);
        const cases: [bigint, number, number, bigint][] = [];
        for (const bid of [1n, 3n, costs, 2n * costs, toNano('100'), HIGHEST]) {
            for (const [numerator, denominator] of [
                [0, 1],
                [1, 4],
                [5, 100],
                [16_383, 65_535],
            ] as const) {
                const part = (bid * BigInt(numerator)) / BigInt(denominator);
                // The pot that pays all, that leaves the seller nothing, that leaves nobody anything, and their neighbours
                for (const pot of [bid + costs, part + costs, costs]) {
                    for (const offset of [-1n, 0n, 1n]) {
                        cases.push([bid, numerator, denominator, pot + offset]);
                    }
                }
                cases.push([bid, numerator, denominator, 0n]);
            }
        }
        for (let i = 0; i < 200; i++) {
            const denominator = 4 + random.below(65_532);
            const bid = random.uint(1 + random.below(63));
            const pot = random.boolean() ? random.uint(1 + random.below(63)) : bid + random.uint(30);
            cases.push([bid, random.below(Math.floor(denominator / 4) + 1), denominator, pot]);
        }
        for (const [bid, numerator, denominator, pot] of cases) {
            const { royalty, payout } = settlementSplit({ bid, royalty: { numerator, denominator }, pot, prices });
            const found = await numbers('split', int(bid), int(numerator), int(denominator), int(pot));
            expect([bid, numerator, denominator, pot, ...found]).toEqual([
                bid,
                numerator,
                denominator,
                pot,
                royalty,
                payout,
            ]);
        }
    });

    it('never pay out more than the bid, nor more than the pot has above its reserve and fees', async () => {
        const random = new Random('laws of a split');
        for (let i = 0; i < 100; i++) {
            const bid = random.uint(1 + random.below(63));
            const pot = random.uint(1 + random.below(63));
            const [royalty = -1n, payout = -1n] = await numbers('split', int(bid), int(1), int(4), int(pot));
            const available = pot - reserve(prices) - settlementFee(prices);
            expect(royalty >= 0n && payout >= 0n && royalty <= bid / 4n).toBe(true);
            expect(royalty + payout).toBe(available <= 0n ? 0n : bid < available ? bid : available);
        }
    });

    it('accept the same terms of an auction and read the same numbers', async () => {
        const lowest = minStartPrice(prices);
        const usual: AuctionConfig = {
            beneficiary: contract,
            initialMinBid: lowest,
            maxBid: 0n,
            minBidStep: 5,
            minExtendTime: 300,
            duration: 3600,
            delayedStart: false,
        };
        const amounts = [
            0n,
            1n,
            lowest - 1n,
            lowest,
            lowest + 1n,
            toNano('1'),
            HIGHEST,
            HIGHEST + 1n,
            (1n << 120n) - 1n,
        ];
        const configs: AuctionConfig[] = [
            ...amounts.map((initialMinBid) => ({ ...usual, initialMinBid })),
            ...amounts.map((maxBid) => ({ ...usual, maxBid })),
            ...amounts.map((amount) => ({ ...usual, initialMinBid: amount, maxBid: amount })),
            ...[0, 1, 255].map((minBidStep) => ({ ...usual, minBidStep })),
            ...[0, 604_800, 604_801, 2 ** 20, 2 ** 32 - 1].map((minExtendTime) => ({ ...usual, minExtendTime })),
            ...[0, 59, 60, 31_536_000, 31_536_001, 2 ** 31 - 1].flatMap((duration) => [
                { ...usual, duration },
                { ...usual, duration, delayedStart: true },
            ]),
            { ...usual, beneficiary: new Address(-1, contract.hash) },
        ];
        const random = new Random('config');
        const pick = <T>(...values: [T, ...T[]]): T => values[random.below(values.length)] ?? values[0];
        for (let i = 0; i < 100; i++) {
            configs.push({
                beneficiary: random.address(),
                initialMinBid: pick(lowest + random.uint(random.below(64)), random.uint(random.below(64))),
                maxBid: pick(0n, lowest + random.uint(random.below(64)), random.uint(random.below(64))),
                minBidStep: random.below(256),
                minExtendTime: random.below(pick(604_801, 2 ** 21)),
                duration: random.below(pick(70, 31_536_001, 2 ** 31)),
                delayedStart: random.boolean(),
            });
        }
        for (const config of configs) {
            const expected = codeOf(() => checkAuctionConfig(config, prices));
            const stored = cell(beginCell().store(storeAuctionConfig(config)).endCell());
            expect({ config, code: await verdict('auction_config', stored) }).toEqual({ config, code: expected });
            if (expected === 0) {
                expect(await numbers('auction_config', stored)).toEqual([
                    config.initialMinBid,
                    config.maxBid || HIGHEST,
                    BigInt(config.minBidStep),
                    BigInt(config.minExtendTime),
                    config.delayedStart ? -1n : 0n,
                    BigInt(config.duration),
                ]);
            }
        }
    });

    it('accept the same royalties', async () => {
        const cases: Royalty[] = [];
        for (const denominator of [0, 1, 3, 4, 100, 65_535]) {
            const quarter = Math.floor(denominator / 4);
            for (const numerator of [0, 1, quarter, quarter + 1, denominator, 65_535]) {
                cases.push({ numerator, denominator, destination: contract });
            }
        }
        cases.push({ numerator: 1, denominator: 4, destination: new Address(-1, contract.hash) });
        for (const royalty of cases) {
            const expected = codeOf(() => checkRoyalty(royalty));
            const stored = beginCell().store(storeRoyalty(royalty)).endCell();
            expect({ royalty, code: await verdict('royalty', cell(stored)) }).toEqual({ royalty, code: expected });
        }
    });
});

describe('open minting and isCanonicalName', () => {
    it('take the same names', async () => {
        const world = await World.create();
        const openTerms = {
            beneficiary: world.people.seller.address,
            minBidStep: 5,
            minExtendTime: 300,
            duration: 3600,
            prices: { 0: toNano('1') },
            contentPrefix: '',
        };
        const { admin, alice } = world.people;
        const body = UsernameCollection.setTermsMessage({ openTerms });
        await world.send(admin, world.collection.address, toNano('1'), body);

        const random = new Random('names');
        const alphabet = 'abcxyz019___ABZ-.`{/:@^\0\x7f\x80é';
        const names: Buffer[] = [
            ...['abc', 'abcd', 'a'.repeat(32), 'a'.repeat(33), '', 'a', '____', 'a_b_', '_abc', 'a__b', 'a_b_c_d'],
            ...['1abc', 'a123', 'abcd_', 'Abcd', 'abcD', 'ab cd', 'abcd\0', '\0abcd', 'ab-c', 'ab.c', 'abc`', 'abc{'],
            ...['abc/', 'abc:', 'abc@', 'abc[', 'abc^', 'abcé', 'аbcd', `a${'_b'.repeat(15)}`, `a${'_b'.repeat(16)}`],
            `${'a'.repeat(31)}_`,
            '__ab',
        ].map((name) => Buffer.from(name));
        // Every byte in first, inner and last place
        for (let byte = 0; byte < 256; byte++) {
            names.push(
                Buffer.from([byte, 97, 98, 99]),
                Buffer.from([97, byte, 98, 99]),
                Buffer.from([97, 98, 99, byte]),
            );
        }
        for (let i = 0; i < 150; i++) {
            const length = 1 + random.below(36);
            names.push(Buffer.from(Array.from({ length }, () => alphabet.charCodeAt(random.below(alphabet.length)))));
            names.push(Buffer.from(Array.from({ length }, () => 'ab1_'.charCodeAt(random.below(4)))));
            names.push(random.bytes(length));
        }

        const collection = await world.chain.getContract(world.collection.address);
        let taken = 0;
        for (const name of names) {
            const tx = await collection.receiveMessage(
                internalMessage(
                    alice.address,
                    collection.address,
                    toNano('2'),
                    beginCell()
                        .storeUint(UsernameOp.open_mint, 32)
                        .storeUint(0, 64)
                        .storeUint(name.length, 8)
                        .storeBuffer(name)
                        .endCell(),
                ),
            );
            const isTaken = isCanonicalName(name.toString('latin1'));
            taken += isTaken ? 1 : 0;
            expect([name.toString('latin1'), exitCode(tx)]).toEqual([
                name.toString('latin1'),
                isTaken ? 0 : UsernameError.invalid_name,
            ]);
        }
        expect(taken).toBeGreaterThan(100);
        expect(taken).toBeLessThan(names.length / 2);
    });
});
