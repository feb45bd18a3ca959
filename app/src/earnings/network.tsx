import { keepPreviousData, useQuery } from '@tanstack/react-query';
import type { Address, Cell, OpenedContract } from '@ton/core';
import {
    AdNetwork,
    ChannelAccount,
    decodeVoucher,
    NO_ACCOUNT,
    readHistory,
    type AdNetworkPowers,
    type AdNetworkState,
    type AdsTarget,
    type ChannelAccountState,
    type Voucher,
} from 'gramhouse';
import type { ReactNode } from 'react';

import { LIVE, useChain, type Chain } from '../chain';
import { texts } from '../texts';
import { Empty, Loaded } from '../ui/states';

/** The ad network of the configuration. */
export type OpenNetwork = {
    address: Address;
    contract: OpenedContract<AdNetwork>;
    state: AdNetworkState;
    powers: AdNetworkPowers;
    accountCode: Cell;
};

/** A channel's account as it is now. */
export type Channel = {
    /** Deploys the account with its first message. */
    contract: OpenedContract<ChannelAccount>;
    payeeId: bigint;
    /** Null: no message has reached it yet. */
    state: ChannelAccountState | null;
    /** In nanotons. */
    balance: bigint;
    /** The logical time of the last transaction that state and balance are of; null before the first. */
    lt: string | null;
};

/** Milliseconds between two looks at what changes rarely. */
const SELDOM = 30_000;
/** How many of a network's or a wallet's last transactions are looked through. */
export const RECENT = 200;
/** The first line of the file of vouchers. */
const VOUCHERS_HEADER = 'payee_id,cumulative,voucher';

/** What its children make of the ad network; a word instead where the page has none. */
export function WithNetwork({ children }: { children: (network: OpenNetwork) => ReactNode }) {
    const chain = useChain();
    const { adNetwork: address } = chain.config;
    const query = useQuery({
        queryKey: ['ad-network'],
        queryFn: () => (address ? readNetwork(chain, address) : Promise.reject(new Error('no ad network'))),
        enabled: address !== null,
        refetchInterval: SELDOM,
    });
    return address ? <Loaded query={query}>{children}</Loaded> : <Empty>{texts.earnings.noNetwork}</Empty>;
}

async function readNetwork({ client }: Chain, address: Address): Promise<OpenNetwork> {
    const contract = client.open(AdNetwork.createFromAddress(address));
    const [state, powers, accountCode] = await Promise.all([
        contract.getState(),
        contract.getPowers(),
        contract.getAccountCode(),
    ]);
    return { address, contract, state, powers, accountCode };
}

export async function readChannel({ client }: Chain, network: OpenNetwork, payeeId: bigint): Promise<Channel> {
    const config = { network: network.address, payeeId, shareBps: network.state.shareBps };
    const contract = client.open(ChannelAccount.createFromConfig(config, network.accountCode));
    for (;;) {
        const { balance, state, lastTransaction } = await client.getContractState(contract.address);
        const lt = lastTransaction?.lt ?? null;
        const opened = state === 'active' ? await contract.getState() : null;
        const after = await client.getContractState(contract.address);
        // Balance, state and history are shown together, so they have to be of one moment
        if ((after.lastTransaction?.lt ?? null) === lt) {
            return { contract, payeeId, state: opened, balance, lt };
        }
    }
}

export function useChannel(network: OpenNetwork, payeeId: bigint) {
    const chain = useChain();
    return useQuery({
        queryKey: ['channel', payeeId.toString()],
        queryFn: () => readChannel(chain, network, payeeId),
        refetchInterval: LIVE,
    });
}

/** What quotes need of it. */
export const fundsOf = ({ state, balance }: Channel) => ({ ...(state ?? NO_ACCOUNT), balance });

/** Where its vouchers and certificates hold. */
export const targetOf = ({ config }: Chain, network: OpenNetwork, { contract }: Channel): AdsTarget => ({
    globalId: Number(config.network),
    network: network.address,
    account: contract.address,
});

/**
 * An account's transactions, newest first: all of them, or the last `limit`.
 *
 * @param version they are read anew when this changes
 */
export function useHistory(account: Address, version: string, limit = Infinity) {
    const { history } = useChain();
    return useQuery({
        queryKey: ['history', account.toString(), limit, version],
        queryFn: () => readHistory(history, account, { limit }),
        placeholderData: keepPreviousData,
        refetchInterval: SELDOM,
    });
}

/** The vouchers of a channel in the operator's file. */
export function useVouchers(payeeId: bigint) {
    const { vouchersUrl } = useChain().config;
    return useQuery({
        queryKey: ['vouchers', payeeId.toString()],
        queryFn: () => (vouchersUrl === null ? [] : readVouchers(vouchersUrl, payeeId)),
        refetchInterval: SELDOM,
    });
}

async function readVouchers(url: string, payeeId: bigint): Promise<Voucher[]> {
    const response = await fetch(url, { cache: 'no-store' });
    const [header, ...lines] = (await response.text()).split(/\r?\n/);
    if (!response.ok || header !== VOUCHERS_HEADER) {
        throw new Error('There is no file of vouchers.');
    }
    return lines
        .filter((line) => line.startsWith(`${payeeId},`))
        .flatMap((line) => {
            try {
                return [decodeVoucher(line.split(',')[2] ?? '')];
            } catch {
                // The others of the file are good all the same
                return [];
            }
        })
        .filter((voucher) => voucher.payeeId === payeeId);
}
