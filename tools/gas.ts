import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { beginCell, Cell, toNano, type Address } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { Blockchain, type SandboxContract, type SendMessageResult, type TreasuryContract } from '@ton/sandbox';

import peers from '../bench/peers.json';
import { compileContract } from '../compilables/compile';
import { chainConfig } from '../devnet/config';
import { cellSize } from '../wrappers/common/cells';
import {
    type AuctionConfig,
    itemAddress,
    MAINNET_PRICES,
    type MintBinding,
    signMintOrder,
    uriContent,
    UsernameCollection,
    UsernameItem,
} from '../wrappers';

// What the messages of everyday life cost in gas, and how big the contracts are. Prints a table beside the peers' figures
// (bench/peers.json); `--json` prints one document of our own. bench/gas.json is the committed one: `--write` writes it,
// `--check` fails if the measured one differs.

const reportPath = join(__dirname, '..', 'bench', 'gas.json');

const START = 1_800_000_000;
const GLOBAL_ID = -239;
const DURATION_SECONDS = 3600;
const SIGNER = keyPairFromSeed(Buffer.alloc(32, 7));
const NAME = 'alice';

type Person = SandboxContract<TreasuryContract>;

/** A chain at today's prices with a collection and the people of an auction. */
class Bench {
    private constructor(
        readonly chain: Blockchain,
        readonly people: Record<'alice' | 'bob' | 'seller' | 'author', Person>,
        readonly collection: SandboxContract<UsernameCollection>,
        readonly item: SandboxContract<UsernameItem>,
    ) {}

    static async open(itemCode: Cell, collectionCode: Cell): Promise<Bench> {
        const chain = await Blockchain.create({ config: chainConfig() });
        chain.now = START;
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
        return new Bench(chain, people, collection, item);
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
        let [gas, sent] = [0, 0];
        for (const { address, description, outMessagesCount } of transactions) {
            if (
                ![this.collection, this.item].some((own) => BigInt(`0x${own.address.hash.toString('hex')}`) === address)
            ) {
                continue;
            }
            if (description.type !== 'generic' || description.aborted || description.computePhase.type !== 'vm') {
                throw new Error('A scenario was refused');
            }
            gas += Number(description.computePhase.gasUsed);
            sent += outMessagesCount;
        }
        if (sent !== messages) {
            throw new Error(`A scenario sent ${sent} messages and not ${messages}`);
        }
        return gas;
    }
}

const usernames: Record<keyof typeof peers.usernames, (bench: Bench) => Promise<number>> = {
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

/** bench/gas.json. Gas in units; bits and cells of distinct cells. */
type Report = {
    usernames: Record<string, number>;
    code: Record<'item' | 'collection', { bits: number; cells: number }>;
    state: { item_idle: { cells: number } };
};

/** The cells of code and data of a name that nobody auctions, without records. */
async function idleCells(bench: Bench): Promise<number> {
    await bench.own();
    const account = (await bench.chain.getContract(bench.item.address)).accountState;
    if (account?.type !== 'active' || !account.state.code || !account.state.data) {
        throw new Error('The name has no state');
    }
    return cellSize(beginCell().storeRef(account.state.code).storeRef(account.state.data).endCell()).cells - 1;
}

async function measure(): Promise<Report> {
    const item = await compileContract('UsernameItem');
    const collection = await compileContract('UsernameCollection');
    const size = (code: Cell) => {
        const { bits, cells } = cellSize(code);
        return { bits, cells };
    };
    const report: Report = {
        usernames: {},
        code: { item: size(item), collection: size(collection) },
        state: { item_idle: { cells: await idleCells(await Bench.open(item, collection)) } },
    };
    for (const [key, run] of Object.entries(usernames)) {
        report.usernames[key] = await run(await Bench.open(item, collection));
    }
    return report;
}

function print(report: Report): void {
    const number = (value: number | undefined): string => value?.toLocaleString('en').padStart(8) ?? '-'.padStart(8);
    const line = (what: string, ours: number, telemint?: number, tolk?: number): string =>
        [what.padEnd(28), number(ours), number(telemint), number(tolk)].join('  ');
    const gas = Object.entries(peers.usernames).map(([key, peer]) =>
        line(key, report.usernames[key] ?? 0, peer.telemint, peer.tolk),
    );
    const { item, collection } = report.code;
    const lines = [
        ['gas'.padEnd(28), 'here', 'Telemint', 'in Tolk'].map((head) => head.padStart(8)).join('  '),
        ...gas,
        '',
        line('cells of the item’s code', item.cells, peers.code.item.telemint, peers.code.item.tolk),
        line('cells of an idle item', report.state.item_idle.cells, peers.state.item_idle.telemint),
        line('cells of the collection’s code', collection.cells),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
}

async function main(): Promise<void> {
    const report = await measure();
    const text = `${JSON.stringify(report, null, 4)}\n`;
    if (process.argv.includes('--json')) {
        process.stdout.write(text);
    } else if (process.argv.includes('--write')) {
        writeFileSync(reportPath, text);
    } else {
        print(report);
    }
    if (process.argv.includes('--check') && (!existsSync(reportPath) || readFileSync(reportPath, 'utf8') !== text)) {
        process.stderr.write('bench/gas.json is stale. Run "npm run gas -- --write" and "npm run docs".\n');
        process.exitCode = 1;
    }
}

main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
