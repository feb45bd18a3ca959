import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { OpenNetwork } from '../../cli/ads';
import { adsScript, describeNetwork, openNetwork, readCampaign } from '../../cli/ads';
import { chainTime, lastLt } from '../../cli/chain';
import { ChainCharging } from '../../cli/charges';
import type { Ledger } from '../../cli/ledger';
import type { Session } from '../../cli/session';
import type { Report } from '../../cli/settlement';
import { readReport, settleCharges, signVouchers } from '../../cli/settlement';
import { openLedger, voucherSigner, writeVouchers } from '../../cli/vouchers';
import { coins, date, Refusal } from '../../cli/words';
import type { Charge, Due } from '../../wrappers/ads';
import { chargeableAt, chargeList } from '../../wrappers/ads';

const PROGRESS_CAMPAIGNS = 25;

/**
 * Settles a report: charges the campaigns of the CSV file= and, when the network has booked that, writes a voucher for each
 * payee to the file out=. The ledger= knows what was charged and signed, so that a report settles once, and a run that was
 * stopped goes on when it is started again.
 */
export const run = adsScript(
    { keys: ['report', 'file', 'out', 'ledger'], flags: ['leaveOut', 'again'] },
    async (session) => {
        const network = await openNetwork(session);
        session.print(...(await describeNetwork(session, network)), '');
        session.requireIsMe(network.powers.operator.holder, 'The operator');
        const signOne = await voucherSigner(session, network);
        const id = await session.required(
            'report',
            'a name that no other report has, for example report=2026-11',
            parseReportId,
        );
        const file = await session.required(
            'file',
            'the path of the CSV, for example file=november.csv',
            (text) => text,
        );
        const out = session.words.get('out') ?? join(dirname(file), `vouchers-${id}.csv`);
        const progress = (text: string): void => session.print(text);
        const report = await readReport(file, progress);

        const ledger = await openLedger(session, network);
        try {
            refuseSettled(session, ledger, id, report, file);
            if (ledger.stageOf(id) !== 'signed' && existsSync(out)) {
                throw new Refusal(`out=${out} is there already: move it away, or name another file.`);
            }
            if (ledger.stageOf(id) === null) {
                await record(session, network, ledger, id, file, report);
            } else {
                session.print(`An earlier run has begun report ${id}: this one goes on from there.`);
            }
            if (ledger.stageOf(id) === 'charging') {
                const charging = new ChainCharging(session, network, ledger.origin(id).sinceLt);
                await settleCharges(ledger, id, charging, session.words.has('leaveOut'), progress);
                await signVouchers(ledger, id, signOne, progress);
            }
            const count = writeVouchers(out, ledger.vouchers(id));
            ledger.finish(id);
            const { booked, leftOut } = ledger.counts(id);
            const rest = leftOut > 0 ? `, ${leftOut} campaigns were left out` : '';
            session.print(`Settled: the network has booked ${booked} charges${rest}; ${count} vouchers are in ${out}.`);
            session.next('ads/claim', [`file=${out}`], 'pay the owners, or hand each his voucher.');
        } finally {
            ledger.close();
        }
    },
);

function parseReportId(text: string, key: string): string {
    if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)) {
        throw new Refusal(
            `${key}=${text} is no name: letters, digits, dots and dashes, up to 64, for example ${key}=2026-11.`,
        );
    }
    return text;
}

/** Only a report that is new, or that was begun with the same file. */
function refuseSettled(session: Session, ledger: Ledger, id: string, { digest }: Report, file: string): void {
    const stage = ledger.stageOf(id);
    if (stage === 'done') {
        throw new Refusal(`The report ${id} is settled already: a new report takes a new name.`);
    }
    if (stage !== null && ledger.origin(id).digest !== digest) {
        throw new Refusal(`The report ${id} was begun with another file than ${file}: give the same one to go on.`);
    }
    const other = ledger.unfinished();
    if (other !== null && other !== id) {
        throw new Refusal(`The report ${other} is not settled to its end: run it again first, as report=${other}.`);
    }
    const same = ledger.withDigest(digest);
    if (stage === null && same !== null && !session.words.has('again')) {
        throw new Refusal(
            `The very same lines were settled as report ${same}: correct file=, or add the word again if it is no mistake.`,
        );
    }
}

/** Checks every campaign, says what will be charged, and records it. */
async function record(
    session: Session,
    network: OpenNetwork,
    ledger: Ledger,
    id: string,
    file: string,
    { totals, digest, lineOf }: Report,
): Promise<void> {
    const dues = totals.dues();
    const earnings = totals.earnings(network.state.shareBps);
    refuseAboveBurst(network, earnings);
    const refused = new Map<Due, string>();
    for (const [at, due] of dues.entries()) {
        const why = await readDue(session, network, ledger, due).catch((error: unknown) => {
            throw error instanceof Refusal ? new Refusal(`${file}:${lineOf(due.campaign)}: ${error.message}`) : error;
        });
        if (why !== null) {
            refused.set(due, why);
        }
        if ((at + 1) % PROGRESS_CAMPAIGNS === 0) {
            session.print(`${at + 1} of ${dues.length} campaigns looked at...`);
        }
    }
    const [first] = refused;
    if (first && !session.words.has('leaveOut')) {
        const [{ campaign, amount }, why] = first;
        throw new Refusal(
            `${refused.size} of ${dues.length} campaigns cannot pay, first ${session.text(campaign)} its ${coins(amount)}: ${why}. ` +
                'Mend that, or add the word leaveOut to settle without them.',
        );
    }
    const charges = chargeList(dues, (campaign) => ledger.spent(campaign));
    const isRefused = ({ campaign }: Charge): boolean =>
        [...refused.keys()].some((due) => due.campaign.equals(campaign));
    const charged = dues.filter((due) => !refused.has(due));
    session.print(
        `Report ${id}: ${totals.lines} lines. ${charged.length} campaigns are charged ${coins(sum(charged))}` +
            `${refused.size > 0 ? `, ${refused.size} are left out` : ''}; ` +
            `${new Set(earnings.map(({ payeeId }) => payeeId)).size} payees are in it.`,
    );
    const { next, since } = network.powers.voucherKey;
    if (next) {
        session.print(`Careful: the voucher key is replaced ${date(since)}. Claim all vouchers before.`);
    }
    await session.confirm();
    ledger.record({
        id,
        digest,
        sinceLt: await lastLt(session.provider, network.address),
        charges: charges.filter((charge) => !isRefused(charge)),
        leftOut: charges.filter(isRefused),
        earnings,
    });
}

const sum = (amounts: { amount: bigint }[]): bigint => amounts.reduce((total, { amount }) => total + amount, 0n);

/** A voucher above the network's burst could never be drawn. */
function refuseAboveBurst({ state }: OpenNetwork, earnings: { payeeId: bigint; amount: bigint }[]): void {
    const earned = new Map<bigint, bigint>();
    for (const { payeeId, amount } of earnings) {
        const all = (earned.get(payeeId) ?? 0n) + amount;
        if (all > state.burst) {
            throw new Refusal(
                `Payee ${payeeId} earns more than the ${coins(state.burst)} that the network pays at once: cut the report in two.`,
            );
        }
        earned.set(payeeId, all);
    }
}

/** Why a campaign cannot pay now; null if it can. Refuses one whose spending is not what the ledger says. */
async function readDue(session: Session, network: OpenNetwork, ledger: Ledger, due: Due): Promise<string | null> {
    const { state } = await readCampaign(session, network, due.campaign);
    const spent = ledger.spent(due.campaign);
    if (state.spent !== spent) {
        throw new Refusal(
            `the campaign ${session.text(due.campaign)} has spent ${coins(state.spent)}, and by this ledger ${coins(spent)}: ` +
                'give the ledger that charged it.',
        );
    }
    const now = await chainTime(session.provider);
    const at = chargeableAt(state, due.amount, now);
    if (at === null) {
        const isClosed = state.closingAt > 0 && state.closingAt <= now;
        return isClosed
            ? 'it has closed'
            : `its budget is ${coins(state.budget)}, of which ${coins(state.chargeable)} can be charged`;
    }
    return at > now ? `its bucket has room from ${date(at)} on` : null;
}
