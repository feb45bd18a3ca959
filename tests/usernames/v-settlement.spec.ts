import { beginCell, Cell, toNano, type Address, type Message, type StateInit } from '@ton/core';
import { createShardAccount } from '@ton/sandbox';

import { loadCode } from '../../compilables/compile';
import { encodeDnsRecord, parseDnsRecords, recordKey, UsernameError, UsernameItem, UsernameOp } from '../../wrappers';
import { messageFee, reserve, settlementFee } from '../../wrappers/usernames/gas';
import { exitCode, isOn, PRICE_LISTS, sent, storageFee, TERMS, TOP_UP, transactionOn, World } from '../helpers/world';

const external = (dest: Address, body: Cell, init?: StateInit): Message => ({
    info: { type: 'external-in', dest, importFee: 0n },
    init,
    body,
});

/** The message is not accepted, and so costs the account nothing. */
async function expectNotAccepted(world: World, message: Message, code: number): Promise<void> {
    const item = message.info.dest as Address;
    const [data, balance] = [await world.data(item), await world.balance(item)];
    await expect(world.chain.sendMessage(message)).rejects.toMatchObject({ exitCode: code });
    expect(await world.data(item)).toEqualCell(data);
    expect(await world.balance(item)).toBe(balance);
}

describe('V8: an unsigned external settles, and does nothing else', () => {
    it('settles an auction that has ended, once', async () => {
        const world = await World.create();
        const { address } = await world.itemIn('ended');
        const result = await world.settleExternally(address);
        expect(sent(transactionOn(result, address))).toHaveLength(3);
        expect((await world.item('ended').getState()).owner).toEqualAddress(world.people.bob.address);
        await expectNotAccepted(world, external(address, Cell.EMPTY), UsernameError.no_auction);
    });

    it.each([
        ['uninit', UsernameError.no_auction],
        ['idle', UsernameError.no_auction],
        ['open', UsernameError.no_auction],
        ['auction', UsernameError.auction_not_ended],
    ] as const)('is not accepted in the state %s', async (status, code) => {
        const world = await World.create();
        const { address } = await world.itemIn(status, 'name');
        await expectNotAccepted(world, external(address, Cell.EMPTY), code);
    });

    it('is not accepted a second before the end, nor after an auction without a bid', async () => {
        const world = await World.create();
        const running = await world.itemIn('auction');
        const open = await world.itemIn('open');
        world.now += TERMS.duration - 1;
        await expectNotAccepted(world, external(running.address, Cell.EMPTY), UsernameError.auction_not_ended);
        world.now += 1;
        await expectNotAccepted(world, external(open.address, Cell.EMPTY), UsernameError.no_auction);
        await world.settleExternally(running.address);
    });

    it.each([
        ['a reference', beginCell().storeRef(Cell.EMPTY).endCell()],
        ['a body in a reference', beginCell().storeBuffer(Buffer.alloc(127)).endCell()],
        [
            'a bulky tree',
            beginCell()
                .storeRef(beginCell().storeBuffer(Buffer.alloc(127, 1)).endCell())
                .storeRef(beginCell().storeBuffer(Buffer.alloc(127, 2)).endCell())
                .endCell(),
        ],
    ])('is not accepted with %s', async (_, body) => {
        const world = await World.create();
        const { address } = await world.itemIn('ended');
        await expectNotAccepted(world, external(address, body), UsernameError.unknown_op);
    });

    it('is not accepted with a StateInit', async () => {
        const world = await World.create();
        const { address } = await world.itemIn('ended');
        const collection = world.collection.address;
        const { init } = UsernameItem.createFromConfig({ collection, name: 'ended' }, loadCode('UsernameItem'));
        await expectNotAccepted(world, external(address, Cell.EMPTY, init), UsernameError.unknown_op);
    });

    it('costs the pot the same, however many bits it has', async () => {
        const left: bigint[] = [];
        for (const body of [Cell.EMPTY, beginCell().storeBuffer(Buffer.alloc(80)).endCell()]) {
            const world = await World.create();
            const { address } = await world.itemIn('ended');
            await world.settleExternally(address, body);
            left.push(await world.balance(address));
        }
        expect(left[0]).toBe(left[1]);
    });

    it.each(PRICE_LISTS)('needs a pot of the reserve and the price of the settlement, under %s', async (_, prices) => {
        const world = await World.create(prices);
        const { address } = await world.itemIn('ended', 'name');
        // What the message itself costs is taken before the contract counts; rent is paid up to now
        await world.send(world.people.dave, address, toNano('0.01'), TOP_UP);
        const least = reserve(prices) + settlementFee(prices) + messageFee(prices);
        const account = await world.chain.getContract(address);

        account.balance = least - 1n;
        await expectNotAccepted(world, external(address, Cell.EMPTY), UsernameError.not_enough_funds);
        account.balance = least;
        await world.remember(address);
        const result = await world.settleExternally(address);
        const tx = transactionOn(result, address);
        expect(tx.description).toMatchObject({ aborted: false, actionPhase: { success: true } });
        expect(await world.balance(address)).toBeGreaterThanOrEqual(reserve(prices));
    });

    it('after a top-up an item that could not settle does', async () => {
        const world = await World.create();
        const { address } = await world.itemIn('ended', 'name');
        const account = await world.chain.getContract(address);
        account.balance = toNano('0.0001');
        await world.remember(address);
        const { carol, bob } = world.people;
        const settle = UsernameItem.settleMessage();
        await world.expectRejected(carol, address, toNano('1'), settle, UsernameError.not_enough_funds);
        await world.send(carol, address, toNano('0.1'), TOP_UP);
        const result = await world.send(carol, address, toNano('1'), settle);
        expect(sent(transactionOn(result, address)).at(-1)).toMatchObject({ to: carol.address, op: UsernameOp.ok });
        expect((await world.item('name').getState()).owner).toEqualAddress(bob.address);
    });
});

describe('V9: a deploy that bounces gives the bidder his money', () => {
    /** Puts an account in the way of a name's deploy: its code ends in an exception, or in an action that fails. */
    const obstruct = async (world: World, name: string, code: string): Promise<Address> => {
        const { address } = world.item(name);
        const codeCell = beginCell().storeBuffer(Buffer.from(code, 'hex')).endCell();
        const balance = toNano('1');
        const account = createShardAccount({ address, code: codeCell, data: Cell.EMPTY, balance });
        await world.chain.setShardAccount(address, account);
        await world.remember(address);
        return address;
    };

    it.each([true, false])('less fees, and nothing of it stays in the collection (bounceable: %s)', async (bounce) => {
        const world = await World.create();
        const { bob } = world.people;
        const { collection } = world;
        // SETCP0, 42 THROW
        const address = await obstruct(world, 'alice', 'ff00f22a');
        const before = await world.balance(collection.address);
        const { result } = await world.mint('alice', { bidder: bob, value: toNano('10'), bounce });
        expect(exitCode(transactionOn(result, address))).toBe(42);
        expect(await world.balance(address)).toBe(toNano('1'));
        const [, bounced] = result.transactions.filter((tx) => isOn(tx, collection.address));
        const [refund] = bounced ? sent(bounced) : [];
        expect(refund).toMatchObject({ to: bob.address, op: UsernameOp.return_bid });
        expect(refund?.value).toBeGreaterThan(toNano('9.98'));
        expect(await world.balance(collection.address)).toBe(before);
    });

    it('goes to the payer, not to whom he bids for', async () => {
        const world = await World.create();
        const { bob, carol } = world.people;
        await obstruct(world, 'alice', 'ff00f22a');
        const restrictions = { rewriteSender: carol.address };
        const { result } = await world.mint('alice', { bidder: bob, value: toNano('10'), restrictions });
        expect(result.transactions.flatMap((tx) => sent(tx)).at(-1)).toMatchObject({
            to: bob.address,
            op: UsernameOp.return_bid,
        });
    });

    it('a bounce that somebody makes up pays out no more than it brings', async () => {
        const world = await World.create();
        const { address } = world.collection;
        const deploy = beginCell()
            .storeUint(UsernameOp.item_deploy, 32)
            .storeAddress(world.people.bob.address)
            .storeCoins(toNano('100'))
            .endCell();
        const body = beginCell().storeUint(0xfffffffe, 32).storeRef(deploy).endCell();
        const before = await world.balance(address);
        const result = await world.inject({
            info: {
                type: 'internal',
                src: world.people.carol.address,
                dest: address,
                value: { coins: toNano('2') },
                bounce: false,
                bounced: true,
                ihrDisabled: true,
                ihrFee: 0n,
                forwardFee: 0n,
                createdAt: 0,
                createdLt: 0n,
            },
            body,
        });
        expect(sent(transactionOn(result, address))[0]?.value).toBeLessThan(toNano('2'));
        expect(await world.balance(address)).toBe(before);
    });
});

describe('V13: records do not survive the name changing hands', () => {
    const key = recordKey('wallet');
    const withRecord = async () => {
        const world = await World.create();
        const { alice } = world.people;
        const item = await world.owned('name');
        const record = encodeDnsRecord({ type: 'dns_smc_address', address: alice.address });
        const body = UsernameItem.changeDnsRecordMessage({ key, record });
        await world.send(alice, item.address, toNano('1'), body);
        const resolve = async () => ({
            one: (await item.getDnsResolve(Buffer.from([0]), key)).value,
            all: parseDnsRecords((await item.getDnsResolve(Buffer.from([0]), 0n)).value).map(({ value }) => value),
            below: (await item.getDnsResolve(Buffer.from('\0sub\0'), key)).value,
        });
        const kept = { one: record, all: [record], below: null };
        expect(await resolve()).toEqual(kept);
        return { world, item, alice, resolve, kept };
    };
    const NOTHING = { one: null, all: [], below: null };

    it('a transfer clears them', async () => {
        const { world, item, alice, resolve } = await withRecord();
        const newOwner = world.people.bob.address;
        const body = UsernameItem.transferMessage({ newOwner, responseDestination: null, forwardAmount: 0n });
        await world.send(alice, item.address, toNano('1'), body);
        expect((await item.getState()).owner).toEqualAddress(newOwner);
        expect(await resolve()).toEqual(NOTHING);
    });

    it('a transfer to oneself keeps them', async () => {
        const { world, item, alice, resolve, kept } = await withRecord();
        const newOwner = alice.address;
        const body = UsernameItem.transferMessage({ newOwner, responseDestination: null, forwardAmount: 0n });
        await world.send(alice, item.address, toNano('1'), body);
        expect(await resolve()).toEqual(kept);
    });

    it('an auction keeps them while it runs, and an auction without a bid for good', async () => {
        const { world, item, resolve, kept } = await withRecord();
        await world.start(item.address);
        expect(await resolve()).toEqual(kept);
        world.now += TERMS.duration;
        expect((await item.getState()).status).toBe('idle');
        expect(await resolve()).toEqual(kept);
        await world.start(item.address);
        expect(await resolve()).toEqual(kept);
    });

    it('a sale clears them, and from its end on nothing is resolved', async () => {
        const { world, item, resolve, kept } = await withRecord();
        await world.start(item.address);
        await world.send(world.people.bob, item.address, toNano('2'));
        world.now += TERMS.duration - 1;
        expect(await resolve()).toEqual(kept);
        world.now += 1;
        expect((await item.getState()).status).toBe('ended');
        expect(await resolve()).toEqual(NOTHING);
        await world.settleExternally(item.address);
        expect(await resolve()).toEqual(NOTHING);
    });

    it('a sale at the maximum clears them at once', async () => {
        const { world, item, resolve } = await withRecord();
        await world.start(item.address, { maxBid: toNano('2') });
        await world.send(world.people.bob, item.address, toNano('2'));
        expect(await resolve()).toEqual(NOTHING);
    });
});

describe('settle', () => {
    it('is for anyone, settles and gives the rest of the value back with ok', async () => {
        const world = await World.create();
        const { carol } = world.people;
        const { address } = await world.itemIn('ended');
        const body = UsernameItem.settleMessage({ queryId: 7n });
        const tx = transactionOn(await world.send(carol, address, toNano('1'), body), address);
        const answer = sent(tx).at(-1);
        expect(answer).toMatchObject({ to: carol.address, op: UsernameOp.ok });
        expect(answer?.value).toBeGreaterThan(toNano('0.99'));
        expect(answer?.body.beginParse().skip(32).loadUintBig(64)).toBe(7n);
        expect(storageFee(tx)).toBeGreaterThan(0n);
    });
});
