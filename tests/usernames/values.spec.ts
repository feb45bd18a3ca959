import { Cell, toNano } from '@ton/core';
import type { SandboxContract } from '@ton/sandbox';

import {
    AuctionLimits,
    minStartPrice,
    nextMinBid,
    UsernameCollection,
    UsernameError,
    UsernameItem,
    UsernameOp,
} from '../../wrappers';
import { outbidFee } from '../../wrappers/usernames/gas';
import {
    exitCode,
    internalMessage,
    type Person,
    PRICE_LISTS,
    sent,
    START,
    transactionOn,
    World,
} from '../helpers/world';

// To the nanoton: the lowest value that is taken and the one below it, the maximum and its neighbours, the highest amounts.

const HIGHEST = AuctionLimits.UNLIMITED_BID;

type Item = SandboxContract<UsernameItem>;

describe.each(PRICE_LISTS)('values at %s', (_, prices) => {
    let world: World;

    beforeEach(async () => {
        world = await World.create(prices);
    });

    const { bid_too_low, invalid_auction_config } = UsernameError;

    async function started(config: Parameters<World['config']>[0]): Promise<Item> {
        const item = await world.owned('alice');
        await world.start(item.address, config);
        expect((await item.getState()).status).toBe('open');
        return item;
    }

    async function bid(from: Person, item: Item, value: bigint, body?: Cell) {
        const tx = transactionOn(await world.send(from, item.address, value, body), item.address);
        return { code: exitCode(tx), messages: sent(tx) };
    }

    it('a mint takes its start price and not a nanoton less', async () => {
        const { alice, bob } = world.people;
        for (const initialMinBid of [minStartPrice(prices), toNano('7') + 1n]) {
            const order = world.order('alice', { config: { initialMinBid } });
            await world.expectRejected(bob, world.collection.address, initialMinBid - 1n, order, bid_too_low);
        }
        const initialMinBid = minStartPrice(prices);
        const { item } = await world.mint('alice', { value: initialMinBid, config: { initialMinBid } });
        expect(await item.getState()).toMatchObject({ status: 'auction', bid: initialMinBid, bidder: alice.address });
    });

    it('a start price is at least the lowest, in an order and in an owner’s auction', async () => {
        const { alice } = world.people;
        const lowest = minStartPrice(prices);
        const order = world.order('alice', { config: { initialMinBid: lowest - 1n } });
        await world.expectRejected(alice, world.collection.address, toNano('10'), order, invalid_auction_config);
        const item = await world.owned('bobby');
        const start = (initialMinBid: bigint): Cell =>
            UsernameItem.startAuctionMessage({ auctionConfig: world.config({ initialMinBid }) });
        await world.expectRejected(alice, item.address, toNano('10'), start(lowest - 1n), invalid_auction_config);
        expect((await bid(alice, item, toNano('10'), start(lowest))).code).toBe(0);
        expect((await item.getState()).minBid).toBe(lowest);
    });

    it('an open mint takes the price of its length and not a nanoton less', async () => {
        const { admin, alice } = world.people;
        const openTerms = {
            beneficiary: world.people.seller.address,
            minBidStep: 5,
            minExtendTime: 300,
            duration: 3600,
            prices: { 5: toNano('8'), 8: toNano('4') + 1n },
            contentPrefix: '',
        };
        const { address } = world.collection;
        await world.send(admin, address, toNano('1'), UsernameCollection.setTermsMessage({ openTerms }));
        const open = (name: string): Cell => UsernameCollection.openMintMessage({ name });
        await world.expectRejected(alice, address, toNano('100'), open('abcd'), UsernameError.open_mint_closed);
        for (const [name, price] of [
            ['abcde', toNano('8')],
            ['abcdefg', toNano('8')],
            ['abcdefgh', toNano('4') + 1n],
            ['a'.repeat(32), toNano('4') + 1n],
        ] as const) {
            await world.expectRejected(alice, address, price - 1n, open(name), bid_too_low);
            await world.send(alice, address, price, open(name));
            expect(await world.item(name).getState()).toMatchObject({ status: 'auction', bid: price });
        }
    });

    it('a first bid takes the start price and not a nanoton less', async () => {
        const { bob } = world.people;
        const item = await started({ initialMinBid: toNano('3') });
        await world.expectRejected(bob, item.address, toNano('3') - 1n, Cell.EMPTY, bid_too_low);
        expect((await bid(bob, item, toNano('3'))).code).toBe(0);
        expect((await item.getState()).bid).toBe(toNano('3'));
    });

    it('the next bid takes the minimum that the getters show and not a nanoton less, on every way to bid', async () => {
        const { bob, carol } = world.people;
        // The floor of the step holds for a low bid, the percentage for a high one
        for (const [name, minBidStep] of [
            ['floor', 1],
            ['percent', 255],
        ] as const) {
            const { item } = await world.mint(name, {
                value: minStartPrice(prices) + 1n,
                config: {
                    initialMinBid: minStartPrice(prices),
                    minBidStep,
                },
            });
            const place = UsernameItem.placeBidMessage({
                startedAt: START,
                owner: carol.address,
                refundTo: carol.address,
            });
            const comment = UsernameItem.bidMessage({ comment: 'more' });
            for (const body of [Cell.EMPTY, comment, place]) {
                const { bid: last, minBid, bidder } = await item.getState();
                const floor = last + 2n * outbidFee(prices);
                const percent = last + (last * BigInt(minBidStep) + 99n) / 100n;
                expect(minBid).toBe(floor > percent ? floor : percent);
                expect((await item.getAuctionState())?.minBid).toBe(minBid);
                const low = await bid(bob, item, minBid - 1n, body);
                // place_bid is refused without a throw
                expect(low.code).toBe(body === place ? 0 : bid_too_low);
                expect(low.messages.map(({ op }) => op)).toEqual([body === place ? UsernameOp.return_bid : 0xffffffff]);
                expect(await item.getState()).toMatchObject({ bid: last, bidder });
                expect((await bid(bob, item, minBid, body)).messages).toMatchObject([{ value: last }]);
                expect((await item.getState()).bid).toBe(minBid);
            }
        }
    });

    it.each([
        [-1n, 'auction'],
        [0n, 'idle'],
        [1n, 'idle'],
    ] as const)('a bid of the maximum and %d nanotons: the change goes back exactly', async (offset, status) => {
        const maxBid = toNano('5');
        for (const earlier of [false, true]) {
            world = await World.create(prices);
            const { bob, carol } = world.people;
            const item = await started({ maxBid });
            if (earlier) {
                await bid(bob, item, toNano('2'));
            }
            const { code, messages } = await bid(carol, item, maxBid + offset);
            expect(code).toBe(0);
            expect(messages.filter(({ op }) => op === UsernameOp.outbid).map(({ value }) => value)).toEqual(
                earlier ? [toNano('2')] : [],
            );
            const change = messages.filter(({ op }) => op === UsernameOp.return_bid);
            expect(change.map(({ to, value }) => [to.toString(), value])).toEqual(
                offset > 0n ? [[carol.address.toString(), offset]] : [],
            );
            expect(await item.getState()).toMatchObject({
                status,
                owner: status === 'idle' ? carol.address : world.people.alice.address,
                bid: status === 'idle' ? 0n : maxBid + offset,
            });
        }
    });

    it.each([
        [-1n, 'auction'],
        [0n, 'idle'],
        [1n, 'idle'],
        [toNano('495'), 'idle'],
    ] as const)('a mint of the maximum and %d nanotons: the change goes back exactly', async (offset, status) => {
        const { carol } = world.people;
        const maxBid = toNano('5');
        const value = maxBid + offset;
        const { result, item } = await world.mint('alice', { bidder: carol, value, config: { maxBid } });
        const change = sent(transactionOn(result, item.address)).filter(({ op }) => op === UsernameOp.return_bid);
        expect(change.map(({ to, value }) => [to.toString(), value])).toEqual(
            offset > 0n ? [[carol.address.toString(), offset]] : [],
        );
        expect((await item.getState()).status).toBe(status);
    });

    it('a maximum below the next step is the next minimum: it can always be paid', async () => {
        const { bob, carol } = world.people;
        const item = await started({ maxBid: toNano('100'), minBidStep: 10 });
        await bid(bob, item, toNano('95'));
        expect((await item.getState()).minBid).toBe(toNano('100'));
        expect((await bid(carol, item, toNano('100') - 1n)).code).toBe(bid_too_low);
        expect((await bid(carol, item, toNano('100'))).code).toBe(0);
        expect((await item.getState()).owner).toEqual(carol.address);
    });

    it('a fixed price takes that price alone', async () => {
        const { bob } = world.people;
        const price = toNano('6');
        const item = await started({ initialMinBid: price, maxBid: price });
        expect((await bid(bob, item, price - 1n)).code).toBe(bid_too_low);
        expect((await bid(bob, item, price)).code).toBe(0);
        expect(await item.getState()).toMatchObject({ status: 'idle', owner: bob.address });
    });
});

describe('the highest amounts', () => {
    /** A message with a value that no wallet of the test has. */
    const pay = async (world: World, from: Person, item: Item, value: bigint) =>
        transactionOn(await world.inject(internalMessage(from.address, item.address, value, Cell.EMPTY)), item.address);

    it('are kept in bids, refunds and payouts without a bit lost', async () => {
        const world = await World.create();
        const { bob, carol } = world.people;
        const item = await world.itemIn('open');
        const bids = [2n ** 51n + 1n, 2n ** 56n - 1n, 2n ** 57n, HIGHEST - 1n];
        let last = 0n;
        for (const value of bids) {
            const tx = await pay(world, value % 2n ? bob : carol, item, value);
            expect(exitCode(tx)).toBe(0);
            expect(sent(tx).map(({ value }) => value)).toEqual(last ? [last] : []);
            expect(await item.getState()).toMatchObject({
                bid: value,
                minBid: nextMinBid({ initialMinBid: 0n, maxBid: HIGHEST, minBidStep: 5 }, value, world.prices),
            });
            last = value;
        }
        world.now += 4_000;
        const { transactions } = await world.settleExternally(item.address);
        const [royalty, payout] = sent(transactions[0]!);
        expect(royalty?.value).toBe((last * 5n) / 100n);
        // The pot has paid for the bids and the settlement
        const paid = (royalty?.value ?? 0n) + (payout?.value ?? 0n);
        expect(paid).toBeLessThan(last);
        expect(paid).toBeGreaterThan(last - toNano('0.1'));
    });

    it('end below 2^58: a bid of that much buys at once and its change goes back', async () => {
        const world = await World.create();
        const item = await world.itemIn('open');
        const tx = await pay(world, world.people.bob, item, 2n ** 58n);
        expect(exitCode(tx)).toBe(0);
        expect(sent(tx).at(-1)).toMatchObject({ op: UsernameOp.return_bid, value: 1n });
        expect((await item.getState()).owner).toEqual(world.people.bob.address);
    });

    it('of an order are refused from 2^58 on, and below it taken', async () => {
        const world = await World.create();
        const { alice } = world.people;
        const { address } = world.collection;
        for (const config of [
            { initialMinBid: HIGHEST + 1n },
            { maxBid: HIGHEST + 1n },
            { initialMinBid: 2n ** 64n, maxBid: 2n ** 64n },
            { maxBid: 2n ** 120n - 1n },
        ]) {
            const order = world.order('alice', { config });
            await world.expectRejected(alice, address, toNano('10'), order, UsernameError.invalid_auction_config);
        }
        const { item } = await world.mint('alice', { config: { maxBid: HIGHEST - 1n } });
        expect(await item.getState()).toMatchObject({ status: 'auction', maxBid: HIGHEST - 1n });
        await world.start((await world.owned('bobby')).address, { initialMinBid: HIGHEST, maxBid: HIGHEST });
        expect((await world.item('bobby').getState()).minBid).toBe(HIGHEST);
    });
});
