import type { Traced } from './trace';

/** A test that has killed a mutant. */
export interface Killer {
    readonly spec: string;
    readonly test: string;
}

/** Tests of one file that are run together. */
export interface Batch {
    readonly spec: string;
    readonly tests: readonly Traced[];
}

/** How many killers of the same function, and of the same file, are tried sooner than others, and how much sooner. */
const NEAR = { count: 4, weight: 10 };
const FAR = { count: 4, weight: 4 };
/** Tests that take so long together run first; the next ones may take twice as long, and so on. */
const FIRST_MILLISECONDS = 400;

const nameOf = ({ spec, test }: Killer): string => `${spec} ${test}`;

export const millisecondsOf = ({ tests }: Pick<Batch, 'tests'>): number =>
    tests.reduce((sum, { milliseconds }) => sum + milliseconds, Math.max(0, ...tests.map(({ setup }) => setup)));

/** The files that take the least time first. */
function bySpec(tests: readonly Traced[]): Batch[] {
    const batches = new Map<string, Traced[]>();
    for (const test of tests) {
        batches.set(test.spec, [...(batches.get(test.spec) ?? []), test]);
    }
    return [...batches].map(([spec, tests]) => ({ spec, tests })).sort((a, b) => millisecondsOf(a) - millisecondsOf(b));
}

/** In which order to try the tests. */
export class Killers {
    private readonly near = new Map<string, string[]>();
    private readonly counts = new Map<string, Map<string, number>>();
    private readonly specs = new Map<string, { kills: number; tries: number }>();

    add(file: string, inside: string, killer: Killer): void {
        const spec = this.specs.get(killer.spec) ?? { kills: 0, tries: 0 };
        this.specs.set(killer.spec, { kills: spec.kills + 1, tries: spec.tries + 1 });
        if (killer.test === '') {
            return;
        }
        const name = nameOf(killer);
        const place = `${file} ${inside}`;
        const others = (this.near.get(place) ?? []).filter((other) => other !== name);
        this.near.set(place, [name, ...others].slice(0, NEAR.count));
        const counts = this.counts.get(file) ?? new Map<string, number>();
        this.counts.set(file, counts);
        counts.set(name, (counts.get(name) ?? 0) + 1);
    }

    /** Tests of this file all passed. */
    missed(name: string): void {
        const { kills, tries } = this.specs.get(name) ?? { kills: 0, tries: 0 };
        this.specs.set(name, { kills, tries: tries + 1 });
    }

    /** The short ones first, sooner if they killed mutants nearby or are of a file that often kills. */
    ordered(file: string, inside: string, tests: readonly Traced[]): Batch[] {
        const weights = new Map<string, number>();
        const far = [...(this.counts.get(file) ?? [])].sort(([, a], [, b]) => b - a).slice(0, FAR.count);
        far.forEach(([name]) => weights.set(name, FAR.weight));
        this.near.get(`${file} ${inside}`)?.forEach((name) => weights.set(name, NEAR.weight));
        const cost = (test: Traced): number => {
            const { kills, tries } = this.specs.get(test.spec) ?? { kills: 0, tries: 0 };
            const chance = ((weights.get(nameOf(test)) ?? 1) * (kills + 1)) / (tries + 2);
            return (10 + test.milliseconds + test.setup / 4) / chance;
        };
        const costs = new Map(tests.map((test) => [test, cost(test)]));
        const batches: Batch[] = [];
        let chunk: Traced[] = [];
        let limit = FIRST_MILLISECONDS;
        for (const test of [...tests].sort((a, b) => costs.get(a)! - costs.get(b)!)) {
            chunk.push(test);
            if (chunk.reduce((sum, { milliseconds }) => sum + milliseconds, 0) >= limit) {
                batches.push(...bySpec(chunk));
                chunk = [];
                limit *= 2;
            }
        }
        return [...batches, ...bySpec(chunk)];
    }
}
