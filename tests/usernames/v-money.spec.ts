import { toNano, type Address, type Transaction } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';

import {
    gasFee,
    minStartPrice,
    quoteSale,
    type Royalty,
    UsernameError,
    UsernameItem,
    UsernameOp,
} from '../../wrappers';
import { settlementSplit } from '../../wrappers/usernames/auction';
import { messageFee, mintFee, outbidFee, reserve, settlementFee, UsernameGas } from '../../wrappers/usernames/gas';
import { Random } from '../helpers/random';
import {
    isOn,
    type Person,
    PRICE_LISTS,
    sent,
    storageFee,
    TERMS,
    TOP_UP,
    transactionOn,
    World,
} from '../helpers/world';

/** Nanotons that an account paid for a transaction and for the messages that it sent. */
function feesOf(tx: Transaction): bigint {
    const forwardFees = tx.outMessages.values().map(({ info }) => (info.type === 'internal' ? info.forwardFee : 0n));
    return forwardFees.reduce((sum, fee) => sum + fee, tx.totalFees.coins);
}

function feesOn(results: SendMessageResult[], address: Address): bigint {
    const transactions = results.flatMap((result) => result.transactions).filter((tx) => isOn(tx, address));
    return transactions.reduce((sum, tx) => sum + feesOf(tx), 0n);
}

/** The royalty's and the seller's part, as they were sent. */
function paid(tx: Transaction, { people: { author, seller } }: World): { royalty: bigint; payout: bigint } {
    const part = (person: Person): bigint =>
        sent(tx).find(({ to, op }) => op === UsernameOp.payout && to.equals(person.address))?.value ?? 0n;
    return { royalty: part(author), payout: part(seller) };
}

const FRACTIONS: Pick<Royalty, 'numerator' | 'denominator'>[] = [
    { numerator: 0, denominator: 1 },
    { numerator: 1, denominator: 4 },
    { numerator: 5, denominator: 100 },
    { numerator: 333, denominator: 10_007 },
    { numerator: 16_383, denominator: 65_535 },
];

describe.each(PRICE_LISTS)('the money formula under %s', (_, prices) => {
    const random = new Random('money');
    const sales = FRACTIONS.map((fraction) => ({ ...fraction, extra: random.uint(32), first: random.uint(24) }));

    /** A name whose auction has a bid of alice's, with odd nanotons everywhere. */
    const auctioned = async (sale: (typeof sales)[number], hasMaximum: boolean) => {
        const world = await World.create(prices);
        const royalty = { ...sale, destination: world.people.author.address };
        const value = minStartPrice(prices) + sale.first;
        const maxBid = hasMaximum ? value + sale.extra + toNano('1') : 0n;
        const config = { initialMinBid: value, maxBid };
        const { item, result } = await world.mint('name', { value, royalty, config });
        return { world, item, royalty, value, maxBid, result };
    };

    it.each(sales)('a sale that an external settles ($numerator / $denominator)', async (sale) => {
        const { world, item, royalty, value } = await auctioned(sale, false);
        const bid = 2n * value + sale.extra;
        await world.send(world.people.bob, item.address, bid);
        world.now += TERMS.duration;
        const before = await world.balance(item.address);
        const tx = transactionOn(await world.settleExternally(item.address), item.address);
        const pot = before - storageFee(tx) - messageFee(prices);
        expect(paid(tx, world)).toEqual(settlementSplit({ bid, royalty, pot, prices }));
    });

    it.each(sales)(
        'a sale that a message settles, which pays its own gas ($numerator / $denominator)',
        async (sale) => {
            const { world, item, royalty, value } = await auctioned(sale, false);
            world.now += TERMS.duration;
            const before = await world.balance(item.address);
            const body = UsernameItem.settleMessage();
            const tx = transactionOn(await world.send(world.people.bob, item.address, toNano('1'), body), item.address);
            const pot = before - storageFee(tx) + gasFee(prices, UsernameGas.SETTLE_GAS);
            expect(paid(tx, world)).toEqual(settlementSplit({ bid: value, royalty, pot, prices }));
        },
    );

    it.each(sales)('a bid of the maximum ($numerator / $denominator)', async (sale) => {
        const { world, item, royalty, value, maxBid } = await auctioned(sale, true);
        const before = await world.balance(item.address);
        const change = random.uint(30);
        const tx = transactionOn(await world.send(world.people.bob, item.address, maxBid + change), item.address);
        const pot = before - value + maxBid - 2n * messageFee(prices);
        const gas = UsernameGas.BUY_NOW_GAS;
        expect(paid(tx, world)).toEqual(settlementSplit({ bid: maxBid, royalty, pot, prices, gas }));
    });

    it.each(sales)('a mint at a fixed price ($numerator / $denominator)', async (sale) => {
        const world = await World.create(prices);
        const royalty = { ...sale, destination: world.people.author.address };
        const bid = minStartPrice(prices) + sale.extra;
        const change = random.uint(30);
        const config = { initialMinBid: bid, maxBid: bid };
        const { item, result } = await world.mint('name', { value: bid + change, royalty, config });
        const tx = transactionOn(result, item.address);
        const arrived = tx.inMessage?.info.type === 'internal' ? tx.inMessage.info.value.coins : 0n;
        const pot = arrived - change - messageFee(prices);
        const gas = UsernameGas.BUY_NOW_GAS;
        expect(paid(tx, world)).toEqual(settlementSplit({ bid, royalty, pot, prices, gas }));
    });

    it('one payout, not two, where the royalty goes to the seller', async () => {
        const world = await World.create(prices);
        const royalty = { numerator: 1, denominator: 10, destination: world.people.seller.address };
        const bid = toNano('3');
        const { item } = await world.mint('name', { value: bid, royalty });
        world.now += TERMS.duration;
        const before = await world.balance(item.address);
        const tx = transactionOn(await world.settleExternally(item.address), item.address);
        const split = settlementSplit({
            bid,
            royalty,
            pot: before - storageFee(tx) - messageFee(prices),
            prices,
        });
        expect(sent(tx).filter(({ op }) => op === UsernameOp.payout)).toMatchObject([
            { to: world.people.seller.address, value: split.payout + split.royalty },
        ]);
    });

    it('a pot that lacks something takes it from the seller first, then from the royalty', async () => {
        const world = await World.create(prices);
        const bid = toNano('2');
        const royalty = { numerator: 1, denominator: 4, destination: world.people.author.address };
        const { item } = await world.mint('name', { value: bid, royalty });
        world.now += TERMS.duration;
        const full = reserve(prices) + settlementFee(prices);
        const pots: [pot: bigint, split: { royalty: bigint; payout: bigint }][] = [
            [full + bid + 1n, { royalty: bid / 4n, payout: (bid * 3n) / 4n }],
            [full + bid, { royalty: bid / 4n, payout: (bid * 3n) / 4n }],
            [full + bid - 1n, { royalty: bid / 4n, payout: (bid * 3n) / 4n - 1n }],
            [full + bid / 4n + 1n, { royalty: bid / 4n, payout: 1n }],
            [full + bid / 4n, { royalty: bid / 4n, payout: 0n }],
            [full + bid / 4n - 1n, { royalty: bid / 4n - 1n, payout: 0n }],
            [full + 1n, { royalty: 1n, payout: 0n }],
            [full, { royalty: 0n, payout: 0n }],
        ];
        const restore = world.checkpoint();
        for (const [pot, split] of pots) {
            await world.send(world.people.dave, item.address, toNano('0.01'), TOP_UP);
            (await world.chain.getContract(item.address)).balance = pot + messageFee(prices);
            await world.remember(item.address);
            const tx = transactionOn(await world.settleExternally(item.address), item.address);
            expect(paid(tx, world)).toEqual(split);
            expect(settlementSplit({ bid, royalty, pot, prices })).toEqual(split);
            expect(await world.balance(item.address)).toBeGreaterThanOrEqual(reserve(prices));
            await restore();
        }
    });

    it('a message settles a pot below its reserve without payouts, down to the fees of three messages', async () => {
        const world = await World.create(prices);
        const { bob, carol } = world.people;
        const { item } = await world.mint('name', { bidder: bob, value: toNano('2') });
        world.now += TERMS.duration;
        await world.send(carol, item.address, toNano('0.01'), TOP_UP);
        const account = await world.chain.getContract(item.address);
        const body = UsernameItem.settleMessage();
        const fees = settlementFee(prices) - gasFee(prices, UsernameGas.SETTLE_GAS);
        account.balance = fees - 1n;
        await world.remember(item.address);
        await world.expectRejected(carol, item.address, toNano('1'), body, UsernameError.not_enough_funds);
        account.balance = fees;
        await world.remember(item.address);
        const tx = transactionOn(await world.send(carol, item.address, toNano('1'), body), item.address);
        expect(paid(tx, world)).toEqual({ royalty: 0n, payout: 0n });
        expect((await item.getState()).owner).toEqualAddress(bob.address);
        expect(await world.balance(item.address)).toBe(fees - messageFee(prices));
    });
});

describe.each(PRICE_LISTS)('V14: the pot pays the fees, under %s', (_, prices) => {
    it('a loser loses nothing, the winner pays his bid, and the pot bears everything else', async () => {
        const world = await World.create(prices);
        const { alice, bob, seller, author } = world.people;
        const people = [alice, bob, seller, author];
        const before = await Promise.all(people.map((person) => world.balance(person.address)));
        const minted = await world.mint('name', { bidder: alice, value: toNano('10') });
        const { address } = minted.item;
        const results = [minted.result, await world.send(bob, address, toNano('20'))];
        world.now += TERMS.duration;
        const settled = await world.settleExternally(address);
        results.push(settled);

        // What each has gained, apart from what his own wallet's transactions cost
        const after = await Promise.all(people.map((person) => world.balance(person.address)));
        const gains = people.map(
            (person, at) => (after[at] ?? 0n) - (before[at] ?? 0n) + feesOn(results, person.address),
        );
        const { royalty, payout } = paid(transactionOn(settled, address), world);
        expect(gains).toEqual([0n, -toNano('20'), payout, royalty]);
        const fees = feesOn(results, address) + feesOn(results, world.collection.address);
        expect(toNano('20') - royalty - payout - (await world.balance(address))).toBe(fees);
        expect(royalty).toBe(toNano('1'));
    });

    it('during an auction the pot holds the bid less the fees spent, and its reserve', async () => {
        const random = new Random('V14');
        const world = await World.create(prices);
        const bidders = [world.people.bob, world.people.carol];
        const value = minStartPrice(prices);
        const { item, result } = await world.mint('name', { value, config: { initialMinBid: value, minBidStep: 1 } });
        const results = [result];
        for (let step = 0; step < 25; step++) {
            world.now += random.below(TERMS.minExtendTime);
            const { bid, minBid } = await item.getState();
            const from = bidders[step % 2] ?? world.people.bob;
            const higher = minBid + (random.boolean() ? random.uint(24) : 0n);
            const outbid = await world.send(from, item.address, higher);
            results.push(outbid);
            // A refund is exact: the next bid holds it
            const messages = sent(transactionOn(outbid, item.address));
            expect(messages).toMatchObject([{ op: UsernameOp.outbid, value: bid }]);
            const spent = feesOn(results, item.address) + feesOn(results, world.collection.address);
            const pot = await world.balance(item.address);
            expect(pot).toBe(higher - spent);
            expect(pot).toBeGreaterThanOrEqual(reserve(prices));
        }
    });
});

describe.each(PRICE_LISTS)('V17: the first sale fills the reserve, and the quote says so, under %s', (_, prices) => {
    const royalty = (world: World): Royalty => ({
        numerator: 1,
        denominator: 4,
        destination: world.people.author.address,
    });
    const expectQuoted = (
        world: World,
        tx: Transaction,
        sale: { bid: bigint; balance?: bigint; bids?: number },
    ): void => {
        const actual = paid(tx, world);
        const quote = quoteSale({ ...sale, royalty: royalty(world) }, prices);
        expect(quote.royalty + quote.payout + quote.kept).toBe(sale.bid);
        expect(actual.royalty).toBe(quote.royalty);
        // Rent is nobody's fee
        expect(actual.payout + storageFee(tx)).toBeGreaterThanOrEqual(quote.payout);
        // The quote counts every message and all gas that the constants allow
        expect(actual.payout - quote.payout).toBeLessThan(mintFee(prices) + outbidFee(prices));
    };

    it('at the lowest start price, with the highest royalty', async () => {
        const world = await World.create(prices);
        const bid = minStartPrice(prices);
        const { item } = await world.mint('name', {
            value: bid,
            royalty: royalty(world),
            config: { initialMinBid: bid },
        });
        world.now += 60;
        await world.send(world.people.dave, item.address, 1n, TOP_UP);
        world.now += TERMS.duration;
        const tx = transactionOn(await world.settleExternally(item.address), item.address);
        expect(paid(tx, world).royalty).toBe(bid / 4n);
        expect(paid(tx, world).payout).toBeGreaterThan(0n);
        expect(await world.balance(item.address)).toBeGreaterThanOrEqual(reserve(prices));
    });

    it('as quoted, and the sale after it pays fees only', async () => {
        const world = await World.create(prices);
        const { alice, bob, carol } = world.people;
        const { item } = await world.mint('name', { value: toNano('5'), royalty: royalty(world) });
        await world.send(bob, item.address, toNano('7'));
        world.now += TERMS.duration;
        const first = transactionOn(await world.settleExternally(item.address), item.address);
        expectQuoted(world, first, { bid: toNano('7'), bids: 2 });
        const kept = await world.balance(item.address);
        expect(kept).toBeGreaterThanOrEqual(reserve(prices));
        expect(kept).toBeLessThanOrEqual(reserve(prices) + settlementFee(prices));

        await world.start(item.address, { beneficiary: world.people.seller.address }, bob);
        const balance = await world.balance(item.address);
        await world.send(alice, item.address, toNano('7'));
        await world.send(carol, item.address, toNano('9'));
        world.now += TERMS.duration;
        const second = transactionOn(await world.settleExternally(item.address), item.address);
        const { payout } = paid(second, world);
        const bid = toNano('9');
        const quote = quoteSale({ bid, balance, bids: 2, royalty: royalty(world) }, prices);
        expect(payout + storageFee(second)).toBeGreaterThanOrEqual(quote.payout);
        expect(bid - bid / 4n - payout).toBeLessThan(
            2n * outbidFee(prices) + settlementFee(prices) + storageFee(second),
        );
    });

    it('after a settlement the item holds its reserve, what was topped up, and no more', async () => {
        for (const topUp of [0n, toNano('3')]) {
            const world = await World.create(prices);
            const { item } = await world.mint('name', { value: toNano('5') });
            await world.send(world.people.bob, item.address, toNano('6'));
            if (topUp > 0n) {
                await world.send(world.people.dave, item.address, topUp, TOP_UP);
            }
            world.now += TERMS.duration;
            await world.settleExternally(item.address);
            const left = await world.balance(item.address);
            expect(left).toBeGreaterThanOrEqual(reserve(prices));
            expect(left).toBeLessThanOrEqual(reserve(prices) + topUp + settlementFee(prices));
        }
    });

    it('an item without anything left still changes hands', async () => {
        const world = await World.create(prices);
        const { alice, bob } = world.people;
        const item = await world.owned('name');
        (await world.chain.getContract(item.address)).balance = 0n;
        await world.remember(item.address);
        const transfer = { newOwner: bob.address, responseDestination: alice.address, forwardAmount: 1n };
        const body = UsernameItem.transferMessage(transfer);
        await world.send(alice, item.address, toNano('0.1'), body);
        expect((await item.getState()).owner).toEqualAddress(bob.address);
    });
});
