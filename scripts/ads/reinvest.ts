import {
    adsScript,
    describeCampaign,
    describeChannel,
    openCampaign,
    openChannel,
    openNetwork,
    requireOwner,
} from '../../cli/ads';
import { failureOf } from '../../cli/chain';
import { newQueryId } from '../../cli/usernames';
import { coins, parseCoins, Refusal } from '../../cli/words';
import { ChannelAccount, quoteReinvest } from '../../wrappers/ads';

/** Puts what you are due from your channel into a campaign, for example one that promotes it. */
export const run = adsScript({ keys: ['payee', 'campaign', 'amount'] }, async (session) => {
    const network = await openNetwork(session);
    const channel = await openChannel(session, network);
    const campaign = await openCampaign(session, network);
    session.print(...describeChannel(session, channel), ...(await describeCampaign(session, campaign)), '');
    const { owner, ownerDue } = requireOwner(channel);
    session.requireIsMe(owner, 'The owner');
    if (campaign.state.closingAt > 0) {
        throw new Refusal('The campaign is stopped and takes no money.');
    }
    const amount = session.optional('amount', parseCoins) ?? ownerDue;
    if (amount === 0n || amount > ownerDue) {
        throw new Refusal(`amount=${coins(amount)} is not what the owner is due: he is due ${coins(ownerDue)}.`);
    }
    const { prices } = await session.config();
    session.print(
        `${coins(amount)} of what you are due joins the campaign's budget; its unspent rest is the advertiser's.`,
    );
    const transaction = await session.carryOut({
        to: channel.address,
        value: quoteReinvest(channel.funds, prices),
        body: ChannelAccount.reinvestMessage({ queryId: newQueryId(), campaign: campaign.address, amount }),
        cost: 'It pays the gas; the rest comes back.',
    });
    const fund = await session.follow(transaction, campaign.address);
    const failure = fund ? failureOf(fund) : 'no message to it';
    if (failure !== null) {
        throw new Refusal(
            `The campaign refused it with ${failure}: it comes back, less its way, and you are due it again.`,
        );
    }
    const { budget } = await campaign.contract.getState();
    session.print(`Reinvested: the campaign's budget is ${coins(budget)}.`);
    session.next('ads/showCampaign', [campaign.word], 'look at it.');
});
