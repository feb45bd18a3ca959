import { adsScript, describeChannel, openChannel, openNetwork, requireOwner } from '../../cli/ads';
import { sentMessages } from '../../cli/chain';
import { newQueryId } from '../../cli/usernames';
import { coins, Refusal } from '../../cli/words';
import { ChannelAccount, quoteWithdraw } from '../../wrappers/ads';

/** Pays a channel's owner what he is due from direct payments. Anyone may; only he is paid. */
export const run = adsScript({ keys: ['payee'] }, async (session) => {
    const channel = await openChannel(session, await openNetwork(session));
    session.print(...describeChannel(session, channel), '');
    const { owner, ownerDue } = requireOwner(channel);
    const { address, word } = channel;
    if (ownerDue === 0n) {
        throw new Refusal('The owner is due nothing now: what vouchers bring is paid by ads/claim.');
    }
    const { prices } = await session.config();
    session.print(`${session.person(owner)} gets ${coins(ownerDue)}.`);
    const transaction = await session.carryOut({
        to: address,
        value: quoteWithdraw(prices),
        body: ChannelAccount.withdrawMessage({ queryId: newQueryId() }),
        cost: 'It pays the gas.',
    });
    const paid = sentMessages(transaction).reduce((sum, { info }) => sum + info.value.coins, 0n);
    session.print(`Withdrawn: ${coins(paid)} went to ${session.person(owner)}.`);
    session.next('ads/showChannel', [word], 'look at it.');
});
