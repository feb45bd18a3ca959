import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { faultsOf, type Unreachable } from './gate';
import { HITS_DIRECTORY, readHits } from './hits';
import { measure } from './measure';
import { htmlReport, lcovReport, listingOf, textReport } from './report';

// Runs the contracts' specs, and reports which lines of FunC and which instructions of the code they reach: as text here, in
// build/coverage/ as HTML and LCOV with the listings. Fails on what was not reached and is not in bench/coverage-unreachable.json, and on entries
// of that which were. `--report` reports on the last run without running the specs again.

const root = join(__dirname, '..', '..');
const output = join(root, 'build', 'coverage');

async function main(): Promise<void> {
    if (!process.argv.includes('--report')) {
        rmSync(HITS_DIRECTORY, { recursive: true, force: true });
        const jest = join(root, 'node_modules', 'jest', 'bin', 'jest.js');
        const config = join(__dirname, 'jest.config.ts');
        const { status } = spawnSync(process.execPath, [jest, '-c', config], { cwd: root, stdio: 'inherit' });
        if (status !== 0) {
            throw new Error('A test failed: there is no coverage without it.');
        }
    }
    const coverage = await measure(readHits());
    mkdirSync(output, { recursive: true });
    writeFileSync(join(output, 'index.html'), htmlReport(coverage));
    for (const code of coverage.codes) {
        writeFileSync(join(output, `${code.contract}.code`), listingOf(code));
    }
    writeFileSync(join(output, 'lcov.info'), lcovReport(coverage));
    process.stdout.write(`\n${textReport(coverage)}`);
    const unreachable = JSON.parse(
        readFileSync(join(root, 'bench', 'coverage-unreachable.json'), 'utf8'),
    ) as Unreachable[];
    const faults = faultsOf(coverage, unreachable);
    if (faults.length > 0) {
        throw new Error(`bench/coverage-unreachable.json does not fit:\n${faults.join('\n')}`);
    }
}

main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
