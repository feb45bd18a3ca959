import type { Address, Slice, Transaction } from '@ton/core';
import { loadHashAddress } from '../common/cells';
import type {
    AccountMessage,
    AccountTransaction,
    AdminChange,
    EventPlace,
    RejectedEvent,
    RejectionRule,
    TakenMessage,
    ToppedUpEvent,
} from '../common/transactions';
import { afterOp, decodeEvents, readAdmin, readBounce } from '../common/transactions';
import type { Charge } from './AdNetwork';
import { NOTICE_SECONDS } from './AdNetwork';
import { CLOSING_SECONDS } from './Campaign';
import type { AdsError } from './errors';
import { adsErrorName } from './errors';
import { AdsOp } from './ops';

type ErrorName = keyof typeof AdsError;

/** From a stranger. `amount` is the whole value: what is divided is that less the price of handling it and what the reserve lacks. */
type Payment = { type: 'paid'; from: Address; amount: bigint };

type ChannelAccountChange =
    | Payment
    /** To the owner, with what was left of the value of a withdrawal. */
    | { type: 'paid_out'; from: Address; to: Address; amount: bigint; reason: 'withdrawal' | 'threshold' }
    /** `amount` is asked of the network, whose `paid_out` follows, or `claim_returned` here. */
    | { type: 'claimed'; from: Address; cumulative: bigint; amount: bigint }
    /** The network refused: nothing is drawn, and `amount` went back to who paid for the claim. */
    | { type: 'claim_returned'; to: Address; amount: bigint; drawn: bigint; error: ErrorName | null }
    /** `amount` went to the network as the platform's. */
    | { type: 'swept'; from: Address; to: Address; amount: bigint; excess: bigint }
    /** The network refused: the lesser of `amount` and what came back, `value` less its price, is the platform's again. */
    | { type: 'sweep_returned'; amount: bigint; value: bigint }
    /** The key that the account checks vouchers with from now on. The rest of the value went to who asked for it. */
    | { type: 'voucher_key_changed'; voucherKey: Buffer; to: Address; excess: bigint }
    /** The network did not answer for its key. */
    | { type: 'key_request_returned'; to: Address; amount: bigint; error: ErrorName | null }
    /** 0n: off. */
    | { type: 'auto_payout_changed'; from: Address; threshold: bigint; excess: bigint }
    | { type: 'rebind_proposed'; from: Address; newOwner: Address; excess: bigint }
    /** `owner` is it from now on. */
    | { type: 'rebound'; owner: Address; excess: bigint }
    | { type: 'reinvested'; from: Address; campaign: Address; amount: bigint; excess: bigint }
    /** The campaign refused: the lesser of `amount` and what came back, `value` less its price, is due to the owner again. */
    | { type: 'reinvestment_returned'; campaign: Address; amount: bigint; value: bigint }
    /** `owner` is the account's first. */
    | { type: 'registered'; owner: Address; voucherKey: Buffer; excess: bigint };

type CampaignChange =
    /** The whole value, of which the price of handling it is gone. */
    | { type: 'funded'; from: Address; amount: bigint }
    /** The budget gave `amount` to the network; it has given `cumulative` in all. */
    | { type: 'charged'; amount: bigint; cumulative: bigint }
    /** The network refused: the lesser of `amount` and what came back, `value` less its price, is in the budget again. */
    | { type: 'charge_returned'; amount: bigint; value: bigint }
    /** Charges come until `closingAt`, unix seconds; then the rest can be refunded. */
    | { type: 'stopped'; from: Address; closingAt: number; excess: bigint }
    /** All that was unspent, with what was left of the value. */
    | { type: 'refunded'; to: Address; amount: bigint };

type AdNetworkChange =
    | Payment
    /** Exactly `amount` was divided. `from` is a campaign only if `campaignAddress` gives it. */
    | { type: 'revenue'; from: Address; amount: bigint }
    /** Exactly `amount` is the platform's. */
    | { type: 'platform_share'; from: Address; amount: bigint }
    /** `drawn` on a voucher, and what was left of the value of the claim: `amount` in all. */
    | { type: 'paid_out'; channelAccount: Address; payeeId: bigint; to: Address; amount: bigint; drawn: bigint }
    /** On its way to the account, where it becomes `registered`; or `registration_returned` follows here. */
    | { type: 'registration_sent'; payeeId: bigint; channelAccount: Address; owner: Address }
    /** The account has an owner already. */
    | { type: 'registration_returned'; to: Address; amount: bigint; error: ErrorName | null }
    /** Each campaign is told to give what it owes; what it gives comes as `revenue`. */
    | { type: 'charges_sent'; from: Address; charges: Charge[]; excess: bigint }
    /** The campaign gives nothing. `amount` is what came back of the price of asking it, and is the platform's less its own. */
    | { type: 'charge_refused'; campaign: Address; cumulative: bigint; amount: bigint }
    /** To the treasury, with what was left of the value. */
    | { type: 'swept'; from: Address; to: Address; amount: bigint }
    /** Acts from `since` on, unix seconds. */
    | { type: 'operator_announced'; from: Address; operator: Address; since: number; excess: bigint }
    | { type: 'voucher_key_announced'; from: Address; voucherKey: Buffer; since: number; excess: bigint }
    | { type: 'treasury_announced'; from: Address; treasury: Address; since: number; excess: bigint }
    /** `admin` null: renounced, and what was announced is off. */
    | AdminChange;

type AdsEvent<Change> = (EventPlace & Change) | ToppedUpEvent | RejectedEvent<ErrorName>;

/** What happened to a channel account. Amounts in nanotons. */
export type ChannelAccountEvent = AdsEvent<ChannelAccountChange>;

/** What happened to a campaign. Amounts in nanotons, times in unix seconds. */
export type CampaignEvent = AdsEvent<CampaignChange>;

/** What happened to a network. Amounts in nanotons, times in unix seconds. */
export type AdNetworkEvent = AdsEvent<AdNetworkChange>;

const RULE: RejectionRule<ErrorName> = {
    returnOp: AdsOp.return_value,
    excessOp: AdsOp.excesses,
    errorName: adsErrorName,
};

/**
 * What a transaction of a channel account says. Which account it is, the caller knows: any contract can send messages like
 * these (`channelAccountAddress` tells whose they are).
 *
 * @example
 * ```ts
 * const [tx] = await client.getTransactions(account.address, { limit: 1 });
 * channelAccountEvents(tx!).map(({ type }) => type); // => ['paid']
 * ```
 */
export function channelAccountEvents(tx: Transaction | AccountTransaction): ChannelAccountEvent[] {
    return decodeEvents(tx, RULE, readChannelAccount);
}

/**
 * What a transaction of a campaign says.
 *
 * @example
 * ```ts
 * const [tx] = await client.getTransactions(campaign.address, { limit: 1 });
 * campaignEvents(tx!).map(({ type }) => type); // => ['funded']
 * ```
 */
export function campaignEvents(tx: Transaction | AccountTransaction): CampaignEvent[] {
    return decodeEvents(tx, RULE, readCampaign);
}

/**
 * What a transaction of a network says.
 *
 * @example
 * ```ts
 * const [tx] = await client.getTransactions(network.address, { limit: 1 });
 * adNetworkEvents(tx!).map(({ type }) => type); // => ['registration_sent']
 * ```
 */
export function adNetworkEvents(tx: Transaction | AccountTransaction): AdNetworkEvent[] {
    return decodeEvents(tx, RULE, readAdNetwork);
}

const errorOf = (exitCode: number | null): ErrorName | null => (exitCode === null ? null : adsErrorName(exitCode));

/** The amount that a message of our contracts states after its op. */
const statedIn = (message: AccountMessage): bigint => afterOp(message).loadUintBig(64);

/** An owner, or who paid, and the voucher key. */
function loadKeyFor(message: AccountMessage): { to: Address; voucherKey: Buffer } {
    const slice = afterOp(message);
    return { to: loadHashAddress(slice), voucherKey: slice.loadBuffer(32) };
}

function readChannelAccount({ message, op, args, from, excess, out, sent }: TakenMessage): ChannelAccountChange[] {
    if (message.bounced) {
        const { op: refused, body, exitCode } = readBounce(message);
        const error = errorOf(exitCode);
        const { value } = message;
        switch (refused) {
            case AdsOp.draw:
                return [{ type: 'claim_returned', ...sent, drawn: body.loadUintBig(64), error }];
            case AdsOp.get_voucher_key:
                return [{ type: 'key_request_returned', ...sent, error }];
            case AdsOp.fund:
                return [
                    { type: 'reinvestment_returned', campaign: from, amount: body.skip(64).loadUintBig(64), value },
                ];
            default:
                return [{ type: 'sweep_returned', amount: body.loadUintBig(64), value }];
        }
    }
    const answer = { from, excess };
    switch (op) {
        case null:
        case AdsOp.comment:
        case AdsOp.encrypted_comment:
        case AdsOp.pay: {
            const payment: ChannelAccountChange = { type: 'paid', from, amount: message.value };
            return out.length ? [payment, { type: 'paid_out', from, ...sent, reason: 'threshold' }] : [payment];
        }
        case AdsOp.withdraw:
            return [{ type: 'paid_out', from, ...sent, reason: 'withdrawal' }];
        case AdsOp.claim:
            return [{ type: 'claimed', from, cumulative: statedIn(message), amount: statedIn(out[0]!) }];
        case AdsOp.sweep:
            return [{ type: 'swept', ...answer, to: sent.to, amount: statedIn(out[0]!) }];
        case AdsOp.set_voucher_key:
            return [{ type: 'voucher_key_changed', ...loadKeyFor(message), excess }];
        case AdsOp.set_auto_payout:
            return [{ type: 'auto_payout_changed', ...answer, threshold: args.loadUintBig(64) }];
        case AdsOp.rebind:
            return [{ type: 'rebind_proposed', ...answer, newOwner: args.loadAddress() }];
        case AdsOp.accept_rebind:
            return [{ type: 'rebound', owner: from, excess }];
        case AdsOp.reinvest:
            return [{ type: 'reinvested', ...answer, campaign: args.loadAddress(), amount: args.loadUintBig(64) }];
        case AdsOp.bind: {
            const { to, voucherKey } = loadKeyFor(message);
            return [{ type: 'registered', owner: to, voucherKey, excess }];
        }
        default:
            return [];
    }
}

function readCampaign({ message, op, from, excess, out, sent, time }: TakenMessage): CampaignChange[] {
    if (message.bounced) {
        return [{ type: 'charge_returned', amount: readBounce(message).body.loadUintBig(64), value: message.value }];
    }
    switch (op) {
        case null:
        case AdsOp.comment:
        case AdsOp.encrypted_comment:
        case AdsOp.fund:
            return [{ type: 'funded', from, amount: message.value }];
        case AdsOp.take:
            return [{ type: 'charged', amount: statedIn(out[0]!), cumulative: statedIn(message) }];
        case AdsOp.stop:
            return [{ type: 'stopped', from, closingAt: time + CLOSING_SECONDS, excess }];
        case AdsOp.refund:
            return [{ type: 'refunded', ...sent }];
        default:
            return [];
    }
}

/** TL-B `Charges`. */
function loadCharges(slice: Slice): Charge[] {
    const charges: Charge[] = [];
    for (let rest: Slice | undefined = slice; rest; rest = rest.loadMaybeRef()?.beginParse()) {
        charges.push({ campaign: loadHashAddress(rest), cumulative: rest.loadUintBig(64) });
    }
    return charges;
}

function readAdNetwork({ message, op, args, from, excess, sent, time }: TakenMessage): AdNetworkChange[] {
    if (message.bounced) {
        const { op: refused, body, exitCode } = readBounce(message);
        return refused === AdsOp.take
            ? [{ type: 'charge_refused', campaign: from, cumulative: body.loadUintBig(64), amount: message.value }]
            : [{ type: 'registration_returned', ...sent, error: errorOf(exitCode) }];
    }
    const announced = { from, since: time + NOTICE_SECONDS, excess };
    switch (op) {
        case AdsOp.pay:
            return [{ type: 'paid', from, amount: message.value }];
        case AdsOp.revenue:
            return [{ type: 'revenue', from, amount: statedIn(message) }];
        case AdsOp.platform_share:
            return [{ type: 'platform_share', from, amount: statedIn(message) }];
        case AdsOp.draw: {
            const payeeId = args.loadRef().beginParse().loadUintBig(64);
            return [{ type: 'paid_out', channelAccount: from, payeeId, ...sent, drawn: statedIn(message) }];
        }
        case AdsOp.register:
            return [{ type: 'registration_sent', payeeId: args.loadUintBig(64), channelAccount: sent.to, owner: from }];
        case AdsOp.charge:
            return [{ type: 'charges_sent', from, charges: loadCharges(args), excess }];
        case AdsOp.sweep:
            return [{ type: 'swept', from, ...sent }];
        case AdsOp.announce_operator:
            return [{ type: 'operator_announced', ...announced, operator: args.loadAddress() }];
        case AdsOp.announce_voucher_key:
            return [{ type: 'voucher_key_announced', ...announced, voucherKey: args.loadBuffer(32) }];
        case AdsOp.announce_treasury:
            return [{ type: 'treasury_announced', ...announced, treasury: args.loadAddress() }];
        default:
            return readAdmin(op, args, { from, excess }, AdsOp);
    }
}
