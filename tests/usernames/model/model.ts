import { beginCell, Dictionary, type Address, type Builder, type Cell, type Slice } from '@ton/core';

import {
    type AuctionConfig,
    forwardFee,
    gasFee,
    isCanonicalName,
    minStartPrice,
    type NetworkPrices,
    type OpenTerms,
    type Royalty,
    uriContent,
    UsernameError as Code,
    UsernameOp as Op,
} from '../../../wrappers';
import { messageFee, outbidFee, reserve, UsernameGas } from '../../../wrappers/usernames/gas';
import { cellSize } from '../../../wrappers/common/cells';

/** A bid that leads. Amounts are nanotons and times unix seconds here as everywhere. */
export type Bid = { amount: bigint; bidder: Address; refundTo: Address; time: number };

/** An auction that nothing has closed yet. `endTime` 0: the clock waits for the first bid. */
export type Auction = { config: AuctionConfig; startedAt: number; endTime: number; bid: Bid | null };

/** What the house remembers of a name. Its owner is null until it is first sold. */
export type Name = {
    label: string;
    owner: Address | null;
    startableAt: number;
    records: [key: bigint, record: Cell][];
    royalty: Royalty;
    content: Cell;
    auction: Auction | null;
};

/** `absent`: no contract at the address; `bare`: the contract, without a name yet. */
export type Item = 'absent' | 'bare' | Name;

/** What the house remembers of itself; signers are numbers of the test's keys. */
export type House = {
    address: Address;
    paused: boolean;
    admin: Address | null;
    pendingAdmin: Address | null;
    signer: number;
    pendingSigner: number | null;
    openTerms: OpenTerms | null;
    royalty: Royalty;
    /** Null before its first top-up, which checks the royalty. */
    self: Address | null;
};

/** A mint order as it was signed: by which key, for which subwallet (the house's or not). */
export type Order = {
    label: string;
    signedBy: number;
    isForUs: boolean;
    validSince: number;
    validTill: number;
    content: Cell;
    config: AuctionConfig;
    royalty: Royalty | null;
    forceSender: Address | null;
    rewriteSender: Address | null;
};

/** The first state of a name, as the house sends it with the whole value that its bidder attached. */
export type Deploy = { name: Name; refundTo: Address; attached: bigint; isSold: boolean };

export type ItemRequest =
    | {
          is:
              | 'bid'
              | 'top_up'
              | 'settle'
              | 'cancel'
              | 'get_static_data'
              | 'get_royalty_params'
              | 'unknown'
              | 'not_deploy'
              | 'return_bid';
      }
    | { is: 'place_bid'; startedAt: number; owner: Address; refundTo: Address }
    | { is: 'start'; config: AuctionConfig }
    | {
          is: 'transfer';
          newOwner: Address;
          responseDestination: Address | null;
          forwardAmount: bigint;
          forwardPayload?: Cell | Slice;
      }
    | { is: 'record'; key: bigint; record: Cell | null }
    | ({ is: 'deploy' } & Deploy);

export type HouseRequest =
    | { is: 'top_up' | 'get_royalty_params' | 'unknown' | 'return_bid' | 'accept_admin' | 'renounce' }
    | { is: 'mint'; order: Order }
    | { is: 'open_mint'; label: string }
    | { is: 'set_paused'; paused: boolean }
    | { is: 'set_terms'; openTerms: OpenTerms | null }
    | { is: 'set_royalty'; royalty: Royalty }
    | { is: 'propose_signer'; signer: number }
    | { is: 'accept_signer'; signedBy: number }
    | { is: 'propose_admin'; admin: Address };

/** A message as its receiver sees it. `isMalformed`: its body ends early, or not where it should. */
export type Incoming<R> = { from: Address; bounce: boolean; request: R; queryId: bigint; isMalformed: boolean };

/**
 * What the rules need of the transaction that they judge: `pot` is what the account holds without the message, and `surely`
 * the part of it that no fee may yet take; `value` came with the message; `gas` are the units that were used, `forwardFee`
 * what sending the message had cost.
 */
export type Env = {
    now: number;
    prices: NetworkPrices;
    lt: bigint;
    pot: bigint;
    surely: bigint;
    value: bigint;
    gas: number;
    forwardFee: bigint;
};

/** A message that must leave, with exactly this body. `slack`: by how much less than `value` it may carry, else nothing. */
export type Sent = { to: Address; value: bigint; slack?: bigint; body: Cell };

/** The rules that a message breaks: it is refused with one of these exit codes. */
export type Refused = { refused: number[] };

/**
 * What an accepted message does. `asks`: the value beside its gas without which it may be refused for lack of it, with the
 * code `lack`.
 */
export type Effect<S> = { next: S; sent: Sent[]; deploy?: Deploy; asks?: bigint; lack?: number };

export type Verdict<S> = Refused | Effect<S>;

const MAX_AMOUNT = 2n ** 58n - 1n;
const MAX_DURATION = 365 * 86400;
const MAX_EXTENSION = 7 * 86400;
const PAUSE_AFTER_CANCEL = 300;
const MAX_RECORD_CELLS = 16;
const MAX_CONTENT_CELLS = 12;
const LONGEST_IN_ROOT = 286;

const isForeign = (address: Address | null): boolean => address !== null && address.workChain !== 0;
const isSame = (a: Address, b: Address | null): boolean => b !== null && a.equals(b);
const min = (a: bigint, b: bigint): bigint => (a < b ? a : b);

/** The codes of the rules that are broken. */
const broken = (...rules: [code: number, isBroken: boolean][]): number[] =>
    rules.filter(([, isBroken]) => isBroken).map(([code]) => code);

// ---------------------------------------------------------------- auctions

export function isOver(name: Name, now: number): boolean {
    return name.auction !== null && name.auction.endTime > 0 && name.auction.endTime <= now;
}

/** Null: there is no maximum. */
export function maximumOf({ maxBid }: AuctionConfig): bigint | null {
    return maxBid === 0n || maxBid === MAX_AMOUNT ? null : maxBid;
}

/** The lowest bid that is taken. */
export function nextMinimum({ config, bid }: Auction, prices: NetworkPrices): bigint {
    if (!bid) {
        return config.initialMinBid;
    }
    const step = (bid.amount * BigInt(config.minBidStep) + 99n) / 100n;
    const refunds = 2n * outbidFee(prices);
    const next = bid.amount + (step > refunds ? step : refunds);
    return min(next, maximumOf(config) ?? next);
}

function brokenTerms(config: AuctionConfig, prices: NetworkPrices): number[] {
    const { initialMinBid, maxBid, minBidStep, minExtendTime, duration } = config;
    return broken(
        [Code.wrong_workchain, isForeign(config.beneficiary)],
        [Code.invalid_auction_config, initialMinBid < minStartPrice(prices) || initialMinBid > MAX_AMOUNT],
        [Code.invalid_auction_config, maxBid > MAX_AMOUNT || (maxBid > 0n && maxBid < initialMinBid)],
        [Code.invalid_auction_config, minBidStep === 0 || minExtendTime > MAX_EXTENSION],
        [Code.invalid_auction_config, duration < 60 || duration > MAX_DURATION],
    );
}

const brokenRoyalty = ({ numerator, denominator, destination }: Royalty): number[] =>
    broken(
        [Code.invalid_royalty, denominator === 0 || numerator * 4 > denominator],
        [Code.wrong_workchain, isForeign(destination)],
    );

// ---------------------------------------------------------------- messages of an item

const body = (op: number, queryId: bigint): Builder => beginCell().storeUint(op, 32).storeUint(queryId, 64);

const money = (to: Address, value: bigint, op: number, { lt }: Env): Sent => ({
    to,
    value,
    body: body(op, lt).endCell(),
});

/**
 * What sending a body costs. A short one is in the root cell, beside a header of 650 to 740 bits, and a long one in a cell
 * of its own; no body of ours is of a length between.
 */
function sendingFee(content: Cell, prices: NetworkPrices): bigint {
    const { cells, bits } = cellSize(content);
    return content.bits.length > LONGEST_IN_ROOT ? forwardFee(prices, cells, bits) : messageFee(prices);
}

/** An answer with what is left of the message's value. */
function answered(to: Address, content: Cell, { value, gas, prices }: Env): Sent {
    return { to, value: value - gasFee(prices, gas) - sendingFee(content, prices), body: content };
}

/** The rest of a message that is not accepted. */
export function givenBack(to: Address, env: Env): Sent {
    return answered(to, body(Op.return_bid, env.lt).endCell(), env);
}

// ---------------------------------------------------------------- settlement

/** Royalty, payout, and a notice with a cell below its root. */
const saleMessagesFee = (prices: NetworkPrices): bigint => 3n * forwardFee(prices, 1, UsernameGas.THIRD_OF_NOTICE_BITS);

/** `pot`: what the item holds for this sale, after everything that is paid before it. */
function settle(name: Name, bid: Bid, beneficiary: Address, pot: bigint, env: Env): Verdict<Name> {
    const afterFees = pot - saleMessagesFee(env.prices);
    if (afterFees < 0n) {
        return { refused: [Code.not_enough_funds] };
    }
    const available = afterFees - reserve(env.prices);
    const { numerator, denominator, destination } = name.royalty;
    let royalty = (bid.amount * BigInt(numerator)) / BigInt(denominator);
    let payout = min(bid.amount - royalty, available - royalty);
    if (payout < 0n) {
        payout = 0n;
        royalty = available > 0n ? available : 0n;
    }
    const parts = destination.equals(beneficiary)
        ? [money(beneficiary, payout + royalty, Op.payout, env)]
        : [money(destination, royalty, Op.payout, env), money(beneficiary, payout, Op.payout, env)];
    const notice = body(Op.ownership_assigned, env.lt)
        .storeAddress(name.owner)
        .storeBit(0)
        .storeUint(Op.sale_info, 32)
        .storeCoins(bid.amount)
        .storeUint(bid.time, 32);
    return {
        next: { ...name, owner: bid.bidder, startableAt: 0, records: [], auction: null },
        sent: [...parts.filter(({ value }) => value !== 0n), { to: bid.bidder, value: 0n, body: notice.endCell() }],
    };
}

/** A bid of the maximum; `pot` without it. The pot bears `messages` beside the settlement's three. */
function buyNow(name: Name, auction: Auction, bid: Bid, messages: bigint, pot: bigint, env: Env): Verdict<Name> {
    const fees = gasFee(env.prices, UsernameGas.BUY_NOW_GAS) + messages * messageFee(env.prices);
    return settle(name, bid, auction.config.beneficiary, pot + bid.amount - fees, env);
}

/** An auction that is over, with a bid or without one. */
function close(name: Name, auction: Auction, env: Env): Verdict<Name> {
    return auction.bid
        ? settle(name, auction.bid, auction.config.beneficiary, env.pot, env)
        : { next: { ...name, startableAt: 0, auction: null }, sent: [] };
}

/** The unsigned external: `pot` is the balance after its import fee. */
export function settleExternally(item: Item, env: Env): Verdict<Item> {
    const auction = typeof item === 'string' ? null : item.auction;
    if (typeof item === 'string' || !auction?.bid) {
        return { refused: [Code.no_auction] };
    }
    if (!isOver(item, env.now)) {
        return { refused: [Code.auction_not_ended] };
    }
    const gas = gasFee(env.prices, UsernameGas.SETTLE_GAS);
    if (env.pot < gas + saleMessagesFee(env.prices) + reserve(env.prices)) {
        return { refused: [Code.not_enough_funds] };
    }
    return settle(item, auction.bid, auction.config.beneficiary, env.pot - gas, env);
}

// ---------------------------------------------------------------- an item

/** The verdict of the rules on an internal message to an item that has code. */
export function receiveItem(
    house: Address,
    item: Exclude<Item, 'absent'>,
    index: bigint,
    message: Incoming<ItemRequest>,
    env: Env,
): Verdict<Item> {
    if (isLeft(message)) {
        return { next: item, sent: [] };
    }
    const verdict =
        item === 'bare' ? receiveBare(house, index, message, env) : receiveNamed(house, item, index, message, env);
    return message.isMalformed ? malformed(verdict) : verdict;
}

/** What a contract with the same rule of rejection sent back: sent back again, it would go to and fro. */
const isLeft = ({ request, bounce }: Incoming<{ is: string }>): boolean => request.is === 'return_bid' && !bounce;

/** A body of another length is refused, unless it breaks another rule first; one without a query id may be no message at all. */
function malformed<S>(verdict: Verdict<S>): Refused {
    const others = 'refused' in verdict ? verdict.refused : [];
    return { refused: [Code.cell_underflow, Code.unknown_op, Code.wrong_workchain, Code.invalid_signature, ...others] };
}

function receiveBare(house: Address, index: bigint, message: Incoming<ItemRequest>, env: Env): Verdict<Item> {
    const { request } = message;
    switch (request.is) {
        case 'top_up':
            return { next: 'bare', sent: [] };
        case 'get_static_data':
            return { next: 'bare', sent: [staticData(house, index, message, env)] };
        case 'deploy':
            return takeFirstBid(request, env);
        default:
            return { refused: [Code.forbidden_not_deploy] };
    }
}

function takeFirstBid({ name, refundTo, attached, isSold }: Deploy, env: Env): Verdict<Item> {
    if (!isSold || !name.auction?.bid) {
        return { next: name, sent: [] };
    }
    const { bid } = name.auction;
    const change = attached - bid.amount;
    const sale = buyNow(name, name.auction, bid, 1n, env.pot + env.value - attached, env);
    return 'refused' in sale || change === 0n
        ? sale
        : { ...sale, sent: [...sale.sent, money(refundTo, change, Op.return_bid, env)] };
}

function staticData(house: Address, index: bigint, { from, queryId }: Incoming<unknown>, env: Env): Sent {
    const report = body(Op.report_static_data, queryId).storeUint(index, 256).storeAddress(house);
    return answered(from, report.endCell(), env);
}

function royaltyParams(royalty: Royalty, { from, queryId }: Incoming<unknown>, env: Env): Sent {
    const { numerator, denominator, destination } = royalty;
    const report = body(Op.report_royalty_params, queryId)
        .storeUint(numerator, 16)
        .storeUint(denominator, 16)
        .storeAddress(destination);
    return answered(from, report.endCell(), env);
}

const ok = ({ from, queryId }: Incoming<unknown>, env: Env): Sent =>
    answered(from, body(Op.ok, queryId).endCell(), env);

/** Anything but a top-up first closes an auction that is over; if it is then refused, that goes back with it. */
function receiveNamed(
    house: Address,
    name: Name,
    index: bigint,
    message: Incoming<ItemRequest>,
    env: Env,
): Verdict<Item> {
    if (message.request.is === 'top_up') {
        return { next: name, sent: [] };
    }
    if (!isOver(name, env.now) || !name.auction) {
        return answer(house, name, index, message, false, env);
    }
    const closed = close(name, name.auction, env);
    if ('refused' in closed) {
        return closed;
    }
    const paid = closed.sent.reduce((sum, { value }) => sum + value, 0n);
    const fees = closed.sent.reduce((sum, { body }) => sum + sendingFee(body, env.prices), 0n);
    const isSale = name.auction.bid !== null;
    const left = { pot: env.pot - paid - fees, surely: env.pot - paid - (isSale ? saleMessagesFee(env.prices) : 0n) };
    const reply = answer(house, closed.next, index, message, isSale, { ...env, ...left });
    return 'refused' in reply ? reply : { ...reply, sent: [...closed.sent, ...reply.sent] };
}

function answer(
    house: Address,
    name: Name,
    index: bigint,
    message: Incoming<ItemRequest>,
    isSettled: boolean,
    env: Env,
): Verdict<Item> {
    const { from, request } = message;
    const isOwner = isSame(from, name.owner);
    const { auction } = name;
    switch (request.is) {
        case 'bid': {
            const verdict = takeBid(name, from, from, env);
            return 'refused' in verdict && isSettled ? { next: name, sent: [givenBack(from, env)] } : verdict;
        }
        case 'place_bid': {
            const { owner, refundTo, startedAt } = request;
            const codes = broken(
                [Code.wrong_workchain, isForeign(owner) || isForeign(refundTo)],
                [Code.no_auction, startedAt === 0],
            );
            if (codes.length > 0) {
                return { refused: codes };
            }
            const verdict = startedAt === auction?.startedAt ? takeBid(name, owner, refundTo, env) : null;
            return !verdict || 'refused' in verdict ? { next: name, sent: [givenBack(refundTo, env)] } : verdict;
        }
        case 'settle':
            return isSettled
                ? { next: name, sent: [ok(message, env)] }
                : { refused: [auction ? Code.auction_not_ended : Code.no_auction] };
        case 'start': {
            const codes = [
                ...broken(
                    [Code.auction_already_started, auction !== null],
                    [Code.forbidden_auction, !isOwner],
                    [Code.auction_too_soon, env.now < name.startableAt],
                ),
                ...brokenTerms(request.config, env.prices),
            ];
            const { config } = request;
            const endTime = config.delayedStart ? 0 : env.now + config.duration;
            return codes.length > 0
                ? { refused: codes }
                : fillReserve({ ...name, auction: { config, startedAt: env.now, endTime, bid: null } }, message, env);
        }
        case 'cancel': {
            const codes = broken(
                [Code.no_auction, auction === null],
                [Code.already_has_bids, (auction?.bid ?? null) !== null],
                [Code.forbidden_auction, !isOwner],
            );
            return codes.length > 0
                ? { refused: codes }
                : {
                      next: { ...name, startableAt: env.now + PAUSE_AFTER_CANCEL, auction: null },
                      sent: [ok(message, env)],
                  };
        }
        case 'transfer':
            return transfer(name, message.from, message.queryId, request, env);
        case 'record': {
            const { key, record } = request;
            const codes = broken(
                [Code.forbidden_not_bid, (auction?.bid ?? null) !== null],
                [Code.forbidden_change_dns, !isOwner],
                [Code.record_too_large, record !== null && cellSize(record).cells > MAX_RECORD_CELLS],
            );
            if (codes.length > 0) {
                return { refused: codes };
            }
            const others = name.records.filter(([other]) => other !== key);
            return record
                ? fillReserve({ ...name, records: [...others, [key, record]] }, message, env)
                : { next: { ...name, records: others }, sent: [ok(message, env)] };
        }
        case 'get_static_data':
            return { next: name, sent: [staticData(house, index, message, env)] };
        case 'get_royalty_params':
            return { next: name, sent: [royaltyParams(name.royalty, message, env)] };
        case 'deploy':
            return { next: name, sent: [givenBack(request.refundTo, env)] };
        case 'not_deploy':
            return { refused: [Code.forbidden_not_deploy] };
        default:
            return { refused: [Code.unknown_op] };
    }
}

/** The bid is the value, up to the maximum. */
function takeBid(name: Name, bidder: Address, refundTo: Address, env: Env): Verdict<Name> {
    const { auction } = name;
    if (!auction) {
        return { refused: [Code.no_auction] };
    }
    if (env.value < nextMinimum(auction, env.prices)) {
        return { refused: [Code.bid_too_low] };
    }
    const { config, bid: last } = auction;
    const outbid = last ? [money(last.refundTo, last.amount, Op.outbid, env)] : [];
    const maximum = maximumOf(config);
    const bid = { amount: min(env.value, maximum ?? env.value), bidder, refundTo, time: env.now };
    if (maximum === null || env.value < maximum) {
        const endTime = Math.max(auction.endTime || env.now + config.duration, env.now + config.minExtendTime);
        return { next: { ...name, auction: { ...auction, endTime, bid } }, sent: outbid };
    }
    const change = env.value - maximum;
    const sale = buyNow(name, auction, bid, 2n, env.pot - (last?.amount ?? 0n), env);
    return 'refused' in sale
        ? sale
        : {
              next: sale.next,
              sent: [...outbid, ...sale.sent, ...(change ? [money(refundTo, change, Op.return_bid, env)] : [])],
          };
}

function transfer(
    name: Name,
    from: Address,
    queryId: bigint,
    request: Extract<ItemRequest, { is: 'transfer' }>,
    env: Env,
): Verdict<Name> {
    const { newOwner, responseDestination: response, forwardAmount, forwardPayload: payload } = request;
    const { prices, value } = env;
    const noticeBody = body(Op.ownership_assigned, queryId)
        .storeAddress(name.owner)
        .store(storePayload(payload))
        .endCell();
    const asks = forwardAmount + (response ? messageFee(prices) : 0n);
    const codes = broken(
        [Code.forbidden_not_bid, name.auction !== null],
        [Code.forbidden_transfer, !isSame(from, name.owner)],
        [Code.wrong_workchain, isForeign(newOwner) || isForeign(response)],
        [Code.not_enough_funds, value < asks],
    );
    if (codes.length > 0) {
        return { refused: codes };
    }
    // The notice is charged for at the price of the message that asks for it, the gas with what comes after it was read
    const charged = forwardAmount ? env.forwardFee : 0n;
    const used = forwardAmount ? sendingFee(noticeBody, prices) : 0n;
    const excess = value - asks - used - gasFee(prices, env.gas);
    const slack = charged - used + gasFee(prices, env.gas + UsernameGas.TRANSFER_REST_GAS) - gasFee(prices, env.gas);
    return {
        next: isSame(newOwner, name.owner) ? name : { ...name, owner: newOwner, records: [] },
        sent: [
            ...(forwardAmount ? [{ to: newOwner, value: forwardAmount, body: noticeBody }] : []),
            ...(response ? [{ to: response, value: excess, slack, body: body(Op.excesses, queryId).endCell() }] : []),
        ],
        asks: asks + charged,
        lack: Code.not_enough_funds,
    };
}

/** TL-B Either Cell ^Cell, as TEP-62 passes it on. */
const storePayload = (payload: Cell | Slice | undefined) => (builder: Builder) => {
    if (payload && 'beginParse' in payload) {
        builder.storeBit(1).storeRef(payload);
    } else {
        builder.storeBit(0);
        if (payload) {
            builder.storeSlice(payload);
        }
    }
};

/** The item's ten years of rent, with its records. */
export function neededReserve(records: Name['records'], prices: NetworkPrices): bigint {
    const root = recordsRoot(records);
    const { cells, bits } = root ? cellSize(root) : { cells: 0, bits: 0 };
    return reserve(prices, cells, bits);
}

export function recordsRoot(records: Name['records']): Cell | null {
    const dictionary = Dictionary.empty(Dictionary.Keys.BigUint(256), Dictionary.Values.Cell());
    records.forEach(([key, record]) => dictionary.set(key, record));
    return dictionary.size > 0 ? beginCell().storeDictDirect(dictionary).endCell() : null;
}

/** Where the item lacks reserve, of the value stays what fills it. */
function fillReserve(next: Name, message: Incoming<unknown>, env: Env): Verdict<Name> {
    const needed = neededReserve(next.records, env.prices);
    if (env.surely >= needed) {
        return { next, sent: [ok(message, env)] };
    }
    const asks = needed - env.surely;
    return env.value < asks
        ? { refused: [Code.below_reserve] }
        : {
              next,
              sent: [ok(message, { ...env, value: env.value + env.pot - needed })],
              asks,
              lack: Code.below_reserve,
          };
}

// ---------------------------------------------------------------- the house

/** The verdict of the rules on an internal message to the collection. */
export function receiveHouse(house: House, message: Incoming<HouseRequest>, env: Env): Verdict<House> {
    if (isLeft(message)) {
        return { next: house, sent: [] };
    }
    const verdict = judgeHouse(house, message, env);
    return message.isMalformed ? malformed(verdict) : verdict;
}

function judgeHouse(house: House, message: Incoming<HouseRequest>, env: Env): Verdict<House> {
    const { from, request } = message;
    const notAdmin = broken([Code.not_admin, !isSame(from, house.admin)]);
    const isNew = broken([Code.not_topped_up, !house.self]);
    const changed = (wrong: number[], change: Partial<House>): Verdict<House> => {
        const codes = [...wrong, ...isNew];
        return codes.length > 0 ? { refused: codes } : { next: { ...house, ...change }, sent: [ok(message, env)] };
    };
    switch (request.is) {
        case 'mint':
            return mint(house, from, request.order, env);
        case 'open_mint':
            return openMint(house, from, request.label, env);
        case 'top_up': {
            const codes = house.self ? [] : brokenRoyalty(house.royalty);
            return codes.length > 0 ? { refused: codes } : { next: { ...house, self: house.address }, sent: [] };
        }
        case 'get_royalty_params':
            return { next: house, sent: [royaltyParams(house.royalty, message, env)] };
        case 'set_paused':
            return changed(notAdmin, { paused: request.paused });
        case 'set_terms': {
            const { openTerms } = request;
            return changed([...notAdmin, ...(openTerms ? brokenOpenTerms(openTerms) : [])], { openTerms });
        }
        case 'set_royalty':
            return changed([...notAdmin, ...brokenRoyalty(request.royalty)], { royalty: request.royalty });
        case 'propose_signer':
            return changed(notAdmin, { pendingSigner: request.signer });
        case 'accept_signer': {
            const codes = broken(
                [Code.nothing_proposed, house.pendingSigner === null],
                [Code.invalid_signature, house.pendingSigner !== request.signedBy],
            );
            return changed(codes, { signer: request.signedBy, pendingSigner: null });
        }
        case 'propose_admin': {
            const codes = [...notAdmin, ...broken([Code.wrong_workchain, isForeign(request.admin)])];
            return changed(codes, { pendingAdmin: request.admin });
        }
        case 'accept_admin': {
            const codes = broken(
                [Code.nothing_proposed, house.pendingAdmin === null],
                [Code.not_admin, !isSame(from, house.pendingAdmin)],
            );
            return changed(codes, { admin: house.pendingAdmin, pendingAdmin: null });
        }
        case 'renounce':
            return changed(notAdmin, { admin: null, pendingAdmin: null, pendingSigner: null, paused: false });
        case 'unknown':
        case 'return_bid':
            return { refused: [...isNew, Code.unknown_op] };
    }
}

const brokenOpenTerms = ({ minBidStep, minExtendTime, duration, prices }: OpenTerms): number[] =>
    broken([
        Code.invalid_auction_config,
        minBidStep === 0 ||
            minExtendTime > MAX_EXTENSION ||
            duration < 60 ||
            duration > MAX_DURATION ||
            Object.keys(prices).length === 0,
    ]);

function mint(house: House, from: Address, order: Order, env: Env): Verdict<House> {
    const { label, content, config, forceSender, rewriteSender } = order;
    const royalty = order.royalty ?? house.royalty;
    const codes = [
        ...broken(
            [Code.not_topped_up, !house.self],
            [Code.minting_paused, house.paused],
            [Code.invalid_signature, order.signedBy !== house.signer],
            [Code.wrong_subwallet_id, !order.isForUs],
            [Code.not_yet_valid_signature, env.now < order.validSince],
            [Code.expired_signature, env.now >= order.validTill],
            [Code.invalid_length, label.length < 1 || label.length > 32],
            [Code.content_too_large, cellSize(content).cells > MAX_CONTENT_CELLS],
            [Code.wrong_workchain, isForeign(forceSender) || isForeign(rewriteSender)],
            [Code.forbidden_bidder, forceSender !== null && !forceSender.equals(from)],
        ),
        ...brokenRoyalty(royalty),
    ];
    return deploy(house, codes, { label, royalty, content }, config, rewriteSender ?? from, from, env);
}

function openMint(house: House, from: Address, label: string, env: Env): Verdict<House> {
    const { openTerms } = house;
    // The price of a length is that of the next shorter entry
    const lengths = Object.keys(openTerms?.prices ?? {}).map(Number);
    const length = Math.max(...lengths.filter((entry) => entry <= label.length));
    const price = openTerms?.prices[length];
    const codes = broken(
        [Code.not_topped_up, !house.self],
        [Code.minting_paused, house.paused],
        [Code.invalid_name, !isCanonicalName(label)],
        [Code.open_mint_closed, price === undefined],
    );
    if (!openTerms || price === undefined) {
        return { refused: codes };
    }
    const { beneficiary, minBidStep, minExtendTime, duration } = openTerms;
    const config = {
        beneficiary,
        initialMinBid: price,
        maxBid: 0n,
        minBidStep,
        minExtendTime,
        duration,
        delayedStart: false,
    };
    const content = uriContent(`${openTerms.contentPrefix}${label}.json`);
    return deploy(house, codes, { label, royalty: house.royalty, content }, config, from, from, env);
}

/** The whole value goes on to the item, with its first state. */
function deploy(
    house: House,
    codes: number[],
    name: Pick<Name, 'label' | 'royalty' | 'content'>,
    config: AuctionConfig,
    bidder: Address,
    refundTo: Address,
    env: Env,
): Verdict<House> {
    const all = [
        ...codes,
        ...brokenTerms(config, env.prices),
        ...broken([Code.bid_too_low, env.value < config.initialMinBid]),
    ];
    if (all.length > 0) {
        return { refused: all };
    }
    const maximum = maximumOf(config);
    const isSold = maximum !== null && env.value >= maximum;
    const bid = { amount: min(env.value, maximum ?? env.value), bidder, refundTo, time: env.now };
    const auction = { config, startedAt: env.now, endTime: env.now + config.duration, bid };
    return {
        next: house,
        sent: [],
        deploy: {
            name: { ...name, owner: null, startableAt: 0, records: [], auction },
            refundTo,
            attached: env.value,
            isSold,
        },
    };
}
