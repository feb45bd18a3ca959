import type { Contract, Message, Sender, Transaction } from '@ton/core';
import { Address, fromNano, internal as walletMessage, SendMode, toNano } from '@ton/core';
import { keyPairFromSeed, sha256_sync } from '@ton/crypto';
import { Blockchain, Executor, internal, type SandboxContract } from '@ton/sandbox';
import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';

import { chainConfig } from '../devnet/config';
import { incomingValue, Ledger, outgoingValue, sum, sumFees, totalFees } from '../devnet/ledger';
import type { LedgerEntry, NetworkFees } from '../devnet/ledger';
import { adsErrorName, AdsOp, adsOpName, usernameErrorName, usernameOpName } from '../wrappers';

/** What the coin is called wherever an amount is shown. */
export const COIN = 'TON';

/** Nanotons for people to read. */
export const coins = (amount: bigint): string => `${fromNano(amount)} ${COIN}`;

/** Whole coins, or parts of one, for people to read. */
export const ton = (amount: number): string => coins(toNano(amount));

/** The network's id, of the embedded chain as of mainnet. */
export const GLOBAL_ID = -239;

/** When the story begins, in unix seconds. */
export const START = 1_800_000_000;
const FAUCET = new Address(0, Buffer.alloc(32, 0xfa));
const WALLETS = { v4r2: WalletContractV4, v5r1: WalletContractV5R1 };

/** Somebody with a wallet contract, as it is on mainnet. */
export type Person = {
    name: string;
    wallet: keyof typeof WALLETS;
    address: Address;
    /** Signs external messages, as a wallet's app does. The first one deploys the wallet. */
    via: Sender;
};

/** A message of a step, as its receiver saw it. */
export type StepMessage = {
    from: string;
    to: string;
    what: string;
    /** Nanotons. */
    amount: bigint;
    /** The name of the exit code with which the receiver refused it; null if it did not. */
    error: string | null;
};

/** A text table, for what people would rather look at than read. */
export type Picture = { head: string[]; rows: string[][] };

/** How a step ended. */
export type Ending = { outcome: string; picture: Picture };

/** One step of the story, measured from its transactions. Time in unix seconds, fees in nanotons. */
export type Step = {
    number: number;
    id: string;
    title: string;
    time: number;
    messages: StepMessage[];
    /** Units, in our contracts and in people's wallets. */
    gas: { contracts: number; wallets: number };
    fees: NetworkFees & { total: bigint };
    outcome: string;
    picture: Picture | null;
};

/** What the story did to one person, in nanotons: `broughtIn` - `paid` + `gotBack` + `received` - `fees` = `balance`. */
export type PersonReport = {
    name: string;
    wallet: string;
    address: string;
    broughtIn: bigint;
    /** The values of all messages that left the wallet. */
    paid: bigint;
    /** Of them: beaten, low and late bids, change, excess and what a campaign had not spent. */
    gotBack: bigint;
    /** From others: sales, royalties, gifts and shares of ad revenue. */
    received: bigint;
    /** What the network took of the wallet itself; the contracts pay their own. */
    fees: bigint;
    balance: bigint;
};

/** The messages that bring a person's own money back. */
const RETURNS = ['outbid', 'return_bid', 'bounce', 'ok', 'excesses', 'return_value', 'advertiser_refund'];

export function expectEqual(what: string, actual: string, expected: string): void {
    if (actual !== expected) {
        throw new Error(`${what}: ${actual}, and not ${expected}`);
    }
}

export function expectAtLeast(what: string, actual: bigint, least: bigint): void {
    if (actual < least) {
        throw new Error(`${what}: ${coins(actual)}, and not ${coins(least)} or more`);
    }
}

/** Hears of each step before it runs and after it. */
export type Audience = {
    begins(step: Pick<Step, 'number' | 'title' | 'time'>): void;
    ended(step: Step): void;
};

/** An embedded chain at today's prices with people on it, and a record of every step and nanoton. */
export class Stage {
    readonly steps: Step[] = [];
    readonly people: Person[] = [];
    private readonly labels = new Map([[FAUCET.toRawString(), 'faucet']]);
    /** How many transactions there were before the step that runs now. */
    private before = 0;

    private constructor(
        readonly chain: Blockchain,
        readonly ledger: Ledger,
        private readonly audience: Audience | null,
    ) {}

    static async open(audience: Audience | null): Promise<Stage> {
        const ledger = new Ledger(await Executor.create());
        const chain = await Blockchain.create({ config: chainConfig(), executor: ledger });
        chain.now = START;
        return new Stage(chain, ledger, audience);
    }

    /** Unix seconds. */
    get now(): number {
        return this.chain.now ?? START;
    }

    set now(time: number) {
        this.chain.now = time;
    }

    /** A contract that takes part, with the name by which the steps call it. */
    enter<T extends Contract>(label: string, contract: T): SandboxContract<T> {
        this.labels.set(contract.address.toRawString(), label);
        return this.chain.openContract(contract);
    }

    /** A person whose key comes from the name, so that every run has the same addresses. */
    person(name: string, wallet: Person['wallet']): Person {
        const { publicKey, secretKey } = keyPairFromSeed(sha256_sync(`gramhouse demo: ${name}`));
        const contract = this.enter(name, WALLETS[wallet].create({ workchain: 0, publicKey }));
        const { address } = contract;
        const send: Sender['send'] = async ({ to, value, bounce, sendMode, init, body }) => {
            await contract.sendTransfer({
                seqno: await contract.getSeqno(),
                secretKey,
                // By the chain's clock: the default goes by this machine's
                timeout: this.now + 60,
                sendMode: sendMode ?? SendMode.PAY_GAS_SEPARATELY,
                messages: [walletMessage({ to, value, bounce, init, body })],
            });
        };
        const person = { name, wallet, address, via: { address, send } };
        this.people.push(person);
        return person;
    }

    /** Gives a person nanotons that were not on the chain before. */
    async fund({ address }: Person, value: bigint): Promise<void> {
        await this.chain.sendMessage(internal({ from: FAUCET, to: address, value, bounce: false }));
    }

    /** Runs and records one step. `act` does it, checks how it ended and says so; what it throws is thrown on with the step's number. */
    async step(id: string, title: string, act: () => Promise<string | Ending>): Promise<void> {
        const head = { number: this.steps.length + 1, id, title, time: this.now };
        this.before = this.ledger.entries.length;
        this.audience?.begins(head);
        try {
            const ending = await act();
            const { outcome, picture } = typeof ending === 'string' ? { outcome: ending, picture: null } : ending;
            const fees = sumFees(this.entries);
            const step = {
                ...head,
                messages: this.entries.flatMap((entry) => this.describe(entry)),
                gas: { contracts: this.gasUsed(false), wallets: this.gasUsed(true) },
                fees: { ...fees, total: totalFees(fees) },
                outcome,
                picture,
            };
            this.steps.push(step);
            this.audience?.ended(step);
        } catch (cause) {
            const reason = cause instanceof Error ? cause.message : String(cause);
            throw new Error(`Step ${head.number} (${id}) went wrong: ${reason}`, { cause });
        }
    }

    /** Nanotons that reached a person in the running step with messages of this kind. */
    got(person: Person, what: string): bigint {
        return this.valueOf(
            this.entries.filter(({ account }) => account.equals(person.address)),
            (kind) => kind === what,
        );
    }

    /** The name of the error with which a contract refused a message in the running step; `none` without one. */
    refusalOf({ address }: Contract): string {
        const ofContract = this.entries.filter(({ account }) => account.equals(address));
        return ofContract.map(({ transaction }) => errorOf(transaction)).find((error) => error !== null) ?? 'none';
    }

    labelOf(address: Address | null): string {
        return address ? (this.labels.get(address.toRawString()) ?? address.toString()) : 'nobody';
    }

    isWallet(account: Address): boolean {
        return this.people.some(({ address }) => address.equals(account));
    }

    async isDeployed(account: Address): Promise<boolean> {
        return (await this.chain.getContract(account)).accountState?.type === 'active';
    }

    async balanceOf(account: Address): Promise<bigint> {
        return (await this.chain.getContract(account)).balance;
    }

    async reportOf({ name, wallet, address }: Person): Promise<PersonReport> {
        const own = this.ledger.entries.filter(({ account }) => account.equals(address));
        const broughtIn = sum(own, (entry) => entry.broughtIn);
        const gotBack = this.valueOf(own, (what) => RETURNS.includes(what));
        return {
            name,
            wallet,
            address: address.toString(),
            broughtIn,
            paid: sum(own, ({ transaction }) => outgoingValue(transaction)),
            gotBack,
            received: this.valueOf(own) - gotBack - broughtIn,
            fees: totalFees(sumFees(own)),
            balance: await this.balanceOf(address),
        };
    }

    private get entries(): LedgerEntry[] {
        return this.ledger.entries.slice(this.before);
    }

    private gasUsed(inWallets: boolean): number {
        return this.entries
            .filter(({ account }) => this.isWallet(account) === inWallets)
            .reduce((gas, { transaction }) => gas + Number(computePhase(transaction)?.gasUsed ?? 0n), 0);
    }

    /** Empty for what a wallet's app tells the wallet: it shows in what the wallet then sends. */
    private describe({ account, transaction }: LedgerEntry): StepMessage[] {
        const message = transaction.inMessage;
        if (!message || (message.info.type === 'external-in' && this.isWallet(account))) {
            return [];
        }
        const { info } = message;
        return [
            {
                from: info.type === 'internal' ? this.labelOf(info.src) : 'stranger',
                to: this.labelOf(account),
                what: this.kindOf(message),
                amount: incomingValue(transaction),
                error: errorOf(transaction),
            },
        ];
    }

    private valueOf(entries: LedgerEntry[], isCounted: (what: string) => boolean = () => true): bigint {
        return sum(entries, ({ transaction }) =>
            transaction.inMessage && isCounted(this.kindOf(transaction.inMessage)) ? incomingValue(transaction) : 0n,
        );
    }

    /** What a message is: the key of its op in `UsernameOp` or `AdsOp`, or what it does without one. */
    private kindOf({ info, body }: Message): string {
        if (info.type !== 'internal') {
            return 'unsigned external';
        }
        if (info.bounced) {
            return 'bounce';
        }
        if (body.bits.length < 32) {
            const isBid = this.labelOf(info.dest).startsWith('@');
            return info.src.equals(FAUCET) ? 'coins' : isBid ? 'bid' : 'payment';
        }
        const slice = body.beginParse();
        const op = slice.loadUint(32);
        if (op === AdsOp.comment) {
            return slice.loadStringTail();
        }
        return usernameOpName(op) ?? adsOpName(op) ?? `0x${op.toString(16)}`;
    }
}

function computePhase({ description }: Transaction) {
    return description.type === 'generic' && description.computePhase.type === 'vm' ? description.computePhase : null;
}

/** The name of the exit code of a transaction that failed. */
function errorOf(transaction: Transaction): string | null {
    const compute = computePhase(transaction);
    if (!compute || compute.success) {
        return null;
    }
    const { exitCode } = compute;
    return usernameErrorName(exitCode) ?? adsErrorName(exitCode) ?? `exit code ${exitCode}`;
}
