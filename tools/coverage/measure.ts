import { readFileSync } from 'node:fs';
import { join, normalize } from 'node:path';

import { compileFunc } from '@ton-community/func-js';
import { Cell } from '@ton/core';

import { contracts } from '../../compilables/compile';
import type { Hits } from './hits';
import { statementStarts } from './lines';
import { isInstruction, listCode, type Listing } from './listing';
import { type Statement, withProbes } from './probes';

/** A statement, and how often it ran over all places that the compiler put it. */
export type StatementCoverage = Statement & { hits: number };

/** The listing of a contract. */
export interface CodeCoverage {
    readonly contract: string;
    readonly text: readonly string[];
    /** By line of the listing how often it ran, null where it is no instruction or repeats an equal cell. */
    readonly hits: readonly (number | null)[];
    /** By line of the listing the statement that began last. */
    readonly after: readonly (Statement | null)[];
}

/** A line of FunC on which statements begin. */
export interface SourceLine {
    readonly file: string;
    readonly line: number;
    /** The function that it is in. */
    readonly name: string;
    readonly text: string;
    /** The last line of the statement that reaches furthest. */
    lastLine: number;
    /** How often the statement ran that ran least often. */
    hits: number;
}

export interface Coverage {
    readonly lines: readonly SourceLine[];
    readonly codes: readonly CodeCoverage[];
}

async function compile(target: string, sources: (path: string) => string): Promise<Listing> {
    const result = await compileFunc({ targets: [target], sources });
    if (result.status === 'error') {
        throw new Error(result.message.trim());
    }
    return listCode(Cell.fromBase64(result.codeBoc));
}

/** How often each line of a listing ran. Equal cells have one place and are repeated in the listing: the first one counts. */
function countLines({ text, places }: Listing, hits: Hits): (number | null)[] {
    const result: (number | null)[] = text.map(() => null);
    for (const [place, lines] of places) {
        const first = Math.min(...lines);
        if (isInstruction(text[first]!)) {
            result[first] = (result[first] ?? 0) + (hits.get(place) ?? 0);
        }
    }
    return result;
}

/** How often an instruction on one of the `lines` ran, without counting equal cells twice; null if there is none. */
function countStatement({ places }: Listing, lines: ReadonlySet<number>, hits: Hits): number | null {
    let count: number | null = null;
    for (const [place, ofPlace] of places) {
        if (ofPlace.some((line) => lines.has(line))) {
            count = (count ?? 0) + (hits.get(place) ?? 0);
        }
    }
    return count;
}

/** What `hits` cover of one contract; statements that left no instruction of their own are not in it. */
export async function measureContract(
    contract: string,
    target: string,
    readSource: (path: string) => string,
    hits: Hits,
): Promise<{ statements: StatementCoverage[]; code: CodeCoverage }> {
    const all: Statement[] = [];
    const real = await compile(target, readSource);
    const probed = await compile(target, (path) => withProbes(normalize(path), readSource(path), all));
    const begun = new Map<number, Statement>();
    const statements: StatementCoverage[] = [];
    for (const [number, lines] of statementStarts(real, probed)) {
        const statement = all[number]!;
        const count = countStatement(real, lines, hits);
        lines.forEach((line) => begun.set(line, statement));
        if (count !== null) {
            statements.push({ ...statement, hits: count });
        }
    }
    let last: Statement | null = null;
    const after = real.text.map((_, line) => (last = begun.get(line) ?? last));
    return { statements, code: { contract, text: real.text, hits: countLines(real, hits), after } };
}

/** The lines of the sources: what one contract does not reach of a shared source another one may. */
export function sourceLines(statements: readonly StatementCoverage[]): SourceLine[] {
    const merged = new Map<string, StatementCoverage>();
    for (const statement of statements) {
        const key = `${statement.file}:${statement.position}`;
        merged.set(key, { ...statement, hits: statement.hits + (merged.get(key)?.hits ?? 0) });
    }
    const lines = new Map<string, SourceLine>();
    for (const { file, line, lastLine, name, text, hits } of merged.values()) {
        const key = `${file}:${line}`;
        const entry = lines.get(key) ?? { file, line, name, text, lastLine, hits };
        entry.lastLine = Math.max(entry.lastLine, lastLine);
        entry.hits = Math.min(entry.hits, hits);
        lines.set(key, entry);
    }
    return [...lines.values()].sort((a, b) => a.file.localeCompare(b.file) || a.line - b.line);
}

/** What `hits` cover of the contracts as they are. */
export async function measure(hits: Hits): Promise<Coverage> {
    const root = join(__dirname, '..', '..');
    const codes: CodeCoverage[] = [];
    const statements: StatementCoverage[] = [];
    for (const [name, { targets }] of Object.entries(contracts)) {
        const one = await measureContract(name, targets[0]!, (path) => readFileSync(join(root, path), 'utf8'), hits);
        codes.push(one.code);
        statements.push(...one.statements);
    }
    return { codes, lines: sourceLines(statements) };
}
