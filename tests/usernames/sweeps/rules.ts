import { Address, Cell, Dictionary } from '@ton/core';

import {
    AuctionLimits,
    cellToItemData,
    gasFee,
    nameIndex,
    type NetworkPrices,
    UsernameError,
    UsernameOp,
} from '../../../wrappers';
import { messageFee, reserve, settlementFee, UsernameGas } from '../../../wrappers/usernames/gas';
import {
    type Effect,
    isOver,
    type Item,
    type ItemRequest,
    neededReserve,
    receiveItem,
    settleExternally,
    type Verdict,
} from '../model/model';
import { forwardFeeOf, type Held, heldData, opIn, type Shot } from './account';
import { larger, type Rules } from './sweep';

/** A message to an item: what it asks for, and its body. */
export type Probe = { request: ItemRequest; body: Cell; isMalformed?: boolean };

/** The rules' view of an item's storage. */
export function readItem(data: Cell): Exclude<Item, 'absent'> {
    const item = cellToItemData(data);
    if (item.status === 'uninit') {
        return 'bare';
    }
    const records = item.records
        ? [...Dictionary.loadDirect(Dictionary.Keys.BigUint(256), Dictionary.Values.Cell(), item.records)]
        : [];
    const name = { label: item.name, owner: item.owner, records, royalty: item.royalty, content: item.content };
    if (item.status === 'idle') {
        return { ...name, startableAt: item.startableAt, auction: null };
    }
    const { auctionConfig: config, startedAt, endTime, price } = item;
    const maxBid = config.maxBid === AuctionLimits.UNLIMITED_BID ? 0n : config.maxBid;
    const isCopied =
        item.maxBid === maxBid &&
        item.minBidStep === config.minBidStep &&
        item.minExtendTime === config.minExtendTime &&
        (item.status === 'auction' || price === config.initialMinBid);
    if (!isCopied) {
        throw new Error('The terms in the root are not those of the config');
    }
    const bid =
        item.status === 'auction'
            ? { amount: price, bidder: item.bidder, refundTo: item.refundTo, time: item.bidTs }
            : null;
    // An auction remembers no startable_at
    return { ...name, startableAt: 0, auction: { config, startedAt, endTime, bid } };
}

/** The same text for the same content, whatever the order of fields and records. */
export function textOf(value: unknown): string {
    if (value instanceof Cell) {
        return value.hash().toString('hex');
    }
    if (Address.isAddress(value)) {
        return value.toRawString();
    }
    if (Array.isArray(value)) {
        return `[${value.map(textOf).sort().join()}]`;
    }
    if (typeof value === 'object' && value !== null) {
        const fields = Object.entries(value).map(([key, field]) => `${key}: ${textOf(field)}`);
        return `{${fields.sort().join()}}`;
    }
    return String(value);
}

const describeItem = (item: Item): string =>
    textOf(typeof item === 'string' || !item.auction ? item : { ...item, startableAt: 0 });

/** The rules for one message to an item; `probe` null: the unsigned external. */
export function itemRules(collection: Address, held: Held, probe: Probe | null, prices: NetworkPrices): Rules<Item> {
    const data = heldData(held);
    const item = readItem(data);
    const stored = cellToItemData(data);
    const text = describeItem(item);
    const index = stored.status === 'uninit' ? stored.index : nameIndex(stored.name);
    return {
        judge: (env, { from, bounce }) => {
            if (probe === null) {
                return settleExternally(item, env);
            }
            const { request, isMalformed = false } = probe;
            if (request.is === 'bid' && !isMalformed && from.workChain !== 0 && item !== 'bare') {
                return { refused: [UsernameError.wrong_workchain] };
            }
            const receive = (request: ItemRequest, from: Address): Verdict<Item> =>
                receiveItem(collection, item, index, { from, bounce, request, queryId: 0n, isMalformed }, env);
            if (request.is === 'place_bid' && item !== 'bare' && item.auction?.startedAt === request.startedAt) {
                // A sale that the pot cannot pay for is refused like any bid; only what misses its auction goes to refund_to
                const plain = receive({ is: 'bid' }, request.owner);
                if ('refused' in plain && plain.refused.includes(UsernameError.not_enough_funds)) {
                    return plain;
                }
            }
            return receive(request, from);
        },
        stored: (after) => (after.equals(data) ? text : describeItem(readItem(after))),
        expected: (next) => (next === item ? text : describeItem(next)),
        messages: (_, { sent }) => sent,
        bounds: (shot, effect) => boundsOf(item, probe?.request ?? null, held.now, shot, effect, prices),
    };
}

const bidOf = (item: Item): bigint => (typeof item === 'string' ? 0n : (item.auction?.bid?.amount ?? 0n));

type Bounds = { least: bigint; most: bigint };

/** What docs/money.md lets an item hold after an accepted message: the leader's bid, what it held before, and what it says. */
function boundsOf(
    before: Item,
    request: ItemRequest | null,
    now: number,
    shot: Shot,
    { next, sent }: Effect<Item>,
    prices: NetworkPrices,
): Bounds {
    const { pot, value, gasFees } = shot;
    const isFilled = request?.is === 'start' || (request?.is === 'record' && request.record !== null);
    const filled = isFilled && typeof next !== 'string' ? neededReserve(next.records, prices) : null;
    const isSale = sent.some(isSaleNotice);
    const held = isSale ? afterSale(before, request, now, shot, prices) : beforeIt();
    const above = (amount: bigint): bigint => bidOf(next) + (filled === null ? amount : larger(amount, filled));
    const least = above(held.least) + (request?.is === 'deploy' ? gift() : 0n);
    return { least, most: above(held.most) + gift() };

    /** Bids cost the pot their gas and the refund. */
    function beforeIt(): Bounds {
        const most = pot - bidOf(before);
        const isBid = bidOf(next) !== bidOf(before);
        return { least: isBid ? most - gasFees - shot.forwardFees : most, most };
    }

    /** What stays because the sender says so. */
    function gift(): bigint {
        switch (request?.is) {
            case 'top_up':
            case 'return_bid':
                return value - gasFees;
            case 'deploy':
                return before === 'bare' && !isSale ? value - gasFees - bidOf(next) : 0n;
            case 'transfer':
                return request.responseDestination
                    ? sent.reduce((sum, { slack = 0n }) => sum + slack, 0n)
                    : value - gasFees - request.forwardAmount;
            default:
                return 0n;
        }
    }
}

/** The reserve, if the pot had it, what was topped up, and what was charged for and not used. */
function afterSale(
    before: Item,
    request: ItemRequest | null,
    now: number,
    { pot, value, gasFees, sent }: Shot,
    prices: NetworkPrices,
): Bounds {
    const { payout, outbid, return_bid } = UsernameOp;
    const forwarded = (...ops: number[]): bigint =>
        sent
            .filter((message) => ops.includes(opIn(message.body) ?? 0) || isSaleNotice(message))
            .reduce((sum, { message }) => sum + forwardFeeOf(message, prices), 0n);
    /** `own`: what the pot has without the price; `charged`: for what; `used`: for what it paid. */
    const bounds = (own: bigint, price: bigint, charged: bigint, used: bigint): Bounds => {
        const full = reserve(prices);
        return {
            least: own + price - charged < full ? own + price - charged : full,
            most: larger(own, full + charged) - used,
        };
    };
    const messages = settlementFee(prices) - gasFee(prices, UsernameGas.SETTLE_GAS);
    const isClosing = typeof before !== 'string' && isOver(before, now);
    if (request === null || isClosing) {
        const charged = request === null ? settlementFee(prices) : messages;
        const used = (request === null ? gasFees : 0n) + forwarded(payout);
        return bounds(pot - bidOf(before), bidOf(before), charged, used);
    }
    const used = gasFees + forwarded(payout, outbid, return_bid);
    const answers = request.is === 'deploy' ? 1n : 2n;
    const charged = messages + gasFee(prices, UsernameGas.BUY_NOW_GAS) + answers * messageFee(prices);
    // What is above the price goes back, and so does the bid before
    const price = request.is === 'deploy' ? bidOf(request.name) : maximumBid(before);
    const own = request.is === 'deploy' ? pot + value - request.attached : pot - bidOf(before);
    return bounds(own, price, charged, used);
}

/** A transfer's notice has a value. */
const isSaleNotice = ({ value, body }: { value: bigint; body: Cell }): boolean =>
    value === 0n && opIn(body) === UsernameOp.ownership_assigned;

const maximumBid = (item: Item): bigint => (typeof item === 'string' ? 0n : (item.auction?.config.maxBid ?? 0n));
