import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { RunOptions } from './stage';
import { ScriptStage } from './stage';

// Every script of scripts/ads by the stock command line: `npm run e2e`. ads.e2e.ts has the rest in one process.

let stage: ScriptStage;

const admin = (): RunOptions => ({ as: 'admin', env: { VOUCHER_MNEMONIC: stage.wallet('signer').mnemonic } });

async function passes(script: string, words: string[], options?: RunOptions): Promise<string> {
    const { exitCode, output, error } = await stage.cli(`ads/${script}`, [...words, 'yes'], options);
    expect({ exitCode, error, output }).toEqual({ exitCode: 0, error: '', output });
    return output;
}

async function stops(script: string, words: string[], why: string, options?: RunOptions): Promise<void> {
    const { exitCode, output, error } = await stage.cli(`ads/${script}`, [...words, 'yes'], options);
    expect({ exitCode, output, lines: error.split('\n').length }).toEqual({ exitCode: 1, output, lines: 2 });
    expect(error).toContain(why);
    expect(output).not.toContain('Sent transaction');
}

beforeAll(async () => {
    stage = await ScriptStage.open();
});

afterAll(() => stage.close());

it('the whole way of an advertisement, over both APIs', async () => {
    const key = admin().env;
    const v4 = { api: 'v4' } as const;
    expect(await passes('deployNetwork', ['burst=1000', 'perDay=100'], admin())).toMatch(/Deployed EQ\S+ with/);
    await stops('deployNetwork', ['burst=1000', 'perDay=100'], 'add the word replace', admin());
    expect(await passes('showNetwork', [], v4)).toContain('1000 TON at once');
    await stops('showNetwork', ['network=EQ'], 'is no address');

    const carol = { as: 'carol', version: 'v5r1' } as const;
    const campaignWords = ['id=1', 'budget=30', 'burst=50', 'perDay=10'];
    const created = await passes('createCampaign', campaignWords, carol);
    const campaign = /campaign=\S+/.exec(created)?.[0] ?? '';
    await stops('createCampaign', campaignWords, 'is there already', carol);
    expect(await passes('fundCampaign', [campaign, 'amount=5'], { ...carol, ...v4 })).toContain('Funded');
    await stops('fundCampaign', [campaign, 'amount=x'], 'is no amount', carol);

    expect(await passes('registerChannel', ['payee=1'], { env: key })).toContain('Registered');
    await stops('registerChannel', ['payee=1'], 'The channel has an owner', { env: key });
    expect(await passes('sponsor', ['payee=1', 'amount=4'], { as: 'bob', ...v4 })).toContain(
        'Paid: the owner is due 2',
    );
    await stops('sponsor', ['payee=1', 'amount=0'], 'would pay nobody', { as: 'bob' });
    expect(await passes('reinvest', ['payee=1', campaign, 'amount=1'])).toContain('Reinvested');
    await stops('reinvest', ['payee=1', campaign, 'amount=9'], 'is not what the owner is due');
    expect(await passes('withdraw', ['payee=1'], { as: 'bob' })).toContain('Withdrawn: 1');
    await stops('withdraw', ['payee=1'], 'is due nothing now', { as: 'bob' });
    expect(await passes('showChannel', ['payee=1'])).toMatch(/owner is due +0 TON/);
    await stops('showChannel', ['payee=-1'], 'is no whole number');

    const report = join(stage.directory, 'report.csv');
    const address = campaign.slice('campaign='.length);
    writeFileSync(report, `campaign,payee_id,impressions,cpm\n${address},1,2000,3000000000\n`);
    const words = ['report=november', `file=${report}`];
    expect(await passes('settle', words, { ...admin(), ...v4 })).toContain('booked 1 charges; 1 vouchers are in');
    await stops('settle', words, 'is settled already', admin());
    const vouchers = join(stage.directory, 'vouchers-november.csv');
    expect(readFileSync(vouchers, 'utf8')).toContain('\n1,3000000000,');
    expect(await passes('claim', [`file=${vouchers}`], { as: 'dave' })).toMatch(/1 of 1: 3\.\d+ TON went to the owner/);
    await stops('claim', [`file=${vouchers}`], 'is claimed already', { as: 'dave' });

    expect(await passes('showCampaign', [campaign], v4)).toMatch(/spent +6 TON/);
    await stops('showCampaign', ['campaign=EQ'], 'is no address');
    expect(await passes('sweep', ['payee=1'])).toContain('Swept from payee=1');
    expect(await passes('sweep', [], v4)).toContain('went to the treasury');
    await stops('sweep', [], 'There is nothing to sweep');
    expect(await passes('stopCampaign', [campaign], carol)).toContain('Stopped');
    await stops('stopCampaign', [campaign], 'is stopped already', carol);
    await stops('refundCampaign', [campaign], 'comes back from then on', carol);
    await stage.devnet.advance(172_800);
    expect(await passes('refundCampaign', [campaign], carol)).toContain('Refunded: 30');
    await stops('refundCampaign', [campaign], 'Nothing is left', carol);
}, 900_000);

it('a settlement that is killed goes on when it is run again, and charges once', async () => {
    const carol = { as: 'carol', version: 'v5r1' } as const;
    const words = ['budget=30', 'burst=50', 'perDay=10'];
    for (const [at, killAt] of ['1 lines', 'Sent transaction', 'charges sent'].entries()) {
        const created = await passes('createCampaign', [`id=${at + 10}`, ...words], carol);
        const campaign = /campaign=\S+/.exec(created)?.[0] ?? '';
        const report = join(stage.directory, `killed${at}.csv`);
        const line = `${campaign.slice('campaign='.length)},7,1000,${at + 2}000000000`;
        writeFileSync(report, `campaign,payee_id,impressions,cpm\n${line}\n`);
        const settle = [`report=killed${at}`, `file=${report}`];
        const killed = await stage.cli('ads/settle', [...settle, 'yes'], { ...admin(), killAt });
        expect(killed.exitCode).toBeNull();
        const output = await passes('settle', settle, admin());
        expect(output).toContain('booked 1 charges; 1 vouchers are in');
        expect(await passes('showCampaign', [campaign])).toContain(`spent               ${at + 2} TON`);
    }
    // 1, 1.5 and 2 TON
    expect(readFileSync(join(stage.directory, 'vouchers-killed2.csv'), 'utf8')).toContain('\n7,4500000000,');
}, 900_000);
