import { type Address, beginCell, Cell, contractAddress, toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';

import { AdNetwork, AdsOp, ChannelAccount, minAutoPayout, quoteRegister } from '../../wrappers';
import { AdsWorld } from '../helpers/ads-world';
import { internalMessage, sent, transactionOn } from '../helpers/world';

const { publicKey } = keyPairFromSeed(Buffer.alloc(32, 3));
/** An instruction that throws 33; and one that does nothing, again and again. */
const THROWS = beginCell().storeUint(0xf221, 16).endCell();
const BURNS = beginCell().storeUint(0x9100ea, 24).endCell();

const contract = (code: Cell) => ({
    init: { code, data: Cell.EMPTY },
    address: contractAddress(0, { code, data: Cell.EMPTY }),
});
const v4 = WalletContractV4.create({ workchain: 0, publicKey });
const v5 = WalletContractV5R1.create({ workchain: 0, publicKey });

/** Who is paid, and how his account comes to be what it is. */
const RECIPIENTS: [who: string, address: Address, prepare: (world: AdsWorld) => Promise<unknown>][] = [
    ['a wallet v4r2', v4.address, (world) => deploy(world, v4)],
    ['a wallet v4r2 that is not deployed', v4.address, () => Promise.resolve()],
    ['a wallet v5r1', v5.address, (world) => deploy(world, v5)],
    ['a wallet v5r1 that is not deployed', v5.address, () => Promise.resolve()],
    ['a contract that throws on everything', contract(THROWS).address, (world) => deploy(world, contract(THROWS))],
    ['a contract that burns all its gas', contract(BURNS).address, (world) => deploy(world, contract(BURNS))],
    [
        'a frozen account',
        v5.address,
        async (world) => {
            await deploy(world, v5);
            const frozen = await world.chain.getContract(v5.address);
            const { account } = frozen;
            account.account!.storage.state = { type: 'frozen', stateHash: BigInt(`0x${'5'.repeat(64)}`) };
            frozen.account = account;
        },
    ],
];

async function deploy(world: AdsWorld, { address, init }: { address: Address; init: { code: Cell; data: Cell } }) {
    await world.send(world.people.brand, address, toNano('0.1'), undefined, { init, bounce: false });
}

describe.each(RECIPIENTS)('%s', (_, owner, prepare) => {
    let world: AdsWorld;
    let account: Address;
    beforeAll(async () => {
        world = await AdsWorld.create();
        account = world.account().address;
        await prepare(world);
        await world.remember(owner);
        const body = AdNetwork.registerMessage({ certificate: await world.certificate(owner) });
        await world.inject(internalMessage(owner, world.network.address, quoteRegister(world.prices), body));
        await world.pay(toNano('4'));
        await world.revenue(toNano('20'));
    });

    it('is the owner, and what a payout says reaches it for good', async () => {
        expect((await world.account().getState()).owner).toEqual(owner);
        const withdrawn = await world.send(
            world.people.stranger,
            account,
            toNano('0.1'),
            ChannelAccount.withdrawMessage(),
        );
        const [payout] = sent(transactionOn(withdrawn, account));
        expect(payout).toMatchObject({ to: owner, op: AdsOp.owner_payout });
        const delivery = transactionOn(withdrawn, owner);
        expect(sent(delivery)).toEqual([]);
        expect((await world.account().getState()).ownerDue).toBe(0n);

        const claimed = await world.claim(toNano('3'));
        const [drawn] = sent(transactionOn(claimed, world.network.address));
        expect(drawn).toMatchObject({ to: owner, op: AdsOp.voucher_payout });
        expect(drawn!.value).toBeGreaterThan(toNano('3'));
        expect(sent(transactionOn(claimed, owner))).toEqual([]);
        expect(await world.account().getState()).toMatchObject({ received: toNano('3') });
    });

    it('is paid out at its threshold, and others go on', async () => {
        const body = ChannelAccount.setAutoPayoutMessage({ threshold: minAutoPayout(world.prices) });
        await world.inject(internalMessage(owner, account, toNano('0.1'), body));
        const paid = await world.pay(toNano('5'));
        expect(sent(transactionOn(paid, account))).toMatchObject([{ to: owner, op: AdsOp.owner_payout }]);
        expect((await world.account().getState()).ownerDue).toBe(0n);
        const other = await world.registered(world.people.owner, 5n);
        await world.claim(toNano('1'), toNano('0.1'), 5n);
        expect((await other.getState()).received).toBe(toNano('1'));
    });
});
