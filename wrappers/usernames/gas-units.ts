// What the username contracts may cost, with the names and values of contracts/usernames/gas.fc: gas units, cells, bits, seconds.
// Constants of a module and not keys of an object, because bundlers shorten their names.

export const OUTBID_GAS = 8192;
export const SETTLE_GAS = 7600;
export const BUY_NOW_GAS = 16100;
export const TRANSFER_REST_GAS = 1700;
export const MINT_GAS = 36200;
export const FILL_RESERVE_REST_GAS = 2300;
export const THIRD_OF_NOTICE_BITS = 166;
export const DEPLOY_CELLS = 72;
export const DEPLOY_BITS = 45400;
export const ITEM_CELLS = 72;
export const ITEM_BITS = 45000;
export const YEAR_SECONDS = 31536000;
export const RESERVE_SECONDS = 315360000;
