import { Address, beginCell, Cell, toNano } from '@ton/core';
import { internal } from '@ton/sandbox';

import {
    encodeDnsRecord,
    gasFee,
    messageFee,
    recordKey,
    uriContent,
    UsernameCollection,
    UsernameError,
    UsernameItem,
    UsernameOp,
} from '../../wrappers';
import { cutAt, FOREIGN_ADDRESSES, signAgain, withAddress, withRef, withTail } from '../helpers/forge';
import { Random } from '../helpers/random';
import {
    exitCode,
    type Person,
    PRICE_LISTS,
    sent,
    START,
    storageFee,
    TOP_UP,
    transactionOn,
    World,
} from '../helpers/world';

const UNKNOWN = beginCell().storeUint(0x12345678, 32).storeUint(1, 64).endCell();
const CELL_UNDERFLOW = 9;
const KEY = recordKey('wallet');
const RECORD = encodeDnsRecord({ type: 'dns_text', text: 'hello' });

const plainComment = (text: string): Cell => UsernameItem.bidMessage({ comment: text });
const ENCRYPTED = beginCell().storeUint(UsernameOp.encrypted_comment, 32).storeUint(5, 64).endCell();

describe('V1: every address is checked for its form and its workchain', () => {
    let world: World;
    let owned: Address;
    let running: Address;
    const stranger = new Random('V1').address();

    beforeAll(async () => {
        world = await World.create();
        owned = (await world.owned('owned')).address;
        running = (await world.mint('running')).item.address;
    });

    type Attempt = { from?: Person; to: Address; body: Cell };
    const mint = (alter: (message: Cell) => Cell, terms: Parameters<World['order']>[1] = {}): Attempt => {
        const to = world.collection.address;
        return { to, body: signAgain(alter(world.order('fresh', terms)), to) };
    };
    /** An altered cell in the place of a reference of the message. */
    const inRef = (index: number, offset: number, alter: (cell: Cell, offset: number) => Cell) => (message: Cell) =>
        withRef(message, index, alter(message.refs[index] ?? Cell.EMPTY, offset));
    const royalty = { numerator: 1, denominator: 10, destination: stranger };

    const positions: [string, (alter: (cell: Cell, offset: number) => Cell) => Attempt][] = [
        ['the beneficiary of a mint', (alter) => mint(inRef(1, 0, alter))],
        ['the royalty destination of a mint', (alter) => mint(inRef(2, 32, alter), { royalty })],
        [
            'the force_sender of a mint',
            (alter) => mint(inRef(2, 1, alter), { restrictions: { forceSender: world.people.bob.address } }),
        ],
        [
            'the rewrite_sender of a mint',
            (alter) => mint(inRef(2, 2, alter), { restrictions: { rewriteSender: stranger } }),
        ],
        [
            'the beneficiary of an auction that the owner starts',
            (alter) => {
                const message = UsernameItem.startAuctionMessage({ auctionConfig: world.config() });
                return { from: world.people.alice, to: owned, body: inRef(0, 0, alter)(message) };
            },
        ],
        [
            'the new owner of a transfer',
            (alter) => {
                const message = UsernameItem.transferMessage({
                    newOwner: stranger,
                    responseDestination: world.people.alice.address,
                    forwardAmount: 0n,
                });
                return { from: world.people.alice, to: owned, body: alter(message, 96) };
            },
        ],
        [
            'the owner of an explicit bid',
            (alter) => {
                const message = { startedAt: START, owner: stranger, refundTo: world.people.bob.address };
                return { to: running, body: alter(UsernameItem.placeBidMessage(message), 128) };
            },
        ],
        [
            'the refund address of an explicit bid',
            (alter) => {
                const message = { startedAt: START, owner: stranger, refundTo: world.people.bob.address };
                return { to: running, body: alter(UsernameItem.placeBidMessage(message), 128 + 267) };
            },
        ],
        [
            'the destination of the collection royalty',
            (alter) => ({
                from: world.people.admin,
                to: world.collection.address,
                body: alter(UsernameCollection.setRoyaltyMessage({ royalty }), 96 + 32),
            }),
        ],
        [
            'a proposed admin',
            (alter) => ({
                from: world.people.admin,
                to: world.collection.address,
                body: alter(UsernameCollection.proposeAdminMessage({ admin: stranger }), 96),
            }),
        ],
    ];

    describe.each(positions)('%s', (_, attempt) => {
        it('is taken in workchain 0', async () => {
            const before = world.chain.snapshot();
            const { from = world.people.bob, to, body } = attempt((cell) => cell);
            const result = await world.send(from, to, toNano('20'), body);
            expect(exitCode(transactionOn(result, to))).toBe(0);
            await world.chain.loadFrom(before);
            await Promise.all([from.address, to, running, owned].map((address) => world.remember(address)));
        });

        it.each(FOREIGN_ADDRESSES)('is not %s', async (_form, address) => {
            const { from = world.people.bob, to, body } = attempt((cell, offset) => withAddress(cell, offset, address));
            await world.expectRejected(from, to, toNano('20'), body, UsernameError.wrong_workchain);
        });

        it('is not cut off', async () => {
            const { from = world.people.bob, to, body } = attempt((cell, offset) => cutAt(cell, offset + 100));
            await world.expectRejected(from, to, toNano('20'), body, CELL_UNDERFLOW);
        });
    });

    describe('the response destination of a transfer', () => {
        const message = (): Cell =>
            UsernameItem.transferMessage({ newOwner: stranger, responseDestination: stranger, forwardAmount: 0n });

        it.each(FOREIGN_ADDRESSES.slice(1))('is not %s', async (_, address) => {
            const body = withAddress(message(), 96 + 267, address);
            await world.expectRejected(world.people.alice, owned, toNano('1'), body, UsernameError.wrong_workchain);
        });

        it('is not cut off', async () => {
            const body = cutAt(message(), 96 + 267 + 100);
            await world.expectRejected(world.people.alice, owned, toNano('1'), body, CELL_UNDERFLOW);
        });
    });
});

describe('V2: a rejected message leaves nothing behind, bounceable or not', () => {
    type Case = [
        what: string,
        code: number,
        body: (world: World) => Cell,
        options?: { from?: keyof World['people']; value?: string },
    ];
    const { alice, seller, bob } = { alice: 'alice', seller: 'seller', bob: 'bob' } as const;
    const transfer = ({ people }: World): Cell =>
        UsernameItem.transferMessage({
            newOwner: people.bob.address,
            responseDestination: people.alice.address,
            forwardAmount: toNano('0.1'),
        });
    const start = (world: World): Cell => UsernameItem.startAuctionMessage({ auctionConfig: world.config() });
    const cancel = (): Cell => UsernameItem.cancelAuctionMessage();
    const settle = (): Cell => UsernameItem.settleMessage();
    const edit = (): Cell => UsernameItem.changeDnsRecordMessage({ key: KEY, record: RECORD });
    const deploy = ({ people }: World): Cell =>
        beginCell()
            .storeUint(UsernameOp.item_deploy, 32)
            .storeAddress(people.bob.address)
            .storeCoins(toNano('20'))
            .storeRef(Cell.EMPTY)
            .endCell();
    const bid = (): Cell => Cell.EMPTY;

    /** Rejected in every state of an item that has one, an ended auction included. */
    const always: Case[] = [
        ['an unknown op', UsernameError.unknown_op, () => UNKNOWN],
        ['an op cut off', CELL_UNDERFLOW, () => beginCell().storeUint(0x1234567, 31).endCell()],
        ['a transfer cut off', CELL_UNDERFLOW, (world) => cutAt(transfer(world), 96 + 8), { from: alice }],
        ['a deploy from anyone', UsernameError.forbidden_not_deploy, deploy],
        [
            'a static data request with a tail',
            CELL_UNDERFLOW,
            () => withTail(UsernameItem.getStaticDataMessage(), Cell.EMPTY.asBuilder().storeBit(1).endCell()),
        ],
        ['a royalty request cut off', CELL_UNDERFLOW, () => cutAt(UsernameItem.getRoyaltyParamsMessage(), 95)],
    ];
    const states: [string, (world: World) => Promise<Address>, Case[]][] = [
        [
            'an item without state',
            async (world) => {
                const { address } = world.item('alice');
                const { init } = UsernameItem.createFromConfig(
                    { collection: world.collection.address, name: 'alice' },
                    (await world.collection.getState()).itemCode,
                );
                await world.send(world.people.bob, address, toNano('1'), TOP_UP, { init });
                return address;
            },
            [
                ['a bid', UsernameError.forbidden_not_deploy, bid],
                ['a bid with a comment', UsernameError.forbidden_not_deploy, () => plainComment('mine')],
                ['an unknown op', UsernameError.forbidden_not_deploy, () => UNKNOWN],
                ['a transfer', UsernameError.forbidden_not_deploy, transfer],
                ['a settle', UsernameError.forbidden_not_deploy, settle],
                ['a deploy from anyone', UsernameError.forbidden_not_deploy, deploy],
                ['a static data request cut off', CELL_UNDERFLOW, () => cutAt(UsernameItem.getStaticDataMessage(), 95)],
            ],
        ],
        [
            'an idle item',
            async (world) => (await world.owned('alice')).address,
            [
                ...always,
                ['a bid', UsernameError.no_auction, bid],
                ['a bid with a comment', UsernameError.no_auction, () => plainComment('mine')],
                ['a bid with an encrypted comment', UsernameError.no_auction, () => ENCRYPTED],
                ['a settle', UsernameError.no_auction, settle],
                ['a cancel', UsernameError.no_auction, cancel, { from: alice }],
                ["a stranger's transfer", UsernameError.forbidden_transfer, transfer],
                ["a stranger's record", UsernameError.forbidden_change_dns, edit],
                ["a stranger's start", UsernameError.forbidden_auction, start],
                [
                    'a transfer that cannot pay its forward amount',
                    UsernameError.not_enough_funds,
                    transfer,
                    { from: alice, value: '0.1' },
                ],
                ['a start with a tail', CELL_UNDERFLOW, (world) => withTail(start(world), RECORD), { from: alice }],
                ['a record with a tail', CELL_UNDERFLOW, () => withTail(edit(), RECORD), { from: alice }],
            ],
        ],
        [
            'an open auction',
            async (world) => {
                const item = await world.owned('alice');
                await world.send(world.people.alice, item.address, toNano('1'), start(world));
                return item.address;
            },
            [
                ...always,
                ['a low bid', UsernameError.bid_too_low, bid, { value: '0.999999999' }],
                [
                    'a low bid with a comment',
                    UsernameError.bid_too_low,
                    () => plainComment('mine'),
                    { value: '0.999999999' },
                ],
                ["the owner's transfer", UsernameError.forbidden_not_bid, transfer, { from: alice }],
                ["a stranger's record", UsernameError.forbidden_change_dns, edit],
                ['another start', UsernameError.auction_already_started, start, { from: alice }],
                ["a stranger's cancel", UsernameError.forbidden_auction, cancel],
                ['a cancel with a tail', CELL_UNDERFLOW, () => withTail(cancel(), RECORD), { from: alice }],
                ['an early settle', UsernameError.auction_not_ended, settle],
            ],
        ],
        [
            'a running auction',
            async (world) => {
                const item = await world.owned('alice');
                await world.send(world.people.alice, item.address, toNano('1'), start(world));
                await world.send(world.people.carol, item.address, toNano('10'));
                return item.address;
            },
            [
                ...always,
                ['a low bid', UsernameError.bid_too_low, bid, { value: '10.499999999' }],
                [
                    'a low bid with a comment',
                    UsernameError.bid_too_low,
                    () => plainComment('mine'),
                    { value: '10.499999999' },
                ],
                ['a low bid with an encrypted comment', UsernameError.bid_too_low, () => ENCRYPTED, { value: '10.4' }],
                ['a bid with a broken comment', CELL_UNDERFLOW, () => beginCell().storeUint(0, 31).endCell()],
                ["the owner's transfer", UsernameError.forbidden_not_bid, transfer, { from: alice }],
                ["the owner's record", UsernameError.forbidden_not_bid, edit, { from: alice }],
                ['another start', UsernameError.auction_already_started, start, { from: alice }],
                ['a cancel', UsernameError.already_has_bids, cancel, { from: alice }],
                ['an early settle', UsernameError.auction_not_ended, settle],
                [
                    'an explicit bid for no auction',
                    UsernameError.no_auction,
                    ({ people }) =>
                        UsernameItem.placeBidMessage({
                            startedAt: 0,
                            owner: people.bob.address,
                            refundTo: people.bob.address,
                        }),
                ],
            ],
        ],
        [
            'an ended auction',
            async (world) => {
                const { item } = await world.mint('alice');
                world.now += 3600;
                return item.address;
            },
            [
                ...always,
                ["a stranger's transfer", UsernameError.forbidden_transfer, transfer],
                ["the seller's start", UsernameError.forbidden_auction, start, { from: seller }],
                ["the winner's cancel", UsernameError.no_auction, cancel, { from: alice }],
                ["a stranger's record", UsernameError.forbidden_change_dns, edit, { from: bob }],
                ['a settle with a tail', CELL_UNDERFLOW, () => withTail(settle(), RECORD)],
            ],
        ],
    ];

    describe.each(states)('%s', (_, prepare, cases) => {
        let world: World;
        let item: Address;

        beforeAll(async () => {
            world = await World.create();
            item = await prepare(world);
        });

        it.each(cases)('rejects %s with %d', async (_what, code, body, { from = 'bob', value = '20' } = {}) => {
            await world.expectRejected(world.people[from], item, toNano(value), body(world), code);
        });
    });

    describe('the collection', () => {
        let world: World;

        beforeAll(async () => {
            world = await World.create();
        });

        const long = beginCell()
            .storeUint(0, 8)
            .storeStringTail('x'.repeat(127 * 4))
            .endCell();
        const cases: Case[] = [
            ['nothing', CELL_UNDERFLOW, () => Cell.EMPTY],
            ['a comment', UsernameError.unknown_op, () => plainComment('hello')],
            ['an unknown op', UsernameError.unknown_op, () => UNKNOWN],
            [
                'an order of another signer',
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
            [
                'an order after its time',
                UsernameError.expired_signature,
                (world) => world.order('alice', { validTill: START }),
            ],
            ['a name without letters', UsernameError.invalid_length, (world) => world.order('')],
            [
                'a name of 33 bytes',
                UsernameError.invalid_length,
                (world) => world.order('a'.repeat(33), { content: uriContent('') }),
            ],
            ['content of 5 cells', UsernameError.content_too_large, (world) => world.order('alice', { content: long })],
            [
                'a bid below the start price',
                UsernameError.bid_too_low,
                (world) => world.order('alice'),
                { value: '0.999999999' },
            ],
            [
                'bad terms',
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
                (world) =>
                    world.order('alice', {
                        royalty: { numerator: 26, denominator: 100, destination: world.people.bob.address },
                    }),
            ],
            ['a mint cut off', UsernameError.invalid_signature, (world) => cutAt(world.order('alice'), 700)],
            ['a mint without a whole signature', CELL_UNDERFLOW, (world) => cutAt(world.order('alice'), 500)],
            [
                'an open mint while there are no terms',
                UsernameError.open_mint_closed,
                () => UsernameCollection.openMintMessage({ name: 'alice' }),
            ],
            [
                "a stranger's pause",
                UsernameError.not_admin,
                () => UsernameCollection.setPausedMessage({ paused: true }),
            ],
            ['an acceptance of nothing', UsernameError.nothing_proposed, () => UsernameCollection.acceptAdminMessage()],
            [
                'a royalty request with a tail',
                CELL_UNDERFLOW,
                () => withTail(UsernameCollection.getRoyaltyParamsMessage(), RECORD),
            ],
        ];

        it.each(cases)('rejects %s with %d', async (_what, code, body, { value = '20' } = {}) => {
            const { bob } = world.people;
            await world.expectRejected(bob, world.collection.address, toNano(value), body(world), code);
        });
    });

    it('gives a mint of a name that exists back to its payer, and leaves the item as it is', async () => {
        const world = await World.create();
        const { item } = await world.mint('alice');
        for (const bounce of [true, false]) {
            const [data, balance] = [await world.data(item.address), await world.balance(item.address)];
            const { result } = await world.mint('alice', { bidder: world.people.bob, bounce });
            const refused = transactionOn(result, item.address);
            expect(sent(refused)).toMatchObject([{ to: world.people.bob.address, op: UsernameOp.return_bid }]);
            expect(await world.data(item.address)).toEqualCell(data);
            expect(await world.balance(item.address)).toBe(balance - storageFee(refused));
        }
    });

    describe.each(PRICE_LISTS)('under %s', (_, prices) => {
        // What the sender cannot get back is bounded by what the message costs: its gas and one message
        it.each([
            ['an item', UNKNOWN, UsernameError.unknown_op],
            ['the collection', UNKNOWN, UsernameError.unknown_op],
        ])('%s gives back all that is above gas and one message, down to a nanoton', async (receiver, body) => {
            const world = await World.create(prices);
            const to = receiver === 'an item' ? (await world.owned('alice')).address : world.collection.address;
            const { bob } = world.people;
            const sample = await world.send(bob, to, toNano('1'), body, { bounce: false });
            const { description } = transactionOn(sample, to);
            const compute = description.type === 'generic' ? description.computePhase : undefined;
            const gas = compute?.type === 'vm' ? compute.gasFees : 0n;
            const bound = gas + messageFee(prices);
            for (const extra of [1n, 1_000n]) {
                const before = await world.balance(to);
                const result = await world.send(bob, to, bound + extra, body, { bounce: false });
                expect(sent(transactionOn(result, to))).toMatchObject([{ to: bob.address, value: extra }]);
                expect(await world.balance(to)).toBe(before);
            }
            // Below the bound the message is too small to be sent back: it pays for the gas and loses less than the bound
            const before = await world.balance(to);
            const result = await world.send(bob, to, bound - 1n, body, { bounce: false });
            expect(sent(transactionOn(result, to))).toEqual([]);
            expect(await world.balance(to)).toBe(before + messageFee(prices) - 1n);
        });

        it('the bound is no more than the price of an outbid', async () => {
            const world = await World.create(prices);
            const item = await world.owned('alice');
            for (const to of [item.address, world.collection.address]) {
                const bound = gasFee(prices, 4000) + messageFee(prices);
                const result = await world.send(world.people.bob, to, bound, UNKNOWN, { bounce: false });
                expect(sent(transactionOn(result, to))).toMatchObject([{ to: world.people.bob.address }]);
            }
        });
    });
});

describe('V3: only #topup tops up', () => {
    it.each([true, false])(
        'the late bid of the winner settles and comes back to him (bounceable: %s)',
        async (bounce) => {
            const world = await World.create();
            const { alice } = world.people;
            const { item } = await world.mint('alice');
            world.now += 3600;
            const result = await world.send(alice, item.address, toNano('5'), Cell.EMPTY, { bounce });
            const tx = transactionOn(result, item.address);
            const returned = sent(tx).at(-1);
            expect(returned).toMatchObject({ to: alice.address, op: UsernameOp.return_bid });
            expect(returned?.value).toBeGreaterThan(toNano('4.9'));
            const { status, owner, reserve } = await item.getState();
            expect({ status, owner }).toEqual({ status: 'idle', owner: alice.address });
            expect((await world.balance(item.address)) - reserve).toBeLessThan(toNano('0.01'));
        },
    );

    it("after the settlement a bid of the winner is refused as anyone else's", async () => {
        const world = await World.create();
        const { item } = await world.mint('alice');
        world.now += 3600;
        await world.settleExternally(item.address);
        for (const person of [world.people.alice, world.people.bob]) {
            await world.expectRejected(person, item.address, toNano('5'), Cell.EMPTY, UsernameError.no_auction);
        }
    });

    it('a #topup stays, settles nothing and wins nothing, from anyone and in any state', async () => {
        const world = await World.create();
        const { item } = await world.mint('alice', { config: { maxBid: toNano('50') } });
        const sendTopUp = async (): Promise<void> => {
            const [data, balance] = [await world.data(item.address), await world.balance(item.address)];
            const result = await world.send(world.people.dave, item.address, toNano('60'), TOP_UP, { bounce: false });
            const tx = transactionOn(result, item.address);
            expect(sent(tx)).toEqual([]);
            expect(await world.data(item.address)).toEqualCell(data);
            expect(await world.balance(item.address)).toBe(balance + toNano('60') - tx.totalFees.coins);
        };
        await sendTopUp();
        world.now += 3600;
        expect((await item.getState()).status).toBe('ended');
        await sendTopUp();
        await world.settleExternally(item.address);
        await sendTopUp();
    });
});

describe('V4: a late bid settles, and comes back in the same run', () => {
    const lateBids: [string, (world: World) => Cell][] = [
        ['without a comment', () => Cell.EMPTY],
        ['with a comment', () => plainComment('too late?')],
        ['with an encrypted comment', () => ENCRYPTED],
        [
            'for somebody else',
            ({ people }) =>
                UsernameItem.placeBidMessage({
                    startedAt: START,
                    owner: people.carol.address,
                    refundTo: people.bob.address,
                }),
        ],
    ];

    it.each(lateBids.flatMap(([what, body]) => [true, false].map((bounce) => ({ what, body, bounce }))))(
        '$what (bounceable: $bounce)',
        async ({ body, bounce }) => {
            const world = await World.create();
            const { alice, bob, author, seller } = world.people;
            const { item } = await world.mint('alice', { value: toNano('10') });
            world.now += 3600;
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

    it('takes nothing from the pot for the bid that comes back', async () => {
        const pots: bigint[] = [];
        for (const value of [toNano('3'), toNano('300')]) {
            const world = await World.create();
            const { item } = await world.mint('alice');
            world.now += 3600;
            const tx = transactionOn(await world.send(world.people.bob, item.address, value), item.address);
            const [royalty, payout, , returned] = sent(tx);
            pots.push((royalty?.value ?? 0n) + (payout?.value ?? 0n));
            expect(value - (returned?.value ?? 0n)).toBeLessThan(toNano('0.01'));
        }
        expect(pots[0]).toBe(pots[1]);
    });

    it('a message that is rejected for another reason reverts the settlement, and the next one settles', async () => {
        const world = await World.create();
        const { alice, bob } = world.people;
        const { item } = await world.mint('alice');
        world.now += 3600;
        await world.expectRejected(bob, item.address, toNano('1'), UNKNOWN, UsernameError.unknown_op);
        expect((await item.getState()).status).toBe('ended');
        const transfer = UsernameItem.transferMessage({
            newOwner: bob.address,
            responseDestination: alice.address,
            forwardAmount: 0n,
        });
        const result = await world.send(alice, item.address, toNano('1'), transfer);
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
    it.each(['first', 'second', 'third'])('for random bids of every kind (seed %s)', async (seed) => {
        const random = new Random(seed);
        const world = await World.create();
        const { alice, bob, carol, dave } = world.people;
        const bidders = [alice, bob, carol, dave];
        const { item } = await world.mint('alice', {
            value: toNano('2'),
            config: { maxBid: toNano('6'), duration: 400, minExtendTime: 60 },
        });
        for (let step = 0; step < 40; step++) {
            world.now += random.below(60);
            const from = bidders[random.below(4)] ?? alice;
            const before = await item.getState();
            // Around the minimum, to the nanoton; now and then far above the maximum
            const around = before.minBid + BigInt(random.below(3)) - 1n + (random.boolean() ? random.uint(29) : 0n);
            const value = random.below(12) === 0 ? toNano('9') : around < toNano('0.1') ? toNano('1') : around;
            const startedAt = random.below(4) === 0 ? START - 1 : before.startedAt || START;
            const explicit = { startedAt, owner: bob.address, refundTo: carol.address };
            const bodies = [Cell.EMPTY, plainComment('hi'), ENCRYPTED, UsernameItem.placeBidMessage(explicit)];
            const kind = random.below(4);
            const [owner, refundTo] = kind === 3 ? [bob, carol] : [from, from];
            const [data, balance] = [await world.data(item.address), await world.balance(item.address)];

            const bounce = random.boolean();
            const result = await world.send(from, item.address, value, bodies[kind], { bounce });
            const tx = transactionOn(result, item.address);
            const isLive = before.status === 'auction' && (kind !== 3 || startedAt === before.startedAt);
            const messages = sent(tx);
            if (isLive && value >= before.minBid) {
                const after = await item.getState();
                const bid = value < before.maxBid ? value : before.maxBid;
                expect(messages[0]).toMatchObject({ to: before.refundTo, op: UsernameOp.outbid, value: before.bid });
                if (bid === before.maxBid) {
                    expect(after).toMatchObject({ status: 'idle', owner: owner.address });
                } else {
                    const { status, bidder, bid: price } = after;
                    expect({ status, bidder, price }).toEqual({ status: 'auction', bidder: owner.address, price: bid });
                    expect(after.refundTo).toEqualAddress(refundTo.address);
                }
            } else {
                // Everything but what it burnt itself comes back
                const back = messages.at(-1);
                const fees = tx.totalFees.coins - storageFee(tx);
                expect(back?.to).toEqualAddress(exitCode(tx) === 0 ? refundTo.address : from.address);
                expect(back?.value).toBeGreaterThan(value - fees - toNano('0.001'));
                if (before.status !== 'ended') {
                    expect(messages).toHaveLength(1);
                    expect(await world.data(item.address)).toEqualCell(data);
                    expect(await world.balance(item.address)).toBe(balance - storageFee(tx));
                }
            }
        }
    });

    it('a rewrite_sender whose refund could not be sent is refused at the mint', async () => {
        const world = await World.create();
        const { address } = world.collection;
        const order = world.order('alice', { restrictions: { rewriteSender: new Random('V7').address() } });
        for (const [, foreign] of FOREIGN_ADDRESSES) {
            const restrictions = withAddress(order.refs[2] ?? Cell.EMPTY, 2, foreign);
            const body = signAgain(withRef(order, 2, restrictions), address);
            await world.expectRejected(world.people.bob, address, toNano('2'), body, UsernameError.wrong_workchain);
        }
    });

    it('a refund that the balance does not hold is never tried: the bid comes back instead', async () => {
        for (const body of [Cell.EMPTY, plainComment('hi')]) {
            const world = await World.create();
            const { item } = await world.mint('alice', { value: toNano('10') });
            // No operation of the item leads here; the refund of 10 and its message need more than the bid that brings them
            (await world.chain.getContract(item.address)).balance = 0n;
            await world.remember(item.address);
            const data = await world.data(item.address);
            const value = toNano('10.5');
            (await world.chain.getContract(item.address)).balance = 0n;
            const result = await world.send(world.people.bob, item.address, value, body);
            const tx = transactionOn(result, item.address);
            expect(tx.description).toMatchObject({ type: 'generic' });
            expect(await world.data(item.address)).not.toEqualCell(data);
        }
    });
});

describe('V24: a bidder outside workchain 0 is refused', () => {
    let world: World;
    let masterchain: Person;
    let item: Address;

    beforeAll(async () => {
        world = await World.create();
        masterchain = await world.chain.treasury('masterchain', { workchain: -1 });
        await world.remember(masterchain.address);
        item = (await world.mint('running')).item.address;
    });

    it.each([
        ['a bid', Cell.EMPTY],
        ['a bid with a comment', plainComment('hi')],
        ['a bid with an encrypted comment', ENCRYPTED],
    ])('in %s', async (_, body) => {
        await world.expectRejected(masterchain, item, toNano('20'), body, UsernameError.wrong_workchain);
    });

    it.each([1, 2] as const)('in a mint of version %d', async (version) => {
        const body = world.order('fresh', { version });
        const { address } = world.collection;
        await world.expectRejected(masterchain, address, toNano('20'), body, UsernameError.wrong_workchain);
    });

    it('in an open mint', async () => {
        const body = UsernameCollection.openMintMessage({ name: 'fresh' });
        const { address } = world.collection;
        await world.expectRejected(masterchain, address, toNano('20'), body, UsernameError.wrong_workchain);
    });

    it('the same hash in another workchain is neither owner, admin nor collection', async () => {
        const { address } = await world.owned('owned');
        const { alice, admin, bob } = world.people;
        const transfer = { newOwner: bob.address, responseDestination: null, forwardAmount: 0n };
        const deploy = beginCell()
            .storeUint(UsernameOp.item_deploy, 32)
            .storeAddress(bob.address)
            .storeCoins(0)
            .storeRef(Cell.EMPTY)
            .endCell();
        const pause = UsernameCollection.setPausedMessage({ paused: true });
        const cases: [Address, Address, Cell, number][] = [
            [alice.address, address, UsernameItem.transferMessage(transfer), UsernameError.forbidden_transfer],
            [
                alice.address,
                address,
                UsernameItem.deleteDnsRecordMessage({ key: KEY }),
                UsernameError.forbidden_change_dns,
            ],
            [world.collection.address, address, deploy, UsernameError.forbidden_not_deploy],
            [admin.address, world.collection.address, pause, UsernameError.not_admin],
        ];
        for (const [owner, to, body, code] of cases) {
            const from = new Address(-1, owner.hash);
            const message = internal({ from, to, value: toNano('1'), body, bounce: true });
            // The chain and not the world: its ledger knows an account by its hash alone
            const result = await world.chain.sendMessage(message);
            expect(exitCode(transactionOn(result, to))).toBe(code);
        }
    });
});
