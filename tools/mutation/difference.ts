import type { Cell } from '@ton/core';

import { cellName, type Places, type Traced } from './trace';

// Which tests can tell a mutant from the contract: those that run an instruction that is another one in the mutant. Found by
// comparing the codes cell by cell, so it needs no knowledge of the sources: a constant is wherever the compiler put it.

/** Offsets of a cell of the contract, in bits: from the instruction that begins at or before the first difference. */
interface Region {
    readonly cell: string;
    readonly from: number;
    /** Where both are the same again. */
    readonly to: number;
}

/** Which offsets of a cell any test reaches, in their order. */
export type Known = ReadonlyMap<string, readonly number[]>;

export function knownPlaces(tests: readonly Traced[]): Known {
    const all = new Map<string, Set<number>>();
    for (const { places } of tests) {
        for (const [cell, offsets] of Object.entries(places)) {
            const known = all.get(cell) ?? new Set();
            all.set(cell, known);
            offsets.forEach((offset) => known.add(offset));
        }
    }
    return new Map([...all].map(([cell, offsets]) => [cell, [...offsets].sort((a, b) => a - b)]));
}

function bitsThatDiffer(a: Cell, b: Cell): { from: number; to: number } | null {
    if (a.bits.equals(b.bits)) {
        return null;
    }
    const shorter = Math.min(a.bits.length, b.bits.length);
    let [from, end] = [0, 0];
    while (from < shorter && a.bits.at(from) === b.bits.at(from)) {
        from += 1;
    }
    while (end < shorter - from && a.bits.at(a.bits.length - 1 - end) === b.bits.at(b.bits.length - 1 - end)) {
        end += 1;
    }
    return { from, to: a.bits.length - end };
}

/** Null: in a cell that is no code, or that no test reaches, so what leads to it is what counts. */
function regionsIn(code: Cell, mutant: Cell, known: Known): Region[] | null {
    const hash = code.hash();
    if (hash.equals(mutant.hash())) {
        return [];
    }
    const cell = cellName(hash.toString('hex'));
    const offsets = known.get(cell);
    const whole = offsets ? [{ cell, from: 0, to: Infinity }] : null;
    const bits = bitsThatDiffer(code, mutant);
    if (code.refs.length !== mutant.refs.length || (bits && !offsets)) {
        return whole;
    }
    const regions: Region[] = [];
    if (bits) {
        const from = offsets?.filter((offset) => offset <= bits.from).at(-1) ?? 0;
        regions.push({ cell, from, to: Math.max(bits.to, from + 1) });
    }
    for (const [i, ref] of code.refs.entries()) {
        const inside = regionsIn(ref, mutant.refs[i]!, known);
        if (inside === null) {
            return whole;
        }
        regions.push(...inside);
    }
    return regions;
}

/** Whether a test that went to `places` may see the difference between the two codes. */
export function seesDifference(code: Cell, mutant: Cell, known: Known): (places: Places) => boolean {
    const regions = regionsIn(code, mutant, known);
    return (places) =>
        regions === null ||
        regions.some(({ cell, from, to }) => places[cell]?.some((offset) => offset >= from && offset < to));
}
