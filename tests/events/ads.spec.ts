import { type Address, beginCell, type Cell, type Message, toNano, type Transaction } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';

import {
    AdNetwork,
    adNetworkEvents,
    AdsError,
    AdsOp,
    Campaign,
    campaignEvents,
    ChannelAccount,
    channelAccountEvents,
    minAutoPayout,
    readTransaction,
} from '../../wrappers';
import { AdsWorld, PAYEE, VOUCHER_KEY } from '../helpers/ads-world';
import { internalMessage, isOn, opOf, sent, transactionOn } from '../helpers/base-world';
import { cutAt } from '../helpers/forge';
import { Random } from '../helpers/random';

const anyAmount = expect.any(BigInt) as unknown as bigint;
const ONE = toNano('1');

let world: AdsWorld;
let people: AdsWorld['people'];
let account: Address;
let network: Address;
beforeEach(async () => {
    world = await AdsWorld.create();
    ({ people } = world);
    account = world.account().address;
    network = world.network.address;
});

/** The events of every transaction that a message caused on a contract, without their place, which is checked. */
function shown<E extends object>(read: (tx: Transaction) => E[], result: SendMessageResult, on: Address): unknown[] {
    return result.transactions
        .filter((tx) => isOn(tx, on))
        .flatMap((tx) =>
            read(tx).map((event) => {
                const place = { account: on, lt: tx.lt, hash: tx.hash().toString('hex'), time: tx.now };
                expect(event).toMatchObject(place);
                return Object.fromEntries(Object.entries(event).filter(([key]) => !(key in place)));
            }),
        );
}

const ofAccount = (result: SendMessageResult) => shown(channelAccountEvents, result, account);
const ofNetwork = (result: SendMessageResult) => shown(adNetworkEvents, result, network);
const ofCampaign = (result: SendMessageResult, on: Address) => shown(campaignEvents, result, on);
const valueTo = (result: SendMessageResult, from: Address, op: number): bigint =>
    result.transactions
        .filter((tx) => isOn(tx, from))
        .flatMap(sent)
        .find((it) => it.op === op)?.value ?? 0n;

describe('events of a channel account', () => {
    it('a registration, at the network and at the account, and a second one that comes back', async () => {
        const owner = people.owner.address;
        const result = await world.register();
        const registration = { type: 'registration_sent', payeeId: PAYEE, channelAccount: account };
        expect(ofNetwork(result)).toEqual([{ ...registration, owner }]);
        const excess = valueTo(result, account, AdsOp.excesses);
        expect(excess).toBeGreaterThan(0n);
        expect(ofAccount(result)).toEqual([{ type: 'registered', owner, voucherKey: VOUCHER_KEY.publicKey, excess }]);

        const again = await world.register(people.stranger);
        const to = people.stranger.address;
        const amount = valueTo(again, network, AdsOp.return_value);
        expect(ofNetwork(again)).toEqual([
            { ...registration, owner: to },
            { type: 'registration_returned', to, amount, error: 'already_bound' },
        ]);
        expect(ofAccount(again)).toMatchObject([
            { type: 'rejected', from: network, error: 'already_bound', exitCode: AdsError.already_bound, to: network },
        ]);
    });

    it('payments, a withdrawal and a payout at the threshold', async () => {
        await world.registered();
        const from = people.brand.address;
        expect(ofAccount(await world.pay(toNano('5')))).toEqual([{ type: 'paid', from, amount: toNano('5') }]);
        const memo = ChannelAccount.payMessage({ memo: beginCell().storeUint(5, 8).endCell() });
        expect(ofAccount(await world.pay(ONE, PAYEE, memo))).toEqual([{ type: 'paid', from, amount: ONE }]);

        const { ownerDue } = await world.account().getState();
        const withdraw = ChannelAccount.withdrawMessage();
        const paid = await world.send(people.stranger, account, ONE, withdraw);
        const amount = valueTo(paid, account, AdsOp.owner_payout);
        expect(amount).toBeGreaterThan(ownerDue);
        const to = people.owner.address;
        expect(ofAccount(paid)).toEqual([
            { type: 'paid_out', from: people.stranger.address, to, amount, reason: 'withdrawal' },
        ]);

        const threshold = minAutoPayout(world.prices);
        const set = await world.send(people.owner, account, ONE, ChannelAccount.setAutoPayoutMessage({ threshold }));
        expect(ofAccount(set)).toEqual([{ type: 'auto_payout_changed', from: to, threshold, excess: anyAmount }]);
        const auto = await world.pay(threshold * 4n);
        expect(ofAccount(auto)).toEqual([
            { type: 'paid', from, amount: threshold * 4n },
            {
                type: 'paid_out',
                from,
                to,
                amount: valueTo(auto, account, AdsOp.owner_payout),
                reason: 'threshold',
            },
        ]);
    });

    it('a claim that the network pays, and one that it refuses', async () => {
        await world.registered();
        await world.revenue(toNano('9'));
        const from = people.stranger.address;
        const result = await world.claim(toNano('3'));
        const claimed = { type: 'claimed', from, cumulative: toNano('3'), amount: toNano('3') };
        expect(ofAccount(result)).toEqual([claimed]);
        const amount = valueTo(result, network, AdsOp.voucher_payout);
        const to = people.owner.address;
        const paid = { type: 'paid_out', channelAccount: account, payeeId: PAYEE, to };
        expect(ofNetwork(result)).toEqual([{ ...paid, amount, drawn: toNano('3') }]);

        const refused = await world.claim(toNano('50'));
        const returned = valueTo(refused, account, AdsOp.return_value);
        expect(ofAccount(refused)).toEqual([
            { ...claimed, cumulative: toNano('50'), amount: toNano('47') },
            { type: 'claim_returned', to: from, amount: returned, drawn: toNano('47'), error: 'not_covered' },
        ]);
        expect(ofNetwork(refused)).toMatchObject([{ type: 'rejected', error: 'not_covered', to: account }]);
    });

    it('what the owner does', async () => {
        const { owner, stranger } = people;
        await world.registered();
        await world.pay(toNano('9'));
        const { address: campaign } = await world.funded();
        const excess = anyAmount;
        const newOwner = stranger.address;
        const steps: [keyof AdsWorld['people'], Parameters<AdsWorld['send']>[3], object][] = [
            [
                'owner',
                ChannelAccount.reinvestMessage({ campaign, amount: ONE }),
                { type: 'reinvested', from: owner.address, campaign, amount: ONE, excess },
            ],
            [
                'owner',
                ChannelAccount.rebindMessage({ newOwner }),
                { type: 'rebind_proposed', from: owner.address, newOwner, excess },
            ],
            ['stranger', ChannelAccount.acceptRebindMessage(), { type: 'rebound', owner: newOwner, excess }],
        ];
        for (const [person, body, event] of steps) {
            expect(ofAccount(await world.send(people[person], account, ONE, body))).toEqual([event]);
        }
    });

    it('a reinvestment in a campaign that takes nothing comes back', async () => {
        await world.registered();
        await world.pay(toNano('9'));
        const { address: campaign } = world.campaign({ campaignId: 99n });
        const body = ChannelAccount.reinvestMessage({ campaign, amount: ONE });
        const result = await world.send(people.owner, account, ONE, body);
        const bounced = result.transactions.find(
            (tx) => isOn(tx, account) && tx.inMessage?.info.type === 'internal' && tx.inMessage.info.bounced,
        )!;
        const { value } = readTransaction(bounced).inMessage!;
        expect(value).toBeGreaterThan(ONE);
        expect(ofAccount(result)).toMatchObject([
            { type: 'reinvested', campaign, amount: ONE },
            { type: 'reinvestment_returned', campaign, amount: ONE, value },
        ]);
    });

    it('a sweep, and a new voucher key', async () => {
        await world.registered();
        await world.pay(toNano('9'));
        const from = people.stranger.address;
        const { platformDue } = await world.account().getState();
        const swept = await world.send(people.stranger, account, ONE, ChannelAccount.sweepMessage());
        const [event] = ofAccount(swept) as { amount: bigint }[];
        const excess = valueTo(swept, account, AdsOp.excesses);
        expect(event).toMatchObject({ type: 'swept', from, to: network, excess });
        expect(event!.amount).toBeGreaterThanOrEqual(platformDue);
        expect(ofNetwork(swept)).toEqual([{ type: 'platform_share', from: account, amount: event!.amount }]);

        const sync = await world.send(people.stranger, account, ONE, ChannelAccount.syncKeyMessage());
        const voucherKey = VOUCHER_KEY.publicKey;
        expect(ofAccount(sync)).toEqual([
            { type: 'voucher_key_changed', voucherKey, to: from, excess: valueTo(sync, account, AdsOp.excesses) },
        ]);
        expect(ofNetwork(sync)).toEqual([]);
    });

    it('a #topup, and coins that come before there is a contract', async () => {
        const from = people.stranger.address;
        const early = await world.send(people.stranger, account, ONE, undefined, { bounce: false });
        expect(ofAccount(early)).toEqual([{ type: 'topped_up', from, amount: ONE }]);
        await world.pay(ONE);
        const topUp = await world.send(people.stranger, account, ONE, ChannelAccount.topUpMessage());
        expect(ofAccount(topUp)).toEqual([{ type: 'topped_up', from, amount: ONE }]);
    });
});

describe('events of a campaign', () => {
    it('funds, a charge, a stop and a refund', async () => {
        const { advertiser } = people;
        const { address } = await world.funded();
        const from = advertiser.address;
        const body = Campaign.fundMessage({ amount: ONE });
        for (const message of [body, undefined, Campaign.transferMessage({ comment: 'more' })]) {
            expect(ofCampaign(await world.send(advertiser, address, toNano('1.1'), message), address)).toEqual([
                { type: 'funded', from, amount: toNano('1.1') },
            ]);
        }

        const campaign = address;
        await world.charge({ campaign, cumulative: ONE });
        const charged = await world.charge({ campaign, cumulative: toNano('3') });
        expect(ofCampaign(charged, address)).toEqual([
            { type: 'charged', amount: toNano('2'), cumulative: toNano('3') },
        ]);
        expect(ofNetwork(charged)).toEqual([
            {
                type: 'charges_sent',
                from: people.operator.address,
                charges: [{ campaign, cumulative: toNano('3') }],
                excess: valueTo(charged, network, AdsOp.excesses),
            },
            { type: 'revenue', from: campaign, amount: toNano('2') },
        ]);

        const stopped = await world.send(advertiser, address, ONE, Campaign.stopMessage());
        const closingAt = world.now + 172_800;
        const excess = valueTo(stopped, address, AdsOp.excesses);
        expect(ofCampaign(stopped, address)).toEqual([{ type: 'stopped', from, closingAt, excess }]);
        world.now = closingAt;
        const refunded = await world.send(advertiser, address, ONE, Campaign.refundMessage());
        const amount = valueTo(refunded, address, AdsOp.advertiser_refund);
        expect(ofCampaign(refunded, address)).toEqual([{ type: 'refunded', to: from, amount }]);
    });

    it('a charge that it refuses, among others that it takes', async () => {
        const [first, second] = [await world.funded(), await world.funded(ONE, { campaignId: 2n })];
        const charges = [first, second].map(({ address }) => ({ campaign: address, cumulative: toNano('5') }));
        const result = await world.charge(...charges);
        expect(ofCampaign(result, first.address)).toMatchObject([{ type: 'charged' }]);
        expect(ofCampaign(result, second.address)).toMatchObject([{ type: 'rejected', error: 'above_budget' }]);
        const { address: campaign } = second;
        const events = ofNetwork(result) as { type: string }[];
        expect(events[0]).toMatchObject({ type: 'charges_sent', charges });
        expect(events.slice(1).sort((a, b) => a.type.localeCompare(b.type))).toEqual([
            { type: 'charge_refused', campaign, cumulative: toNano('5'), amount: anyAmount },
            { type: 'revenue', from: first.address, amount: toNano('5') },
        ]);
    });
});

describe('events of a network', () => {
    it('revenue, a payment, the sweep to the treasury and a #topup', async () => {
        const { stranger, treasury } = people;
        const from = stranger.address;
        expect(ofNetwork(await world.revenue(toNano('3')))).toEqual([{ type: 'revenue', from, amount: toNano('3') }]);
        const body = AdNetwork.platformShareMessage({ amount: ONE });
        const share = await world.send(stranger, network, toNano('1.1'), body);
        expect(ofNetwork(share)).toEqual([{ type: 'platform_share', from, amount: ONE }]);
        const paid = await world.send(stranger, network, ONE, AdNetwork.payMessage());
        expect(ofNetwork(paid)).toEqual([{ type: 'paid', from, amount: ONE }]);
        const topUp = await world.send(stranger, network, ONE, AdNetwork.topUpMessage());
        expect(ofNetwork(topUp)).toEqual([{ type: 'topped_up', from, amount: ONE }]);
        const swept = await world.send(stranger, network, ONE, AdNetwork.sweepMessage());
        const amount = valueTo(swept, network, AdsOp.treasury_payout);
        expect(ofNetwork(swept)).toEqual([{ type: 'swept', from, to: treasury.address, amount }]);
    });

    it('what the admin does', async () => {
        const { admin, stranger, brand } = people;
        const [from, excess, since] = [admin.address, anyAmount, world.now + 604_800];
        const next = stranger.address;
        const voucherKey = Buffer.alloc(32, 9);
        const steps: [keyof AdsWorld['people'], Parameters<AdsWorld['send']>[3], object][] = [
            [
                'admin',
                AdNetwork.announceOperatorMessage({ operator: next }),
                { type: 'operator_announced', from, operator: next, since, excess },
            ],
            [
                'admin',
                AdNetwork.announceTreasuryMessage({ treasury: next }),
                { type: 'treasury_announced', from, treasury: next, since, excess },
            ],
            [
                'admin',
                AdNetwork.announceVoucherKeyMessage({ voucherKey }),
                { type: 'voucher_key_announced', from, voucherKey, since, excess },
            ],
            [
                'admin',
                AdNetwork.proposeAdminMessage({ admin: brand.address }),
                { type: 'admin_proposed', from, admin: brand.address, excess },
            ],
            [
                'brand',
                AdNetwork.acceptAdminMessage(),
                { type: 'admin_changed', from: brand.address, admin: brand.address, excess },
            ],
            [
                'brand',
                AdNetwork.renounceAdminMessage(),
                { type: 'admin_changed', from: brand.address, admin: null, excess },
            ],
        ];
        for (const [person, body, event] of steps) {
            expect(ofNetwork(await world.send(people[person], network, ONE, body))).toEqual([event]);
        }
    });
});

describe('what a network that is none of ours sends back', () => {
    it('is told by the account and by the campaign', async () => {
        await world.registered();
        await world.pay(toNano('5'));
        const { address: campaign } = await world.funded();
        await world.charge({ campaign, cumulative: toNano('3') });
        const [amount, value] = [ONE, toNano('1.1')];
        const returned = (op: number) =>
            beginCell().storeUint(0xffffffff, 32).storeUint(op, 32).storeUint(amount, 64).endCell();
        const refused = (op: number, rest: Cell) =>
            beginCell()
                .storeUint(0xfffffffe, 32)
                .storeRef(beginCell().storeUint(op, 32).storeSlice(rest.asSlice()))
                .storeRef(beginCell())
                .storeUint(1, 8)
                .storeInt(AdsError.unknown_op, 32)
                .endCell();
        const to = people.brand.address;
        const payer = beginCell().storeBuffer(to.hash).endCell();
        const cases: [Address, (tx: Transaction) => object[], Cell, object][] = [
            [account, channelAccountEvents, returned(AdsOp.platform_share), { type: 'sweep_returned', amount, value }],
            [campaign, campaignEvents, returned(AdsOp.revenue), { type: 'charge_returned', amount, value }],
            [
                account,
                channelAccountEvents,
                refused(AdsOp.get_voucher_key, payer),
                { type: 'key_request_returned', to, error: 'unknown_op' },
            ],
        ];
        for (const [on, read, body, event] of cases) {
            const { info } = internalMessage(network, on, value, body, false);
            const contract = await world.chain.getContract(on);
            const message = { info: { ...info, bounced: true } as Message['info'], body };
            const tx = await contract.receiveMessage(message, { now: world.now });
            expect(read(tx)).toMatchObject([event]);
        }
    });
});

describe('a rejected message', () => {
    it('has its error by name where it can bounce; where it cannot, the chain does not keep it', async () => {
        await world.registered();
        const { address: campaign } = await world.funded();
        const [from, value] = [people.stranger.address, ONE];
        const cases: [Address, typeof ofAccount, Parameters<AdsWorld['send']>[3], string][] = [
            [account, ofAccount, ChannelAccount.withdrawMessage(), 'nothing_due'],
            [campaign, (result) => ofCampaign(result, campaign), Campaign.stopMessage(), 'not_advertiser'],
            [network, ofNetwork, AdNetwork.renounceAdminMessage(), 'not_admin'],
        ];
        for (const [to, read, body, error] of cases) {
            for (const bounce of [true, false]) {
                const result = await world.send(people.stranger, to, value, body, { bounce });
                const [back] = sent(transactionOn(result, to));
                const exitCode = AdsError[error as keyof typeof AdsError];
                const why = bounce ? { exitCode, error } : { exitCode: null, error: null };
                const op = opOf({ body } as Parameters<typeof opOf>[0]);
                expect(read(result)).toEqual([
                    { type: 'rejected', from, op, value, ...why, to: from, amount: back?.value },
                ]);
                expect(back?.value).toBeGreaterThan(toNano('0.99'));
            }
        }
    });

    it('garbage gives nothing or rejected, and throws nothing', async () => {
        await world.registered();
        const { address: campaign } = await world.funded();
        const random = new Random('ads events');
        const ops = [...Object.values(AdsOp), 0xffffffff, 0xfffffffe];
        for (let count = 0; count < 210; count += 1) {
            const op = ops[random.below(ops.length)]!;
            const whole = beginCell().storeUint(op, 32).storeSlice(random.cell().asSlice()).endCell();
            const body = random.below(32) ? whole : cutAt(whole, 8);
            const to = [account, campaign, network][count % 3]!;
            const message = internalMessage(people.stranger.address, to, ONE, body, random.boolean());
            const contract = await world.chain.getContract(to);
            const tx = readTransaction(await contract.receiveMessage(message, { now: world.now }));
            const inMessage = { ...tx.inMessage!, bounced: random.boolean() };
            // What no contract let through: as if it had been taken
            const forged = { ...tx, isSuccessful: true, exitCode: 0, inMessage, outMessages: [] };
            for (const decode of [channelAccountEvents, campaignEvents, adNetworkEvents]) {
                expect(() => [decode(tx), decode(forged)]).not.toThrow();
            }
            const decode = [channelAccountEvents, campaignEvents, adNetworkEvents][count % 3]!;
            const allowed = /^(rejected|topped_up|paid|funded|platform_share)$/;
            expect(decode(tx).filter(({ type }) => !allowed.test(type))).toEqual([]);
        }
    });
});
