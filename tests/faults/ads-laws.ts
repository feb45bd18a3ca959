import { type Address, Cell, toNano } from '@ton/core';

import { loadCode } from '../../compilables/compile';
import {
    AdsOp,
    cellToAdNetworkData,
    cellToCampaignData,
    cellToChannelAccountData,
    forwardFee,
    gasFee,
    splitRevenue,
    type NetworkPrices,
} from '../../wrappers';
import {
    accountReserve,
    AdsGas,
    autoPayoutFee,
    campaignReserve,
    networkReserve,
    treasurySweepFee,
} from '../../wrappers/ads/gas';
import { storageFee } from '../helpers/world';
import { type Held, heldBalance, opIn, partsOf } from '../usernames/sweeps/account';
import { larger } from '../usernames/sweeps/sweep';
import { type Breach, isBounced, isDone, keyOf, type State, type Step, weighStep } from './chain';

// The laws of docs/ad-revenue.md as a double entry: whatever leaves the books of one contract is in a message to whom it
// belongs, and whatever a message brings is in the books of its receiver.

/** What is signed for a payee at most: more than the network will ever owe, so that it refuses as well. */
export const SIGNED = toNano('900');

type Network = ReturnType<typeof cellToAdNetworkData>;
type Account = Extract<ReturnType<typeof cellToChannelAccountData>, { isOpen: true }>;
type Campaign = Extract<ReturnType<typeof cellToCampaignData>, { isOpen: true }>;
type Books =
    { kind: 'network'; data: Network } | { kind: 'account'; data: Account } | { kind: 'campaign'; data: Campaign };

const known = new WeakMap<Cell, { books: Books | null }>();

/** What an opened contract has in its books. */
export function booksOf(held: Held | undefined): Books | null {
    const { code = null, data = null } = held ? partsOf(held) : {};
    if (!code || !data) {
        return null;
    }
    const seen = known.get(data) ?? { books: readBooks(code, data) };
    known.set(data, seen);
    return seen.books;
}

function readBooks(code: Cell, data: Cell): Books | null {
    if (code.equals(loadCode('AdNetwork'))) {
        return { kind: 'network', data: cellToAdNetworkData(data) };
    }
    if (code.equals(loadCode('Campaign'))) {
        const campaign = cellToCampaignData(data);
        return campaign.isOpen ? { kind: 'campaign', data: campaign } : null;
    }
    const account = cellToChannelAccountData(data);
    return account.isOpen ? { kind: 'account', data: account } : null;
}

/** What is owed to owners and the platform; one that is not open owes nothing, and a campaign never does. */
function owedIn(books: Books | null): bigint {
    switch (books?.kind) {
        case 'network':
            return books.data.ownersDue + books.data.platformDue;
        case 'account':
            return books.data.ownerDue + books.data.platformDue;
        default:
            return 0n;
    }
}

const RESERVES = { network: networkReserve, account: accountReserve, campaign: campaignReserve };

/** What lacks of what a contract owes and must keep. */
function deficit(kind: Books['kind'], books: Books | null, held: Held, prices: NetworkPrices): bigint {
    return larger(0n, owedIn(books) + RESERVES[kind](prices) - heldBalance(held));
}

/** Messages of which nothing but the price is to stay: the rest goes on, comes back or goes to the owner. */
const PASSING = new Set<number | null>(
    (
        [
            'claim',
            'withdraw',
            'sweep',
            'sync_key',
            'set_auto_payout',
            'rebind',
            'accept_rebind',
            'reinvest',
            'bind',
            'set_voucher_key',
            'draw',
            'get_voucher_key',
            'register',
            'charge',
            'announce_operator',
            'announce_voucher_key',
            'announce_treasury',
            'propose_admin',
            'accept_admin',
            'renounce_admin',
            'stop',
            'refund',
        ] as const
    ).map((name) => AdsOp[name]),
);

/** Units between what a way of a contract uses at least and what is charged for its dearest one, and messages likewise. */
const MARGIN = { gas: 4_000, messages: 3n };

type Said = { op: number | null; amount: bigint; body: Cell };

/** What a body says, or the body that a bounce brings back: its op, and the amount that follows (in a fund after its query_id). */
function said(body: Cell): Said {
    const op = opIn(body);
    if (op === NEW_BOUNCE) {
        return said(body.refs[0] ?? Cell.EMPTY);
    }
    if (op === OLD_BOUNCE) {
        return said(body.beginParse().skip(32).asCell());
    }
    const at = op === AdsOp.fund ? 32 + 64 : 32;
    return { op, amount: body.bits.length < at + 64 ? 0n : body.beginParse().skip(at).loadUintBig(64), body };
}

/** block.tlb new_bounce_body#fffffffe original_body:^Cell, and what a bounce begins with otherwise. */
const [NEW_BOUNCE, OLD_BOUNCE] = [0xfffffffe, 0xffffffff];

/** What came back of an amount, after the price of booking it. */
const cameBack = ({ shot: { value }, prices }: Step, amount: bigint, gas: number): bigint => {
    const back = larger(0n, value - gasFee(prices, gas));
    return back < amount ? back : amount;
};

type Sent = Said & { to: Address; value: bigint };

const sentOf = ({ shot }: Step): Sent[] =>
    shot.sent.filter(({ bounced }) => !bounced).map(({ to, value, body }) => ({ ...said(body), to, value }));

const withOp = (sent: Sent[], op: number): Sent[] => sent.filter((message) => message.op === op);
const amountOf = (sent: Sent[]): bigint => sent.reduce((sum, { amount }) => sum + amount, 0n);

/** Taken and not sent back. */
const isTaken = (step: Step): boolean => isDone(step) && withOp(sentOf(step), AdsOp.return_value).length === 0;

/** The laws that one message on one contract broke. */
export function weighAds(step: Step): Breach[] {
    const { before, after, prices, shot } = step;
    const breaches = weighStep(step);
    const law: Law = (holds, law, lost = 0n) => {
        if (!holds) {
            breaches.push({ law, lost: lost < 0n ? -lost : lost });
        }
    };
    const [was, is] = [booksOf(before), booksOf(after)];
    const came = said(step.message.body);
    // The value of a charge that was refused is the platform's, booked or not
    if (isBounced(step) && came.op !== AdsOp.take) {
        law(isDone(step) || !is, 'what comes back is booked', came.amount);
    }
    if (!is || !isDone(step)) {
        return breaches;
    }
    // Rent takes from the reserve first and from the platform next
    const lacked = deficit(is.kind, was, before, prices) + storageFee(shot.tx);
    const lacks = deficit(is.kind, is, after, prices) - lacked;
    // What is above its reserve is the advertiser's
    law(is.kind === 'campaign' || lacks <= 0n, 'the balance covers what is owed and the reserve', lacks);
    const sent = sentOf(step);
    if (PASSING.has(came.op) && isTaken(step) && shot.skipped === 0) {
        const kept = heldBalance(after) - owedIn(is) - (heldBalance(before) - owedIn(was));
        const margin = gasFee(prices, MARGIN.gas) + MARGIN.messages * forwardFee(prices, 0, 0);
        law(kept <= lacked + margin, 'what a message leaves over stays with nobody', kept);
    }
    law(
        sent.every(
            ({ op, value, amount }) =>
                ![AdsOp.fund, AdsOp.revenue, AdsOp.platform_share].includes(op as never) || value >= amount,
        ),
        'a message between the contracts covers its amount',
    );
    switch (is.kind) {
        case 'account':
            weighAccount(step, law, was?.kind === 'account' ? was.data : null, is.data, came, sent, lacked);
            break;
        case 'network':
            weighNetwork(step, law, was?.kind === 'network' ? was.data : is.data, is.data, came, sent, lacked);
            break;
        case 'campaign':
            weighCampaign(step, law, was?.kind === 'campaign' ? was.data : null, is.data, came, sent);
            break;
    }
    return breaches;
}

type Law = (holds: boolean, law: string, lost?: bigint) => void;

function weighAccount(
    step: Step,
    law: Law,
    was: Account | null,
    is: Account,
    came: Said,
    sent: Sent[],
    lacked: bigint,
): void {
    const { prices, from } = step;
    const before = was ?? { ownerDue: 0n, platformDue: 0n, received: 0n, autoPayout: 0n, owner: null };
    const bounced = (op: number): bigint => (isBounced(step) && came.op === op ? came.amount : 0n);
    const undrawn = from.equals(is.network) ? bounced(AdsOp.draw) : 0n;
    const drawn = amountOf(withOp(sent, AdsOp.draw));
    const unbooked = is.received - before.received - drawn + undrawn;
    law(unbooked === 0n, 'an account has received what it draws, and not what was refused', unbooked);

    const funds = amountOf(withOp(sent, AdsOp.fund));
    const shares = amountOf(withOp(sent, AdsOp.platform_share));
    const back = (op: number): bigint => cameBack(step, bounced(op), AdsGas.BOUNCED_FUND_GAS);
    const payouts = withOp(sent, AdsOp.owner_payout);
    const paid = payouts.reduce((sum, { value }) => sum + value, 0n);
    const fee = before.autoPayout > 0n ? autoPayoutFee(prices) : 0n;
    const gone = before.ownerDue + back(AdsOp.fund) - funds - is.ownerDue - (payouts.length > 0 ? paid + fee : 0n);
    law(gone <= 0n, 'what the owner is due leaves to him, or where he says', gone);
    const owner = before.owner;
    law(
        payouts.every(({ to }) => owner?.equals(to)),
        'only the owner is paid out',
        paid,
    );
    law(funds === 0n || owner?.equals(from) === true, 'only the owner reinvests', funds);
    const unshared =
        before.platformDue + back(AdsOp.platform_share) - is.platformDue - shares - (shares > 0n ? lacked : 0n);
    law(unshared <= 0n, "the platform's share leaves to the network", unshared);
    law(
        withOp(sent, AdsOp.platform_share).every(({ to }) => to.equals(is.network)),
        "the platform's share leaves to the network",
        shares,
    );
    if (was && PAYMENTS.includes(came.op) && !isBounced(step) && payouts.length === 0 && isTaken(step)) {
        const [owns, rest] = [is.ownerDue - was.ownerDue, is.platformDue - was.platformDue];
        law(owns === splitRevenue(owns + rest, is.shareBps).owner, 'a payment is split');
    }
    law(is.received <= SIGNED, 'nobody receives more than was signed', is.received - SIGNED);
}

const PAYMENTS: (number | null)[] = [null, AdsOp.comment, AdsOp.encrypted_comment, AdsOp.pay];

function weighNetwork(step: Step, law: Law, was: Network, is: Network, came: Said, sent: Sent[], lacked: bigint): void {
    const { prices, now, shot } = step;
    const owners = is.ownersDue - was.ownersDue;
    const platform = is.platformDue - was.platformDue;
    const payouts = withOp(sent, AdsOp.voucher_payout);
    if (isDraw(step)) {
        const owner = came.body
            .beginParse()
            .skip(32 + 64)
            .loadBuffer(32);
        const isPaid = payouts.length === 1 && payouts[0]!.to.hash.equals(owner) && payouts[0]!.value >= came.amount;
        law(isPaid && owners === -came.amount, 'a draw is paid to the owner, whole', came.amount);
    } else {
        law(owners >= 0n && payouts.length === 0, 'what is owed to owners leaves by draws', -owners);
    }
    if (isTaken(step) && !isBounced(step) && came.op === AdsOp.revenue) {
        const unbooked = came.amount - owners - platform;
        law(unbooked === 0n && owners === splitRevenue(came.amount, is.shareBps).owner, 'revenue is split', unbooked);
    }
    if (isTaken(step) && !isBounced(step) && came.op === AdsOp.platform_share) {
        law(platform === came.amount && owners === 0n, "the platform's share is booked", came.amount - platform);
    }
    if (isBounced(step) && came.op === AdsOp.take) {
        const due = larger(0n, shot.value - gasFee(prices, AdsGas.BOUNCED_TAKE_GAS));
        law(platform === due, "the value of a refused charge is the platform's", due - platform);
    }
    const sweeps = withOp(sent, AdsOp.treasury_payout);
    const { holder, next, since } = was.treasury;
    law(
        sweeps.every(({ to }) => to.equals(now < since ? holder : next)),
        'only the treasury is paid out',
    );
    const swept = sweeps.reduce((sum, { value }) => sum + value + treasurySweepFee(prices), 0n);
    const gone = -platform - (sweeps.length > 0 ? swept + lacked : 0n);
    law(gone <= 0n, "the platform's due leaves to the treasury", gone);
    law(is.level <= is.burst, 'no sequence of draws passes its bucket', is.level - is.burst);
}

function weighCampaign(step: Step, law: Law, was: Campaign | null, is: Campaign, came: Said, sent: Sent[]): void {
    const { before, after, now, shot, from } = step;
    const taken = withOp(sent, AdsOp.revenue);
    const isBack = isBounced(step) && came.op === AdsOp.revenue && from.equals(is.network);
    const back = isBack ? cameBack(step, came.amount, AdsGas.BOUNCED_REVENUE_GAS) : 0n;
    const spent = is.spent - (was?.spent ?? 0n);
    law(spent === amountOf(taken) - back, 'a campaign has spent what it sent', spent - amountOf(taken) + back);
    law(
        taken.every(({ to }) => to.equals(is.network)),
        'a campaign pays its network',
        amountOf(taken),
    );
    const refunds = withOp(sent, AdsOp.advertiser_refund);
    const isClosed = is.closingAt > 0 && is.closingAt <= now;
    law(
        refunds.every(({ to }) => isClosed && to.equals(is.advertiser)),
        'a budget goes back to its advertiser, after closing',
    );
    const gone = heldBalance(before) - heldBalance(after) - spent - storageFee(shot.tx);
    law(refunds.length > 0 || gone <= 0n, 'a budget pays nothing but charges', gone);
    law(is.level <= is.burst, 'no sequence of charges passes its bucket', is.level - is.burst);
}

const opOf = (step: Step): number | null => said(step.message.body).op;
const isDraw = (step: Step): boolean => isTaken(step) && !isBounced(step) && opOf(step) === AdsOp.draw;

/** When nothing is under way any more: the books of the contracts agree with each other. */
export function weighAdsEnd(start: State, steps: Step[], end: State): Breach[] {
    const breaches: Breach[] = [];
    const isDear = steps.some(({ prices }) => prices !== start.prices);
    for (const [key, held] of end.accounts) {
        const [was, is] = [booksOf(start.accounts.get(key)), booksOf(held)];
        const sum = (steps: Step[]): bigint => steps.reduce((sum, { message }) => sum + said(message.body).amount, 0n);
        const booked = (op: number): bigint =>
            sum(
                steps.filter(
                    (step) =>
                        isTaken(step) &&
                        !isBounced(step) &&
                        opOf(step) === op &&
                        keyOf(step.from) === key &&
                        booksOf(step.after)?.kind === 'network',
                ),
            );
        if (is?.kind === 'account') {
            const before = was?.kind === 'account' ? was.data.received : 0n;
            const undrawn = is.data.received - before - booked(AdsOp.draw);
            if (undrawn !== 0n) {
                breaches.push({ law: 'what an account has received was drawn', lost: undrawn });
            }
        }
        if (is?.kind === 'campaign') {
            const before = was?.kind === 'campaign' ? was.data.spent : 0n;
            // Dearer gas on the way back is burned
            const burned = steps
                .filter((step) => isBounced(step) && keyOf(step.before.address) === key && opOf(step) === AdsOp.revenue)
                .map((step) => {
                    const { amount } = said(step.message.body);
                    return amount - cameBack(step, amount, AdsGas.BOUNCED_REVENUE_GAS);
                })
                .reduce((sum, amount) => sum + amount, 0n);
            const unspent = is.data.spent - before - booked(AdsOp.revenue) - (isDear ? burned : 0n);
            if (unspent !== 0n) {
                breaches.push({ law: 'what a campaign has spent is revenue', lost: unspent });
            }
        }
    }
    return breaches;
}
