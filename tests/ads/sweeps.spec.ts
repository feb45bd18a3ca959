import { type Address, Cell, toNano } from '@ton/core';

import {
    AdNetwork,
    Campaign,
    ChannelAccount,
    forwardFee,
    gasFee,
    type NetworkPrices,
    revenueFee,
} from '../../wrappers';
import {
    carriedPrice,
    claimPrice,
    fundFee,
    payFee,
    refundFee,
    registerPrice,
    accountReserve,
    syncPrice,
    treasurySweepFee,
    withdrawFee,
    takePrice,
} from '../../wrappers/ads/gas';
import { AdsWorld, PAYEE } from '../helpers/ads-world';
import { isOn, opOf, sent } from '../helpers/world';
import type { SendMessageResult } from '@ton/sandbox';

// Values in steps of 1,000 nanotons across each threshold, and coarser below it. At every value a message is done whole, or
// has changed nothing; the world checks the laws besides. Where something is received it equals what was paid for it.

const STEP = 1_000n;
const STEPS = 12;

type Outcome = 'done' | 'refused';
type Sweep = {
    what: string;
    /** Where it begins to be done. */
    threshold: (prices: NetworkPrices) => bigint;
    /** 'near': some gas above what the formula says, which only the contract knows. */
    tolerance?: (prices: NetworkPrices) => bigint;
    prepare: (world: AdsWorld) => Promise<unknown>;
    from: keyof AdsWorld['people'];
    to: (world: AdsWorld) => Address;
    body: (world: AdsWorld) => Promise<Cell> | Cell;
    /** Looks at what a message did; `before` is a fingerprint of all books. */
    check: (world: AdsWorld, result: SendMessageResult, before: Books, value: bigint) => Promise<Outcome>;
};

type Books = {
    account: Awaited<ReturnType<ReturnType<AdsWorld['account']>['getState']>> | null;
    ownersDue: bigint;
    spent: bigint;
};

async function books(world: AdsWorld): Promise<Books> {
    const state = (await world.chain.getContract(world.account().address)).accountState?.type;
    const campaign = (await world.chain.getContract(world.campaign().address)).accountState?.type;
    return {
        account: state === 'active' ? await world.account().getState() : null,
        ownersDue: (await world.network.getState()).ownersDue,
        spent: campaign === 'active' ? (await world.campaign().getState()).spent : 0n,
    };
}

const account = (world: AdsWorld) => world.account().address;
const network = (world: AdsWorld) => world.network.address;
const paidTo = (world: AdsWorld, result: SendMessageResult, from: Address, to: keyof AdsWorld['people']) =>
    result.transactions
        .filter((tx) => isOn(tx, from))
        .flatMap(sent)
        .filter(
            (message) =>
                message.to.equals(world.people[to].address) && opOf({ body: message.body } as never) !== 0x5cfccc2f,
        )
        .reduce((sum, { value }) => sum + value, 0n);

const unchanged = async (world: AdsWorld, before: Books): Promise<Outcome> => {
    expect(await books(world)).toEqual(before);
    return 'refused';
};

const owned = async (world: AdsWorld) => {
    await world.registered();
    await world.pay(toNano('3'));
    await world.revenue(toNano('10'));
};

const SWEEPS: Sweep[] = [
    {
        what: 'a payment',
        threshold: payFee,
        prepare: (world) => world.pay(toNano('1')),
        from: 'brand',
        to: account,
        body: () => Cell.EMPTY,
        check: async (world, _result, before, value) => {
            const after = (await books(world)).account!;
            const payment = after.ownerDue + after.platformDue - before.account!.ownerDue - before.account!.platformDue;
            if (value <= payFee(world.prices)) {
                return unchanged(world, before);
            }
            expect(payment).toBe(value - payFee(world.prices));
            return 'done';
        },
    },
    {
        what: 'a claim',
        threshold: claimPrice,
        prepare: owned,
        from: 'stranger',
        to: account,
        body: async (world) => ChannelAccount.claimMessage({ voucher: await world.voucher(toNano('2')) }),
        check: async (world, result, before) => {
            const paid = paidTo(world, result, network(world), 'owner');
            if (paid === 0n) {
                return unchanged(world, before);
            }
            const after = await books(world);
            expect(paid).toBeGreaterThanOrEqual(toNano('2'));
            expect(before.ownersDue - after.ownersDue).toBe(toNano('2'));
            expect(after.account!.received).toBe(toNano('2'));
            return 'done';
        },
    },
    {
        what: 'a withdrawal',
        threshold: withdrawFee,
        prepare: owned,
        from: 'stranger',
        to: account,
        body: () => ChannelAccount.withdrawMessage(),
        check: async (world, result, before, value) => {
            const paid = paidTo(world, result, account(world), 'owner');
            if (paid === 0n) {
                return unchanged(world, before);
            }
            expect(paid).toBe(before.account!.ownerDue + value - withdrawFee(world.prices));
            expect((await books(world)).account!.ownerDue).toBe(0n);
            return 'done';
        },
    },
    {
        what: 'a registration',
        threshold: (prices) => registerPrice(prices) + accountReserve(prices),
        prepare: () => Promise.resolve(),
        from: 'owner',
        to: network,
        body: async (world) =>
            AdNetwork.registerMessage({ certificate: await world.certificate(world.people.owner.address, PAYEE) }),
        check: async (world, _result, before) => {
            const after = (await books(world)).account;
            if (!after?.owner) {
                return unchanged(world, before);
            }
            expect(await world.balance(account(world))).toBeGreaterThanOrEqual(accountReserve(world.prices));
            return 'done';
        },
    },
    {
        what: 'a reinvestment',
        threshold: (prices) => carriedPrice(prices) + 2n * forwardFee(prices, 0, 0) + gasFee(prices, 9_000),
        tolerance: (prices) => gasFee(prices, 3_000),
        prepare: async (world) => {
            await owned(world);
            await world.funded();
        },
        from: 'owner',
        to: account,
        body: (world) => ChannelAccount.reinvestMessage({ campaign: world.campaign().address, amount: toNano('1') }),
        check: async (world, result, before) => {
            const after = (await books(world)).account!;
            if (after.ownerDue === before.account!.ownerDue) {
                return unchanged(world, before);
            }
            expect(before.account!.ownerDue - after.ownerDue).toBe(toNano('1'));
            const fund = result.transactions.find((tx) => isOn(tx, world.campaign().address))!;
            expect(fund.inMessage?.info.type === 'internal' && fund.inMessage.info.value.coins).toBe(
                toNano('1') + carriedPrice(world.prices),
            );
            return 'done';
        },
    },
    {
        what: 'a sweep of an account',
        threshold: (prices) => carriedPrice(prices) + 2n * forwardFee(prices, 0, 0) + gasFee(prices, 8_500),
        tolerance: (prices) => gasFee(prices, 3_000),
        prepare: owned,
        from: 'stranger',
        to: account,
        body: () => ChannelAccount.sweepMessage(),
        check: async (world, _result, before) => {
            const after = (await books(world)).account!;
            if (after.platformDue === before.account!.platformDue) {
                return unchanged(world, before);
            }
            const { platformDue, surplus } = await world.network.getState();
            expect(platformDue).toBeGreaterThanOrEqual(before.account!.platformDue + toNano('5'));
            expect(surplus).toBeGreaterThanOrEqual(platformDue);
            return 'done';
        },
    },
    {
        what: 'a question for the voucher key',
        threshold: syncPrice,
        prepare: owned,
        from: 'stranger',
        to: account,
        body: () => ChannelAccount.syncKeyMessage(),
        check: async (world, result, before) => {
            const answers = result.transactions.filter((tx) => isOn(tx, account(world))).length;
            expect(await books(world)).toEqual(before);
            return answers === 2 ? 'done' : 'refused';
        },
    },
    {
        what: 'revenue',
        threshold: (prices) => toNano('1') + revenueFee(prices),
        prepare: () => Promise.resolve(),
        from: 'stranger',
        to: network,
        body: () => AdNetwork.revenueMessage({ amount: toNano('1') }),
        check: async (world, _result, before) => {
            const { ownersDue, surplus } = await world.network.getState();
            if (ownersDue === before.ownersDue) {
                return unchanged(world, before);
            }
            expect(ownersDue - before.ownersDue).toBe(toNano('0.5'));
            expect(surplus).toBeGreaterThanOrEqual(toNano('0.5'));
            return 'done';
        },
    },
    {
        what: 'a charge',
        threshold: (prices) => 2n * takePrice(prices) + 2n * forwardFee(prices, 0, 0) + gasFee(prices, 7_300),
        tolerance: (prices) => gasFee(prices, 2_500),
        prepare: (world) => world.funded(),
        from: 'operator',
        to: network,
        body: (world) =>
            AdNetwork.chargeMessage({ charges: [{ campaign: world.campaign().address, cumulative: toNano('4') }] }),
        check: async (world, _result, before) => {
            const after = await books(world);
            if (after.spent === 0n) {
                return unchanged(world, before);
            }
            expect(after.spent).toBe(toNano('4'));
            expect(after.ownersDue - before.ownersDue).toBe(toNano('2'));
            return 'done';
        },
    },
    {
        what: 'a fund',
        threshold: (prices) => toNano('1') + fundFee(prices),
        prepare: (world) => world.funded(),
        from: 'stranger',
        to: (world) => world.campaign().address,
        body: () => Campaign.fundMessage({ amount: toNano('1') }),
        check: async (world, result) => {
            const tx = result.transactions.find((it) => isOn(it, world.campaign().address))!;
            const { budget } = await world.campaign().getState();
            const isDone = tx.outMessagesCount === 0;
            expect(budget >= toNano('102') - fundFee(world.prices) * 2n - toNano('0.2')).toBe(isDone);
            return isDone ? 'done' : 'refused';
        },
    },
    {
        what: 'a refund',
        threshold: refundFee,
        prepare: async (world) => {
            await world.funded();
            const { address } = world.campaign();
            await world.send(world.people.advertiser, address, toNano('1'), Campaign.stopMessage());
            world.now += 172_800;
        },
        from: 'advertiser',
        to: (world) => world.campaign().address,
        body: () => Campaign.refundMessage(),
        check: async (world, result, before) => {
            const { budget } = await world.campaign().getState();
            if (budget > 0n) {
                return unchanged(world, before);
            }
            expect(paidTo(world, result, world.campaign().address, 'advertiser')).toBeGreaterThan(toNano('100'));
            return 'done';
        },
    },
    {
        what: 'a sweep of a network',
        threshold: treasurySweepFee,
        prepare: owned,
        from: 'stranger',
        to: network,
        body: () => AdNetwork.sweepMessage(),
        check: async (world, result, before) => {
            const { ownersDue, platformDue } = await world.network.getState();
            expect(ownersDue).toBe(before.ownersDue);
            if (platformDue > 0n) {
                return unchanged(world, before);
            }
            expect(paidTo(world, result, network(world), 'treasury')).toBeGreaterThan(toNano('5'));
            return 'done';
        },
    },
];

describe.each(SWEEPS)('the value of $what', ({ threshold, tolerance, prepare, from, to, body, check }) => {
    it('is enough or changes nothing, bounceable or not', async () => {
        const world = await AdsWorld.create();
        await prepare(world);
        const before = await books(world);
        const message = await body(world);
        const back = world.checkpoint();
        const least = threshold(world.prices);
        const window = tolerance?.(world.prices) ?? 0n;
        const base = least > toNano('0.9') ? toNano('1') : 0n;
        const values = [
            ...Array.from({ length: 10 }, (_, i) => base + ((least - base) * BigInt(i)) / 10n + 1n),
            ...Array.from({ length: 2 * STEPS }, (_, i) => least + STEP * BigInt(i - STEPS)),
            least - 1n,
            least,
            least + 1n,
            ...Array.from({ length: 6 }, (_, i) => least + (window * BigInt(i + 1)) / 6n + STEP),
        ];
        for (const value of values) {
            for (const bounce of [true, false]) {
                await back();
                const result = await world.send(world.people[from], to(world), value, message, { bounce });
                const outcome = await check(world, result, before, value);
                const expected = value < least - window ? 'refused' : value > least + window ? 'done' : outcome;
                expect({ value, bounce, outcome }).toEqual({ value, bounce, outcome: expected });
            }
        }
    });
});
