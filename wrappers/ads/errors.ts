import { nameOf } from '../common/cells';
import type { ErrorText } from '../common/exit-codes';
import { exitCodeError, SHARED_TEXTS } from '../common/exit-codes';
import type { GramhouseError } from '../common/errors';

/** Exit codes of the ad revenue contracts, with the keys of their errors.fc, which says what each means. */
export const AdsError = {
    cell_underflow: 9,
    wrong_workchain: 333,

    unknown_op: 1000,
    not_enough_funds: 1001,
    invalid_amount: 1002,
    invalid_signature: 1003,
    nothing_due: 1004,
    not_network: 1005,
    bucket_full: 1006,

    no_owner: 1100,
    not_owner: 1101,
    already_bound: 1102,
    invalid_owner: 1103,
    threshold_too_low: 1104,
    amount_above_due: 1105,

    not_advertiser: 1200,
    already_stopped: 1201,
    campaign_closed: 1202,
    not_closed: 1203,
    above_budget: 1204,

    not_operator: 1300,
    not_account: 1301,
    not_covered: 1302,
    expired_certificate: 1303,
    too_many_charges: 1304,
    not_admin: 1305,
    nothing_proposed: 1306,
    invalid_share: 1307,
    old_voucher_key: 1308,
} as const;

/** For people: what the comments of errors.fc say, and what to do about it. */
const ADS_TEXTS: Record<keyof typeof AdsError, ErrorText> = {
    ...SHARED_TEXTS,
    invalid_amount: ['The amount is 0, or 2^63 or more.', 'Give an amount above 0.'],
    invalid_signature: ["The signature is not the voucher key's for this text.", 'Ask for a new one.'],
    nothing_due: [
        'There is nothing to pay out, or nothing above what was paid before.',
        'It may have been paid: look again.',
    ],
    not_network: ['Only the network may do this.', 'No wallet sends this.'],
    bucket_full: ['The amount does not fit the bucket now.', 'Wait, or take a smaller amount.'],
    no_owner: ['Nobody owns this account yet.', 'The owner has to register first.'],
    not_owner: ['Only the owner, or the one that he named, may do this.', "Send it from the owner's wallet."],
    already_bound: ['The account has an owner.', 'Only its owner can hand it over.'],
    invalid_owner: ['The owner cannot be 0 or the account itself.', 'Name a wallet.'],
    threshold_too_low: [
        'A threshold is at least 100 times the price of a payout.',
        'Set a higher one, or 0 to switch it off.',
    ],
    amount_above_due: ['The amount is more than the owner is due.', 'Take less.'],
    not_advertiser: ['Only the advertiser may do this.', "Send it from the advertiser's wallet."],
    already_stopped: ['The campaign is stopped already.', 'Wait for the refund.'],
    campaign_closed: ['The campaign takes no money and no charges any more.', 'Make a new campaign.'],
    not_closed: ['A refund comes 48 hours after a stop.', 'Wait until then.'],
    above_budget: ['The charge is more than the campaign holds.', 'Fund the campaign first.'],
    not_operator: ['Only the operator may do this.', "Send it from the operator's wallet."],
    not_account: ['The sender is not the account of this payee.', "Claim at the payee's account."],
    not_covered: [
        'The network does not owe its owners so much yet.',
        'Wait until campaigns have paid: the voucher stays good.',
    ],
    expired_certificate: ["The certificate's valid_until has passed.", 'Ask for a new one.'],
    too_many_charges: ['A message takes at most 100 charges.', 'Send several messages.'],
    nothing_proposed: ['No admin has been proposed.', 'The admin has to propose first.'],
    invalid_share: ['A share is at most 10000 basis points.', 'Give 0 to 10000.'],
    old_voucher_key: [
        'The account knows an older voucher key: sync_key.',
        'Let it fetch the new key, and claim again.',
    ],
};

/**
 * The key in `AdsError` of an exit code; null if the code is none of the ad revenue contracts'.
 *
 * @example
 * ```ts
 * adsErrorName(1004); // => 'nothing_due'
 * ```
 */
export function adsErrorName(exitCode: number): keyof typeof AdsError | null {
    return nameOf(AdsError, exitCode);
}

/**
 * What an exit code of an ad revenue contract means to a person: `code` is its name, `shortMessage` what happened, `hint` what
 * to do. It takes the codes of the TVM too (`TvmError`), and the code of a failed getter (`exitCodeOf`); for any other
 * `code` is `unknown_exit_code`.
 *
 * @example
 * ```ts
 * const { code, shortMessage, hint } = adsError(1004);
 * code; // => 'nothing_due'
 * ```
 */
export function adsError(exitCode: number, cause?: unknown): GramhouseError {
    return exitCodeError(AdsError, ADS_TEXTS, exitCode, cause);
}
