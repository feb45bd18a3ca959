import { appendFileSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Address } from '@ton/core';

import type { Charging } from '../../cli/settlement';
import { readReport, settleCharges, signVouchers } from '../../cli/settlement';
import { writeVouchers } from '../../cli/vouchers';
import { Ledger } from '../../cli/ledger';
import { chargeList } from '../../wrappers';

/** Without Jest, which the child that is killed does not have. */
const addressOf = (seed: number): Address => new Address(0, Buffer.alloc(32, seed));

export const TARGET = { network: addressOf(0xa0), globalId: -239, shareBps: 5000 };
/** The campaign that refuses whatever it is charged. */
export const REFUSING = addressOf(0xee);

/** A network and its campaigns in a file, in which every charge that was taken is a line. It outlives a kill as a chain does. */
export class FileChain implements Charging {
    constructor(private readonly path: string) {}

    /** What each campaign has spent in all, from every charge that was taken. */
    taken(): Map<string, { spent: bigint; times: number }> {
        const spent = new Map<string, { spent: bigint; times: number }>();
        const lines = existsSync(this.path) ? readFileSync(this.path, 'utf8').trimEnd().split('\n') : [];
        for (const [campaign = '', cumulative = ''] of lines.map((line) => line.split(' '))) {
            const before = spent.get(campaign) ?? { spent: 0n, times: 0 };
            if (BigInt(cumulative) > before.spent) {
                spent.set(campaign, { spent: BigInt(cumulative), times: before.times + 1 });
            }
        }
        return spent;
    }

    now(): Promise<number> {
        return Promise.resolve(1_800_000_000);
    }

    send(charges: Parameters<Charging['send']>[0]): Promise<void> {
        charges
            .filter(({ campaign }) => !campaign.equals(REFUSING))
            .forEach((it) => appendFileSync(this.path, `${it.campaign.toRawString()} ${it.cumulative}\n`));
        return Promise.resolve();
    }

    outcomes(charges: Parameters<Charging['send']>[0]): ReturnType<Charging['outcomes']> {
        const taken = this.taken();
        return Promise.resolve(
            charges.map(({ campaign, cumulative }) => {
                if (campaign.equals(REFUSING)) {
                    return { status: 'refused', times: 1, reason: 'bucket_full (1006)' };
                }
                const spent = taken.get(campaign.toRawString())?.spent ?? 0n;
                return spent >= cumulative ? { status: 'booked' } : { status: 'unknown' };
            }),
        );
    }
}

/** The paths of one settlement. */
export const stagePaths = (directory: string) => ({
    ledger: join(directory, 'settlement.db'),
    chain: join(directory, 'chain.txt'),
    vouchers: (report: string) => join(directory, `${report}.csv`),
});

/** One run of a report from its file to its vouchers, or from wherever an earlier run was stopped. */
export async function runReport(directory: string, report: string, file: string, isLeaving = true): Promise<void> {
    const paths = stagePaths(directory);
    const chain = new FileChain(paths.chain);
    const { totals, digest } = await readReport(file, () => undefined);
    const ledger = Ledger.open(paths.ledger, TARGET);
    const quiet = (): void => undefined;
    try {
        if (ledger.stageOf(report) === null) {
            const charges = chargeList(totals.dues(), (campaign) => ledger.spent(campaign));
            const earnings = totals.earnings(TARGET.shareBps);
            ledger.record({ id: report, digest, sinceLt: 1n, charges, leftOut: [], earnings });
        }
        if (ledger.stageOf(report) === 'charging') {
            await settleCharges(ledger, report, chain, isLeaving, quiet);
            const signature = Buffer.alloc(64, 7);
            await signVouchers(
                ledger,
                report,
                (payeeId, cumulative) => Promise.resolve({ payeeId, cumulative, signature }),
                quiet,
            );
        }
        if (ledger.stageOf(report) === 'signed') {
            writeVouchers(paths.vouchers(report), ledger.vouchers(report));
            ledger.finish(report);
        }
    } finally {
        ledger.close();
    }
}
