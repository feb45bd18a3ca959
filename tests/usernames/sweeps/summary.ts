import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import printCounts from '../../helpers/teardown';

/** Where the counts of each part wait for the end of the run. */
export const COUNTS = join(__dirname, '..', '..', '..', 'build', 'sweeps');

/** `lost`: nanotons, as a decimal number. */
export type Count = { part: string; prices: string; cases: number; lost: string };

/** A run of fewer cases has left something out. */
const LEAST_CASES = 150_000;

/** Jest's globalTeardown of `npm run sweeps`: the counts as a table, and as one line of JSON. Throws for too few cases, or a coin lost. */
export default function summarize(): void {
    printCounts();
    const files = existsSync(COUNTS) ? readdirSync(COUNTS) : [];
    const counts = files.map((file) => JSON.parse(readFileSync(join(COUNTS, file), 'utf8')) as Count);
    rmSync(COUNTS, { recursive: true, force: true });
    const cases = counts.reduce((sum, count) => sum + count.cases, 0);
    const lost = counts.reduce((sum, count) => sum + BigInt(count.lost), 0n);
    const row = (part: string, prices: string, cases: number, lost: string): string =>
        `${part.padEnd(12)}${prices.padEnd(22)}${cases.toLocaleString('en').padStart(10)}${lost.padStart(18)}\n`;
    process.stdout.write(
        [
            `\n${'Sweep'.padEnd(12)}${'Prices'.padEnd(22)}${'Cases'.padStart(10)}${'Nanotons lost'.padStart(18)}\n`,
            ...counts.map((count) => row(count.part, count.prices, count.cases, count.lost)),
            row('all', '', cases, lost.toString()),
            `${JSON.stringify({ sweeps: { cases, lost: lost.toString(), parts: counts } })}\n`,
        ].join(''),
    );
    if (lost > 0n || cases < LEAST_CASES) {
        throw new Error(`${lost} nanotons lost, and ${cases} cases of at least ${LEAST_CASES}`);
    }
}
