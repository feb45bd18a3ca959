import * as fc from 'fast-check';

import kept from './kept.json';
import { Stage } from './play';
import { type Step, sequence } from './steps';

const RUNS = Number(process.env.MODEL_RUNS ?? 100);
const STEPS = 40;
const SEED = Number(process.env.MODEL_SEED ?? 1);

/** Sequences that failed once; `npm run fuzz` adds those that it finds. */
const KEPT = kept as { found: string; sequence: Step[] }[];

describe('random sequences of everything that can happen', () => {
    let stage: Stage;
    beforeAll(async () => {
        stage = await Stage.create();
    });

    for (const { found, sequence } of KEPT) {
        it(found, () => stage.play(sequence));
    }

    it(
        `no law is broken in ${RUNS} sequences of ${STEPS} steps (MODEL_SEED=${SEED})`,
        async () => {
            await fc.assert(
                fc.asyncProperty(sequence(STEPS), (steps) => stage.play(steps)),
                { numRuns: RUNS, seed: SEED },
            );
        },
        60_000 + RUNS * 5000,
    );

    it.each([
        'bind',
        'draw',
        'voucher_payout',
        'owner_payout',
        'fund',
        'take',
        'revenue',
        'advertiser_refund',
        'platform_share',
        'treasury_payout',
        'return_value',
        'set_voucher_key',
    ])('the sequences reach what moves money: %s', (name) => {
        expect(stage.counts.get(name)).toBeGreaterThan(0);
    });
});
