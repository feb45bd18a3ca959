import { Address, beginCell, Cell, toNano } from '@ton/core';

import {
    AdNetwork,
    AdsError,
    AdsOp,
    Campaign,
    ChannelAccount,
    minAutoPayout,
    quoteClaim,
    revenueFee,
} from '../../wrappers';
import {
    claimPrice,
    fundFee,
    refundFee,
    registerPrice,
    takePrice,
    treasurySweepFee,
    withdrawFee,
} from '../../wrappers/ads/gas';
import { AdsWorld } from '../helpers/ads-world';
import { cutAt, withFlippedBit, withTail } from '../helpers/forge';
import { internalMessage, isOn, sent } from '../helpers/world';

type People = keyof AdsWorld['people'];
type Case = [
    what: string,
    code: number,
    body: (world: AdsWorld) => Cell | Promise<Cell>,
    options?: { from?: People; value?: bigint | ((world: AdsWorld) => bigint) },
];

const UNKNOWN = beginCell().storeUint(0x12345678, 32).storeUint(1, 64).endCell();
const TAIL = beginCell().storeBit(1).endCell();
const SOME_HASH = Buffer.alloc(32, 0x55);
const SENDER = new Address(0, SOME_HASH);
const internal = (op: keyof typeof AdsOp, bits: number): Cell => {
    const builder = beginCell().storeUint(AdsOp[op], 32);
    for (let left = bits; left > 0; left -= 64) {
        builder.storeUint(7, 64);
    }
    return builder.endCell();
};
/** What only the network sends to its accounts, and only accounts to their network. */
const bind = () => beginCell().storeUint(AdsOp.bind, 32).storeBuffer(SOME_HASH).storeBuffer(SOME_HASH).endCell();
const setKey = () =>
    beginCell().storeUint(AdsOp.set_voucher_key, 32).storeBuffer(SOME_HASH).storeBuffer(SOME_HASH).endCell();
const draw = (world: AdsWorld) =>
    beginCell()
        .storeUint(AdsOp.draw, 32)
        .storeUint(toNano('1'), 64)
        .storeBuffer(world.people.stranger.address.hash)
        .storeBuffer(world.people.stranger.address.hash)
        .storeRef(
            beginCell()
                .storeUint(77, 64)
                .storeBuffer(SOME_HASH)
                .storeBuffer(world.network.address.hash)
                .storeUint(0, 64),
        )
        .endCell();

const withdraw = () => ChannelAccount.withdrawMessage();
const sweep = () => ChannelAccount.sweepMessage();
const threshold = (amount: bigint) => () => ChannelAccount.setAutoPayoutMessage({ threshold: amount });
const rebind = (world: AdsWorld) => ChannelAccount.rebindMessage({ newOwner: world.people.stranger.address });
const reinvest = (amount: bigint) => (world: AdsWorld) =>
    ChannelAccount.reinvestMessage({ campaign: world.campaign().address, amount });
const claim = (amount: bigint) => async (world: AdsWorld) =>
    ChannelAccount.claimMessage({ voucher: await world.voucher(amount) });
const charge = (world: AdsWorld) =>
    AdNetwork.chargeMessage({ charges: [{ campaign: world.campaign().address, cumulative: 5n }] });
const raw = (op: keyof typeof AdsOp, amount: bigint, queryId = true) => {
    const builder = beginCell().storeUint(AdsOp[op], 32);
    return (queryId ? builder.storeUint(0, 64) : builder).storeUint(amount, 64).endCell();
};

const CUT_OFF = cutAt(UNKNOWN, 31);
const ALWAYS: Case[] = [['an unknown op', AdsError.unknown_op, () => UNKNOWN]];

/** The account earned 2 TON before anybody owned it, and then more. */
const ACCOUNT_CASES: Record<'without an owner' | 'with an owner', Case[]> = {
    'without an owner': [
        ...ALWAYS,
        ['an op cut off', AdsError.cell_underflow, () => CUT_OFF],
        ['a withdrawal', AdsError.no_owner, withdraw],
        ['a claim', AdsError.no_owner, claim(1n)],
        ['a threshold', AdsError.no_owner, threshold(0n)],
        ['a rebind', AdsError.no_owner, rebind],
        ['an acceptance', AdsError.not_owner, () => ChannelAccount.acceptRebindMessage()],
        ['a reinvestment', AdsError.no_owner, reinvest(1n)],
        ['a bind from anyone', AdsError.not_network, bind],
        ['a voucher key from anyone', AdsError.not_network, setKey],
    ],
    'with an owner': [
        ...ALWAYS,
        ['a bind from anyone', AdsError.not_network, bind],
        ['a voucher key from anyone', AdsError.not_network, setKey],
        ["a stranger's threshold", AdsError.not_owner, threshold(0n)],
        ["a stranger's rebind", AdsError.not_owner, rebind],
        ["a stranger's acceptance", AdsError.not_owner, () => ChannelAccount.acceptRebindMessage()],
        ["a stranger's reinvestment", AdsError.not_owner, reinvest(1n)],
        ['a withdrawal with a tail', AdsError.cell_underflow, () => withTail(withdraw(), TAIL)],
        ['a withdrawal cut off', AdsError.cell_underflow, () => cutAt(withdraw(), 95)],
        [
            'a withdrawal one nanoton below its fee',
            AdsError.not_enough_funds,
            withdraw,
            { value: ({ prices }) => withdrawFee(prices) - 1n },
        ],
        ['a claim with a tail', AdsError.cell_underflow, async (world) => withTail(await claim(5n)(world), TAIL)],
        [
            'a claim with a reference',
            AdsError.cell_underflow,
            async (world) => withTail(await claim(5n)(world), beginCell().storeRef(Cell.EMPTY).endCell()),
        ],
        ['a claim cut off', AdsError.cell_underflow, async (world) => cutAt(await claim(5n)(world), 600)],
        [
            'a claim with another amount',
            AdsError.invalid_signature,
            async (world) => withFlippedBit(await claim(5n)(world), 32 + 63),
        ],
        [
            'a claim with a bad signature',
            AdsError.invalid_signature,
            async (world) => withFlippedBit(await claim(5n)(world), 32 + 64 + 9),
        ],
        // As a number with a sign it is below whatever was received
        ['a claim of 2^63', AdsError.nothing_due, async (world) => withFlippedBit(await claim(5n)(world), 32)],
        [
            'a claim of nothing',
            AdsError.nothing_due,
            async (world) =>
                cutAt(withTail(cutAt(await claim(1n)(world), 32), beginCell().storeUint(0, 576).endCell()), 608),
        ],
        [
            'a claim one nanoton below its price',
            AdsError.not_enough_funds,
            claim(5n),
            { value: ({ prices }) => claimPrice(prices) - 1n },
        ],
        ['a sweep that cannot pay', AdsError.not_enough_funds, sweep, { value: toNano('0.0012') }],
        ['a sweep with a tail', AdsError.cell_underflow, () => withTail(sweep(), TAIL)],
        [
            'an acceptance with a tail',
            AdsError.cell_underflow,
            () => withTail(ChannelAccount.acceptRebindMessage(), TAIL),
        ],
        [
            "a request of the network's key with a tail",
            AdsError.cell_underflow,
            () => withTail(ChannelAccount.syncKeyMessage(), TAIL),
        ],
        [
            "the owner's threshold with a tail",
            AdsError.cell_underflow,
            () => withTail(threshold(0n)(), TAIL),
            { from: 'owner' },
        ],
        [
            "the owner's reinvestment with a tail",
            AdsError.cell_underflow,
            (world) => withTail(reinvest(1n)(world), TAIL),
            { from: 'owner' },
        ],
        [
            "the owner's threshold one nanoton too low",
            AdsError.threshold_too_low,
            ({ prices }) => threshold(minAutoPayout(prices) - 1n)(),
            { from: 'owner' },
        ],
        ["the owner's threshold of 2^63", AdsError.invalid_amount, threshold(1n << 63n), { from: 'owner' }],
        [
            "the owner's rebind to nobody",
            AdsError.invalid_owner,
            () =>
                withTail(
                    cutAt(beginCell().storeUint(AdsOp.rebind, 32).storeUint(0, 64).endCell(), 96),
                    beginCell().storeUint(4, 3).storeUint(0, 264).endCell(),
                ),
            { from: 'owner' },
        ],
        [
            "the owner's rebind to the account",
            AdsError.invalid_owner,
            (world) => ChannelAccount.rebindMessage({ newOwner: world.account().address }),
            { from: 'owner' },
        ],
        [
            "the owner's rebind with a tail",
            AdsError.cell_underflow,
            (world) => withTail(ChannelAccount.rebindMessage({ newOwner: world.people.stranger.address }), TAIL),
            { from: 'owner' },
        ],
        [
            "the owner's rebind to the masterchain",
            AdsError.wrong_workchain,
            () =>
                withTail(
                    beginCell().storeUint(AdsOp.rebind, 32).storeUint(0, 64).endCell(),
                    beginCell().storeUint(4, 3).storeInt(-1, 8).storeBuffer(SOME_HASH).endCell(),
                ),
            { from: 'owner' },
        ],
        ["the owner's reinvestment of too much", AdsError.amount_above_due, reinvest(toNano('100')), { from: 'owner' }],
        [
            "the owner's reinvestment of nothing",
            AdsError.invalid_amount,
            (world) => withTail(cutAt(reinvest(1n)(world), 96 + 267), beginCell().storeUint(0, 64).endCell()),
            { from: 'owner' },
        ],
        [
            "the owner's reinvestment without the price of the way back",
            AdsError.not_enough_funds,
            reinvest(1n),
            { from: 'owner', value: toNano('0.002') },
        ],
    ],
};

const CAMPAIGN_CASES: Record<'running' | 'closing' | 'closed', Case[]> = {
    running: [
        ...ALWAYS,
        ['an op cut off', AdsError.unknown_op, () => CUT_OFF],
        ['a take from anyone', AdsError.not_network, () => internal('take', 64)],
        ["a stranger's stop", AdsError.not_advertiser, () => Campaign.stopMessage()],
        ["a stranger's refund", AdsError.not_advertiser, () => Campaign.refundMessage()],
        ["the advertiser's refund", AdsError.not_closed, () => Campaign.refundMessage(), { from: 'advertiser' }],
        [
            'a stop with a tail',
            AdsError.cell_underflow,
            () => withTail(Campaign.stopMessage(), TAIL),
            { from: 'advertiser' },
        ],
        [
            'a fund that its value does not cover',
            AdsError.not_enough_funds,
            () => Campaign.fundMessage({ amount: toNano('1') }),
            { value: ({ prices }) => toNano('1') + fundFee(prices) - 1n },
        ],
        ['a fund with a tail', AdsError.cell_underflow, () => withTail(Campaign.fundMessage({ amount: 1n }), TAIL)],
        ['a fund of nothing', AdsError.invalid_amount, () => raw('fund', 0n)],
        ['a fund of 2^63', AdsError.invalid_amount, () => raw('fund', 1n << 63n)],
    ],
    closing: [
        ['a transfer', AdsError.campaign_closed, () => Cell.EMPTY],
        ['a comment', AdsError.campaign_closed, () => Campaign.transferMessage({ comment: 'more' })],
        ['a fund', AdsError.campaign_closed, () => Campaign.fundMessage({ amount: 1n })],
        ['another stop', AdsError.already_stopped, () => Campaign.stopMessage(), { from: 'advertiser' }],
        ["the advertiser's refund", AdsError.not_closed, () => Campaign.refundMessage(), { from: 'advertiser' }],
    ],
    closed: [
        ['a transfer', AdsError.campaign_closed, () => Cell.EMPTY],
        ["a stranger's refund", AdsError.not_advertiser, () => Campaign.refundMessage()],
        [
            'a refund one nanoton below its fee',
            AdsError.not_enough_funds,
            () => Campaign.refundMessage(),
            { from: 'advertiser', value: ({ prices }) => refundFee(prices) - 1n },
        ],
    ],
};

const NETWORK_CASES: Case[] = [
    ...ALWAYS,
    ['an op cut off', AdsError.unknown_op, () => CUT_OFF],
    ['an empty body', AdsError.unknown_op, () => Cell.EMPTY],
    ['a comment', AdsError.unknown_op, () => ChannelAccount.transferMessage({ comment: 'hello' })],
    ['a draw from anyone', AdsError.not_account, draw],
    ["a stranger's charge", AdsError.not_operator, charge],
    ["the admin's charge", AdsError.not_operator, charge, { from: 'admin' }],
    [
        'a charge that cannot pay its way',
        AdsError.not_enough_funds,
        charge,
        { from: 'operator', value: ({ prices }) => 2n * takePrice(prices) },
    ],
    [
        'more than 100 charges',
        AdsError.too_many_charges,
        () => {
            const one = (next: Cell | null) => beginCell().storeBuffer(SOME_HASH).storeUint(5, 64).storeMaybeRef(next);
            let list: Cell | null = null;
            for (let count = 0; count < 100; count += 1) {
                list = one(list).endCell();
            }
            return beginCell().storeUint(AdsOp.charge, 32).storeUint(0, 64).storeBuilder(one(list)).endCell();
        },
        { from: 'operator', value: toNano('10') },
    ],
    [
        'a charge of 2^63',
        AdsError.invalid_amount,
        () =>
            beginCell()
                .storeUint(AdsOp.charge, 32)
                .storeUint(0, 64)
                .storeBuffer(SOME_HASH)
                .storeUint(1n << 63n, 64)
                .storeBit(0)
                .endCell(),
        { from: 'operator' },
    ],
    ['a charge with a tail', AdsError.cell_underflow, (world) => withTail(charge(world), TAIL), { from: 'operator' }],
    [
        'a question for the key with a tail',
        AdsError.cell_underflow,
        () => withTail(beginCell().storeUint(AdsOp.get_voucher_key, 32).storeBuffer(SOME_HASH).endCell(), TAIL),
    ],
    ['revenue of nothing', AdsError.invalid_amount, () => raw('revenue', 0n, false)],
    ['revenue of 2^63', AdsError.invalid_amount, () => raw('revenue', 1n << 63n, false)],
    [
        'revenue that its value does not cover',
        AdsError.not_enough_funds,
        () => AdNetwork.revenueMessage({ amount: toNano('1') }),
        { value: ({ prices }) => toNano('1') + revenueFee(prices) - 1n },
    ],
    ['revenue with a tail', AdsError.cell_underflow, () => withTail(AdNetwork.revenueMessage({ amount: 1n }), TAIL)],
    [
        'a platform share with a tail',
        AdsError.cell_underflow,
        () => withTail(AdNetwork.platformShareMessage({ amount: 1n }), TAIL),
    ],
    [
        'a platform share that its value does not cover',
        AdsError.not_enough_funds,
        () => AdNetwork.platformShareMessage({ amount: toNano('1') }),
        { value: ({ prices }) => toNano('1') + revenueFee(prices) - 1n },
    ],
    [
        "a registration with another's certificate",
        AdsError.invalid_signature,
        async (world) =>
            AdNetwork.registerMessage({ certificate: await world.certificate(world.people.owner.address) }),
    ],
    [
        'a registration of another payee',
        AdsError.invalid_signature,
        async (world) => {
            const certificate = await world.certificate(world.people.owner.address);
            return AdNetwork.registerMessage({ certificate: { ...certificate, payeeId: 78n } });
        },
        { from: 'owner' },
    ],
    [
        'a registration with a tail',
        AdsError.cell_underflow,
        async (world) => {
            const certificate = await world.certificate(world.people.owner.address);
            return withTail(AdNetwork.registerMessage({ certificate }), TAIL);
        },
        { from: 'owner' },
    ],
    [
        'an expired certificate',
        AdsError.expired_certificate,
        async (world) =>
            AdNetwork.registerMessage({
                certificate: await world.certificate(world.people.owner.address, 77n, world.now),
            }),
        { from: 'owner' },
    ],
    [
        'a registration without the price of the way back',
        AdsError.not_enough_funds,
        async (world) =>
            AdNetwork.registerMessage({ certificate: await world.certificate(world.people.owner.address) }),
        { from: 'owner', value: ({ prices }) => registerPrice(prices) },
    ],
    [
        'a sweep below its fee',
        AdsError.not_enough_funds,
        sweep,
        { value: ({ prices }) => treasurySweepFee(prices) - 1n },
    ],
    ['an acceptance of nothing', AdsError.nothing_proposed, () => AdNetwork.acceptAdminMessage()],
    ["a stranger's renunciation", AdsError.not_admin, () => AdNetwork.renounceAdminMessage()],
    [
        "a stranger's voucher key",
        AdsError.not_admin,
        () => AdNetwork.announceVoucherKeyMessage({ voucherKey: SOME_HASH }),
    ],
    [
        "the operator's operator",
        AdsError.not_admin,
        (world) => AdNetwork.announceOperatorMessage({ operator: world.people.stranger.address }),
        { from: 'operator' },
    ],
    [
        "a stranger's treasury",
        AdsError.not_admin,
        (world) => AdNetwork.announceTreasuryMessage({ treasury: world.people.stranger.address }),
    ],
    [
        "a stranger's proposal",
        AdsError.not_admin,
        (world) => AdNetwork.proposeAdminMessage({ admin: world.people.stranger.address }),
    ],
    [
        'an announcement with a tail',
        AdsError.cell_underflow,
        () => withTail(AdNetwork.renounceAdminMessage(), TAIL),
        { from: 'admin' },
    ],
];

describe('a rejected message leaves nothing behind, bounceable or not', () => {
    let world: AdsWorld;
    let to: Address;

    async function check([, code, body, options = {}]: Case): Promise<void> {
        const { from = 'stranger', value = toNano('0.2') } = options;
        const attached = typeof value === 'bigint' ? value : value(world);
        await world.expectRejected(world.people[from], to, attached, await body(world), code);
    }

    describe.each(['without an owner', 'with an owner'] as const)('a channel account %s', (state) => {
        beforeAll(async () => {
            world = await AdsWorld.create();
            await world.pay(toNano('2'));
            if (state === 'with an owner') {
                await world.register();
            }
            // The gas margins of later messages keep the account above its reserve
            await world.send(world.people.brand, world.account().address, toNano('1'), ChannelAccount.topUpMessage());
            to = world.account().address;
        });

        it.each(ACCOUNT_CASES[state])('rejects %s with %d', async (...args) => check(args));
    });

    describe.each(['running', 'closing', 'closed'] as const)('a campaign that is %s', (state) => {
        beforeAll(async () => {
            world = await AdsWorld.create();
            to = (await world.funded()).address;
            if (state !== 'running') {
                await world.send(world.people.advertiser, to, toNano('1'), Campaign.stopMessage());
            }
            if (state === 'closed') {
                world.now += 172_800;
            }
        });

        it.each(CAMPAIGN_CASES[state])('rejects %s with %d', async (...args) => check(args));
    });

    describe('a network', () => {
        beforeAll(async () => {
            world = await AdsWorld.create();
            to = world.network.address;
        });

        it.each(NETWORK_CASES)('rejects %s with %d', async (...args) => check(args));
    });

    it('a value that was sent back to one of our contracts stays there', async () => {
        const world = await AdsWorld.create();
        await world.registered();
        const campaign = await world.funded();
        const body = beginCell().storeUint(AdsOp.return_value, 32).endCell();
        for (const address of [world.network.address, world.account().address, campaign.address]) {
            const result = await world.inject(internalMessage(SENDER, address, toNano('1'), body, false));
            expect(result.transactions).toHaveLength(1);
            expect(sent(result.transactions.find((tx) => isOn(tx, address))!)).toEqual([]);
        }
    });

    it('a claim by quote is taken, and by one nanoton less than the price is not', async () => {
        const world = await AdsWorld.create();
        await world.registered();
        await world.revenue(toNano('9'));
        const account = world.account();
        const funds = { ...(await account.getState()), balance: await world.balance(account.address) };
        await world.claim(toNano('1'), quoteClaim(funds, world.prices));
        expect((await account.getState()).received).toBe(toNano('1'));
    });
});
