import { type Address, Cell, toNano } from '@ton/core';

import {
    cellToItemData,
    cellToUsernameCollectionConfig,
    itemAddress,
    UsernameItem,
    UsernameOp,
    type NetworkPrices,
} from '../../wrappers';
import {
    forwardFeeOf,
    type Held,
    heldBalance,
    heldData,
    holdNothing,
    opIn,
    partsOf,
} from '../usernames/sweeps/account';
import { Arena, ITEM_STATES, type ItemState, probesFor } from '../usernames/sweeps/arena';
import { houseIn, houseProbes, readDeploy } from '../usernames/sweeps/house';
import { larger } from '../usernames/sweeps/sweep';
import { bidOf, factsOf, houseKeepsNothing, type View, weigh } from '../usernames/model/laws';
import type { HouseRequest, ItemRequest } from '../usernames/model/model';
import { type Breach, isBounced, isDone, keyOf, type Letter, type Scene, type Step, weighStep } from './chain';

/** What of its value the collection may keep; of all others nothing. */
const HOUSE_REQUESTS: Record<number, HouseRequest> = {
    0: { is: 'top_up' },
    [UsernameOp.return_bid]: { is: 'return_bid' },
    [UsernameOp.get_royalty_params]: { is: 'get_royalty_params' },
};

/** For each state of a name: a collection that mints openly, the name, and a message of every kind to both. */
export async function usernameScenes(prices: NetworkPrices): Promise<Record<ItemState, Scene>> {
    const arena = await Arena.create(prices);
    const scenes: [ItemState, Scene][] = [];
    for (const state of ITEM_STATES) {
        scenes.push([state, await sceneIn(arena, state)]);
    }
    return Object.fromEntries(scenes) as Record<ItemState, Scene>;
}

async function sceneIn(arena: Arena, state: ItemState): Promise<Scene> {
    const { items, senders, sweep } = arena;
    const item = items[state];
    const house = houseIn(arena, 'with proposals');
    const { itemCode } = cellToUsernameCollectionConfig(heldData(house));
    const nameAt = (name: string): Address => itemAddress(house.address, itemCode, name);
    const accounts = new Map<string, Held>();
    for (const held of [
        holdNothing(nameAt('fresh'), item.now),
        holdNothing(nameAt('abcd'), item.now),
        items.minted,
        house,
        item,
    ]) {
        accounts.set(keyOf(held.address), held);
    }
    const letters: Record<string, Letter> = {};
    /** What a message of a person to a name asks for, by the hash of its body. */
    const requests = new Map<string, ItemRequest>();
    const holder = state === 'ended' ? senders.bidder : senders.owner;
    const value = toNano('3');
    for (const [what, { request, body }] of Object.entries(probesFor(arena, state))) {
        requests.set(body.hash().toString('hex'), request);
        letters[what] = { from: holder, to: item.address, value, body, bounce: true };
    }
    letters["another's bid"] = {
        from: senders.stranger,
        to: item.address,
        value: toNano('4'),
        body: Cell.EMPTY,
        bounce: true,
    };
    letters['a bid above the maximum'] = {
        from: senders.bidder,
        to: item.address,
        value: toNano('11'),
        body: UsernameItem.bidMessage({ comment: 'mine' }),
        bounce: true,
    };
    for (const [what, { body }] of Object.entries(await houseProbes(arena))) {
        const from = /mint/.test(what) ? senders.owner : /new admin/.test(what) ? senders.bidder : senders.admin;
        letters[`${what} at the collection`] = { from, to: house.address, value, body, bounce: true };
    }
    const weighOne = (step: Step): Breach[] =>
        step.before.address.equals(house.address) ? weighHouse(step) : weighItem(step, house.address, requests);
    return {
        state: { accounts, flights: [], now: item.now, prices: sweep.prices },
        letters,
        weigh: (step) => [...weighStep(step), ...weighOne(step)],
        weighEnd: () => [],
    };
}

const viewOf = (held: Held): View => {
    const { data } = partsOf(held);
    return { balance: heldBalance(held), data: data && cellToItemData(data) };
};

/** The laws of the models, for one message to a name. */
function weighItem(step: Step, house: Address, requests: Map<string, ItemRequest>): Breach[] {
    const { before, after, shot, from, message, prices, now, hindrance } = step;
    // What does not run has no facts but those that hold for everyone; a value whose way back the network refuses stays
    if (hindrance?.is === 'gone' || hindrance?.is === 'frozen' || shot.isFrozen || shot.skipped > 0) {
        return [];
    }
    const { body } = message;
    const request: ItemRequest =
        from.equals(house) && opIn(body) === UsernameOp.item_deploy
            ? { is: 'deploy', ...readDeploy(body) }
            : (requests.get(body.hash().toString('hex')) ?? { is: 'unknown' });
    const facts = factsOf(shot.tx, heldBalance(before));
    const [was, is] = [viewOf(before), viewOf(after)];
    const bid = bidOf(request, from, facts.value, was);
    // A mint's bid is of the time when the collection took it
    const bidAt = request.is === 'deploy' ? (request.name.auction?.bid?.time ?? now) : now;
    // A notice is charged what the message that asked for it cost, be it under cheaper prices
    const dearer = request.is === 'transfer' ? larger(0n, forwardFeeOf(message, prices) - facts.cameFor) : 0n;
    const deed = { from, request, bid, facts, before: was, prices, now: bidAt };
    const { broken } = weigh({ ...deed, after: { ...is, balance: is.balance + dearer } });
    return broken.map((law) => ({ law, lost: facts.value }));
}

/** The house passes on what comes, and what comes back goes to the bidder. */
function weighHouse(step: Step): Breach[] {
    const { before, shot, message, prices, hindrance } = step;
    if (hindrance?.is === 'gone' || hindrance?.is === 'frozen' || shot.isFrozen || !isDone(step)) {
        return [];
    }
    const breaches: Breach[] = [];
    const facts = factsOf(shot.tx, heldBalance(before));
    const op = opIn(message.body);
    if (!houseKeepsNothing(HOUSE_REQUESTS[op ?? -1] ?? null, facts, prices)) {
        breaches.push({ law: 'the collection keeps nothing', lost: facts.value });
    }
    if (isBounced(step)) {
        // The root of what was deployed is in it: op, refund_to
        const refundTo = message.body.refs[0]?.beginParse().skip(32).loadAddress();
        const [back] = shot.sent;
        if (!refundTo || !back?.to.equals(refundTo) || opIn(back.body) !== UsernameOp.return_bid) {
            breaches.push({ law: 'a mint that failed goes back to its bidder', lost: facts.value });
        }
    }
    return breaches;
}
