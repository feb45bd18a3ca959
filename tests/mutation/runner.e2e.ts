import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { ContractName } from '../../compilables/compile';
import { type Mutant, mutantsOf } from '../../tools/mutation/mutants';
import { WorkerProcess } from '../../tools/mutation/process';
import type { Reply } from '../../tools/mutation/worker';

// The worker reads TypeScript and compiles FunC
jest.setTimeout(300_000);

const FIXTURE = 'tests/mutation/fixtures/runner.ts';
const COLLECTION = 'contracts/usernames/collection.fc';

describe('a worker of the mutation tests', () => {
    const worker = new WorkerProcess();
    afterAll(() => worker.stop());

    /** The name of the test that fails; undefined if the worker ended instead of an answer. */
    async function failing(spec: string, tests: string[], original = false): Promise<string | null | undefined> {
        const reply = await worker.ask({ ask: 'spec', spec, tests, seconds: 5, original });
        return reply && 'failure' in reply ? reply.failure && reply.failure.test : undefined;
    }

    it('runs a file up to its first failure, and again', async () => {
        for (let time = 0; time < 2; time++) {
            expect(await failing(FIXTURE, [])).toBe('a file and in a block one that fails (a + b)');
        }
    });

    it('runs chosen tests alone', async () => {
        expect(await failing(FIXTURE, ['a file has a test that passes'])).toBeNull();
        const needy = 'a file has a test that needs the one before';
        expect(await failing(FIXTURE, [needy])).toBe(needy);
        expect(await failing(FIXTURE, ['a file has a test that passes', needy])).toBeNull();
    });

    it('ends with a test that does not, and is there again for the next one', async () => {
        expect(await failing(FIXTURE, ['a file and in a block one that does not end'])).toBeUndefined();
        expect(await failing(FIXTURE, ['a file has a test that passes'])).toBeNull();
    });

    describe('with a mutant', () => {
        const SPEC = 'tests/usernames/dispatch.spec.ts';
        const KILLER = 'the collection keeps a bounce without the original body: it cannot tell whose it is';
        const mutant = mutantsOf(COLLECTION, readFileSync(join(__dirname, '../..', COLLECTION), 'utf8')).find(
            ({ inside, source }) => inside === 'recv_internal' && source.startsWith('body~handle_unbounceable_unless'),
        )!;

        async function codesOf(mutant: Mutant, contracts: ContractName[]): Promise<string[] | null> {
            const reply = await worker.ask({ ask: 'compile', mutant, contracts });
            const { codes } = reply as Extract<Reply, { codes: unknown }>;
            return codes && Object.keys(codes);
        }

        it('runs the tests on its code, and on the contracts as they are when asked to', async () => {
            expect(await codesOf(mutant, ['UsernameCollection', 'UsernameItem'])).toEqual(['UsernameCollection']);
            expect(await failing(SPEC, [])).toBe(KILLER);
            expect(await failing(SPEC, [KILLER], true)).toBeNull();
            expect(await failing(SPEC, [KILLER])).toBe(KILLER);
        });

        it('goes back to the contracts as they are for one that changes nothing', async () => {
            expect(await codesOf(mutant, ['Campaign'])).toEqual([]);
            expect(await failing(SPEC, [])).toBeNull();
        });

        it('tells that it does not compile', async () => {
            expect(await codesOf({ ...mutant, text: '(' }, ['UsernameCollection'])).toBeNull();
        });
    });

    it('tells where the tests of a file go in the code', async () => {
        const reply = await worker.ask({ ask: 'trace', spec: 'tests/usernames/dispatch.spec.ts' });
        const { traced } = reply as Extract<Reply, { traced: unknown }>;
        expect(traced.map(({ test }) => test)).toHaveLength(2);
        for (const { milliseconds, places } of traced) {
            expect(milliseconds).toBeGreaterThan(0);
            expect(Object.values(places).flat().length).toBeGreaterThan(20);
        }
    });
});
