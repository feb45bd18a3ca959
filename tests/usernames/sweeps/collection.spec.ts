import { toNano } from '@ton/core';
import { createShardAccount } from '@ton/sandbox';

import { loadCode } from '../../../compilables/compile';
import { UsernameOp } from '../../../wrappers';
import { usernameItemConfigToCell } from '../../../wrappers/usernames/UsernameItem';
import { messageFee, outbidFee } from '../../../wrappers/usernames/gas';
import { type Held, hold, holdNothing, opIn, outcomeOf, type Shot } from './account';
import { Arena, MAX_BID, SENDERS } from './arena';
import { HOUSE_STATES, houseIn, type HouseProbe, houseProbes, houseRules, readDeploy } from './house';
import { itemRules } from './rules';
import { around, LISTS, report, thinned, thresholds } from './sweep';

// Every message to the collection, from everyone, in every state and with every value around each of its thresholds. What
// a mint sends on is delivered: to an address without an account, to an item without state, to a name that is taken.

/** More than enough for gas and answers comes with every message of a certain value. */
const NEEDS = { gas: 0n, answer: 0n };

describe.each(LISTS)('under %s', (list, prices) => {
    let arena: Arena;
    let probes: Record<string, HouseProbe>;
    /** The item of the name that nobody has: without state, and without an account. */
    let bare: Held;
    let nothing: Held;

    beforeAll(async () => {
        arena = await Arena.create(prices);
        probes = await houseProbes(arena);
        const { address: collection, now } = arena.collection;
        const code = loadCode('UsernameItem');
        const data = usernameItemConfigToCell({ collection, name: 'fresh' });
        bare = hold(createShardAccount({ code, data, balance: toNano('0.1') }), now);
        nothing = holdNothing(bare.address, now);
    });

    afterAll(() => report('collection', list, arena.sweep));

    /** The item's part of a mint that the collection took. */
    async function deliver(what: string, { sent: [deploy] }: Shot): Promise<void> {
        if (!deploy || opIn(deploy.body) !== UsernameOp.item_deploy) {
            return;
        }
        const probe = { request: { is: 'deploy', ...readDeploy(deploy.body) } as const, body: deploy.body };
        const isFree = deploy.to.equals(bare.address);
        const rules = itemRules(arena.collection.address, isFree ? bare : arena.items.minted, probe, prices);
        for (const held of isFree ? [bare, nothing] : [arena.items.minted]) {
            await arena.sweep.deliver(`${what}, delivered`, held, deploy.message, rules);
        }
    }

    const isSent = thinned(61, 5);
    it.each(HOUSE_STATES)('everyone’s every message does to a collection %s what the rules say', async (state) => {
        const held = houseIn(arena, state);
        for (const [what, probe] of Object.entries(probes)) {
            const rules = houseRules(held, probe);
            for (const sender of SENDERS) {
                for (const value of ['0.9', '3', '11'].map(toNano)) {
                    for (const bounce of [true, false]) {
                        if (isSent()) {
                            const fire = { from: arena.senders[sender], value, body: probe.body, bounce };
                            const shot = await arena.sweep.shoot(`${what} from ${sender}`, held, fire, NEEDS, rules);
                            await deliver(what, shot);
                        }
                    }
                }
            }
        }
    });

    const isTaken = thinned(61, 3);
    it.each(HOUSE_STATES)('every message does with any value to a collection %s what the rules say', async (state) => {
        const { sweep, senders } = arena;
        const held = houseIn(arena, state);
        const fee = messageFee(prices);
        const seeds = [fee, outbidFee(prices), 40n * fee, toNano('0.6'), toNano('3'), toNano('20')];
        for (const [what, probe] of Object.entries(probes)) {
            const rules = houseRules(held, probe);
            const from = /mint/.test(what) ? senders.owner : /new admin/.test(what) ? senders.bidder : senders.admin;
            for (const bounce of [true, false]) {
                if (!isTaken()) {
                    continue;
                }
                const fire = { from, body: probe.body, bounce };
                const rich = [await sweep.fire(held, { ...fire, value: toNano('3') })];
                const needs = sweep.needsOf(rich, from);
                const shoot = async (value: bigint): Promise<string> => {
                    const shot = await sweep.shoot(what, held, { ...fire, value }, needs, rules);
                    await deliver(what, shot);
                    return outcomeOf(shot);
                };
                const edges = [needs.gas, needs.gas + needs.answer].flatMap((edge) => [edge - 1n, edge]);
                const found = await thresholds([...seeds, ...edges], shoot);
                for (const value of new Set([...found, MAX_BID].flatMap((edge) => around(edge, 3, 1n, 67n)))) {
                    await shoot(value);
                }
            }
        }
    });
});
