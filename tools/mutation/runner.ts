import { join } from 'node:path';

import { jestExpect } from '@jest/expect';
import * as circus from 'jest-circus';

// Jest's own runner and `expect` without what costs seconds a file: no module registry and no worker of its own. It
// stays in one process, where the libraries are loaded once.

const root = join(__dirname, '../..');
const setupFile = join(root, 'tests/helpers/setup.ts');

/** No test fails for being slow: watchdog.ts ends those that never do. */
const TEST_MILLISECONDS = 3_600_000;

export interface Failure {
    readonly spec: string;
    /** The titles of the describes around the test and its own; empty when the file cannot even be loaded. */
    readonly test: string;
    readonly error: string;
}

type State = ReturnType<typeof circus.getState>;
export type Block = State['rootDescribeBlock'];
export type Test = Extract<Block['children'][number], { type: 'test' }>;

let isPrepared = false;

/** The globals of a spec file and the project's setup, once in a process. */
export async function prepare(): Promise<void> {
    const { afterAll, afterEach, beforeAll, beforeEach, describe, it, test } = circus;
    Object.assign(globalThis, { afterAll, afterEach, beforeAll, beforeEach, describe, it, test, expect: jestExpect });
    // What extends `expect` asks for this module, which outside of jest only throws
    const id = require.resolve('@jest/globals');
    require.cache[id] = { id, filename: id, loaded: true, exports: { expect: jestExpect } } as unknown as NodeModule;
    await import(setupFile);
    isPrepared = true;
}

/** What takes time to load, or changes a library, and loads no code. */
const KEPT = [
    setupFile,
    ...['base-world', 'emulator', 'random', 'tlb'].map((name) => join(root, `tests/helpers/${name}.ts`)),
];

/** Forgets the modules of the tests, which hold the code that they loaded. */
export function forgetSpecs(): void {
    const isSpec = (path: string) => path.startsWith(join(root, 'tests')) && !KEPT.includes(path);
    for (const path of Object.keys(require.cache).filter(isSpec)) {
        delete require.cache[path];
    }
    module.children = module.children.filter(({ filename }) => !isSpec(filename));
}

/** The name by which `runSpec` finds a test. */
export const idOf = (test: Test): string => {
    const titles = [test.name];
    for (let block: Block | undefined = test.parent; block?.parent; block = block.parent) {
        titles.unshift(block.name);
    }
    return titles.join(' ');
};

/** The test that runs just now, or the block whose hooks do. */
export function running(): Test | Block {
    const { currentlyRunningTest, currentDescribeBlock } = circus.getState();
    return currentlyRunningTest ?? currentDescribeBlock;
}

/** Milliseconds of processor time by what it was spent on: a test with the hooks around it, or the hooks of a block. */
export type Spent = Map<Test | Block, number>;

/** Ends a run at its first failure: what would come after it does nothing. */
function stopAtFailure(block: Block, run: { failure: { test: string } | null; spent: Spent }): void {
    const guard = <F>(fn: F, test: string): F =>
        (async () => {
            if (run.failure) {
                return;
            }
            const before = process.cpuUsage();
            try {
                await (fn as () => unknown)();
            } catch (error) {
                run.failure ??= { test };
                throw error;
            } finally {
                const { user, system } = process.cpuUsage(before);
                const subject = running();
                run.spent.set(subject, (run.spent.get(subject) ?? 0) + (user + system) / 1000);
            }
        }) as F;
    for (const hook of block.hooks) {
        hook.fn = guard(hook.fn, '');
    }
    for (const child of block.children) {
        if (child.type === 'describeBlock') {
            stopAtFailure(child, run);
        } else {
            child.fn = guard(child.fn, idOf(child));
            child.timeout = TEST_MILLISECONDS;
        }
    }
}

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');

/** Runs a spec file, or only these tests of it, up to the first failure; `spent` takes up what it costs. */
export async function runSpec(
    spec: string,
    tests: readonly string[] = [],
    spent: Spent = new Map(),
): Promise<Failure | null> {
    if (!isPrepared) {
        await prepare();
    }
    circus.resetState();
    const testNamePattern = tests.length > 0 ? new RegExp(`^(${tests.map(escaped).join('|')})$`) : null;
    circus.setState({ ...circus.getState(), testTimeout: TEST_MILLISECONDS, testNamePattern });
    try {
        // Once loaded, it would declare no tests the second time
        delete require.cache[join(root, spec)];
        await import(join(root, spec));
    } catch (error) {
        return { spec, test: '', error: String(error) };
    }
    const run: Parameters<typeof stopAtFailure>[1] = { failure: null, spent };
    stopAtFailure(circus.getState().rootDescribeBlock, run);
    const { testResults, unhandledErrors } = await circus.run();
    if (testResults.length === 0) {
        throw new Error(`${spec} has no tests`);
    }
    // A test that takes too long fails without an error of its own
    const failed = testResults.find(({ errors }) => errors.length > 0);
    const error = failed?.errors[0] ?? unhandledErrors[0];
    if (error === undefined) {
        return null;
    }
    return { spec, test: run.failure?.test ?? failed?.testPath.slice(1).join(' ') ?? '', error };
}
