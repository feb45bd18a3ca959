import type { Address, Cell, OpenedContract } from '@ton/core';

import { compileContract } from '../compilables/compile';
import type {
    AccountFunds,
    AdNetworkPowers,
    AdNetworkState,
    CampaignState,
    ChannelAccountState,
    Role,
} from '../wrappers/ads';
import { AdNetwork, Campaign, ChannelAccount, NO_ACCOUNT } from '../wrappers/ads';
import { chainTime } from './chain';
import type { Session } from './session';
import { script } from './session';
import { codeOf, locate, table } from './usernames';
import { coins, date, parseAddress, parseCoins, Refusal } from './words';

/** What the deployments call the ad network. */
export const NETWORK = 'AdNetwork';
const DAY = 86_400n;
const PAYEE_LIMIT = 1n << 64n;

/** An ad network and what it told. */
export type OpenNetwork = {
    address: Address;
    contract: OpenedContract<AdNetwork>;
    state: AdNetworkState;
    powers: AdNetworkPowers;
    accountCode: Cell;
};

/** A channel's account and what it told; `state` null: no message has reached it yet. */
export type OpenChannel = {
    address: Address;
    /** Deploys the account with its first message. */
    contract: OpenedContract<ChannelAccount>;
    payeeId: bigint;
    /** The word that names it in another command. */
    word: string;
    state: ChannelAccountState | null;
    funds: AccountFunds & Pick<ChannelAccountState, 'autoPayout'>;
};

/** A campaign and what it told. */
export type OpenCampaign = {
    address: Address;
    contract: OpenedContract<Campaign>;
    /** The word that names it in another command. */
    word: string;
    state: CampaignState;
};

/** A script of scripts/ads: the same as `script`, with the word network= for the ad network. */
export const adsScript: typeof script = (words, main) => script({ ...words, contract: 'network' }, main);

/** The ad network of the word network=, or of the deployments. */
export async function openNetwork(session: Session): Promise<OpenNetwork> {
    const { address, where } = await locate(session, { word: 'network', name: NETWORK, deploy: 'ads/deployNetwork' });
    const contract = session.provider.open(AdNetwork.createFromAddress(address));
    try {
        const [state, powers, accountCode] = [
            await contract.getState(),
            await contract.getPowers(),
            await contract.getAccountCode(),
        ];
        return { address, contract, state, powers, accountCode };
    } catch {
        throw new Refusal(`The contract at ${where} is no ad network: correct the address.`);
    }
}

/** The account of a payee who is known, or of the word payee=. */
export async function openChannel(session: Session, network: OpenNetwork, known?: bigint): Promise<OpenChannel> {
    const payeeId = known ?? (await session.required('payee', "the payee's number, for example payee=77", parseId));
    const { address: ofNetwork, state, accountCode } = network;
    const account = ChannelAccount.createFromConfig(
        { network: ofNetwork, payeeId, shareBps: state.shareBps },
        accountCode,
    );
    const contract = session.provider.open(account);
    const { state: chain, balance } = await session.provider.getContractState(account.address);
    const ofAccount = chain.type === 'active' ? await contract.getState() : null;
    const funds = { ...(ofAccount ?? NO_ACCOUNT), balance };
    return { address: account.address, contract, payeeId, word: `payee=${payeeId}`, state: ofAccount, funds };
}

/** Only an account with an owner: before, nobody could be paid. */
export function requireOwner({ state, word }: OpenChannel): ChannelAccountState & { owner: Address } {
    if (!state?.owner) {
        throw new Refusal(`The channel ${word} has no owner yet: he runs ads/registerChannel ${word} first.`);
    }
    return { ...state, owner: state.owner };
}

/** The campaign of the word campaign=. */
export async function openCampaign(session: Session, network: OpenNetwork): Promise<OpenCampaign> {
    const address = await session.required(
        'campaign',
        'the address of the campaign, for example campaign=EQ...',
        parseAddress,
    );
    return readCampaign(session, network, address);
}

/** A campaign of this network. Whatever else is at the address is refused: its code must be the one of contracts/ads. */
export async function readCampaign(session: Session, network: OpenNetwork, address: Address): Promise<OpenCampaign> {
    const word = `campaign=${session.text(address)}`;
    const { state: chain } = await session.provider.getContractState(address);
    if (chain.type !== 'active') {
        throw new Refusal(
            `There is no contract at ${word}: correct the address, or create it with ads/createCampaign.`,
        );
    }
    if (!codeOf(chain.code)?.equals(await compileContract('Campaign'))) {
        throw new Refusal(`The contract at ${word} is no campaign: correct the address.`);
    }
    const contract = session.provider.open(Campaign.createFromAddress(address));
    const state = await contract.getState();
    if (!state.network.equals(network.address)) {
        throw new Refusal(`${word} is a campaign of the network ${session.text(state.network)} and not of this one.`);
    }
    return { address, contract, word, state };
}

/** A number of 64 bits. */
export function parseId(text: string, key: string): bigint {
    if (!/^(0|[1-9]\d{0,19})$/.test(text) || BigInt(text) >= PAYEE_LIMIT) {
        throw new Refusal(`${key}=${text} is no whole number below 2^64: write for example ${key}=77.`);
    }
    return BigInt(text);
}

/** A rate of coins a day, in nanotons a second, rounded down. */
export function parsePerDay(text: string, key: string): bigint {
    const amount = parseCoins(text, key);
    if (amount > 0n && amount < DAY) {
        throw new Refusal(
            `${key}=${text} is less than a nanoton a second: write at least ${key}=0.0000864, or 0 for never.`,
        );
    }
    return amount / DAY;
}

const perDay = (rate: bigint): string => `${coins(rate * DAY)} a day`;

/** A bucket, in one sentence. */
export const bucketText = ({ burst, rate }: { burst: bigint; rate: bigint }): string =>
    `${coins(burst)} at once, ${perDay(rate)} in the long run`;

/** Basis points as a percentage. */
export const shareText = (shareBps: number): string => `${shareBps / 100} %`;

/** A power: who has it, and who takes it over. */
function roleText<T>({ holder, next, since }: Role<T>, text: (it: T) => string): string {
    return next === null ? text(holder) : `${text(holder)}; from ${date(since)} on ${text(next)}`;
}

/** What an ad network is now, line by line. */
export async function describeNetwork(session: Session, network: OpenNetwork): Promise<string[]> {
    const { address, state, powers } = network;
    const person = (it: Address): string => session.person(it);
    const lines: [string, string][] = [
        ['network', session.text(address)],
        ['owners get', shareText(state.shareBps)],
        ['owners are due', coins(state.ownersDue)],
        ['can be drawn now', coins(state.drawable)],
        ['bucket of draws', bucketText(state)],
        ['platform is due', coins(state.platformDue)],
        ['a sweep would pay', coins(state.surplus)],
        ['operator', roleText(powers.operator, person)],
        ['treasury', roleText(powers.treasury, person)],
        ['voucher key', roleText(powers.voucherKey, (key) => key.toString('hex'))],
        ['admin', powers.admin ? person(powers.admin) : 'nobody: renounced'],
        ['holds', `${coins(await session.balanceOf(address))}, its reserve is ${coins(state.reserve)}`],
    ];
    if (powers.pendingAdmin) {
        lines.push(['next admin', `${person(powers.pendingAdmin)}, who has not accepted yet`]);
    }
    return ['An ad network', ...table(lines)];
}

/** What a channel's account is now, line by line. */
export function describeChannel(session: Session, { address, payeeId, state, funds }: OpenChannel): string[] {
    const lines: [string, string][] = [['account', session.text(address)]];
    if (!state) {
        lines.push(['status', 'no message has opened it yet'], ['holds', coins(funds.balance)]);
        return [`Channel ${payeeId}`, ...table(lines)];
    }
    lines.push(
        ['owner', state.owner ? session.person(state.owner) : 'nobody yet'],
        ['owner is due', coins(state.ownerDue)],
        ['received by vouchers', coins(state.received)],
        ['platform is due', coins(state.platformDue)],
        ['automatic payout', state.autoPayout > 0n ? `from ${coins(state.autoPayout)} on` : 'off'],
        ['holds', `${coins(funds.balance)}, its reserve is ${coins(state.reserve)}`],
    );
    if (state.pendingOwner) {
        lines.push(['next owner', `${session.person(state.pendingOwner)}, who has not accepted yet`]);
    }
    return [`Channel ${payeeId}`, ...table(lines)];
}

/** What a campaign is now, line by line. */
export async function describeCampaign(session: Session, { address, state }: OpenCampaign): Promise<string[]> {
    const { advertiser, campaignId, spent, budget, chargeable, closingAt } = state;
    const now = await chainTime(session.provider);
    const lines: [string, string][] = [
        ['campaign', session.text(address)],
        ['status', statusText(closingAt, now)],
        ['advertiser', session.person(advertiser)],
        ['spent', coins(spent)],
        ['budget', coins(budget)],
        ['can be charged now', coins(chargeable)],
        ['its rest', spendableText(state, now)],
        ['bucket', bucketText(state)],
    ];
    return [`Campaign ${campaignId}`, ...table(lines)];
}

function statusText(closingAt: number, now: number): string {
    if (closingAt === 0) {
        return 'running';
    }
    return closingAt > now ? `stopped: closes ${date(closingAt)}` : `closed since ${date(closingAt)}`;
}

/** When all of the budget can have been spent at the earliest. */
function spendableText(state: CampaignState, now: number): string {
    const { budget, chargeable, level, burst, rate, closingAt } = state;
    if (budget === 0n) {
        return 'nothing';
    }
    if (closingAt > 0) {
        const rest = coins(budget - chargeable);
        return `${rest} cannot be charged any more, whatever is charged until it closes`;
    }
    if (budget <= burst - level) {
        return `can be spent now, all of it`;
    }
    if (rate === 0n) {
        return `${coins(budget - chargeable)} can never be charged: the bucket does not empty`;
    }
    return `can be spent, all of it, from ${date(now + Number((level + budget - burst + rate - 1n) / rate))} on`;
}
