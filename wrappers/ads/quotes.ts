import { GramhouseError } from '../common/errors';
import type { NetworkPrices } from '../common/prices';
import { forwardFee, gasFee } from '../common/prices';
import type { ChannelAccountState } from './ChannelAccount';
import {
    accountReserve,
    autoPayoutFee,
    campaignReserve,
    carriedPrice,
    claimPrice,
    fundFee,
    networkReserve,
    payFee,
    refundFee,
    registerPrice,
    revenueFee,
    syncPrice,
    takePrice,
    treasurySweepFee,
    withdrawFee,
} from './gas';
import type { RevenueSplit } from './split';
import { splitRevenue } from './split';

/** What a quote needs of an account: its state and the balance of its account, in nanotons. */
export type AccountFunds = Pick<ChannelAccountState, 'isOpen' | 'ownerDue' | 'platformDue'> & { balance: bigint };

/** An account that nothing has reached yet. */
export const NO_ACCOUNT = { isOpen: false, ownerDue: 0n, platformDue: 0n, balance: 0n, autoPayout: 0n };

/** Gas units whose price to attach to what is answered with `excesses`: not measured but generous, the rest comes back. */
const ANSWER_GAS = 20_000;

/** Nanotons that lack in the account's reserve; an incoming value fills it first. */
function accountShortfall({ isOpen, ownerDue, platformDue, balance }: AccountFunds, prices: NetworkPrices): bigint {
    const reserve = accountReserve(prices);
    // What reached an account before it was opened is booked as a payment when it is
    const kept = isOpen ? ownerDue + platformDue + reserve : max(balance, reserve);
    return max(0n, kept - balance);
}

/** A year of rent more: it is only taken when a message arrives. */
function withRent(shortfall: bigint, reserve: bigint): bigint {
    return shortfall + reserve / 10n;
}

/** Gas units that a payment uses at most: with a comment or memo, or where the owner has set a threshold; the first one. */
const OTHER_PAY_GAS = 7_000;
const FIRST_PAY_GAS = 8_000;

/** How a payment is sent: as an empty body unless told. */
export type PaymentForm = { withComment?: boolean };

function paymentFee(
    account: AccountFunds & Partial<Pick<ChannelAccountState, 'autoPayout'>>,
    { withComment = false }: PaymentForm,
    prices: NetworkPrices,
): bigint {
    if (!account.isOpen) {
        return gasFee(prices, FIRST_PAY_GAS);
    }
    return withComment || account.autoPayout ? gasFee(prices, OTHER_PAY_GAS) : payFee(prices);
}

/**
 * What a payment of `value` nanotons brings: the amount that is booked and its two parts. For an empty body, to an open
 * account without a threshold, it is exact but for the rent since the account's last transaction; any other payment pays
 * the gas that it uses, and brings at least this. `payout`: what the owner is paid at once, because his threshold is
 * reached; 0n if it is not.
 *
 * Throws `not_enough_funds` if it would be rejected.
 *
 * @example
 * ```ts
 * const { payment, owner, platform } = quotePayment(funds, toNano('10'), prices);
 * owner + platform; // => payment
 * ```
 */
export function quotePayment(
    account: AccountFunds & Pick<ChannelAccountState, 'shareBps' | 'autoPayout'>,
    value: bigint,
    prices: NetworkPrices,
    form: PaymentForm = {},
): RevenueSplit & { payment: bigint; payout: bigint } {
    const payment = value - accountShortfall(account, prices) - paymentFee(account, form, prices);
    if (payment <= 0n) {
        throw new GramhouseError('not_enough_funds', `Of ${value} nanotons nothing would be left to book.`, {
            hint: `Attach more than ${value - payment} nanotons.`,
        });
    }
    const split = splitRevenue(payment, account.shareBps);
    const payout = account.ownerDue + split.owner - autoPayoutFee(prices);
    const isPaidOut = account.autoPayout > 0n && payout >= account.autoPayout;
    return { ...split, payment, payout: isPaidOut ? payout : 0n };
}

/**
 * The value in nanotons at which `quotePayment` says `payment`.
 *
 * @example
 * ```ts
 * await account.sendPayment(bob, { value: quotePaymentValue(funds, toNano('10'), prices) });
 * ```
 */
export function quotePaymentValue(
    account: AccountFunds & Partial<Pick<ChannelAccountState, 'autoPayout'>>,
    payment: bigint,
    prices: NetworkPrices,
    form: PaymentForm = {},
): bigint {
    return payment + accountShortfall(account, prices) + paymentFee(account, form, prices);
}

/**
 * Nanotons to attach to a claim. What is left reaches the owner with the payout, or the payer if the network refuses.
 *
 * @example
 * ```ts
 * await account.sendClaim(bob, { value: quoteClaim(funds, prices), voucher });
 * (await account.getState()).received; // => toNano('5')
 * ```
 */
export function quoteClaim(account: AccountFunds, prices: NetworkPrices): bigint {
    return claimPrice(prices) + withRent(accountShortfall(account, prices), accountReserve(prices));
}

/**
 * Nanotons to attach to a withdrawal; what is left of them reaches the owner with it.
 *
 * @example
 * ```ts
 * await account.sendWithdraw(alice, { value: quoteWithdraw(prices) });
 * ```
 */
export function quoteWithdraw(prices: NetworkPrices): bigint {
    return withdrawFee(prices);
}

/**
 * What a withdrawal with `value` nanotons pays the owner, but for the rent since the account's last transaction.
 *
 * @example
 * ```ts
 * quoteWithdrawal(funds, quoteWithdraw(prices), prices); // => funds.ownerDue
 * ```
 */
export function quoteWithdrawal(account: AccountFunds, value: bigint, prices: NetworkPrices): bigint {
    return account.ownerDue + max(0n, value - accountShortfall(account, prices) - withdrawFee(prices));
}

/**
 * Nanotons to attach to what is answered with `excesses`: the owner's, advertiser's and admin's settings. Most comes back.
 *
 * @example
 * ```ts
 * await campaign.sendStop(bob, { value: quoteAnswer(prices) });
 * ```
 */
export function quoteAnswer(prices: NetworkPrices): bigint {
    return gasFee(prices, ANSWER_GAS) + forwardFee(prices, 0, 0);
}

/**
 * Nanotons to attach to a setting of the account's owner: the same, and what the reserve lacks.
 *
 * @example
 * ```ts
 * await account.sendRebind(alice, { value: quoteOwnerAnswer(funds, prices), newOwner: bob.address });
 * ```
 */
export function quoteOwnerAnswer(account: AccountFunds, prices: NetworkPrices): bigint {
    return quoteAnswer(prices) + withRent(accountShortfall(account, prices), accountReserve(prices));
}

/**
 * Nanotons to attach to a reinvestment; the excess comes back.
 *
 * @example
 * ```ts
 * const value = quoteReinvest(funds, prices);
 * await account.sendReinvest(alice, { value, campaign: campaign.address, amount: toNano('1') });
 * ```
 */
export function quoteReinvest(account: AccountFunds, prices: NetworkPrices): bigint {
    return quoteOwnerAnswer(account, prices) + carriedPrice(prices) + forwardFee(prices, 0, 0);
}

/**
 * Nanotons to attach to a sweep of an account; the excess comes back.
 *
 * @example
 * ```ts
 * await account.sendSweep(bob, { value: quoteAccountSweep(prices) });
 * ```
 */
export function quoteAccountSweep(prices: NetworkPrices): bigint {
    return quoteAnswer(prices) + carriedPrice(prices) + forwardFee(prices, 0, 0);
}

/**
 * Nanotons to attach to fetch the voucher key; the excess comes back.
 *
 * @example
 * ```ts
 * await account.sendSyncKey(bob, { value: quoteSyncKey(funds, prices) });
 * ```
 */
export function quoteSyncKey(account: AccountFunds, prices: NetworkPrices): bigint {
    return syncPrice(prices) + withRent(accountShortfall(account, prices), accountReserve(prices));
}

/**
 * Nanotons to attach to a registration: the account's first reserve, and what comes back to the owner.
 *
 * @example
 * ```ts
 * await network.sendRegister(bob, { value: quoteRegister(prices), certificate });
 * ```
 */
export function quoteRegister(prices: NetworkPrices): bigint {
    return registerPrice(prices) + withRent(accountReserve(prices), accountReserve(prices));
}

/**
 * Nanotons to attach to add `amount` to a campaign's budget; `isNew`: it has no reserve yet.
 *
 * @example
 * ```ts
 * const amount = toNano('10');
 * await campaign.sendFund(bob, { value: quoteFund(amount, prices), amount });
 * ```
 */
export function quoteFund(amount: bigint, prices: NetworkPrices, isNew = false): bigint {
    return amount + fundFee(prices) + (isNew ? campaignReserve(prices) : 0n);
}

/**
 * Nanotons to attach to a refund; what is left of them reaches the advertiser with it.
 *
 * @example
 * ```ts
 * await closedCampaign.sendRefund(bob, { value: quoteRefund(prices) });
 * (await closedCampaign.getState()).budget; // => 0n
 * ```
 */
export function quoteRefund(prices: NetworkPrices): bigint {
    return refundFee(prices);
}

/**
 * Nanotons to attach to a charge of so many campaigns; the excess comes back.
 *
 * @example
 * ```ts
 * const charges = [{ campaign: campaign.address, cumulative: toNano('1') }];
 * await network.sendCharge(admin, { value: quoteCharge(charges.length, prices), charges });
 * (await campaign.getState()).spent; // => toNano('1')
 * ```
 */
export function quoteCharge(count: number, prices: NetworkPrices): bigint {
    const perCharge = 2n * takePrice(prices) + forwardFee(prices, 0, 0) + gasFee(prices, 3_000);
    return BigInt(count) * perCharge + quoteAnswer(prices) + networkReserve(prices) / 10n;
}

/**
 * Nanotons to attach to a revenue of exactly `amount`.
 *
 * @example
 * ```ts
 * const amount = toNano('10');
 * await network.sendRevenue(bob, { value: quoteRevenue(amount, prices), amount });
 * ```
 */
export function quoteRevenue(amount: bigint, prices: NetworkPrices): bigint {
    return amount + revenueFee(prices);
}

/**
 * Nanotons to attach to a sweep to the treasury; what is left of them reaches it too.
 *
 * @example
 * ```ts
 * await network.sendSweep(bob, { value: quoteTreasurySweep(prices) });
 * (await network.getState()).platformDue; // => 0n
 * ```
 */
export function quoteTreasurySweep(prices: NetworkPrices): bigint {
    return treasurySweepFee(prices);
}

/**
 * Nanotons with which to deploy a network: its reserve and the gas.
 *
 * @example
 * ```ts
 * const roles = { operator: admin.address, treasury: admin.address, admin: admin.address };
 * const terms = { shareBps: 7000, burst: toNano('100'), rate: toNano('0.01'), voucherKey: publicKey };
 * const ads = client.open(AdNetwork.createFromConfig({ ...roles, ...terms, accountCode }, networkCode));
 * await ads.sendDeploy(admin, { value: quoteDeployNetwork(prices) });
 * ```
 */
export function quoteDeployNetwork(prices: NetworkPrices): bigint {
    return networkReserve(prices) + quoteAnswer(prices);
}

function max(a: bigint, b: bigint): bigint {
    return a > b ? a : b;
}
