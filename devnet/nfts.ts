import type { Address, Cell, TupleItem } from '@ton/core';

import type { AccountState } from './account';
import type { Chain } from './chain';

/** An NFT (TEP-62) whose collection says that it is its own, or that has none. */
export type NftItem = {
    state: AccountState;
    isInitialized: boolean;
    index: bigint;
    collection: Address | null;
    owner: Address | null;
    content: Record<string, string>;
};

export type NftCollection = {
    state: AccountState;
    owner: Address | null;
    nextItemIndex: bigint;
    content: Record<string, string>;
};

const NO_SUCH_METHOD = 11;

/** What the chain's contracts say of themselves as NFTs. Each is asked again only after a transaction of its own. */
export class NftIndex {
    private readonly items: Known<NftItem>;
    private readonly collections: Known<NftCollection>;

    constructor(private readonly chain: Chain) {
        this.items = new Known(chain, 'get_nft_data', (state, stack) => this.toItem(state, stack));
        this.collections = new Known(chain, 'get_collection_data', (state, stack) =>
            Promise.resolve(toCollection(state, stack)),
        );
    }

    allItems(): Promise<NftItem[]> {
        return this.items.all();
    }

    allCollections(): Promise<NftCollection[]> {
        return this.collections.all();
    }

    collection(address: Address): Promise<NftCollection | null> {
        return this.collections.one(this.chain.account(address));
    }

    private async toItem(state: AccountState, stack: TupleItem[]): Promise<NftItem | null> {
        const [isInitialized, index, collectionItem, ownerItem, content] = stack;
        if (isInitialized?.type !== 'int' || index?.type !== 'int' || content === undefined) {
            return null;
        }
        const collection = addressOf(collectionItem);
        const own = content.type === 'cell' ? content.cell : null;
        const item = {
            state,
            isInitialized: isInitialized.value !== 0n,
            index: index.value,
            owner: addressOf(ownerItem),
        };
        if (!collection) {
            return { ...item, collection, content: own ? parseContent(own) : {} };
        }
        const claimed = await this.chain.get(collection, 'get_nft_address_by_index', [index]);
        if (!addressOf(claimed.stack[0])?.equals(state.address)) {
            return null;
        }
        const full = own
            ? await this.chain.get(collection, 'get_nft_content', [index, { type: 'cell', cell: own }])
            : null;
        const [cell] = full?.stack ?? [];
        return { ...item, collection, content: cell?.type === 'cell' ? parseContent(cell.cell) : {} };
    }
}

/** The contracts that answer a getter, with what was made of their answers. */
class Known<T> {
    private readonly answers = new Map<string, { lt: bigint; answer: Promise<T | null> }>();
    /** Hashes of code that has no such getter. */
    private readonly others = new Set<string>();

    constructor(
        private readonly chain: Chain,
        private readonly getter: string,
        private readonly read: (state: AccountState, stack: TupleItem[]) => Promise<T | null>,
    ) {}

    async all(): Promise<T[]> {
        const answers = await Promise.all(this.chain.accounts().map((state) => this.one(state)));
        return answers.filter((answer) => answer !== null);
    }

    one(state: AccountState): Promise<T | null> {
        const key = state.address.toRawString();
        const lt = state.last?.lt ?? 0n;
        const known = this.answers.get(key);
        if (known?.lt === lt) {
            return known.answer;
        }
        const answer = this.ask(state);
        this.answers.set(key, { lt, answer });
        // What could not be asked is asked again
        answer.catch(() => this.answers.delete(key));
        return answer;
    }

    private async ask(state: AccountState): Promise<T | null> {
        const codeHash = state.contract?.code.hash().toString('hex');
        if (codeHash === undefined || this.others.has(codeHash)) {
            return null;
        }
        const { exitCode, stack } = await this.chain.get(state.address, this.getter, []);
        if (exitCode === NO_SUCH_METHOD) {
            this.others.add(codeHash);
        }
        return exitCode === 0 || exitCode === 1 ? this.read(state, stack) : null;
    }
}

function toCollection(state: AccountState, [nextItemIndex, content, owner]: TupleItem[]): NftCollection | null {
    return nextItemIndex?.type === 'int' && content?.type === 'cell'
        ? { state, owner: addressOf(owner), nextItemIndex: nextItemIndex.value, content: parseContent(content.cell) }
        : null;
}

function addressOf(item: TupleItem | undefined): Address | null {
    try {
        return item?.type === 'slice' || item?.type === 'cell' ? item.cell.beginParse().loadMaybeAddress() : null;
    } catch {
        return null;
    }
}

/** TEP-64: the URI of off-chain content; empty for any other. */
function parseContent(cell: Cell): Record<string, string> {
    try {
        const slice = cell.beginParse();
        return slice.loadUint(8) === 1 ? { uri: slice.loadStringTail() } : {};
    } catch {
        return {};
    }
}
