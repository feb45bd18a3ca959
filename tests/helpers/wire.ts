import { Cell, loadShardAccount, loadTransaction, type Message, type StateInit, type Transaction } from '@ton/core';
import type { IExecutor } from '@ton/sandbox';

import { type ContractName, loadCode } from '../../compilables/compile';
import { AdsOp, UsernameOp } from '../../wrappers';
import { opOf } from './base-world';
import { Schema } from './tlb';

type Run = Parameters<IExecutor['runTransaction']>[0];
type Emulation = Awaited<ReturnType<IExecutor['runTransaction']>>;

/** One half of the contracts on the wire. */
type Half = {
    schema: Schema;
    /** The op of a value that is given back. */
    returnOp: number;
    /** The cells that were read before, with their type. */
    known: Set<string>;
};

const usernames: Half = { schema: Schema.load('usernames.tlb'), returnOp: UsernameOp.return_bid, known: new Set() };
const ads: Half = { schema: Schema.load('ads.tlb'), returnOp: AdsOp.return_value, known: new Set() };

/** `stored`: what the contract's storage is called in its schema. */
type Contract = { name: ContractName; half: Half; stored: string };

const CONTRACTS: Contract[] = [
    { name: 'UsernameCollection', half: usernames, stored: 'Collection' },
    { name: 'UsernameItem', half: usernames, stored: 'Item' },
    { name: 'AdNetwork', half: ads, stored: 'AdNetwork' },
    { name: 'ChannelAccount', half: ads, stored: 'ChannelAccount' },
    { name: 'Campaign', half: ads, stored: 'Campaign' },
];

/** What was read so far in this thread, each time that it came. */
export const read = { messages: 0, cells: 0 };

/** What our contracts took, sent and stored in a transaction is in the schema, to the last bit and reference. Throws. */
export function checkEmulation({ shardAccount }: Run, { result }: Emulation): void {
    if (!result.success) {
        return;
    }
    const [before, after] = [stateIn(shardAccount), stateIn(result.shardAccount)];
    const contract = contractOf(after ?? before);
    if (!contract) {
        return;
    }
    for (const state of [before, after]) {
        checkStored(state);
    }
    const tx = loadTransaction(Cell.fromBase64(result.transaction).beginParse());
    checkMessages(contract.half, tx, before, after);
}

/** What an account is; undefined where it is not active. */
function stateIn(boc: string): StateInit | undefined {
    const { account } = loadShardAccount(Cell.fromBase64(boc).beginParse());
    const state = account?.storage.state;
    return state?.type === 'active' ? state.state : undefined;
}

/** Which of our contracts has this code. */
function contractOf(state: StateInit | undefined): Contract | undefined {
    return CONTRACTS.find(({ name }) => state?.code?.equals(loadCode(name)));
}

function checkStored(state: StateInit | undefined): void {
    const contract = contractOf(state);
    if (contract && state?.data) {
        decode(contract.half, contract.stored, state.data);
        read.cells += 1;
    }
}

/** What one of our contracts took, unless it refused it, and what it sent. */
function checkMessages(half: Half, tx: Transaction, before: StateInit | undefined, after: StateInit | undefined): void {
    const { description } = tx;
    if (description.type !== 'generic' || description.aborted) {
        return;
    }
    const took = tx.inMessage!;
    const sent = tx.outMessages.values();
    const data = (before ?? took.init)?.data;
    const isUnchanged = after?.data ? data?.equals(after.data) : !data;
    // What is refused and cannot bounce is given back, if its value pays for that
    const isGivenBack =
        sent.every((message) => opOf(message) === half.returnOp) &&
        (sent.length > 0 || (took.info.type === 'internal' && !took.info.bounce));
    for (const message of isUnchanged && isGivenBack ? sent : [took, ...sent]) {
        checkMessage(half, message);
    }
}

function checkMessage(half: Half, { info, body }: Message): void {
    const isPlain = body.bits.length === 0 && body.refs.length === 0;
    if (info.type === 'internal' && !info.bounced && !isPlain) {
        decode(half, 'InternalMsgBody', body);
        read.messages += 1;
    }
}

function decode({ schema, known }: Half, type: string, cell: Cell): void {
    const key = `${type} ${cell.hash().toString('base64')}`;
    if (!known.has(key)) {
        schema.decodeType(type, cell);
        known.add(key);
    }
}
