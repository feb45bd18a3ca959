import type { Cell } from '@ton/core';
import { runtime, text, trace } from 'ton-assembly';

/** One instruction of a listing. Where one stands for two, as IFJMPREF for PUSHCONT and IFJMP, both have its line. */
export interface Step {
    readonly name: string;
    /** The line of the listing, from 0. */
    readonly line: number;
    /** What the instruction pushes or calls. */
    readonly block: Step[] | null;
}

/** The code of a contract as text and as a tree, and where the VM log shows each line. */
export interface Listing {
    readonly text: readonly string[];
    readonly steps: readonly Step[];
    /** Lines by `hash:offset`, as the VM log gives them; equal cells are one place with several lines. */
    readonly places: ReadonlyMap<string, readonly number[]>;
}

const SPLIT: Record<string, string> = { IFREF: 'IF', IFNOTREF: 'IFNOT', IFJMPREF: 'IFJMP', IFNOTJMPREF: 'IFNOTJMP' };

/** Whether a line of a listing is an instruction, and not the border of a cell, a dictionary or a block. */
export function isInstruction(line: string): boolean {
    return !/^\s*([\]}]|ref \{|-?\d+ => \{|\[$)/.test(line) && line.trim() !== '';
}

/**
 * Reads the lines from `start` to the end of the block. How a continuation got into the code depends on its size: the tree
 * has the one form whatever the cells, so that two versions of a code can be compared.
 */
function parseBlock(lines: readonly string[], start: number): { steps: Step[]; end: number } {
    const steps: Step[] = [];
    let line = start;
    while (line < lines.length && !/^\s*[\]}]/.test(lines[line]!)) {
        const [, name = '', open] = /^\s*(.*?)\s*([{[]?)$/.exec(lines[line]!) ?? [];
        if (!open) {
            steps.push({ name, line, block: null });
            line++;
            continue;
        }
        const { steps: block, end } = parseBlock(lines, line + 1);
        let last = end;
        if (name === 'ref') {
            steps.push(...block);
        } else if (/^PUSH(CONT|CONT_SHORT|REFCONT)$/.test(name)) {
            steps.push({ name: 'PUSHCONT', line, block });
        } else if (name in SPLIT) {
            steps.push({ name: 'PUSHCONT', line, block }, { name: SPLIT[name]!, line, block: null });
        } else if (name === 'IFREFELSE') {
            // The block that lies on the stack is the second one
            const other = steps.pop()!;
            steps.push({ name: 'PUSHCONT', line, block }, other, { name: 'IFELSE', line, block: null });
        } else if (name === 'IFELSEREF') {
            steps.push({ name: 'PUSHCONT', line, block }, { name: 'IFELSE', line, block: null });
        } else if (name === 'IFREFELSEREF') {
            const other = parseBlock(lines, end + 1);
            steps.push({ name: 'PUSHCONT', line, block }, { name: 'PUSHCONT', line, block: other.steps });
            steps.push({ name: 'IFELSE', line, block: null });
            last = other.end;
        } else {
            steps.push({ name, line, block });
        }
        line = last + 1;
    }
    return { steps, end: line };
}

/** Disassembles `code`; fails unless the listing assembles to the same cell. */
export function listCode(code: Cell): Listing {
    const source = text.print(runtime.decompileCell(code));
    const parsed = text.parse('code', source);
    if (parsed.$ === 'ParseFailure') {
        throw new Error('The disassembler does not read its own listing.');
    }
    const [cell, mapping] = runtime.compileCellWithMapping(parsed.instructions);
    if (!cell.equals(code)) {
        throw new Error('The listing is not that of the code.');
    }
    const { cells, dictionaryCells } = trace.createMappingInfo(mapping);
    const places = new Map<string, number[]>();
    const add = (hash: string, dataHash: string, base: number): void => {
        for (const { offset, loc } of cells[dataHash]?.instructions ?? []) {
            if (loc) {
                const key = `${hash}:${base + offset}`;
                places.set(key, [...(places.get(key) ?? []), loc.line, ...loc.otherLines]);
            }
        }
    };
    Object.keys(cells).forEach((hash) => add(hash, hash, 0));
    dictionaryCells.forEach((it) => add(it.cell, it.dataCell, it.offset));
    const lines = source.split('\n');
    return { text: lines, steps: parseBlock(lines, 0).steps, places };
}
