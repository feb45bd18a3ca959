import type { Cell } from '@ton/core';
import { fromNano } from '@ton/core';
import { cellSize } from '../common/cells';
import type { Account, Problem, Rule, Sending } from '../common/checks';
import { messageProblems } from '../common/checks';
import type { AuctionConfig } from './auction';
import { checkAuctionConfig, openMintPrice } from './auction';
import { UsernameError, usernameError } from './errors';
import { isCanonicalName } from './names';
import type { MintOrder } from './orders';
import { quoteCancelAuction, quoteRecord, quoteSettle, quoteStartAuction, quoteTransfer } from './quotes';
import type { CollectionState } from './UsernameCollection';
import type { ItemState, UsernameItem } from './UsernameItem';

/** What every check of an item takes. */
type OnItem = Sending & {
    /** From `UsernameItem.getState`. */
    state: ItemState;
    /** Unix seconds: the chain's clock when the message arrives. */
    now: number;
};

/** The same where the item's reserve counts: the balance of its contract in nanotons. */
type OnFunds = OnItem & { balance: bigint };

/** What every check of a mint takes; `state` is that of the name's item, whose status is `uninit` while the name is free. */
type OnCollection = OnItem & { collection: CollectionState };

/** A record of more cells is refused. */
const MAX_RECORD_CELLS = 16;

/** What the next message that is accepted finds: an auction that is over is settled first, and the winner owns the name. */
function whatItFinds({ state, now, wallet }: OnItem) {
    const { status, endTime, owner, bidder } = state;
    const isPast = endTime > 0 && now >= endTime;
    const isEnded = status === 'ended' || (status === 'auction' && isPast);
    const isRunning = (status === 'open' || status === 'auction') && !isPast;
    const isMinted = status !== 'uninit';
    const isOwner = (isEnded ? bidder : owner)?.equals(wallet.address) ?? false;
    return {
        isMinted,
        isEnded,
        isRunning,
        hasBids: isRunning && status === 'auction',
        isForbidden: isMinted && !isOwner,
        notMinted: [!isMinted, UsernameError.forbidden_not_deploy] as const,
    };
}

const lowBid = (value: bigint, minimum: bigint): Rule => [
    value < minimum,
    UsernameError.bid_too_low,
    `Bid at least ${fromNano(minimum)} TON.`,
];

const aboveMaximum = (value: bigint, maxBid: bigint) =>
    [
        maxBid > 0n && value > maxBid,
        'warning',
        'above_maximum',
        `${fromNano(maxBid)} TON win the name at once.`,
        `${fromNano(value - maxBid)} TON would come back.`,
    ] as const;

const wrongWorkchain = ({ wallet }: OnItem): Rule => [wallet.address.workChain !== 0, UsernameError.wrong_workchain];

/**
 * Whether a bid would be taken, and what would come back of it.
 *
 * @param bid.instead for `sendPlaceBid`: who gets the name, who gets what comes back, and which auction is meant
 *
 * @example
 * ```ts
 * const bid = { wallet, state, prices, now };
 * bidProblems({ ...bid, value: toNano('21') }); // => []
 * bidProblems({ ...bid, value: toNano('20') }).map(({ code }) => code); // => ['bid_too_low']
 * ```
 */
export function bidProblems(
    bid: OnItem & { instead?: { owner: Account; refundTo: Account; startedAt: number } },
): Problem[] {
    const { state, wallet, value, instead } = bid;
    const { isMinted, isRunning, notMinted } = whatItFinds(bid);
    const takesBids = isRunning && (!instead || instead.startedAt === state.startedAt);
    const leads = takesBids && state.bidder?.equals((instead?.owner ?? wallet).address);
    return messageProblems(usernameError, bid, {
        rules: [
            notMinted,
            [isMinted && !takesBids, UsernameError.no_auction],
            lowBid(value, takesBids ? state.minBid : 0n),
            ...(instead ? [] : [wrongWorkchain(bid)]),
        ],
        others: [
            [
                leads,
                'warning',
                'already_leading',
                'The highest bid is from the same owner already.',
                'Wait until somebody bids more.',
            ],
            aboveMaximum(value, takesBids ? state.maxBid : 0n),
        ],
        recipients: [instead?.owner, instead?.refundTo],
    });
}

function mintProblems(mint: OnCollection, rules: readonly Rule[], maxBid: bigint): Problem[] {
    return messageProblems(usernameError, mint, {
        rules: [...rules, [mint.collection.paused, UsernameError.minting_paused], wrongWorkchain(mint)],
        others: [
            aboveMaximum(mint.value, maxBid),
            [
                mint.state.status !== 'uninit',
                'error',
                'already_minted',
                'Somebody was faster: the name exists.',
                'Look at it again, and bid if it is auctioned.',
            ],
        ],
    });
}

/**
 * Whether a name in its canonical form could be opened on the collection's terms.
 *
 * @example
 * ```ts
 * const free = client.open(UsernameItem.createFromAddress(await collection.getItemAddress('winter')));
 * const mint = { wallet, prices, now, name: 'winter', state: await free.getState(), value: toNano('10') };
 * openMintProblems({ ...mint, collection: await collection.getState() }); // => []
 * ```
 */
export function openMintProblems(mint: OnCollection & { name: string }): Problem[] {
    const { name, value, collection } = mint;
    const price = collection.openTerms && openMintPrice(collection.openTerms, name);
    const rules: Rule[] = [
        [!isCanonicalName(name), UsernameError.invalid_name],
        [price === null, UsernameError.open_mint_closed],
        lowBid(value, price ?? 0n),
    ];
    return mintProblems(mint, rules, 0n);
}

/**
 * Whether a signed order could be used; `verifyMintOrder` checks its signature.
 *
 * @example
 * ```ts
 * const free = client.open(UsernameItem.createFromAddress(await collection.getItemAddress('orchard')));
 * const states = { state: await free.getState(), collection: await collection.getState() };
 * const { order } = parseMintOrder(mint);
 * orderProblems({ wallet, prices, now, order, ...states, value: toNano('1') }); // => []
 * ```
 */
export function orderProblems(mint: OnCollection & { order: MintOrder }): Problem[] {
    const { order, collection, wallet, now, value } = mint;
    const { initialMinBid, maxBid } = order.auctionConfig;
    const bidder = order.restrictions?.forceSender;
    const rules: Rule[] = [
        [order.subwalletId !== collection.subwalletId, UsernameError.wrong_subwallet_id],
        [order.validSince > now, UsernameError.not_yet_valid_signature],
        [order.validTill <= now, UsernameError.expired_signature],
        [bidder && !bidder.equals(wallet.address), UsernameError.forbidden_bidder],
        lowBid(value, initialMinBid),
    ];
    return mintProblems(mint, rules, maxBid);
}

/**
 * Whether the owner could put the name up for auction; `beneficiary` is the account of the config's.
 *
 * @example
 * ```ts
 * const start = { wallet, state: ownedState, prices, now, ...ownedFunds, auctionConfig, beneficiary: wallet };
 * startAuctionProblems({ ...start, value: toNano('0.2') });
 * ```
 */
export function startAuctionProblems(
    start: OnFunds & { auctionConfig: AuctionConfig; beneficiary: Account },
): Problem[] {
    const { state, now, prices, auctionConfig, beneficiary } = start;
    const { isRunning, isForbidden, notMinted } = whatItFinds(start);
    return messageProblems(usernameError, start, {
        valid: () => checkAuctionConfig(auctionConfig, prices),
        rules: [
            notMinted,
            [isRunning, UsernameError.auction_already_started],
            [isForbidden, UsernameError.forbidden_auction],
            [now < state.startableAt, UsernameError.auction_too_soon],
        ],
        quote: quoteStartAuction({ ...start, reserve: state.reserve }, prices),
        recipients: [beneficiary],
    });
}

/**
 * Whether the owner could cancel the auction.
 *
 * @example
 * ```ts
 * const cancel = { wallet, state, prices, now, value: quoteCancelAuction(prices) };
 * cancelAuctionProblems(cancel).map(({ code }) => code); // => ['already_has_bids', 'forbidden_auction']
 * ```
 */
export function cancelAuctionProblems(cancel: OnItem): Problem[] {
    const { isMinted, isRunning, hasBids, isForbidden, notMinted } = whatItFinds(cancel);
    return messageProblems(usernameError, cancel, {
        rules: [
            notMinted,
            [isMinted && !isRunning, UsernameError.no_auction],
            [hasBids, UsernameError.already_has_bids],
            [isForbidden, UsernameError.forbidden_auction],
        ],
        quote: quoteCancelAuction(cancel.prices),
    });
}

/**
 * Whether there is an auction to settle.
 *
 * @example
 * ```ts
 * const settlement = { wallet, state, prices, now, value: quoteSettle(prices) };
 * settleProblems(settlement).map(({ code }) => code); // => ['auction_not_ended']
 * ```
 */
export function settleProblems(settlement: OnItem): Problem[] {
    const { isMinted, isRunning, isEnded, notMinted } = whatItFinds(settlement);
    return messageProblems(usernameError, settlement, {
        rules: [
            notMinted,
            [isRunning, UsernameError.auction_not_ended],
            [isMinted && !isRunning && !isEnded, UsernameError.no_auction],
        ],
        quote: quoteSettle(settlement.prices),
    });
}

/**
 * Whether the owner could give the name away; `newOwner` is the account of the transfer's.
 *
 * @example
 * ```ts
 * const transfer = { newOwner: bob.address, responseDestination: alice.address, forwardAmount: 0n };
 * const value = quoteTransfer(transfer, prices);
 * const newOwner = await readAccount(client, bob.address);
 * const found = transferProblems({ wallet, state: ownedState, prices, now, value, transfer, newOwner });
 * found.map(({ severity, code }) => [severity, code]); // => [['warning', 'unknown_contract']]
 * ```
 */
export function transferProblems(
    sending: OnItem & { transfer: Parameters<typeof UsernameItem.transferMessage>[0]; newOwner: Account },
): Problem[] {
    const { isRunning, isForbidden, notMinted } = whatItFinds(sending);
    return messageProblems(usernameError, sending, {
        rules: [
            notMinted,
            [isRunning, UsernameError.forbidden_not_bid],
            [isForbidden, UsernameError.forbidden_transfer],
        ],
        quote: quoteTransfer(sending.transfer, sending.prices),
        recipients: [sending.newOwner],
    });
}

/**
 * Whether the owner could set a record, or delete one (`record` null).
 *
 * @example
 * ```ts
 * const record = encodeDnsRecord({ type: 'dns_smc_address', address: alice.address });
 * const value = quoteRecord(ownedFunds, record, prices);
 * recordProblems({ wallet, state: ownedState, prices, now, value, record, balance: ownedFunds.balance }); // => []
 * ```
 */
export function recordProblems(change: OnFunds & { record: Cell | null }): Problem[] {
    const { state, prices, record } = change;
    const { hasBids, isForbidden, notMinted } = whatItFinds(change);
    return messageProblems(usernameError, change, {
        rules: [
            notMinted,
            [hasBids, UsernameError.forbidden_not_bid],
            [isForbidden, UsernameError.forbidden_change_dns],
            [record !== null && cellSize(record).cells > MAX_RECORD_CELLS, UsernameError.record_too_large],
        ],
        quote: quoteRecord({ ...change, reserve: state.reserve }, record, prices),
    });
}
