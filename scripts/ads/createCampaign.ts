import {
    adsScript,
    bucketText,
    describeCampaign,
    openNetwork,
    parseId,
    parsePerDay,
    readCampaign,
} from '../../cli/ads';
import { newQueryId, table } from '../../cli/usernames';
import { coins, parseCoins, Refusal } from '../../cli/words';
import { compileContract } from '../../compilables/compile';
import { Campaign, quoteFund } from '../../wrappers/ads';

/** Creates a campaign of your wallet's with its first budget. */
export const run = adsScript({ keys: ['id', 'burst', 'perDay', 'budget'] }, async (session) => {
    const network = await openNetwork(session);
    const advertiser = session.requireWallet();
    const campaignId = await session.required(
        'id',
        'a number that none of your campaigns has, for example id=1',
        parseId,
    );
    const budget = await session.required('budget', 'the first budget in coins, for example budget=100', parseCoins);
    const burst = await session.required(
        'burst',
        'coins that can be charged at once, for example burst=50',
        parseCoins,
    );
    const rate = await session.required(
        'perDay',
        'coins that can be charged a day in the long run, for example perDay=10',
        parsePerDay,
    );
    const config = { network: network.address, advertiser, campaignId, burst, rate };
    const campaign = Campaign.createFromConfig(config, await compileContract('Campaign'));
    const { address, init } = campaign;
    const word = `campaign=${session.text(address)}`;
    if (await session.provider.isContractDeployed(address)) {
        session.next('ads/fundCampaign', [word], 'add to its budget.');
        throw new Refusal(
            `This campaign is there already, at ${session.text(address)}: take another id for a new one.`,
        );
    }
    session.print(
        'A campaign',
        ...table([
            ['address', session.text(address)],
            ['advertiser', session.person(advertiser)],
            ['bucket', `${bucketText(config)}, for good`],
            ['budget', coins(budget)],
        ]),
    );
    const { prices } = await session.config();
    await session.carryOut({
        to: address,
        value: quoteFund(budget, prices, true),
        body: Campaign.fundMessage({ queryId: newQueryId(), amount: budget }),
        init,
        cost: `Of it ${coins(budget)} is the budget; the rest stays for ten years of rent.`,
    });
    session.print('Created:', ...(await describeCampaign(session, await readCampaign(session, network, address))));
    session.next('ads/showCampaign', [word], 'look at it.');
});
