import { adsScript, describeCampaign, openCampaign, openNetwork } from '../../cli/ads';
import { newQueryId } from '../../cli/usernames';
import { date, Refusal } from '../../cli/words';
import { Campaign, quoteAnswer } from '../../wrappers/ads';

/** Stops your campaign, for good: it closes in 48 hours, in which the network charges what was shown before. */
export const run = adsScript({ keys: ['campaign'] }, async (session) => {
    const campaign = await openCampaign(session, await openNetwork(session));
    session.print(...(await describeCampaign(session, campaign)), '');
    const { address, contract, word, state } = campaign;
    session.requireIsMe(state.advertiser, 'The advertiser');
    if (state.closingAt > 0) {
        session.next('ads/refundCampaign', [word], 'when it has closed, get back the rest.');
        throw new Refusal(`The campaign is stopped already: it closes ${date(state.closingAt)}.`);
    }
    session.print('The campaign stops for good. What is unspent when it has closed, in 48 hours, comes back to you.');
    const { prices } = await session.config();
    await session.carryOut({
        to: address,
        value: quoteAnswer(prices),
        body: Campaign.stopMessage({ queryId: newQueryId() }),
        cost: 'It pays the gas; the rest comes back.',
    });
    const { closingAt } = await contract.getState();
    session.print(`Stopped: it closes ${date(closingAt)}.`);
    session.next('ads/refundCampaign', [word], 'when it has closed, get back the rest.');
});
