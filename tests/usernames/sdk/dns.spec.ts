import '@ton/test-utils';
import type { Cell } from '@ton/core';
import { beginCell, Dictionary } from '@ton/core';
import type { DnsRecord } from '../../../wrappers';
import {
    decodeDnsRecord,
    decodeDomain,
    encodeDnsRecord,
    encodeDomain,
    GramhouseError,
    parseDnsRecords,
    recordKey,
} from '../../../wrappers';
import { addressOf } from './fixtures';

const hash = Buffer.alloc(32, 0xab);

/** dns_text of ASCII chunks, the first inline and each other in a reference. */
function textCell(chunks: string[]): Cell {
    const store = (builder: ReturnType<typeof beginCell>, index: number): typeof builder => {
        const chunk = chunks[index];
        if (chunk === undefined) {
            return builder;
        }
        builder.storeUint(chunk.length, 8).storeBuffer(Buffer.from(chunk));
        return index + 1 < chunks.length ? builder.storeRef(store(beginCell(), index + 1)) : builder;
    };
    return store(beginCell().storeUint(0x1eda, 16).storeUint(chunks.length, 8), 0).endCell();
}

const cases: [string, DnsRecord, Cell][] = [
    [
        'a wallet',
        { type: 'dns_smc_address', address: addressOf(1) },
        beginCell().storeUint(0x9fd3, 16).storeAddress(addressOf(1)).storeUint(0, 8).endCell(),
    ],
    [
        'a wallet with an empty capability list',
        { type: 'dns_smc_address', address: addressOf(1), capabilities: [] },
        beginCell().storeUint(0x9fd3, 16).storeAddress(addressOf(1)).storeUint(1, 8).storeBit(0).endCell(),
    ],
    [
        'a wallet with capabilities',
        {
            type: 'dns_smc_address',
            address: addressOf(1),
            capabilities: ['is_wallet', 'method_seqno', 'method_pubkey', { name: 'v5' }],
        },
        beginCell()
            .storeUint(0x9fd3, 16)
            .storeAddress(addressOf(1))
            .storeUint(1, 8)
            .storeUint(0x12177, 17)
            .storeUint(0x15371, 17)
            .storeUint(0x171f4, 17)
            .storeUint(0x1ff, 9)
            .storeUint(1, 8)
            .storeUint(2, 8)
            .storeBuffer(Buffer.from('v5'))
            .storeBit(0)
            .endCell(),
    ],
    [
        'a resolver',
        { type: 'dns_next_resolver', resolver: addressOf(2) },
        beginCell().storeUint(0xba93, 16).storeAddress(addressOf(2)).endCell(),
    ],
    [
        'a site',
        { type: 'dns_adnl_address', adnl: hash },
        beginCell().storeUint(0xad01, 16).storeBuffer(hash).storeUint(0, 8).endCell(),
    ],
    [
        'a site with a protocol list',
        { type: 'dns_adnl_address', adnl: hash, protocols: ['http'] },
        beginCell()
            .storeUint(0xad01, 16)
            .storeBuffer(hash)
            .storeUint(1, 8)
            .storeUint(0x14854, 17)
            .storeBit(0)
            .endCell(),
    ],
    [
        'a bag',
        { type: 'dns_storage_address', bagId: hash },
        beginCell().storeUint(0x7473, 16).storeBuffer(hash).endCell(),
    ],
    ['an empty text', { type: 'dns_text', text: '' }, textCell([])],
    ['a text of one chunk', { type: 'dns_text', text: 'x'.repeat(123) }, textCell(['x'.repeat(123)])],
    [
        'a text of three chunks',
        { type: 'dns_text', text: `${'x'.repeat(123)}${'y'.repeat(126)}z` },
        textCell(['x'.repeat(123), 'y'.repeat(126), 'z']),
    ],
];

describe('a record of TEP-81', () => {
    it.each(cases)('%s has the bytes of its schema', (_, record, cell) => {
        expect(encodeDnsRecord(record)).toEqualCell(cell);
    });

    it.each(cases)('%s is read back', (_, record, cell) => {
        expect(decodeDnsRecord(cell)).toEqual(record);
    });

    it('keeps letters that two chunks share', () => {
        const text = 'ж'.repeat(200);
        expect(decodeDnsRecord(encodeDnsRecord({ type: 'dns_text', text }))).toEqual({ type: 'dns_text', text });
    });

    it.each<[string, Cell]>([
        ['an unknown tag', beginCell().storeUint(0x1234, 16).endCell()],
        ['no tag', beginCell().endCell()],
        ['a truncated address', beginCell().storeUint(0x9fd3, 16).storeUint(4, 3).endCell()],
        ['bits after the end', beginCell().storeUint(0x7473, 16).storeBuffer(hash).storeBit(0).endCell()],
        ['a chunk that is missing', beginCell().storeUint(0x1eda, 16).storeUint(2, 8).storeUint(0, 8).endCell()],
        [
            'an unknown capability',
            beginCell()
                .storeUint(0x9fd3, 16)
                .storeAddress(addressOf(1))
                .storeUint(1, 8)
                .storeUint(0x10000, 17)
                .endCell(),
        ],
        [
            'an unknown protocol',
            beginCell()
                .storeUint(0xad01, 16)
                .storeBuffer(hash)
                .storeUint(1, 8)
                .storeUint(0x14855, 17)
                .storeBit(0)
                .endCell(),
        ],
    ])('is not %s', (_, cell) => {
        expect(() => decodeDnsRecord(cell)).toThrow(GramhouseError);
    });

    it('takes no text of more than 255 chunks', () => {
        expect(() => encodeDnsRecord({ type: 'dns_text', text: 'x'.repeat(123 + 254 * 126 + 1) })).toThrow(
            GramhouseError,
        );
    });
});

describe('recordKey', () => {
    it('is the sha256 of the category', () => {
        expect(recordKey('wallet')).toBe(0xe8d44050873dba865aa7c170ab4cce64d90839a34dcfd6cf71d14e0205443b1bn);
        expect(recordKey('site')).toBe(0xfbae041b02c41ed0fd8a4efb039bc780dd6af4a1f0c420f42561ae705dda43fen);
        expect(recordKey('storage')).toBe(0x49a25f9feefaffecad0fcd30c50dc9331cff8b55ece53def6285c09e17e6f5d7n);
        expect(recordKey('dns_next_resolver')).toBe(
            0x19f02441ee588fdb26ee24b2568dd035c3c9206e11ab979be62e55558a1d17ffn,
        );
    });
});

describe('parseDnsRecords', () => {
    it('reads every entry and keeps what it does not know as a cell', () => {
        const strange = beginCell().storeUint(7, 8).endCell();
        const wallet = encodeDnsRecord({ type: 'dns_smc_address', address: addressOf(1) });
        const dictionary = beginCell()
            .storeDictDirect(
                Dictionary.empty(Dictionary.Keys.BigUint(256), Dictionary.Values.Cell())
                    .set(recordKey('wallet'), wallet)
                    .set(5n, strange),
            )
            .endCell();
        const entries = parseDnsRecords(dictionary);
        expect(entries).toHaveLength(2);
        expect(entries).toContainEqual({
            key: recordKey('wallet'),
            category: 'wallet',
            value: wallet,
            record: { type: 'dns_smc_address', address: addressOf(1) },
        });
        expect(entries).toContainEqual({ key: 5n, category: null, value: strange, record: null });
    });

    it('reads null as no records', () => {
        expect(parseDnsRecords(null)).toEqual([]);
    });
});

describe('a domain', () => {
    it.each([
        ['alice.t.me', 'me\0t\0alice\0'],
        ['t.me', 'me\0t\0'],
        ['alice', 'alice\0'],
        ['.', '\0'],
    ])('%s has its labels in reverse, each followed by a zero byte', (domain, bytes) => {
        expect(encodeDomain(domain)).toEqual(Buffer.from(bytes));
        expect(decodeDomain(Buffer.from(bytes))).toBe(domain);
    });

    it('is read without the last zero byte too', () => {
        expect(decodeDomain(Buffer.from('me\0t\0alice'))).toBe('alice.t.me');
    });

    it.each(['', 'alice..me', '.me', 'me.', 'al ice.me', 'al\0ice', 'a'.repeat(127)])('is not %j', (domain) => {
        expect(() => encodeDomain(domain)).toThrow(GramhouseError);
    });

    it('has up to 126 bytes', () => {
        expect(encodeDomain('a'.repeat(126))).toHaveLength(127);
    });
});
