import { join } from 'node:path';
import { Worker } from 'node:worker_threads';

/** A message to one account. BoCs are base64, `account` is a block.tlb `ShardAccount`, `now` unix seconds. */
export type TransactionRequest = {
    kind: 'transaction';
    account: string;
    message: string;
    now: number;
    lt: bigint;
    /** 32 bytes as hex. */
    randomSeed: string;
    ignoreSignature: boolean;
};

/** A getter. BoCs are base64, `stack` is a block.tlb `VmStack`, `now` unix seconds, `balance` nanotons. */
export type GetRequest = {
    kind: 'get';
    code: string;
    data: string;
    methodId: number;
    stack: string;
    address: string;
    now: number;
    balance: bigint;
    /** 32 bytes as hex. */
    randomSeed: string;
    gasLimit: bigint;
};

export type EmulatorRequest = TransactionRequest | GetRequest;

export type EmulatorResponse =
    | { kind: 'transaction'; transaction: string; account: string }
    | { kind: 'result'; stack: string; gasUsed: number; exitCode: number }
    /** `exitCode` is null where the TVM did not run. */
    | { kind: 'rejected'; error: string; exitCode: number | null };

type Waiting = {
    request: EmulatorRequest;
    resolve: (response: EmulatorResponse) => void;
    reject: (error: Error) => void;
};

/** The emulator could not carry a request through; nothing of it has happened. */
export class EmulatorAbort extends Error {
    override readonly name = 'EmulatorAbort';
}

/**
 * The emulator of @ton/sandbox in a thread of its own. It can abort (an account that never paid rent counts as one of the
 * network's own and may use more gas than its balance pays), and an aborted emulator is not to be trusted any more: the
 * thread is given up then, only the request that did it fails, and the others go to a new thread.
 */
export class Emulator {
    private readonly waiting: Waiting[] = [];
    /** Started by the first request. */
    private worker: Worker | null = null;
    private closed = false;

    /** @param config the root of the config dictionary, as base64 */
    constructor(private readonly config: string) {}

    /** Throws `EmulatorAbort`. */
    run(request: EmulatorRequest): Promise<EmulatorResponse> {
        return new Promise((resolve, reject) => {
            this.waiting.push({ request, resolve, reject });
            this.worker ??= this.start();
            this.worker.postMessage(request);
        });
    }

    async close(): Promise<void> {
        this.closed = true;
        await this.worker?.terminate();
    }

    private start(): Worker {
        const worker = new Worker(join(__dirname, 'emulator-worker.ts'), {
            workerData: this.config,
            execArgv: ['--require', 'ts-node/register/transpile-only'],
            // What the emulator prints before it aborts says nothing that its error does not say
            stdout: true,
            stderr: true,
        });
        worker.on('message', (response: EmulatorResponse) => this.waiting.shift()?.resolve(response));
        let reason = 'it ended';
        worker.on('error', (error) => (reason = error.message));
        worker.on('exit', () => {
            const guilty = this.waiting.shift();
            if (this.closed) {
                return;
            }
            const next = this.start();
            this.worker = next;
            this.waiting.forEach(({ request }) => next.postMessage(request));
            guilty?.reject(new EmulatorAbort(`The emulator aborted (${reason})`));
        });
        return worker;
    }
}
