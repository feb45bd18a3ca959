import { Address, beginCell, Cell, comment, external, internal, SendMode, toNano } from '@ton/core';
import { mnemonicToPrivateKey } from '@ton/crypto';
import { TonClient, WalletContractV4, WalletContractV5R1 } from '@ton/ton';

import { DevnetProcess, type DevnetInfo } from '../helpers/devnet';
import { Ask, Probe } from './probe';

const NOBODY = new Address(0, Buffer.alloc(32, 1));

describe('TonClient of @ton/ton', () => {
    let devnet: DevnetProcess;
    let client: TonClient;
    let probe: Probe;
    let info: DevnetInfo;
    beforeAll(async () => {
        devnet = await DevnetProcess.start();
        client = new TonClient({ endpoint: devnet.v2 });
        probe = await Probe.compile();
        await probe.deploy(devnet, toNano('1'));
        info = await devnet.info();
    });
    afterAll(() => devnet.stop());

    const alice = (): Address => Address.parse(info.wallets[0]?.addresses.v4r2 ?? '');

    /** What the server said where the client says only that the status is none of success. */
    async function refusal(
        call: Promise<unknown>,
    ): Promise<{ status: number; ok: boolean; error: string; code: number }> {
        const error: unknown = await call.then(
            () => new Error('It was not refused.'),
            (reason: unknown) => reason,
        );
        const { response } = error as {
            response?: { status: number; data: { ok: boolean; error: string; code: number } };
        };
        if (!response) {
            throw error;
        }
        return { status: response.status, ...response.data };
    }

    it('reads the state of accounts', async () => {
        const state = await client.getContractState(probe.address);
        expect(state.state).toBe('active');
        expect(Cell.fromBoc(state.code ?? Buffer.alloc(0))).toEqual([probe.init.code]);
        expect(Cell.fromBoc(state.data ?? Buffer.alloc(0))).toEqual([probe.init.data]);
        expect(state.blockId.seqno).toBe((await client.getMasterchainInfo()).latestSeqno);
        expect(state.timestampt).toBeGreaterThanOrEqual(info.now);
        const [last] = await client.getTransactions(probe.address, { limit: 1 });
        expect(state.lastTransaction).toEqual({
            lt: last?.lt.toString(),
            hash: last?.hash().toString('base64'),
        });
        expect(await client.getBalance(probe.address)).toBe(state.balance);
        expect(state.balance).toBeLessThan(toNano('1'));

        expect(await client.getContractState(alice())).toMatchObject({
            state: 'uninitialized',
            code: null,
            data: null,
        });
        expect(await client.getBalance(alice())).toBe(toNano('10000'));
        expect(await client.getContractState(NOBODY)).toMatchObject({
            state: 'uninitialized',
            balance: 0n,
            lastTransaction: null,
        });
        expect(await client.isContractDeployed(probe.address)).toBe(true);
        expect(await client.isContractDeployed(alice())).toBe(false);
    });

    it('runs getters with every type of argument and answer that it knows', async () => {
        const cell = beginCell().storeUint(7, 8).endCell();
        const { stack, gas_used } = await client.runMethod(probe.address, 'echo', [
            { type: 'int', value: -(2n ** 256n) },
            { type: 'cell', cell },
            { type: 'slice', cell },
            { type: 'builder', cell },
            { type: 'cell', cell: Cell.EMPTY },
        ]);
        expect(gas_used).toBeGreaterThan(0);
        expect(stack.readBigNumber()).toBe(-(2n ** 256n));
        expect([stack.readCell(), stack.readCell(), stack.pop()]).toEqual([cell, cell, { type: 'builder', cell }]);
        expect(stack.readCell()).toEqual(Cell.EMPTY);

        expect((await client.runMethod(probe.address, 'negative')).stack.readBigNumber()).toBe(-5n);
        expect((await client.callGetMethod(probe.address, 'negative')).stack.readNumber()).toBe(-5);
        const { stack: nested } = await client.runMethod(probe.address, 'nested');
        expect(nested.pop()).toMatchObject({ type: 'tuple', items: [1n, -2n, [expect.any(Cell)], []] });
        const { stack: time } = await client.provider(probe.address).get('time', []);
        expect(time.readNumber()).toBeGreaterThanOrEqual(info.now);
    });

    it('hears of getters that fail', async () => {
        expect(await client.runMethodWithError(probe.address, 'fail')).toMatchObject({ exit_code: 78 });
        expect(await client.callGetMethodWithError(probe.address, 'none')).toMatchObject({ exit_code: 11 });
        expect(await client.runMethodWithError(probe.address, 'endless')).toMatchObject({ exit_code: -14 });
        await expect(client.runMethod(probe.address, 'fail')).rejects.toThrow('Got exit_code: 78');
        await expect(client.runMethod(NOBODY, 'fail')).rejects.toThrow('Got exit_code: -13');
    });

    it('sends messages, and hears why one is refused', async () => {
        const seen = (): Promise<number> =>
            client.getTransactions(probe.address, { limit: 100 }).then(({ length }) => length);
        const before = await seen();
        await client.sendFile(probe.message(Ask.nothing));
        await client.sendMessage(external({ to: probe.address, body: Probe.body(Ask.nothing) }));
        await client.sendExternalMessage(probe, Probe.body(Ask.nothing));
        await client.provider(probe.address).external(Probe.body(Ask.nothing));
        expect(await seen()).toBe(before + 4);

        const failed = await refusal(client.sendFile(probe.message(Ask.fail)));
        expect(failed).toMatchObject({ status: 422, ok: false, code: 422 });
        expect(failed.error).toContain('External message was not accepted');
        expect(failed.error).toContain('exitcode=77');
        const missing = await refusal(client.sendMessage(external({ to: NOBODY, body: Cell.EMPTY })));
        expect(missing.error).toContain(`there is no contract at ${NOBODY.toString()}`);
        expect(await refusal(client.sendFile(Cell.EMPTY.toBoc()))).toMatchObject({ status: 422, ok: false });
        expect(await refusal(client.sendFile(Buffer.from('no boc')))).toMatchObject({ status: 422, ok: false });
        expect(await seen()).toBe(before + 4);
    });

    it('estimates fees and changes nothing', async () => {
        const before = await client.getContractState(probe.address);
        const args = { body: Probe.body(Ask.nothing), initCode: null, initData: null, ignoreSignature: true };
        const { source_fees } = await client.estimateExternalMessageFee(probe.address, args);
        await client.sendFile(probe.message(Ask.nothing));
        const [last] = await client.getTransactions(probe.address, { limit: 1 });
        const { in_fwd_fee, storage_fee, gas_fee } = source_fees;
        expect(BigInt(in_fwd_fee + storage_fee + gas_fee)).toBe(last?.totalFees.coins);
        expect(before.lastTransaction?.lt).toBe(last?.prevTransactionLt.toString());
        const failed = await refusal(
            client.estimateExternalMessageFee(probe.address, { ...args, body: Probe.body(Ask.fail) }),
        );
        expect(failed.error).toContain('exitcode=77');
    });

    it('pages through transactions, from one of them on', async () => {
        const all = await client.getTransactions(probe.address, { limit: 100 });
        const hashes = all.map((transaction) => transaction.hash().toString('base64'));
        expect(all.length).toBeGreaterThan(3);
        expect(all.map(({ lt }) => lt)).toEqual([...all.map(({ lt }) => lt)].sort((a, b) => Number(b - a)));
        expect(all.slice(0, -1).map(({ prevTransactionLt }) => prevTransactionLt)).toEqual(
            all.slice(1).map(({ lt }) => lt),
        );

        const [, second] = all;
        const from = { lt: second?.lt.toString() ?? '', hash: hashes[1] ?? '' };
        const read = async (opts: { limit: number; lt: string; hash: string; inclusive?: boolean; to_lt?: string }) =>
            (await client.getTransactions(probe.address, opts)).map((transaction) =>
                transaction.hash().toString('base64'),
            );
        expect(await read({ ...from, limit: 2, inclusive: true })).toEqual(hashes.slice(1, 3));
        expect(await read({ ...from, limit: 2 })).toEqual(hashes.slice(2, 4));
        expect(await read({ ...from, limit: 100, inclusive: true, to_lt: all[2]?.lt.toString() })).toEqual([hashes[1]]);
        const paged = await client
            .provider(probe.address)
            .getTransactions(probe.address, all[0]?.lt ?? 0n, all[0]?.hash() ?? Buffer.alloc(0));
        expect(paged.map((transaction) => transaction.hash().toString('base64'))).toEqual(hashes);

        const one = await client.getTransaction(probe.address, from.lt, from.hash);
        expect(one?.hash().toString('base64')).toBe(hashes[1]);
        expect(await refusal(client.getTransaction(probe.address, '5', from.hash))).toMatchObject({ status: 404 });
        expect(await client.getTransactions(NOBODY, { limit: 10 })).toEqual([]);
    });

    it('reads blocks: each transaction is in one', async () => {
        const { latestSeqno, workchain, shard } = await client.getMasterchainInfo();
        expect(workchain).toBe(-1);
        await client.sendFile(probe.message(Ask.nothing));
        expect((await client.getMasterchainInfo()).latestSeqno).toBe(latestSeqno + 1);
        const [block] = await client.getWorkchainShards(latestSeqno + 1);
        expect(block).toEqual({ workchain: 0, shard, seqno: latestSeqno + 1 });
        const [last] = await client.getTransactions(probe.address, { limit: 1 });
        expect(await client.getShardTransactions(0, latestSeqno + 1, shard)).toEqual([
            { account: probe.address, lt: last?.lt.toString(), hash: last?.hash().toString('base64') },
        ]);
        expect(await client.getShardTransactions(-1, latestSeqno + 1, shard)).toEqual([]);
        expect(await refusal(client.getWorkchainShards(latestSeqno + 100))).toMatchObject({ status: 404 });
        expect(await refusal(client.getShardTransactions(0, latestSeqno + 100, shard))).toMatchObject({ status: 404 });
    });

    describe('beside it, API v2', () => {
        const get = async (method: string, query: Record<string, string> = {}): Promise<unknown> => {
            const { status, json } = await devnet.get(`/api/v2/${method}?${new URLSearchParams(query).toString()}`);
            expect([status, json]).toEqual([200, { ok: true, result: expect.anything() as unknown }]);
            return (json as { result: unknown }).result;
        };
        const bob = (): Address => Address.parse(info.wallets[1]?.addresses.v5r1 ?? '');

        it('reads accounts by GET', async () => {
            const address = probe.address.toString();
            const balance = (await client.getBalance(probe.address)).toString();
            expect(await get('getAddressBalance', { address })).toBe(balance);
            expect(await get('getAddressState', { address })).toBe('active');
            expect(await get('getAddressState', { address: alice().toString() })).toBe('uninitialized');
            expect(await get('getAddressInformation', { address })).toMatchObject({ balance, state: 'active' });
            expect(await get('getExtendedAddressInformation', { address })).toMatchObject({
                balance,
                account_state: { '@type': 'raw.accountState', code: probe.init.code?.toBoc().toString('base64') },
            });
            expect(await get('getWalletInformation', { address })).toMatchObject({ wallet: false, balance });
            expect(await get('getWalletInformation', { address: NOBODY.toString() })).toMatchObject({
                wallet: false,
                account_state: 'uninitialized',
            });
        });

        it('writes addresses in all their forms', async () => {
            const raw = bob().toRawString();
            expect(await get('packAddress', { address: raw })).toBe(bob().toString());
            expect(await get('unpackAddress', { address: bob().toString() })).toBe(raw.toUpperCase());
            expect(await get('detectAddress', { address: info.wallets[1]?.addresses.v5r1 ?? '' })).toEqual({
                raw_form: raw,
                bounceable: { b64: bob().toString({ urlSafe: false }), b64url: bob().toString() },
                non_bounceable: {
                    b64: bob().toString({ urlSafe: false, bounceable: false }),
                    b64url: bob().toString({ bounceable: false }),
                },
                given_type: 'friendly_non_bounceable',
                test_only: false,
            });
            expect(await get('detectAddress', { address: raw })).toMatchObject({ given_type: 'raw_form' });
        });

        it('reads blocks and the config', async () => {
            const { latestSeqno: seqno } = await client.getMasterchainInfo();
            const header = (await get('getBlockHeader', { workchain: '0', seqno: String(seqno) })) as {
                id: { seqno: number };
                start_lt: string;
                end_lt: string;
                gen_utime: number;
            };
            const { consensus_block } = (await get('getConsensusBlock')) as { consensus_block: number };
            expect([header.id.seqno, consensus_block]).toEqual([seqno, seqno]);
            const same: Record<string, string>[] = [
                { seqno: String(seqno) },
                { lt: header.start_lt },
                { lt: header.end_lt },
                { unixtime: String(header.gen_utime + 1000) },
            ];
            for (const query of same) {
                expect(await get('lookupBlock', { workchain: '0', ...query })).toEqual(header.id);
            }
            const before = { workchain: '0', lt: (BigInt(header.start_lt) - 1n).toString() };
            expect(await get('lookupBlock', before)).toMatchObject({ seqno: seqno - 1 });
            const param = (await get('getConfigParam', { config_id: '21' })) as { config: { bytes: string } };
            expect(Cell.fromBase64(param.config.bytes).beginParse().loadUint(8)).toBe(0xd1);
        });

        it('sends and estimates by POST, and gives the hash of what was sent', async () => {
            const boc = probe.message(Ask.nothing);
            const { status, json } = await devnet.post('/api/v2/sendBocReturnHash', { boc: boc.toString('base64') });
            expect([status, json]).toMatchObject([
                200,
                { ok: true, result: { hash: Cell.fromBoc(boc)[0]?.hash().toString('base64') } },
            ]);
            const method = { address: probe.address.toString(), method: 'negative', stack: [] };
            const run = await devnet.post('/api/v2/runGetMethod', method);
            expect(run.json).toMatchObject({ result: { exit_code: 0, stack: [['num', '-0x5']] } });
        });

        it('is not there for other machines', async () => {
            const { port } = new URL(devnet.url);
            expect(devnet.url).toBe(`http://127.0.0.1:${port}`);
            // Loopback too, but not the address that it listens on
            await expect(fetch(`http://127.0.0.2:${port}/devnet/info`)).rejects.toThrow('fetch failed');
        });
    });

    describe.each([
        ['v4r2', WalletContractV4],
        ['v5r1', WalletContractV5R1],
    ] as const)('with a wallet %s', (version, Wallet) => {
        it('deploys it, sends with it, and follows the message to its receiver', async () => {
            const named = info.wallets.find(({ name }) => name === 'bob');
            const { publicKey, secretKey } = await mnemonicToPrivateKey((named?.mnemonic ?? '').split(' '));
            const wallet = client.open(Wallet.create({ workchain: 0, publicKey }));
            expect(wallet.address.toString({ bounceable: false })).toBe(named?.addresses[version]);
            expect(await wallet.getSeqno()).toBe(0);

            const sender = wallet.sender(secretKey);
            const to = new Address(0, Buffer.alloc(32, version === 'v4r2' ? 4 : 5));
            const { PAY_GAS_SEPARATELY: sendMode } = SendMode;
            await sender.send({ to, value: toNano('1'), bounce: false, body: comment('hello'), sendMode });
            expect(await wallet.getSeqno()).toBe(1);
            expect(await client.isContractDeployed(wallet.address)).toBe(true);
            expect(await client.getBalance(to)).toBe(toNano('1'));

            const [sent] = await client.getTransactions(wallet.address, { limit: 1 });
            const out = sent?.outMessages.get(0)?.info;
            const createdLt = out?.type === 'internal' ? out.createdLt.toString() : '';
            const result = await client.tryLocateResultTx(wallet.address, to, createdLt);
            const [received] = await client.getTransactions(to, { limit: 1 });
            expect(result.hash()).toEqual(received?.hash());
            expect((await client.tryLocateSourceTx(wallet.address, to, createdLt)).hash()).toEqual(sent?.hash());
            expect(await refusal(client.tryLocateResultTx(wallet.address, to, '5'))).toMatchObject({ status: 404 });
            expect(await refusal(client.tryLocateSourceTx(to, wallet.address, createdLt))).toMatchObject({
                status: 404,
            });

            // The same number again
            const repeated = wallet.sendTransfer({
                seqno: 0,
                secretKey,
                sendMode,
                messages: [internal({ to, value: 1n, bounce: false })],
            });
            expect((await refusal(repeated)).error).toMatch(/exitcode=(33|133) \(wrong_seqno\)/);
            expect(await wallet.getSeqno()).toBe(1);
        });

        it('takes its messages by the clock of the machine, where the chain has been moved on', async () => {
            const named = info.wallets.find(({ name }) => name === 'carol');
            const { publicKey, secretKey } = await mnemonicToPrivateKey((named?.mnemonic ?? '').split(' '));
            const wallet = client.open(Wallet.create({ workchain: 0, publicKey }));
            const now = await devnet.advance(7 * 86_400);
            for (const seqno of [1, 2]) {
                const sendMode = SendMode.PAY_GAS_SEPARATELY;
                await wallet.sender(secretKey).send({ to: NOBODY, value: 1n, bounce: false, sendMode });
                expect(await wallet.getSeqno()).toBe(seqno);
            }
            const transactions = await client.getTransactions(wallet.address, { limit: 2 });
            expect(transactions.every((transaction) => transaction.now >= now)).toBe(true);
            const state = await client.getContractState(wallet.address);
            expect(state.lastTransaction?.hash).toBe(transactions[0]?.hash().toString('base64'));
            expect(transactions[0]?.prevTransactionHash).toBe(
                BigInt(`0x${transactions[1]?.hash().toString('hex') ?? ''}`),
            );
        });
    });
});
