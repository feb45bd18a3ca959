import { useQuery } from '@tanstack/react-query';
import { Address, Cell } from '@ton/core';
import { TonClient } from '@ton/ton';
import { historyOverV3, pricesFromConfig, type HistorySource, type NetworkPrices } from 'gramhouse';
import { createContext, use, useEffect, useState, type ReactNode } from 'react';

import type { AppConfig } from './config';

/** The network that the page shows. */
export type Chain = {
    config: AppConfig;
    client: TonClient;
    history: HistorySource;
    /** Live, from the network's config. */
    prices: NetworkPrices;
};

/** Milliseconds between two looks at what may change at any time. */
export const LIVE = 4000;

const ChainContext = createContext<Chain | null>(null);

export const ChainProvider = ({ chain, children }: { chain: Chain; children: ReactNode }) => (
    <ChainContext value={chain}>{children}</ChainContext>
);

export function useChain(): Chain {
    const chain = use(ChainContext);
    if (!chain) {
        throw new Error('useChain is called outside of ChainProvider.');
    }
    return chain;
}

const keyOf = ({ apiKey }: AppConfig): Record<string, string> => (apiKey === null ? {} : { 'X-API-Key': apiKey });

export async function openChain(config: AppConfig): Promise<Chain> {
    const { apiKey } = config;
    const response = await fetch(`${config.apiV2}/getConfigAll`, { headers: keyOf(config) });
    if (!response.ok) {
        throw new Error(`The network's API answers with the status ${response.status}.`);
    }
    const { result } = (await response.json()) as { result: { config: { bytes: string } } };
    return {
        config,
        client: new TonClient({ endpoint: `${config.apiV2}/jsonRPC`, ...(apiKey !== null && { apiKey }) }),
        history: historyOverV3({ endpoint: config.apiV3, ...(apiKey !== null && { apiKey }) }),
        prices: pricesFromConfig(Cell.fromBase64(result.config.bytes)),
    };
}

/**
 * Seconds that the network's clock is ahead of the device's, and whether the network answers at all. Countdowns and what
 * the contracts would refuse go by the network's clock.
 */
export function useNetworkClock(): { ahead: number; isDown: boolean } {
    const { client, config } = useChain();
    const { data, isError } = useQuery({
        queryKey: ['clock'],
        queryFn: async () => {
            const { timestampt } = await client.getContractState(config.collection);
            return timestampt - Math.floor(Date.now() / 1000);
        },
        refetchInterval: LIVE,
        retry: 1,
    });
    return { ahead: data ?? 0, isDown: isError };
}

/** The network's time in unix seconds, each second anew. */
export function useNow(): number {
    const { ahead } = useNetworkClock();
    const [seconds, setSeconds] = useState(() => Math.floor(Date.now() / 1000));
    useEffect(() => {
        const timer = setInterval(() => setSeconds(Math.floor(Date.now() / 1000)), 1000);
        return () => clearInterval(timer);
    }, []);
    return seconds + ahead;
}

/** An item of the collection as API v3 lists it. */
export type ListedItem = {
    address: Address;
    /** The logical time of its last transaction: what it holds is as it was then. */
    lt: string;
};

/**
 * The collection's items by API v3, newest change first: `limit` of them (100 unless told), those of an owner, or those
 * among some addresses.
 */
export async function readItems(
    { config }: Chain,
    { limit = 100, owner, among = [] }: { limit?: number; owner?: Address; among?: Address[] } = {},
): Promise<ListedItem[]> {
    const query = new URLSearchParams({
        collection_address: config.collection.toString(),
        limit: String(limit),
        sort_by_last_transaction_lt: 'true',
        ...(owner && { owner_address: owner.toString() }),
    });
    among.forEach((address) => query.append('address', address.toString()));
    const response = await fetch(`${config.apiV3}/nft/items?${query}`, { headers: keyOf(config) });
    if (!response.ok) {
        throw new Error(`The API answers with the status ${response.status}.`);
    }
    const { nft_items } = (await response.json()) as { nft_items: { address: string; last_transaction_lt: string }[] };
    return nft_items.map(({ address, last_transaction_lt }) => ({
        address: Address.parse(address),
        lt: last_transaction_lt,
    }));
}
