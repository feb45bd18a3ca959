import { execFile } from 'node:child_process';
import { join } from 'node:path';

import { toNano } from '@ton/core';
import { TonClient } from '@ton/ton';

import { DevnetProcess } from '../helpers/devnet';
import { Ask, Probe } from './probe';

type Sealed = {
    seqno: number;
    now: number;
    transactions: { account: string; lt: string; hash: string }[];
    dropped: { hash: string; reason: string }[];
};

/** What the command prints and how it ends. */
function command(devnet: DevnetProcess, ...words: string[]): Promise<{ code: number; out: string; error: string }> {
    const main = join(__dirname, '..', '..', 'devnet', 'main.ts');
    const args = ['--require', 'ts-node/register/transpile-only', main, ...words, '--url', devnet.url];
    return new Promise((resolve) => {
        execFile(process.execPath, args, (failure, out, error) => {
            resolve({ code: failure ? Number(failure.code) : 0, out, error });
        });
    });
}

describe('Blocks', () => {
    let devnet: DevnetProcess;
    let client: TonClient;
    let probe: Probe;
    beforeAll(async () => {
        devnet = await DevnetProcess.start();
        client = new TonClient({ endpoint: devnet.v2 });
        probe = await Probe.compile();
        await probe.deploy(devnet, toNano('10'));
    });
    afterAll(() => devnet.stop());

    const send = (what: number) => devnet.post('/api/v2/sendBoc', { boc: probe.message(what).toString('base64') });

    it('are made of messages as they come, and the chain goes on in time', async () => {
        const before = await devnet.info();
        expect((await send(Ask.nothing)).status).toBe(200);
        expect((await devnet.info()).seqno).toBe(before.seqno + 1);
        expect(await devnet.advance(3600)).toBeGreaterThanOrEqual(before.now + 3600);
        const after = await devnet.info();
        expect(after.seqno).toBe(before.seqno + 2);
        const { status, json } = await devnet.post('/devnet/time', { to: after.now + 500 });
        expect([status, json]).toEqual([200, { now: after.now + 500, seqno: after.seqno + 1 }]);
        const { stack } = await client.runMethod(probe.address, 'time');
        expect(stack.readNumber()).toBeGreaterThanOrEqual(after.now + 500);
    });

    it('have a message with all its consequences or not at all', async () => {
        const before = await client.getContractState(probe.address);
        // Others that are in the same block know nothing of it
        const asked = [Ask.circle, Ask.nothing, Ask.circle, Ask.nothing];
        const answers = await Promise.all(asked.map(send));
        expect(answers.map(({ status }) => status)).toEqual([422, 200, 422, 200]);
        expect(answers[0]?.json).toMatchObject({
            error: expect.stringContaining('more than 1000 transactions') as string,
        });
        const [last, previous] = await client.getTransactions(probe.address, { limit: 2 });
        expect(last?.prevTransactionHash).toBe(BigInt(`0x${previous?.hash().toString('hex') ?? ''}`));
        expect(previous?.prevTransactionLt.toString()).toBe(before.lastTransaction?.lt);
        const fees = (last?.totalFees.coins ?? 0n) + (previous?.totalFees.coins ?? 0n);
        expect(await client.getBalance(probe.address)).toBe(before.balance - fees);
    });

    it('are told by commands', async () => {
        const { now, seqno } = await devnet.info();
        const address = probe.address.toString();
        const balance = await client.getBalance(probe.address);
        expect(await command(devnet, 'faucet', address, '0.25')).toMatchObject({ code: 0, error: '' });
        expect(await client.getBalance(probe.address)).toBeGreaterThan(balance + toNano('0.24'));
        expect(await command(devnet, 'advance', '2h')).toMatchObject({ code: 0, error: '' });
        expect((await devnet.info()).now).toBeGreaterThanOrEqual(now + 7200);
        expect((await command(devnet, 'seal')).out).toBe(`Block ${seqno + 3}: 0 transactions, 0 messages left out.\n`);

        const refusals: [string[], RegExp][] = [
            [['faucet', address], /^Write: npm run devnet -- faucet ADDRESS AMOUNT\n$/],
            [['faucet', address, 'much'], /^much is no amount in TON: write 5 or 0.25.\n$/],
            [['faucet', 'nobody', '1'], /^The parameter address is no address: "nobody".\n$/],
            [['advance', 'soon'], /^soon is no time: write 90s, 15m, 1h or 7d.\n$/],
            [['dance'], /^There is no command dance: there are faucet, advance and seal.\n$/],
            [['seal', '--fast'], /^Unknown option '--fast'/],
        ];
        const answers = await Promise.all(refusals.map(([words]) => command(devnet, ...words)));
        expect(answers).toEqual(
            refusals.map(([, error]) => ({ code: 1, out: '', error: expect.stringMatching(error) as string })),
        );
    });
});

describe('Blocks by hand', () => {
    let devnet: DevnetProcess;
    let client: TonClient;
    let probe: Probe;
    beforeAll(async () => {
        devnet = await DevnetProcess.start('--manual-blocks');
        client = new TonClient({ endpoint: devnet.v2 });
        probe = await Probe.compile();
    });
    afterAll(() => devnet.stop());

    const seal = async (): Promise<Sealed> => (await devnet.post('/devnet/blocks', {})).json as Sealed;

    it('hold messages back until they are asked for', async () => {
        const address = probe.address.toString({ bounceable: false });
        await devnet.faucet(address, toNano('1'));
        const { seqno } = await devnet.info();
        const boc = probe.message(Ask.nothing, { init: true }).toString('base64');
        for (let times = 0; times < 2; times += 1) {
            expect((await devnet.post('/api/v2/sendBoc', { boc })).status).toBe(200);
        }
        expect(await client.isContractDeployed(probe.address)).toBe(false);
        expect((await devnet.info()).seqno).toBe(seqno);

        const block = await seal();
        expect(block).toMatchObject({
            seqno: seqno + 1,
            transactions: [{ account: probe.address.toString() }],
            dropped: [],
        });
        expect(await client.isContractDeployed(probe.address)).toBe(true);
        expect(await seal()).toMatchObject({ seqno: seqno + 2, transactions: [], dropped: [] });
    });

    it('refuse at once what is refused already, and leave out what is refused by then', async () => {
        const send = (boc: Buffer) => devnet.post('/api/v2/sendBoc', { boc: boc.toString('base64') });
        expect((await send(probe.message(Ask.fail))).status).toBe(422);
        const poor = await Probe.compile(2);
        await devnet.faucet(poor.address.toString({ bounceable: false }), 5_000_000n);
        expect((await send(poor.message(Ask.nothing, { init: true }))).status).toBe(200);
        expect((await seal()).transactions).toHaveLength(1);

        // Each can pay for itself, and both cannot
        const wanted = [probe.message(Ask.nothing), probe.message(Ask.nothing, { init: true })];
        for (const boc of wanted) {
            expect((await send(boc)).status).toBe(200);
        }
        const lts = (await seal()).transactions.map(({ lt }) => BigInt(lt));
        expect(lts).toHaveLength(2);
        expect(lts[1]).toBeGreaterThan(lts[0] ?? 0n);
    });
});
