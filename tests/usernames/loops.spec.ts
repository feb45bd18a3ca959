import { beginCell, toNano, type Address } from '@ton/core';

import { type NetworkPrices, UsernameError, UsernameItem, UsernameOp } from '../../wrappers';
import { reserve } from '../../wrappers/usernames/gas';
import { configOf, exitCode, PRICE_LISTS, TERMS, transactionOn, World } from '../helpers/world';

/** A record of the most cells that one may have. */
const BIGGEST_RECORD = Array.from({ length: 16 })
    .reduce<ReturnType<typeof beginCell>>(
        (below, _, level) => beginCell().storeUint(level, 32).storeRef(below),
        beginCell(),
    )
    .asCell().refs[0]!;

describe.each(PRICE_LISTS)('contracts that send to each other, under %s', (_, prices) => {
    let world: World;
    beforeEach(async () => {
        world = await World.create(prices);
    });

    async function lowBid(item: Address, refundTo: Address) {
        const { startedAt } = await world.chain.openContract(UsernameItem.createFromAddress(item)).getState();
        const owner = world.people.bob.address;
        const body = UsernameItem.placeBidMessage({ startedAt, owner, refundTo });
        return world.send(world.people.bob, item, toNano('0.5'), body);
    }

    it('a bid that an item refunds to itself stays there', async () => {
        const { item } = await world.mint('name');
        const before = await world.balance(item.address);
        const { transactions } = await lowBid(item.address, item.address);
        expect(transactions).toHaveLength(3);
        expect(await world.balance(item.address)).toBeGreaterThan(before + toNano('0.48'));
    });

    it('a bid that an item refunds to another item stays with one of them', async () => {
        const { item } = await world.mint('name');
        const other = await world.owned('other');
        const before = (await world.balance(item.address)) + (await world.balance(other.address));
        const { transactions } = await lowBid(item.address, other.address);
        expect(transactions.length).toBeLessThan(5);
        const after = (await world.balance(item.address)) + (await world.balance(other.address));
        expect(after).toBeGreaterThan(before + toNano('0.48'));
    });

    it('a sale whose payee is the collection ends at once, with the payment in the item', async () => {
        const { result, item } = await world.mint('name', {
            value: toNano('2'),
            config: { beneficiary: world.collection.address, initialMinBid: toNano('2'), maxBid: toNano('2') },
        });
        expect(result.transactions.length).toBeLessThan(9);
        expect((await item.getState()).owner).toEqualAddress(world.people.alice.address);
        expect(await world.balance(item.address)).toBeGreaterThan(toNano('1.5'));
    });

    it('return_bid stays in the collection too, and bounces where it can', async () => {
        const body = beginCell().storeUint(UsernameOp.return_bid, 32).storeUint(0, 64).endCell();
        const before = await world.balance(world.collection.address);
        await world.send(world.people.bob, world.collection.address, toNano('1'), body, { bounce: false });
        expect(await world.balance(world.collection.address)).toBeGreaterThan(before + toNano('0.99'));
        const result = await world.send(world.people.bob, world.collection.address, toNano('1'), body);
        expect(exitCode(transactionOn(result, world.collection.address))).toBe(UsernameError.unknown_op);
    });
});

describe.each(PRICE_LISTS)("an owner's message that settles first, under %s", (_, prices) => {
    it('fills the reserve for a record from its value, not from what the settlement has spent', async () => {
        const world = await World.create(prices);
        const { bob } = world.people;
        const { item } = await world.mint('name', { bidder: bob, value: toNano('2') });
        world.now += TERMS.duration;
        const body = UsernameItem.changeDnsRecordMessage({ key: 1n, record: BIGGEST_RECORD });
        const result = await world.send(bob, item.address, toNano('2'), body);
        expect(exitCode(transactionOn(result, item.address))).toBe(0);
        const { reserve: needed, owner } = await item.getState();
        expect(owner).toEqualAddress(bob.address);
        expect(needed).toBeGreaterThan(reserve(prices));
        expect(await world.balance(item.address)).toBeGreaterThanOrEqual(needed);
    });

    it('is refused whole or done whole, whatever it brings, after storage has become dearer', async () => {
        const dearer: NetworkPrices = {
            ...prices,
            storage: { bitPrice: prices.storage.bitPrice * 15n, cellPrice: prices.storage.cellPrice * 15n },
        };
        const outcomes = new Set<number | undefined>();
        for (const [index, body] of [
            UsernameItem.changeDnsRecordMessage({ key: 1n, record: BIGGEST_RECORD }),
            UsernameItem.startAuctionMessage({
                auctionConfig: (await World.create()).config({ initialMinBid: toNano('100') }),
            }),
        ].entries()) {
            const world = await World.create(prices);
            const { bob } = world.people;
            const { item } = await world.mint(`name${index}`, { bidder: bob, value: toNano('2') });
            world.now += TERMS.duration;
            world.chain.setConfig(configOf(dearer));
            const before = await world.balance(item.address);
            for (let value = toNano('0.05'); value < toNano('8'); value = (value * 5n) / 4n) {
                const restore = world.checkpoint();
                const tx = transactionOn(await world.send(bob, item.address, value, body), item.address);
                const { description } = tx;
                const code = exitCode(tx);
                outcomes.add(code);
                if (description.type !== 'generic' || description.aborted) {
                    expect(code).toBe(UsernameError.below_reserve);
                    expect(await world.balance(item.address)).toBeLessThanOrEqual(before);
                } else {
                    expect(await world.balance(item.address)).toBeGreaterThanOrEqual((await item.getState()).reserve);
                }
                await restore();
            }
        }
        expect(outcomes).toEqual(new Set([0, UsernameError.below_reserve]));
    });
});
