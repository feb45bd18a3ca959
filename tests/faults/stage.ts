import type { IExecutor } from '@ton/sandbox';

import { deliver, type Hindrance, type Letter, type Scene, send, type State, type Step } from './chain';

const LONGEST_CHAIN = 100;

/** Plays chains and keeps count. */
export class Stage {
    cases = 0;
    broken = 0;
    lost = 0n;
    /** The first laws that were broken, with the case. */
    readonly found = new Set<string>();

    constructor(private readonly executor: IExecutor) {}

    /** Everything that is under way, to its end. `hinder`: what hinders the receiver of a message; `steps` gets what happens. */
    async finish(state: State, steps: Step[], hinder: Hinder = () => null): Promise<State> {
        for (let count = 0; state.flights.length > 0; count += 1) {
            if (count > LONGEST_CHAIN) {
                throw new Error('The chain does not end');
            }
            state = await this.deliver(state, steps, hinder(state, count));
        }
        return state;
    }

    async deliver(state: State, steps: Step[], hindrance: Hindrance | null = null): Promise<State> {
        const { step, next } = await deliver(this.executor, state, hindrance);
        if (step) {
            steps.push(step);
        }
        return next;
    }

    /** The moments of a chain at which a message reaches one of our contracts. */
    async record(scene: Scene, letter: Letter): Promise<Stop[]> {
        const stops: Stop[] = [];
        const steps: Step[] = [];
        let state = send(scene.state, letter);
        while (state.flights.length > 0) {
            const next = await this.deliver(state, steps);
            const step = steps.at(-1);
            if (step && steps.length > stops.length) {
                stops.push({ state, step, past: steps.slice(0, -1) });
            }
            state = next;
        }
        return stops;
    }

    /** Holds a case against the laws, but for the first steps, which other cases have in common with it. */
    judge(what: string, scene: Scene, steps: Step[], end: State, common = 0): void {
        this.cases += 1;
        const breaches = [
            ...steps.slice(common).flatMap((step) => scene.weigh(step)),
            ...scene.weighEnd(scene.state, steps, end),
        ];
        for (const { law, lost } of breaches) {
            this.broken += 1;
            this.lost += lost < 0n ? -lost : lost;
            this.found.add(`${law}: ${what} (${lost})`);
        }
    }

    /** A case that is wrong without a law of the contracts. */
    note(what: string): void {
        this.broken += 1;
        this.found.add(what);
    }
}

/** Of the message that is delivered next, the `count`-th. */
type Hinder = (state: State, count: number) => Hindrance | null;

/** A message that is about to reach a contract, what it does there, and what was before. */
export type Stop = { state: State; step: Step; past: Step[] };
