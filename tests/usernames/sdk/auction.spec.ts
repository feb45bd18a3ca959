import { Address, toNano } from '@ton/core';
import type { AuctionConfig, Royalty } from '../../../wrappers';
import {
    AuctionLimits,
    checkAuctionConfig,
    checkOpenTerms,
    checkRoyalty,
    GramhouseError,
    MAINNET_PRICES,
    minStartPrice,
    nextMinBid,
    openMintPrice,
} from '../../../wrappers';
import { settlementSplit } from '../../../wrappers/usernames/auction';
import { outbidFee, reserve, settlementFee, UsernameGas } from '../../../wrappers/usernames/gas';
import { addressOf, auctionConfig, openTerms } from './fixtures';

const prices = MAINNET_PRICES;
const inMasterchain = new Address(-1, Buffer.alloc(32, 9));
const minStart = minStartPrice(prices);

function codeOf(run: () => void): string {
    try {
        run();
    } catch (error) {
        return error instanceof GramhouseError ? error.code : 'not ours';
    }
    return 'ok';
}

describe('checkAuctionConfig', () => {
    it.each<[string, Partial<AuctionConfig>]>([
        ['the lowest start price', { initialMinBid: minStart }],
        ['a fixed price', { initialMinBid: minStart, maxBid: minStart }],
        ['no maximum', { maxBid: 0n }],
        ['the highest amounts', { initialMinBid: 2n ** 58n - 1n, maxBid: 2n ** 58n - 1n }],
        ['steps of 1 %', { minBidStep: 1 }],
        ['steps of 255 %', { minBidStep: 255 }],
        ['no extension', { minExtendTime: 0 }],
        ['an extension of 7 days', { minExtendTime: 7 * 86400 }],
        ['a minute', { duration: 60 }],
        ['a year', { duration: 365 * 86400 }],
        ['a clock that waits', { delayedStart: true }],
    ])('takes %s', (_, change) => {
        expect(codeOf(() => checkAuctionConfig({ ...auctionConfig, ...change }, prices))).toBe('ok');
    });

    it.each<[string, Partial<AuctionConfig>]>([
        ['a start price one below the lowest', { initialMinBid: minStart - 1n }],
        ['a maximum below the start price', { maxBid: auctionConfig.initialMinBid - 1n }],
        ['a start price of 2^58', { initialMinBid: 2n ** 58n, maxBid: 0n }],
        ['a maximum of 2^58', { maxBid: 2n ** 58n }],
        ['a negative maximum', { maxBid: -1n }],
        ['no step', { minBidStep: 0 }],
        ['a step of 256 %', { minBidStep: 256 }],
        ['half a percent', { minBidStep: 0.5 }],
        ['an extension over 7 days', { minExtendTime: 7 * 86400 + 1 }],
        ['59 seconds', { duration: 59 }],
        ['more than a year', { duration: 365 * 86400 + 1 }],
        ['NaN', { duration: NaN }],
    ])('refuses %s', (_, change) => {
        expect(codeOf(() => checkAuctionConfig({ ...auctionConfig, ...change }, prices))).toBe(
            'invalid_auction_config',
        );
    });

    it('refuses a beneficiary outside workchain 0', () => {
        const config = { ...auctionConfig, beneficiary: inMasterchain };
        expect(codeOf(() => checkAuctionConfig(config, prices))).toBe('wrong_workchain');
    });
});

describe('checkRoyalty', () => {
    it.each([
        [0, 1, 'ok'],
        [1, 4, 'ok'],
        [16383, 65535, 'ok'],
        [16384, 65535, 'invalid_royalty'],
        [1, 3, 'invalid_royalty'],
        [0, 0, 'invalid_royalty'],
        [1, 65536, 'invalid_royalty'],
        [-1, 4, 'invalid_royalty'],
    ])('%d / %d: %s', (numerator, denominator, verdict) => {
        expect(codeOf(() => checkRoyalty({ numerator, denominator, destination: addressOf(1) }))).toBe(verdict);
    });

    it('refuses a destination outside workchain 0', () => {
        const royalty = { numerator: 1, denominator: 20, destination: inMasterchain };
        expect(codeOf(() => checkRoyalty(royalty))).toBe('wrong_workchain');
    });
});

describe('open terms', () => {
    it('price a name by the longest entry that is not above its length', () => {
        const terms = { ...openTerms, prices: { 5: 50n, 7: 30n, 20: 10n } };
        const priceOf = (length: number) => openMintPrice(terms, 'a'.repeat(length));
        expect([4, 5, 6, 7, 19, 20, 32].map(priceOf)).toEqual([null, 50n, 50n, 30n, 30n, 10n, 10n]);
        expect(openMintPrice({ ...openTerms, prices: {} }, 'alice')).toBeNull();
    });

    it('obey the rules of an auction with every price', () => {
        const withPrices = (table: Record<number, bigint>) => () =>
            checkOpenTerms({ ...openTerms, prices: table }, prices);
        expect(codeOf(withPrices({ 4: minStart, 8: minStart }))).toBe('ok');
        expect(codeOf(withPrices({ 4: toNano(9), 8: minStart - 1n }))).toBe('invalid_auction_config');
        expect(codeOf(withPrices({}))).toBe('invalid_auction_config');
    });
});

describe('nextMinBid', () => {
    const terms = { initialMinBid: toNano(10), maxBid: 0n, minBidStep: 5 };

    it('is the start price without a bid', () => {
        expect(nextMinBid(terms, null, prices)).toBe(toNano(10));
    });

    it('is a step above the bid, rounded up', () => {
        expect(nextMinBid(terms, toNano(100), prices)).toBe(toNano(105));
        expect(nextMinBid(terms, toNano(100) + 1n, prices)).toBe(toNano(105) + 2n);
    });

    it('is at least two outbid fees above a small bid', () => {
        const bid = 20n * outbidFee(prices);
        expect(nextMinBid(terms, bid, prices)).toBe(bid + 2n * outbidFee(prices));
        // 5 % of 40 outbid fees is exactly two
        expect(nextMinBid(terms, 40n * outbidFee(prices) + 1n, prices)).toBe(42n * outbidFee(prices) + 2n);
    });

    it('is never above the maximum', () => {
        const limited = { ...terms, maxBid: toNano(100) };
        expect(nextMinBid(limited, toNano(95), prices)).toBe(toNano('99.75'));
        expect(nextMinBid({ ...limited, minBidStep: 10 }, toNano(95), prices)).toBe(toNano(100));
        expect(nextMinBid(terms, AuctionLimits.UNLIMITED_BID, prices)).toBeGreaterThan(AuctionLimits.UNLIMITED_BID);
    });
});

describe('settlementSplit', () => {
    const bid = toNano(10) + 19n;
    const royalty: Royalty = { numerator: 1, denominator: 20, destination: addressOf(1) };
    const part = toNano('0.5');
    const costs = reserve(prices) + settlementFee(prices);
    const split = (pot: bigint) => settlementSplit({ bid, royalty, pot, prices });

    it('rounds the royalty down and gives the seller the rest of the bid', () => {
        expect(split(bid + costs)).toEqual({ royalty: part, payout: bid - part });
    });

    it('pays no more than the bid from a fuller pot', () => {
        expect(split(bid + costs + toNano(5))).toEqual({ royalty: part, payout: bid - part });
    });

    it('lets the seller pay what lacks', () => {
        expect(split(bid + costs - 1n)).toEqual({ royalty: part, payout: bid - part - 1n });
        expect(split(costs + part)).toEqual({ royalty: part, payout: 0n });
    });

    it('lets the royalty pay what the seller cannot', () => {
        expect(split(costs + part - 1n)).toEqual({ royalty: part - 1n, payout: 0n });
        expect(split(costs)).toEqual({ royalty: 0n, payout: 0n });
        expect(split(0n)).toEqual({ royalty: 0n, payout: 0n });
    });

    it('charges a bid of the maximum its own gas', () => {
        const gas = UsernameGas.BUY_NOW_GAS;
        const pot = bid + reserve(prices) + settlementFee(prices, gas);
        expect(settlementSplit({ bid, royalty, pot, prices, gas })).toEqual({ royalty: part, payout: bid - part });
        expect(settlementSplit({ bid, royalty, pot: pot - 1n, prices, gas }).payout).toBe(bid - part - 1n);
    });

    it('never pays out more than the pot holds above reserve and fees', () => {
        for (let pot = costs - 3n; pot < costs + 40n; pot += 1n) {
            const small = settlementSplit({ bid: 30n, royalty: { numerator: 1, denominator: 4 }, pot, prices });
            const available = pot > costs ? pot - costs : 0n;
            expect(small.royalty + small.payout).toBe(available < 30n ? available : 30n);
        }
    });
});
