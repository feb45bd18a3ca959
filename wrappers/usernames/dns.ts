import type { Address, Builder, Cell, Contract, ContractProvider, Slice } from '@ton/core';
import { beginCell, Dictionary } from '@ton/core';
import { sha256_sync } from '@ton/crypto';
import { expectTag, nameOf, parseCell, parsing } from '../common/cells';
import { ifDeployed } from '../common/contract';
import { GramhouseError } from '../common/errors';

/** The categories that wallets and browsers read; any other string is a category of its own. */
export type DnsCategory = 'wallet' | 'site' | 'storage' | 'dns_next_resolver' | 'text' | (string & {});

/** What a contract is, as `dns_smc_address` may say (TEP-81). */
export type DnsCapability = 'is_wallet' | 'method_seqno' | 'method_pubkey' | { name: string };

/** A record of TEP-81; `type` is the name of its TL-B constructor. Hashes are 32 bytes. */
export type DnsRecord =
    | { type: 'dns_smc_address'; address: Address; capabilities?: DnsCapability[] }
    | { type: 'dns_next_resolver'; resolver: Address }
    | { type: 'dns_adnl_address'; adnl: Buffer; protocols?: 'http'[] }
    | { type: 'dns_storage_address'; bagId: Buffer }
    | { type: 'dns_text'; text: string };

/** An entry of a record dictionary. */
export type DnsEntry = {
    key: bigint;
    /** The category that the key is the hash of, if it is one of the standard ones. */
    category: DnsCategory | null;
    /** The cell as it is stored. */
    value: Cell;
    /** Null where the cell is no record of TEP-81. */
    record: DnsRecord | null;
};

const RecordTag = {
    dns_smc_address: 0x9fd3,
    dns_next_resolver: 0xba93,
    dns_adnl_address: 0xad01,
    dns_storage_address: 0x7473,
    dns_text: 0x1eda,
} as const;

const CapabilityTag = { is_wallet: 0x2177, method_seqno: 0x5371, method_pubkey: 0x71f4 } as const;
const CAPABILITY_NAME_TAG = 0xff;
const HTTP_TAG = 0x4854;

const CATEGORIES: DnsCategory[] = ['wallet', 'site', 'storage', 'dns_next_resolver', 'text'];

/**
 * The key of a category: sha256 of its name. Key 0n asks `dnsresolve` for all records.
 *
 * @example
 * ```ts
 * recordKey('wallet').toString(16).slice(0, 8); // => 'e8d44050'
 * ```
 */
export function recordKey(category: DnsCategory): bigint {
    return BigInt(`0x${sha256_sync(category).toString('hex')}`);
}

/**
 * The cell of a record. The contract takes up to 16 cells, which is about 2,000 bytes of text.
 *
 * @example
 * ```ts
 * const record = encodeDnsRecord({ type: 'dns_text', text: 'hello' });
 * decodeDnsRecord(record); // => { type: 'dns_text', text: 'hello' }
 * ```
 */
export function encodeDnsRecord(record: DnsRecord): Cell {
    const builder = beginCell().storeUint(RecordTag[record.type], 16);
    switch (record.type) {
        case 'dns_smc_address':
            builder.storeAddress(record.address).store(storeOptionalList(record.capabilities, storeCapability));
            break;
        case 'dns_next_resolver':
            builder.storeAddress(record.resolver);
            break;
        case 'dns_adnl_address':
            builder.storeBuffer(record.adnl, 32).store(
                storeOptionalList(record.protocols, (list) => {
                    list.storeUint(HTTP_TAG, 16);
                }),
            );
            break;
        case 'dns_storage_address':
            builder.storeBuffer(record.bagId, 32);
            break;
        case 'dns_text':
            storeChunkedText(builder, Buffer.from(record.text));
            break;
    }
    return builder.endCell();
}

/**
 * Reads a record; throws `unexpected_data` if the cell is none or holds more than one.
 *
 * @example
 * ```ts
 * decodeDnsRecord(encodeDnsRecord({ type: 'dns_text', text: 'hello' })); // => { type: 'dns_text', text: 'hello' }
 * decodeDnsRecord(Cell.EMPTY); // throws unexpected_data
 * ```
 */
export function decodeDnsRecord(cell: Cell): DnsRecord {
    return parseCell('record of TEP-81', cell, loadRecord);
}

function loadRecord(slice: Slice): DnsRecord {
    const type = nameOf(RecordTag, slice.loadUint(16));
    switch (type) {
        case 'dns_smc_address': {
            const address = slice.loadAddress();
            const capabilities = loadOptionalList(slice, loadCapability);
            return { type, address, ...(capabilities && { capabilities }) };
        }
        case 'dns_next_resolver':
            return { type, resolver: slice.loadAddress() };
        case 'dns_adnl_address': {
            const adnl = slice.loadBuffer(32);
            const protocols = loadOptionalList(slice, (list): 'http' => {
                expectTag(list, HTTP_TAG, 16);
                return 'http';
            });
            return { type, adnl, ...(protocols && { protocols }) };
        }
        case 'dns_storage_address':
            return { type, bagId: slice.loadBuffer(32) };
        case 'dns_text':
            return { type, text: loadChunkedText(slice).toString() };
        default:
            throw new Error('no tag of a record');
    }
}

/** flags:(## 8), whose bit 0 says that a list follows; each entry has a bit 1 before it, and a bit 0 ends the list. */
function storeOptionalList<T>(list: T[] | undefined, storeEntry: (builder: Builder, entry: T) => void) {
    return (builder: Builder): void => {
        builder.storeUint(list ? 1 : 0, 8);
        if (list) {
            list.forEach((entry) => storeEntry(builder.storeBit(1), entry));
            builder.storeBit(0);
        }
    };
}

function loadOptionalList<T>(slice: Slice, loadEntry: (slice: Slice) => T): T[] | undefined {
    if ((slice.loadUint(8) & 1) === 0) {
        return undefined;
    }
    const list: T[] = [];
    while (slice.loadBit()) {
        list.push(loadEntry(slice));
    }
    return list;
}

function storeCapability(builder: Builder, capability: DnsCapability): void {
    if (typeof capability === 'string') {
        builder.storeUint(CapabilityTag[capability], 16);
    } else {
        storeChunkedText(builder.storeUint(CAPABILITY_NAME_TAG, 8), Buffer.from(capability.name));
    }
}

function loadCapability(slice: Slice): DnsCapability {
    if (slice.preloadUint(8) === CAPABILITY_NAME_TAG) {
        slice.skip(8);
        return { name: loadChunkedText(slice).toString() };
    }
    const name = nameOf(CapabilityTag, slice.loadUint(16));
    if (!name) {
        throw new Error('no capability');
    }
    return name;
}

/**
 * TL-B of block.tlb: text$_ chunks:(## 8) rest:(TextChunks chunks) = Text, where a chunk is len:(## 8) and its bytes,
 * and every chunk after the first is in a reference of the one before it.
 */
function storeChunkedText(builder: Builder, bytes: Buffer): void {
    const chunks: Buffer[] = [];
    // Room for the number of chunks, the chunk's length, and the bit that ends a list after it
    let room = (builder.availableBits - 17) >> 3;
    for (let at = 0; at < bytes.length; room = 126) {
        chunks.push(bytes.subarray(at, at + room));
        at += room;
    }
    if (chunks.length > 255) {
        throw new GramhouseError('invalid_argument', `A text of ${bytes.length} bytes is too long for a record.`);
    }
    builder.storeUint(chunks.length, 8);
    const [first, ...others] = chunks;
    if (first) {
        const next = others.reduceRight<Builder | null>((tail, chunk) => storeChunk(beginCell(), chunk, tail), null);
        storeChunk(builder, first, next);
    }
}

function storeChunk(builder: Builder, chunk: Buffer, next: Builder | null): Builder {
    builder.storeUint(chunk.length, 8).storeBuffer(chunk);
    return next ? builder.storeRef(next) : builder;
}

function loadChunkedText(slice: Slice): Buffer {
    const chunks: Buffer[] = [];
    let part = slice;
    for (let left = slice.loadUint(8); left > 0; left -= 1) {
        chunks.push(part.loadBuffer(part.loadUint(8)));
        if (left > 1) {
            part = part.loadRef().beginParse();
        }
    }
    return Buffer.concat(chunks);
}

/**
 * Reads what `dnsresolve` returns for key 0n: the root of the record dictionary, or null. Never throws for a strange record.
 *
 * @example
 * ```ts
 * const { value } = await ownedItem.getDnsResolve(encodeDomain('.'), 0n);
 * parseDnsRecords(value); // => []
 * ```
 */
export function parseDnsRecords(dictionary: Cell | null): DnsEntry[] {
    if (!dictionary) {
        return [];
    }
    const records = parsing('dictionary of records', () =>
        Dictionary.loadDirect(Dictionary.Keys.BigUint(256), Dictionary.Values.Cell(), dictionary),
    );
    const categories = new Map(CATEGORIES.map((category) => [recordKey(category), category]));
    return [...records].map(([key, value]) => ({
        key,
        category: categories.get(key) ?? null,
        value,
        record: decodeOrNull(value),
    }));
}

function decodeOrNull(value: Cell): DnsRecord | null {
    try {
        return decodeDnsRecord(value);
    } catch {
        return null;
    }
}

/**
 * TEP-81's internal form of a domain: its labels in reverse, each followed by a zero byte. `alice.t.me` is
 * `me\0t\0alice\0`, and `.` (the contract itself) is one zero byte.
 *
 * Throws `invalid_argument` for an empty label, a byte up to 32, or more than 126 bytes.
 *
 * @example
 * ```ts
 * encodeDomain('alice.t.me').toString(); // => 'me\0t\0alice\0'
 * ```
 */
export function encodeDomain(domain: string): Buffer {
    if (domain === '.') {
        return Buffer.from([0]);
    }
    const labels = domain.split('.');
    if (labels.includes('') || /[\0-\x20]/.test(domain) || Buffer.byteLength(domain) > 126) {
        throw new GramhouseError('invalid_argument', `${JSON.stringify(domain)} is not a domain.`, {
            hint: 'A domain is labels with dots between them, at most 126 bytes, without spaces.',
        });
    }
    return Buffer.from(`${labels.reverse().join('\0')}\0`);
}

/**
 * The usual form of a domain from TEP-81's internal form, with or without the last zero byte.
 *
 * @example
 * ```ts
 * decodeDomain(encodeDomain('alice.t.me')); // => 'alice.t.me'
 * ```
 */
export function decodeDomain(bytes: Buffer): string {
    const labels = bytes.toString().replace(/\0$/, '').split('\0');
    return labels.reverse().join('.') || '.';
}

/** What `dnsresolve` answers (TEP-81). */
export type DnsAnswer = {
    /** How many bits of the subdomain are resolved; 0 if nothing is known of it. */
    resolvedBits: number;
    /** The record; the whole dictionary for key 0n; a `dns_next_resolver` where only a part is resolved. */
    value: Cell | null;
};

/** Calls `dnsresolve` (TEP-81): `subdomain` in its internal form, `key` from `recordKey` or 0n for all. */
export async function resolveDns(provider: ContractProvider, subdomain: Buffer, key: bigint): Promise<DnsAnswer> {
    const { stack } = await provider.get('dnsresolve', [
        { type: 'slice', cell: beginCell().storeBuffer(subdomain).endCell() },
        { type: 'int', value: key },
    ]);
    return { resolvedBits: stack.readNumber(), value: stack.readCellOpt() };
}

/** Any contract that answers `dnsresolve`. */
class DnsResolver implements Contract {
    constructor(readonly address: Address) {}

    /** Null where there is no contract. */
    async getAnswer(provider: ContractProvider, subdomain: Buffer, key: bigint): Promise<DnsAnswer | null> {
        return ifDeployed(provider, resolveDns(provider, subdomain, key));
    }
}

/** More resolvers in a row than any domain has. */
const MAX_RESOLVERS = 8;

/** What `UsernameCollection.getRecord` does, from any resolver: `domain` is relative to the provider's contract. */
export async function resolveRecord(
    provider: ContractProvider,
    domain: string,
    category: DnsCategory,
): Promise<DnsRecord | null> {
    const key = recordKey(category);
    let subdomain = encodeDomain(domain);
    let answer: DnsAnswer | null = await resolveDns(provider, subdomain, key);
    for (let resolvers = 0; resolvers < MAX_RESOLVERS; resolvers += 1) {
        if (!answer?.value) {
            return null;
        }
        const record = decodeDnsRecord(answer.value);
        if (answer.resolvedBits === subdomain.length * 8) {
            return record;
        }
        if (record.type !== 'dns_next_resolver') {
            throw new GramhouseError('unexpected_data', `A part of ${domain} is resolved, without a next resolver.`);
        }
        // What is left of a name begins with the zero byte that ended its label
        subdomain = subdomain.subarray(answer.resolvedBits / 8);
        answer = await provider.open(new DnsResolver(record.resolver)).getAnswer(subdomain, key);
    }
    throw new GramhouseError('unexpected_data', `${domain} leads through more than ${MAX_RESOLVERS} resolvers.`);
}
