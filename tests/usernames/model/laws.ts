import type { Address, Cell, Transaction } from '@ton/core';

import { forwardFee, gasFee, type ItemData, type NetworkPrices, UsernameOp } from '../../../wrappers';
import { messageFee, outbidFee, reserve, settlementFee, UsernameGas } from '../../../wrappers/usernames/gas';
import { cellSize } from '../../../wrappers/common/cells';
import { exitCode, gasFees, gasUsed, storageFee } from '../../helpers/world';
import { type HouseRequest, type ItemRequest, maximumOf } from './model';

/** Of the longer report, report_static_data. */
const REPORT_BITS = 619;

/** What a transaction did to its account. Amounts in nanotons. */
export type Facts = {
    /** What the account held after its rent, without the message; below 0 while it owes rent. */
    pot: bigint;
    /** What came with the message, after rent that was owed. */
    value: bigint;
    after: bigint;
    gas: number;
    gasFees: bigint;
    forwardFees: bigint;
    /** What sending the message that came had cost, or a nanoton more. */
    cameFor: bigint;
    /** Undefined: the code did not run. */
    exitCode: number | undefined;
    /** The code ran to its end, and everything that it asked for was done. */
    isDone: boolean;
    lt: bigint;
    sent: Outgoing[];
};

export type Outgoing = {
    to: Address;
    value: bigint;
    op: number | undefined;
    isBounced: boolean;
    canBounce: boolean;
    body: Cell;
};

/** The facts of a transaction on an account that held `before`. */
export function factsOf(tx: Transaction, before: bigint): Facts {
    if (tx.description.type !== 'generic') {
        throw new Error('Not the transaction of a message');
    }
    const { creditPhase, actionPhase, bouncePhase } = tx.description;
    const came = tx.inMessage?.info.type === 'internal' ? tx.inMessage.info : null;
    const due = creditPhase?.dueFeesColelcted ?? 0n;
    const imported = came
        ? 0n
        : tx.totalFees.coins - storageFee(tx) - gasFees(tx) - (actionPhase?.totalActionFees ?? 0n);
    const credited = before + (came?.value.coins ?? 0n) - storageFee(tx) - due - imported;
    const value = smaller((came?.value.coins ?? 0n) - due, credited);
    const left = tx.outMessages.values().map(({ info, body }) => {
        if (info.type !== 'internal') {
            throw new Error('Nothing leaves the chain');
        }
        return { ...info, body };
    });
    return {
        pot: credited - value,
        value,
        after:
            before +
            (came?.value.coins ?? 0n) -
            tx.totalFees.coins -
            left.reduce((sum, { value, forwardFee }) => sum + value.coins + forwardFee, 0n),
        gas: gasUsed(tx),
        gasFees: gasFees(tx),
        forwardFees:
            (actionPhase?.totalFwdFees ?? 0n) +
            (bouncePhase?.type === 'ok' ? bouncePhase.messageFees + bouncePhase.forwardFees : 0n),
        cameFor: ((came?.forwardFee ?? 0n) * 3n) / 2n + 1n,
        exitCode: exitCode(tx),
        isDone: exitCode(tx) === 0 && actionPhase?.success === true,
        lt: tx.lt,
        sent: left.map(({ dest, value, bounce, bounced, body }) => ({
            to: dest,
            value: value.coins,
            op: body.bits.length < 32 ? undefined : body.beginParse().preloadUint(32),
            isBounced: bounced,
            canBounce: bounce,
            body,
        })),
    };
}

/** A name's account as the chain stores it. */
export type View = { balance: bigint; data: ItemData | null };

/** One message to a name's account, and what it did. */
export type Deed = {
    from: Address;
    /** Null: an external message. */
    request: ItemRequest | null;
    /** If the message is a bid: for whom, what was attached, and the maximum of the auction that it is for. */
    bid: { bidder: Address; refundTo: Address; attached: bigint; maximum: bigint | null } | null;
    facts: Facts;
    before: View;
    after: View;
    prices: NetworkPrices;
    now: number;
};

const larger = (a: bigint, b: bigint): bigint => (a > b ? a : b);
const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);

const auctionOf = (data: ItemData | null) => (data?.status === 'auction' ? data : null);
const ownerOf = (data: ItemData | null): Address | null => (!data || data.status === 'uninit' ? null : data.owner);
const isSame = (a: Address | null, b: Address | null): boolean => (a && b ? a.equals(b) : a === b);

/** What does not belong to the leader. */
const equity = (balance: bigint, data: ItemData | null): bigint => balance - (auctionOf(data)?.price ?? 0n);

function reserveOf(data: ItemData | null, prices: NetworkPrices): bigint {
    const records = data && data.status !== 'uninit' ? data.records : null;
    const { cells, bits } = records ? cellSize(records) : { cells: 0, bits: 0 };
    return reserve(prices, cells, bits);
}

/** A settlement, and nothing else, sends its winner a notice of value 0. */
const isSale = ({ sent }: Facts): boolean =>
    sent.some(({ op, value }) => op === UsernameOp.ownership_assigned && value === 0n);

const isOver = ({ data }: View, now: number): boolean => {
    const auction = auctionOf(data);
    return auction !== null && auction.endTime <= now;
};

const buyNowFee = (prices: NetworkPrices): bigint =>
    settlementFee(prices, UsernameGas.BUY_NOW_GAS) + 2n * messageFee(prices);

type Law = { law: string; isAtStake: (deed: Deed) => boolean; holds: (deed: Deed) => boolean };

/** What must hold after every message. That no nanoton is lost or made is checked for every account of the chain. */
const LAWS: Law[] = [
    {
        law: 'the leader can always be refunded',
        isAtStake: ({ after }) => auctionOf(after.data) !== null,
        holds: ({ after, prices }) => leaderIsSafe(after, prices),
    },
    { law: 'a bid changes the state or comes back', isAtStake: ({ bid }) => bid !== null, holds: bidCounts },
    {
        law: 'a name has one owner, whom a sale or his own transfer changes and nothing else',
        isAtStake: ({ before, after }) => !isSame(ownerOf(before.data), ownerOf(after.data)),
        holds: hasOneOwner,
    },
    {
        law: 'an item that has its reserve keeps it, but for rent and the fees of a sale',
        isAtStake: (deed) => isSale(deed.facts) || isFilled(deed),
        holds: reserveStays,
    },
    { law: 'nothing sticks', isAtStake: () => true, holds: nothingSticks },
];

export const LAW_NAMES = LAWS.map(({ law }) => law);

/** The laws that a message to a name could have broken, and those that it broke. */
export function weigh(deed: Deed): { atStake: string[]; broken: string[] } {
    const names = (laws: Law[]): string[] => laws.map(({ law }) => law);
    return {
        atStake: names(LAWS.filter(({ isAtStake }) => isAtStake(deed))),
        broken: names(LAWS.filter(({ holds }) => !holds(deed))),
    };
}

/** With the lowest next bid the item holds the leader's whole bid, and what it takes to send it back. */
export function leaderIsSafe({ balance, data }: View, prices: NetworkPrices): boolean {
    const auction = auctionOf(data);
    if (!auction) {
        return true;
    }
    const { price, minBidStep, maxBid } = auction;
    const next = price + larger((price * BigInt(minBidStep) + 99n) / 100n, 2n * outbidFee(prices));
    return maxBid > 0n && next >= maxBid
        ? balance + maxBid - price >= buyNowFee(prices)
        : balance + next - price >= outbidFee(prices);
}

function bidCounts({ bid, facts, before, after, prices, now }: Deed): boolean {
    if (!bid) {
        return true;
    }
    const { attached, maximum, bidder, refundTo } = bid;
    const returned = facts.sent
        .filter(({ op, isBounced }) => isBounced || op === UsernameOp.return_bid)
        .reduce((sum, { value }) => sum + value, 0n);
    const auction = auctionOf(after.data);
    const isLeading =
        auction !== null &&
        auction.price > (auctionOf(before.data)?.price ?? 0n) &&
        auction.price === attached &&
        (maximum === null || attached < maximum) &&
        auction.bidTs === now &&
        isSame(auction.bidder, bidder) &&
        isSame(auction.refundTo, refundTo);
    const hasWon =
        !isOver(before, now) &&
        maximum !== null &&
        returned === attached - maximum &&
        isSale(facts) &&
        isSame(ownerOf(after.data), bidder);
    return isLeading || hasWon || returned >= facts.value - facts.gasFees - facts.forwardFees - messageFee(prices);
}

function hasOneOwner({ from, request, bid, facts, before, after, now }: Deed): boolean {
    const owner = ownerOf(after.data);
    if (isSame(owner, ownerOf(before.data))) {
        return true;
    }
    const winner = isOver(before, now) ? auctionOf(before.data)?.bidder : bid?.bidder;
    const seller = isSale(facts) && winner ? winner : ownerOf(before.data);
    const isGiven = request?.is === 'transfer' && isSame(from, seller) && isSame(owner, request.newOwner);
    const hasRecords = after.data && 'records' in after.data && after.data.records !== null;
    return (isSame(owner, seller) || isGiven) && (!hasRecords || request?.is === 'record');
}

/** A mint, or a start or record that was answered with ok: the item has its reserve from then on. */
function isFilled({ request, facts, before, after }: Deed): boolean {
    switch (request?.is) {
        case 'start':
            return facts.sent.some(({ op }) => op === UsernameOp.ok);
        case 'record':
            return request.record !== null && facts.sent.some(({ op }) => op === UsernameOp.ok);
        case 'deploy':
            return (
                ownerOf(before.data) === null && auctionOf(before.data) === null && facts.isDone && after.data !== null
            );
        default:
            return false;
    }
}

function reserveStays(deed: Deed): boolean {
    const { facts, after, prices } = deed;
    const spent = isSale(facts) ? facts.gasFees + facts.forwardFees : 0n;
    const needed = isFilled(deed) ? reserveOf(after.data, prices) : 0n;
    return after.balance >= smaller(facts.pot - spent, reserve(prices)) && after.balance >= needed;
}

/** What a message that cannot pay its answer leaves behind at most: the network moves a report to a second cell (docs/money.md). */
function answerFee(request: { is: string } | null, prices: NetworkPrices): bigint {
    const isReport = request?.is === 'get_static_data' || request?.is === 'get_royalty_params';
    return isReport ? forwardFee(prices, 1, REPORT_BITS) : messageFee(prices);
}

function nothingSticks(deed: Deed): boolean {
    const { request, facts, before, after, prices } = deed;
    const filled = isFilled(deed) ? reserveOf(after.data, prices) : isSale(facts) ? reserve(prices) : 0n;
    // What the payout was less because of fees that were charged and did not arise
    const unspent = isSale(facts) ? buyNowFee(prices) : 0n;
    const most = larger(equity(facts.pot, before.data), filled) + unspent + giftOf(request, facts, before, prices);
    return equity(after.balance, after.data) <= most + answerFee(request, prices);
}

/** What may stay because its sender said so. */
function giftOf(request: ItemRequest | null, facts: Facts, before: View, prices: NetworkPrices): bigint {
    if (request?.is === 'top_up' || request?.is === 'return_bid' || before.data === null) {
        return facts.value;
    }
    if (request?.is !== 'transfer' || facts.sent.some(({ op }) => op === UsernameOp.return_bid)) {
        return 0n;
    }
    return request.responseDestination
        ? gasFee(prices, UsernameGas.TRANSFER_REST_GAS) + facts.cameFor
        : larger(0n, facts.value - request.forwardAmount);
}

/** The bid that a message is, for its law; `stored`: the account before it. */
export function bidOf(request: ItemRequest, from: Address, value: bigint, { data }: View): Deed['bid'] {
    const limit = data?.status === 'open' || data?.status === 'auction' ? data.maxBid : 0n;
    const maximum = limit === 0n ? null : limit;
    switch (request.is) {
        case 'bid':
            return { bidder: from, refundTo: from, attached: value, maximum };
        case 'place_bid':
            return { bidder: request.owner, refundTo: request.refundTo, attached: value, maximum };
        case 'deploy': {
            const { refundTo, attached, name } = request;
            return {
                bidder: name.auction?.bid?.bidder ?? refundTo,
                refundTo,
                attached,
                maximum: name.auction && maximumOf(name.auction.config),
            };
        }
        default:
            return null;
    }
}

/** Money passes through the house or comes back; the house never pays. `request` null: what an item sent back. */
export function houseKeepsNothing(
    request: HouseRequest | null,
    { pot, value, after }: Facts,
    prices: NetworkPrices,
): boolean {
    const isGift = request?.is === 'top_up' || request?.is === 'return_bid';
    return after >= pot && after <= pot + (isGift ? value : answerFee(request, prices));
}
