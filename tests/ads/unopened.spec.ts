import { type Address, beginCell, type Cell, type StateInit, toNano } from '@ton/core';

import { AdNetwork, AdsOp, Campaign, channelAccountAddress } from '../../wrappers';
import { AdsWorld, PAYEE } from '../helpers/ads-world';
import { exitCode, internalMessage, transactionOn } from '../helpers/world';

// A refused message can deploy a contract without opening it: it lies there with the data that its address is made of.

const GARBAGE = beginCell().storeUint(0xdead, 32).endCell();
const UNKNOWN_METHOD = 11;

let world: AdsWorld;

beforeEach(async () => {
    world = await AdsWorld.create();
});

const contracts = () => ({
    ChannelAccount: world.account(),
    Campaign: world.campaign(),
    // Not the world's own one, which is open
    AdNetwork: world.chain.openContract(
        AdNetwork.createFromConfig(
            {
                burst: 5n,
                rate: 7n,
                shareBps: 4000,
                voucherKey: Buffer.alloc(32, 9),
                operator: world.people.operator.address,
                treasury: world.people.treasury.address,
                admin: world.people.admin.address,
                accountCode: beginCell().endCell(),
            },
            world.network.init!.code!,
        ),
    ),
});

async function deployUnopened({ address, init }: { address: Address; init?: StateInit | null }) {
    await world.send(world.people.stranger, address, toNano('1'), GARBAGE, { bounce: false, init });
    expect(await world.data(address)).toEqualCell(init!.data!);
}

/** A message of the network that says that it bounced: nobody else is believed. */
async function injectBounce(to: Address, body: Cell) {
    const message = internalMessage(world.network.address, to, toNano('1'), body, false);
    return transactionOn(await world.inject({ ...message, info: { ...message.info, bounced: true } as never }), to);
}

describe('a contract that was deployed and not opened', () => {
    it('tells what its address is made of', async () => {
        const { ChannelAccount: account, Campaign: campaign, AdNetwork: network } = contracts();
        await deployUnopened(account);
        await deployUnopened(campaign);
        await deployUnopened(network);
        expect(await account.getState()).toMatchObject({
            isOpen: false,
            ownerDue: 0n,
            owner: null,
            pendingOwner: null,
            payeeId: PAYEE,
            shareBps: 5000,
            network: world.network.address,
            voucherKey: null,
        });
        // The wrapper leaves out what means nothing before the first transaction
        const { stackReader } = await world.chain.runGetMethod(account.address, 'get_account_state_v1');
        expect(Array.from({ length: 5 }, () => stackReader.readBigNumber())).toEqual([0n, 0n, 0n, 0n, 0n]);
        expect(await campaign.getState()).toMatchObject({
            isOpen: false,
            spent: 0n,
            budget: 0n,
            level: 0n,
            advertiser: world.people.advertiser.address,
            network: world.network.address,
            campaignId: 1n,
        });
        expect(await network.getState()).toMatchObject({ ownersDue: 0n, platformDue: 0n, level: 0n, shareBps: 4000 });
        expect(await network.getPowers()).toMatchObject({ admin: world.people.admin.address, pendingAdmin: null });
        expect(await network.getAccountCode()).toEqualCell(beginCell().endCell());
        const account4000 = channelAccountAddress(
            { network: network.address, payeeId: PAYEE, shareBps: 4000 },
            beginCell().endCell(),
        );
        expect(await network.getAccountAddress(PAYEE)).toEqual(account4000);
    });

    it('is opened by revenue, if it is a network, and divides it', async () => {
        const { AdNetwork: network } = contracts();
        await deployUnopened(network);
        const body = AdNetwork.revenueMessage({ amount: toNano('10') });
        await world.send(world.people.stranger, network.address, toNano('11'), body);
        expect(await network.getState()).toMatchObject({ ownersDue: toNano('4'), platformDue: toNano('6') });
    });

    it.each(['ChannelAccount', 'Campaign', 'AdNetwork'] as const)('%s takes no bounce', async (name) => {
        const contract = contracts()[name];
        await deployUnopened(contract);
        const fund = Campaign.fundMessage({ amount: 5n }).asSlice();
        const tx = await injectBounce(
            contract.address,
            beginCell().storeUint(0xffffffff, 32).storeSlice(fund).endCell(),
        );
        expect([exitCode(tx), tx.outMessagesCount]).toEqual([0, 0]);
        expect(await world.data(contract.address)).toEqualCell(contract.init!.data!);
    });

    it('a campaign is opened by rent, which is no budget to it', async () => {
        const campaign = world.campaign();
        const { advertiser } = world.people;
        await world.send(advertiser, campaign.address, toNano('0.05'), AdNetwork.topUpMessage(), {
            init: campaign.init,
        });
        expect(await campaign.getState()).toMatchObject({ isOpen: true, spent: 0n, level: 0n });
        await world.send(advertiser, campaign.address, toNano('5'));
        expect((await campaign.getState()).budget).toBeGreaterThan(toNano('4'));
    });
});

describe('a bounce with the original body', () => {
    it('of a question for the voucher key gives its value to who asked, and leaves what was received', async () => {
        const account = await world.registered();
        await world.revenue(toNano('10'));
        await world.claim(toNano('1'));
        const before = await world.data(account.address);
        const { owner } = world.people;
        const question = beginCell().storeUint(AdsOp.get_voucher_key, 32).storeBuffer(owner.address.hash).endCell();
        const tx = await injectBounce(
            account.address,
            beginCell().storeUint(0xfffffffe, 32).storeRef(question).endCell(),
        );
        expect(exitCode(tx)).toBe(0);
        expect(tx.outMessages.values().map(({ info }) => info.dest?.toString())).toEqual([owner.address.toString()]);
        expect(await world.data(account.address)).toEqualCell(before);
    });
});

it.each(['ChannelAccount', 'Campaign', 'AdNetwork'] as const)('%s knows no other get-methods', async (name) => {
    const contract = contracts()[name];
    await deployUnopened(contract);
    await expect(world.chain.runGetMethod(contract.address, 'get_nothing')).rejects.toMatchObject({
        exitCode: UNKNOWN_METHOD,
    });
});
