import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Killer } from './killers';
import { keyOf, type MutantKey } from './mutants';
import type { Traced } from './trace';

/**
 * What became of a mutant. Those that do not compile, or compile to the code of the sources or of another mutant, are none
 * at all; `hung`: a test of it did not end, which is a kill too.
 */
export interface Outcome {
    readonly is: 'invalid' | 'equal' | 'killed' | 'hung' | 'survived';
    /** The hash of its code. */
    readonly code?: string;
    readonly killer?: Killer;
    /** Processor time that it took. */
    readonly milliseconds?: number;
}

type Line =
    | { readonly traced: readonly Traced[]; readonly spec: string; readonly of: string }
    | { readonly alone: Killer; readonly passes: boolean; readonly of: string }
    | { readonly mutant: MutantKey; readonly outcome: Outcome; readonly of: string };

/** What the tests of the contracts are made of, and what logs where they go. */
const TESTS = ['tests/ads', 'tests/helpers', 'tests/usernames', 'tools/coverage', 'wrappers'];

/** A hash over every file of these folders and endings. */
function digest(root: string, folders: readonly string[], ending: RegExp): string {
    const hash = createHash('sha256');
    for (const folder of folders) {
        const paths = readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' });
        for (const path of paths.filter((path) => ending.test(path)).sort()) {
            hash.update(`\0${path}\0`).update(readFileSync(join(root, folder, path)));
        }
    }
    return hash.digest('hex').slice(0, 16);
}

/**
 * The results so far, a line each, so that a run that was stopped goes on where it was. A kill counts as long as the
 * contracts are the same, what a test does as long as its file and all helpers are, too, and a survival as long as all
 * tests are.
 */
export class State {
    readonly outcomes = new Map<string, Outcome>();
    /** The tests by their files. */
    readonly traced = new Map<string, readonly Traced[]>();
    private readonly alone = new Map<string, boolean>();
    private readonly contracts: string;
    private readonly tests: string;
    private readonly helpers: string;

    constructor(
        private readonly root: string,
        private readonly path: string,
    ) {
        this.contracts = digest(root, ['contracts'], /\.fc$/);
        this.tests = `${this.contracts}+${digest(root, TESTS, /\.(ts|json)$/)}`;
        this.helpers = `${this.contracts}+${digest(root, TESTS, /(?<!\.spec)\.(ts|json)$/)}`;
        mkdirSync(dirname(path), { recursive: true });
        for (const text of existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []) {
            const line = JSON.parse(text) as Line;
            if ('traced' in line && line.of === this.ofSpec(line.spec)) {
                this.traced.set(line.spec, line.traced);
            } else if ('alone' in line && line.of === this.ofSpec(line.alone.spec)) {
                this.alone.set(JSON.stringify(line.alone), line.passes);
            } else if ('mutant' in line && [this.contracts, this.tests].includes(line.of)) {
                this.outcomes.set(keyOf(line.mutant), line.outcome);
            }
        }
    }

    trace(spec: string, traced: readonly Traced[]): void {
        this.traced.set(spec, traced);
        this.write({ traced, spec, of: this.ofSpec(spec) });
    }

    /** Whether a test passes without the others of its file; undefined if it was not tried. */
    passesAlone({ spec, test }: Killer): boolean | undefined {
        return this.alone.get(JSON.stringify({ spec, test }));
    }

    noteAlone({ spec, test }: Killer, passes: boolean): void {
        this.alone.set(JSON.stringify({ spec, test }), passes);
        this.write({ alone: { spec, test }, passes, of: this.ofSpec(spec) });
    }

    record({ file, inside, source, mutation, nth }: MutantKey, outcome: Outcome): void {
        const mutant = { file, inside, source, mutation, nth };
        this.outcomes.set(keyOf(mutant), outcome);
        this.write({ mutant, outcome, of: outcome.is === 'survived' ? this.tests : this.contracts });
    }

    private ofSpec(spec: string): string {
        const path = join(this.root, spec);
        const text = existsSync(path) ? readFileSync(path) : '';
        return `${this.helpers}+${createHash('sha256').update(text).digest('hex').slice(0, 16)}`;
    }

    private write(line: Line): void {
        appendFileSync(this.path, `${JSON.stringify(line)}\n`);
    }
}
