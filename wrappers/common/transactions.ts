import type { Message, Slice, Transaction } from '@ton/core';
import { Address, Cell } from '@ton/core';
import { bytes32, parsing } from './cells';

/** A place in an account's history: one of its transactions. A transaction and an event are cursors as well. */
export type Cursor = {
    /** Logical time. */
    lt: bigint;
    /** 64 hexadecimal digits. */
    hash: string;
};

/** A message as one of its two accounts sees it. */
export type AccountMessage = {
    /** Null: from outside the chain. */
    src: Address | null;
    /** Null: to outside the chain. */
    dest: Address | null;
    /** In nanotons. Of a received message what was credited, which is less where the account owed rent. */
    value: bigint;
    bounce: boolean;
    bounced: boolean;
    body: Cell;
};

/** What events are read from: the part of a transaction that the APIs v2, v4 and v3 all give. */
export type AccountTransaction = Cursor & {
    account: Address;
    /** Unix seconds. */
    time: number;
    /** The account's transaction before this one; null for its first. */
    previous: Cursor | null;
    /** Null for what no message causes. */
    inMessage: AccountMessage | null;
    /** In the order in which they were sent; a bounce is the last. */
    outMessages: AccountMessage[];
    /** Whether it took effect: the code ran through and all that it sent was sent. */
    isSuccessful: boolean;
    /** Of the code or, where that ran through, of its sends; null if no code ran. */
    exitCode: number | null;
    /** How many messages were given up because their value did not pay for them. */
    skippedSends: number;
};

/** Where an event happened. */
export type EventPlace = Pick<AccountTransaction, 'account' | 'lt' | 'hash' | 'time'>;

/** A message that changed nothing. What of its value came back did so by bounce or, where it could not bounce, in a message. */
export type RejectedEvent<E> = EventPlace & {
    type: 'rejected';
    /** Null: from outside the chain. */
    from: Address | null;
    /** The first 32 bits of the message; null if it has fewer. */
    op: number | null;
    /** In nanotons. */
    value: bigint;
    /** Null where the chain does not keep it: the message could not bounce, or no code ran. */
    exitCode: number | null;
    /** The key of the exit code; null for a code of the network's own, and without a code. */
    error: E | null;
    /** Who got back what came back, in nanotons; null and 0n if nothing did. */
    to: Address | null;
    amount: bigint;
};

/** Value that stays in the account and is booked as nothing: rent for years. A value that came back to it stays likewise. */
export type ToppedUpEvent = EventPlace & { type: 'topped_up'; from: Address; amount: bigint };

/** An account in workchain 0, unless a message says where it is: a transaction has the hash only. */
function accountOf({ address, inMessage, outMessages }: Transaction): Address {
    const own = inMessage?.info.dest ?? outMessages.values()[0]?.info.src;
    return Address.isAddress(own) ? own : new Address(0, bytes32(address));
}

function readMessage({ info, body }: Message): AccountMessage {
    return {
        src: Address.isAddress(info.src) ? info.src : null,
        dest: Address.isAddress(info.dest) ? info.dest : null,
        value: info.type === 'internal' ? info.value.coins : 0n,
        bounce: info.type === 'internal' && info.bounce,
        bounced: info.type === 'internal' && info.bounced,
        body,
    };
}

/**
 * A transaction of `@ton/core`, as the clients of v2 and v4 and the sandbox give it.
 *
 * @example
 * ```ts
 * const [tx] = await client.getTransactions(item.address, { limit: 1 });
 * readTransaction(tx!).inMessage?.value; // => toNano('20')
 * ```
 */
export function readTransaction(transaction: Transaction): AccountTransaction {
    const { description, inMessage, outMessages, prevTransactionLt } = transaction;
    const isGeneric = description.type === 'generic';
    const compute = isGeneric && description.computePhase.type === 'vm' ? description.computePhase : null;
    const action = isGeneric ? description.actionPhase : null;
    const message = inMessage ? readMessage(inMessage) : null;
    const credited = isGeneric ? description.creditPhase?.credit.coins : undefined;
    return {
        account: accountOf(transaction),
        lt: transaction.lt,
        hash: transaction.hash().toString('hex'),
        time: transaction.now,
        previous: prevTransactionLt
            ? { lt: prevTransactionLt, hash: bytes32(transaction.prevTransactionHash).toString('hex') }
            : null,
        inMessage: message && { ...message, value: credited ?? message.value },
        outMessages: outMessages.values().map(readMessage),
        isSuccessful: isGeneric && !description.aborted,
        exitCode: compute && (compute.success ? (action?.resultCode ?? 0) : compute.exitCode),
        skippedSends: action?.skippedActions ?? 0,
    };
}

/** What `GET transactions` of toncenter's API v3 gives of a message (index version 1.2). */
type MessageV3 = {
    source: string | null;
    destination: string | null;
    value: string | null;
    bounce: boolean | null;
    bounced: boolean | null;
    message_content: { body: string };
};

/** The same of a transaction. */
type TransactionV3 = {
    account: string;
    hash: string;
    lt: string;
    now: number;
    prev_trans_hash: string;
    prev_trans_lt: string;
    description: {
        aborted?: boolean;
        credit_ph?: { credit?: string };
        compute_ph?: { skipped?: boolean; success?: boolean; exit_code?: number };
        action?: { result_code?: number; skipped_actions?: number };
    };
    in_msg: MessageV3 | null;
    out_msgs: MessageV3[];
};

function readMessageV3(message: MessageV3): AccountMessage {
    return {
        src: message.source ? Address.parse(message.source) : null,
        dest: message.destination ? Address.parse(message.destination) : null,
        value: BigInt(message.value ?? 0),
        bounce: message.bounce === true,
        bounced: message.bounced === true,
        body: Cell.fromBase64(message.message_content.body),
    };
}

export const base64ToHex = (hash: string): string => Buffer.from(hash, 'base64').toString('hex');

/**
 * One of the `transactions` that toncenter's API v3 gives; throws `unexpected_data` for anything else.
 *
 * @example
 * ```ts
 * readTransactionV3({}); // throws unexpected_data
 * ```
 */
export function readTransactionV3(json: unknown): AccountTransaction {
    return parsing('transaction of API v3', () => {
        const transaction = json as TransactionV3;
        const { aborted, credit_ph, compute_ph, action } = transaction.description;
        const message = transaction.in_msg && readMessageV3(transaction.in_msg);
        const previousLt = BigInt(transaction.prev_trans_lt);
        const hasRun = compute_ph !== undefined && compute_ph.skipped !== true;
        return {
            account: Address.parse(transaction.account),
            lt: BigInt(transaction.lt),
            hash: base64ToHex(transaction.hash),
            time: transaction.now,
            previous: previousLt ? { lt: previousLt, hash: base64ToHex(transaction.prev_trans_hash) } : null,
            inMessage: message && { ...message, value: BigInt(credit_ph?.credit ?? message.value) },
            outMessages: transaction.out_msgs.map(readMessageV3),
            isSuccessful: compute_ph !== undefined && aborted !== true,
            exitCode: hasRun ? ((compute_ph.success ? action?.result_code : compute_ph.exit_code) ?? 0) : null,
            skippedSends: action?.skipped_actions ?? 0,
        };
    });
}

/** The first 32 bits of a body; null if it has fewer. */
export function opOf({ body }: AccountMessage): number | null {
    return body.bits.length < 32 ? null : body.beginParse(true).loadUint(32);
}

/** As the contracts see it: an empty body and a cut-off op have zero bits after their end. */
const paddedPrefix = (body: Cell, bits: number): bigint => {
    const length = Math.min(bits, body.bits.length);
    return body.beginParse(true).loadUintBig(length) << BigInt(bits - length);
};

/** The comment #topup and nothing after it, as `is_topup?` of the contracts reads it. */
function isTopUp({ body }: AccountMessage): boolean {
    return paddedPrefix(body, 96) === 0x23746f7075700000n;
}

/** A message that was taken, and what it made the account send. */
export type TakenMessage = {
    message: AccountMessage;
    op: number | null;
    /** The body after its op and query id; empty where it has none. */
    args: Slice;
    /** The sender; the account itself where the message is from outside the chain. */
    from: Address;
    /** What of the value came back to him with the answer. */
    excess: bigint;
    out: AccountMessage[];
    /** Where the first of them went, where there is one. */
    sent: { to: Address; amount: bigint };
    time: number;
};

/** How a contract tells that it refused a message. */
export type RejectionRule<E> = {
    /** The op of a value that it gives back. */
    returnOp: number;
    /** The op of an answer that carries the excess. */
    excessOp: number;
    /** The op of which it gives the value back, whether the message could bounce or not. */
    refusedOp?: number;
    errorName: (exitCode: number) => E | null;
};

/**
 * The events of a transaction: `rejected`, `topped_up`, or what `read` makes of a message that was taken. It throws
 * nothing: a message that `read` cannot parse was sent to a contract that is none of ours.
 */
export function decodeEvents<Change extends object, E>(
    source: Transaction | AccountTransaction,
    rule: RejectionRule<E>,
    read: (taken: TakenMessage) => Change[],
): ((EventPlace & Change) | RejectedEvent<E> | ToppedUpEvent)[] {
    const tx = 'skippedSends' in source ? source : readTransaction(source);
    const { account, lt, hash, time, inMessage: message, outMessages: out } = tx;
    if (!message) {
        return [];
    }
    const place: EventPlace = { account, lt, hash, time };
    const op = opOf(message);
    const from = message.src ?? account;
    const [first] = out;
    if (isRejected(tx, message, op, rule)) {
        return [
            {
                ...place,
                type: 'rejected',
                from: message.src,
                op,
                value: message.value,
                exitCode: tx.exitCode || null,
                error: tx.exitCode ? rule.errorName(tx.exitCode) : null,
                to: first?.dest ?? null,
                amount: first?.value ?? 0n,
            },
        ];
    }
    // Coins that no code saw, and a value that was given back, stay as well
    if (!tx.isSuccessful || isTopUp(message) || (op === rule.returnOp && !message.bounce)) {
        return [{ ...place, type: 'topped_up', from, amount: message.value }];
    }
    try {
        const args = message.body.beginParse();
        args.skip(Math.min(96, args.remainingBits));
        const sent = { to: first?.dest as Address, amount: first?.value ?? 0n };
        const excess = valueSent(out, rule.excessOp);
        return read({ message, op, args, from, excess, out, sent, time }).map((change) => ({ ...place, ...change }));
    } catch {
        return [];
    }
}

function isRejected(
    { isSuccessful, exitCode, skippedSends, outMessages: [only, ...others] }: AccountTransaction,
    { bounce, bounced }: AccountMessage,
    op: number | null,
    rule: RejectionRule<unknown>,
): boolean {
    if (!isSuccessful) {
        return exitCode !== null || bounce;
    }
    if (!only) {
        return skippedSends > 0 && !bounced;
    }
    const isGivenBack = others.length === 0 && opOf(only) === rule.returnOp;
    return isGivenBack && !bounced && (!bounce || op === rule.refusedOp);
}

/** What the admin of a collection or a network does with his own power. */
export type AdminChange =
    | { type: 'admin_proposed'; from: Address; admin: Address; excess: bigint }
    | { type: 'admin_changed'; from: Address; admin: Address | null; excess: bigint };

/** Both halves have these ops, with the same layout. */
export function readAdmin(
    op: number | null,
    args: Slice,
    answer: { from: Address; excess: bigint },
    ops: Record<'propose_admin' | 'accept_admin' | 'renounce_admin', number>,
): AdminChange[] {
    switch (op) {
        case ops.propose_admin:
            return [{ type: 'admin_proposed', ...answer, admin: args.loadAddress() }];
        case ops.accept_admin:
            return [{ type: 'admin_changed', ...answer, admin: answer.from }];
        case ops.renounce_admin:
            return [{ type: 'admin_changed', ...answer, admin: null }];
        default:
            return [];
    }
}

/** The value of the first message with this op; 0n without one. */
export function valueSent(out: AccountMessage[], op: number): bigint {
    return out.find((message) => opOf(message) === op)?.value ?? 0n;
}

/** A body after its op. */
export function afterOp({ body }: AccountMessage): Slice {
    return body.beginParse().skip(32);
}

/**
 * What comes back of a message that its receiver refused: TL-B `new_bounce_body` (block.tlb), or the older ffffffff and 256
 * bits of the body. The slice is the body after its op; an exit code is in the newer form only.
 */
export function readBounce({ body }: AccountMessage): { op: number; body: Slice; exitCode: number | null } {
    const slice = body.beginParse();
    if (slice.loadUint(32) !== 0xfffffffe) {
        return { op: slice.loadUint(32), body: slice, exitCode: null };
    }
    const original = slice.loadRef().beginParse();
    const op = original.loadUint(32);
    return { op, body: original, exitCode: slice.remainingBits < 40 ? null : slice.skip(8).loadInt(32) };
}
