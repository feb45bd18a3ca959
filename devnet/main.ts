import { toNano } from '@ton/core';
import { parseArgs } from 'node:util';

import type { Devnet, Options } from './server';

const DEFAULT_PORT = 8081;

const HELP = `npm run devnet -- [options]                 starts a local chain
npm run devnet -- faucet ADDRESS AMOUNT     gives an account TON
npm run devnet -- advance TIME              moves the chain's time on: 90s, 15m, 1h, 7d
npm run devnet -- seal                      makes a block by hand

  --port N            ${DEFAULT_PORT} unless told; 0: any that is free
  --host HOST         127.0.0.1 unless told: nobody else reaches it
  --state FILE        keeps the chain in FILE
  --seed              deploys a collection with auctions at different stages
  --prices earlier    mainnet's prices before 2026-04-29; "today" unless told
  --manual-blocks     blocks are made by "seal" only
  --url URL           of the devnet that a command is for, http://127.0.0.1:${DEFAULT_PORT} unless told
`;

const SECONDS: Record<string, number> = { s: 1, m: 60, h: 3600, d: 86_400 };

/** What the person who typed the command can mend. */
class UsageError extends Error {}

const print = (text: string): void => void process.stdout.write(`${text}\n`);

function parseOptions(values: Record<string, string | boolean | undefined>): Options {
    const port = Number(values['port'] ?? DEFAULT_PORT);
    if (!Number.isInteger(port) || port < 0 || port > 65_535) {
        throw new UsageError(`--port is a number of 0 to 65535 and not ${String(values['port'])}.`);
    }
    const { prices } = values;
    if (prices !== undefined && prices !== 'today' && prices !== 'earlier') {
        throw new UsageError(`--prices is today or earlier and not ${String(prices)}.`);
    }
    return {
        host: String(values['host'] ?? '127.0.0.1'),
        port,
        prices: prices ?? null,
        manualBlocks: values['manual-blocks'] === true,
        state: typeof values['state'] === 'string' ? values['state'] : null,
        seed: values['seed'] === true,
    };
}

/** Seconds of "90s", "15m", "1h" or "7d"; a number without a letter is seconds. */
function parseDuration(text: string): number {
    const [, count, unit] = /^(\d{1,9})([dhms]?)$/.exec(text) ?? [];
    if (count === undefined) {
        throw new UsageError(`${text} is no time: write 90s, 15m, 1h or 7d.`);
    }
    return Number(count) * (SECONDS[unit || 's'] ?? 1);
}

function parseAmount(text: string): bigint {
    if (!/^\d+(\.\d{1,9})?$/.test(text)) {
        throw new UsageError(`${text} is no amount in TON: write 5 or 0.25.`);
    }
    return toNano(text);
}

async function post(url: string, action: string, body: object): Promise<Record<string, unknown>> {
    let response: Response;
    try {
        response = await fetch(`${url.replace(/\/$/, '')}/devnet/${action}`, {
            method: 'POST',
            body: JSON.stringify(body),
        });
    } catch (cause) {
        throw new UsageError(`There is no devnet at ${url}: start it with "npm run devnet", or give its --url.`, {
            cause,
        });
    }
    const result = (await response.json()) as Record<string, unknown>;
    if (!response.ok) {
        throw new UsageError(String(result['error']));
    }
    return result;
}

async function command([name, ...words]: string[], url: string): Promise<void> {
    const expectWords = (...names: string[]): string[] => {
        if (words.length !== names.length) {
            throw new UsageError(`Write: npm run devnet -- ${[name, ...names].join(' ')}`);
        }
        return words;
    };
    switch (name) {
        case 'faucet': {
            const [address = '', amount = ''] = expectWords('ADDRESS', 'AMOUNT');
            const { balance } = await post(url, 'faucet', { address, amount: parseAmount(amount).toString() });
            print(`${address} has ${String(balance)} nanotons now.`);
            return;
        }
        case 'advance': {
            const [time = ''] = expectWords('TIME');
            const { now } = await post(url, 'time', { advance: parseDuration(time) });
            print(`The chain's time is ${new Date(Number(now) * 1000).toISOString()} (${String(now)}).`);
            return;
        }
        case 'seal': {
            expectWords();
            const { seqno, transactions, dropped } = await post(url, 'blocks', {});
            const counts = [transactions, dropped].map((list) => (Array.isArray(list) ? list.length : 0));
            print(`Block ${String(seqno)}: ${counts[0]} transactions, ${counts[1]} messages left out.`);
            return;
        }
        default:
            throw new UsageError(`There is no command ${name}: there are faucet, advance and seal.`);
    }
}

function printStart({ url, chain, wallets, contracts }: Devnet, { state, manualBlocks }: Options): void {
    const kept = state === null ? 'in memory' : `kept in ${state}`;
    print(`A local chain at block ${chain.last.seqno}, ${kept}${manualBlocks ? ', blocks by hand' : ''}.`);
    print(`  explorer            ${url}/`);
    print(`  API v2 (TonClient)  ${url}/api/v2/jsonRPC`);
    print(`  API v3              ${url}/api/v3`);
    print(`  API v4 (TonClient4) ${url}/api/v4`);
    print('');
    print('DEVELOPMENT ONLY: everybody knows these wallets. Never send real coins to them.');
    for (const { name, mnemonic, v4r2, v5r1 } of wallets) {
        const [older, newer] = [v4r2, v5r1].map(({ address }) => address.toString({ bounceable: false }));
        print(`  ${name.padEnd(7)} v4r2 ${older}  v5r1 ${newer}`);
        print(`          ${mnemonic}`);
    }
    print('');
    for (const { name, kind, address, note } of contracts) {
        print(`  ${name.padEnd(10)} ${kind.padEnd(18)} ${address}  ${note}`);
    }
    // Last of all: whoever started this process reads here that it answers
    print(`Devnet listens on ${url}`);
}

async function main(args: string[]): Promise<void> {
    const { values, positionals } = parse(args);
    if (values.help) {
        print(HELP);
        return;
    }
    if (positionals.length > 0) {
        return command(positionals, values.url ?? `http://127.0.0.1:${DEFAULT_PORT}`);
    }
    const options = parseOptions(values);
    // Only here: a command would wait a second for the emulator that it does not need
    const { startDevnet } = await import('./server');
    const devnet = await startDevnet(options);
    printStart(devnet, options);
    const stop = (): void => void devnet.close().then(() => process.exit(0));
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    // A test that has started this process is gone
    process.once('disconnect', stop);
}

function parse(args: string[]) {
    try {
        return parseArgs({
            args,
            allowPositionals: true,
            options: {
                port: { type: 'string' },
                host: { type: 'string' },
                state: { type: 'string' },
                seed: { type: 'boolean' },
                prices: { type: 'string' },
                'manual-blocks': { type: 'boolean' },
                url: { type: 'string' },
                help: { type: 'boolean' },
            },
        });
    } catch (error) {
        throw new UsageError(error instanceof Error ? error.message : String(error));
    }
}

main(process.argv.slice(2)).catch((error: unknown) => {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    process.stderr.write(`${line}\n`);
    process.exit(1);
});
