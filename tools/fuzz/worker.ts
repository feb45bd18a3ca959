import { prepare } from '../mutation/runner';
import { type Arena, type Failure, type Half, HALVES, open } from './attack';
import type { Coverage } from './coverage';

// A process that plays random sequences of both halves in turn, until its time is over.

export interface Task {
    /** Of the first batch; each other has the next. */
    readonly seed: number;
    readonly milliseconds: number;
}

/** A batch of sequences. */
export interface Batch {
    readonly half: Half;
    readonly seed: number;
    readonly sequences: number;
    readonly coverage: ReturnType<Coverage['list']>;
    readonly failure: Failure | null;
}

const BATCH = 10;

async function play({ seed, milliseconds }: Task): Promise<void> {
    const end = Date.now() + milliseconds;
    await prepare();
    const arenas: [Half, Arena][] = [];
    for (const half of HALVES) {
        arenas.push([half, await open(half)]);
    }
    for (let batch = seed; ; batch += 1) {
        for (const [half, arena] of arenas) {
            if (Date.now() >= end) {
                return;
            }
            const { sequences, failure } = await arena.attack({
                seed: batch,
                numRuns: BATCH,
                interruptAfterTimeLimit: end - Date.now(),
            });
            process.send?.({
                half,
                seed: batch,
                sequences,
                failure,
                coverage: arena.coverage.list(),
            } satisfies Batch);
            arena.coverage.clear();
        }
    }
}

process.on('disconnect', () => process.exit());
process.once('message', (task: Task) => {
    void play(task).then(
        () => process.disconnect(),
        (error: unknown) => {
            process.stderr.write(`${String(error)}\n`);
            process.exit(1);
        },
    );
});
