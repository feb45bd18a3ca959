import { type Address, beginCell, Cell, toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';

import {
    AdNetwork,
    AdsOp,
    Campaign,
    ChannelAccount,
    minAutoPayout,
    type NetworkPrices,
    quoteAccountSweep,
    quoteCharge,
    quoteReinvest,
} from '../../wrappers';
import { accountReserve, claimPrice, registerPrice, syncPrice } from '../../wrappers/ads/gas';
import { AdsWorld } from '../helpers/ads-world';
import { hold, holdNothing, type Held } from '../usernames/sweeps/account';
import { SIGNED, weighAds, weighAdsEnd } from './ads-laws';
import { keyOf, type Letter, type Scene } from './chain';

/** A payee in each state of an account: without one, without an owner, owned, with a threshold, handed over. */
const PAYEES = { new: 70n, unowned: 71n, owned: 72n, auto: 73n, rebinding: 74n };
const CAMPAIGNS = { new: 1n, open: 2n, stopped: 3n, closed: 4n, narrow: 5n };

/** What was drawn of it before. */
const DRAWN = toNano('1');
const CLOSING_SECONDS = 172_800;

/** A network with an account and a campaign in every state, and a message of every kind to each of them. */
export async function adsScene(prices: NetworkPrices): Promise<Scene> {
    const world = await AdsWorld.create(prices);
    const { owner, brand, advertiser, stranger, admin, operator } = world.people;
    const network = world.network.address;
    const value = toNano('2');
    const account = (name: keyof typeof PAYEES): Address => world.account(PAYEES[name]).address;
    const campaign = (name: keyof typeof CAMPAIGNS) =>
        world.campaign({ campaignId: CAMPAIGNS[name], ...(name === 'narrow' && { burst: toNano('2'), rate: 0n }) });

    await world.revenue(toNano('100'));
    for (const name of ['owned', 'auto', 'rebinding'] as const) {
        await world.register(owner, PAYEES[name]);
        await world.pay(toNano('3'), PAYEES[name]);
        await world.claim(DRAWN, value, PAYEES[name]);
    }
    await world.pay(toNano('3'), PAYEES.unowned);
    const threshold = ChannelAccount.setAutoPayoutMessage({ threshold: minAutoPayout(prices) + toNano('2') });
    await world.send(owner, account('auto'), value, threshold);
    const rebind = ChannelAccount.rebindMessage({ newOwner: brand.address });
    await world.send(owner, account('rebinding'), value, rebind);
    for (const name of ['open', 'stopped', 'closed', 'narrow'] as const) {
        const { address, init } = campaign(name);
        await world.send(advertiser, address, toNano('30'), undefined, { init });
        await world.charge({ campaign: address, cumulative: toNano('1') });
    }
    await world.send(advertiser, campaign('closed').address, value, Campaign.stopMessage());
    world.now += CLOSING_SECONDS;
    await world.send(advertiser, campaign('stopped').address, value, Campaign.stopMessage());
    const next = keyPairFromSeed(Buffer.alloc(32, 6)).publicKey;
    await world.send(admin, network, value, AdNetwork.announceVoucherKeyMessage({ voucherKey: next }));
    await world.send(admin, network, value, AdNetwork.proposeAdminMessage({ admin: brand.address }));

    const accounts = (Object.keys(PAYEES) as (keyof typeof PAYEES)[]).map(account);
    const campaigns = (Object.keys(CAMPAIGNS) as (keyof typeof CAMPAIGNS)[]).map((name) => campaign(name).address);
    const held = new Map<string, Held>();
    for (const address of [network, ...accounts, ...campaigns]) {
        const { account } = await world.chain.getContract(address);
        held.set(keyOf(address), account.account ? hold(account, world.now) : holdNothing(address, world.now));
    }

    const letters: Record<string, Letter> = {};
    const letter = (what: string, from: { address: Address }, to: Address, body: Cell, more: Partial<Letter> = {}) => {
        letters[what] = { from: from.address, to, value, body, bounce: true, ...more };
    };
    const unknown = beginCell().storeUint(0x12345678, 32).storeUint(1, 64).endCell();
    for (const [name, payee] of Object.entries(PAYEES) as [keyof typeof PAYEES, bigint][]) {
        const to = account(name);
        const at = `at an account (${name})`;
        const init = name === 'new' ? world.account(payee).init : undefined;
        const toAccount = (what: string, from: { address: Address }, body: Cell): void =>
            letter(`${what} ${at}`, from, to, body, { init });
        const voucher = async (cumulative: bigint) =>
            ChannelAccount.claimMessage({ voucher: await world.voucher(cumulative, payee) });
        toAccount('a payment', brand, Cell.EMPTY);
        toAccount('a payment with an op', brand, ChannelAccount.payMessage());
        toAccount('a comment', brand, ChannelAccount.transferMessage({ comment: 'hi' }));
        toAccount('a top-up', brand, ChannelAccount.topUpMessage());
        toAccount('a claim', stranger, await voucher(toNano('5')));
        toAccount('a bigger claim', stranger, await voucher(toNano('8')));
        toAccount('a claim of more than is owed', stranger, await voucher(SIGNED));
        toAccount('a claim of nothing', stranger, await voucher(DRAWN));
        toAccount('a withdrawal', stranger, ChannelAccount.withdrawMessage());
        toAccount('a sweep', stranger, ChannelAccount.sweepMessage());
        toAccount('a question for the key', stranger, ChannelAccount.syncKeyMessage());
        toAccount('a threshold', owner, ChannelAccount.setAutoPayoutMessage({ threshold: toNano('5') }));
        toAccount('no threshold', owner, ChannelAccount.setAutoPayoutMessage({ threshold: 0n }));
        toAccount('a rebind', owner, ChannelAccount.rebindMessage({ newOwner: stranger.address }));
        toAccount('an acceptance', brand, ChannelAccount.acceptRebindMessage());
        for (const into of ['open', 'stopped', 'new'] as const) {
            const reinvest = { campaign: campaign(into).address, amount: toNano('0.7') };
            toAccount(`a reinvestment into a campaign (${into})`, owner, ChannelAccount.reinvestMessage(reinvest));
        }
        toAccount('an unknown op', stranger, unknown);
        const certificate = await world.certificate(owner.address, payee, 0xffffffff);
        letter(`a registration of an account (${name})`, owner, network, AdNetwork.registerMessage({ certificate }));
    }
    for (const [name] of Object.entries(CAMPAIGNS) as [keyof typeof CAMPAIGNS, bigint][]) {
        const { address, init } = campaign(name);
        const toCampaign = (what: string, from: { address: Address }, body: Cell): void =>
            letter(`${what} at a campaign (${name})`, from, address, body, { init: name === 'new' ? init : undefined });
        toCampaign('a budget', advertiser, Cell.EMPTY);
        toCampaign('a fund', stranger, Campaign.fundMessage({ amount: toNano('1') }));
        toCampaign('a top-up', stranger, ChannelAccount.topUpMessage());
        toCampaign('a stop', advertiser, Campaign.stopMessage());
        toCampaign('a refund', advertiser, Campaign.refundMessage());
        toCampaign('an unknown op', stranger, unknown);
        const charges = [{ campaign: address, cumulative: toNano('4') }];
        letter(`a charge of a campaign (${name})`, operator, network, AdNetwork.chargeMessage({ charges }));
    }
    const all = campaigns.map((campaign) => ({ campaign, cumulative: toNano('6') }));
    const toNetwork = (what: string, from: { address: Address }, body: Cell): void =>
        letter(`${what} at the network`, from, network, body);
    toNetwork('a charge of all campaigns', operator, AdNetwork.chargeMessage({ charges: all }));
    toNetwork('a payment', brand, AdNetwork.payMessage());
    toNetwork('revenue', stranger, AdNetwork.revenueMessage({ amount: toNano('1') }));
    toNetwork('a platform share', stranger, AdNetwork.platformShareMessage({ amount: toNano('1') }));
    toNetwork('a top-up', stranger, AdNetwork.topUpMessage());
    toNetwork('a sweep', stranger, AdNetwork.sweepMessage());
    toNetwork('an operator', admin, AdNetwork.announceOperatorMessage({ operator: stranger.address }));
    toNetwork('a voucher key', admin, AdNetwork.announceVoucherKeyMessage({ voucherKey: next }));
    toNetwork('a treasury', admin, AdNetwork.announceTreasuryMessage({ treasury: stranger.address }));
    toNetwork('a proposed admin', admin, AdNetwork.proposeAdminMessage({ admin: stranger.address }));
    toNetwork('the new admin', brand, AdNetwork.acceptAdminMessage());
    toNetwork('a renunciation', admin, AdNetwork.renounceAdminMessage());
    toNetwork('a foreign draw', stranger, foreignDraw());
    toNetwork(
        'a question of nobody',
        stranger,
        beginCell().storeUint(AdsOp.get_voucher_key, 32).storeUint(5, 256).endCell(),
    );
    toNetwork('an unknown op', stranger, unknown);
    // With the least that the contracts ask for, or that the SDK attaches where only they know
    const reinvest = quoteReinvest(
        { isOpen: true, ownerDue: 0n, platformDue: 0n, balance: accountReserve(prices) },
        prices,
    );
    const register = registerPrice(prices) + accountReserve(prices);
    const leastValues: [what: string, value: bigint][] = [
        ['a claim at an account (owned)', claimPrice(prices)],
        ['a claim of more than is owed at an account (owned)', claimPrice(prices)],
        ['a question for the key at an account (owned)', syncPrice(prices)],
        ['a reinvestment into a campaign (open) at an account (owned)', reinvest],
        ['a reinvestment into a campaign (stopped) at an account (owned)', reinvest],
        ['a sweep at an account (owned)', quoteAccountSweep(prices)],
        ['a registration of an account (unowned)', register],
        ['a registration of an account (owned)', register],
        ['a charge of a campaign (open)', quoteCharge(1, prices)],
        ['a charge of a campaign (closed)', quoteCharge(1, prices)],
    ];
    for (const [what, least] of leastValues) {
        const letter = letters[what];
        if (!letter) {
            throw new Error(`There is no ${what}`);
        }
        letters[`${what}, with the least value`] = { ...letter, value: least, isLeast: true };
    }
    const state = { accounts: held, flights: [], now: world.now, prices };
    return { state, letters, weigh: weighAds, weighEnd: weighAdsEnd };
}

function foreignDraw(): Cell {
    const cold = beginCell().storeUint(PAYEES.owned, 64).storeUint(0, 256).endCell();
    return beginCell()
        .storeUint(AdsOp.draw, 32)
        .storeUint(toNano('1'), 64)
        .storeUint(1, 256)
        .storeUint(2, 256)
        .storeRef(cold)
        .endCell();
}
