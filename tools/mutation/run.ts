import { createHash } from 'node:crypto';

import { Cell } from '@ton/core';

import { type ContractName, loadCode } from '../../compilables/compile';
import { type Known, knownPlaces, seesDifference } from './difference';
import { type Batch, type Killer, Killers, millisecondsOf } from './killers';
import { keyOf, type Mutant } from './mutants';
import { WorkerProcess } from './process';
import { specsOf } from './specs';
import type { Outcome, State } from './state';
import type { Traced } from './trace';

export interface Result {
    readonly mutant: Mutant;
    readonly outcome: Outcome;
}

/** A mutant that the tests tried first did not kill: the others come when all mutants have had theirs. */
interface Late {
    readonly mutant: Mutant;
    readonly batches: readonly Batch[];
    readonly milliseconds: number;
}

/** After so much processor time a mutant is late. */
const QUICK_MILLISECONDS = 6000;

/** Whether tests were run on it: its code is neither the sources' nor another mutant's. */
export const isReal = ({ outcome }: Result): boolean => !['invalid', 'equal'].includes(outcome.is);

/** Tries mutants in their order in several processes, each up to the first test that fails. */
export class Run {
    readonly results: Result[] = [];
    private readonly killers = new Killers();
    private readonly codes = new Set<string>();
    private readonly workers: WorkerProcess[];
    private readonly late: Late[] = [];
    private underWay = 0;
    private known: Known = new Map();

    /** `contractsOf`: those whose code has something of what it changes; `told`: hears of each result. */
    constructor(
        private readonly root: string,
        private readonly state: State,
        private readonly contractsOf: (mutant: Mutant) => ContractName[],
        processes: number,
        private readonly told: (result: Result) => void,
    ) {
        this.workers = Array.from({ length: processes }, () => new WorkerProcess());
    }

    /** Tries `mutants`; with a limit, the first so many of them that are real. */
    async all(mutants: readonly Mutant[], limit = Infinity): Promise<void> {
        try {
            const names = new Set(mutants.flatMap(this.contractsOf));
            await this.trace(specsOf(this.root, [...names]));
            this.known = knownPlaces([...this.state.traced.values()].flat());
            mutants.forEach((mutant) => this.learn(mutant, this.state.outcomes.get(keyOf(mutant))));
            const left = [...mutants];
            await Promise.all(this.workers.map((worker) => this.work(worker, left, limit)));
        } finally {
            this.workers.forEach((worker) => worker.stop());
        }
    }

    /** Runs every file once on the contracts as they are, and notes where its tests go. */
    private async trace(specs: readonly string[]): Promise<void> {
        const left = specs.filter((spec) => !this.state.traced.has(spec));
        const trace = async (worker: WorkerProcess): Promise<void> => {
            for (let spec = left.shift(); spec !== undefined; spec = left.shift()) {
                const reply = await worker.ask({ ask: 'trace', spec });
                if (!reply || !('traced' in reply)) {
                    left.length = 0;
                    throw new Error(`${spec} fails without a mutation, or does not end`);
                }
                this.state.trace(spec, reply.traced);
            }
        };
        await Promise.all(this.workers.map(trace));
    }

    private async work(worker: WorkerProcess, left: Mutant[], limit: number): Promise<void> {
        for (;;) {
            // What is under way may turn out to be none, and another one may be tried
            const taken = this.results.filter(isReal).length + this.late.length + this.underWay;
            const isNew = left.length > 0 && taken < limit;
            const late = isNew ? undefined : this.late.shift();
            const mutant = isNew ? left.shift()! : late?.mutant;
            if (mutant === undefined && this.underWay === 0) {
                return;
            }
            if (mutant === undefined) {
                await new Promise((resolve) => setTimeout(resolve, 50));
                continue;
            }
            this.underWay += 1;
            const known = this.state.outcomes.get(keyOf(mutant));
            const before = worker.milliseconds;
            const judged = known ?? (await this.judge(worker, mutant, late?.batches));
            const milliseconds = worker.milliseconds - before + (late?.milliseconds ?? 0);
            this.underWay -= 1;
            worker.renew();
            if ('batches' in judged) {
                this.late.push({ mutant, batches: judged.batches, milliseconds });
                continue;
            }
            const outcome = known ?? { ...judged, milliseconds };
            if (!known) {
                this.state.record(mutant, outcome);
                this.learn(mutant, outcome);
            }
            this.results.push({ mutant, outcome });
            this.told({ mutant, outcome });
        }
    }

    /** Remembers the code, and who killed it. */
    private learn({ file, inside }: Mutant, outcome: Outcome | undefined): void {
        if (outcome?.code !== undefined) {
            this.codes.add(outcome.code);
        }
        if (outcome?.killer) {
            this.killers.add(file, inside, outcome.killer);
        }
    }

    /** `late`: what was left of it when it was tried before. */
    private async judge(
        worker: WorkerProcess,
        mutant: Mutant,
        late?: readonly Batch[],
    ): Promise<Outcome | Pick<Late, 'batches'>> {
        const before = worker.milliseconds;
        const reply = await worker.ask({ ask: 'compile', mutant, contracts: this.contractsOf(mutant) });
        if (!reply || !('codes' in reply) || !reply.codes) {
            return { is: 'invalid' };
        }
        const changed = Object.entries(reply.codes) as [ContractName, string][];
        const code = createHash('sha256').update(JSON.stringify(changed)).digest('hex');
        if (!late) {
            if (changed.length === 0 || this.codes.has(code)) {
                return { is: 'equal' };
            }
            this.codes.add(code);
        }
        const batches = late ?? this.killers.ordered(mutant.file, mutant.inside, this.testsThatSee(changed));
        for (const [i, batch] of batches.entries()) {
            if (!late && worker.milliseconds - before > QUICK_MILLISECONDS) {
                return { batches: batches.slice(i) };
            }
            const killed = await this.tryTests(worker, batch);
            if (killed) {
                return { ...killed, code };
            }
        }
        return { is: 'survived', code };
    }

    /** The tests that run an instruction that is another one in these codes. No other can tell them from the contracts. */
    private testsThatSee(changed: readonly [ContractName, string][]): Traced[] {
        const checks = changed.map(([name, code]) => seesDifference(loadCode(name), Cell.fromBase64(code), this.known));
        return specsOf(
            this.root,
            changed.map(([name]) => name),
        )
            .flatMap((spec) => this.state.traced.get(spec) ?? [])
            .filter((test) => this.state.passesAlone(test) !== false && checks.some((sees) => sees(test.places)));
    }

    private async tryTests(worker: WorkerProcess, batch: Batch): Promise<Outcome | null> {
        const { spec } = batch;
        // Ten times what they take, and a little more
        const seconds = 10 + millisecondsOf(batch) / 100;
        for (let left = batch.tests.map(({ test }) => test); left.length > 0;) {
            const reply = await worker.ask({ ask: 'spec', spec, tests: left, seconds, original: false });
            if (!reply || !('failure' in reply)) {
                return { is: 'hung', killer: { spec, test: '' } };
            }
            if (!reply.failure) {
                break;
            }
            const killer = { spec, test: reply.failure.test };
            if (killer.test === '' || (await this.passesAlone(worker, killer))) {
                return { is: 'killed', killer };
            }
            left = left.filter((test) => test !== killer.test);
        }
        this.killers.missed(spec);
        return null;
    }

    /** A test that needs others of its file says nothing without them: it would fail on the contracts as they are, too. */
    private async passesAlone(worker: WorkerProcess, killer: Killer): Promise<boolean> {
        const known = this.state.passesAlone(killer);
        if (known !== undefined) {
            return known;
        }
        const { spec, test } = killer;
        const reply = await worker.ask({ ask: 'spec', spec, tests: [test], seconds: 120, original: true });
        const passes = reply !== null && 'failure' in reply && reply.failure === null;
        this.state.noteAlone(killer, passes);
        return passes;
    }
}
