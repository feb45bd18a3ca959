import { join } from 'node:path';

import { Dictionary, getMethodId } from '@ton/core';

import { compile as adNetwork } from '../compilables/AdNetwork.compile';
import { compile as campaign } from '../compilables/Campaign.compile';
import { compile as channelAccount } from '../compilables/ChannelAccount.compile';
import { compile as usernameCollection } from '../compilables/UsernameCollection.compile';
import { compile as usernameItem } from '../compilables/UsernameItem.compile';
import { contracts, loadCode, type ContractName } from '../compilables/compile';
import type { Check } from './helpers/func-checks';
import {
    findMagicThrows,
    findMissingImpure,
    findUnnamedModes,
    findUnused,
    findUnusedResults,
} from './helpers/func-checks';
import { FuncProgram, parseFunc, readFuncFiles } from '../tools/func-source';

// Every check runs over the contracts, where it finds nothing, and over samples of what it is there to catch.

const root = join(__dirname, '..');

/** What a check finds in one file; the sample may use the stdlib names below. */
function findIn(check: Check, sample: string, path = 'contracts/sample.fc'): string[] {
    const prelude = `
        () set_data(cell data) impure asm "c4 POP";
        cell begin_parse(cell c) asm "CTOS";
        (slice, int) load_coins(slice s) asm(-> 1 0) "LDGRAMS";
    `;
    const files = new Map([
        ['contracts/sample.fc', parseFunc(`#include "prelude.fc"; #include "lib/messages.fc"; ${sample}`, path)],
        ['contracts/prelude.fc', parseFunc(prelude, 'contracts/prelude.fc')],
        [
            'contracts/lib/messages.fc',
            parseFunc(
                `const int mode::carry = 64; const int reserve::exactly = 0;
                () send_message(cell message, int mode) impure asm "SENDRAWMSG";
                () reserve_balance(int amount, int mode) impure asm "RAWRESERVE";`,
                'contracts/lib/messages.fc',
            ),
        ],
    ]);
    return check([new FuncProgram(files, 'contracts/sample.fc')])
        .filter((finding) => finding.startsWith('contracts/sample.fc:'))
        .map((finding) => finding.replace(/^[^ ]* /, ''));
}

describe('the contracts', () => {
    const files = readFuncFiles(root);
    const targets = [usernameCollection, usernameItem, channelAccount, campaign, adNetwork].flatMap(
        (compile) => compile.targets,
    );
    let programs: FuncProgram[];

    beforeAll(() => {
        programs = targets.map((target) => new FuncProgram(files, target));
    });

    it.each<[string, Check]>([
        ['mark every function with an effect impure', findMissingImpure],
        ['read the result of every call without an effect', findUnusedResults],
        ['name every send mode and reserve mode', findUnnamedModes],
        ['name every exit code', findMagicThrows],
        ['use every function, op code, error, tag and other constant', findUnused],
    ])('%s', (_, check) => {
        expect(check(programs)).toEqual([]);
    });

    it('are all compiled', () => {
        const reached = new Set(programs.flatMap((program) => program.files.map((file) => file.path)));
        expect([...files.keys()].filter((path) => !reached.has(path))).toEqual([]);
    });

    // Indexers find out what a contract is by its methods, and read those from behind the first two instructions
    it.each(Object.keys(contracts) as ContractName[])(
        '%s shows its methods and enters messages in the root',
        (name) => {
            const code = loadCode(name);
            const start = code.beginParse();
            expect(start.loadUint(30)).toBe(0x3fc03d29); // SETCP0, DICTPUSHCONST with a dictionary
            expect(start.loadUint(10)).toBe(19);
            const value = { serialize: () => {}, parse: () => null };
            const methods = Dictionary.loadDirect(Dictionary.Keys.Int(19), value, start.loadRef()).keys();
            const { functions } = programs[targets.indexOf(contracts[name].targets[0]!)]!;
            const expected = [...functions.values()].flatMap(({ name: method, methodId }) =>
                methodId === null ? [] : [methodId === 'name' ? getMethodId(method) : methodId],
            );
            const externals = functions.has('recv_external') ? [-1] : [];
            const byNumber = (a: number, b: number): number => a - b;
            expect(methods.sort(byNumber)).toEqual([...externals, ...expected].sort(byNumber));
        },
    );
});

describe('findMissingImpure', () => {
    it.each([
        [
            'a throw',
            'int check(int x) { throw_unless(error::a, x); return x; }',
            ['check calls throw_unless and is not impure'],
        ],
        [
            'a throw of a value',
            'int check(int x) inline { throw_arg_if(x, error::a, x); return x; }',
            ['check calls throw_arg_if and is not impure'],
        ],
        ['a function that returns nothing', '() nothing() { }', ['nothing returns nothing and is not impure']],
        [
            'a write',
            'int save(cell c) { set_data(c); return 1; }',
            ['save calls set_data, which has an effect and is not impure'],
        ],
        [
            'a send',
            'int f(cell c) { c.send_message(mode::carry); return 1; }',
            ['f calls send_message, which has an effect and is not impure'],
        ],
        ['a write to a global', 'global int x; int f() { x = 1; return 1; }', ['f writes a global and is not impure']],
        [
            'a write to a global in a tuple',
            'global int x; int f() { (int y, x) = (1, 2); return y; }',
            ['f writes a global and is not impure'],
        ],
        [
            'a modified global',
            'global slice x; int f() { return x~load_coins(); }',
            ['f writes a global and is not impure'],
        ],
        ['an asm function that throws', 'slice end(slice s) asm "DUP ENDS";', ['end throws and is not impure']],
        ['an asm function that writes', 'int f(cell c) asm "c4 POP 1 PUSHINT";', ['f writes and is not impure']],
        ['an asm function that accepts', '() accept() asm "ACCEPT";', ['accept returns nothing and is not impure']],
    ])('finds %s', (_, sample, findings) => {
        expect(findIn(findMissingImpure, sample)).toEqual(findings);
    });

    it('follows calls, declared later or called as methods', () => {
        const sample = `
            int outer(slice s) { return s.middle(); }
            int middle(slice s) { return inner(s); }
            int inner(slice s) impure { throw_if(error::a, s~load_coins()); return 1; }`;
        expect(findIn(findMissingImpure, sample)).toEqual([
            'outer calls middle, which has an effect and is not impure',
            'middle calls inner, which has an effect and is not impure',
        ]);
    });

    it('tells ~f from f', () => {
        const sample = `
            (slice, ()) ~skip(slice s) impure { throw(error::a); return (s, ()); }
            slice skip(slice s) { return s; }
            slice pure(slice s) { return s.skip(); }
            slice effect(slice s) { s~skip(); return s; }`;
        expect(findIn(findMissingImpure, sample)).toEqual([
            'effect calls ~skip, which has an effect and is not impure',
        ]);
    });

    it('leaves alone what has no effect, and get-methods that nothing calls', () => {
        const sample = `
            global int x;
            ;; throw_if(error::a, 1) in a comment {- and here set_data -}
            int read(int y) { return x + (y == x); }
            int get_read() method_id { throw_if(error::a, x); return read(1); }`;
        expect(findIn(findMissingImpure, sample)).toEqual([]);
        expect(findIn(findMissingImpure, `${sample} int f() { return get_read(); }`)).toHaveLength(2);
    });
});

describe('findUnusedResults', () => {
    it.each([
        [
            'a dropped result',
            'int check(int x) { return x; } () f() impure { check(1); }',
            'the result of check is dropped',
        ],
        [
            'a dropped result of a method',
            'int check(int x) { return x; } () f(int x) impure { if (x) { x.check(); } }',
            'the result of check is dropped',
        ],
        [
            'a variable that is never read',
            '() f(slice s) impure { int coins = s~load_coins(); }',
            'coins in f is never read',
        ],
        ['one in a tuple', 'int f(slice s) { (s, int coins) = s.load_coins(); return s; }', 'coins in f is never read'],
    ])('finds %s', (_, sample, finding) => {
        expect(findIn(findUnusedResults, sample)).toEqual([finding]);
    });

    it('leaves alone results that are read, skipped fields and calls with an effect', () => {
        const sample = `
            (slice, int) guard(slice s) impure { throw_if(error::a, 1); return (s, 1); }
            int double(int x) { return 2 * x; }
            int f(slice s) impure {
                guard(s);
                s~load_coins();
                (s, _) = s.load_coins();
                int coins = s~load_coins();
                throw_if(error::a, double(coins));
                coins = double(3);
                return double(coins);
            }`;
        expect(findIn(findUnusedResults, sample)).toEqual([]);
    });
});

describe('findUnnamedModes', () => {
    it.each([
        ['a number', '() f(cell c) impure { send_message(c, 64); }', 'send_message takes the mode 64'],
        [
            'a number added to a name',
            '() f(cell c) impure { send_message(c, mode::carry + 2); }',
            'send_message takes the mode mode::carry + 2',
        ],
        [
            'a number behind a condition',
            '() f(cell c, int x) impure { send_message(c, x ? mode::carry : 0x80); }',
            'send_message takes the mode mode::carry : 0x80',
        ],
        ['a number in a method call', '() f(cell c) impure { c.send_message(3); }', 'send_message takes the mode 3'],
        [
            'a number that another function passes on',
            '() f(int mode, cell c) impure { send_message(c, mode); } () g(cell c) impure { f(2, c); }',
            'f takes the mode 2',
        ],
        [
            'a constant of another name',
            'const int CARRY = 64; () f(cell c) impure { send_message(c, CARRY); }',
            'send_message takes the mode CARRY',
        ],
        ['a variable', '() f(cell c) impure { int m = 64; send_message(c, m); }', 'send_message takes the mode m'],
        ['a reserve mode', '() f() impure { reserve_balance(1, 4); }', 'reserve_balance takes the mode 4'],
        ['a builtin', '() f(cell c) impure { send_raw_message(c, 1); }', 'send_raw_message takes the mode 1'],
        ['a mode named elsewhere', 'const int mode::mine = 3;', 'mode::mine is outside contracts/lib/messages.fc'],
        [
            'a send elsewhere',
            '() push(cell c, int mode) impure asm "SENDRAWMSG";',
            'push sends or reserves outside contracts/lib/messages.fc',
        ],
    ])('finds %s', (_, sample, finding) => {
        expect(findIn(findUnnamedModes, sample)).toEqual([finding]);
    });

    it('leaves alone names, choices of names and modes passed on', () => {
        const sample = `
            () answer(cell c, int mode) impure { send_message(c, mode); }
            () f(cell c, int x) impure {
                c.answer(mode::carry);
                send_message(c, x > 3 ? mode::carry : mode::carry);
                reserve_balance(100, reserve::exactly);
            }`;
        expect(findIn(findUnnamedModes, sample)).toEqual([]);
    });
});

describe('findMagicThrows', () => {
    it.each([
        ['throw', '() f() impure { throw(201); }', 'throw takes a number'],
        ['throw_unless', '() f() impure { throw_unless(0xffff, 1); }', 'throw_unless takes a number'],
        ['throw_arg_if', '() f(int x) impure { throw_arg_if(x, 9, x); }', 'throw_arg_if takes a number'],
        ['an asm function', '() f() impure asm "201 THROW";', 'f throws a number'],
    ])('finds a number in %s', (_, sample, finding) => {
        expect(findIn(findMagicThrows, sample)).toEqual([finding]);
    });

    it('leaves alone names, and numbers in the condition', () => {
        const sample =
            '() f(int code, int x) impure { throw(code); throw_if(error::a, x > 9); throw_arg_if(1, error::a, x); }';
        expect(findIn(findMagicThrows, sample)).toEqual([]);
    });
});

describe('findUnused', () => {
    it.each([
        ['a function', 'int f() { return 1; }', ['f is unused']],
        ['a chain of functions', 'int f() { return g(); } int g() { return 1; }', ['f is unused', 'g is unused']],
        ['an asm function', 'int f() asm "NOW";', ['f is unused']],
        ['an op code', 'const int op::a = 1;', ['op::a is unused']],
        [
            'an error that only a comment names',
            'const int error::a = 201; ;; error::a\n() recv_internal() impure { }',
            ['error::a is unused'],
        ],
        [
            'a constant that only an unused function names',
            'const int tag::a = 1; int f() { return tag::a; }',
            ['f is unused', 'tag::a is unused'],
        ],
    ])('finds %s', (_, sample, findings) => {
        expect(findIn(findUnused, sample)).toEqual(findings);
    });

    it('leaves alone what an entry point, a get-method or a used constant reaches', () => {
        const sample = `
            const int op::a = 1;
            const int BASE = 2;
            const int TWICE = BASE * 2;
            int f(slice s) { return s~g(); }
            (slice, int) ~g(slice s) { return (s, op::a); }
            int get_x() method_id { return TWICE; }
            () recv_internal(slice s) impure { throw(f(s)); }`;
        expect(findIn(findUnused, sample)).toEqual([]);
    });
});
