import { Dictionary, loadTransaction, type Address, type Cell, type Transaction } from '@ton/core';

import { toBase64 } from './cells';

/** A transaction of the chain. `inMessage` and `outMessages` are the cells of its messages. */
export type ChainTransaction = {
    account: Address;
    cell: Cell;
    transaction: Transaction;
    hash: Buffer;
    lt: bigint;
    seqno: number;
    /** The hash of the transaction from which this one follows, of itself if from none. */
    trace: Buffer;
    inMessage: Cell | null;
    outMessages: Cell[];
};

export type Block = {
    seqno: number;
    /** Unix seconds. */
    now: number;
    rootHash: Buffer;
    fileHash: Buffer;
    transactions: ChainTransaction[];
    startLt: bigint;
    endLt: bigint;
};

/** A block as the state file keeps it: transactions and the accounts that they changed, as base64 BoCs. */
export type BlockRecord = {
    type: 'block';
    seqno: number;
    now: number;
    transactions: { account: string; boc: string }[];
    accounts: { account: string; boc: string }[];
};

/** The chain's clock is ahead of the machine's by so many seconds. */
export type TimeRecord = { type: 'time'; offset: number };

export type ChainRecord = BlockRecord | TimeRecord;

/** A transaction that is in no block yet. */
export type Executed = Omit<ChainTransaction, 'seqno' | 'trace'>;

/** Reads a block.tlb `Transaction` of an account. */
export function fromCell(account: Address, cell: Cell): Executed {
    const transaction = loadTransaction(cell.beginParse());
    const messages = cell.beginParse().loadRef().beginParse();
    const inMessage = messages.loadMaybeRef();
    const outMessages = messages.loadDict(Dictionary.Keys.Uint(15), Dictionary.Values.Cell());
    return {
        account,
        cell,
        transaction,
        hash: cell.hash(),
        lt: transaction.lt,
        inMessage,
        outMessages: outMessages
            .keys()
            .sort((a, b) => a - b)
            .flatMap((key) => outMessages.get(key) ?? []),
    };
}

export function toRecord({ account, cell }: Executed): BlockRecord['transactions'][number] {
    return { account: account.toRawString(), boc: toBase64(cell) };
}
