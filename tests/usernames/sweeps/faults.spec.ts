import { beginCell, Cell, Dictionary, toNano } from '@ton/core';

import { compile as collection } from '../../../compilables/UsernameCollection.compile';
import { compile as item } from '../../../compilables/UsernameItem.compile';
import { UsernameOp } from '../../../wrappers';
import { compileBroken } from '../../helpers/broken-actions';
import { type Fire, type Held, heldBalance, heldData, opIn, type Shot, withBalance, withState } from './account';
import { Arena, deployProbe, ITEM_STATES, probesFor } from './arena';
import { HOUSE_STATES, houseIn, houseProbes } from './house';
import { check, LISTS, report, type Sweep, thinned } from './sweep';

// An action that cannot be sent, at every send. The network refuses a send for reasons that no contract sees, so the code
// here is the contracts' own, but for its k-th send: that is of a message which the network refuses.

/** A bid above the maximum sends the most: the refund, royalty, payout, notice and change. */
const SENDS = [1, 2, 3, 4, 5];
const VALUES = ['0.9', '3', '11'].map(toNano);

/** The collection sends one message at most. */
const compileAll = once(async () => ({
    item: await Promise.all(SENDS.map((k) => compileBroken(item.targets, k))),
    collection: [await compileBroken(collection.targets, 1)],
}));

function once<T>(make: () => Promise<T>): () => Promise<T> {
    let made: Promise<T> | undefined;
    return () => (made ??= make());
}

describe.each(LISTS)('under %s', (list, prices) => {
    let arena: Arena;
    let codes: { item: Cell[]; collection: Cell[] };
    const tally: Tally = { undone: SENDS.map(() => 0), skipped: 0 };

    beforeAll(async () => {
        arena = await Arena.create(prices);
        codes = await compileAll();
    });

    afterAll(() => report('faults', list, arena.sweep));

    const isTaken = thinned(29, 5);
    it.each(ITEM_STATES)('an item in the state %s does all that it should or nothing', async (state) => {
        const { items, senders, sweep } = arena;
        const poor = withBalance(items[state], 0n);
        for (const [what, probe] of Object.entries(probesFor(arena, state))) {
            for (const sender of ['owner', 'bidder'] as const) {
                for (const value of VALUES) {
                    for (const bounce of [true, false]) {
                        if (isTaken()) {
                            const fire = { from: senders[sender], value, body: probe.body, bounce };
                            await breakEach(sweep, `${what} from ${sender}`, items[state], codes.item, fire, tally);
                            await breakEach(sweep, `${what} at a poor one`, poor, codes.item, fire, tally);
                        }
                    }
                }
            }
        }
    });

    it('a deploy does all that it should or nothing', async () => {
        const { items, senders, sweep } = arena;
        const body = deployProbe(arena, toNano('10') + 7n, true).body;
        for (const held of [items.uninit, items.idle]) {
            for (const bounce of [true, false]) {
                const fire = { from: senders.collection, value: toNano('9.99'), body, bounce };
                await breakEach(sweep, 'a deploy of a sold name', held, codes.item, fire, tally);
            }
        }
    });

    const isSent = thinned(23, 5);
    it.each(HOUSE_STATES)('a collection %s does all that it should or nothing', async (state) => {
        const { senders, sweep } = arena;
        const held = houseIn(arena, state);
        for (const [what, probe] of Object.entries(await houseProbes(arena))) {
            for (const sender of ['owner', 'bidder', 'admin'] as const) {
                for (const bounce of [true, false]) {
                    if (isSent()) {
                        const fire = { from: senders[sender], value: toNano('3'), body: probe.body, bounce };
                        await breakEach(sweep, `${what} from ${sender}`, held, codes.collection, fire, tally);
                    }
                }
            }
        }
    });

    it('an external settlement costs the item its gas and no more', async () => {
        const { items } = arena;
        const sweep = arena.sweep.at(prices, withGasCredit(arena.world.chain.config));
        for (const code of codes.item.slice(0, 3)) {
            for (const held of [items.ended, items.won]) {
                const shot = await sweep.takeExternal(withState(held, { code }));
                check(typeof shot !== 'number', 'it was not accepted');
                if (typeof shot !== 'number') {
                    check(heldData(shot.after).equals(heldData(held)) && shot.sent.length === 0, 'it is half done');
                    check(heldBalance(shot.after) === shot.pot - shot.gasFees - shot.fine, 'it cost more than its gas');
                }
            }
        }
    });

    it('every send was broken', () => {
        expect(Math.min(...tally.undone, tally.skipped)).toBeGreaterThan(0);
    });
});

/** Counting the sends takes gas, of which an external message is lent only what its contract needs. */
function withGasCredit(config: Cell): Cell {
    const params = Dictionary.loadDirect(Dictionary.Keys.Int(32), Dictionary.Values.Cell(), config);
    // gas_flat_pfx#d1 and gas_prices_ext#de up to special_gas_limit, then gas_credit:uint64
    const gas = params.get(21)?.beginParse() ?? Cell.EMPTY.beginParse();
    const head = gas.loadBits(8 + 64 + 64 + 8 + 64 + 64 + 64);
    const credit = gas.loadUint(64);
    params.set(
        21,
        beginCell()
            .storeBits(head)
            .storeUint(2 * credit, 64)
            .storeSlice(gas)
            .endCell(),
    );
    return beginCell().storeDictDirect(params).endCell();
}

/** How often the network undid a message for its k-th send, and how often it left out a value that was given back. */
type Tally = { undone: number[]; skipped: number };

/** Fires with the contract as it is, and then once for each message that it sent, with that send broken. */
async function breakEach(
    sweep: Sweep,
    what: string,
    held: Held,
    codes: Cell[],
    fire: Fire,
    tally: Tally,
): Promise<void> {
    const whole = await sweep.fire(held, fire);
    const sends = whole.sent.filter(({ bounced }) => !bounced).length;
    for (const [place, code] of codes.slice(0, sends).entries()) {
        const shot = await sweep.take(withState(held, { code }), fire);
        await sweep.naming(`${what}, send ${place + 1} broken`, held, fire, () => {
            if (shot.skipped > 0) {
                tally.skipped += 1;
                checkSkipped(place, whole, shot);
            } else {
                tally.undone[place] = (tally.undone[place] ?? 0) + 1;
                sweep.checkUndone(held, fire, shot);
            }
        });
    }
}

/** A value that is given back has no other way than that: without it, everything else is done, and the value stays. */
function checkSkipped(place: number, whole: Shot, shot: Shot): void {
    const others = whole.sent.filter((_, at) => at !== place);
    check(opIn(whole.sent[place]?.body ?? Cell.EMPTY) === UsernameOp.return_bid, 'it is no value given back');
    check(heldData(shot.after).equals(heldData(whole.after)), 'it changed something else');
    check(
        shot.sent.length === others.length &&
            others.every(({ to, value }, at) => shot.sent[at]?.to.equals(to) && shot.sent[at].value === value),
        'it sent something else',
    );
}
