import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Socket } from 'node:net';
import { join } from 'node:path';

import { UNREAD, WATCHED } from './watch-wire';

const ROOT = join(__dirname, '..', '..');

/** What `GET /devnet/info` answers. */
export type DevnetInfo = {
    /** Unix seconds. */
    now: number;
    seqno: number;
    prices: 'today' | 'earlier';
    automaticBlocks: boolean;
    globalId: number;
    wallets: {
        name: string;
        mnemonic: string;
        /** Hex. */
        publicKey: string;
        addresses: { v4r2: string; v5r1: string };
    }[];
    contracts: { name: string; kind: string; address: string; note: string }[];
};

export type HttpAnswer = { status: number; json: unknown };

/** A devnet that runs. */
export class DevnetClient {
    constructor(
        /** Without a slash at the end. */
        readonly url: string,
    ) {}

    /** The endpoint of `TonClient`, and of `npx blueprint run --custom URL --custom-version v2`. */
    get v2(): string {
        return `${this.url}/api/v2/jsonRPC`;
    }

    /** The endpoint of `TonClient4`, and of `npx blueprint run --custom URL --custom-version v4`. */
    get v4(): string {
        return `${this.url}/api/v4`;
    }

    async get(path: string): Promise<HttpAnswer> {
        const response = await fetch(`${this.url}${path}`);
        return { status: response.status, json: await response.json() };
    }

    /** `body` goes as JSON, a string as it is. */
    async post(path: string, body: unknown): Promise<HttpAnswer> {
        const response = await fetch(`${this.url}${path}`, {
            method: 'POST',
            headers: { 'Content-Type': 'application/json' },
            body: typeof body === 'string' ? body : JSON.stringify(body),
        });
        return { status: response.status, json: await response.json() };
    }

    async info(): Promise<DevnetInfo> {
        return (await this.control('GET', 'info')) as DevnetInfo;
    }

    /** Gives an account nanotons. */
    async faucet(address: string, amount: bigint): Promise<void> {
        await this.control('POST', 'faucet', { address, amount: amount.toString() });
    }

    /** Moves the chain's time on by so many seconds; gives the time in unix seconds. */
    async advance(seconds: number): Promise<number> {
        return ((await this.control('POST', 'time', { advance: seconds })) as { now: number }).now;
    }

    private async control(method: 'GET' | 'POST', action: string, body?: unknown): Promise<unknown> {
        const path = `/devnet/${action}`;
        const { status, json } = await (method === 'GET' ? this.get(path) : this.post(path, body));
        if (status !== 200) {
            throw new Error(`${path} answered ${status}: ${JSON.stringify(json)}`);
        }
        return json;
    }
}

/** A devnet in a process of its own, on a free port of this machine. */
export class DevnetProcess extends DevnetClient {
    private constructor(
        private readonly child: ChildProcess,
        url: string,
        /** Everything that it has printed. */
        readonly output: () => string,
    ) {
        super(url);
    }

    /** Starts one and waits until it answers. Throws with what it printed if it ends before. */
    static async start(...args: string[]): Promise<DevnetProcess> {
        const child = spawn(
            process.execPath,
            ['--require', 'ts-node/register/transpile-only', join(ROOT, 'devnet', 'main.ts'), '--port', '0', ...args],
            // The devnet ends when the channel does: also where a test is killed
            { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: WATCHED },
        );
        let printed = '';
        const url = await new Promise<string>((resolve, reject) => {
            const hear = (chunk: Buffer): void => {
                printed += chunk.toString();
                const match = /^Devnet listens on (\S+)$/m.exec(printed);
                if (match?.[1] !== undefined) {
                    resolve(match[1]);
                }
            };
            child.stdout?.on('data', hear);
            child.stderr?.on('data', hear);
            child.once('error', reject);
            child.once('exit', (code) => reject(new Error(`The devnet ended with ${code}: ${printed}`)));
        });
        // A test that fails before it ends the devnet is to end all the same
        setReferenced(child, false);
        return new DevnetProcess(child, url, () => printed);
    }

    /** Ends it as Ctrl-C does; gives its exit code. Throws if it ran a transaction that the schema does not read. */
    async stop(): Promise<number | null> {
        return this.end('SIGINT');
    }

    /** Ends it at once, as a loss of power does. Throws as `stop` does. */
    async kill(): Promise<void> {
        await this.end('SIGKILL');
    }

    private async end(signal: NodeJS.Signals): Promise<number | null> {
        if (this.child.exitCode === null && this.child.signalCode === null) {
            setReferenced(this.child, true);
            const ended = once(this.child, 'exit');
            this.child.kill(signal);
            await ended;
        }
        if (this.output().includes(UNREAD)) {
            throw new Error(this.output());
        }
        return this.child.exitCode;
    }
}

/** Whether this process waits for the child before it ends. */
function setReferenced(child: ChildProcess, isReferenced: boolean): void {
    const handles = [child, child.channel, child.stdout as Socket | null, child.stderr as Socket | null];
    handles.forEach((handle) => (isReferenced ? handle?.ref() : handle?.unref()));
}
