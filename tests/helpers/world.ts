import { beginCell, Cell, toNano, type Address, type Message, type Transaction } from '@ton/core';
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
    mintMessage,
    mintOrderHash,
    uriContent,
    UsernameCollection,
    UsernameError,
    UsernameItem,
    UsernameOp,
} from '../../wrappers';
import { BaseWorld, GLOBAL_ID, newChain, type Person, START } from './base-world';

export { GLOBAL_ID, type Person, PRICE_LISTS, START } from './base-world';

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

/** An embedded chain with people and a collection. Every message that passes through it is checked for conservation. */
export class World extends BaseWorld {
    private constructor(
        chain: Blockchain,
        prices: NetworkPrices,
        readonly people: Record<(typeof PEOPLE)[number], Person>,
        readonly collection: SandboxContract<UsernameCollection>,
    ) {
        super(chain, prices);
    }

    static async create(prices: NetworkPrices = MAINNET_PRICES): Promise<World> {
        const chain = await newChain(prices);
        const people = {} as Record<(typeof PEOPLE)[number], Person>;
        for (const name of PEOPLE) {
            people[name] = await chain.treasury(name);
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

    /**
     * The message is refused and leaves nothing behind, whatever its bounce flag: with it the code is thrown and the
     * value bounces, without it the value comes back as return_bid.
     */
    async expectRejected(from: Person, to: Address, value: bigint, body: Cell, code: number): Promise<void> {
        const data = await this.data(to);
        for (const bounce of [true, false]) {
            const before = await this.balance(to);
            const result = await this.send(from, to, value, body, { bounce });
            const refusal = transactionOn(result, to);
            expect({ bounce, code: exitCode(refusal) }).toEqual({ bounce, code: bounce ? code : 0 });
            expect(refusal.outMessagesCount).toBe(1);
            const [answer] = refusal.outMessages.values();
            expect(answer?.info.dest?.toString()).toBe(from.address.toString());
            expect(answer && answer.info.type === 'internal' && answer.info.bounced).toBe(bounce);
            if (!bounce) {
                expect(opOf(answer)).toBe(UsernameOp.return_bid);
            }
            expect((await this.data(to)).equals(data)).toBe(true);
            expect(await this.balance(to)).toBe(before - storageFee(refusal));
        }
    }
}

/** A message between two accounts as the receiver sees it, for `inject`, or for `receiveMessage` of one account. */
export function internalMessage(from: Address, to: Address, value: bigint, body: Cell, bounce = true): Message {
    return {
        info: {
            type: 'internal',
            src: from,
            dest: to,
            value: { coins: value },
            bounce,
            bounced: false,
            ihrDisabled: true,
            ihrFee: 0n,
            forwardFee: 0n,
            createdAt: 0,
            createdLt: 0n,
        },
        body,
    };
}

/** The transaction of this account; the first, where there are several. */
export function transactionOn(result: SendMessageResult, address: Address): Transaction {
    const tx = result.transactions.find((tx) => isOn(tx, address));
    if (!tx) {
        throw new Error(`No transaction on ${address.toString()}`);
    }
    return tx;
}

export function isOn(tx: Transaction, address: Address): boolean {
    return tx.address === BigInt(`0x${address.hash.toString('hex')}`);
}

export function exitCode(tx: Transaction): number | undefined {
    const compute = tx.description.type === 'generic' ? tx.description.computePhase : undefined;
    return compute?.type === 'vm' ? compute.exitCode : undefined;
}

export function gasUsed(tx: Transaction): number {
    const compute = tx.description.type === 'generic' ? tx.description.computePhase : undefined;
    return compute?.type === 'vm' ? Number(compute.gasUsed) : 0;
}

/** Nanotons that the account paid for its gas. */
export function gasFees(tx: Transaction): bigint {
    const compute = tx.description.type === 'generic' ? tx.description.computePhase : undefined;
    return compute?.type === 'vm' ? compute.gasFees : 0n;
}

export function storageFee(tx: Transaction): bigint {
    return tx.description.type === 'generic' ? (tx.description.storagePhase?.storageFeesCollected ?? 0n) : 0n;
}

export function opOf(message: Message | undefined): number | undefined {
    return message && message.body.bits.length >= 32 ? message.body.beginParse().preloadUint(32) : undefined;
}

/** The messages that an account sent, as receiver, op and value. */
export function sent(tx: Transaction): { to: Address; op: number | undefined; value: bigint; body: Cell }[] {
    return tx.outMessages.values().flatMap((message) => {
        const { info, body } = message;
        return info.type === 'internal' ? [{ to: info.dest, op: opOf(message), value: info.value.coins, body }] : [];
    });
}

/** The name of an exit code, for messages of failing tests. */
export const errorName = (code: number | undefined): string =>
    Object.entries(UsernameError).find(([, value]) => value === code)?.[0] ?? String(code);
