import { nameOf } from '../common/cells';

/** Op codes of the username contracts, with the keys of contracts/usernames/ops.fc; contracts/schema/usernames.tlb has the layouts. */
export const UsernameOp = {
    comment: 0,
    encrypted_comment: 0x2167da4b,

    mint: 0x4637289a,
    mint_v2: 0x4637289b,
    open_mint: 0x7c4df59b,
    set_paused: 0x745e1508,
    set_terms: 0x5af284c8,
    set_royalty: 0x2292dba0,
    propose_signer: 0x721d3609,
    accept_signer: 0x655515db,
    propose_admin: 0x4d12e1a1,
    accept_admin: 0x328f703f,
    renounce_admin: 0x338ae5a0,

    item_deploy: 0x299a3e15,
    place_bid: 0x03e192dd,
    settle: 0x72306556,
    start_auction: 0x487a8e81,
    cancel_auction: 0x371638ae,
    change_dns_record: 0x4eb1f0f9,
    transfer: 0x5fcc3d14,
    get_static_data: 0x2fcb26a2,
    get_royalty_params: 0x693d3950,

    outbid: 0x557cea20,
    return_bid: 0xa43227e1,
    payout: 0x370fec51,
    ok: 0xa37a0983,
    ownership_assigned: 0x05138d91,
    sale_info: 0x38127de1,
    excesses: 0xd53276db,
    report_static_data: 0x8b771735,
    report_royalty_params: 0xa8cb00ad,
} as const;

/**
 * The key in `UsernameOp` of an op code; null if the code is none of the username contracts'.
 *
 * @example
 * ```ts
 * usernameOpName(UsernameOp.settle); // => 'settle'
 * usernameOpName(1); // => null
 * ```
 */
export function usernameOpName(op: number): keyof typeof UsernameOp | null {
    return nameOf(UsernameOp, op);
}

/** Tags of signed texts, with the keys of contracts/usernames/ops.fc. No message carries them as an op. */
export const MessageTag = {
    mint_order: 0x326c265d,
    signer_acceptance: 0x37675ef4,
} as const;
