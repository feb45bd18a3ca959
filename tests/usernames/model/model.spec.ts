import * as fc from 'fast-check';

import { Stage } from './play';
import { sequence } from './steps';

const RUNS = Number(process.env.MODEL_RUNS ?? 50);
const STEPS = 30;
const SEED = Number(process.env.MODEL_SEED ?? 1);

describe('random sequences of everything that can happen, against the model', () => {
    let stage: Stage;
    beforeAll(async () => {
        stage = await Stage.create();
    });

    it(
        `holds in ${RUNS} sequences of ${STEPS} steps (MODEL_SEED=${SEED})`,
        async () => {
            await fc.assert(
                fc.asyncProperty(sequence(STEPS), (life) => stage.play(life)),
                { numRuns: RUNS, seed: SEED },
            );
        },
        60_000 + RUNS * 5000,
    );
});
