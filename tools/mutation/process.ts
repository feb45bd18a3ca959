import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';

import type { Reply, Request } from './worker';

/** Requests after which a new process takes over: V8 does not free all that a forgotten module held. */
const LIFE = 2000;

/** A worker process. It is started when it is first asked, and anew after it did not answer. */
export class WorkerProcess {
    private child: ChildProcess | null = null;
    private asked = 0;
    /** Processor time of all answers. */
    milliseconds = 0;

    /** Null: the process has ended, because the answer took too long (watchdog.ts). */
    async ask(request: Request): Promise<Reply | null> {
        const child = (this.child ??= fork(join(__dirname, 'worker.ts'), {
            // Most of what a test allocates is garbage soon
            execArgv: ['--max-semi-space-size=64', '-r', 'ts-node/register/transpile-only'],
            env: { ...process.env, MODEL_RUNS: '20' },
        }));
        const reply = await new Promise<Reply | null>((resolve, reject) => {
            const onReply = (reply: Reply) => {
                child.off('exit', onExit);
                resolve(reply);
            };
            const onExit = (code: number | null, signal: string | null) => {
                child.off('message', onReply);
                if (signal === 'SIGKILL') {
                    resolve(null);
                } else {
                    reject(new Error(`A worker ended by itself, with ${signal ?? code}`));
                }
            };
            child.once('message', onReply).once('exit', onExit);
            child.send(request);
        });
        this.asked += 1;
        this.milliseconds += reply?.milliseconds ?? 0;
        if (reply === null) {
            this.stop();
        }
        return reply;
    }

    /** To be called between two mutants. */
    renew(): void {
        if (this.asked >= LIFE) {
            this.stop();
        }
    }

    stop(): void {
        this.child?.kill('SIGKILL');
        this.child = null;
        this.asked = 0;
    }
}
