import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { parseFunc, readFuncFiles, type Token, tokenize } from '../func-source';
import { type Edit, OPERATORS, type Site } from './operators';

/** One mistake in one file. */
export interface Mutant extends Edit {
    readonly file: string;
    readonly line: number;
    /** The function or constant around it. */
    readonly inside: string;
    /** The whole line as it is written, without the spaces around it. */
    readonly source: string;
    /** `operator: original → text`. */
    readonly mutation: string;
    /** Which of the same mutations of the same line this is, from 1. */
    readonly nth: number;
}

/** How a mutant is written in reports: `file:line mutation`. */
export const nameOf = ({ file, line, mutation, nth }: Mutant): string =>
    `${file}:${line} ${mutation}${nth > 1 ? ` (${nth})` : ''}`;

/** What stays the same when lines are added elsewhere. */
export const keyOf = ({ file, inside, source, mutation, nth = 1 }: MutantKey): string =>
    JSON.stringify([file, inside, source, mutation, nth]);

export type MutantKey = Pick<Mutant, 'file' | 'inside' | 'source' | 'mutation'> & Partial<Pick<Mutant, 'nth'>>;

/** For each word the innermost call around it. */
function callsAround(tokens: readonly Token[]): Site['call'][] {
    const open: { callee: string; argument: number }[] = [];
    return tokens.map(({ text }, i) => {
        if ([')', ']', '}'].includes(text)) {
            open.pop();
        }
        const innermost = open.at(-1);
        if (text === ',' && innermost) {
            innermost.argument += 1;
        }
        const call = innermost && innermost.callee !== '' ? { ...innermost } : null;
        if (['(', '[', '{'].includes(text)) {
            const before = text === '(' ? (tokens[i - 1]?.text ?? '') : '';
            // A bracket that only groups belongs to the call around it
            const isCall = /^[.~]?[a-z_]/i.test(before) && !/^(if|ifnot|elseif|while|until|return)$/.test(before);
            open.push(
                isCall
                    ? { callee: before.replace(/^[.~]/, ''), argument: 0 }
                    : { ...(innermost ?? { callee: '', argument: 0 }) },
            );
        }
        return call;
    });
}

/** All mutants of a FunC file, in the order of its text. */
export function mutantsOf(file: string, source: string): Mutant[] {
    const { functions, constants } = parseFunc(source, file);
    const asm = tokenize(source).tokens.filter(({ text }) => text.startsWith('"'));
    const places = [
        ...functions
            .filter(({ asm }) => asm === null)
            .map(({ name, body }) => ({ inside: name, constant: null, tokens: body })),
        ...constants.map(({ name, value }) => ({ inside: name, constant: name, tokens: value })),
        ...asm.map((token) => ({ inside: 'asm', constant: null, tokens: [token] })),
    ];
    const lines = source.split('\n');
    const mutants: Omit<Mutant, 'nth'>[] = [];
    for (const { inside, constant, tokens } of places) {
        const calls = callsAround(tokens);
        tokens.forEach((_, i) => {
            for (const { name, edits } of OPERATORS) {
                for (const edit of edits({ source, tokens, i, constant, call: calls[i]! })) {
                    const line = source.slice(0, edit.from).split('\n').length;
                    const original = source.slice(edit.from, edit.to).replace(/\s+/g, ' ');
                    const mutation = `${name}: ${original} → ${edit.text.replace(/\s+/g, ' ') || 'nothing'}`;
                    mutants.push({ ...edit, file, line, inside, source: lines[line - 1]!.trim(), mutation });
                }
            }
        });
    }
    mutants.sort((a, b) => a.from - b.from);
    const seen = new Map<string, number>();
    return mutants.map((mutant) => {
        const nth = (seen.get(keyOf(mutant)) ?? 0) + 1;
        seen.set(keyOf(mutant), nth);
        return { ...mutant, nth };
    });
}

/** The text of the file with the mistake in it. */
export function mutated(source: string, { from, to, text }: Edit): string {
    return source.slice(0, from) + text + source.slice(to);
}

/** All mutants of the contracts under `root`. */
export function allMutants(root: string): Mutant[] {
    return [...readFuncFiles(root).keys()].flatMap((file) => mutantsOf(file, readFileSync(join(root, file), 'utf8')));
}

/** The same mutants in an order that the seed gives. */
export function shuffled(mutants: readonly Mutant[], seed: string): Mutant[] {
    const place = (mutant: Mutant) =>
        createHash('sha256')
            .update(`${seed} ${keyOf(mutant)}`)
            .digest('hex');
    const places = new Map(mutants.map((mutant) => [mutant, place(mutant)]));
    return [...mutants].sort((a, b) => (places.get(a)! < places.get(b)! ? -1 : 1));
}
