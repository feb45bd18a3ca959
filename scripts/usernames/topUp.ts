import { script } from '../../cli/session';
import { describeCollection, describeItem, openCollection, openItem, requireMinted } from '../../cli/usernames';
import { coins, date, parseCoins, Refusal } from '../../cli/words';
import { UsernameCollection, UsernameItem } from '../../wrappers/usernames';

/** Decades of a collection's rent. */
const COLLECTION_ENOUGH = 100_000_000n;

/** Leaves coins for the rent of a name, or of the collection without one. Nothing comes back. */
export const run = script({ keys: ['name', 'item', 'value'], flags: ['high'] }, async (session) => {
    const collection = await openCollection(session);
    const isItem = session.words.get('name') !== undefined || session.words.get('item') !== undefined;
    const item = isItem ? await openItem(session, collection) : null;
    if (item) {
        requireMinted(item);
        session.print(...describeItem(session, item), '');
    } else {
        session.print(...(await describeCollection(session, collection)), '');
    }
    const value = await session.required('value', 'how many coins stay there, for example value=0.1', parseCoins);
    if (value === 0n) {
        throw new Refusal('value=0 would add nothing: write for example value=0.1.');
    }
    session.requireSane('value', value, item?.state.reserve ?? COLLECTION_ENOUGH);
    const { address } = item ?? collection;
    const before = await session.balanceOf(address);
    await session.carryOut({
        to: address,
        value,
        body: item ? UsernameItem.topUpMessage() : UsernameCollection.topUpMessage(),
        cost: 'All of it stays there for rent and never comes back.',
    });
    const balance = await session.readUntil(
        () => session.balanceOf(address),
        (now) => now > before,
    );
    const { paidUntil } = await (item ?? collection).contract.getState();
    session.print(`It holds ${coins(balance)} now, and its rent is paid until ${date(paidUntil)}.`);
    session.next('show', item ? [item.word] : [], 'look at it.');
});
