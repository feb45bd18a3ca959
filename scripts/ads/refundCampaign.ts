import { adsScript, describeCampaign, openCampaign, openNetwork } from '../../cli/ads';
import { chainTime, sentMessages } from '../../cli/chain';
import { newQueryId } from '../../cli/usernames';
import { coins, date, Refusal } from '../../cli/words';
import { Campaign, quoteRefund } from '../../wrappers/ads';

/** Gets back what is unspent of your campaign, after it has closed. */
export const run = adsScript({ keys: ['campaign'] }, async (session) => {
    const campaign = await openCampaign(session, await openNetwork(session));
    session.print(...(await describeCampaign(session, campaign)), '');
    const { address, word, state } = campaign;
    session.requireIsMe(state.advertiser, 'The advertiser');
    if (state.closingAt === 0) {
        session.next('ads/stopCampaign', [word], 'stop it first.');
        throw new Refusal('The campaign is running: stop it first, and get its rest 48 hours later.');
    }
    if ((await chainTime(session.provider)) < state.closingAt) {
        throw new Refusal(`The campaign closes ${date(state.closingAt)}: its rest comes back from then on.`);
    }
    if (state.budget === 0n) {
        throw new Refusal('Nothing is left of the budget.');
    }
    const { prices } = await session.config();
    const transaction = await session.carryOut({
        to: address,
        value: quoteRefund(prices),
        body: Campaign.refundMessage({ queryId: newQueryId() }),
        cost: `It pays the gas; ${coins(state.budget)} comes back.`,
    });
    const back = sentMessages(transaction).reduce((sum, { info }) => sum + info.value.coins, 0n);
    session.print(`Refunded: ${coins(back)} came back to ${session.person(state.advertiser)}.`);
    session.next('ads/showCampaign', [word], 'look at it.');
});
