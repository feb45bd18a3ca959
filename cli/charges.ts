import type { Address, Transaction } from '@ton/core';

import type { Charge } from '../wrappers/ads';
import { AdNetwork, AdsOp, quoteCharge } from '../wrappers/ads';
import type { OpenNetwork } from './ads';
import { chainTime, failureOf, opOf, reasonOf, sentMessages, transactionsSince, until } from './chain';
import type { Session } from './session';
import type { ChargeOutcome, Charging } from './settlement';
import { newQueryId } from './usernames';
import { Refusal } from './words';

const WAIT_SECONDS = 180;

/** The charges of one report, on chain. A charge counts as booked by the network's own transaction and by nothing else. */
export class ChainCharging implements Charging {
    /** What the network did with a campaign's revenue, by the campaign and the message's logical time. */
    private readonly revenues = new Map<string, string | null>();
    private networkLt: bigint;
    /** Of the last charge of this run. */
    private sentLt: bigint;

    /** @param sinceLt a logical time before the first charge of the report */
    constructor(
        private readonly session: Session,
        private readonly network: OpenNetwork,
        private readonly sinceLt: bigint,
    ) {
        this.networkLt = sinceLt;
        this.sentLt = sinceLt;
    }

    now(): Promise<number> {
        return chainTime(this.session.provider);
    }

    async send(charges: Charge[]): Promise<void> {
        const { prices } = await this.session.config();
        const { lt } = await this.session.carryOut({
            to: this.network.address,
            value: quoteCharge(charges.length, prices),
            body: AdNetwork.chargeMessage({ queryId: newQueryId(), charges }),
            cost: `It carries the gas of ${charges.length} campaigns; most of it comes back.`,
        });
        this.sentLt = lt;
    }

    async outcomes(charges: Charge[], wait: boolean): Promise<ChargeOutcome[]> {
        const found = new Map<Charge, ChargeOutcome>();
        const look = async (): Promise<true | null> => {
            await this.readNetwork();
            for (const charge of charges.filter((it) => (found.get(it)?.status ?? 'unknown') === 'unknown')) {
                found.set(charge, await this.outcomeOf(charge, wait));
            }
            return [...found.values()].every(({ status }) => status !== 'unknown') ? true : null;
        };
        const { lastError } = await until(this.session.provider, wait ? WAIT_SECONDS : 0, look);
        if (lastError !== null) {
            throw new Refusal(
                `The API gave no answer (${reasonOf(lastError).text}): run the same report again, which goes on from here.`,
            );
        }
        return charges.map((charge) => found.get(charge) ?? { status: 'unknown' });
    }

    private async outcomeOf({ campaign, cumulative }: Charge, wait: boolean): Promise<ChargeOutcome> {
        const takes = (await transactionsSince(this.session.provider, campaign, this.sinceLt)).filter((transaction) =>
            this.isTake(transaction, cumulative),
        );
        const refusals: { lt: bigint; reason: string }[] = [];
        for (const take of takes) {
            const reason = failureOf(take) ?? this.refusalOfRevenue(campaign, take);
            if (reason === null) {
                return { status: 'booked' };
            }
            if (reason !== undefined) {
                refusals.push({ lt: take.lt, reason });
            }
        }
        const [newest] = refusals;
        // A refusal of an earlier message says nothing of the one that is waited for
        if (!newest || refusals.length < takes.length || (wait && newest.lt < this.sentLt)) {
            return { status: 'unknown' };
        }
        return { status: 'refused', times: refusals.length, reason: newest.reason };
    }

    private isTake({ inMessage }: Transaction, cumulative: bigint): boolean {
        if (inMessage?.info.type !== 'internal' || inMessage.info.bounced || opOf(inMessage) !== AdsOp.take) {
            return false;
        }
        const isFromNetwork = inMessage.info.src.equals(this.network.address);
        return isFromNetwork && inMessage.body.beginParse().skip(32).loadUintBig(64) === cumulative;
    }

    /** Why the network did not book what the campaign sent it; null if it did, undefined if it has not handled it yet. */
    private refusalOfRevenue(campaign: Address, take: Transaction): string | null | undefined {
        const revenue = sentMessages(take).find(({ info }) => info.dest.equals(this.network.address));
        return revenue && this.revenues.get(revenueKey(campaign, revenue.info.createdLt));
    }

    private async readNetwork(): Promise<void> {
        const { provider } = this.session;
        const transactions = await transactionsSince(provider, this.network.address, this.networkLt);
        for (const transaction of transactions) {
            const { inMessage } = transaction;
            if (inMessage?.info.type === 'internal' && opOf(inMessage) === AdsOp.revenue) {
                const { src, createdLt } = inMessage.info;
                const failure = failureOf(transaction);
                this.revenues.set(revenueKey(src, createdLt), failure && `the network refused it with ${failure}`);
            }
        }
        this.networkLt = transactions[0]?.lt ?? this.networkLt;
    }
}

const revenueKey = (campaign: Address, lt: bigint): string => `${campaign.toRawString()} ${lt}`;
