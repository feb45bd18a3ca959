import { Worker } from 'node:worker_threads';

// A mutant may send messages to and fro without an end, and leave no timer of its own process a chance. The thread that
// watches counts processor time: a slow machine is no reason to end anything.

const WATCH = `
    const { workerData } = require('node:worker_threads');
    setInterval(() => {
        const { user, system } = process.cpuUsage();
        const since = Atomics.load(workerData.since, 0);
        if (since > 0n && BigInt(user + system) - since > workerData.limit) {
            process.kill(process.pid, 'SIGKILL');
        }
    }, 500);
`;

/** Ends this process when it spends so many seconds of processor time between a `begin` and its `end`. */
export function watch(seconds: number): { begin(): void; end(): void } {
    const since = new BigInt64Array(new SharedArrayBuffer(8));
    new Worker(WATCH, { eval: true, workerData: { since, limit: BigInt(seconds) * 1_000_000n } }).unref();
    return {
        begin: () => {
            const { user, system } = process.cpuUsage();
            Atomics.store(since, 0, BigInt(user + system));
        },
        end: () => void Atomics.store(since, 0, 0n),
    };
}
