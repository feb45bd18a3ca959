import { Address, fromNano, toNano, type Message, type Transaction } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { Blockchain, Executor, internal, type SandboxContract } from '@ton/sandbox';

import { compileContract } from '../compilables/compile';
import { chainConfig } from '../devnet/config';
import { incomingValue, Ledger, sum, sumFees, totalFees, type LedgerEntry, type NetworkFees } from '../devnet/ledger';
import {
    canonicalName,
    decodeDnsRecord,
    encodeDnsRecord,
    encodeDomain,
    itemAddress,
    pricesFromConfig,
    quoteBid,
    quoteOpenMint,
    quotePayout,
    quoteRecord,
    quoteSale,
    quoteStartAuction,
    quoteTransfer,
    recordKey,
    signMintOrder,
    uriContent,
    UsernameCollection,
    UsernameError,
    UsernameItem,
    UsernameOp,
    type ItemState,
    type OpenTerms,
} from '../wrappers';
import { createPerson, type Person, type WalletVersion } from './people';

/** What the coin is called wherever an amount is shown. */
export const COIN = 'TON';

/** An amount of nanotons for people. */
export const coins = (amount: bigint): string => `${fromNano(amount)} ${COIN}`;

const START = 1_800_000_000;
/** Of the embedded chain, as of mainnet. */
const GLOBAL_ID = -239;
const SUBWALLET_ID = 1;
const DOMAIN = 't.me';
const FAUCET = new Address(0, Buffer.alloc(32, 0xfa));
const SIGNER = keyPairFromSeed(Buffer.alloc(32, 1));

const HOUR = 3600;
const MINUTE = 60;
const EXTENSION = 5 * MINUTE;

/** A message of a step, as its receiver saw it. */
export type Transfer = {
    from: string;
    to: string;
    what: string;
    /** Nanotons. */
    amount: bigint;
    /** Why the receiver refused it; null if it did not. */
    error: string | null;
};

/** Amounts in nanotons, gas in units, times in unix seconds. */
export type Step = {
    number: number;
    id: string;
    title: string;
    time: number;
    transfers: Transfer[];
    gas: { contracts: number; wallets: number };
    fees: NetworkFees & { total: bigint };
    outcome: string;
};

/** What the run did to one person: `broughtIn` - `paid` + `gotBack` + `received` - `fees` = `balance`, in nanotons. */
export type PersonReport = {
    name: string;
    wallet: WalletVersion;
    address: string;
    broughtIn: bigint;
    /** Values of the messages that left the wallet. */
    paid: bigint;
    /** Of them came back: beaten, low and late bids, change, excess. */
    gotBack: bigint;
    /** From others: sales, royalties and gifts. */
    received: bigint;
    /** What the network took of the wallet itself. */
    fees: bigint;
    balance: bigint;
    owns: string[];
};

export type Report = {
    steps: Step[];
    people: PersonReport[];
    names: { name: string; address: string; owner: string; balance: bigint; reserve: bigint }[];
    conservation: {
        transactions: number;
        /** The transactions whose own sums do not come out. */
        faults: { account: string; lt: bigint; missing: bigint }[];
        broughtIn: bigint;
        held: { wallets: bigint; collection: bigint; names: bigint };
        fees: NetworkFees;
        missing: bigint;
    };
};

/** Hears of each step before it runs and after. */
export type Listener = {
    begins(step: Pick<Step, 'number' | 'title' | 'time'>): void;
    ended(step: Step): void;
};

/** A step that did not go as the contracts promise. */
export class UnexpectedOutcome extends Error {
    override readonly name = 'UnexpectedOutcome';
}

function expectEqual(what: string, actual: string, expected: string): void {
    if (actual !== expected) {
        throw new UnexpectedOutcome(`${what}: ${actual}, and not ${expected}`);
    }
}

/** Runs the whole story on a fresh chain. Throws `UnexpectedOutcome` where a step does not end as it should. */
export async function runStory(listener: Listener): Promise<Report> {
    const ledger = new Ledger(await Executor.create());
    const chain = await Blockchain.create({ config: chainConfig(), executor: ledger });
    chain.now = START;
    const prices = pricesFromConfig(chain.config, START);
    const [collectionCode, itemCode] = [await compileContract('UsernameCollection'), await compileContract('UsernameItem')];

    const house = createPerson(chain, 'House', 'v5r1');
    const alice = createPerson(chain, 'Alice', 'v5r1');
    const bob = createPerson(chain, 'Bob', 'v4r2');
    const carol = createPerson(chain, 'Carol', 'v5r1');
    const dave = createPerson(chain, 'Dave', 'v4r2');
    const people = [house, alice, bob, carol, dave];

    const royalty = { numerator: 5, denominator: 100, destination: house.address };
    const openTerms: OpenTerms = {
        beneficiary: house.address,
        minBidStep: 5,
        minExtendTime: EXTENSION,
        duration: HOUR,
        prices: { 4: toNano('50'), 5: toNano('20'), 6: toNano('5'), 8: toNano('2') },
        contentPrefix: 'https://names.example/',
    };
    const collection = chain.openContract(
        UsernameCollection.createFromConfig(
            {
                paused: false,
                subwalletId: SUBWALLET_ID,
                publicKey: SIGNER.publicKey,
                itemCode,
                admin: house.address,
                pendingAdmin: null,
                pendingPublicKey: null,
                content: uriContent('https://names.example/collection.json'),
                openTerms,
                royalty,
                domain: DOMAIN,
            },
            collectionCode,
        ),
    );

    const [aurora, moonlight] = ['aurora', 'moonlight'].map((text) => {
        const name = canonicalName(text);
        const address = itemAddress(collection.address, itemCode, name);
        return { name, contract: chain.openContract(UsernameItem.createFromAddress(address)) };
    }) as [Name, Name];
}
