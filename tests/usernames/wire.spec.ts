import { beginCell, Cell, type Message, storeStateInit, toNano, type Transaction } from '@ton/core';
import type { SandboxContract } from '@ton/sandbox';

import { nameIndex, recordKey, uriContent, UsernameCollection, UsernameItem, UsernameOp } from '../../wrappers';
import { Schema, type TlbRecord } from '../helpers/tlb';
import { isOn, type Person, START, TERMS, transactionOn, World } from '../helpers/world';

// Every message of section 1.2 as its receiver sees it: order, op, query_id, the body to its last bit, flags and value.

const schema = Schema.load('usernames.tlb');
const QUERY = 0x8000_0000_0000_0001n;
// The same 64 bits where the schema says int64
const SIGNED_QUERY = BigInt.asIntN(64, QUERY);

type Item = SandboxContract<UsernameItem>;
type Seen = { to: string; value: bigint; kind: string; fields: TlbRecord };

describe('what an item sends', () => {
    let world: World;
    let names: Map<string, string>;

    beforeEach(async () => {
        world = await World.create();
        names = new Map(Object.entries(world.people).map(([name, person]) => [person.address.toString(), name]));
    });

    /** The messages of a transaction in their order, decoded to the last bit; none of them bounces or carries a state. */
    function messagesOf(tx: Transaction): Seen[] {
        return tx.outMessages.values().map(({ info, init, body }: Message) => {
            if (info.type !== 'internal') {
                throw new Error('An external message');
            }
            expect({ bounce: info.bounce, bounced: info.bounced, init: init ?? null }).toEqual({
                bounce: false,
                bounced: false,
                init: null,
            });
            const { kind, ...fields } = schema.decodeType('InternalMsgBody', body);
            return { to: names.get(info.dest.toString()) ?? '', value: info.value.coins, kind: String(kind), fields };
        });
    }

    /** Sends a message to the item; gives the item's transaction, its messages and its own logical time. */
    async function send(from: Person, item: Item, value: bigint, body?: Cell, bounce = true) {
        const tx = transactionOn(await world.send(from, item.address, value, body, { bounce }), item.address);
        return { tx, lt: tx.lt, messages: messagesOf(tx) };
    }

    /** The last message alone, with the value that it returned taken off: less than 0.01 TON are fees. */
    function expectReturned(messages: Seen[], to: string, kind: string, fields: TlbRecord, value = toNano('1')): void {
        const last = messages.at(-1);
        expect(last).toMatchObject({ to, kind, fields });
        expect(last?.value).toBeLessThan(value);
        expect(last?.value).toBeGreaterThan(value - toNano('0.01'));
    }

    it('outbid: exactly his bid to the leader who is beaten, one message, by any kind of bid', async () => {
        const { alice, bob, carol, dave } = world.people;
        const { item } = await world.mint('alice', { value: toNano('10') });
        const startedAt = world.now;
        const comment = UsernameItem.bidMessage({ comment: 'a bid' });
        const encrypted = schema.encode('encrypted_comment', { data: uriContent('secret') });
        const longest = beginCell().storeUint(0, 32).storeStringTail('x'.repeat(500)).endCell();
        const forOther = UsernameItem.placeBidMessage({ startedAt, owner: carol.address, refundTo: dave.address });
        let beaten = { to: 'alice', value: toNano('10') };
        for (const [person, body, refundTo] of [
            [bob, Cell.EMPTY, 'bob'],
            [carol, comment, 'carol'],
            [alice, encrypted, 'alice'],
            [bob, longest, 'bob'],
            [bob, forOther, 'dave'],
            [alice, Cell.EMPTY, 'alice'],
        ] as const) {
            const value = beaten.value * 2n;
            const { messages, lt } = await send(person, item, value, body);
            expect(messages).toEqual([{ ...beaten, kind: 'outbid', fields: { query_id: lt } }]);
            beaten = { to: refundTo, value };
        }
    });

    it('a first bid: nothing', async () => {
        const item = await world.itemIn('open');
        expect((await send(world.people.bob, item, toNano('1'))).messages).toEqual([]);
    });

    it('a sale: the royalty, then the seller, then the notice of value 0, with addr_none where nobody owned the name', async () => {
        const { item } = await world.mint('alice', { value: toNano('10') });
        world.now += TERMS.duration;
        const { messages, lt } = await send(world.people.dave, item, toNano('1'), UsernameItem.settleMessage());
        const [royalty, payout, notice] = messages;
        expect(royalty).toEqual({ to: 'author', value: toNano('0.5'), kind: 'payout', fields: { query_id: lt } });
        expect(payout).toMatchObject({ to: 'seller', kind: 'payout', fields: { query_id: lt } });
        const info = schema.encode('sale_info', { bid: toNano('10'), bid_ts: BigInt(START) });
        expect(notice).toEqual({
            to: 'alice',
            value: 0n,
            kind: 'ownership_assigned',
            fields: { query_id: lt, prev_owner: null, forward_payload: { left: info } },
        });
        expect(messages).toHaveLength(4);
        expectReturned(messages, 'dave', 'ok', { query_id: 0n });
    });

    it('a resale: the same with the previous owner, and to the winner’s address, not to the one of refunds', async () => {
        const { bob, carol, dave } = world.people;
        const item = await world.itemIn('open', 'alice');
        const startedAt = world.now;
        world.now += 5;
        const body = UsernameItem.placeBidMessage({ startedAt, owner: carol.address, refundTo: dave.address });
        await send(bob, item, toNano('2'), body);
        world.now += TERMS.duration;
        const { transactions } = await world.settleExternally(item.address);
        const tx = transactions.find((tx) => isOn(tx, item.address))!;
        const info = schema.encode('sale_info', { bid: toNano('2'), bid_ts: BigInt(startedAt + 5) });
        const fields = { query_id: tx.lt, prev_owner: world.people.alice.address, forward_payload: { left: info } };
        const messages = messagesOf(tx);
        expect(messages).toMatchObject([
            { to: 'author', value: toNano('0.1'), kind: 'payout', fields: { query_id: tx.lt } },
            { to: 'seller', kind: 'payout', fields: { query_id: tx.lt } },
            { to: 'carol', value: 0n, kind: 'ownership_assigned' },
        ]);
        expect(messages[2]?.fields).toEqual(fields);
    });

    it('one payout where the royalty’s destination is the seller, none of 0', async () => {
        const { seller, author } = world.people;
        for (const [name, royalty, receivers] of [
            ['same', { numerator: 1, denominator: 4, destination: seller.address }, ['seller']],
            ['zero', { numerator: 0, denominator: 1, destination: author.address }, ['seller']],
            ['both', { numerator: 1, denominator: 4, destination: author.address }, ['author', 'seller']],
        ] as const) {
            const config = { maxBid: toNano('3') };
            const { result, item } = await world.mint(name, { value: toNano('3'), royalty, config });
            const payouts = messagesOf(transactionOn(result, item.address)).filter(({ kind }) => kind === 'payout');
            expect(payouts.map(({ to }) => to)).toEqual(receivers);
        }
    });

    it('a bid of more than the maximum: the refund first, then the sale, then the change exactly', async () => {
        const { bob, carol } = world.people;
        const item = await world.itemIn('idle', 'alice');
        await world.start(item.address, { maxBid: toNano('5') });
        await send(bob, item, toNano('2'));
        const { messages, lt } = await send(carol, item, toNano('12'));
        expect(messages.map(({ to, kind }) => `${kind} ${to}`)).toEqual([
            'outbid bob',
            'payout author',
            'payout seller',
            'ownership_assigned carol',
            'return_bid carol',
        ]);
        expect(messages[0]).toMatchObject({ value: toNano('2'), fields: { query_id: lt } });
        expect(messages[1]).toMatchObject({ value: toNano('0.25'), fields: { query_id: lt } });
        expect(messages[4]).toMatchObject({ value: toNano('7'), fields: { query_id: lt } });
    });

    it('a mint of more than the maximum: the sale, then the change exactly', async () => {
        const config = { maxBid: toNano('5') };
        const { result, item } = await world.mint('alice', { value: toNano('12'), config });
        const tx = transactionOn(result, item.address);
        const messages = messagesOf(tx);
        expect(messages.map(({ to, kind }) => `${kind} ${to}`)).toEqual([
            'payout author',
            'payout seller',
            'ownership_assigned alice',
            'return_bid alice',
        ]);
        expect(messages[3]).toMatchObject({ value: toNano('7'), fields: { query_id: tx.lt } });
    });

    it('a value that cannot bounce and is not accepted: return_bid to the sender', async () => {
        const { alice, bob } = world.people;
        const item = await world.itemIn('auction', 'alice');
        for (const [person, body] of [
            [bob, Cell.EMPTY],
            [alice, UsernameItem.cancelAuctionMessage()],
            [bob, beginCell().storeUint(0xdeadbeef, 32).endCell()],
        ] as const) {
            const { messages, lt } = await send(person, item, toNano('1'), body, false);
            expect(messages).toHaveLength(1);
            const to = person === bob ? 'bob' : 'alice';
            expectReturned(messages, to, 'return_bid', { query_id: lt });
        }
    });

    it('a bid for somebody else that is refused: return_bid to its refund address, whatever its bounce flag', async () => {
        const { bob, carol, dave } = world.people;
        const item = await world.itemIn('auction', 'alice');
        const body = (startedAt: number) =>
            UsernameItem.placeBidMessage({ startedAt, owner: carol.address, refundTo: dave.address });
        for (const [startedAt, value] of [
            [world.now, toNano('1')],
            [world.now - 1, toNano('5')],
        ] as const) {
            for (const bounce of [true, false]) {
                const { messages, lt } = await send(bob, item, value, body(startedAt), bounce);
                expect(messages).toHaveLength(1);
                expectReturned(messages, 'dave', 'return_bid', { query_id: lt }, value);
            }
        }
    });

    it('a late bid: the settlement, then return_bid with the whole bid', async () => {
        const item = await world.itemIn('ended', 'alice');
        const { messages, lt } = await send(world.people.carol, item, toNano('9'));
        expect(messages.map(({ to, kind }) => `${kind} ${to}`)).toEqual([
            'payout author',
            'payout seller',
            'ownership_assigned bob',
            'return_bid carol',
        ]);
        expectReturned(messages, 'carol', 'return_bid', { query_id: lt }, toNano('9'));
    });

    it('ok, with the query_id and the excess, for what the owner does', async () => {
        const item = await world.itemIn('idle', 'alice');
        const { alice } = world.people;
        const key = recordKey('text');
        const auctionConfig = world.config();
        for (const [body, query_id] of [
            [UsernameItem.changeDnsRecordMessage({ queryId: QUERY, key, record: uriContent('a') }), SIGNED_QUERY],
            [UsernameItem.deleteDnsRecordMessage({ key }), 0n],
            [UsernameItem.startAuctionMessage({ queryId: QUERY, auctionConfig }), SIGNED_QUERY],
            [UsernameItem.cancelAuctionMessage({ queryId: 7n }), 7n],
        ] as const) {
            const { messages } = await send(alice, item, toNano('1'), body);
            expect(messages).toHaveLength(1);
            // Of the first ones a part may stay for the reserve
            expect(messages[0]).toMatchObject({ to: 'alice', kind: 'ok', fields: { query_id } });
            expect(messages[0]?.value).toBeGreaterThan(toNano('0.9'));
        }
    });

    it('ok for a settle and for a start with query_id 0, with the excess', async () => {
        const item = await world.itemIn('ended', 'alice');
        const settle = await send(world.people.dave, item, toNano('1'), UsernameItem.settleMessage({ queryId: QUERY }));
        expectReturned(settle.messages, 'dave', 'ok', { query_id: SIGNED_QUERY });
        const start = UsernameItem.startAuctionMessage({ queryId: 0n, auctionConfig: world.config() });
        const { messages } = await send(world.people.bob, item, toNano('1'), start);
        expect(messages).toMatchObject([{ to: 'bob', kind: 'ok', fields: { query_id: 0n } }]);
    });

    it('a transfer: ownership_assigned, then excesses, with the query_id', async () => {
        const { alice, bob, carol } = world.people;
        const item = await world.itemIn('idle', 'alice');
        const body = UsernameItem.transferMessage({
            queryId: QUERY,
            newOwner: bob.address,
            responseDestination: carol.address,
            forwardAmount: toNano('0.2'),
        });
        const { messages } = await send(alice, item, toNano('1'), body);
        expect(messages).toMatchObject([
            { to: 'bob', kind: 'ownership_assigned', value: toNano('0.2'), fields: { query_id: QUERY } },
            { to: 'carol', kind: 'excesses', fields: { query_id: QUERY } },
        ]);
    });

    it('reports of royalty and index, with the query_id', async () => {
        const item = await world.itemIn('idle', 'alice');
        const { author, dave } = world.people;
        const royalty = await send(dave, item, toNano('1'), UsernameItem.getRoyaltyParamsMessage({ queryId: QUERY }));
        expectReturned(royalty.messages, 'dave', 'report_royalty_params', {
            query_id: QUERY,
            numerator: 5n,
            denominator: 100n,
            destination: author.address,
        });
        const index = await send(dave, item, toNano('1'), UsernameItem.getStaticDataMessage({ queryId: QUERY }));
        expectReturned(index.messages, 'dave', 'report_static_data', {
            query_id: QUERY,
            index: nameIndex('alice'),
            collection: world.collection.address,
        });
    });

    it('a second mint of a name: return_bid to the bidder, not to the owner', async () => {
        const { bob, carol } = world.people;
        await world.mint('alice');
        const restrictions = { rewriteSender: carol.address };
        const { result, item } = await world.mint('alice', { bidder: bob, value: toNano('7'), restrictions });
        const tx = transactionOn(result, item.address);
        expectReturned(messagesOf(tx), 'bob', 'return_bid', { query_id: tx.lt }, toNano('7'));
    });
});

describe('what the collection sends', () => {
    it('the deploy: bounceable with the body in the bounce, the state in it, the whole value less fees', async () => {
        const world = await World.create();
        const { alice, carol } = world.people;
        const restrictions = { rewriteSender: carol.address };
        const { result, item } = await world.mint('alice', { value: toNano('10'), restrictions });
        const tx = transactionOn(result, world.collection.address);
        const deploys = tx.outMessages.values();
        expect(deploys).toHaveLength(1);
        const { info, init, body } = deploys[0]!;
        if (info.type !== 'internal' || !init) {
            throw new Error('No deploy');
        }
        expect(info).toMatchObject({ bounce: true, bounced: false, dest: item.address });
        // extra_flags 1 stands where ihr_fee stood: the bounce brings the original body
        expect(info.ihrFee).toBe(1n);
        expect(info.value.coins).toBe(toNano('10') - tx.totalFees.coins - info.forwardFee);
        expect(beginCell().store(storeStateInit(init)).endCell().hash()).toEqual(item.address.hash);
        const data = schema.decodeType('Item', init.data ?? Cell.EMPTY);
        expect(data).toMatchObject({ kind: 'item_uninit', collection: world.collection.address });
        expect(BigInt(`0x${(data['index'] as Buffer).toString('hex')}`)).toBe(nameIndex('alice'));
        const { kind, ...fields } = schema.decodeType('InternalMsgBody', body);
        expect(kind).toBe('item_deploy');
        expect(fields).toMatchObject({
            sender: alice.address,
            bid: toNano('10'),
            state: { kind: 'item_auction', bidder: carol.address.hash, refund_to: alice.address.hash },
        });
    });

    it('non-bounceable answers of the value with the query_id, to the admin and to a request for the royalty', async () => {
        const world = await World.create();
        const { admin, author, dave } = world.people;
        const { address } = world.collection;
        for (const [person, body, expected] of [
            [
                admin,
                UsernameCollection.setPausedMessage({ queryId: QUERY, paused: true }),
                schema.encode('ok', { query_id: SIGNED_QUERY }),
            ],
            [
                dave,
                UsernameCollection.getRoyaltyParamsMessage({ queryId: QUERY }),
                schema.encode('report_royalty_params', {
                    query_id: QUERY,
                    numerator: 5n,
                    denominator: 100n,
                    destination: author.address,
                }),
            ],
        ] as const) {
            const tx = transactionOn(await world.send(person, address, toNano('1'), body), address);
            const [message, ...others] = tx.outMessages.values();
            expect(others).toEqual([]);
            expect(message?.info).toMatchObject({ bounce: false, dest: person.address });
            expect(message?.body).toEqual(expected);
        }
    });

    it('a refused value that cannot bounce: return_bid to the sender', async () => {
        const world = await World.create();
        const { address } = world.collection;
        const unknown = beginCell().storeUint(UsernameOp.transfer, 32).endCell();
        const result = await world.send(world.people.bob, address, toNano('3'), unknown, { bounce: false });
        const tx = transactionOn(result, address);
        const [message] = tx.outMessages.values();
        expect(message?.info).toMatchObject({ bounce: false, dest: world.people.bob.address });
        expect(message?.body).toEqual(schema.encode('return_bid', { query_id: tx.lt }));
    });
});
