import { compileFunc } from '@ton-community/func-js';
import { Address, Cell, toNano } from '@ton/core';
import { Blockchain, createShardAccount } from '@ton/sandbox';

import { faultsOf } from '../../tools/coverage/gate';
import { addHits, type Hits } from '../../tools/coverage/hits';
import { align } from '../../tools/coverage/lines';
import { type Coverage, measureContract, sourceLines } from '../../tools/coverage/measure';
import { lcovReport, textReport } from '../../tools/coverage/report';
import { configOf, PRICE_LISTS } from '../helpers/base-world';

// The tool is right about a contract whose every line is known.

const SOURCE = `#pragma version =0.4.6;
int twice(int x) inline {
    return x + x;
}
int big?(int x) inline_ref {
    return x > 100;
}
() log(int x) impure asm "1 INT DROP DROP";
(int) choose(int x) method_id(100) {
    int y = 0;
    if (x > 5) {
        y = twice(x);
    } elseif (x > 3) {
        y = 7;
    } else {
        y = -1;
    }
    ifnot (big?(y)) { y += 1; }
    while (x > 20) { ;; a comment with { and ;
        x -= 20;
        y += "5"u;
    }
    if (x == 2) {
        return 9;
    }
    if (x == 1) {
        return y;
    }
    log(
        y);
    return y + 1;
}
int unused(int x) { return x; }
() recv_internal() impure { }
`;

const address = new Address(0, Buffer.alloc(32, 3));
const readSource = () => SOURCE;

/** What the calls of `choose` with these numbers cover. */
async function coverageOf(...numbers: number[]): Promise<Coverage> {
    const result = await compileFunc({ targets: ['choose.fc'], sources: readSource });
    if (result.status === 'error') {
        throw new Error(result.message);
    }
    const chain = await Blockchain.create({ config: configOf(PRICE_LISTS[0]![1]) });
    chain.verbosity = { ...chain.verbosity, vmLogs: 'vm_logs_location', print: false };
    const code = Cell.fromBase64(result.codeBoc);
    await chain.setShardAccount(address, createShardAccount({ address, code, data: Cell.EMPTY, balance: toNano('1') }));
    const hits: Hits = new Map();
    for (const number of numbers) {
        const { vmLogs } = await chain.runGetMethod(address, 100, [{ type: 'int', value: BigInt(number) }]);
        addHits(hits, vmLogs);
    }
    const { statements, code: listing } = await measureContract('Choose', 'choose.fc', readSource, hits);
    return { lines: sourceLines(statements), codes: [listing] };
}

const linesThat = ({ lines }: Coverage, what: (hits: number) => boolean): number[] =>
    lines.filter(({ hits }) => what(hits)).map(({ line }) => line);

describe('lines of FunC', () => {
    it('are all that have code, and none of a function that nobody calls', async () => {
        // `return y;` on line 27 adds nothing to the condition above it, which leaves with what lies on the stack
        const all = [3, 6, 10, 11, 12, 14, 16, 18, 19, 20, 21, 23, 24, 26, 29, 31];
        expect(linesThat(await coverageOf(), () => true)).toEqual(all);
    });

    it.each([
        [2, [3, 12, 14, 20, 21, 26, 29, 31]],
        [4, [3, 12, 16, 20, 21, 24]],
        [30, [14, 16, 24]],
    ])('that choose(%i) misses', async (x, missed) => {
        expect(linesThat(await coverageOf(x), (hits) => hits === 0)).toEqual(missed);
    });

    it('count how often they ran; a line of two statements as often as the rarer one', async () => {
        const { lines } = await coverageOf(63, 4);
        const counts = lines.filter(({ line }) => [10, 14, 18, 20, 31].includes(line)).map(({ hits }) => hits);
        expect(counts).toEqual([2, 1, 1, 3, 2]);
    });
});

describe('the gate', () => {
    const entry = { file: 'choose.fc', function: 'choose', line: 'return 9;', reason: 'x is never 2' };
    let coverage: Coverage;

    beforeAll(async () => {
        coverage = await coverageOf(0, 1, 4, 6, 63);
    });

    /** The faults without those of instructions, which are others here. */
    const faults = (...list: (typeof entry)[]) => faultsOf({ ...coverage, codes: [] }, list);

    it('fails on a line that did not run, unless it is listed', () => {
        expect(faults()).toEqual(['Not covered: choose.fc, choose: return 9; (choose.fc:24)']);
        expect(faults(entry)).toEqual([]);
    });

    it('fails on a listed line that ran, on one that is gone and on an entry without a reason', () => {
        expect(faults(entry, { ...entry, line: 'return y + 1;' })).toEqual([
            'Stale, it is covered or gone: choose.fc, choose: return y + 1;',
        ]);
        expect(faults(entry, { ...entry, line: 'gone' })).toEqual([
            'Stale, it is covered or gone: choose.fc, choose: gone',
        ]);
        expect(faults({ ...entry, reason: ' ' })).toEqual(['No reason: choose.fc, choose: return 9;']);
    });

    it('fails on an instruction that did not run, unless it is listed', () => {
        const unknownMethod = 'Not covered: Choose, after "return y + 1;": THROWARG 11 (after choose.fc:31)';
        expect(faultsOf(coverage, [])).toContain(unknownMethod);
        const listed = {
            contract: 'Choose',
            instruction: 'THROWARG 11',
            after: 'return y + 1;',
            reason: 'nobody calls it',
        };
        expect(faultsOf(coverage, [listed])).not.toContain(unknownMethod);
    });
});

it('reports as text and as LCOV', async () => {
    const coverage = await coverageOf(6);
    expect(textReport(coverage)).toMatch(/^choose\.fc +11 of 16 +68\.75 %$/m);
    const lcov = lcovReport(coverage);
    expect(lcov).toContain('SF:choose.fc\nDA:3,1\n');
    expect(lcov).toContain('DA:14,0\n');
    expect(lcov).toContain('LF:16\nLH:11\nend_of_record\n');
    expect(lcov).toContain('SF:build/coverage/Choose.code\n');
});

it('aligns by the longest common subsequence', () => {
    const at = (a: string, b: string) => align([...a], [...b]).map((i) => i ?? -1);
    expect(at('abc', 'abc')).toEqual([0, 1, 2]);
    expect(at('abcd', 'acad')).toEqual([0, -1, 1, 3]);
    expect(at('xab', 'ab')).toEqual([-1, 0, 1]);
    expect(at('', 'ab')).toEqual([]);
    expect(at('ab', '')).toEqual([-1, -1]);
});
