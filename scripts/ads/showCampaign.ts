import { adsScript, describeCampaign, openCampaign, openNetwork } from '../../cli/ads';

/** Shows a campaign: what is spent, what can be charged now, and from when on all of it can have been spent. Sends nothing. */
export const run = adsScript({ keys: ['campaign'] }, async (session) => {
    const campaign = await openCampaign(session, await openNetwork(session));
    session.print(...(await describeCampaign(session, campaign)));
    if (campaign.state.closingAt === 0) {
        session.next('ads/fundCampaign', [campaign.word], 'add to its budget.');
    } else {
        session.next('ads/refundCampaign', [campaign.word], 'when it has closed, get back the rest.');
    }
});
