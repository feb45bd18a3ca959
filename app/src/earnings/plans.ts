import type { Address } from '@ton/core';
import {
    AdsError,
    adNetworkEvents,
    adsError,
    autoPayoutProblems,
    campaignEvents,
    channelAccountEvents,
    claimProblems,
    paymentProblems,
    quoteClaim,
    quoteOwnerAnswer,
    quotePayment,
    quotePaymentValue,
    quoteRegister,
    quoteReinvest,
    quoteSyncKey,
    quoteWithdraw,
    quoteWithdrawal,
    readAccount,
    rebindProblems,
    registerProblems,
    reinvestProblems,
    verifyVoucher,
    walletProblems,
    withdrawProblems,
    type ChannelAccountEvent,
    type OwnerCertificate,
    type Problem,
    type Voucher,
} from 'gramhouse';

import { readCampaign } from '../advertise/campaigns';
import { formatTon, shortAddress } from '../format';
import { texts } from '../texts';
import type { Given, Outcome, Plan, Watch } from '../ui/action';
import { fundsOf, readChannel, targetOf, type Channel, type OpenNetwork } from './network';
import { watchEvents } from './watch';

const words = texts.earnings.plans;

/** A channel of a network, and how a plan for it is made. */
export type ChannelPlan = (network: OpenNetwork, payeeId: bigint) => (given: Given) => Promise<Plan>;

/** The channel as it is now, and what checks and watching need of it. */
async function open({ chain, wallet }: Given, network: OpenNetwork, payeeId: bigint) {
    const channel = await readChannel(chain, network, payeeId);
    const { contract, state, balance } = channel;
    const sending = { wallet, prices: chain.prices, state, balance };
    const watch = (tell: (event: ChannelAccountEvent) => string | Omit<Outcome, 'place'> | null): Watch =>
        watchEvents(contract.address, channelAccountEvents, wallet.address, tell);
    return { channel, contract, state, funds: fundsOf(channel), sending, watch };
}

/** What is attached where the rest of it comes back at once. */
const attached = (value: bigint) => [{ label: words.attached, amount: value }];

const isTestnet = ({ chain }: Given): boolean => chain.config.network === '-3';

const ownerOf = async ({ chain }: Given, { state }: Channel) =>
    state?.owner ? await readAccount(chain.client, state.owner) : undefined;

export const withdrawPlan: ChannelPlan = (network, payeeId) => async (given) => {
    const { channel, contract, state, funds, sending, watch } = await open(given, network, payeeId);
    const { prices } = sending;
    const value = quoteWithdraw(prices);
    const owner = await ownerOf(given, channel);
    return {
        lines: [
            { label: words.withdraw.due, amount: state?.ownerDue ?? 0n },
            { label: words.fee, amount: value },
            { label: words.arrives, amount: quoteWithdrawal(funds, value, prices) },
        ],
        notes: [words.withdraw.note],
        problems: withdrawProblems({ ...sending, value, ...(owner && { owner }) }),
        send: (via) => contract.sendWithdraw(via, { value }),
        watch: [
            watch((event) =>
                event.type === 'paid_out' && event.reason === 'withdrawal' && event.from.equals(given.wallet.address)
                    ? words.paid(formatTon(event.amount))
                    : null,
            ),
        ],
    };
};

/** @param vouchers the operator's and what was pasted */
export const claimPlan =
    (network: OpenNetwork, payeeId: bigint, vouchers: Voucher[]) =>
    async (given: Given): Promise<Plan> => {
        const { channel, contract, state, funds, sending, watch } = await open(given, network, payeeId);
        const { drawable, ownersDue } = await network.contract.getState();
        const target = targetOf(given.chain, network, channel);
        const received = state?.received ?? 0n;
        const voucher = bestVoucher(vouchers, received, drawable, (it) => {
            const publicKey = state?.voucherKey;
            return publicKey ? verifyVoucher(it, { ...target, publicKey }) : true;
        });
        const amount = voucher.cumulative - received;
        const value = quoteClaim(funds, sending.prices);
        const owner = await ownerOf(given, channel);
        return {
            lines: [
                { label: words.claim.inAll, amount: voucher.cumulative },
                { label: words.claim.before, amount: received },
                { label: words.claim.arrives, amount: amount > 0n ? amount : 0n },
                ...attached(value),
            ],
            notes: [words.claim.note],
            problems: [
                ...claimProblems({ ...sending, value, voucher, target, ...(owner && { owner }) }),
                ...networkProblems(amount, drawable, ownersDue),
            ],
            send: (via) => contract.sendClaim(via, { value, voucher }),
            watch: [
                watchEvents(network.address, adNetworkEvents, given.wallet.address, (event) =>
                    event.type === 'paid_out' && event.payeeId === payeeId && event.drawn === amount
                        ? words.paid(formatTon(event.amount))
                        : null,
                ),
                watch((event) =>
                    event.type === 'claim_returned' && event.to.equals(given.wallet.address)
                        ? { kind: 'returned', text: words.claim.returned(formatTon(event.amount)) }
                        : null,
                ),
            ],
        };
    };

/** The one that brings most of what the network can pay now; the largest if none can be paid. */
function bestVoucher(
    vouchers: Voucher[],
    received: bigint,
    drawable: bigint,
    isGood: (voucher: Voucher) => boolean,
): Voucher {
    const falling = [...vouchers].sort((a, b) => (a.cumulative < b.cumulative ? 1 : -1));
    const isPayable = ({ cumulative }: Voucher): boolean => cumulative > received && cumulative - received <= drawable;
    const best = falling.find((it) => isPayable(it) && isGood(it)) ?? falling.find(isGood) ?? falling[0];
    if (!best) {
        throw new Error('There is no voucher to claim.');
    }
    return best;
}

/** What the network would refuse now. */
function networkProblems(amount: bigint, drawable: bigint, ownersDue: bigint): Problem[] {
    if (amount <= drawable) {
        return [];
    }
    const error = adsError(amount > ownersDue ? AdsError.not_covered : AdsError.bucket_full);
    const { code, shortMessage, hint } = error;
    return [{ severity: 'error', code, shortMessage, ...(hint !== undefined && { hint }) }];
}

export const syncPlan: ChannelPlan = (network, payeeId) => async (given) => {
    const { contract, funds, sending, watch } = await open(given, network, payeeId);
    const value = quoteSyncKey(funds, sending.prices);
    return {
        lines: attached(value),
        notes: [words.restReturns],
        problems: walletProblems({ ...sending, value }),
        send: (via) => contract.sendSyncKey(via, { value }),
        watch: [watch((event) => (event.type === 'voucher_key_changed' ? words.sync.done : null))],
    };
};

/** @param threshold nanotons; 0n: off */
export const autoPayoutPlan =
    (network: OpenNetwork, payeeId: bigint, threshold: bigint) =>
    async (given: Given): Promise<Plan> => {
        const { contract, funds, sending, watch } = await open(given, network, payeeId);
        const value = quoteOwnerAnswer(funds, sending.prices);
        return {
            lines: [
                ...(threshold > 0n ? [{ label: words.autoPayout.from, amount: threshold }] : []),
                ...attached(value),
            ],
            notes: [threshold > 0n ? words.autoPayout.note : words.autoPayout.offNote, words.restReturns],
            problems: autoPayoutProblems({ ...sending, value, threshold }),
            send: (via) => contract.sendSetAutoPayout(via, { value, threshold }),
            watch: [
                watch((event) =>
                    event.type === 'auto_payout_changed' ? words.autoPayout.done(formatTon(event.threshold)) : null,
                ),
            ],
        };
    };

/** @param amount nanotons of what is due */
export const reinvestPlan =
    (network: OpenNetwork, payeeId: bigint, campaign: Address, amount: bigint) =>
    async (given: Given): Promise<Plan> => {
        const { contract, state, funds, sending, watch } = await open(given, network, payeeId);
        const target = await readCampaign(given.chain, campaign);
        const value = quoteReinvest(funds, sending.prices);
        const isHis = target?.state.advertiser.equals(given.wallet.address) !== false;
        return {
            lines: [
                { label: words.reinvest.amount, amount },
                { label: words.reinvest.stays, amount: (state?.ownerDue ?? 0n) - amount },
                ...attached(value),
            ],
            notes: [
                words.reinvest.note,
                ...(target && !isHis
                    ? [words.reinvest.others(shortAddress(target.state.advertiser, isTestnet(given)))]
                    : []),
                words.restReturns,
            ],
            problems: reinvestProblems({ ...sending, value, amount, campaign: target?.state ?? null }),
            send: (via) => contract.sendReinvest(via, { value, campaign, amount }),
            watch: [
                watchEvents(campaign, campaignEvents, given.wallet.address, (event) =>
                    event.type === 'funded' && event.from.equals(contract.address)
                        ? words.reinvest.done(formatTon(amount))
                        : null,
                ),
                watch((event) =>
                    event.type === 'reinvestment_returned' && event.campaign.equals(campaign)
                        ? { kind: 'returned', text: words.reinvest.returned }
                        : null,
                ),
            ],
        };
    };

export const rebindPlan =
    (network: OpenNetwork, payeeId: bigint, newOwner: Address) =>
    async (given: Given): Promise<Plan> => {
        const { contract, funds, sending, watch } = await open(given, network, payeeId);
        const value = quoteOwnerAnswer(funds, sending.prices);
        const recipient = await readAccount(given.chain.client, newOwner);
        return {
            lines: attached(value),
            notes: [
                words.rebind.note(newOwner.toString({ bounceable: false, testOnly: isTestnet(given) })),
                words.restReturns,
            ],
            problems: rebindProblems({ ...sending, value, newOwner: recipient, account: contract.address }),
            send: (via) => contract.sendRebind(via, { value, newOwner }),
            watch: [watch((event) => (event.type === 'rebind_proposed' ? words.rebind.done : null))],
        };
    };

export const acceptPlan: ChannelPlan = (network, payeeId) => async (given) => {
    const { contract, funds, sending, watch } = await open(given, network, payeeId);
    const value = quoteOwnerAnswer(funds, sending.prices);
    return {
        lines: attached(value),
        notes: [words.accept.note, texts.earnings.risks.wallet, texts.earnings.risks.operator, words.restReturns],
        problems: walletProblems({ ...sending, value }),
        send: (via) => contract.sendAcceptRebind(via, { value }),
        watch: [
            watch((event) =>
                event.type === 'rebound' && event.owner.equals(given.wallet.address) ? words.accept.done : null,
            ),
        ],
    };
};

export const registerPlan =
    (network: OpenNetwork, certificate: OwnerCertificate) =>
    async (given: Given): Promise<Plan> => {
        const { channel, sending, watch } = await open(given, network, certificate.payeeId);
        const value = quoteRegister(sending.prices);
        const publicKey = network.powers.voucherKey.holder;
        const target = targetOf(given.chain, network, channel);
        return {
            lines: attached(value),
            notes: [words.register.note, texts.earnings.risks.wallet, texts.earnings.risks.operator],
            problems: registerProblems({ ...sending, value, certificate, target, publicKey, now: given.now }),
            send: (via) => network.contract.sendRegister(via, { value, certificate }),
            watch: [
                watch((event) =>
                    event.type === 'registered' && event.owner.equals(given.wallet.address)
                        ? words.register.done
                        : null,
                ),
                watchEvents(network.address, adNetworkEvents, given.wallet.address, (event) =>
                    event.type === 'registration_returned' && event.to.equals(given.wallet.address)
                        ? { kind: 'returned', text: words.register.returned }
                        : null,
                ),
            ],
        };
    };

/** @param amount nanotons that are divided */
export const sponsorPlan =
    (network: OpenNetwork, payeeId: bigint, amount: bigint) =>
    async (given: Given): Promise<Plan> => {
        const { contract, funds, sending, watch } = await open(given, network, payeeId);
        const { shareBps } = network.state;
        const value = quotePaymentValue(funds, amount, sending.prices);
        const { payment, owner, platform } = quotePayment({ ...funds, shareBps }, value, sending.prices);
        return {
            lines: [
                { label: words.sponsor.pay, amount: value },
                { label: words.sponsor.fee, amount: value - payment },
                { label: words.sponsor.owner, amount: owner },
                { label: words.sponsor.platform, amount: platform },
            ],
            notes: [words.sponsor.note],
            problems: paymentProblems({ ...sending, value, shareBps }),
            send: (via) => contract.sendPayment(via, { value }),
            watch: [
                watch((event) =>
                    event.type === 'paid' && event.from.equals(given.wallet.address)
                        ? words.sponsor.done(formatTon(event.amount))
                        : null,
                ),
            ],
        };
    };
