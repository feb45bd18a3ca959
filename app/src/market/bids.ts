import type { Address } from '@ton/core';
import { usernameOpName, type EventPlace, type ItemEvent } from 'gramhouse';

import { returnedText } from './plans';

/** A bid of a wallet, and what became of it. */
export type Bid = {
    place: EventPlace;
    /** In nanotons. */
    amount: bigint;
    /** `leading`: nobody has bid more until now, which may be after the end. */
    fate: 'leading' | 'outbid' | 'won' | 'returned';
    /** How the money came back; null while it has not. */
    back: { place: EventPlace; text: string | null } | null;
};

/** The ops of messages that are bids. */
const BIDS: (string | null)[] = ['comment', 'encrypted_comment', 'place_bid'];

/** The bids that a wallet made for a name, or that its money was in, oldest first. */
export function bidsOf(events: ItemEvent[], wallet: Address): Bid[] {
    const bids: Bid[] = [];
    let leading: Bid | null = null;
    let beaten: Bid | null = null;
    for (const event of events) {
        switch (event.type) {
            case 'minted':
            case 'bid': {
                beaten = leading;
                const isOwn = event.bidder.equals(wallet) || event.refundTo.equals(wallet);
                leading = isOwn ? { place: event, amount: event.amount, fate: 'leading', back: null } : null;
                bids.push(...(leading ? [leading] : []));
                break;
            }
            case 'outbid':
                if (beaten) {
                    Object.assign(beaten, { fate: 'outbid', back: { place: event, text: null } });
                }
                break;
            case 'settled':
                if (leading) {
                    leading.fate = 'won';
                }
                leading = null;
                break;
            case 'bid_returned':
            case 'rejected': {
                const text = returnedText(event, wallet);
                const isBid = event.type !== 'rejected' || event.op === null || BIDS.includes(usernameOpName(event.op));
                if (text !== null && isBid && event.amount > 0n) {
                    bids.push({ place: event, amount: event.amount, fate: 'returned', back: { place: event, text } });
                }
                break;
            }
            default:
        }
    }
    return bids;
}
