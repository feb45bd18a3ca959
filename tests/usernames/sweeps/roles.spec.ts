import { toNano } from '@ton/core';

import { PRICE_LISTS } from '../../helpers/world';
import { Arena, ITEM_STATES, requestsFor, SENDERS } from './arena';
import { bodyOf, expectItem } from './item-rules';
import { FULL, report, type Sweep } from './sweep';

// Every message to an item, from everyone, in every state, with both bounce flags: what is done and what is refused, with
// which code, what is sent and to whom, what is stored, what stays.

const VALUES = FULL ? ['1', '2.5', '5', '9', '11', '400'] : ['3', '11'];

describe.each(PRICE_LISTS)('everyone’s messages under %s', (_, prices) => {
    const sweeps: Sweep[] = [];
    let arena: Arena;

    beforeAll(async () => {
        arena = await Arena.create(prices);
        sweeps.push(arena.sweep);
    });

    afterAll(() => report(__filename, sweeps));

    it.each(ITEM_STATES)('do to an item in the state %s what the rules say', async (state) => {
        const held = arena.items[state];
        for (const [what, request] of Object.entries(requestsFor(arena, state))) {
            const body = bodyOf(request);
            for (const sender of SENDERS) {
                const from = arena.senders[sender];
                for (const value of VALUES.map(toNano)) {
                    for (const bounce of [true, false]) {
                        await arena.sweep.shoot(
                            `${what} from ${sender}`,
                            held,
                            { from, value, body, bounce },
                            0,
                            (shot) => expectItem(held, { from, request, gasNeeded: 30_000 }, shot, prices),
                        );
                    }
                }
            }
        }
    });
});
