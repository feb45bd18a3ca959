import type { Contract, ContractProvider, Sender, Slice, StateInit } from '@ton/core';
import { Address, beginCell, Cell, contractAddress } from '@ton/core';
import {
    addressHash,
    beginBody,
    cellBytes,
    commentBody,
    loadHashAddress,
    loadText,
    loadWhole,
    parseCell,
    paymentBody,
} from '../common/cells';
import type { QueryOpts, SendOpts } from '../common/contract';
import { exitCodeOf, ifDeployed, send } from '../common/contract';
import { GramhouseError } from '../common/errors';
import type { AuctionConfig, Royalty } from './auction';
import { AuctionLimits, loadAuctionConfig, loadRoyalty, readRoyalty, storeAuctionConfig } from './auction';
import type { DnsAnswer } from './dns';
import { decodeDomain, resolveDns } from './dns';
import { UsernameError } from './errors';
import { canonicalName, nameIndex } from './names';
import { UsernameOp } from './ops';

/** What an item's address is made of. A name is taken in its canonical form; an item of any other name goes by its index. */
export type UsernameItemConfig = { collection: Address } & ({ name: string } | { index: bigint });

/** What an item is: without state, owned or free of an auction, in an auction without a bid, with one, waiting for settlement. */
export type ItemStatus = 'uninit' | 'idle' | 'open' | 'auction' | 'ended';

/** The order of the getter's numbers. */
const ITEM_STATUSES: ItemStatus[] = ['uninit', 'idle', 'open', 'auction', 'ended'];

/** What `get_item_state_v1` shows. Amounts in nanotons, times in unix seconds; what does not apply is null, 0n or 0. */
export type ItemState = {
    status: ItemStatus;
    /** Null while nobody owns the name; the seller while an auction runs. */
    owner: Address | null;
    /** Who gets the name if nobody bids more. */
    bidder: Address | null;
    /** Who gets the bid back if somebody does. */
    refundTo: Address | null;
    bid: bigint;
    bidTs: number;
    /** The lowest bid that is taken next. */
    minBid: bigint;
    /** A bid of this much wins at once; 0n: there is no maximum. */
    maxBid: bigint;
    /** Names the auction for `placeBidMessage`. */
    startedAt: number;
    /** 0 while the clock waits for the first bid. */
    endTime: number;
    beneficiary: Address | null;
    /** Null without state. */
    royalty: Royalty | null;
    /** No auction starts before. */
    startableAt: number;
    /** What the item should hold: ten years of its rent. */
    reserve: bigint;
    /** When what it holds is used up by rent at today's prices. */
    paidUntil: number;
};

const UNINIT_STATE: ItemState = {
    status: 'uninit',
    owner: null,
    bidder: null,
    refundTo: null,
    bid: 0n,
    bidTs: 0,
    minBid: 0n,
    maxBid: 0n,
    startedAt: 0,
    endTime: 0,
    beneficiary: null,
    royalty: null,
    startableAt: 0,
    reserve: 0n,
    paidUntil: 0,
};

/** TL-B `item_rest` and `item_cold`: what every item with state has. */
export type ItemRest = {
    /** Null: minted and not yet settled. */
    owner: Address | null;
    /** The root of the record dictionary. */
    records: Cell | null;
    collection: Address;
    royalty: Royalty;
    /** The zone, for example `t.me`. */
    domain: string;
    name: string;
    content: Cell;
};

/** TL-B `auction_terms` and `auction_config`. Amounts in nanotons, times in unix seconds; maxBid 0n: no maximum. */
export type ItemAuction = {
    /** 0 while the clock waits for the first bid. */
    endTime: number;
    /** The start price, or the bid. */
    price: bigint;
    maxBid: bigint;
    minBidStep: number;
    minExtendTime: number;
    startedAt: number;
    auctionConfig: AuctionConfig;
};

/** An item's storage, TL-B `Item`, as it is: an auction that has ended is there until something settles it. */
export type ItemData =
    | { status: 'uninit'; index: bigint; collection: Address }
    | ({ status: 'idle'; startableAt: number } & ItemRest)
    | ({ status: 'open' } & ItemAuction & ItemRest)
    | ({ status: 'auction'; refundTo: Address; bidder: Address; bidTs: number } & ItemAuction & ItemRest);

/** TL-B `item_uninit`: the data in an item's StateInit. */
export function usernameItemConfigToCell(config: UsernameItemConfig): Cell {
    const index = 'name' in config ? nameIndex(canonicalName(config.name)) : config.index;
    return beginCell()
        .storeUint(0, 2)
        .storeUint(index, 256)
        .storeAddress(new Address(0, addressHash(config.collection)))
        .endCell();
}

/**
 * The address of a name, from the collection and its item code (`UsernameCollection.getState().itemCode`), without asking
 * the chain. A string is folded to its canonical form, or throws `invalid_name`; any other name goes by its index.
 *
 * @example
 * ```ts
 * itemAddress(collection.address, itemCode, 'alice').equals(item.address); // => true
 * ```
 */
export function itemAddress(collection: Address, itemCode: Cell, name: string | bigint): Address {
    const config = typeof name === 'string' ? { collection, name } : { collection, index: name };
    return UsernameItem.createFromConfig(config, itemCode).address;
}

/**
 * Reads an item's storage, TL-B `Item`; throws `unexpected_data` for any other cell.
 *
 * @example
 * ```ts
 * cellToItemData(await storage(item.address)).status; // => 'auction'
 * ```
 */
export function cellToItemData(cell: Cell): ItemData {
    return parseCell('storage cell of an item', cell, (slice): ItemData => {
        const tag = slice.loadUint(2);
        if (tag === 0) {
            return { status: 'uninit', index: slice.loadUintBig(256), collection: slice.loadAddress() };
        }
        if (tag === 1) {
            return { status: 'idle', startableAt: slice.loadUint(32), ...loadItemRest(slice) };
        }
        const clock = { endTime: slice.loadUint(32), price: slice.loadUintBig(58) };
        if (tag === 2) {
            return { status: 'open', ...clock, ...loadItemTerms(slice), ...loadItemRest(slice) };
        }
        return {
            status: 'auction',
            ...clock,
            refundTo: loadHashAddress(slice),
            bidder: loadHashAddress(slice),
            bidTs: slice.loadUint(32),
            ...loadItemTerms(slice),
            ...loadItemRest(slice),
        };
    });
}

function loadItemTerms(slice: Slice): Omit<ItemAuction, 'endTime' | 'price'> {
    const maxBid = slice.loadUintBig(58);
    return {
        maxBid: maxBid === AuctionLimits.UNLIMITED_BID ? 0n : maxBid,
        minBidStep: slice.loadUint(8),
        minExtendTime: slice.loadUint(20),
        startedAt: slice.loadUint(32),
        auctionConfig: loadWhole(slice.loadRef(), loadAuctionConfig),
    };
}

function loadItemRest(slice: Slice): ItemRest {
    return {
        owner: slice.loadMaybeAddress(),
        ...loadWhole(slice.loadRef(), (cold) => ({
            royalty: loadRoyalty(cold),
            domain: decodeDomain(loadText(cold)),
            collection: cold.loadAddress(),
            name: loadText(cold).toString(),
            content: cold.loadRef(),
        })),
        records: slice.loadMaybeRef(),
    };
}

/**
 * A username: it is bid for, owned, resolved and sold again.
 *
 * @example
 * ```ts
 * const username = client.open(UsernameItem.createFromAddress(item.address));
 * const { status, minBid } = await username.getState();
 * status; // => 'auction'
 * await username.sendBid(alice, { value: minBid, comment: 'mine' });
 * ```
 */
export class UsernameItem implements Contract {
    constructor(
        readonly address: Address,
        readonly init?: StateInit,
    ) {}

    /** An item that is deployed. */
    static createFromAddress(address: Address): UsernameItem {
        return new UsernameItem(address);
    }

    /** An item whose address follows from its config and code (`gramhouse/code`), deployed or not. */
    static createFromConfig(config: UsernameItemConfig, code: Cell, workchain = 0): UsernameItem {
        const init = { code, data: usernameItemConfigToCell(config) };
        return new UsernameItem(contractAddress(workchain, init), init);
    }

    /** A bid in the sender's own name: an empty body, or a text comment. A comment that starts with `#topup` would be no bid. */
    static bidMessage(opts: { comment?: string } = {}): Cell {
        return paymentBody(opts.comment);
    }

    /** TL-B `place_bid`: a bid for somebody else. `startedAt` (unix seconds, from `getState`) names the auction. */
    static placeBidMessage(opts: QueryOpts & { startedAt: number; owner: Address; refundTo: Address }): Cell {
        return beginBody(UsernameOp.place_bid, opts.queryId)
            .storeUint(opts.startedAt, 32)
            .storeAddress(opts.owner)
            .storeAddress(opts.refundTo)
            .endCell();
    }

    /** The comment `#topup`: the value stays for rent. */
    static topUpMessage(): Cell {
        return commentBody('#topup');
    }

    /** TL-B `settle`. */
    static settleMessage(opts: QueryOpts = {}): Cell {
        return beginBody(UsernameOp.settle, opts.queryId).endCell();
    }

    /** TL-B `start_auction`, unchecked: `checkAuctionConfig` knows the rules. */
    static startAuctionMessage(opts: QueryOpts & { auctionConfig: AuctionConfig }): Cell {
        return beginBody(UsernameOp.start_auction, opts.queryId)
            .storeRef(beginCell().store(storeAuctionConfig(opts.auctionConfig)))
            .endCell();
    }

    /** TL-B `cancel_auction`. */
    static cancelAuctionMessage(opts: QueryOpts = {}): Cell {
        return beginBody(UsernameOp.cancel_auction, opts.queryId).endCell();
    }

    /** TL-B `change_dns_record`: `key` from `recordKey`, `record` from `encodeDnsRecord`. */
    static changeDnsRecordMessage(opts: QueryOpts & { key: bigint; record: Cell }): Cell {
        return beginBody(UsernameOp.change_dns_record, opts.queryId)
            .storeUint(opts.key, 256)
            .storeRef(opts.record)
            .endCell();
    }

    /** TL-B `delete_dns_record`. */
    static deleteDnsRecordMessage(opts: QueryOpts & { key: bigint }): Cell {
        return beginBody(UsernameOp.change_dns_record, opts.queryId).storeUint(opts.key, 256).endCell();
    }

    /** TL-B `transfer` (TEP-62). `forwardAmount` in nanotons; a payload that is a Cell goes as a reference, a Slice inline. */
    static transferMessage(
        opts: QueryOpts & {
            newOwner: Address;
            /** Who gets the excess; null: it stays with the item. */
            responseDestination: Address | null;
            customPayload?: Cell;
            forwardAmount: bigint;
            forwardPayload?: Cell | Slice;
        },
    ): Cell {
        const builder = beginBody(UsernameOp.transfer, opts.queryId)
            .storeAddress(opts.newOwner)
            .storeAddress(opts.responseDestination)
            .storeMaybeRef(opts.customPayload)
            .storeCoins(opts.forwardAmount);
        const payload = opts.forwardPayload;
        if (payload && 'beginParse' in payload) {
            return builder.storeBit(1).storeRef(payload).endCell();
        }
        builder.storeBit(0);
        return (payload ? builder.storeSlice(payload) : builder).endCell();
    }

    /** TL-B `get_static_data` (TEP-62). */
    static getStaticDataMessage(opts: QueryOpts = {}): Cell {
        return beginBody(UsernameOp.get_static_data, opts.queryId).endCell();
    }

    /** TL-B `get_royalty_params` (TEP-66). */
    static getRoyaltyParamsMessage(opts: QueryOpts = {}): Cell {
        return beginBody(UsernameOp.get_royalty_params, opts.queryId).endCell();
    }

    /**
     * Bids `value` nanotons in the sender's own name; `quoteBid` gives the lowest. What is above the maximum comes back
     * with `return_bid`; a beaten bid comes back whole with `outbid`. On an auction that is over it settles, and the bid
     * comes back.
     *
     * Rejected with `no_auction` 219, `bid_too_low` 211, `wrong_workchain` 333, `forbidden_not_deploy` 213 (no state yet).
     */
    async sendBid(provider: ContractProvider, via: Sender, opts: SendOpts & { comment?: string }): Promise<void> {
        await send(provider, via, opts, UsernameItem.bidMessage(opts));
    }

    /**
     * Bids `value` nanotons for `owner`, who gets the name; what comes back goes to `refundTo`. The bid holds for the
     * auction that started at `startedAt` (unix seconds) only. A bid that is too low, late or for another auction throws
     * nothing: its value goes to `refundTo` with `return_bid`. Name a wallet there and no username contract.
     *
     * Rejected with `no_auction` 219 (`startedAt` is 0), `wrong_workchain` 333, `forbidden_not_deploy` 213 (no state yet).
     */
    async sendPlaceBid(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { startedAt: number; owner: Address; refundTo: Address },
    ): Promise<void> {
        await send(provider, via, opts, UsernameItem.placeBidMessage(opts));
    }

    /** Leaves `value` nanotons in the item for its rent, from anyone and in any state. Nothing comes back. */
    async sendTopUp(provider: ContractProvider, via: Sender, opts: SendOpts): Promise<void> {
        await send(provider, via, opts, UsernameItem.topUpMessage());
    }

    /**
     * Settles an auction that is over: the winner gets the name, seller and royalty are paid. From anyone; attach
     * `quoteSettle(prices)`, the excess comes back with `ok`.
     *
     * Rejected with `auction_not_ended` 231, `no_auction` 219, `not_enough_funds` 206.
     */
    async sendSettle(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, UsernameItem.settleMessage(opts));
    }

    /**
     * Settles like `sendSettle` with an external message, which nobody signs and the pot pays.
     *
     * Not accepted with `no_auction` 219, `auction_not_ended` 231, `not_enough_funds` 206 (the item needs a top-up first).
     */
    async sendSettleExternal(provider: ContractProvider): Promise<void> {
        await provider.external(Cell.EMPTY);
    }

    /**
     * The owner puts the name up for auction. Attach `quoteStartAuction`: the value fills the reserve, the rest comes back
     * with `ok`.
     *
     * Rejected with `forbidden_auction` 220, `auction_already_started` 222, `auction_too_soon` 230, `below_reserve` 239,
     * `invalid_auction_config` 223, `wrong_workchain` 333.
     */
    async sendStartAuction(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { auctionConfig: AuctionConfig },
    ): Promise<void> {
        await send(provider, via, opts, UsernameItem.startAuctionMessage(opts));
    }

    /**
     * The owner cancels an auction without a bid; the next starts no sooner than 300 s later. Attach `quoteCancelAuction`;
     * the excess comes back with `ok`.
     *
     * Rejected with `forbidden_auction` 220, `no_auction` 219, `already_has_bids` 221.
     */
    async sendCancelAuction(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, UsernameItem.cancelAuctionMessage(opts));
    }

    /**
     * The owner sets a record (TEP-81). Attach `quoteRecord`: the value fills the reserve for the grown records, the rest
     * comes back with `ok`.
     *
     * Rejected with `forbidden_change_dns` 217, `forbidden_not_bid` 214 (the auction has a bid), `record_too_large` 238,
     * `below_reserve` 239.
     */
    async sendChangeDnsRecord(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { key: bigint; record: Cell },
    ): Promise<void> {
        await send(provider, via, opts, UsernameItem.changeDnsRecordMessage(opts));
    }

    /** The owner deletes a record; otherwise like `sendChangeDnsRecord`. */
    async sendDeleteDnsRecord(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { key: bigint },
    ): Promise<void> {
        await send(provider, via, opts, UsernameItem.deleteDnsRecordMessage(opts));
    }

    /**
     * The owner gives the name away (TEP-62), and its records are cleared unless he gives it to himself. Attach
     * `quoteTransfer`: `forwardAmount` nanotons reach the new owner with `ownership_assigned`, the excess comes to
     * `responseDestination`.
     *
     * Rejected with `forbidden_transfer` 216, `forbidden_not_bid` 214 (an auction runs), `not_enough_funds` 206,
     * `wrong_workchain` 333.
     */
    async sendTransfer(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & Parameters<typeof UsernameItem.transferMessage>[0],
    ): Promise<void> {
        await send(provider, via, opts, UsernameItem.transferMessage(opts));
    }

    /** Asks for `report_static_data` (TEP-62), which carries what is left of the value. */
    async sendGetStaticData(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, UsernameItem.getStaticDataMessage(opts));
    }

    /** Asks for `report_royalty_params` (TEP-66), which carries what is left of the value. */
    async sendGetRoyaltyParams(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, UsernameItem.getRoyaltyParamsMessage(opts));
    }

    /** Everything the item holds, by the time of the call. An address without a contract has the status `uninit`. */
    async getState(provider: ContractProvider): Promise<ItemState> {
        const answer = await ifDeployed(provider, provider.get('get_item_state_v1', []));
        if (!answer) {
            return UNINIT_STATE;
        }
        const { stack } = answer;
        const status = ITEM_STATUSES[stack.readNumber()];
        if (!status) {
            throw new GramhouseError('unexpected_data', 'This version does not know the status of the item.');
        }
        return {
            status,
            owner: stack.readAddressOpt(),
            bidder: stack.readAddressOpt(),
            refundTo: stack.readAddressOpt(),
            bid: stack.readBigNumber(),
            bidTs: stack.readNumber(),
            minBid: stack.readBigNumber(),
            maxBid: stack.readBigNumber(),
            startedAt: stack.readNumber(),
            endTime: stack.readNumber(),
            beneficiary: stack.readAddressOpt(),
            royalty: readRoyalty(stack),
            startableAt: stack.readNumber(),
            reserve: stack.readBigNumber(),
            paidUntil: stack.readNumber(),
        };
    }

    /** The name. Fails with `uninited` 210 on an item without state. */
    async getTokenName(provider: ContractProvider): Promise<string> {
        const { stack } = await provider.get('get_telemint_token_name', []);
        return cellBytes(stack.readCell()).toString();
    }

    /**
     * The running auction as Telemint shows it; null without one (exit code `no_auction` 219). Amounts in nanotons, times
     * in unix seconds up to 2^31 - 1. `getState` tells more.
     */
    async getAuctionState(
        provider: ContractProvider,
    ): Promise<{ bidder: Address | null; bid: bigint; bidTs: number; minBid: bigint; endTime: number } | null> {
        try {
            const { stack } = await provider.get('get_telemint_auction_state', []);
            return {
                bidder: stack.readAddressOpt(),
                bid: stack.readBigNumber(),
                bidTs: stack.readNumber(),
                minBid: stack.readBigNumber(),
                endTime: stack.readNumber(),
            };
        } catch (error) {
            if (exitCodeOf(error) === UsernameError.no_auction) {
                return null;
            }
            throw error;
        }
    }

    /** The running auction's terms as Telemint shows them, which is without `delayedStart`; null without an auction. */
    async getAuctionConfig(provider: ContractProvider): Promise<Omit<AuctionConfig, 'delayedStart'> | null> {
        const { stack } = await provider.get('get_telemint_auction_config', []);
        const beneficiary = stack.readAddressOpt();
        return (
            beneficiary && {
                beneficiary,
                initialMinBid: stack.readBigNumber(),
                maxBid: stack.readBigNumber(),
                minBidStep: stack.readNumber(),
                minExtendTime: stack.readNumber(),
                duration: stack.readNumber(),
            }
        );
    }

    /** The royalty of every sale of this name (TEP-66). Fails with `uninited` 210 on an item without state. */
    async getRoyaltyParams(provider: ContractProvider): Promise<Royalty | null> {
        return readRoyalty((await provider.get('royalty_params', [])).stack);
    }

    /** TEP-62: whether the item has state, its index and collection, its owner (null while nobody owns it), its content. */
    async getNftData(
        provider: ContractProvider,
    ): Promise<{ isInitialized: boolean; index: bigint; collection: Address; owner: Address | null; content: Cell }> {
        const { stack } = await provider.get('get_nft_data', []);
        return {
            isInitialized: stack.readBoolean(),
            index: stack.readBigNumber(),
            collection: stack.readAddress(),
            owner: stack.readAddressOpt(),
            content: stack.readCell(),
        };
    }

    /** The name with its zone, for example `alice.t.me`. Fails with `uninited` 210 on an item without state. */
    async getFullDomain(provider: ContractProvider): Promise<string> {
        return decodeDomain(cellBytes((await provider.get('get_full_domain', [])).stack.readCell()));
    }

    /**
     * Resolves a domain below this name (TEP-81). `subdomain` is in its internal form after a zero byte; one zero byte
     * alone is the name itself. With `key` 0n the value is the dictionary that `parseDnsRecords` reads.
     *
     * Fails with `bad_subdomain` 70, `no_first_zero_byte` 413, `uninited` 210.
     */
    async getDnsResolve(provider: ContractProvider, subdomain: Buffer, key: bigint): Promise<DnsAnswer> {
        return resolveDns(provider, subdomain, key);
    }
}
