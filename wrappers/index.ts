export type { QueryOpts, SendOpts } from './common/contract';
export * from './common/errors';
export * from './common/prices';
export * from './usernames';
