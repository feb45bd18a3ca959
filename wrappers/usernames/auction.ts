import type { Address, Builder, Cell, Slice, TupleReader } from '@ton/core';
import { beginCell, Dictionary } from '@ton/core';
import { addressHash, loadHashAddress, loadText, parseCell, storeText } from '../common/cells';
import { checkRules, GramhouseError } from '../common/errors';
import type { NetworkPrices } from '../common/prices';
import { minStartPrice, outbidFee, reserve, settlementFee } from './gas';

/** The bounds of an auction, with the keys and values of contracts/usernames/auction.fc. */
export const AuctionLimits = {
    /** `max_bid` at rest where there is no maximum, and the highest amount. */
    UNLIMITED_BID: 0x3ffffffffffffffn,
    MIN_DURATION_SECONDS: 60,
    MAX_DURATION_SECONDS: 31536000,
    MAX_EXTEND_SECONDS: 604800,
    RESTART_PAUSE_SECONDS: 300,
    /** A royalty is at most one part in so many. */
    ROYALTY_CAP: 4,
} as const;

/** The terms of one auction: TL-B `auction_config`. Amounts in nanotons, times in seconds. */
export type AuctionConfig = {
    /** Who is paid for the name; in workchain 0. */
    beneficiary: Address;
    initialMinBid: bigint;
    /** A bid of this much wins at once; 0n: no maximum; `initialMinBid`: a fixed price. */
    maxBid: bigint;
    /** Percent. */
    minBidStep: number;
    /** A bid leaves at least so much time for the next one. */
    minExtendTime: number;
    duration: number;
    /** The clock starts with the first bid (bit 31 of duration). */
    delayedStart: boolean;
};

/** TL-B `royalty`: the part numerator / denominator of every sale, at most 25 %, rounded down. */
export type Royalty = { numerator: number; denominator: number; destination: Address };

/** The collection's terms for names that anyone may open: TL-B `open_terms`. Amounts in nanotons, times in seconds. */
export type OpenTerms = {
    beneficiary: Address;
    minBidStep: number;
    minExtendTime: number;
    duration: number;
    /** The start price by the length of the name; the entry with the greatest length that is not above the name's holds. */
    prices: Record<number, bigint>;
    /** What the content's URI starts with; the name and `.json` follow. */
    contentPrefix: string;
};

/** Writes TL-B `AuctionConfig`, unchecked. */
export function storeAuctionConfig(config: AuctionConfig) {
    return (builder: Builder): void => {
        builder
            .storeAddress(config.beneficiary)
            .storeCoins(config.initialMinBid)
            .storeCoins(config.maxBid)
            .storeUint(config.minBidStep, 8)
            .storeUint(config.minExtendTime, 32)
            .storeBit(config.delayedStart)
            .storeUint(config.duration, 31);
    };
}

/** Reads TL-B `AuctionConfig`. */
export function loadAuctionConfig(slice: Slice): AuctionConfig {
    return {
        beneficiary: slice.loadAddress(),
        initialMinBid: slice.loadCoins(),
        maxBid: slice.loadCoins(),
        minBidStep: slice.loadUint(8),
        minExtendTime: slice.loadUint(32),
        delayedStart: slice.loadBit(),
        duration: slice.loadUint(31),
    };
}

/** Writes TL-B `Royalty`, unchecked. */
export function storeRoyalty({ numerator, denominator, destination }: Royalty) {
    return (builder: Builder): void => {
        builder.storeUint(numerator, 16).storeUint(denominator, 16).storeAddress(destination);
    };
}

/** Reads TL-B `Royalty`. */
export function loadRoyalty(slice: Slice): Royalty {
    return { numerator: slice.loadUint(16), denominator: slice.loadUint(16), destination: slice.loadAddress() };
}

/** Reads a royalty off a getter's stack; null where the destination is addr_none. */
export function readRoyalty(stack: TupleReader): Royalty | null {
    const fraction = { numerator: stack.readNumber(), denominator: stack.readNumber() };
    const destination = stack.readAddressOpt();
    return destination && { ...fraction, destination };
}

/** TL-B `OpenTerms` as a cell, unchecked; null of null. */
export function openTermsToCell(terms: OpenTerms): Cell;
export function openTermsToCell(terms: OpenTerms | null): Cell | null;
export function openTermsToCell(terms: OpenTerms | null): Cell | null {
    if (!terms) {
        return null;
    }
    const prices = Dictionary.empty(Dictionary.Keys.Uint(8), Dictionary.Values.BigVarUint(4));
    Object.entries(terms.prices).forEach(([length, price]) => prices.set(Number(length), price));
    return beginCell()
        .storeBuffer(addressHash(terms.beneficiary))
        .storeUint(terms.minBidStep, 8)
        .storeUint(terms.minExtendTime, 32)
        .storeUint(terms.duration, 32)
        .storeDict(prices)
        .store(storeText(Buffer.from(terms.contentPrefix)))
        .endCell();
}

/** Reads TL-B `OpenTerms`; null of null. */
export function cellToOpenTerms(cell: Cell | null): OpenTerms | null {
    return (
        cell &&
        parseCell('cell of open terms', cell, (slice) => ({
            beneficiary: loadHashAddress(slice),
            minBidStep: slice.loadUint(8),
            minExtendTime: slice.loadUint(32),
            duration: slice.loadUint(32),
            prices: Object.fromEntries(slice.loadDict(Dictionary.Keys.Uint(8), Dictionary.Values.BigVarUint(4))),
            contentPrefix: loadText(slice).toString(),
        }))
    );
}

const isBetween = (value: number, min: number, max: number): boolean =>
    Number.isInteger(value) && value >= min && value <= max;

/**
 * Checks the terms of an auction by the contracts' rules; throws `wrong_workchain` or `invalid_auction_config` with the
 * rule that is broken.
 *
 * @example
 * ```ts
 * checkAuctionConfig(auctionConfig, prices);
 * checkAuctionConfig({ ...auctionConfig, duration: 1 }, prices); // throws invalid_auction_config
 * ```
 */
export function checkAuctionConfig(config: AuctionConfig, prices: NetworkPrices): void {
    const { UNLIMITED_BID, MIN_DURATION_SECONDS, MAX_DURATION_SECONDS, MAX_EXTEND_SECONDS } = AuctionLimits;
    const { initialMinBid, maxBid, minBidStep, minExtendTime, duration } = config;
    const minStart = minStartPrice(prices);
    addressHash(config.beneficiary);
    checkRules('invalid_auction_config', 'The terms of the auction are out of bounds.', [
        [initialMinBid < minStart, `initialMinBid is at least ${minStart} nanotons.`],
        [initialMinBid > UNLIMITED_BID, 'initialMinBid is below 2^58.'],
        [maxBid !== 0n && maxBid < initialMinBid, 'maxBid is 0 or at least initialMinBid.'],
        [maxBid > UNLIMITED_BID, 'maxBid is below 2^58.'],
        [!isBetween(minBidStep, 1, 255), 'minBidStep is 1 to 255 percent.'],
        [!isBetween(minExtendTime, 0, MAX_EXTEND_SECONDS), `minExtendTime is 0 to ${MAX_EXTEND_SECONDS} seconds.`],
        [
            !isBetween(duration, MIN_DURATION_SECONDS, MAX_DURATION_SECONDS),
            `duration is ${MIN_DURATION_SECONDS} to ${MAX_DURATION_SECONDS} seconds.`,
        ],
    ]);
}

/**
 * Checks open terms by the same rules, each of their prices as a start price; without a price they sell nothing.
 *
 * @example
 * ```ts
 * checkOpenTerms(openTerms, prices);
 * checkOpenTerms({ ...openTerms, prices: {} }, prices); // throws invalid_auction_config
 * ```
 */
export function checkOpenTerms(terms: OpenTerms, prices: NetworkPrices): void {
    const { beneficiary, minBidStep, minExtendTime, duration } = terms;
    const startPrices = Object.values(terms.prices);
    if (startPrices.length === 0) {
        throw new GramhouseError('invalid_auction_config', 'The open terms have no price.');
    }
    for (const initialMinBid of startPrices) {
        checkAuctionConfig(
            { beneficiary, initialMinBid, maxBid: 0n, minBidStep, minExtendTime, duration, delayedStart: false },
            prices,
        );
    }
}

/**
 * Checks a royalty by the contracts' rules; throws `wrong_workchain` or `invalid_royalty`.
 *
 * @example
 * ```ts
 * checkRoyalty({ ...royalty, numerator: 1, denominator: 4 });
 * checkRoyalty({ ...royalty, numerator: 1, denominator: 3 }); // throws invalid_royalty
 * ```
 */
export function checkRoyalty({ numerator, denominator, destination }: Royalty): void {
    addressHash(destination);
    if (
        !isBetween(numerator, 0, 0xffff) ||
        !isBetween(denominator, 1, 0xffff) ||
        numerator * AuctionLimits.ROYALTY_CAP > denominator
    ) {
        throw new GramhouseError('invalid_royalty', `${numerator} / ${denominator} is no royalty.`, {
            hint: 'Take two whole numbers up to 65535, and at most 25 %.',
        });
    }
}

/**
 * The start price in nanotons of a name under open terms; null if a name of this length is not sold.
 *
 * @example
 * ```ts
 * openMintPrice(openTerms, 'alice'); // => toNano('10')
 * openMintPrice(openTerms, 'abc'); // => null
 * ```
 */
export function openMintPrice(terms: OpenTerms, name: string): bigint | null {
    const lengths = Object.keys(terms.prices).map(Number);
    const length = Math.max(...lengths.filter((entry) => entry <= name.length));
    return terms.prices[length] ?? null;
}

/**
 * The lowest bid in nanotons that the contract takes next.
 *
 * Without a bid (`bid` null) it is the start price; after one it is a step above it, at least twice what an outbid costs,
 * and never above the maximum.
 *
 * @example
 * ```ts
 * nextMinBid({ initialMinBid: toNano('1'), maxBid: 0n, minBidStep: 5 }, toNano('100'), prices); // => toNano('105')
 * ```
 */
export function nextMinBid(
    terms: Pick<AuctionConfig, 'initialMinBid' | 'maxBid' | 'minBidStep'>,
    bid: bigint | null,
    prices: NetworkPrices,
): bigint {
    if (bid === null) {
        return terms.initialMinBid;
    }
    const step = (bid * BigInt(terms.minBidStep) + 99n) / 100n;
    const floor = 2n * outbidFee(prices);
    const next = bid + (step > floor ? step : floor);
    return terms.maxBid !== 0n && next > terms.maxBid ? terms.maxBid : next;
}

/** What a sale pays out, in nanotons. Where royalty and seller have one address, both parts go in one message. */
export type SaleSplit = { royalty: bigint; payout: bigint };

/**
 * How a settlement divides the winning bid.
 *
 * royalty = floor(bid x numerator / denominator); the seller gets the rest of the bid, less what the pot lacks after its
 * reserve and the fees of this settlement. Where that takes more than the seller's part, the royalty pays the remainder.
 *
 * @param pot nanotons that the item holds without the value of the message that settles
 * @param gas units that the pot pays: `SETTLE_GAS`, or `BUY_NOW_GAS` for a bid of the maximum
 */
export function settlementSplit(sale: {
    bid: bigint;
    royalty: Pick<Royalty, 'numerator' | 'denominator'>;
    pot: bigint;
    prices: NetworkPrices;
    gas?: number;
}): SaleSplit {
    const { bid, prices } = sale;
    const royalty = (bid * BigInt(sale.royalty.numerator)) / BigInt(sale.royalty.denominator);
    const available = sale.pot - reserve(prices) - settlementFee(prices, sale.gas);
    const payout = (bid < available ? bid : available) - royalty;
    if (payout < 0n) {
        return { royalty: available > 0n ? available : 0n, payout: 0n };
    }
    return { royalty, payout };
}
