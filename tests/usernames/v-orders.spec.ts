import { Address, beginCell, Cell, toNano } from '@ton/core';
import { sign } from '@ton/crypto';
import { createShardAccount } from '@ton/sandbox';

import { loadCode } from '../../compilables/compile';
import {
    mintOrderHash,
    type MintOrder,
    type Royalty,
    signMintOrder,
    uriContent,
    UsernameCollection,
    UsernameError,
    UsernameOp,
} from '../../wrappers';
import { usernameCollectionConfigToCell } from '../../wrappers/usernames/UsernameCollection';
import { signAgain, withFlippedBit, withRef, withSignature, withTail } from '../helpers/forge';
import { Random } from '../helpers/random';
import {
    exitCode,
    GLOBAL_ID,
    SIGNER,
    START,
    SUBWALLET_ID,
    TERMS,
    TOP_UP,
    transactionOn,
    World,
} from '../helpers/world';

const royaltyTo = ({ people: { author } }: World): Royalty => ({
    numerator: 1,
    denominator: 10,
    destination: author.address,
});

/** An order with every reference that an order may have. */
const fullOrder = (world: World, name = 'alice'): Cell =>
    world.order(name, {
        royalty: royaltyTo(world),
        restrictions: { forceSender: world.people.bob.address, rewriteSender: world.people.carol.address },
    });

describe('V10: a signature is bound to what it was given for', () => {
    let world: World;

    beforeAll(async () => {
        world = await World.create();
    });

    const expectRefused = async (body: Cell, code: number): Promise<void> => {
        const { bob } = world.people;
        await world.expectRejected(bob, world.collection.address, toNano('20'), body, code);
    };
    const signedFor = (order: Cell, target: { collection: Address; globalId: number }): Cell =>
        withSignature(order, sign(mintOrderHash(order, target), SIGNER.secretKey));

    it('the order as it was signed is taken', async () => {
        const restore = world.checkpoint();
        const { address } = world.collection;
        const result = await world.send(world.people.bob, address, toNano('20'), fullOrder(world));
        expect(exitCode(transactionOn(result, address))).toBe(0);
        await restore();
    });

    it('the network: testnet is another', async () => {
        const { address } = world.collection;
        await expectRefused(
            signedFor(fullOrder(world), { collection: address, globalId: -3 }),
            UsernameError.invalid_signature,
        );
    });

    it('the collection, and its workchain', async () => {
        const { hash } = world.collection.address;
        for (const collection of [new Address(-1, hash), new Address(0, Buffer.alloc(32, 1))]) {
            const order = signedFor(fullOrder(world), { collection, globalId: GLOBAL_ID });
            await expectRefused(order, UsernameError.invalid_signature);
        }
    });

    it('the version: neither is taken as the other', async () => {
        for (const [version, other] of [
            [1, UsernameOp.mint_v2],
            [2, UsernameOp.mint],
        ] as const) {
            const order = world.order('alice', { version }).beginParse();
            const body = beginCell().storeUint(other, 32).storeSlice(order.skip(32)).endCell();
            await expectRefused(body, UsernameError.invalid_signature);
        }
    });

    it('the purpose: a text without our tag, or with another, is no order', async () => {
        const order = fullOrder(world);
        const { address } = world.collection;
        const [op, rest] = [order.beginParse().preloadUint(32), order.beginParse().skip(32 + 512)];
        // Telemint's signers sign the message from subwallet_id on
        const telemint = beginCell().storeSlice(rest).endCell();
        const acceptance = beginCell()
            .storeUint(0x37675ef4, 32)
            .storeUint(op, 32)
            .storeInt(GLOBAL_ID, 32)
            .storeAddress(address)
            .storeSlice(rest)
            .endCell();
        for (const text of [telemint, acceptance]) {
            const body = withSignature(order, sign(text.hash(), SIGNER.secretKey));
            await expectRefused(body, UsernameError.invalid_signature);
        }
    });

    it('every bit of the message after its signature', async () => {
        const order = fullOrder(world);
        const random = new Random('V10');
        const { address } = world.collection;
        const { bob } = world.people;
        const all = Array.from({ length: order.bits.length - 544 }, (_, at) => 544 + at);
        // And a few of the signature itself
        for (const at of [...all, 32 + random.below(512), 32 + random.below(512), 32 + random.below(512)]) {
            const result = await world.send(bob, address, toNano('20'), withFlippedBit(order, at));
            expect({ at, code: exitCode(transactionOn(result, address)) }).toEqual({
                at,
                code: UsernameError.invalid_signature,
            });
        }
    });

    it('every reference of the message, down to its leaves', async () => {
        const content = beginCell().storeRef(uriContent('leaf')).endCell();
        const order = signAgain(withRef(fullOrder(world), 0, content), world.collection.address);
        expect(order.refs).toHaveLength(4);
        const random = new Random('V10 references');
        const altered = order.refs.flatMap((ref, index) =>
            [ref, ref].map((ref) =>
                ref.bits.length > 0
                    ? withRef(order, index, withFlippedBit(ref, random.below(ref.bits.length)))
                    : withRef(order, index, withRef(ref, 0, uriContent('another'))),
            ),
        );
        for (const body of altered) {
            await expectRefused(body, UsernameError.invalid_signature);
        }
    });

    it('what follows the order, signed or not, is refused', async () => {
        const order = world.order('alice');
        const { address } = world.collection;
        for (const tail of [beginCell().storeBit(0).endCell(), beginCell().storeRef(Cell.EMPTY).endCell()]) {
            await expectRefused(withTail(order, tail), UsernameError.invalid_signature);
            await expectRefused(signAgain(withTail(order, tail), address), UsernameError.cell_underflow);
        }
    });

    it.each([
        ['the terms', 1],
        ['the royalty', 2],
        ['the restrictions', 3],
    ])('what follows %s in their cell is refused, though it is signed', async (_, index) => {
        const order = fullOrder(world);
        for (const tail of [beginCell().storeBit(0).endCell(), beginCell().storeRef(Cell.EMPTY).endCell()]) {
            const body = withRef(order, index, withTail(order.refs[index] ?? Cell.EMPTY, tail));
            await expectRefused(signAgain(body, world.collection.address), UsernameError.cell_underflow);
        }
    });

    it('the subwallet, which tells the collections of one signer apart', async () => {
        await expectRefused(world.order('alice', { subwalletId: SUBWALLET_ID + 1 }), UsernameError.wrong_subwallet_id);
    });
});

describe('V11: an order that is bound to its bidder cannot be front-run', () => {
    const terms = (world: World): Omit<MintOrder, 'version' | 'restrictions'> => ({
        subwalletId: SUBWALLET_ID,
        validSince: START,
        validTill: START + 1000,
        name: 'alice',
        content: uriContent('https://names.example/alice.json'),
        auctionConfig: world.config({ initialMinBid: toNano('5'), maxBid: toNano('5') }),
    });
    const signed = async (binding: (world: World) => { bidder: Address } | { bearer: true; version?: 1 }) => {
        const world = await World.create();
        const order = await signMintOrder({
            order: terms(world),
            signer: SIGNER.secretKey,
            collection: world.collection.address,
            globalId: GLOBAL_ID,
            prices: world.prices,
            ...(binding(world) as { bearer: true }),
        });
        return { world, order, to: world.collection.address, ...world.people };
    };
    const ownerOf = async (world: World) => (await world.item('alice').getState()).owner;

    it("the SDK's order is of version 2 and names its bidder, and nobody else can use it", async () => {
        const { world, order, to, alice, bob } = await signed(({ people }) => ({ bidder: people.alice.address }));
        expect(order.beginParse().preloadUint(32)).toBe(UsernameOp.mint_v2);
        await world.expectRejected(bob, to, toNano('5'), order, UsernameError.forbidden_bidder);
        await world.send(alice, to, toNano('5'), order);
        expect(await ownerOf(world)).toEqualAddress(alice.address);
    });

    it.each([{ version: 1 as const }, {}])('a bearer order is whoever uses it first (%o)', async (version) => {
        const { world, order, to, alice, bob } = await signed(() => ({ bearer: true, ...version }));
        await world.send(bob, to, toNano('5'), order);
        await world.send(alice, to, toNano('5'), order);
        expect(await ownerOf(world)).toEqualAddress(bob.address);
    });

    it('a rewrite_sender bids and wins, whoever pays, and the payer gets the change', async () => {
        const world = await World.create();
        const { bob, carol } = world.people;
        const { item, result } = await world.mint('alice', {
            bidder: bob,
            value: toNano('7'),
            config: { initialMinBid: toNano('5'), maxBid: toNano('5') },
            restrictions: { rewriteSender: carol.address },
        });
        expect(result.transactions).toHaveTransaction({
            from: item.address,
            to: bob.address,
            op: UsernameOp.return_bid,
            value: toNano('2'),
        });
        expect((await item.getState()).owner).toEqualAddress(carol.address);
    });

    it('an order mints once: a second use comes back', async () => {
        const { world, order, to, alice } = await signed(({ people }) => ({ bidder: people.alice.address }));
        await world.send(alice, to, toNano('5'), order);
        const result = await world.send(alice, to, toNano('5'), order);
        expect(result.transactions).toHaveTransaction({
            from: world.item('alice').address,
            to: alice.address,
            op: UsernameOp.return_bid,
        });
    });
});

describe('V12: an order holds from valid_since on, and before valid_till', () => {
    const times = [
        { validSince: START, validTill: START + 1, code: 0 },
        { validSince: START - 1, validTill: START + 1, code: 0 },
        { validSince: START + 1, validTill: START + 2, code: UsernameError.not_yet_valid_signature },
        { validSince: START - 1, validTill: START, code: UsernameError.expired_signature },
        { validSince: 0, validTill: 2 ** 32 - 1, code: 0 },
    ];

    it.each(times)(
        'now in an order from $validSince till $validTill: $code',
        async ({ validSince, validTill, code }) => {
            const world = await World.create();
            const { result } = await world.mint('alice', { validSince, validTill });
            expect(exitCode(transactionOn(result, world.collection.address))).toBe(code);
        },
    );
});

describe('V15: a royalty is at most 25 %', () => {
    const fractions: [numerator: number, denominator: number, isTaken: boolean][] = [
        [0, 1, true],
        [1, 4, true],
        [16_383, 65_532, true],
        [16_383, 65_531, false],
        [2501, 10_000, false],
        [1, 3, false],
        [1, 1, false],
        [65_535, 65_535, false],
        [65_535, 1, false],
        [0, 0, false],
        [1, 0, false],
    ];

    it.each(fractions)('%d / %d in an order: %s', async (numerator, denominator, isTaken) => {
        const world = await World.create();
        const royalty = { ...royaltyTo(world), numerator, denominator };
        if (isTaken) {
            const { item } = await world.mint('alice', { royalty });
            expect((await item.getState()).royalty).toEqual(royalty);
            expect(await item.getRoyaltyParams()).toEqual(royalty);
        } else {
            const body = world.order('alice', { royalty });
            const { address } = world.collection;
            await world.expectRejected(world.people.bob, address, toNano('20'), body, UsernameError.invalid_royalty);
        }
    });

    it.each(fractions)("%d / %d as the collection's own: %s", async (numerator, denominator, isTaken) => {
        const world = await World.create();
        const { admin } = world.people;
        const royalty = { ...royaltyTo(world), numerator, denominator };
        const body = UsernameCollection.setRoyaltyMessage({ royalty });
        const { address } = world.collection;
        if (isTaken) {
            await world.send(admin, address, toNano('1'), body);
            const { item } = await world.mint('alice');
            expect((await item.getState()).royalty).toEqual(royalty);
        } else {
            await world.expectRejected(admin, address, toNano('20'), body, UsernameError.invalid_royalty);
        }
    });

    it('a collection that was deployed with more has no first top-up, and so mints nothing', async () => {
        const world = await World.create();
        const { address } = world.collection;
        const openTerms = {
            beneficiary: world.people.seller.address,
            ...TERMS,
            prices: { 4: toNano('2') },
            contentPrefix: '',
        };
        await world.send(world.people.admin, address, toNano('1'), UsernameCollection.setTermsMessage({ openTerms }));
        const state = await world.collection.getState();
        const { content } = await world.collection.getCollectionData();
        const legal = usernameCollectionConfigToCell({ ...state, content, royalty: royaltyTo(world) });
        // paused, subwallet_id and public_key are before the numerator
        const at = 1 + 32 + 256;
        const data = beginCell()
            .storeBits(legal.bits.substring(0, at))
            .storeUint(9, 16)
            .storeUint(10, 16)
            .storeBits(legal.bits.substring(at + 32, legal.bits.length - at - 32));
        legal.refs.forEach((ref) => data.storeRef(ref));
        const balance = toNano('1');
        const code = loadCode('UsernameCollection');
        const account = createShardAccount({ address, code, data: data.endCell(), balance });
        await world.chain.setShardAccount(address, account);
        await world.remember(address);
        expect((await world.collection.getState()).royalty).toMatchObject({ numerator: 9, denominator: 10 });
        for (const body of [world.order('alice'), UsernameCollection.openMintMessage({ name: 'alice' })]) {
            await world.expectRejected(world.people.bob, address, toNano('20'), body, UsernameError.not_topped_up);
        }
        await world.expectRejected(world.people.bob, address, toNano('20'), TOP_UP, UsernameError.invalid_royalty);
    });
});
