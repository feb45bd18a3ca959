export * from './ads';
export type { Account, Problem, Sending } from './common/checks';
export {
    CUSTODIANS,
    readAccount,
    recipientProblems,
    WALLET_CODE_HASHES,
    walletFee,
    walletProblems,
} from './common/checks';
export { exitCodeOf } from './common/contract';
export type { QueryOpts, SendOpts } from './common/contract';
export * from './common/errors';
export { TvmError, tvmErrorName } from './common/exit-codes';
export * from './common/history';
export * from './common/prices';
export type { Signer } from './common/signing';
export * from './common/ton-connect';
export { readTransaction, readTransactionV3 } from './common/transactions';
export type {
    AccountMessage,
    AccountTransaction,
    Cursor,
    EventPlace,
    RejectedEvent,
    ToppedUpEvent,
} from './common/transactions';
export * from './usernames';
