import type { Address } from '@ton/core';
import {
    bidProblems,
    cancelAuctionProblems,
    collectionEvents,
    encodeDnsRecord,
    itemEvents,
    openMintProblems,
    quoteCancelAuction,
    quotePayout,
    quoteRecord,
    quoteSale,
    quoteSettle,
    quoteStartAuction,
    quoteTransfer,
    readAccount,
    recipientProblems,
    recordKey,
    recordProblems,
    settleProblems,
    startAuctionProblems,
    transferProblems,
    usernameError,
    walletFee,
    type AuctionConfig,
    type CollectionEvent,
    type ItemEvent,
    type SaleSplit,
} from 'gramhouse';

import { formatPeriod, formatTime, formatTon } from '../format';
import { texts } from '../texts';
import type { Given, Outcome, Plan, Watch } from '../ui/action';
import { openCollection, openItem, readItem, type Item } from './data';

const { lines, notes, outcomes } = texts.market;

type Event = ItemEvent | CollectionEvent;

/** What a refused message, or a bid that came back, says to its sender; null for any other event. */
export function returnedText(event: Event, wallet: Address): string | null {
    if (event.type === 'rejected' && event.from?.equals(wallet)) {
        const reason = event.exitCode === null ? '' : usernameError(event.exitCode).shortMessage;
        return outcomes.refused(formatTon(event.amount), reason);
    }
    if (event.type === 'bid_returned' && event.to.equals(wallet)) {
        return outcomes.returned[event.reason](formatTon(event.amount));
    }
    return null;
}

/** @param done what the events of a transaction say, if it is the one that was sent */
const watch = <E extends Event>(
    account: Address,
    wallet: Address,
    eventsOf: (tx: Parameters<Watch['read']>[0]) => E[],
    done: (event: E, all: E[]) => string | null,
): Watch => ({
    account,
    read: (tx): Outcome | null => {
        const events = eventsOf(tx);
        for (const event of events) {
            const text = done(event, events);
            if (text !== null) {
                return { kind: 'done', text, place: event };
            }
        }
        for (const event of events) {
            const text = returnedText(event, wallet);
            if (text !== null) {
                return { kind: 'returned', text, place: event };
            }
        }
        return null;
    },
});

const watchItem = (item: Address, wallet: Address, done: (event: ItemEvent, all: ItemEvent[]) => string | null) =>
    watch(item, wallet, itemEvents, done);

/** An address in the form of the page's network. */
const shown = ({ config }: Given['chain'], address: Address): string =>
    address.toString({ bounceable: false, testOnly: config.network === '-3' });

/** What is attached beyond what stays, and the network's fee. */
const attached = ({ chain }: Given, value: bigint): Plan['lines'] => [
    { label: lines.attached, amount: value },
    { label: lines.fee, amount: walletFee(chain.prices) },
];

const shares = ({ payout, royalty, kept }: SaleSplit & { kept: bigint }): string =>
    notes.shares(formatTon(payout), formatTon(royalty), formatTon(kept));

/** What an answer says and, if the rest of the value came with it, how much. */
const withExcess = (text: string, excess: bigint): string =>
    excess > 0n ? `${text} ${outcomes.excess(formatTon(excess))}` : text;

/** The end of the auction, and how a bid moves it. */
export const extensionRule = ({ minExtendTime }: Pick<AuctionConfig, 'minExtendTime'>): string =>
    minExtendTime > 0 ? notes.extension(formatPeriod(minExtendTime)) : notes.noExtension;

/** When an auction ends: a time, or so long after the first bid. */
export const endText = (endTime: number, duration: number): string =>
    endTime > 0 ? formatTime(endTime) : notes.afterFirstBid(formatPeriod(duration));

/** A bid of `value` nanotons; of the maximum it is a purchase. */
export const bidPlan =
    ({ address }: Item, value: bigint) =>
    async (given: Given): Promise<Plan> => {
        const { chain, wallet, now } = given;
        const { state, data, balance } = await readItem(chain, address);
        const { prices } = chain;
        const { bid, maxBid, royalty, endTime } = state;
        const isPurchase = maxBid > 0n && value >= maxBid;
        const terms = data && 'auctionConfig' in data ? data : null;
        const change = isPurchase ? value - maxBid : 0n;
        const duration = endTime > 0 ? Math.max(endTime - now, 0) : (terms?.auctionConfig.duration ?? 0);
        const sale = royalty && quoteSale({ bid: value - change, royalty, balance: balance - bid, duration }, prices);
        return {
            lines: [
                { label: isPurchase ? lines.price : lines.bid, amount: value - change },
                ...(change > 0n ? [{ label: lines.change, amount: change }] : []),
                { label: lines.fee, amount: walletFee(prices) },
                ...(isPurchase ? [] : [{ label: lines.comesBack, amount: value }]),
            ],
            notes: [
                isPurchase ? notes.purchase : notes.bid,
                ...(isPurchase || !terms ? [] : [notes.end(endText(endTime, duration)), extensionRule(terms)]),
                ...(sale ? [shares(sale)] : []),
                notes.nft,
            ],
            problems: bidProblems({ state, wallet, value, prices, now }),
            send: (via) => openItem(chain, address).sendBid(via, { value }),
            watch: [
                watchItem(address, wallet.address, (event, all) => {
                    if (event.type !== 'bid' || !event.bidder.equals(wallet.address)) {
                        return null;
                    }
                    const isSold = all.some(({ type }) => type === 'settled');
                    return isSold ? outcomes.bought : outcomes.leading(formatTon(event.amount));
                }),
            ],
        };
    };

/** Opens the auction of a free name with `value` nanotons as the first bid. */
export const mintPlan =
    (item: Address, name: string, value: bigint) =>
    async ({ chain, wallet, now }: Given): Promise<Plan> => {
        const names = openCollection(chain);
        const [collection, { state }] = await Promise.all([names.getState(), readItem(chain, item)]);
        const { prices } = chain;
        const { openTerms, royalty } = collection;
        const mint = { wallet, value, prices, now, name, state, collection };
        const duration = openTerms?.duration ?? 0;
        return {
            lines: [
                { label: lines.bid, amount: value },
                { label: lines.fee, amount: walletFee(prices) },
                { label: lines.comesBack, amount: value },
            ],
            notes: [
                notes.mint,
                ...(openTerms ? [notes.end(formatTime(now + duration)), extensionRule(openTerms)] : []),
                ...(royalty ? [shares(quoteSale({ bid: value, royalty, duration }, prices))] : []),
                notes.nft,
            ],
            problems: openMintProblems(mint),
            send: (via) => names.sendOpenMint(via, { value, name }),
            watch: [
                watchItem(item, wallet.address, (event) =>
                    event.type === 'minted' && event.bidder.equals(wallet.address)
                        ? outcomes.minted(formatTime(event.endTime))
                        : null,
                ),
                watch(chain.config.collection, wallet.address, collectionEvents, () => null),
            ],
        };
    };

/** Gives the name to the winner of an auction that is over, and pays seller and royalty. */
export const settlePlan =
    ({ address }: Item) =>
    async (given: Given): Promise<Plan> => {
        const { chain, wallet, now } = given;
        const { state, balance } = await readItem(chain, address);
        const value = quoteSettle(chain.prices);
        const sale = state.bid > 0n ? quotePayout(state, balance, chain.prices) : null;
        return {
            lines: attached(given, value),
            notes: [
                notes.settle,
                ...(sale ? [notes.paid(formatTon(sale.payout), formatTon(sale.royalty))] : []),
                notes.restComesBack,
            ],
            problems: settleProblems({ state, wallet, value, prices: chain.prices, now }),
            send: (via) => openItem(chain, address).sendSettle(via, { value }),
            watch: [
                watchItem(address, wallet.address, (event) =>
                    event.type === 'settled'
                        ? withExcess(outcomes.settled, event.from?.equals(wallet.address) ? event.excess : 0n)
                        : null,
                ),
            ],
        };
    };

/** Puts an own name up for auction. */
export const sellPlan =
    ({ address }: Item, auctionConfig: AuctionConfig) =>
    async (given: Given): Promise<Plan> => {
        const { chain, wallet, now } = given;
        const { prices } = chain;
        const { state, balance } = await readItem(chain, address);
        const value = quoteStartAuction({ reserve: state.reserve, balance }, prices);
        const { initialMinBid, maxBid, duration, delayedStart } = auctionConfig;
        const { royalty } = state;
        const bid = maxBid === initialMinBid ? maxBid : initialMinBid;
        return {
            lines: attached(given, value),
            notes: [
                notes.restComesBack,
                notes.end(delayedStart ? notes.afterFirstBid(formatPeriod(duration)) : formatTime(now + duration)),
                extensionRule(auctionConfig),
                ...(royalty
                    ? [`${notes.atThisPrice} ${shares(quoteSale({ bid, royalty, balance, duration }, prices))}`]
                    : []),
                notes.sell,
            ],
            problems: startAuctionProblems({
                state,
                wallet,
                value,
                prices,
                now,
                balance,
                auctionConfig,
                beneficiary: wallet,
            }),
            send: (via) => openItem(chain, address).sendStartAuction(via, { value, auctionConfig }),
            watch: [
                watchItem(address, wallet.address, (event) =>
                    event.type === 'auction_started' && event.from.equals(wallet.address)
                        ? withExcess(outcomes.started, event.excess)
                        : null,
                ),
            ],
        };
    };

/** Takes an own name off the market before the first bid. */
export const cancelPlan =
    ({ address }: Item) =>
    async (given: Given): Promise<Plan> => {
        const { chain, wallet, now } = given;
        const { state } = await readItem(chain, address);
        const value = quoteCancelAuction(chain.prices);
        return {
            lines: attached(given, value),
            notes: [notes.cancel, notes.restComesBack],
            problems: cancelAuctionProblems({ state, wallet, value, prices: chain.prices, now }),
            send: (via) => openItem(chain, address).sendCancelAuction(via, { value }),
            watch: [
                watchItem(address, wallet.address, (event) =>
                    event.type === 'auction_cancelled' ? withExcess(outcomes.cancelled, event.excess) : null,
                ),
            ],
        };
    };

/** What the new owner gets with the notice of a transfer, in nanotons: enough for his wallet to show it. */
const NOTICE = 1n;

/** Gives an own name away. */
export const transferPlan =
    ({ address }: Item, to: Address) =>
    async (given: Given): Promise<Plan> => {
        const { chain, wallet, now } = given;
        const [{ state }, newOwner] = await Promise.all([readItem(chain, address), readAccount(chain.client, to)]);
        const transfer = { newOwner: to, responseDestination: wallet.address, forwardAmount: NOTICE };
        const value = quoteTransfer(transfer, chain.prices);
        return {
            lines: attached(given, value),
            notes: [notes.transfer(shown(chain, to)), notes.restComesBack],
            problems: transferProblems({ state, wallet, value, prices: chain.prices, now, transfer, newOwner }),
            send: (via) => openItem(chain, address).sendTransfer(via, { ...transfer, value }),
            watch: [
                watchItem(address, wallet.address, (event) =>
                    event.type === 'transferred' && event.to.equals(to)
                        ? withExcess(outcomes.transferred, event.excess)
                        : null,
                ),
            ],
        };
    };

/** Says where payments to an own name go; null: nowhere any more. */
export const recordPlan =
    ({ address }: Item, to: Address | null) =>
    async (given: Given): Promise<Plan> => {
        const { chain, wallet, now } = given;
        const { prices } = chain;
        const [{ state, balance }, account] = await Promise.all([
            readItem(chain, address),
            to && readAccount(chain.client, to),
        ]);
        const key = recordKey('wallet');
        const record = to && encodeDnsRecord({ type: 'dns_smc_address', address: to });
        const value = quoteRecord({ reserve: state.reserve, balance }, record, prices);
        const item = openItem(chain, address);
        return {
            lines: attached(given, value),
            notes: [to ? notes.record(shown(chain, to)) : notes.noRecord, notes.recordEnds, notes.restComesBack],
            problems: [
                ...recordProblems({ state, wallet, value, prices, now, record, balance }),
                ...(account && !account.address.equals(wallet.address) ? recipientProblems(account) : []),
            ],
            send: (via) =>
                record
                    ? item.sendChangeDnsRecord(via, { value, key, record })
                    : item.sendDeleteDnsRecord(via, { value, key }),
            watch: [
                watchItem(address, wallet.address, (event) =>
                    event.type === 'record_changed' && event.key === key
                        ? withExcess(event.record ? outcomes.recordSet : outcomes.recordDeleted, event.excess)
                        : null,
                ),
            ],
        };
    };
