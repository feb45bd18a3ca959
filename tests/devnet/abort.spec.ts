import { beginCell, Cell, storeShardAccount } from '@ton/core';

import { Chain } from '../../devnet/chain';
import { chainConfig, withoutValidators } from '../../devnet/config';
import { Rejection } from '../../devnet/draft';
import { Emulator } from '../../devnet/emulator';
import { Ask, Probe } from './probe';

describe('When the emulator aborts', () => {
    let emulators: { transactions: Emulator; getters: Emulator };
    let chain: Chain;
    /** The emulator lets an account that never paid rent use any gas, and aborts where that costs more than it has. */
    let cursed: Probe;
    let sound: Probe;
    beforeAll(async () => {
        const config = withoutValidators(chainConfig());
        const boc = config.toBoc().toString('base64');
        emulators = { transactions: new Emulator(boc), getters: new Emulator(boc) };
        chain = new Chain(emulators, config);
        [cursed, sound] = [await Probe.compile(1), await Probe.compile(2)];
        chain.restore({
            type: 'block',
            seqno: 1,
            now: 1_800_000_000,
            transactions: [],
            accounts: [stored(cursed, 0), stored(sound, 1_800_000_000)],
        });
    });
    afterAll(() => Promise.all(Object.values(emulators).map((emulator) => emulator.close())));

    const cell = (boc: Buffer): Cell => Cell.fromBoc(boc)[0] ?? Cell.EMPTY;
    const burn = (): Promise<void> => chain.send(cell(cursed.message(Ask.burnGas)));
    const work = (): Promise<void> => chain.send(cell(sound.message(Ask.nothing)));

    it('only the message that did it is left out', async () => {
        const before = chain.account(cursed.address).boc;
        const results = await Promise.allSettled([work(), burn(), work(), burn(), work()]);
        expect(results.map(({ status }) => status)).toEqual([
            'fulfilled',
            'rejected',
            'fulfilled',
            'rejected',
            'fulfilled',
        ]);
        const reasons = results.flatMap((result) => (result.status === 'rejected' ? [result.reason as unknown] : []));
        for (const reason of reasons) {
            expect(reason).toBeInstanceOf(Rejection);
            expect(String(reason)).toMatch(/The emulator aborted .* The message was left out/);
        }
        expect(chain.account(cursed.address).boc).toBe(before);
        expect(chain.transactionsOf(sound.address)).toHaveLength(3);
    });

    it('an estimate and a message that waits for a block say so', async () => {
        await expect(chain.dryRun(cell(cursed.message(Ask.burnGas)), false)).rejects.toThrow(Rejection);
        chain.automatic = false;
        await expect(burn()).rejects.toThrow(Rejection);
        chain.automatic = true;
        await work();
    });

    it('it is there again for the requests that had waited behind', async () => {
        const { transactions } = emulators;
        const request = (probe: Probe, what: number) => ({
            kind: 'transaction' as const,
            account: chain.account(probe.address).boc,
            message: probe.message(what).toString('base64'),
            now: chain.now,
            lt: 10n ** 12n,
            randomSeed: '00'.repeat(32),
            ignoreSignature: false,
        });
        const results = await Promise.allSettled([
            transactions.run(request(cursed, Ask.burnGas)),
            transactions.run(request(sound, Ask.nothing)),
            transactions.run(request(cursed, Ask.burnGas)),
            transactions.run(request(sound, Ask.fail)),
        ]);
        expect(results).toMatchObject([
            { status: 'rejected', reason: { name: 'EmulatorAbort' } },
            { status: 'fulfilled', value: { kind: 'transaction' } },
            { status: 'rejected', reason: { name: 'EmulatorAbort' } },
            { status: 'fulfilled', value: { kind: 'rejected', exitCode: 77 } },
        ]);
    });
});

/** A deployed probe with 0.005 TON that has paid its rent up to a time. */
function stored({ address, init }: Probe, lastPaid: number): { account: string; boc: string } {
    const account = {
        addr: address,
        storage: { lastTransLt: 0n, balance: { coins: 5_000_000n }, state: { type: 'active' as const, state: init } },
        storageStats: { used: { cells: 0n, bits: 0n }, lastPaid, duePayment: null, storageExtra: null },
    };
    const shard = { account, lastTransactionLt: 0n, lastTransactionHash: 0n };
    const cell = beginCell().store(storeShardAccount(shard)).endCell();
    return { account: address.toRawString(), boc: cell.toBoc().toString('base64') };
}
