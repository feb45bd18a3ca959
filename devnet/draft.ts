import {
    Address,
    beginCell,
    Cell,
    loadMessage,
    loadShardAccount,
    storeShardAccount,
    type ShardAccount,
} from '@ton/core';

import { fromCell, type Executed } from './blocks';
import { sha256, toBase64 } from './cells';
import { EmulatorAbort, type Emulator, type EmulatorResponse, type TransactionRequest } from './emulator';
import { LT_STEP, type History } from './history';

/** One message from outside may cause so many transactions, with its own. */
const MAX_TRANSACTIONS = 1000;

/** Why a message was not taken in. It has changed nothing. */
export class Rejection extends Error {
    override readonly name = 'Rejection';

    /** @param exitCode of the receiver's TVM; null if it did not run to an end */
    constructor(
        message: string,
        readonly account: Address | null = null,
        readonly exitCode: number | null = null,
    ) {
        super(message);
    }
}

type Emulated = Extract<EmulatorResponse, { kind: 'transaction' }>;

/** The message with which a work begins, made when the work begins. */
export type Root = (draft: Draft) => Cell;

/** What the next block will change. */
export class Draft {
    readonly transactions: Executed[] = [];
    readonly accounts = new Map<string, string>();

    /**
     * @param now the block's time in unix seconds
     * @param lt the last logical time that is in use
     */
    constructor(
        private readonly history: History,
        private readonly emulator: Emulator,
        readonly now: number,
        public lt: bigint,
    ) {}

    /** Runs a message and what follows from it. Throws `Rejection`, and the draft is then as it was before. */
    async execute(root: Root, { ignoreSignature = false, limit = Infinity } = {}): Promise<Executed[]> {
        const executed: Executed[] = [];
        const changed = new Map<string, string>();
        let { lt } = this;
        const queue = [root(this)];
        for (let message = queue.shift(); message && executed.length < limit; message = queue.shift()) {
            if (executed.length === MAX_TRANSACTIONS) {
                throw new Rejection(
                    `It causes more than ${MAX_TRANSACTIONS} transactions: does it go round in circles?`,
                );
            }
            const { dest } = loadMessage(message.beginParse()).info;
            if (!Address.isAddress(dest)) {
                continue;
            }
            const key = dest.toRawString();
            lt += LT_STEP;
            const before = changed.get(key) ?? this.accounts.get(key) ?? this.history.account(dest).boc;
            const result = await this.run(message, { address: dest, before, lt, ignoreSignature });
            changed.set(key, result.account);
            const done = fromCell(dest, Cell.fromBase64(result.transaction));
            executed.push(done);
            queue.push(...done.outMessages.filter((cell) => cell.bits.at(0) === false));
        }
        this.lt = lt;
        this.transactions.push(...executed);
        changed.forEach((boc, key) => this.accounts.set(key, boc));
        return executed;
    }

    private async run(
        message: Cell,
        {
            address,
            before,
            lt,
            ignoreSignature,
        }: { address: Address; before: string; lt: bigint; ignoreSignature: boolean },
    ): Promise<Emulated> {
        const request = {
            kind: 'transaction' as const,
            account: before,
            message: toBase64(message),
            now: this.now,
            lt,
            randomSeed: randomSeed(lt, this.now),
            ignoreSignature,
        };
        let response = await this.emulate(request);
        const isExternal = message.bits.at(0);
        const machineTime = Math.floor(Date.now() / 1000);
        if (response.kind === 'rejected' && isExternal && machineTime < this.now) {
            // A wallet's message holds for a minute of the machine's time, by which its app made it
            const second = await this.emulate({ ...request, ...asOf(before, machineTime) });
            response = second.kind === 'transaction' ? withTime(second, this.now, before) : response;
        }
        if (response.kind === 'transaction') {
            return response;
        }
        const [reason, exitCode] = response.kind === 'rejected' ? [response.error, response.exitCode] : ['', null];
        throw new Rejection(reason, address, exitCode);
    }

    private async emulate(request: TransactionRequest): Promise<EmulatorResponse> {
        try {
            return await this.emulator.run(request);
        } catch (error) {
            throw error instanceof EmulatorAbort ? new Rejection(`${error.message}. The message was left out.`) : error;
        }
    }
}

/** A block's randomness: the same wherever the same is run at the same time. */
export const randomSeed = (lt: bigint, now: number): string => sha256(`${lt} ${now}`).toString('hex');

/** An account at an earlier time: its rent cannot be paid for longer, or the emulator refuses to run it. */
function asOf(boc: string, now: number): { account: string; now: number } {
    const shard = loadShard(boc);
    if (shard.account) {
        const { storageStats } = shard.account;
        storageStats.lastPaid = Math.min(storageStats.lastPaid, now);
    }
    return { account: toBase64(beginCell().store(storeShardAccount(shard)).endCell()), now };
}

/** What ran as of an earlier time, with the chain's time in it; the account has its rent paid as long as it had `before`. */
function withTime({ kind, transaction, account }: Emulated, now: number, before: string): Emulated {
    // transaction$0111 account_addr:bits256 lt:uint64 prev_trans_hash:bits256 prev_trans_lt:uint64 now:uint32 ...
    const slice = Cell.fromBase64(transaction).beginParse();
    const head = slice.loadBits(4 + 256 + 64 + 256 + 64);
    const cell = beginCell().storeBits(head).storeUint(now, 32).storeSlice(slice.skip(32)).endCell();
    const shard = loadShard(account);
    shard.lastTransactionHash = BigInt(`0x${cell.hash().toString('hex')}`);
    if (shard.account) {
        const { storageStats } = shard.account;
        storageStats.lastPaid = Math.max(storageStats.lastPaid, loadShard(before).account?.storageStats.lastPaid ?? 0);
    }
    const after = beginCell().store(storeShardAccount(shard)).endCell();
    return { kind, transaction: toBase64(cell), account: toBase64(after) };
}

const loadShard = (boc: string): ShardAccount => loadShardAccount(Cell.fromBase64(boc).beginParse());
