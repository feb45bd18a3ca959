import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { claimsOf, faultOf } from '../tools/guarantees';
import { Schema } from './helpers/tlb';

const page = (name: string): string => readFileSync(join(__dirname, '../docs', name), 'utf8');

describe('a page of claims', () => {
    const PAGE = [
        'A word | in the text.',
        '| Claim | Shown by |',
        '| ----- | -------- |',
        '| It pays. | `a.spec.ts › pays` |',
        '| It rests. |  |',
        '',
        '| Other | Column |',
        '| ----- | ------ |',
        '| Not | `this` |',
    ].join('\n');
    const titles = new Map([
        ['a.spec.ts › pays › once', 'passed'],
        ['a.spec.ts › pays › twice', 'failed'],
        ['a.spec.ts › rests', 'pending'],
    ]);

    it('is read row by row', () => {
        expect(claimsOf(PAGE)).toEqual([
            { claim: 'It pays.', test: 'a.spec.ts › pays' },
            { claim: 'It rests.', test: '' },
        ]);
    });

    it('holds only if every test that it names passed', () => {
        expect(faultOf('a.spec.ts › pays › once', titles)).toBeNull();
        expect(faultOf('a.spec.ts › pays', titles)).toBe('a.spec.ts › pays › twice is failed');
        expect(faultOf('a.spec.ts › rests', titles)).toBe('a.spec.ts › rests is pending');
        expect(faultOf('a.spec.ts › sings', titles)).toBe('no test is called "a.spec.ts › sings"');
        expect(faultOf('', titles)).toBe('no test is called ""');
    });

    it.each(['guarantees.md', 'peers.md'])('%s has claims, each with a test', (name) => {
        const claims = claimsOf(page(name));
        expect(claims.length).toBeGreaterThan(30);
        expect(claims.filter(({ test }) => !/^[\w/-]+\.spec\.ts( › |$)/.test(test))).toEqual([]);
    });
});

it('the states are reached by messages of the schema', () => {
    const known = new Set([
        ...Schema.load('usernames.tlb').hexTags().keys(),
        ...Schema.load('ads.tlb').hexTags().keys(),
    ]);
    const named = [...page('states.md').matchAll(/-->.*?: (.*)/g)].flatMap(
        ([, label]) => label?.match(/\w+_\w+/g) ?? [],
    );
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
});
