import type { Address } from '@ton/core';
import {
    adsError,
    type AccountTransaction,
    type AdNetworkEvent,
    type CampaignEvent,
    type ChannelAccountEvent,
} from 'gramhouse';

import { texts } from '../texts';
import type { Outcome, Watch } from '../ui/action';

/**
 * What a contract says of a message of the wallet's: that it was refused, or what `tell` makes of an event.
 *
 * @param tell null: the event is about something else
 */
export function watchEvents<Event extends ChannelAccountEvent | CampaignEvent | AdNetworkEvent>(
    account: Address,
    eventsOf: (tx: AccountTransaction) => Event[],
    wallet: Address,
    tell: (event: Event) => string | Omit<Outcome, 'place'> | null,
): Watch {
    const read = (event: Event): Outcome | null => {
        if (event.type === 'rejected' && event.from?.equals(wallet) === true) {
            return { kind: 'returned', text: refused(event.exitCode), place: event };
        }
        const told = tell(event);
        return typeof told === 'string'
            ? { kind: 'done', text: told, place: event }
            : told && { ...told, place: event };
    };
    return {
        account,
        read: (tx) =>
            eventsOf(tx)
                .map(read)
                .find((outcome) => outcome !== null) ?? null,
    };
}

const refused = (exitCode: number | null): string =>
    exitCode === null ? texts.earnings.refused : `${texts.earnings.refused} ${adsError(exitCode).shortMessage}`;
