import type { ContractName } from '../../compilables/compile';
import { Killers } from './killers';
import { keyOf, type Mutant } from './mutants';
import { WorkerProcess } from './process';
import { specsOf } from './specs';
import type { Outcome, State } from './state';

export interface Result {
    readonly mutant: Mutant;
    readonly outcome: Outcome;
}

/** Whether tests were run on it: its code is neither the sources' nor another mutant's. */
export const isReal = ({ outcome }: Result): boolean => !['invalid', 'equal'].includes(outcome.is);

/** Tries mutants in their order in several processes, each up to the first test that fails. */
export class Run {
    readonly results: Result[] = [];
    private readonly killers = new Killers();
    private readonly codes = new Set<string>();
    private readonly workers: WorkerProcess[];
    private underWay = 0;

    /** `contractsOf`: those that are compiled from a file; `told`: hears of each result. */
    constructor(
        private readonly root: string,
        private readonly state: State,
        private readonly contractsOf: (file: string) => ContractName[],
        processes: number,
        private readonly told: (result: Result) => void,
    ) {
        this.workers = Array.from({ length: processes }, () => new WorkerProcess());
    }

    /** Tries `mutants`; with a limit, the first so many of them that are real. */
    async all(mutants: readonly Mutant[], limit = Infinity): Promise<void> {
        try {
            const names = new Set(mutants.flatMap(({ file }) => this.contractsOf(file)));
            await this.timeSpecs(specsOf(this.root, [...names]));
            mutants.forEach((mutant) => this.learn(mutant, this.state.outcomes.get(keyOf(mutant))));
            const left = [...mutants];
            await Promise.all(this.workers.map((worker) => this.work(worker, left, limit)));
        } finally {
            this.workers.forEach((worker) => worker.stop());
        }
    }

    /** Runs every file once on the contracts as they are: how long it takes, and that it does not fail anyway. */
    private async timeSpecs(specs: readonly string[]): Promise<void> {
        const left = specs.filter((spec) => !this.state.milliseconds.has(spec));
        const time = async (worker: WorkerProcess): Promise<void> => {
            for (let spec = left.shift(); spec !== undefined; spec = left.shift()) {
                const reply = await worker.ask({ ask: 'spec', spec, tests: [] });
                if (!reply || !('failure' in reply) || reply.failure) {
                    left.length = 0;
                    const failure = reply && 'failure' in reply ? reply.failure : null;
                    throw new Error(`${spec} fails without a mutation: ${failure?.test} ${failure?.error}`);
                }
                this.state.time(spec, reply.milliseconds);
            }
        };
        await Promise.all(this.workers.map(time));
    }

    private async work(worker: WorkerProcess, left: Mutant[], limit: number): Promise<void> {
        for (;;) {
            // What is under way may turn out to be real, and would then be one too many
            const open = limit - this.results.filter(isReal).length;
            if (left.length === 0 || open <= 0) {
                return;
            }
            if (this.underWay >= open) {
                await new Promise((resolve) => setTimeout(resolve, 50));
                continue;
            }
            const mutant = left.shift()!;
            this.underWay += 1;
            const known = this.state.outcomes.get(keyOf(mutant));
            const before = worker.milliseconds;
            const judged = known ?? (await this.judge(worker, mutant));
            const outcome = known ?? { ...judged, milliseconds: worker.milliseconds - before };
            this.underWay -= 1;
            if (!known) {
                this.state.record(mutant, outcome);
                this.learn(mutant, outcome);
                worker.renew();
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

    private async judge(worker: WorkerProcess, mutant: Mutant): Promise<Outcome> {
        const reply = await worker.ask({ ask: 'compile', mutant, contracts: this.contractsOf(mutant.file) });
        if (!reply || !('compiled' in reply) || !reply.compiled) {
            return { is: 'invalid' };
        }
        const { code, changed } = reply;
        if (changed.length === 0 || this.codes.has(code)) {
            return { is: 'equal' };
        }
        this.codes.add(code);
        const specs = specsOf(this.root, changed);
        const likely = this.killers.likely(mutant.file, mutant.inside);
        const tries: [spec: string, tests: string[]][] = [
            ...[...likely].filter(([spec]) => specs.includes(spec)),
            ...this.killers.ordered(specs, this.state.milliseconds).map((spec): [string, string[]] => [spec, []]),
        ];
        for (const [spec, tests] of tries) {
            const reply = await worker.ask({ ask: 'spec', spec, tests });
            if (!reply || !('failure' in reply)) {
                return { is: 'hung', code, killer: { spec, test: '' } };
            }
            if (reply.failure) {
                return { is: 'killed', code, killer: { spec, test: reply.failure.test } };
            }
        }
        return { is: 'survived', code };
    }
}
