import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Cell } from '@ton/core';
import { Address, internal, SendMode, toNano } from '@ton/core';
import { mnemonicToPrivateKey } from '@ton/crypto';
import { TonClient, WalletContractV4 } from '@ton/ton';

import { AdNetwork, ChannelAccount, decodeVoucher, encodeVoucher } from '../../wrappers';
import { addressOf } from '../usernames/sdk/fixtures';
import type { RunOptions } from './stage';
import { ScriptStage } from './stage';

const HEADER = 'campaign,payee_id,impressions,cpm';
const NETWORK = ['burst=1000', 'perDay=100'];
const CAMPAIGN = ['burst=50', 'perDay=86.4'];

let stage: ScriptStage;
let campaign: string;

/** Runs a script that must succeed; gives what it said. */
async function passes(script: string, words: string[], options: RunOptions = {}): Promise<string> {
    const { exitCode, output, error } = await stage.run(`ads/${script}`, words, options);
    expect({ exitCode, error, output }).toEqual({ exitCode: 0, error: '', output });
    return output;
}

/** Runs a script that must be stopped with one line, before anything is sent. */
async function sendsNothing(script: string, words: string[], why: string | RegExp, options: RunOptions = {}) {
    const before = await balanceOf(options.as ?? 'alice');
    const { exitCode, output, error } = await stage.run(`ads/${script}`, words, options);
    expect(error).toMatch(why);
    expect(error).toMatch(/^[^\n]+\n$/);
    expect(exitCode).toBe(1);
    expect(await balanceOf(options.as ?? 'alice')).toBe(before);
    return output;
}

async function balanceOf(name: string): Promise<bigint> {
    const { json } = await stage.devnet.get(`/api/v2/getAddressBalance?address=${stage.address(name)}`);
    return BigInt((json as { result: string }).result);
}

/** What no script sends, from a wallet. */
async function send(name: string, to: Address, value: bigint, body: Cell): Promise<void> {
    const { publicKey, secretKey } = await mnemonicToPrivateKey(stage.wallet(name).mnemonic.split(' '));
    const client = new TonClient({ endpoint: stage.devnet.v2 });
    const wallet = client.open(WalletContractV4.create({ workchain: 0, publicKey }));
    const seqno = await wallet.getSeqno();
    const messages = [internal({ to, value, body })];
    await wallet.sendTransfer({ seqno, secretKey, sendMode: SendMode.PAY_GAS_SEPARATELY, messages });
}

const voucherKey = () => ({ VOUCHER_MNEMONIC: stage.wallet('signer').mnemonic });
const admin = (): RunOptions => ({ as: 'admin', env: voucherKey() });

/** The owner registers the payee's channel, by a certificate that he signs himself. */
const register = (payee: number, as: string): Promise<string> =>
    passes('registerChannel', [`payee=${payee}`, 'yes'], { as, env: voucherKey() });

/** Carol's campaign with a number of its own; gives its address. */
async function newCampaign(id: number, words: string[] = CAMPAIGN, budget = 30): Promise<string> {
    const output = await passes('createCampaign', [`id=${id}`, `budget=${budget}`, ...words, 'yes'], { as: 'carol' });
    return /campaign=(\S+)/.exec(output)?.[1] ?? '';
}

function report(name: string, lines: string[]): string {
    const path = join(stage.directory, `${name}.csv`);
    writeFileSync(path, [HEADER, ...lines].join('\n'));
    return path;
}

const settleWords = (name: string, path: string): string[] => [`report=${name}`, `file=${path}`, 'yes'];
const vouchersOf = (name: string): string => join(stage.directory, `vouchers-${name}.csv`);

beforeAll(async () => {
    stage = await ScriptStage.open();
    await passes('deployNetwork', [...NETWORK, 'yes'], admin());
    campaign = await newCampaign(1);
});

afterAll(() => stage.close());

describe('deployNetwork', () => {
    it('shows what it deployed', async () => {
        const output = await passes('showNetwork', []);
        const key = stage.wallet('signer').publicKey;
        for (const part of ['owners get         50 %', '1000 TON at once', key, stage.address('admin')]) {
            expect(output).toContain(part);
        }
    });

    it('does not put a second network in the place of one that runs, and finds one that is deployed', async () => {
        await sendsNothing('deployNetwork', [...NETWORK, 'yes'], 'add the word replace for a new one', admin());
        const before = await balanceOf('admin');
        const output = await passes('deployNetwork', [...NETWORK, 'replace', 'yes'], admin());
        expect(output).toContain('It is deployed already: nothing was sent.');
        expect(await balanceOf('admin')).toBe(before);
    });

    it.each([
        ['no bucket', ['perDay=100'], 'The word burst= is missing'],
        ['a share above all of it', [...NETWORK, 'share=100.01'], 'share=100.01 is no share'],
        ['a value below its rent', [...NETWORK, 'share=40', 'value=0.000001'], 'is less than ten years of rent'],
        ['a value by mistake', [...NETWORK, 'share=40', 'value=100'], 'add the word high'],
        ['a key that is none', [...NETWORK, 'voucherKey=ab'], 'voucherKey= takes 64 hex digits'],
    ])('refuses %s', async (_, words, why) => {
        await sendsNothing('deployNetwork', [...words, 'replace', 'yes'], why, admin());
    });

    it('needs a voucher key', async () => {
        await sendsNothing('deployNetwork', [...NETWORK, 'replace', 'yes'], 'Whose vouchers pay?', { as: 'admin' });
    });
});

describe('a campaign', () => {
    it('is created, funded, and shows when it can have been spent', async () => {
        const one = await newCampaign(2, ['burst=10', 'perDay=86.4'], 25);
        const shown = await passes('showCampaign', [`campaign=${one}`]);
        expect(shown).toMatch(/spent +0 TON\n +budget +25\S* TON\n +can be charged now +10 TON\n/);
        // 15 TON more than the bucket takes, at 0.001 TON a second
        expect(shown).toMatch(/its rest +can be spent, all of it, from 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC on/);
        expect(await passes('fundCampaign', [`campaign=${one}`, 'amount=5', 'yes'], { as: 'bob' })).toMatch(
            /Funded: the budget is 30(\.0\d+)? TON\./,
        );
        const words = ['id=2', 'budget=1', 'burst=10', 'perDay=86.4', 'yes'];
        await sendsNothing('createCampaign', words, 'This campaign is there already', { as: 'carol' });
    });

    it('stops, closes, and gives back the rest', async () => {
        const one = await newCampaign(3);
        const words = [`campaign=${one}`, 'yes'];
        await sendsNothing('refundCampaign', words, 'stop it first', { as: 'carol' });
        await sendsNothing('stopCampaign', words, 'The advertiser is', { as: 'bob' });
        expect(await passes('stopCampaign', words, { as: 'carol' })).toMatch(/Stopped: it closes \d{4}-/);
        await sendsNothing('stopCampaign', words, 'is stopped already', { as: 'carol' });
        await sendsNothing('refundCampaign', words, /closes \d{4}-.*from then on/, { as: 'carol' });
        await sendsNothing('fundCampaign', [...words, 'amount=1'], 'is stopped and takes no money');
        await stage.devnet.advance(172_800);
        await sendsNothing('refundCampaign', words, 'The advertiser is', { as: 'bob' });
        expect(await passes('refundCampaign', words, { as: 'carol' })).toContain('Refunded: 30');
        await sendsNothing('refundCampaign', words, 'Nothing is left', { as: 'carol' });
        expect(await passes('showCampaign', [`campaign=${one}`])).toMatch(/closed since/);
    });

    it('must be one of this network', async () => {
        const wallet = stage.address('carol');
        await sendsNothing(
            'showCampaign',
            [`campaign=${addressOf(9).toString()}`],
            'There is no contract at campaign=',
        );
        await sendsNothing('showCampaign', [`campaign=${wallet}`], 'is no campaign: correct the address');
    });
});

describe('a channel', () => {
    it('is sponsored before it has an owner, registered, and paid', async () => {
        const output = await passes('sponsor', ['payee=10', 'amount=2.000000001', 'yes'], { as: 'bob' });
        expect(output).toContain('At least 2.000000001 TON is divided: 1.000000001 TON for the owner');
        expect(output).toContain('Careful: the channel has no owner yet.');
        await sendsNothing('withdraw', ['payee=10', 'yes'], 'has no owner yet');
        expect(await register(10, 'alice')).toMatch(/is the owner, and is due 1\.000\d+ TON\./);
        const before = await balanceOf('alice');
        const withdrawn = await passes('withdraw', ['payee=10', 'yes'], { as: 'bob' });
        expect(withdrawn).toMatch(/Withdrawn: 1\.0\d+ TON went to/);
        expect(await balanceOf('alice')).toBeGreaterThanOrEqual(before + toNano('0.999'));
        await sendsNothing('withdraw', ['payee=10', 'yes'], 'is due nothing now');
    });

    it('is registered by a certificate for one wallet', async () => {
        const words = ['payee=11', `owner=${stage.address('bob')}`];
        const output = await passes('registerChannel', words, admin());
        expect(output).toContain('Nothing was sent.');
        const certificate = /certificate=\S+/.exec(output)?.[0] ?? '';
        await sendsNothing('registerChannel', [certificate, 'yes'], 'The owner of this certificate is');
        await sendsNothing('registerChannel', [certificate, 'payee=11', 'yes'], 'leave payee= out', { as: 'bob' });
        await sendsNothing('registerChannel', [`${certificate.slice(0, -8)}`, 'yes'], 'is no certificate', {
            as: 'bob',
        });
        expect(await passes('registerChannel', [certificate, 'yes'], { as: 'bob' })).toContain('is the owner');
        await sendsNothing('registerChannel', [certificate, 'yes'], 'The channel has an owner', { as: 'bob' });
    });

    it('is not registered by another key, nor too late', async () => {
        await sendsNothing('registerChannel', ['payee=12', 'yes'], 'No key to sign the certificate with');
        const env = { VOUCHER_MNEMONIC: stage.wallet('bob').mnemonic };
        await sendsNothing('registerChannel', ['payee=12', 'yes'], "is not signed by the network's voucher key", {
            env,
        });
        const words = ['payee=12', 'valid=1h', `owner=${stage.address('alice')}`];
        const certificate = /certificate=\S+/.exec(await passes('registerChannel', words, admin()))?.[0] ?? '';
        await stage.devnet.advance(3600);
        await sendsNothing('registerChannel', [certificate, 'yes'], 'The certificate held until');
    });

    it('is paid out at once when its owner wants that', async () => {
        const account = Address.parse(/account +(\S+)/.exec(await passes('showChannel', ['payee=10']))?.[1] ?? '');
        await send('alice', account, toNano('0.1'), ChannelAccount.setAutoPayoutMessage({ threshold: toNano('1') }));
        expect(await passes('showChannel', ['payee=10'])).toMatch(/automatic payout +from 1 TON on/);
        const paid = await passes('sponsor', ['payee=10', 'amount=5', 'yes'], { as: 'bob' });
        expect(paid).toMatch(/Paid: the owner's threshold is reached, and 2\.(49|5)\d* TON went to/);
    });

    it('reinvests what its owner is due', async () => {
        await register(13, 'alice');
        await passes('sponsor', ['payee=13', 'amount=6', 'comment=well done', 'yes'], { as: 'bob' });
        const words = ['payee=13', `campaign=${campaign}`];
        await sendsNothing('reinvest', [...words, 'amount=3.1', 'yes'], /he is due 3\S* TON/);
        await sendsNothing('reinvest', [...words, 'amount=1', 'yes'], 'The owner is', { as: 'bob' });
        expect(await passes('reinvest', [...words, 'amount=1', 'yes'])).toMatch(/budget is 31(\.00\d+)? TON/);
        expect(await passes('reinvest', [...words, 'yes'])).toMatch(/budget is 33(\.00\d+)? TON/);
        await sendsNothing('reinvest', [...words, 'yes'], 'he is due 0 TON');
    });

    it.each([
        ['a payee that is none', 'showChannel', ['payee=x'], 'payee=x is no whole number below 2^64'],
        ['a payee of 65 bits', 'showChannel', ['payee=18446744073709551616'], 'is no whole number below 2^64'],
        ['a payment of nothing', 'sponsor', ['payee=10', 'amount=0', 'yes'], 'amount=0 would pay nobody'],
    ])('refuses %s', async (_, name, words, why) => {
        await sendsNothing(name, words, why);
    });
});

describe('settle and claim', () => {
    it('charges a report, and pays the owners by its vouchers', async () => {
        await register(20, 'alice');
        await register(21, 'bob');
        const one = await newCampaign(4);
        const path = report('first', [
            `${one},20,1000,4000000001`,
            `${one},21,500,2000000000`,
            `${one},22,1000,1000000000`,
        ]);
        await sendsNothing('settle', settleWords('first', path), 'The operator is', { env: voucherKey() });
        await sendsNothing('settle', settleWords('first', path), 'Set VOUCHER_MNEMONIC', { as: 'admin' });
        const output = await passes('settle', settleWords('first', path), admin());
        expect(output).toContain('Report first: 3 lines. 1 campaigns are charged 6.000000001 TON; 3 payees are in it.');
        expect(output).toContain('Settled: the network has booked 1 charges; 3 vouchers are in');
        expect(await passes('showCampaign', [`campaign=${one}`])).toMatch(/spent +6\.000000001 TON/);
        expect(await passes('showNetwork', [])).toMatch(/owners are due +3\.000000001 TON/);
        await sendsNothing('settle', settleWords('first', path), 'The report first is settled already', admin());
        await sendsNothing(
            'settle',
            settleWords('second', path),
            'The very same lines were settled as report first',
            admin(),
        );

        const [, ...lines] = readFileSync(vouchersOf('first'), 'utf8').trimEnd().split('\n');
        expect(lines.map((line) => line.split(',').slice(0, 2))).toEqual([
            ['20', '2000000000'],
            ['21', '500000000'],
            ['22', '500000000'],
        ]);
        const before = { alice: await balanceOf('alice'), bob: await balanceOf('bob') };
        const claimed = await passes('claim', [`file=${vouchersOf('first')}`, 'yes'], { as: 'dave', version: 'v5r1' });
        expect(claimed).toContain('Left out: the channel payee=22 has no owner yet');
        expect(claimed).toContain('2 owners get 2.5 TON in all');
        expect(await balanceOf('alice')).toBeGreaterThanOrEqual(before.alice + toNano('1.999'));
        expect(await balanceOf('bob')).toBeGreaterThanOrEqual(before.bob + toNano('0.499'));
        await sendsNothing('claim', [`file=${vouchersOf('first')}`, 'yes'], 'None of these vouchers can be claimed');
        const voucher = lines[0]?.split(',')[2] ?? '';
        await sendsNothing(
            'claim',
            [`voucher=${voucher}`, 'yes'],
            'is claimed already: the account has received 2 TON',
        );

        const next = report('second', [`${one},20,1000,1000000000`]);
        await passes('settle', settleWords('second', next), admin());
        expect(readFileSync(vouchersOf('second'), 'utf8')).toContain('20,2500000000,');
    });

    it('sweeps the platform share of a channel, and of the network', async () => {
        await passes('sponsor', ['payee=20', 'amount=4', 'yes'], { as: 'bob' });
        expect(await passes('sweep', ['payee=20', 'yes'])).toMatch(/Swept from payee=20: the platform is due \d/);
        await sendsNothing('sweep', ['payee=20', 'yes'], 'There is nothing to sweep');
        await sendsNothing('sweep', ['payee=99', 'yes'], 'There is nothing to sweep');
        expect(await passes('sweep', ['yes'])).toMatch(/Swept: \d\S+ TON went to the treasury/);
        await sendsNothing('sweep', ['yes'], 'There is nothing to sweep');
    });

    it('refuses a bad line before anything is recorded', async () => {
        const good = `${campaign},20,1000,1000`;
        const bad = (name: string, line: string): [string, string[]] => {
            const path = report(name, [good, line, good]);
            return [path, settleWords(name, path)];
        };
        for (const [name, line, why] of [
            ['number', `${campaign},20,1e3,1000`, ':3: impressions "1e3" is no whole number.'],
            ['wallet', `${stage.address('bob')},20,1000,1000`, /:3: The contract at campaign=\S+ is no campaign/],
            ['nowhere', `${addressOf(8).toString()},20,1000,1000`, /:3: There is no contract at campaign=/],
        ] as const) {
            const [, words] = bad(name, line);
            await sendsNothing('settle', words, why, admin());
            expect(existsSync(vouchersOf(name))).toBe(false);
        }
        const ledger = ['ledger=deployments.json', ...settleWords('x', report('x', [good]))];
        writeFileSync(join(stage.directory, 'other.db'), 'no ledger');
        await sendsNothing(
            'settle',
            [`ledger=${join(stage.directory, 'other.db')}`, ...ledger.slice(1)],
            'is no ledger',
            admin(),
        );
    });

    it('leaves out a campaign that cannot pay only when it is told to', async () => {
        const small = await newCampaign(5, ['burst=1', 'perDay=86.4'], 30);
        const path = report('third', [`${small},20,1000,1500000000`, `${campaign},21,1000,1000000000`]);
        const why =
            /1 of 2 campaigns cannot pay, first \S+ its 1\.5 TON: its budget is 30\S* TON, of which 1 TON can be charged/;
        await sendsNothing('settle', settleWords('third', path), why, admin());
        const output = await passes('settle', ['leaveOut', ...settleWords('third', path)], admin());
        expect(output).toContain('1 campaigns are charged 1 TON, 1 are left out');
        expect(readFileSync(vouchersOf('third'), 'utf8').trimEnd().split('\n').length).toBe(2);
    });

    it('goes on after a campaign refused in between', async () => {
        const stopped = await newCampaign(6);
        const path = report('fourth', [`${stopped},20,1000,2000000000`, `${campaign},21,1000,1000000000`]);
        const words = settleWords('fourth', path).slice(0, 2);
        const meanwhile = async (): Promise<void> => {
            await passes('stopCampaign', [`campaign=${stopped}`, 'yes'], { as: 'carol' });
            await stage.devnet.advance(172_800);
        };
        const refused = await stage.run('ads/settle', words, { ...admin(), answers: [true], meanwhile });
        expect(refused.error).toMatch(/1 campaigns did not pay \(campaign_closed \(1202\).*run the same report again/);
        expect(refused.exitCode).toBe(1);
        expect(existsSync(vouchersOf('fourth'))).toBe(false);
        const other = report('fifth', [`${campaign},21,1000,1000000000`]);
        await sendsNothing(
            'settle',
            settleWords('fifth', other),
            'The report fourth is not settled to its end',
            admin(),
        );
        await sendsNothing('settle', settleWords('fourth', other), 'was begun with another file', admin());
        const output = await passes('settle', ['leaveOut', ...settleWords('fourth', path)], admin());
        expect(output).toContain('An earlier run has begun report fourth');
        expect(output).toContain('booked 1 charges, 1 campaigns were left out; 1 vouchers are in');
    });

    it('refuses what could never be paid, and to write over a file', async () => {
        const rich = report('rich', [`${campaign},21,1000,2000000000002`]);
        await sendsNothing('settle', settleWords('rich', rich), 'Payee 21 earns more than the 1000 TON', admin());
        const path = report('seventh', [`${campaign},21,1000,1000000007`]);
        writeFileSync(vouchersOf('seventh'), 'mine');
        await sendsNothing('settle', settleWords('seventh', path), 'is there already: move it away', admin());
        expect(readFileSync(vouchersOf('seventh'), 'utf8')).toBe('mine');
        await sendsNothing('settle', settleWords('../x', path), 'is no name: letters, digits', admin());
    });

    it('is not bound by a report that nobody wanted to send', async () => {
        const [wrong, right] = [50, 60].map((cpm) => report(`eighth${cpm}`, [`${campaign},21,1000,${cpm}00000000`]));
        const words = (path = ''): string[] => settleWords('eighth', path).slice(0, 2);
        await sendsNothing('settle', words(wrong), 'Stopped: nothing was sent.', { ...admin(), answers: [false] });
        await sendsNothing('settle', words(wrong), 'add the word yes to send it', admin());
        expect(await passes('settle', [...words(right), 'yes'], admin())).toContain('are charged 6 TON');
    });

    it('refuses vouchers that are none, or of another key', async () => {
        const lines = readFileSync(vouchersOf('second'), 'utf8').split('\n');
        const changed = (text: string): string => {
            writeFileSync(join(stage.directory, 'changed.csv'), [lines[0], text].join('\n'));
            return `file=${join(stage.directory, 'changed.csv')}`;
        };
        const line = lines[1] ?? '';
        await sendsNothing(
            'claim',
            [changed(line.replace('2500000000', '2500000001')), 'yes'],
            /:2: the voucher is of/,
        );
        await sendsNothing('claim', [changed(line.slice(0, -20)), 'yes'], /:2: This is not a voucher/);
        await sendsNothing('claim', ['voucher=te6cc', 'yes'], 'voucher= is no voucher');
        await sendsNothing('claim', ['yes'], 'Give voucher= (one) or file=');
        const voucher = decodeVoucher(line.split(',')[2] ?? '');
        const forged = encodeVoucher({ ...voucher, cumulative: voucher.cumulative + 1n });
        await sendsNothing('claim', [`voucher=${forged}`, 'yes'], "is not signed by the network's voucher key");
    });

    it('refuses a ledger that does not know what was charged', async () => {
        const path = report('sixth', [`${campaign},21,1000,3000000000`]);
        const words = [`ledger=${join(stage.directory, 'fresh.db')}`, ...settleWords('sixth', path)];
        await sendsNothing(
            'settle',
            words,
            /:2: the campaign \S+ has spent \S+ TON, and by this ledger 0 TON/,
            admin(),
        );
    });

    it('follows the voucher key when it has been replaced', async () => {
        const shown = await passes('showNetwork', []);
        const network = Address.parse(/network +(\S+)/.exec(shown)?.[1] ?? '');
        const voucherKey = Buffer.from(stage.wallet('dave').publicKey, 'hex');
        await send('admin', network, toNano('0.1'), AdNetwork.announceVoucherKeyMessage({ voucherKey }));
        expect(await passes('showNetwork', [])).toMatch(
            new RegExp(`; from 20\\S+ \\S+ UTC on ${voucherKey.toString('hex')}`),
        );
        await stage.devnet.advance(604_800);
        const path = report('ninth', [`${campaign},20,1000,1000000000`]);
        await sendsNothing('settle', settleWords('ninth', path), 'Set VOUCHER_MNEMONIC', admin());
        const env = { VOUCHER_MNEMONIC: stage.wallet('dave').mnemonic };
        await passes('settle', settleWords('ninth', path), { as: 'admin', env });
        const claimed = await passes('claim', [`file=${vouchersOf('ninth')}`, 'yes'], { as: 'dave' });
        expect(claimed).toContain('The account of payee=20 knows an older voucher key, and fetches the new one first.');
        expect(claimed).toMatch(/1 of 1: 1\.0\d+ TON went to the owner of payee=20/);
    });
});
