import { rmSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';

import compileAll, { type ContractName, contracts } from '../compilables/compile';
import { FuncProgram, readFuncFiles } from './func-source';
import equivalent from './mutation/equivalent.json';
import { allMutants, keyOf, type Mutant, type MutantKey, nameOf, shuffled } from './mutation/mutants';
import { isReal, type Result, Run } from './mutation/run';
import { State } from './mutation/state';

const USAGE = `npm run mutation -- [options]: makes one mistake after the other in the contracts and runs their tests
  --sample N      only so many mutants, chosen by --seed S (1)
  --only F:L      only those of a file, or of a line of it
  --contract C    only those of the files that this contract is compiled from
  --listed        also those that tools/mutation/equivalent.json names, to see that no test kills them
  --fresh         forgets build/mutation.jsonl, with which a run that was stopped goes on
  --write         writes the result into bench/mutation.json
  --workers N     processes (${availableParallelism()})`;

/** At least so many of all mutants must be killed. */
const SCORE = 0.95;

const root = join(__dirname, '..');
const statePath = join(root, 'build', 'mutation.jsonl');
const reportPath = join(root, 'bench', 'mutation.json');

/** Mutants that no test can tell from the contract, with the reason. */
const EQUIVALENT = equivalent as (MutantKey & { reason: string })[];
const LISTED = new Set(EQUIVALENT.map(keyOf));

const names = Object.keys(contracts) as ContractName[];

function options() {
    const { values } = parseArgs({
        options: {
            sample: { type: 'string' },
            seed: { type: 'string', default: '1' },
            only: { type: 'string' },
            contract: { type: 'string' },
            listed: { type: 'boolean', default: false },
            fresh: { type: 'boolean', default: false },
            write: { type: 'boolean', default: false },
            workers: { type: 'string', default: String(availableParallelism()) },
            help: { type: 'boolean', default: false },
        },
    });
    return values;
}

/** The contracts whose code has something of what a mutant changes. */
function contractsByMutant(): (mutant: Mutant) => ContractName[] {
    const files = readFuncFiles(root);
    const programs = names.map((name) => {
        const program = new FuncProgram(files, contracts[name].targets[0]!);
        const reached = new Set([...program.reachable()].map(({ name }) => name));
        return { name, paths: program.files.map(({ path }) => path), reached };
    });
    return ({ file, inside }) =>
        programs
            .filter(({ paths, reached }) => paths.includes(file) && (inside === 'asm' || reached.has(inside)))
            .map(({ name }) => name);
}

const print = (line: string): void => void process.stdout.write(`${line}\n`);
const minutes = (milliseconds: number): string => `${(milliseconds / 60_000).toFixed(1)} min`;

/** The result, for those who do not run it. `chosen`: of how many mutants these were to be. */
function writeReport({ results }: Run, chosen: string): void {
    const count = (...is: string[]): number => results.filter(({ outcome }) => is.includes(outcome.is)).length;
    const real = results.filter(isReal).length;
    const seconds = results.reduce((sum, { outcome }) => sum + (outcome.milliseconds ?? 0), 0) / 1000;
    const survived = results
        .filter(({ outcome }) => outcome.is === 'survived')
        .map(({ mutant }) => ({
            mutant: nameOf(mutant),
            reason: EQUIVALENT.find((entry) => keyOf(entry) === keyOf(mutant))?.reason ?? null,
        }));
    const figures = {
        chosen,
        tried: results.length,
        doNotCompile: count('invalid'),
        sameCode: count('equal'),
        real,
        killed: count('killed', 'hung'),
        percentKilled: Number(((100 * count('killed', 'hung')) / real).toFixed(1)),
        processorMinutes: Number((seconds / 60).toFixed(1)),
        survived,
    };
    writeFileSync(reportPath, `${JSON.stringify(figures, null, 4)}\n`);
}

/** Says what came of a run, and whether all is well. `untried`: the listed mutants, which are not killed either. */
function report(run: Run, untried: number, isWhole: boolean): boolean {
    const of = (...is: string[]) => run.results.filter(({ outcome }) => is.includes(outcome.is));
    const killed = of('killed', 'hung');
    const real = run.results.filter(isReal).length + untried;
    const survivors = of('survived').filter(({ mutant }) => !LISTED.has(keyOf(mutant)));
    const listed = killed.filter(({ mutant }) => LISTED.has(keyOf(mutant)));
    print(`${of('invalid').length} do not compile, ${of('equal').length} compile to code that was there already`);
    print(
        `${real} are real: ${of('killed').length} killed, ${of('hung').length} killed because a test did not end, ` +
            `${real - killed.length} not (${((100 * killed.length) / real).toFixed(1)} % killed)`,
    );
    const seconds = (results: readonly Result[]): string =>
        (
            results.reduce((sum, { outcome }) => sum + (outcome.milliseconds ?? 0), 0) /
            1000 /
            Math.max(1, results.length)
        ).toFixed(1);
    print(
        `Processor time: ${seconds(killed)} s for one that is killed, ${seconds(of('survived'))} s for one that is not`,
    );
    survivors.forEach(({ mutant }) => print(`survived and not listed: ${nameOf(mutant)}\n    ${mutant.source}`));
    listed.forEach(({ mutant, outcome }) =>
        print(`listed and killed by ${outcome.killer?.spec}, ${outcome.killer?.test}: ${nameOf(mutant)}`),
    );
    return survivors.length + listed.length === 0 && (!isWhole || killed.length / real >= SCORE);
}

async function main(): Promise<void> {
    const { sample, seed, only, contract, listed, fresh, write, workers, help } = options();
    const limit = sample === undefined ? Infinity : Number(sample);
    const contractsOf = contractsByMutant();
    const all = allMutants(root);
    const queue = all.filter(
        (mutant) =>
            (only === undefined || only === mutant.file || only === `${mutant.file}:${mutant.line}`) &&
            (contract === undefined || contractsOf(mutant).some((name) => name === contract)) &&
            (listed || !LISTED.has(keyOf(mutant))),
    );
    if (help || queue.length === 0 || !(limit >= 1) || !(Number(workers) >= 1)) {
        print(USAGE);
        process.exitCode = help ? 0 : 2;
        return;
    }
    if (fresh) {
        rmSync(statePath, { force: true });
    }
    await compileAll();
    const present = new Set(all.map(keyOf));
    const stale = EQUIVALENT.filter((entry) => !present.has(keyOf(entry)));
    stale.forEach(({ file, mutation, source }) => print(`listed and not there: ${file} ${mutation}\n    ${source}`));

    const state = new State(root, statePath);
    const total = Math.min(queue.length, limit);
    const known = queue.filter((mutant) => state.outcomes.has(keyOf(mutant))).length;
    print(`${all.length} mutants, ${EQUIVALENT.length} of them listed; ${total} to try, ${known} tried before`);
    const start = Date.now();
    const run = new Run(root, state, contractsOf, Number(workers), ({ mutant, outcome }) => {
        const { results } = run;
        if (outcome.is === 'survived') {
            print(`survived: ${nameOf(mutant)}`);
        }
        if (results.length % 25 === 0) {
            const done = limit === Infinity ? results.length : results.filter(isReal).length;
            const survived = results.filter(({ outcome }) => outcome.is === 'survived').length;
            const now = results.length - known;
            const left = now > 0 ? minutes(((Date.now() - start) / now) * (total - done)) : 'unknown';
            print(`${done}/${total} in ${minutes(Date.now() - start)}, ${survived} survived; left: ${left}`);
        }
    });
    await run.all(limit === Infinity ? queue : shuffled(queue, seed), limit);
    print(`${run.results.length} mutants in ${minutes(Date.now() - start)}`);
    if (write) {
        const which = [sample && `${sample} by seed ${seed}`, only, contract, listed && 'with the listed ones'];
        writeReport(run, which.filter(Boolean).join(', ') || 'all that are not listed');
    }
    const isWhole = limit === Infinity && only === undefined && contract === undefined;
    if (!report(run, isWhole && !listed ? EQUIVALENT.length : 0, isWhole) || stale.length > 0) {
        process.exitCode = 1;
    }
}

void main();
