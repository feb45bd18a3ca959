import type { Address, Transaction } from '@ton/core';
import { GramhouseError } from './errors';
import type { AccountTransaction, Cursor } from './transactions';
import { base64ToHex, readTransaction, readTransactionV3 } from './transactions';

/**
 * Where an account's transactions come from: newest first, from `from` on, which is the first of them, or from the newest;
 * about `limit` of them, and none only if there is none.
 */
export type HistorySource = (account: Address, from: Cursor | null, limit: number) => Promise<AccountTransaction[]>;

/** What of `TonClient` (API v2) is used. */
export type HistoryClientV2 = {
    getTransactions(
        account: Address,
        opts: { limit: number; lt?: string; hash?: string; inclusive?: boolean; archival?: boolean },
    ): Promise<Transaction[]>;
};

/** What of `TonClient4` (API v4) is used. */
export type HistoryClientV4 = {
    getLastBlock(): Promise<{ last: { seqno: number } }>;
    getAccountLite(
        seqno: number,
        account: Address,
    ): Promise<{ account: { last: { lt: string; hash: string } | null } }>;
    getAccountTransactions(account: Address, lt: bigint, hash: Buffer): Promise<{ tx: Transaction }[]>;
};

/** What of the platform's `fetch` is used. */
export type Fetch = (
    url: string,
    init: { headers: Record<string, string> },
) => Promise<{ ok: boolean; status: number; json(): Promise<unknown> }>;

/** toncenter gives no more at once: of v2 and of v3. */
const MAX_LIMIT_V2 = 100;
const MAX_LIMIT_V3 = 1000;
/** A wait after failures grows no longer than this, unless the interval is longer. Milliseconds. */
const MAX_BACKOFF = 30_000;

/**
 * History over API v2: a `TonClient`, or whatever has its `getTransactions`.
 *
 * @example
 * ```ts
 * const page = await readHistory(historyOverV2(client), item.address, { limit: 10 });
 * page.flatMap(itemEvents).map(({ type }) => type); // => ['bid', 'outbid', 'minted']
 * ```
 */
export function historyOverV2(client: HistoryClientV2): HistorySource {
    return async (account, from, limit) => {
        const start = from && {
            lt: from.lt.toString(),
            hash: hashBytes(from.hash).toString('base64'),
            inclusive: true,
            // Other nodes keep the last days only
            archival: true,
        };
        const opts = { limit: Math.min(limit, MAX_LIMIT_V2), ...start };
        return (await client.getTransactions(account, opts)).map(readTransaction);
    };
}

/**
 * History over API v4: a `TonClient4`, or whatever has these three of its methods. It gives 20 transactions at a time.
 *
 * @example
 * ```ts
 * const page = await readHistory(historyOverV4(client4), item.address, { limit: 1 });
 * page.flatMap(itemEvents).map(({ type }) => type); // => ['bid', 'outbid']
 * ```
 */
export function historyOverV4(client: HistoryClientV4): HistorySource {
    return async (account, from) => {
        let start = from;
        if (!start) {
            const { last } = await client.getLastBlock();
            const newest = (await client.getAccountLite(last.seqno, account)).account.last;
            start = newest && { lt: BigInt(newest.lt), hash: base64ToHex(newest.hash) };
        }
        if (!start) {
            return [];
        }
        const found = await client.getAccountTransactions(account, start.lt, hashBytes(start.hash));
        return found.map(({ tx }) => readTransaction(tx));
    };
}

/**
 * History over API v3: `endpoint` is for example `https://toncenter.com/api/v3`.
 *
 * @example
 * ```ts
 * const source = historyOverV3({ endpoint: 'https://toncenter.com/api/v3', apiKey: 'yours' });
 * const page = await readHistory(source, item.address);
 * ```
 */
export function historyOverV3({
    endpoint,
    apiKey,
    fetch = globalThis.fetch,
}: {
    endpoint: string;
    apiKey?: string;
    /** The platform's, unless told. */
    fetch?: Fetch;
}): HistorySource {
    return async (account, from, limit) => {
        const query = [
            `account=${encodeURIComponent(account.toRawString())}`,
            `limit=${Math.min(limit, MAX_LIMIT_V3)}`,
            'sort=desc',
            ...(from ? [`end_lt=${from.lt}`] : []),
        ].join('&');
        const headers: Record<string, string> = apiKey ? { 'X-API-Key': apiKey } : {};
        const response = await fetch(`${endpoint.replace(/\/+$/, '')}/transactions?${query}`, { headers });
        if (!response.ok) {
            throw new GramhouseError('history_unavailable', `The API answers with the status ${response.status}.`);
        }
        const { transactions } = (await response.json()) as { transactions: unknown[] };
        return transactions.map(readTransactionV3);
    };
}

/**
 * A page of an account's history, newest first: the last `limit` transactions (20 unless told), or those before `before`,
 * which is the last of the page before. The account's first transaction has `previous` null. Each is checked to be the one
 * that the one after it names, so no page has a gap or a double.
 *
 * Throws `history_unavailable` where the source fails (its error is the cause) or leaves something out, `invalid_argument`
 * for a limit below 1.
 *
 * @example
 * ```ts
 * const source = historyOverV2(client);
 * const [newest] = await readHistory(source, item.address, { limit: 1 });
 * const older = await readHistory(source, item.address, { before: newest });
 * older.flatMap(itemEvents).map(({ type }) => type); // => ['minted']
 * ```
 */
export async function readHistory(
    source: HistorySource,
    account: Address,
    { before = null, limit = 20 }: { before?: Cursor | null; limit?: number } = {},
): Promise<AccountTransaction[]> {
    if (!(limit >= 1)) {
        throw new GramhouseError('invalid_argument', `${limit} is no number of transactions.`);
    }
    const page: AccountTransaction[] = [];
    try {
        for await (const tx of walkBack(source, account, before, before ? limit + 1 : limit)) {
            page.push(tx);
            if (page.length >= limit) {
                break;
            }
        }
    } catch (cause) {
        throw unavailable(account, cause);
    }
    return page;
}

/** How `watchHistory` works. */
export type WatchOpts = {
    /** The last transaction that was seen; null: all from the account's first on. */
    after: Cursor | null;
    /** Ends it, also while it waits. */
    signal?: AbortSignal;
    /** Milliseconds between two looks, 2000 unless told; each failure doubles it, up to half a minute. */
    interval?: number;
    /** Milliseconds after which an answer counts as a failure, 15000 unless told. */
    timeout?: number;
    /** How many failures in a row end it; it goes on for ever unless told. */
    maxFailures?: number;
};

/**
 * An account's transactions as they come, oldest first, each once. Started again with `after` the last one that was handled,
 * or an event of it, it goes on where it was. A node that fails, or is behind, is asked again.
 *
 * Throws `history_unavailable` after `maxFailures` (the last error is the cause), `unknown_cursor` where the account's history
 * does not hold `after`: it is another account's, or another network's.
 *
 * @example
 * ```ts
 * const source = historyOverV2(client);
 * for await (const tx of watchHistory(source, item.address, { after: null })) {
 *     itemEvents(tx)[0]?.type; // => 'minted'
 *     break;
 * }
 * ```
 */
export async function* watchHistory(
    source: HistorySource,
    account: Address,
    { after, signal, interval = 2000, timeout = 15_000, maxFailures = Infinity }: WatchOpts,
): AsyncGenerator<AccountTransaction, void, undefined> {
    const bounded: HistorySource = (...args) => within(timeout, source(...args), signal);
    let last = after;
    let failures = 0;
    while (!signal?.aborted) {
        let fresh: AccountTransaction[] = [];
        try {
            fresh = await readSince(bounded, account, last);
            failures = 0;
        } catch (cause) {
            if (cause instanceof GramhouseError && cause.code === 'unknown_cursor') {
                throw cause;
            }
            failures += 1;
            if (failures >= maxFailures && !signal?.aborted) {
                throw unavailable(account, cause);
            }
        }
        for (const tx of fresh.reverse()) {
            if (signal?.aborted) {
                return;
            }
            last = tx;
            yield tx;
        }
        const wait = Math.max(interval, Math.min(interval * 2 ** failures, MAX_BACKOFF));
        await within(wait, new Promise<never>(() => undefined), signal).catch(() => undefined);
    }
}

/** Newest first: what came after `last`, down to the account's first without it. None where the node is behind. */
async function readSince(source: HistorySource, account: Address, last: Cursor | null): Promise<AccountTransaction[]> {
    const fresh: AccountTransaction[] = [];
    for await (const tx of walkBack(source, account, null, MAX_LIMIT_V2)) {
        if (last && tx.lt <= last.lt) {
            if (isSame(tx, last) || (tx.lt < last.lt && fresh.length === 0)) {
                return fresh;
            }
            throw unknownCursor(account, last);
        }
        fresh.push(tx);
    }
    if (last && fresh.length > 0) {
        throw unknownCursor(account, last);
    }
    return fresh;
}

/** Newest first, from the one before `before`, or from the newest, to the account's first. */
async function* walkBack(
    source: HistorySource,
    account: Address,
    before: Cursor | null,
    limit: number,
): AsyncGenerator<AccountTransaction, void, undefined> {
    let expected = before;
    do {
        const found = await source(account, expected, limit);
        if (found.length === 0 && expected) {
            throw gap(account, expected);
        }
        for (const tx of found) {
            if (expected && !isSame(tx, expected)) {
                throw gap(account, expected);
            }
            if (!before || !isSame(tx, before)) {
                yield tx;
            }
            expected = tx.previous;
        }
    } while (expected);
}

const isSame = (a: Cursor, b: Cursor): boolean => a.lt === b.lt && a.hash === b.hash;
const hashBytes = (hash: string): Buffer => Buffer.from(hash, 'hex');

const gap = (account: Address, { lt, hash }: Cursor): GramhouseError =>
    new GramhouseError('history_unavailable', `${account.toString()}: the transaction ${lt} ${hash} is left out.`);

const unknownCursor = (account: Address, { lt, hash }: Cursor): GramhouseError =>
    new GramhouseError('unknown_cursor', `${account.toString()} has no transaction ${lt} ${hash}.`);

const unavailable = (account: Address, cause: unknown): GramhouseError =>
    cause instanceof GramhouseError && cause.code === 'history_unavailable'
        ? cause
        : new GramhouseError('history_unavailable', `The history of ${account.toString()} could not be read.`, {
              hint: 'Try again, or ask another node.',
              cause,
          });

/** The outcome of `work`; an error if it takes longer, or when the signal comes. */
function within<T>(milliseconds: number, work: Promise<T>, signal?: AbortSignal): Promise<T> {
    return new Promise((resolve, reject) => {
        const giveUp = (): void => done(() => reject(new Error(`no answer in ${milliseconds} ms`)));
        const timer = setTimeout(giveUp, milliseconds);
        const done = (finish: () => void): void => {
            clearTimeout(timer);
            signal?.removeEventListener('abort', giveUp);
            finish();
        };
        signal?.addEventListener('abort', giveUp);
        if (signal?.aborted) {
            giveUp();
        }
        work.then(
            (value) => done(() => resolve(value)),
            (error: Error) => done(() => reject(error)),
        );
    });
}
