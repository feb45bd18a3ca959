import { type Address, beginCell, toNano } from '@ton/core';

import {
    AdNetwork,
    AdsError,
    AdsOp,
    Campaign,
    ChannelAccount,
    forwardFee,
    gasFee,
    minAutoPayout,
    revenueFee,
    splitRevenue,
} from '../../wrappers';
import {
    accountReserve,
    AdsGas,
    autoPayoutFee,
    campaignReserve,
    claimPrice,
    fundFee,
    networkReserve,
    payFee,
    takePrice,
} from '../../wrappers/ads/gas';
import { AdsWorld } from '../helpers/ads-world';
import { PRICE_LISTS } from '../helpers/base-world';
import { exitCode, gasFees, internalMessage, isOn, sent, transactionOn } from '../helpers/world';

const VALUE = toNano('0.5');

describe.each(PRICE_LISTS)('the rules of money under %s', (_, prices) => {
    let world: AdsWorld;
    let account: Address;
    let network: Address;
    beforeEach(async () => {
        world = await AdsWorld.create(prices);
        account = world.account().address;
        network = world.network.address;
    });
    const balanceOf = (address: Address) => world.balance(address);

    it('rule 1: a message between our contracts carries its amount and the price of handling, and exactly the amount is booked', async () => {
        const campaign = await world.funded();
        const before = await world.network.getState();
        const result = await world.charge({ campaign: campaign.address, cumulative: toNano('3') });
        const [revenue] = sent(transactionOn(result, campaign.address));
        expect(revenue!.op).toBe(AdsOp.revenue);
        expect(revenue!.value).toBeGreaterThanOrEqual(toNano('3') + revenueFee(prices));
        const after = await world.network.getState();
        expect(after.ownersDue - before.ownersDue).toBe(toNano('1.5'));
        // And the fees are not the campaign's
        expect((await campaign.getState()).spent).toBe(toNano('3'));

        for (const body of [
            AdNetwork.revenueMessage({ amount: toNano('1') }),
            AdNetwork.platformShareMessage({ amount: toNano('1') }),
        ]) {
            const value = toNano('1') + revenueFee(prices) - 1n;
            await world.expectRejected(world.people.stranger, network, value, body, AdsError.not_enough_funds);
        }
    });

    it('rule 2: a claim is refused before anything is written unless its value covers the chain and the way back, twice', async () => {
        await world.registered();
        await world.revenue(toNano('5'));
        const body = ChannelAccount.claimMessage({ voucher: await world.voucher(toNano('1')) });
        // What the owner's account lacks of its reserve comes on top
        const { ownerDue, platformDue, reserve } = await world.account().getState();
        const lacks = ownerDue + platformDue + reserve - (await balanceOf(account));
        const price = claimPrice(prices) + (lacks > 0n ? lacks : 0n);
        await world.expectRejected(world.people.stranger, account, price - 1n, body, AdsError.not_enough_funds);

        // The dearest ways of a claim that is refused and of one that is not cost less than half of it
        const refused = await world.claim(toNano('500'), toNano('1'));
        const spent = refused.transactions
            .filter((tx) => isOn(tx, account) || isOn(tx, network))
            .reduce((sum, tx) => sum + gasFees(tx), 0n);
        expect(spent).toBeLessThan(claimPrice(prices) / 2n);
        await world.claim(toNano('1'), price);
        expect((await world.account().getState()).received).toBe(toNano('1'));
    });

    it('rule 3: what comes back is booked less its own price, and at most the amount', async () => {
        await world.registered();
        await world.pay(toNano('5'));
        const before = await world.account().getState();
        for (const [value, booked] of [
            [toNano('2'), toNano('1')],
            [toNano('0.3'), toNano('0.3') - gasFee(prices, AdsGas.BOUNCED_FUND_GAS)],
            [gasFee(prices, AdsGas.BOUNCED_FUND_GAS) - 1n, 0n],
        ] as const) {
            const back = world.checkpoint();
            const body = beginCell()
                .storeUint(0xffffffff, 32)
                .storeSlice(Campaign.fundMessage({ amount: toNano('1') }).asSlice())
                .endCell();
            const message = internalMessage(world.campaign().address, account, value, body, false);
            const result = await world.inject({ ...message, info: { ...message.info, bounced: true } as never });
            expect(exitCode(transactionOn(result, account))).toBe(0);
            expect((await world.account().getState()).ownerDue - before.ownerDue).toBe(booked);
            await back();
        }
    });

    it('rule 3: a platform share that comes back is the platform’s again', async () => {
        await world.registered();
        await world.pay(toNano('5'));
        const before = await world.account().getState();
        const body = beginCell()
            .storeUint(0xffffffff, 32)
            .storeSlice(AdNetwork.platformShareMessage({ amount: toNano('1') }).asSlice())
            .endCell();
        const message = internalMessage(network, account, toNano('2'), body, false);
        await world.inject({ ...message, info: { ...message.info, bounced: true } as never });
        expect(await world.account().getState()).toMatchObject({
            ownerDue: before.ownerDue,
            platformDue: before.platformDue + toNano('1'),
        });
    });

    it('rule 4: what cannot bounce is sent back', async () => {
        await world.pay(toNano('1'));
        const { stranger } = world.people;
        const body = ChannelAccount.withdrawMessage();
        await world.expectRejected(stranger, account, VALUE, body, AdsError.no_owner);
    });

    it('rule 5: an account’s address is recomputed from the network’s own code and share', async () => {
        expect(await world.network.getAccountAddress(77n)).toEqual(account);
        expect(await world.network.getAccountAddress(78n)).toEqual(world.account(78n).address);
    });

    it('rule 6: without an owner nothing is paid out and the money waits', async () => {
        await world.pay(toNano('5'));
        const { ownerDue } = await world.account().getState();
        const { stranger, owner } = world.people;
        const claim = ChannelAccount.claimMessage({ voucher: await world.voucher(toNano('1')) });
        await world.expectRejected(stranger, account, VALUE, ChannelAccount.withdrawMessage(), AdsError.no_owner);
        await world.expectRejected(stranger, account, VALUE, claim, AdsError.no_owner);
        const threshold = ChannelAccount.setAutoPayoutMessage({ threshold: minAutoPayout(prices) });
        await world.expectRejected(owner, account, VALUE, threshold, AdsError.no_owner);
        await world.register();
        expect(await world.account().getState()).toMatchObject({ ownerDue, owner: owner.address });
    });

    it('rule 7: only a payment triggers the automatic payout, from the threshold on, and the owner bears its fee', async () => {
        await world.registered();
        const threshold = minAutoPayout(prices);
        const { owner, stranger, brand } = world.people;
        const body = ChannelAccount.setAutoPayoutMessage({ threshold });
        await world.send(owner, account, VALUE, body);
        // What a payment's gas costs is seen in a trial: it does not depend on the value
        const trial = toNano('0.01');
        const back = world.checkpoint();
        await world.send(brand, account, trial);
        const { ownerDue } = await world.account().getState();
        const exact = trial + 2n * (threshold + autoPayoutFee(prices) - ownerDue);
        await back();

        const below = await world.send(brand, account, exact - 2n);
        expect(sent(transactionOn(below, account))).toEqual([]);
        expect((await world.account().getState()).ownerDue).toBe(threshold + autoPayoutFee(prices) - 1n);
        await world.send(stranger, account, VALUE, ChannelAccount.topUpMessage());
        await world.claim(toNano('1'));
        expect((await world.account().getState()).ownerDue).toBe(threshold + autoPayoutFee(prices) - 1n);
        await back();

        const result = await world.send(brand, account, exact);
        expect(sent(transactionOn(result, account))).toMatchObject([
            { to: owner.address, op: AdsOp.owner_payout, value: threshold },
        ]);
        expect((await world.account().getState()).ownerDue).toBe(0n);
    });

    it('rule 8: a charge over bucket, balance or closing is refused whole, and its value is the platform’s', async () => {
        const campaign = await world.funded(toNano('10'));
        const before = await world.network.getState();
        const spentBefore = (await campaign.getState()).spent;
        const result = await world.charge({ campaign: campaign.address, cumulative: toNano('100') });
        expect(exitCode(transactionOn(result, campaign.address))).toBe(AdsError.above_budget);
        const after = await world.network.getState();
        expect((await campaign.getState()).spent).toBe(spentBefore);
        expect(after.ownersDue).toBe(before.ownersDue);
        expect(after.platformDue).toBeGreaterThan(before.platformDue);
        expect(after.platformDue - before.platformDue).toBeLessThan(2n * takePrice(prices));
        // Revenue that bounces is not spent
        await world.charge({ campaign: campaign.address, cumulative: toNano('4') });
        const body = beginCell()
            .storeUint(0xffffffff, 32)
            .storeSlice(AdNetwork.revenueMessage({ amount: toNano('4') }).asSlice())
            .endCell();
        const message = internalMessage(network, campaign.address, toNano('4.1'), body, false);
        await world.inject({ ...message, info: { ...message.info, bounced: true } as never });
        expect(await campaign.getState()).toMatchObject({ spent: 0n, level: 0n });
    });

    it('rule 9: each contract begins with its reserve, and coins that came before an account are booked by its first transaction', async () => {
        const { address, init } = world.account(5n);
        await world.send(world.people.brand, address, toNano('2'), undefined, { bounce: false });
        await world.send(world.people.brand, address, toNano('1'), undefined, { init });
        const { ownerDue, platformDue } = await world.account(5n).getState();
        const early = toNano('2') - accountReserve(prices);
        expect(ownerDue + platformDue).toBeGreaterThan(early + toNano('0.9'));
        expect(ownerDue + platformDue).toBeLessThan(early + toNano('1') - payFee(prices));
        expect(ownerDue).toBeGreaterThanOrEqual(splitRevenue(early, 5000).owner);

        const other = world.account(6n);
        const tooLittle = accountReserve(prices) + payFee(prices);
        const refused = await world.send(world.people.brand, other.address, tooLittle, undefined, { init: other.init });
        expect(exitCode(transactionOn(refused, other.address))).toBe(AdsError.not_enough_funds);

        const campaign = world.campaign();
        const funds = campaignReserve(prices) + fundFee(prices) + toNano('1');
        await world.send(world.people.brand, campaign.address, funds, undefined, { init: campaign.init });
        const { budget } = await campaign.getState();
        expect(budget).toBeGreaterThanOrEqual(toNano('1'));
        const over = { campaign: campaign.address, cumulative: budget + 1n };
        const result = await world.charge(over);
        expect(exitCode(transactionOn(result, campaign.address))).toBe(AdsError.above_budget);
        await world.charge({ ...over, cumulative: budget });
        expect(await balanceOf(campaign.address)).toBeGreaterThanOrEqual(campaignReserve(prices));
        expect(await balanceOf(network)).toBeGreaterThanOrEqual(networkReserve(prices));
    });

    it('rule 10: a campaign that nobody derived can harm nobody', async () => {
        // Anyone may pretend to be a campaign: what he brings is real
        const before = await world.network.getState();
        await world.inject(
            internalMessage(
                world.people.stranger.address,
                network,
                toNano('1') + revenueFee(prices) + forwardFee(prices, 0, 0),
                AdNetwork.revenueMessage({ amount: toNano('1') }),
            ),
        );
        const after = await world.network.getState();
        expect(after.ownersDue - before.ownersDue).toBe(toNano('0.5'));
        expect(after.surplus - before.surplus).toBeGreaterThanOrEqual(toNano('0.5'));
    });
});
