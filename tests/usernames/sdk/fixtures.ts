import { expect } from '@jest/globals';
import { Address, beginCell, Cell, toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import type { AuctionConfig, OpenTerms, Royalty } from '../../../wrappers';

// Cells and addresses carry functions of their own, by which toEqual would tell equal ones apart
expect.addEqualityTesters([
    (a: unknown, b: unknown) => (a instanceof Cell && b instanceof Cell ? a.equals(b) : undefined),
    (a: unknown, b: unknown) => (a instanceof Address && b instanceof Address ? a.equals(b) : undefined),
]);

/** An address in workchain 0 that tests tell by its number. */
export function addressOf(seed: number): Address {
    return new Address(0, Buffer.alloc(32, seed));
}

export const signerKeys = keyPairFromSeed(Buffer.alloc(32, 1));
export const otherKeys = keyPairFromSeed(Buffer.alloc(32, 2));

export const itemCode = beginCell().storeUint(0xc0de, 16).endCell();

export const auctionConfig: AuctionConfig = {
    beneficiary: addressOf(0xbe),
    initialMinBid: toNano(10),
    maxBid: toNano(1000),
    minBidStep: 5,
    minExtendTime: 3600,
    duration: 604800,
    delayedStart: false,
};

export const royalty: Royalty = { numerator: 5, denominator: 100, destination: addressOf(0xaa) };

export const openTerms: OpenTerms = {
    beneficiary: addressOf(0xbe),
    minBidStep: 5,
    minExtendTime: 3600,
    duration: 604800,
    prices: { 4: toNano(100), 8: toNano(10) },
    contentPrefix: 'https://example.com/',
};
