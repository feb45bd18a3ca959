import { type Address, beginCell, Cell, comment, toNano } from '@ton/core';

import {
    AdNetwork,
    AdsError,
    AdsOp,
    Campaign,
    ChannelAccount,
    CLOSING_SECONDS,
    forwardFee,
    gasFee,
    NOTICE_SECONDS,
} from '../../wrappers';
import {
    accountReserve,
    AdsGas,
    carriedPrice,
    claimPrice,
    drawFee,
    networkReserve,
    registerPrice,
    revenueFee,
    syncPrice,
    withdrawFee,
} from '../../wrappers/ads/gas';
import { AdsWorld, CAMPAIGN_BUCKET, DRAW_BUCKET } from '../helpers/ads-world';
import { PRICE_LISTS } from '../helpers/base-world';
import { exitCode, internalMessage, isOn, sent, transactionOn } from '../helpers/world';

const VALUE = toNano('0.5');

/** What a network tells an account: a wallet, and a voucher key. */
const told = (op: number, wallet: Address): Cell =>
    beginCell().storeUint(op, 32).storeBuffer(wallet.hash).storeBuffer(Buffer.alloc(32, 9)).endCell();

// Conditions at the nanoton at which they turn, most of which only rent that nobody paid for years leads to.
describe.each(PRICE_LISTS)('to the nanoton, under %s', (_, prices) => {
    let world: AdsWorld;
    let account: Address;
    let network: Address;
    beforeEach(async () => {
        world = await AdsWorld.create(prices);
        account = world.account().address;
        network = world.network.address;
        await world.registered();
    });

    async function hold(address: Address, balance: bigint): Promise<void> {
        (await world.chain.getContract(address)).balance = balance;
        await world.remember(address);
    }

    it.each([
        ['without a word', Cell.EMPTY],
        ['with a comment', comment('for the channel')],
    ])('a payment %s is refused as long as its price leaves nothing of it', async (_, body) => {
        const { stranger } = world.people;
        const dues = async () => {
            const { ownerDue, platformDue } = await world.account().getState();
            return ownerDue + platformDue;
        };
        await world.send(world.people.brand, account, VALUE);
        const before = await dues();
        const back = world.checkpoint();
        await world.send(stranger, account, VALUE, body);
        const price = VALUE - (await dues()) + before;
        await back();
        // Its gas may end before it can say why
        const refused = transactionOn(await world.send(stranger, account, price, body), account);
        expect([AdsError.not_enough_funds, -14]).toContain(exitCode(refused));
        expect(await dues()).toBe(before);
        await world.send(stranger, account, price + 1n, body);
        expect(await dues()).toBe(before + 1n);
    });

    it('a payment to the network is refused as long as its price leaves nothing of it', async () => {
        const { stranger } = world.people;
        const dues = async () => {
            const { ownersDue, platformDue } = await world.network.getState();
            return ownersDue + platformDue;
        };
        const before = await dues();
        const price = revenueFee(prices);
        for (const lacks of [0n, 1n]) {
            const refused = transactionOn(
                await world.send(stranger, network, price - lacks, AdNetwork.payMessage()),
                network,
            );
            expect([AdsError.not_enough_funds, -14]).toContain(exitCode(refused));
            expect(await dues()).toBe(before);
        }
        await world.send(stranger, network, price + 1n, AdNetwork.payMessage());
        expect(await dues()).toBe(before + 1n);
    });

    it('what comes back of a charge is the platform’s above its price, and nothing of it below', async () => {
        const price = gasFee(prices, AdsGas.BOUNCED_TAKE_GAS);
        const body = beginCell().storeUint(0xffffffff, 32).storeUint(AdsOp.take, 32).storeUint(1, 64).endCell();
        for (const [value, booked] of [
            [price - 1n, 0n],
            [price, 0n],
            [price + 1n, 1n],
        ] as const) {
            const { platformDue } = await world.network.getState();
            const message = internalMessage(world.campaign().address, network, value, body, false);
            await world.inject({ ...message, info: { ...message.info, bounced: true } as never });
            expect((await world.network.getState()).platformDue - platformDue).toBe(booked);
        }
    });

    it('a sweep of the network needs a nanoton that is neither due to owners nor the reserve', async () => {
        await world.revenue(toNano('5'));
        const { ownersDue } = await world.network.getState();
        const { stranger } = world.people;
        const body = AdNetwork.sweepMessage();
        await hold(network, ownersDue + networkReserve(prices));
        await world.expectRejected(stranger, network, VALUE, body, AdsError.nothing_due);
        await hold(network, ownersDue + networkReserve(prices) + 1n);
        const result = await world.send(stranger, network, VALUE, body);
        expect(sent(transactionOn(result, network))[0]).toMatchObject({ op: AdsOp.treasury_payout });
    });

    it('a draw of a network that rent has left without its reserve pays the amount alone, if it can', async () => {
        await world.revenue(toNano('5'));
        const back = world.checkpoint();
        const [draw] = sent(transactionOn(await world.claim(toNano('1')), account));
        await back();
        const least = toNano('1') + drawFee(prices) - draw!.value;
        await hold(network, least - 1n);
        const refused = await world.claim(toNano('1'));
        expect(exitCode(transactionOn(refused, network))).toBe(AdsError.not_enough_funds);
        await back();

        await hold(network, least);
        const paid = await world.claim(toNano('1'));
        expect(sent(transactionOn(paid, network))).toMatchObject([{ op: AdsOp.voucher_payout, value: toNano('1') }]);
    });

    it('a claim pays what the account lacks of its reserve on top, and is refused below that', async () => {
        await world.revenue(toNano('5'));
        const { ownerDue, platformDue } = await world.account().getState();
        const lacks = accountReserve(prices) / 2n;
        await hold(account, ownerDue + platformDue + accountReserve(prices) - lacks);
        const body = ChannelAccount.claimMessage({ voucher: await world.voucher(toNano('1')) });
        const price = claimPrice(prices) + lacks;
        await world.expectRejected(world.people.stranger, account, price - 1n, body, AdsError.not_enough_funds);
        await world.claim(toNano('1'), price);
        expect((await world.account().getState()).received).toBe(toNano('1'));
    });

    it('a draw’s value is its fee at least, and it may take all that is due to owners', async () => {
        await world.revenue(toNano('5'));
        const { ownersDue } = await world.network.getState();
        const back = world.checkpoint();
        const draw = transactionOn(await world.claim(ownersDue), account).outMessages.get(0)!;
        expect(await world.network.getState()).toMatchObject({ ownersDue: 0n });
        await back();
        const fee = drawFee(prices);
        for (const [value, held, code] of [
            [fee - 1n, 1n, AdsError.not_enough_funds],
            [fee, -1n, AdsError.not_enough_funds],
            [fee, 0n, 0],
        ] as const) {
            // Without its reserve, so that the value alone pays
            await hold(network, ownersDue + held);
            const drawn = await world.inject(internalMessage(account, network, value, draw.body));
            expect(exitCode(transactionOn(drawn, network))).toBe(code);
        }
    });

    it('a network shows its bucket as it is now, what could be drawn, and what a sweep would pay', async () => {
        const { burst, rate } = DRAW_BUCKET;
        const reserve = networkReserve(prices);
        expect(await world.network.getState()).toMatchObject({ level: 0n, drawable: 0n });
        await world.revenue(toNano('10'));
        expect(await world.network.getState()).toMatchObject({ drawable: toNano('5') });
        await world.revenue(4n * burst);
        expect(await world.network.getState()).toMatchObject({ drawable: burst });
        await world.claim(burst);
        expect(await world.network.getState()).toMatchObject({ level: burst, drawable: 0n });
        world.now += 10;
        expect(await world.network.getState()).toMatchObject({ level: burst - 10n * rate, drawable: 10n * rate });

        const { ownersDue } = await world.network.getState();
        for (const surplus of [0n, 1n, toNano('7')]) {
            await hold(network, ownersDue + reserve + surplus);
            expect(await world.network.getState()).toMatchObject({ surplus });
        }
        await hold(network, ownersDue + reserve - 1n);
        expect(await world.network.getState()).toMatchObject({ surplus: 0n });
    });

    it('a payment to a network that rent has left without its reserve fills it first', async () => {
        await world.revenue(toNano('10'));
        const { ownersDue, platformDue } = await world.network.getState();
        await hold(network, ownersDue + platformDue);
        const payment = toNano('1');
        const value = payment + networkReserve(prices) + revenueFee(prices);
        await world.send(world.people.stranger, network, value, AdNetwork.payMessage());
        const after = await world.network.getState();
        expect(after.ownersDue + after.platformDue).toBe(ownersDue + platformDue + payment);
    });

    it('a registration needs its price and the account’s reserve, and passes on what it does not cost', async () => {
        const { owner } = world.people;
        const body = AdNetwork.registerMessage({ certificate: await world.certificate(owner.address, 5n) });
        const value = registerPrice(prices) + accountReserve(prices);
        await world.expectRejected(owner, network, value - 1n, body, AdsError.not_enough_funds);
        const [bind] = sent(transactionOn(await world.send(owner, network, value, body), network));
        const fee = gasFee(prices, AdsGas.REGISTER_GAS) + forwardFee(prices, AdsGas.BIND_CELLS, AdsGas.BIND_BITS);
        expect(bind).toMatchObject({ to: world.account(5n).address, op: AdsOp.bind, value: value - fee });
    });

    it('a bind needs what it costs and the reserve, and tells the owner of the rest by the id 0', async () => {
        const { stranger } = world.people;
        const unowned = world.account(5n).address;
        await world.pay(toNano('1'), 5n);
        const { ownerDue, platformDue } = await world.account(5n).getState();
        const bind = told(AdsOp.bind, stranger.address);
        const cost = gasFee(prices, AdsGas.BIND_GAS) + forwardFee(prices, 0, 0);
        for (const [held, value, code] of [
            [0n, cost - 1n, AdsError.not_enough_funds],
            [-1n, cost, AdsError.not_enough_funds],
            [0n, cost, 0],
        ] as const) {
            await hold(unowned, ownerDue + platformDue + accountReserve(prices) + held);
            const tx = transactionOn(await world.inject(internalMessage(network, unowned, value, bind)), unowned);
            expect(exitCode(tx)).toBe(code);
        }
        expect(await world.account(5n).getState()).toMatchObject({ owner: stranger.address });

        const rest = sent(
            (await world.register(world.people.brand, 6n)).transactions.find((tx) =>
                isOn(tx, world.account(6n).address),
            )!,
        );
        expect(rest).toMatchObject([{ to: world.people.brand.address, op: AdsOp.excesses }]);
        expect(rest[0]!.body.beginParse().skip(32).loadUintBig(64)).toBe(0n);
    });

    it('a platform share is booked where its value is its amount and its fee', async () => {
        const { platformDue } = await world.network.getState();
        const amount = toNano('1');
        const body = AdNetwork.platformShareMessage({ amount });
        await world.send(world.people.stranger, network, amount + revenueFee(prices), body);
        expect(await world.network.getState()).toMatchObject({ platformDue: platformDue + amount });
    });

    it('a charge takes a nanoton at least, and all of the budget at most', async () => {
        const campaign = await world.funded(toNano('3'));
        const code = async (cumulative: bigint): Promise<number | undefined> => {
            const charged = await world.charge({ campaign: campaign.address, cumulative });
            return exitCode(transactionOn(charged, campaign.address));
        };
        expect(await code(1n)).toBe(0);
        expect(await code(1n)).toBe(AdsError.nothing_due);
        expect(await code(2n)).toBe(0);
        const { spent, budget } = await campaign.getState();
        expect(await code(spent + budget + 1n)).toBe(AdsError.above_budget);
        expect(await code(spent + budget)).toBe(0);
        expect(await campaign.getState()).toMatchObject({ spent: spent + budget });
    });

    it('a withdrawal from an account that rent has left without its reserve takes the value alone, if that can', async () => {
        await world.pay(toNano('5'));
        const { ownerDue } = await world.account().getState();
        const { stranger } = world.people;
        const body = ChannelAccount.withdrawMessage();
        const fee = withdrawFee(prices);
        await hold(account, ownerDue - 1n);
        await world.expectRejected(stranger, account, fee, body, AdsError.not_enough_funds);
        await hold(account, ownerDue + 1n);
        await world.expectRejected(stranger, account, fee - 1n, body, AdsError.not_enough_funds);
        await hold(account, ownerDue);
        const [payout] = sent(transactionOn(await world.send(stranger, account, fee, body), account));
        expect(payout).toMatchObject({ op: AdsOp.owner_payout, value: ownerDue });
    });

    it('an owner may reinvest all that he is due', async () => {
        await world.pay(toNano('5'));
        const { ownerDue } = await world.account().getState();
        const campaign = (await world.funded()).address;
        const body = ChannelAccount.reinvestMessage({ campaign, amount: ownerDue });
        await world.send(world.people.owner, account, VALUE, body);
        expect(await world.account().getState()).toMatchObject({ ownerDue: 0n });
    });

    it('a request of the key needs its price, and the key what it costs to keep', async () => {
        const { stranger } = world.people;
        const request = ChannelAccount.syncKeyMessage();
        const price = syncPrice(prices);
        await world.send(world.people.brand, account, VALUE, ChannelAccount.topUpMessage());
        await world.expectRejected(stranger, account, price - 1n, request, AdsError.not_enough_funds);
        const asked = transactionOn(await world.send(stranger, account, price, request), account);
        expect(exitCode(asked)).toBe(0);

        const key = told(AdsOp.set_voucher_key, stranger.address);
        const cost = gasFee(prices, AdsGas.SET_KEY_GAS) + forwardFee(prices, 0, 0);
        for (const [value, code] of [
            [cost - 1n, AdsError.not_enough_funds],
            [cost, 0],
        ] as const) {
            const tx = transactionOn(await world.inject(internalMessage(network, account, value, key)), account);
            expect(exitCode(tx)).toBe(code);
        }
    });

    it('an answer may carry nothing, but what it costs is not the account’s', async () => {
        const { owner } = world.people;
        const body = ChannelAccount.setAutoPayoutMessage({ threshold: 0n });
        await world.send(owner, account, VALUE, ChannelAccount.topUpMessage());
        const [answer] = sent(transactionOn(await world.send(owner, account, VALUE, body), account));
        const least = VALUE - answer!.value;
        const refused = transactionOn(await world.send(owner, account, least - 1n, body), account);
        expect(exitCode(refused)).toBe(AdsError.not_enough_funds);
        const answers = sent(transactionOn(await world.send(owner, account, least, body), account));
        expect(answers).toMatchObject([{ op: AdsOp.excesses, value: 0n }]);
    });

    it('a question for the key that cannot pay for its answer is sent back', async () => {
        const { stranger } = world.people;
        const question = beginCell().storeUint(AdsOp.get_voucher_key, 32).storeBuffer(stranger.address.hash).endCell();
        const [answer] = sent(transactionOn(await world.send(stranger, network, VALUE, question), network));
        const price = VALUE - answer!.value;
        const before = await world.balance(network);
        for (const [value, bounced] of [
            [price, false],
            [price - 1n, true],
        ] as const) {
            const tx = transactionOn(await world.send(stranger, network, value, question), network);
            expect(tx.outMessages.values().map(({ info }) => info)).toMatchObject([
                { bounced, dest: stranger.address },
            ]);
            expect(await world.balance(network)).toBe(before);
        }
    });

    it('a draw that bounces with too little to be passed on is undone all the same', async () => {
        await world.revenue(toNano('5'));
        await world.claim(toNano('1'));
        const draw = beginCell()
            .storeUint(AdsOp.draw, 32)
            .storeUint(toNano('1'), 64)
            .storeBuffer(world.people.owner.address.hash)
            .storeBuffer(world.people.stranger.address.hash);
        const body = beginCell().storeUint(0xfffffffe, 32).storeRef(draw).endCell();
        const value = gasFee(prices, AdsGas.BOUNCED_DRAW_GAS);
        const message = internalMessage(network, account, value, body, false);
        const result = await world.inject({ ...message, info: { ...message.info, bounced: true } as never });
        expect(sent(transactionOn(result, account))).toEqual([]);
        expect(await world.account().getState()).toMatchObject({ received: 0n });
    });

    it('a sweep needs a nanoton that is neither due to the owner nor the reserve', async () => {
        await world.pay(toNano('5'));
        const { ownerDue } = await world.account().getState();
        const { stranger } = world.people;
        const body = ChannelAccount.sweepMessage();
        await hold(account, ownerDue + accountReserve(prices));
        await world.expectRejected(stranger, account, VALUE, body, AdsError.nothing_due);
        await hold(account, ownerDue + accountReserve(prices) + 1n);
        const result = await world.send(stranger, account, VALUE, body);
        expect(sent(transactionOn(result, account))[0]).toMatchObject({
            op: AdsOp.platform_share,
            value: 1n + carriedPrice(prices),
        });
    });

    it('a power is shown as handed over from the second on from which it is', async () => {
        const { admin, operator, stranger } = world.people;
        const body = AdNetwork.announceOperatorMessage({ operator: stranger.address });
        await world.send(admin, network, VALUE, body);
        const since = world.now + NOTICE_SECONDS;
        world.now = since - 1;
        const before = { holder: operator.address, next: stranger.address, since };
        expect((await world.network.getPowers()).operator).toEqual(before);
        world.now = since;
        const after = { holder: stranger.address, next: null, since: 0 };
        expect((await world.network.getPowers()).operator).toEqual(after);
    });

    it('a campaign tells what may be charged: what its bucket and its budget have room for, nothing once it is closed', async () => {
        const { burst } = CAMPAIGN_BUCKET;
        const campaign = await world.funded(toNano('100'));
        const { budget } = await campaign.getState();
        expect(await campaign.getState()).toMatchObject({ chargeable: budget });
        await world.funded(burst);
        await world.charge({ campaign: campaign.address, cumulative: toNano('3') });
        expect(await campaign.getState()).toMatchObject({ chargeable: burst - toNano('3') });
        await world.send(world.people.advertiser, campaign.address, VALUE, Campaign.stopMessage());
        world.now += CLOSING_SECONDS - 1;
        expect(await campaign.getState()).toMatchObject({ chargeable: burst - toNano('3') });
        world.now += 1;
        expect(await campaign.getState()).toMatchObject({ chargeable: 0n });
    });
});
