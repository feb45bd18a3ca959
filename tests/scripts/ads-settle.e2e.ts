import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Address, toNano } from '@ton/core';

import { AdNetwork, decodeVoucher, encodeVoucher } from '../../wrappers';
import { addressOf } from '../usernames/sdk/fixtures';
import { AdsStage, settleWords } from './ads-stage';

let ads: AdsStage;
let campaign: string;

beforeAll(async () => {
    ads = await AdsStage.open();
    campaign = await ads.newCampaign(1);
});

afterAll(() => ads.stage.close());

describe('settle and claim', () => {
    it('charges a report, and pays the owners by its vouchers', async () => {
        await ads.register(20, 'alice');
        await ads.register(21, 'bob');
        const one = await ads.newCampaign(4);
        const path = ads.report('first', [
            `${one},20,1000,4000000001`,
            `${one},21,500,2000000000`,
            `${one},22,1000,1000000000`,
        ]);
        await ads.sendsNothing('settle', settleWords('first', path), 'The operator is', { env: ads.voucherKey() });
        await ads.sendsNothing('settle', settleWords('first', path), 'Set VOUCHER_MNEMONIC', { as: 'admin' });
        const output = await ads.passes('settle', settleWords('first', path), ads.admin());
        expect(output).toContain('Report first: 3 lines. 1 campaigns are charged 6.000000001 TON; 3 payees are in it.');
        expect(output).toContain('Settled: the network has booked 1 charges; 3 vouchers are in');
        expect(await ads.passes('showCampaign', [`campaign=${one}`])).toMatch(/spent +6\.000000001 TON/);
        expect(await ads.passes('showNetwork', [])).toMatch(/owners are due +3\.000000001 TON/);
        await ads.sendsNothing(
            'settle',
            settleWords('first', path),
            'The report first is settled already',
            ads.admin(),
        );
        await ads.sendsNothing(
            'settle',
            settleWords('second', path),
            'The very same lines were settled as report first',
            ads.admin(),
        );

        const [, ...lines] = readFileSync(ads.vouchersOf('first'), 'utf8').trimEnd().split('\n');
        expect(lines.map((line) => line.split(',').slice(0, 2))).toEqual([
            ['20', '2000000000'],
            ['21', '500000000'],
            ['22', '500000000'],
        ]);
        const before = { alice: await ads.stage.balanceOf('alice'), bob: await ads.stage.balanceOf('bob') };
        const claimed = await ads.passes('claim', [`file=${ads.vouchersOf('first')}`, 'yes'], {
            as: 'dave',
            version: 'v5r1',
        });
        expect(claimed).toContain('Left out: the channel payee=22 has no owner yet');
        expect(claimed).toContain('2 owners get 2.5 TON in all');
        expect(await ads.stage.balanceOf('alice')).toBeGreaterThanOrEqual(before.alice + toNano('1.999'));
        expect(await ads.stage.balanceOf('bob')).toBeGreaterThanOrEqual(before.bob + toNano('0.499'));
        await ads.sendsNothing(
            'claim',
            [`file=${ads.vouchersOf('first')}`, 'yes'],
            'None of these vouchers can be claimed',
        );
        const voucher = lines[0]?.split(',')[2] ?? '';
        await ads.sendsNothing(
            'claim',
            [`voucher=${voucher}`, 'yes'],
            'is claimed already: the account has received 2 TON',
        );

        const next = ads.report('second', [`${one},20,1000,1000000000`]);
        await ads.passes('settle', settleWords('second', next), ads.admin());
        expect(readFileSync(ads.vouchersOf('second'), 'utf8')).toContain('20,2500000000,');
    });

    it('sweeps the platform share of a channel, and of the network', async () => {
        await ads.passes('sponsor', ['payee=20', 'amount=4', 'yes'], { as: 'bob' });
        expect(await ads.passes('sweep', ['payee=20', 'yes'])).toMatch(/Swept from payee=20: the platform is due \d/);
        await ads.sendsNothing('sweep', ['payee=20', 'yes'], 'There is nothing to sweep');
        await ads.sendsNothing('sweep', ['payee=99', 'yes'], 'There is nothing to sweep');
        expect(await ads.passes('sweep', ['yes'])).toMatch(/Swept: \d\S+ TON went to the treasury/);
        await ads.sendsNothing('sweep', ['yes'], 'There is nothing to sweep');
    });

    it('refuses a bad line before anything is recorded', async () => {
        const good = `${campaign},20,1000,1000`;
        const bad = (name: string, line: string): [string, string[]] => {
            const path = ads.report(name, [good, line, good]);
            return [path, settleWords(name, path)];
        };
        for (const [name, line, why] of [
            ['number', `${campaign},20,1e3,1000`, ':3: impressions "1e3" is no whole number.'],
            ['wallet', `${ads.stage.address('bob')},20,1000,1000`, /:3: The contract at campaign=\S+ is no campaign/],
            ['nowhere', `${addressOf(8).toString()},20,1000,1000`, /:3: There is no contract at campaign=/],
        ] as const) {
            const [, words] = bad(name, line);
            await ads.sendsNothing('settle', words, why, ads.admin());
            expect(existsSync(ads.vouchersOf(name))).toBe(false);
        }
        const ledger = ['ledger=deployments.json', ...settleWords('x', ads.report('x', [good]))];
        writeFileSync(join(ads.stage.directory, 'other.db'), 'no ledger');
        await ads.sendsNothing(
            'settle',
            [`ledger=${join(ads.stage.directory, 'other.db')}`, ...ledger.slice(1)],
            'is no ledger',
            ads.admin(),
        );
    });

    it('leaves out a campaign that cannot pay only when it is told to', async () => {
        const small = await ads.newCampaign(5, ['burst=1', 'perDay=86.4'], 30);
        const path = ads.report('third', [`${small},20,1000,1500000000`, `${campaign},21,1000,1000000000`]);
        const why =
            /1 of 2 campaigns cannot pay, first \S+ its 1\.5 TON: its budget is 30\S* TON, of which 1 TON can be charged/;
        await ads.sendsNothing('settle', settleWords('third', path), why, ads.admin());
        const output = await ads.passes('settle', ['leaveOut', ...settleWords('third', path)], ads.admin());
        expect(output).toContain('1 campaigns are charged 1 TON, 1 are left out');
        expect(readFileSync(ads.vouchersOf('third'), 'utf8').trimEnd().split('\n').length).toBe(2);
    });

    it('goes on after a campaign refused in between', async () => {
        const stopped = await ads.newCampaign(6);
        const path = ads.report('fourth', [`${stopped},20,1000,2000000000`, `${campaign},21,1000,1000000000`]);
        const words = settleWords('fourth', path).slice(0, 2);
        const meanwhile = async (): Promise<void> => {
            await ads.passes('stopCampaign', [`campaign=${stopped}`, 'yes'], { as: 'carol' });
            await ads.stage.devnet.advance(172_800);
        };
        const refused = await ads.stage.run('ads/settle', words, { ...ads.admin(), answers: [true], meanwhile });
        expect(refused.error).toMatch(/1 campaigns did not pay \(campaign_closed \(1202\).*run the same report again/);
        expect(refused.exitCode).toBe(1);
        expect(existsSync(ads.vouchersOf('fourth'))).toBe(false);
        const other = ads.report('fifth', [`${campaign},21,1000,1000000000`]);
        await ads.sendsNothing(
            'settle',
            settleWords('fifth', other),
            'The report fourth is not settled to its end',
            ads.admin(),
        );
        await ads.sendsNothing('settle', settleWords('fourth', other), 'was begun with another file', ads.admin());
        const output = await ads.passes('settle', ['leaveOut', ...settleWords('fourth', path)], ads.admin());
        expect(output).toContain('An earlier run has begun report fourth');
        expect(output).toContain('booked 1 charges, 1 campaigns were left out; 1 vouchers are in');
    });

    it('refuses what could never be paid, and to write over a file', async () => {
        const rich = ads.report('rich', [`${campaign},21,1000,2000000000002`]);
        await ads.sendsNothing(
            'settle',
            settleWords('rich', rich),
            'Payee 21 earns more than the 1000 TON',
            ads.admin(),
        );
        const path = ads.report('seventh', [`${campaign},21,1000,1000000007`]);
        writeFileSync(ads.vouchersOf('seventh'), 'mine');
        await ads.sendsNothing('settle', settleWords('seventh', path), 'is there already: move it away', ads.admin());
        expect(readFileSync(ads.vouchersOf('seventh'), 'utf8')).toBe('mine');
        await ads.sendsNothing('settle', settleWords('../x', path), 'is no name: letters, digits', ads.admin());
    });

    it('is not bound by a report that nobody wanted to send', async () => {
        const [wrong, right] = [50, 60].map((cpm) =>
            ads.report(`eighth${cpm}`, [`${campaign},21,1000,${cpm}00000000`]),
        );
        const words = (path = ''): string[] => settleWords('eighth', path).slice(0, 2);
        await ads.sendsNothing('settle', words(wrong), 'Stopped: nothing was sent.', {
            ...ads.admin(),
            answers: [false],
        });
        await ads.sendsNothing('settle', words(wrong), 'add the word yes to send it', ads.admin());
        expect(await ads.passes('settle', [...words(right), 'yes'], ads.admin())).toContain('are charged 6 TON');
    });

    it('refuses vouchers that are none, or of another key', async () => {
        const lines = readFileSync(ads.vouchersOf('second'), 'utf8').split('\n');
        const changed = (text: string): string => {
            writeFileSync(join(ads.stage.directory, 'changed.csv'), [lines[0], text].join('\n'));
            return `file=${join(ads.stage.directory, 'changed.csv')}`;
        };
        const line = lines[1] ?? '';
        await ads.sendsNothing(
            'claim',
            [changed(line.replace('2500000000', '2500000001')), 'yes'],
            /:2: the voucher is of/,
        );
        await ads.sendsNothing('claim', [changed(line.slice(0, -20)), 'yes'], /:2: This is not a voucher/);
        await ads.sendsNothing('claim', ['voucher=te6cc', 'yes'], 'voucher= is no voucher');
        await ads.sendsNothing('claim', ['yes'], 'Give voucher= (one) or file=');
        const voucher = decodeVoucher(line.split(',')[2] ?? '');
        const forged = encodeVoucher({ ...voucher, cumulative: voucher.cumulative + 1n });
        await ads.sendsNothing('claim', [`voucher=${forged}`, 'yes'], "is not signed by the network's voucher key");
    });

    it('refuses a ledger that does not know what was charged', async () => {
        const path = ads.report('sixth', [`${campaign},21,1000,3000000000`]);
        const words = [`ledger=${join(ads.stage.directory, 'fresh.db')}`, ...settleWords('sixth', path)];
        await ads.sendsNothing(
            'settle',
            words,
            /:2: the campaign \S+ has spent \S+ TON, and by this ledger 0 TON/,
            ads.admin(),
        );
    });

    it('follows the voucher key when it has been replaced', async () => {
        const shown = await ads.passes('showNetwork', []);
        const network = Address.parse(/network +(\S+)/.exec(shown)?.[1] ?? '');
        const voucherKey = Buffer.from(ads.stage.wallet('dave').publicKey, 'hex');
        await ads.send('admin', network, toNano('0.1'), AdNetwork.announceVoucherKeyMessage({ voucherKey }));
        expect(await ads.passes('showNetwork', [])).toMatch(
            new RegExp(`; from 20\\S+ \\S+ UTC on ${voucherKey.toString('hex')}`),
        );
        await ads.stage.devnet.advance(604_800);
        const path = ads.report('ninth', [`${campaign},20,1000,1000000000`]);
        await ads.sendsNothing('settle', settleWords('ninth', path), 'Set VOUCHER_MNEMONIC', ads.admin());
        const env = { VOUCHER_MNEMONIC: ads.stage.wallet('dave').mnemonic };
        await ads.passes('settle', settleWords('ninth', path), { as: 'admin', env });
        const claimed = await ads.passes('claim', [`file=${ads.vouchersOf('ninth')}`, 'yes'], { as: 'dave' });
        expect(claimed).toContain('The account of payee=20 knows an older voucher key, and fetches the new one first.');
        expect(claimed).toMatch(/1 of 1: 1\.0\d+ TON went to the owner of payee=20/);

        const old = await ads.sendsNothing('claim', [`file=${ads.vouchersOf('eighth')}`, 'yes'], 'is not signed by');
        expect(old).not.toContain('went to');
        await ads.sendsNothing('reissueVouchers', [], 'Set VOUCHER_MNEMONIC', ads.admin());
        const out = ads.vouchersOf('reissued');
        const reissued = await ads.passes('reissueVouchers', [`out=${out}`], { as: 'admin', env });
        expect(reissued).toContain('8 vouchers, signed by the key that holds now');
        await ads.sendsNothing('reissueVouchers', [`out=${out}`], 'is there already: move it away', {
            as: 'admin',
            env,
        });
        const again = ads.vouchersOf('again');
        await ads.passes('reissueVouchers', [`out=${again}`], { as: 'admin', env });
        expect(readFileSync(again)).toEqual(readFileSync(out));
        // Bob has claimed the first of his four, and the file has all of them
        const paid = await ads.passes('claim', [`file=${out}`, 'yes'], { as: 'dave' });
        expect(paid).toContain('1 owners get 4 TON in all from the network.');
    });
});
