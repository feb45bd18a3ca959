import type { Address } from '@ton/core';
import fc from 'fast-check';

import type { ReportLine } from '../../wrappers';
import {
    chargeList,
    checkReportHeader,
    parseReportLine,
    ReportTotals,
    splitRevenue,
    voucherList,
} from '../../wrappers';
import { addressOf } from '../usernames/sdk/fixtures';

const LIMIT = 1n << 63n;
const NOTHING = (): bigint => 0n;

function totalsOf(lines: ReportLine[]): ReportTotals {
    const totals = new ReportTotals();
    lines.forEach((line) => totals.add(line));
    return totals;
}

/** Lines of few campaigns and payees, with numbers of every size. */
const line = fc.record({
    campaign: fc.integer({ min: 1, max: 3 }).map(addressOf),
    payeeId: fc.bigInt({ min: 0n, max: 3n }),
    impressions: fc.oneof(fc.bigInt({ min: 0n, max: 1500n }), fc.bigInt({ min: 0n, max: 1n << 40n })),
    cpm: fc.oneof(fc.bigInt({ min: 1n, max: 2500n }), fc.bigInt({ min: 1n, max: 1n << 20n })),
});
const report = fc.array(line, { minLength: 1, maxLength: 12 });
const share = fc.oneof(fc.constantFrom(0, 1, 3333, 5000, 9999, 10000), fc.integer({ min: 0, max: 10000 }));

describe('the rounding rule', () => {
    it('signs at most what the network books for the owners, and less by under a nanoton a payee and one', () => {
        fc.assert(
            fc.property(report, share, (lines, shareBps) => {
                const totals = totalsOf(lines);
                const earnings = totals.earnings(shareBps);
                const campaigns = new Set(lines.map(({ campaign }) => campaign.toRawString()));
                for (const campaign of campaigns) {
                    const isHere = (it: { campaign: Address }): boolean => it.campaign.toRawString() === campaign;
                    const due = totals.dues().find(isHere)?.amount ?? 0n;
                    const booked = splitRevenue(due, shareBps).owner;
                    const signed = earnings.filter(isHere).reduce((sum, { amount }) => sum + amount, 0n);
                    const payees = new Set(lines.filter(isHere).map(({ payeeId }) => payeeId)).size;
                    expect(signed).toBeLessThanOrEqual(booked);
                    expect(booked - signed).toBeLessThanOrEqual(BigInt(payees) + 1n);
                }
            }),
            { seed: 5, numRuns: 1000 },
        );
    });

    it('gives each payee what the lines say, less under a nanoton', () => {
        fc.assert(
            fc.property(report, share, (lines, shareBps) => {
                for (const { campaign, payeeId, amount } of totalsOf(lines).earnings(shareBps)) {
                    const price = lines
                        .filter((it) => it.campaign.equals(campaign) && it.payeeId === payeeId)
                        .reduce((sum, { impressions, cpm }) => sum + impressions * cpm, 0n);
                    const exact = price * BigInt(shareBps);
                    expect(amount * 10_000_000n).toBeLessThanOrEqual(exact);
                    expect((amount + 1n) * 10_000_000n).toBeGreaterThan(exact);
                }
            }),
            { seed: 6, numRuns: 500 },
        );
    });

    it('does not depend on the order of lines, nor on how one is cut into two', () => {
        fc.assert(
            fc.property(report, fc.nat(), (lines, cut) => {
                const halves = lines.flatMap((it) => {
                    const first = it.impressions > 0n ? BigInt(cut) % it.impressions : 0n;
                    return [
                        { ...it, impressions: first },
                        { ...it, impressions: it.impressions - first },
                    ];
                });
                const text = (it: ReportLine[]): string[] => {
                    const totals = totalsOf(it);
                    const dues = totals.dues().map(({ campaign, amount }) => `${campaign.toRawString()} ${amount}`);
                    const earnings = totals
                        .earnings(3333)
                        .map(({ campaign, payeeId, amount }) => `${campaign.toRawString()} ${payeeId} ${amount}`);
                    return [...dues, ...earnings].sort();
                };
                expect(text(halves.reverse())).toEqual(text(lines));
            }),
            { seed: 7, numRuns: 300 },
        );
    });

    it.each([
        // impressions, cpm, bps, charge, earned
        [1000n, 1n, 5000, 1n, 0n],
        [1000n, 3n, 5000, 3n, 1n],
        [1n, 999n, 10000, 0n, 0n],
        [1n, 1000n, 10000, 1n, 1n],
        [1999n, 1000n, 5000, 1999n, 999n],
        [1_000_000n, 2_000_000_000n, 5000, 2_000_000_000_000n, 1_000_000_000_000n],
        [1000n, 7n, 0, 7n, 0n],
    ])('%p impressions at %p and %p basis points: %p, of which %p', (impressions, cpm, bps, due, earned) => {
        const totals = totalsOf([{ campaign: addressOf(1), payeeId: 1n, impressions, cpm }]);
        expect(totals.dues().map(({ amount }) => amount)).toEqual(due > 0n ? [due] : []);
        expect(totals.earnings(bps).map(({ amount }) => amount)).toEqual(earned > 0n ? [earned] : []);
    });

    it('refuses a campaign whose charge reaches 2^63, and keeps what it had', () => {
        const totals = totalsOf([{ campaign: addressOf(1), payeeId: 1n, impressions: 1000n, cpm: LIMIT - 1n }]);
        const more = { campaign: addressOf(1), payeeId: 2n, impressions: 1000n, cpm: 1n };
        expect(() => totals.add(more)).toThrow('reaches 2^63');
        totals.add({ ...more, campaign: addressOf(2) });
        totals.add({ ...more, impressions: 999n });
        expect(totals.dues().map(({ amount }) => amount)).toEqual([LIMIT - 1n, 1n]);
        expect(totals.lines).toBe(3);
    });
});

describe('the lists', () => {
    const [one, two] = [addressOf(1), addressOf(2)];

    it('charge cumulatively', () => {
        const dues = [
            { campaign: one, amount: 5n },
            { campaign: two, amount: 7n },
        ];
        const spent = (campaign: Address): bigint => (campaign.equals(one) ? 100n : 0n);
        expect(chargeList(dues, spent).map(({ cumulative }) => cumulative)).toEqual([105n, 7n]);
        expect(() => chargeList(dues, () => LIMIT - 5n)).toThrow('would reach 2^63');
    });

    it('have one cumulative voucher per payee', () => {
        const earnings = [
            { payeeId: 9n, amount: 1n },
            { payeeId: 4n, amount: 2n },
            { payeeId: 9n, amount: 3n },
        ];
        expect(voucherList(earnings, (payee) => payee * 10n)).toEqual([
            { payeeId: 9n, cumulative: 94n },
            { payeeId: 4n, cumulative: 42n },
        ]);
        expect(voucherList([], NOTHING)).toEqual([]);
        expect(() => voucherList(earnings, () => LIMIT - 4n)).toThrow('What payee 9 has earned would reach 2^63');
    });
});

describe('a line', () => {
    const campaign = addressOf(1);
    const text = campaign.toString();

    it.each([text, campaign.toRawString(), campaign.toString({ bounceable: false, testOnly: true })])(
        'reads %s',
        (form) => {
            const read = parseReportLine([form, '18446744073709551615', '0', '9223372036854775807']);
            expect(read.campaign.equals(campaign)).toBe(true);
            expect({ ...read, campaign: null }).toEqual({
                campaign: null,
                payeeId: (1n << 64n) - 1n,
                impressions: 0n,
                cpm: LIMIT - 1n,
            });
        },
    );

    it.each([
        ['three fields', [text, '1', '2'], 'there are 3 fields and not the 4 of campaign,payee_id,impressions,cpm'],
        ['five fields', [text, '1', '2', '3', ''], 'there are 5 fields'],
        ['no address', ['alice', '1', '2', '3'], 'campaign "alice" is no address'],
        ['a wrong checksum', [`${text.slice(0, -1)}${text.endsWith('A') ? 'B' : 'A'}`, '1', '2', '3'], 'is no address'],
        ['the masterchain', [`-1:${'11'.repeat(32)}`, '1', '2', '3'], 'is not in workchain 0'],
        ['a payee of 65 bits', [text, '18446744073709551616', '2', '3'], 'payee_id 18446744073709551616 is not below'],
        ['a payee with a zero before', [text, '01', '2', '3'], 'payee_id "01" is no whole number'],
        ['impressions with a point', [text, '1', '2.0', '3'], 'impressions "2.0" is no whole number'],
        ['impressions of 2^63', [text, '1', String(LIMIT), '3'], 'is not below 9223372036854775808'],
        ['a negative number', [text, '1', '-2', '3'], 'impressions "-2" is no whole number'],
        ['an exponent', [text, '1', '2', '1e9'], 'cpm "1e9" is no whole number'],
        ['a space', [text, '1', '2', ' 3'], 'cpm " 3" is no whole number'],
        ['nothing', [text, '1', '2', ''], 'cpm "" is no whole number'],
        ['digits of another script', [text, '1', '２', '3'], 'is no whole number'],
        ['a price of 0', [text, '1', '2', '0'], 'cpm is 0'],
    ])('refuses %s', (_, fields, why) => {
        expect(() => parseReportLine(fields)).toThrow(why);
    });

    it('with the columns comes first', () => {
        checkReportHeader(['campaign', 'payee_id', 'impressions', 'cpm']);
        const why = 'the first line is "campaign,cpm,impressions,payee_id" and not';
        expect(() => checkReportHeader(['campaign', 'cpm', 'impressions', 'payee_id'])).toThrow(why);
    });
});
