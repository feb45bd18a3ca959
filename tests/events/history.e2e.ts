import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { Address, internal, SendMode, toNano } from '@ton/core';
import { TonClient, TonClient4, WalletContractV5R1 } from '@ton/ton';

import { namedWallets, type NamedWallet } from '../../devnet/wallets';
import {
    adNetworkEvents,
    type AccountTransaction,
    campaignEvents,
    channelAccountEvents,
    collectionEvents,
    type Cursor,
    historyOverV2,
    historyOverV3,
    historyOverV4,
    type HistorySource,
    itemEventReader,
    readHistory,
    UsernameItem,
    watchHistory,
} from '../../wrappers';
import { DevnetProcess, type DevnetInfo } from '../helpers/devnet';

/** It starts devnets, which takes long where the machine has other work. */
jest.setTimeout(300_000);

const APIS = ['v2', 'v4', 'v3'] as const;
const READERS: Record<string, (tx: AccountTransaction) => object[]> = {
    UsernameCollection: collectionEvents,
    ChannelAccount: channelAccountEvents,
    Campaign: campaignEvents,
    AdNetwork: adNetworkEvents,
};

describe('the history of an account over the three APIs of a devnet', () => {
    let directory: string;
    let devnet: DevnetProcess;
    let clients: { v2: TonClient; v4: TonClient4; v3: string };
    let info: DevnetInfo;
    let wallets: NamedWallet[];

    /** The clients change with the devnet, the sources do not. */
    const sources: Record<(typeof APIS)[number], HistorySource> = {
        v2: historyOverV2({ getTransactions: (...args) => clients.v2.getTransactions(...args) }),
        v4: historyOverV4({
            getLastBlock: () => clients.v4.getLastBlock(),
            getAccountLite: (...args) => clients.v4.getAccountLite(...args),
            getAccountTransactions: (...args) => clients.v4.getAccountTransactions(...args),
        }),
        v3: (...args) => historyOverV3({ endpoint: clients.v3 })(...args),
    };

    async function start(): Promise<void> {
        devnet = await DevnetProcess.start('--seed', '--state', join(directory, 'state'));
        clients = {
            v2: new TonClient({ endpoint: devnet.v2 }),
            v4: new TonClient4({ endpoint: devnet.v4 }),
            v3: `${devnet.url}/api/v3`,
        };
        info = await devnet.info();
    }

    beforeAll(async () => {
        directory = mkdtempSync(join(tmpdir(), 'devnet-history-'));
        wallets = await namedWallets();
        await start();
    });
    afterAll(async () => {
        await devnet.kill();
        rmSync(directory, { recursive: true });
    });

    async function send(name: string, to: Address, amount: string, body: string): Promise<void> {
        const { publicKey, secretKey } = wallets.find((wallet) => wallet.name === name)!;
        const wallet = clients.v2.open(WalletContractV5R1.create({ publicKey }));
        await wallet.sendTransfer({
            seqno: await wallet.getSeqno(),
            secretKey,
            sendMode: SendMode.PAY_GAS_SEPARATELY,
            messages: [internal({ to, value: toNano(amount), body })],
        });
    }

    /** An item in an auction. */
    async function auctioned(): Promise<Address> {
        for (const { kind, address } of info.contracts) {
            const item = Address.parse(address);
            if (kind === 'UsernameItem') {
                const state = await clients.v2.open(UsernameItem.createFromAddress(item)).getState();
                if (state.status === 'auction') {
                    return item;
                }
            }
        }
        throw new Error('The seed has no auction.');
    }

    async function allPages(source: HistorySource, account: Address, limit: number): Promise<AccountTransaction[]> {
        const all: AccountTransaction[] = [];
        for (let before: Cursor | null = null; ; before = all.at(-1) ?? null) {
            const page: AccountTransaction[] = await readHistory(source, account, { before, limit });
            all.push(...page);
            if (page.length < limit) {
                return all;
            }
        }
    }

    it('is the same list, page by page, and gives the same events, for every contract', async () => {
        const item = await auctioned();
        // More than API v4 gives at once
        for (let count = 0; count < 22; count += 1) {
            await send('bob', item, '0.05', '#topup');
        }
        expect(info.contracts.length).toBeGreaterThan(5);
        const told = new Set<string>();
        for (const { kind, address } of info.contracts) {
            const account = Address.parse(address);
            const lists = await Promise.all(APIS.map((api, index) => allPages(sources[api], account, 7 + 9 * index)));
            const [first] = lists;
            expect(first?.at(-1)?.previous).toBeNull();
            const events = lists.map((list) => [...list].reverse().flatMap(READERS[kind] ?? itemEventReader()));
            expect(lists[1]).toEqual(first);
            expect(lists[2]).toEqual(first);
            expect(events[1]).toEqual(events[0]);
            expect(events[2]).toEqual(events[0]);
            expect(events[0]?.length).toBeGreaterThan(0);
            events[0]?.forEach((event) => told.add((event as { type: string }).type));
        }
        expect([...told]).toEqual(
            expect.arrayContaining(['minted', 'bid', 'outbid', 'settled', 'payout', 'mint_sent', 'paid', 'funded']),
        );
        expect((await allPages(sources.v4, item, 100)).length).toBeGreaterThan(22);
    });

    it('goes on live where it was, through a node that goes away and comes back', async () => {
        const item = await auctioned();
        const amounts = ['0.06', '0.07', '0.08', '0.09', '0.11', '0.12'];
        const seen = Object.fromEntries(APIS.map((api) => [api, [] as bigint[]]));
        const [newest = null] = await readHistory(sources.v3, item, { limit: 1 });
        const watch = async (api: (typeof APIS)[number]): Promise<void> => {
            let after: Cursor | null = newest;
            const own = seen[api]!;
            while (own.length < amounts.length) {
                // Begun again after every second, from the event that was handled last
                for await (const tx of watchHistory(sources[api], item, { after, interval: 50, timeout: 5000 })) {
                    const [event] = itemEventReader()(tx);
                    expect(event?.type).toBe('topped_up');
                    own.push(event?.type === 'topped_up' ? event.amount : 0n);
                    after = event!;
                    if (own.length % 2 === 0) {
                        break;
                    }
                }
            }
        };
        const watching = Promise.all(APIS.map(watch));
        for (const [index, amount] of amounts.entries()) {
            if (index === 3) {
                await devnet.kill();
                await start();
            }
            await send('carol', item, amount, '#topup');
        }
        await watching;
        const expected = amounts.map((amount) => toNano(amount));
        expect(seen).toEqual({ v2: expected, v4: expected, v3: expected });
    });

    it('ends with a typed error when the node stays away', async () => {
        const item = await auctioned();
        await devnet.kill();
        for (const api of APIS) {
            await expect(readHistory(sources[api], item)).rejects.toMatchObject({ code: 'history_unavailable' });
            const live = watchHistory(sources[api], item, { after: null, interval: 10, maxFailures: 3 });
            await expect(live.next()).rejects.toMatchObject({ name: 'GramhouseError', code: 'history_unavailable' });
        }
    });
});
