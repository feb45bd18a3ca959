/** A test that has killed a mutant. */
export interface Killer {
    readonly spec: string;
    readonly test: string;
}

const NEAR = 4;
const FAR = 4;

/** Which tests to try first: those that killed the mutants of the same function, and the file's most telling ones. */
export class Killers {
    private readonly near = new Map<string, Killer[]>();
    private readonly counts = new Map<string, Map<string, { killer: Killer; count: number }>>();
    private readonly specs = new Map<string, number>();

    add(file: string, inside: string, killer: Killer): void {
        this.specs.set(killer.spec, (this.specs.get(killer.spec) ?? 0) + 1);
        if (killer.test === '') {
            return;
        }
        const place = `${file} ${inside}`;
        const others = (this.near.get(place) ?? []).filter(({ test }) => test !== killer.test);
        this.near.set(place, [killer, ...others].slice(0, NEAR));
        const counts = this.counts.get(file) ?? new Map<string, { killer: Killer; count: number }>();
        this.counts.set(file, counts);
        counts.set(killer.test, { killer, count: (counts.get(killer.test)?.count ?? 0) + 1 });
    }

    /** The tests by their files. */
    likely(file: string, inside: string): Map<string, string[]> {
        const near = this.near.get(`${file} ${inside}`) ?? [];
        const far = [...(this.counts.get(file)?.values() ?? [])].sort((a, b) => b.count - a.count).slice(0, FAR);
        const tests = new Map<string, string[]>();
        for (const { spec, test } of [...near, ...far.map(({ killer }) => killer)]) {
            const list = tests.get(spec) ?? [];
            tests.set(spec, list.includes(test) ? list : [...list, test]);
        }
        return tests;
    }

    /** All the files, those with the most kills for their time first. */
    ordered(specs: readonly string[], milliseconds: ReadonlyMap<string, number>): string[] {
        const cost = (spec: string) => (milliseconds.get(spec) ?? 10_000) / (1 + (this.specs.get(spec) ?? 0));
        return [...specs].sort((a, b) => cost(a) - cost(b));
    }
}
