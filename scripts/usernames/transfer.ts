import { script } from '../../cli/session';
import { describeItem, newQueryId, openCollection, openItem, requireMinted } from '../../cli/usernames';
import { coins, parseAddress, parseCoins, Refusal } from '../../cli/words';
import { quoteTransfer, UsernameItem } from '../../wrappers/usernames';

const DEFAULT_FORWARD = 10_000_000n;

/** Gives your name to to=. Its records are cleared, so that nobody pays you by mistake. */
export const run = script({ keys: ['name', 'item', 'to', 'forward'], flags: ['high'] }, async (session) => {
    const item = await openItem(session, await openCollection(session));
    requireMinted(item);
    session.print(...describeItem(session, item), '');

    const { label, address, contract, word, state } = item;
    if (state.status !== 'idle') {
        throw new Refusal(`${label} is in an auction and cannot be given away: settle or cancel it first.`);
    }
    session.requireIsMe(state.owner, `The owner of ${label}`);
    const newOwner = await session.required('to', 'the address of the new owner', parseAddress);
    if (state.owner?.equals(newOwner)) {
        throw new Refusal(`${session.person(newOwner)} owns ${label} already.`);
    }
    const collectionOrItem = [address, (await contract.getNftData()).collection].some((own) => own.equals(newOwner));
    if (collectionOrItem) {
        throw new Refusal(
            `to=${session.text(newOwner)} is a contract of the names themselves: nobody could move it there.`,
        );
    }
    const { state: account } = await session.provider.getContractState(newOwner);
    if (account.type !== 'active') {
        session.print(
            `Careful: there is no contract at ${session.text(newOwner, false)} yet. Make sure that it is a wallet of its ` +
                "owner's own: an exchange cannot move a name, and a wrong address loses it.",
        );
    }
    const forwardAmount = session.optional('forward', parseCoins) ?? DEFAULT_FORWARD;
    session.requireSane('forward', forwardAmount, DEFAULT_FORWARD * 10n);
    const responseDestination = session.wallet ?? state.owner;
    const transfer = { queryId: newQueryId(), newOwner, responseDestination, forwardAmount };
    const { prices } = await session.config();
    session.print(`${session.person(newOwner)} gets ${label}, and its records are cleared.`);
    await session.carryOut({
        to: address,
        value: quoteTransfer(transfer, prices),
        body: UsernameItem.transferMessage(transfer),
        cost: `Of it ${coins(forwardAmount)} reaches the new owner as a notice; what the gas leaves comes back.`,
    });
    const { owner } = await session.readUntil(
        () => contract.getState(),
        (now) => now.owner?.equals(newOwner) === true,
    );
    if (!owner?.equals(newOwner)) {
        throw new Refusal(`${label} was given away, and ${session.person(owner)} owns it since: look with show.`);
    }
    session.print(`Given: ${session.person(newOwner)} owns ${label}.`);
    session.next('show', [word], 'look at it.');
});
