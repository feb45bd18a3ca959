import { queryOptions, useQuery, useQueryClient, type QueryClient } from '@tanstack/react-query';
import { Address, Cell } from '@ton/core';
import {
    cellToItemData,
    collectionEvents,
    itemAddress,
    itemEventReader,
    nameIndex,
    readHistory,
    UsernameCollection,
    UsernameItem,
    type AccountTransaction,
    type CollectionState,
    type ItemData,
    type ItemEvent,
    type ItemState,
} from 'gramhouse';

import { LIVE, readItems, useChain, type Chain, type ListedItem } from '../chain';

/** An item as it was after its last transaction. */
export type Item = {
    address: Address;
    state: ItemState;
    /** What it stores; null before its mint. */
    data: Exclude<ItemData, { status: 'uninit' }> | null;
    /** In nanotons. */
    balance: bigint;
    /** The logical time of its last transaction; null without one. */
    lt: string | null;
};

/** An item that has been minted. */
export type MintedItem = Item & { data: NonNullable<Item['data']> };

/** What a person can do with a name: mint it, bid, settle, or nothing but ask its owner. */
export type Stage = 'free' | 'open' | 'auction' | 'ended' | 'idle';

/** The stage at a time in unix seconds. An auction that ends without a bid leaves the name with its owner. */
export function stageOf({ status, endTime }: ItemState, now: number): Stage {
    const isOver = endTime > 0 && now >= endTime;
    switch (status) {
        case 'uninit':
            return 'free';
        case 'open':
            return isOver ? 'idle' : 'open';
        case 'auction':
            return isOver ? 'ended' : 'auction';
        default:
            return status;
    }
}

/** As many as API v3 gives at once. */
const MAX_TRANSACTIONS = 1000;

export const openCollection = ({ client, config }: Chain) =>
    client.open(UsernameCollection.createFromAddress(config.collection));

export const openItem = ({ client }: Chain, address: Address) => client.open(UsernameItem.createFromAddress(address));

const collectionQuery = (chain: Chain) =>
    queryOptions({
        queryKey: ['collection'],
        queryFn: () => openCollection(chain).getState(),
        staleTime: 60_000,
    });

export function useCollection() {
    return useQuery(collectionQuery(useChain()));
}

/** The address of a name, as it is written. */
const addressOf = (chain: Chain, { itemCode }: CollectionState, name: string): Address =>
    itemAddress(chain.config.collection, itemCode, nameIndex(name));

/** @param known what was read before: it is the same as long as there is no new transaction */
export async function readItem({ client }: Chain, address: Address, known?: Item): Promise<Item> {
    const { balance, data, lastTransaction } = await client.getContractState(address);
    const lt = lastTransaction?.lt ?? null;
    if (known && known.lt === lt) {
        return known;
    }
    const state = await client.open(UsernameItem.createFromAddress(address)).getState();
    const [cell] = data && state.status !== 'uninit' ? Cell.fromBoc(data) : [];
    const stored = cell ? cellToItemData(cell) : null;
    return { address, state, data: stored?.status === 'uninit' ? null : stored, balance, lt };
}

/** A name as it is written, which need not be canonical. */
export function useName(name: string) {
    const chain = useChain();
    const queries = useQueryClient();
    const queryKey = ['name', name];
    return useQuery({
        queryKey,
        queryFn: async () => {
            const collection = await queries.ensureQueryData(collectionQuery(chain));
            return readItem(chain, addressOf(chain, collection, name), queries.getQueryData(queryKey));
        },
        refetchInterval: LIVE,
    });
}

/** The client's error for a request without an answer, or with an answer that is no success. */
const isUnanswered = (error: unknown): error is Error =>
    error instanceof Error && 'isAxiosError' in error && error.isAxiosError === true;

/** What API v3 lists, read from the contracts themselves; whatever is none of the collection's names is left out. */
async function readListed(
    chain: Chain,
    queries: QueryClient,
    listed: ListedItem[],
    known: MintedItem[] = [],
): Promise<MintedItem[]> {
    const collection = await queries.ensureQueryData(collectionQuery(chain));
    const unanswered: Error[] = [];
    const items = await Promise.all(
        listed.map(async ({ address, lt }) => {
            const before = known.find((item) => item.address.equals(address));
            if (before?.lt === lt) {
                return before;
            }
            try {
                return await readItem(chain, address, before);
            } catch (error) {
                // What is answered and cannot be read is a contract of somebody who only says that it is one of these
                if (isUnanswered(error)) {
                    unanswered.push(error);
                    return before ?? null;
                }
                return null;
            }
        }),
    );
    const found = items.filter(
        (item): item is MintedItem => !!item?.data && addressOf(chain, collection, item.data.name).equals(item.address),
    );
    // What is missing is asked for the next time: a node that limits requests shows the names one after the other
    if (unanswered[0] && found.length === 0) {
        throw unanswered[0];
    }
    return found;
}

/** The names with the newest changes. */
export function useMarket(limit: number) {
    const chain = useChain();
    const queries = useQueryClient();
    return useQuery({
        queryKey: ['market', limit],
        queryFn: async () =>
            readListed(chain, queries, await readItems(chain, { limit }), queries.getQueryData(['market', limit])),
        refetchInterval: LIVE,
        placeholderData: (before) => before,
    });
}

export function useOwnNames(owner: Address) {
    const chain = useChain();
    const queries = useQueryClient();
    const queryKey = ['own', owner.toString()];
    return useQuery({
        queryKey,
        queryFn: async () =>
            readListed(chain, queries, await readItems(chain, { owner }), queries.getQueryData(queryKey)),
        refetchInterval: LIVE,
    });
}

/** An account's last transactions, newest first; only looked at again if there is a new one. */
async function readLast(
    { history }: Chain,
    account: Address,
    known: AccountTransaction[] = [],
): Promise<AccountTransaction[]> {
    const [newest] = await readHistory(history, account, { limit: 1 });
    return newest?.lt === known[0]?.lt ? known : readHistory(history, account, { limit: MAX_TRANSACTIONS });
}

const historyQuery = (chain: Chain, queries: QueryClient, account: Address) => {
    const queryKey = ['history', account.toString()];
    return queryOptions({
        queryKey,
        queryFn: () => readLast(chain, account, queries.getQueryData(queryKey)),
        staleTime: 0,
    });
};

/** What happened to a name, oldest first. */
export function useEvents(address: Address) {
    return useQuery({
        ...historyQuery(useChain(), useQueryClient(), address),
        select: eventsOf,
        refetchInterval: LIVE,
    });
}

const eventsOf = (newestFirst: AccountTransaction[]): ItemEvent[] =>
    [...newestFirst].reverse().flatMap(itemEventReader());

/** How many accounts API v3 is asked for at once: their addresses are in the address of the request. */
const MAX_AMONG = 100;

/**
 * What a wallet has bid for: the items that it has sent something to or heard from, and those that the collection has
 * minted for it, with what happened to each.
 */
export function useBidNames(wallet: Address) {
    const chain = useChain();
    const queries = useQueryClient();
    const queryKey = ['bids', wallet.toString()];
    return useQuery({
        queryKey,
        queryFn: async () => {
            const [own, ofCollection] = await Promise.all(
                [wallet, chain.config.collection].map((account) =>
                    queries.fetchQuery(historyQuery(chain, queries, account)),
                ),
            );
            const partners = (own ?? []).flatMap(({ inMessage, outMessages }) => [
                inMessage?.src,
                ...outMessages.map(({ dest }) => dest),
            ]);
            const minted = (ofCollection ?? [])
                .flatMap(collectionEvents)
                .filter((event) => event.type === 'mint_sent')
                .filter((event) => [event.from, event.bidder, event.refundTo].some((one) => one.equals(wallet)))
                .map(({ item }) => item);
            const among = [...new Set([...minted, ...partners].filter((one) => !!one).map(String))].map((text) =>
                Address.parse(text),
            );
            const listed: ListedItem[] = [];
            for (let start = 0; start < among.length; start += MAX_AMONG) {
                listed.push(...(await readItems(chain, { among: among.slice(start, start + MAX_AMONG) })));
            }
            const known = queries.getQueryData<{ item: MintedItem }[]>(queryKey)?.map(({ item }) => item);
            const items = await readListed(chain, queries, listed, known);
            return Promise.all(
                items.map(async (item) => ({
                    item,
                    events: eventsOf(await queries.fetchQuery(historyQuery(chain, queries, item.address))),
                })),
            );
        },
        refetchInterval: LIVE,
    });
}
