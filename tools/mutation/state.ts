import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { keyOf, type MutantKey } from './mutants';

/**
 * What became of a mutant. Those that do not compile, or compile to the code of the sources or of another mutant, are none
 * at all; `hung`: a test of it did not end, which is a kill too.
 */
export interface Outcome {
    readonly is: 'invalid' | 'equal' | 'killed' | 'hung' | 'survived';
    /** The hash of its code. */
    readonly code?: string;
    readonly killer?: { readonly spec: string; readonly test: string };
    /** Processor time that it took. */
    readonly milliseconds?: number;
}

type Line =
    | { readonly spec: string; readonly milliseconds: number; readonly of: string }
    | { readonly mutant: MutantKey; readonly outcome: Outcome; readonly of: string };

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
 * contracts are the same; a survival and a time only while the tests are, too.
 */
export class State {
    readonly outcomes = new Map<string, Outcome>();
    readonly milliseconds = new Map<string, number>();
    private readonly contracts: string;
    private readonly tests: string;

    constructor(
        root: string,
        private readonly path: string,
    ) {
        this.contracts = digest(root, ['contracts'], /\.fc$/);
        this.tests = `${this.contracts}+${digest(root, ['tests', 'wrappers'], /\.(ts|json)$/)}`;
        mkdirSync(dirname(path), { recursive: true });
        for (const text of existsSync(path) ? readFileSync(path, 'utf8').split('\n').filter(Boolean) : []) {
            const line = JSON.parse(text) as Line;
            if ('spec' in line && line.of === this.tests) {
                this.milliseconds.set(line.spec, line.milliseconds);
            } else if ('mutant' in line && [this.contracts, this.tests].includes(line.of)) {
                this.outcomes.set(keyOf(line.mutant), line.outcome);
            }
        }
    }

    time(spec: string, milliseconds: number): void {
        this.milliseconds.set(spec, milliseconds);
        this.write({ spec, milliseconds, of: this.tests });
    }

    record({ file, inside, source, mutation, nth }: MutantKey, outcome: Outcome): void {
        const mutant = { file, inside, source, mutation, nth };
        this.outcomes.set(keyOf(mutant), outcome);
        this.write({ mutant, outcome, of: outcome.is === 'survived' ? this.tests : this.contracts });
    }

    private write(line: Line): void {
        appendFileSync(this.path, `${JSON.stringify(line)}\n`);
    }
}
