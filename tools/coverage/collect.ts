import { randomUUID } from 'node:crypto';

import { Executor } from '@ton/sandbox';

import { addHits, type Hits, writeHits } from './hits';

// Jest's setup file of `npm run coverage`: the emulator says where it is in every transaction and get-method of a spec. The log
// is dropped again, so the specs see what they always see.

const hits: Hits = new Map();
// eslint-disable-next-line @typescript-eslint/unbound-method -- both get their `this` below
const { runTransaction, runGetMethod } = Executor.prototype;

Executor.prototype.runTransaction = async function (args) {
    const emulation = await runTransaction.call(this, { ...args, verbosity: 'full_location' });
    if (emulation.result.success) {
        addHits(hits, emulation.result.vmLog);
        emulation.result.vmLog = '';
    }
    return emulation;
};

Executor.prototype.runGetMethod = async function (args) {
    const call = await runGetMethod.call(this, { ...args, verbosity: 'full_location' });
    if (call.output.success) {
        addHits(hits, call.output.vm_log);
        call.output.vm_log = '';
    }
    return call;
};

afterAll(() => writeHits(hits, randomUUID()));
