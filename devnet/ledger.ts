import { Address, Cell, loadShardAccount, loadTransaction, type Transaction } from '@ton/core';
import type { Blockchain, IExecutor } from '@ton/sandbox';

type RunTransactionArgs = Parameters<IExecutor['runTransaction']>[0];
type EmulationResult = Awaited<ReturnType<IExecutor['runTransaction']>>;

/** What the network takes, in nanotons. */
export type NetworkFees = {
    /** Rent of the account. */
    storage: bigint;
    gas: bigint;
    /** Messages: those that are sent, and an external one that is taken in. */
    messages: bigint;
};

/** One transaction. Amounts in nanotons. */
export type LedgerEntry = {
    account: Address;
    transaction: Transaction;
    fees: NetworkFees;
    /** What came with a message that no account of this chain had sent. */
    broughtIn: bigint;
    /** 0n, or what vanished in it, on the way to it or since the account's last one (negative: what appeared). */
    missing: bigint;
};

/** All of them together, in nanotons: `broughtIn` = `held` + `fees` + `missing`. */
export type LedgerBalance = {
    broughtIn: bigint;
    held: { account: Address; balance: bigint }[];
    fees: NetworkFees;
    /** 0n if no nanoton was lost or made. */
    missing: bigint;
};

export function totalFees({ storage, gas, messages }: NetworkFees): bigint {
    return storage + gas + messages;
}

export function networkFees(tx: Transaction): NetworkFees {
    const { description } = tx;
    if (description.type !== 'generic') {
        throw new Error(`The ledger knows no ${description.type} transaction.`);
    }
    const storage = description.storagePhase?.storageFeesCollected ?? 0n;
    const gas = description.computePhase.type === 'vm' ? description.computePhase.gasFees : 0n;
    // Of a message's fee total_fees has the sender's part only: the rest travels with it to the receiver's validators
    const travelling = sum(tx.outMessages.values(), ({ info }) => (info.type === 'internal' ? info.forwardFee : 0n));
    return { storage, gas, messages: tx.totalFees.coins - storage - gas + travelling };
}

/** What a transaction lost, in nanotons: what its account had and got, less what it sent, paid and has. 0n if all is there. */
export function missingFrom(tx: Transaction, balance: { before: bigint; after: bigint }): bigint {
    return balance.before + incomingValue(tx) - outgoingValue(tx) - totalFees(networkFees(tx)) - balance.after;
}

/** What is lacking overall, in nanotons: what was brought in, less what the accounts hold and the network took. */
export function missingOverall({ broughtIn, held, fees }: Omit<LedgerBalance, 'missing'>): bigint {
    return broughtIn - sum(held, ({ balance }) => balance) - totalFees(fees);
}

/**
 * Keeps account of every nanoton on an embedded chain. It runs the chain's transactions, so none gets past it:
 *
 * ```ts
 * const ledger = new Ledger(await Executor.create());
 * const chain = await Blockchain.create({ executor: ledger });
 * ```
 */
export class Ledger implements IExecutor {
    readonly entries: LedgerEntry[] = [];
    private readonly book = new Map<string, { account: Address; balance: bigint }>();
    /** Values of messages that are sent and not received yet, by sender and logical time. */
    private readonly travelling = new Map<string, bigint>();

    constructor(private readonly executor: IExecutor) {}

    runGetMethod(...args: Parameters<IExecutor['runGetMethod']>): ReturnType<IExecutor['runGetMethod']> {
        return this.executor.runGetMethod(...args);
    }

    runTickTock(): Promise<EmulationResult> {
        throw new Error('The ledger keeps no account of masterchain transactions.');
    }

    async runTransaction(args: RunTransactionArgs): Promise<EmulationResult> {
        const emulation = await this.executor.runTransaction(args);
        if (emulation.result.success) {
            const { transaction, shardAccount } = emulation.result;
            const { account } = loadShardAccount(Cell.fromBase64(shardAccount).beginParse());
            this.record(
                loadTransaction(Cell.fromBase64(transaction).beginParse()),
                account?.storage.balance.coins ?? 0n,
            );
        }
        return emulation;
    }

    private record(transaction: Transaction, after: bigint): void {
        const account = transaction.inMessage?.info.dest;
        if (!Address.isAddress(account)) {
            throw new Error('The ledger knows no transaction without an incoming message.');
        }
        const key = account.toRawString();
        const before = this.book.get(key)?.balance ?? 0n;
        const { broughtIn, lost } = this.receive(transaction);
        this.book.set(key, { account, balance: after });
        this.entries.push({
            account,
            transaction,
            fees: networkFees(transaction),
            broughtIn,
            missing: lost + missingFrom(transaction, { before, after }),
        });
        for (const { info } of transaction.outMessages.values()) {
            if (info.type === 'internal') {
                this.travelling.set(`${info.src.toRawString()} ${info.createdLt}`, info.value.coins);
            }
        }
    }

    /** Takes the incoming message off the travelling ones. If it was none of them, its value is brought in. */
    private receive({ inMessage }: Transaction): { broughtIn: bigint; lost: bigint } {
        if (inMessage?.info.type !== 'internal') {
            return { broughtIn: 0n, lost: 0n };
        }
        const { src, createdLt, value } = inMessage.info;
        const key = `${src.toRawString()} ${createdLt}`;
        const sent = this.travelling.get(key);
        this.travelling.delete(key);
        return sent === undefined ? { broughtIn: value.coins, lost: 0n } : { broughtIn: 0n, lost: sent - value.coins };
    }

    /** The balance of everything so far. `held` is what the chain says, and not what the ledger expects. */
    async balance(chain: Blockchain): Promise<LedgerBalance> {
        const held: LedgerBalance['held'] = [];
        for (const { account } of this.book.values()) {
            held.push({ account, balance: (await chain.getContract(account)).balance });
        }
        const totals = {
            broughtIn: sum(this.entries, (entry) => entry.broughtIn),
            held,
            fees: sumFees(this.entries),
        };
        return { ...totals, missing: missingOverall(totals) };
    }
}

export function sumFees(entries: LedgerEntry[]): NetworkFees {
    return {
        storage: sum(entries, ({ fees }) => fees.storage),
        gas: sum(entries, ({ fees }) => fees.gas),
        messages: sum(entries, ({ fees }) => fees.messages),
    };
}

/** The value that came in with a transaction, in nanotons. */
export function incomingValue({ inMessage }: Transaction): bigint {
    return inMessage?.info.type === 'internal' ? inMessage.info.value.coins : 0n;
}

/** The values of the messages that a transaction sent, in nanotons. */
export function outgoingValue({ outMessages }: Transaction): bigint {
    return sum(outMessages.values(), ({ info }) => (info.type === 'internal' ? info.value.coins : 0n));
}

export function sum<T>(items: T[], amountOf: (item: T) => bigint): bigint {
    return items.reduce((total, item) => total + amountOf(item), 0n);
}
