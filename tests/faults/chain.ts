import { beginCell, Cell, Dictionary, loadTransaction, storeMessage, type Address, type Message } from '@ton/core';
import type { IExecutor } from '@ton/sandbox';

import { missingFrom } from '../../devnet/ledger';
import type { NetworkPrices } from '../../wrappers';
import { configOf } from '../helpers/world';
import {
    type Fire,
    type Held,
    heldBalance,
    heldData,
    hold,
    holdNothing,
    partsOf,
    priced,
    readShot,
    type Shot,
    withBalance,
    withState,
} from '../usernames/sweeps/account';

/** Our contracts and the messages that are under way between them, in the order in which they arrive. */
export type State = {
    accounts: ReadonlyMap<string, Held>;
    flights: readonly Message[];
    /** Unix seconds. */
    now: number;
    prices: NetworkPrices;
};

/** What hinders a contract while it takes one message; afterwards it is itself again. */
export type Hindrance =
    { is: 'out of gas'; limit: number } | { is: 'other code'; code: Cell } | { is: 'gone' } | { is: 'frozen' };

/** A code that throws 33, whatever comes. */
export const THROWS = beginCell().storeUint(0xf221, 16).endCell();

/** One message on one of our contracts. */
export type Step = {
    message: Message;
    from: Address;
    before: Held;
    after: Held;
    shot: Shot;
    now: number;
    prices: NetworkPrices;
    hindrance: Hindrance | null;
};

/** A law that a step broke, and the nanotons that are lost by that. */
export type Breach = { law: string; lost: bigint };

/** A chain at rest, what may be sent to its contracts, and the laws that hold there. */
export type Scene = {
    state: State;
    letters: Record<string, Letter>;
    /** The laws that a message on a contract broke. */
    weigh(step: Step): Breach[];
    /** Those that the contracts together broke, when nothing is under way any more. */
    weighEnd(start: State, steps: Step[], end: State): Breach[];
};

export const keyOf = (address: Address): string => address.toRawString();

/** A message to a contract, before the network has priced it. `isLeast`: with less value it would be refused. */
export type Letter = Fire & { to: Address; isLeast?: boolean };

export const withFlights = (state: State, flights: readonly Message[]): State => ({ ...state, flights });

/** The same, with a letter under way behind everything else. */
export const send = (state: State, { to, ...fire }: Letter): State =>
    withFlights(state, [...state.flights, priced(to, fire, state.prices)]);

/** Delivers the first message under way; null: it was for a person, who keeps it. */
export async function deliver(
    executor: IExecutor,
    state: State,
    hindrance: Hindrance | null = null,
): Promise<{ step: Step | null; next: State }> {
    const [message, ...flights] = state.flights;
    if (message?.info.type !== 'internal') {
        throw new Error('Nothing is under way');
    }
    const { dest, src: from } = message.info;
    const stored = state.accounts.get(keyOf(dest));
    if (!stored) {
        return { step: null, next: withFlights(state, flights) };
    }
    const before: Held = { ...stored, now: state.now };
    const receiver = hindered(before, hindrance);
    const { result } = await executor.runTransaction({
        config: configText(state.prices, hindrance?.is === 'out of gas' ? hindrance.limit : null),
        libs: null,
        verbosity: 'short',
        shardAccount: receiver.boc,
        message: beginCell().store(storeMessage(message)).endCell(),
        now: state.now,
        lt: 0n,
        randomSeed: Buffer.alloc(32),
        ignoreChksig: false,
        debugEnabled: false,
    });
    if (!result.success) {
        throw new Error(`The network did not take the message: ${result.error}`);
    }
    const tx = loadTransaction(Cell.fromBase64(result.transaction).beginParse());
    const shot = readShot(receiver, message, tx, result.shardAccount, state.prices);
    const after = recovered(before, shot.after, hindrance);
    const step = { message, from, before, after, shot, now: state.now, prices: state.prices, hindrance };
    const accounts = new Map(state.accounts).set(keyOf(dest), after);
    return { step, next: { ...state, accounts, flights: [...flights, ...shot.sent.map(({ message }) => message)] } };
}

function hindered(held: Held, hindrance: Hindrance | null): Held {
    switch (hindrance?.is) {
        case 'other code':
            return partsOf(held).code ? withState(held, { code: hindrance.code }) : held;
        case 'gone':
            return holdNothing(held.address, held.now);
        case 'frozen':
            return frozen(held);
        default:
            return held;
    }
}

const FROZEN = { type: 'frozen', stateHash: 1n } as const;

function frozen(held: Held): Held {
    const { account } = held.account;
    return account
        ? hold({ ...held.account, account: { ...account, storage: { ...account.storage, state: FROZEN } } }, held.now)
        : held;
}

/** Itself again, with what came meanwhile. */
function recovered(before: Held, after: Held, hindrance: Hindrance | null): Held {
    const { code } = partsOf(before);
    switch (hindrance?.is) {
        case 'other code':
            return code && partsOf(after).code ? withState(after, { code }) : after;
        case 'gone':
            return code ? withBalance(before, heldBalance(before) + heldBalance(after)) : after;
        case 'frozen':
            return code ? withBalance(before, heldBalance(after)) : after;
        default:
            return after;
    }
}

const configTexts = new Map<NetworkPrices, Map<number | null, string>>();

/** The config of a price list, with another limit of gas unless that is null. */
function configText(prices: NetworkPrices, gasLimit: number | null): string {
    const texts = configTexts.get(prices) ?? new Map<number | null, string>();
    configTexts.set(prices, texts);
    const known = texts.get(gasLimit);
    if (known !== undefined) {
        return known;
    }
    const config = gasLimit === null ? configOf(prices) : withGasLimit(configOf(prices), gasLimit);
    const text = config.toBoc().toString('base64');
    texts.set(gasLimit, text);
    return text;
}

function withGasLimit(config: Cell, limit: number): Cell {
    const params = Dictionary.loadDirect(Dictionary.Keys.Int(32), Dictionary.Values.Cell(), config);
    // gas_flat_pfx#d1 and gas_prices_ext#de up to gas_price:uint64, then gas_limit:uint64 (block.tlb, config param 21)
    const gas = (params.get(21) ?? Cell.EMPTY).beginParse();
    const head = gas.loadBits(8 + 64 + 64 + 8 + 64);
    gas.skip(64);
    params.set(21, beginCell().storeBits(head).storeUint(limit, 64).storeSlice(gas).endCell());
    return beginCell().storeDictDirect(params).endCell();
}

/** The code ran to its end, and everything that it asked for was done. */
export const isDone = ({ shot: { tx } }: Step): boolean =>
    tx.description.type === 'generic' && !tx.description.aborted && tx.description.actionPhase?.success === true;

export const isBounced = ({ message: { info } }: Step): boolean => info.type === 'internal' && info.bounced;

const canBounce = ({ message: { info } }: Step): boolean => info.type === 'internal' && info.bounce;

/** What holds for every message on every contract: no nanoton vanishes, and what is not done whole has changed nothing. */
export function weighStep(step: Step): Breach[] {
    const { before, after, shot, from } = step;
    const breaches: Breach[] = [];
    const hinderedBefore = step.hindrance?.is === 'gone' ? 0n : heldBalance(before);
    const missing = missingFrom(shot.tx, { before: hinderedBefore, after: heldBalance(shot.after) });
    if (missing !== 0n) {
        breaches.push({ law: 'no nanoton vanishes', lost: missing < 0n ? -missing : missing });
    }
    if (isDone(step)) {
        return breaches;
    }
    const { sent, pot, value, gasFees, fine } = shot;
    // A contract whose StateInit has come is there, even if its code failed
    if (partsOf(before).code && !shot.isFrozen && !heldData(after).equals(heldData(before))) {
        breaches.push({ law: 'what is undone has changed nothing', lost: value });
    }
    const isBack = sent.length === 1 && sent[0]?.bounced === true && sent[0].to.equals(from);
    const stays = heldBalance(shot.after) - pot;
    const left = value - gasFees - fine;
    if (sent.length > 0 && !isBack) {
        breaches.push({ law: 'what is undone has sent nothing but its bounce', lost: value });
    }
    // What cannot pay for its bounce comes back to nobody
    const cannotPay = left < shot.forwardFee;
    if (canBounce(step) && !(isBack && stays === 0n) && !cannotPay) {
        breaches.push({ law: 'what is undone comes back', lost: stays });
    }
    return breaches;
}
