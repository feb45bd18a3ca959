import { Address, beginCell, toNano } from '@ton/core';
import { sign } from '@ton/crypto';

import { loadCode } from '../../compilables/compile';
import {
    AdNetwork,
    AdsError,
    adsErrorName,
    AdsOp,
    adsOpName,
    Campaign,
    campaignAddress,
    ChannelAccount,
    channelAccountAddress,
    chargeableAt,
    decodeOwnerCertificate,
    decodeVoucher,
    encodeOwnerCertificate,
    encodeVoucher,
    MAINNET_PRICES,
    minAutoPayout,
    NO_ACCOUNT,
    quotePayment,
    quotePaymentValue,
    signOwnerCertificate,
    signVoucher,
    splitRevenue,
    verifyOwnerCertificate,
    verifyVoucher,
} from '../../wrappers';
import { AdsWorld, CAMPAIGN_BUCKET, PAYEE, VOUCHER_KEY } from '../helpers/ads-world';
import { GLOBAL_ID } from '../helpers/base-world';

const address = (byte: number) => new Address(0, Buffer.alloc(32, byte));
const target = { globalId: GLOBAL_ID, network: address(1), account: address(2) };
const signed = { payeeId: PAYEE, signer: VOUCHER_KEY.secretKey, ...target };
const publicKey = VOUCHER_KEY.publicKey;
const code = (code: string) => expect.objectContaining({ code }) as Error;

describe('vouchers', () => {
    it('are signed by a key or by a callback, verified and carried as text', async () => {
        const voucher = await signVoucher({ ...signed, cumulative: toNano('5') });
        const remote = (hash: Buffer) => Promise.resolve(sign(hash, VOUCHER_KEY.secretKey));
        expect(await signVoucher({ ...signed, cumulative: toNano('5'), signer: remote })).toEqual(voucher);
        expect(verifyVoucher(voucher, { ...target, publicKey })).toBe(true);
        expect(decodeVoucher(encodeVoucher(voucher))).toEqual(voucher);
    });

    it.each([
        ['another chain', { globalId: -3 }],
        ['another network', { network: address(9) }],
        ['another account', { account: address(9) }],
        ['another key', { publicKey: Buffer.alloc(32, 1) }],
    ])('are not good for %s', async (_, other) => {
        const voucher = await signVoucher({ ...signed, cumulative: 5n });
        expect(verifyVoucher(voucher, { ...target, publicKey, ...other })).toBe(false);
        expect(verifyVoucher({ ...voucher, cumulative: 6n }, { ...target, publicKey })).toBe(false);
    });

    it.each([0n, -1n, 1n << 63n])('of %d are not signed', async (cumulative) => {
        await expect(signVoucher({ ...signed, cumulative })).rejects.toEqual(code('invalid_amount'));
    });

    it('say what is wrong with a key, an address or a text', async () => {
        const short = { ...signed, cumulative: 1n, signer: Buffer.alloc(32) };
        await expect(signVoucher(short)).rejects.toEqual(code('invalid_argument'));
        const masterchain = { ...signed, cumulative: 1n, network: new Address(-1, Buffer.alloc(32)) };
        await expect(signVoucher(masterchain)).rejects.toEqual(code('wrong_workchain'));
        for (const text of [
            '',
            'hello',
            encodeVoucher({ payeeId: 1n, cumulative: 1n, signature: Buffer.alloc(64) }) + 'AA',
        ]) {
            expect(() => decodeOwnerCertificate(text)).toThrow(code('unexpected_data'));
        }
    });
});

describe('certificates', () => {
    const owner = address(3);
    const validUntil = 1_900_000_000;

    it('are signed, verified and carried as text', async () => {
        const certificate = await signOwnerCertificate({ ...signed, owner, validUntil });
        expect(verifyOwnerCertificate(certificate, { ...target, publicKey })).toBe(true);
        expect(verifyOwnerCertificate({ ...certificate, owner: address(4) }, { ...target, publicKey })).toBe(false);
        expect(verifyOwnerCertificate({ ...certificate, validUntil: 1 }, { ...target, publicKey })).toBe(false);
        expect(decodeOwnerCertificate(encodeOwnerCertificate(certificate))).toEqual(certificate);
        expect(() => decodeVoucher(encodeOwnerCertificate(certificate))).toThrow(code('unexpected_data'));
    });

    it.each([
        ['nobody', address(0)],
        ['the account itself', target.account],
    ])('are not signed for %s', async (_, other) => {
        const signing = signOwnerCertificate({ ...signed, owner: other, validUntil });
        await expect(signing).rejects.toEqual(code('invalid_owner'));
    });
});

describe('addresses, without a network call', () => {
    it('are those that the contracts derive', async () => {
        const world = await AdsWorld.create();
        const network = world.network.address;
        const accountCode = await world.network.getAccountCode();
        for (const payeeId of [0n, PAYEE, (1n << 64n) - 1n]) {
            const config = { network, payeeId, shareBps: 5000 };
            expect(channelAccountAddress(config, accountCode)).toEqual(await world.network.getAccountAddress(payeeId));
        }
        const terms = { ...CAMPAIGN_BUCKET, network, advertiser: address(5), campaignId: 7n };
        const derived = campaignAddress(terms, loadCode('Campaign'));
        expect(derived).toEqual(Campaign.createFromConfig(terms, loadCode('Campaign')).address);
        expect(campaignAddress({ ...terms, rate: 1n }, loadCode('Campaign'))).not.toEqual(derived);
    });

    it('a share above the whole, a burst of nothing and a rate below nothing are refused', () => {
        const config = { network: address(1), payeeId: 1n, shareBps: 10_001 };
        expect(() => channelAccountAddress(config, beginCell().endCell())).toThrow(code('invalid_share'));
        const terms = { network: address(1), advertiser: address(2), campaignId: 1n, burst: 0n, rate: 0n };
        expect(() => campaignAddress(terms, beginCell().endCell())).toThrow(code('invalid_amount'));
        expect(() => campaignAddress({ ...terms, burst: 1n, rate: -1n }, beginCell().endCell())).toThrow(
            code('invalid_amount'),
        );
    });
});

describe('messages', () => {
    it('are refused where the contract would refuse them', () => {
        for (const contract of [ChannelAccount, Campaign]) {
            expect(() => contract.transferMessage({ comment: '#topup please' })).toThrow(code('invalid_argument'));
        }
        expect(() => ChannelAccount.reinvestMessage({ campaign: address(1), amount: 0n })).toThrow(
            code('invalid_amount'),
        );
        expect(() => Campaign.fundMessage({ amount: 1n << 63n })).toThrow(code('invalid_amount'));
        expect(() => AdNetwork.revenueMessage({ amount: 0n })).toThrow(code('invalid_amount'));
        expect(() => AdNetwork.chargeMessage({ charges: [] })).toThrow(code('invalid_argument'));
        const charge = { campaign: address(1), cumulative: 1n };
        const many = Array.from({ length: 101 }, () => charge);
        expect(() => AdNetwork.chargeMessage({ charges: many })).toThrow(code('too_many_charges'));
    });
});

describe('the split', () => {
    it.each([
        [1n, 5000, 1n],
        [3n, 5000, 2n],
        [10_000n, 1, 1n],
        [10_001n, 1, 2n],
        [7n, 0, 0n],
        [7n, 10_000, 7n],
    ])('of %d at %d gives the owner %d', (payment, shareBps, owner) => {
        expect(splitRevenue(payment, shareBps)).toEqual({ owner, platform: payment - owner });
    });
});

describe('quotes', () => {
    const account = { ...NO_ACCOUNT, shareBps: 5000 };

    it('the value for a payment is what brings it', () => {
        const open = { ...account, isOpen: true, ownerDue: 5n, platformDue: 5n, balance: toNano('1') };
        for (const funds of [account, open, { ...open, balance: 0n }]) {
            const value = quotePaymentValue(funds, toNano('2'), MAINNET_PRICES);
            expect(quotePayment(funds, value, MAINNET_PRICES)).toMatchObject({ payment: toNano('2') });
            expect(() => quotePayment(funds, value - toNano('2'), MAINNET_PRICES)).toThrow(code('not_enough_funds'));
        }
    });

    it('say when the owner is paid out at once', () => {
        const autoPayout = minAutoPayout(MAINNET_PRICES);
        const funds = { ...account, isOpen: true, balance: toNano('1'), autoPayout };
        expect(quotePayment(funds, toNano('1'), MAINNET_PRICES).payout).toBeGreaterThan(autoPayout);
        expect(quotePayment(funds, autoPayout, MAINNET_PRICES).payout).toBe(0n);
    });

    it('say when a charge can come at the earliest', () => {
        const state = { budget: 100n, level: 50n, burst: 60n, rate: 5n, closingAt: 0 };
        expect(chargeableAt(state, 10n, 1000)).toBe(1000);
        expect(chargeableAt(state, 11n, 1000)).toBe(1001);
        expect(chargeableAt(state, 60n, 1000)).toBe(1010);
        expect(chargeableAt(state, 61n, 1000)).toBeNull();
        expect(chargeableAt({ ...state, budget: 9n }, 10n, 1000)).toBeNull();
        expect(chargeableAt({ ...state, closingAt: 1000 }, 1n, 1000)).toBeNull();
        expect(chargeableAt({ ...state, closingAt: 1001 }, 10n, 1000)).toBe(1000);
        // The bucket of a stopped campaign stands still
        expect(chargeableAt({ ...state, closingAt: 2000 }, 11n, 1000)).toBeNull();
    });
});

describe('lookups', () => {
    it('give the names of op codes and exit codes', () => {
        expect(adsOpName(AdsOp.claim)).toBe('claim');
        expect(adsOpName(0x12345678)).toBeNull();
        expect(adsErrorName(AdsError.bucket_full)).toBe('bucket_full');
        expect(adsErrorName(5)).toBeNull();
    });
});
