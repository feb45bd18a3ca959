import type { Address, Contract, ContractProvider, Sender, StateInit, Cell } from '@ton/core';
import { beginCell, contractAddress } from '@ton/core';
import { addressHash, beginBody, loadHashAddress, parseCell, paymentBody } from '../common/cells';
import type { QueryOpts, SendOpts } from '../common/contract';
import { send } from '../common/contract';
import { AdsOp } from './ops';
import type { Bucket } from './split';
import { AMOUNT_LIMIT, checkAmount, secondsUntil } from './split';
import { GramhouseError } from '../common/errors';

/**
 * What a campaign's address is made of. The bucket bounds what the network takes: `burst` nanotons at once, `rate`
 * nanotons a second in the long run.
 */
export type CampaignConfig = Bucket & { network: Address; advertiser: Address; campaignId: bigint };

/** A stop lets charges for what was shown before arrive for 48 hours. */
export const CLOSING_SECONDS = 172_800;

/** What `get_campaign_state_v1` shows. Amounts in nanotons, times in unix seconds. */
export type CampaignState = CampaignConfig & {
    /** Whether the campaign has had its first transaction. */
    isOpen: boolean;
    /** What the network has charged in all. */
    spent: bigint;
    /** What is left to spend. */
    budget: bigint;
    /** What the bucket holds now. */
    level: bigint;
    /** 0: not stopped. From then on the rest can be refunded. */
    closingAt: number;
    /** What the campaign keeps: ten years of its rent. */
    reserve: bigint;
    /** What could be charged now. */
    chargeable: bigint;
};

/** A campaign's storage, TL-B `Campaign`. Amounts in nanotons, times in unix seconds. */
export type CampaignData =
    | ({ isOpen: false } & CampaignConfig)
    | ({ isOpen: true; spent: bigint; level: bigint; lastAt: number; closingAt: number } & CampaignConfig);

/** TL-B `campaign_new`: the data in a campaign's StateInit. Throws `invalid_amount`, `wrong_workchain`. */
export function campaignConfigToCell({ burst, rate, advertiser, network, campaignId }: CampaignConfig): Cell {
    if (rate < 0n || rate >= AMOUNT_LIMIT) {
        throw new GramhouseError('invalid_amount', `${rate} is no rate.`);
    }
    return beginCell()
        .storeBit(0)
        .storeUint(checkAmount(burst), 63)
        .storeUint(rate, 63)
        .storeBuffer(addressHash(advertiser))
        .storeBuffer(addressHash(network))
        .storeUint(campaignId, 64)
        .endCell();
}

/**
 * The address of a campaign, without asking the chain.
 *
 * @example
 * ```ts
 * campaignAddress(await campaign.getState(), campaignCode).equals(campaign.address); // => true
 * ```
 */
export function campaignAddress(config: CampaignConfig, code: Cell): Address {
    return Campaign.createFromConfig(config, code).address;
}

/**
 * Reads a campaign's storage, TL-B `Campaign`; throws `unexpected_data` for any other cell.
 *
 * @example
 * ```ts
 * cellToCampaignData(await storage(campaign.address)).campaignId; // => 1n
 * ```
 */
export function cellToCampaignData(cell: Cell): CampaignData {
    return parseCell('storage cell of a campaign', cell, (slice): CampaignData => {
        const head = slice.loadBit() && {
            spent: slice.loadUintBig(63),
            level: slice.loadUintBig(63),
            lastAt: slice.loadUint(32),
            closingAt: slice.loadUint(32),
        };
        const terms = {
            burst: slice.loadUintBig(63),
            rate: slice.loadUintBig(63),
            advertiser: loadHashAddress(slice),
            network: loadHashAddress(slice),
            campaignId: slice.loadUintBig(64),
        };
        return head ? { isOpen: true, ...head, ...terms } : { isOpen: false, ...terms };
    });
}

/**
 * When `amount` nanotons can be charged at the earliest, in unix seconds from `now`; null if never: the budget does not
 * hold so much, the bucket is too small, or the campaign closes before.
 *
 * @example
 * ```ts
 * chargeableAt(await campaign.getState(), toNano('1'), now); // => now
 * chargeableAt(await closedCampaign.getState(), toNano('1'), now); // => null
 * ```
 */
export function chargeableAt(
    state: Pick<CampaignState, 'budget' | 'level' | 'burst' | 'rate' | 'closingAt'>,
    amount: bigint,
    now: number,
): number | null {
    if (amount > state.budget || (state.closingAt > 0 && state.closingAt <= now)) {
        return null;
    }
    // A stopped campaign's bucket stands still
    const seconds = secondsUntil(state.closingAt ? { ...state, rate: 0n } : state, state.level, amount);
    return seconds === null ? null : now + seconds;
}

/**
 * A campaign: the budget of one advertiser, which only its network charges, within the bucket that he chose.
 *
 * @example
 * ```ts
 * const opened = client.open(Campaign.createFromAddress(campaign.address));
 * const { budget, spent } = await opened.getState();
 * [budget >= toNano('100'), spent]; // => [true, 0n]
 * ```
 */
export class Campaign implements Contract {
    constructor(
        readonly address: Address,
        readonly init?: StateInit,
    ) {}

    /** A campaign that is deployed. */
    static createFromAddress(address: Address): Campaign {
        return new Campaign(address);
    }

    /** A campaign whose address follows from its config and code (`gramhouse/code`), deployed or not. */
    static createFromConfig(config: CampaignConfig, code: Cell, workchain = 0): Campaign {
        const init = { code, data: campaignConfigToCell(config) };
        return new Campaign(contractAddress(workchain, init), init);
    }

    /** Money for the budget as wallets send it: an empty body, or a text comment. A comment `#topup` would be for rent. */
    static transferMessage(opts: { comment?: string } = {}): Cell {
        return paymentBody(opts.comment);
    }

    /** TL-B `fund`: `amount` in nanotons, which the value must cover. Throws `invalid_amount`. */
    static fundMessage(opts: QueryOpts & { amount: bigint }): Cell {
        return beginBody(AdsOp.fund, opts.queryId).storeUint(checkAmount(opts.amount), 64).endCell();
    }

    /** TL-B `stop`. */
    static stopMessage(opts: QueryOpts = {}): Cell {
        return beginBody(AdsOp.stop, opts.queryId).endCell();
    }

    /** TL-B `refund`. */
    static refundMessage(opts: QueryOpts = {}): Cell {
        return beginBody(AdsOp.refund, opts.queryId).endCell();
    }

    /**
     * Adds `amount` nanotons to the budget, from anyone; attach `quoteFund`. The first fund of a campaign deploys it
     * (`createFromConfig`) and fills its reserve first.
     *
     * Rejected with `campaign_closed` 1202, `not_enough_funds` 1001, `invalid_amount` 1002.
     */
    async sendFund(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { amount: bigint },
    ): Promise<void> {
        await send(provider, via, opts, Campaign.fundMessage(opts));
    }

    /**
     * The advertiser stops the campaign: the bucket stands still from now on, charges come for 48 hours more, the rest is
     * his then. Attach `quoteAnswer`; the excess comes back with `excesses`.
     *
     * Rejected with `not_advertiser` 1200, `already_stopped` 1201.
     */
    async sendStop(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, Campaign.stopMessage(opts));
    }

    /**
     * The advertiser gets back all that is unspent, with what is left of `value` (`quoteRefund`). The account stays with its
     * reserve, closed for good.
     *
     * Rejected with `not_advertiser` 1200, `not_closed` 1203, `nothing_due` 1004, `not_enough_funds` 1001.
     */
    async sendRefund(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, Campaign.refundMessage(opts));
    }

    /** Everything the campaign holds. */
    async getState(provider: ContractProvider): Promise<CampaignState> {
        const { stack } = await provider.get('get_campaign_state_v1', []);
        return {
            isOpen: stack.readBoolean(),
            spent: stack.readBigNumber(),
            budget: stack.readBigNumber(),
            level: stack.readBigNumber(),
            burst: stack.readBigNumber(),
            rate: stack.readBigNumber(),
            closingAt: stack.readNumber(),
            advertiser: stack.readAddress(),
            network: stack.readAddress(),
            campaignId: stack.readBigNumber(),
            reserve: stack.readBigNumber(),
            chargeable: stack.readBigNumber(),
        };
    }
}
