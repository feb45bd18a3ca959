import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

import { Address, beginCell, Cell, Dictionary } from '@ton/core';

import { parseNumber, readFuncFiles } from '../tools/func-source';
import type { AuctionConfig, OpenTerms, Royalty } from '../wrappers/usernames/auction';
import { AuctionLimits } from '../wrappers/usernames/auction';
import { UsernameError } from '../wrappers/usernames/errors';
import { UsernameGas } from '../wrappers/usernames/gas';
import { MessageTag, UsernameOp } from '../wrappers/usernames/ops';
import type { MintOrder } from '../wrappers/usernames/orders';
import { mintMessage, mintOrderHash, parseMintOrder, signSignerAcceptance } from '../wrappers/usernames/orders';
import {
    cellToUsernameCollectionConfig,
    UsernameCollection,
    usernameCollectionConfigToCell,
} from '../wrappers/usernames/UsernameCollection';
import { cellToItemData, UsernameItem, usernameItemConfigToCell } from '../wrappers/usernames/UsernameItem';
import { Random } from './helpers/random';
import type { TlbRecord, TlbValue } from './helpers/tlb';
import { Schema, text } from './helpers/tlb';

// Contracts, schema and wrappers say the same of the wire. Names and numbers are compared as they stand in the sources;
// layouts by encoding random values twice, with the wrappers and with nothing but the schema.

const root = join(__dirname, '..');
const schemaPath = join(root, 'contracts/schema/usernames.tlb');
const schema = Schema.load('usernames.tlb');
const files = readFuncFiles(root);
const seeds = Array.from({ length: 20 }, (_, i) => `schema ${i}`);

/** The constants of the username contracts' FunC files of this name that start with a prefix, without it. */
function funcConstants(fileName: string, prefix = ''): Record<string, bigint | null> {
    const constants = [...files.values()]
        .filter((file) => file.path.endsWith(`/${fileName}`) && !file.path.startsWith('contracts/ads/'))
        .flatMap((file) => file.constants)
        .filter((constant) => constant.name.startsWith(prefix));
    return Object.fromEntries(
        constants.map(({ name, value }) => [
            name.slice(prefix.length),
            value.length === 1 ? parseNumber(value[0]!.text) : null,
        ]),
    );
}

function bigints(record: Readonly<Record<string, number | bigint>>): Record<string, bigint> {
    return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, BigInt(value)]));
}

describe('names and numbers', () => {
    const tags = schema.hexTags();

    it('the op codes and tags are the same in .fc, .tlb and .ts', () => {
        expect(tags.get('delete_dns_record')).toBe(tags.get('change_dns_record'));
        const inSchema = Object.fromEntries([...tags].filter(([name]) => name !== 'delete_dns_record'));
        expect(inSchema).toEqual({ ...UsernameOp, ...MessageTag });
        expect(funcConstants('ops.fc', 'op::')).toEqual(bigints(UsernameOp));
        expect(funcConstants('ops.fc', 'tag::')).toEqual(bigints(MessageTag));
    });

    it('an op code or tag marked (ours) is made of its name, and no other is', () => {
        const source = readFileSync(schemaPath, 'utf8');
        let isOurs = false;
        let count = 0;
        for (const line of source.split('\n')) {
            isOurs = line.startsWith('//')
                ? line.startsWith('// (ours)') || (isOurs && !line.startsWith('// ('))
                : isOurs;
            const declaration = /^(\w+)#([0-9a-f]{8}) /.exec(line);
            if (declaration !== null) {
                const made = crc32(`gramhouse.${declaration[1]}`) & 0x7fffffff;
                expect([declaration[1], parseInt(declaration[2]!, 16) === made]).toEqual([declaration[1], isOurs]);
                count++;
            }
        }
        expect(count).toBe(tags.size);
    });

    it('the exit codes are the same in .fc and .ts', () => {
        expect(funcConstants('errors.fc', 'error::')).toEqual(bigints(UsernameError));
    });

    it('the units and bounds of fees and auctions are the same in .fc and .ts', () => {
        expect(funcConstants('gas.fc')).toEqual(bigints(UsernameGas));
        expect(funcConstants('auction.fc')).toMatchObject(bigints(AuctionLimits));
    });
});

describe('the schema', () => {
    const constructors = [
        ...schema.hexTags().keys(),
        ...['Collection', 'Item'].flatMap((it) => schema.constructorsOf(it)),
    ];

    it.each(constructors)('reads what it writes: %s', (constructor) => {
        for (const seed of seeds) {
            const fields = schema.sample(constructor, new Random(seed));
            expect(schema.decode(constructor, schema.encode(constructor, fields))).toEqual(fields);
        }
    });

    it.each(['mint_v2', 'item_auction', 'collection'])(
        'takes no %s with a bit or a reference more or less',
        (constructor) => {
            const cell = schema.encode(constructor, schema.sample(constructor, new Random('length')));
            const extraRef = beginCell().storeSlice(cell.asSlice());
            const lessBits = beginCell().storeBits(cell.bits.substring(0, cell.bits.length - 1));
            cell.refs.forEach((ref) => lessBits.storeRef(ref));
            expect(() => schema.decode(constructor, extraRef.storeRef(Cell.EMPTY).endCell())).toThrow();
            expect(() => schema.decode(constructor, lessBits.endCell())).toThrow();
        },
    );

    it.each([
        ['no field', { query_id: 1n }],
        ['an extra field', { query_id: 1n, paused: true, more: 1n }],
        ['a value out of range', { query_id: 1n << 64n, paused: true }],
        ['a value of another type', { query_id: 1n, paused: 1n }],
    ])('writes no message with %s', (_, fields: TlbRecord) => {
        expect(() => schema.encode('set_paused', fields)).toThrow(/set_paused/);
    });

    it('another order or width of fields gives another cell', () => {
        const source = readFileSync(schemaPath, 'utf8');
        const swapped = source.replace(
            'min_bid_step:uint8 min_extend_time:uint32',
            'min_extend_time:uint32 min_bid_step:uint8',
        );
        const wider = source.replace(
            'numerator:uint16 denominator:uint16 dest',
            'numerator:uint16 denominator:uint32 dest',
        );
        for (const [changed, constructor] of [
            [swapped, 'auction_config'],
            [wider, 'royalty'],
        ] as const) {
            expect(changed).not.toBe(source);
            const fields = schema.sample(constructor, new Random('changed'));
            expect(Schema.parse(changed).encode(constructor, fields)).not.toEqualCell(
                schema.encode(constructor, fields),
            );
        }
    });
});

// ---------------------------------------------------------------- from the schema's values to the wrappers'

const record = (value: TlbValue | undefined) => value as TlbRecord;
const maybe = <T>(value: TlbValue | undefined, convert: (value: TlbValue) => T): T | null =>
    value === null || value === undefined ? null : convert(value);
const hashAddress = (value: TlbValue | undefined) => new Address(0, value as Buffer);
const bytesOf = (value: TlbValue | undefined) => record(value)['text'] as Buffer;
const queryId = (fields: TlbRecord) => BigInt.asUintN(64, fields['query_id'] as bigint);

function toRoyalty(fields: TlbRecord): Royalty {
    const { numerator, denominator, destination } = fields;
    return {
        numerator: Number(numerator),
        denominator: Number(denominator),
        destination: destination as Address,
    };
}

function toAuctionConfig(fields: TlbRecord): AuctionConfig {
    const duration = Number(fields['duration']);
    return {
        beneficiary: fields['beneficiary'] as Address,
        initialMinBid: fields['initial_min_bid'] as bigint,
        maxBid: fields['max_bid'] as bigint,
        minBidStep: Number(fields['min_bid_step']),
        minExtendTime: Number(fields['min_extend_time']),
        duration: duration % 2 ** 31,
        delayedStart: duration >= 2 ** 31,
    };
}

const prices = { 4: 100_000_000_000n, 5: 7n, 32: 0n };
const priceTable = Dictionary.empty(Dictionary.Keys.Uint(8), Dictionary.Values.BigVarUint(4));
Object.entries(prices).forEach(([length, price]) => priceTable.set(Number(length), price));
const pricesCell = beginCell().storeDictDirect(priceTable).endCell();

function toOpenTerms(fields: TlbRecord): OpenTerms {
    const duration = Number(fields['duration']);
    return {
        beneficiary: hashAddress(fields['beneficiary']),
        minBidStep: Number(fields['min_bid_step']),
        minExtendTime: Number(fields['min_extend_time']),
        duration,
        prices: fields['prices'] === null ? {} : prices,
        contentPrefix: bytesOf(fields['content_prefix']).toString(),
    };
}

function toMintOrder(fields: TlbRecord, version: 1 | 2): MintOrder {
    const royalty = maybe(fields['royalty'], (it) => toRoyalty(record(it)));
    const restrictions = maybe(fields['restrictions'], (it) => {
        const { force_sender, rewrite_sender } = record(it);
        return {
            ...(force_sender && { forceSender: force_sender as Address }),
            ...(rewrite_sender && { rewriteSender: rewrite_sender as Address }),
        };
    });
    return {
        version,
        subwalletId: Number(fields['subwallet_id']),
        validSince: Number(fields['valid_since']),
        validTill: Number(fields['valid_till']),
        name: bytesOf(fields['name']).toString(),
        content: fields['content'] as Cell,
        auctionConfig: toAuctionConfig(record(fields['auction_config'])),
        ...(royalty && { royalty }),
        ...(restrictions && { restrictions }),
    };
}

/** What a wrapper makes of the fields, for every message that people send. */
const builders: Record<string, (fields: TlbRecord) => Cell> = {
    mint: (it) => mintMessage(toMintOrder(it, 1), it['sig'] as Buffer),
    mint_v2: (it) => mintMessage(toMintOrder(it, 2), it['sig'] as Buffer),
    open_mint: (it) =>
        UsernameCollection.openMintMessage({ queryId: queryId(it), name: bytesOf(it['name']).toString() }),
    set_paused: (it) => UsernameCollection.setPausedMessage({ queryId: queryId(it), paused: it['paused'] as boolean }),
    set_terms: (it) =>
        UsernameCollection.setTermsMessage({
            queryId: queryId(it),
            openTerms: maybe(it['open_terms'], (terms) => toOpenTerms(record(terms))),
        }),
    set_royalty: (it) =>
        UsernameCollection.setRoyaltyMessage({ queryId: queryId(it), royalty: toRoyalty(record(it['royalty'])) }),
    propose_signer: (it) =>
        UsernameCollection.proposeSignerMessage({ queryId: queryId(it), publicKey: it['public_key'] as Buffer }),
    propose_admin: (it) =>
        UsernameCollection.proposeAdminMessage({ queryId: queryId(it), admin: it['admin'] as Address }),
    renounce_admin: (it) => UsernameCollection.renounceAdminMessage({ queryId: queryId(it) }),
    accept_signer: (it) =>
        UsernameCollection.acceptSignerMessage({ queryId: queryId(it), signature: it['sig'] as Buffer }),
    accept_admin: (it) => UsernameCollection.acceptAdminMessage({ queryId: queryId(it) }),
    comment: (it) => UsernameItem.bidMessage({ comment: (it['text'] as Cell).beginParse().loadStringTail() }),
    place_bid: (it) =>
        UsernameItem.placeBidMessage({
            queryId: queryId(it),
            startedAt: Number(it['started_at']),
            owner: it['owner'] as Address,
            refundTo: it['refund_to'] as Address,
        }),
    settle: (it) => UsernameItem.settleMessage({ queryId: queryId(it) }),
    start_auction: (it) =>
        UsernameItem.startAuctionMessage({
            queryId: queryId(it),
            auctionConfig: toAuctionConfig(record(it['auction_config'])),
        }),
    cancel_auction: (it) => UsernameItem.cancelAuctionMessage({ queryId: queryId(it) }),
    change_dns_record: (it) =>
        UsernameItem.changeDnsRecordMessage({
            queryId: queryId(it),
            key: BigInt(`0x${(it['key'] as Buffer).toString('hex')}`),
            record: it['value'] as Cell,
        }),
    delete_dns_record: (it) =>
        UsernameItem.deleteDnsRecordMessage({
            queryId: queryId(it),
            key: BigInt(`0x${(it['key'] as Buffer).toString('hex')}`),
        }),
    transfer: (it) => {
        const payload = record(it['forward_payload']);
        return UsernameItem.transferMessage({
            queryId: queryId(it),
            newOwner: it['new_owner'] as Address,
            responseDestination: it['response_destination'] as Address | null,
            customPayload: (it['custom_payload'] as Cell | null) ?? undefined,
            forwardAmount: it['forward_amount'] as bigint,
            forwardPayload: (payload['right'] as Cell | undefined) ?? (payload['left'] as Cell).asSlice(),
        });
    },
    get_static_data: (it) => UsernameItem.getStaticDataMessage({ queryId: queryId(it) }),
    get_royalty_params: (it) => UsernameItem.getRoyaltyParamsMessage({ queryId: queryId(it) }),
};

/** Of a collection's cold cell, where zeros stand for null. */
function somebody(bits: unknown): Buffer | null {
    return (bits as Buffer).equals(Buffer.alloc(32)) ? null : (bits as Buffer);
}

/**
 * Random fields, within what a wrapper accepts at all: canonical names, a zone as domain, prices, a royalty within
 * bounds, a text as comment.
 */
function sample(constructor: string, seed: string): TlbRecord {
    const random = new Random(seed);
    const fields = schema.sample(constructor, random);
    if ('name' in fields) {
        fields['name'] = text(`n${random.letters(3 + random.below(29))}`);
    }
    if ('domain' in fields) {
        fields['domain'] = text(`me\0${random.letters(5)}\0`);
    }
    const terms = fields['open_terms'] ?? record(fields['cold'] ?? {})['open_terms'];
    if (terms) {
        record(terms)['prices'] = pricesCell;
    }
    if (constructor === 'collection') {
        const royalty = record(fields['royalty']);
        royalty['numerator'] = (royalty['denominator'] as bigint) / 4n;
        for (const name of ['admin', 'pending_admin', 'pending_public_key']) {
            if (random.below(2)) {
                record(fields['cold'])[name] = Buffer.alloc(32);
            }
        }
    }
    if (constructor === 'comment') {
        fields['text'] = beginCell().storeStringTail(`hello ${seed}`).endCell();
    }
    return fields;
}

describe('the wrappers write messages as the schema says', () => {
    it('for every message from people', () => {
        const sections = readFileSync(schemaPath, 'utf8').split(/^\/\/ -+ /m);
        const incoming = sections.filter((section) => /^to (the collection|an item)\n/.test(section)).join('');
        const names = [...incoming.matchAll(/^(\w+)#/gm)].map((match) => match[1]!);
        // Wallets encrypt comments, not we
        expect(Object.keys(builders).sort()).toEqual(names.filter((name) => name !== 'encrypted_comment').sort());
    });

    it.each(Object.entries(builders))('%s', (constructor, build) => {
        for (const seed of seeds) {
            const fields = sample(constructor, seed);
            expect(build(fields)).toEqualCell(schema.encode(constructor, fields));
        }
    });

    it('the preimages of both signatures', async () => {
        for (const seed of seeds) {
            const { global_id, collection } = sample('signer_acceptance', seed);
            const target = { collection: collection as Address, globalId: Number(global_id) };
            const message = schema.encode('mint_v2', sample('mint_v2', seed));
            const order = message
                .asSlice()
                .skip(32 + 512)
                .asCell();
            const preimage = schema.encode('mint_order', {
                op: BigInt(UsernameOp.mint_v2),
                global_id: global_id!,
                collection: collection!,
                order,
            });
            expect(mintOrderHash(message, target)).toEqual(preimage.hash());

            const acceptance = schema.encode('signer_acceptance', {
                op: BigInt(UsernameOp.accept_signer),
                global_id: global_id!,
                collection: collection!,
            });
            const signer = jest.fn(() => Promise.resolve(Buffer.alloc(64)));
            await signSignerAcceptance({ ...target, signer });
            expect(signer).toHaveBeenCalledWith(acceptance.hash());
        }
    });
});

describe('the wrappers read and write storage as the schema says', () => {
    it('the collection', () => {
        for (const seed of seeds) {
            const fields = sample('collection', seed);
            const cold = record(fields['cold']);
            const config = {
                paused: fields['paused'] as boolean,
                subwalletId: Number(fields['subwallet_id']),
                publicKey: fields['public_key'] as Buffer,
                itemCode: fields['item_code'] as Cell,
                admin: maybe(somebody(cold['admin']), hashAddress),
                pendingAdmin: maybe(somebody(cold['pending_admin']), hashAddress),
                pendingPublicKey: somebody(cold['pending_public_key']),
                content: cold['content'] as Cell,
                openTerms: maybe(cold['open_terms'], (terms) => toOpenTerms(record(terms))),
                royalty: toRoyalty(record(fields['royalty'])),
                domain: bytesOf(fields['domain']).toString().split('\0').slice(0, 2).reverse().join('.'),
            };
            const cell = schema.encode('collection', { ...fields, self: null });
            expect(usernameCollectionConfigToCell(config)).toEqualCell(cell);
            expect(cellToUsernameCollectionConfig(cell)).toEqual({ ...config, self: null });
            const { self } = fields;
            expect(cellToUsernameCollectionConfig(schema.encode('collection', fields))).toEqual({ ...config, self });
        }
    });

    it('an item without state', () => {
        for (const seed of seeds) {
            const fields = sample('item_uninit', seed);
            const index = BigInt(`0x${(fields['index'] as Buffer).toString('hex')}`);
            const collection = fields['collection'] as Address;
            const cell = schema.encode('item_uninit', fields);
            expect(usernameItemConfigToCell({ index, collection })).toEqualCell(cell);
            expect(cellToItemData(cell)).toEqual({ status: 'uninit', index, collection });
        }
    });

    it.each(['item_idle', 'item_open', 'item_auction'])('%s', (constructor) => {
        for (const seed of seeds) {
            const fields = sample(constructor, seed);
            const rest = record(fields['rest']);
            const cold = record(rest['cold']);
            cold['domain'] = text(`me\0${seed.replace(' ', '')}\0`);
            const terms = maybe(fields['terms'], record);
            expect(cellToItemData(schema.encode(constructor, fields))).toEqual({
                status: constructor.replace('item_', ''),
                owner: rest['owner'],
                records: rest['records'],
                collection: cold['collection'],
                royalty: toRoyalty(record(cold['royalty'])),
                domain: `${seed.replace(' ', '')}.me`,
                name: bytesOf(cold['name']).toString(),
                content: cold['content'],
                ...('startable_at' in fields && { startableAt: Number(fields['startable_at']) }),
                ...(terms && {
                    endTime: Number(fields['end_time']),
                    price: fields['price'],
                    maxBid: terms['max_bid'],
                    minBidStep: Number(terms['min_bid_step']),
                    minExtendTime: Number(terms['min_extend_time']),
                    startedAt: Number(terms['started_at']),
                    auctionConfig: toAuctionConfig(record(fields['config'])),
                }),
                ...('bidder' in fields && {
                    refundTo: hashAddress(fields['refund_to']),
                    bidder: hashAddress(fields['bidder']),
                    bidTs: Number(fields['bid_ts']),
                }),
            });
        }
    });

    it.each([
        ['mint', 1],
        ['mint_v2', 2],
    ] as const)('the order in a %s', (constructor, version) => {
        for (const seed of seeds) {
            const fields = sample(constructor, seed);
            const parsed = parseMintOrder(schema.encode(constructor, fields));
            expect(parsed).toEqual({ order: toMintOrder(fields, version), signature: fields['sig'] });
        }
    });
});
