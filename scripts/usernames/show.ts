import { script } from '../../cli/session';
import {
    describeCollection,
    describeItem,
    openCollection,
    openItem,
    readRecords,
    recordText,
    table,
} from '../../cli/usernames';

/** Shows a name, or the whole collection without one. Sends nothing. */
export const run = script({ keys: ['name', 'item'] }, async (session) => {
    const collection = await openCollection(session);
    if (session.words.get('name') === undefined && session.words.get('item') === undefined) {
        session.print(...(await describeCollection(session, collection)));
        session.next('show', ['name=alice'], 'look at a name.');
        return;
    }
    const item = await openItem(session, collection);
    session.print(...describeItem(session, item));
    const { status, owner } = item.state;
    if (status === 'uninit') {
        session.next('openMint', [item.word], 'open its auction.');
        return;
    }
    const records = await readRecords(item);
    const rows = records.map(({ key, category, record }): [string, string] => [
        category ?? `0x${key.toString(16)}`,
        recordText(session, record),
    ]);
    session.print('Records:', ...(rows.length > 0 ? table(rows) : ['  none']));
    const isMine = owner !== null && session.wallet?.equals(owner) === true;
    const next = {
        idle: isMine ? ['startAuction', 'put it up for auction.'] : ['topUp', 'pay its rent for longer.'],
        open: ['bid', 'bid for it.'],
        auction: ['bid', 'bid for it.'],
        ended: ['settle', 'settle its auction.'],
    }[status] as [string, string];
    session.next(next[0], [item.word], next[1]);
});
