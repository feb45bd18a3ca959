import { beginCell, Cell, toNano } from '@ton/core';

import { UsernameError, UsernameItem, UsernameOp } from '../../wrappers';
import { FOREIGN_ADDRESSES, signAgain, withAddress, withRef } from '../helpers/forge';
import { Random } from '../helpers/random';
import { exitCode, gasFees, sent, START, storageFee, TERMS, TOP_UP, transactionOn, World } from '../helpers/world';

const COMMENT = UsernameItem.bidMessage({ comment: 'mine' });
const ENCRYPTED = beginCell().storeUint(UsernameOp.encrypted_comment, 32).storeUint(5, 64).endCell();

describe('V3: only #topup tops up', () => {
    it.each([true, false])('the late bid of the winner settles and comes back (bounceable: %s)', async (bounce) => {
        const world = await World.create();
        const { alice } = world.people;
        const { item } = await world.mint('alice');
        world.now += TERMS.duration;
        const result = await world.send(alice, item.address, toNano('5'), Cell.EMPTY, { bounce });
        const returned = sent(transactionOn(result, item.address)).at(-1);
        expect(returned).toMatchObject({ to: alice.address, op: UsernameOp.return_bid });
        expect(returned?.value).toBeGreaterThan(toNano('4.99'));
        const { status, owner, reserve } = await item.getState();
        expect({ status, owner }).toEqual({ status: 'idle', owner: alice.address });
        expect((await world.balance(item.address)) - reserve).toBeLessThan(toNano('0.01'));
    });

    it('after the settlement a bid of the winner is refused like any other', async () => {
        const world = await World.create();
        const { alice, bob } = world.people;
        const { item } = await world.mint('alice');
        world.now += TERMS.duration;
        await world.settleExternally(item.address);
        for (const person of [alice, bob]) {
            await world.expectRejected(person, item.address, toNano('5'), Cell.EMPTY, UsernameError.no_auction);
        }
    });

    it.each(['uninit', 'idle', 'open', 'auction', 'ended'] as const)(
        'a #topup stays, settles nothing and wins nothing in the state %s',
        async (status) => {
            const world = await World.create();
            const { address } = await world.itemIn(status, 'name');
            for (const bounce of [true, false]) {
                const [data, balance] = [await world.data(address), await world.balance(address)];
                const result = await world.send(world.people.dave, address, toNano('60'), TOP_UP, { bounce });
                const tx = transactionOn(result, address);
                expect(sent(tx)).toEqual([]);
                expect(await world.data(address)).toEqualCell(data);
                expect(await world.balance(address)).toBe(balance + toNano('60') - tx.totalFees.coins);
            }
        },
    );

    it('a comment that only begins like #topup is a bid', async () => {
        const world = await World.create();
        const { item } = await world.mint('alice');
        const body = beginCell().storeUint(0, 32).storeStringTail('#topup!').endCell();
        await world.send(world.people.bob, item.address, toNano('20'), body);
        expect((await item.getState()).bidder).toEqualAddress(world.people.bob.address);
    });
});

describe('V4: a late bid settles, and comes back in the same run', () => {
    const kinds: [string, (world: World) => Cell][] = [
        ['without a comment', () => Cell.EMPTY],
        ['with a comment', () => COMMENT],
        ['with an encrypted comment', () => ENCRYPTED],
        [
            'for somebody else',
            ({ people: { bob, carol } }) =>
                UsernameItem.placeBidMessage({ startedAt: START, owner: carol.address, refundTo: bob.address }),
        ],
    ];

    it.each(kinds.flatMap(([kind, body]) => [true, false].map((bounce) => ({ kind, body, bounce }))))(
        'a bid $kind (bounceable: $bounce)',
        async ({ body, bounce }) => {
            const world = await World.create();
            const { alice, bob, author, seller } = world.people;
            const { item } = await world.mint('alice');
            world.now += TERMS.duration;
            const result = await world.send(bob, item.address, toNano('20'), body(world), { bounce });
            expect(sent(transactionOn(result, item.address))).toMatchObject([
                { to: author.address, op: UsernameOp.payout },
                { to: seller.address, op: UsernameOp.payout },
                { to: alice.address, op: UsernameOp.ownership_assigned },
                { to: bob.address, op: UsernameOp.return_bid },
            ]);
            const { status, owner } = await item.getState();
            expect({ status, owner }).toEqual({ status: 'idle', owner: alice.address });
        },
    );

    it.each([true, false])('a bid of the maximum is late as well (bounceable: %s)', async (bounce) => {
        const world = await World.create();
        const { alice, bob } = world.people;
        const { item } = await world.mint('alice', { value: toNano('2'), config: { maxBid: toNano('5') } });
        world.now += TERMS.duration;
        const result = await world.send(bob, item.address, toNano('5'), Cell.EMPTY, { bounce });
        expect(sent(transactionOn(result, item.address)).at(-1)).toMatchObject({
            to: bob.address,
            op: UsernameOp.return_bid,
        });
        expect((await item.getState()).owner).toEqualAddress(alice.address);
    });

    it('the second before the end is not late', async () => {
        const world = await World.create();
        const { item } = await world.mint('alice');
        world.now += TERMS.duration - 1;
        await world.send(world.people.bob, item.address, toNano('20'));
        const { status, bidder, endTime } = await item.getState();
        const { bob } = world.people;
        expect({ status, bidder }).toEqual({ status: 'auction', bidder: bob.address });
        expect(endTime).toBe(world.now + TERMS.minExtendTime);
    });

    it('the bid that comes back pays for its own gas and message, and the pot pays the seller as without it', async () => {
        const payouts: bigint[] = [];
        for (const value of [toNano('3'), toNano('300')]) {
            const world = await World.create();
            const { item } = await world.mint('alice');
            world.now += TERMS.duration;
            const tx = transactionOn(await world.send(world.people.bob, item.address, value), item.address);
            const [royalty, payout, , returned] = sent(tx);
            payouts.push((royalty?.value ?? 0n) + (payout?.value ?? 0n));
            const fee = tx.outMessages.get(3)?.info;
            const forwardFee = fee?.type === 'internal' ? fee.forwardFee : 0n;
            expect(value - (returned?.value ?? 0n) - gasFees(tx)).toBeGreaterThanOrEqual(forwardFee);
            expect(value - (returned?.value ?? 0n)).toBeLessThan(toNano('0.01'));
        }
        expect(payouts[0]).toBe(payouts[1]);
    });

    it('a message that is rejected for another reason reverts the settlement, and the next one settles', async () => {
        const world = await World.create();
        const { alice, bob } = world.people;
        const { item } = await world.mint('alice');
        world.now += TERMS.duration;
        const unknown = beginCell().storeUint(0x12345678, 32).endCell();
        await world.expectRejected(bob, item.address, toNano('1'), unknown, UsernameError.unknown_op);
        expect((await item.getState()).status).toBe('ended');
        const transfer = { newOwner: bob.address, responseDestination: alice.address, forwardAmount: 0n };
        const result = await world.send(alice, item.address, toNano('1'), UsernameItem.transferMessage(transfer));
        expect(sent(transactionOn(result, item.address)).map(({ op }) => op)).toEqual([
            UsernameOp.payout,
            UsernameOp.payout,
            UsernameOp.ownership_assigned,
            UsernameOp.excesses,
        ]);
        expect((await item.getState()).owner).toEqualAddress(bob.address);
    });
});

describe('V7: a bid either changes the state or comes back', () => {
    it.each(['first', 'second', 'third', 'fourth'])('at random (seed: %s)', async (seed) => {
        const random = new Random(seed);
        const world = await World.create();
        const { alice, bob, carol, dave } = world.people;
        const bidders = [alice, bob, carol, dave];
        const config = { maxBid: toNano('6'), duration: 1200, minExtendTime: 60 };
        const { item } = await world.mint('alice', { value: toNano('2'), config });
        for (let step = 0; step < 40; step++) {
            world.now += random.below(60);
            const before = await item.getState();
            const from = bidders[random.below(4)] ?? alice;
            // A nanoton around the minimum, above it, or above the maximum
            const least = before.minBid || toNano('3');
            const above = [0n, random.uint(28), toNano('5')][random.below(10) >> 2] ?? 0n;
            const value = least - 1n + BigInt(random.below(3)) + above;
            const startedAt = random.below(4) === 0 ? START - 1 : START;
            const explicit = { startedAt, owner: bob.address, refundTo: carol.address };
            const kind = random.below(4);
            const body = [Cell.EMPTY, COMMENT, ENCRYPTED, UsernameItem.placeBidMessage(explicit)][kind];
            const [owner, refundTo] = kind === 3 ? [bob, carol] : [from, from];
            const [data, balance] = [await world.data(item.address), await world.balance(item.address)];

            const result = await world.send(from, item.address, value, body, { bounce: random.boolean() });
            const tx = transactionOn(result, item.address);
            const messages = sent(tx);
            const isMeant = before.status === 'auction' && (kind !== 3 || startedAt === START);
            if (isMeant && value >= before.minBid) {
                const after = await item.getState();
                expect(messages[0]).toMatchObject({ to: before.refundTo, op: UsernameOp.outbid, value: before.bid });
                if (value >= before.maxBid) {
                    expect(after).toMatchObject({ status: 'idle', owner: owner.address });
                } else {
                    const bid = { bidder: owner.address, refundTo: refundTo.address, bid: value };
                    expect(after).toMatchObject({ status: 'auction', ...bid });
                    expect(messages).toHaveLength(1);
                }
            } else {
                const returned = messages.at(-1);
                expect(returned?.to).toEqualAddress(exitCode(tx) === 0 ? refundTo.address : from.address);
                expect(value - (returned?.value ?? 0n) - gasFees(tx)).toBeLessThan(toNano('0.001'));
                if (before.status !== 'ended') {
                    expect(messages).toHaveLength(1);
                    expect(await world.data(item.address)).toEqualCell(data);
                    expect(await world.balance(item.address)).toBe(balance - storageFee(tx));
                }
            }
        }
    });

    it('a rewrite_sender whose name could not be assigned is refused at the mint', async () => {
        const world = await World.create();
        const { address } = world.collection;
        const order = world.order('alice', { restrictions: { rewriteSender: new Random('V7').address() } });
        for (const [, foreign] of FOREIGN_ADDRESSES) {
            const restrictions = withAddress(order.refs[2] ?? Cell.EMPTY, 2, foreign);
            const body = signAgain(withRef(order, 2, restrictions), address);
            await world.expectRejected(world.people.bob, address, toNano('2'), body, UsernameError.wrong_workchain);
        }
    });

    // Rent can never take that much of a pot: the state is set by hand
    it('a pot of nothing refunds out of the bid that beats it', async () => {
        for (const body of [Cell.EMPTY, COMMENT]) {
            const world = await World.create();
            const { alice, bob } = world.people;
            const { item } = await world.mint('alice', { config: { minBidStep: 1 }, value: toNano('1') });
            (await world.chain.getContract(item.address)).balance = 0n;
            await world.remember(item.address);
            const { minBid } = await item.getState();
            const result = await world.send(bob, item.address, minBid, body);
            expect(sent(transactionOn(result, item.address))).toMatchObject([
                { to: alice.address, op: UsernameOp.outbid, value: toNano('1') },
            ]);
            expect((await item.getState()).bidder).toEqualAddress(bob.address);
        }
    });

    it('a bid that buys now what an empty pot cannot settle comes back', async () => {
        const world = await World.create();
        const { bob } = world.people;
        const maxBid = toNano('1') + 1n;
        const { item } = await world.mint('alice', { config: { maxBid }, value: toNano('1') });
        (await world.chain.getContract(item.address)).balance = 0n;
        await world.remember(item.address);
        await world.expectRejected(bob, item.address, maxBid, Cell.EMPTY, UsernameError.not_enough_funds);
    });
});
