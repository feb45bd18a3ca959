import { type Address, beginCell, Cell, Dictionary } from '@ton/core';

import {
    type AuctionConfig,
    AuctionLimits,
    cellToItemData,
    gasFee,
    type ItemData,
    type ItemRest,
    messageFee,
    type NetworkPrices,
    nextMinBid,
    reserve,
    settlementSplit,
    storeAuctionConfig,
    UsernameError,
    UsernameGas,
    UsernameItem,
    UsernameOp,
} from '../../../wrappers';
import { cellSize } from '../../../wrappers/common/cells';
import { TOP_UP } from '../../helpers/world';
import { type Expected, type Held, heldData, type Shot } from './sweep';

// What an item does by the rules of docs/money.md, said once more and without the contract: which messages it sends, what
// it stores and what it keeps. Amounts in nanotons.

/** A message to an item, by what it asks for. */
export type Request =
    | { op: 'bid' | 'comment' | 'encrypted_comment' | 'top_up' | 'settle' | 'cancel_auction' | 'unknown' | 'short' }
    | { op: 'get_static_data' | 'get_royalty_params' }
    | { op: 'place_bid'; startedAt: number; owner: Address; refundTo: Address }
    | { op: 'start_auction'; auctionConfig: AuctionConfig }
    | { op: 'change_dns_record'; key: bigint; record: Cell | null }
    | { op: 'transfer'; newOwner: Address; responseDestination: Address | null; forwardAmount: bigint; payload?: Cell }
    | { op: 'item_deploy'; refundTo: Address; attached: bigint; isSold: boolean; state: Cell };

type Accepted = Extract<Expected, { messages: unknown }>;
type Auctioned = Extract<ItemData, { status: 'open' | 'auction' }>;

export function bodyOf(request: Request): Cell {
    switch (request.op) {
        case 'bid':
            return Cell.EMPTY;
        case 'comment':
            return UsernameItem.bidMessage({ comment: 'mine' });
        case 'encrypted_comment':
            return beginCell().storeUint(UsernameOp.encrypted_comment, 32).storeUint(5, 64).endCell();
        case 'top_up':
            return TOP_UP;
        case 'settle':
            return UsernameItem.settleMessage();
        case 'cancel_auction':
            return UsernameItem.cancelAuctionMessage();
        case 'unknown':
            return beginCell().storeUint(0x12345678, 32).storeUint(1, 64).endCell();
        case 'short':
            return beginCell().storeUint(0, 31).endCell();
        case 'get_static_data':
            return UsernameItem.getStaticDataMessage();
        case 'get_royalty_params':
            return UsernameItem.getRoyaltyParamsMessage();
        case 'place_bid':
            return UsernameItem.placeBidMessage(request);
        case 'start_auction':
            return UsernameItem.startAuctionMessage(request);
        case 'change_dns_record': {
            const { key, record } = request;
            return record
                ? UsernameItem.changeDnsRecordMessage({ key, record })
                : UsernameItem.deleteDnsRecordMessage({ key });
        }
        case 'transfer':
            return UsernameItem.transferMessage({ ...request, forwardPayload: request.payload });
        case 'item_deploy':
            return beginCell()
                .storeUint(UsernameOp.item_deploy, 32)
                .storeAddress(request.refundTo)
                .storeCoins(request.attached)
                .storeBit(request.isSold)
                .storeRef(request.state)
                .endCell();
    }
}

/** TL-B `Item`, with the cells that no message changes taken over from where they are. */
function packItem(item: ItemData, { cold, config }: { cold: Cell; config: Cell }): Cell {
    const builder = beginCell();
    if (item.status === 'uninit') {
        return builder.storeUint(0, 2).storeUint(item.index, 256).storeBuffer(item.collection.hash).endCell();
    }
    if (item.status === 'idle') {
        builder.storeUint(1, 2).storeUint(item.startableAt, 32);
    } else {
        builder
            .storeUint(item.status === 'open' ? 2 : 3, 2)
            .storeUint(item.endTime, 32)
            .storeUint(item.price, 63);
        if (item.status === 'auction') {
            builder.storeBuffer(item.refundTo.hash).storeBuffer(item.bidder.hash).storeUint(item.bidTs, 32);
        }
        builder.storeUint(item.maxBid || AuctionLimits.UNLIMITED_BID, 63).storeUint(item.minBidStep, 8);
        builder.storeUint(item.minExtendTime, 20).storeUint(item.startedAt, 32).storeRef(config);
    }
    return builder
        .storeMaybeBuffer(item.owner?.hash ?? null)
        .storeRef(cold)
        .storeMaybeRef(item.records)
        .endCell();
}

/** The records with one set, or deleted. */
function setRecord(records: Cell | null, key: bigint, record: Cell | null): Cell | null {
    const keys = Dictionary.Keys.BigUint(256);
    const entries = records
        ? Dictionary.loadDirect(keys, Dictionary.Values.Cell(), records)
        : Dictionary.empty(keys, Dictionary.Values.Cell());
    if (record) {
        entries.set(key, record);
    } else {
        entries.delete(key);
    }
    return entries.size > 0 ? beginCell().storeDictDirect(entries).endCell() : null;
}

/** Does by the rules what one message does, knowing what the network took for it. */
class Turn {
    private readonly messages: Accepted['messages'] = [];
    private readonly fee: bigint;
    private readonly kept: { cold: Cell; config: Cell };
    private item: ItemData;
    private isSettled = false;
    /** What the item holds without the message's value. */
    private pot: bigint;

    constructor(
        before: Cell,
        private readonly from: Address,
        private readonly shot: Shot,
        private readonly now: number,
        private readonly prices: NetworkPrices,
    ) {
        this.item = cellToItemData(before);
        this.fee = messageFee(prices);
        this.pot = shot.pot;
        const [first = Cell.EMPTY, second = Cell.EMPTY] = before.refs;
        this.kept = this.item.status === 'idle' ? { cold: first, config: Cell.EMPTY } : { cold: second, config: first };
    }

    /** Accepted. What stays of the message's value, if anything. */
    private done(least = 0n, most = least): Accepted {
        const data = packItem(this.item, this.kept);
        return { code: 0, messages: this.messages, data, keeps: [this.pot + least, this.pot + most] };
    }

    /** Accepted, with the rest of the value in an answer. */
    private answered(op: number, to = this.from): Accepted {
        this.messages.push({ to, op, value: 'rest' });
        return this.done();
    }

    private returned(to: Address): Accepted {
        this.messages.push({ to, op: UsernameOp.return_bid, value: 'rest or nothing' });
        return this.done();
    }

    private send(to: Address, op: number, value: bigint): void {
        this.messages.push({ to, op, value });
    }

    private becomeIdle({ owner, records, ...rest }: ItemRest, startableAt: number): void {
        const { collection, royalty, domain, name, content } = rest;
        this.item = { status: 'idle', startableAt, owner, records, collection, royalty, domain, name, content };
    }

    /** The money formula: `funds` is what the sale may use for its three messages, payouts and reserve. False: too little. */
    private settle(sale: Auctioned, bid: bigint, bidder: Address, funds: bigint): boolean {
        if (funds < 3n * this.fee) {
            return false;
        }
        const { royalty, auctionConfig } = sale;
        const pot = funds + gasFee(this.prices, UsernameGas.SETTLE_GAS);
        const split = settlementSplit({ bid, royalty, pot, prices: this.prices });
        const isOne = royalty.destination.equals(auctionConfig.beneficiary);
        const payouts: [to: Address, value: bigint][] = [
            [royalty.destination, isOne ? 0n : split.royalty],
            [auctionConfig.beneficiary, isOne ? split.royalty + split.payout : split.payout],
        ];
        const paid = payouts.filter(([, value]) => value > 0n);
        paid.forEach(([to, value]) => this.send(to, UsernameOp.payout, value));
        this.send(bidder, UsernameOp.ownership_assigned, 0n);
        this.becomeIdle({ ...sale, owner: bidder, records: null }, 0);
        this.isSettled = true;
        // The reserve, what was topped up, and the price of messages that were not needed
        const available = funds - 3n * this.fee - reserve(this.prices);
        const above = available > bid ? available - bid : available < 0n ? available : 0n;
        this.pot = reserve(this.prices) + above + BigInt(2 - paid.length) * this.fee;
        return true;
    }

    /** The unsigned external: `pot` is what the item holds after the network took its fee for the message. */
    settleExternally(): Expected {
        if (this.item.status !== 'auction') {
            return { code: UsernameError.no_auction };
        }
        if (this.item.endTime > this.now) {
            return { code: UsernameError.auction_not_ended };
        }
        const charged = gasFee(this.prices, UsernameGas.SETTLE_GAS);
        const funds = this.pot - charged;
        const { price, bidder } = this.item;
        if (funds < 3n * this.fee + reserve(this.prices) || !this.settle(this.item, price, bidder, funds)) {
            return { code: UsernameError.not_enough_funds };
        }
        return this.done(charged - this.shot.gas);
    }

    take(request: Request, gasNeeded: number): Expected {
        const { value, gas } = this.shot;
        if (request.op === 'top_up') {
            return this.done(value - gas);
        }
        if (this.item.status === 'uninit') {
            return this.takeUninited(this.item, request);
        }
        if (!this.closeIfOver()) {
            return { code: UsernameError.not_enough_funds };
        }
        const { item } = this;
        const isOwner = item.owner !== null && this.from.equals(item.owner);
        switch (request.op) {
            case 'bid':
            case 'comment':
            case 'encrypted_comment':
                return this.takePlainBid();
            case 'short':
                return { code: UsernameError.cell_underflow };
            case 'unknown':
                return { code: UsernameError.unknown_op };
            case 'place_bid': {
                const { owner, refundTo, startedAt } = request;
                const isThis = item.status !== 'idle' && item.startedAt === startedAt;
                const bid = isThis ? this.takeBid(owner, refundTo) : { code: UsernameError.no_auction };
                const isMiss = bid.code === UsernameError.no_auction || bid.code === UsernameError.bid_too_low;
                return isMiss ? this.returned(refundTo) : bid;
            }
            case 'settle':
                if (item.status !== 'idle') {
                    return { code: UsernameError.auction_not_ended };
                }
                return this.isSettled ? this.answered(UsernameOp.ok) : { code: UsernameError.no_auction };
            case 'start_auction':
                return this.start(item, isOwner, request.auctionConfig, gasNeeded);
            case 'cancel_auction':
                if (item.status !== 'open') {
                    const { no_auction, already_has_bids } = UsernameError;
                    return { code: item.status === 'idle' ? no_auction : already_has_bids };
                }
                if (!isOwner) {
                    return { code: UsernameError.forbidden_auction };
                }
                this.becomeIdle(item, this.now + AuctionLimits.RESTART_PAUSE_SECONDS);
                return this.answered(UsernameOp.ok);
            case 'change_dns_record':
                if (item.status !== 'idle' && item.status !== 'open') {
                    return { code: UsernameError.forbidden_not_bid };
                }
                if (!isOwner) {
                    return { code: UsernameError.forbidden_change_dns };
                }
                this.item = { ...item, records: setRecord(item.records, request.key, request.record) };
                return request.record ? this.filled(gasNeeded) : this.answered(UsernameOp.ok);
            case 'transfer':
                return this.transfer(item, isOwner, request, gasNeeded);
            case 'get_static_data':
                return this.answered(UsernameOp.report_static_data);
            case 'get_royalty_params':
                return this.answered(UsernameOp.report_royalty_params);
            case 'item_deploy':
                return this.from.equals(item.collection)
                    ? this.returned(request.refundTo)
                    : { code: UsernameError.forbidden_not_deploy };
        }
    }

    /** False: the pot cannot pay for its own settlement. */
    private closeIfOver(): boolean {
        const { item } = this;
        if (item.status === 'uninit' || item.status === 'idle' || item.endTime === 0 || item.endTime > this.now) {
            return true;
        }
        if (item.status === 'open') {
            this.becomeIdle(item, 0);
            return true;
        }
        return this.settle(item, item.price, item.bidder, this.pot);
    }

    private takeUninited(item: Extract<ItemData, { status: 'uninit' }>, request: Request): Expected {
        if (request.op === 'get_static_data') {
            return this.answered(UsernameOp.report_static_data);
        }
        if (request.op !== 'item_deploy' || !this.from.equals(item.collection)) {
            return { code: UsernameError.forbidden_not_deploy };
        }
        const { value, gas } = this.shot;
        const { state, attached, isSold, refundTo } = request;
        this.item = cellToItemData(state);
        const [config = Cell.EMPTY, cold = Cell.EMPTY] = state.refs;
        Object.assign(this.kept, { config, cold });
        if (!isSold || this.item.status !== 'auction') {
            return this.done(value - gas);
        }
        const charged = gasFee(this.prices, UsernameGas.BUY_NOW_GAS);
        const { price, bidder } = this.item;
        const change = attached - price;
        if (!this.settle(this.item, price, bidder, this.pot + value - change - charged - this.fee)) {
            return { code: UsernameError.not_enough_funds };
        }
        return this.done(charged - gas + this.change(refundTo, change));
    }

    /** Sends the change, whose message was charged for; gives what stays if there is none. */
    private change(to: Address, change: bigint): bigint {
        if (change === 0n) {
            return this.fee;
        }
        this.send(to, UsernameOp.return_bid, change);
        return 0n;
    }

    private takePlainBid(): Expected {
        if (this.from.workChain !== 0) {
            return { code: UsernameError.wrong_workchain };
        }
        const bid = this.takeBid(this.from, this.from);
        // A late bid must not undo the settlement that it caused
        return this.isSettled && bid.code === UsernameError.no_auction ? this.returned(this.from) : bid;
    }

    private takeBid(bidder: Address, refundTo: Address): Expected {
        const { item } = this;
        if (item.status !== 'open' && item.status !== 'auction') {
            return { code: UsernameError.no_auction };
        }
        const { value, gas } = this.shot;
        const price = item.status === 'auction' ? item.price : null;
        const minimum = nextMinBid({ ...item, initialMinBid: item.price }, price, this.prices);
        if (value < minimum) {
            return { code: UsernameError.bid_too_low };
        }
        const refunded = item.status === 'auction' ? item.price : 0n;
        if (item.status === 'auction') {
            this.send(item.refundTo, UsernameOp.outbid, refunded);
        }
        if (item.maxBid === 0n || value < item.maxBid) {
            const endTime = item.endTime || this.now + item.auctionConfig.duration;
            const bid = { price: value, bidder, refundTo, bidTs: this.now };
            const extended = Math.max(endTime, this.now + item.minExtendTime);
            this.item = { ...item, ...bid, status: 'auction', endTime: extended };
            return this.done(value - gas - refunded - (price === null ? 0n : this.fee));
        }
        const change = value - item.maxBid;
        const charged = gasFee(this.prices, UsernameGas.BUY_NOW_GAS);
        const funds = this.pot + value - change - refunded - charged - 2n * this.fee;
        if (!this.settle(item, item.maxBid, bidder, funds)) {
            return { code: UsernameError.not_enough_funds };
        }
        return this.done(charged - gas + (price === null ? this.fee : 0n) + this.change(refundTo, change));
    }

    private start(item: ItemData, isOwner: boolean, auctionConfig: AuctionConfig, gasNeeded: number): Expected {
        if (item.status !== 'idle') {
            return { code: UsernameError.auction_already_started };
        }
        if (!isOwner) {
            return { code: UsernameError.forbidden_auction };
        }
        if (this.now < item.startableAt) {
            return { code: UsernameError.auction_too_soon };
        }
        const { initialMinBid: price, duration, delayedStart, ...terms } = auctionConfig;
        const endTime = delayedStart ? 0 : this.now + duration;
        this.kept.config = beginCell().store(storeAuctionConfig(auctionConfig)).endCell();
        this.item = { ...item, ...terms, status: 'open', endTime, price, startedAt: this.now, auctionConfig };
        return this.filled(gasNeeded);
    }

    /** Filled up to the reserve out of the value, and the rest of it in an answer. */
    private filled(gasNeeded: number): Accepted {
        const records = 'records' in this.item ? this.item.records : null;
        const { cells, bits } = records ? cellSize(records) : { cells: 0, bits: 0 };
        const needed = reserve(this.prices, cells, bits);
        const accepted = this.answered(UsernameOp.ok);
        if (this.pot >= needed) {
            return accepted;
        }
        const fees = gasFee(this.prices, gasNeeded + UsernameGas.FILL_RESERVE_REST_GAS) + this.fee;
        const unless = { code: UsernameError.below_reserve, below: needed - this.pot + fees };
        return { ...accepted, keeps: [needed, needed], unless };
    }

    private transfer(
        item: ItemData,
        isOwner: boolean,
        request: Extract<Request, { op: 'transfer' }>,
        gasNeeded: number,
    ): Expected {
        if (item.status !== 'idle') {
            return { code: UsernameError.forbidden_not_bid };
        }
        if (!isOwner) {
            return { code: UsernameError.forbidden_transfer };
        }
        const { newOwner, responseDestination, forwardAmount } = request;
        const records = newOwner.equals(this.from) ? item.records : null;
        this.item = { ...item, owner: newOwner, records };
        if (forwardAmount > 0n) {
            this.send(newOwner, UsernameOp.ownership_assigned, forwardAmount);
        }
        const forwarded = forwardAmount > 0n ? forwardAmount + this.shot.forwardFee : 0n;
        const charged = gasFee(this.prices, gasNeeded + UsernameGas.TRANSFER_REST_GAS);
        const below = forwarded + charged + (responseDestination ? this.fee : 0n);
        const unless = { code: UsernameError.not_enough_funds, below };
        if (responseDestination) {
            this.messages.push({ to: responseDestination, op: UsernameOp.excesses, value: 'rest' });
            const slack = gasFee(this.prices, UsernameGas.TRANSFER_REST_GAS) + forwarded - forwardAmount;
            return { ...this.done(0n, slack), unless };
        }
        return { ...this.done(0n, this.shot.value), unless };
    }
}

/** What a message from this sender does to an item. `gasNeeded`: units that it takes with more than enough value. */
export function expectItem(
    held: Held,
    { from, request, gasNeeded }: { from: Address; request: Request; gasNeeded: number },
    shot: Shot,
    prices: NetworkPrices,
): Expected {
    return new Turn(heldData(held), from, shot, held.now, prices).take(request, gasNeeded);
}

/** What the unsigned external does to an item that accepts it. */
export function expectSettlement(held: Held, shot: Shot, prices: NetworkPrices): Expected {
    return new Turn(heldData(held), held.address, shot, held.now, prices).settleExternally();
}
