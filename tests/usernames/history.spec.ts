import { beginCell, Cell, toNano } from '@ton/core';

import { MAINNET_PRICES, UsernameError, UsernameOp } from '../../wrappers';
import { settlementSplit } from '../../wrappers/usernames/auction';
import { messageFee, UsernameGas } from '../../wrappers/usernames/gas';
import { sent, TERMS, transactionOn, World } from '../helpers/world';

// Bugs that the first public contracts for auctioned names had and repaired
describe("earlier bugs in Telemint's own history", () => {
    it('the previous owner in ownership_assigned is the seller, and addr_none after a mint', async () => {
        const world = await World.create();
        const { alice, bob, carol } = world.people;
        const { item } = await world.mint('name', { bidder: alice });
        const sell = async (price: string): Promise<Cell | undefined> => {
            world.now += TERMS.duration;
            const tx = transactionOn(await world.settleExternally(item.address), item.address);
            const notice = sent(tx).find(({ op }) => op === UsernameOp.ownership_assigned);
            const body = notice?.body.beginParse().skip(32 + 64);
            const prevOwner = body?.loadMaybeAddress();
            // The payload is inline: op, bid, bid_ts
            expect(body?.loadBit()).toBe(false);
            expect(body?.loadUint(32)).toBe(UsernameOp.sale_info);
            expect(body?.loadCoins()).toBe(toNano(price));
            expect(body?.loadUint(32)).toBe(world.now - TERMS.duration);
            expect(body?.remainingBits).toBe(0);
            return prevOwner ? beginCell().storeAddress(prevOwner).endCell() : undefined;
        };
        const as = (address: typeof alice.address): Cell => beginCell().storeAddress(address).endCell();
        expect(await sell('10')).toBeUndefined();
        await world.start(item.address, {}, alice);
        await world.send(bob, item.address, toNano('2'));
        expect(await sell('2')).toEqual(as(alice.address));
        await world.start(item.address, {}, bob);
        await world.send(carol, item.address, toNano('3'));
        expect(await sell('3')).toEqual(as(bob.address));
    });

    it('a royalty is two unsigned numbers of 16 bits', async () => {
        const world = await World.create();
        const { author } = world.people;
        const royalty = { numerator: 10_000, denominator: 65_535, destination: author.address };
        const { item } = await world.mint('name', { royalty });
        expect(await item.getRoyaltyParams()).toEqual(royalty);
        world.now += TERMS.duration;
        const tx = transactionOn(await world.settleExternally(item.address), item.address);
        const value = (toNano('10') * 10_000n) / 65_535n;
        expect(sent(tx)[0]).toMatchObject({ to: author.address, op: UsernameOp.payout, value });
    });

    it('a settlement is saved: it pays once, and the winner has the name', async () => {
        const world = await World.create();
        const { alice, seller } = world.people;
        const { item } = await world.mint('name');
        world.now += TERMS.duration;
        await world.settleExternally(item.address);
        const before = await world.balance(seller.address);
        await expect(world.settleExternally(item.address)).rejects.toMatchObject({
            exitCode: UsernameError.no_auction,
        });
        await world.expectRejected(alice, item.address, toNano('1'), Cell.EMPTY, UsernameError.no_auction);
        expect(await world.balance(seller.address)).toBe(before);
        expect((await item.getState()).owner).toEqualAddress(alice.address);
        expect(await item.getAuctionState()).toBeNull();
    });

    it.each(['uninit', 'idle', 'open', 'auction', 'ended'] as const)(
        'an empty body is read without underflow in the state %s',
        async (status) => {
            const world = await World.create();
            const { address } = await world.itemIn(status, 'name');
            const tx = transactionOn(await world.send(world.people.carol, address, toNano('3')), address);
            const code = { uninit: UsernameError.forbidden_not_deploy, idle: UsernameError.no_auction }[String(status)];
            expect(tx.description).toMatchObject({ computePhase: { exitCode: code ?? 0 } });
        },
    );

    it('a buyer at the maximum pays the beaten bidder out of his own bid, not the seller out of both', async () => {
        const world = await World.create();
        const { alice, bob, author, seller } = world.people;
        const royalty = { numerator: 5, denominator: 100, destination: author.address };
        const { item } = await world.mint('name', { value: toNano('8'), config: { maxBid: toNano('10') }, royalty });
        const before = await world.balance(item.address);
        const tx = transactionOn(await world.send(bob, item.address, toNano('10')), item.address);
        const split = settlementSplit({
            bid: toNano('10'),
            royalty,
            pot: before + toNano('10') - toNano('8') - 2n * messageFee(MAINNET_PRICES),
            prices: MAINNET_PRICES,
            gas: UsernameGas.BUY_NOW_GAS,
        });
        expect(sent(tx)).toMatchObject([
            { to: alice.address, op: UsernameOp.outbid, value: toNano('8') },
            { to: author.address, op: UsernameOp.payout, value: split.royalty },
            { to: seller.address, op: UsernameOp.payout, value: split.payout },
            { to: bob.address, op: UsernameOp.ownership_assigned, value: 0n },
        ]);
        expect(split.payout).toBeLessThan(toNano('9.5'));
    });
});
