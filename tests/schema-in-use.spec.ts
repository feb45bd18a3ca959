import {
    Address,
    beginCell,
    Cell,
    contractAddress,
    SendMode,
    storeMessage,
    storeShardAccount,
    toNano,
} from '@ton/core';
import { type Blockchain, createShardAccount } from '@ton/sandbox';
import { internal, TonClient, WalletContractV5R1 } from '@ton/ton';

import { loadCode, overrideCode } from '../compilables/compile';
import { Ledger } from '../devnet/ledger';
import { namedWallets } from '../devnet/wallets';
import { MAINNET_PRICES } from '../wrappers';
import { DevnetProcess } from './helpers/devnet';
import { withTail } from './helpers/forge';
import { Schema } from './helpers/tlb';
import { UNREAD } from './helpers/watch-wire';
import { internalMessage, newChain, START, TOP_UP } from './helpers/world';

const schema = Schema.load('usernames.tlb');
const BIT = beginCell().storeBit(true).endCell();
const [account, stranger] = [1, 2].map((byte) => new Address(0, Buffer.alloc(32, byte))) as [Address, Address];
const stored = (index: number): Cell =>
    schema.encode('item_uninit', { index: Buffer.alloc(32, index), collection: stranger });
const SETTLE = schema.encode('settle', { query_id: 1n });
const COMMENT = schema.encode('comment', { text: Cell.EMPTY });
const withRef = (body: Cell, ref: Cell): Cell => withTail(body, beginCell().storeRef(ref).endCell());

/** Codes that take every message. */
const CODES = {
    takes: '00',
    /** The body's reference is its data from then on. */
    stores: '30d74ced54',
    /** It sends the body's reference. */
    sends: '30d74c70fb00',
};

const shardOf = (code: Cell, data: Cell) => createShardAccount({ address: account, code, data, balance: toNano('1') });

/** A chain with an account that counts as an item of ours, for its code. */
async function chainWith(code: keyof typeof CODES, data = stored(1)): Promise<Blockchain> {
    const chain = await newChain(MAINNET_PRICES);
    overrideCode('UsernameItem', beginCell().storeBuffer(Buffer.from(CODES[code], 'hex')).endCell());
    await chain.setShardAccount(account, shardOf(loadCode('UsernameItem'), data));
    return chain;
}

afterEach(() => overrideCode('UsernameItem', null));

const message = (body: Cell, bounce = true) => internalMessage(stranger, account, toNano('1'), body, bounce);

/** What an emulator is asked for the message. */
async function request(chain: Blockchain, body: Cell) {
    const shard = beginCell().store(storeShardAccount((await chain.getContract(account)).account));
    return {
        config: chain.configBase64,
        libs: null,
        verbosity: 'short' as const,
        shardAccount: shard.endCell().toBoc().toString('base64'),
        message: beginCell()
            .store(storeMessage(message(body)))
            .endCell(),
        now: START,
        lt: chain.lt,
        randomSeed: null,
        ignoreChksig: false,
        debugEnabled: false,
    };
}

describe('what the tests run is read by the schema', () => {
    describe.each<[way: string, run: (chain: Blockchain, body: Cell) => Promise<unknown>]>([
        ['a chain', async (chain, body) => chain.sendMessage(message(body))],
        [
            'a wallet',
            async (chain, body) => (await chain.treasury('alice')).send({ to: account, value: toNano('1'), body }),
        ],
        ['a chain, step by step', async (chain, body) => (await chain.sendMessageIter(message(body))).next()],
        ['one account', async (chain, body) => (await chain.getContract(account)).receiveMessage(message(body))],
        ['the emulator', async (chain, body) => chain.executor.runTransaction(await request(chain, body))],
        [
            "the demo's ledger",
            async (chain, body) => new Ledger(chain.executor).runTransaction(await request(chain, body)),
        ],
    ])('a message by %s', (_, run) => {
        it('passes where it and the storage are whole', async () => {
            await run(await chainWith('takes'), SETTLE);
        });

        it('fails with a bit too many', async () => {
            await expect(run(await chainWith('takes'), withTail(SETTLE, BIT))).rejects.toThrow(UNREAD);
        });

        it('fails with a bit too many in the storage', async () => {
            await expect(run(await chainWith('takes', withTail(stored(1), BIT)), SETTLE)).rejects.toThrow(UNREAD);
        });
    });

    it('a bit too many in what is stored, or sent, is found', async () => {
        const stores = await chainWith('stores');
        await stores.sendMessage(message(withRef(COMMENT, stored(2))));
        await expect(stores.sendMessage(message(withRef(COMMENT, withTail(stored(3), BIT))))).rejects.toThrow(UNREAD);

        // Also where it is mended in the same transaction
        const mends = await chainWith('stores', withTail(stored(1), BIT));
        await expect(mends.sendMessage(message(withRef(COMMENT, stored(2))))).rejects.toThrow(UNREAD);

        const sends = await chainWith('sends');
        const sent = (body: Cell) => {
            const info = { ...message(body), info: { ...message(body).info, src: account, dest: stranger } };
            return beginCell()
                .store(storeMessage(info as ReturnType<typeof message>))
                .endCell();
        };
        await sends.sendMessage(message(withRef(COMMENT, sent(SETTLE))));
        await expect(sends.sendMessage(message(withRef(COMMENT, sent(withTail(SETTLE, BIT)))))).rejects.toThrow(UNREAD);
    });

    it('what is refused need not be readable, and nothing is refused that changed the data', async () => {
        const chain = await chainWith('stores');
        // It cannot bounce and changes nothing
        await chain.sendMessage(message(withRef(SETTLE, stored(1)), false));
        await expect(chain.sendMessage(message(withRef(SETTLE, stored(2)), false))).rejects.toThrow(UNREAD);
        // Nothing to store: it fails
        await chain.sendMessage(message(withTail(SETTLE, BIT)));
    });

    it('a devnet with a bit too many in a contract says so when it ends', async () => {
        const devnet = await DevnetProcess.start();
        const [sender] = await namedWallets();
        const { publicKey, secretKey } = sender!;
        const wallet = new TonClient({ endpoint: devnet.v2 }).open(WalletContractV5R1.create({ publicKey }));
        const deploy = async (data: Cell): Promise<void> => {
            const init = { code: loadCode('UsernameItem'), data };
            await wallet.sendTransfer({
                seqno: await wallet.getSeqno(),
                secretKey,
                sendMode: SendMode.PAY_GAS_SEPARATELY,
                messages: [internal({ to: contractAddress(0, init), value: '1', bounce: false, init, body: TOP_UP })],
            });
        };
        await deploy(stored(1));
        expect(devnet.output()).not.toContain(UNREAD);
        await deploy(withTail(stored(2), BIT)).catch(() => undefined);
        await expect(devnet.stop()).rejects.toThrow(UNREAD);
    });
});
