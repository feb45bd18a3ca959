import { beginCell, type Cell } from '@ton/core';

import { type Known, seesDifference } from '../../tools/mutation/difference';
import { Killers } from '../../tools/mutation/killers';
import { cellName, type Traced } from '../../tools/mutation/trace';

/** A code of cells with instructions of a byte each. */
function code(bytes: string, ...refs: Cell[]): Cell {
    return refs.reduce((builder, ref) => builder.storeRef(ref), beginCell().storeBuffer(Buffer.from(bytes))).endCell();
}

const name = (cell: Cell): string => cellName(cell.hash().toString('hex'));
const known = (...cells: Cell[]): Known =>
    new Map(cells.map((cell) => [name(cell), Array.from({ length: cell.bits.length / 8 }, (_, i) => 8 * i)]));

/** The bytes of the cell of which a test that runs nothing else sees that the code became the mutant. */
function seen(original: Cell, mutant: Cell, reached: Known, cell: Cell): number[] {
    const sees = seesDifference(original, mutant, reached);
    return (reached.get(name(cell)) ?? []).filter((offset) => sees({ [name(cell)]: [offset] })).map((o) => o / 8);
}

describe('a difference of codes is seen', () => {
    const inner = code('inner');
    const other = code('other');
    const original = code('abcdef', inner, other);
    const all = known(original, inner, other);

    it.each<[what: string, mutant: string, bytes: number[]]>([
        ['another instruction', 'ab1def', [2]],
        ['several', 'a1c2ef', [1, 2, 3]],
        ['one more', 'ab1cdef', [2]],
        ['one less at the end', 'abcde', [5]],
        ['one more at the end', 'abcdef1', [5]],
    ])('by who runs %s', (_, mutant, bytes) => {
        expect(seen(original, code(mutant, inner, other), all, original)).toEqual(bytes);
        expect(seen(original, code(mutant, inner, other), all, inner)).toEqual([]);
    });

    it('in a cell below by who runs that, and not by who runs only the one above', () => {
        const mutant = code('abcdef', code('in1er'), other);
        expect(seen(original, mutant, all, inner)).toEqual([2]);
        expect(seen(original, mutant, all, original)).toEqual([]);
        expect(seen(original, mutant, all, other)).toEqual([]);
    });

    it('in a cell that is no code, or that nobody reaches, by who runs the one above', () => {
        const mutant = code('abcdef', code('in1er'), other);
        expect(seen(original, mutant, known(original, other), original)).toEqual([0, 1, 2, 3, 4, 5]);
        expect(seen(original, mutant, known(original, other), other)).toEqual([]);
        expect(seesDifference(original, mutant, new Map())({})).toBe(true);
    });

    it('by who runs anything of a cell with other references', () => {
        expect(seen(original, code('abcdef', inner), all, original)).toEqual([0, 1, 2, 3, 4, 5]);
    });

    it('by an instruction of which the difference is a part', () => {
        const wide: Known = new Map([[name(original), [0, 32]]]);
        const sees = seesDifference(original, code('ab1def', inner, other), wide);
        expect([0, 32].map((offset) => sees({ [name(original)]: [offset] }))).toEqual([true, false]);
    });

    it('by nobody if there is none', () => {
        expect(seesDifference(original, code('abcdef', inner, other), all)({ [name(original)]: [0] })).toBe(false);
    });
});

describe('the order of the tests', () => {
    const traced = (spec: string, test: string, milliseconds: number): Traced => ({
        spec,
        test,
        milliseconds,
        setup: 0,
        places: {},
    });
    const tests = [
        traced('a', 'slow', 3000),
        traced('a', 'short', 50),
        traced('b', 'middling', 300),
        traced('b', 'long', 1000),
    ];
    const names = (killers: Killers, inside: string) =>
        killers
            .ordered('f.fc', inside, tests)
            .map(({ spec, tests }) => `${spec}: ${tests.map((it) => it.test).join()}`);

    it('has each of them once, the short ones first', () => {
        expect(names(new Killers(), 'f')).toEqual(['a: short', 'b: middling,long', 'a: slow']);
    });

    it('begins with what killed the mutants of the same function', () => {
        const killers = new Killers();
        killers.add('f.fc', 'f', { spec: 'a', test: 'slow' });
        killers.missed('b');
        expect(names(killers, 'f')).toEqual(['a: short,slow', 'b: middling,long']);
        expect(names(killers, 'g').slice(0, 2)).toEqual(['b: middling', 'a: short,slow']);
    });
});
