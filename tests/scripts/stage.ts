import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import type { NetworkProvider, UIProvider } from '@ton/blueprint';

import type { DevnetInfo } from '../helpers/devnet';
import { DevnetProcess } from '../helpers/devnet';

const ROOT = join(__dirname, '..', '..');
const BLUEPRINT = require.resolve('@ton/blueprint/dist/cli/cli.js');

export const URI = 'https://names.example';
/** The words that every collection needs. */
export const DEPLOY = ['domain=names.ton', `content=${URI}/collection.json`, 'royalty=5'];
const TERMS = ['prices=4:100,6:2', `prefix=${URI}/`, 'step=10', 'extend=5m', 'duration=1h'];
/** Seconds that an auction of the collection takes. */
export const HOUR = 3600;

/** How a run of a script ended. */
export type Run = {
    /** 0 or 1. */
    exitCode: number | null;
    /** What it said, line by line, without the codes that move a terminal's cursor. */
    output: string;
    /** The standard error output. */
    error: string;
};

/** Who runs a script, and where. */
export type RunOptions = {
    /** A named wallet of the devnet; alice unless told. */
    as?: string;
    version?: 'v4r2' | 'v5r1';
    api?: 'v2' | 'v4';
    /** Environment beside the wallet's. */
    env?: Record<string, string>;
    /** Blueprint's options beside network and wallet, or in their place. */
    flags?: Record<string, string | boolean>;
    /** For a terminal that answers prompts and questions in this order; without it there is none to ask at. */
    answers?: (string | boolean)[];
    /** Only for `cli`: kills the process when it prints this. */
    killAt?: string;
    /** Runs while the script waits for an answer to its question, before the last of `answers`. */
    meanwhile?: () => Promise<void>;
    /** Runs between the wallet's send and the script's first look for what became of it. */
    afterSend?: () => Promise<void>;
};

type Script = { run: (provider: NetworkProvider, args: string[]) => Promise<void> };

/** A devnet, and a place for deployments that is not the developer's. */
export class ScriptStage {
    private constructor(
        readonly devnet: DevnetProcess,
        readonly info: DevnetInfo,
        readonly directory: string,
    ) {}

    static async open(...args: string[]): Promise<ScriptStage> {
        const devnet = await DevnetProcess.start(...args);
        return new ScriptStage(devnet, await devnet.info(), mkdtempSync(join(tmpdir(), 'deployments-')));
    }

    async close(): Promise<void> {
        rmSync(this.directory, { recursive: true });
        await this.devnet.stop();
    }

    wallet(name: string): DevnetInfo['wallets'][number] {
        const wallet = this.info.wallets.find((wallet) => wallet.name === name);
        if (!wallet) {
            throw new Error(`The devnet has no wallet ${name}.`);
        }
        return wallet;
    }

    address(name: string): string {
        return this.wallet(name).addresses.v4r2;
    }

    /** The stock command line in a process of its own: `npx blueprint run usernames/<script> <words>`, or another folder's. */
    async cli(script: string, words: string[], options: RunOptions = {}): Promise<Run> {
        const { api = 'v2', flags = {} } = options;
        const network = Object.entries({ '--custom-version': api, '--custom': this.devnet[api], ...flags })
            .flat()
            .map(String);
        const child = spawn(
            process.execPath,
            [BLUEPRINT, 'run', scriptPath(script), ...words, ...network, '--mnemonic'],
            {
                cwd: ROOT,
                env: { ...process.env, TS_NODE_TRANSPILE_ONLY: '1', ...this.environment(options) },
                stdio: ['ignore', 'pipe', 'pipe'],
            },
        );
        let output = '';
        let error = '';
        child.stdout.on('data', (chunk: Buffer) => {
            output += chunk.toString();
            if (options.killAt !== undefined && output.includes(options.killAt)) {
                child.kill('SIGKILL');
            }
        });
        child.stderr.on('data', (chunk: Buffer) => (error += chunk.toString()));
        await once(child, 'close');
        return { exitCode: child.exitCode, output: plain(output), error: plain(error) };
    }

    /** The same in this process, which takes a tenth of the time: Blueprint's own network provider and sender. */
    async run(script: string | Script['run'], words: string[], options: RunOptions = {}): Promise<Run> {
        const { createNetworkProvider } = await import('@ton/blueprint');
        const run =
            typeof script === 'string' ? ((await import(`../../scripts/${scriptPath(script)}`)) as Script).run : script;
        const { api = 'v2', flags = {}, answers = [], meanwhile } = options;
        const lines: string[] = [];
        let error = '';
        let exitCode = 0;
        // By hand and not by spies: a script may run while another one waits
        const { env, stdin, stderr } = process;
        const [exit, isTerminal, writeError] = [process.exit.bind(process), stdin.isTTY, stderr.write.bind(stderr)];
        process.env = { ...env, ...this.environment(options) };
        process.exit = (code) => {
            exitCode = Number(code);
            return undefined as never;
        };
        stderr.write = (text) => {
            error += String(text);
            return true;
        };
        stdin.isTTY = options.answers !== undefined;
        try {
            const ui = terminal(lines, [...answers], meanwhile);
            const args = { '--custom': this.devnet[api], '--custom-version': api, '--mnemonic': true, ...flags };
            const provider = await createNetworkProvider(ui, { _: [], ...args });
            await run(options.afterSend ? followed(provider, options.afterSend) : provider, words);
        } finally {
            process.env = env;
            process.exit = exit;
            stderr.write = writeError;
            stdin.isTTY = isTerminal;
        }
        return { exitCode, output: lines.join('\n'), error };
    }

    /** A devnet with a collection that the wallet admin deployed by its script. */
    static async withCollection(): Promise<ScriptStage> {
        const stage = await ScriptStage.open();
        await stage.passes('deployCollection', [...DEPLOY, ...TERMS, 'yes'], stage.admin());
        return stage;
    }

    /** Runs a script that must succeed; gives what it said. */
    async passes(script: string, words: string[], options: RunOptions = {}): Promise<string> {
        const { exitCode, output, error } = await this.run(script, words, options);
        expect({ exitCode, error, output }).toEqual({ exitCode: 0, error: '', output });
        return output;
    }

    /** Runs a script that must be stopped with one line; gives what it said before. */
    async stops(script: string, words: string[], why: string | RegExp, options: RunOptions = {}): Promise<string> {
        const { exitCode, output, error } = await this.run(script, words, options);
        expect(error).toMatch(why);
        expect(error).toMatch(/^[^\n]+\n$/);
        expect(exitCode).toBe(1);
        return output;
    }

    /** As `stops`, and the wallet must not have sent anything. */
    async sendsNothing(
        script: string,
        words: string[],
        why: string | RegExp,
        options: RunOptions = {},
    ): Promise<string> {
        const before = await this.balanceOf(options.as ?? 'alice');
        const output = await this.stops(script, words, why, options);
        expect(await this.balanceOf(options.as ?? 'alice')).toBe(before);
        return output;
    }

    /** Nanotons in a named wallet. */
    async balanceOf(name: string): Promise<bigint> {
        const { json } = await this.devnet.get(`/api/v2/getAddressBalance?address=${this.address(name)}`);
        return BigInt((json as { result: string }).result);
    }

    /** The environment of whoever signs orders. */
    signerKey(): Record<string, string> {
        return { SIGNER_MNEMONIC: this.wallet('signer').mnemonic };
    }

    admin(): RunOptions {
        return { as: 'admin', env: this.signerKey() };
    }

    /** Alice opens the auction of a name and, if told, owns it. */
    async mintFor(name: string, isOwned: boolean): Promise<void> {
        await this.passes('openMint', [`name=${name}`, 'yes']);
        if (isOwned) {
            await this.devnet.advance(HOUR);
            await this.passes('settle', [`name=${name}`, 'yes']);
        }
    }

    /** The collection's entry in the deployments. */
    deployment(): Record<string, string> {
        const text = readFileSync(join(this.directory, 'custom.json'), 'utf8');
        return (JSON.parse(text) as { UsernameCollection: Record<string, string> }).UsernameCollection;
    }

    private environment({ as = 'alice', version = 'v4r2', env }: RunOptions): Record<string, string> {
        return {
            WALLET_MNEMONIC: this.wallet(as).mnemonic,
            WALLET_VERSION: version,
            SIGNER_MNEMONIC: '',
            SIGNER_SEED: '',
            VOUCHER_MNEMONIC: '',
            VOUCHER_SEED: '',
            DEPLOYMENTS_DIR: this.directory,
            ...env,
        };
    }
}

const scriptPath = (script: string): string => (script.includes('/') ? script : `usernames/${script}`);

/** The same network, on which something happens after each send. */
function followed(provider: NetworkProvider, afterSend: () => Promise<void>): NetworkProvider {
    const sender = provider.sender();
    const send: typeof sender.send = async (args) => {
        await sender.send(args);
        await afterSend();
    };
    return Object.create(provider, {
        sender: { value: () => ({ address: sender.address, send }) },
    }) as NetworkProvider;
}

function terminal(lines: string[], answers: (string | boolean)[], meanwhile?: () => Promise<void>): UIProvider {
    const answer = async (question: string): Promise<string | boolean> => {
        lines.push(question);
        if (answers.length === 1) {
            await meanwhile?.();
        }
        const next = answers.shift();
        if (next === undefined) {
            throw new Error(`No answer is left for: ${question}`);
        }
        return next;
    };
    const refuse = (): never => {
        throw new Error('The scripts do not use this.');
    };
    return {
        write: (message) => void lines.push(message),
        input: async (question) => String(await answer(question)),
        prompt: async (question) => (await answer(question)) === true,
        inputAddress: refuse,
        choose: refuse,
        setActionPrompt: () => undefined,
        clearActionPrompt: () => undefined,
    };
}

// eslint-disable-next-line no-control-regex
const plain = (text: string): string => text.replace(/\x1b\[\d*[A-Za-z]/g, '');
