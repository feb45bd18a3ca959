import { adsScript, describeNetwork, openNetwork } from '../../cli/ads';

/** Shows the ad network. Sends nothing. */
export const run = adsScript({ keys: [] }, async (session) => {
    const network = await openNetwork(session);
    session.print(...(await describeNetwork(session, network)));
    session.next('ads/showChannel', ['payee=77'], 'look at a channel.');
});
