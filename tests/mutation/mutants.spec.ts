import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { allMutants, keyOf, mutantsOf, mutated, shuffled } from '../../tools/mutation/mutants';
import equivalent from '../../tools/mutation/equivalent.json';
import { OPERATORS } from '../../tools/mutation/operators';

const root = join(__dirname, '../..');

/** The mutations of a function body, by the name of their operator. */
function mutationsOf(body: string, operator?: string): string[] {
    return mutantsOf('sample.fc', `int f(int a, int b) impure {\n${body}\n}`)
        .map(({ mutation }) => mutation)
        .filter((mutation) => operator === undefined || mutation.startsWith(`${operator}: `))
        .map((mutation) => (operator === undefined ? mutation : mutation.slice(operator.length + 2)));
}

describe('the operators', () => {
    it.each<[operator: string, body: string, mutations: string[]]>([
        ['arithmetic', 'a += b - 2;', ['+= → -=', '+= → =', '- → +']],
        ['arithmetic', 'return a * b / 3;', ['* → +', '/ → *']],
        ['rounding', 'return max(muldivc(a, b, 7), a);', ['max → min', 'muldivc → muldiv']],
        ['comparison', 'return (a < b) | (a == b);', ['< → <=', '< → >=', '== → !=']],
        ['boolean', 'return a & ~ b;', ['& → |', '~ → nothing']],
        ['number', 'return a + 5;', ['5 → 6', '5 → 4', '5 → 0']],
        ['number', 'return a ? 1 : 0;', ['1 → 2', '1 → 0', '0 → 1']],
        ['number', 'return s.skip_bits(8).preload_uint(16 + 1);', []],
        ['number', 's = s.store_uint(3, 2);', ['3 → 4', '3 → 2', '3 → 0']],
        ['send mode', 'send_message(m, mode::exact);', ['mode::exact → mode::carry_or_bounce']],
        ['condition negated', 'if (a) { b = 1; } else { b = 2; }', ['if → ifnot']],
        ['condition negated', 'throw_unless(error::a, b);', ['throw_unless → throw_if']],
        ['condition negated', 'do { a += 1; } until (a > b);', ['a > b → (a > b) == 0']],
        ['choice swapped', 'return g(a ? h(b, 1) : b, 2);', ['h(b, 1) : b → b : h(b, 1)']],
        ['never taken', 'if (a) { return error::a; }', ['a → (a) & 0']],
        ['never taken', 'ifnot (a) { b = 1; }', ['a → (a) | -1']],
        ['always taken', 'if (a) { b = 1; }', ['a → (a) | -1']],
        ['guard removed', 'throw_if(error::a, b);', ['throw_if(error::a, b); → nothing']],
        ['guard removed', 'body.end_parse();', ['body.end_parse(); → nothing']],
        ['guard removed', 'check_times(a, b);', ['check_times(a, b); → nothing']],
        ['send removed', 'send_exactly(a, b, 1);', ['send_exactly(a, b, 1); → nothing']],
        ['save removed', 'set_data(begin().end_cell());', ['set_data(begin().end_cell()); → nothing']],
        ['call removed', 'body~handle_if(a);', ['body~handle_if(a); → nothing']],
        ['call removed', 'ds~load_uint(8); ds~skip_bits(8); int c = g(a); return g(b);', []],
        ['assignment removed', 'a = b; (a, b) = (b, a); int c = a;', ['a = b; → nothing']],
        [
            'addressee',
            'send_exactly(refund_to, a, 1);',
            ['refund_to → sender_hash()', 'refund_to → my_address().skip_bits(11)'],
        ],
        ['addressee', 'give(new_message_to(message_sender()));', ['message_sender() → my_address()']],
        ['amount', 'm = m.store_coins(a + b);', ['a + b → (a + b) - 1', 'a + b → (a + b) + 1']],
    ])('%s: %s', (operator, body, mutations) => {
        expect(mutationsOf(body, operator)).toEqual(mutations);
    });

    it('change constants, send modes by their flags, and neither sizes nor comments', () => {
        const source = `const int A = 60; const int size::b = 8; const int op::c = 0x12; const int mode::d = 64; ;; 5 + 5`;
        expect(mutantsOf('sample.fc', source).map(({ inside, mutation }) => `${inside} ${mutation}`)).toEqual([
            'A number: 60 → 61',
            'A number: 60 → 59',
            'A number: 60 → 0',
            'op::c number: 0x12 → 19',
            'mode::d send mode: 64 → 65',
            'mode::d send mode: 64 → 66',
            'mode::d send mode: 64 → 80',
            'mode::d send mode: 64 → 0',
        ]);
    });

    it('change what an asm function does', () => {
        const source = `int min(int x, int y) asm "MIN"; builder new(slice to) asm "NEWC b{010000} STSLICECONST STSLICE";`;
        expect(mutantsOf('sample.fc', source).map(({ mutation }) => mutation)).toEqual([
            'instruction: "MIN" → "MAX"',
            'instruction: "NEWC b{010000} STSLICECONST STSLICE" → "NEWC b{011000} STSLICECONST STSLICE"',
        ]);
    });
});

describe('the mutants of the contracts', () => {
    const mutants = allMutants(root);

    it('come from every operator, and each has its own name', () => {
        const operators = new Set(mutants.map(({ mutation }) => mutation.split(':')[0]));
        expect([...operators].sort()).toEqual([...new Set(OPERATORS.map(({ name }) => name))].sort());
        expect(new Set(mutants.map(keyOf)).size).toBe(mutants.length);
    });

    it('differ from the source at one place', () => {
        for (const mutant of mutants) {
            const source = readFileSync(join(root, mutant.file), 'utf8');
            const text = mutated(source, mutant);
            expect(text).not.toBe(source);
            expect(text.length).toBe(source.length - (mutant.to - mutant.from) + mutant.text.length);
            expect(source.split('\n')[mutant.line - 1]?.trim()).toBe(mutant.source);
        }
    });

    it('are drawn by seed', () => {
        const drawn = (seed: string) => shuffled(mutants, seed).map(keyOf);
        expect(drawn('1')).toEqual(drawn('1'));
        expect(drawn('1')).not.toEqual(drawn('2'));
        expect(drawn('1').sort()).toEqual(mutants.map(keyOf).sort());
    });

    it('include every one that equivalent.json names, each with a reason', () => {
        const keys = new Set(mutants.map(keyOf));
        for (const entry of equivalent as (Parameters<typeof keyOf>[0] & { reason: string })[]) {
            expect(keys).toContain(keyOf(entry));
            expect(entry.reason).toMatch(/\S/);
        }
    });
});
