import { toNano } from '@ton/core';

import { Arena, deployProbe, ITEM_STATES, probesFor, SENDERS } from './arena';
import { itemRules, type Probe } from './rules';
import { LISTS, report, thinned } from './sweep';

// Every message to an item, from everyone, in every state, with both bounce flags: what is done and what is refused, with
// which code, what is sent and to whom, what is stored, what stays.

/** Between the bids and maxima of the states, and above them. */
const VALUES = ['3', '11'].map(toNano);
/** All of them are more than enough for gas and answers. */
const NOTHING = { gas: 0n, answer: 0n };

describe.each(LISTS)('under %s', (list, prices) => {
    const isTaken = thinned(41);
    let arena: Arena;

    beforeAll(async () => {
        arena = await Arena.create(prices);
    });

    afterAll(() => report('roles', list, arena.sweep));

    it.each(ITEM_STATES)(
        'everyone’s every message does to an item in the state %s what the rules say',
        async (state) => {
            const held = arena.items[state];
            const probes: [string, Probe][] = [
                ...Object.entries(probesFor(arena, state)),
                ['a deploy', deployProbe(arena, toNano('10'), false)],
                ['a deploy of a sold name', deployProbe(arena, toNano('10') + 7n, true)],
            ];
            for (const [what, probe] of probes) {
                for (const sender of SENDERS) {
                    const from = arena.senders[sender];
                    // A deploy brings the bid less the collection's fees
                    for (const value of probe.request.is === 'deploy' ? [toNano('9.99')] : VALUES) {
                        for (const bounce of [true, false]) {
                            if (!isTaken()) {
                                continue;
                            }
                            // The collection's deploy can always bounce
                            const isOther = sender !== 'collection' || (state === 'uninit' && !bounce);
                            const rules = itemRules(
                                arena.collection.address,
                                held,
                                probe.request.is === 'deploy' && isOther
                                    ? { ...probe, request: { is: 'not_deploy' } }
                                    : probe,
                                prices,
                            );
                            const fire = { from, value, body: probe.body, bounce };
                            await arena.sweep.shoot(`${what} from ${sender}`, held, fire, NOTHING, rules);
                        }
                    }
                }
            }
        },
    );
});
