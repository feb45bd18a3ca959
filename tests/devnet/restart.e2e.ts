import { appendFileSync, mkdtempSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

import { Address, internal, SendMode, toNano } from '@ton/core';
import type { KeyPair } from '@ton/crypto';
import { TonClient, TonClient4, WalletContractV5R1 } from '@ton/ton';

import { namedWallets } from '../../devnet/wallets';
import { DevnetProcess } from '../helpers/devnet';
import { Random } from '../helpers/random';

const ROUNDS = 4;
/** It starts a dozen devnets, which takes long where the machine has other work. */
jest.setTimeout(300_000);

const SENDERS = ['alice', 'bob', 'carol', 'dave'];

describe('A devnet with a state file', () => {
    let directory: string;
    let state: string;
    let keys: KeyPair[];
    beforeAll(async () => {
        keys = (await namedWallets()).filter(({ name }) => SENDERS.includes(name));
        directory = mkdtempSync(join(tmpdir(), 'devnet-state-'));
        state = join(directory, 'state');
    });
    afterAll(() => rmSync(directory, { recursive: true }));

    const started: DevnetProcess[] = [];
    /** One that does not outlive a test that fails. */
    async function start(...args: string[]): Promise<DevnetProcess> {
        const devnet = await DevnetProcess.start(...args);
        started.push(devnet);
        return devnet;
    }
    afterEach(() => Promise.all(started.splice(0).map((devnet) => devnet.kill())));

    /** Wallets that send until the devnet is gone; tells of each receiver when the message was acknowledged. */
    async function load(devnet: DevnetProcess, round: number, hear: (to: Address) => void): Promise<void> {
        const client = new TonClient({ endpoint: devnet.v2 });
        await Promise.all(
            keys.map(async ({ publicKey, secretKey }, index) => {
                const wallet = client.open(WalletContractV5R1.create({ publicKey }));
                try {
                    for (let count = 0; ; count += 1) {
                        const to = new Address(0, new Random(`${round} ${index} ${count}`).bytes(32));
                        await wallet.sendTransfer({
                            seqno: await wallet.getSeqno(),
                            secretKey,
                            sendMode: SendMode.PAY_GAS_SEPARATELY,
                            messages: [internal({ to, value: 1000n, bounce: false })],
                        });
                        hear(to);
                    }
                } catch {
                    // It was killed
                }
            }),
        );
    }

    async function summary(devnet: DevnetProcess): Promise<unknown> {
        const client = new TonClient4({ endpoint: devnet.v4 });
        const { last } = await client.getLastBlock();
        const blocks = await Promise.all(Array.from({ length: last.seqno }, (_, index) => client.getBlock(index + 1)));
        const { wallets } = await devnet.info();
        const accounts = await Promise.all(
            wallets.map(({ addresses }) => client.getAccount(last.seqno, Address.parse(addresses.v5r1))),
        );
        return { last, blocks, accounts };
    }

    it(`has whatever it acknowledged, once, after each of ${ROUNDS} kills at any moment`, async () => {
        const random = new Random('kill -9');
        const acknowledged: Address[] = [];
        for (let round = 0; round < ROUNDS; round += 1) {
            const devnet = await start('--state', state);
            const client = new TonClient({ endpoint: devnet.v2 });
            const counts = await Promise.all(
                acknowledged.map(async (to) => (await client.getTransactions(to, { limit: 10 })).length),
            );
            expect(counts.filter((count) => count !== 1)).toEqual([]);
            let loading = Promise.resolve();
            await new Promise<void>((resolve) => {
                loading = load(devnet, round, (to) => {
                    acknowledged.push(to);
                    resolve();
                });
            });
            await sleep(random.below(500));
            await devnet.kill();
            await loading;
        }
        expect(acknowledged.length).toBeGreaterThanOrEqual(ROUNDS);

        const devnet = await start('--state', state);
        const client = new TonClient({ endpoint: devnet.v2 });
        for (const to of acknowledged) {
            expect(await client.getTransactions(to, { limit: 10 })).toHaveLength(1);
        }
        // Every message that a wallet sent has arrived, whether anybody was told or not
        const { wallets } = await devnet.info();
        for (const { addresses } of wallets) {
            const sent = await client.getTransactions(Address.parse(addresses.v5r1), { limit: 1000 });
            for (const { outMessages } of sent) {
                for (const { info } of outMessages.values()) {
                    expect(await client.getTransactions(info.dest as Address, { limit: 10 })).toHaveLength(1);
                }
            }
        }
        await devnet.stop();
    });

    it('is the same after an orderly end, with its time', async () => {
        const path = join(directory, 'orderly');
        const first = await start('--state', path);
        await giveMoney(first);
        await first.advance(30 * 86_400);
        const [before, { now }] = [await summary(first), await first.info()];
        expect(await first.stop()).toBe(0);

        const second = await start('--state', path);
        expect(await summary(second)).toEqual(before);
        expect((await second.info()).now).toBeGreaterThanOrEqual(now);
        await giveMoney(second);
        const after = await summary(second);
        await second.stop();

        // A record that was being written when the power went
        const whole = readFileSync(path);
        appendFileSync(path, whole.subarray(0, 50));
        const third = await start('--state', path);
        expect(await summary(third)).toEqual(after);
        await third.stop();
        expect(readFileSync(path)).toEqual(whole);

        // And one that was not: its block has not been
        truncateSync(path, whole.length - 10);
        const fourth = await start('--state', path);
        expect((await fourth.info()).seqno).toBe((after as { last: { seqno: number } }).last.seqno - 1);
        await fourth.stop();
    });

    /** One block with money. */
    const giveMoney = (devnet: DevnetProcess): Promise<void> =>
        devnet.faucet(new Address(0, Buffer.alloc(32, 3)).toString(), toNano('1'));

    it('is refused for a file of another kind, another price list, or a second process', async () => {
        const diary = join(directory, 'diary');
        writeFileSync(diary, 'Dear diary,\n');
        const path = join(directory, 'orderly');
        await Promise.all([
            expect(start('--state', diary)).rejects.toThrow('is no state file of a devnet'),
            expect(start('--state', join(directory, 'none', 'state'))).rejects.toThrow('ENOENT'),
        ]);
        expect(readFileSync(diary, 'utf8')).toBe('Dear diary,\n');
        const before = readFileSync(path);
        const otherPrices = start('--state', path, '--prices', 'earlier');
        await expect(otherPrices).rejects.toThrow('has the prices "today"');
        await expect(start('--state', path, '--seed')).rejects.toThrow('begun without --seed');
        expect(readFileSync(path)).toEqual(before);
        const only = await start('--state', path);
        await expect(start('--state', path)).rejects.toThrow('is in use by process');
        await only.stop();
    });
});
