import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';

import { Address, beginCell, type Cell } from '@ton/core';

import { parseNumber, readFuncFiles } from '../tools/func-source';
import {
    AdNetwork,
    AdsError,
    AdsOp,
    Campaign,
    cellToAdNetworkData,
    cellToCampaignData,
    cellToChannelAccountData,
    certificateHash,
    ChannelAccount,
    type Charge,
    CLOSING_SECONDS,
    MAX_CHARGES,
    NOTICE_SECONDS,
    voucherHash,
} from '../wrappers';
import { adNetworkConfigToCell } from '../wrappers/ads/AdNetwork';
import { campaignConfigToCell } from '../wrappers/ads/Campaign';
import { channelAccountConfigToCell } from '../wrappers/ads/ChannelAccount';
import { AdsGas } from '../wrappers/ads/gas';
import { AdsTag } from '../wrappers/ads/ops';
import { FULL_SHARE_BPS } from '../wrappers/ads/split';
import { Random } from './helpers/random';
import { Schema, type TlbRecord, type TlbValue } from './helpers/tlb';

// The same as schema.spec.ts, of the ad revenue contracts.

const root = join(__dirname, '..');
const schemaPath = join(root, 'contracts/schema/ads.tlb');
const source = readFileSync(schemaPath, 'utf8');
const schema = Schema.load('ads.tlb');
const files = readFuncFiles(root);
const seeds = Array.from({ length: 20 }, (_, i) => `ads ${i}`);

/** The constants of a FunC file that start with a prefix, without it. */
function funcConstants(path: string, prefix = ''): Record<string, bigint | null> {
    const constants = files.get(path)!.constants.filter((constant) => constant.name.startsWith(prefix));
    return Object.fromEntries(
        constants.map(({ name, value }) => [
            name.slice(prefix.length),
            value.length === 1 ? parseNumber(value[0]!.text) : null,
        ]),
    );
}

function bigints(record: Readonly<Record<string, number>>): Record<string, bigint> {
    return Object.fromEntries(Object.entries(record).map(([name, value]) => [name, BigInt(value)]));
}

describe('names and numbers', () => {
    const tags = schema.hexTags();

    it('the op codes and tags are the same in .fc, .tlb and .ts', () => {
        expect(Object.fromEntries(tags)).toEqual({ ...AdsOp, ...AdsTag });
        expect(funcConstants('contracts/ads/ops.fc', 'op::')).toEqual(bigints(AdsOp));
        expect(funcConstants('contracts/ads/ops.fc', 'tag::')).toEqual(bigints(AdsTag));
    });

    it('the op codes and tags are made of their names, but for those of comments and of TEP-62', () => {
        for (const [name, tag] of tags) {
            const made = crc32(`gramhouse.${name}`) & 0x7fffffff;
            expect([name, tag === made]).toEqual([name, !['comment', 'encrypted_comment', 'excesses'].includes(name)]);
        }
    });

    it('the exit codes are the same in .fc and .ts, and none is a username contract’s', () => {
        const shared = funcConstants('contracts/lib/errors.fc', 'error::');
        const own = funcConstants('contracts/ads/errors.fc', 'error::');
        expect({ ...shared, ...own }).toEqual(bigints(AdsError));
        for (const code of Object.values(own)) {
            expect(code).toBeGreaterThanOrEqual(1000n);
            expect(code).toBeLessThan(2048n);
        }
        expect(new Set(Object.values(own)).size).toBe(Object.keys(own).length);
    });

    it('the units of fees and the rules are the same in .fc and .ts', () => {
        expect(funcConstants('contracts/ads/gas.fc')).toEqual(bigints(AdsGas));
        expect(funcConstants('contracts/ads/split.fc')).toEqual(bigints({ FULL_SHARE_BPS }));
        expect(funcConstants('contracts/ads/campaign.fc')).toEqual(bigints({ CLOSING_SECONDS }));
        expect(funcConstants('contracts/ads/ad-network.fc')).toMatchObject(bigints({ NOTICE_SECONDS, MAX_CHARGES }));
    });
});

describe('the schema', () => {
    const constructors = [
        ...schema.hexTags().keys(),
        ...['ChannelAccount', 'Campaign', 'AdNetwork'].flatMap((it) => schema.constructorsOf(it)),
    ];

    it.each(constructors)('reads what it writes: %s', (constructor) => {
        for (const seed of seeds) {
            const fields = schema.sample(constructor, new Random(seed));
            expect(schema.decode(constructor, schema.encode(constructor, fields))).toEqual(fields);
        }
    });
});

// ---------------------------------------------------------------- from the schema's values to the wrappers'

const record = (value: TlbValue | undefined) => value as TlbRecord;
const hashAddress = (value: TlbValue | undefined) => new Address(0, value as Buffer);
const amount = (value: TlbValue | undefined) => value as bigint;
const queryId = (fields: TlbRecord) => fields['query_id'] as bigint;

function toCharges(fields: TlbRecord): Charge[] {
    const next = fields['next'];
    const charge = { campaign: hashAddress(fields['campaign']), cumulative: amount(fields['cumulative']) };
    return [charge, ...(next ? toCharges(record(next)) : [])];
}

const transfer = (fields: TlbRecord) =>
    ChannelAccount.transferMessage({ comment: (fields['text'] as Cell).beginParse().loadStringTail() });

/** What a wrapper makes of the fields, for every message that people send. */
const builders: Record<string, (fields: TlbRecord) => Cell> = {
    comment: transfer,
    pay: (it) => ChannelAccount.payMessage({ memo: it['memo'] as Cell }),
    claim: (it) =>
        ChannelAccount.claimMessage({
            voucher: { payeeId: 0n, cumulative: amount(it['cumulative']), signature: it['signature'] as Buffer },
        }),
    withdraw: (it) => ChannelAccount.withdrawMessage({ queryId: queryId(it) }),
    sweep: (it) => ChannelAccount.sweepMessage({ queryId: queryId(it) }),
    sync_key: (it) => ChannelAccount.syncKeyMessage({ queryId: queryId(it) }),
    set_auto_payout: (it) =>
        ChannelAccount.setAutoPayoutMessage({ queryId: queryId(it), threshold: amount(it['threshold']) }),
    rebind: (it) => ChannelAccount.rebindMessage({ queryId: queryId(it), newOwner: it['new_owner'] as Address }),
    accept_rebind: (it) => ChannelAccount.acceptRebindMessage({ queryId: queryId(it) }),
    reinvest: (it) =>
        ChannelAccount.reinvestMessage({
            queryId: queryId(it),
            campaign: it['campaign'] as Address,
            amount: amount(it['amount']),
        }),
    fund: (it) => Campaign.fundMessage({ queryId: queryId(it), amount: amount(it['amount']) }),
    stop: (it) => Campaign.stopMessage({ queryId: queryId(it) }),
    refund: (it) => Campaign.refundMessage({ queryId: queryId(it) }),
    revenue: (it) => AdNetwork.revenueMessage({ amount: amount(it['amount']) }),
    platform_share: (it) => AdNetwork.platformShareMessage({ amount: amount(it['amount']) }),
    register: (it) =>
        AdNetwork.registerMessage({
            queryId: queryId(it),
            certificate: {
                payeeId: amount(it['payee_id']),
                owner: new Address(0, Buffer.alloc(32)),
                validUntil: Number(it['valid_until']),
                signature: it['signature'] as Buffer,
            },
        }),
    charge: (it) => AdNetwork.chargeMessage({ queryId: queryId(it), charges: toCharges(record(it['charges'])) }),
    announce_operator: (it) =>
        AdNetwork.announceOperatorMessage({ queryId: queryId(it), operator: it['operator'] as Address }),
    announce_voucher_key: (it) =>
        AdNetwork.announceVoucherKeyMessage({ queryId: queryId(it), voucherKey: it['voucher_key'] as Buffer }),
    announce_treasury: (it) =>
        AdNetwork.announceTreasuryMessage({ queryId: queryId(it), treasury: it['treasury'] as Address }),
    propose_admin: (it) => AdNetwork.proposeAdminMessage({ queryId: queryId(it), admin: it['admin'] as Address }),
    accept_admin: (it) => AdNetwork.acceptAdminMessage({ queryId: queryId(it) }),
    renounce_admin: (it) => AdNetwork.renounceAdminMessage({ queryId: queryId(it) }),
};

/** Random fields, with amounts as the contracts take them and a text as comment. */
function sample(constructor: string, seed: string): TlbRecord {
    const fields = schema.sample(constructor, new Random(seed));
    const tame = (it: TlbRecord): void => {
        for (const name of ['amount', 'cumulative', 'threshold'].filter((name) => name in it)) {
            it[name] = ((it[name] as bigint) >> 1n) | 1n;
        }
        if (it['next']) {
            tame(record(it['next']));
        }
    };
    tame(fields);
    if ('charges' in fields) {
        tame(record(fields['charges']));
    }
    if (constructor === 'comment') {
        fields['text'] = beginCell().storeStringTail(`hello ${seed}`).endCell();
    }
    return fields;
}

describe('the wrappers write messages as the schema says', () => {
    it('for every message from people', () => {
        const sections = source.split(/^\/\/ -+ /m);
        const incoming = sections
            .filter((section) => /^to a (channel account|campaign|network)\n/.test(section))
            .join('');
        const names = [...incoming.matchAll(/^(\w+)#/gm)].map((match) => match[1]!);
        // What contracts say to each other, and what wallets encrypt
        const internal = ['bind', 'set_voucher_key', 'take', 'draw', 'get_voucher_key', 'encrypted_comment'];
        expect(Object.keys(builders).sort()).toEqual(names.filter((name) => !internal.includes(name)).sort());
    });

    it.each(Object.entries(builders))('%s', (constructor, build) => {
        for (const seed of seeds) {
            const fields = sample(constructor, seed);
            expect(build(fields)).toEqualCell(schema.encode(constructor, fields));
        }
    });

    it('the texts of vouchers and certificates', () => {
        for (const seed of seeds) {
            const voucher = sample('voucher_text', seed);
            const target = (it: TlbRecord) => ({
                globalId: Number(it['global_id']),
                network: hashAddress(it['network']),
                account: hashAddress(it['account']),
            });
            expect(voucherHash(target(voucher), amount(voucher['cumulative']))).toEqual(
                schema.encode('voucher_text', voucher).hash(),
            );
            const certificate = sample('certificate_text', seed);
            const { owner, valid_until } = certificate;
            expect(certificateHash(target(certificate), hashAddress(owner), Number(valid_until))).toEqual(
                schema.encode('certificate_text', certificate).hash(),
            );
        }
    });
});

describe('the wrappers and the schema agree on storage', () => {
    const random = (seed: string) => new Random(seed);

    it('of a channel account', () => {
        for (const seed of seeds) {
            const fresh = schema.sample('account_new', random(seed));
            const config = {
                payeeId: amount(fresh['payee_id']),
                shareBps: Number(amount(fresh['share_bps']) % 10001n),
                network: hashAddress(fresh['network']),
            };
            const cell = schema.encode('account_new', { ...fresh, share_bps: BigInt(config.shareBps) });
            expect(channelAccountConfigToCell(config)).toEqualCell(cell);
            expect(cellToChannelAccountData(cell)).toEqual({ isOpen: false, ...config });

            for (const kind of ['account', 'account_auto']) {
                const fields = schema.sample(kind, random(seed));
                const cold = record(fields['cold']);
                cold['auto_payout'] = kind === 'account' ? 0n : 1n + (amount(cold['auto_payout']) >> 1n);
                fields['owner_due'] = amount(fields['owed']) / 3n;
                expect(cellToChannelAccountData(schema.encode(kind, fields))).toEqual({
                    isOpen: true,
                    ownerDue: fields['owner_due'],
                    platformDue: amount(fields['owed']) - fields['owner_due'],
                    autoPayout: cold['auto_payout'],
                    shareBps: Number(fields['share_bps']),
                    owner: hashAddress(fields['owner']),
                    received: fields['received'],
                    payeeId: cold['payee_id'],
                    network: hashAddress(cold['network']),
                    voucherKey: cold['voucher_key'],
                    pendingOwner: cold['pending_owner'] && hashAddress(cold['pending_owner']),
                });
                // The tag says whether there is a threshold
                cold['auto_payout'] = cold['auto_payout'] ? 0n : 1n;
                const contradictory = schema.encode(kind, fields);
                expect(() => cellToChannelAccountData(contradictory)).toThrow(/This is not a storage cell/);
            }
        }
    });

    it('of a campaign', () => {
        for (const seed of seeds) {
            const fields = schema.sample('campaign', random(seed));
            const terms = record(fields['terms']);
            const config = {
                burst: amount(terms['burst']),
                rate: amount(terms['rate']),
                advertiser: hashAddress(terms['advertiser']),
                network: hashAddress(terms['network']),
                campaignId: amount(terms['campaign_id']),
            };
            const fresh = schema.encode('campaign_new', { terms });
            expect(campaignConfigToCell(config)).toEqualCell(fresh);
            expect(cellToCampaignData(fresh)).toEqual({ isOpen: false, ...config });
            expect(cellToCampaignData(schema.encode('campaign', fields))).toEqual({
                isOpen: true,
                spent: fields['spent'],
                level: fields['level'],
                lastAt: Number(fields['last_at']),
                closingAt: Number(fields['closing_at']),
                ...config,
            });
        }
    });

    it('of a network', () => {
        for (const seed of seeds) {
            const fields = schema.sample('network', random(seed));
            const cold = record(fields['cold']);
            const admins = record(cold['admin']);
            const role = (value: TlbValue | undefined) => {
                const { holder, next, since } = record(value);
                return { holder: hashAddress(holder), next: hashAddress(next), since: Number(since) };
            };
            const key = record(cold['voucher_key']);
            expect(cellToAdNetworkData(schema.encode('network', fields))).toEqual({
                isOpen: true,
                ownersDue: fields['owners_due'],
                platformDue: fields['platform_due'],
                level: fields['level'],
                lastAt: Number(fields['last_at']),
                shareBps: Number(fields['share_bps']),
                burst: cold['burst'],
                rate: cold['rate'],
                voucherKey: { holder: key['holder'], next: key['next'], since: Number(key['since']) },
                operator: role(cold['operator']),
                treasury: role(cold['treasury']),
                accountCode: cold['account_code'],
                admin: admins['admin'] && hashAddress(admins['admin']),
                pendingAdmin: admins['pending_admin'] && hashAddress(admins['pending_admin']),
            });
            const still = (holder: Buffer): TlbRecord => ({ holder, next: holder, since: 0n });
            const [operator, treasury, admin] = ['o', 't', 'a'].map((it) => random(`${it}${seed}`).bytes(32)) as [
                Buffer,
                Buffer,
                Buffer,
            ];
            const voucherKey = key['holder'] as Buffer;
            const fresh = schema.encode('network_new', {
                share_bps: 5000n,
                cold: {
                    burst: amount(cold['burst']),
                    rate: amount(cold['rate']),
                    voucher_key: still(voucherKey),
                    account_code: cold['account_code'] as Cell,
                    operator: still(operator),
                    treasury: still(treasury),
                    admin: { admin, pending_admin: null },
                },
            });
            expect(
                adNetworkConfigToCell({
                    shareBps: 5000,
                    burst: amount(cold['burst']),
                    rate: amount(cold['rate']),
                    voucherKey,
                    operator: new Address(0, operator),
                    treasury: new Address(0, treasury),
                    admin: new Address(0, admin),
                    accountCode: cold['account_code'] as Cell,
                }),
            ).toEqualCell(fresh);
            expect(cellToAdNetworkData(fresh)).toMatchObject({ isOpen: false, shareBps: 5000 });
        }
    });

    it('no other cell is read', () => {
        for (const read of [cellToChannelAccountData, cellToCampaignData, cellToAdNetworkData]) {
            expect(() => read(beginCell().storeUint(1, 8).endCell())).toThrow(/This is not a storage cell/);
        }
    });
});
