import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { stripVTControlCharacters } from 'node:util';

import * as fc from 'fast-check';

import { Stage as AdsStage } from '../../tests/ads/model/play';
import { sequence as adsSequence } from '../../tests/ads/model/steps';
import { Stage as UsernamesStage } from '../../tests/usernames/model/play';
import { sequence as usernamesSequence } from '../../tests/usernames/model/steps';
import type { Coverage } from './coverage';

export const HALVES = ['usernames', 'ads'] as const;
export type Half = (typeof HALVES)[number];

/** Where the tests of a half keep the sequences that failed once. */
export const keptPath = (half: Half): string => `tests/${half}/model/kept.json`;

/** Longer than in the tests: more states meet. */
const STEPS = 60;

/** The shortest sequence found that fails, and why. */
export interface Failure {
    readonly sequence: unknown;
    readonly error: string;
}

export type AttackOptions = Pick<
    fc.Parameters<unknown>,
    'seed' | 'numRuns' | 'interruptAfterTimeLimit' | 'endOnFailure'
>;

/** A random model, ready to be played. */
export interface Arena {
    readonly coverage: Coverage;
    /**
     * Plays so many sequences, up to the first that fails, which is made as short as it can be; `endOnFailure`: it is left
     * as it is.
     */
    attack(options: AttackOptions): Promise<{ sequences: number; failure: Failure | null }>;
}

function arena<Sequence>(
    stage: { readonly coverage: Coverage; play(sequence: Sequence): Promise<void> },
    sequences: fc.Arbitrary<Sequence>,
): Arena {
    return {
        coverage: stage.coverage,
        async attack(options) {
            const { numRuns, counterexample, errorInstance } = await fc.check(
                fc.asyncProperty(sequences, (sequence) => stage.play(sequence)),
                options,
            );
            const [sequence] = counterexample ?? [];
            return { sequences: numRuns, failure: sequence ? { sequence, error: reasonOf(errorInstance) } : null };
        },
    };
}

/** Why a step failed, in one line, without the step. */
function reasonOf(error: unknown): string {
    const reason = error instanceof Error ? (error.cause ?? error) : error;
    const text = reason instanceof Error ? reason.message : String(reason);
    return stripVTControlCharacters(text).replace(/\s+/g, ' ').slice(0, 200);
}

export async function open(half: Half): Promise<Arena> {
    return half === 'usernames'
        ? arena(await UsernamesStage.create(), usernamesSequence(STEPS))
        : arena(await AdsStage.create(), adsSequence(STEPS));
}

/** Adds a failing sequence to those that a test plays from now on. False: one with the same reason is there already. */
export function keep(path: string, { sequence, error }: Failure): boolean {
    const kept = existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as { found: string }[]) : [];
    const withoutNumbers = (text: string): string => text.replace(/\d+/g, '#');
    const found = `npm run fuzz: ${error}`;
    if (kept.some((entry) => withoutNumbers(entry.found) === withoutNumbers(found))) {
        return false;
    }
    writeFileSync(path, `${JSON.stringify([...kept, { found, sequence }], null, 4)}\n`);
    return true;
}
