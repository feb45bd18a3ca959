import { script } from '../../cli/session';
import { describeItem, openCollection, openItem, requireMinted } from '../../cli/usernames';
import { coins, Refusal } from '../../cli/words';
import { quoteCancelAuction, UsernameItem } from '../../wrappers/usernames';

/** Cancels the auction of your name while nobody has bid. */
export const run = script({ keys: ['name', 'item'] }, async (session) => {
    const item = await openItem(session, await openCollection(session));
    requireMinted(item);
    session.print(...describeItem(session, item), '');

    const { label, address, contract, word, state } = item;
    if (state.status === 'idle') {
        throw new Refusal(`${label} is in no auction: there is nothing to cancel.`);
    }
    if (state.status !== 'open') {
        throw new Refusal(`The auction of ${label} has a bid of ${coins(state.bid)} and cannot be cancelled any more.`);
    }
    session.requireIsMe(state.owner, `The owner of ${label}`);
    const { prices } = await session.config();
    await session.carryOut({
        to: address,
        value: quoteCancelAuction(prices),
        body: UsernameItem.cancelAuctionMessage(),
        cost: 'It pays the gas; the rest comes back.',
    });
    const { status } = await session.readUntil(
        () => contract.getState(),
        (now) => now.status === 'idle',
    );
    if (status !== 'idle') {
        throw new Refusal(`The auction was cancelled, and ${label} is ${status} again: look with show.`);
    }
    session.print(`Cancelled: ${label} is not for sale. The next auction can start in five minutes.`);
    session.next('startAuction', [word, 'start=10'], 'later, put it up for auction again.');
});
