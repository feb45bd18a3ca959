import type { NetworkPrices } from '../common/prices';
import { forwardFee, gasFee, storageFee } from '../common/prices';
import * as UsernameGas from './gas-units';

export { UsernameGas };

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
    const cells = UsernameGas.ITEM_CELLS + extraCells;
    const bits = UsernameGas.ITEM_BITS + extraBits;
    return storageFee(prices, cells, bits, UsernameGas.RESERVE_SECONDS);
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
    const messages = 4n * forwardFee(prices, UsernameGas.DEPLOY_CELLS / 4, UsernameGas.DEPLOY_BITS / 4);
    return 2n * (reserve(prices) + gasFee(prices, UsernameGas.MINT_GAS + UsernameGas.SETTLE_GAS) + messages);
}
