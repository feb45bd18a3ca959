import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';

import type { Address } from '@ton/core';
import { CsvError, parse } from 'csv-parse';

import type { Charge, Voucher } from '../wrappers/ads';
import { checkReportHeader, MAX_CHARGES, parseReportLine, ReportTotals, voucherList } from '../wrappers/ads';
import { GramhouseError } from '../wrappers/common/errors';
import type { Ledger, OpenCharge } from './ledger';
import { Refusal } from './words';

/** After so many seconds a message that nobody has seen is not under way any more. */
const UNDER_WAY_SECONDS = 900;
const PROGRESS_LINES = 100_000;
const PROGRESS_VOUCHERS = 1000;
/** Longer than any line; a file without line ends is not read into memory. */
const MAX_LINE_BYTES = 4096;

/** What has become of a charge, as the chain shows it. */
export type ChargeOutcome =
    /** The network has booked the revenue. */
    | { status: 'booked' }
    /** So many messages for it were refused, and none was taken. */
    | { status: 'refused'; times: number; reason: string }
    /** Nothing is seen of it, or the revenue is on its way. */
    | { status: 'unknown' };

/** What a settlement needs of the chain. */
export type Charging = {
    /** Unix seconds. */
    now(): Promise<number>;
    /** Sends charges of at most MAX_CHARGES campaigns, and waits until the network has sent them on. */
    send(charges: Charge[]): Promise<void>;
    /** What has become of charges, in their order. Waits for those under way if `wait`, within reason. */
    outcomes(charges: Charge[], wait: boolean): Promise<ChargeOutcome[]>;
};

/** Reads a CSV line by line; the first names the columns. Whatever is wrong is refused with file and line. */
export async function readCsv(
    path: string,
    take: { header: (fields: string[]) => void; line: (fields: string[], at: { count: number; line: number }) => void },
): Promise<{ digest: string }> {
    const digest = createHash('sha256');
    const parser = parse({
        bom: true,
        info: true,
        relax_column_count: true,
        skip_empty_lines: true,
        max_record_size: MAX_LINE_BYTES,
    });
    const file = createReadStream(path);
    file.on('data', (chunk) => digest.update(chunk));
    file.on('error', (error) => parser.destroy(error));
    file.pipe(parser);
    let count = 0;
    let line = 1;
    try {
        for await (const { record, info } of parser as AsyncIterable<{ record: string[]; info: { lines: number } }>) {
            line = info.lines;
            if (count === 0) {
                take.header(record);
            } else {
                take.line(record, { count, line });
            }
            count += 1;
        }
    } catch (error) {
        if (error instanceof GramhouseError) {
            throw new Refusal(`${path}:${line}: ${error.shortMessage.replace(/\.$/, '')}.`);
        }
        if (error instanceof CsvError) {
            throw new Refusal(`${path}:${Number(error.lines)}: ${error.message}`);
        }
        if ((error as NodeJS.ErrnoException).syscall !== undefined) {
            throw new Refusal(`${path} cannot be read (${String((error as NodeJS.ErrnoException).code)}).`);
        }
        throw error;
    } finally {
        file.destroy();
    }
    if (count < 2) {
        throw new Refusal(`${path}:${line}: there is no line of data.`);
    }
    return { digest: digest.digest('hex') };
}

/** A report as read: what it adds up to, the sha256 of its bytes in hex, and in which line a campaign comes first. */
export type Report = { totals: ReportTotals; digest: string; lineOf: (campaign: Address) => number };

/** Reads a report whole. */
export async function readReport(path: string, progress: (text: string) => void): Promise<Report> {
    const totals = new ReportTotals();
    const lines = new Map<string, number>();
    const { digest } = await readCsv(path, {
        header: checkReportHeader,
        line: (fields, { count, line }) => {
            const parsed = parseReportLine(fields);
            totals.add(parsed);
            const campaign = parsed.campaign.toRawString();
            lines.set(campaign, lines.get(campaign) ?? line);
            if (count % PROGRESS_LINES === 0) {
                progress(`${count} lines read...`);
            }
        },
    });
    return { totals, digest, lineOf: (campaign) => lines.get(campaign.toRawString()) ?? 0 };
}

/**
 * Sees to it that every charge of a report is booked by the network, or left out. Charges are cumulative, so sending one
 * again, after a run that was killed, takes nothing twice.
 *
 * @param isLeaving whether charges that were refused are given up
 */
export async function settleCharges(
    ledger: Ledger,
    report: string,
    charging: Charging,
    isLeaving: boolean,
    progress: (text: string) => void,
): Promise<void> {
    const book = async (charges: OpenCharge[], wait: boolean): Promise<Tried[]> => {
        const outcomes = await charging.outcomes(charges, wait);
        const tried = charges.map((charge, at) => ({ ...charge, outcome: outcomes[at] ?? { status: 'unknown' } }));
        ledger.markBooked(
            report,
            tried.filter(({ outcome }) => outcome.status === 'booked'),
        );
        return tried.filter(({ outcome }) => outcome.status !== 'booked');
    };
    const earlier = await book(
        ledger.openCharges(report).filter(({ sends }) => sends > 0),
        false,
    );
    if (isLeaving) {
        giveUp(ledger, report, earlier, await charging.now());
    }
    const open = ledger.openCharges(report);
    const reasons = new Set<string>();
    for (let at = 0; at < open.length; at += MAX_CHARGES) {
        const batch = open.slice(at, at + MAX_CHARGES);
        const sentAt = await charging.now();
        ledger.markSent(report, batch, sentAt);
        await charging.send(batch);
        const sent = batch.map((charge) => ({ ...charge, sends: charge.sends + 1, sentAt }));
        const left = await book(sent, true);
        progress(`${at + batch.length} of ${open.length} charges sent, ${batch.length - left.length} of these booked.`);
        const unknown = left.filter(({ outcome }) => outcome.status === 'unknown');
        if (unknown.length > 0) {
            throw new Refusal(
                `${unknown.length} charges have not arrived in time: run the same report again, which goes on from here.`,
            );
        }
        left.forEach(({ outcome }) => outcome.status === 'refused' && reasons.add(outcome.reason));
        if (isLeaving) {
            giveUp(ledger, report, left, await charging.now());
        }
    }
    const refused = ledger.openCharges(report);
    if (refused.length > 0) {
        throw new Refusal(
            `${refused.length} campaigns did not pay (${[...reasons].join(', ')}), first ${refused[0]?.campaign.toString()}: ` +
                'run the same report again to try them again, or with the word leaveOut to settle without them.',
        );
    }
}

type Tried = OpenCharge & { outcome: ChargeOutcome };

/** A charge is given up only if none of its messages can be taken any more. */
function giveUp(ledger: Ledger, report: string, tried: Tried[], now: number): void {
    const refused = tried.filter(({ outcome }) => outcome.status === 'refused');
    const underWay = refused.filter(
        ({ outcome, sends, sentAt }) =>
            outcome.status === 'refused' && outcome.times < sends && now - sentAt < UNDER_WAY_SECONDS,
    );
    if (underWay.length > 0) {
        throw new Refusal(
            `An earlier message may still charge ${underWay.length} campaigns: run it again in ${UNDER_WAY_SECONDS / 60} minutes.`,
        );
    }
    ledger.leaveOut(report, refused);
}

/** Signs one voucher for each payee of a report whose charges are settled, and records all of them at once. */
export async function signVouchers(
    ledger: Ledger,
    report: string,
    sign: (payeeId: bigint, cumulative: bigint) => Promise<Voucher>,
    progress: (text: string) => void,
): Promise<void> {
    const vouchers: Voucher[] = [];
    for (const { payeeId, cumulative } of voucherList(ledger.bookedEarnings(report), (payee) => ledger.signed(payee))) {
        vouchers.push(await sign(payeeId, cumulative));
        if (vouchers.length % PROGRESS_VOUCHERS === 0) {
            progress(`${vouchers.length} vouchers signed...`);
        }
    }
    ledger.sign(report, vouchers);
}
