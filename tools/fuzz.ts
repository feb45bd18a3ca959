import { fork } from 'node:child_process';
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { parseArgs } from 'node:util';

import compileAll from '../compilables/compile';
import { type Half, HALVES, keep, keptPath } from './fuzz/attack';
import { Coverage } from './fuzz/coverage';
import type { Batch, Task } from './fuzz/worker';

const USAGE = `npm run fuzz -- [options]: plays random sequences of both halves against their models
  --minutes N   how long (1)
  --seed S      of the first sequences; without it, the time
  --workers N   processes (${availableParallelism()})
  --log FILE    where the report goes (build/fuzz.log)
  --keep DIR    where failing sequences go, instead of to the tests of their half`;

const root = join(__dirname, '..');
const MINUTE = 60_000;
/** Between the seeds of two processes: more batches than one plays. */
const SEEDS_APART = 10_000_000;

async function main(): Promise<void> {
    const { values } = parseArgs({
        options: {
            minutes: { type: 'string', default: '1' },
            seed: { type: 'string' },
            workers: { type: 'string', default: String(availableParallelism()) },
            log: { type: 'string', default: join(root, 'build', 'fuzz.log') },
            keep: { type: 'string' },
            help: { type: 'boolean', default: false },
        },
    });
    const [minutes, workers] = [Number(values.minutes), Number(values.workers)];
    const seed = Number(values.seed ?? Math.floor(Date.now() / 1000) % SEEDS_APART);
    if (values.help || !(minutes > 0) || !(workers >= 1) || !Number.isSafeInteger(seed)) {
        process.stdout.write(`${USAGE}\n`);
        process.exitCode = values.help ? 0 : 2;
        return;
    }
    const log = resolve(values.log);
    mkdirSync(dirname(log), { recursive: true });
    writeFileSync(log, '');
    const print = (line: string): void => {
        process.stdout.write(`${line}\n`);
        appendFileSync(log, `${line}\n`);
    };
    const pathOf = (half: Half): string =>
        values.keep === undefined ? join(root, keptPath(half)) : join(resolve(values.keep), `${half}.json`);

    await compileAll();
    print(`${minutes} min in ${workers} processes, --seed ${seed}`);
    const start = Date.now();
    const totals = { sequences: 0, failures: 0 };
    const coverages = { usernames: new Coverage(), ads: new Coverage() };
    const operations = (): number => HALVES.reduce((sum, half) => sum + coverages[half].operations, 0);
    const progress = (): void => {
        const seconds = (Date.now() - start) / 1000;
        print(
            `${(seconds / 60).toFixed(1)} min: ${totals.sequences} sequences, ${operations()} operations` +
                ` (${(operations() / seconds).toFixed(0)}/s), ${totals.failures} failures`,
        );
    };
    const onBatch = (batch: Batch): void => {
        totals.sequences += batch.sequences;
        coverages[batch.half].merge(batch.coverage);
        if (batch.failure) {
            totals.failures += 1;
            const isNew = keep(pathOf(batch.half), batch.failure);
            print(`${batch.half}, seed ${batch.seed}: ${batch.failure.error}${isNew ? '' : ' (kept already)'}`);
        }
    };
    const timer = setInterval(progress, MINUTE);
    const processes = Array.from({ length: workers }, (_, index) => {
        const child = fork(join(__dirname, 'fuzz', 'worker.ts'), {
            execArgv: ['-r', 'ts-node/register/transpile-only'],
        });
        child.on('message', onBatch);
        child.send({ seed: seed + index * SEEDS_APART, milliseconds: minutes * MINUTE } satisfies Task);
        return new Promise<number | null>((done) => child.once('exit', done));
    });
    const codes = await Promise.all(processes);
    clearInterval(timer);
    progress();
    HALVES.forEach((half) => print(`\n${half}\n${coverages[half].table()}`));
    if (totals.failures > 0 || codes.some((code) => code !== 0)) {
        process.exitCode = 1;
    }
}

void main();
