import { Address } from '@ton/core';

import {
    type AccountTransaction,
    type Cursor,
    type Fetch,
    historyOverV2,
    historyOverV3,
    historyOverV4,
    type HistorySource,
    readHistory,
    readTransactionV3,
    watchHistory,
} from '../../wrappers';
import { Random } from '../helpers/random';

const ACCOUNT = new Address(0, Buffer.alloc(32, 1));
const ids = (transactions: readonly Cursor[]): bigint[] => transactions.map(({ lt }) => lt);

/** A chain of so many transactions, oldest first. */
function chainOf(count: number, name = 'chain'): AccountTransaction[] {
    const chain: AccountTransaction[] = [];
    for (let index = 1; index <= count; index += 1) {
        chain.push({
            account: ACCOUNT,
            lt: BigInt(index * 1000),
            hash: new Random(`${name} ${index}`).bytes(32).toString('hex'),
            time: index,
            previous: chain.at(-1) ?? null,
            inMessage: null,
            outMessages: [],
            isSuccessful: true,
            exitCode: 0,
            skippedSends: 0,
        });
    }
    return chain;
}

/** A node that knows `chain()` and gives at most `most` of it at once. */
const sourceOf =
    (chain: () => readonly AccountTransaction[], most = 100): HistorySource =>
    (_account, from, limit) => {
        const newestFirst = [...chain()].reverse();
        const start = from ? newestFirst.findIndex(({ lt }) => lt <= from.lt) : 0;
        return Promise.resolve(start < 0 ? [] : newestFirst.slice(start, start + Math.min(limit, most)));
    };

async function take(count: number, stream: AsyncIterable<AccountTransaction>): Promise<AccountTransaction[]> {
    const taken: AccountTransaction[] = [];
    for await (const tx of stream) {
        taken.push(tx);
        if (taken.length >= count) {
            break;
        }
    }
    return taken;
}

describe('pages', () => {
    it.each([1, 2, 3, 7, 20, 1000])('of %d hold every transaction once, newest first', async (limit) => {
        const chain = chainOf(21);
        for (const most of [1, 5, 20, 100]) {
            const source = sourceOf(() => chain, most);
            const all: AccountTransaction[] = [];
            for (let before: Cursor | null = null; ;) {
                const page: AccountTransaction[] = await readHistory(source, ACCOUNT, { before, limit });
                expect(page.length).toBe(Math.min(limit, 21 - all.length));
                all.push(...page);
                before = page.at(-1) ?? before;
                if (page.length === 0 || page.at(-1)?.previous === null) {
                    break;
                }
            }
            expect(ids(all)).toEqual(ids([...chain].reverse()));
        }
    });

    it('of an account without transactions, and before its first, are empty', async () => {
        expect(
            await readHistory(
                sourceOf(() => []),
                ACCOUNT,
            ),
        ).toEqual([]);
        const chain = chainOf(3);
        expect(
            await readHistory(
                sourceOf(() => chain),
                ACCOUNT,
                { before: chain[0] },
            ),
        ).toEqual([]);
    });

    it('stay the same while new transactions come', async () => {
        const chain = chainOf(30);
        const [first, more] = [chain.slice(0, 20), chain];
        const page = await readHistory(
            sourceOf(() => first),
            ACCOUNT,
            { limit: 5 },
        );
        const next = await readHistory(
            sourceOf(() => more),
            ACCOUNT,
            { before: page.at(-1), limit: 5 },
        );
        expect(ids([...page, ...next])).toEqual(ids(chain.slice(10, 20).reverse()));
    });

    it('with a gap, of another chain or after an error are refused', async () => {
        const chain = chainOf(9);
        const other = chainOf(9, 'other');
        const cases: [HistorySource, Cursor | null][] = [
            [sourceOf(() => chain.filter(({ time }) => time !== 5)), null],
            [sourceOf(() => chain.filter(({ time }) => time > 3), 2), null],
            [sourceOf(() => other), chain[5]!],
            [sourceOf(() => []), chain[5]!],
            [() => Promise.reject(new Error('no route')), null],
        ];
        for (const [source, before] of cases) {
            await expect(readHistory(source, ACCOUNT, { before })).rejects.toMatchObject({
                name: 'GramhouseError',
                code: 'history_unavailable',
            });
        }
        await expect(readHistory(cases[4]![0], ACCOUNT)).rejects.toMatchObject({ cause: new Error('no route') });
        for (const limit of [0, -1, NaN]) {
            await expect(
                readHistory(
                    sourceOf(() => chain),
                    ACCOUNT,
                    { limit },
                ),
            ).rejects.toMatchObject({
                code: 'invalid_argument',
            });
        }
    });
});

describe('live', () => {
    it('gives each transaction once, oldest first, whatever the node does and whoever restarts', async () => {
        for (let run = 0; run < 25; run += 1) {
            const random = new Random(`live ${run}`);
            const chain = chainOf(30 + random.below(200));
            let known = random.below(3) ? random.below(20) : 0;
            const whole = sourceOf(() => chain.slice(0, known), 1 + random.below(50));
            const behind = sourceOf(() => chain.slice(0, Math.max(0, known - 1 - random.below(9))));
            const source: HistorySource = async (...args) => {
                const answer = await (random.below(5) ? whole : behind)(...args);
                known = Math.min(chain.length, known + random.below(12));
                switch (random.below(6)) {
                    case 0:
                        throw new Error('502');
                    case 1:
                        // Something is left out
                        return answer.filter((_, index) => index !== 1);
                    default:
                        return answer;
                }
            };
            const all: AccountTransaction[] = [];
            while (all.length < chain.length) {
                const after = all.at(-1) ?? null;
                const most = Math.min(1 + random.below(60), chain.length - all.length);
                all.push(...(await take(most, watchHistory(source, ACCOUNT, { after, interval: 0 }))));
            }
            expect(ids(all)).toEqual(ids(chain));
        }
    });

    it('ends with the signal, also while it waits for the node or for the time', async () => {
        const chain = chainOf(2);
        const never: HistorySource = () => new Promise(() => undefined);
        for (const [source, interval] of [
            [never, 0],
            [sourceOf(() => chain), 3_600_000],
        ] as const) {
            const abort = new AbortController();
            const seen: AccountTransaction[] = [];
            setTimeout(() => abort.abort(), 30);
            for await (const tx of watchHistory(source, ACCOUNT, { after: null, interval, signal: abort.signal })) {
                seen.push(tx);
            }
            expect(seen.length).toBe(source === never ? 0 : 2);
        }
        const abort = new AbortController();
        const all = watchHistory(
            sourceOf(() => chain),
            ACCOUNT,
            { after: null, signal: abort.signal },
        );
        expect((await all.next()).value).toBe(chain[0]);
        abort.abort();
        expect(await all.next()).toEqual({ done: true, value: undefined });
        const none = watchHistory(never, ACCOUNT, { after: null, signal: abort.signal });
        expect((await none.next()).done).toBe(true);
    });

    it('throws after as many failures in a row as the caller chose, silence included', async () => {
        const chain = chainOf(3);
        let asked = 0;
        const flaky: HistorySource = (...args) => {
            asked += 1;
            // One more transaction each time
            const known = chain.slice(0, asked / 3);
            return asked % 3 ? Promise.reject(new Error('502')) : sourceOf(() => known)(...args);
        };
        const patient = { after: null, interval: 0, maxFailures: 3 };
        expect(await take(3, watchHistory(flaky, ACCOUNT, patient))).toHaveLength(3);
        asked = 0;
        const hasty = take(3, watchHistory(flaky, ACCOUNT, { ...patient, maxFailures: 2 }));
        await expect(hasty).rejects.toMatchObject({ code: 'history_unavailable', cause: new Error('502') });
        expect(asked).toBe(2);
        const silent = watchHistory(() => new Promise(() => undefined), ACCOUNT, { ...patient, timeout: 1 });
        await expect(take(1, silent)).rejects.toMatchObject({ code: 'history_unavailable' });
    });

    it('refuses a cursor of another history at once', async () => {
        const [chain, other] = [chainOf(9), chainOf(9, 'other')];
        const far = { lt: 500n, hash: chain[0]!.hash };
        for (const after of [other[4]!, other[8]!, far]) {
            const stream = take(
                1,
                watchHistory(
                    sourceOf(() => chain),
                    ACCOUNT,
                    { after, interval: 0 },
                ),
            );
            await expect(stream).rejects.toMatchObject({ name: 'GramhouseError', code: 'unknown_cursor' });
        }
    });
});

describe('what is asked of the APIs', () => {
    const cursor = { lt: 7n, hash: 'ab'.repeat(32) };
    const base64 = Buffer.from(cursor.hash, 'hex').toString('base64');

    it('v2: at most 100 at once, and of a node with all history where it begins in the past', async () => {
        const asked: unknown[] = [];
        const source = historyOverV2({
            getTransactions: (_account, opts) => {
                asked.push(opts);
                return Promise.resolve([]);
            },
        });
        await source(ACCOUNT, null, 500);
        await source(ACCOUNT, cursor, 5);
        expect(asked).toEqual([{ limit: 100 }, { limit: 5, lt: '7', hash: base64, inclusive: true, archival: true }]);
    });

    it('v4: the newest from the last block', async () => {
        const asked: unknown[] = [];
        const source = (last: { lt: string; hash: string } | null) =>
            historyOverV4({
                getLastBlock: () => Promise.resolve({ last: { seqno: 5 } }),
                getAccountLite: (seqno) => Promise.resolve({ account: { last: seqno === 5 ? last : null } }),
                getAccountTransactions: (_account, lt, hash) => {
                    asked.push([lt, hash.toString('hex')]);
                    return Promise.resolve([]);
                },
            });
        await source(null)(ACCOUNT, null, 5);
        expect(asked).toEqual([]);
        await source({ lt: '9', hash: base64 })(ACCOUNT, null, 5);
        await source(null)(ACCOUNT, cursor, 5);
        expect(asked).toEqual([
            [9n, cursor.hash],
            [7n, cursor.hash],
        ]);
    });

    it('v3: the address, the key and errors', async () => {
        const asked: unknown[] = [];
        const answer =
            (status: number, json: unknown): Fetch =>
            (url, { headers }) => {
                asked.push([url, headers]);
                return Promise.resolve({ ok: status === 200, status, json: () => Promise.resolve(json) });
            };
        const endpoint = 'https://node.example/api/v3/';
        await historyOverV3({ endpoint, fetch: answer(200, { transactions: [] }) })(ACCOUNT, null, 5000);
        await historyOverV3({ endpoint, apiKey: 'k', fetch: answer(200, { transactions: [] }) })(ACCOUNT, cursor, 5);
        const account = `account=0%3A${'01'.repeat(32)}`;
        expect(asked).toEqual([
            [`https://node.example/api/v3/transactions?${account}&limit=1000&sort=desc`, {}],
            [`https://node.example/api/v3/transactions?${account}&limit=5&sort=desc&end_lt=7`, { 'X-API-Key': 'k' }],
        ]);
        for (const fetch of [answer(429, {}), answer(200, { transactions: [{}] }), answer(200, null)]) {
            const source = historyOverV3({ endpoint, fetch });
            await expect(readHistory(source, ACCOUNT)).rejects.toMatchObject({ code: 'history_unavailable' });
        }
        expect(() => readTransactionV3({ lt: 5 })).toThrow('This is not a transaction of API v3.');
    });
});
