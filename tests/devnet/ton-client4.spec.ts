import { Address, beginCell, Cell, SendMode, toNano } from '@ton/core';
import { mnemonicToPrivateKey } from '@ton/crypto';
import { TonClient4, WalletContractV4, WalletContractV5R1 } from '@ton/ton';

import { pricesFromConfig, MAINNET_PRICES } from '../../wrappers';
import { DevnetProcess, type DevnetInfo } from '../helpers/devnet';
import { Ask, Probe } from './probe';

const NOBODY = new Address(0, Buffer.alloc(32, 1));

describe('TonClient4 of @ton/ton', () => {
    let devnet: DevnetProcess;
    let client: TonClient4;
    let probe: Probe;
    let info: DevnetInfo;
    beforeAll(async () => {
        devnet = await DevnetProcess.start();
        client = new TonClient4({ endpoint: devnet.v4 });
        probe = await Probe.compile();
        await probe.deploy(devnet, toNano('1'));
        info = await devnet.info();
    });
    afterAll(() => devnet.stop());

    const latest = async (): Promise<number> => (await client.getLastBlock()).last.seqno;

    /** What the server said where the client says only that the status is none of success. */
    async function refusal(call: Promise<unknown>): Promise<{ status: number; error: string }> {
        const error: unknown = await call.then(
            () => new Error('It was not refused.'),
            (reason: unknown) => reason,
        );
        const { response } = error as { response?: { status: number; data: { error: string } } };
        if (!response) {
            throw error;
        }
        return { status: response.status, ...response.data };
    }

    it('reads blocks, by number and by time', async () => {
        const { last, now, init } = await client.getLastBlock();
        expect(last).toMatchObject({ workchain: -1, seqno: info.seqno });
        expect(now).toBeGreaterThanOrEqual(info.now);
        expect(Buffer.from(init.rootHash, 'base64')).toHaveLength(32);
        const { shards } = await client.getBlock(last.seqno);
        expect(shards.map(({ workchain, seqno }) => [workchain, seqno])).toEqual([
            [-1, last.seqno],
            [0, last.seqno],
        ]);
        const { account } = await client.getAccount(last.seqno, probe.address);
        expect(shards[1]?.transactions).toEqual([{ account: probe.address.toString(), ...account.last }]);
        expect(await client.getBlockByUtime(now)).toEqual({ shards });
        await expect(client.getBlock(last.seqno + 100)).rejects.toThrow('Block is out of scope');
        await expect(client.getBlockByUtime(1)).rejects.toThrow('Block is out of scope');
    });

    it('reads accounts as they are and as they were', async () => {
        const seqno = await latest();
        const { account, block } = await client.getAccount(seqno, probe.address);
        expect(block.seqno).toBe(seqno);
        expect(account.state).toEqual({
            type: 'active',
            code: probe.init.code?.toBoc().toString('base64'),
            data: probe.init.data?.toBoc().toString('base64'),
        });
        expect(account.storageStat?.used.cells).toBeGreaterThan(0);
        const lite = await client.getAccountLite(seqno, probe.address);
        expect(lite.account.state).toEqual({
            type: 'active',
            codeHash: probe.init.code?.hash().toString('base64'),
            dataHash: probe.init.data?.hash().toString('base64'),
        });
        expect(lite.account.balance).toEqual(account.balance);
        expect(await client.isContractDeployed(seqno, probe.address)).toBe(true);

        // Block 1 has the wallets' money, 2 the probe's, 3 its deployment
        const before = await client.getAccount(2, probe.address);
        expect(before.account).toMatchObject({ state: { type: 'uninit' }, balance: { coins: toNano('1').toString() } });
        expect(await client.isContractDeployed(2, probe.address)).toBe(false);
        expect((await client.getAccount(1, probe.address)).account).toMatchObject({
            balance: { coins: '0' },
            last: null,
        });

        const lt = BigInt(before.account.last?.lt ?? 0);
        expect(await client.isAccountChanged(seqno, probe.address, lt)).toMatchObject({ changed: true });
        expect(await client.isAccountChanged(2, probe.address, lt)).toMatchObject({ changed: false });
        expect(await refusal(client.getAccount(seqno + 100, probe.address))).toMatchObject({ status: 404 });
    });

    it('runs getters, with arguments and on old blocks', async () => {
        const seqno = await latest();
        const cell = beginCell().storeUint(7, 8).endCell();
        const { reader, exitCode, block, shardBlock } = await client.runMethod(seqno, probe.address, 'echo', [
            { type: 'int', value: -(2n ** 256n) },
            { type: 'cell', cell },
            { type: 'slice', cell },
            { type: 'builder', cell },
            { type: 'null' },
        ]);
        expect([exitCode, block.workchain, shardBlock.workchain]).toEqual([0, -1, 0]);
        expect(reader.readBigNumber()).toBe(-(2n ** 256n));
        expect([reader.readCell(), reader.readCell(), reader.pop()]).toEqual([cell, cell, { type: 'builder', cell }]);
        expect(reader.readCellOpt()).toBeNull();

        const { result } = await client.runMethod(seqno, probe.address, 'nested');
        expect(result).toMatchObject([
            { type: 'tuple', items: [{ value: 1n }, { value: -2n }, { items: [{ type: 'cell' }] }, { type: 'null' }] },
        ]);
        expect(await client.runMethod(seqno, probe.address, 'fail')).toMatchObject({ exitCode: 78 });
        expect(await client.runMethod(2, probe.address, 'negative')).toMatchObject({ exitCode: -13, result: [] });
        await expect(client.provider(probe.address).get('none', [])).rejects.toThrow('Exit code: 11');

        await expect(client.providerAt(2, probe.address).get('negative', [])).rejects.toThrow('Exit code: -13');
        const { stack } = await client.providerAt(3, probe.address).get('negative', []);
        expect(stack.readNumber()).toBe(-5);
        expect(client.openAt(seqno, probe).address).toEqual(probe.address);
        await devnet.advance(1000);
        const time = async (block: number): Promise<number> =>
            (await client.runMethod(block, probe.address, 'time')).reader.readNumber();
        expect(await time(await latest())).toBeGreaterThanOrEqual((await time(seqno)) + 1000);
    });

    it('sends messages, and hears why one is refused', async () => {
        const before = await latest();
        expect(await client.sendMessage(probe.message(Ask.nothing))).toEqual({ status: 1 });
        await client.provider(probe.address, probe.init).external(Probe.body(Ask.nothing));
        expect(await latest()).toBe(before + 2);
        const failed = await refusal(client.sendMessage(probe.message(Ask.fail)));
        expect(failed.status).toBe(422);
        expect(failed.error).toContain('exitcode=77');
        expect(await refusal(client.sendMessage(Buffer.from('no boc')))).toMatchObject({ status: 422 });
        expect(await latest()).toBe(before + 2);
    });

    it('reads transactions, more than a page of them', async () => {
        for (let count = 0; count < 22; count += 1) {
            await client.sendMessage(probe.message(Ask.nothing));
        }
        const { account } = await client.getAccount(await latest(), probe.address);
        const [lt, hash] = [BigInt(account.last?.lt ?? 0), Buffer.from(account.last?.hash ?? '', 'base64')];
        const page = await client.getAccountTransactions(probe.address, lt, hash);
        expect(page).toHaveLength(20);
        expect(page[0]?.tx.hash()).toEqual(hash);
        expect(page.map(({ block }) => block.seqno)).toEqual(
            [...page.map(({ block }) => block.seqno)].sort((a, b) => b - a),
        );
        const all = await client.provider(probe.address).getTransactions(probe.address, lt, hash, 23);
        expect(all.map((transaction) => transaction.lt)).toEqual(
            [...new Set(all.map((transaction) => transaction.lt))].sort((a, b) => Number(b - a)),
        );
        expect(all).toHaveLength(23);
        expect(await refusal(client.getAccountTransactions(probe.address, 5n, hash))).toMatchObject({ status: 404 });

        const parsed = await client.getAccountTransactionsParsed(probe.address, lt, hash, 3);
        expect(parsed.transactions.map((transaction) => transaction.hash)).toEqual(
            page.slice(0, 3).map(({ tx }) => tx.hash().toString('base64')),
        );
        expect(parsed.transactions[0]).toMatchObject({
            inMessage: { info: { type: 'external-in', dest: probe.address.toString() } },
            parsed: { status: 'success', kind: 'out' },
        });
    });

    it('reads the config, whose prices are those of mainnet', async () => {
        const { config } = await client.getConfig(await latest());
        const cell = Cell.fromBase64(config.cell);
        expect(pricesFromConfig(cell, info.now)).toEqual(MAINNET_PRICES);
        expect((await client.getConfig(await latest(), [18, 21])).config.cell).toBe(config.cell);
        const state = await client.provider(Address.parse(config.address)).getState();
        expect(state.state.type).toBe('active');
    });

    it.each([
        ['v4r2', WalletContractV4],
        ['v5r1', WalletContractV5R1],
    ] as const)('deploys a wallet %s and sends with it', async (version, Wallet) => {
        const named = info.wallets.find(({ name }) => name === 'bob');
        const { publicKey, secretKey } = await mnemonicToPrivateKey((named?.mnemonic ?? '').split(' '));
        const wallet = client.open(Wallet.create({ workchain: 0, publicKey }));
        const to = new Address(0, Buffer.alloc(32, version === 'v4r2' ? 4 : 5));
        const sendMode = SendMode.PAY_GAS_SEPARATELY;
        await wallet.sender(secretKey).send({ to, value: toNano('1'), bounce: false, sendMode });
        await wallet.sender(secretKey).send({ to, value: toNano('2'), bounce: false, sendMode });
        expect(await wallet.getSeqno()).toBe(2);
        // It pays rent from the first message to the second
        const { balance } = await client.provider(to).getState();
        expect(balance > toNano('2.9999') && balance <= toNano('3')).toBe(true);
        expect((await client.provider(NOBODY).getState()).state.type).toBe('uninit');
    });
});
