import type { Address } from '@ton/core';
import {
    Campaign,
    campaignEvents,
    fundProblems,
    quoteAnswer,
    quoteFund,
    quoteRefund,
    refundProblems,
    stopProblems,
    type CampaignConfig,
    type CampaignEvent,
} from 'gramhouse';
import { campaignCode } from 'gramhouse/code';

import { watchEvents } from '../earnings/watch';
import { formatTon } from '../format';
import { texts } from '../texts';
import type { Given, Plan, Watch } from '../ui/action';
import { readCampaign, type OpenCampaign } from './campaigns';

const words = texts.advertise.plans;

/** The campaign as it is now. */
async function open({ chain }: Given, { address }: OpenCampaign): Promise<OpenCampaign> {
    const campaign = await readCampaign(chain, address);
    if (!campaign) {
        throw new Error('The campaign is gone.');
    }
    return campaign;
}

const watchCampaign = ({ wallet }: Given, address: Address, tell: (event: CampaignEvent) => string | null): Watch =>
    watchEvents(address, campaignEvents, wallet.address, tell);

/** @param amount nanotons of its first budget */
export const createPlan =
    (config: Omit<CampaignConfig, 'campaignId'>, firstId: bigint, amount: bigint) =>
    async (given: Given): Promise<Plan> => {
        const { chain, wallet } = given;
        let campaignId = firstId;
        let campaign = Campaign.createFromConfig({ ...config, campaignId }, campaignCode);
        // One that this device has forgotten may have the number
        while ((await readCampaign(chain, campaign.address)) !== null) {
            campaignId += 1n;
            campaign = Campaign.createFromConfig({ ...config, campaignId }, campaignCode);
        }
        const value = quoteFund(amount, chain.prices, true);
        return {
            lines: [
                { label: words.create.budget, amount },
                { label: words.create.rent, amount: value - amount },
                { label: words.create.pay, amount: value },
            ],
            notes: [words.create.note],
            problems: fundProblems({ wallet, prices: chain.prices, value, state: null, amount }),
            send: (via) => chain.client.open(campaign).sendFund(via, { value, amount }),
            watch: [
                watchCampaign(given, campaign.address, ({ type }) => (type === 'funded' ? words.create.done : null)),
            ],
        };
    };

/** @param amount nanotons for the budget */
export const topUpPlan =
    (campaign: OpenCampaign, amount: bigint) =>
    async (given: Given): Promise<Plan> => {
        const { contract, address, state } = await open(given, campaign);
        const { prices } = given.chain;
        const value = quoteFund(amount, prices);
        return {
            lines: [
                { label: words.topUp.amount, amount },
                { label: words.fee, amount: value - amount },
                { label: words.topUp.then, amount: state.budget + amount },
            ],
            notes: state.advertiser.equals(given.wallet.address) ? [] : [words.topUp.others],
            problems: fundProblems({ wallet: given.wallet, prices, value, state, amount }),
            send: (via) => contract.sendFund(via, { value, amount }),
            watch: [
                watchCampaign(given, address, (event) =>
                    event.type === 'funded' && event.from.equals(given.wallet.address)
                        ? words.topUp.done(formatTon(amount))
                        : null,
                ),
            ],
        };
    };

export const stopPlan =
    (campaign: OpenCampaign) =>
    async (given: Given): Promise<Plan> => {
        const { contract, address, state } = await open(given, campaign);
        const { wallet, now } = given;
        const { prices } = given.chain;
        const value = quoteAnswer(prices);
        return {
            lines: [
                { label: words.stop.rest, amount: state.budget },
                { label: words.attached, amount: value },
            ],
            notes: [words.stop.note, words.restReturns],
            problems: stopProblems({ wallet, prices, value, now, state }),
            send: (via) => contract.sendStop(via, { value }),
            watch: [watchCampaign(given, address, ({ type }) => (type === 'stopped' ? words.stop.done : null))],
        };
    };

export const refundPlan =
    (campaign: OpenCampaign) =>
    async (given: Given): Promise<Plan> => {
        const { contract, address, state } = await open(given, campaign);
        const { wallet, now } = given;
        const { prices } = given.chain;
        const value = quoteRefund(prices);
        return {
            lines: [
                { label: words.refund.arrives, amount: state.budget },
                { label: words.fee, amount: value },
            ],
            notes: [words.refund.note],
            problems: refundProblems({ wallet, prices, value, now, state }),
            send: (via) => contract.sendRefund(via, { value }),
            watch: [
                watchCampaign(given, address, (event) =>
                    event.type === 'refunded' ? words.refund.done(formatTon(event.amount)) : null,
                ),
            ],
        };
    };
