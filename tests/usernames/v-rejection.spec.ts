import { beginCell, Cell, toNano, type Address } from '@ton/core';

import {
    encodeDnsRecord,
    type ItemStatus,
    recordKey,
    UsernameCollection,
    UsernameError,
    UsernameItem,
    UsernameOp,
} from '../../wrappers';
import { messageFee, outbidFee } from '../../wrappers/usernames/gas';
import { cutAt, signAgain, withTail } from '../helpers/forge';
import {
    exitCode,
    gasFees,
    internalMessage,
    PRICE_LISTS,
    sent,
    START,
    storageFee,
    transactionOn,
    World,
} from '../helpers/world';

type Case = [
    what: string,
    code: number,
    body: (world: World) => Cell,
    options?: { from?: keyof World['people']; value?: string },
];

const UNKNOWN = beginCell().storeUint(0x12345678, 32).storeUint(1, 64).endCell();
const COMMENT = UsernameItem.bidMessage({ comment: 'mine' });
const ENCRYPTED = beginCell().storeUint(UsernameOp.encrypted_comment, 32).storeUint(5, 64).endCell();
const TAIL = beginCell().storeBit(1).endCell();

const transfer = ({ people }: World): Cell =>
    UsernameItem.transferMessage({
        newOwner: people.bob.address,
        responseDestination: people.alice.address,
        forwardAmount: toNano('0.1'),
    });
const start = (world: World): Cell => UsernameItem.startAuctionMessage({ auctionConfig: world.config() });
const cancel = (): Cell => UsernameItem.cancelAuctionMessage();
const settle = (): Cell => UsernameItem.settleMessage();
const edit = (): Cell =>
    UsernameItem.changeDnsRecordMessage({
        key: recordKey('wallet'),
        record: encodeDnsRecord({ type: 'dns_text', text: 'hello' }),
    });
const deploy = ({ people }: World, op: number = UsernameOp.item_deploy): Cell =>
    beginCell()
        .storeUint(op, 32)
        .storeAddress(people.bob.address)
        .storeCoins(toNano('20'))
        .storeBit(0)
        .storeRef(Cell.EMPTY)
        .endCell();
const bid = (): Cell => Cell.EMPTY;

/** Rejected in every state but uninit. */
const ALWAYS: Case[] = [
    ['an unknown op', UsernameError.unknown_op, () => UNKNOWN],
    ['an op cut off', UsernameError.unknown_op, () => cutAt(UNKNOWN, 31)],
    ['a comment cut off', UsernameError.cell_underflow, () => cutAt(COMMENT, 31)],
    ['a deploy from anyone', UsernameError.forbidden_not_deploy, deploy],
    ['the op after it', UsernameError.unknown_op, (world) => deploy(world, UsernameOp.item_deploy + 1)],
    [
        'a static data request with a tail',
        UsernameError.cell_underflow,
        () => withTail(UsernameItem.getStaticDataMessage(), TAIL),
    ],
    [
        'a royalty request cut off',
        UsernameError.cell_underflow,
        () => cutAt(UsernameItem.getRoyaltyParamsMessage(), 95),
    ],
];

/** By state. The item is alice's, who auctions it from 1 TON on; the bid is bob's 2 TON. */
const ITEM_CASES: Record<ItemStatus, Case[]> = {
    uninit: [
        ['a bid', UsernameError.forbidden_not_deploy, bid],
        ['a bid with a comment', UsernameError.forbidden_not_deploy, () => COMMENT],
        ['an unknown op', UsernameError.forbidden_not_deploy, () => UNKNOWN],
        ['a transfer', UsernameError.forbidden_not_deploy, transfer],
        ['a settle', UsernameError.forbidden_not_deploy, settle],
        ['a deploy from anyone', UsernameError.forbidden_not_deploy, deploy],
        [
            'a static data request cut off',
            UsernameError.cell_underflow,
            () => cutAt(UsernameItem.getStaticDataMessage(), 95),
        ],
    ],
    idle: [
        ...ALWAYS,
        ['a bid', UsernameError.no_auction, bid],
        ['a bid with a comment', UsernameError.no_auction, () => COMMENT],
        ['a bid with an encrypted comment', UsernameError.no_auction, () => ENCRYPTED],
        ['a settle', UsernameError.no_auction, settle],
        ['a cancel', UsernameError.no_auction, cancel, { from: 'alice' }],
        ["a stranger's transfer", UsernameError.forbidden_transfer, transfer],
        ["a stranger's record", UsernameError.forbidden_change_dns, edit],
        ["a stranger's start", UsernameError.forbidden_auction, start],
        [
            'a transfer that cannot pay what it forwards',
            UsernameError.not_enough_funds,
            transfer,
            { from: 'alice', value: '0.1' },
        ],
        [
            'a transfer cut off',
            UsernameError.cell_underflow,
            (world) => cutAt(transfer(world), 96 + 267),
            { from: 'alice' },
        ],
        [
            'a start with a tail',
            UsernameError.cell_underflow,
            (world) => withTail(start(world), TAIL),
            { from: 'alice' },
        ],
        ['a record with a tail', UsernameError.cell_underflow, () => withTail(edit(), TAIL), { from: 'alice' }],
    ],
    open: [
        ...ALWAYS,
        ['a low bid', UsernameError.bid_too_low, bid, { value: '0.999999999' }],
        ['a low bid with a comment', UsernameError.bid_too_low, () => COMMENT, { value: '0.999999999' }],
        ["the owner's transfer", UsernameError.forbidden_not_bid, transfer, { from: 'alice' }],
        ["a stranger's record", UsernameError.forbidden_change_dns, edit],
        ['another start', UsernameError.auction_already_started, start, { from: 'alice' }],
        ["a stranger's cancel", UsernameError.forbidden_auction, cancel],
        ['a cancel with a tail', UsernameError.cell_underflow, () => withTail(cancel(), TAIL), { from: 'alice' }],
        ['an early settle', UsernameError.auction_not_ended, settle],
    ],
    auction: [
        ...ALWAYS,
        ['a low bid', UsernameError.bid_too_low, bid, { value: '2.099999999' }],
        ['a low bid with a comment', UsernameError.bid_too_low, () => COMMENT, { value: '2.099999999' }],
        ['a low bid with an encrypted comment', UsernameError.bid_too_low, () => ENCRYPTED, { value: '2.099999999' }],
        ["the owner's transfer", UsernameError.forbidden_not_bid, transfer, { from: 'alice' }],
        ["the owner's record", UsernameError.forbidden_not_bid, edit, { from: 'alice' }],
        ['another start', UsernameError.auction_already_started, start, { from: 'alice' }],
        ['a cancel', UsernameError.already_has_bids, cancel, { from: 'alice' }],
        ['an early settle', UsernameError.auction_not_ended, settle],
        [
            'an explicit bid for no auction',
            UsernameError.no_auction,
            ({ people: { bob } }) =>
                UsernameItem.placeBidMessage({ startedAt: 0, owner: bob.address, refundTo: bob.address }),
        ],
    ],
    ended: [
        ...ALWAYS,
        ["a stranger's transfer", UsernameError.forbidden_transfer, transfer, { from: 'carol' }],
        ["the seller's transfer", UsernameError.forbidden_transfer, transfer, { from: 'alice' }],
        ["the seller's start", UsernameError.forbidden_auction, start, { from: 'alice' }],
        ["the seller's record", UsernameError.forbidden_change_dns, edit, { from: 'alice' }],
        ["the winner's cancel", UsernameError.no_auction, cancel],
        ['a settle with a tail', UsernameError.cell_underflow, () => withTail(settle(), TAIL)],
    ],
};

const COLLECTION_CASES: Case[] = [
    ['nothing', UsernameError.cell_underflow, () => Cell.EMPTY],
    ['a comment', UsernameError.unknown_op, () => COMMENT],
    ['an unknown op', UsernameError.unknown_op, () => UNKNOWN],
    ["the admin's unknown op", UsernameError.unknown_op, () => UNKNOWN, { from: 'admin' }],
    [
        'an order with a signature of another text',
        UsernameError.invalid_signature,
        (world) => signAgain(world.order('alice'), world.people.bob.address),
    ],
    [
        'an order of another subwallet',
        UsernameError.wrong_subwallet_id,
        (world) => world.order('alice', { subwalletId: 6 }),
    ],
    [
        'an order before its time',
        UsernameError.not_yet_valid_signature,
        (world) => world.order('alice', { validSince: START + 1 }),
    ],
    ['an order after its time', UsernameError.expired_signature, (world) => world.order('alice', { validTill: START })],
    ['a name of no bytes', UsernameError.invalid_length, (world) => world.order('', { content: TAIL })],
    ['a name of 33 bytes', UsernameError.invalid_length, (world) => world.order('a'.repeat(33), { content: TAIL })],
    [
        'a bid below the start price',
        UsernameError.bid_too_low,
        (world) => world.order('alice'),
        { value: '0.999999999' },
    ],
    [
        'terms out of bounds',
        UsernameError.invalid_auction_config,
        (world) => world.order('alice', { config: { duration: 59 } }),
    ],
    [
        'an order of another bidder',
        UsernameError.forbidden_bidder,
        (world) => world.order('alice', { restrictions: { forceSender: world.people.carol.address } }),
    ],
    [
        'an excessive royalty',
        UsernameError.invalid_royalty,
        (world) => {
            const destination = world.people.bob.address;
            return world.order('alice', { royalty: { numerator: 26, denominator: 100, destination } });
        },
    ],
    ['an order cut off', UsernameError.invalid_signature, (world) => cutAt(world.order('alice'), 680)],
    ['a signature cut off', UsernameError.cell_underflow, (world) => cutAt(world.order('alice'), 500)],
    [
        'an open mint while there are no terms',
        UsernameError.open_mint_closed,
        () => UsernameCollection.openMintMessage({ name: 'alice' }),
    ],
    ["a stranger's pause", UsernameError.not_admin, () => UsernameCollection.setPausedMessage({ paused: true })],
    [
        'an admin message without its query_id',
        UsernameError.unknown_op,
        () => cutAt(UsernameCollection.setPausedMessage({ paused: true }), 32 + 63),
        { from: 'admin' },
    ],
    [
        'an admin message with a tail',
        UsernameError.cell_underflow,
        () => withTail(UsernameCollection.setPausedMessage({ paused: true }), TAIL),
        { from: 'admin' },
    ],
    ['an acceptance of nothing', UsernameError.nothing_proposed, () => UsernameCollection.acceptAdminMessage()],
    [
        'a royalty request with a tail',
        UsernameError.cell_underflow,
        () => withTail(UsernameCollection.getRoyaltyParamsMessage(), TAIL),
    ],
];

describe('V2: a rejected message leaves nothing behind, bounceable or not', () => {
    let world: World;
    let to: Address;

    describe.each(Object.keys(ITEM_CASES) as ItemStatus[])('an item with status %s', (status) => {
        beforeAll(async () => {
            world = await World.create();
            to = (await world.itemIn(status, 'name')).address;
        });

        it.each(ITEM_CASES[status])('rejects %s with %d', async (_what, code, body, options = {}) => {
            const { from = 'bob', value = '20' } = options;
            await world.expectRejected(world.people[from], to, toNano(value), body(world), code);
        });
    });

    describe('the collection', () => {
        beforeAll(async () => {
            world = await World.create();
        });

        it.each(COLLECTION_CASES)('rejects %s with %d', async (_what, code, body, options = {}) => {
            const { from = 'bob', value = '20' } = options;
            await world.expectRejected(world.people[from], world.collection.address, toNano(value), body(world), code);
        });

        it('rejects every mint with 233 while minting is paused', async () => {
            const { admin, bob } = world.people;
            const { address } = world.collection;
            await world.send(admin, address, toNano('1'), UsernameCollection.setPausedMessage({ paused: true }));
            const orders = [
                world.order('alice', { version: 1 }),
                world.order('alice'),
                UsernameCollection.openMintMessage({ name: 'alice' }),
            ];
            for (const body of orders) {
                await world.expectRejected(bob, address, toNano('20'), body, UsernameError.minting_paused);
            }
        });
    });

    it.each(['idle', 'open', 'auction'] as const)(
        'a mint of a name that is %s goes back to its payer',
        async (status) => {
            const world = await World.create();
            const { bob, carol } = world.people;
            const { address } = await world.itemIn(status, 'name');
            for (const bounce of [true, false]) {
                const [data, balance] = [await world.data(address), await world.balance(address)];
                const restrictions = { rewriteSender: carol.address };
                const { result } = await world.mint('name', { bidder: bob, bounce, restrictions });
                const refused = transactionOn(result, address);
                expect(sent(refused)).toMatchObject([{ to: bob.address, op: UsernameOp.return_bid }]);
                expect(await world.data(address)).toEqualCell(data);
                expect(await world.balance(address)).toBe(balance - storageFee(refused));
            }
        },
    );

    // The exception to the rule
    it('a refund that reaches a contract with the same rule does not go to and fro', async () => {
        const world = await World.create();
        const { bob, carol } = world.people;
        const item = await world.itemIn('auction');
        const other = await world.itemIn('idle');
        for (const refundTo of [item.address, other.address, world.collection.address]) {
            const { startedAt, minBid } = await item.getState();
            const body = UsernameItem.placeBidMessage({ startedAt, owner: bob.address, refundTo });
            await world.send(bob, item.address, minBid, body);
            const result = await world.send(carol, item.address, (await item.getState()).minBid);
            expect(result.transactions.length).toBeLessThan(8);
            const balances = await Promise.all([item.address, refundTo].map((address) => world.balance(address)));
            // The bid is in one of the two: nothing has eaten it
            expect(balances.reduce((sum, balance) => sum + balance, 0n)).toBeGreaterThan(minBid);
        }
    });

    it('a transfer whose notice is too big to be sent comes back whole', async () => {
        const world = await World.create();
        const { alice, bob, carol } = world.people;
        const { address } = await world.owned('alice');
        // Above these leaves are 2,070 cells more: a message may have 8192 (config parameter 43)
        let trees = Array.from({ length: 6200 }, (_, index) => beginCell().storeUint(index, 32).endCell());
        while (trees.length > 1) {
            trees = Array.from({ length: Math.ceil(trees.length / 4) }, (_, index) => {
                const parent = beginCell();
                trees.slice(4 * index, 4 * index + 4).forEach((tree) => parent.storeRef(tree));
                return parent.endCell();
            });
        }
        const [forwardPayload] = trees;
        const body = UsernameItem.transferMessage({
            newOwner: bob.address,
            responseDestination: carol.address,
            forwardAmount: 1n,
            forwardPayload,
        });
        const [data, balance] = [await world.data(address), await world.balance(address)];
        const message = internalMessage(alice.address, address, toNano('100'), body);
        const info = { ...message.info, forwardFee: toNano('1') } as typeof message.info;
        const tx = transactionOn(await world.inject({ ...message, info }), address);
        expect(tx.description).toMatchObject({
            computePhase: { exitCode: 0 },
            actionPhase: { resultCode: 40 },
        });
        expect(tx.outMessages.values().map(({ info }) => info)).toMatchObject([{ bounced: true, dest: alice.address }]);
        const [returned] = sent(tx);
        expect(returned?.value).toBeGreaterThan(toNano('99'));
        expect(await world.data(address)).toEqualCell(data);
        expect(await world.balance(address)).toBe(balance - storageFee(tx));
    });

    // The bound of the rule: what cannot come back is the gas of the message and one message
    describe.each(PRICE_LISTS)('under %s', (_, prices) => {
        it.each(['item', 'collection'])(
            'the %s sends back a question that cannot pay for its answer',
            async (receiver) => {
                const world = await World.create(prices);
                const to = receiver === 'item' ? (await world.owned('alice')).address : world.collection.address;
                const { bob } = world.people;
                const question = UsernameItem.getRoyaltyParamsMessage();
                const [report] = sent(transactionOn(await world.send(bob, to, toNano('1'), question), to));
                const price = toNano('1') - report!.value;
                const before = await world.balance(to);
                for (const [value, bounced] of [
                    [price, false],
                    [price - 1n, true],
                ] as const) {
                    const tx = transactionOn(await world.send(bob, to, value, question), to);
                    expect(tx.outMessages.values().map(({ info }) => info)).toMatchObject([
                        { bounced, dest: bob.address },
                    ]);
                    expect(await world.balance(to)).toBe(before);
                }
            },
        );

        it.each(['item', 'collection'])('the %s gives back what is above gas and one message', async (receiver) => {
            const world = await World.create(prices);
            const to = receiver === 'item' ? (await world.owned('alice')).address : world.collection.address;
            const { bob } = world.people;
            const sample = await world.send(bob, to, toNano('1'), UNKNOWN, { bounce: false });
            const bound = gasFees(transactionOn(sample, to)) + messageFee(prices);
            expect(bound).toBeLessThanOrEqual(2n * outbidFee(prices));

            for (const [above, kept] of [
                [1_000n, 0n],
                [1n, 0n],
                // A message that cannot pay for its way back is not sent
                [-1n, messageFee(prices) - 1n],
            ] as const) {
                const before = await world.balance(to);
                const tx = transactionOn(await world.send(bob, to, bound + above, UNKNOWN, { bounce: false }), to);
                expect(exitCode(tx)).toBe(0);
                expect(sent(tx).map(({ value }) => value)).toEqual(above > 0n ? [above] : []);
                expect(await world.balance(to)).toBe(before + kept);
            }
        });
    });
});
