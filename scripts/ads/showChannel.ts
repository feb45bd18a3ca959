import { adsScript, describeChannel, openChannel, openNetwork } from '../../cli/ads';

/** Shows a channel's account. Sends nothing. */
export const run = adsScript({ keys: ['payee'] }, async (session) => {
    const channel = await openChannel(session, await openNetwork(session));
    session.print(...describeChannel(session, channel));
    const { word, state } = channel;
    if (!state?.owner) {
        session.next('ads/registerChannel', [word], 'its owner registers it.');
    } else if (state.ownerDue > 0n) {
        session.next('ads/withdraw', [word], 'pay its owner.');
    } else {
        session.next('ads/sponsor', [word], 'sponsor it.');
    }
});
