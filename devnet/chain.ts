import {
    Address,
    beginCell,
    Cell,
    comment,
    Dictionary,
    getMethodId,
    loadMessage,
    parseTuple,
    serializeTuple,
    storeMessage,
    type Message,
    type Transaction,
    type TupleItem,
} from '@ton/core';
import { internal } from '@ton/sandbox';

import { AccountState } from './account';
import { toRecord, type Block, type BlockRecord, type ChainRecord } from './blocks';
import { toBase64 } from './cells';
import { Draft, randomSeed, Rejection, type Root } from './draft';
import { EmulatorAbort, type Emulator } from './emulator';
import { History } from './history';

/** Whom faucet money comes from. No account is there. */
export const FAUCET = new Address(0, Buffer.alloc(32, 0xfa));

/** So many waiting messages go into one block at most. */
const MAX_MESSAGES = 64;
/** What a liteserver gives a getter. */
const GETTER_GAS = 1_000_000n;

/** What a getter gave; `exitCode` is -13 where there is no contract, as on the network. */
export type GetResult = { exitCode: number; gasUsed: number; stack: TupleItem[]; stackBoc: string | null };

export type Sealed = {
    block: Block;
    /** Messages that were waiting and were not taken in. */
    dropped: { hash: Buffer; reason: string }[];
};

type Waiting = { root: Root; resolve: () => void; reject: (error: Error) => void };

/** Where a chain's changes are kept. */
type Book = { append(record: ChainRecord): Promise<void> };

/**
 * A chain of blocks over the emulator. A message from outside and everything that follows from it are in one block, or,
 * if any of it cannot be done, in none. Nothing is to be seen of a block before its book has it.
 */
export class Chain extends History {
    private readonly waiting: Waiting[] = [];
    /** Messages that wait for a block made by hand. */
    private readonly pool = new Map<string, Cell>();
    /** The chain's clock is ahead of the machine's by so many seconds. */
    private offset = 0;
    /** Ends when everything that was asked for so far is done. */
    private idle: Promise<unknown> = Promise.resolve();
    private book: Book | null = null;
    /** Whether a message makes its own block at once. */
    automatic = true;

    /** @param emulators one for transactions and one for getters, which then need not wait for each other */
    constructor(
        private readonly emulators: { transactions: Emulator; getters: Emulator },
        readonly config: Cell,
    ) {
        super([AccountState.config(config)]);
    }

    /**
     * From now on every change is appended to the book before it is to be seen; if that throws, the change is not made.
     *
     * @param open makes the book; it can ask for all that there is already
     */
    keep(open: (records: () => ChainRecord[]) => Promise<Book>): Promise<void> {
        return this.exclusive(async () => {
            this.book = await open(() => this.records());
        });
    }

    /** All that there is, for `restore`. */
    private records(): ChainRecord[] {
        const blocks = this.blocks.map((block): BlockRecord => {
            const changed = new Set(block.transactions.map(({ account }) => account.toRawString()));
            return {
                type: 'block',
                seqno: block.seqno,
                now: block.now,
                transactions: block.transactions.map(toRecord),
                accounts: [...changed].map((account) => ({
                    account,
                    boc: this.account(Address.parse(account), block.seqno).boc,
                })),
            };
        });
        return [...blocks, { type: 'time', offset: this.offset }];
    }

    restore(record: ChainRecord): void {
        if (record.type === 'time') {
            this.offset = record.offset;
        } else {
            this.restoreBlock(record);
        }
    }

    /** The chain's time in unix seconds: the machine's, moved on by what it was advanced. It never goes back. */
    get now(): number {
        return Math.max(Math.floor(Date.now() / 1000) + this.offset, this.blocks.at(-1)?.now ?? 0);
    }

    configParam(id: number): Cell | undefined {
        return Dictionary.loadDirect(Dictionary.Keys.Int(32), Dictionary.Values.Cell(), this.config).get(id);
    }

    /**
     * Takes in an external message and returns when its block is made; without automatic blocks, when the message waits
     * for one. Throws `Rejection`.
     */
    async send(cell: Cell): Promise<void> {
        checkExternal(cell);
        if (this.automatic) {
            return this.takeIn(() => cell);
        }
        await this.exclusive(async () => {
            await this.draft().execute(() => cell);
            this.pool.set(cell.hash().toString('hex'), cell);
        });
    }

    /** What an external message would do now, without doing it. Throws `Rejection`. */
    async dryRun(cell: Cell, ignoreSignature: boolean): Promise<Transaction> {
        checkExternal(cell);
        const [first] = await this.exclusive(() => this.draft().execute(() => cell, { ignoreSignature, limit: 1 }));
        if (!first) {
            throw new Error('A message that was accepted made no transaction.');
        }
        return first.transaction;
    }

    /** Gives an account nanotons that were not on the chain before. */
    async faucet(to: Address, amount: bigint): Promise<void> {
        checkWorkchain(to);
        const message = { from: FAUCET, to, value: amount, bounce: false, body: comment('faucet') };
        await this.takeIn(({ lt, now }) => {
            // Clients find a transaction by its message's time, so no two messages have the same
            const stamped = internal({ ...message, createdLt: lt + 1n, createdAt: now });
            return beginCell().store(storeMessage(stamped)).endCell();
        });
    }

    /** Makes a block of everything that waits, and an empty one if nothing does. */
    seal(): Promise<Sealed> {
        return this.exclusive(async () => {
            const dropped: Sealed['dropped'] = [];
            const draft = this.draft();
            const messages = [...this.pool];
            for (const [hash, cell] of messages) {
                try {
                    await draft.execute(() => cell);
                } catch (error) {
                    dropped.push({ hash: Buffer.from(hash, 'hex'), reason: errorOf(error).message });
                }
            }
            await this.close(draft);
            messages.forEach(([hash]) => this.pool.delete(hash));
            return { block: this.last, dropped };
        });
    }

    /** Moves the chain's time on to `to`, in unix seconds, and makes an empty block at it. Time does not go back. */
    async advance(to: number): Promise<void> {
        await this.exclusive(async () => {
            if (to < this.now) {
                throw new RangeError(`The chain's time is ${this.now} already and does not go back to ${to}.`);
            }
            const offset = to - Math.floor(Date.now() / 1000);
            await this.book?.append({ type: 'time', offset });
            this.offset = offset;
            await this.close(this.draft());
        });
    }

    /** Runs a getter on the account as it is, or as it was after the block `seqno`. */
    async get(address: Address, method: string | number, stack: TupleItem[], seqno?: number): Promise<GetResult> {
        const past = seqno !== undefined && seqno < this.last.seqno ? this.block(seqno) : undefined;
        const now = past?.now ?? this.now;
        const state = this.account(address, past?.seqno);
        if (!state.contract) {
            return { exitCode: -13, gasUsed: 0, stack: [], stackBoc: null };
        }
        const response = await this.emulators.getters.run({
            kind: 'get',
            code: toBase64(state.contract.code),
            data: toBase64(state.contract.data),
            methodId: typeof method === 'number' ? method : getMethodId(method),
            stack: toBase64(serializeTuple(stack)),
            address: address.toRawString(),
            now,
            balance: state.balance,
            randomSeed: randomSeed(this.lt, now),
            gasLimit: GETTER_GAS,
        });
        if (response.kind !== 'result') {
            throw new EmulatorAbort(response.kind === 'rejected' ? response.error : 'The emulator gave no result');
        }
        const { exitCode, gasUsed, stack: stackBoc } = response;
        return { exitCode, gasUsed, stack: parseTuple(Cell.fromBase64(stackBoc)), stackBoc };
    }

    /** Ends when everything that was begun is done. */
    async settled(): Promise<void> {
        await this.idle;
    }

    private exclusive<T>(run: () => Promise<T>): Promise<T> {
        const result = this.idle.then(run);
        this.idle = result.catch(() => undefined);
        return result;
    }

    private takeIn(root: Root): Promise<void> {
        return new Promise((resolve, reject) => {
            this.waiting.push({ root, resolve, reject });
            void this.exclusive(() => this.makeBlock());
        });
    }

    /** One block for everybody who waits, so that they also wait for the state file only once. */
    private async makeBlock(): Promise<void> {
        const batch = this.waiting.splice(0, MAX_MESSAGES);
        if (batch.length === 0) {
            return;
        }
        const draft = this.draft();
        const included: Waiting[] = [];
        for (const entry of batch) {
            try {
                await draft.execute(entry.root);
                included.push(entry);
            } catch (error) {
                entry.reject(errorOf(error));
            }
        }
        try {
            if (included.length > 0) {
                await this.close(draft);
            }
            included.forEach(({ resolve }) => resolve());
        } catch (error) {
            included.forEach(({ reject }) => reject(errorOf(error)));
        }
    }

    private draft(): Draft {
        return new Draft(this, this.emulators.transactions, this.now, this.lt);
    }

    private async close(draft: Draft): Promise<void> {
        const record: BlockRecord = {
            type: 'block',
            seqno: this.blocks.length + 1,
            now: draft.now,
            transactions: draft.transactions.map(toRecord),
            accounts: [...draft.accounts].map(([account, boc]) => ({ account, boc })),
        };
        await this.book?.append(record);
        this.publish(record, draft.transactions);
    }
}

/** Throws `Rejection` for a cell that is no external message. */
function checkExternal(cell: Cell): void {
    let message: Message;
    try {
        message = loadMessage(cell.beginParse());
    } catch {
        throw new Rejection('The cell is no message.');
    }
    if (message.info.type !== 'external-in') {
        throw new Rejection(`From outside come external messages only, and this is an ${message.info.type} one.`);
    }
    checkWorkchain(message.info.dest);
}

function checkWorkchain({ workChain }: Address): void {
    if (workChain !== 0 && workChain !== -1) {
        throw new Rejection(`There is no workchain ${workChain}: there are 0 and -1.`);
    }
}

const errorOf = (error: unknown): Error => (error instanceof Error ? error : new Error(String(error)));
