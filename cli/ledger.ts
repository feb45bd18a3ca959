import { randomBytes } from 'node:crypto';
import {
    closeSync,
    existsSync,
    fsyncSync,
    mkdirSync,
    openSync,
    readdirSync,
    renameSync,
    rmSync,
    writeFileSync,
} from 'node:fs';
import { hostname } from 'node:os';
import { dirname, join, resolve } from 'node:path';

import { Address } from '@ton/core';
import { Database } from 'node-sqlite3-wasm';

import type { Charge, Earning, Voucher } from '../wrappers/ads';
import { Refusal } from './words';

/** The network whose settlements a ledger keeps. */
export type LedgerTarget = { network: Address; globalId: number; shareBps: number };

/** How far a report has come: its charges are recorded; its vouchers are signed; their file is written. */
export type ReportStage = 'charging' | 'signed' | 'done';

/** A report to be recorded. */
export type NewReport = {
    id: string;
    /** Of the file's bytes, in hex. */
    digest: string;
    /** A logical time before the first charge. */
    sinceLt: bigint;
    charges: Charge[];
    /** Charges that are not tried: what they would have brought is not signed. */
    leftOut: Charge[];
    earnings: Earning[];
};

/** A charge that is neither booked nor left out. `sends` and `sentAt` (unix seconds, 0: never): how often, and when last. */
export type OpenCharge = Charge & { sends: number; sentAt: number };

const SCHEMA = `
    CREATE TABLE target (network TEXT NOT NULL, global_id INTEGER NOT NULL, share_bps INTEGER NOT NULL);
    CREATE TABLE reports (
        id TEXT PRIMARY KEY, digest TEXT NOT NULL, since_lt TEXT NOT NULL,
        stage TEXT NOT NULL CHECK (stage IN ('charging', 'signed', 'done'))
    );
    CREATE TABLE charges (
        report TEXT NOT NULL REFERENCES reports, campaign TEXT NOT NULL, cumulative INTEGER NOT NULL,
        status TEXT NOT NULL CHECK (status IN ('open', 'booked', 'left_out')),
        sends INTEGER NOT NULL DEFAULT 0, sent_at INTEGER NOT NULL DEFAULT 0,
        PRIMARY KEY (report, campaign)
    ) WITHOUT ROWID;
    CREATE TABLE earnings (
        report TEXT NOT NULL REFERENCES reports, campaign TEXT NOT NULL, payee TEXT NOT NULL, amount INTEGER NOT NULL,
        PRIMARY KEY (report, campaign, payee)
    ) WITHOUT ROWID;
    CREATE TABLE campaigns (campaign TEXT PRIMARY KEY, spent INTEGER NOT NULL) WITHOUT ROWID;
    CREATE TABLE vouchers (
        payee TEXT NOT NULL, cumulative INTEGER NOT NULL, signature BLOB NOT NULL,
        report TEXT NOT NULL REFERENCES reports, PRIMARY KEY (payee, cumulative)
    ) WITHOUT ROWID;
    CREATE INDEX vouchers_by_report ON vouchers (report, payee);
    PRAGMA user_version = 1;
`;

/**
 * What was charged and signed, in an SQLite database. Every change is there whole or not at all, whenever the process is
 * killed, and one process at a time has it.
 *
 * The SQLite is WebAssembly over Node's file system, and two of its ways are worked around here. It takes the lock that it
 * holds itself for another's, so it never rolls back a rollback journal: a write-ahead log it recovers. And its lock is a
 * directory that stays when a process is killed: so who may open the ledger is decided by `claimLedger`.
 */
export class Ledger {
    private constructor(
        readonly path: string,
        private readonly db: Database,
        private readonly release: () => void,
    ) {}

    /** Opens the ledger of a network, or begins one; a report that was recorded and never sent is gone. Refuses another network's, one that is in use, and what is none. */
    static open(path: string, target: LedgerTarget): Ledger {
        mkdirSync(dirname(resolve(path)), { recursive: true });
        const release = claimLedger(path);
        try {
            rmSync(`${path}.lock`, { recursive: true, force: true });
            if (!existsSync(path)) {
                begin(path, target);
            }
            const ledger = new Ledger(path, openDatabase(path), release);
            ledger.checkTarget(path, target);
            ledger.dropUnsent();
            // The log's name must outlive a loss of power as well as what is in it
            syncDirectory(path);
            return ledger;
        } catch (error) {
            release();
            if (error instanceof Refusal) {
                throw error;
            }
            throw new Refusal(`${path} is no ledger of settlements that can be read (${String(error)}).`);
        }
    }

    close(): void {
        this.db.close();
        this.release();
    }

    /** How far a report has come; null if it is not here. */
    stageOf(report: string): ReportStage | null {
        return (
            (this.db.get('SELECT stage FROM reports WHERE id = ?', report)?.stage as ReportStage | undefined) ?? null
        );
    }

    /** The sha256 of a report's file, in hex, and the logical time before its first charge. */
    origin(report: string): { digest: string; sinceLt: bigint } {
        const row = this.db.get('SELECT digest, since_lt FROM reports WHERE id = ?', report);
        return { digest: row?.digest as string, sinceLt: BigInt(row?.since_lt as string) };
    }

    /** The report that was begun and is not done. */
    unfinished(): string | null {
        return (this.db.get("SELECT id FROM reports WHERE stage <> 'done'")?.id as string | undefined) ?? null;
    }

    /** A report whose file had the same bytes. */
    withDigest(digest: string): string | null {
        return (this.db.get('SELECT id FROM reports WHERE digest = ?', digest)?.id as string | undefined) ?? null;
    }

    /** What the campaign has spent in all by charges that are booked, in nanotons. */
    spent(campaign: Address): bigint {
        const row = this.db.get('SELECT spent FROM campaigns WHERE campaign = ?', campaign.toRawString());
        return amountOf(row?.spent ?? 0);
    }

    /** The last cumulative amount that was signed for a payee, in nanotons; 0n if none was. */
    signed(payeeId: bigint): bigint {
        const row = this.db.get('SELECT max(cumulative) AS last FROM vouchers WHERE payee = ?', String(payeeId));
        return amountOf(row?.last ?? 0);
    }

    /** Records a report with its charges, before any of them is sent. */
    record({ id, digest, sinceLt, charges, leftOut, earnings }: NewReport): void {
        this.whole(() => {
            this.db.run("INSERT INTO reports VALUES (?, ?, ?, 'charging')", [id, digest, String(sinceLt)]);
            const charge = 'INSERT INTO charges (report, campaign, cumulative, status) VALUES (?, ?, ?, ?)';
            this.each(charge, charges, (it) => [id, it.campaign.toRawString(), it.cumulative, 'open']);
            this.each(charge, leftOut, (it) => [id, it.campaign.toRawString(), it.cumulative, 'left_out']);
            this.each('INSERT INTO earnings VALUES (?, ?, ?, ?)', earnings, (it) => [
                id,
                it.campaign.toRawString(),
                String(it.payeeId),
                it.amount,
            ]);
        });
    }

    /** The charges of a report that are neither booked nor left out. */
    openCharges(report: string): OpenCharge[] {
        return this.db
            .all("SELECT * FROM charges WHERE report = ? AND status = 'open' ORDER BY campaign", report)
            .map((row) => ({
                campaign: Address.parse(row.campaign as string),
                cumulative: amountOf(row.cumulative),
                sends: Number(row.sends),
                sentAt: Number(row.sent_at),
            }));
    }

    /** How many charges of a report are booked, and how many are left out. */
    counts(report: string): { booked: number; leftOut: number } {
        const count = (status: string): number =>
            Number(
                this.db.get('SELECT count(*) AS n FROM charges WHERE report = ? AND status = ?', [report, status])?.n,
            );
        return { booked: count('booked'), leftOut: count('left_out') };
    }

    /** Records that charges are about to be sent, at this time (unix seconds). */
    markSent(report: string, charges: Charge[], time: number): void {
        this.whole(() =>
            this.each(
                'UPDATE charges SET sends = sends + 1, sent_at = ? WHERE report = ? AND campaign = ?',
                charges,
                ({ campaign }) => [time, report, campaign.toRawString()],
            ),
        );
    }

    /** Records that the network has booked what these charges brought in. */
    markBooked(report: string, charges: Charge[]): void {
        this.whole(() => {
            this.setStatus('booked', report, charges);
            this.each('REPLACE INTO campaigns VALUES (?, ?)', charges, ({ campaign, cumulative }) => [
                campaign.toRawString(),
                cumulative,
            ]);
        });
    }

    /** Gives charges up for this report. */
    leaveOut(report: string, charges: Charge[]): void {
        this.whole(() => this.setStatus('left_out', report, charges));
    }

    /** What the owners have earned by the booked charges of a report. */
    *bookedEarnings(report: string): Generator<{ payeeId: bigint; amount: bigint }> {
        const statement = this.db.prepare(
            'SELECT payee, amount FROM earnings JOIN charges USING (report, campaign) ' +
                "WHERE report = ? AND status = 'booked' ORDER BY payee",
        );
        try {
            for (const row of statement.iterate(report)) {
                yield { payeeId: BigInt(row.payee as string), amount: amountOf(row.amount) };
            }
        } finally {
            statement.finalize();
        }
    }

    /** Records the vouchers of a report. */
    sign(report: string, vouchers: Voucher[]): void {
        this.whole(() => {
            this.each('INSERT INTO vouchers VALUES (?, ?, ?, ?)', vouchers, ({ payeeId, cumulative, signature }) => [
                String(payeeId),
                cumulative,
                signature,
                report,
            ]);
            this.setStage(report, 'signed');
        });
    }

    /** The vouchers of a report, or of all, by payee and amount. */
    *vouchers(report?: string): Generator<Voucher> {
        const rest = 'ORDER BY length(payee), payee, cumulative';
        const statement = this.db.prepare(
            `SELECT * FROM vouchers ${report === undefined ? '' : 'WHERE report = ?'} ${rest}`,
        );
        try {
            for (const { payee, cumulative, signature } of statement.iterate(report === undefined ? [] : report)) {
                yield {
                    payeeId: BigInt(payee as string),
                    cumulative: amountOf(cumulative),
                    signature: Buffer.from(signature as Uint8Array),
                };
            }
        } finally {
            statement.finalize();
        }
    }

    /** Replaces the signatures of vouchers that are here. */
    replaceSignatures(vouchers: Voucher[]): void {
        this.whole(() =>
            this.each(
                'UPDATE vouchers SET signature = ? WHERE payee = ? AND cumulative = ?',
                vouchers,
                ({ payeeId, cumulative, signature }) => [signature, String(payeeId), cumulative],
            ),
        );
    }

    /** Records that the file of vouchers is written. */
    finish(report: string): void {
        this.whole(() => this.setStage(report, 'done'));
    }

    private checkTarget(path: string, target: LedgerTarget): void {
        const found = this.db.get('SELECT * FROM target');
        const wanted = targetRow(target);
        if (JSON.stringify([found?.network, found?.global_id, found?.share_bps]) !== JSON.stringify(wanted)) {
            this.db.close();
            throw new Refusal(`${path} is the ledger of another network or chain: correct the word ledger=.`);
        }
    }

    /** A report none of whose charges was ever about to be sent binds nobody. */
    private dropUnsent(): void {
        const unsent = this.db.all(
            "SELECT id FROM reports WHERE stage = 'charging' " +
                "AND NOT EXISTS (SELECT 1 FROM charges WHERE report = id AND (sends > 0 OR status = 'booked'))",
        );
        this.whole(() => {
            for (const sql of ['charges WHERE report', 'earnings WHERE report', 'reports WHERE id']) {
                this.each(`DELETE FROM ${sql} = ?`, unsent, ({ id }) => [id as string]);
            }
        });
    }

    private setStage(report: string, stage: ReportStage): void {
        this.db.run('UPDATE reports SET stage = ? WHERE id = ?', [stage, report]);
    }

    private setStatus(status: 'booked' | 'left_out', report: string, charges: Charge[]): void {
        this.each('UPDATE charges SET status = ? WHERE report = ? AND campaign = ?', charges, ({ campaign }) => [
            status,
            report,
            campaign.toRawString(),
        ]);
    }

    private each<T>(sql: string, items: T[], values: (item: T) => (string | bigint | number | Uint8Array)[]): void {
        const statement = this.db.prepare(sql);
        try {
            items.forEach((item) => statement.run(values(item)));
        } finally {
            statement.finalize();
        }
    }

    private whole(work: () => void): void {
        this.db.exec('BEGIN IMMEDIATE');
        try {
            work();
            this.db.exec('COMMIT');
        } catch (error) {
            this.db.exec('ROLLBACK');
            throw error;
        }
    }
}

const amountOf = (value: unknown): bigint => BigInt(value as number | bigint);

const targetRow = ({ network, globalId, shareBps }: LedgerTarget): [string, number, number] => [
    network.toRawString(),
    globalId,
    shareBps,
];

function openDatabase(path: string): Database {
    const db = new Database(path);
    // Without shared memory a write-ahead log takes the exclusive mode, set before anything is read
    db.exec('PRAGMA locking_mode = EXCLUSIVE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON;');
    const mode = db.get('PRAGMA journal_mode = WAL')?.journal_mode;
    const version = db.get('PRAGMA user_version')?.user_version;
    if (mode !== 'wal' || (version !== 0 && version !== 1)) {
        db.close();
        throw new Error(`journal mode ${JSON.stringify(mode)}, version ${JSON.stringify(version)}`);
    }
    return db;
}

/** A new ledger gets its name when it is complete: a database without its log cannot be mended. */
function begin(path: string, target: LedgerTarget): void {
    const fresh = `${path}.new`;
    ['', '-wal', '-journal', '.lock'].forEach((end) => rmSync(fresh + end, { recursive: true, force: true }));
    const db = openDatabase(fresh);
    db.exec(SCHEMA);
    db.run('INSERT INTO target VALUES (?, ?, ?)', targetRow(target));
    db.close();
    renameSync(fresh, path);
    syncDirectory(path);
}

/** Makes the names in a file's directory outlive a loss of power. */
export function syncDirectory(path: string): void {
    const directory = openSync(dirname(resolve(path)), 'r');
    try {
        fsyncSync(directory);
    } finally {
        closeSync(directory);
    }
}

/**
 * Makes this process the only user of a ledger: each announces itself by a file of its own, and then looks for others. Of two
 * that come at once each may refuse, but never may both go on; the file of a process that is gone does not count.
 *
 * @returns what ends it
 */
function claimLedger(path: string): () => void {
    const directory = `${path}.users`;
    mkdirSync(directory, { recursive: true });
    const mine = `${process.pid}@${hostname()}#${randomBytes(8).toString('hex')}`;
    writeFileSync(join(directory, mine), '');
    const release = (): void => rmSync(join(directory, mine), { force: true });
    for (const other of readdirSync(directory).filter((name) => name !== mine)) {
        if (isRunning(other)) {
            release();
            throw new Refusal(
                `${path} is in use by process ${other.split('#')[0]}: wait for its end. If there is none, remove ${join(directory, other)}.`,
            );
        }
        rmSync(join(directory, other), { force: true });
    }
    return release;
}

function isRunning(user: string): boolean {
    const [, pid, host] = /^(\d+)@(.*)#/.exec(user) ?? [];
    // Nobody can look at another machine's processes; this very process number is ours now
    if (host !== hostname() || Number(pid) === process.pid) {
        return host !== hostname();
    }
    try {
        process.kill(Number(pid), 0);
        return true;
    } catch (error) {
        return (error as NodeJS.ErrnoException).code !== 'ESRCH';
    }
}
