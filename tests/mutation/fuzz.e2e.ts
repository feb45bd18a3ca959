import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { compileFunc } from '@ton-community/func-js';
import { Cell } from '@ton/core';

import { type ContractName, contracts, overrideCode } from '../../compilables/compile';
import { type Half, keep, open } from '../../tools/fuzz/attack';
import { Coverage } from '../../tools/fuzz/coverage';
import { mutantsOf, mutated } from '../../tools/mutation/mutants';
import { Stage as AdsStage } from '../ads/model/play';
import type { Step as AdsStep } from '../ads/model/steps';
import { Stage as UsernamesStage } from '../usernames/model/play';
import type { Sequence as UsernamesSequence } from '../usernames/model/steps';

const root = join(__dirname, '../..');
const read = (path: string): string => readFileSync(join(root, path), 'utf8');

/** The contract with one mistake, for this file's `loadCode`. */
async function breakContract(name: ContractName, file: string, inside: string, mutation: string): Promise<void> {
    const mutant = mutantsOf(file, read(file)).find((it) => it.inside === inside && it.mutation === mutation);
    if (!mutant) {
        throw new Error(`No ${mutation} in ${inside}`);
    }
    const result = await compileFunc({
        targets: contracts[name].targets,
        sources: (path) => (path === file ? mutated(read(path), mutant) : read(path)),
    });
    if (result.status === 'error') {
        throw new Error(result.message);
    }
    overrideCode(name, Cell.fromBase64(result.codeBoc));
}

describe('a broken contract', () => {
    let folder: string;
    beforeAll(() => {
        folder = mkdtempSync(join(tmpdir(), 'fuzz-'));
    });
    afterAll(() => rmSync(folder, { recursive: true }));

    const play = async (half: Half, sequence: unknown): Promise<void> =>
        half === 'usernames'
            ? (await UsernamesStage.create()).play(sequence as UsernamesSequence)
            : (await AdsStage.create()).play(sequence as AdsStep[]);

    it.each<[Half, ContractName, string, string, string]>([
        ['usernames', 'UsernameItem', 'contracts/usernames/auction.fc', 'calc_bid_step', 'rounding: max → min'],
        ['ads', 'AdNetwork', 'contracts/ads/split.fc', 'calc_owner_share', 'rounding: muldivc → muldiv'],
    ])(
        'of %s is found by the random model, and the sequence is kept once',
        async (half, name, file, inside, mutation) => {
            const path = join(folder, `${half}.json`);
            await breakContract(name, file, inside, mutation);
            const arena = await open(half);
            const { failure } = await arena.attack({ seed: 1, numRuns: 40, endOnFailure: true });
            expect(failure).not.toBeNull();
            expect(arena.coverage.operations).toBeGreaterThan(0);
            expect(keep(path, failure!)).toBe(true);
            expect(keep(path, failure!)).toBe(false);

            const kept = JSON.parse(readFileSync(path, 'utf8')) as { found: string; sequence: unknown }[];
            expect(kept).toEqual([{ found: `npm run fuzz: ${failure!.error}`, sequence: failure!.sequence }]);
            await expect(play(half, kept[0]!.sequence)).rejects.toThrow();
            overrideCode(name, null);
            await play(half, kept[0]!.sequence);
        },
        300_000,
    );
});

it('the coverage counts each message by the state that it met', () => {
    const coverage = new Coverage();
    coverage.note('bid', 'open', true);
    coverage.note('bid', 'open', false);
    coverage.note('settle', 'idle', false);
    const sum = new Coverage();
    sum.merge(coverage.list());
    sum.merge(coverage.list());
    expect(sum.operations).toBe(6);
    expect(sum.table().split('\n')).toEqual([
        'accepted/refused  idle  open',
        'bid               .     2/2',
        'settle            0/2   .',
    ]);
    sum.clear();
    expect(sum.operations).toBe(0);
});
