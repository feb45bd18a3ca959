import { script } from '../../cli/session';
import { describeItem, openCollection, openItem, requireMinted } from '../../cli/usernames';
import { opOf, sentMessages } from '../../cli/chain';
import { coins, date, parseCoins, Refusal } from '../../cli/words';
import { quoteBid, UsernameItem, UsernameOp } from '../../wrappers/usernames';

/** Bids for a name: the lowest bid that is taken, or bid=. */
export const run = script({ keys: ['name', 'item', 'bid', 'comment'], flags: ['high'] }, async (session) => {
    const comment = session.words.get('comment');
    const body = UsernameItem.bidMessage({ comment });
    const item = await openItem(session, await openCollection(session));
    requireMinted(item);
    session.print(...describeItem(session, item), '');

    const { label, address, contract, word, state } = item;
    if (state.status === 'ended') {
        session.next('settle', [word], 'settle it.');
        throw new Refusal(`The auction of ${label} is over since ${date(state.endTime)}: no bid is taken any more.`);
    }
    if (state.status === 'idle') {
        throw new Refusal(`${label} is in no auction: its owner ${session.person(state.owner)} may start one.`);
    }
    const { minimum, maximum } = quoteBid(state);
    const bid = session.optional('bid', parseCoins) ?? minimum;
    if (bid < minimum) {
        throw new Refusal(`bid=${coins(bid)} is too low: the lowest bid for ${label} is ${coins(minimum)}.`);
    }
    session.requireSane('bid', bid, maximum ?? minimum);
    if (session.wallet && state.bidder?.equals(session.wallet)) {
        session.print('You lead already: this raises your own bid, and the one before comes back.');
    }

    const isBuying = maximum !== null && bid >= maximum;
    const transaction = await session.carryOut({
        to: address,
        value: bid,
        body,
        cost: isBuying
            ? `${coins(maximum)} buys the name at once, the rest comes back.`
            : 'All of it comes back if somebody bids more; otherwise it is the price.',
    });
    const now = await session.readUntil(
        () => contract.getState(),
        ({ owner, bidder, bid: highest }) => session.isMe(bidder ?? owner) && (isBuying || highest === bid),
    );
    const back = sentMessages(transaction).find((message) => opOf(message) === UsernameOp.return_bid);
    if (now.status === 'idle' && isBuying && session.isMe(now.owner)) {
        session.print(`Bought: ${label} is yours for ${coins(maximum)}.`);
        session.next('setRecord', [word, 'wallet=me'], 'let payments to the name reach you.');
    } else if (back) {
        const came = coins(back.info.value.coins);
        throw new Refusal(`The auction of ${label} was over: your bid settled it, and ${came} of it came back.`);
    } else if (now.status === 'auction' && session.isMe(now.bidder) && now.bid === bid) {
        session.print(`You lead with ${coins(bid)}. The auction ends ${date(now.endTime)}.`);
        session.next('settle', [word], 'after the end, settle it.');
    } else {
        session.print(`Your bid was taken, and somebody has bid more since: ${coins(bid)} came back to you.`);
        session.next('bid', [word], 'bid again.');
    }
});
