import * as fc from 'fast-check';

export const PAYEES = [77n, 78n, 79n];
export const OWNERS = ['owner', 'brand', 'stranger'] as const;
export const CAMPAIGNS = [1n, 2n, 3n];

/** A step and four numbers, of which it takes what it needs. */
const KINDS = [
    'pay',
    'pay',
    'pay with comment',
    'top up',
    'register',
    'register',
    'claim',
    'claim',
    'claim',
    'junk claim',
    'withdraw',
    'withdraw',
    'sweep account',
    'sweep network',
    'sync key',
    'threshold',
    'rebind',
    'accept',
    'reinvest',
    'reinvest',
    'fund',
    'fund',
    'charge',
    'charge',
    'charge',
    'stop',
    'refund',
    'refund',
    'refund',
    'revenue',
    'revenue',
    'pay network',
    'time',
    'time',
    'prices',
] as const;
export type Step = {
    kind: (typeof KINDS)[number];
    a: number;
    b: number;
    amount: number;
    value: number;
    bounce: boolean;
};
const step: fc.Arbitrary<Step> = fc.record({
    kind: fc.constantFrom(...KINDS),
    a: fc.nat(2),
    b: fc.nat(2),
    amount: fc.nat(1_000_000),
    value: fc.nat(1_000_000),
    bounce: fc.boolean(),
});

/** A sequence of so many steps. */
export const sequence = (length: number): fc.Arbitrary<Step[]> =>
    fc.array(step, { minLength: length, maxLength: length });
