import { type Address, beginCell, Cell, contractAddress, Dictionary, toNano } from '@ton/core';
import { keyPairFromSeed, sha256_sync, sign } from '@ton/crypto';
import type { SendMessageResult } from '@ton/sandbox';

import { loadCode } from '../compilables/compile';
import { UsernameOp } from '../wrappers/usernames/ops';
import type { TlbRecord, TlbValue } from './helpers/tlb';
import { Schema, text } from './helpers/tlb';
import type { Person } from './helpers/world';
import { exitCode, GLOBAL_ID, isOn, START, SUBWALLET_ID, World } from './helpers/world';

// The contracts read what the schema writes and write what it reads. One run of two names through all their states:
// every message to them is encoded from the schema alone, and everything that they send or store is decoded by it to
// the last bit.

const schema = Schema.load('usernames.tlb');
const content = beginCell().storeUint(1, 8).storeStringTail('https://names.example/1.json').endCell();

/** In a collection's cold cell: nobody, nothing pending. */
const nobody = Buffer.alloc(32);

describe('the contracts and the schema', () => {
    const newSigner = keyPairFromSeed(Buffer.alloc(32, 9));
    const seen = new Set<string>();
    let world: World;
    let collection: Address;
    let first: Address;
    let second: Address;

    const record = (value: TlbValue | undefined) => value as TlbRecord;
    const itemData = async (address: Address) => schema.decodeType('Item', await world.data(address));
    const itemRest = async (address: Address) => record((await itemData(address))['rest']);
    const collectionData = async () => schema.decode('collection', await world.data(collection));

    /** Checks that both contracts took every message; gives what they sent, decoded, in order. */
    async function accepted(result: SendMessageResult): Promise<TlbRecord[]> {
        const sent: TlbRecord[] = [];
        for (const address of [collection, first, second]) {
            for (const tx of result.transactions.filter((tx) => isOn(tx, address))) {
                expect(exitCode(tx)).toBe(0);
                for (const message of tx.outMessages.values()) {
                    expect(message.info.type === 'internal' && message.info.bounced).toBe(false);
                    const decoded = schema.decodeType('InternalMsgBody', message.body);
                    seen.add(decoded.kind);
                    sent.push(decoded);
                }
            }
        }
        await collectionData();
        for (const address of [first, second]) {
            if ((await world.chain.getContract(address)).accountState?.type === 'active') {
                seen.add((await itemData(address)).kind);
            }
        }
        return sent;
    }

    async function send(
        from: Person,
        to: Address,
        value: bigint,
        kind: string,
        fields: TlbRecord,
    ): Promise<TlbRecord[]> {
        seen.add(kind);
        return accepted(await world.send(from, to, value, schema.encode(kind, fields)));
    }

    /** An admin's message, answered with ok. */
    async function administer(kind: string, fields: TlbRecord, from = world.people.admin): Promise<void> {
        expect(await send(from, collection, toNano('0.1'), kind, { query_id: 77n, ...fields })).toEqual([
            { kind: 'ok', query_id: 77n },
        ]);
    }

    function auctionConfig(changes: TlbRecord = {}): TlbRecord {
        return {
            beneficiary: world.people.seller.address,
            initial_min_bid: toNano('2'),
            max_bid: toNano('1000'),
            min_bid_step: 5n,
            min_extend_time: 600n,
            duration: 7200n,
            ...changes,
        };
    }

    /** Signs an order and sends it with 3 TON from alice. */
    async function mint(kind: 'mint' | 'mint_v2', name: string, more: TlbRecord): Promise<TlbRecord[]> {
        const fields = {
            sig: Buffer.alloc(64),
            subwallet_id: BigInt(SUBWALLET_ID),
            valid_since: BigInt(START - 1),
            valid_till: BigInt(START + 1_000_000),
            name: text(name),
            content,
            auction_config: auctionConfig(),
            ...more,
        };
        const preimage = schema.encode('mint_order', {
            op: BigInt(UsernameOp[kind]),
            global_id: BigInt(GLOBAL_ID),
            collection,
            order: schema
                .encode(kind, fields)
                .asSlice()
                .skip(32 + 512)
                .asCell(),
        });
        seen.add('mint_order');
        const sig = sign(preimage.hash(), newSigner.secretKey);
        return send(world.people.alice, collection, toNano('3'), kind, { ...fields, sig });
    }

    beforeAll(async () => {
        world = await World.create();
        collection = world.collection.address;
        seen.add('item_uninit');
        [first, second] = ['first', 'second'].map((name) => {
            const data = schema.encode('item_uninit', {
                index: sha256_sync(name),
                collection,
            });
            return contractAddress(0, { code: loadCode('UsernameItem'), data });
        }) as [Address, Address];
    });

    it('agree on the administration of the collection', async () => {
        const { bob, author } = world.people;
        const prices = Dictionary.empty(Dictionary.Keys.Uint(8), Dictionary.Values.BigVarUint(4)).set(4, toNano('2'));
        const openTerms = {
            beneficiary: author.address.hash,
            min_bid_step: 10n,
            min_extend_time: 300n,
            duration: 3600n,
            prices: beginCell().storeDictDirect(prices).endCell(),
            content_prefix: text('https://names.example/'),
        };
        const royalty = { numerator: 3n, denominator: 100n, destination: author.address };
        await administer('set_paused', { paused: true });
        expect(await collectionData()).toMatchObject({ paused: true });
        await administer('set_paused', { paused: false });
        await administer('set_terms', { open_terms: openTerms });
        await administer('set_royalty', { royalty });
        await administer('propose_signer', { public_key: newSigner.publicKey });
        expect(await collectionData()).toMatchObject({ cold: { pending_public_key: newSigner.publicKey } });
        const acceptance = { op: BigInt(UsernameOp.accept_signer), global_id: BigInt(GLOBAL_ID), collection };
        seen.add('signer_acceptance');
        const sig = sign(schema.encode('signer_acceptance', acceptance).hash(), newSigner.secretKey);
        await administer('accept_signer', { sig }, bob);
        await administer('propose_admin', { admin: bob.address });
        expect(await collectionData()).toMatchObject({ cold: { pending_admin: bob.address.hash } });
        await administer('accept_admin', {}, bob);
        expect(await collectionData()).toEqual({
            paused: false,
            self: collection,
            subwallet_id: BigInt(SUBWALLET_ID),
            public_key: newSigner.publicKey,
            item_code: loadCode('UsernameItem'),
            cold: {
                admin: bob.address.hash,
                pending_admin: nobody,
                pending_public_key: nobody,
                content: expect.any(Cell) as Cell,
                open_terms: openTerms,
            },
            royalty,
            domain: text('me\0t\0'),
        });
    });

    it('agree on both mints', async () => {
        const { alice, bob, author } = world.people;
        const royalty = { numerator: 1n, denominator: 10n, destination: author.address };
        const restrictions = { force_sender: alice.address, rewrite_sender: bob.address };
        const [deploy] = await mint('mint', 'first', { royalty });
        const [deployV2] = await mint('mint_v2', 'second', { royalty: null, restrictions });
        const cold = {
            royalty,
            domain: text('me\0t\0'),
            name: text('first'),
            collection,
            content,
        };
        const state = {
            kind: 'item_auction',
            end_time: BigInt(START + 7200),
            price: toNano('3'),
            refund_to: alice.address.hash,
            bidder: alice.address.hash,
            bid_ts: BigInt(START),
            terms: { max_bid: toNano('1000'), min_bid_step: 5n, min_extend_time: 600n, started_at: BigInt(START) },
            config: auctionConfig(),
            rest: { owner: null, cold, records: null },
        };
        expect(deploy).toEqual({ kind: 'item_deploy', sender: alice.address, bid: toNano('3'), is_sold: false, state });
        expect(await itemData(first)).toEqual(state);
        expect(deployV2).toMatchObject({ kind: 'item_deploy', sender: alice.address });
        expect(await itemData(second)).toMatchObject({
            refund_to: alice.address.hash,
            bidder: bob.address.hash,
            rest: { cold: { name: text('second'), royalty: { numerator: 3n, denominator: 100n } } },
        });
    });

    it('agree on an open mint', async () => {
        const [deploy, ...others] = await send(world.people.alice, collection, toNano('3'), 'open_mint', {
            query_id: 1n,
            name: text('third_1'),
        });
        expect(others).toEqual([]);
        expect(deploy).toMatchObject({
            kind: 'item_deploy',
            state: {
                kind: 'item_auction',
                terms: { max_bid: (1n << 58n) - 1n, min_bid_step: 10n },
                config: { beneficiary: world.people.author.address, initial_min_bid: toNano('2'), max_bid: 0n },
                rest: { cold: { name: text('third_1') } },
            },
        });
    });

    it('agree on bids, refunds and what comes back', async () => {
        const { bob, carol, dave } = world.people;
        const comment = beginCell().storeStringTail('mine').endCell();
        const outbid = { kind: 'outbid', query_id: expect.any(BigInt) as bigint };
        expect(await send(bob, first, toNano('4'), 'comment', { text: comment })).toEqual([outbid]);
        expect(await send(carol, first, toNano('5'), 'encrypted_comment', { data: comment })).toEqual([outbid]);
        const bid = { query_id: 5n, started_at: BigInt(START), owner: carol.address, refund_to: dave.address };
        expect(await send(dave, first, toNano('6'), 'place_bid', bid)).toEqual([outbid]);
        expect(await itemData(first)).toMatchObject({
            price: toNano('6'),
            bidder: carol.address.hash,
            refund_to: dave.address.hash,
        });
        const low = await world.send(bob, first, toNano('1'), schema.encode('settle', { query_id: 1n }), {
            bounce: false,
        });
        expect(await accepted(low)).toEqual([{ kind: 'return_bid', query_id: expect.any(BigInt) as bigint }]);
    });

    it('agree on a settlement', async () => {
        const { bob, carol } = world.people;
        world.now = START + 7200;
        const [royalty, payout, notice, done] = await send(bob, first, toNano('0.1'), 'settle', { query_id: 8n });
        expect([royalty, payout].map((message) => message?.['kind'])).toEqual(['payout', 'payout']);
        expect(notice).toMatchObject({ kind: 'ownership_assigned', prev_owner: null });
        const sale = record(notice?.['forward_payload'])['left'] as Cell;
        expect(schema.decode('sale_info', sale)).toEqual({ bid: toNano('6'), bid_ts: BigInt(START) });
        seen.add('sale_info');
        expect(done).toEqual({ kind: 'ok', query_id: 8n });
        expect(await itemData(first)).toMatchObject({
            kind: 'item_idle',
            startable_at: 0n,
            rest: { owner: carol.address, records: null },
        });
    });

    it('agree on records and reports', async () => {
        const { bob, carol, author } = world.people;
        const key = sha256_sync('wallet');
        const value = beginCell().storeUint(0x9fd3, 16).storeAddress(carol.address).storeUint(0, 8).endCell();
        const done = [{ kind: 'ok', query_id: 3n }];
        expect(await send(carol, first, toNano('0.2'), 'change_dns_record', { query_id: 3n, key, value })).toEqual(
            done,
        );
        const records = Dictionary.empty(Dictionary.Keys.Buffer(32), Dictionary.Values.Cell()).set(key, value);
        expect((await itemRest(first))['records']).toEqualCell(beginCell().storeDictDirect(records).endCell());
        expect(await send(carol, first, toNano('0.2'), 'delete_dns_record', { query_id: 3n, key })).toEqual(done);
        expect((await itemRest(first))['records']).toBeNull();

        expect(await send(bob, first, toNano('0.1'), 'get_static_data', { query_id: 4n })).toEqual([
            {
                kind: 'report_static_data',
                query_id: 4n,
                index: BigInt(`0x${sha256_sync('first').toString('hex')}`),
                collection,
            },
        ]);
        const report = { kind: 'report_royalty_params', query_id: 4n, destination: author.address };
        expect(await send(bob, first, toNano('0.1'), 'get_royalty_params', { query_id: 4n })).toEqual([
            { ...report, numerator: 1n, denominator: 10n },
        ]);
        expect(await send(bob, collection, toNano('0.1'), 'get_royalty_params', { query_id: 4n })).toEqual([
            { ...report, numerator: 3n, denominator: 100n },
        ]);
    });

    it("agree on the owner's auction and transfer", async () => {
        const { carol, dave } = world.people;
        const done = [{ kind: 'ok', query_id: -6n }];
        const delayed = auctionConfig({ max_bid: 0n, duration: BigInt(2 ** 31 + 3600) });
        const start = { query_id: -6n, auction_config: delayed };
        expect(await send(carol, first, toNano('0.2'), 'start_auction', start)).toEqual(done);
        expect(await itemData(first)).toMatchObject({
            kind: 'item_open',
            end_time: 0n,
            price: toNano('2'),
            config: delayed,
            rest: { owner: carol.address },
        });
        expect(await send(carol, first, toNano('0.2'), 'cancel_auction', { query_id: -6n })).toEqual(done);
        expect(await itemData(first)).toMatchObject({ kind: 'item_idle', startable_at: BigInt(world.now + 300) });

        const payload = beginCell().storeUint(0xabcdef, 25).storeRef(Cell.EMPTY).endCell();
        for (const [from, to, forward_payload] of [
            [carol, dave, { left: payload }],
            [dave, carol, { right: payload }],
        ] as const) {
            const sent = await send(from, first, toNano('0.2'), 'transfer', {
                query_id: 9n,
                new_owner: to.address,
                response_destination: from.address,
                custom_payload: payload,
                forward_amount: toNano('0.05'),
                forward_payload,
            });
            expect(sent).toEqual([
                { kind: 'ownership_assigned', query_id: 9n, prev_owner: from.address, forward_payload },
                { kind: 'excesses', query_id: 9n },
            ]);
            expect(await itemRest(first)).toMatchObject({ owner: to.address });
        }
    });

    it('agree on the end of administration', async () => {
        await administer('renounce_admin', {}, world.people.bob);
        expect(await collectionData()).toMatchObject({ cold: { admin: nobody } });
    });

    it('met in this run in every message, signed text and state', () => {
        const all = [...schema.hexTags().keys(), ...schema.constructorsOf('Item')];
        expect([...seen].sort()).toEqual(all.sort());
    });
});
