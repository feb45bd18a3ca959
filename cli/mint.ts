import type { Transaction } from '@ton/core';

import { UsernameOp } from '../wrappers/usernames';
import { failureOf, opOf, sentMessages } from './chain';
import type { Session } from './session';
import type { OpenItem } from './usernames';
import { coins, date, Refusal } from './words';

/** Follows a mint from the collection to its item, and says how it ended. */
export async function reportMint(session: Session, item: OpenItem, mint: Transaction): Promise<void> {
    const { label, address, contract, word } = item;
    const deploy = await session.follow(mint, address);
    const failure = deploy ? failureOf(deploy) : 'no message to the name';
    if (failure !== null) {
        throw new Refusal(`The name's contract refused the mint with ${failure}.`);
    }
    const sent = deploy ? sentMessages(deploy) : [];
    const [only, second] = sent;
    // A name that was there already sends the bid back, and nothing else
    if (only && !second && opOf(only) === UsernameOp.return_bid) {
        throw new Refusal(`Somebody minted ${label} before you: ${coins(only.info.value.coins)} came back.`);
    }
    const { status, owner, bidder, bid, endTime } = await session.readUntil(
        () => contract.getState(),
        (now) => now.status !== 'uninit',
    );
    if (status === 'idle') {
        session.print(`Minted and sold at once: ${session.person(owner)} owns ${label}.`);
        session.next('setRecord', [word, 'wallet=me'], 'let payments to the name reach you.');
    } else if (session.isMe(bidder)) {
        session.print(`Minted: you lead with ${coins(bid)}. The auction of ${label} ends ${date(endTime)}.`);
        session.next('settle', [word], 'after the end, settle it.');
    } else {
        session.print(`Minted: ${session.person(bidder)} leads with ${coins(bid)} for ${label}.`);
        session.next('show', [word], 'look at it.');
    }
}
