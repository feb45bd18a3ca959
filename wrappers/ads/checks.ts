import type { Address } from '@ton/core';
import { fromNano } from '@ton/core';
import type { Account, Problem, Rule, Sending } from '../common/checks';
import { messageProblems } from '../common/checks';
import { TvmError } from '../common/exit-codes';
import type { CampaignState } from './Campaign';
import type { ChannelAccountState } from './ChannelAccount';
import { AdsError, adsError } from './errors';
import { minAutoPayout } from './gas';
import type { AccountFunds, PaymentForm } from './quotes';
import {
    NO_ACCOUNT,
    quoteAnswer,
    quoteClaim,
    quoteFund,
    quoteOwnerAnswer,
    quotePayment,
    quoteRefund,
    quoteRegister,
    quoteReinvest,
    quoteWithdraw,
} from './quotes';
import { checkAmount } from './split';
import type { AdsTarget, OwnerCertificate, Voucher } from './vouchers';
import { checkOwner, verifyOwnerCertificate, verifyVoucher } from './vouchers';

/**
 * What every check of a channel account takes: its state from `ChannelAccount.getState`, null before it is deployed, and
 * the balance of its contract in nanotons, 0n before it holds any.
 */
type OnAccount = Sending & { state: ChannelAccountState | null; balance: bigint };

/** What every check of a campaign takes: its state from `Campaign.getState`, and unix seconds when the message arrives. */
type OnCampaign = Sending & { state: CampaignState; now: number };

const funds = ({ state, balance }: OnAccount): AccountFunds => ({ ...(state ?? NO_ACCOUNT), balance });

/** What is refused below an exact value. */
const atLeast = (value: bigint, least: bigint): Rule => [
    value < least,
    AdsError.not_enough_funds,
    `Attach at least ${fromNano(least)} TON.`,
];

const noOwner = ({ state }: OnAccount): Rule => [!state?.owner, AdsError.no_owner];

/** What the owner alone may do. */
const byOwner = (sending: OnAccount): Rule[] => {
    const owner = sending.state?.owner;
    return [noOwner(sending), [owner && !owner.equals(sending.wallet.address), AdsError.not_owner]];
};

/**
 * Whether a payment to a channel would be booked; `shareBps` is the network's.
 *
 * @example
 * ```ts
 * const payment = { wallet, prices, state: funds, balance: funds.balance, shareBps: 5000 };
 * paymentProblems({ ...payment, value: toNano('1') }); // => []
 * paymentProblems({ ...payment, value: 1n }).map(({ code }) => code); // => ['not_enough_funds']
 * ```
 */
export function paymentProblems(payment: OnAccount & PaymentForm & { shareBps: number }): Problem[] {
    const { state, value, prices, shareBps } = payment;
    const account = { ...NO_ACCOUNT, shareBps, ...state, ...funds(payment) };
    return messageProblems(adsError, payment, {
        valid: () => quotePayment(account, value, prices, payment),
        others: [
            [
                !state?.owner,
                'warning',
                'no_owner',
                'Nobody has registered for this channel yet.',
                "The owner's part waits in the account until he does.",
            ],
        ],
    });
}

/**
 * Whether the wallet could register as the account's first owner with a certificate.
 *
 * @param registration.publicKey the network's voucher key, from `AdNetwork.getPowers`
 *
 * @example
 * ```ts
 * const text = { certificate, target: certificateTarget, publicKey, now };
 * const sending = { wallet, prices, value: quoteRegister(prices), state: null, balance: 0n };
 * registerProblems({ ...sending, ...text }).map(({ code }) => code); // => ['invalid_signature']
 * ```
 */
export function registerProblems(
    registration: OnAccount & { certificate: OwnerCertificate; target: AdsTarget; publicKey: Buffer; now: number },
): Problem[] {
    const { state, wallet, prices, certificate, target, publicKey, now } = registration;
    const isHis = certificate.owner.equals(wallet.address);
    return messageProblems(adsError, registration, {
        valid: () => checkOwner(wallet.address, target.account),
        rules: [
            [!isHis || !verifyOwnerCertificate(certificate, { ...target, publicKey }), AdsError.invalid_signature],
            [now >= certificate.validUntil, AdsError.expired_certificate],
            [!!state?.owner, AdsError.already_bound],
        ],
        quote: quoteRegister(prices),
    });
}

/**
 * Whether a withdrawal would pay the owner; `owner` is his account.
 *
 * @example
 * ```ts
 * const withdrawal = { wallet, prices, state: funds, balance: funds.balance };
 * withdrawProblems({ ...withdrawal, value: quoteWithdraw(prices) }); // => []
 * ```
 */
export function withdrawProblems(withdrawal: OnAccount & { owner?: Account }): Problem[] {
    const { state, value, prices, owner } = withdrawal;
    return messageProblems(adsError, withdrawal, {
        rules: [
            noOwner(withdrawal),
            [state?.owner && state.ownerDue === 0n, AdsError.nothing_due],
            atLeast(value, quoteWithdraw(prices)),
        ],
        recipients: [owner],
    });
}

/**
 * Whether a voucher could be claimed, as far as the account knows; `owner` is the account of him who is paid.
 *
 * @example
 * ```ts
 * const claim = { wallet, prices, state: funds, balance: funds.balance, voucher, target };
 * claimProblems({ ...claim, value: quoteClaim(funds, prices) }); // => []
 * ```
 */
export function claimProblems(claim: OnAccount & { voucher: Voucher; target: AdsTarget; owner?: Account }): Problem[] {
    const { state, prices, voucher, target, owner } = claim;
    const publicKey = state?.voucherKey;
    return messageProblems(adsError, claim, {
        rules: [
            noOwner(claim),
            [state && voucher.cumulative <= state.received, AdsError.nothing_due],
            [publicKey && !verifyVoucher(voucher, { ...target, publicKey }), AdsError.invalid_signature],
        ],
        quote: quoteClaim(funds(claim), prices),
        recipients: [owner],
    });
}

/**
 * Whether the owner could put `amount` nanotons of what he is due into a campaign; a null campaign is not deployed.
 *
 * @example
 * ```ts
 * const sending = { wallet, prices, state: funds, balance: funds.balance, value: quoteReinvest(funds, prices) };
 * const found = reinvestProblems({ ...sending, amount: toNano('500'), campaign: await campaign.getState() });
 * found.map(({ code }) => code); // => ['amount_above_due']
 * ```
 */
export function reinvestProblems(
    reinvestment: OnAccount & { amount: bigint; campaign: CampaignState | null },
): Problem[] {
    const { state, prices, amount, campaign } = reinvestment;
    return messageProblems(adsError, reinvestment, {
        valid: () => checkAmount(amount),
        rules: [
            ...byOwner(reinvestment),
            [state && amount > state.ownerDue, AdsError.amount_above_due],
            [!campaign, TvmError.no_contract],
            [campaign && campaign.closingAt > 0, AdsError.campaign_closed],
        ],
        quote: quoteReinvest(funds(reinvestment), prices),
    });
}

/**
 * Whether the owner could set this threshold: nanotons, 0n switches it off.
 *
 * @example
 * ```ts
 * const sending = { wallet, prices, state: funds, balance: funds.balance, value: quoteOwnerAnswer(funds, prices) };
 * autoPayoutProblems({ ...sending, threshold: 1n }).map(({ code }) => code); // => ['threshold_too_low']
 * ```
 */
export function autoPayoutProblems(setting: OnAccount & { threshold: bigint }): Problem[] {
    const { prices, threshold } = setting;
    const lowest = minAutoPayout(prices);
    return messageProblems(adsError, setting, {
        rules: [
            ...byOwner(setting),
            [
                threshold !== 0n && threshold < lowest,
                AdsError.threshold_too_low,
                `The lowest is ${fromNano(lowest)} TON.`,
            ],
        ],
        quote: quoteOwnerAnswer(funds(setting), prices),
    });
}

/**
 * Whether the owner could name another, who has to accept; `account` is the address of the channel account.
 *
 * @example
 * ```ts
 * const sending = { wallet, prices, state: funds, balance: funds.balance, value: quoteOwnerAnswer(funds, prices) };
 * const newOwner = await readAccount(client, account.address);
 * const found = rebindProblems({ ...sending, newOwner, account: account.address });
 * found.map(({ code }) => code); // => ['invalid_owner', 'unknown_contract']
 * ```
 */
export function rebindProblems(rebinding: OnAccount & { newOwner: Account; account: Address }): Problem[] {
    const { prices, newOwner, account } = rebinding;
    return messageProblems(adsError, rebinding, {
        valid: () => checkOwner(newOwner.address, account),
        rules: byOwner(rebinding),
        quote: quoteOwnerAnswer(funds(rebinding), prices),
        recipients: [newOwner],
    });
}

/**
 * Whether `amount` nanotons could be added to a campaign's budget; with a null state this creates it.
 *
 * @example
 * ```ts
 * const sending = { wallet, prices, value: quoteFund(toNano('10'), prices), amount: toNano('10') };
 * fundProblems({ ...sending, state: await campaign.getState() }); // => []
 * ```
 */
export function fundProblems(funding: Sending & { state: CampaignState | null; amount: bigint }): Problem[] {
    const { state, value, prices, amount } = funding;
    return messageProblems(adsError, funding, {
        valid: () => checkAmount(amount),
        rules: [[state && state.closingAt > 0, AdsError.campaign_closed], atLeast(value, quoteFund(amount, prices))],
        quote: quoteFund(amount, prices, !state?.isOpen),
    });
}

const byAdvertiser = ({ state, wallet }: OnCampaign): Rule => [
    !state.advertiser.equals(wallet.address),
    AdsError.not_advertiser,
];

/**
 * Whether the advertiser could stop the campaign.
 *
 * @example
 * ```ts
 * const stop = { wallet, prices, now, value: quoteAnswer(prices), state: await campaign.getState() };
 * stopProblems(stop).map(({ code }) => code); // => ['not_advertiser']
 * ```
 */
export function stopProblems(stop: OnCampaign): Problem[] {
    return messageProblems(adsError, stop, {
        rules: [byAdvertiser(stop), [stop.state.closingAt > 0, AdsError.already_stopped]],
        quote: quoteAnswer(stop.prices),
    });
}

/**
 * Whether the advertiser could have the unspent rest back.
 *
 * @example
 * ```ts
 * const refund = { wallet, prices, now, value: quoteRefund(prices), state: await campaign.getState() };
 * refundProblems(refund).map(({ code }) => code); // => ['not_advertiser', 'not_closed']
 * ```
 */
export function refundProblems(refund: OnCampaign): Problem[] {
    const { state, value, prices, now } = refund;
    return messageProblems(adsError, refund, {
        rules: [
            byAdvertiser(refund),
            [state.closingAt === 0 || now < state.closingAt, AdsError.not_closed],
            [state.budget === 0n, AdsError.nothing_due],
            atLeast(value, quoteRefund(prices)),
        ],
    });
}
