import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

// Holds docs/guarantees.md and docs/peers.md to the results of `npm test -- --json --outputFile=build/test-results.json`.

const root = join(__dirname, '..');
const RESULTS = 'build/test-results.json';
const DOCS = ['docs/guarantees.md', 'docs/peers.md'];
const COLUMN = 'Shown by';
const BETWEEN = ' › ';

type Results = {
    testResults: {
        name: string;
        assertionResults: { ancestorTitles: string[]; title: string; status: string }[];
    }[];
};

/** The full title of each test, its file first and below tests/, with its status. */
function readResults(): Map<string, string> {
    const path = join(root, RESULTS);
    if (!existsSync(path)) {
        throw new Error(`${RESULTS} is not there: npm test -- --json --outputFile=${RESULTS}`);
    }
    const { testResults } = JSON.parse(readFileSync(path, 'utf8')) as Results;
    const titles = new Map<string, string>();
    for (const { name, assertionResults } of testResults) {
        const file = name.slice(name.lastIndexOf('/tests/') + '/tests/'.length);
        for (const { ancestorTitles, title, status } of assertionResults) {
            titles.set([file, ...ancestorTitles, title].join(BETWEEN), status);
        }
    }
    return titles;
}

/** What a page says is shown, and by which tests. */
export function claimsOf(page: string): { claim: string; test: string }[] {
    const claims: { claim: string; test: string }[] = [];
    let isTable = false;
    for (const line of page.split('\n')) {
        const cells = line.split('|').slice(1, -1);
        if (cells.length === 0 || cells.at(-1)?.trim() === COLUMN) {
            isTable = cells.length > 0;
        } else if (isTable && !/^[\s|:-]+$/.test(line)) {
            const test = /^`([^`]+)`$/.exec(cells.at(-1)?.trim() ?? '')?.[1];
            claims.push({ claim: cells.slice(0, -1).join(' ').replace(/\s+/g, ' ').trim(), test: test ?? '' });
        }
    }
    return claims;
}

/** What is wrong with a claim, by the status of each test; null if it holds. */
export function faultOf(test: string, titles: ReadonlyMap<string, string>): string | null {
    const named = [...titles].filter(([title]) => title.startsWith(test));
    if (test === '' || named.length === 0) {
        return `no test is called ${JSON.stringify(test)}`;
    }
    const failed = named.find(([, status]) => status !== 'passed');
    return failed ? `${failed[0]} is ${failed[1]}` : null;
}

function main(): void {
    const titles = readResults();
    let count = 0;
    let faults = 0;
    for (const path of DOCS) {
        for (const { claim, test } of claimsOf(readFileSync(join(root, path), 'utf8'))) {
            count += 1;
            const fault = faultOf(test, titles);
            if (fault !== null) {
                faults += 1;
                process.stderr.write(`${path}: "${claim}": ${fault}\n`);
            }
        }
    }
    process.stdout.write(`${count - faults} of ${count} claims are shown by tests that passed.\n`);
    process.exitCode = faults > 0 || count === 0 ? 1 : 0;
}

if (require.main === module) {
    main();
}
