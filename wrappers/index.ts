// The order of the modules in a bundle: what is alike in both halves lies close together, and gzip finds it there.
import './ads/gas';
import './usernames/gas';
import './ads/errors';
import './usernames/errors';
import './ads/AdNetwork';
import './ads/Campaign';
import './ads/ChannelAccount';
import './usernames/UsernameItem';
import './usernames/UsernameCollection';
import './ads/checks';
import './usernames/checks';
import './ads/settlement';
import './usernames/orders';
import './common/ton-connect';
import './common/history';
import './ads/events';
import './usernames/events';

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
