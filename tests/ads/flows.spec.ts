import { type Address, beginCell, type Cell, toNano } from '@ton/core';

import {
    AdNetwork,
    AdsOp,
    Campaign,
    ChannelAccount,
    gasFee,
    minAutoPayout,
    quoteAccountSweep,
    quoteAnswer,
    quoteClaim,
    quoteFund,
    quotePayment,
    quoteRefund,
    quoteReinvest,
    quoteRevenue,
    quoteSyncKey,
    quoteTreasurySweep,
    quoteWithdraw,
    quoteWithdrawal,
    splitRevenue,
} from '../../wrappers';
import { AdsGas, accountReserve, autoPayoutFee, campaignReserve, fundFee, payFee } from '../../wrappers/ads/gas';
import { AdsWorld, CAMPAIGN_BUCKET, VOUCHER_KEY } from '../helpers/ads-world';
import { PRICE_LISTS } from '../helpers/base-world';
import { exitCode, internalMessage, isOn, sent, transactionOn } from '../helpers/world';

const MAX_AMOUNT = (1n << 63n) - 1n;

describe.each(PRICE_LISTS)('the flows under %s', (_, prices) => {
    let world: AdsWorld;
    let account: Address;
    beforeEach(async () => {
        world = await AdsWorld.create(prices);
        account = world.account().address;
    });

    const funds = async () => ({ ...(await world.account().getState()), balance: await world.balance(account) });
    const withdraw = (value = quoteWithdraw(prices)) =>
        world.send(world.people.stranger, account, value, ChannelAccount.withdrawMessage({ queryId: 5n }));

    it('a payment deploys the account, leaves its reserve and is divided', async () => {
        await world.pay(toNano('5'));
        const { ownerDue, platformDue, owner, isOpen } = await world.account().getState();
        expect({ isOpen, owner }).toEqual({ isOpen: true, owner: null });
        const payment = ownerDue + platformDue;
        expect(ownerDue).toBe(splitRevenue(payment, 5000).owner);
        const fee = toNano('5') - payment - accountReserve(prices);
        expect(fee).toBeGreaterThan(0n);
        expect(fee).toBeLessThan(gasFee(prices, 8000));
        expect(await world.balance(account)).toBeGreaterThanOrEqual(payment + accountReserve(prices));
    });

    it.each([
        ['an empty body', undefined],
        ['a comment', ChannelAccount.transferMessage({ comment: 'well done' })],
        ['an encrypted comment', beginCell().storeUint(AdsOp.encrypted_comment, 32).storeUint(7, 64).endCell()],
        ['pay', ChannelAccount.payMessage({ memo: ChannelAccount.transferMessage({ comment: 'invoice 5' }) })],
    ])('a payment with %s, bounceable or not', async (_what, body) => {
        await world.pay(toNano('1'));
        for (const bounce of [true, false]) {
            const before = await funds();
            const result = await world.send(world.people.brand, account, toNano('3'), body, { bounce });
            expect(exitCode(transactionOn(result, account))).toBe(0);
            const after = await funds();
            const payment = after.ownerDue + after.platformDue - before.ownerDue - before.platformDue;
            const quote = quotePayment(before, toNano('3'), prices, { withComment: body !== undefined });
            if (body === undefined) {
                expect(payment).toBe(toNano('3') - payFee(prices));
                expect(quote).toEqual({ payment, ...splitRevenue(payment, 5000), payout: 0n });
            } else {
                expect(payment).toBeGreaterThanOrEqual(quote.payment);
                expect(payment).toBeLessThan(toNano('3') - gasFee(prices, 3000));
            }
            expect(after.ownerDue - before.ownerDue).toBe(splitRevenue(payment, 5000).owner);
        }
    });

    it('a #topup is rent and no payment', async () => {
        await world.pay(toNano('1'));
        const before = await world.account().getState();
        await world.send(world.people.stranger, account, toNano('1'), ChannelAccount.topUpMessage());
        expect(await world.account().getState()).toEqual(before);
    });

    it('a #topup opens an account, which has neither owner nor key', async () => {
        await world.pay(toNano('1'), undefined, ChannelAccount.topUpMessage());
        const opened = { isOpen: true, ownerDue: 0n, platformDue: 0n, owner: null, voucherKey: null };
        expect(await world.account().getState()).toMatchObject(opened);
    });

    it('an account that has an owner takes no other, not even from its network', async () => {
        await world.registered();
        const { stranger } = world.people;
        const bind = beginCell()
            .storeUint(AdsOp.bind, 32)
            .storeBuffer(stranger.address.hash)
            .storeBuffer(VOUCHER_KEY.publicKey)
            .endCell();
        const result = await world.inject(internalMessage(world.network.address, account, toNano('1'), bind));
        expect(exitCode(transactionOn(result, account))).toBe(1102);
        expect(await world.account().getState()).toMatchObject({ owner: world.people.owner.address });
    });

    it('an account that earns before it has an owner keeps the money for him', async () => {
        await world.pay(toNano('2'));
        const { ownerDue } = await world.account().getState();
        await world.register();
        const state = await world.account().getState();
        expect(state).toMatchObject({ owner: world.people.owner.address, ownerDue, voucherKey: VOUCHER_KEY.publicKey });
        const result = await withdraw();
        expect(sent(transactionOn(result, account))).toMatchObject([
            { to: world.people.owner.address, op: AdsOp.owner_payout, value: ownerDue },
        ]);
    });

    it('a withdrawal pays the owner all that he is due and what is left of the value, and nobody else', async () => {
        await world.registered();
        await world.pay(toNano('7'));
        const before = await funds();
        const value = toNano('0.5');
        const [payout, ...others] = sent(transactionOn(await withdraw(value), account));
        expect(others).toEqual([]);
        expect(payout).toMatchObject({ to: world.people.owner.address, op: AdsOp.owner_payout });
        expect(payout!.value).toBe(quoteWithdrawal(before, value, prices));
        expect(await world.account().getState()).toMatchObject({ ownerDue: 0n, platformDue: before.platformDue });
    });

    it('a registration deploys the account with its reserve and gives the rest back', async () => {
        const result = await world.register();
        const tx = transactionOn(result, account);
        expect(sent(tx)).toMatchObject([{ to: world.people.owner.address, op: AdsOp.excesses }]);
        expect(await world.balance(account)).toBeGreaterThanOrEqual(accountReserve(prices));
        expect(await world.account().getState()).toMatchObject({ owner: world.people.owner.address, ownerDue: 0n });
    });

    it('a claim draws what the voucher is above what was received, and the newest voucher is enough', async () => {
        await world.registered();
        await world.revenue(toNano('20'));
        const value = quoteClaim(await funds(), prices);
        for (const [cumulative, amount] of [
            ['3', '3'],
            ['7.000000001', '4.000000001'],
        ] as const) {
            const { ownersDue } = await world.network.getState();
            const result = await world.claim(toNano(cumulative), value);
            const [payout] = sent(transactionOn(result, world.network.address));
            expect(payout).toMatchObject({ to: world.people.owner.address, op: AdsOp.voucher_payout });
            expect(payout!.value).toBeGreaterThanOrEqual(toNano(amount));
            expect(payout!.value).toBeLessThan(toNano(amount) + value);
            expect((await world.network.getState()).ownersDue).toBe(ownersDue - toNano(amount));
            expect((await world.account().getState()).received).toBe(toNano(cumulative));
        }
    });

    it('a claim that the network refuses changes nothing, and what is left comes back to who paid', async () => {
        await world.registered();
        await world.revenue(toNano('2'));
        const before = await world.account().getState();
        const network = await world.data(world.network.address);
        const result = await world.claim(toNano('5'), toNano('1'));
        expect(exitCode(transactionOn(result, world.network.address))).toBe(1302);
        const [, bounced] = result.transactions.filter((tx) => isOn(tx, account));
        expect(sent(bounced!)).toMatchObject([{ to: world.people.stranger.address, op: AdsOp.return_value }]);
        expect(sent(bounced!)[0]!.value).toBeGreaterThan(toNano('1') - quoteClaim(await funds(), prices));
        expect(await world.account().getState()).toEqual(before);
        expect(await world.data(world.network.address)).toEqualCell(network);
    });

    it('a payment that reaches the threshold pays the owner out, and he bears the fee', async () => {
        await world.registered();
        const threshold = minAutoPayout(prices) * 3n;
        const body = ChannelAccount.setAutoPayoutMessage({ threshold });
        await world.send(world.people.owner, account, toNano('1'), body);
        await world.pay(threshold);
        const { ownerDue } = await world.account().getState();
        expect(ownerDue).toBeGreaterThan(0n);
        const result = await world.pay(threshold * 2n);
        const state = await world.account().getState();
        const [payout] = sent(transactionOn(result, account));
        expect(payout).toMatchObject({ to: world.people.owner.address, op: AdsOp.owner_payout });
        expect(state.ownerDue).toBe(0n);
        // Two payments, each with its odd nanoton for the owner
        const paid = payout!.value + autoPayoutFee(prices);
        expect([0n, 1n, 2n]).toContain(paid - state.platformDue);

        await world.send(
            world.people.owner,
            account,
            toNano('1'),
            ChannelAccount.setAutoPayoutMessage({ threshold: 0n }),
        );
        expect(await world.account().getState()).toMatchObject({ autoPayout: 0n });
        expect(sent(transactionOn(await world.pay(threshold * 9n), account))).toEqual([]);
    });

    it('the owner reinvests in a campaign; a campaign that is not there sends it back', async () => {
        await world.registered();
        await world.pay(toNano('9'));
        const campaign = await world.funded();
        const before = await funds();
        const { budget } = await campaign.getState();
        const amount = toNano('2');
        const reinvest = (to: Address) =>
            world.send(
                world.people.owner,
                account,
                quoteReinvest(before, prices),
                ChannelAccount.reinvestMessage({ campaign: to, amount }),
            );
        await reinvest(campaign.address);
        expect((await campaign.getState()).budget).toBeGreaterThanOrEqual(budget + amount);
        expect((await funds()).ownerDue).toBe(before.ownerDue - amount);
        await reinvest(world.campaign({ campaignId: 99n }).address);
        expect((await funds()).ownerDue).toBe(before.ownerDue - amount);
    });

    it('an owner’s setting gives back no more than its value, and fills the reserve first', async () => {
        await world.registered();
        await world.pay(toNano('1'));
        await world.pay(toNano('1'), undefined, ChannelAccount.topUpMessage());
        const set = ChannelAccount.setAutoPayoutMessage({ threshold: 0n });
        const rich = await world.balance(account);
        await world.send(world.people.owner, account, toNano('0.1'), set);
        expect(await world.balance(account)).toBeGreaterThanOrEqual(rich);

        const { ownerDue, platformDue } = await world.account().getState();
        const owed = ownerDue + platformDue;
        await world.chain.getContract(account).then((contract) => (contract.balance = owed));
        await world.remember(account);
        await world.send(world.people.owner, account, toNano('1'), set);
        expect(await world.balance(account)).toBeGreaterThanOrEqual(owed + accountReserve(prices));
        expect(await world.balance(account)).toBeLessThan(owed + toNano('1'));
    });

    it('a rebind is named by the owner and accepted by the new wallet, who then gets what is due', async () => {
        const { owner, stranger, brand } = world.people;
        await world.registered();
        await world.pay(toNano('2'));
        const value = quoteAnswer(prices) + toNano('0.1');
        await world.send(owner, account, value, ChannelAccount.rebindMessage({ newOwner: brand.address }));
        await world.send(owner, account, value, ChannelAccount.rebindMessage({ newOwner: stranger.address }));
        await world.expectRejected(brand, account, value, ChannelAccount.acceptRebindMessage(), 1101);
        expect((await world.account().getState()).owner).toEqual(owner.address);
        await world.send(stranger, account, value, ChannelAccount.acceptRebindMessage());
        expect(await world.account().getState()).toMatchObject({ owner: stranger.address, pendingOwner: null });
        expect(sent(transactionOn(await withdraw(), account))[0]!.to).toEqual(stranger.address);
        await world.expectRejected(
            owner,
            account,
            value,
            ChannelAccount.rebindMessage({ newOwner: owner.address }),
            1101,
        );
    });

    it('an owner who names himself takes a rebind back', async () => {
        const { owner, stranger } = world.people;
        await world.registered();
        for (const newOwner of [stranger.address, owner.address]) {
            await world.send(owner, account, toNano('1'), ChannelAccount.rebindMessage({ newOwner }));
        }
        expect((await world.account().getState()).pendingOwner).toBeNull();
        await world.expectRejected(stranger, account, toNano('1'), ChannelAccount.acceptRebindMessage(), 1101);
    });

    it('the platform’s share is swept to the network and on to the treasury', async () => {
        await world.pay(toNano('9'));
        const { platformDue, ownerDue } = await funds();
        const swept = await world.send(
            world.people.stranger,
            account,
            quoteAccountSweep(prices),
            ChannelAccount.sweepMessage({ queryId: 3n }),
        );
        expect(sent(transactionOn(swept, account))).toMatchObject([
            { to: world.network.address, op: AdsOp.platform_share },
            { to: world.people.stranger.address, op: AdsOp.excesses },
        ]);
        expect(await funds()).toMatchObject({ platformDue: 0n, ownerDue });
        const network = await world.network.getState();
        expect(network.platformDue).toBeGreaterThanOrEqual(platformDue);
        const value = quoteTreasurySweep(prices);
        const result = await world.send(world.people.stranger, world.network.address, value, AdNetwork.sweepMessage());
        const [payout] = sent(transactionOn(result, world.network.address));
        expect(payout).toMatchObject({ to: world.people.treasury.address, value: network.surplus });
        expect(await world.network.getState()).toMatchObject({ platformDue: 0n, ownersDue: 0n });
        // What the gas of the sweep was priced above its use
        expect((await world.network.getState()).surplus).toBeLessThan(gasFee(prices, AdsGas.SWEEP_GAS >> 2));
    });

    it('revenue from anyone is divided: exactly what is stated, or the value less its price', async () => {
        const { stranger } = world.people;
        await world.revenue(toNano('3') + 1n, quoteRevenue(toNano('3') + 1n, prices));
        expect(await world.network.getState()).toMatchObject({
            ownersDue: toNano('1.5') + 1n,
            platformDue: toNano('1.5'),
        });
        await world.send(stranger, world.network.address, toNano('1'), AdNetwork.payMessage());
        const { ownersDue, platformDue } = await world.network.getState();
        expect(ownersDue + platformDue - toNano('3') - 1n).toBe(toNano('1') - gasFee(prices, AdsGas.REVENUE_GAS));
    });

    it('a charge becomes revenue, cumulatively, several campaigns at once', async () => {
        const [first, second] = [await world.funded(), await world.funded(toNano('50'), { campaignId: 2n })];
        const charges = (a: string, b: string) =>
            world.charge(
                { campaign: first.address, cumulative: toNano(a) },
                { campaign: second.address, cumulative: toNano(b) },
            );
        await charges('3', '4');
        expect(await world.network.getState()).toMatchObject({ ownersDue: toNano('3.5'), platformDue: toNano('3.5') });
        await charges('5', '4.5');
        expect(await world.network.getState()).toMatchObject({ ownersDue: toNano('4.75') });
        expect(await first.getState()).toMatchObject({ spent: toNano('5') });
        expect(await second.getState()).toMatchObject({ spent: toNano('4.5') });
    });

    it('a campaign is funded by anyone, and the first fund leaves its reserve', async () => {
        const campaign = world.campaign();
        const { address, init } = campaign;
        const amount = toNano('10');
        const body = Campaign.fundMessage({ amount });
        await world.send(world.people.brand, address, quoteFund(amount, prices, true), body, { init });
        const { budget } = await campaign.getState();
        expect(budget).toBeGreaterThanOrEqual(amount);
        expect(budget).toBeLessThan(amount + fundFee(prices));
        await world.send(world.people.stranger, address, toNano('1'));
        expect((await campaign.getState()).budget).toBeGreaterThan(budget + toNano('0.99'));
        expect(await world.balance(address)).toBe((await campaign.getState()).budget + campaignReserve(prices));
    });

    it('a stopped campaign takes charges for 48 hours, then all that is unspent goes back', async () => {
        const { advertiser } = world.people;
        const campaign = await world.funded();
        const stopped = await world.send(advertiser, campaign.address, toNano('1'), Campaign.stopMessage());
        const answers = sent(transactionOn(stopped, campaign.address));
        expect(answers).toMatchObject([{ to: advertiser.address, op: AdsOp.excesses }]);
        const { closingAt } = await campaign.getState();
        expect(closingAt).toBe(world.now + 172_800);
        await world.expectRejected(advertiser, campaign.address, toNano('1'), Campaign.refundMessage(), 1203);
        world.now = closingAt - 1;
        await world.charge({ campaign: campaign.address, cumulative: toNano('2') });
        expect((await campaign.getState()).spent).toBe(toNano('2'));
        world.now = closingAt;
        await world.charge({ campaign: campaign.address, cumulative: toNano('3') });
        expect((await campaign.getState()).spent).toBe(toNano('2'));
        const { budget } = await campaign.getState();
        const value = quoteRefund(prices);
        const result = await world.send(advertiser, campaign.address, value, Campaign.refundMessage());
        const [refund] = sent(transactionOn(result, campaign.address));
        expect(refund).toMatchObject({ to: advertiser.address, op: AdsOp.advertiser_refund });
        expect(refund!.value).toBeGreaterThanOrEqual(budget);
        expect(await campaign.getState()).toMatchObject({ spent: toNano('2'), budget: 0n });
        expect(await world.balance(campaign.address)).toBe(campaignReserve(prices));
        // Rent, even now
        const rent = await world.send(world.people.brand, campaign.address, toNano('1'), AdNetwork.topUpMessage());
        expect(exitCode(transactionOn(rent, campaign.address))).toBe(0);
        expect(await campaign.getState()).toMatchObject({ spent: toNano('2'), closingAt });
        await world.send(advertiser, campaign.address, value, Campaign.refundMessage());
        // Another one would find nothing but its own value
        await world.expectRejected(advertiser, campaign.address, toNano('1'), Campaign.refundMessage(), 1004);
    });

    it('a revenue that the network sends back was not spent, as far as it came back', async () => {
        const campaign = await world.funded();
        await world.charge({ campaign: campaign.address, cumulative: toNano('5') });
        const sendBack = async (value: bigint) => {
            const revenue = AdNetwork.revenueMessage({ amount: toNano('2') });
            const body = beginCell().storeUint(0xffffffff, 32).storeSlice(revenue.asSlice()).endCell();
            const message = internalMessage(world.network.address, campaign.address, value, body, false);
            await world.inject({ ...message, info: { ...message.info, bounced: true } as never });
            return campaign.getState();
        };
        expect(await sendBack(toNano('3'))).toMatchObject({ spent: toNano('3'), level: toNano('3') });
        const fee = gasFee(prices, AdsGas.BOUNCED_REVENUE_GAS);
        const left = toNano('2') + fee;
        expect(await sendBack(toNano('1'))).toMatchObject({ spent: left, level: left });
        expect(await sendBack(fee)).toMatchObject({ spent: left, level: left });
    });

    it('a campaign shows its bucket as it is now, and nothing to charge where it is full', async () => {
        const campaign = await world.funded(toNano('600'));
        await world.charge({ campaign: campaign.address, cumulative: CAMPAIGN_BUCKET.burst });
        expect(await campaign.getState()).toMatchObject({ level: CAMPAIGN_BUCKET.burst, chargeable: 0n });
        world.now += 100;
        const flown = 100n * CAMPAIGN_BUCKET.rate;
        const level = CAMPAIGN_BUCKET.burst - flown;
        expect(await campaign.getState()).toMatchObject({ level, chargeable: flown });
    });

    it('a fund of an open campaign needs its amount and its gas, and no nanoton more', async () => {
        const { address } = await world.funded();
        const amount = toNano('1');
        const value = amount + gasFee(prices, AdsGas.FUND_GAS);
        const body = Campaign.fundMessage({ amount });
        await world.expectRejected(world.people.brand, address, value - 1n, body, 1001);
        expect(exitCode(transactionOn(await world.send(world.people.brand, address, value, body), address))).toBe(0);
    });

    it('a withdrawal and a claim need an owner, a withdrawal something that he is due', async () => {
        const { stranger } = world.people;
        // 1 has no bit where an open account has its tag and owed
        for (const payeeId of [1n, 8n]) {
            const { address, init } = world.account(payeeId);
            for (const body of [
                ChannelAccount.withdrawMessage({ queryId: 0n }),
                ChannelAccount.claimMessage({ voucher: await world.voucher(1n, payeeId) }),
            ]) {
                const unopened = await world.send(stranger, address, toNano('1'), body, { init });
                expect(exitCode(transactionOn(unopened, address))).toBe(1100);
            }
        }
        await world.registered();
        const body = ChannelAccount.withdrawMessage({ queryId: 0n });
        await world.expectRejected(stranger, account, quoteWithdraw(prices), body, 1004);
    });

    it('switching automatic payouts off leaves what is due, to the nanoton', async () => {
        const { owner } = world.people;
        await world.registered();
        await world.pay(toNano('2'));
        const before = await world.account().getState();
        for (const threshold of [MAX_AMOUNT, 0n]) {
            await world.send(owner, account, toNano('1'), ChannelAccount.setAutoPayoutMessage({ threshold }));
            expect(await world.account().getState()).toEqual({ ...before, autoPayout: threshold });
        }
    });

    it('what nobody asked for by an id carries the id 0', async () => {
        const { owner, stranger } = world.people;
        const idOf = (body: Cell): bigint => body.beginParse().skip(32).loadUintBig(64);
        await world.registered();
        const threshold = minAutoPayout(prices);
        await world.send(owner, account, toNano('1'), ChannelAccount.setAutoPayoutMessage({ threshold }));
        const [payout] = sent(transactionOn(await world.pay(toNano('5')), account));
        expect([payout!.op, idOf(payout!.body)]).toEqual([AdsOp.owner_payout, 0n]);
        const value = quoteSyncKey(await funds(), prices);
        const synced = await world.send(stranger, account, value, ChannelAccount.syncKeyMessage());
        const [rest] = sent(synced.transactions.filter((tx) => isOn(tx, account))[1]!);
        expect([rest!.op, idOf(rest!.body)]).toEqual([AdsOp.excesses, 0n]);
    });

    it('a setting leaves the pending owner, and is answered as all that an owner sets', async () => {
        const { owner, brand } = world.people;
        await world.registered();
        for (const body of [
            ChannelAccount.rebindMessage({ newOwner: brand.address }),
            ChannelAccount.setAutoPayoutMessage({ threshold: minAutoPayout(prices) }),
        ]) {
            const result = await world.send(owner, account, toNano('1'), body);
            expect(sent(transactionOn(result, account))).toMatchObject([{ to: owner.address, op: AdsOp.excesses }]);
            expect(await world.account().getState()).toMatchObject({ pendingOwner: brand.address });
        }
        expect(await world.account().getState()).toMatchObject({ autoPayout: minAutoPayout(prices) });
    });

    it('every order of the admin is answered with the rest', async () => {
        const { admin, stranger } = world.people;
        for (const body of [
            AdNetwork.announceVoucherKeyMessage({ voucherKey: Buffer.alloc(32, 9) }),
            AdNetwork.announceOperatorMessage({ operator: stranger.address }),
            AdNetwork.announceTreasuryMessage({ treasury: stranger.address }),
            AdNetwork.proposeAdminMessage({ admin: stranger.address }),
            AdNetwork.renounceAdminMessage(),
        ]) {
            const result = await world.send(admin, world.network.address, toNano('1'), body);
            const answers = sent(transactionOn(result, world.network.address));
            expect(answers).toMatchObject([{ to: admin.address, op: AdsOp.excesses }]);
        }
    });

    it('several campaigns of one advertiser do not touch each other', async () => {
        const [first, second] = [await world.funded(), await world.funded(toNano('100'), { campaignId: 2n })];
        const before = await second.getState();
        await world.send(world.people.advertiser, first.address, toNano('1'), Campaign.stopMessage());
        world.now += 172_800;
        await world.send(world.people.advertiser, first.address, toNano('1'), Campaign.refundMessage());
        expect(await second.getState()).toEqual(before);
    });

    it('an account learns a new voucher key after its seven days', async () => {
        await world.registered();
        const voucherKey = Buffer.alloc(32, 9);
        const { admin, stranger } = world.people;
        await world.send(
            admin,
            world.network.address,
            toNano('1'),
            AdNetwork.announceVoucherKeyMessage({ voucherKey }),
        );
        const sync = async () => {
            const value = quoteSyncKey(await funds(), prices);
            const result = await world.send(stranger, account, value, ChannelAccount.syncKeyMessage());
            expect(sent(result.transactions.filter((tx) => isOn(tx, account))[1]!)).toMatchObject([
                { to: stranger.address, op: AdsOp.excesses },
            ]);
            return (await world.account().getState()).voucherKey;
        };
        expect(await sync()).toEqual(VOUCHER_KEY.publicKey);
        world.now += 604_800;
        expect(await sync()).toEqual(voucherKey);
    });
});
