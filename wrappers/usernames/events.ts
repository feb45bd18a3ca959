import type { Address, Cell, Transaction } from '@ton/core';
import { loadWhole } from '../common/cells';
import type {
    AccountMessage,
    AccountTransaction,
    AdminChange,
    EventPlace,
    RejectedEvent,
    RejectionRule,
    TakenMessage,
    ToppedUpEvent,
} from '../common/transactions';
import { afterOp, decodeEvents, opOf, readAdmin, readBounce, valueSent } from '../common/transactions';
import type { AuctionConfig, OpenTerms, Royalty } from './auction';
import { cellToOpenTerms, loadAuctionConfig, loadRoyalty } from './auction';
import type { UsernameError } from './errors';
import { usernameErrorName } from './errors';
import { UsernameOp } from './ops';
import type { ItemData } from './UsernameItem';
import { cellToItemData } from './UsernameItem';

type ErrorName = keyof typeof UsernameError;

/** What a bid's money came back for: it was above the maximum, the auction was over, the name was taken, or its item refused. */
type ReturnReason = 'change' | 'late' | 'taken' | 'failed';

type Minting = {
    name: string;
    /** Who gets the name if nobody bids more. */
    bidder: Address;
    /** Who gets the money if somebody does. */
    refundTo: Address;
    auctionConfig: AuctionConfig;
};

type ItemChange =
    /** The item's first transaction that counts: the auction runs, with `amount` as its first bid. */
    | ({ type: 'minted'; amount: bigint; endTime: number } & Minting)
    /** `endTime` is null where the auction's beginning has not been read. */
    | { type: 'bid'; bidder: Address; refundTo: Address; amount: bigint; endTime: number | null }
    /** By the bid before it. Told only where the auction's beginning has been read. */
    | { type: 'extended'; endTime: number }
    /** The bid before, exactly. */
    | { type: 'outbid'; to: Address; amount: bigint }
    | { type: 'bid_returned'; to: Address; amount: bigint; reason: ReturnReason }
    /** `endTime` 0: the clock waits for the first bid. `excess`: what of the value came back. */
    | { type: 'auction_started'; from: Address; auctionConfig: AuctionConfig; endTime: number; excess: bigint }
    | { type: 'auction_cancelled'; from: Address; excess: bigint }
    /** The winner owns the name. Any message after the end may cause it. */
    | {
          type: 'settled';
          winner: Address;
          /** The winning bid, and when it came. */
          amount: bigint;
          bidTs: number;
          /** Null: the name had none. */
          previousOwner: Address | null;
          /** Null: a message from outside the chain. */
          from: Address | null;
          /** What of the value of a `settle` came back; 0n for other messages, whose own event tells it. */
          excess: bigint;
      }
    /** Of a settlement. `all`: one message for both, because they have one address or one of them gets nothing. */
    | { type: 'payout'; to: Address; amount: bigint; share: 'royalty' | 'seller' | 'all' }
    /** `amount` reached the new owner with the notice. */
    | {
          type: 'transferred';
          from: Address;
          to: Address;
          amount: bigint;
          excess: bigint;
          /** Null: nobody was named for it, and it stayed. */
          excessTo: Address | null;
      }
    /** `record` null: deleted. */
    | { type: 'record_changed'; from: Address; key: bigint; record: Cell | null; excess: bigint };

type CollectionChange =
    /** The value is on its way to the item, where it becomes `minted` or, if the name is taken, `bid_returned`. */
    | ({ type: 'mint_sent'; from: Address; item: Address; amount: bigint } & Minting)
    | { type: 'bid_returned'; to: Address; amount: bigint; reason: ReturnReason; error: ErrorName | null }
    | { type: 'pause_changed'; from: Address; paused: boolean; excess: bigint }
    /** Null: open minting is closed. */
    | { type: 'terms_changed'; from: Address; openTerms: OpenTerms | null; excess: bigint }
    | { type: 'royalty_changed'; from: Address; royalty: Royalty; excess: bigint }
    | { type: 'signer_proposed'; from: Address; publicKey: Buffer; excess: bigint }
    /** The signer that was proposed last signs from now on. */
    | { type: 'signer_changed'; from: Address; excess: bigint }
    /** `admin` null: renounced. */
    | AdminChange;

/** What happened to a username. Amounts in nanotons, times in unix seconds. */
export type ItemEvent = (EventPlace & ItemChange) | ToppedUpEvent | RejectedEvent<ErrorName>;

/** What happened to a collection. Amounts in nanotons. */
export type CollectionEvent = (EventPlace & CollectionChange) | ToppedUpEvent | RejectedEvent<ErrorName>;

/** When an auction ends, and what a bid does to that; from `getState` and `getAuctionConfig`. Unix seconds, and seconds. */
export type AuctionClock = {
    /** 0 while the clock waits for the first bid. */
    endTime: number;
    minExtendTime: number;
    duration: number;
};

const RULE: RejectionRule<ErrorName> = {
    returnOp: UsernameOp.return_bid,
    excessOp: UsernameOp.ok,
    refusedOp: UsernameOp.place_bid,
    errorName: usernameErrorName,
};

/**
 * What a transaction of an item says by itself. No message carries the end of an auction, so the `endTime` of a bid is
 * null and `extended` is missing: `itemEventReader` knows them.
 *
 * Which account it is, the caller knows: any contract can send messages like these (`itemAddress` tells whose they are).
 *
 * @example
 * ```ts
 * const [tx] = await client.getTransactions(item.address, { limit: 1 });
 * itemEvents(tx!).map(({ type }) => type); // => ['bid', 'outbid']
 * ```
 */
export function itemEvents(tx: Transaction | AccountTransaction): ItemEvent[] {
    return itemEventReader()(tx);
}

/**
 * Reads an item's transactions, which are to come oldest first, and remembers the auction from one to the next.
 *
 * @param clock the auction's before the first of them, if one runs and its beginning is not among them
 *
 * @example
 * ```ts
 * const source = historyOverV2(client);
 * const newestFirst = await readHistory(source, item.address);
 * const events = newestFirst.reverse().flatMap(itemEventReader());
 * events.map(({ type }) => type); // => ['minted', 'bid', 'outbid']
 * ```
 */
export function itemEventReader(
    clock: AuctionClock | null = null,
): (tx: Transaction | AccountTransaction) => ItemEvent[] {
    return (tx) =>
        decodeEvents(tx, RULE, (taken) => {
            const changes = readItem(taken, clock);
            for (const change of changes) {
                clock = nextClock(change, clock);
            }
            return changes;
        });
}

/**
 * What a transaction of a collection says.
 *
 * @example
 * ```ts
 * const [tx] = await client.getTransactions(collection.address, { limit: 1 });
 * collectionEvents(tx!).map(({ type }) => type); // => ['mint_sent']
 * ```
 */
export function collectionEvents(tx: Transaction | AccountTransaction): CollectionEvent[] {
    return decodeEvents(tx, RULE, readCollection);
}

function nextClock(change: ItemChange, clock: AuctionClock | null): AuctionClock | null {
    switch (change.type) {
        case 'minted':
        case 'auction_started':
            return { ...change.auctionConfig, endTime: change.endTime };
        case 'bid':
            return clock && { ...clock, endTime: change.endTime ?? 0 };
        case 'settled':
        case 'auction_cancelled':
            return null;
        default:
            return clock;
    }
}

/** The notice of a sale; that of a transfer has a value. */
function readSale(out: AccountMessage[]) {
    const notice = out.find((it) => opOf(it) === UsernameOp.ownership_assigned && it.value === 0n);
    if (!notice?.dest) {
        return null;
    }
    const slice = afterOp(notice).skip(64);
    const previousOwner = slice.loadMaybeAddress();
    const sale = slice.skip(1 + 32);
    return { winner: notice.dest, previousOwner, amount: sale.loadCoins(), bidTs: sale.loadUint(32) };
}

function readItem(taken: TakenMessage, clock: AuctionClock | null): ItemChange[] {
    const { message, op, from, excess, out, time } = taken;
    const sale = readSale(out);
    const settlement: ItemChange[] = [];
    if (sale) {
        const isSettle = op === UsernameOp.settle;
        settlement.push({ type: 'settled', ...sale, from: message.src, excess: isSettle ? excess : 0n });
        const payouts = out.filter((it) => opOf(it) === UsernameOp.payout);
        payouts.forEach(({ dest, value }, index) => {
            const share = payouts.length < 2 ? 'all' : index ? 'seller' : 'royalty';
            settlement.push({ type: 'payout', to: dest!, amount: value, share });
        });
    }
    if (!message.src) {
        return settlement;
    }
    const returned = out.find((it) => opOf(it) === UsernameOp.return_bid);
    const giveBack = (reason: ReturnReason): ItemChange[] =>
        returned ? [{ type: 'bid_returned', to: returned.dest!, amount: returned.value, reason }] : [];

    switch (op) {
        case null:
        case UsernameOp.comment:
        case UsernameOp.encrypted_comment:
        case UsernameOp.place_bid:
            // Only a bid of the maximum is settled in the second in which it comes
            if (sale && sale.bidTs !== time) {
                return [...settlement, ...giveBack('late')];
            }
            return [...readBid(taken, sale?.amount ?? message.value, clock), ...settlement, ...giveBack('change')];
        case UsernameOp.item_deploy: {
            const { bid, endTime, price, ...mint } = readDeploy(message);
            // A name that is taken sends everything back but fees, which is more than the change
            if ((returned?.value ?? 0n) !== bid - price) {
                return [...settlement, ...giveBack('taken')];
            }
            return [{ type: 'minted', ...mint, amount: price, endTime }, ...settlement, ...giveBack('change')];
        }
        default:
            return [...settlement, ...readOwnerOp(taken, from)];
    }
}

function readBid(
    { op, args, from, out, time }: TakenMessage,
    amount: bigint,
    clock: AuctionClock | null,
): ItemChange[] {
    let [bidder, refundTo] = [from, from];
    if (op === UsernameOp.place_bid) {
        args.skip(32);
        [bidder, refundTo] = [args.loadAddress(), args.loadAddress()];
    }
    const endTime = clock && Math.max(clock.endTime || time + clock.duration, time + clock.minExtendTime);
    const changes: ItemChange[] = [{ type: 'bid', bidder, refundTo, amount, endTime }];
    if (clock?.endTime && endTime! > clock.endTime) {
        changes.push({ type: 'extended', endTime: endTime! });
    }
    const outbid = out.find((it) => opOf(it) === UsernameOp.outbid);
    if (outbid) {
        changes.push({ type: 'outbid', to: outbid.dest!, amount: outbid.value });
    }
    return changes;
}

/** TL-B `item_deploy`: the whole value that the bidder attached, and what of the first state an event shows. */
function readDeploy(message: AccountMessage) {
    const slice = afterOp(message);
    slice.loadAddress();
    const bid = slice.loadCoins();
    const state = cellToItemData(slice.loadRef()) as ItemData & { status: 'auction' };
    const { name, bidder, refundTo, auctionConfig, price, endTime } = state;
    return { bid, name, bidder, refundTo, auctionConfig, price, endTime };
}

function readOwnerOp({ op, args, excess, out, time }: TakenMessage, from: Address): ItemChange[] {
    const answer = { from, excess };
    switch (op) {
        case UsernameOp.transfer: {
            const to = args.loadAddress();
            const excessTo = args.loadMaybeAddress();
            const notice = out.find((it) => opOf(it) === UsernameOp.ownership_assigned && it.value);
            const amount = notice?.value ?? 0n;
            return [{ type: 'transferred', from, to, amount, excess: valueSent(out, UsernameOp.excesses), excessTo }];
        }
        case UsernameOp.start_auction: {
            const auctionConfig = loadWhole(args.loadRef(), loadAuctionConfig);
            const endTime = auctionConfig.delayedStart ? 0 : time + auctionConfig.duration;
            return [{ type: 'auction_started', ...answer, auctionConfig, endTime }];
        }
        case UsernameOp.cancel_auction:
            return [{ type: 'auction_cancelled', ...answer }];
        case UsernameOp.change_dns_record: {
            const key = args.loadUintBig(256);
            return [{ type: 'record_changed', ...answer, key, record: args.remainingRefs ? args.loadRef() : null }];
        }
        default:
            return [];
    }
}

function readCollection({ message, op, args, from, excess, out, sent }: TakenMessage): CollectionChange[] {
    if (message.bounced) {
        const { exitCode } = readBounce(message);
        const error = exitCode === null ? null : usernameErrorName(exitCode);
        return [{ type: 'bid_returned', ...sent, reason: 'failed', error }];
    }
    const answer = { from, excess };
    switch (op) {
        case UsernameOp.mint:
        case UsernameOp.mint_v2:
        case UsernameOp.open_mint: {
            const { bid, name, bidder, refundTo, auctionConfig } = readDeploy(out[0]!);
            return [{ type: 'mint_sent', from, item: sent.to, amount: bid, name, bidder, refundTo, auctionConfig }];
        }
        case UsernameOp.set_paused:
            return [{ type: 'pause_changed', ...answer, paused: args.loadBit() }];
        case UsernameOp.set_terms:
            return [{ type: 'terms_changed', ...answer, openTerms: cellToOpenTerms(args.loadMaybeRef()) }];
        case UsernameOp.set_royalty:
            return [{ type: 'royalty_changed', ...answer, royalty: loadRoyalty(args) }];
        case UsernameOp.propose_signer:
            return [{ type: 'signer_proposed', ...answer, publicKey: args.loadBuffer(32) }];
        case UsernameOp.accept_signer:
            return [{ type: 'signer_changed', ...answer }];
        default:
            return readAdmin(op, args, answer, UsernameOp);
    }
}
