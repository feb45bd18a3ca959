import type { Cell } from '@ton/core';

import { script } from '../../cli/session';
import { describeItem, newQueryId, openCollection, openItem, recordText, requireMinted } from '../../cli/usernames';
import type { Session } from '../../cli/session';
import { parseAddress, parseHex, Refusal } from '../../cli/words';
import type { DnsCategory, DnsRecord } from '../../wrappers/usernames';
import {
    decodeDnsRecord,
    encodeDnsRecord,
    encodeDomain,
    quoteRecord,
    recordKey,
    UsernameItem,
} from '../../wrappers/usernames';

const CATEGORIES = ['wallet', 'site', 'storage', 'dns_next_resolver', 'text'] as const;

/** Sets one record of your name (wallet=, site=, storage=, dns_next_resolver= or text=), or deletes one (delete=). */
export const run = script({ keys: ['name', 'item', 'delete', ...CATEGORIES] }, async (session) => {
    const change = readChange(session);
    const collection = await openCollection(session);
    const item = await openItem(session, collection);
    requireMinted(item);
    session.print(...describeItem(session, item), '');

    const { label, address, contract, word, state, balance } = item;
    if (state.status === 'auction' || state.status === 'ended') {
        throw new Refusal(`${label} is in an auction with a bid: its records rest until it is settled.`);
    }
    session.requireIsMe(state.owner, `The owner of ${label}`);
    const { prices } = await session.config();
    const { category, record } = change;
    const key = recordKey(category);
    const cell = record && encodeDnsRecord(record);
    session.print(
        record
            ? `The record ${category} of ${label} becomes ${recordText(session, record)}.`
            : `The record ${category} of ${label} is deleted.`,
    );
    const queryId = newQueryId();
    await session.carryOut({
        to: address,
        value: quoteRecord({ reserve: state.reserve, balance }, cell, prices),
        body: cell
            ? UsernameItem.changeDnsRecordMessage({ queryId, key, record: cell })
            : UsernameItem.deleteDnsRecordMessage({ queryId, key }),
        cost: cell
            ? 'It pays the gas and ten years of rent for the record; the rest comes back.'
            : 'It pays the gas; the rest comes back.',
    });
    const isSet = (found: Cell | null): boolean => (cell && found ? found.equals(cell) : found === cell);
    const { value } = await session.readUntil(
        () => contract.getDnsResolve(encodeDomain('.'), key),
        (answer) => isSet(answer.value),
    );
    if (!isSet(value)) {
        throw new Refusal(`The record was changed, and it has changed again since: look with show.`);
    }
    session.print(
        value ? `Set: ${category} is ${recordText(session, decodeDnsRecord(value))}.` : `Deleted: ${category}.`,
    );
    session.next('show', [word], 'look at it.');
});

/** What the words ask for: one record to set, or one to delete. */
function readChange(session: Session): { category: DnsCategory; record: DnsRecord | null } {
    const given = [...CATEGORIES, 'delete' as const].filter((word) => session.words.get(word) !== undefined);
    const [what, second] = given;
    if (what === undefined || second !== undefined) {
        throw new Refusal(`Give one of the words ${CATEGORIES.map((word) => `${word}=`).join(', ')} and delete=.`);
    }
    const text = session.words.get(what) ?? '';
    const addressOf = (): ReturnType<typeof parseAddress> =>
        text === 'me' ? session.requireWallet() : parseAddress(text, what, session.network);
    switch (what) {
        case 'wallet':
            return { category: what, record: { type: 'dns_smc_address', address: addressOf() } };
        case 'dns_next_resolver':
            return { category: what, record: { type: 'dns_next_resolver', resolver: addressOf() } };
        case 'site':
            return { category: what, record: { type: 'dns_adnl_address', adnl: parseHex(text, what, 32) } };
        case 'storage':
            return { category: what, record: { type: 'dns_storage_address', bagId: parseHex(text, what, 32) } };
        case 'text':
            return { category: what, record: { type: 'dns_text', text } };
        case 'delete':
            return { category: text, record: null };
    }
}
