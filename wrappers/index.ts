export * from './ads';
export type { QueryOpts, SendOpts } from './common/contract';
export * from './common/errors';
export * from './common/prices';
export type { Signer } from './common/signing';
export * from './usernames';
