import type { NetworkPrices } from '../common/prices';
import { forwardFee, gasFee, storageFee } from '../common/prices';
import * as AdsGas from './gas-units';

export { AdsGas };

const smallMessageFee = (prices: NetworkPrices): bigint => forwardFee(prices, 0, 0);
const keyMessageFee = (prices: NetworkPrices): bigint => forwardFee(prices, AdsGas.KEY_CELLS, AdsGas.KEY_BITS);

/** Nanotons of the message with which an account draws. */
export function drawMessageFee(prices: NetworkPrices): bigint {
    return forwardFee(prices, AdsGas.DRAW_CELLS, AdsGas.DRAW_BITS);
}

/** Nanotons that ten years of a channel account's rent cost. */
export function accountReserve(prices: NetworkPrices): bigint {
    return storageFee(prices, AdsGas.ACCOUNT_CELLS, AdsGas.ACCOUNT_BITS, AdsGas.RESERVE_SECONDS);
}

/** Nanotons that ten years of a campaign's rent cost. */
export function campaignReserve(prices: NetworkPrices): bigint {
    return storageFee(prices, AdsGas.CAMPAIGN_CELLS, AdsGas.CAMPAIGN_BITS, AdsGas.RESERVE_SECONDS);
}

/** Nanotons that ten years of a network's rent cost. */
export function networkReserve(prices: NetworkPrices): bigint {
    return storageFee(prices, AdsGas.NETWORK_CELLS, AdsGas.NETWORK_BITS, AdsGas.RESERVE_SECONDS);
}

/** Nanotons that a payment of an empty body costs its payer, to an open account without a threshold. */
export function payFee(prices: NetworkPrices): bigint {
    return gasFee(prices, AdsGas.PAY_GAS);
}

/** Nanotons that a payout at the owner's threshold costs him. */
export function autoPayoutFee(prices: NetworkPrices): bigint {
    return gasFee(prices, AdsGas.AUTO_PAYOUT_GAS) + smallMessageFee(prices);
}

/**
 * The lowest threshold in nanotons that an owner can set.
 *
 * @example
 * ```ts
 * const threshold = minAutoPayout(prices);
 * await account.sendSetAutoPayout(alice, { value: quoteOwnerAnswer(funds, prices), threshold });
 * ```
 */
export function minAutoPayout(prices: NetworkPrices): bigint {
    return BigInt(AdsGas.PAYOUTS_PER_THRESHOLD) * autoPayoutFee(prices);
}

/** Nanotons that a withdrawal costs who asks for it. */
export function withdrawFee(prices: NetworkPrices): bigint {
    return gasFee(prices, AdsGas.WITHDRAW_GAS) + smallMessageFee(prices);
}

/** Nanotons that a draw costs on the network. */
export function drawFee(prices: NetworkPrices): bigint {
    return gasFee(prices, AdsGas.DRAW_GAS) + smallMessageFee(prices);
}

/**
 * Nanotons that a revenue, a payment to the network or a platform share costs there.
 *
 * @example
 * ```ts
 * await network.sendPayment(bob, { value: toNano('10') + revenueFee(prices) });
 * (await network.getState()).ownersDue; // => toNano('55')
 * ```
 */
export function revenueFee(prices: NetworkPrices): bigint {
    return gasFee(prices, AdsGas.REVENUE_GAS);
}

/** Nanotons that money for a campaign costs there. */
export function fundFee(prices: NetworkPrices): bigint {
    return gasFee(prices, AdsGas.FUND_GAS);
}

/** Nanotons that a refund costs the advertiser. */
export function refundFee(prices: NetworkPrices): bigint {
    return gasFee(prices, AdsGas.REFUND_GAS) + smallMessageFee(prices);
}

/** Nanotons that a sweep of a network costs. */
export function treasurySweepFee(prices: NetworkPrices): bigint {
    return gasFee(prices, AdsGas.SWEEP_GAS) + smallMessageFee(prices);
}

/** The lowest value in nanotons of a claim: the draw, its bounce and the payout, twice over. */
export function claimPrice(prices: NetworkPrices): bigint {
    const gas = gasFee(prices, AdsGas.CLAIM_GAS + AdsGas.DRAW_GAS + AdsGas.BOUNCED_DRAW_GAS);
    return 2n * (gas + 3n * drawMessageFee(prices));
}

/** Nanotons that a fund of a reinvestment, or a platform share, carries beside its amount. */
export function carriedPrice(prices: NetworkPrices): bigint {
    const gas = gasFee(prices, AdsGas.FUND_GAS + AdsGas.REVENUE_GAS + AdsGas.BOUNCED_FUND_GAS);
    return 2n * (gas + smallMessageFee(prices));
}

/** Nanotons that a take needs: its handling, the revenue and the way back. It carries twice as much. */
export function takePrice(prices: NetworkPrices): bigint {
    const gas = gasFee(prices, AdsGas.TAKE_GAS + AdsGas.REVENUE_GAS + AdsGas.BOUNCED_REVENUE_GAS);
    return gas + 2n * smallMessageFee(prices);
}

/** The lowest value in nanotons of a registration, beside the account's reserve. */
export function registerPrice(prices: NetworkPrices): bigint {
    const gas = gasFee(prices, AdsGas.REGISTER_GAS + AdsGas.BIND_GAS + AdsGas.BOUNCED_BIND_GAS);
    const deployment = forwardFee(prices, AdsGas.BIND_CELLS, AdsGas.BIND_BITS);
    return 2n * (gas + deployment + 2n * keyMessageFee(prices));
}

/** The lowest value in nanotons to ask a network for its voucher key. */
export function syncPrice(prices: NetworkPrices): bigint {
    const gas = gasFee(prices, AdsGas.SET_KEY_GAS + AdsGas.SEND_KEY_GAS + AdsGas.SET_KEY_GAS);
    return 2n * (gas + 3n * keyMessageFee(prices));
}
