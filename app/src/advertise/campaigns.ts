import { useLocalStorage } from '@mantine/hooks';
import { useQuery } from '@tanstack/react-query';
import { Address, type OpenedContract } from '@ton/core';
import {
    AdsOp,
    Campaign,
    campaignAddress,
    readAccount,
    readHistory,
    type AccountMessage,
    type CampaignState,
} from 'gramhouse';
import { campaignCode } from 'gramhouse/code';
import { useEffect } from 'react';

import { LIVE, useChain, type Chain } from '../chain';
import { RECENT } from '../earnings/network';

/** A campaign of the network as it is now. */
export type OpenCampaign = { contract: OpenedContract<Campaign>; address: Address; state: CampaignState };

/** Null: there is no campaign of this network at the address. Its code and its network are checked, not only what it says. */
export async function readCampaign({ client, config }: Chain, address: Address): Promise<OpenCampaign | null> {
    const { codeHash } = await readAccount(client, address);
    if (codeHash !== campaignCode.hash().toString('base64')) {
        return null;
    }
    const contract = client.open(Campaign.createFromAddress(address));
    const state = await contract.getState();
    const isOurs = config.adNetwork?.equals(state.network) === true;
    return isOurs && campaignAddress(state, campaignCode).equals(address) ? { contract, address, state } : null;
}

export function useCampaign(address: Address) {
    const chain = useChain();
    return useQuery({
        queryKey: ['campaign', address.toString()],
        queryFn: () => readCampaign(chain, address),
        refetchInterval: LIVE,
    });
}

/**
 * An advertiser's campaigns, oldest first: those that his wallet's last messages gave money to, and those that this device
 * has seen before.
 */
export function useCampaigns(advertiser: Address | null) {
    const chain = useChain();
    const [seen, setSeen] = useLocalStorage<string[]>({ key: 'gramhouse-campaigns', defaultValue: [] });
    const query = useQuery({
        queryKey: ['campaigns', advertiser?.toString()],
        queryFn: () => (advertiser ? findCampaigns(chain, advertiser, seen) : []),
        enabled: advertiser !== null,
        refetchInterval: LIVE,
    });
    const found = query.data?.map(({ address }) => address.toString()).filter((address) => !seen.includes(address));
    const fresh = found?.join() ?? '';
    useEffect(() => {
        if (fresh !== '') {
            setSeen((addresses) => [...new Set([...addresses, ...fresh.split(',')])]);
        }
    }, [fresh, setSeen]);
    return query;
}

async function findCampaigns(chain: Chain, advertiser: Address, seen: string[]): Promise<OpenCampaign[]> {
    const history = await readHistory(chain.history, advertiser, { limit: RECENT });
    const funded = history
        .flatMap(({ outMessages }) => outMessages)
        .filter(isFund)
        .map(({ dest }) => dest?.toString() ?? '');
    const addresses = [...new Set([...seen, ...funded])].filter((address) => address !== '');
    const campaigns = await Promise.all(addresses.map((address) => readCampaign(chain, Address.parse(address))));
    return campaigns
        .filter((campaign) => campaign !== null)
        .filter(({ state }) => state.advertiser.equals(advertiser))
        .sort((a, b) => (a.state.campaignId < b.state.campaignId ? -1 : 1));
}

const isFund = ({ body }: AccountMessage): boolean =>
    body.bits.length >= 32 && body.beginParse().preloadUint(32) === AdsOp.fund;
