import { writeSync } from 'node:fs';
import { isMainThread } from 'node:worker_threads';

import { Executor } from '@ton/sandbox';

import type * as Wire from './wire';

// From now on every transaction that the emulator runs in this thread is read by the schema, whoever asks for it

/** How the error begins with which a transaction fails that the schema does not read. */
export const UNREAD = 'The schema does not read a transaction';

/** The environment of a Node process, run from the project's root, in each thread of which it is so as well. */
export const WATCHED = {
    ...process.env,
    NODE_OPTIONS: `--require ts-node/register/transpile-only --require ${JSON.stringify(__filename)}`,
};

let wire: Promise<typeof Wire> | undefined;

/** What was read in this thread; undefined before its first transaction. */
export const readSoFar = async () => (await wire)?.read;

// eslint-disable-next-line @typescript-eslint/unbound-method -- it gets its `this` below
const { runTransaction } = Executor.prototype;

Executor.prototype.runTransaction = async function (args) {
    const emulation = await runTransaction.call(this, args);
    // Not before it is needed: reading the schema is a good part of the time of a short spec
    wire ??= import('./wire');
    const { checkEmulation } = await wire;
    try {
        checkEmulation(args, emulation);
    } catch (cause) {
        const error = new Error(`${UNREAD}: ${String(cause)}`, { cause });
        // The devnet takes it for a message that failed
        if (!isMainThread) {
            writeSync(2, `${error.message}\n`);
        }
        throw error;
    }
    return emulation;
};
