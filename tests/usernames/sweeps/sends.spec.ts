import { toNano } from '@ton/core';

import { type NetworkPrices, UsernameError } from '../../../wrappers';
import { messageFee } from '../../../wrappers/usernames/gas';
import { withBalance } from './account';
import { Arena, ITEM_STATES, probesFor } from './arena';
import { itemRules } from './rules';
import { FULL, LISTS, report, type Sweep, thinned } from './sweep';

// An action that cannot be sent, at every send: with messages at every price, to items that hold what they should and to
// those that hold nothing. What cannot be paid is refused whole, by the contract or by the network.

const VALUES = ['1', '3', '11'].map(toNano);

describe.each(LISTS)('under %s', (list, prices) => {
    const sweeps: Sweep[] = [];
    let arena: Arena;

    beforeAll(async () => {
        arena = await Arena.create(prices);
        sweeps.push(arena.sweep);
    });

    afterAll(() => report('sends', list, ...sweeps));

    it('every message sends all that it should or nothing, whatever a message costs', async () => {
        const isTaken = thinned(311, 7);
        const refused = { byNetwork: new Set<string>(), byCode: new Set<number | undefined>() };
        const fee = messageFee(prices);
        const cases = ITEM_STATES.flatMap((state) => {
            const from = state === 'ended' ? arena.senders.bidder : arena.senders.owner;
            const held = arena.items[state];
            return [held, withBalance(held, 0n)].flatMap((held) =>
                Object.entries(probesFor(arena, state)).map(([what, probe]) => ({ from, held, what, probe })),
            );
        });
        const lumps = [0n, 1n, ...[2n, 5n, 10n, 25n, 50n, 100n, 1_000n].map((times) => times * fee)];
        for (const lumpPrice of [...lumps, ...['0.9', '0.999', '2', '2.99', '5', '10.9', '11'].map(toNano)]) {
            const dear: NetworkPrices = { ...prices, message: { ...prices.message, lumpPrice } };
            const sweep = arena.sweep.at(dear);
            sweeps.push(sweep);
            // Answers of two cells are dearer
            const needs = { gas: toNano('0.05'), answer: lumpPrice + 3n * fee };
            for (const { from, held, what, probe } of cases) {
                for (const value of VALUES) {
                    for (const bounce of [true, false]) {
                        if (!isTaken()) {
                            continue;
                        }
                        const rules = itemRules(arena.collection.address, held, probe, dear);
                        const fire = { from, value, body: probe.body, bounce };
                        const shot = await sweep.shoot(`${what} at ${lumpPrice}`, held, fire, needs, rules);
                        if (shot.isPoor) {
                            refused.byNetwork.add(what);
                        }
                        refused.byCode.add(shot.code);
                    }
                }
            }
        }
        // An answer is refused by the network, anything else by the contract before it comes to that
        const { not_enough_funds, below_reserve } = UsernameError;
        if (FULL) {
            expect([...refused.byCode]).toEqual(expect.arrayContaining([not_enough_funds, below_reserve]));
            expect(refused.byNetwork.size).toBeGreaterThan(2);
        }
        refused.byNetwork.forEach((what) => expect(what).toMatch(/request|cancel|record|start|settle/));
    });
});
