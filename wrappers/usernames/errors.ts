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
    wrong_workchain: 333,
    no_first_zero_byte: 413,
} as const;

/** The key in `UsernameError` of an exit code; null if the code is none of the username contracts'. */
export function usernameErrorName(exitCode: number): keyof typeof UsernameError | null {
    const names = Object.keys(UsernameError) as (keyof typeof UsernameError)[];
    return names.find((name) => UsernameError[name] === exitCode) ?? null;
}
