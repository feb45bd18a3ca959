import { Executor } from '@ton/sandbox';

// From now on every transaction that the emulator runs in this thread is read by the schema, whoever asks for it

let wire: Promise<typeof import('./wire')> | undefined;
// eslint-disable-next-line @typescript-eslint/unbound-method -- it gets its `this` below
const { runTransaction } = Executor.prototype;

Executor.prototype.runTransaction = async function (args) {
    const emulation = await runTransaction.call(this, args);
    // Not before it is needed: most of the tests' time to start would be the contracts' codes and the schema
    wire ??= import('./wire');
    (await wire).checkEmulation(args, emulation);
    return emulation;
};
