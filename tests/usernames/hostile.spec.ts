import { createPrivateKey, sign } from 'node:crypto';

import { Address, beginCell, type Builder, Cell, Dictionary, toNano } from '@ton/core';
import type { SmartContract } from '@ton/sandbox';

import { loadCode } from '../../compilables/compile';
import {
    encodeDnsRecord,
    type ItemStatus,
    mintOrderHash,
    recordKey,
    signSignerAcceptance,
    UsernameCollection,
    UsernameItem,
    UsernameOp,
} from '../../wrappers';
import { forgetEmulator } from '../helpers/emulator';
import { Random } from '../helpers/random';
import { Schema } from '../helpers/tlb';
import { exitCode, GLOBAL_ID, internalMessage, opOf, SIGNER, START, storageFee, World } from '../helpers/world';

// Messages that nobody honest sends. Whatever arrives is either a message of the schema, or it changes nothing and its
// value goes back less gas and forward fee. Each goes to the contract in the state that it was made for, from the one
// who may send it, so that it is the body that is refused.

const schema = Schema.load('usernames.tlb');
const VALUE = toNano('5');

const ITEM_KINDS = [
    ...['comment', 'encrypted_comment', 'place_bid', 'settle', 'start_auction', 'cancel_auction', 'change_dns_record'],
    ...['delete_dns_record', 'transfer', 'get_static_data', 'get_royalty_params'],
];
const COLLECTION_KINDS = [
    ...['mint', 'mint_v2', 'open_mint', 'set_paused', 'set_terms', 'set_royalty', 'propose_signer', 'propose_admin'],
    ...['renounce_admin', 'accept_signer', 'accept_admin', 'get_royalty_params'],
];

const builderOf = (cell: Cell, bits = cell.bits.length): Builder => beginCell().storeBits(cell.bits.substring(0, bits));
const withRefs = (builder: Builder, refs: Cell[]): Cell => {
    refs.forEach((ref) => builder.storeRef(ref));
    return builder.endCell();
};
const libraryOf = (cell: Cell): Cell => beginCell().storeUint(2, 8).storeBuffer(cell.hash()).endCell({ exotic: true });

/** Cuts at every `step` bits from `from` on, with and without the first reference. */
function shortened(body: Cell, from: number, step = 8): Cell[] {
    const cuts: Cell[] = [];
    for (let bits = from; bits < body.bits.length; bits += step) {
        cuts.push(withRefs(builderOf(body, bits), body.refs));
        if (body.refs.length > 0) {
            cuts.push(withRefs(builderOf(body, bits), body.refs.slice(1)));
        }
    }
    return cuts;
}

/** A bit, a byte, an address or a reference more. */
function lengthened(body: Cell): Cell[] {
    const more = [1, 8, 267].filter((bits) => body.bits.length + bits <= 1023);
    const longer = more.map((bits) => withRefs(builderOf(body).storeUint(0, bits), body.refs));
    const ones = more.map((bits) => withRefs(builderOf(body).storeUint((1n << BigInt(bits)) - 1n, bits), body.refs));
    const referring = body.refs.length < 4 ? [withRefs(builderOf(body), [...body.refs, Cell.EMPTY])] : [];
    return [...longer, ...ones, ...referring];
}

/** A chain of 100 cells below one another. */
function chain(): Cell {
    let cell = Cell.EMPTY;
    for (let depth = 0; depth < 100; depth++) {
        cell = beginCell().storeUint(depth, 64).storeRef(cell).endCell();
    }
    return cell;
}

/** A tree of 85 different cells. */
function tree(depth = 3, path = 0): Cell {
    const refs = depth === 0 ? [] : [0, 1, 2, 3].map((branch) => tree(depth - 1, path * 4 + branch));
    return withRefs(beginCell().storeUint(path, 64), refs);
}

const HUGE = [chain(), tree()];

/** One reference exchanged for another: broken, empty, huge, a library cell, or cut and grown like a body. */
function withOtherRefs(body: Cell, step = 8): Cell[] {
    return body.refs.flatMap((ref, index) =>
        [
            libraryOf(Cell.EMPTY),
            libraryOf(ref),
            Cell.EMPTY,
            ...HUGE,
            ...shortened(ref, 0, step),
            ...lengthened(ref),
        ].map((other) =>
            withRefs(
                builderOf(body),
                body.refs.map((old, at) => (at === index ? other : old)),
            ),
        ),
    );
}

const isMessage = (body: Cell, kinds: string[]): boolean =>
    (body.bits.length === 0 && body.refs.length === 0) ||
    kinds.some((kind) => {
        try {
            schema.decode(kind, body);
            return true;
        } catch {
            return false;
        }
    });

/** Sends each body alone to a contract that is as it was before, with the bounce flags in turn. */
class Trial {
    readonly accepted: string[] = [];
    refused = 0;
    private readonly before;
    private readonly data: Cell;
    private bounce = false;

    constructor(
        private readonly contract: SmartContract,
        private readonly kinds: string[],
    ) {
        this.before = contract.snapshot();
        this.data = this.readData();
    }

    private readData(): Cell {
        const state = this.contract.accountState;
        return (state?.type === 'active' && state.state.data) || Cell.EMPTY;
    }

    async send(from: Address, body: Cell, what: string): Promise<void> {
        this.bounce = !this.bounce;
        const tx = await this.contract.receiveMessage(
            internalMessage(from, this.contract.address, VALUE, body, this.bounce),
        );
        const rent = storageFee(tx);
        const [answer, ...others] = tx.outMessages.values();
        if (others.length === 0 && answer?.info.type === 'internal') {
            const { value, forwardFee, dest, bounced } = answer.info;
            if (bounced || opOf(answer) === UsernameOp.return_bid) {
                this.refused += 1;
                // The refund address of a bid for somebody else is the sender's here
                expect([what, dest.toString(), bounced]).toEqual([what, from.toString(), exitCode(tx) !== 0]);
                // Nothing of it stays, and the balance pays nothing but its rent
                expect(value.coins).toBe(VALUE - (tx.totalFees.coins - rent) - forwardFee);
                return;
            }
        }
        expect([what, body.toString(), isMessage(body, this.kinds)]).toEqual([what, body.toString(), true]);
        expect(exitCode(tx)).toBe(0);
        this.accepted.push(what);
        this.contract.loadFrom(this.before);
    }

    /** Sends many, and finds the contract as it was. */
    async sendAll(from: Address, bodies: Cell[], what: string): Promise<void> {
        for (const body of bodies) {
            await this.send(from, body, what);
        }
        // Read here and not after each message: reading an account takes longer than a message
        expect([what, this.readData().equals(this.data)]).toEqual([what, true]);
    }
}

// The signature of @ton/crypto takes 15 ms, which thousands of orders would wait for. The head is that of PKCS 8.
const SIGNING_KEY = createPrivateKey({
    key: Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), SIGNER.secretKey.subarray(0, 32)]),
    format: 'der',
    type: 'pkcs8',
});

/** Random bits and references behind an op. */
function randomBody(random: Random, op: number): Cell {
    const bits = random.below(992);
    const builder = beginCell().storeUint(op, 32).storeUint(random.uint(bits), bits);
    return withRefs(
        builder,
        Array.from({ length: random.below(5) }, () => random.cell()),
    );
}

/** The shortest message of most ops. */
const queryOf = (op: number): Cell => beginCell().storeUint(op, 32).storeUint(0, 64).endCell();

const strangeOps = (random: Random): number[] => [
    ...[0xffffffff, 0xfffffffe, 1, 0x80000000, UsernameOp.excesses, UsernameOp.ok, UsernameOp.item_deploy],
    ...Array.from({ length: 10 }, () => Number(random.uint(32))),
];

describe('an item', () => {
    function messages({ people }: World): Record<string, Cell> {
        const { alice, bob } = people;
        const custom = beginCell().storeUint(1, 8).endCell();
        return {
            comment: UsernameItem.bidMessage({ comment: 'hello' }),
            encrypted_comment: schema.encode('encrypted_comment', { data: beginCell().storeUint(7, 64).endCell() }),
            place_bid: UsernameItem.placeBidMessage({
                startedAt: START,
                owner: bob.address,
                refundTo: alice.address,
            }),
            settle: UsernameItem.settleMessage(),
            start_auction: UsernameItem.startAuctionMessage({
                auctionConfig: {
                    beneficiary: bob.address,
                    initialMinBid: toNano('1'),
                    maxBid: toNano('9'),
                    minBidStep: 5,
                    minExtendTime: 60,
                    duration: 3600,
                    delayedStart: true,
                },
            }),
            cancel_auction: UsernameItem.cancelAuctionMessage(),
            change_dns_record: UsernameItem.changeDnsRecordMessage({
                key: recordKey('wallet'),
                record: encodeDnsRecord({ type: 'dns_smc_address', address: bob.address }),
            }),
            delete_dns_record: UsernameItem.deleteDnsRecordMessage({ key: recordKey('wallet') }),
            transfer: UsernameItem.transferMessage({
                newOwner: bob.address,
                responseDestination: alice.address,
                customPayload: custom,
                forwardAmount: toNano('1'),
                forwardPayload: beginCell().storeUint(5, 40).asSlice(),
            }),
            transfer_with_reference: UsernameItem.transferMessage({
                newOwner: bob.address,
                responseDestination: null,
                forwardAmount: toNano('1'),
                forwardPayload: custom,
            }),
            get_static_data: UsernameItem.getStaticDataMessage(),
            get_royalty_params: UsernameItem.getRoyaltyParamsMessage(),
            item_deploy: schema.encode('item_deploy', {
                sender: alice.address,
                bid: VALUE,
                is_sold: false,
                state: { kind: 'item_uninit', index: Buffer.alloc(32), collection: new Address(0, Buffer.alloc(32)) },
            }),
        };
    }

    it.each<[ItemStatus, string[]]>([
        ['uninit', ['get_static_data']],
        [
            'idle',
            [
                ...['start_auction', 'change_dns_record', 'delete_dns_record', 'transfer', 'transfer_with_reference'],
                ...['get_static_data', 'get_royalty_params'],
            ],
        ],
        [
            'open',
            [
                ...['comment', 'encrypted_comment', 'place_bid', 'cancel_auction', 'change_dns_record'],
                ...['delete_dns_record', 'get_static_data', 'get_royalty_params'],
            ],
        ],
        ['auction', ['comment', 'encrypted_comment', 'place_bid', 'get_static_data', 'get_royalty_params']],
        ['ended', ['comment', 'encrypted_comment', 'place_bid', 'settle', 'get_static_data', 'get_royalty_params']],
    ])('in the state %s takes whole messages and gives back every other', async (status, taken) => {
        const world = await World.create();
        const { address } = await world.itemIn(status);
        const trial = new Trial(await world.chain.getContract(address), ITEM_KINDS);
        const owner = world.people.alice.address;
        const bodies = Object.entries(messages(world));
        for (const [what, body] of bodies) {
            await trial.send(owner, body, what);
        }
        expect(trial.accepted).toEqual(bodies.map(([what]) => what).filter((what) => taken.includes(what)));

        for (const [what, body] of bodies) {
            // What the state refuses whole is cut at fewer places
            const step = taken.includes(what) ? 8 : 64;
            // What follows the reference of a payload goes to the new owner with it
            const longer = what === 'transfer_with_reference' ? [] : lengthened(body);
            const broken = [...shortened(body, 32, step), ...longer, ...withOtherRefs(body, step)];
            await trial.sendAll(owner, broken, what);
        }
        const random = new Random(`hostile ${status}`);
        for (const op of [...bodies.map(([, body]) => body.beginParse().loadUint(32)), ...strangeOps(random)]) {
            const broken = [queryOf(op), ...Array.from({ length: 5 }, () => randomBody(random, op))];
            await trial.sendAll(owner, broken, `random ${op.toString(16)}`);
        }
        expect(trial.refused).toBeGreaterThan(trial.accepted.length);
    });

    it('in every state gives back what is shorter than an op', async () => {
        const world = await World.create();
        for (const status of ['uninit', 'idle', 'open', 'auction', 'ended'] as const) {
            const { address } = await world.itemIn(status);
            const trial = new Trial(await world.chain.getContract(address), ITEM_KINDS);
            for (const [what, body] of Object.entries(messages(world))) {
                const lengths = [0, 4, 8, 12, 16, 20, 24, 28, 31];
                const short = lengths.map((bits) => withRefs(builderOf(body, bits), body.refs));
                await trial.sendAll(world.people.alice.address, short, `${status}: the head of ${what}`);
            }
        }
    });

    it('keeps no terms that are a library cell: a settlement must not wait for whoever publishes it', async () => {
        const world = await World.create();
        const { address } = await world.itemIn('idle');
        const config = messages(world)['start_auction']!.refs[0]!;
        const libraries = Dictionary.empty(Dictionary.Keys.Buffer(32), Dictionary.Values.Cell());
        libraries.set(config.hash(), config);
        world.chain.libs = beginCell().storeDictDirect(libraries).endCell();
        // The emulator keeps them
        forgetEmulator();
        const trial = new Trial(await world.chain.getContract(address), ITEM_KINDS);
        const head = beginCell().storeUint(UsernameOp.start_auction, 32).storeUint(0, 64);
        await trial.send(world.people.alice.address, head.storeRef(libraryOf(config)).endCell(), 'library');
        expect(trial).toMatchObject({ accepted: [], refused: 1 });
    });
});

describe('the collection', () => {
    it('takes whole messages and gives back every other, also those that its signer signed', async () => {
        const world = await World.create();
        const { admin, alice, bob, seller } = world.people;
        const target = { collection: world.collection.address, globalId: GLOBAL_ID };
        const royalty = { numerator: 1, denominator: 10, destination: bob.address };
        const openTerms = {
            beneficiary: seller.address,
            minBidStep: 5,
            minExtendTime: 60,
            duration: 3600,
            prices: { 4: toNano('2'), 6: toNano('1') },
            contentPrefix: 'https://names.example/',
        };
        for (const body of [
            UsernameCollection.setTermsMessage({ openTerms }),
            UsernameCollection.proposeAdminMessage({ admin: alice.address }),
            UsernameCollection.proposeSignerMessage({ publicKey: SIGNER.publicKey }),
        ]) {
            await world.send(admin, world.collection.address, toNano('1'), body);
        }
        const restrictions = { forceSender: alice.address, rewriteSender: bob.address };
        const signature = await signSignerAcceptance({ ...target, signer: SIGNER.secretKey });
        const bodies: [what: string, from: Address, body: Cell][] = [
            ['mint', alice.address, world.order('alice', { version: 1, royalty })],
            ['mint_v2', alice.address, world.order('alice', { royalty, restrictions })],
            ['open_mint', alice.address, UsernameCollection.openMintMessage({ name: 'alice' })],
            ['set_paused', admin.address, UsernameCollection.setPausedMessage({ paused: true })],
            ['set_terms', admin.address, UsernameCollection.setTermsMessage({ openTerms })],
            ['set_royalty', admin.address, UsernameCollection.setRoyaltyMessage({ royalty })],
            ['propose_signer', admin.address, UsernameCollection.proposeSignerMessage({ publicKey: Buffer.alloc(32) })],
            ['propose_admin', admin.address, UsernameCollection.proposeAdminMessage({ admin: bob.address })],
            ['renounce_admin', admin.address, UsernameCollection.renounceAdminMessage()],
            ['accept_signer', bob.address, UsernameCollection.acceptSignerMessage({ signature })],
            ['accept_admin', alice.address, UsernameCollection.acceptAdminMessage()],
            ['get_royalty_params', bob.address, UsernameCollection.getRoyaltyParamsMessage()],
        ];
        /** A broken order with the signature that makes it the signer's. */
        const signed = (body: Cell): Cell => {
            const isOrder =
                body.bits.length >= 32 + 512 &&
                [UsernameOp.mint, UsernameOp.mint_v2].includes(body.beginParse().loadUint(32) as never);
            if (!isOrder) {
                return body;
            }
            const order = body.beginParse().skip(32 + 512);
            return beginCell()
                .storeBits(body.bits.substring(0, 32))
                .storeBuffer(sign(null, mintOrderHash(body, target), SIGNING_KEY))
                .storeSlice(order)
                .endCell();
        };

        const collection = await world.chain.getContract(world.collection.address);
        const trial = new Trial(collection, COLLECTION_KINDS);
        for (const [what, from, body] of bodies) {
            await trial.send(from, body, what);
        }
        expect(trial.accepted).toEqual(bodies.map(([what]) => what));

        for (const [what, from, body] of bodies) {
            // mint_v2 has every part of mint
            const step = what === 'mint' ? 64 : 8;
            const broken = [...shortened(body, 32, step), ...lengthened(body), ...withOtherRefs(body, step)];
            await trial.sendAll(from, broken.map(signed), what);
        }
        const random = new Random('hostile collection');
        for (const op of [...bodies.map(([, , body]) => body.beginParse().loadUint(32)), ...strangeOps(random)]) {
            const broken = [queryOf(op), ...Array.from({ length: 5 }, () => signed(randomBody(random, op)))];
            await trial.sendAll(admin.address, broken, `random ${op.toString(16)}`);
        }
        expect(trial.refused).toBeGreaterThan(trial.accepted.length);
        expect(collection.accountState?.type === 'active' && collection.accountState.state.code).toEqual(
            loadCode('UsernameCollection'),
        );
    });
});
