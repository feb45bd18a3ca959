import { toNano } from '@ton/core';
import {
    forwardFee,
    GramhouseError,
    MAINNET_PRICES,
    quoteBid,
    quoteCancelAuction,
    quoteMint,
    quoteOpenMint,
    quotePayout,
    quoteRecord,
    quoteSale,
    quoteStartAuction,
    quoteTransfer,
    uriContent,
} from '../../../wrappers';
import { messageFee, mintFee, outbidFee, reserve, settlementFee, UsernameGas } from '../../../wrappers/usernames/gas';
import { addressOf, auctionConfig, openTerms, royalty } from './fixtures';

const prices = MAINNET_PRICES;
const held = reserve(prices);

describe('a quote of a bid', () => {
    it('is the bid alone, up to the maximum', () => {
        expect(quoteMint(auctionConfig)).toEqual({ minimum: toNano(10), maximum: toNano(1000) });
        expect(quoteMint({ ...auctionConfig, maxBid: 0n })).toEqual({ minimum: toNano(10), maximum: null });
        expect(quoteBid({ status: 'open', minBid: 5n, maxBid: 0n })).toEqual({ minimum: 5n, maximum: null });
        expect(quoteBid({ status: 'auction', minBid: 5n, maxBid: 9n })).toEqual({ minimum: 5n, maximum: 9n });
    });

    it('is the price of an open name by its length', () => {
        expect(quoteOpenMint(openTerms, 'alice')).toEqual({ minimum: toNano(100), maximum: null });
        expect(() => quoteOpenMint(openTerms, 'abc')).toThrow(GramhouseError);
        expect(() => quoteOpenMint(null, 'alice')).toThrow(GramhouseError);
    });

    it.each(['uninit', 'idle', 'ended'] as const)('is refused while the item is %s', (status) => {
        expect(() => quoteBid({ status, minBid: 0n, maxBid: 0n })).toThrow(GramhouseError);
    });
});

describe('a quote of what the owner does', () => {
    it('fills the reserve and a year of rent that the balance still shows', () => {
        const full = quoteStartAuction({ reserve: held, balance: toNano(1) }, prices);
        expect(quoteStartAuction({ reserve: held, balance: held }, prices)).toBe(full + held / 10n);
        expect(quoteStartAuction({ reserve: held, balance: 0n }, prices)).toBe(full + held + held / 10n);
        expect(full).toBeGreaterThan(quoteCancelAuction(prices));
    });

    it('fills the reserve of the grown records', () => {
        const item = { reserve: held, balance: held + held / 10n };
        const more = quoteRecord(item, uriContent('a'), prices) - quoteRecord(item, null, prices);
        const grown = reserve(prices, 3);
        expect(more).toBe(grown + grown / 10n - item.balance);
    });

    it('covers what a transfer carries', () => {
        const transfer = { newOwner: addressOf(1), responseDestination: addressOf(2), forwardAmount: 0n };
        const plain = quoteTransfer(transfer, prices);
        expect(plain).toBeGreaterThan(forwardFee(prices, 1, 700) + messageFee(prices));
        expect(quoteTransfer({ ...transfer, forwardAmount: toNano(1) }, prices)).toBeGreaterThan(plain + toNano(1));
        const forwardPayload = uriContent('x'.repeat(500));
        expect(quoteTransfer({ ...transfer, forwardPayload }, prices) - plain).toBeGreaterThan(
            forwardFee(prices, 4, 4000) - messageFee(prices),
        );
    });
});

describe('a quote of a sale', () => {
    const bid = toNano(10);
    const part = toNano('0.5');
    const costs = held + settlementFee(prices);
    const buyNow = settlementFee(prices, UsernameGas.BUY_NOW_GAS) + messageFee(prices);

    it('takes reserve and fees out of the first sale of a name', () => {
        const sale = { bid, royalty };
        const kept = held + buyNow + mintFee(prices);
        expect(quoteSale(sale, prices)).toEqual({ royalty: part, payout: bid - part - kept, kept });
        expect(quoteSale({ ...sale, bids: 3 }, prices).kept).toBe(kept + 2n * outbidFee(prices));
    });

    it('takes the fees alone where the item holds its reserve', () => {
        const kept = buyNow + outbidFee(prices);
        expect(quoteSale({ bid, royalty, balance: held }, prices)).toEqual({
            royalty: part,
            payout: bid - part - kept,
            kept,
        });
        expect(quoteSale({ bid, royalty, balance: toNano(1) }, prices)).toEqual({
            royalty: part,
            payout: bid - part,
            kept: 0n,
        });
    });

    it('pays out what the pot of an auction allows', () => {
        expect(quotePayout({ bid, royalty }, bid + costs, prices)).toEqual({ royalty: part, payout: bid - part });
        expect(quotePayout({ bid, royalty }, bid, prices)).toEqual({ royalty: part, payout: bid - part - costs });
        expect(() => quotePayout({ bid: 0n, royalty }, toNano(1), prices)).toThrow(GramhouseError);
        expect(() => quotePayout({ bid, royalty: null }, toNano(1), prices)).toThrow(GramhouseError);
    });
});
