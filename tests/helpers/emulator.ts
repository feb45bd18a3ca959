import { Executor } from '@ton/sandbox';

// A new emulator takes as long as a dozen transactions, and keeps nothing from one to the next but the libraries: one serves
// all chains of a file

const create = Executor.create.bind(Executor);
let emulator: ReturnType<typeof create> | null = null;
Executor.create = (options) => (options?.debug ? create(options) : (emulator ??= create()));

/** The next chain has an emulator of its own: after one that may be broken, or that knows libraries. */
export function forgetEmulator(): void {
    emulator = null;
}
