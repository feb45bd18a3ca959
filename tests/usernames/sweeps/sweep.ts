import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Address, beginCell, Cell, loadTransaction, storeMessage, type Message } from '@ton/core';
import type { Blockchain } from '@ton/sandbox';

import { missingFrom } from '../../../devnet/ledger';
import { gasFee, type NetworkPrices, UsernameError, UsernameOp } from '../../../wrappers';
import { messageFee, UsernameGas } from '../../../wrappers/usernames/gas';
import { configOf, PRICE_LISTS } from '../../helpers/world';
import type { Effect, Env, Sent, Verdict } from '../model/model';
import {
    type Fire,
    forwardFeeOf,
    type Held,
    heldBalance,
    heldData,
    opIn,
    OUT_OF_GAS,
    priced,
    readShot,
    type Shot,
} from './account';
import { type Count, COUNTS } from './summary';

/** Whether this is `npm run sweeps`, which takes every step; `npm test` takes some of them. */
export const FULL = process.env.SWEEPS === 'full';

/** The price lists of the run: both, and in the sample today's. */
export const LISTS = FULL ? PRICE_LISTS : PRICE_LISTS.slice(0, 1);

/** How a kind of contract is held against the rules. */
export type Rules<S> = {
    judge(env: Env, header: Pick<Fire, 'from' | 'bounce'>): Verdict<S>;
    /** The text of what is stored, and of what should be. */
    stored(data: Cell): string;
    expected(next: S): string;
    /** The messages of an effect. */
    messages(shot: Shot, effect: Effect<S>): Sent[];
    /** The least and the most that the account may hold after an accepted message. */
    bounds(shot: Shot, effect: Effect<S>): { least: bigint; most: bigint };
};

/** Nanotons that a message needs for its gas and its answer. */
export type Needs = { gas: bigint; answer: bigint };

/** Sends messages to accounts, holds what they do against the rules and keeps count. */
export class Sweep {
    cases = 0;
    /** Cases that were not as the rules say. */
    broken = 0;
    /** Nanotons that stayed anywhere beyond what the rules leave there. */
    lost = 0n;
    /** The most that stayed of one message that came back to nobody, by the workchain of its sender. */
    readonly mostLeft = new Map<number, bigint>();

    constructor(
        readonly chain: Blockchain,
        readonly prices: NetworkPrices,
        /** The price of a message to the masterchain. */
        private readonly masterchainFee: bigint,
        private readonly config = chain.configBase64,
    ) {}

    /** The same chain after a change of its prices, or its config; with a count of its own. */
    at(prices: NetworkPrices, config = configOf(prices)): Sweep {
        return new Sweep(this.chain, prices, this.masterchainFee, config.toBoc().toString('base64'));
    }

    /**
     * A message's transaction, of which no nanoton may vanish. A number: the exit code with which an external message was
     * not accepted.
     */
    private async run(held: Held, message: Message): Promise<Shot | number> {
        this.cases += 1;
        const { result } = await this.chain.executor.runTransaction({
            config: this.config,
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
        if (!result.success) {
            return result.vmResults?.vmExitCode ?? 0;
        }
        const tx = loadTransaction(Cell.fromBase64(result.transaction).beginParse());
        const shot = readShot(held, message, tx, result.shardAccount, this.prices);
        const missing = missingFrom(tx, { before: heldBalance(held), after: heldBalance(shot.after) });
        this.lost += larger(missing, 0n);
        check(missing === 0n, `${missing} nanotons vanished`);
        return shot;
    }

    /** Of a message, held against nothing but that. */
    async take(held: Held, fire: Fire): Promise<Shot> {
        return this.receive(held, priced(held.address, fire, this.prices));
    }

    /** The unsigned external, likewise. */
    async takeExternal(held: Held): Promise<Shot | number> {
        const info = { type: 'external-in', dest: held.address, importFee: 0n } as const;
        return this.run(held, { info, body: Cell.EMPTY });
    }

    /** Of a message, of which nothing may be half done. */
    async fire(held: Held, fire: Fire): Promise<Shot> {
        const shot = await this.take(held, fire);
        this.checkWhole(shot);
        return shot;
    }

    private async receive(held: Held, message: Message): Promise<Shot> {
        const shot = await this.run(held, message);
        if (typeof shot === 'number') {
            throw new Error('The network did not take an internal message');
        }
        return shot;
    }

    /** What a message needs, by examples that had more than enough value. */
    needsOf(shots: Shot[], from: Address): Needs {
        const last = shots.flatMap(({ sent }) => sent.slice(-1));
        // What the masterchain takes for a message of several cells, only the network says
        const answers =
            from.workChain === 0
                ? last.map(({ message }) => forwardFeeOf(message, this.prices))
                : shots.map(({ forwardFees }) => forwardFees);
        return {
            gas: shots.map(({ gasFees }) => gasFees).reduce(larger, 0n),
            answer: answers.reduce(larger, this.feeTo(from)),
        };
    }

    /**
     * Fires and holds what it does against the rules.
     *
     * @param needs with which it may not be refused for lack of value
     */
    async shoot<S>(what: string, held: Held, fire: Fire, needs: Needs, rules: Rules<S>): Promise<Shot> {
        return this.naming(what, held, fire, async () => {
            const shot = await this.fire(held, fire);
            this.judge(held, fire, shot, needs, rules);
            return shot;
        });
    }

    /** Delivers what another contract sent, and holds what it does against the rules. */
    async deliver<S>(what: string, held: Held, message: Message, rules: Rules<S>): Promise<void> {
        const { info, body } = message;
        if (info.type !== 'internal') {
            throw new Error('Contracts send internal messages');
        }
        const fire = { from: info.src, value: info.value.coins, body, bounce: info.bounce };
        await this.naming(what, held, fire, async () => {
            const shot = await this.receive(held, message);
            this.checkWhole(shot);
            this.judge(held, fire, shot, { gas: 0n, answer: 0n }, rules);
        });
    }

    /** The unsigned external, held against the rules; null if it is refused. Rent must have been paid up to now. */
    async shootExternal<S>(what: string, held: Held, rules: Rules<S>): Promise<Shot | null> {
        const header = { from: held.address, bounce: false };
        return this.naming(what, held, { value: 0n, ...header }, async () => {
            const shot = await this.takeExternal(held);
            if (typeof shot === 'number') {
                const pot = heldBalance(held) - messageFee(this.prices);
                const nothing = { pot, surely: pot, value: 0n, gas: 0, lt: 0n, forwardFee: 0n };
                const verdict = rules.judge({ ...nothing, now: held.now, prices: this.prices }, header);
                // With next to nothing its code does not run, or not to its end
                const codes = 'refused' in verdict ? [0, OUT_OF_GAS, ...verdict.refused] : [];
                check(codes.includes(shot), `not accepted with ${shot}`);
                return null;
            }
            this.checkWhole(shot);
            const verdict = rules.judge(this.envOf(held, shot), header);
            if ('refused' in verdict) {
                throw new Error(`accepted, and not refused with ${verdict.refused.join(' or ')}`);
            }
            this.checkDone(shot, verdict, rules);
            return shot;
        });
    }

    /** Says of a failing case which it is. */
    async naming<T>(
        what: string,
        held: Held,
        fire: Pick<Fire, 'value' | 'bounce'>,
        act: () => T | Promise<T>,
    ): Promise<T> {
        try {
            return await act();
        } catch (cause) {
            this.broken += 1;
            const reason = cause instanceof Error ? cause.message : String(cause);
            const flag = fire.bounce ? 'bounceable' : 'not bounceable';
            throw new Error(`${what}, ${flag}, with ${fire.value}, at ${heldBalance(held)}: ${reason}`, { cause });
        }
    }

    private envOf({ now }: Held, { tx, pot, value, gas, forwardFee }: Shot): Env {
        return { now, prices: this.prices, lt: tx.lt, pot, surely: pot, value, gas, forwardFee };
    }

    private checkWhole({ tx, sent, value, gasFees, skipped }: Shot): void {
        if (tx.description.type !== 'generic') {
            return;
        }
        const { actionPhase, aborted } = tx.description;
        const sender = tx.inMessage?.info.src;
        const fee = Address.isAddress(sender) ? this.feeTo(sender) : 0n;
        const isDropped = skipped === 0 || (skipped === 1 && value - gasFees < fee);
        check(isDropped, `${skipped} messages were dropped that could be sent`);
        check(aborted || actionPhase?.success === true, 'it is half done');
        check(!aborted || (sent.length <= 1 && sent.every(({ bounced }) => bounced)), 'it failed and sent something');
    }

    /** The network undid it: what can bounce is back, and of the rest only gas and a fine are gone. */
    checkUndone(
        held: Held,
        { from, bounce }: Fire,
        { after, sent, pot, value, gasFees, fine, code, isPoor }: Shot,
    ): void {
        const rest = value - gasFees - fine;
        const kept = bounce ? 0n : rest;
        this.lost += larger(heldBalance(after) - pot - kept, 0n);
        check(code === 0 && isPoor, `exit code ${code}, and the network did not undo it`);
        check(heldData(after).equals(heldData(held)), 'it was undone and changed the data');
        const isBack = ({ to, value, bounced }: Shot['sent'][0]): boolean =>
            bounced && to.equals(from) && value === rest - this.feeTo(from);
        check(sent.length === (bounce ? 1 : 0) && sent.every(isBack), `sent ${list(sent)}`);
        check(heldBalance(after) === pot + kept, `${heldBalance(after) - pot - kept} nanotons stuck`);
    }

    private judge<S>(held: Held, fire: Fire, shot: Shot, needs: Needs, rules: Rules<S>): void {
        const verdict = rules.judge(this.envOf(held, shot), fire);
        const asks = 'asks' in verdict ? (verdict.asks ?? 0n) : 0n;
        const lack = 'lack' in verdict ? verdict.lack : undefined;
        const { FILL_RESERVE_REST_GAS, TRANSFER_REST_GAS } = UsernameGas;
        const restFee = gasFee(this.prices, Math.max(FILL_RESERVE_REST_GAS, TRANSFER_REST_GAS));
        if (shot.isFrozen) {
            this.checkRefusal(held, fire, shot, needs);
        } else if (shot.isPoor) {
            // To be sent back for its lack takes more gas than to be accepted without an answer
            const lacks =
                lack !== undefined ||
                ('refused' in verdict && verdict.refused.includes(UsernameError.not_enough_funds));
            const enough = asks + needs.gas + needs.answer + (lacks ? restFee : 0n);
            check(shot.value < enough, `refused for lack of value, but ${enough} is enough`);
            this.checkRefusal(held, fire, shot, needs);
        } else if ('refused' in verdict) {
            const codes = fire.bounce ? verdict.refused : [0];
            check(codes.includes(shot.code ?? -1), `exit code ${shot.code}, not ${codes.join(' or ')}`);
            this.checkRefusal(held, fire, shot, needs);
        } else if (lack !== undefined && isRefused(fire, shot)) {
            const enough = asks + needs.gas + needs.answer + restFee;
            check(shot.value < enough, `refused, but ${enough} is enough`);
            check(shot.code === (fire.bounce ? lack : 0), `exit code ${shot.code}, not ${lack}`);
            this.checkRefusal(held, fire, shot, needs);
        } else {
            check(shot.code === 0, `exit code ${shot.code}`);
            this.checkDone(shot, verdict, rules);
        }
    }

    private checkDone<S>(shot: Shot, effect: Effect<S>, rules: Rules<S>): void {
        const messages = rules.messages(shot, effect);
        const expected = messages.filter(({ to, value }) => value + messageFee(this.prices) >= this.feeTo(to));
        const dropped = expected.length < messages.length ? shot.value - shot.gasFees : 0n;
        const { least, most } = rules.bounds(shot, effect);
        this.count(shot, least, most + dropped);
        check(
            shot.sent.length === expected.length && expected.every((sent, at) => isThat(shot, at, sent)),
            `sent ${list(shot.sent)} and not ${list(expected)}`,
        );
        const [stored, next] = [rules.stored(heldData(shot.after)), rules.expected(effect.next)];
        check(stored === next, `stored ${stored} and not ${next}`);
    }

    /** Nothing is changed, nothing is sent but the value, back to its sender, if it can pay for that. */
    private checkRefusal(held: Held, { from, bounce }: Fire, shot: Shot, needs: Needs): void {
        // The network fines a message that asks for more than it can pay
        const rest = shot.value - shot.gasFees - shot.fine - this.feeTo(from);
        const isBack = rest >= 0n && (bounce || !(shot.isPoor || shot.isFrozen));
        // Where nothing can bounce, that is the price of the answer that it had no value for
        const bound = bounce ? this.feeTo(from) : larger(this.feeTo(from), needs.answer);
        this.count(shot, shot.pot, shot.pot + (isBack ? 0n : bound - 1n));
        check(shot.isFrozen || heldData(shot.after).equals(heldData(held)), 'it was refused and changed the data');
        check(shot.sent.length === (isBack ? 1 : 0), `${shot.sent.length} messages of a refusal, ${rest} left`);
        for (const { to, value, bounced, body } of shot.sent) {
            check(to.equals(from) && value === rest && bounced === bounce, `sent ${list(shot.sent)}`);
            check(bounced || opIn(body) === UsernameOp.return_bid, 'the answer is no return');
        }
        const left = larger(this.mostLeft.get(from.workChain) ?? 0n, heldBalance(shot.after) - shot.pot);
        this.mostLeft.set(from.workChain, left);
    }

    private count({ after }: Shot, least: bigint, most: bigint): void {
        const balance = heldBalance(after);
        const stuck = balance - most;
        if (stuck > 0n) {
            this.lost += stuck;
        }
        check(stuck <= 0n, `${stuck} nanotons stuck`);
        check(balance >= least, `${least - balance} nanotons were taken`);
    }

    /** What a message of one cell costs. */
    feeTo({ workChain }: Address): bigint {
        return workChain === 0 ? messageFee(this.prices) : this.masterchainFee;
    }
}

export const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);

/** Fails a case: what is wrong with it. */
export function check(holds: boolean, what: string): void {
    if (!holds) {
        throw new Error(what);
    }
}

/** Thrown, or what comes of that where the message cannot bounce. */
const isRefused = ({ bounce, from }: Fire, { code, sent }: Shot): boolean =>
    bounce
        ? code !== 0
        : sent.length <= 1 && sent.every(({ to, body }) => to.equals(from) && opIn(body) === UsernameOp.return_bid);

/** The rules know no masterchain: an answer there costs more than they say. That nothing sticks is another check. */
function isThat({ sent, forwardFees }: Shot, at: number, { to, value, slack = 0n, body }: Sent): boolean {
    const message = sent[at];
    const extra = to.workChain === 0 ? 0n : forwardFees;
    return (
        message !== undefined &&
        message.to.equals(to) &&
        message.value <= value &&
        message.value >= value - slack - extra &&
        !message.bounced &&
        message.body.equals(body)
    );
}

const list = (sent: { to: Address; value: bigint; body: Cell }[]): string =>
    `[${sent.map(({ to, value, body }) => `${value} to ${to.toRawString()} ${body.toString()}`).join(', ')}]`;

/** What a part counts: cases, laws that they broke, nanotons that they lost. */
export type Tally = Pick<Sweep, 'cases' | 'broken' | 'lost'>;

/** Keeps the counts of a part, under one price list, for the end of the run. */
export function report(part: string, prices: string, ...sweeps: Tally[]): void {
    if (!FULL) {
        return;
    }
    mkdirSync(COUNTS, { recursive: true });
    const cases = sweeps.reduce((sum, sweep) => sum + sweep.cases, 0);
    const broken = sweeps.reduce((sum, sweep) => sum + sweep.broken, 0);
    const lost = sweeps.reduce((sum, sweep) => sum + sweep.lost, 0n);
    const count: Count = { part, prices, cases, broken, lost: lost.toString() };
    writeFileSync(join(COUNTS, `${part} ${prices}.json`), JSON.stringify(count));
}

/**
 * One of so many cases in `npm test`, whichever comes; in the full sweeps all, or one of so many. A number that shares no
 * factor with the loops around it takes every case of each in turn.
 */
export function thinned(every: number, everyInFull = 1): () => boolean {
    let count = 0;
    return () => count++ % (FULL ? everyInFull : every) === 0;
}

/**
 * Where the outcome changes: for each change between two of the `seeds` the lowest value with the new outcome. Every value
 * that it tries is a case.
 */
export async function thresholds(seeds: bigint[], outcomeAt: (value: bigint) => Promise<string>): Promise<bigint[]> {
    const found: bigint[] = [];
    const measure = async (value: bigint) => ({ value, outcome: await outcomeAt(value) });
    let low = await measure(0n);
    for (const seed of [...new Set(seeds)].sort((a, b) => (a < b ? -1 : 1))) {
        const high = await measure(seed);
        while (low.outcome !== high.outcome) {
            let [last, next] = [low, high];
            while (next.value - last.value > 1n) {
                const middle = await measure((last.value + next.value) / 2n);
                [last, next] = middle.outcome === last.outcome ? [middle, next] : [last, middle];
            }
            found.push(next.value);
            low = next;
        }
        low = high;
    }
    return found;
}

/** So many steps of each width below and above a value. */
export function around(value: bigint, steps: number, ...widths: bigint[]): bigint[] {
    const offsets = widths.flatMap((width) =>
        Array.from({ length: 2 * steps + 1 }, (_, at) => BigInt(at - steps) * width),
    );
    return [...new Set(offsets)].map((offset) => value + offset).filter((value) => value >= 0n);
}
