import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

import {
    Address,
    beginCell,
    Cell,
    loadShardAccount,
    loadTransaction,
    storeMessage,
    storeShardAccount,
    type Message,
    type ShardAccount,
    type StateInit,
    type Transaction,
} from '@ton/core';
import type { Blockchain } from '@ton/sandbox';

import { missingFrom } from '../../../devnet/ledger';
import { forwardFee, gasFee, type NetworkPrices, UsernameOp } from '../../../wrappers';
import { cellSize } from '../../../wrappers/common/cells';
import { opOf, storageFee } from '../../helpers/world';

/** Whether this is `npm run sweeps`, which takes every step; `npm test` takes some of them. */
export const FULL = process.env.SWEEPS === 'full';

/** Where the counts of each spec wait for the end of the run (summary.ts). */
export const COUNTS = join(__dirname, '..', '..', '..', 'build', 'sweeps');

const OUT_OF_GAS = -14;

/** An account as a message finds it, and when. Firing at it leaves it as it is. */
export type Held = { address: Address; account: ShardAccount; boc: string; now: number };

/** What one message did to one account. Amounts in nanotons. */
export type Shot = {
    tx: Transaction;
    /** Null: the TVM did not run. */
    code: number | null;
    /** Too little value for gas or for what it sends: the network undid it. */
    isPoor: boolean;
    isFrozen: boolean;
    /** What the account holds without the message, rent paid. */
    pot: bigint;
    /** What is left of the message's value after the rent that a non-bounceable message pays for a poor account. */
    value: bigint;
    gas: bigint;
    /** What the sender paid for the message itself. */
    forwardFee: bigint;
    sent: { to: Address; op: number | undefined; value: bigint; bounced: boolean }[];
    after: Held;
};

/** What the rules say that a message does. */
export type Expected =
    | { code: number }
    | {
          code: 0;
          /** A value of 'rest' is what is left of the message's; 'rest or nothing' stays if it cannot pay for its way. */
          messages: { to: Address; op: number; value: bigint | 'rest' | 'rest or nothing' }[];
          data: Cell;
          /** The least and the most that the account may then hold. */
          keeps: [least: bigint, most: bigint];
          /** A lack of funds that only the contract's own gas decides: this code instead, if the value is below. */
          unless?: { code: number; below: bigint };
      };

export type Fire = { from: Address; value: bigint; body: Cell; bounce: boolean; init?: StateInit };

export function hold(account: ShardAccount, now: number): Held {
    const address = account.account?.addr;
    if (!Address.isAddress(address)) {
        throw new Error('There is no account');
    }
    return {
        address,
        account,
        boc: beginCell().store(storeShardAccount(account)).endCell().toBoc().toString('base64'),
        now,
    };
}

export const heldBalance = ({ account }: Held): bigint => account.account?.storage.balance.coins ?? 0n;

export function heldData({ account }: Held): Cell {
    const state = account.account?.storage.state;
    return (state?.type === 'active' && state.state.data) || Cell.EMPTY;
}

/** The same account with another balance. */
export function withBalance(held: Held, coins: bigint): Held {
    const account = held.account.account;
    if (!account) {
        throw new Error('There is no account');
    }
    const storage = { ...account.storage, balance: { coins } };
    return hold({ ...held.account, account: { ...account, storage } }, held.now);
}

/** The message as the network carries it: with what the sender has paid for it and the receiver can read. */
function priced(to: Address, { from, value, body, bounce, init }: Fire, prices: NetworkPrices): Message {
    const message = (fee: bigint): Message => ({
        info: {
            type: 'internal',
            src: from,
            dest: to,
            value: { coins: value },
            bounce,
            bounced: false,
            ihrDisabled: true,
            ihrFee: 0n,
            forwardFee: fee,
            createdAt: 0,
            createdLt: 0n,
        },
        init,
        body,
    });
    const fee = originalFee(message(0n), prices);
    // A third of it has gone to the sender's validators
    return message(fee - ((fee * 21845n) >> 16n));
}

/** What the sender pays for a message in workchain 0. */
export function originalFee(message: Message, prices: NetworkPrices): bigint {
    const root = beginCell().store(storeMessage(message)).endCell();
    const { cells, bits } = cellSize(root);
    return forwardFee(prices, cells - 1, bits - root.bits.length);
}

/** Fires messages at accounts, holds what they do against the rules and keeps count. */
export class Sweep {
    cases = 0;
    /** Nanotons that stayed anywhere beyond what the rules leave there. */
    lost = 0n;

    constructor(
        readonly chain: Blockchain,
        readonly prices: NetworkPrices,
        /** The price of a message between workchains, which a sender in the masterchain has to be answered with. */
        private readonly masterchainFee: bigint,
    ) {}

    /** The price of a message of one cell to an address. */
    messageFee(to: Address): bigint {
        return to.workChain === 0 ? this.prices.message.lumpPrice : this.masterchainFee;
    }

    /** Fires, and checks what holds for every message: no nanoton vanishes, nothing is half done. */
    async fire(held: Held, message: Fire): Promise<Shot> {
        const shot = await this.run(held, priced(held.address, message, this.prices));
        if (shot === null) {
            throw new Error('An internal message was not taken');
        }
        return shot;
    }

    /** The unsigned external; null if the account does not accept it. */
    async fireExternal(held: Held, body = Cell.EMPTY): Promise<Shot | null> {
        return this.run(held, { info: { type: 'external-in', dest: held.address, importFee: 0n }, body });
    }

    /** A message as it is, for those that another contract sent. */
    async run(held: Held, message: Message): Promise<Shot | null> {
        this.cases += 1;
        const emulation = await this.chain.executor.runTransaction({
            config: this.chain.configBase64,
            libs: null,
            verbosity: 'short',
            shardAccount: held.boc,
            message: beginCell().store(storeMessage(message)).endCell(),
            now: held.now,
            lt: this.chain.lt,
            randomSeed: Buffer.alloc(32),
            ignoreChksig: false,
            debugEnabled: false,
        });
        if (!emulation.result.success) {
            return null;
        }
        const tx = loadTransaction(Cell.fromBase64(emulation.result.transaction).beginParse());
        const boc = emulation.result.shardAccount;
        const account = loadShardAccount(Cell.fromBase64(boc).beginParse());
        const shot = readShot(held, message, tx, { ...held, account, boc }, this.prices);
        this.checkWhole(held, shot);
        return shot;
    }

    private checkWhole(held: Held, { tx, sent, value, gas, after }: Shot): void {
        const { description } = tx;
        if (description.type !== 'generic') {
            throw new Error(`A ${description.type} transaction`);
        }
        const { actionPhase, aborted } = description;
        const missing = missingFrom(tx, { before: heldBalance(held), after: heldBalance(after) });
        check(missing === 0n, `${missing} nanotons vanished`);
        // Only a return that cannot pay for its own way is dropped
        const skipped = actionPhase?.skippedActions ?? 0;
        check(skipped <= 1, `${skipped} messages were dropped`);
        check(skipped === 0 || value - gas < this.messageFee(sender(tx)), 'a message was dropped that could be sent');
        check(aborted || actionPhase?.success !== false, 'half of the actions');
        if (aborted) {
            check(sent.every(({ bounced }) => bounced) && sent.length <= 1, 'a failed message sent something');
        }
    }

    /** Fires and holds what it does against the rules, given by what the network took for it. */
    async shoot(
        what: string,
        held: Held,
        fire: Fire,
        gasNeeded: number,
        rules: (shot: Shot) => Expected,
    ): Promise<Shot> {
        try {
            const shot = await this.fire(held, fire);
            this.judge(held, fire, shot, gasNeeded, rules(shot));
            return shot;
        } catch (cause) {
            const [bounce, has] = [fire.bounce ? 'bounceable' : 'non-bounceable', heldBalance(held)];
            const reason = cause instanceof Error ? cause.message : String(cause);
            throw new Error(`${what}, ${bounce}, with ${fire.value}, at ${has}: ${reason}`, { cause });
        }
    }

    private judge(held: Held, fire: Fire, shot: Shot, gasNeeded: number, expected: Expected): void {
        const { code } = shot;
        const unless = 'unless' in expected ? expected.unless : undefined;
        if (shot.isPoor || shot.isFrozen) {
            const fees = gasFee(this.prices, gasNeeded) + this.messageFee(fire.from);
            const enough = unless && unless.below > fees ? unless.below : fees;
            check(shot.isFrozen || shot.value < enough, `refused for lack of value, but ${enough} is enough`);
            this.checkRefusal(held, fire, shot);
        } else if (unless && this.isRefused(fire, shot)) {
            check(shot.value < unless.below, `refused, but ${unless.below} is enough`);
            check(code === (fire.bounce ? unless.code : 0), `code ${code}, not ${unless.code}`);
            this.checkRefusal(held, fire, shot);
        } else if ('messages' in expected) {
            check(code === 0, `code ${code}, not 0`);
            this.checkDone(shot, expected);
        } else {
            check(code === (fire.bounce ? expected.code : 0), `code ${code}, not ${expected.code}`);
            this.checkRefusal(held, fire, shot);
        }
    }

    /** Thrown, or what comes of it where the message cannot bounce: nothing but a return to the sender. */
    private isRefused({ bounce, from }: Fire, { code, sent }: Shot): boolean {
        return bounce
            ? code !== 0
            : sent.every(({ to, op }) => to.equals(from) && op === UsernameOp.return_bid) && sent.length <= 1;
    }

    private checkDone(
        shot: Shot,
        { messages, data, keeps: [least, most] }: Extract<Expected, { messages: unknown }>,
    ): void {
        const isTooPoor = shot.value - shot.gas < this.messageFee(sender(shot.tx));
        const expected = messages.filter(({ value }) => value !== 'rest or nothing' || !isTooPoor);
        const list = (sent: { to: Address; op?: number; value: unknown }[]): string =>
            sent.map(({ to, op, value }) => `0x${op?.toString(16)} ${String(value)} to ${to.toRawString()}`).join(', ');
        check(
            shot.sent.length === expected.length &&
                expected.every(({ to, op, value }, at) => {
                    const sent = shot.sent[at];
                    const isThat = sent !== undefined && sent.to.equals(to) && sent.op === op && !sent.bounced;
                    return isThat && (typeof value === 'string' || sent.value === value);
                }),
            `sent ${list(shot.sent)} and not ${list(expected)}`,
        );
        const stored = heldData(shot.after);
        check(stored.equals(data), `stored ${stored.toString()} and not ${data.toString()}`);
        const dropped = expected.length < messages.length ? shot.value - shot.gas : 0n;
        this.count(heldBalance(shot.after), least + dropped, most + dropped);
    }

    /** Nothing is changed, and the value is back, but for a value too small for its way back. */
    private checkRefusal(held: Held, { from, bounce }: Fire, shot: Shot): void {
        check(shot.isFrozen || heldData(shot.after).equals(heldData(held)), 'a refused message changed the data');
        const rest = shot.value - shot.gas - this.messageFee(from);
        check(shot.sent.length === (rest >= 0n && (bounce || !shot.isPoor) ? 1 : 0), `${shot.sent.length} answers`);
        for (const { to, op, bounced } of shot.sent) {
            check(to.equals(from) && bounced === bounce, 'the answer goes to somebody else');
            check(bounced || op === UsernameOp.return_bid, 'the answer is no return');
        }
        const stays = shot.sent.length === 0 ? this.messageFee(from) - 1n : 0n;
        this.count(heldBalance(shot.after), shot.pot, shot.pot + stays);
    }

    private count(balance: bigint, least: bigint, most: bigint): void {
        if (balance > most) {
            this.lost += balance - most;
        }
        check(balance >= least && balance <= most, `${balance} is held, not ${least} to ${most}`);
    }
}

function readShot(held: Held, message: Message, tx: Transaction, after: Held, prices: NetworkPrices): Shot {
    const { description } = tx;
    if (description.type !== 'generic') {
        throw new Error(`A ${description.type} transaction`);
    }
    const { computePhase, actionPhase } = description;
    const { info } = message;
    const [attached, bounce] = info.type === 'internal' ? [info.value.coins, info.bounce] : [0n, true];
    // A non-bounceable value comes first and pays rent with what the account holds, a bounceable one comes after it
    const total = heldBalance(held) + attached - storageFee(tx);
    const value = !bounce && attached > total ? total : attached;
    const code = computePhase.type === 'vm' ? computePhase.exitCode : null;
    const isFrozen = computePhase.type === 'skipped' && computePhase.reason === 'no-state';
    // The network takes the fee of an external message before anything else
    const imported = info.type === 'external-in' ? prices.message.lumpPrice : 0n;
    return {
        tx,
        code,
        isFrozen,
        isPoor: !isFrozen && (code === null || code === OUT_OF_GAS || actionPhase?.success === false),
        pot: total - value - imported,
        value,
        gas: computePhase.type === 'vm' ? computePhase.gasFees : 0n,
        forwardFee: originalFee(message, prices),
        sent: tx.outMessages.values().flatMap((sent) => {
            const { info } = sent;
            return info.type === 'internal'
                ? [{ to: info.dest, op: opOf(sent), value: info.value.coins, bounced: info.bounced }]
                : [];
        }),
        after,
    };
}

/** Fails the test: what is wrong. The case is named by whoever fired. */
export function check(holds: boolean | undefined, what: string): void {
    if (holds !== true) {
        throw new Error(what);
    }
}

function sender({ inMessage }: Transaction): Address {
    const address = inMessage?.info.src;
    if (!Address.isAddress(address)) {
        throw new Error('Nobody sent it');
    }
    return address;
}

/** The counts of a spec, for the line at the end of the run. */
export function report(path: string, sweeps: Sweep[]): void {
    mkdirSync(COUNTS, { recursive: true });
    const cases = sweeps.reduce((sum, sweep) => sum + sweep.cases, 0);
    const lost = sweeps.reduce((sum, sweep) => sum + sweep.lost, 0n);
    writeFileSync(join(COUNTS, `${basename(path)}.json`), JSON.stringify({ cases, lost: lost.toString() }));
}
