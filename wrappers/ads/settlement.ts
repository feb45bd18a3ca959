import { Address } from '@ton/core';
import { addressHash } from '../common/cells';
import { GramhouseError } from '../common/errors';
import type { Charge } from './AdNetwork';
import { AMOUNT_LIMIT, checkShare, FULL_SHARE_BPS } from './split';

/** The columns of a report, in this order; its first line names them. */
export const REPORT_COLUMNS = ['campaign', 'payee_id', 'impressions', 'cpm'] as const;

/** One line of a report: so many impressions of a campaign in a payee's channel, at `cpm` nanotons for a thousand. */
export type ReportLine = { campaign: Address; payeeId: bigint; impressions: bigint; cpm: bigint };

/** What a payee's owner has earned from one campaign of a report, in nanotons. */
export type Earning = { campaign: Address; payeeId: bigint; amount: bigint };

/** What a campaign owes by a report, in nanotons: the advertiser's whole payment. */
export type Due = { campaign: Address; amount: bigint };

/** Impressions are counted in thousands, a share in basis points. */
const PER_MILLE = 1000n;
const FULL_SHARE = BigInt(FULL_SHARE_BPS);
const PAYEE_LIMIT = 1n << 64n;

/**
 * Reads one line of a report. A number is decimal digits without sign, point, space or leading zero; a campaign is an
 * address in workchain 0 in any form.
 *
 * Throws `invalid_argument` with what is wrong (the caller knows the line's number), `wrong_workchain`.
 *
 * @example
 * ```ts
 * const line = parseReportLine([campaign.address.toString(), '77', '1000', '2000000000']);
 * [line.impressions, line.cpm]; // => [1000n, toNano('2')]
 * parseReportLine([campaign.address.toString(), '77', '1.5', '1']); // throws invalid_argument
 * ```
 */
export function parseReportLine(fields: readonly string[]): ReportLine {
    if (fields.length !== REPORT_COLUMNS.length) {
        throw bad(`there are ${fields.length} fields and not the ${REPORT_COLUMNS.length} of ${REPORT_COLUMNS.join()}`);
    }
    const [campaign = '', payee = '', impressions = '', cpm = ''] = fields;
    const line = {
        campaign: parseCampaign(campaign),
        payeeId: parseWhole('payee_id', payee, PAYEE_LIMIT),
        impressions: parseWhole('impressions', impressions, AMOUNT_LIMIT),
        cpm: parseWhole('cpm', cpm, AMOUNT_LIMIT),
    };
    if (line.cpm === 0n) {
        throw bad('cpm is 0');
    }
    return line;
}

/**
 * The first line of a report must name the columns. Throws `invalid_argument`.
 *
 * @example
 * ```ts
 * checkReportHeader(['campaign', 'payee_id', 'impressions', 'cpm']);
 * checkReportHeader(['campaign', 'payee_id']); // throws invalid_argument
 * ```
 */
export function checkReportHeader(fields: readonly string[]): void {
    if (fields.join() !== REPORT_COLUMNS.join()) {
        throw bad(`the first line is ${JSON.stringify(fields.join())} and not ${REPORT_COLUMNS.join()}`);
    }
}

function parseCampaign(text: string): Address {
    let address: Address;
    try {
        address = Address.parse(text);
    } catch {
        throw bad(`campaign ${JSON.stringify(text)} is no address`);
    }
    addressHash(address);
    return address;
}

function parseWhole(name: string, text: string, limit: bigint): bigint {
    if (!/^(0|[1-9]\d{0,19})$/.test(text)) {
        throw bad(`${name} ${JSON.stringify(text)} is no whole number`);
    }
    const value = BigInt(text);
    if (value >= limit) {
        throw bad(`${name} ${text} is not below ${limit}`);
    }
    return value;
}

const bad = (what: string): GramhouseError => new GramhouseError('invalid_argument', what);

/**
 * Adds up a report, exactly and in whatever order its lines come.
 *
 * The rounding rule, for each campaign c and payee p of a report, with `g` the sum of impressions times cpm of all their
 * lines (thousandths of nanotons):
 *
 * - the campaign is charged `v(c) = floor(sum over p of g(c, p) / 1000)`;
 * - the payee's owner earns `e(c, p) = floor(g(c, p) * share_bps / 10000 / 1000)`.
 *
 * The network books one revenue of v(c), of which the owners have `ceil(v(c) * share_bps / 10000)` (`splitRevenue`). That is
 * never less than the sum of e(c, p): with v = G / 1000 - f, 0 <= f < 1, the exact earnings are below
 * v * share + 1, and a whole number below x + 1 is at most ceil(x). So what is signed for a campaign is at most what its
 * charge brings in, and less by under a nanoton for each payee and one.
 *
 * @example
 * ```ts
 * const totals = new ReportTotals();
 * totals.add({ campaign: campaign.address, payeeId: 77n, impressions: 1000n, cpm: toNano('2') });
 * totals.dues(); // => [{ campaign: campaign.address, amount: toNano('2') }]
 * totals.earnings(5000)[0]?.amount; // => toNano('1')
 * ```
 */
export class ReportTotals {
    private readonly campaigns = new Map<string, { campaign: Address; sum: bigint; payees: Map<bigint, bigint> }>();
    private count = 0;

    /** How many lines were added. */
    get lines(): number {
        return this.count;
    }

    /** Adds a line. Throws `invalid_amount` if its campaign's charge would reach 2^63 nanotons. */
    add({ campaign, payeeId, impressions, cpm }: ReportLine): void {
        const key = campaign.toRawString();
        const total = this.campaigns.get(key) ?? { campaign, sum: 0n, payees: new Map<bigint, bigint>() };
        const price = impressions * cpm;
        const sum = total.sum + price;
        if (sum / PER_MILLE >= AMOUNT_LIMIT) {
            throw new GramhouseError('invalid_amount', "the campaign's charge reaches 2^63 nanotons");
        }
        total.sum = sum;
        total.payees.set(payeeId, (total.payees.get(payeeId) ?? 0n) + price);
        this.campaigns.set(key, total);
        this.count += 1;
    }

    /** What each campaign owes; those that owe less than a nanoton are left out. */
    dues(): Due[] {
        return [...this.campaigns.values()]
            .map(({ campaign, sum }) => ({ campaign, amount: sum / PER_MILLE }))
            .filter(({ amount }) => amount > 0n);
    }

    /** What each payee's owner earns of each campaign; those who earn less than a nanoton are left out. Throws `invalid_share`. */
    earnings(shareBps: number): Earning[] {
        const share = BigInt(checkShare(shareBps));
        const whole = FULL_SHARE * PER_MILLE;
        return [...this.campaigns.values()].flatMap(({ campaign, payees }) =>
            [...payees]
                .map(([payeeId, price]) => ({ campaign, payeeId, amount: (price * share) / whole }))
                .filter(({ amount }) => amount > 0n),
        );
    }
}

/**
 * The charge list: what each campaign has spent in all after it has paid what it owes.
 *
 * Throws `invalid_amount` where that would reach 2^63.
 *
 * @param spent what the campaign has spent in all before, in nanotons
 *
 * @example
 * ```ts
 * const dues = [{ campaign: campaign.address, amount: toNano('2') }];
 * chargeList(dues, () => toNano('5')); // => [{ campaign: campaign.address, cumulative: toNano('7') }]
 * ```
 */
export function chargeList(dues: Due[], spent: (campaign: Address) => bigint): Charge[] {
    return dues.map(({ campaign, amount }) => ({
        campaign,
        cumulative: belowLimit(spent(campaign) + amount, `The spending of ${campaign.toString()}`),
    }));
}

/**
 * What one voucher per payee states: the last cumulative amount and all that was earned since.
 *
 * Throws `invalid_amount` where an amount would reach 2^63.
 *
 * @param earnings only of campaigns whose revenue the network has booked
 * @param signed the payee's last cumulative amount, in nanotons; 0n if there is none
 *
 * @example
 * ```ts
 * const earnings = [{ payeeId: 77n, amount: toNano('1') }];
 * voucherList(earnings, () => toNano('5')); // => [{ payeeId: 77n, cumulative: toNano('6') }]
 * ```
 */
export function voucherList(
    earnings: Iterable<Pick<Earning, 'payeeId' | 'amount'>>,
    signed: (payeeId: bigint) => bigint,
): { payeeId: bigint; cumulative: bigint }[] {
    const earned = new Map<bigint, bigint>();
    for (const { payeeId, amount } of earnings) {
        earned.set(payeeId, (earned.get(payeeId) ?? 0n) + amount);
    }
    return [...earned].map(([payeeId, amount]) => ({
        payeeId,
        cumulative: belowLimit(signed(payeeId) + amount, `What payee ${payeeId} has earned`),
    }));
}

function belowLimit(amount: bigint, what: string): bigint {
    if (amount >= AMOUNT_LIMIT) {
        throw new GramhouseError('invalid_amount', `${what} would reach 2^63 nanotons.`);
    }
    return amount;
}
