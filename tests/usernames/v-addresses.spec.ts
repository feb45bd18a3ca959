import { Address, beginCell, Cell, toNano } from '@ton/core';

import { recordKey, UsernameCollection, UsernameError, UsernameItem, UsernameOp } from '../../wrappers';
import { cutAt, FOREIGN_ADDRESSES, signAgain, withAddress, withRef } from '../helpers/forge';
import { Random } from '../helpers/random';
import { exitCode, internalMessage, type Person, START, transactionOn, World } from '../helpers/world';

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

    type Alter = (cell: Cell, offset: number) => Cell;
    type Attempt = { from?: Person; to: Address; body: Cell };

    const inRef = (message: Cell, index: number, offset: number, alter: Alter): Cell =>
        withRef(message, index, alter(message.refs[index] ?? Cell.EMPTY, offset));
    const mint = (alter: Alter, ref: number, offset: number, terms: Parameters<World['order']>[1] = {}): Attempt => {
        const to = world.collection.address;
        return { to, body: signAgain(inRef(world.order('fresh', terms), ref, offset, alter), to) };
    };
    const placeBid = (): Cell =>
        UsernameItem.placeBidMessage({ startedAt: START, owner: stranger, refundTo: world.people.bob.address });
    const transfer = (): Cell =>
        UsernameItem.transferMessage({ newOwner: stranger, responseDestination: stranger, forwardAmount: 0n });
    const royalty = { numerator: 1, denominator: 10, destination: stranger };

    const positions: [string, (alter: Alter) => Attempt][] = [
        ['the beneficiary of a mint', (alter) => mint(alter, 1, 0)],
        ['the royalty destination of a mint', (alter) => mint(alter, 2, 32, { royalty })],
        [
            'the force_sender of a mint',
            (alter) => mint(alter, 2, 1, { restrictions: { forceSender: world.people.bob.address } }),
        ],
        ['the rewrite_sender of a mint', (alter) => mint(alter, 2, 2, { restrictions: { rewriteSender: stranger } })],
        [
            'the beneficiary of an auction that the owner starts',
            (alter) => {
                const message = UsernameItem.startAuctionMessage({ auctionConfig: world.config() });
                return { from: world.people.alice, to: owned, body: inRef(message, 0, 0, alter) };
            },
        ],
        [
            'the new owner of a transfer',
            (alter) => ({ from: world.people.alice, to: owned, body: alter(transfer(), 96) }),
        ],
        [
            'the response destination of a transfer',
            (alter) => ({ from: world.people.alice, to: owned, body: alter(transfer(), 96 + 267) }),
        ],
        ['the owner of an explicit bid', (alter) => ({ to: running, body: alter(placeBid(), 128) })],
        ['the refund address of an explicit bid', (alter) => ({ to: running, body: alter(placeBid(), 128 + 267) })],
        [
            "the destination of the collection's royalty",
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

    describe.each(positions)('%s', (what, attempt) => {
        // Nobody need be told what is left of a transfer (TEP-62)
        const forms = FOREIGN_ADDRESSES.filter(
            ([form]) => form !== 'addr_none' || what !== 'the response destination of a transfer',
        );

        it('is taken in workchain 0', async () => {
            const restore = world.checkpoint();
            const { from = world.people.bob, to, body } = attempt((cell) => cell);
            const result = await world.send(from, to, toNano('20'), body);
            expect(exitCode(transactionOn(result, to))).toBe(0);
            await restore();
        });

        it.each(forms)('is not %s', async (form, address) => {
            const { from = world.people.bob, to, body } = attempt((cell, offset) => withAddress(cell, offset, address));
            // The two bits of addr_none leave less than a whole royalty
            const isCutOff = form === 'addr_none' && what === "the destination of the collection's royalty";
            const code = isCutOff ? UsernameError.cell_underflow : UsernameError.wrong_workchain;
            await world.expectRejected(from, to, toNano('20'), body, code);
        });

        it('is not cut off', async () => {
            const { from = world.people.bob, to, body } = attempt((cell, offset) => cutAt(cell, offset + 100));
            await world.expectRejected(from, to, toNano('20'), body, UsernameError.cell_underflow);
        });
    });
});

describe('V24: a sender outside workchain 0 is refused', () => {
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
        ['in a bid', Cell.EMPTY],
        ['in a bid with a comment', UsernameItem.bidMessage({ comment: 'hi' })],
        ['in a bid with an encrypted comment', beginCell().storeUint(UsernameOp.encrypted_comment, 32).endCell()],
    ])('%s', async (_, body) => {
        await world.expectRejected(masterchain, item, toNano('20'), body, UsernameError.wrong_workchain);
    });

    it.each(['open', 'auction'] as const)('in a bid for a name that is %s, at the maximum or below', async (status) => {
        const { alice, bob } = world.people;
        const { address } = await world.owned(status);
        await world.start(address, { maxBid: toNano('5') }, alice);
        if (status === 'auction') {
            await world.send(bob, address, toNano('2'));
        }
        for (const value of ['4', '5', '6']) {
            const code = UsernameError.wrong_workchain;
            await world.expectRejected(masterchain, address, toNano(value), Cell.EMPTY, code);
        }
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

    it('who has the hash of the owner, the admin or the collection', async () => {
        const { address } = await world.owned('owned');
        const uninited = (await world.uninited('uninited')).address;
        const { alice, admin, bob } = world.people;
        const { collection } = world;
        const transfer = { newOwner: bob.address, responseDestination: null, forwardAmount: 0n };
        const deploy = beginCell()
            .storeUint(UsernameOp.item_deploy, 32)
            .storeAddress(bob.address)
            .storeCoins(0)
            .storeBit(0)
            .storeRef(await world.data(address))
            .endCell();
        const cases: [Address, Address, Cell, number][] = [
            [alice.address, address, UsernameItem.transferMessage(transfer), UsernameError.forbidden_transfer],
            [
                alice.address,
                address,
                UsernameItem.deleteDnsRecordMessage({ key: recordKey('wallet') }),
                UsernameError.forbidden_change_dns,
            ],
            [
                alice.address,
                address,
                UsernameItem.startAuctionMessage({ auctionConfig: world.config() }),
                UsernameError.forbidden_auction,
            ],
            [collection.address, address, deploy, UsernameError.forbidden_not_deploy],
            [collection.address, uninited, deploy, UsernameError.forbidden_not_deploy],
            [
                admin.address,
                collection.address,
                UsernameCollection.setPausedMessage({ paused: true }),
                UsernameError.not_admin,
            ],
        ];
        for (const [twin, to, body, code] of cases) {
            const message = (from: Address) => internalMessage(from, to, toNano('1'), body);
            const contract = await world.chain.getContract(to);
            const before = contract.snapshot();
            expect(exitCode(await contract.receiveMessage(message(new Address(-1, twin.hash))))).toBe(code);
            contract.loadFrom(before);
            // The twin in workchain 0 is who he seems to be; a name that exists only refunds a deploy
            expect(exitCode(await contract.receiveMessage(message(twin)))).toBe(0);
            contract.loadFrom(before);
        }
    });
});
