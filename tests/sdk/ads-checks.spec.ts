import type { Cell } from '@ton/core';
import { Address, toNano } from '@ton/core';
import type { SandboxContract } from '@ton/sandbox';

import type { Account, CampaignState, ChannelAccountState, OwnerCertificate, Problem, Voucher } from '../../wrappers';
import {
    AdNetwork,
    autoPayoutProblems,
    Campaign,
    ChannelAccount,
    claimProblems,
    fundProblems,
    MAINNET_PRICES,
    minAutoPayout,
    NO_ACCOUNT,
    paymentProblems,
    quoteAnswer,
    quoteClaim,
    quoteFund,
    quoteOwnerAnswer,
    quotePaymentValue,
    quoteRefund,
    quoteRegister,
    quoteReinvest,
    quoteWithdraw,
    readAccount,
    rebindProblems,
    refundProblems,
    registerProblems,
    reinvestProblems,
    stopProblems,
    withdrawProblems,
} from '../../wrappers';
import { AdsWorld, PAYEE, VOUCHER_KEY } from '../helpers/ads-world';
import { GLOBAL_ID, type Person } from '../helpers/base-world';
import { codes, expectAgreement } from './agreement';

const prices = MAINNET_PRICES;
const OWNERLESS = 78n;
const EMPTY = 79n;
const UNDEPLOYED = 80n;

let world: AdsWorld;
let back: () => Promise<void>;
let wallets: Record<'owner' | 'stranger' | 'advertiser', Account>;

beforeAll(async () => {
    world = await AdsWorld.create();
    await world.registered();
    await world.pay(toNano('100'));
    await world.pay(toNano('100'), OWNERLESS);
    await world.registered(world.people.owner, EMPTY);
    await world.revenue(toNano('1000'));
    const read = (person: Person) => readAccount(world.chain, person.address);
    const { owner, stranger, advertiser } = world.people;
    wallets = { owner: await read(owner), stranger: await read(stranger), advertiser: await read(advertiser) };
    back = world.checkpoint();
});
afterEach(() => back());

type Arguments = { state: ChannelAccountState | null; balance: bigint };

async function accountOf(payeeId: bigint): Promise<Arguments & { account: SandboxContract<ChannelAccount> }> {
    const account = world.account(payeeId);
    const balance = await world.balance(account.address);
    const state = payeeId === UNDEPLOYED ? null : await account.getState();
    return { account, state, balance };
}

/** Holds a check of a message to an account to the chain. */
async function onAccount(
    payeeId: bigint,
    sender: keyof typeof wallets,
    value: bigint,
    body: Cell,
    check: (args: Arguments & { wallet: Account; value: bigint; prices: typeof prices }) => Problem[],
): Promise<string | null> {
    const { account, ...args } = await accountOf(payeeId);
    const problems = check({ ...args, wallet: wallets[sender], value, prices });
    const { address, init } = account;
    return expectAgreement(world, address, problems, () =>
        world.send(world.people[sender], address, value, body, { init }),
    );
}

describe('a message to a channel account is checked as the contract checks it', () => {
    it('payment', async () => {
        const pay = (payeeId: bigint, value: bigint, comment?: string) => {
            const body = ChannelAccount.transferMessage({ comment });
            return onAccount(payeeId, 'stranger', value, body, (args) =>
                paymentProblems({ ...args, shareBps: 5000, withComment: comment !== undefined }),
            );
        };
        const least = async (payeeId: bigint) => {
            const { state, balance } = await accountOf(payeeId);
            return quotePaymentValue({ ...(state ?? NO_ACCOUNT), balance }, 1n, prices);
        };
        for (const payeeId of [PAYEE, OWNERLESS]) {
            expect(await pay(payeeId, await least(payeeId))).toBeNull();
            expect(await pay(payeeId, (await least(payeeId)) - 1n)).toBe('not_enough_funds');
        }
        expect(await pay(UNDEPLOYED, await least(UNDEPLOYED))).toBeNull();
        expect(await pay(UNDEPLOYED, (await least(UNDEPLOYED)) / 2n)).toBe('not_enough_funds');
        expect(await pay(PAYEE, toNano('1'), 'for the channel')).toBeNull();

        const warnings = async (payeeId: bigint) => {
            const { state, balance } = await accountOf(payeeId);
            const payment = { state, balance, wallet: wallets.stranger, value: toNano('1'), prices, shareBps: 5000 };
            return codes(paymentProblems(payment), 'warning');
        };
        expect(await warnings(PAYEE)).toEqual([]);
        expect(await warnings(OWNERLESS)).toEqual(['no_owner']);
        expect(await warnings(UNDEPLOYED)).toEqual(['no_owner']);
    });

    it('withdrawal', async () => {
        const withdraw = (payeeId: bigint, value = quoteWithdraw(prices)) =>
            onAccount(payeeId, 'stranger', value, ChannelAccount.withdrawMessage(), withdrawProblems);
        expect(await withdraw(PAYEE)).toBeNull();
        expect(await withdraw(PAYEE, quoteWithdraw(prices) - 1n)).toBe('not_enough_funds');
        expect(await withdraw(OWNERLESS)).toBe('no_owner');
        expect(await withdraw(EMPTY)).toBe('nothing_due');
        expect(await withdraw(UNDEPLOYED)).toBe('no_owner');
    });

    it('what goes to somebody who would not get it', async () => {
        const { account, state, balance } = await accountOf(PAYEE);
        const sending = { state, balance, wallet: wallets.owner, value: toNano('1'), prices };
        const voucher = await world.voucher(toNano('1'));
        const target = { globalId: GLOBAL_ID, network: world.network.address, account: account.address };
        for (const [change, code] of [
            [{}, []],
            [{ status: 'frozen' as const }, ['frozen_address']],
            [{ custodian: 'Some Exchange' }, ['custodian_address']],
        ] as const) {
            const owner = { ...wallets.stranger, ...change };
            expect(codes(withdrawProblems({ ...sending, owner }))).toEqual(code);
            expect(codes(claimProblems({ ...sending, voucher, target, owner }))).toEqual(code);
            expect(codes(rebindProblems({ ...sending, newOwner: owner, account: account.address }))).toEqual(code);
        }
    });

    it('claim', async () => {
        const claim = async (payeeId: bigint, voucher: Voucher) => {
            const { account, state, balance } = await accountOf(payeeId);
            const target = { globalId: GLOBAL_ID, network: world.network.address, account: account.address };
            const value = quoteClaim({ ...(state ?? NO_ACCOUNT), balance }, prices);
            return onAccount(payeeId, 'stranger', value, ChannelAccount.claimMessage({ voucher }), (args) =>
                claimProblems({ ...args, voucher, target, owner: wallets.owner }),
            );
        };
        const voucher = await world.voucher(toNano('10'));
        expect(await claim(PAYEE, voucher)).toBeNull();
        expect(await claim(PAYEE, { ...voucher, cumulative: toNano('11') })).toBe('invalid_signature');
        expect(await claim(EMPTY, voucher)).toBe('invalid_signature');
        expect(await claim(OWNERLESS, await world.voucher(1n, OWNERLESS))).toBe('no_owner');
        expect(await claim(UNDEPLOYED, await world.voucher(1n, UNDEPLOYED))).toBe('no_owner');
        await world.claim(toNano('10'));
        expect(await claim(PAYEE, voucher)).toBe('nothing_due');
        expect(await claim(PAYEE, await world.voucher(toNano('10') + 1n))).toBeNull();
    });

    it('threshold', async () => {
        const { state, balance } = await accountOf(PAYEE);
        const value = quoteOwnerAnswer({ ...state!, balance }, prices);
        const lowest = minAutoPayout(prices);
        const set = (payeeId: bigint, sender: keyof typeof wallets, threshold: bigint) =>
            onAccount(payeeId, sender, value, ChannelAccount.setAutoPayoutMessage({ threshold }), (args) =>
                autoPayoutProblems({ ...args, threshold }),
            );
        expect(await set(PAYEE, 'owner', lowest)).toBeNull();
        expect(await set(PAYEE, 'owner', 0n)).toBeNull();
        expect(await set(PAYEE, 'owner', lowest - 1n)).toBe('threshold_too_low');
        expect(await set(PAYEE, 'stranger', lowest)).toBe('not_owner');
        expect(await set(OWNERLESS, 'owner', lowest)).toBe('no_owner');
    });

    it('new owner', async () => {
        const { account, state, balance } = await accountOf(PAYEE);
        const value = quoteOwnerAnswer({ ...state!, balance }, prices);
        const rebind = (payeeId: bigint, sender: keyof typeof wallets, address: Address) =>
            onAccount(payeeId, sender, value, ChannelAccount.rebindMessage({ newOwner: address }), (args) =>
                rebindProblems({ ...args, newOwner: { ...wallets.stranger, address }, account: account.address }),
            );
        const { stranger } = wallets;
        expect(await rebind(PAYEE, 'owner', stranger.address)).toBeNull();
        expect(await rebind(PAYEE, 'owner', account.address)).toBe('invalid_owner');
        expect(await rebind(PAYEE, 'owner', new Address(0, Buffer.alloc(32)))).toBe('invalid_owner');
        expect(await rebind(PAYEE, 'owner', new Address(-1, stranger.address.hash))).toBe('wrong_workchain');
        expect(await rebind(PAYEE, 'stranger', stranger.address)).toBe('not_owner');
        expect(await rebind(OWNERLESS, 'owner', stranger.address)).toBe('no_owner');
    });

    it('reinvestment', async () => {
        const { address } = await world.funded();
        const campaign = await world.chain.openContract(Campaign.createFromAddress(address)).getState();
        const { state, balance } = await accountOf(PAYEE);
        const value = quoteReinvest({ ...state!, balance }, prices);
        const reinvest = (sender: keyof typeof wallets, amount: bigint, payeeId = PAYEE) =>
            onAccount(payeeId, sender, value, ChannelAccount.reinvestMessage({ campaign: address, amount }), (args) =>
                reinvestProblems({ ...args, amount, campaign }),
            );
        const { ownerDue } = state!;
        expect(await reinvest('owner', ownerDue)).toBeNull();
        expect(await reinvest('owner', ownerDue + 1n)).toBe('amount_above_due');
        expect(await reinvest('stranger', ownerDue)).toBe('not_owner');
        expect(await reinvest('owner', 1n, OWNERLESS)).toBe('no_owner');

        // The account takes these, and the campaign does not
        const args = { state, balance, wallet: wallets.owner, value, prices, amount: ownerDue };
        expect(codes(reinvestProblems({ ...args, campaign: null }))).toEqual(['no_contract']);
        const closing = { ...campaign, closingAt: world.now + 5 };
        expect(codes(reinvestProblems({ ...args, campaign: closing }))).toEqual(['campaign_closed']);
        expect(codes(reinvestProblems({ ...args, campaign, amount: 0n }))).toEqual(['invalid_amount']);
    });
});

describe('a registration is checked as the contracts check it', () => {
    async function register(payeeId: bigint, sender: keyof typeof wallets, certificate: OwnerCertificate) {
        const { account, state, balance } = await accountOf(payeeId);
        const target = { globalId: GLOBAL_ID, network: world.network.address, account: account.address };
        const value = quoteRegister(prices);
        const problems = registerProblems({
            state,
            balance,
            certificate,
            target,
            publicKey: VOUCHER_KEY.publicKey,
            wallet: wallets[sender],
            value,
            prices,
            now: world.now,
        });
        const body = AdNetwork.registerMessage({ certificate });
        return { problems, send: () => world.send(world.people[sender], world.network.address, value, body) };
    }

    it('by the network', async () => {
        const attempt = async (...args: Parameters<typeof register>) => {
            const { problems, send } = await register(...args);
            return expectAgreement(world, world.network.address, problems, send);
        };
        const { owner } = wallets;
        for (const payeeId of [OWNERLESS, UNDEPLOYED]) {
            const certificate = await world.certificate(owner.address, payeeId);
            expect(await attempt(payeeId, 'owner', certificate)).toBeNull();
            expect(await attempt(payeeId, 'stranger', certificate)).toBe('invalid_signature');
        }
        const ofAnother = { ...(await world.certificate(owner.address, UNDEPLOYED)), payeeId: OWNERLESS };
        expect(await attempt(OWNERLESS, 'owner', ofAnother)).toBe('invalid_signature');
        const until = (time: number) => world.certificate(owner.address, OWNERLESS, time);
        expect(await attempt(OWNERLESS, 'owner', await until(world.now + 1))).toBeNull();
        expect(await attempt(OWNERLESS, 'owner', await until(world.now))).toBe('expired_certificate');
    });

    it('for a wallet in workchain 0 only', async () => {
        const certificate = await world.certificate(wallets.owner.address, OWNERLESS);
        const { owner } = wallets;
        wallets.owner = { ...owner, address: new Address(-1, owner.address.hash) };
        const { problems } = await register(OWNERLESS, 'owner', certificate);
        wallets.owner = owner;
        expect(codes(problems)).toContain('wrong_workchain');
    });

    it('by the account', async () => {
        const certificate = await world.certificate(wallets.stranger.address);
        const { problems, send } = await register(PAYEE, 'stranger', certificate);
        const { address } = world.account(PAYEE);
        expect(await expectAgreement(world, address, problems, send)).toBe('already_bound');
    });
});

describe('a message to a campaign is checked as the contract checks it', () => {
    const campaignOf = async () => {
        const { address } = await world.funded();
        return world.chain.openContract(Campaign.createFromAddress(address));
    };

    /** Holds a check to the chain at this time. */
    async function onCampaign(
        campaign: SandboxContract<Campaign>,
        sender: keyof typeof wallets,
        value: bigint,
        body: Cell,
        check: (args: {
            state: CampaignState;
            wallet: Account;
            value: bigint;
            prices: typeof MAINNET_PRICES;
            now: number;
        }) => Problem[],
    ) {
        const state = await campaign.getState();
        const problems = check({ state, wallet: wallets[sender], value, prices, now: world.now });
        return expectAgreement(world, campaign.address, problems, () =>
            world.send(world.people[sender], campaign.address, value, body),
        );
    }

    it('fund, of one that exists and of a new one', async () => {
        const amount = toNano('3');
        const campaign = await campaignOf();
        const fund = (value: bigint) =>
            onCampaign(campaign, 'stranger', value, Campaign.fundMessage({ amount }), (args) =>
                fundProblems({ ...args, amount }),
            );
        expect(await fund(quoteFund(amount, prices))).toBeNull();
        expect(await fund(quoteFund(amount, prices) - 1n)).toBe('not_enough_funds');
        await world.send(world.people.advertiser, campaign.address, toNano('1'), Campaign.stopMessage());
        expect(await fund(quoteFund(amount, prices))).toBe('campaign_closed');

        const { address, init } = world.campaign({ campaignId: 2n });
        const create = async (value: bigint) => {
            const problems = fundProblems({ state: null, wallet: wallets.stranger, value, prices, amount });
            const body = Campaign.fundMessage({ amount });
            const send = () => world.send(world.people.stranger, address, value, body, { init });
            return { thrown: await expectAgreement(world, address, problems, send), problems };
        };
        const whole = await create(quoteFund(amount, prices, true));
        expect([whole.thrown, codes(whole.problems, 'warning')]).toEqual([null, []]);
        const short = await create(quoteFund(amount, prices, true) - 1n);
        expect([short.thrown, codes(short.problems, 'warning')]).toEqual([null, ['below_quote']]);
        expect((await create(quoteFund(amount, prices) - 1n)).thrown).toBe('not_enough_funds');
    });

    it('refuses an amount that is none', () => {
        const funding = { state: null, wallet: wallets.stranger, value: toNano('1'), prices };
        expect(codes(fundProblems({ ...funding, amount: 0n }))).toEqual(['invalid_amount']);
    });

    it('stop', async () => {
        const campaign = await campaignOf();
        const stop = (sender: keyof typeof wallets) =>
            onCampaign(campaign, sender, quoteAnswer(prices), Campaign.stopMessage(), stopProblems);
        expect(await stop('advertiser')).toBeNull();
        expect(await stop('stranger')).toBe('not_advertiser');
        await world.send(world.people.advertiser, campaign.address, toNano('1'), Campaign.stopMessage());
        expect(await stop('advertiser')).toBe('already_stopped');
    });

    it('refund', async () => {
        const campaign = await campaignOf();
        const refund = (sender: keyof typeof wallets, value = quoteRefund(prices)) =>
            onCampaign(campaign, sender, value, Campaign.refundMessage(), refundProblems);
        expect(await refund('advertiser')).toBe('not_closed');
        await world.send(world.people.advertiser, campaign.address, toNano('1'), Campaign.stopMessage());
        const { closingAt } = await campaign.getState();
        world.now = closingAt - 1;
        expect(await refund('advertiser')).toBe('not_closed');
        world.now = closingAt;
        expect(await refund('advertiser')).toBeNull();
        expect(await refund('stranger')).toBe('not_advertiser');
        expect(await refund('advertiser', quoteRefund(prices) - 1n)).toBe('not_enough_funds');
        await world.send(world.people.advertiser, campaign.address, quoteRefund(prices), Campaign.refundMessage());
        expect(await refund('advertiser')).toBe('nothing_due');
    });
});

it('warns of a value below the quote', async () => {
    const { account, state, balance } = await accountOf(PAYEE);
    const campaignState: CampaignState = {
        ...(await (await world.funded()).getState()),
        advertiser: wallets.owner.address,
    };
    const funds = { ...state!, balance };
    const args = { state, balance, wallet: wallets.owner, prices, now: world.now };
    const target = { globalId: GLOBAL_ID, network: world.network.address, account: account.address };
    const certificate = await world.certificate(wallets.owner.address);
    const voucher = await world.voucher(toNano('1'));
    const publicKey = VOUCHER_KEY.publicKey;
    const at = (less: bigint) =>
        [
            registerProblems({ ...args, certificate, target, publicKey, value: quoteRegister(prices) - less }),
            claimProblems({ ...args, voucher, target, value: quoteClaim(funds, prices) - less }),
            autoPayoutProblems({ ...args, threshold: 0n, value: quoteOwnerAnswer(funds, prices) - less }),
            rebindProblems({
                ...args,
                newOwner: wallets.stranger,
                account: account.address,
                value: quoteOwnerAnswer(funds, prices) - less,
            }),
            reinvestProblems({
                ...args,
                amount: 1n,
                campaign: campaignState,
                value: quoteReinvest(funds, prices) - less,
            }),
            stopProblems({ ...args, state: campaignState, value: quoteAnswer(prices) - less }),
        ].map((problems) => codes(problems, 'warning').includes('below_quote'));
    expect(at(0n)).toEqual(Array(6).fill(false));
    expect(at(1n)).toEqual(Array(6).fill(true));
});
