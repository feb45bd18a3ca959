import { beginCell, Cell, toNano, type Address } from '@ton/core';
import { keyPairFromSeed, sign } from '@ton/crypto';
import { type Blockchain, type SandboxContract, type SendMessageResult } from '@ton/sandbox';

import { loadCode } from '../../compilables/compile';
import {
    type AuctionConfig,
    type ItemStatus,
    type MintOrder,
    type NetworkPrices,
    itemAddress,
    MAINNET_PRICES,
    mintOrderHash,
    uriContent,
    UsernameCollection,
    UsernameError,
    UsernameItem,
    UsernameOp,
} from '../../wrappers';
import { mintMessage } from '../../wrappers/usernames/orders';
import { BaseWorld, GLOBAL_ID, newChain, type Person, personOn, START } from './base-world';

export * from './base-world';

export const SIGNER = keyPairFromSeed(Buffer.alloc(32, 7));
export const SUBWALLET_ID = 5;
export const TOP_UP = beginCell().storeUint(0, 32).storeStringTail('#topup').endCell();

const PEOPLE = ['admin', 'alice', 'bob', 'carol', 'dave', 'seller', 'author'] as const;

/** Terms that a test changes where it cares. */
export const TERMS = {
    initialMinBid: toNano('1'),
    maxBid: 0n,
    minBidStep: 5,
    minExtendTime: 300,
    duration: 3600,
    delayedStart: false,
} satisfies Partial<AuctionConfig>;

type OrderOptions = Partial<Omit<MintOrder, 'auctionConfig'>> & { config?: Partial<AuctionConfig> };
type MintOptions = OrderOptions & { bidder?: Person; value?: bigint; bounce?: boolean };

/** The initial state of a collection with its own address, as its first top-up leaves it. */
export function withSelf(data: Cell, self: Address): Cell {
    const state = data.beginParse();
    const head = state.loadBits(state.remainingBits - 2);
    return beginCell().storeBits(head).storeAddress(self).storeSlice(state.skip(2)).endCell();
}

/** An embedded chain with people and a collection. Every message that passes through it is checked for conservation. */
export class World extends BaseWorld {
    private constructor(
        chain: Blockchain,
        prices: NetworkPrices,
        readonly people: Record<(typeof PEOPLE)[number], Person>,
        readonly collection: SandboxContract<UsernameCollection>,
    ) {
        super(chain, prices, UsernameOp.return_bid);
    }

    static async create(prices: NetworkPrices = MAINNET_PRICES): Promise<World> {
        const chain = await newChain(prices);
        const people = {} as Record<(typeof PEOPLE)[number], Person>;
        for (const name of PEOPLE) {
            people[name] = await personOn(chain, name);
        }
        const collection = chain.openContract(
            UsernameCollection.createFromConfig(
                {
                    paused: false,
                    subwalletId: SUBWALLET_ID,
                    publicKey: SIGNER.publicKey,
                    itemCode: loadCode('UsernameItem'),
                    admin: people.admin.address,
                    content: uriContent('https://names.example/collection.json'),
                    openTerms: null,
                    royalty: { numerator: 5, denominator: 100, destination: people.author.address },
                    pendingAdmin: null,
                    pendingPublicKey: null,
                    domain: 't.me',
                },
                loadCode('UsernameCollection'),
            ),
        );
        const world = new World(chain, prices, people, collection);
        for (const person of Object.values(people)) {
            await world.remember(person.address);
        }
        await world.send(people.admin, collection.address, toNano('1'), TOP_UP, { init: collection.init });
        return world;
    }

    /** The unsigned external that settles. */
    async settleExternally(item: Address, body: Cell = Cell.EMPTY): Promise<SendMessageResult> {
        return this.inject({ info: { type: 'external-in', dest: item, importFee: 0n }, body });
    }

    config(changes: Partial<AuctionConfig> = {}): AuctionConfig {
        return { beneficiary: this.people.seller.address, ...TERMS, ...changes };
    }

    /** A signed order as the contract sees it: the SDK's own checks before signing are not in the way. */
    order(name: string, { config, royalty, restrictions, version = 2, ...terms }: OrderOptions = {}): Cell {
        const order: MintOrder = {
            version,
            subwalletId: SUBWALLET_ID,
            validSince: START,
            validTill: START + 1_000_000,
            name,
            content: uriContent(`https://names.example/${name}.json`),
            auctionConfig: this.config(config),
            royalty,
            restrictions,
            ...terms,
        };
        const hash = mintOrderHash(mintMessage(order, Buffer.alloc(64)), {
            collection: this.collection.address,
            globalId: GLOBAL_ID,
        });
        return mintMessage(order, sign(hash, SIGNER.secretKey));
    }

    item(name: string): SandboxContract<UsernameItem> {
        const address = itemAddress(this.collection.address, loadCode('UsernameItem'), name);
        return this.chain.openContract(UsernameItem.createFromAddress(address));
    }

    /** A signed mint with its first bid. */
    async mint(name: string, options: MintOptions = {}) {
        const { bidder = this.people.alice, value = toNano('10'), bounce = true, ...order } = options;
        const body = this.order(name, order);
        const result = await this.send(bidder, this.collection.address, value, body, { bounce });
        return { result, item: this.item(name) };
    }

    /** A name that `owner` bought at a fixed price and that nobody auctions. */
    async owned(name: string, owner: Person = this.people.alice) {
        const { item } = await this.mint(name, {
            bidder: owner,
            value: toNano('1'),
            config: { initialMinBid: toNano('1'), maxBid: toNano('1') },
        });
        return item;
    }

    /** The account of an item as anyone can create it before the collection deploys the name. */
    async uninited(name: string) {
        const item = UsernameItem.createFromConfig(
            { collection: this.collection.address, name },
            loadCode('UsernameItem'),
        );
        await this.send(this.people.carol, item.address, toNano('0.1'), TOP_UP, { init: item.init });
        return this.item(name);
    }

    /** The owner puts a name up for auction. */
    async start(item: Address, config: Partial<AuctionConfig> = {}, owner: Person = this.people.alice) {
        const body = UsernameItem.startAuctionMessage({ auctionConfig: this.config(config) });
        return this.send(owner, item, toNano('1'), body);
    }

    /**
     * A name in one state of its life. But for `uninit` it is alice's, who auctions it by TERMS; the bid is bob's 2 TON.
     * For `ended` the time goes on to the end of the auction.
     */
    async itemIn(status: ItemStatus, name: string = status) {
        if (status === 'uninit') {
            return this.uninited(name);
        }
        const item = await this.owned(name);
        if (status !== 'idle') {
            await this.start(item.address);
        }
        if (status === 'auction' || status === 'ended') {
            await this.send(this.people.bob, item.address, toNano('2'));
        }
        if (status === 'ended') {
            this.now += TERMS.duration;
        }
        return item;
    }
}

/** The name of an exit code, for messages of failing tests. */
export const errorName = (code: number | undefined): string =>
    Object.entries(UsernameError).find(([, value]) => value === code)?.[0] ?? String(code);
