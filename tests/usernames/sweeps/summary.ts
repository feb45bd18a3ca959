import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

import printCounts from '../../helpers/teardown';

/** Where the counts of each part wait for the end of the run. */
export const COUNTS = join(__dirname, '..', '..', '..', 'build', 'sweeps');

/** `lost`: nanotons, as a decimal number. */
export type Count = { part: string; prices: string; cases: number; broken: number; lost: string };

/** A run of fewer cases has left something out. */
const LEAST_CASES = 190_000;

/** Jest's globalTeardown of `npm run sweeps`: the counts as a table, and as one line of JSON. Throws for too few cases, a law broken or a coin lost. */
export default function summarize(): void {
    printCounts();
    const files = existsSync(COUNTS) ? readdirSync(COUNTS) : [];
    const counts = files.map((file) => JSON.parse(readFileSync(join(COUNTS, file), 'utf8')) as Count);
    rmSync(COUNTS, { recursive: true, force: true });
    const cases = counts.reduce((sum, count) => sum + count.cases, 0);
    const lost = counts.reduce((sum, count) => sum + BigInt(count.lost), 0n);
    const broken = counts.reduce((sum, count) => sum + count.broken, 0);
    const row = (part: string, prices: string, cases: string, broken: string, lost: string): string =>
        `${part.padEnd(28)}${prices.padEnd(22)}${cases.padStart(10)}${broken.padStart(14)}${lost.padStart(16)}\n`;
    const number = (count: number): string => count.toLocaleString('en');
    process.stdout.write(
        [
            `\n${row('Sweep', 'Prices', 'Cases', 'Laws broken', 'Nanotons lost')}`,
            ...counts.map((count) =>
                row(count.part, count.prices, number(count.cases), number(count.broken), count.lost),
            ),
            row('all', '', number(cases), number(broken), lost.toString()),
            `${JSON.stringify({ sweeps: { cases, broken, lost: lost.toString(), parts: counts } })}\n`,
        ].join(''),
    );
    if (broken > 0 || lost > 0n || cases < LEAST_CASES) {
        throw new Error(`${broken} laws broken, ${lost} nanotons lost, and ${cases} cases of at least ${LEAST_CASES}`);
    }
}
