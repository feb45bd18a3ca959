import type { NetworkPrices } from '../common/prices';
import { forwardFee, gasFee, storageFee } from '../common/prices';

/** What the username contracts may cost, with the keys and values of contracts/usernames/gas.fc: gas units, cells, bits, seconds. */
export const UsernameGas = {
    OUTBID_GAS: 8192,
    SETTLE_GAS: 7600,
    BUY_NOW_GAS: 16100,
    TRANSFER_REST_GAS: 1700,
    MINT_GAS: 39300,
    FILL_RESERVE_REST_GAS: 2300,
    THIRD_OF_NOTICE_BITS: 166,
    DEPLOY_CELLS: 72,
    DEPLOY_BITS: 45400,
    ITEM_CELLS: 72,
    ITEM_BITS: 45000,
    YEAR_SECONDS: 31536000,
    RESERVE_SECONDS: 315360000,
} as const;

/** Nanotons for a message that has everything in its root cell. */
export function messageFee(prices: NetworkPrices): bigint {
    return forwardFee(prices, 0, 0);
}

/** Nanotons that one more bid costs the pot: its gas and the refund of the bid before. */
export function outbidFee(prices: NetworkPrices): bigint {
    return gasFee(prices, UsernameGas.OUTBID_GAS) + messageFee(prices);
}

/**
 * Nanotons that a settlement costs the pot: royalty, payout and sale notice, and the gas that sends them. Only the notice
 * has a cell below its root, but the three are priced alike, with a cell and a third of its bits each.
 */
export function settlementFee(prices: NetworkPrices, gas: number = UsernameGas.SETTLE_GAS): bigint {
    return gasFee(prices, gas) + 3n * forwardFee(prices, 1, UsernameGas.THIRD_OF_NOTICE_BITS);
}

/** Nanotons that a mint costs the pot: the gas of both contracts and the deploy message. */
export function mintFee(prices: NetworkPrices): bigint {
    return gasFee(prices, UsernameGas.MINT_GAS) + forwardFee(prices, UsernameGas.DEPLOY_CELLS, UsernameGas.DEPLOY_BITS);
}

/** Nanotons that ten years of an item's rent cost; `extraCells` and `extraBits` are those of its records. */
export function reserve(prices: NetworkPrices, extraCells = 0, extraBits = 0): bigint {
    const { ITEM_CELLS, ITEM_BITS, RESERVE_SECONDS } = UsernameGas;
    return storageFee(prices, ITEM_CELLS + extraCells, ITEM_BITS + extraBits, RESERVE_SECONDS);
}

/**
 * The lowest start price in nanotons: twice the reserve and the fees of mint and settlement, whose four messages count as
 * four of a quarter of the deploy's size. A lower one could not pay for its own auction.
 *
 * @example
 * ```ts
 * minStartPrice(prices) < toNano('1'); // => true
 * ```
 */
export function minStartPrice(prices: NetworkPrices): bigint {
    const { MINT_GAS, SETTLE_GAS, DEPLOY_CELLS, DEPLOY_BITS } = UsernameGas;
    const messages = 4n * forwardFee(prices, DEPLOY_CELLS / 4, DEPLOY_BITS / 4);
    return 2n * (reserve(prices) + gasFee(prices, MINT_GAS + SETTLE_GAS) + messages);
}
