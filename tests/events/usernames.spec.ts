import { type Address, beginCell, Cell, type Message, toNano, type Transaction } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';

import {
    type AuctionConfig,
    collectionEvents,
    encodeDnsRecord,
    type ItemEvent,
    itemEventReader,
    itemEvents,
    quoteAdmin,
    readTransaction,
    recordKey,
    signSignerAcceptance,
    UsernameCollection,
    UsernameError,
    UsernameItem,
    UsernameOp,
} from '../../wrappers';
import { keyPairFromSeed } from '@ton/crypto';
import { internalMessage, isOn, sent, START, TERMS, TOP_UP, transactionOn, World } from '../helpers/world';
import { cutAt, withTail } from '../helpers/forge';
import { Random } from '../helpers/random';
import { paidBy } from './oracle';

const FIXED = { initialMinBid: toNano('2'), maxBid: toNano('2') };
const anyAmount = expect.any(BigInt) as unknown as bigint;

/** The events of one transaction without their place, which is checked. */
function shown<E extends object>(read: (tx: Transaction) => E[], tx: Transaction, account: Address): unknown[] {
    return read(tx).map((event) => {
        const place = { account, lt: tx.lt, hash: tx.hash().toString('hex'), time: tx.now };
        expect(event).toMatchObject(place);
        return Object.fromEntries(Object.entries(event).filter(([key]) => !(key in place)));
    });
}

const valueTo = (tx: Transaction, op: number): bigint => sent(tx).find((it) => it.op === op)?.value ?? 0n;

describe('events of an item', () => {
    let world: World;
    let people: World['people'];
    beforeEach(async () => {
        world = await World.create();
        ({ people } = world);
    });

    /** What happened on the item, told without and with what the reader remembers. */
    const on = (result: SendMessageResult, item: Address, read: (tx: Transaction) => ItemEvent[] = itemEvents) =>
        shown(read, transactionOn(result, item), item);

    async function mint(config: Partial<AuctionConfig> = {}, value = toNano('10')) {
        const minted = await world.mint('name', { config, value });
        return { ...minted, address: minted.item.address };
    }

    it('an auction from mint to settlement, with the ends that no message carries', async () => {
        const { alice, bob, carol, seller, author } = people;
        const read = itemEventReader();
        const { result, address } = await mint({}, toNano('10'));
        const auctionConfig = world.config();
        const end = START + TERMS.duration;
        const person = alice.address;
        expect(on(result, address, read)).toEqual([
            {
                type: 'minted',
                name: 'name',
                bidder: person,
                refundTo: person,
                amount: toNano('10'),
                endTime: end,
                auctionConfig,
            },
        ]);

        const bid = await world.send(bob, address, toNano('11'));
        const outbid = { type: 'outbid', to: alice.address, amount: toNano('10') };
        const bobs = { type: 'bid', bidder: bob.address, refundTo: bob.address, amount: toNano('11') };
        expect(on(bid, address)).toEqual([{ ...bobs, endTime: null }, outbid]);
        expect(on(bid, address, read)).toEqual([{ ...bobs, endTime: end }, outbid]);

        world.now = end - 10;
        const { startedAt } = await world.item('name').getState();
        const body = UsernameItem.placeBidMessage({ startedAt, owner: carol.address, refundTo: author.address });
        const late = await world.send(bob, address, toNano('15'), body, { bounce: false });
        const later = world.now + TERMS.minExtendTime;
        expect(on(late, address, read)).toEqual([
            { type: 'bid', bidder: carol.address, refundTo: author.address, amount: toNano('15'), endTime: later },
            { type: 'extended', endTime: later },
            { type: 'outbid', to: bob.address, amount: toNano('11') },
        ]);
        expect(later).toBe((await world.item('name').getState()).endTime);

        world.now = later;
        const settle = await world.send(alice, address, toNano('0.1'), UsernameItem.settleMessage());
        const tx = transactionOn(settle, address);
        const [royalty, payout] = sent(tx);
        const settled = { winner: carol.address, amount: toNano('15'), bidTs: end - 10, previousOwner: null };
        expect(on(settle, address, read)).toEqual([
            { type: 'settled', ...settled, from: alice.address, excess: valueTo(tx, UsernameOp.ok) },
            { type: 'payout', to: author.address, amount: royalty?.value, share: 'royalty' },
            { type: 'payout', to: seller.address, amount: payout?.value, share: 'seller' },
        ]);
        expect(royalty?.value).toBe(toNano('0.75'));
    });

    it('a reader that starts in the middle is told the clock by the getters', async () => {
        const { address, item } = await mint();
        const [state, config] = [await item.getState(), await item.getAuctionConfig()];
        world.now = state.endTime - 1;
        const result = await world.send(people.bob, address, toNano('20'));
        const clock = { endTime: state.endTime, minExtendTime: config!.minExtendTime, duration: config!.duration };
        const endTime = (await item.getState()).endTime;
        expect(on(result, address, itemEventReader(clock))).toMatchObject([
            { type: 'bid', endTime },
            { type: 'extended', endTime },
            { type: 'outbid' },
        ]);
    });

    it('a settlement by a message from outside the chain, and by any other', async () => {
        const { address } = await mint();
        world.now += TERMS.duration;
        const back = world.checkpoint();
        const settled = { type: 'settled', winner: people.alice.address, amount: toNano('10'), excess: 0n };
        const payouts = [
            { type: 'payout', share: 'royalty' },
            { type: 'payout', share: 'seller' },
        ];
        expect(on(await world.settleExternally(address), address)).toMatchObject([
            { ...settled, from: null },
            ...payouts,
        ]);
        await back();
        const record = UsernameItem.deleteDnsRecordMessage({ key: 5n });
        expect(on(await world.send(people.alice, address, toNano('1'), record), address)).toMatchObject([
            { ...settled, from: people.alice.address },
            ...payouts,
            { type: 'record_changed', key: 5n, record: null },
        ]);
        await back();
        const question = UsernameItem.getStaticDataMessage();
        expect(on(await world.send(people.carol, address, toNano('1'), question), address)).toMatchObject([
            { ...settled, from: people.carol.address },
            ...payouts,
        ]);
    });

    it.each([true, false])('a late bid settles and comes back (bounceable: %s)', async (bounce) => {
        const { address } = await mint();
        world.now += TERMS.duration;
        const result = await world.send(people.bob, address, toNano('20'), undefined, { bounce });
        const amount = valueTo(transactionOn(result, address), UsernameOp.return_bid);
        expect(on(result, address)).toMatchObject([
            { type: 'settled', winner: people.alice.address },
            { type: 'payout' },
            { type: 'payout' },
            { type: 'bid_returned', to: people.bob.address, amount, reason: 'late' },
        ]);
    });

    it('a purchase at the maximum, with its change, in an auction and in a mint', async () => {
        const { bob, alice } = people;
        const { result, address } = await mint(FIXED, toNano('5'));
        const [deploy] = on(result, address);
        expect(deploy).toMatchObject({ type: 'minted', amount: toNano('2') });
        const change = { type: 'bid_returned', to: alice.address, amount: toNano('3'), reason: 'change' };
        expect(on(result, address).slice(1)).toMatchObject([
            { type: 'settled', winner: alice.address, amount: toNano('2'), previousOwner: null },
            { type: 'payout', share: 'royalty' },
            { type: 'payout', share: 'seller' },
            change,
        ]);

        await world.start(address, { maxBid: toNano('7'), beneficiary: people.author.address });
        await world.send(bob, address, toNano('3'));
        const bought = await world.send(alice, address, toNano('9'));
        const paid = valueTo(transactionOn(bought, address), UsernameOp.payout);
        const read = itemEventReader({ endTime: START + 3600, minExtendTime: 300, duration: 3600 });
        expect(on(bought, address, read)).toEqual([
            {
                type: 'bid',
                bidder: alice.address,
                refundTo: alice.address,
                amount: toNano('7'),
                endTime: START + 3600,
            },
            { type: 'outbid', to: bob.address, amount: toNano('3') },
            {
                type: 'settled',
                winner: alice.address,
                amount: toNano('7'),
                bidTs: START,
                previousOwner: alice.address,
                from: alice.address,
                excess: 0n,
            },
            // The royalty's address is the seller's
            { type: 'payout', to: people.author.address, amount: paid, share: 'all' },
            { type: 'bid_returned', to: alice.address, amount: toNano('2'), reason: 'change' },
        ]);
    });

    it.each(['auction', 'ended'] as const)('a mint of a name that is taken (%s) comes back', async (status) => {
        const { address } = await world.itemIn(status, 'name');
        const { result } = await world.mint('name', { bidder: people.carol });
        const amount = valueTo(transactionOn(result, address), UsernameOp.return_bid);
        const settlement = status === 'ended' ? [{ type: 'settled' }, { type: 'payout' }, { type: 'payout' }] : [];
        const returned = { type: 'bid_returned', to: people.carol.address, amount, reason: 'taken' };
        expect(on(result, address)).toMatchObject([...settlement, returned]);
    });

    it('what the owner does', async () => {
        const { alice, bob, carol } = people;
        const { address } = await world.owned('name');
        const read = itemEventReader();
        const started = await world.start(address, { delayedStart: true });
        const auctionConfig = world.config({ delayedStart: true });
        const excess = valueTo(transactionOn(started, address), UsernameOp.ok);
        expect(excess).toBeGreaterThan(0n);
        expect(on(started, address, read)).toEqual([
            { type: 'auction_started', from: alice.address, auctionConfig, endTime: 0, excess },
        ]);
        const key = recordKey('wallet');
        const record = encodeDnsRecord({ type: 'dns_text', text: 'hello' });
        const edit = UsernameItem.changeDnsRecordMessage({ key, record });
        expect(on(await world.send(alice, address, toNano('1'), edit), address)).toEqual([
            { type: 'record_changed', from: alice.address, key, record, excess: anyAmount },
        ]);
        const cancel = UsernameItem.cancelAuctionMessage();
        expect(on(await world.send(alice, address, toNano('1'), cancel), address, read)).toEqual([
            { type: 'auction_cancelled', from: alice.address, excess: anyAmount },
        ]);

        world.now += 300;
        on(await world.start(address, { delayedStart: true }), address, read);
        world.now += 5000;
        const first = await world.send(bob, address, toNano('3'));
        expect(on(first, address, read)).toMatchObject([{ type: 'bid', endTime: world.now + TERMS.duration }]);

        world.now += TERMS.duration;
        // It looks like the notice of a sale, but has a value
        const forwardPayload = beginCell()
            .storeUint(UsernameOp.sale_info, 32)
            .storeCoins(toNano('99'))
            .storeUint(world.now, 32)
            .endCell()
            .asSlice();
        const transfer = UsernameItem.transferMessage({
            newOwner: carol.address,
            responseDestination: alice.address,
            forwardAmount: toNano('0.1'),
            forwardPayload,
        });
        const given = await world.send(bob, address, toNano('1'), transfer);
        expect(on(given, address, read)).toMatchObject([
            { type: 'settled', winner: bob.address, amount: toNano('3'), previousOwner: alice.address },
            { type: 'payout' },
            { type: 'payout' },
            {
                type: 'transferred',
                from: bob.address,
                to: carol.address,
                amount: toNano('0.1'),
                excess: valueTo(transactionOn(given, address), UsernameOp.excesses),
                excessTo: alice.address,
            },
        ]);
        const silent = UsernameItem.transferMessage({
            newOwner: bob.address,
            responseDestination: null,
            forwardAmount: 0n,
        });
        expect(on(await world.send(carol, address, toNano('1'), silent), address)).toEqual([
            { type: 'transferred', from: carol.address, to: bob.address, amount: 0n, excess: 0n, excessTo: null },
        ]);
    });

    it('a #topup, and a bid with a comment that only begins so', async () => {
        const { address } = await mint();
        const from = people.carol.address;
        expect(on(await world.send(people.carol, address, toNano('1'), TOP_UP), address)).toEqual([
            { type: 'topped_up', from, amount: toNano('1') },
        ]);
        const comment = beginCell().storeUint(0, 32).storeStringTail('#topup me').endCell();
        expect(on(await world.send(people.carol, address, toNano('20'), comment), address)).toMatchObject([
            { type: 'bid', amount: toNano('20') },
            { type: 'outbid' },
        ]);
    });

    describe('a rejected message', () => {
        it.each([
            ['a low bid', UsernameError.bid_too_low, 'bid_too_low', () => Cell.EMPTY, null],
            ['an early settle', 231, 'auction_not_ended', () => UsernameItem.settleMessage(), UsernameOp.settle],
            ['an op cut off', 208, 'unknown_op', () => cutAt(UsernameItem.settleMessage(), 31), null],
            ['an unknown op', 208, 'unknown_op', () => beginCell().storeUint(7, 64).endCell(), 0],
            [
                'a deploy from anyone',
                213,
                'forbidden_not_deploy',
                () => beginCell().storeUint(UsernameOp.item_deploy, 32).storeUint(0, 99).endCell(),
                UsernameOp.item_deploy,
            ],
            [
                'a tail',
                9,
                'cell_underflow',
                () => withTail(UsernameItem.getStaticDataMessage(), beginCell().storeBit(1).endCell()),
                UsernameOp.get_static_data,
            ],
        ] as const)('%s', async (_what, exitCode, error, body, op) => {
            const { address } = await mint();
            const from = people.bob.address;
            const message = op === 0 ? beginCell().storeUint(0x12345678, 32).endCell() : body();
            const shownOp = op === 0 ? 0x12345678 : op;
            for (const bounce of [true, false]) {
                const result = await world.send(people.bob, address, toNano('1'), message, { bounce });
                const [back] = sent(transactionOn(result, address));
                const why = bounce ? { exitCode, error } : { exitCode: null, error: null };
                expect(on(result, address)).toEqual([
                    { type: 'rejected', from, op: shownOp, value: toNano('1'), ...why, to: from, amount: back?.value },
                ]);
                expect(back?.value).toBeGreaterThan(toNano('0.99'));
            }
        });

        it('a bid for somebody else that cannot be taken, whose value goes to its refund address', async () => {
            const { address } = await mint();
            const to = people.carol.address;
            const body = UsernameItem.placeBidMessage({ startedAt: 5, owner: people.bob.address, refundTo: to });
            const rejected = { type: 'rejected', op: UsernameOp.place_bid, exitCode: null, error: null, to };
            for (const bounce of [true, false]) {
                const result = await world.send(people.bob, address, toNano('20'), body, { bounce });
                expect(on(result, address)).toMatchObject([rejected]);
            }
        });

        it('one whose value does not pay its way back, and one that runs no code', async () => {
            const { address } = await mint();
            const dust = await world.send(people.bob, address, toNano('0.0002'), undefined, { bounce: false });
            expect(sent(transactionOn(dust, address))).toEqual([]);
            expect(on(dust, address)).toMatchObject([{ type: 'rejected', to: null, amount: 0n }]);
            const nowhere = world.item('nobody').address;
            const bounced = await world.send(people.bob, nowhere, toNano('1'));
            expect(on(bounced, nowhere)).toMatchObject([
                { type: 'rejected', exitCode: null, error: null, to: people.bob.address },
            ]);
            const kept = await world.send(people.bob, nowhere, toNano('1'), undefined, { bounce: false });
            expect(on(kept, nowhere)).toEqual([{ type: 'topped_up', from: people.bob.address, amount: toNano('1') }]);
        });
    });

    it('garbage gives nothing or rejected, and throws nothing', async () => {
        const { address } = await mint();
        const contract = await world.chain.getContract(address);
        const random = new Random('events');
        const ops = [...Object.values(UsernameOp), 0xffffffff, 0xfffffffe];
        const kinds = new Set<string>();
        for (let count = 0; count < 200; count += 1) {
            const op = ops[random.below(ops.length)]!;
            const body = cutAt(
                beginCell().storeUint(op, 32).storeSlice(random.cell().asSlice()).endCell(),
                random.below(32) ? 32 : 8,
            );
            const info = internalMessage(people.bob.address, address, toNano('1'), body, random.boolean());
            const tx = readTransaction(await contract.receiveMessage(info, { now: world.now }));
            // What no contract let through: as if it had been taken
            const forged = {
                ...tx,
                isSuccessful: true,
                exitCode: 0,
                outMessages: tx.outMessages.slice(random.below(2)),
            };
            for (const decode of [itemEvents, collectionEvents]) {
                [decode(tx), decode(forged)].flat().forEach(({ type }) => kinds.add(type));
            }
            expect(itemEvents(tx).every(({ type }) => type === 'rejected' || type === 'topped_up')).toBe(true);
        }
        expect(kinds).toContain('rejected');
    });
});

describe('events of a collection', () => {
    let world: World;
    let address: Address;
    beforeEach(async () => {
        world = await World.create();
        ({ address } = world.collection);
    });

    const on = (result: SendMessageResult) => shown(collectionEvents, transactionOn(result, address), address);

    it('its deployment, and mints of both kinds', async () => {
        const { alice, bob, seller, admin } = world.people;
        const openTerms = {
            beneficiary: seller.address,
            minBidStep: 5,
            minExtendTime: 300,
            duration: 3600,
            prices: { 4: toNano('2') },
            contentPrefix: 'https://names.example/',
        };
        const terms = UsernameCollection.setTermsMessage({ openTerms });
        const from = admin.address;
        expect(on(await world.send(admin, address, toNano('1'), terms))).toEqual([
            { type: 'terms_changed', from, openTerms, excess: anyAmount },
        ]);
        const restrictions = { rewriteSender: bob.address };
        const { result, item } = await world.mint('name', { restrictions, value: toNano('3') });
        const mint = { type: 'mint_sent', from: alice.address, refundTo: alice.address };
        expect(on(result)).toEqual([
            {
                ...mint,
                item: item.address,
                amount: toNano('3'),
                name: 'name',
                bidder: bob.address,
                auctionConfig: world.config(),
            },
        ]);
        const body = UsernameCollection.openMintMessage({ name: 'free' });
        expect(on(await world.send(alice, address, toNano('4'), body))).toMatchObject([
            { ...mint, name: 'free', item: world.item('free').address, amount: toNano('4') },
        ]);
    });

    it('what the admin does', async () => {
        const { admin, bob, carol, author } = world.people;
        const from = admin.address;
        const excess = anyAmount;
        const royalty = { numerator: 1, denominator: 10, destination: author.address };
        const signer = keyPairFromSeed(Buffer.alloc(32, 8));
        const { publicKey } = signer;
        const signature = await signSignerAcceptance({
            collection: address,
            globalId: -239,
            signer: signer.secretKey,
        });
        const steps: [Parameters<World['send']>[0], Cell, object][] = [
            [admin, UsernameCollection.setPausedMessage({ paused: true }), { type: 'pause_changed', paused: true }],
            [admin, UsernameCollection.setRoyaltyMessage({ royalty }), { type: 'royalty_changed', royalty }],
            [
                admin,
                UsernameCollection.setTermsMessage({ openTerms: null }),
                { type: 'terms_changed', openTerms: null },
            ],
            [admin, UsernameCollection.proposeSignerMessage({ publicKey }), { type: 'signer_proposed', publicKey }],
            [bob, UsernameCollection.acceptSignerMessage({ signature }), { type: 'signer_changed', from: bob.address }],
            [
                admin,
                UsernameCollection.proposeAdminMessage({ admin: carol.address }),
                { type: 'admin_proposed', admin: carol.address },
            ],
            [
                carol,
                UsernameCollection.acceptAdminMessage(),
                { type: 'admin_changed', from: carol.address, admin: carol.address },
            ],
            [
                carol,
                UsernameCollection.renounceAdminMessage(),
                { type: 'admin_changed', from: carol.address, admin: null },
            ],
        ];
        for (const [person, body, event] of steps) {
            const result = await world.send(person, address, quoteAdmin(world.prices) + toNano('1'), body);
            expect(on(result)).toEqual([{ from, excess, ...event }]);
            expect(paidBy(collectionEvents(transactionOn(result, address)))).toEqual([
                `${person.address.toString()} ${valueTo(transactionOn(result, address), UsernameOp.ok)}`,
            ]);
        }
    });

    it('a rejected mint, a #topup and a question', async () => {
        const { bob } = world.people;
        const from = bob.address;
        const { result } = await world.mint('name', { bidder: bob, value: toNano('0.5') });
        const rejected = { type: 'rejected', from, op: UsernameOp.mint_v2, value: toNano('0.5'), to: from };
        expect(on(result)).toMatchObject([{ ...rejected, error: 'bid_too_low', exitCode: 211 }]);
        expect(on(await world.send(bob, address, toNano('1'), TOP_UP))).toEqual([
            { type: 'topped_up', from, amount: toNano('1') },
        ]);
        const question = UsernameCollection.getRoyaltyParamsMessage();
        expect(on(await world.send(bob, address, toNano('1'), question))).toEqual([]);
    });

    it("a deploy that the item's account refuses gives the bid back, with the error", async () => {
        const { bob } = world.people;
        // An account of the item's code in the wrong state is refused as any other by its own code
        const { item } = await world.mint('name');
        const deploy = (await world.mint('other', { bidder: bob })).result.transactions.find((tx) =>
            isOn(tx, address),
        )!;
        const [out] = deploy.outMessages.values();
        const body = beginCell()
            .storeUint(0xfffffffe, 32)
            .storeRef(out!.body)
            .storeRef(beginCell())
            .storeUint(1, 8)
            .storeInt(UsernameError.forbidden_not_deploy, 32)
            .endCell();
        const bounce: Message = internalMessage(item.address, address, toNano('2'), body, false);
        const result = await world.inject({ ...bounce, info: { ...bounce.info, bounced: true } as Message['info'] });
        const amount = valueTo(transactionOn(result, address), UsernameOp.return_bid);
        expect(amount).toBeGreaterThan(toNano('1.9'));
        const error = 'forbidden_not_deploy';
        expect(on(result)).toEqual([{ type: 'bid_returned', to: bob.address, amount, reason: 'failed', error }]);
    });
});
