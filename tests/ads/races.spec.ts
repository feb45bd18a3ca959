import { toNano } from '@ton/core';

import { AdNetwork, AdsError, AdsOp, Campaign, ChannelAccount, quoteCharge } from '../../wrappers';
import { AdsWorld, CAMPAIGN_BUCKET, DRAW_BUCKET } from '../helpers/ads-world';
import { exitCode, internalMessage, isOn, opOf, sent } from '../helpers/world';

const VALUE = toNano('0.2');

describe('what is under way at the same time', () => {
    let world: AdsWorld;
    beforeEach(async () => {
        world = await AdsWorld.create();
        await world.registered();
    });

    const claimMessage = async (cumulative: bigint) =>
        internalMessage(
            world.people.stranger.address,
            world.account().address,
            VALUE,
            ChannelAccount.claimMessage({ voucher: await world.voucher(cumulative) }),
        );
    const claimNow = async (cumulative: bigint) => {
        const voucher = await world.voucher(cumulative);
        const { address } = world.account();
        return world.receive(world.people.brand.address, address, VALUE, ChannelAccount.claimMessage({ voucher }));
    };
    const drawsOf = (transactions: { inMessage?: unknown; address: bigint }[]) =>
        transactions.filter((tx) => isOn(tx as never, world.network.address));

    it('two claims: each draws its part', async () => {
        await world.revenue(toNano('20'));
        const { stranger } = world.people;
        const { address } = world.account();
        const bodies = await Promise.all(
            ['3', '5', '5'].map(async (amount) =>
                ChannelAccount.claimMessage({ voucher: await world.voucher(toNano(amount)) }),
            ),
        );
        // All three reach the account before the network sees the first draw
        const result = await stranger.sendMessages(
            bodies.map((body) => ({
                info: internalMessage(stranger.address, address, VALUE, body).info as never,
                body,
            })),
        );
        const onAccount = result.transactions.filter((tx) => isOn(tx, address));
        expect(onAccount.map(exitCode)).toEqual([0, 0, AdsError.nothing_due]);
        expect((await world.account().getState()).received).toBe(toNano('5'));
        expect((await world.network.getState()).ownersDue).toBe(toNano('5'));
    });

    it('two claims of which the network covers only the second: the first is undone and can be claimed again', async () => {
        await world.revenue(toNano('8'));
        // 10 of the 4 TON that the network owes, and 1 more before it has answered
        const transactions = await world.interleave(await claimMessage(toNano('10')), 1, async () => {
            expect(exitCode(await claimNow(toNano('11')))).toBe(0);
        });
        expect(drawsOf(transactions).map((tx) => exitCode(tx as never))).toEqual([AdsError.not_covered]);
        const { received } = await world.account().getState();
        // The 10 of the first are back, the 1 of the second is under way for good
        expect(received).toBe(toNano('1'));
        await world.claim(toNano('4'));
        expect((await world.network.getState()).ownersDue).toBe(toNano('1'));
    });

    it('a claim against an empty network, and one against a full bucket, change nothing', async () => {
        const before = await world.account().getState();
        await world.claim(toNano('1'));
        expect(await world.account().getState()).toEqual(before);
        await world.revenue(toNano('9000'));
        await world.claim(DRAW_BUCKET.burst);
        const full = await world.account().getState();
        const network = await world.network.getState();
        await world.claim(DRAW_BUCKET.burst + toNano('1'));
        expect(await world.account().getState()).toEqual(full);
        expect((await world.network.getState()).ownersDue).toBe(network.ownersDue);
    });

    const charge = (campaign: { address: Parameters<typeof internalMessage>[1] }, cumulative: bigint) =>
        internalMessage(
            world.people.operator.address,
            world.network.address,
            quoteCharge(1, world.prices),
            AdNetwork.chargeMessage({ charges: [{ campaign: campaign.address, cumulative }] }),
        );

    it('a stop against a charge: what was charged before closing is taken', async () => {
        const campaign = await world.funded();
        const { advertiser } = world.people;
        await world.interleave(charge(campaign, toNano('5')), 1, async () => {
            await world.receive(advertiser.address, campaign.address, VALUE, Campaign.stopMessage());
        });
        expect((await campaign.getState()).spent).toBe(toNano('5'));
        expect((await world.network.getState()).ownersDue).toBe(toNano('2.5'));
    });

    it('a refund against a charge: what is gone cannot be taken, what is taken cannot be refunded', async () => {
        const campaign = await world.funded();
        const { advertiser } = world.people;
        await world.send(advertiser, campaign.address, VALUE, Campaign.stopMessage());
        const { closingAt } = await campaign.getState();
        world.now = closingAt - 1;
        const transactions = await world.interleave(charge(campaign, toNano('5')), 1, async () => {
            world.now = closingAt;
            const refund = await world.receive(advertiser.address, campaign.address, VALUE, Campaign.refundMessage());
            expect(sent(refund)).toMatchObject([{ op: AdsOp.advertiser_refund, to: advertiser.address }]);
        });
        const take = transactions.find((tx) => isOn(tx, campaign.address))!;
        expect([opOf(take.inMessage!), exitCode(take)]).toEqual([AdsOp.take, AdsError.campaign_closed]);
        expect(await campaign.getState()).toMatchObject({ spent: 0n, budget: 0n });
        expect((await world.network.getState()).ownersDue).toBe(0n);
    });

    it('a charge through the bucket that another one fills first is refused', async () => {
        const campaign = await world.funded(toNano('1000'));
        const { burst } = CAMPAIGN_BUCKET;
        await world.charge({ campaign: campaign.address, cumulative: burst });
        await world.charge({ campaign: campaign.address, cumulative: burst + toNano('1') });
        expect((await campaign.getState()).spent).toBe(burst);
    });

    it('a reinvestment against a withdrawal: the money goes one way', async () => {
        await world.pay(toNano('10'));
        const { ownerDue } = await world.account().getState();
        const { address } = world.account();
        const absent = world.campaign({ campaignId: 9n }).address;
        const reinvest = internalMessage(
            world.people.owner.address,
            address,
            VALUE,
            ChannelAccount.reinvestMessage({ campaign: absent, amount: ownerDue - 5n }),
        );
        await world.interleave(reinvest, 1, async () => {
            const tx = await world.receive(
                world.people.brand.address,
                address,
                VALUE,
                ChannelAccount.withdrawMessage(),
            );
            const [payout] = sent(tx);
            expect(payout!.value).toBeLessThan(VALUE + 5n);
        });
        // The campaign is not there: the amount is due again
        expect((await world.account().getState()).ownerDue).toBe(ownerDue - 5n);
    });

    it('a rebind against a claim: the owner when the claim came is paid', async () => {
        await world.revenue(toNano('20'));
        const { owner, brand } = world.people;
        const { address } = world.account();
        await world.send(owner, address, VALUE, ChannelAccount.rebindMessage({ newOwner: brand.address }));
        const transactions = await world.interleave(await claimMessage(toNano('3')), 1, async () => {
            const tx = await world.receive(brand.address, address, VALUE, ChannelAccount.acceptRebindMessage());
            expect(exitCode(tx)).toBe(0);
        });
        expect(sent(transactions.find((tx) => isOn(tx, world.network.address))!)[0]!.to).toEqual(owner.address);
        const again = await world.claim(toNano('4'));
        expect(sent(again.transactions.find((tx) => isOn(tx, world.network.address))!)[0]!.to).toEqual(brand.address);
    });

    it('a rotation against a claim: a draw that arrives after it is undone', async () => {
        await world.revenue(toNano('20'));
        const { admin } = world.people;
        const body = AdNetwork.announceVoucherKeyMessage({ voucherKey: Buffer.alloc(32, 4) });
        await world.send(admin, world.network.address, VALUE, body);
        world.now += 604_799;
        const transactions = await world.interleave(await claimMessage(toNano('3')), 1, () => {
            world.now += 1;
            return Promise.resolve();
        });
        const draw = transactions.find((tx) => isOn(tx, world.network.address))!;
        expect(exitCode(draw)).toBe(AdsError.old_voucher_key);
        expect((await world.account().getState()).received).toBe(0n);
    });
});
