// What the ad revenue contracts may cost, with the names and values of contracts/ads/gas.fc: gas units, cells, bits, seconds.
// Constants of a module and not keys of an object, because bundlers shorten their names.

export const PAY_GAS = 1640;
export const PAY_REST_GAS = 2140;
export const AUTO_PAYOUT_GAS = 1620;
export const WITHDRAW_GAS = 5590;
export const CLAIM_GAS = 7490;
export const BOUNCED_DRAW_GAS = 5550;
export const BOUNCED_FUND_GAS = 3470;
export const BIND_GAS = 9760;
export const SET_KEY_GAS = 10500;
export const FUND_GAS = 4040;
export const TAKE_GAS = 5570;
export const BOUNCED_REVENUE_GAS = 2750;
export const REFUND_GAS = 5720;
export const REVENUE_GAS = 4580;
export const DRAW_GAS = 5800;
export const REGISTER_GAS = 7690;
export const SWEEP_GAS = 6250;
export const SEND_KEY_GAS = 4000;
export const BOUNCED_BIND_GAS = 2810;
export const BOUNCED_TAKE_GAS = 2130;
export const ANSWER_REST_GAS = 1660;
export const DRAW_CELLS = 2;
export const DRAW_BITS = 1504;
export const BIND_CELLS = 46;
export const BIND_BITS = 20760;
export const KEY_CELLS = 1;
export const KEY_BITS = 544;
export const ACCOUNT_CELLS = 47;
export const ACCOUNT_BITS = 21720;
export const CAMPAIGN_CELLS = 18;
export const CAMPAIGN_BITS = 10300;
export const NETWORK_CELLS = 102;
export const NETWORK_BITS = 42620;
export const RESERVE_SECONDS = 315360000;
export const PAYOUTS_PER_THRESHOLD = 100;
