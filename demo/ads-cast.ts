import { toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import type { SandboxContract } from '@ton/sandbox';

import { compileContract } from '../compilables/compile';
import type { AdsTarget, ChannelAccountState, RevenueSplit, Voucher } from '../wrappers';
import {
    AdNetwork,
    Campaign,
    ChannelAccount,
    pricesFromConfig,
    quoteClaim,
    quotePaymentValue,
    splitRevenue,
} from '../wrappers';
import type { Auction } from './auction';
import type { Person, Stage } from './stage';
import { coins, expectAtLeast, expectEqual, GLOBAL_ID } from './stage';

const DAY_SECONDS = 86_400;

/** Half, in basis points. */
export const SHARE_BPS = 5000;
export const VOUCHER_KEY = keyPairFromSeed(Buffer.alloc(32, 2));

/** Someone's channel and its account. */
export type Channel = { name: string; payeeId: bigint; account: SandboxContract<ChannelAccount> };

/** One payment and its two halves, as the contracts booked them. Amounts in nanotons. */
export type Payment = { what: string; paid: bigint; owner: bigint; platform: bigint };

export type AdsCast = Awaited<ReturnType<typeof enterAds>>;

/** The contracts of the ads and two more people. */
export async function enterAds(stage: Stage, people: Auction['people']) {
    const accountCode = await compileContract('ChannelAccount');
    const campaignCode = await compileContract('Campaign');
    const networkCode = await compileContract('AdNetwork');
    const erin = stage.person('Erin', 'v5r1');
    const treasury = stage.person('Treasury', 'v4r2');
    const config = {
        burst: toNano('100'),
        rate: toNano('100') / BigInt(DAY_SECONDS),
        shareBps: SHARE_BPS,
        voucherKey: VOUCHER_KEY.publicKey,
        operator: people.house.address,
        treasury: treasury.address,
        admin: people.house.address,
        accountCode,
    };
    const network = stage.enter('network', AdNetwork.createFromConfig(config, networkCode));
    const campaign = (label: string, advertiser: Person) => {
        const bucket = { burst: toNano('50'), rate: toNano('50') / BigInt(30 * DAY_SECONDS) };
        const terms = { ...bucket, network: network.address, advertiser: advertiser.address, campaignId: 1n };
        return stage.enter(label, Campaign.createFromConfig(terms, campaignCode));
    };
    const channel = (name: string, payeeId: bigint): Channel => {
        const terms = { network: network.address, payeeId, shareBps: SHARE_BPS };
        return { name, payeeId, account: stage.enter(`#${name}`, ChannelAccount.createFromConfig(terms, accountCode)) };
    };
    return {
        stage,
        prices: pricesFromConfig(stage.chain.config, stage.now),
        ...people,
        erin,
        treasury,
        network,
        campaign: campaign('campaign', people.alice),
        promotion: campaign('promotion', people.carol),
        aurora: channel('aurora', 1001n),
        harbor: channel('harbor', 1002n),
        payments: [] as Payment[],
        paidOut: { withdrawn: 0n, reinvested: 0n },
    };
}

/** A direct payment, of which exactly `amount` is booked if the account owes no rent since its last message. */
export async function pay(cast: AdsCast, from: Person, channel: Channel, amount: bigint): Promise<RevenueSplit> {
    const { account, name } = channel;
    const before = await fundsOf(cast, channel);
    await account.sendPayment(from.via, { value: quotePaymentValue(before, amount, cast.prices) });
    const after = await account.getState();
    const split = { owner: after.ownerDue - before.ownerDue, platform: after.platformDue - before.platformDue };
    book(cast, `${from.name} to #${name}`, amount, split);
    return split;
}

/** Records a payment and checks how the contracts divided it. */
export function book({ payments }: AdsCast, what: string, paid: bigint, { owner, platform }: RevenueSplit): void {
    const expected = splitRevenue(paid, SHARE_BPS);
    expectEqual(`The owner's half of ${what}`, coins(owner), coins(expected.owner));
    expectEqual(`The platform's half of ${what}`, coins(platform), coins(expected.platform));
    payments.push({ what, paid, owner, platform });
}

/** Sends a voucher to its account, and gives what it brought the owner beside the rest of the claim's value. */
export async function claim(
    cast: AdsCast,
    from: Person,
    channel: Channel,
    voucher: Voucher,
    owner: Person,
): Promise<bigint> {
    const { account } = channel;
    const { received } = await account.getState();
    await account.sendClaim(from.via, { voucher, value: quoteClaim(await fundsOf(cast, channel), cast.prices) });
    const amount = (await account.getState()).received - received;
    expectEqual('What the voucher has brought', coins(received + amount), coins(voucher.cumulative));
    expectAtLeast(`What ${owner.name} got`, cast.stage.got(owner, 'voucher_payout'), amount);
    return amount;
}

export async function expectOwner({ stage }: AdsCast, { name, account }: Channel, owner: Person): Promise<void> {
    expectEqual(`The owner of #${name}`, stage.labelOf((await account.getState()).owner), owner.name);
}

export async function expectDeployed({ stage }: AdsCast, { name, address }: Person, expected: boolean): Promise<void> {
    expectEqual(`That the wallet of ${name} is deployed`, `${await stage.isDeployed(address)}`, `${expected}`);
}

export async function fundsOf(
    { stage }: AdsCast,
    { account }: Channel,
): Promise<ChannelAccountState & { balance: bigint }> {
    return { ...(await account.getState()), balance: await stage.balanceOf(account.address) };
}

/** Where a text that the voucher key signs holds. */
export function targetOf({ network }: AdsCast, { account }: Channel): AdsTarget {
    return { globalId: GLOBAL_ID, network: network.address, account: account.address };
}
