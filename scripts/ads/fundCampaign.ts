import { adsScript, describeCampaign, openCampaign, openNetwork } from '../../cli/ads';
import { newQueryId } from '../../cli/usernames';
import { coins, date, parseCoins, Refusal } from '../../cli/words';
import { Campaign, quoteFund } from '../../wrappers/ads';

/** Adds to a campaign's budget. Anyone may; what is unspent is the advertiser's. */
export const run = adsScript({ keys: ['campaign', 'amount'] }, async (session) => {
    const campaign = await openCampaign(session, await openNetwork(session));
    session.print(...(await describeCampaign(session, campaign)), '');
    const { address, contract, word, state } = campaign;
    if (state.closingAt > 0) {
        throw new Refusal(`The campaign is stopped and takes no money: it closes ${date(state.closingAt)}.`);
    }
    const amount = await session.required('amount', 'coins for the budget, for example amount=50', parseCoins);
    const { prices } = await session.config();
    await session.carryOut({
        to: address,
        value: quoteFund(amount, prices),
        body: Campaign.fundMessage({ queryId: newQueryId(), amount }),
        cost: `Of it ${coins(amount)} joins the budget, the rest is the gas.`,
    });
    const { budget } = await contract.getState();
    session.print(`Funded: the budget is ${coins(budget)}.`);
    session.next('ads/showCampaign', [word], 'look at it.');
});
