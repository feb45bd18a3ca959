import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { beginCell, type Cell } from '@ton/core';

import { type ContractName, overrideCode } from '../../compilables/compile';
import type { Mutant } from '../../tools/mutation/mutants';
import { WorkerProcess } from '../../tools/mutation/process';
import { isReal, Run } from '../../tools/mutation/run';
import { State } from '../../tools/mutation/state';
import { cellName } from '../../tools/mutation/trace';
import type { Reply, Request } from '../../tools/mutation/worker';

// Workers that answer from a table stand for those that compile and run tests.

const CONTRACT: ContractName = 'UsernameItem';
const SPEC_A = 'tests/usernames/a.spec.ts';
const SPEC_B = 'tests/usernames/b.spec.ts';

/** A code of one cell, with an instruction in each byte. */
const codeOf = (bytes: string): Cell => beginCell().storeBuffer(Buffer.from(bytes)).endCell();
const ORIGINAL = codeOf('012345');

/** Each test, its file, and the bytes of the code that it runs. */
const TESTS: Record<string, { spec: string; bytes: number[] }> = {
    early: { spec: SPEC_A, bytes: [1] },
    needy: { spec: SPEC_A, bytes: [2] },
    late: { spec: SPEC_B, bytes: [2, 3] },
};

/** What a mutant compiles to, null if to nothing, and which tests fail on that, or do not end. */
interface Fake {
    bytes: string | null;
    fails?: string[];
    hangs?: boolean;
    /** Processor time of each of its tests. */
    milliseconds?: number;
}

const mutantOf = (name: string): Mutant => ({
    file: 'contracts/usernames/item.fc',
    line: 1,
    inside: name,
    source: name,
    mutation: name,
    nth: 1,
    from: 0,
    to: 0,
    text: '',
});

describe('a run of mutants', () => {
    let root: string;
    let asked: Request[];
    let fakes: Record<string, Fake>;

    beforeEach(() => {
        root = mkdtempSync(join(tmpdir(), 'mutation-'));
        ['contracts', 'tests/ads', 'tests/helpers', 'tests/usernames', 'tools/coverage', 'wrappers'].forEach((folder) =>
            mkdirSync(join(root, folder), { recursive: true }),
        );
        [SPEC_A, SPEC_B].forEach((spec) => writeFileSync(join(root, spec), spec));
        overrideCode(CONTRACT, ORIGINAL);
        asked = [];
        jest.spyOn(WorkerProcess.prototype, 'ask').mockImplementation(answer);
    });

    afterEach(() => {
        jest.restoreAllMocks();
        overrideCode(CONTRACT, null);
        rmSync(root, { recursive: true });
    });

    const underTest = new WeakMap<WorkerProcess, Fake>();

    async function answer(this: WorkerProcess, request: Request): Promise<Reply | null> {
        asked.push(request);
        await Promise.resolve();
        const milliseconds = 1;
        if (request.ask === 'trace') {
            const traced = Object.entries(TESTS)
                .filter(([, { spec }]) => spec === request.spec)
                .map(([test, { spec, bytes }]) => {
                    const places = { [cellName(ORIGINAL.hash().toString('hex'))]: bytes.map((byte) => 8 * byte) };
                    return { spec, test, milliseconds, setup: 0, places };
                });
            return { traced, milliseconds };
        }
        if (request.ask === 'compile') {
            const fake = fakes[request.mutant.inside]!;
            underTest.set(this, fake);
            const code = fake.bytes === null ? null : codeOf(fake.bytes);
            const codes = code && (code.equals(ORIGINAL) ? {} : { [CONTRACT]: code.toBoc().toString('base64') });
            return { codes, milliseconds };
        }
        const { fails = [], hangs = false, milliseconds: spent = 1 } = underTest.get(this)!;
        this.milliseconds += spent;
        const failing = request.original ? 'needy' : fails.find((test) => request.tests.includes(test));
        const failure =
            failing !== undefined && request.tests.includes(failing)
                ? { spec: request.spec, test: failing, error: '' }
                : null;
        return hangs ? null : { failure, milliseconds: spent };
    }

    async function outcomes(limit?: number): Promise<string[]> {
        const told: string[] = [];
        const run = new Run(
            root,
            new State(root, join(root, 'state.jsonl')),
            () => [CONTRACT],
            1,
            ({ mutant, outcome }) =>
                told.push(`${mutant.inside}: ${[outcome.is, outcome.killer?.test].filter(Boolean).join(' by ')}`),
        );
        await run.all(Object.keys(fakes).map(mutantOf), limit);
        expect(run.results).toHaveLength(told.length);
        return told;
    }

    /** The tests that were run on mutants. */
    const tried = (): string[] => asked.flatMap((it) => (it.ask === 'spec' && !it.original ? [it.tests.join()] : []));

    it('has one killed by the test that fails, of those that run what it changed', async () => {
        fakes = { first: { bytes: '0x2345', fails: ['early', 'late'] }, second: { bytes: '012x45', fails: ['late'] } };
        expect(await outcomes()).toEqual(['first: killed by early', 'second: killed by late']);
        expect(tried()).toEqual(['early', 'late']);
    });

    it('has one survive that no test runs, or on which none fails', async () => {
        fakes = { unreached: { bytes: 'x12345', fails: ['early'] }, unnoticed: { bytes: '0x2345' } };
        expect(await outcomes()).toEqual(['unreached: survived', 'unnoticed: survived']);
        expect(tried()).toEqual(['early']);
    });

    it('counts one killed on which a test does not end', async () => {
        fakes = { endless: { bytes: '0x2345', hangs: true } };
        expect(await outcomes()).toEqual(['endless: hung']);
    });

    it('does not count what is no mutant, and runs no test on it', async () => {
        fakes = {
            broken: { bytes: null },
            same: { bytes: '012345' },
            first: { bytes: '0x2345', fails: ['early'] },
            again: { bytes: '0x2345', fails: ['early'] },
            second: { bytes: '0y2345' },
            third: { bytes: '0z2345' },
        };
        expect(await outcomes(2)).toEqual([
            'broken: invalid',
            'same: equal',
            'first: killed by early',
            'again: equal',
            'second: survived',
        ]);
        expect(tried()).toEqual(['early', 'early']);
    });

    it('believes no test that fails without the others of its file, asks that once and goes on', async () => {
        fakes = {
            first: { bytes: '01x345', fails: ['needy', 'late'] },
            second: { bytes: '01y345', fails: ['needy'] },
        };
        expect(await outcomes()).toEqual(['first: killed by late', 'second: survived']);
        // It is not even tried on the second
        expect(tried()).toEqual(['needy', 'late', 'late']);
        const alone = asked.flatMap((it) => (it.ask === 'spec' && it.original ? it.tests : []));
        expect(alone).toEqual(['needy', 'late']);
    });

    it('tries the others of the same file after one that it does not believe', async () => {
        fakes = { both: { bytes: '0xx345', fails: ['needy', 'early'] } };
        expect(await outcomes()).toEqual(['both: killed by early']);
        expect(tried()).toEqual(['late', 'early,needy', 'early']);
    });

    it('puts off what takes long until the others had their turn, and counts all of its time', async () => {
        fakes = {
            slow: { bytes: '01xx45', fails: [], milliseconds: 6001 },
            quick: { bytes: '0x2345', fails: ['early'] },
        };
        expect(await outcomes()).toEqual(['quick: killed by early', 'slow: survived']);
        const { outcomes: stored } = new State(root, join(root, 'state.jsonl'));
        expect([...stored.values()].map(({ milliseconds }) => milliseconds)).toEqual([2, 2 * 6001]);
    });

    it('goes on where it was stopped', async () => {
        fakes = { first: { bytes: '0x2345', fails: ['early'] }, second: { bytes: '012345' } };
        const before = await outcomes();
        asked = [];
        fakes = { ...fakes, third: { bytes: '0x2345' } };
        expect(await outcomes()).toEqual([...before, 'third: equal']);
        expect(asked.map(({ ask }) => ask)).toEqual(['compile']);
    });

    it('fails where a file fails without a mutation, and stops its workers', async () => {
        fakes = { first: { bytes: '0x2345' } };
        jest.spyOn(WorkerProcess.prototype, 'ask').mockResolvedValue(null);
        const stop = jest.spyOn(WorkerProcess.prototype, 'stop');
        await expect(outcomes()).rejects.toThrow(`${SPEC_A} fails without a mutation, or does not end`);
        expect(stop).toHaveBeenCalledTimes(1);
    });

    it('has as real what tests were run on', () => {
        const kinds = (['invalid', 'equal', 'killed', 'hung', 'survived'] as const).filter((is) =>
            isReal({ mutant: mutantOf(is), outcome: { is } }),
        );
        expect(kinds).toEqual(['killed', 'hung', 'survived']);
    });
});
