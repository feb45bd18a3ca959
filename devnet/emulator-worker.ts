import { Address, Cell, parseTuple } from '@ton/core';
import { Executor } from '@ton/sandbox';
import { parentPort, workerData } from 'node:worker_threads';

import type { EmulatorRequest, EmulatorResponse, GetRequest, TransactionRequest } from './emulator';

// The thread of an `Emulator`. It answers in the order of the requests; whatever it throws ends it, and the guilty
// request is then the first one without an answer.

const config = workerData as string;
const executor = Executor.create();

async function runTransaction(request: TransactionRequest): Promise<EmulatorResponse> {
    const { result } = await (
        await executor
    ).runTransaction({
        config,
        libs: null,
        verbosity: 'short',
        shardAccount: request.account,
        message: Cell.fromBase64(request.message),
        now: request.now,
        lt: request.lt,
        randomSeed: Buffer.from(request.randomSeed, 'hex'),
        ignoreChksig: request.ignoreSignature,
        debugEnabled: false,
    });
    return result.success
        ? { kind: 'transaction', transaction: result.transaction, account: result.shardAccount }
        : { kind: 'rejected', error: result.error, exitCode: result.vmResults?.vmExitCode ?? null };
}

async function runGetMethod(request: GetRequest): Promise<EmulatorResponse> {
    const { output } = await (
        await executor
    ).runGetMethod({
        config,
        code: Cell.fromBase64(request.code),
        data: Cell.fromBase64(request.data),
        methodId: request.methodId,
        stack: parseTuple(Cell.fromBase64(request.stack)),
        verbosity: 'short',
        address: Address.parse(request.address),
        unixTime: request.now,
        balance: request.balance,
        randomSeed: Buffer.from(request.randomSeed, 'hex'),
        gasLimit: request.gasLimit,
        debugEnabled: false,
    });
    return output.success
        ? { kind: 'result', stack: output.stack, gasUsed: Number(output.gas_used), exitCode: output.vm_exit_code }
        : { kind: 'rejected', error: output.error, exitCode: null };
}

let last: Promise<void> = Promise.resolve();

parentPort?.on('message', (request: EmulatorRequest) => {
    last = last.then(async () => {
        const response = await (request.kind === 'transaction' ? runTransaction(request) : runGetMethod(request));
        parentPort?.postMessage(response);
    });
});
