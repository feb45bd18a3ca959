import { Cell, toNano } from '@ton/core';

import {
    MAINNET_PRICES,
    minStartPrice,
    type NetworkPrices,
    nextMinBid,
    UsernameError,
    UsernameItem,
    UsernameOp,
} from '../../wrappers';
import { outbidFee } from '../../wrappers/usernames/gas';
import { Random } from '../helpers/random';
import { exitCode, PRICE_LISTS, sent, START, TERMS, transactionOn, World } from '../helpers/world';

const COMMENT = UsernameItem.bidMessage({ comment: 'mine' });

/** Rent costs next to nothing, so a step of 1 % can be less than what an outbid costs. */
const CHEAP_RENT: NetworkPrices = { ...MAINNET_PRICES, storage: { bitPrice: 0n, cellPrice: 1n } };

describe('V5: the next minimum never exceeds the maximum', () => {
    it('after a bid of 95 under a maximum of 100 the next minimum is 100, and 100 buys now', async () => {
        const world = await World.create();
        const { bob } = world.people;
        const config = { maxBid: toNano('100'), minBidStep: 10 };
        const { item } = await world.mint('alice', { value: toNano('95'), config });
        expect((await item.getState()).minBid).toBe(toNano('100'));
        expect((await item.getAuctionState())?.minBid).toBe(toNano('100'));
        const low = toNano('100') - 1n;
        await world.expectRejected(bob, item.address, low, Cell.EMPTY, UsernameError.bid_too_low);
        await world.send(bob, item.address, toNano('100'));
        const { status, owner } = await item.getState();
        expect({ status, owner }).toEqual({ status: 'idle', owner: bob.address });
    });

    describe.each<[string, NetworkPrices]>([...PRICE_LISTS, ['cheap rent', CHEAP_RENT]])('under %s', (_, prices) => {
        it('contract and SDK share the formula, and the minimum is the lowest bid that is taken', async () => {
            const random = new Random('V5');
            for (let step = 0; step < 6; step++) {
                const world = await World.create(prices);
                const { alice, bob } = world.people;
                const initialMinBid = minStartPrice(prices) + random.uint(24);
                const bid = initialMinBid + random.uint(28);
                const maxBid = [0n, bid + random.uint(20) + 1n, 2n * bid][step % 3] ?? 0n;
                const terms = { initialMinBid, maxBid, minBidStep: [1, 5, 255, 1 + random.below(255)][step % 4] ?? 1 };
                const { item } = await world.mint('alice', { value: bid, config: terms });
                const minimum = nextMinBid(terms, bid, prices);
                expect((await item.getState()).minBid).toBe(minimum);
                const body = random.boolean() ? Cell.EMPTY : COMMENT;
                await world.expectRejected(bob, item.address, minimum - 1n, body, UsernameError.bid_too_low);
                const result = await world.send(bob, item.address, minimum, body);
                expect(sent(transactionOn(result, item.address))[0]).toMatchObject({ to: alice.address, value: bid });
            }
        });
    });
});

describe('V6: what is above the maximum comes back', () => {
    it('at the mint: the bid is the maximum and the change is exact', async () => {
        const world = await World.create();
        const { bob } = world.people;
        const config = { initialMinBid: toNano('2'), maxBid: toNano('5') };
        const { item, result } = await world.mint('alice', { bidder: bob, value: toNano('500'), config });
        const change = { to: bob.address, op: UsernameOp.return_bid, value: toNano('495') };
        expect(sent(transactionOn(result, item.address)).at(-1)).toMatchObject(change);
        expect((await item.getState()).owner).toEqualAddress(bob.address);
    });

    it.each([
        ['a first bid', false, Cell.EMPTY],
        ['a later bid', true, Cell.EMPTY],
        ['a later bid with a comment', true, COMMENT],
    ])('as %s: the bid is the maximum and the change is exact', async (_, isLater, body) => {
        const world = await World.create();
        const { bob, carol } = world.people;
        const item = await world.owned('alice');
        await world.start(item.address, { maxBid: toNano('5') });
        if (isLater) {
            await world.send(carol, item.address, toNano('4'));
        }
        const result = await world.send(bob, item.address, toNano('500'), body);
        const change = { to: bob.address, op: UsernameOp.return_bid, value: toNano('495') };
        expect(sent(transactionOn(result, item.address)).at(-1)).toMatchObject(change);
        expect((await item.getState()).owner).toEqualAddress(bob.address);
    });

    it('the change of an explicit bid goes to its refund address', async () => {
        const world = await World.create();
        const { bob, carol, dave } = world.people;
        const { item } = await world.mint('alice', { value: toNano('2'), config: { maxBid: toNano('5') } });
        const body = UsernameItem.placeBidMessage({ startedAt: START, owner: carol.address, refundTo: dave.address });
        const result = await world.send(bob, item.address, toNano('500'), body);
        const change = { to: dave.address, op: UsernameOp.return_bid, value: toNano('495') };
        expect(sent(transactionOn(result, item.address)).at(-1)).toMatchObject(change);
        expect((await item.getState()).owner).toEqualAddress(carol.address);
    });

    it('exactly the maximum leaves no change and sends none', async () => {
        const world = await World.create();
        const { item } = await world.mint('alice', { value: toNano('2'), config: { maxBid: toNano('5') } });
        const result = await world.send(world.people.bob, item.address, toNano('5'));
        const ops = sent(transactionOn(result, item.address)).map(({ op }) => op);
        expect(ops).toEqual([UsernameOp.outbid, UsernameOp.payout, UsernameOp.payout, UsernameOp.ownership_assigned]);
    });
});

describe('V18: the step follows the bid', () => {
    it.each(PRICE_LISTS)('from the lowest start price on it is the percentage (%s)', async (_, prices) => {
        const world = await World.create(prices);
        const bid = minStartPrice(prices);
        const { item } = await world.mint('alice', { value: bid, config: { initialMinBid: bid, minBidStep: 5 } });
        const step = (bid * 5n + 99n) / 100n;
        expect((await item.getState()).minBid).toBe(bid + step);
        expect(step).toBeLessThan(toNano('0.1'));
    });

    it('it is at least twice what an outbid costs', async () => {
        const world = await World.create(CHEAP_RENT);
        const bid = minStartPrice(CHEAP_RENT);
        const { item } = await world.mint('alice', { value: bid, config: { initialMinBid: bid, minBidStep: 1 } });
        const floor = 2n * outbidFee(CHEAP_RENT);
        expect(floor).toBeGreaterThan(bid / 100n + 1n);
        for (const body of [Cell.EMPTY, COMMENT]) {
            const { bid, minBid } = await item.getState();
            expect(minBid).toBe(bid + floor);
            const { bob } = world.people;
            await world.expectRejected(bob, item.address, minBid - 1n, body, UsernameError.bid_too_low);
            const before = await world.balance(item.address);
            await world.send(bob, item.address, minBid, body);
            // An outbid brings the pot more than it costs
            expect((await world.balance(item.address)) - before).toBeGreaterThan(0n);
        }
    });
});

describe('V21: a bid names whom it is for and which auction it means', () => {
    const started = async () => {
        const world = await World.create();
        const { bob, carol, dave } = world.people;
        const item = await world.owned('alice');
        await world.start(item.address);
        const startedAt = (await item.getState()).startedAt;
        const body = UsernameItem.placeBidMessage({ startedAt, owner: carol.address, refundTo: dave.address });
        return { world, item, body, bob, carol, dave };
    };

    it('the owner that it names is shown as the bidder, and wins', async () => {
        const { world, item, body, bob, carol, dave } = await started();
        await world.send(bob, item.address, toNano('5'), body);
        const { bidder, refundTo, bid } = await item.getState();
        expect({ bidder, refundTo, bid }).toEqual({
            bidder: carol.address,
            refundTo: dave.address,
            bid: toNano('5'),
        });
        expect((await item.getAuctionState())?.bidder).toEqualAddress(carol.address);
        world.now += TERMS.duration;
        await world.settleExternally(item.address);
        expect((await item.getState()).owner).toEqualAddress(carol.address);
    });

    it('beaten, it comes back whole to the refund address', async () => {
        const { world, item, body, bob, dave } = await started();
        await world.send(bob, item.address, toNano('5'), body);
        const result = await world.send(bob, item.address, toNano('6'));
        expect(sent(transactionOn(result, item.address))).toMatchObject([
            { to: dave.address, op: UsernameOp.outbid, value: toNano('5') },
        ]);
    });

    type Started = Awaited<ReturnType<typeof started>>;
    const refused: [string, string, (started: Started) => Promise<Cell>][] = [
        ['that is too low', '0.999999999', ({ body }) => Promise.resolve(body)],
        [
            'for another auction',
            '5',
            ({ carol, dave }) => {
                const terms = { startedAt: START + 1, owner: carol.address, refundTo: dave.address };
                return Promise.resolve(UsernameItem.placeBidMessage(terms));
            },
        ],
        [
            'for an auction that was cancelled',
            '5',
            async ({ world, item, body }) => {
                const cancel = UsernameItem.cancelAuctionMessage();
                await world.send(world.people.alice, item.address, toNano('1'), cancel);
                return body;
            },
        ],
        [
            'for an auction that was started anew',
            '5',
            async ({ world, item, body }) => {
                const cancel = UsernameItem.cancelAuctionMessage();
                await world.send(world.people.alice, item.address, toNano('1'), cancel);
                world.now += 300;
                await world.start(item.address);
                return body;
            },
        ],
        [
            'that is late',
            '5',
            ({ world, body }) => {
                world.now += TERMS.duration;
                return Promise.resolve(body);
            },
        ],
    ];

    it.each(refused.flatMap(([kind, value, make]) => [true, false].map((bounce) => ({ kind, value, make, bounce }))))(
        'one $kind goes to the refund address, and the auction is as it was (bounceable: $bounce)',
        async ({ value, make, bounce }) => {
            const given = await started();
            const { world, item, bob, dave } = given;
            const body = await make(given);
            const before = await item.getState();
            const result = await world.send(bob, item.address, toNano(value), body, { bounce });
            const tx = transactionOn(result, item.address);
            expect(exitCode(tx)).toBe(0);
            const messages = sent(tx);
            expect(messages).toMatchObject([{ to: dave.address, op: UsernameOp.return_bid }]);
            expect(toNano(value) - (messages[0]?.value ?? 0n)).toBeLessThan(toNano('0.01'));
            expect({ ...(await item.getState()), paidUntil: 0 }).toEqual({ ...before, paidUntil: 0 });
        },
    );

    it('an auction that nobody bid in is over at its end: there is nothing to bid on or to cancel', async () => {
        const { world, item, bob } = await started();
        const { endTime } = await item.getState();
        world.now = endTime!;
        const { alice } = world.people;
        const cancel = UsernameItem.cancelAuctionMessage();
        await world.expectRejected(bob, item.address, toNano('5'), Cell.EMPTY, UsernameError.no_auction);
        await world.expectRejected(alice, item.address, toNano('1'), cancel, UsernameError.no_auction);
    });

    describe('an auction starts no sooner than 300 s after a cancel', () => {
        const cancelled = async () => {
            const given = await started();
            const { world, item } = given;
            await world.send(world.people.alice, item.address, toNano('1'), UsernameItem.cancelAuctionMessage());
            return { ...given, start: UsernameItem.startAuctionMessage({ auctionConfig: world.config() }) };
        };

        it('so a plain bid on its way finds none', async () => {
            const { world, item, bob, start } = await cancelled();
            expect(await item.getState()).toMatchObject({ startableAt: world.now + 300, endTime: 0 });
            world.now += 299;
            const { alice } = world.people;
            await world.expectRejected(alice, item.address, toNano('1'), start, UsernameError.auction_too_soon);
            await world.expectRejected(bob, item.address, toNano('5'), Cell.EMPTY, UsernameError.no_auction);
            world.now += 1;
            await world.send(alice, item.address, toNano('1'), start);
            expect((await item.getState()).status).toBe('open');
        });

        it.each(['a transfer', 'a transfer to oneself', 'a record'])('%s does not shorten the pause', async (kind) => {
            const { world, item, bob, start } = await cancelled();
            const { alice } = world.people;
            const owner = kind === 'a transfer' ? bob : alice;
            const body =
                kind === 'a record'
                    ? UsernameItem.changeDnsRecordMessage({ key: 1n, record: Cell.EMPTY })
                    : UsernameItem.transferMessage({
                          newOwner: owner.address,
                          responseDestination: null,
                          forwardAmount: 0n,
                      });
            expect(
                exitCode(transactionOn(await world.send(alice, item.address, toNano('1'), body), item.address)),
            ).toBe(0);
            world.now += 299;
            await world.expectRejected(owner, item.address, toNano('1'), start, UsernameError.auction_too_soon);
        });
    });
});
