import { toNano } from '@ton/core';

import { loadCode } from '../../../compilables/compile';
import { messageFee } from '../../../wrappers/usernames/gas';
import { storageFee, TOP_UP } from '../../helpers/world';
import { heldBalance, heldData, withBalance } from './account';
import { Arena, ITEM_STATES, probesFor, SENDERS } from './arena';
import { itemRules } from './rules';
import { LISTS, report, thinned } from './sweep';

// Rent of a year and of fifty, in every state: for an item with its reserve, for one that holds nothing, and for what is
// between. Rent comes off what the item holds; a message that cannot bounce pays what is missing before anything else.

const YEAR_SECONDS = 31_536_000;
const VALUES = ['0.001', '0.1', '1', '3', '11'].map(toNano);

describe.each(LISTS)('under %s', (list, prices) => {
    let arena: Arena;

    beforeAll(async () => {
        arena = await Arena.create(prices);
    });

    afterAll(() => report('debt', list, arena.sweep));

    const isTaken = thinned(61, 7);
    it.each([1, 50])('every message after %d years without one', async (years) => {
        const needs = { gas: toNano('0.05'), answer: 4n * messageFee(prices) };
        for (const state of ITEM_STATES) {
            const item = arena.items[state];
            const later = { ...item, now: item.now + years * YEAR_SECONDS };
            const heldBy = [later, withBalance(later, 0n), withBalance(later, heldBalance(item) / 2n)];
            for (const [what, probe] of Object.entries(probesFor(arena, state))) {
                for (const held of heldBy) {
                    const from = state === 'ended' || state === 'auction' ? arena.senders.bidder : arena.senders.owner;
                    const rules = itemRules(arena.collection.address, held, probe, prices);
                    for (const value of VALUES) {
                        for (const bounce of [true, false]) {
                            if (!isTaken()) {
                                continue;
                            }
                            const fire = { from, value, body: probe.body, bounce };
                            await arena.sweep.shoot(`${state}: ${what}`, held, fire, needs, rules);
                        }
                    }
                }
            }
        }
    });

    const isSent = thinned(61);
    it('everyone’s every message to an item that owes fifty years of rent', async () => {
        const { sweep, items, senders, collection } = arena;
        const needs = { gas: toNano('0.05'), answer: 4n * messageFee(prices) };
        for (const state of ITEM_STATES) {
            const later = { ...items[state], now: items[state].now + 50 * YEAR_SECONDS };
            const poor = withBalance(later, 0n);
            for (const [what, probe] of Object.entries(probesFor(arena, state))) {
                const rules = itemRules(collection.address, poor, probe, prices);
                for (const sender of SENDERS) {
                    for (const bounce of [true, false]) {
                        if (isSent()) {
                            const fire = { from: senders[sender], value: toNano('3'), body: probe.body, bounce };
                            await sweep.shoot(`${state}: ${what} from ${sender}`, poor, fire, needs, rules);
                        }
                    }
                }
            }
        }
    });

    it('an item that the network has put away for its debt comes back as it was, for whoever pays', async () => {
        const { sweep, items, senders } = arena;
        for (const state of ITEM_STATES) {
            const later = { ...items[state], now: items[state].now + 50 * YEAR_SECONDS };
            const poor = withBalance(later, 0n);
            const message = { from: senders.stranger, value: toNano('3'), body: TOP_UP };
            // The rent comes first, and the value comes back
            const frozen = await sweep.fire(poor, { ...message, bounce: true });
            expect([frozen.isFrozen, frozen.sent.map(({ value }) => value)]).toEqual([
                true,
                [message.value - messageFee(prices)],
            ]);
            const init = { code: loadCode('UsernameItem'), data: heldData(poor) };
            const revived = await sweep.fire(frozen.after, { ...message, bounce: false, init });
            expect(heldData(revived.after)).toEqualCell(heldData(poor));
            expect(revived.pot + revived.value).toBe(message.value - storageFee(revived.tx));
            expect(revived.code).toBe(0);
        }
    });
});
