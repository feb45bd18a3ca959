import { Cell, toNano } from '@ton/core';
import type { SandboxContract } from '@ton/sandbox';

import { AuctionLimits, UsernameError, UsernameItem, UsernameOp } from '../../wrappers';
import { exitCode, type Person, sent, START, TERMS, transactionOn, World } from '../helpers/world';

// What holds in the second before, in the second itself and in the one after. An auction runs until the second before
// its end_time; an order holds from valid_since to the second before valid_till.

type Item = SandboxContract<UsernameItem>;

const CANCEL = UsernameItem.cancelAuctionMessage();
const SETTLE = UsernameItem.settleMessage();

let world: World;

beforeEach(async () => {
    world = await World.create();
});

/** Sends a message to the item at a second; gives the exit code and the ops that the item sent. */
async function at(time: number, from: Person, item: Item, value: bigint, body?: Cell) {
    world.now = time;
    const tx = transactionOn(await world.send(from, item.address, value, body), item.address);
    return { code: exitCode(tx), ops: sent(tx).map(({ op }) => op) };
}

const start = (config: Parameters<World['config']>[0] = {}): Cell =>
    UsernameItem.startAuctionMessage({ auctionConfig: world.config(config) });

describe('the end of an auction', () => {
    const end = START + TERMS.duration;

    it('is the mint’s time and the duration, and a bid in the last second holds', async () => {
        const { item } = await world.mint('alice', { config: { minExtendTime: 0 } });
        expect((await item.getState()).endTime).toBe(end);
        expect(await at(end - 1, world.people.bob, item, toNano('20'))).toEqual({ code: 0, ops: [UsernameOp.outbid] });
        expect(await item.getState()).toMatchObject({ bidder: world.people.bob.address, bidTs: end - 1, endTime: end });
    });

    it('refuses a bid at end_time: the sale is settled and the bid comes back', async () => {
        const { item } = await world.mint('alice', { config: { minExtendTime: 0 } });
        const { ops } = await at(end, world.people.bob, item, toNano('20'));
        expect(ops).toEqual([
            UsernameOp.payout,
            UsernameOp.payout,
            UsernameOp.ownership_assigned,
            UsernameOp.return_bid,
        ]);
        expect(await item.getState()).toMatchObject({ status: 'idle', owner: world.people.alice.address });
    });

    it('is when it can be settled, by a message or an external, and not a second before', async () => {
        for (const name of ['message', 'external']) {
            const began = world.now;
            const { item } = await world.mint(name);
            world.now = began + TERMS.duration - 1;
            expect((await item.getState()).status).toBe('auction');
            await world.expectRejected(
                world.people.dave,
                item.address,
                toNano('1'),
                SETTLE,
                UsernameError.auction_not_ended,
            );
            await expect(world.settleExternally(item.address)).rejects.toMatchObject({
                exitCode: UsernameError.auction_not_ended,
            });
            world.now = began + TERMS.duration;
            expect((await item.getState()).status).toBe('ended');
            if (name === 'message') {
                await world.send(world.people.dave, item.address, toNano('1'), SETTLE);
            } else {
                await world.settleExternally(item.address);
            }
            expect(await item.getState()).toMatchObject({ status: 'idle', owner: world.people.alice.address });
        }
    });

    it('without a bid gives the owner his rights back in that second: a transfer passes and a cancel does not', async () => {
        const { alice, bob } = world.people;
        const item = await world.itemIn('open');
        const transfer = UsernameItem.transferMessage({
            newOwner: bob.address,
            responseDestination: alice.address,
            forwardAmount: 0n,
        });
        world.now = end - 1;
        await world.expectRejected(alice, item.address, toNano('1'), transfer, UsernameError.forbidden_not_bid);
        world.now = end;
        await world.expectRejected(alice, item.address, toNano('1'), CANCEL, UsernameError.no_auction);
        await world.expectRejected(bob, item.address, toNano('2'), Cell.EMPTY, UsernameError.no_auction);
        expect((await at(end, alice, item, toNano('1'), transfer)).code).toBe(0);
        expect((await item.getState()).owner).toEqual(bob.address);
    });

    it('without a bid lets the owner start the next auction in that second', async () => {
        const item = await world.itemIn('open');
        expect((await at(end - 1, world.people.alice, item, toNano('1'), start())).code).toBe(
            UsernameError.auction_already_started,
        );
        expect((await at(end, world.people.alice, item, toNano('1'), start())).code).toBe(0);
        expect(await item.getState()).toMatchObject({ status: 'open', startedAt: end, endTime: end + TERMS.duration });
    });
});

describe('the extension', () => {
    it('leaves at least min_extend_time after a bid and never shortens an auction', async () => {
        const { bob, carol } = world.people;
        const { item } = await world.mint('alice');
        const end = START + TERMS.duration;
        const extended = async (time: number, from: Person, value: string): Promise<number> => {
            expect((await at(time, from, item, toNano(value))).code).toBe(0);
            return (await item.getState()).endTime;
        };
        const extend = TERMS.minExtendTime;
        expect(await extended(START + 1, bob, '20')).toBe(end);
        expect(await extended(end - extend - 1, carol, '30')).toBe(end);
        expect(await extended(end - extend, bob, '40')).toBe(end);
        expect(await extended(end - extend + 1, carol, '50')).toBe(end + 1);
        expect(await extended(end, bob, '60')).toBe(end + extend);
    });

    it('holds for the first bid of an auction and for a bid with a comment or for somebody else', async () => {
        const { bob, carol } = world.people;
        const item = await world.itemIn('open');
        const end = START + TERMS.duration;
        await at(end - 1, bob, item, toNano('1'));
        expect((await item.getState()).endTime).toBe(end - 1 + TERMS.minExtendTime);
        const owner = carol.address;
        const body = UsernameItem.placeBidMessage({ startedAt: START, owner, refundTo: owner });
        await at(end + 100, bob, item, toNano('2'), body);
        expect((await item.getState()).endTime).toBe(end + 100 + TERMS.minExtendTime);
        await at(end + 200, bob, item, toNano('3'), UsernameItem.bidMessage({ comment: 'mine' }));
        expect((await item.getState()).endTime).toBe(end + 200 + TERMS.minExtendTime);
    });

    it('of 7 days, the longest, is kept whole', async () => {
        const { item } = await world.mint('alice', { config: { minExtendTime: AuctionLimits.MAX_EXTEND_SECONDS } });
        await at(START + 10, world.people.bob, item, toNano('20'));
        expect((await item.getState()).endTime).toBe(START + 10 + AuctionLimits.MAX_EXTEND_SECONDS);
    });

    it('of 0 moves nothing', async () => {
        const { item } = await world.mint('alice', { config: { minExtendTime: 0 } });
        await at(START + TERMS.duration - 1, world.people.bob, item, toNano('20'));
        expect((await item.getState()).endTime).toBe(START + TERMS.duration);
    });
});

describe('two bids in one second', () => {
    it('hold both, and the second must beat the first', async () => {
        const { bob, carol } = world.people;
        const item = await world.itemIn('open');
        const time = START + 60;
        expect((await at(time, bob, item, toNano('1'))).code).toBe(0);
        expect((await at(time, carol, item, toNano('1'))).code).toBe(UsernameError.bid_too_low);
        expect(await at(time, carol, item, toNano('2'))).toEqual({ code: 0, ops: [UsernameOp.outbid] });
        expect(await item.getState()).toMatchObject({ bidder: carol.address, bid: toNano('2'), bidTs: time });
    });
});

describe('a delayed start (bit 31 of duration)', () => {
    it('shows no end and the plain duration until the first bid starts the clock', async () => {
        const { alice, bob } = world.people;
        const item = await world.owned('alice');
        await at(START, alice, item, toNano('1'), start({ delayedStart: true }));
        for (const time of [START, START + 10 * TERMS.duration]) {
            world.now = time;
            expect(await item.getState()).toMatchObject({ status: 'open', startedAt: START, endTime: 0 });
            expect(await item.getAuctionState()).toMatchObject({ bidder: null, endTime: 0 });
            expect((await item.getAuctionConfig())?.duration).toBe(TERMS.duration);
        }
        const first = START + 10 * TERMS.duration;
        expect((await at(first, bob, item, toNano('1'))).code).toBe(0);
        expect(await item.getState()).toMatchObject({ status: 'auction', endTime: first + TERMS.duration });
        expect((await item.getAuctionConfig())?.duration).toBe(TERMS.duration);
        world.now = first + TERMS.duration - 1;
        expect((await item.getState()).status).toBe('auction');
        world.now += 1;
        expect((await item.getState()).status).toBe('ended');
    });

    it('ends after min_extend_time where that is longer than the duration', async () => {
        const { alice, bob } = world.people;
        const item = await world.owned('alice');
        const config = { delayedStart: true, duration: 60, minExtendTime: 600 };
        await at(START, alice, item, toNano('1'), start(config));
        await at(START + 1000, bob, item, toNano('1'));
        expect((await item.getState()).endTime).toBe(START + 1600);
    });

    it('never ends by itself, and the owner cancels it after any time', async () => {
        const { alice } = world.people;
        const item = await world.owned('alice');
        await at(START, alice, item, toNano('1'), start({ delayedStart: true, duration: 31_536_000 }));
        expect((await at(START + 50_000_000, alice, item, toNano('1'), CANCEL)).code).toBe(0);
        expect((await item.getState()).status).toBe('idle');
    });

    it('begins with the mint’s own bid', async () => {
        const { item } = await world.mint('alice', { config: { delayedStart: true } });
        expect(await item.getState()).toMatchObject({ status: 'auction', endTime: START + TERMS.duration });
        expect((await item.getAuctionConfig())?.duration).toBe(TERMS.duration);
    });

    it.each([60, 31_536_000])('takes the duration of %d s that an auction may last', async (duration) => {
        const { alice, bob } = world.people;
        const item = await world.owned('alice');
        const config = { delayedStart: true, duration, minExtendTime: 0 };
        expect((await at(START, alice, item, toNano('1'), start(config))).code).toBe(0);
        await at(START + 5, bob, item, toNano('1'));
        expect((await item.getState()).endTime).toBe(START + 5 + duration);
    });
});

describe('a mint order', () => {
    const [validSince, validTill] = [START + 100, START + 200];

    it.each([
        [validSince - 1, UsernameError.not_yet_valid_signature],
        [validSince, 0],
        [validTill - 1, 0],
        [validTill, UsernameError.expired_signature],
    ])('that holds from 100 to 200 s gives at %d s the exit code %d', async (time, code) => {
        world.now = time;
        const { result, item } = await world.mint('alice', { validSince, validTill });
        expect(exitCode(transactionOn(result, world.collection.address))).toBe(code);
        expect((await item.getState()).status).toBe(code ? 'uninit' : 'auction');
    });

    it('never holds where valid_till is not after valid_since', async () => {
        world.now = validSince;
        const order = world.order('alice', { validSince, validTill: validSince });
        const { address } = world.collection;
        await world.expectRejected(world.people.alice, address, toNano('10'), order, UsernameError.expired_signature);
    });
});

describe('the pause after a cancel', () => {
    it('refuses a start for 299 s and takes it after 300', async () => {
        const { alice } = world.people;
        const item = await world.itemIn('open');
        const cancelled = START + 77;
        expect((await at(cancelled, alice, item, toNano('1'), CANCEL)).code).toBe(0);
        const { startableAt } = await item.getState();
        expect(startableAt).toBe(cancelled + AuctionLimits.RESTART_PAUSE_SECONDS);
        for (const wait of [0, 299]) {
            world.now = cancelled + wait;
            await world.expectRejected(alice, item.address, toNano('1'), start(), UsernameError.auction_too_soon);
        }
        expect((await at(cancelled + 300, alice, item, toNano('1'), start())).code).toBe(0);
        expect((await item.getState()).startedAt).toBe(cancelled + 300);
    });

    it('binds the next owner as well', async () => {
        const { alice, bob } = world.people;
        const item = await world.itemIn('open');
        await at(START, alice, item, toNano('1'), CANCEL);
        const body = UsernameItem.transferMessage({
            newOwner: bob.address,
            responseDestination: alice.address,
            forwardAmount: 0n,
        });
        await at(START + 1, alice, item, toNano('1'), body);
        world.now = START + 299;
        await world.expectRejected(bob, item.address, toNano('1'), start(), UsernameError.auction_too_soon);
        expect((await at(START + 300, bob, item, toNano('1'), start())).code).toBe(0);
    });

    it('does not follow an auction that ended by itself or a sale', async () => {
        const item = await world.itemIn('ended');
        expect((await at(world.now, world.people.bob, item, toNano('1'), start())).code).toBe(0);
    });
});
