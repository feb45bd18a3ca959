import { fromNano } from '@ton/core';
import {
    channelAccountEvents,
    minAutoPayout,
    quotePaymentValue,
    quoteWithdraw,
    splitRevenue,
    type AccountTransaction,
    type ChannelAccountEvent,
    type ChannelAccountState,
    type NetworkPrices,
} from 'gramhouse';

import { texts } from '../texts';

/** What one transaction did to the owner's money. Amounts in nanotons. */
export type Entry = {
    kind: keyof typeof texts.earnings.kinds;
    hash: string;
    /** Unix seconds. */
    time: number;
    /** What was paid for the channel. */
    gross: bigint;
    /** What the network took of it for handling; or for a payout at the threshold. */
    fee: bigint;
    /** What the owner earned. */
    share: bigint;
    paidOut: bigint;
    reinvested: bigint;
};

/** All that a channel has earned, oldest first. Amounts in nanotons. */
export type Ledger = {
    entries: Entry[];
    earned: bigint;
    available: bigint;
    paidOut: bigint;
    reinvested: bigint;
    /**
     * What the account has booked beyond the shares of the entries: a payment's price of handling is reckoned here at today's
     * prices, and the account took those of the moment and what rent it lacked.
     */
    difference: bigint;
};

/** @param transactions the account's whole history, newest first */
export function readLedger(
    transactions: AccountTransaction[],
    { ownerDue, shareBps, reserve }: ChannelAccountState,
    prices: NetworkPrices,
): Ledger {
    const entries: Entry[] = [];
    // What the account was before each transaction, as far as a payment's price depends on it
    let account = { isOpen: false, ownerDue: 0n, platformDue: 0n, balance: 0n, autoPayout: 0n };
    for (const tx of [...transactions].reverse()) {
        for (const event of channelAccountEvents(tx)) {
            if (event.type === 'paid') {
                const withComment = (tx.inMessage?.body.bits.length ?? 0) > 0;
                const fee = quotePaymentValue(account, 0n, prices, { withComment });
                const divided = event.amount > fee ? event.amount - fee : 0n;
                const { owner: share } = splitRevenue(divided, shareBps);
                entries.push(entryOf(event, 'payment', { gross: event.amount, fee, share }));
            } else {
                const entry = otherEntry(event, tx, shareBps, prices);
                if (entry) {
                    entries.push(entry);
                }
            }
            if (event.type === 'auto_payout_changed') {
                account.autoPayout = event.threshold;
            }
            const isSmall = event.type === 'topped_up' && account.balance + event.amount < reserve;
            if (event.type !== 'rejected') {
                const balance = isSmall ? account.balance + event.amount : reserve;
                account = { ...account, isOpen: tx.exitCode !== null, balance };
            }
        }
    }
    const total = (read: (entry: Entry) => bigint): bigint => entries.reduce((sum, entry) => sum + read(entry), 0n);
    const [shares, paidOut, reinvested] = [
        total((it) => it.share),
        total((it) => it.paidOut),
        total((it) => it.reinvested),
    ];
    const payoutFees = total(({ kind, fee }) => (kind === 'threshold' ? fee : 0n));
    const earned = ownerDue + paidOut + reinvested + payoutFees;
    return { entries, earned, available: ownerDue, paidOut, reinvested, difference: earned - shares };
}

function entryOf(
    { hash, time }: ChannelAccountEvent,
    kind: Entry['kind'],
    amounts: Partial<Pick<Entry, 'gross' | 'fee' | 'share' | 'paidOut' | 'reinvested'>>,
): Entry {
    return { kind, hash, time, gross: 0n, fee: 0n, share: 0n, paidOut: 0n, reinvested: 0n, ...amounts };
}

function otherEntry(
    event: ChannelAccountEvent,
    { inMessage }: AccountTransaction,
    shareBps: number,
    prices: NetworkPrices,
): Entry | null {
    switch (event.type) {
        case 'claimed':
            return entryOf(event, 'voucher', {
                gross: grossOf(event.amount, shareBps),
                share: event.amount,
                paidOut: event.amount,
            });
        case 'claim_returned':
            return entryOf(event, 'voucherReturned', {
                gross: -grossOf(event.drawn, shareBps),
                share: -event.drawn,
                paidOut: -event.drawn,
            });
        case 'paid_out': {
            if (event.reason === 'threshold') {
                return entryOf(event, 'threshold', { paidOut: event.amount, fee: minAutoPayout(prices) / 100n });
            }
            // The rest of what the withdrawal's sender attached came with it
            const rest = (inMessage?.value ?? 0n) - quoteWithdraw(prices);
            return entryOf(event, 'withdrawal', { paidOut: rest > 0n ? event.amount - rest : event.amount });
        }
        case 'reinvested':
            return entryOf(event, 'reinvestment', { reinvested: event.amount });
        case 'reinvestment_returned':
            return entryOf(event, 'reinvestmentReturned', {
                reinvested: event.value < event.amount ? -event.value : -event.amount,
            });
        default:
            return null;
    }
}

/** What campaigns paid for a share of it; 0n where owners have no share at all. */
const grossOf = (share: bigint, shareBps: number): bigint =>
    shareBps === 0 ? 0n : (share * 10_000n) / BigInt(shareBps);

/** A ledger's totals after each entry, in TON. */
export type LedgerPoint = { time: number; earned: number; available: number; paidOut: number; reinvested: number };

/** @param now unix seconds: the last point, with the account's own figures */
export function pointsOf({ entries, earned, available, paidOut, reinvested }: Ledger, now: number): LedgerPoint[] {
    const [first] = entries;
    if (!first) {
        return [];
    }
    const ton = (amount: bigint): number => Number(fromNano(amount));
    const sums = { earned: 0n, paidOut: 0n, reinvested: 0n };
    const points = entries.map(({ time, share, ...entry }) => {
        sums.earned += share;
        sums.paidOut += entry.paidOut;
        sums.reinvested += entry.reinvested;
        return {
            time,
            earned: ton(sums.earned),
            available: ton(sums.earned - sums.paidOut - sums.reinvested),
            paidOut: ton(sums.paidOut),
            reinvested: ton(sums.reinvested),
        };
    });
    // A line needs a beginning
    const begin = first.time - Math.max(3600, Math.floor((now - first.time) / 20));
    return [
        { time: begin, earned: 0, available: 0, paidOut: 0, reinvested: 0 },
        ...points,
        {
            time: now,
            earned: ton(earned),
            available: ton(available),
            paidOut: ton(paidOut),
            reinvested: ton(reinvested),
        },
    ];
}

/** The statement: a line for each entry, and one that makes the sums those of the account. Amounts in TON. */
export function statementCsv({ entries, difference }: Ledger, now: number): string {
    const { kinds, statement } = texts.earnings;
    const line = (time: number, kind: string, amounts: bigint[], hash: string): string =>
        [new Date(time * 1000).toISOString(), kind, ...amounts.map((amount) => fromNano(amount)), hash].join();
    return [
        statement.columns.join(),
        ...entries.map(({ time, kind, gross, share, fee, paidOut, reinvested, hash }) =>
            line(time, kinds[kind], [gross, share, fee, paidOut, reinvested], hash),
        ),
        line(now, kinds.difference, [0n, difference, 0n, 0n, 0n], ''),
        '',
    ].join('\r\n');
}
