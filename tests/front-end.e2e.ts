import { Address, Cell, fromNano, internal, SendMode } from '@ton/core';
import { mnemonicToPrivateKey } from '@ton/crypto';
import { TonClient, WalletContractV5R1 } from '@ton/ton';
import type { ReactElement } from 'react';

import * as gramhouse from '../wrappers';
import type { ItemEvent, NetworkPrices, Problem, TonConnectMessage } from '../wrappers';
import { MAINNET_PRICES, UsernameItem } from '../wrappers';
import { type DevnetInfo, DevnetProcess } from './helpers/devnet';
import { readSnippets, snippetRunner } from './helpers/snippets';

type Request = { messages: TonConnectMessage[] };

/** The interface of TON Connect, with a wallet that signs everything. */
class Connected {
    account: { address: string } | null = null;
    isModalOpen = false;
    sign: (messages: TonConnectMessage[]) => Promise<void> = () => Promise.reject(new Error('Rejected by the person'));

    openModal(): void {
        this.isModalOpen = true;
    }

    async sendTransaction({ messages }: Request): Promise<void> {
        await this.sign(messages);
    }
}

/** What of React the page uses, without a browser: a component is called again by `render`. */
class Hooks {
    private readonly states: unknown[] = [];
    private readonly effects: (() => void)[] = [];
    private next = 0;

    useState = (initial: unknown) => {
        const at = this.next++;
        this.states[at] ??= initial;
        return [this.states[at], (value: unknown) => (this.states[at] = value)];
    };

    useEffect = (effect: () => void): void => {
        this.effects.push(effect);
    };

    render(component: () => ReactElement): ReactElement<{ children: unknown[]; disabled: boolean; onClick(): void }> {
        this.next = 0;
        return component() as ReturnType<Hooks['render']>;
    }

    runEffects(): void {
        this.effects.splice(0).forEach((effect) => effect());
    }
}

describe('The code of docs/front-end.md, against the devnet', () => {
    const connected = new Connected();
    const hooks = new Hooks();
    let devnet: DevnetProcess;
    let info: DevnetInfo;
    let client: TonClient;
    let load: (name: string) => unknown;

    beforeAll(async () => {
        devnet = await DevnetProcess.start('--seed');
        info = await devnet.info();
        client = new TonClient({ endpoint: devnet.v2 });
        const replaced: [string, string][] = [
            ["'COLLECTION'", `'${addressOf('collection')}'`],
            ["'https://testnet.toncenter.com/api/v2/jsonRPC'", `'${devnet.v2}'`],
            ["'https://testnet-v4.tonhubapi.com'", `'${devnet.v4}'`],
        ];
        const snippets = [...readSnippets('front-end.md')].map(([name, code]): [string, string] => [
            name,
            replaced.reduce((text, [from, to]) => text.replaceAll(from, to), code),
        ]);
        const modules: Record<string, unknown> = {
            gramhouse,
            'gramhouse/ads': gramhouse,
            '@tonconnect/ui': { TonConnectUI: jest.fn(() => connected) },
            '@tonconnect/ui-react': {
                useTonConnectUI: () => [connected],
                useTonAddress: () => connected.account?.address,
            },
            react: hooks,
        };
        load = snippetRunner(new Map(snippets), (path): unknown => modules[path] ?? jest.requireActual(path));
    });

    afterAll(() => devnet.stop());

    const addressOf = (name: string): string => info.contracts.find((contract) => contract.name === name)!.address;

    /** Connects the wallet of one of the devnet's people. */
    async function connect(name: string): Promise<Address> {
        const person = info.wallets.find((wallet) => wallet.name === name)!;
        const { publicKey, secretKey } = await mnemonicToPrivateKey(person.mnemonic.split(' '));
        const wallet = client.open(WalletContractV5R1.create({ publicKey }));
        connected.account = { address: wallet.address.toRawString() };
        connected.sign = async (messages) => {
            await wallet.sendTransfer({
                seqno: await wallet.getSeqno(),
                secretKey,
                sendMode: SendMode.PAY_GAS_SEPARATELY,
                messages: messages.map(({ address, amount, payload }) =>
                    internal({
                        to: Address.parse(address),
                        bounce: Address.parseFriendly(address).isBounceable,
                        value: BigInt(amount),
                        body: payload === undefined ? undefined : Cell.fromBase64(payload),
                    }),
                ),
            });
        };
        return wallet.address;
    }

    const stateOf = (name: string) =>
        client.open(UsernameItem.createFromAddress(Address.parse(addressOf(name)))).getState();

    const follow = (...args: [name: string, show: (event: ItemEvent) => void, signal: AbortSignal]) =>
        (load('live.ts') as { follow: (...given: typeof args) => Promise<void> }).follow(...args);
    const bid = (name: string) => (load('main.ts') as { bid: (name: string) => Promise<void> }).bid(name);
    const explain = (error: unknown) => (load('errors.ts') as { explain: (error: unknown) => string }).explain(error);

    it('asks for a wallet, then bids', async () => {
        await bid('moonlight');
        expect(connected.isModalOpen).toBe(true);

        const dave = await connect('dave');
        const { minBid } = await stateOf('moonlight');
        await bid('moonlight');
        const { bidder, bid: highest } = await stateOf('moonlight');
        expect([bidder, highest]).toEqual([dave, minBid]);
    });

    it('says what is wrong before the wallet opens', async () => {
        await connect('dave');
        const sign = jest.spyOn(connected, 'sign');
        connected.account = { address: new Address(0, Buffer.alloc(32, 1)).toRawString() };
        await expect(bid('moonlight')).rejects.toThrow('The wallet lacks');

        const error: unknown = await bid('meadow').catch((reason: unknown) => reason);
        expect(explain(error)).toContain('No bid can be made');
        expect(sign).not.toHaveBeenCalled();
    });

    it('explains errors of get-methods, and any other', async () => {
        const wrong = client.open(UsernameItem.createFromAddress(Address.parse(addressOf('ads'))));
        const error: unknown = await wrong.getState().catch((reason: unknown) => reason);
        expect(explain(error)).toContain('no such get-method');
        expect(explain(new Error('offline'))).toContain('did not answer');
    });

    it('bids in React', async () => {
        const bob = await connect('bob');
        const { Bid } = load('App.tsx') as { Bid: (props: { name: string }) => ReactElement };
        const render = () => hooks.render(() => Bid({ name: 'moonlight' })).props;
        expect(render().disabled).toBe(true);
        hooks.runEffects();
        while (render().disabled) {
            await new Promise((resolve) => setTimeout(resolve, 10));
        }
        const { minBid } = await stateOf('moonlight');
        expect(render().children[0]).toBe(`Bid ${fromNano(minBid)} TON for moonlight`);

        const signed = new Promise<void>((resolve, reject) => {
            const { sign } = connected;
            connected.sign = (messages) => sign(messages).then(resolve, reject);
        });
        render().onClick();
        await signed;
        expect((await stateOf('moonlight')).bidder).toEqual(bob);
    });

    it('tells what happened, and what happens', async () => {
        const { bidder: leader } = await stateOf('moonlight');
        const dave = await connect('dave');
        const stop = new AbortController();
        const events: ItemEvent[] = [];
        const bidders = () => events.flatMap((event) => (event.type === 'bid' ? event.bidder : []));
        let live: Promise<void> | undefined;
        const show = (event: ItemEvent): void => {
            events.push(event);
            const last = bidders().at(-1);
            if (!live && last?.equals(leader!)) {
                live = bid('moonlight');
            } else if (live && last?.equals(dave)) {
                stop.abort();
            }
        };
        await follow('moonlight', show, stop.signal);
        await live;
        expect(events[0]?.type).toBe('minted');
        expect(bidders().slice(-2)).toEqual([leader, dave]);
    });

    it('reads the prices', async () => {
        const { livePrices } = load('prices.ts') as { livePrices: () => Promise<NetworkPrices> };
        expect(await livePrices()).toEqual(MAINNET_PRICES);
    });

    it("pays a channel's owner", async () => {
        const alice = await connect('alice');
        const { prepareWithdrawal } = load('revenue.ts') as {
            prepareWithdrawal: (
                address: string,
                owner: string,
            ) => Promise<{ problems: Problem[]; messages: TonConnectMessage[] }>;
        };
        const before = await client.getBalance(alice);
        const { problems, messages } = await prepareWithdrawal(addressOf('channel1'), alice.toString());
        expect(problems).toEqual([]);
        await connected.sign(messages);
        expect(await client.getBalance(alice)).toBeGreaterThan(before);
    });
});
