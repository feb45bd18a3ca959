import { reportMint } from '../../cli/mint';
import { script } from '../../cli/session';
import { newQueryId, openCollection, openItem, requireFree } from '../../cli/usernames';
import { coins, parseCoins, Refusal, span } from '../../cli/words';
import { quoteOpenMint, UsernameCollection } from '../../wrappers/usernames';

/** Opens the auction of a free name on the collection's terms, with the first bid: the start price, or bid=. */
export const run = script({ keys: ['name', 'bid'], flags: ['high'] }, async (session) => {
    const collection = await openCollection(session);
    const { paused, openTerms } = collection.state;
    const item = await openItem(session, collection);
    requireFree(session, item);
    if (paused) {
        throw new Refusal('The admin has paused minting: wait until it is resumed.');
    }
    const { name } = item;
    const { minimum } = quoteOpenMint(openTerms, name);
    const bid = session.optional('bid', parseCoins) ?? minimum;
    if (bid < minimum) {
        throw new Refusal(`bid=${coins(bid)} is too low: ${item.label} starts at ${coins(minimum)}.`);
    }
    session.requireSane('bid', bid, minimum);
    if (openTerms) {
        const { duration, minExtendTime, beneficiary } = openTerms;
        session.print(
            `${item.label} is free. Its auction starts with your bid, takes ${span(duration)}, and goes on for ` +
                `${span(minExtendTime)} after each later bid. ${session.person(beneficiary)} is paid.`,
        );
    }
    const transaction = await session.carryOut({
        to: collection.address,
        value: bid,
        body: UsernameCollection.openMintMessage({ queryId: newQueryId(), name }),
        cost: 'All of it comes back if somebody bids more; otherwise it is the price.',
    });
    await reportMint(session, item, transaction);
});
