import { nameOf } from '../common/cells';

/** Op codes of the ad revenue contracts, with the keys of contracts/ads/ops.fc; contracts/schema/ads.tlb has the layouts. */
export const AdsOp = {
    comment: 0,
    encrypted_comment: 0x2167da4b,
    pay: 0x4ca18981,

    claim: 0x3706469c,
    withdraw: 0x184032a4,
    sweep: 0x18448a89,
    sync_key: 0x1940bf20,
    set_auto_payout: 0x1aaf893d,
    rebind: 0x1dd1dc87,
    accept_rebind: 0x4e48a152,
    reinvest: 0x258cb9d9,
    bind: 0x732e12c9,
    set_voucher_key: 0x42869b2c,

    fund: 0x6970df8a,
    stop: 0x0cb4f72c,
    refund: 0x078f11c4,
    take: 0x023f8fe1,

    revenue: 0x10f410ef,
    platform_share: 0x1526364d,
    draw: 0x45105c95,
    get_voucher_key: 0x0c986100,
    register: 0x72672d2e,
    charge: 0x09c8a1a8,
    announce_operator: 0x3cc03921,
    announce_voucher_key: 0x2e0a2b9a,
    announce_treasury: 0x3ea2a890,
    propose_admin: 0x4d12e1a1,
    accept_admin: 0x328f703f,
    renounce_admin: 0x338ae5a0,

    owner_payout: 0x73e8bd2b,
    voucher_payout: 0x47f6c06c,
    treasury_payout: 0x290cb6e2,
    advertiser_refund: 0x1a71285c,
    return_value: 0x5cfccc2f,
    excesses: 0xd53276db,
} as const;

/**
 * The key in `AdsOp` of an op code; null if the code is none of the ad revenue contracts'.
 *
 * @example
 * ```ts
 * adsOpName(AdsOp.claim); // => 'claim'
 * adsOpName(1); // => null
 * ```
 */
export function adsOpName(op: number): keyof typeof AdsOp | null {
    return nameOf(AdsOp, op);
}

/** Tags of signed texts, with the keys of contracts/ads/ops.fc. No message carries them as an op. */
export const AdsTag = {
    voucher_text: 0x22da1f08,
    certificate_text: 0x1425d43a,
} as const;
