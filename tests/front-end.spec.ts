import { Address } from '@ton/core';
import { createElement, type FunctionComponent } from 'react';
import { renderToString } from 'react-dom/server';

import * as gramhouse from '../wrappers';
import { complaints, readSnippets, snippetRunner } from './helpers/snippets';

/** docs/front-end.md promises a bid in so many lines, beside the Buffer. */
const MAX_LINES = 30;

const snippets = readSnippets('front-end.md');
const linesOf = (name: string): number => snippets.get(name)!.trim().split(/\n+/).length;

describe('The code of docs/front-end.md', () => {
    it('is a bid in 30 lines', () => {
        expect(linesOf('auction.ts') + linesOf('main.ts')).toBeLessThanOrEqual(MAX_LINES);
    });

    it('imports the Buffer before anything else', () => {
        for (const entry of ['main.ts', 'App.tsx']) {
            expect(snippets.get(entry)).toMatch(/^import '\.\/buffer';\n/);
        }
    });

    it('compiles in a project for browsers', () => {
        expect(complaints(snippets, { lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'], jsx: 4 })).toEqual([]);
    });

    it('gives the browser its Buffer', () => {
        const { Buffer: own } = globalThis;
        try {
            Reflect.deleteProperty(globalThis, 'Buffer');
            const polyfill = { Buffer: class {} };
            snippetRunner(snippets, () => polyfill)('buffer.ts');
            expect(globalThis.Buffer).toBe(polyfill.Buffer);
        } finally {
            globalThis.Buffer = own;
        }
    });

    it('renders in React', () => {
        const nobody = new Address(0, Buffer.alloc(32)).toString();
        const load = snippetRunner(
            new Map([...snippets].map(([name, code]) => [name, code.replace('COLLECTION', nobody)])),
            (path): unknown => (path === 'gramhouse' ? gramhouse : jest.requireActual(path)),
        );
        const { App } = load('App.tsx') as { App: FunctionComponent<{ name: string }> };
        const page = renderToString(createElement(App, { name: 'alice' }));
        expect(page).toContain('<button disabled="">alice');
    });

    it('is checked: what does not compile is told', () => {
        const wrong = "import { quoteBid } from 'gramhouse';\nquoteBid(1);\n";
        expect(complaints(new Map([['wrong.ts', wrong]]))).toEqual([expect.stringContaining('wrong.ts: ')]);
    });
});
