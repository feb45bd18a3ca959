import type { Cell } from '@ton/core';
import { cellSize } from '../common/cells';
import { GramhouseError } from '../common/errors';
import type { NetworkPrices } from '../common/prices';
import { forwardFee, gasFee, storageFee } from '../common/prices';
import type { AuctionConfig, OpenTerms, Royalty, SaleSplit } from './auction';
import { openMintPrice, settlementSplit } from './auction';
import { messageFee, mintFee, outbidFee, UsernameGas } from './gas';
import type { ItemState } from './UsernameItem';
import { UsernameItem } from './UsernameItem';

/**
 * Gas units whose price to attach for the operations whose excess comes back. They are generous, not measured: what is
 * not used returns. A start and a record read all records of the name, and theirs covers about 400 cells of them.
 */
const GAS_TO_ATTACH = {
    admin: 20_000,
    settle: 20_000,
    start_auction: 50_000,
    cancel_auction: 20_000,
    change_dns_record: 50_000,
    transfer: 20_000,
} as const;

/** The lowest value in nanotons that is taken as a bid, and the highest that stays; what is above comes back. Null: no maximum. */
export type BidQuote = { minimum: bigint; maximum: bigint | null };

/** What a quote needs of an item, in nanotons: `reserve` from `getState`, and the balance of its account. */
export type ItemFunds = { reserve: bigint; balance: bigint };

/**
 * The bid that uses a mint order. The bid is all that is attached: the pot pays every fee out of it.
 *
 * @example
 * ```ts
 * quoteMint(order.auctionConfig); // => { minimum: toNano('1'), maximum: null }
 * ```
 */
export function quoteMint({ initialMinBid, maxBid }: Pick<AuctionConfig, 'initialMinBid' | 'maxBid'>): BidQuote {
    return { minimum: initialMinBid, maximum: maxBid || null };
}

/**
 * The bid that opens a name on the collection's terms; throws `open_mint_closed` if a name of this length is not sold.
 *
 * @example
 * ```ts
 * quoteOpenMint(openTerms, 'alice'); // => { minimum: toNano('10'), maximum: null }
 * ```
 */
export function quoteOpenMint(terms: OpenTerms | null, name: string): BidQuote {
    const minimum = terms && openMintPrice(terms, name);
    if (minimum === null) {
        throw new GramhouseError('open_mint_closed', `${JSON.stringify(name)} is not sold without a signed order.`);
    }
    return { minimum, maximum: null };
}

/**
 * The next bid. The bid is all that is attached; throws `no_auction` if none can be made.
 *
 * @example
 * ```ts
 * const { minimum } = quoteBid(state);
 * minimum; // => toNano('21')
 * await item.sendBid(alice, { value: minimum });
 * ```
 */
export function quoteBid({ status, minBid, maxBid }: Pick<ItemState, 'status' | 'minBid' | 'maxBid'>): BidQuote {
    if (status !== 'open' && status !== 'auction') {
        throw new GramhouseError('no_auction', `No bid can be made: the item's status is ${status}.`);
    }
    return { minimum: minBid, maximum: maxBid || null };
}

/**
 * Nanotons to attach to start an auction. Of it stays what the item lacks in reserve; the rest comes back.
 *
 * @example
 * ```ts
 * const value = quoteStartAuction(ownedFunds, prices);
 * await ownedItem.sendStartAuction(alice, { value, auctionConfig });
 * ```
 */
export function quoteStartAuction(item: ItemFunds, prices: NetworkPrices): bigint {
    return answerFee(prices, GAS_TO_ATTACH.start_auction) + missingFunds(item.reserve, item.balance);
}

/**
 * Nanotons to attach to cancel an auction; the excess comes back.
 *
 * @example
 * ```ts
 * await ownedItem.sendStartAuction(alice, { value: quoteStartAuction(ownedFunds, prices), auctionConfig });
 * await ownedItem.sendCancelAuction(alice, { value: quoteCancelAuction(prices) });
 * ```
 */
export function quoteCancelAuction(prices: NetworkPrices): bigint {
    return answerFee(prices, GAS_TO_ATTACH.cancel_auction);
}

/**
 * Nanotons to attach to settle; the excess comes back. The pot pays for the messages of the settlement.
 *
 * @example
 * ```ts
 * await endedItem.sendSettle(alice, { value: quoteSettle(prices) });
 * (await endedItem.getState()).owner?.equals(bob.address); // => true
 * ```
 */
export function quoteSettle(prices: NetworkPrices): bigint {
    return answerFee(prices, GAS_TO_ATTACH.settle);
}

/**
 * Nanotons to attach to a message of the collection's admin or new signer; the excess comes back.
 *
 * @example
 * ```ts
 * await collection.sendSetPaused(admin, { value: quoteAdmin(prices), paused: true });
 * ```
 */
export function quoteAdmin(prices: NetworkPrices): bigint {
    return answerFee(prices, GAS_TO_ATTACH.admin);
}

/**
 * Nanotons to attach to set a record, or to delete one (`record` null). Of it stays what the grown records lack in
 * reserve; the rest comes back.
 *
 * @example
 * ```ts
 * const record = encodeDnsRecord({ type: 'dns_smc_address', address: alice.address });
 * const value = quoteRecord(ownedFunds, record, prices);
 * await ownedItem.sendChangeDnsRecord(alice, { value, key: recordKey('wallet'), record });
 * ```
 */
export function quoteRecord(item: ItemFunds, record: Cell | null, prices: NetworkPrices): bigint {
    const fee = answerFee(prices, GAS_TO_ATTACH.change_dns_record);
    if (!record) {
        return fee;
    }
    // With it the dictionary grows by a leaf and a fork, each with a label of up to 256 bits
    const { cells, bits } = cellSize(record);
    const grown = storageFee(prices, cells + 2, bits + 600, UsernameGas.RESERVE_SECONDS);
    return fee + missingFunds(item.reserve + grown, item.balance);
}

/**
 * Nanotons to attach to a transfer: the forward amount, its message and the gas; the excess comes to `responseDestination`.
 *
 * @example
 * ```ts
 * const transfer = { newOwner: bob.address, responseDestination: alice.address, forwardAmount: 1n };
 * await ownedItem.sendTransfer(alice, { ...transfer, value: quoteTransfer(transfer, prices) });
 * ```
 */
export function quoteTransfer(
    transfer: Parameters<typeof UsernameItem.transferMessage>[0],
    prices: NetworkPrices,
): bigint {
    const { cells, bits } = cellSize(UsernameItem.transferMessage(transfer));
    return transfer.forwardAmount + forwardFee(prices, cells, bits) + answerFee(prices, GAS_TO_ATTACH.transfer);
}

/**
 * What royalty and seller get at most, in nanotons, if an auction is settled as it stands; throws `no_auction` without a
 * bid. Rent that is due, and the import fee of an external settlement, come off the balance before.
 *
 * @example
 * ```ts
 * const { royalty, payout } = quotePayout(state, balance, prices);
 * royalty; // => toNano('1')
 * royalty + payout < state.bid; // => true
 * ```
 */
export function quotePayout(
    state: Pick<ItemState, 'bid' | 'royalty'>,
    balance: bigint,
    prices: NetworkPrices,
): SaleSplit {
    if (!state.royalty || state.bid === 0n) {
        throw new GramhouseError('no_auction', 'There is no bid to pay out.');
    }
    return settlementSplit({ bid: state.bid, royalty: state.royalty, pot: balance, prices });
}

/**
 * What royalty and seller get at least, in nanotons, if a name sells for `bid`. `kept` is the rest of the bid, which fills
 * the item's reserve and pays the fees; the first sale of a name fills the whole reserve.
 *
 * @param sale.balance nanotons that the item holds before the auction; left out for a name that this sale mints
 * @param sale.bids how many bids the auction takes, one unless told
 * @param sale.duration seconds that it takes, whose rent comes out of the pot; 0 unless told
 *
 * @example
 * ```ts
 * const sale = quoteSale({ bid: toNano('100'), royalty }, prices);
 * sale.royalty; // => toNano('5')
 * sale.royalty + sale.payout + sale.kept; // => toNano('100')
 * ```
 */
export function quoteSale(
    sale: { bid: bigint; royalty: Royalty; balance?: bigint; bids?: number; duration?: number },
    prices: NetworkPrices,
): SaleSplit & { kept: bigint } {
    const { bid, royalty, balance, bids = 1, duration = 0 } = sale;
    const rent = storageFee(prices, UsernameGas.ITEM_CELLS, UsernameGas.ITEM_BITS, duration);
    const first = balance === undefined ? -mintFee(prices) : balance - outbidFee(prices);
    // A buy-now costs the pot more than a settlement: its own gas and the message with the change
    const pot = bid + first - BigInt(bids - 1) * outbidFee(prices) - messageFee(prices) - rent;
    const split = settlementSplit({ bid, royalty, pot, prices, gas: UsernameGas.BUY_NOW_GAS });
    return { ...split, kept: bid - split.royalty - split.payout };
}

/** Nanotons for gas and an answer that has everything in its root cell. */
function answerFee(prices: NetworkPrices, gas: number): bigint {
    return gasFee(prices, gas) + messageFee(prices);
}

/** What lacks in the balance. It counts a year of rent more, because rent is only taken when a message arrives. */
function missingFunds(reserve: bigint, balance: bigint): bigint {
    const missing = reserve + reserve / 10n - balance;
    return missing > 0n ? missing : 0n;
}
