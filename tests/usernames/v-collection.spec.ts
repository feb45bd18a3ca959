import '@ton/test-utils';
import { Address, beginCell, Cell, toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { createShardAccount } from '@ton/sandbox';

import { loadCode } from '../../compilables/compile';
import {
    cellToUsernameCollectionConfig,
    type OpenTerms,
    signSignerAcceptance,
    UsernameCollection,
    UsernameError,
    UsernameOp,
} from '../../wrappers';
import { usernameCollectionConfigToCell } from '../../wrappers/usernames/UsernameCollection';
import { GLOBAL_ID, type Person, sent, TERMS, TOP_UP, transactionOn, withSelf, World } from '../helpers/world';

const NEW_SIGNER = keyPairFromSeed(Buffer.alloc(32, 9));

/** A message of the admin, which must be answered with ok and the excess. */
async function administer(world: World, body: Cell, from: Person = world.people.admin): Promise<void> {
    const { address } = world.collection;
    const before = await world.balance(address);
    const tx = transactionOn(await world.send(from, address, toNano('1'), body), address);
    const [answer] = sent(tx);
    expect(answer).toMatchObject({ to: from.address, op: UsernameOp.ok });
    expect(answer?.value).toBeGreaterThan(toNano('0.98'));
    expect(await world.balance(address)).toBe(before);
}

async function expectRefused(world: World, from: Person, body: Cell, code: number, value = '20'): Promise<void> {
    await world.expectRejected(from, world.collection.address, toNano(value), body, code);
}

const openTermsOf = ({ people: { seller } }: World): OpenTerms => ({
    beneficiary: seller.address,
    minBidStep: TERMS.minBidStep,
    minExtendTime: TERMS.minExtendTime,
    duration: TERMS.duration,
    prices: { 4: toNano('8') },
    contentPrefix: 'https://names.example/',
});

describe('V25: the collection is deployed by an internal message only', () => {
    const undeployed = async () => {
        const world = await World.create();
        const state = await world.collection.getState();
        const { content } = await world.collection.getCollectionData();
        const royalty = { numerator: 0, denominator: 1, destination: world.people.author.address };
        const config = { ...state, content, royalty, subwalletId: 77 };
        return { world, fresh: UsernameCollection.createFromConfig(config, loadCode('UsernameCollection')) };
    };

    it('an external deploys nothing and spends nothing', async () => {
        const { world, fresh } = await undeployed();
        const { address, init } = fresh;
        await world.send(world.people.admin, address, toNano('1'), Cell.EMPTY, { bounce: false });
        const before = await world.balance(address);
        expect(before).toBeGreaterThan(toNano('0.9'));
        for (const message of [init, undefined]) {
            const deploy = world.chain.sendMessage({
                info: { type: 'external-in', dest: address, importFee: 0n },
                init: message,
                body: TOP_UP,
            });
            await expect(deploy).rejects.toThrow('not accepted');
        }
        expect(await world.balance(address)).toBe(before);
        await expect(world.data(address)).rejects.toThrow('no state');
    });

    it('nor does one to a deployed collection', async () => {
        const { world } = await undeployed();
        const { address } = world.collection;
        const before = await world.balance(address);
        for (const body of [Cell.EMPTY, TOP_UP, world.order('alice')]) {
            const message = world.chain.sendMessage({
                info: { type: 'external-in', dest: address, importFee: 0n },
                body,
            });
            await expect(message).rejects.toThrow('not accepted');
        }
        expect(await world.balance(address)).toBe(before);
    });

    it('an internal message with a top-up deploys it', async () => {
        const { world, fresh } = await undeployed();
        await world.send(world.people.admin, fresh.address, toNano('1'), TOP_UP, { init: fresh.init });
        expect((await world.chain.openContract(fresh).getState()).subwalletId).toBe(77);
    });
});

describe("a collection's first top-up", () => {
    const deployed = async (world: World, data: Cell): Promise<void> => {
        const { address } = world.collection;
        const [code, balance] = [loadCode('UsernameCollection'), toNano('1')];
        await world.chain.setShardAccount(address, createShardAccount({ address, code, data, balance }));
        await world.remember(address);
    };

    /** The same collection as its initial state would have it. */
    const initial = async (): Promise<{ world: World; mints: Cell[] }> => {
        const world = await World.create();
        const { address } = world.collection;
        const openTerms = openTermsOf(world);
        await administer(world, UsernameCollection.setTermsMessage({ openTerms }));
        await deployed(
            world,
            usernameCollectionConfigToCell(cellToUsernameCollectionConfig(await world.data(address))),
        );
        const mints = [world.order('alice'), UsernameCollection.openMintMessage({ name: 'bobby' })];
        return { world, mints };
    };

    it('may come from anyone, and nothing is minted before it', async () => {
        const { world, mints } = await initial();
        const { address } = world.collection;
        const before = await world.data(address);
        for (const body of mints) {
            await expectRefused(world, world.people.bob, body, UsernameError.not_topped_up);
        }
        const administration = UsernameCollection.setPausedMessage({ paused: false });
        await expectRefused(world, world.people.admin, administration, UsernameError.not_topped_up);
        expect((await world.collection.getState()).isToppedUp).toBe(false);
        await world.send(world.people.bob, address, toNano('0.1'), TOP_UP);
        expect(await world.data(address)).toEqualCell(withSelf(before, address));
        expect((await world.collection.getState()).isToppedUp).toBe(true);
        for (const body of mints) {
            await world.send(world.people.bob, address, toNano('20'), body);
        }
        for (const name of ['alice', 'bobby']) {
            expect(await world.item(name).getState()).toMatchObject({ status: 'auction' });
            expect(await world.item(name).getNftData()).toMatchObject({ collection: address });
        }
    });

    it('is the only one that changes anything', async () => {
        const { world } = await initial();
        const { address } = world.collection;
        await world.send(world.people.bob, address, toNano('0.1'), TOP_UP);
        const data = await world.data(address);
        await world.send(world.people.bob, address, toNano('0.1'), TOP_UP);
        expect(await world.data(address)).toEqualCell(data);
    });

    it('leaves room for the longest domain and name, with a royalty of its own', async () => {
        const { world } = await initial();
        const { address } = world.collection;
        const stored = cellToUsernameCollectionConfig(await world.data(address));
        const domain = `${'d'.repeat(16)}.me`;
        await deployed(world, usernameCollectionConfigToCell({ ...stored, domain }));
        await world.send(world.people.bob, address, toNano('0.1'), TOP_UP);
        expect((await world.data(address)).bits.length).toBe(1023);
        const [name, royalty] = ['n'.repeat(32), { ...stored.royalty, numerator: 25 }];
        await world.send(world.people.bob, address, toNano('20'), world.order(name, { royalty }));
        const item = world.item(name);
        expect(await item.getFullDomain()).toBe(`${name}.${domain}`);
        expect(await item.getRoyaltyParams()).toMatchObject(royalty);
        expect(await item.getNftData()).toMatchObject({ collection: address });
    });

    it('finds a royalty that cannot be paid', async () => {
        const { world } = await initial();
        const { address } = world.collection;
        const { bits, refs } = await world.data(address);
        const [destination, end] = [1 + 32 + 256 + 32, 1 + 32 + 256 + 299];
        const twin = beginCell().storeBits(bits.substring(0, destination)).storeAddress(new Address(-1, address.hash));
        const whole = twin.storeBits(bits.substring(end, bits.length - end));
        refs.forEach((ref) => whole.storeRef(ref));
        await deployed(world, whole.endCell());
        await expectRefused(world, world.people.bob, TOP_UP, UsernameError.wrong_workchain);
    });

    it("cannot be had by another's address", async () => {
        const { world, mints } = await initial();
        const { address } = world.collection;
        await deployed(world, withSelf(await world.data(address), world.people.bob.address));
        for (const body of mints) {
            await expectRefused(world, world.people.bob, body, UsernameError.not_topped_up);
        }
        await world.send(world.people.bob, address, toNano('0.1'), TOP_UP);
        expect(cellToUsernameCollectionConfig(await world.data(address)).self).toEqualAddress(address);
    });
});

describe('V26: what the admin sets reaches future names only', () => {
    it('the signer rotates in two steps, and the new one proves that it holds its key', async () => {
        const world = await World.create();
        const { bob, carol } = world.people;
        const collection = world.collection.address;
        const target = { collection, globalId: GLOBAL_ID };
        const accept = (signature: Buffer): Cell => UsernameCollection.acceptSignerMessage({ signature });
        const proof = await signSignerAcceptance({ ...target, signer: NEW_SIGNER.secretKey });

        await expectRefused(world, carol, accept(proof), UsernameError.nothing_proposed);
        await administer(world, UsernameCollection.proposeSignerMessage({ publicKey: NEW_SIGNER.publicKey }));
        expect((await world.collection.getState()).pendingPublicKey).toEqual(NEW_SIGNER.publicKey);
        // Until it accepts, the old one signs
        await world.mint('before');
        expect((await world.item('before').getState()).status).toBe('auction');

        const wrongProofs = await Promise.all([
            signSignerAcceptance({ ...target, signer: keyPairFromSeed(Buffer.alloc(32, 7)).secretKey }),
            signSignerAcceptance({ ...target, globalId: -3, signer: NEW_SIGNER.secretKey }),
            signSignerAcceptance({ ...target, collection: bob.address, signer: NEW_SIGNER.secretKey }),
        ]);
        for (const signature of wrongProofs) {
            await expectRefused(world, carol, accept(signature), UsernameError.invalid_signature);
        }
        await administer(world, accept(proof), carol);
        const { publicKey, pendingPublicKey } = await world.collection.getState();
        expect({ publicKey, pendingPublicKey }).toEqual({ publicKey: NEW_SIGNER.publicKey, pendingPublicKey: null });
        await expectRefused(world, bob, world.order('after'), UsernameError.invalid_signature);
        await expectRefused(world, carol, accept(proof), UsernameError.nothing_proposed);
    });

    it('the admin changes in two steps', async () => {
        const world = await World.create();
        const { admin, bob, carol } = world.people;
        const propose = (to: Person): Cell => UsernameCollection.proposeAdminMessage({ admin: to.address });
        const accept = UsernameCollection.acceptAdminMessage();
        await administer(world, propose(bob));
        await expectRefused(world, carol, accept, UsernameError.not_admin);
        await expectRefused(world, admin, accept, UsernameError.not_admin);
        await expectRefused(world, bob, propose(carol), UsernameError.not_admin);
        expect((await world.collection.getCollectionData()).admin).toEqualAddress(admin.address);
        await administer(world, accept, bob);
        const state = await world.collection.getState();
        expect({ admin: state.admin, pending: state.pendingAdmin }).toEqual({ admin: bob.address, pending: null });
        await expectRefused(world, admin, propose(admin), UsernameError.not_admin);
        await expectRefused(world, bob, accept, UsernameError.nothing_proposed);
        await administer(world, propose(carol), bob);
    });

    const adminOps = (world: World): [string, Cell][] => [
        ['set_paused', UsernameCollection.setPausedMessage({ paused: true })],
        ['set_terms', UsernameCollection.setTermsMessage({ openTerms: openTermsOf(world) })],
        [
            'set_royalty',
            UsernameCollection.setRoyaltyMessage({
                royalty: { numerator: 1, denominator: 5, destination: world.people.bob.address },
            }),
        ],
        ['propose_signer', UsernameCollection.proposeSignerMessage({ publicKey: NEW_SIGNER.publicKey })],
        ['propose_admin', UsernameCollection.proposeAdminMessage({ admin: world.people.bob.address })],
        ['renounce_admin', UsernameCollection.renounceAdminMessage()],
    ];

    it('nobody but the admin does any of it', async () => {
        const world = await World.create();
        const { bob } = world.people;
        await administer(world, UsernameCollection.proposeAdminMessage({ admin: bob.address }));
        for (const [, body] of adminOps(world)) {
            await expectRefused(world, bob, body, UsernameError.not_admin);
        }
    });

    it('none of it touches an item that exists', async () => {
        const world = await World.create();
        const { item } = await world.mint('alice');
        const [data, balance] = [await world.data(item.address), await world.balance(item.address)];
        const state = await item.getState();
        for (const [, body] of adminOps(world)) {
            await administer(world, body);
        }
        expect(await world.data(item.address)).toEqualCell(data);
        expect(await world.balance(item.address)).toBe(balance);
        expect(await item.getState()).toEqual(state);
    });

    it('a pause stops every mint and no item', async () => {
        const world = await World.create();
        const { bob } = world.people;
        await administer(world, UsernameCollection.setTermsMessage({ openTerms: openTermsOf(world) }));
        const { item } = await world.mint('alice');
        await administer(world, UsernameCollection.setPausedMessage({ paused: true }));
        expect((await world.collection.getState()).paused).toBe(true);
        const mints = [
            world.order('other', { version: 1 }),
            world.order('other'),
            UsernameCollection.openMintMessage({ name: 'other' }),
        ];
        for (const body of mints) {
            await expectRefused(world, bob, body, UsernameError.minting_paused);
        }
        await world.send(bob, item.address, toNano('20'));
        expect((await item.getState()).bidder).toEqualAddress(bob.address);
        await administer(world, UsernameCollection.setPausedMessage({ paused: false }));
        await world.mint('other');
        expect((await world.item('other').getState()).status).toBe('auction');
    });

    it('a renounced collection has no admin for good, nothing pending and is not paused', async () => {
        const world = await World.create();
        const { admin, bob, carol } = world.people;
        const target = { collection: world.collection.address, globalId: GLOBAL_ID };
        await administer(world, UsernameCollection.setTermsMessage({ openTerms: openTermsOf(world) }));
        await administer(world, UsernameCollection.proposeAdminMessage({ admin: bob.address }));
        await administer(world, UsernameCollection.proposeSignerMessage({ publicKey: NEW_SIGNER.publicKey }));
        await administer(world, UsernameCollection.setPausedMessage({ paused: true }));
        const before = await world.collection.getState();
        await administer(world, UsernameCollection.renounceAdminMessage());
        const nothing = { admin: null, pendingAdmin: null, pendingPublicKey: null, paused: false };
        expect(await world.collection.getState()).toEqual({ ...before, ...nothing });

        await expectRefused(world, bob, UsernameCollection.acceptAdminMessage(), UsernameError.nothing_proposed);
        const signature = await signSignerAcceptance({ ...target, signer: NEW_SIGNER.secretKey });
        const accept = UsernameCollection.acceptSignerMessage({ signature });
        await expectRefused(world, carol, accept, UsernameError.nothing_proposed);
        for (const [, body] of adminOps(world)) {
            await expectRefused(world, admin, body, UsernameError.not_admin);
        }
        await world.mint('alice');
        expect((await world.item('alice').getState()).status).toBe('auction');
    });
});
