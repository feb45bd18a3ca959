import { spawnSync } from 'node:child_process';
import fs, { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';

import { Ledger } from '../../cli/ledger';
import { readReport } from '../../cli/settlement';
import { Refusal } from '../../cli/words';
import { decodeVoucher, splitRevenue } from '../../wrappers';
import { addressOf } from '../usernames/sdk/fixtures';
import { FileChain, REFUSING, runReport, stagePaths, TARGET } from './settlement-stage';

const [ONE, TWO] = [addressOf(1), addressOf(2)];
const HEADER = 'campaign,payee_id,impressions,cpm';
/** Two reports of two campaigns and one that refuses; payee 7 is in both. */
const REPORTS = {
    first: [`${ONE.toString()},7,1000,30`, `${ONE.toString()},8,500,41`, `${REFUSING.toString()},8,9000,1000`],
    second: [`${TWO.toString()},7,3000,7`, `${ONE.toString()},9,1000,99`],
};
/** In all: what the campaigns have spent, and what the vouchers of the reports state. */
const SPENT = { [ONE.toRawString()]: 50n + 99n, [TWO.toRawString()]: 21n };
const VOUCHERS = { first: { 7: 15n, 8: 10n }, second: { 7: 25n, 9: 49n } };

const CHANGES = [
    'writeSync',
    'fsyncSync',
    'renameSync',
    'openSync',
    'unlinkSync',
    'mkdirSync',
    'rmSync',
    'writeFileSync',
    'appendFileSync',
    'ftruncateSync',
] as const;

const REAL = { ...fs } as unknown as Record<(typeof CHANGES)[number], (...args: unknown[]) => unknown>;

let directory: string;

/** A kill does not ask what has reached the disk, and waiting for it is most of the time of these tests. */
const skipSync = (): void => void jest.spyOn(fs, 'fsyncSync').mockImplementation(() => undefined);

beforeEach(() => {
    skipSync();
    directory = mkdtempSync(join(tmpdir(), 'settlement-'));
    Object.entries(REPORTS).forEach(([name, lines]) => writeReport(name, [HEADER, ...lines]));
});

afterEach(() => {
    jest.restoreAllMocks();
    rmSync(directory, { recursive: true });
});

const reportPath = (name: string): string => join(directory, `${name}.report`);

function writeReport(name: string, lines: string[]): void {
    writeFileSync(reportPath(name), lines.join('\n'));
}

const run = (name: string, isLeaving = true): Promise<void> => runReport(directory, name, reportPath(name), isLeaving);

function openLedger(): Ledger {
    return Ledger.open(stagePaths(directory).ledger, TARGET);
}

function vouchersIn(path: string): Record<string, bigint> {
    const [header, ...lines] = readFileSync(path, 'utf8').trimEnd().split('\n');
    expect(header).toBe('payee_id,cumulative,voucher');
    return Object.fromEntries(
        lines.map((line) => {
            const [payee = '', cumulative = '', text = ''] = line.split(',');
            const voucher = decodeVoucher(text);
            expect([voucher.payeeId, voucher.cumulative]).toEqual([BigInt(payee), BigInt(cumulative)]);
            return [payee, BigInt(cumulative)];
        }),
    );
}

/** Whatever has happened: what is signed is covered by what was taken, and a file of vouchers is whole. */
function checkLaws(): void {
    const taken = new FileChain(stagePaths(directory).chain).taken();
    const booked = [...taken.values()].reduce((sum, { spent }) => sum + splitRevenue(spent, 5000).owner, 0n);
    const ledger = openLedger();
    const signed = [7n, 8n, 9n].reduce((sum, payee) => sum + ledger.signed(payee), 0n);
    ledger.close();
    expect(signed).toBeLessThanOrEqual(booked);
    for (const name of ['first', 'second'] as const) {
        const path = stagePaths(directory).vouchers(name);
        if (existsSync(path)) {
            expect(vouchersIn(path)).toEqual(VOUCHERS[name]);
        }
    }
}

/** What two reports come to in the end, however often a run was killed. */
function checkEnd(): void {
    checkLaws();
    const taken = new FileChain(stagePaths(directory).chain).taken();
    expect(Object.fromEntries([...taken].map(([campaign, { spent }]) => [campaign, spent]))).toEqual(SPENT);
    expect([...taken.values()].map(({ times }) => times).sort()).toEqual([1, 2]);
    const { vouchers } = stagePaths(directory);
    expect(vouchersIn(vouchers('first'))).toEqual(VOUCHERS.first);
    expect(vouchersIn(vouchers('second'))).toEqual(VOUCHERS.second);
    const ledger = openLedger();
    expect(ledger.unfinished()).toBeNull();
    expect([ledger.signed(7n), ledger.signed(8n), ledger.signed(9n)]).toEqual([25n, 10n, 49n]);
    ledger.close();
}

/** From this change of the file system on, none has an effect any more: what a kill leaves is what is there. */
function killAt(at: number): { count: () => number; revive: () => void } {
    let count = 0;
    for (const name of CHANGES) {
        const real = name === 'fsyncSync' ? (): void => undefined : REAL[name];
        jest.spyOn(fs, name).mockImplementation(((...args: unknown[]) => {
            count += 1;
            if (count >= at) {
                throw new Error('killed');
            }
            return real(...args);
        }) as never);
    }
    const revive = (): void => {
        jest.restoreAllMocks();
        skipSync();
    };
    return { count: () => count, revive };
}

describe('a run that is killed', () => {
    it('charges once and signs what was earned, wherever it was on the file system', async () => {
        const { count, revive } = killAt(Infinity);
        await run('first');
        await run('second');
        revive();
        const changes = count();
        checkEnd();
        expect(changes).toBeGreaterThan(60);
        for (let at = 1; at <= changes; at += 1) {
            for (const path of fs.readdirSync(directory).filter((name) => !name.endsWith('.report'))) {
                rmSync(join(directory, path), { recursive: true });
            }
            const killed = killAt(at);
            const end = await run('first')
                .then(() => run('second'))
                .catch((error: unknown) => error);
            killed.revive();
            // The log's last page may take a change more or less
            expect(end instanceof Error || at > changes - 3).toBe(true);
            checkLaws();
            await run('first');
            checkLaws();
            await run('second');
            checkEnd();
        }
    });

    it.each([59, 128, 203])('by the signal, at the change %p', (at) => {
        const child = (kill: number) =>
            spawnSync(
                process.execPath,
                ['--require', 'ts-node/register/transpile-only', join(__dirname, 'settlement-child.ts')].concat(
                    directory,
                    String(kill),
                    'first',
                    'second',
                ),
                { encoding: 'utf8' },
            );
        expect(child(at).signal).toBe('SIGKILL');
        checkLaws();
        expect(child(0)).toMatchObject({ stderr: '', status: 0 });
        checkEnd();
    });
});

describe('a report', () => {
    it('that is settled changes nothing any more', async () => {
        await run('first');
        const ledger = openLedger();
        expect(ledger.stageOf('first')).toBe('done');
        expect(ledger.stageOf('second')).toBeNull();
        const { digest } = ledger.origin('first');
        expect(ledger.withDigest(digest)).toBe('first');
        expect(ledger.withDigest('00')).toBeNull();
        expect(ledger.counts('first')).toEqual({ booked: 1, leftOut: 1 });
        expect(() =>
            ledger.record({ id: 'first', digest, sinceLt: 1n, charges: [], leftOut: [], earnings: [] }),
        ).toThrow('UNIQUE');
        ledger.close();
    });

    it('is sent in messages of 100 charges, each recorded before and after', async () => {
        const campaigns = Array.from({ length: 205 }, (_, at) => `0:${(at + 1).toString(16).padStart(64, '0')}`);
        writeReport('wide', [HEADER, ...campaigns.map((campaign) => `${campaign},7,1000,10`)]);
        const send = jest.spyOn(FileChain.prototype, 'send');
        await run('wide');
        expect(send.mock.calls.map(([charges]) => charges.length)).toEqual([100, 100, 5]);
        const ledger = openLedger();
        expect(ledger.counts('wide')).toEqual({ booked: 205, leftOut: 0 });
        expect(ledger.signed(7n)).toBe(205n * 5n);
        ledger.close();
    });

    it('that was recorded and never sent is gone when the ledger is opened again', () => {
        const charges = [{ campaign: ONE, cumulative: 5n }];
        const earnings = [{ campaign: ONE, payeeId: 7n, amount: 2n }];
        const record = (id: string): Ledger => {
            const ledger = openLedger();
            ledger.record({ id, digest: id, sinceLt: 1n, charges, leftOut: [], earnings });
            return ledger;
        };
        record('unsent').close();
        const ledger = record('sent');
        expect(ledger.stageOf('unsent')).toBeNull();
        ledger.markSent('sent', charges, 1);
        ledger.close();
        const again = openLedger();
        expect(again.unfinished()).toBe('sent');
        expect(again.openCharges('sent')).toMatchObject([{ cumulative: 5n, sends: 1, sentAt: 1 }]);
        again.close();
    });

    it('waits for a campaign that refuses, unless it is to be left out', async () => {
        await expect(run('first', false)).rejects.toThrow(
            `1 campaigns did not pay (bucket_full (1006)), first ${REFUSING.toString()}: run the same report again`,
        );
        const ledger = openLedger();
        expect(ledger.stageOf('first')).toBe('charging');
        expect(ledger.unfinished()).toBe('first');
        expect(ledger.signed(7n)).toBe(0n);
        ledger.close();
        // Two messages were sent and one refusal is seen: the other may still be taken
        await expect(run('first', false)).rejects.toThrow('did not pay');
        await expect(run('first')).rejects.toThrow('An earlier message may still charge 1 campaigns');
        checkLaws();
        jest.spyOn(FileChain.prototype, 'now').mockResolvedValue(1_800_000_900);
        await run('first');
        await run('second');
        checkEnd();
    });
});

describe('the ledger', () => {
    it('is of one network', () => {
        openLedger().close();
        const path = stagePaths(directory).ledger;
        for (const other of [{ network: ONE }, { globalId: -3 }, { shareBps: 4999 }]) {
            expect(() => Ledger.open(path, { ...TARGET, ...other })).toThrow(
                'is the ledger of another network or chain',
            );
        }
    });

    it('is used by one process at a time, and one that is gone does not count', () => {
        const path = stagePaths(directory).ledger;
        openLedger().close();
        const user = (pid: number, host: string): string => join(`${path}.users`, `${pid}@${host}#00`);
        const gone = spawnSync(process.execPath, ['-e', '']).pid;
        writeFileSync(user(gone, hostname()), '');
        fs.mkdirSync(`${path}.lock`);
        openLedger().close();
        expect(existsSync(user(gone, hostname()))).toBe(false);
        for (const [pid, host] of [
            [process.ppid, hostname()],
            [gone, 'elsewhere'],
        ] as const) {
            writeFileSync(user(pid, host), '');
            expect(openLedger).toThrow(`is in use by process ${pid}@${host}: wait for its end.`);
            rmSync(user(pid, host));
        }
        openLedger().close();
    });

    it('refuses a file that is none', () => {
        const path = stagePaths(directory).ledger;
        writeFileSync(path, 'campaign,payee_id\n'.repeat(500));
        expect(openLedger).toThrow('is no ledger of settlements that can be read');
        expect(readFileSync(path, 'utf8')).toContain('campaign');
    });
});

describe('reading a report', () => {
    const refused = async (lines: string[], why: string): Promise<void> => {
        writeReport('bad', lines);
        const reading = readReport(reportPath('bad'), () => undefined);
        await expect(reading).rejects.toThrow(Refusal);
        await expect(reading).rejects.toThrow(`${reportPath('bad')}:${why}`);
    };
    const good = `${ONE.toString()},1,2,3`;

    it('takes quotes, empty lines, other line ends and a byte order mark', async () => {
        writeFileSync(reportPath('first'), `\uFEFF${HEADER}\r\n\r\n${good}\r\n"${ONE.toString()}","1",998,"3"\r\n`);
        const { totals, digest } = await readReport(reportPath('first'), () => undefined);
        expect(totals.lines).toBe(2);
        expect(totals.dues().map(({ amount }) => amount)).toEqual([3n]);
        expect(digest).toMatch(/^[0-9a-f]{64}$/);
    });

    it.each([
        ['a wrong header', [good, good], '1: the first line is'],
        ['nothing', [''], '1: there is no line of data'],
        ['a header alone', [HEADER], '1: there is no line of data'],
        ['a bad number', [HEADER, good, good.replace(',2,', ',two,'), good], '3: impressions "two" is no whole number'],
        ['a bad line after an empty one', [HEADER, good, '', `${good},9`], '4: there are 5 fields'],
        ['a quote that does not end', [HEADER, good, `"${good}`, good], '4: Quote Not Closed'],
        [
            'an amount that is too much',
            [HEADER, good, `${ONE.toString()},1,${1n << 62n},${1n << 62n}`],
            '3: the campaign',
        ],
        ['a line without an end', [HEADER, good, '1'.repeat(10_000)], '3: '],
    ])('refuses %s', (_, lines, why) => refused(lines, why));

    it('refuses a file that is not there', async () => {
        const reading = readReport(reportPath('none'), () => undefined);
        await expect(reading).rejects.toThrow('none.report cannot be read (ENOENT)');
    });

    it('tells how far it is', async () => {
        writeReport('long', [HEADER, ...Array<string>(100_001).fill(good)]);
        const told: string[] = [];
        const { totals } = await readReport(reportPath('long'), (text) => told.push(text));
        expect(told).toEqual(['100000 lines read...']);
        expect(totals.lines).toBe(100_001);
    });
});
