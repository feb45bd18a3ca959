import { join } from 'node:path';

import * as core from '@ton/core';
import type { Blockchain, BlockchainSnapshot } from '@ton/sandbox';

import { readFields, type ReferenceItem, readReference } from '../tools/reference/read';
import * as gramhouse from '../wrappers';
import * as code from '../wrappers/code';
import type { ExampleScope } from './helpers/example-scope';
import { createExampleWorld } from './helpers/example-world';
import { complaints, snippetRunner } from './helpers/snippets';

const FILE = 'examples.ts';
const SCOPE = join(__dirname, 'helpers', 'example-scope.ts');
const MAX_LINES = 5;

/** What an example is checked with: what it shows as `// => value`, and as `// throws code`. */
type Examiner = {
    shows(actual: unknown, expected: unknown): void;
    throws(run: () => unknown, code: string): Promise<void>;
};
type Examples = Record<string, (scope: ExampleScope, examine: Examiner) => Promise<void>>;

const sections = readReference();
const needExample = sections
    .flatMap(({ items }) => items)
    .filter(({ kind }) => kind === 'class' || kind === 'function');
const present = needExample.filter(({ example }) => example !== null);

/** The examples as one module: each is a function, in which what its comments promise is checked. */
function programOf(items: ReferenceItem[]): string {
    const imports = sections.map((section) => {
        const values = section.items.filter(({ kind }) => kind !== 'type').map(({ name }) => name);
        return `import { ${values.join(', ')} } from '${section.path}';\n`;
    });
    const scope = readFields(SCOPE).map(({ name }) => name);
    const functions = items.map(({ name, example }) => {
        const lines = example!.split('\n').map(examined);
        return `async ${name}({ ${scope.join(', ')} }: ExampleScope, examine: Examiner) {{\n${lines.join('\n')}\n}},\n`;
    });
    return (
        `import { Address, beginCell, Cell, toNano } from '@ton/core';\n${imports.join('')}` +
        "import type { ExampleScope } from './example-scope';\n" +
        'type Examiner = { shows<T>(actual: T, expected: NoInfer<T>): void; ' +
        'throws(run: () => unknown, code: string): Promise<void> };\n' +
        `export const examples = {\n${functions.join('')}};\n`
    );
}

function examined(line: string): string {
    const [, indent, statement, promise, value] = /^(\s*)(.+); \/\/ (=>|throws) (.+)$/.exec(line) ?? [];
    switch (promise) {
        case '=>':
            return `${indent}examine.shows(${statement}, ${value});`;
        case 'throws':
            return `${indent}await examine.throws(async () => ${statement}, '${value}');`;
        default:
            return line;
    }
}

/** An example shows what works. */
function isFailed({ description }: core.Transaction): boolean {
    return description.type === 'generic' && description.aborted && description.computePhase.type === 'vm';
}

describe('Every public class and function has an example that works', () => {
    const snippets = new Map([[FILE, programOf(present)]]);
    const modules: Record<string, unknown> = { '@ton/core': core, 'gramhouse/code': code };
    const load = snippetRunner(snippets, (path) => modules[path] ?? gramhouse);
    const { examples } = load(FILE) as { examples: Examples };
    let chain: Blockchain;
    let scope: ExampleScope;
    let start: BlockchainSnapshot;

    beforeAll(async () => {
        ({ chain, scope } = await createExampleWorld());
        start = chain.snapshot();
        // API v3 of an account without transactions
        jest.spyOn(globalThis, 'fetch').mockImplementation(() =>
            Promise.resolve(new Response(JSON.stringify({ transactions: [] }))),
        );
    });

    afterAll(() => jest.restoreAllMocks());

    it(`has one of 1 to ${MAX_LINES} lines in each docstring`, () => {
        const missing = needExample.filter(({ example }) => !example).map(({ name }) => name);
        const long = present.filter(({ example }) => example!.split('\n').length > MAX_LINES).map(({ name }) => name);
        expect({ missing, long }).toEqual({ missing: [], long: [] });
    });

    it('compiles them', () => {
        expect(complaints(snippets, { noUnusedLocals: false, noUnusedParameters: false })).toEqual([]);
    });

    it.each(present.map(({ name }) => name))('runs that of %s', async (name) => {
        await chain.loadFrom(start);
        await examples[name]!(scope, {
            shows: (actual, expected) => expect(actual).toEqual(expected),
            throws: async (run, errorCode) => {
                await expect(run()).rejects.toMatchObject({ name: 'GramhouseError', code: errorCode });
            },
        });
        const sent = chain.snapshot().transactions.slice(start.transactions.length);
        expect(sent.filter(isFailed).map((tx) => tx.address.toString(16))).toEqual([]);
    });
});
