import { type Address, beginCell, type Cell, type Message, toNano } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';

import { AdNetwork, AdsOp, Campaign, ChannelAccount, forwardFee, MAINNET_PRICES } from '../../wrappers';
import { accountReserve, AdsGas, autoPayoutFee, claimPrice } from '../../wrappers/ads/gas';
import { cellSize } from '../../wrappers/common/cells';
import { AdsWorld } from '../helpers/ads-world';
import { type Person } from '../helpers/base-world';
import { exitCode, gasUsed, internalMessage, isOn, sent, transactionOn } from '../helpers/world';

const COMMENT = ChannelAccount.transferMessage({ comment: 'thank you for the long and good work' });
const ENCRYPTED = beginCell().storeUint(AdsOp.encrypted_comment, 32).storeStringTail('thank you').endCell();
const PAYMENTS: (Cell | undefined)[] = [undefined, COMMENT, ENCRYPTED, ChannelAccount.payMessage()];

/** The constant covers the worst case, and by no more than a tenth. */
function expectTight(what: string, value: number, worst: number): void {
    expect({ what, value, worst, covers: value >= worst, isTight: value <= worst * 1.1 }).toEqual({
        what,
        value,
        worst,
        covers: true,
        isTight: true,
    });
}

/** Gas units that a fee pays for, at today's prices. */
function gasOf(fee: bigint): number {
    const { flatGasLimit, flatGasPrice, gasPrice } = MAINNET_PRICES.gas;
    return Number(((fee - flatGasPrice) * 65536n) / gasPrice + flatGasLimit);
}

describe('the gas constants', () => {
    let world: AdsWorld;
    let account: Address;
    beforeEach(async () => {
        world = await AdsWorld.create();
        account = world.account().address;
    });

    /** Gas of the transaction on an address, which must succeed. */
    function used(result: SendMessageResult, address: Address, index = 0): number {
        const tx = result.transactions.filter((it) => isOn(it, address))[index]!;
        expect(exitCode(tx)).toBe(0);
        expect(tx.outMessages.values().some(({ info }) => info.type === 'internal' && info.bounced)).toBe(false);
        return gasUsed(tx);
    }

    /** The most gas of a message with either bounce flag; the state is the same before each. */
    async function worstOf(from: keyof AdsWorld['people'], to: Address, body: Cell | undefined, value = toNano('1')) {
        const gas: number[] = [];
        const back = world.checkpoint();
        for (const bounce of [true, false]) {
            await back();
            const result = await world.send(world.people[from], to, value, body, { bounce });
            expect(sent(transactionOn(result, to)).map(({ op }) => op)).not.toContain(AdsOp.return_value);
            gas.push(used(result, to));
        }
        return Math.max(...gas);
    }

    it('PAY_GAS: an empty body, to an open account without a threshold', async () => {
        await world.pay(toNano('1'));
        expectTight('PAY_GAS', AdsGas.PAY_GAS, await worstOf('brand', account, undefined));
    });

    it('PAY_REST_GAS and AUTO_PAYOUT_GAS: every other payment', async () => {
        const value = toNano('1');
        /** What the payment left of PAY_REST_GAS. */
        const restOf = async (result: SendMessageResult, address: Address, before: bigint) => {
            const { ownerDue, platformDue } = await world.chain
                .openContract(ChannelAccount.createFromAddress(address))
                .getState();
            const payment = ownerDue + platformDue - before;
            return AdsGas.PAY_REST_GAS - (gasOf(value - payment) - used(result, address));
        };
        const rests: number[] = [];
        for (const bounce of [true, false]) {
            for (const body of PAYMENTS.slice(1)) {
                await world.pay(value);
                const before = await world.account().getState();
                const result = await world.send(world.people.brand, account, value, body, { bounce });
                rests.push(await restOf(result, account, before.ownerDue + before.platformDue));
            }
            for (const [way, body] of PAYMENTS.entries()) {
                const payee = BigInt(100 + way * 2 + Number(bounce));
                const { address, init } = world.account(payee);
                // What reached the account before it is deployed, above its reserve
                await world.send(world.people.brand, address, toNano('1'), undefined, { bounce: false });
                const result = await world.send(world.people.brand, address, value, body, { bounce, init });
                rests.push(await restOf(result, address, toNano('1') - accountReserve(world.prices)));
            }
        }
        await world.registered();
        const threshold = toNano('100');
        const set = ChannelAccount.setAutoPayoutMessage({ threshold });
        await world.send(world.people.owner, account, toNano('0.1'), set);
        const back = world.checkpoint();
        const { ownerDue, platformDue } = await world.account().getState();
        for (const body of PAYMENTS) {
            for (const bounce of [true, false]) {
                await back();
                const result = await world.send(world.people.brand, account, value, body, { bounce });
                rests.push(await restOf(result, account, ownerDue + platformDue));
            }
        }
        expectTight('PAY_REST_GAS', AdsGas.PAY_REST_GAS, Math.max(...rests));

        const payouts: number[] = [];
        for (const body of PAYMENTS) {
            for (const bounce of [true, false]) {
                await back();
                const many = toNano('1000');
                const result = await world.send(world.people.brand, account, many, body, { bounce });
                const after = await world.account().getState();
                const payout = sent(transactionOn(result, account))[0]!.value;
                const booked = payout + autoPayoutFee(world.prices) - ownerDue + after.platformDue - platformDue;
                const charged = gasOf(many - booked);
                payouts.push(used(result, account) - charged);
            }
        }
        expectTight('AUTO_PAYOUT_GAS', AdsGas.AUTO_PAYOUT_GAS, Math.max(...payouts));
    });

    it('WITHDRAW_GAS: with and without a threshold', async () => {
        await world.registered();
        await world.pay(toNano('1'));
        const withdraw = (): Promise<number> => worstOf('stranger', account, ChannelAccount.withdrawMessage());
        const plain = await withdraw();
        await world.pay(toNano('1'));
        const set = ChannelAccount.setAutoPayoutMessage({ threshold: toNano('100') });
        await world.send(world.people.owner, account, toNano('0.1'), set);
        expectTight('WITHDRAW_GAS', AdsGas.WITHDRAW_GAS, Math.max(plain, await withdraw()));
    });

    it('CLAIM_GAS, DRAW_GAS and BOUNCED_DRAW_GAS: with and without what fills the reserve', async () => {
        await world.registered();
        await world.revenue(toNano('10'));
        world.now += 1_000_000;
        const body = ChannelAccount.claimMessage({ voucher: await world.voucher(toNano('1')) });
        expectTight('CLAIM_GAS', AdsGas.CLAIM_GAS, await worstOf('stranger', account, body));
        world.now += 10;
        const draws = [used(await world.claim(toNano('2')), world.network.address)];
        await world.send(world.people.stranger, world.network.address, toNano('0.1'), AdNetwork.sweepMessage());
        world.now += 630_720_000;
        await world.send(world.people.stranger, account, toNano('5'), ChannelAccount.topUpMessage());
        draws.push(used(await world.claim(toNano('3'), claimPrice(world.prices)), world.network.address));
        // Twenty years of rent take more than the value of the second has left
        expect(draws[1]).toBeGreaterThan(draws[0]!);
        expectTight('DRAW_GAS', AdsGas.DRAW_GAS, Math.max(...draws));
        const refused = await world.claim(toNano('100'));
        expectTight('BOUNCED_DRAW_GAS', AdsGas.BOUNCED_DRAW_GAS, used(refused, account, 1));
    });

    it('REGISTER_GAS, BIND_GAS and BOUNCED_BIND_GAS', async () => {
        const certificate = await world.certificate(world.people.owner.address);
        const body = AdNetwork.registerMessage({ certificate });
        expectTight('REGISTER_GAS', AdsGas.REGISTER_GAS, await worstOf('owner', world.network.address, body));
        const other = 5n;
        const { address } = world.account(other);
        await world.send(world.people.brand, address, toNano('1'), undefined, { bounce: false });
        const result = await world.register(world.people.owner, other);
        expectTight('BIND_GAS', AdsGas.BIND_GAS, used(result, address));
        const refused = await world.register(world.people.stranger, other);
        expectTight('BOUNCED_BIND_GAS', AdsGas.BOUNCED_BIND_GAS, used(refused, world.network.address, 1));
    });

    it('SET_KEY_GAS and SEND_KEY_GAS: with and without the opening of the account', async () => {
        const { address, init } = world.account(7n);
        const sync = ChannelAccount.syncKeyMessage();
        const opening = await world.send(world.people.stranger, address, toNano('0.2'), sync, { init });
        await world.registered();
        const body = ChannelAccount.rebindMessage({ newOwner: world.people.stranger.address });
        await world.send(world.people.owner, account, toNano('0.1'), body);
        const result = await world.send(world.people.stranger, account, toNano('0.1'), sync);
        expectTight('SEND_KEY_GAS', AdsGas.SEND_KEY_GAS, used(result, world.network.address));
        const set = [used(opening, address, 1), used(result, account, 1)];
        expectTight('SET_KEY_GAS', AdsGas.SET_KEY_GAS, Math.max(...set));
        // The question is less work than the answer
        expect(Math.max(used(opening, address, 0), used(result, account, 0))).toBeLessThanOrEqual(AdsGas.SET_KEY_GAS);
    });

    it('BOUNCED_FUND_GAS: a reinvestment or a platform share that is not taken', async () => {
        await world.registered();
        await world.pay(toNano('4'));
        const body = ChannelAccount.reinvestMessage({
            campaign: world.campaign().address,
            amount: toNano('1'),
        });
        const result = await world.send(world.people.owner, account, toNano('0.1'), body);
        const share = beginCell()
            .storeUint(0xffffffff, 32)
            .storeSlice(AdNetwork.platformShareMessage({ amount: 5n }).asSlice())
            .endCell();
        const bounce = internalMessage(world.network.address, account, toNano('1'), share, false);
        const bounced = await world.inject({ ...bounce, info: { ...bounce.info, bounced: true } as never });
        const worst = Math.max(used(result, account, 1), used(bounced, account));
        expectTight('BOUNCED_FUND_GAS', AdsGas.BOUNCED_FUND_GAS, worst);
    });

    it('FUND_GAS, TAKE_GAS, BOUNCED_TAKE_GAS, BOUNCED_REVENUE_GAS and REFUND_GAS', async () => {
        const { address, init } = world.campaign();
        const body = Campaign.fundMessage({ amount: toNano('50') });
        const fund: number[] = [];
        for (const [bounce, campaignId] of [
            [true, 10n],
            [false, 11n],
        ] as const) {
            const other = world.campaign({ campaignId });
            const options = { bounce, init: other.init };
            fund.push(
                used(await world.send(world.people.brand, other.address, toNano('51'), body, options), other.address),
            );
        }
        expectTight('FUND_GAS', AdsGas.FUND_GAS, Math.max(...fund));
        await world.send(world.people.advertiser, address, toNano('100'), undefined, { init });
        world.now += 100;
        const charge = { campaign: address, cumulative: toNano('5') };
        const charged = await world.charge(charge);
        expectTight('TAKE_GAS', AdsGas.TAKE_GAS, used(charged, address));
        const again = await world.charge(charge);
        expectTight('BOUNCED_TAKE_GAS', AdsGas.BOUNCED_TAKE_GAS, used(again, world.network.address, 1));
        const revenue = beginCell()
            .storeUint(0xffffffff, 32)
            .storeSlice(AdNetwork.revenueMessage({ amount: toNano('5') }).asSlice())
            .endCell();
        const bounce = internalMessage(world.network.address, address, toNano('5'), revenue, false);
        const bounced = await world.inject({ ...bounce, info: { ...bounce.info, bounced: true } as never });
        expectTight('BOUNCED_REVENUE_GAS', AdsGas.BOUNCED_REVENUE_GAS, used(bounced, address));
        await world.send(world.people.advertiser, address, toNano('0.1'), Campaign.stopMessage());
        world.now += 172_800;
        expectTight('REFUND_GAS', AdsGas.REFUND_GAS, await worstOf('advertiser', address, Campaign.refundMessage()));
    });

    it('REVENUE_GAS: revenue, a payment and a platform share', async () => {
        const amount = toNano('1');
        const gas: number[] = [];
        for (const body of [
            AdNetwork.revenueMessage({ amount }),
            AdNetwork.platformShareMessage({ amount }),
            AdNetwork.payMessage(),
        ]) {
            gas.push(await worstOf('stranger', world.network.address, body, toNano('1.1')));
        }
        expectTight('REVENUE_GAS', AdsGas.REVENUE_GAS, Math.max(...gas));
    });

    it('SWEEP_GAS: from the network to its treasury', async () => {
        const worst = await worstOf('stranger', world.network.address, AdNetwork.sweepMessage());
        expectTight('SWEEP_GAS', AdsGas.SWEEP_GAS, worst);
    });

    it('ANSWER_REST_GAS: after an answer has read its gas', async () => {
        await world.registered();
        await world.pay(toNano('10'));
        const campaign = await world.funded();
        const { owner, admin, advertiser, stranger, operator } = world.people;
        const network = world.network.address;
        const value = toNano('1');
        const rests: number[] = [];
        const cases: [from: Person, to: Address, body: Cell, moved?: bigint][] = [
            [owner, account, ChannelAccount.setAutoPayoutMessage({ threshold: value })],
            [owner, account, ChannelAccount.rebindMessage({ newOwner: stranger.address })],
            [owner, account, ChannelAccount.reinvestMessage({ campaign: campaign.address, amount: value }), value],
            [advertiser, campaign.address, Campaign.stopMessage()],
            [admin, network, AdNetwork.proposeAdminMessage({ admin: stranger.address })],
            [operator, network, AdNetwork.chargeMessage({ charges: [{ campaign: campaign.address, cumulative: 1n }] })],
            [admin, network, AdNetwork.renounceAdminMessage()],
        ];
        const back = world.checkpoint();
        for (const [from, to, body, moved = 0n] of cases) {
            for (const bounce of [true, false]) {
                await back();
                const tx = transactionOn(await world.send(from, to, value, body, { bounce }), to);
                const messages = sent(tx);
                expect(messages.at(-1)).toMatchObject({ to: from.address, op: AdsOp.excesses });
                const out = messages.reduce((sum, message) => sum + message.value, 0n);
                const fees = BigInt(messages.length) * forwardFee(world.prices, 0, 0);
                rests.push(AdsGas.ANSWER_REST_GAS - (gasOf(value + moved - out - fees) - gasUsed(tx)));
            }
        }
        expectTight('ANSWER_REST_GAS', AdsGas.ANSWER_REST_GAS, Math.max(...rests));
    });
});

/** The sizes that are priced: at least the greatest, and at most a tenth above it. */
describe('the sizes', () => {
    let world: AdsWorld;
    beforeAll(async () => {
        world = await AdsWorld.create();
        await world.registered();
        await world.revenue(toNano('10'));
    });

    /** Cells and bits of code, data and the cell that holds both. */
    async function stored(address: Address) {
        const state = (await world.chain.getContract(address)).accountState;
        if (state?.type !== 'active') {
            throw new Error('not deployed');
        }
        const { code, data } = state.state;
        const { cells, bits } = cellSize(beginCell().storeRef(code!).storeRef(data!).endCell());
        // The network keeps address, balance and storage statistics in the root
        return { cells, bits: bits + 450 };
    }

    it('ACCOUNT_CELLS and ACCOUNT_BITS, with a pending owner and a threshold', async () => {
        const account = world.account().address;
        for (const body of [
            ChannelAccount.setAutoPayoutMessage({ threshold: toNano('5') }),
            ChannelAccount.rebindMessage({ newOwner: world.people.stranger.address }),
        ]) {
            await world.send(world.people.owner, account, toNano('0.1'), body);
        }
        const { cells, bits } = await stored(account);
        expectTight('ACCOUNT_CELLS', AdsGas.ACCOUNT_CELLS, cells);
        expectTight('ACCOUNT_BITS', AdsGas.ACCOUNT_BITS, bits);
    });

    it('CAMPAIGN_CELLS and CAMPAIGN_BITS', async () => {
        const { cells, bits } = await stored((await world.funded()).address);
        expectTight('CAMPAIGN_CELLS', AdsGas.CAMPAIGN_CELLS, cells);
        expectTight('CAMPAIGN_BITS', AdsGas.CAMPAIGN_BITS, bits);
    });

    it('NETWORK_CELLS and NETWORK_BITS, with everything announced', async () => {
        const { admin, stranger } = world.people;
        for (const body of [
            AdNetwork.announceOperatorMessage({ operator: stranger.address }),
            AdNetwork.announceTreasuryMessage({ treasury: stranger.address }),
            AdNetwork.announceVoucherKeyMessage({ voucherKey: Buffer.alloc(32, 1) }),
            AdNetwork.proposeAdminMessage({ admin: stranger.address }),
        ]) {
            await world.send(admin, world.network.address, toNano('0.1'), body);
        }
        const { cells, bits } = await stored(world.network.address);
        expectTight('NETWORK_CELLS', AdsGas.NETWORK_CELLS, cells);
        expectTight('NETWORK_BITS', AdsGas.NETWORK_BITS, bits);
    });

    /** Below the root of the message, where a body that does not fit the root takes a cell of its own. */
    function below(message: Message): { cells: number; bits: number } {
        const roots = [message.body, message.init?.code, message.init?.data].filter(
            (it) => it !== null && it !== undefined,
        );
        const holder = roots.reduce((builder, root) => builder.storeRef(root), beginCell()).endCell();
        const { cells, bits } = cellSize(holder);
        return { cells: cells - 1, bits };
    }

    it('DRAW, BIND and KEY: the messages with more than a root', async () => {
        const claimed = await world.claim(toNano('1'));
        const draw = below(transactionOn(claimed, world.account().address).outMessages.values()[0]!);
        expectTight('DRAW_CELLS', AdsGas.DRAW_CELLS, draw.cells);
        expectTight('DRAW_BITS', AdsGas.DRAW_BITS, draw.bits);
        const registered = await world.register(world.people.owner, 9n);
        const bind = below(transactionOn(registered, world.network.address).outMessages.values()[0]!);
        expectTight('BIND_CELLS', AdsGas.BIND_CELLS, bind.cells);
        expectTight('BIND_BITS', AdsGas.BIND_BITS, bind.bits);
        const body = ChannelAccount.syncKeyMessage();
        const asked = await world.send(world.people.stranger, world.account().address, toNano('0.1'), body);
        const answer = below(transactionOn(asked, world.network.address).outMessages.values()[0]!);
        expectTight('KEY_CELLS', AdsGas.KEY_CELLS, answer.cells);
        expectTight('KEY_BITS', AdsGas.KEY_BITS, answer.bits);
    });
});
