import {
    Address,
    beginCell,
    BitString,
    Cell,
    loadShardAccount,
    storeMessage,
    storeShardAccount,
    type AccountStorage,
    type Message,
    type ShardAccount,
    type StateInit,
    type Transaction,
} from '@ton/core';
import { createEmptyShardAccount } from '@ton/sandbox';

import { forwardFee, type NetworkPrices } from '../../../wrappers';
import { cellSize } from '../../../wrappers/common/cells';
import { exitCode, gasFees, gasUsed, storageFee } from '../../helpers/world';

export const OUT_OF_GAS = -14;

/** An account as a message finds it, and when. A message at it leaves it as it is: what it becomes is another one. */
export type Held = { address: Address; account: ShardAccount; boc: string; now: number };

export function hold(account: ShardAccount, now: number): Held {
    const address = account.account?.addr;
    if (!Address.isAddress(address)) {
        throw new Error('There is no account');
    }
    const boc = beginCell().store(storeShardAccount(account)).endCell().toBoc().toString('base64');
    return { address, account, boc, now };
}

export const holdNothing = (address: Address, now: number): Held => hold(createEmptyShardAccount(address), now);

export const heldBalance = ({ account }: Held): bigint => account.account?.storage.balance.coins ?? 0n;

export const heldData = (held: Held): Cell => partsOf(held).data ?? Cell.EMPTY;

export function partsOf({ account }: Held): { code: Cell | null; data: Cell | null } {
    const state = account.account?.storage.state;
    const { code = null, data = null } = state?.type === 'active' ? state.state : {};
    return { code, data };
}

/**
 * An account's bag of cells after a message. Reading all of it again would take most of the time of a case, so what it had
 * stands for what it has, code and data or the code alone, where the hash shows that it is the same.
 */
function readAccount(boc: string, before: Held, hash: Buffer): ShardAccount {
    const { root, build } = readBoc(boc);
    const { code, data } = partsOf(before);
    for (const known of [[code, data], [code]]) {
        const account = build(root.refs[0] ?? 0, known);
        if (account.hash().equals(hash)) {
            return loadShardAccount(new Cell({ bits: root.bits, refs: [account] }).beginParse());
        }
    }
    return loadShardAccount(Cell.fromBase64(boc).beginParse());
}

type RawCell = { bits: BitString; refs: number[] };

/** A bag of ordinary cells, of which only those are made that are asked for. */
function readBoc(boc: string): { root: RawCell; build: (index: number, known?: (Cell | null)[]) => Cell } {
    const bytes = Buffer.from(boc, 'base64');
    const [flags = 0, offsetBytes = 0] = bytes.subarray(4);
    const width = flags & 7;
    const count = bytes.readUIntBE(6, width);
    const rootAt = 6 + 3 * width + offsetBytes;
    let at = rootAt + width + (flags & 0x80 ? count * offsetBytes : 0);
    const cells = Array.from({ length: count }, (): RawCell => {
        const [refs, halves] = [bytes.readUInt8(at) & 7, bytes.readUInt8(at + 1)];
        const [start, length] = [at + 2, (halves + 1) >> 1];
        at = start + length + refs * width;
        // A byte that is not full is filled with a one and zeros
        const last = halves & 1 ? bytes.readUInt8(start + length - 1) : 0;
        const filling = last === 0 ? 0 : 32 - Math.clz32(last & -last);
        return {
            bits: new BitString(bytes, start * 8, length * 8 - filling),
            refs: Array.from({ length: refs }, (_, ref) => bytes.readUIntBE(start + length + ref * width, width)),
        };
    });
    const cellAt = (index: number): RawCell => {
        const cell = cells[index];
        if (!cell) {
            throw new Error('There is no such cell');
        }
        return cell;
    };
    const build = (index: number, known: (Cell | null)[] = []): Cell => {
        const { bits, refs } = cellAt(index);
        return new Cell({ bits, refs: refs.map((ref, place) => known[place] ?? build(ref)) });
    };
    return { root: cellAt(bytes.readUIntBE(rootAt, width)), build };
}

/** The same account with another balance. */
export const withBalance = (held: Held, coins: bigint): Held => altered(held, { balance: { coins } });

/** The same account with other data, or other code. */
export function withState(held: Held, changes: { code?: Cell; data?: Cell }): Held {
    const state = held.account.account?.storage.state;
    if (state?.type !== 'active') {
        throw new Error('The account has no state');
    }
    return altered(held, { state: { type: 'active', state: { ...state.state, ...changes } } });
}

function altered(held: Held, changes: Partial<AccountStorage>): Held {
    const account = held.account.account;
    if (!account) {
        throw new Error('There is no account');
    }
    return hold({ ...held.account, account: { ...account, storage: { ...account.storage, ...changes } } }, held.now);
}

/** A message to an account, before the network has priced it. */
export type Fire = { from: Address; value: bigint; body: Cell; bounce: boolean; init?: StateInit };

/** What one message did to one account. Amounts in nanotons. */
export type Shot = {
    tx: Transaction;
    /** Undefined: the code did not run. */
    code: number | undefined;
    /** Too little value for gas, or for what is sent: the network undid it. */
    isPoor: boolean;
    /** The account owes so much rent that the network has put it away. */
    isFrozen: boolean;
    /** What the account holds without the message's value, rent paid. */
    pot: bigint;
    /** What is left of the value after the rent that it paid where the account could not. */
    value: bigint;
    /** Units, and what they cost. */
    gas: number;
    gasFees: bigint;
    /** Of the network, for sending what could not be paid. */
    fine: bigint;
    /** How many messages the network left out that could not be sent. */
    skipped: number;
    /** What its sender paid for the message itself. */
    forwardFee: bigint;
    /** What the messages cost that it sent. */
    forwardFees: bigint;
    sent: { to: Address; value: bigint; bounced: boolean; body: Cell; message: Message }[];
    after: Held;
};

/** What the sender of a message in workchain 0 pays for it. */
export function forwardFeeOf(message: Message, prices: NetworkPrices): bigint {
    const root = beginCell().store(storeMessage(message)).endCell();
    const { cells, bits } = cellSize(root);
    return forwardFee(prices, cells - 1, bits - root.bits.length);
}

/** The message as the network carries it: with what its receiver can read of its fee. */
export function priced(to: Address, { from, value, body, bounce, init }: Fire, prices: NetworkPrices): Message {
    const message = (forwardFee: bigint): Message => ({
        info: {
            type: 'internal',
            src: from,
            dest: to,
            value: { coins: value },
            bounce,
            bounced: false,
            ihrDisabled: true,
            ihrFee: 0n,
            forwardFee,
            createdAt: 0,
            createdLt: 0n,
        },
        init,
        body,
    });
    const fee = forwardFeeOf(message(0n), prices);
    // A third of it has gone to the sender's validators
    return message(fee - ((fee * 21845n) >> 16n));
}

export function readShot(held: Held, message: Message, tx: Transaction, boc: string, prices: NetworkPrices): Shot {
    if (tx.description.type !== 'generic') {
        throw new Error(`A ${tx.description.type} transaction`);
    }
    const { actionPhase } = tx.description;
    const { info } = message;
    const [attached, bounce] = info.type === 'internal' ? [info.value.coins, info.bounce] : [0n, true];
    // The network takes the fee of an external message before anything else
    const imported = info.type === 'internal' ? 0n : prices.message.lumpPrice;
    const total = heldBalance(held) + attached - imported - storageFee(tx);
    // Rent is taken before a bounceable value comes, and after another one has come
    const value = !bounce && attached > total ? total : attached;
    const code = exitCode(tx);
    const account = readAccount(boc, held, tx.stateUpdate.newHash);
    const isFrozen = partsOf(held).code !== null && account.account?.storage.state.type !== 'active';
    return {
        tx,
        code,
        isFrozen,
        isPoor: !isFrozen && (code === undefined || code === OUT_OF_GAS || actionPhase?.success === false),
        pot: total - value,
        value,
        gas: gasUsed(tx),
        gasFees: gasFees(tx),
        fine: actionPhase?.success === false ? (actionPhase.totalActionFees ?? 0n) : 0n,
        skipped: actionPhase?.skippedActions ?? 0,
        forwardFee: forwardFeeOf(message, prices),
        forwardFees: actionPhase?.totalFwdFees ?? 0n,
        sent: tx.outMessages.values().flatMap((message) => {
            const { info, body } = message;
            return info.type === 'internal'
                ? [{ to: info.dest, value: info.value.coins, bounced: info.bounced, body, message }]
                : [];
        }),
        after: { ...held, account, boc },
    };
}

/** What a message did, without its amounts. */
export const outcomeOf = ({ code, isPoor, sent }: Shot): string =>
    `${code} ${isPoor} ${sent.map(({ bounced, body }) => `${bounced} ${opIn(body)}`).join()}`;

export const opIn = (body: Cell): number | null => (body.bits.length < 32 ? null : body.beginParse().preloadUint(32));
