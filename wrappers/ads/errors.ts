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

/** The key in `AdsError` of an exit code; null if the code is none of the ad revenue contracts'. */
export function adsErrorName(exitCode: number): keyof typeof AdsError | null {
    const names = Object.keys(AdsError) as (keyof typeof AdsError)[];
    return names.find((name) => AdsError[name] === exitCode) ?? null;
}
