import { nameOf } from '../common/cells';
import type { ErrorText } from '../common/exit-codes';
import { ATTACH_MORE, exitCodeError, SHARED_TEXTS } from '../common/exit-codes';
import type { GramhouseError } from '../common/errors';

/** Exit codes of the username contracts, with the keys of their errors.fc, which says what each means. */
export const UsernameError = {
    cell_underflow: 9,
    bad_subdomain: 70,
    invalid_length: 201,
    invalid_signature: 202,
    wrong_subwallet_id: 203,
    not_yet_valid_signature: 204,
    expired_signature: 205,
    not_enough_funds: 206,
    unknown_op: 208,
    uninited: 210,
    bid_too_low: 211,
    forbidden_not_deploy: 213,
    forbidden_not_bid: 214,
    forbidden_transfer: 216,
    forbidden_change_dns: 217,
    no_auction: 219,
    forbidden_auction: 220,
    already_has_bids: 221,
    auction_already_started: 222,
    invalid_auction_config: 223,
    forbidden_bidder: 224,
    auction_too_soon: 230,
    auction_not_ended: 231,
    invalid_royalty: 232,
    minting_paused: 233,
    open_mint_closed: 234,
    invalid_name: 235,
    not_admin: 236,
    nothing_proposed: 237,
    record_too_large: 238,
    below_reserve: 239,
    content_too_large: 240,
    not_topped_up: 241,
    wrong_workchain: 333,
    no_first_zero_byte: 413,
} as const;

/** For people: what the comments of errors.fc say, and what to do about it. */
const USERNAME_TEXTS: Record<keyof typeof UsernameError, ErrorText> = {
    ...SHARED_TEXTS,
    bad_subdomain: ['The subdomain is not a whole number of bytes.', 'Ask for whole characters.'],
    invalid_length: ['The name is empty or longer than 32 bytes.', 'Ask the signer for a new order.'],
    invalid_signature: ["The signature is not the signer's for this text.", 'Ask the signer for a new order.'],
    wrong_subwallet_id: ['The order is for another subwallet_id.', 'Ask the signer for a new order.'],
    not_yet_valid_signature: ["The order's valid_since is in the future.", 'Wait until then.'],
    expired_signature: ["The order's valid_till has passed.", 'Ask the signer for a new order.'],
    uninited: ['The item has no state yet.', 'Mint the name first.'],
    bid_too_low: ['The bid is below the minimum.', 'Look at the name again, and bid more.'],
    forbidden_not_deploy: ["Only the collection's deploy message is accepted here.", 'Mint the name first.'],
    forbidden_not_bid: ['Not possible while the auction runs.', 'Wait for the end of the auction.'],
    forbidden_transfer: ['Only the owner transfers.', "Send it from the owner's wallet."],
    forbidden_change_dns: ['Only the owner edits records.', "Send it from the owner's wallet."],
    no_auction: ['There is no auction.', 'Look at the name again.'],
    forbidden_auction: ['Only the owner starts or cancels an auction.', "Send it from the owner's wallet."],
    already_has_bids: ['An auction with a bid cannot be cancelled.', 'Wait for the end of the auction.'],
    auction_already_started: ['An auction runs already.', 'Look at the name again.'],
    invalid_auction_config: [
        'The terms of the auction are out of bounds.',
        'Change the prices, the step or the times.',
    ],
    forbidden_bidder: ['The order is bound to another bidder.', "Send it from that bidder's wallet."],
    auction_too_soon: ['An auction starts no sooner than 300 s after a cancel.', 'Wait five minutes.'],
    auction_not_ended: ['The auction is still running.', 'Wait for the end of the auction.'],
    invalid_royalty: ['The royalty is above 25 % or its denominator is 0.', 'Set a lower one.'],
    minting_paused: ['The admin has paused minting.', 'Wait until he resumes it.'],
    open_mint_closed: [
        'The collection has no open terms, or none for a name of this length.',
        'Ask the signer for an order, or take another name.',
    ],
    invalid_name: ['The name is not canonical.', 'Use 4 to 32 of a-z, 0-9 and single underscores, a letter first.'],
    nothing_proposed: ['No signer or admin has been proposed.', 'The admin has to propose first.'],
    record_too_large: ['A record takes at most 16 cells.', 'Shorten it.'],
    below_reserve: ['The attached value does not fill the item up to its reserve.', ATTACH_MORE],
    content_too_large: ['The content takes at most 12 cells.', 'Shorten it.'],
    not_topped_up: [
        'Before its first top-up the collection mints nothing and has no administration.',
        'Top it up once.',
    ],
    no_first_zero_byte: ['The subdomain does not start with a zero byte.', 'Put one before it.'],
};

/**
 * The key in `UsernameError` of an exit code; null if the code is none of the username contracts'.
 *
 * @example
 * ```ts
 * usernameErrorName(219); // => 'no_auction'
 * ```
 */
export function usernameErrorName(exitCode: number): keyof typeof UsernameError | null {
    return nameOf(UsernameError, exitCode);
}

/**
 * What an exit code of a username contract means to a person: `code` is its name, `shortMessage` what happened, `hint` what
 * to do. It takes the codes of the TVM too (`TvmError`), and the code of a failed getter (`exitCodeOf`); for any other
 * `code` is `unknown_exit_code`.
 *
 * @example
 * ```ts
 * const failure = await endedItem.getDnsResolve(Buffer.from('a'), 0n).catch((error: unknown) => error);
 * const { code, shortMessage, hint } = usernameError(exitCodeOf(failure)!);
 * code; // => 'no_first_zero_byte'
 * ```
 */
export function usernameError(exitCode: number, cause?: unknown): GramhouseError {
    return exitCodeError(UsernameError, USERNAME_TEXTS, exitCode, cause);
}
