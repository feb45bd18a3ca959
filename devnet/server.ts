import { toNano } from '@ton/core';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';

import { MAINNET_PRICES } from '../wrappers';
import type { ChainRecord } from './blocks';
import { Chain } from './chain';
import { chainConfig, EARLIER_PRICES, withoutValidators } from './config';
import { controlApi, type SeededContract } from './control';
import { Emulator } from './emulator';
import { explorer } from './explorer';
import { createHttpServer } from './http';
import { Journal } from './journal';
import { seed, SEED_PAST } from './seed';
import { v2Api } from './v2';
import { v3Api } from './v3';
import { v4Api } from './v4';
import { namedWallets, type NamedWallet } from './wallets';

/** What each named wallet begins with, in nanotons. */
const POCKET = toNano('10000');

const PRICES = { today: MAINNET_PRICES, earlier: EARLIER_PRICES };

export type Options = {
    host: string;
    /** 0: any that is free. */
    port: number;
    /** Null: today's, or those of the state file. */
    prices: keyof typeof PRICES | null;
    /** Blocks are made by `POST /devnet/blocks` only. */
    manualBlocks: boolean;
    /** The state file; null: nothing is kept. */
    state: string | null;
    seed: boolean;
};

type Genesis = { type: 'genesis'; version: 1; prices: keyof typeof PRICES };
type StateRecord = Genesis | ChainRecord | { type: 'contracts'; contracts: SeededContract[] };

/** A devnet that answers. */
export type Devnet = {
    url: string;
    chain: Chain;
    wallets: NamedWallet[];
    contracts: SeededContract[];
    close(): Promise<void>;
};

/** Begins a chain or goes on with that of the state file, and serves it. */
export async function startDevnet(options: Options): Promise<Devnet> {
    const wallets = await namedWallets();
    const { chain, emulators, network, stored } = await openChain(options, wallets);
    let contracts = stored?.contracts ?? [];
    let journal = stored?.journal ?? null;
    const server = createHttpServer([
        v2Api(chain),
        v3Api(chain),
        v4Api(chain),
        controlApi(chain, network, wallets, () => contracts),
        explorer(chain, wallets, () => contracts),
    ]);
    const url = await listen(server, options);

    if (!stored) {
        contracts = options.seed ? await seed(url, chain, wallets) : [];
        const { state } = options;
        if (state !== null) {
            await chain.keep(async (records) => {
                const genesis: StateRecord = { type: 'genesis', version: 1, prices: network.prices };
                journal = await Journal.create(state, [genesis, ...records(), { type: 'contracts', contracts }]);
                return journal;
            });
        }
    }
    chain.automatic = network.automaticBlocks;

    const close = async (): Promise<void> => {
        await new Promise((resolve) => {
            server.close(resolve);
            server.closeAllConnections();
        });
        await chain.settled();
        await journal?.close();
        await Promise.all([emulators.transactions.close(), emulators.getters.close()]);
    };
    return { url, chain, wallets, contracts, close };
}

/** The chain of the state file, or a new one with the wallets' first money. */
async function openChain(options: Options, wallets: NamedWallet[]) {
    const stored = options.state === null ? null : await openState(options.state, options);
    const prices = stored?.prices ?? options.prices ?? 'today';
    const config = withoutValidators(chainConfig(PRICES[prices]));
    const boc = config.toBoc().toString('base64');
    const emulators = { transactions: new Emulator(boc), getters: new Emulator(boc) };
    const chain = new Chain(emulators, config);
    if (stored) {
        stored.records.forEach((record) => chain.restore(record));
        await chain.keep(() => Promise.resolve(stored.journal));
    } else {
        if (options.seed) {
            chain.restore({ type: 'time', offset: -SEED_PAST });
        }
        const addresses = wallets.flatMap(({ v4r2, v5r1 }) => [v4r2.address, v5r1.address]);
        await Promise.all(addresses.map((address) => chain.faucet(address, POCKET)));
    }
    return { chain, emulators, network: { prices, automaticBlocks: !options.manualBlocks }, stored };
}

/** What a state file has; null if there is none yet. Throws if the options are not those of its chain. */
async function openState(path: string, options: Options) {
    const opened = await Journal.open(path);
    if (!opened) {
        return null;
    }
    const { journal } = opened;
    let prices: Options['prices'] = null;
    let contracts: SeededContract[] = [];
    const records: ChainRecord[] = [];
    for (const record of opened.records as StateRecord[]) {
        if (record.type === 'genesis') {
            prices = record.prices;
        } else if (record.type === 'contracts') {
            contracts = record.contracts;
        } else {
            records.push(record);
        }
    }
    const mistake =
        options.prices !== null && options.prices !== prices
            ? `The chain of ${path} has the prices "${prices}" and not "${options.prices}".`
            : options.seed && contracts.length === 0
              ? `${path} has a chain already that was begun without --seed.`
              : null;
    if (mistake !== null) {
        await journal.close();
        throw new Error(mistake);
    }
    return { journal, prices, contracts, records };
}

function listen(server: Server, { host, port }: Options): Promise<string> {
    return new Promise((resolve, reject) => {
        server.once('error', (error: NodeJS.ErrnoException) => {
            const isTaken = error.code === 'EADDRINUSE';
            reject(isTaken ? new Error(`The port ${port} is in use: choose another one with --port.`) : error);
        });
        server.listen(port, host, () => {
            const { address, family, port } = server.address() as AddressInfo;
            resolve(`http://${family === 'IPv6' ? `[${address}]` : address}:${port}`);
        });
    });
}
