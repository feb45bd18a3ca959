import { opOf, sentMessages } from '../../cli/chain';
import { script } from '../../cli/session';
import { describeItem, openCollection, openItem, requireMinted } from '../../cli/usernames';
import { coins, date, Refusal } from '../../cli/words';
import { quotePayout, quoteSettle, UsernameItem, UsernameOp } from '../../wrappers/usernames';

/** Settles an auction that is over: the winner gets the name, seller and royalty are paid. Anyone may. */
export const run = script({ keys: ['name', 'item'] }, async (session) => {
    const item = await openItem(session, await openCollection(session));
    requireMinted(item);
    session.print(...describeItem(session, item), '');

    const { label, address, contract, word, state, balance } = item;
    if (state.status === 'idle') {
        throw new Refusal(`${label} has no auction to settle: ${session.person(state.owner)} owns it.`);
    }
    if (state.status !== 'ended') {
        const end = state.endTime > 0 ? `it ends ${date(state.endTime)}` : 'it ends a while after its first bid';
        throw new Refusal(`The auction of ${label} is not over: ${end}.`);
    }
    const { prices } = await session.config();
    const { royalty, payout } = quotePayout(state, balance, prices);
    session.print(
        `${session.person(state.bidder)} gets ${label}. ` +
            `The seller gets up to ${coins(payout)}, the royalty is up to ${coins(royalty)}.`,
    );
    const transaction = await session.carryOut({
        to: address,
        value: quoteSettle(prices),
        body: UsernameItem.settleMessage(),
        cost: 'It pays the gas; the rest comes back.',
    });
    const { owner } = await session.readUntil(
        () => contract.getState(),
        ({ status }) => status === 'idle',
    );
    for (const message of sentMessages(transaction).filter((sent) => opOf(sent) === UsernameOp.payout)) {
        session.print(`Paid: ${coins(message.info.value.coins)} to ${session.person(message.info.dest)}.`);
    }
    session.print(`Settled: ${session.person(owner)} owns ${label}.`);
    session.next('show', [word], 'look at it.');
});
