import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { CLAIMS, FALSE_CLAIMS, OVERFLOWING_CLAIM } from './claims';
import { NUMBERS, ownerShare } from './formulas';
import { type Prover, startProver } from './terms';

// The claims hold for all numbers in range, and the prover is one that refutes.

let prover: Prover;

beforeAll(async () => {
    prover = await startProver();
});

afterAll(() => prover.close());

it.each(CLAIMS)('$formula: $sentence', async (claim) => {
    expect(await prover.prove(claim)).toEqual({ holds: null, noOverflow: null });
});

it.each(FALSE_CLAIMS)('refuted, as it should be: $sentence', async (claim) => {
    const { holds } = await prover.prove(claim);
    expect(holds).not.toBeNull();
    for (const [name, value] of Object.entries(holds ?? {})) {
        const [from, to] = claim.variables[name]!;
        expect(value >= from && value <= to).toBe(true);
    }
});

it('tells of an overflow', async () => {
    const { holds, noOverflow } = await prover.prove(OVERFLOWING_CLAIM);
    expect(holds).toBeNull();
    const { rate = 0n, at = 0n, lastAt = 0n } = noOverflow ?? {};
    expect(rate * (at - lastAt)).toBeGreaterThanOrEqual(1n << 256n);
});

it('takes no claim about nothing', async () => {
    const [claim] = CLAIMS;
    const about = prover.prove({
        ...claim!,
        claim: (_, v) => ({ given: [v.payment!.lt(0)], holds: v.payment!.ge(1) }),
    });
    await expect(about).rejects.toThrow('no numbers at all');
});

it('gives numbers that refute a half rounded down', async () => {
    const { holds } = await prover.prove(FALSE_CLAIMS[0]!);
    const { payment = 0n } = holds ?? {};
    expect(NUMBERS.muldiv(payment, 5_000n, 10_000n) * 2n).toBeLessThan(payment);
    expect(ownerShare(NUMBERS, payment, 5_000n) * 2n).toBeGreaterThanOrEqual(payment);
});

it('docs/proofs.md has each of them, and no others', () => {
    const page = readFileSync(join(__dirname, '../../docs/proofs.md'), 'utf8');
    const [, list = ''] = /## What holds\n([^]*?)\n## /.exec(page) ?? [];
    expect([...list.matchAll(/^- (.*)$/gm)].map(([, sentence]) => sentence)).toEqual(
        CLAIMS.map(({ sentence }) => sentence),
    );
});
