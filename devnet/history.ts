import { Address, Cell } from '@ton/core';

import { AccountState } from './account';
import { fromCell, type Block, type BlockRecord, type ChainTransaction, type Executed } from './blocks';
import { sha256 } from './cells';

/** Each transaction's logical time is so far from the one before, which leaves room for its messages. */
export const LT_STEP = 1_000_000n;

/** The blocks that there are, and what can be asked of them. */
export class History {
    /** By seqno, which starts at 1. */
    readonly blocks: Block[] = [];
    private readonly histories = new Map<string, { seqno: number; state: AccountState }[]>();
    private readonly byAccount = new Map<string, ChainTransaction[]>();
    private readonly byHash = new Map<string, ChainTransaction>();
    private readonly bySentMessage = new Map<string, ChainTransaction>();
    private readonly byReceivedMessage = new Map<string, ChainTransaction>();
    /** The logical time of the last transaction. */
    protected lt = 0n;

    /** @param genesis accounts that are there before the first block */
    constructor(genesis: AccountState[]) {
        for (const state of genesis) {
            this.histories.set(state.address.toRawString(), [{ seqno: 0, state }]);
        }
    }

    /** The last block; a chain without one has no state to ask for. */
    get last(): Block {
        const block = this.blocks.at(-1);
        if (!block) {
            throw new Error('The chain has no block yet.');
        }
        return block;
    }

    block(seqno: number): Block | undefined {
        return this.blocks[seqno - 1];
    }

    /** The last block that is not after `time`, in unix seconds. */
    blockAt(time: number): Block | undefined {
        let seqno = this.blocks.length;
        while ((this.block(seqno)?.now ?? 0) > time) {
            seqno -= 1;
        }
        return this.block(seqno);
    }

    /** As it was after the block `seqno`, or as it is. */
    account(address: Address, seqno = Infinity): AccountState {
        const history = this.histories.get(address.toRawString()) ?? [];
        let index = history.length - 1;
        while ((history[index]?.seqno ?? 0) > seqno) {
            index -= 1;
        }
        return history[index]?.state ?? AccountState.empty(address);
    }

    /** Every account that there is, as it is. */
    accounts(): AccountState[] {
        return [...this.histories.values()].flatMap((history) => history.at(-1)?.state ?? []);
    }

    /** An account's transactions, the oldest first. */
    transactionsOf(address: Address): readonly ChainTransaction[] {
        return this.byAccount.get(address.toRawString()) ?? [];
    }

    transaction(hash: Buffer): ChainTransaction | undefined {
        return this.byHash.get(hash.toString('hex'));
    }

    /** The transaction that a message caused or that sent it. */
    locate(which: 'result' | 'source', source: Address, destination: Address, createdLt: bigint) {
        const messages = which === 'result' ? this.byReceivedMessage : this.bySentMessage;
        return messages.get(messageKey(source, destination, createdLt));
    }

    /** Adds a block that a state file has. */
    protected restoreBlock(record: BlockRecord): void {
        if (record.seqno !== this.blocks.length + 1) {
            throw new Error(`After block ${this.blocks.length} comes block ${record.seqno} in the state file.`);
        }
        const transactions = record.transactions.map(({ account, boc }) =>
            fromCell(Address.parse(account), Cell.fromBase64(boc)),
        );
        this.publish(record, transactions);
    }

    protected publish({ seqno, now, accounts }: BlockRecord, executed: Executed[]): void {
        const content = executed.map(({ hash }) => hash.toString('hex')).join();
        const rootHash = sha256(`${this.blocks.at(-1)?.rootHash.toString('hex') ?? ''} ${seqno} ${now} ${content}`);
        const startLt = (this.blocks.at(-1)?.endLt ?? 0n) + 1n;
        this.lt = executed.at(-1)?.lt ?? this.lt;
        const fileHash = sha256(rootHash);
        const transactions: ChainTransaction[] = [];
        this.blocks.push({ seqno, now, rootHash, fileHash, transactions, startLt, endLt: this.lt + LT_STEP - 1n });
        for (const { account, boc } of accounts) {
            const state = new AccountState(Address.parse(account), boc);
            listOf(this.histories, account).push({ seqno, state });
        }
        for (const done of executed) {
            const { account, transaction, hash } = done;
            const cause = transaction.inMessage?.info;
            const source =
                cause?.type === 'internal' ? this.locate('source', cause.src, cause.dest, cause.createdLt) : undefined;
            const entry = { ...done, seqno, trace: source?.trace ?? hash };
            transactions.push(entry);
            listOf(this.byAccount, account.toRawString()).push(entry);
            this.byHash.set(hash.toString('hex'), entry);
            if (cause?.type === 'internal') {
                this.byReceivedMessage.set(messageKey(cause.src, cause.dest, cause.createdLt), entry);
            }
            for (const { info } of transaction.outMessages.values()) {
                if (info.type === 'internal') {
                    this.bySentMessage.set(messageKey(info.src, info.dest, info.createdLt), entry);
                }
            }
        }
    }
}

const messageKey = (source: Address, destination: Address, createdLt: bigint): string =>
    `${source.toRawString()} ${destination.toRawString()} ${createdLt}`;

function listOf<T>(map: Map<string, T[]>, key: string): T[] {
    const list = map.get(key) ?? [];
    map.set(key, list);
    return list;
}
