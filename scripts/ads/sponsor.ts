import { adsScript, describeChannel, openChannel, openNetwork } from '../../cli/ads';
import { sentMessages } from '../../cli/chain';
import { coins, parseCoins, Refusal } from '../../cli/words';
import { ChannelAccount, quotePayment, quotePaymentValue } from '../../wrappers/ads';

/** Pays a channel directly: the account divides it at once. */
export const run = adsScript({ keys: ['payee', 'amount', 'comment'] }, async (session) => {
    const network = await openNetwork(session);
    const channel = await openChannel(session, network);
    session.print(...describeChannel(session, channel), '');
    const { address, contract, word, state, funds } = channel;
    const amount = await session.required('amount', 'coins that are divided, for example amount=10', parseCoins);
    if (amount === 0n) {
        throw new Refusal('amount=0 would pay nobody: write for example amount=10.');
    }
    if (!state?.owner) {
        session.print('Careful: the channel has no owner yet. His part waits for him there, however long that takes.');
    }
    const { prices } = await session.config();
    const comment = session.words.get('comment');
    const form = { withComment: comment !== undefined };
    const value = quotePaymentValue(funds, amount, prices, form);
    const quote = quotePayment({ ...funds, shareBps: network.state.shareBps }, value, prices, form);
    session.print(
        `At least ${coins(quote.payment)} is divided: ${coins(quote.owner)} for the owner, the rest for the platform.`,
    );
    const transaction = await session.carryOut({
        to: address,
        value,
        body: ChannelAccount.transferMessage({ comment }),
        init: funds.isOpen ? undefined : contract.init,
        cost: funds.isOpen
            ? 'What the gas leaves of it is divided.'
            : "What the gas and ten years of the account's rent leave of it is divided.",
    });
    const [payout] = sentMessages(transaction);
    const now = await contract.getState();
    session.print(
        payout
            ? `Paid: the owner's threshold is reached, and ${coins(payout.info.value.coins)} went to ${session.person(now.owner)}.`
            : `Paid: the owner is due ${coins(now.ownerDue)}.`,
    );
    session.next('ads/showChannel', [word], 'look at it.');
});
