import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';

/** What each spec of the run had read by the schema. */
export const COUNTS = join(__dirname, '../../build/read');

/** Jest's globalTeardown: prints what the schema read in all specs, less what ran in processes of their own. */
export default function printCounts(): void {
    if (!existsSync(COUNTS)) {
        return;
    }
    const sum = { messages: 0, cells: 0 };
    for (const file of readdirSync(COUNTS)) {
        const { messages, cells } = JSON.parse(readFileSync(join(COUNTS, file), 'utf8')) as typeof sum;
        sum.messages += messages;
        sum.cells += cells;
    }
    rmSync(COUNTS, { recursive: true });
    process.stderr.write(`Schema:      ${sum.messages} messages and ${sum.cells} storage cells read to the last bit\n`);
}
