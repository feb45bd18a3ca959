import { beginCell, Cell, toNano, type Address } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { Blockchain, type SandboxContract, type SendMessageResult, type TreasuryContract } from '@ton/sandbox';

import type peers from '../../bench/peers.json';
import { chainConfig } from '../../devnet/config';
import { cellSize } from '../../wrappers/common/cells';
import {
    type AuctionConfig,
    itemAddress,
    MAINNET_PRICES,
    type MintBinding,
    signMintOrder,
    uriContent,
    UsernameCollection,
    UsernameItem,
} from '../../wrappers';
import { isOn, measureGas } from './measure';
import { emptyProfile } from './profile';

const START = 1_800_000_000;
const GLOBAL_ID = -239;
const DURATION_SECONDS = 3600;
const SIGNER = keyPairFromSeed(Buffer.alloc(32, 7));
const NAME = 'alice';

type Person = SandboxContract<TreasuryContract>;

/** A chain at today's prices with a collection and the people of an auction. */
export class UsernamesBench {
    /** What the measured messages spent gas on. */
    readonly profile = emptyProfile();

    private constructor(
        readonly chain: Blockchain,
        readonly people: Record<'alice' | 'bob' | 'seller' | 'author', Person>,
        readonly collection: SandboxContract<UsernameCollection>,
        readonly item: SandboxContract<UsernameItem>,
    ) {}

    static async open(itemCode: Cell, collectionCode: Cell): Promise<UsernamesBench> {
        const chain = await Blockchain.create({ config: chainConfig() });
        chain.now = START;
        chain.verbosity = { ...chain.verbosity, print: false, vmLogs: 'vm_logs_gas' };
        const people = {
            alice: await chain.treasury('alice'),
            bob: await chain.treasury('bob'),
            seller: await chain.treasury('seller'),
            author: await chain.treasury('author'),
        };
        const config = {
            paused: false,
            subwalletId: 0,
            publicKey: SIGNER.publicKey,
            itemCode,
            admin: people.alice.address,
            pendingAdmin: null,
            pendingPublicKey: null,
            content: uriContent('https://names.example/collection.json'),
            openTerms: null,
            royalty: { numerator: 5, denominator: 100, destination: people.author.address },
            domain: 't.me',
        };
        const collection = chain.openContract(UsernameCollection.createFromConfig(config, collectionCode));
        await collection.sendTopUp(people.alice.getSender(), { value: toNano('1') });
        const address = itemAddress(collection.address, itemCode, NAME);
        const item = chain.openContract(UsernameItem.createFromAddress(address));
        return new UsernamesBench(chain, people, collection, item);
    }

    private config(maxBid: bigint): AuctionConfig {
        return {
            beneficiary: this.people.seller.address,
            initialMinBid: toNano('1'),
            maxBid,
            minBidStep: 5,
            minExtendTime: 300,
            duration: DURATION_SECONDS,
            delayedStart: false,
        };
    }

    /** Alice's mint with a first bid of 2 TON. */
    async mint({ maxBid = 0n, ...binding }: { maxBid?: bigint } & MintBinding): Promise<SendMessageResult> {
        const body = await signMintOrder({
            collection: this.collection.address,
            globalId: GLOBAL_ID,
            signer: SIGNER.secretKey,
            prices: MAINNET_PRICES,
            order: {
                subwalletId: 0,
                validSince: START,
                validTill: START + DURATION_SECONDS,
                name: NAME,
                content: uriContent(`https://names.example/${NAME}.json`),
                auctionConfig: this.config(maxBid),
            },
            ...binding,
        });
        return this.send(this.people.alice, this.collection.address, toNano('2'), body);
    }

    /** Alice's name, which nobody auctions. Some TON more than its reserve lie in it, so that nothing has to be filled. */
    async own(): Promise<void> {
        await this.mint({ bearer: true, maxBid: toNano('2') });
        await this.send(this.people.alice, this.item.address, toNano('1'), UsernameItem.topUpMessage());
    }

    /** Alice's start of an auction. */
    async start(): Promise<SendMessageResult> {
        const body = UsernameItem.startAuctionMessage({ auctionConfig: this.config(0n) });
        return this.send(this.people.alice, this.item.address, toNano('1'), body);
    }

    async send(from: Person, to: Address, value: bigint, body = Cell.EMPTY): Promise<SendMessageResult> {
        return from.send({ to, value, body });
    }

    /** Units of gas in collection and item. Each of them must end well and send so many messages in all. */
    gasOf({ transactions }: SendMessageResult, messages: number): number {
        const own = transactions.filter((tx) => isOn(tx, this.collection) || isOn(tx, this.item));
        return measureGas(own, messages, this.profile);
    }
}

export const usernames: Record<keyof typeof peers.usernames, (bench: UsernamesBench) => Promise<number>> = {
    mint: async (bench) => bench.gasOf(await bench.mint({ bearer: true }), 1),

    mint_bound: async (bench) => bench.gasOf(await bench.mint({ bidder: bench.people.alice.address }), 1),

    outbid: async (bench) => {
        await bench.mint({ bearer: true });
        return bench.gasOf(await bench.send(bench.people.bob, bench.item.address, toNano('3')), 1);
    },

    first_bid: async (bench) => {
        await bench.own();
        await bench.start();
        return bench.gasOf(await bench.send(bench.people.bob, bench.item.address, toNano('3')), 0);
    },

    // Refund, royalty, payout and sale notice
    buy_now: async (bench) => {
        await bench.mint({ bearer: true, maxBid: toNano('5') });
        return bench.gasOf(await bench.send(bench.people.bob, bench.item.address, toNano('5')), 4);
    },

    // Royalty, payout and sale notice
    settle: async (bench) => {
        await bench.mint({ bearer: true });
        bench.chain.now = START + DURATION_SECONDS;
        const info = { type: 'external-in', dest: bench.item.address, importFee: 0n } as const;
        return bench.gasOf(await bench.chain.sendMessage({ info, body: Cell.EMPTY }), 3);
    },

    start_auction: async (bench) => {
        await bench.own();
        return bench.gasOf(await bench.start(), 1);
    },

    cancel_auction: async (bench) => {
        await bench.own();
        await bench.start();
        const body = UsernameItem.cancelAuctionMessage();
        return bench.gasOf(await bench.send(bench.people.alice, bench.item.address, toNano('1'), body), 1);
    },

    // Notice and excess
    transfer: async (bench) => {
        await bench.own();
        const body = UsernameItem.transferMessage({
            newOwner: bench.people.bob.address,
            responseDestination: bench.people.alice.address,
            forwardAmount: toNano('0.1'),
            forwardPayload: beginCell().storeUint(0, 32).storeStringTail('for you').asSlice(),
        });
        return bench.gasOf(await bench.send(bench.people.alice, bench.item.address, toNano('1'), body), 2);
    },

    royalty_params: async (bench) => {
        await bench.own();
        const body = UsernameItem.getRoyaltyParamsMessage();
        return bench.gasOf(await bench.send(bench.people.bob, bench.item.address, toNano('1'), body), 1);
    },
};

/** The cells of code and data of a name that nobody auctions, without records. */
export async function idleCells(bench: UsernamesBench): Promise<number> {
    await bench.own();
    const account = (await bench.chain.getContract(bench.item.address)).accountState;
    if (account?.type !== 'active' || !account.state.code || !account.state.data) {
        throw new Error('The name has no state');
    }
    return cellSize(beginCell().storeRef(account.state.code).storeRef(account.state.data).endCell()).cells - 1;
}
