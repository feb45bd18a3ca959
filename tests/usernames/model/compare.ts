import type { Address, Cell } from '@ton/core';

import {
    forwardFee,
    gasFee,
    type ItemData,
    type ItemState,
    nameIndex,
    type NetworkPrices,
    UsernameOp,
} from '../../../wrappers';
import { messageFee } from '../../../wrappers/usernames/gas';
import { errorName } from '../../helpers/world';
import type { Facts, Outgoing } from './laws';
import {
    isOver,
    type Item,
    maximumOf,
    type Name,
    neededReserve,
    nextMinimum,
    recordsRoot,
    type Sent,
    type Verdict,
} from './model';

/** With this gas, and the fees of three messages, nothing that the rules accept fails for lack of it. */
const MUCH_GAS = 60_000;
export const OUT_OF_GAS = -14;
const REPORTS: number[] = [UsernameOp.report_static_data, UsernameOp.report_royalty_params];

/** Who sent a message, and whether it bounces. */
export type Header = { from: Address; bounce: boolean };

/**
 * The state after a message that the model has judged; throws if the transaction did anything else than the verdict says.
 * `same` is the state of before; `deployTo`: the item to which an accepted mint goes.
 */
export function stateAfter<S>(
    verdict: Verdict<S>,
    same: S,
    facts: Facts,
    header: Header,
    prices: NetworkPrices,
    deployTo?: Address,
): S {
    const isRefused = 'refused' in verdict;
    const problem = isRefused
        ? refusalProblem(verdict.refused, facts, header, prices)
        : effectProblem(verdict.sent, facts, deployTo);
    if (problem === null) {
        return isRefused ? same : verdict.next;
    }
    const asks = isRefused ? 0n : (verdict.asks ?? 0n);
    if (
        facts.value < asks + gasFee(prices, MUCH_GAS) + 3n * messageFee(prices) &&
        isForLack(isRefused ? undefined : verdict.lack, facts, header, isRefused ? [] : verdict.sent, prices)
    ) {
        return same;
    }
    throw new Error(`${problem} (${facts.after - facts.pot} of ${facts.value} nanotons stay)`);
}

function effectProblem(expected: Sent[], facts: Facts, deployTo?: Address): string | null {
    if (!facts.isDone) {
        return `It fails with ${errorName(facts.exitCode)}, and should be accepted`;
    }
    const deploys = facts.sent.filter(({ op }) => op === UsernameOp.item_deploy);
    if (deployTo) {
        const [deploy] = deploys;
        const value = facts.value - facts.gasFees - facts.forwardFees;
        if (!deploy?.canBounce || !deploy.to.equals(deployTo) || deploy.value !== value) {
            return `The whole value, ${value} nanotons, does not go to the item`;
        }
    }
    return differenceOf(facts.sent.slice(deployTo ? 1 : 0), expected);
}

/** Null: exactly the messages that should leave have left. */
export function differenceOf(sent: Outgoing[], expected: Sent[]): string | null {
    const isExpected = ({ to, value, body, canBounce }: Outgoing, place: number): boolean => {
        const model = expected[place];
        const less = model ? model.value - value : -1n;
        return (
            !canBounce &&
            less >= 0n &&
            less <= (model?.slack ?? 0n) &&
            !!model?.to.equals(to) &&
            model.body.equals(body)
        );
    };
    if (sent.length === expected.length && sent.every(isExpected)) {
        return null;
    }
    const list = (messages: { to: Address; value: bigint; body: Cell }[]): string =>
        messages.map(({ to, value, body }) => `\n    ${value} to ${to.toRawString()}: ${body.toString()}`).join('');
    return `It sends${list(sent)}\n  and not${list(expected)}`;
}

function refusalProblem(codes: number[], facts: Facts, { from, bounce }: Header, prices: NetworkPrices): string | null {
    const names = codes.map(errorName).join(', ');
    const code = bounce ? facts.exitCode : 0;
    if (facts.exitCode !== code || (bounce && !codes.includes(code ?? 0))) {
        return `It ends with ${errorName(facts.exitCode)}, and should be refused with ${names}`;
    }
    // A bounce tells as much as its sender asked for, which is more than a cell only where the house deploys an item
    const fee = facts.sent.length > 0 ? facts.forwardFees : messageFee(prices);
    const value = facts.value - facts.gasFees - fee;
    const [back, ...others] = facts.sent;
    const isBack = back
        ? back.to.equals(from) &&
          back.isBounced === bounce &&
          (bounce || back.op === UsernameOp.return_bid) &&
          back.value === value
        : value < 0n;
    return isBack && others.length === 0
        ? null
        : `It should be refused with ${names}, and ${value} nanotons should come back`;
}

/** Not even the gas was there: nothing happened, and at most the price of a message, or of the report asked for, stays. */
function isForLack(
    code: number | undefined,
    facts: Facts,
    { from }: Header,
    expected: Sent[],
    prices: NetworkPrices,
): boolean {
    // The network moves the body of a report to a second cell (docs/money.md)
    const report = expected.find(({ body }) => REPORTS.includes(body.beginParse().preloadUint(32)));
    const bound = report ? forwardFee(prices, 1, report.body.bits.length) : messageFee(prices);
    const kept = facts.after - facts.pot;
    const isBack = facts.sent.every(
        ({ to, op, isBounced }) => to.equals(from) && (isBounced || op === UsernameOp.return_bid),
    );
    const reasons = [undefined, OUT_OF_GAS, code];
    return (
        (!facts.isDone || isBack) &&
        facts.sent.length <= 1 &&
        isBack &&
        (facts.exitCode === 0 || reasons.includes(facts.exitCode)) &&
        kept >= 0n &&
        kept <= bound
    );
}

/** What a name's account must store. */
export function storedAs(item: Item, label: string, collection: Address, domain: string): ItemData | null {
    if (item === 'absent') {
        return null;
    }
    if (item === 'bare') {
        return { status: 'uninit', index: nameIndex(label), collection };
    }
    const { owner, royalty, content, auction } = item;
    const rest = { owner, records: recordsRoot(item.records), collection, royalty, domain, name: label, content };
    if (!auction) {
        return { status: 'idle', startableAt: item.startableAt, ...rest };
    }
    const { config, bid, startedAt, endTime } = auction;
    const terms = {
        endTime,
        price: bid?.amount ?? config.initialMinBid,
        maxBid: maximumOf(config) ?? 0n,
        minBidStep: config.minBidStep,
        minExtendTime: config.minExtendTime,
        startedAt,
        auctionConfig: config,
        ...rest,
    };
    return bid
        ? { status: 'auction', refundTo: bid.refundTo, bidder: bid.bidder, bidTs: bid.time, ...terms }
        : { status: 'open', ...terms };
}

/** What the rich getter must say of a name. */
export function shownAs(name: Name, now: number, prices: NetworkPrices): Omit<ItemState, 'paidUntil'> {
    const { owner, royalty } = name;
    const isEnded = isOver(name, now);
    const auction = isEnded && !name.auction?.bid ? null : name.auction;
    const status = auction?.bid ? (isEnded ? 'ended' : 'auction') : auction ? 'open' : 'idle';
    return {
        status,
        owner,
        bidder: auction?.bid?.bidder ?? null,
        refundTo: auction?.bid?.refundTo ?? null,
        bid: auction?.bid?.amount ?? 0n,
        bidTs: auction?.bid?.time ?? 0,
        minBid: auction ? nextMinimum(auction, prices) : 0n,
        maxBid: (auction && maximumOf(auction.config)) ?? 0n,
        startedAt: auction?.startedAt ?? 0,
        endTime: auction?.endTime ?? 0,
        beneficiary: auction?.config.beneficiary ?? null,
        royalty,
        startableAt: name.auction ? 0 : name.startableAt,
        reserve: neededReserve(name.records, prices),
    };
}

/** Without a contract a message bounces, or its value stays. */
export function checkAbsent({ sent, value }: Facts, { from, bounce }: Header, prices: NetworkPrices): void {
    const left = value - messageFee(prices);
    const [back] = sent;
    const isRight = bounce && left >= 0n ? back?.isBounced && back.to.equals(from) && back.value === left : !back;
    if (!isRight) {
        throw new Error('A message to an account without a contract neither bounces nor stays');
    }
}
