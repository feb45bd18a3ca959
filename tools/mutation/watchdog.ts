import { Worker } from 'node:worker_threads';

// A mutant may send messages to and fro without an end, and leave no timer of its own process a chance. The thread that
// watches counts processor time: a slow machine is no reason to end anything.

const WATCH = `
    const { workerData } = require('node:worker_threads');
    setInterval(() => {
        const { user, system } = process.cpuUsage();
        const end = Atomics.load(workerData, 0);
        if (end > 0n && BigInt(user + system) > end) {
            process.kill(process.pid, 'SIGKILL');
        }
    }, 500);
`;

/** Ends this process when it spends more processor time than `begin` says before the `end`. */
export function watch(): { begin(seconds: number): void; end(): void } {
    const end = new BigInt64Array(new SharedArrayBuffer(8));
    new Worker(WATCH, { eval: true, workerData: end }).unref();
    return {
        begin: (seconds) => {
            const { user, system } = process.cpuUsage();
            Atomics.store(end, 0, BigInt(user + system + Math.round(seconds * 1_000_000)));
        },
        end: () => void Atomics.store(end, 0, 0n),
    };
}
