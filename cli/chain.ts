import type { NetworkProvider } from '@ton/blueprint';
import type { Message, Transaction } from '@ton/core';
import { Address, Cell, Dictionary } from '@ton/core';
import { TonClient, TonClient4 } from '@ton/ton';

import type { AdsError } from '../wrappers/ads';
import { adsErrorName } from '../wrappers/ads';
import type { NetworkPrices } from '../wrappers/common/prices';
import { MAINNET_PRICES, pricesFromConfig } from '../wrappers/common/prices';
import type { UsernameError } from '../wrappers/usernames';
import { usernameErrorName } from '../wrappers/usernames';
import { Refusal } from './words';

const CONFIG_ADDRESS = new Address(-1, Buffer.alloc(32, 0x55));
const ANY_ADDRESS = new Address(0, Buffer.alloc(32));
const GLOBAL_IDS: Record<string, number> = { mainnet: -239, testnet: -3 };
const PAGE = 16;

/** What the scripts take from the network's config. */
export type NetworkConfig = {
    prices: NetworkPrices;
    /** Signed orders hold for one network only. Null if it is not known. */
    globalId: number | null;
    /** Where these are from, for people to read. */
    source: string;
};

/**
 * The prices of the network's live config; mainnet's of November 2026 where the network's API does not give it. Stops
 * where the config is another network's.
 */
export async function readConfig(provider: NetworkProvider): Promise<NetworkConfig> {
    const network = provider.network();
    const config = await readLiveConfig(provider);
    const expected = GLOBAL_IDS[network];
    if (config && expected !== undefined && config.globalId !== expected) {
        throw new Refusal(
            `The API serves the network ${config.globalId}, and ${network} is ${expected}: correct the network's flags.`,
        );
    }
    return (
        config ?? {
            prices: MAINNET_PRICES,
            globalId: expected ?? null,
            source: "at mainnet's prices of November 2026: this network's own could not be read",
        }
    );
}

async function readLiveConfig(provider: NetworkProvider): Promise<NetworkConfig | null> {
    try {
        const { state } = await provider.getContractState(CONFIG_ADDRESS);
        if (state.type === 'active' && state.data) {
            const config = Cell.fromBoc(state.data)[0]?.beginParse().loadRef();
            const params = config && Dictionary.loadDirect(Dictionary.Keys.Int(32), Dictionary.Values.Cell(), config);
            if (config && params) {
                const prices = pricesFromConfig(config, await chainTime(provider));
                const globalId = params.get(19)?.beginParse().loadInt(32) ?? null;
                return { prices, globalId, source: "at the prices of the network's config" };
            }
        }
    } catch {
        // Not every API gives this account whole
    }
    return null;
}

/** The chain's clock in unix seconds. A local chain may run ahead of this computer's. */
export async function chainTime(provider: NetworkProvider): Promise<number> {
    const api = provider.api();
    if (api instanceof TonClient) {
        return (await api.getContractState(ANY_ADDRESS)).timestampt;
    }
    if (api instanceof TonClient4) {
        return (await api.getLastBlock()).now;
    }
    return Math.floor(Date.now() / 1000);
}

/** The logical time of an account's last transaction; 0n without one. */
export async function lastLt(provider: NetworkProvider, account: Address): Promise<bigint> {
    return (await provider.getContractState(account)).last?.lt ?? 0n;
}

/** An account's transactions after `since`, newest first. */
export async function transactionsSince(
    provider: NetworkProvider,
    account: Address,
    since: bigint,
): Promise<Transaction[]> {
    const found: Transaction[] = [];
    let { last } = await provider.getContractState(account);
    while (last && last.lt > since) {
        const page = await readPage(provider, account, last.lt, last.hash);
        found.push(...page.filter(({ lt }) => lt > since));
        const oldest = page.at(-1);
        last = oldest ? { lt: oldest.prevTransactionLt, hash: hashBytes(oldest.prevTransactionHash) } : null;
    }
    return found;
}

/** Transactions from this one on backwards. */
async function readPage(provider: NetworkProvider, account: Address, lt: bigint, hash: Buffer): Promise<Transaction[]> {
    const api = provider.api();
    if (api instanceof TonClient4) {
        // Its provider's getTransactions gives nothing for an account with one transaction
        return (await api.getAccountTransactions(account, lt, hash)).map(({ tx }) => tx);
    }
    return provider.provider(account).getTransactions(account, lt, hash, PAGE);
}

const hashBytes = (hash: bigint): Buffer => Buffer.from(hash.toString(16).padStart(64, '0'), 'hex');

/** Asks again and again until there is an answer. Errors on the way are the network's: they count only at the end. */
export async function until<T>(
    provider: NetworkProvider,
    seconds: number,
    ask: () => Promise<T | null>,
): Promise<{ answer: T | null; lastError: unknown }> {
    const pause = provider.network() === 'custom' ? 300 : 2000;
    const end = Date.now() + seconds * 1000;
    for (;;) {
        let lastError: unknown = null;
        try {
            const answer = await ask();
            if (answer !== null) {
                return { answer, lastError };
            }
        } catch (error) {
            lastError = error;
        }
        if (Date.now() >= end) {
            return { answer: null, lastError };
        }
        await new Promise((resolve) => setTimeout(resolve, pause));
    }
}

/** The internal messages that a transaction sent. */
export function sentMessages(transaction: Transaction): (Message & { info: { type: 'internal' } })[] {
    return transaction.outMessages
        .values()
        .filter((message): message is Message & { info: { type: 'internal' } } => message.info.type === 'internal');
}

/** The op of a message's body; null if it has none. */
export const opOf = ({ body }: Message): number | null =>
    body.bits.length < 32 ? null : body.beginParse().loadUint(32);

/** What to do about a refusal of a contract, by the name of its exit code. */
const HINTS: Partial<Record<keyof typeof UsernameError | keyof typeof AdsError, string>> = {
    bid_too_low: 'somebody bid in between: look at the lowest bid with show, and bid again',
    no_auction: 'the auction is over or was cancelled: look with show',
    auction_not_ended: 'a bid moved the end: settle after it',
    already_has_bids: 'somebody bid in between, and the auction goes on',
    auction_already_started: 'look at it with show',
    auction_too_soon: 'wait five minutes after a cancel',
    forbidden_not_bid: 'wait for the end of the auction',
    forbidden_transfer: 'the name has another owner now: look with show',
    forbidden_change_dns: 'the name has another owner now: look with show',
    forbidden_auction: 'the name has another owner now: look with show',
    not_enough_funds: 'more must be attached, or the name needs a topUp first',
    below_reserve: 'more must be attached: try again, the quote reads the balance anew',
    expired_signature: 'ask the signer for a new order',
    not_yet_valid_signature: 'wait until the order holds',
    invalid_signature: 'the order is for another network, collection or signer: ask for a new one',
    minting_paused: 'wait until the admin resumes minting',
    open_mint_closed: 'the terms changed in between: look with show',
    forbidden_bidder: 'the order is for another wallet: send it from that one',
    not_admin: 'the admin has changed: look with show',
    nothing_due: 'it was done in between: look with show',
    bucket_full: 'wait until the bucket has room: look with show',
    not_covered: 'wait until the network has booked what campaigns pay',
    no_owner: 'the owner registers the channel first',
    already_bound: 'the channel has an owner',
    campaign_closed: 'the campaign is stopped',
    above_budget: 'the campaign must be funded first',
    expired_certificate: 'ask for a new certificate',
};

/** Why a transaction failed, for people to read; null if it did not. */
export function failureOf({ description }: Transaction): string | null {
    if (description.type !== 'generic') {
        return null;
    }
    const { computePhase: compute, actionPhase: action } = description;
    if (compute.type === 'skipped') {
        return compute.reason === 'no-gas' ? 'too little was attached for its gas' : 'there is no contract';
    }
    if (!compute.success) {
        const name = usernameErrorName(compute.exitCode) ?? adsErrorName(compute.exitCode);
        const hint = name && HINTS[name];
        return `${name ?? 'exit code'} (${compute.exitCode})${hint ? `: ${hint}` : ''}`;
    }
    if (action && !action.success) {
        return `its messages could not be sent (result code ${action.resultCode})`;
    }
    return null;
}

/** One line about an error of a client or its server; `isNetwork` where the API could not be asked, or refused to answer. */
export function reasonOf(error: unknown): { text: string; isNetwork: boolean } {
    const { response, message, code } = Object(error) as {
        response?: { data?: unknown };
        message?: unknown;
        code?: unknown;
    };
    const { error: told } = Object(response?.data) as { error?: unknown };
    const text = [told, message, code].find((part) => typeof part === 'string' && part !== '');
    return {
        text: typeof text === 'string' ? text.replaceAll(/\s+/g, ' ') : String(error),
        isNetwork: response !== undefined || typeof code === 'string',
    };
}
