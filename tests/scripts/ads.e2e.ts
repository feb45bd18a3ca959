import { Address, toNano } from '@ton/core';

import { ChannelAccount } from '../../wrappers';
import { addressOf } from '../usernames/sdk/fixtures';
import { AdsStage, NETWORK } from './ads-stage';

let ads: AdsStage;
let campaign: string;

beforeAll(async () => {
    ads = await AdsStage.open();
    campaign = await ads.newCampaign(1);
});

afterAll(() => ads.stage.close());

describe('deployNetwork', () => {
    it('shows what it deployed', async () => {
        const output = await ads.passes('showNetwork', []);
        const key = ads.stage.wallet('signer').publicKey;
        for (const part of ['owners get         50 %', '1000 TON at once', key, ads.stage.address('admin')]) {
            expect(output).toContain(part);
        }
    });

    it('does not put a second network in the place of one that runs, and finds one that is deployed', async () => {
        await ads.sendsNothing('deployNetwork', [...NETWORK, 'yes'], 'add the word replace for a new one', ads.admin());
        const before = await ads.stage.balanceOf('admin');
        const output = await ads.passes('deployNetwork', [...NETWORK, 'replace', 'yes'], ads.admin());
        expect(output).toContain('It is deployed already: nothing was sent.');
        expect(await ads.stage.balanceOf('admin')).toBe(before);
    });

    it.each([
        ['no bucket', ['perDay=100'], 'The word burst= is missing'],
        ['a share above all of it', [...NETWORK, 'share=100.01'], 'share=100.01 is no share'],
        ['a value below its rent', [...NETWORK, 'share=40', 'value=0.000001'], 'is less than ten years of rent'],
        ['a value by mistake', [...NETWORK, 'share=40', 'value=100'], 'add the word high'],
        ['a key that is none', [...NETWORK, 'voucherKey=ab'], 'voucherKey= takes 64 hex digits'],
    ])('refuses %s', async (_, words, why) => {
        await ads.sendsNothing('deployNetwork', [...words, 'replace', 'yes'], why, ads.admin());
    });

    it('needs a voucher key', async () => {
        await ads.sendsNothing('deployNetwork', [...NETWORK, 'replace', 'yes'], 'Whose vouchers pay?', { as: 'admin' });
    });
});

describe('a campaign', () => {
    it('is created, funded, and shows when it can have been spent', async () => {
        const one = await ads.newCampaign(2, ['burst=10', 'perDay=86.4'], 25);
        const shown = await ads.passes('showCampaign', [`campaign=${one}`]);
        expect(shown).toMatch(/spent +0 TON\n +budget +25\S* TON\n +can be charged now +10 TON\n/);
        // 15 TON more than the bucket takes, at 0.001 TON a second
        expect(shown).toMatch(/its rest +can be spent, all of it, from 20\d\d-\d\d-\d\d \d\d:\d\d:\d\d UTC on/);
        expect(await ads.passes('fundCampaign', [`campaign=${one}`, 'amount=5', 'yes'], { as: 'bob' })).toMatch(
            /Funded: the budget is 30(\.0\d+)? TON\./,
        );
        const words = ['id=2', 'budget=1', 'burst=10', 'perDay=86.4', 'yes'];
        await ads.sendsNothing('createCampaign', words, 'This campaign is there already', { as: 'carol' });
    });

    it('stops, closes, and gives back the rest', async () => {
        const one = await ads.newCampaign(3);
        const words = [`campaign=${one}`, 'yes'];
        await ads.sendsNothing('refundCampaign', words, 'stop it first', { as: 'carol' });
        await ads.sendsNothing('stopCampaign', words, 'The advertiser is', { as: 'bob' });
        expect(await ads.passes('stopCampaign', words, { as: 'carol' })).toMatch(/Stopped: it closes \d{4}-/);
        await ads.sendsNothing('stopCampaign', words, 'is stopped already', { as: 'carol' });
        await ads.sendsNothing('refundCampaign', words, /closes \d{4}-.*from then on/, { as: 'carol' });
        await ads.sendsNothing('fundCampaign', [...words, 'amount=1'], 'is stopped and takes no money');
        await ads.stage.devnet.advance(172_800);
        await ads.sendsNothing('refundCampaign', words, 'The advertiser is', { as: 'bob' });
        expect(await ads.passes('refundCampaign', words, { as: 'carol' })).toContain('Refunded: 30');
        await ads.sendsNothing('refundCampaign', words, 'Nothing is left', { as: 'carol' });
        expect(await ads.passes('showCampaign', [`campaign=${one}`])).toMatch(/closed since/);
    });

    it('must be one of this network', async () => {
        const wallet = ads.stage.address('carol');
        await ads.sendsNothing(
            'showCampaign',
            [`campaign=${addressOf(9).toString()}`],
            'There is no contract at campaign=',
        );
        await ads.sendsNothing('showCampaign', [`campaign=${wallet}`], 'is no campaign: correct the address');
    });
});

describe('a channel', () => {
    it('is sponsored before it has an owner, registered, and paid', async () => {
        const output = await ads.passes('sponsor', ['payee=10', 'amount=2.000000001', 'yes'], { as: 'bob' });
        expect(output).toContain('At least 2.000000001 TON is divided: 1.000000001 TON for the owner');
        expect(output).toContain('Careful: the channel has no owner yet.');
        await ads.sendsNothing('withdraw', ['payee=10', 'yes'], 'has no owner yet');
        expect(await ads.register(10, 'alice')).toMatch(/is the owner, and is due 1\.000\d+ TON\./);
        const before = await ads.stage.balanceOf('alice');
        const withdrawn = await ads.passes('withdraw', ['payee=10', 'yes'], { as: 'bob' });
        expect(withdrawn).toMatch(/Withdrawn: 1\.0\d+ TON went to/);
        expect(await ads.stage.balanceOf('alice')).toBeGreaterThanOrEqual(before + toNano('0.999'));
        await ads.sendsNothing('withdraw', ['payee=10', 'yes'], 'is due nothing now');
    });

    it('is registered by a certificate for one wallet', async () => {
        const words = ['payee=11', `owner=${ads.stage.address('bob')}`];
        const output = await ads.passes('registerChannel', words, ads.admin());
        expect(output).toContain('Nothing was sent.');
        const certificate = /certificate=\S+/.exec(output)?.[0] ?? '';
        await ads.sendsNothing('registerChannel', [certificate, 'yes'], 'The owner of this certificate is');
        await ads.sendsNothing('registerChannel', [certificate, 'payee=11', 'yes'], 'leave payee= out', { as: 'bob' });
        await ads.sendsNothing('registerChannel', [`${certificate.slice(0, -8)}`, 'yes'], 'is no certificate', {
            as: 'bob',
        });
        expect(await ads.passes('registerChannel', [certificate, 'yes'], { as: 'bob' })).toContain('is the owner');
        await ads.sendsNothing('registerChannel', [certificate, 'yes'], 'The channel has an owner', { as: 'bob' });
    });

    it('is not registered by another key, nor too late', async () => {
        await ads.sendsNothing('registerChannel', ['payee=12', 'yes'], 'No key to sign the certificate with');
        const env = { VOUCHER_MNEMONIC: ads.stage.wallet('bob').mnemonic };
        await ads.sendsNothing('registerChannel', ['payee=12', 'yes'], "is not signed by the network's voucher key", {
            env,
        });
        const words = ['payee=12', 'valid=1h', `owner=${ads.stage.address('alice')}`];
        const certificate = /certificate=\S+/.exec(await ads.passes('registerChannel', words, ads.admin()))?.[0] ?? '';
        await ads.stage.devnet.advance(3600);
        await ads.sendsNothing('registerChannel', [certificate, 'yes'], 'The certificate held until');
    });

    it('is paid out at once when its owner wants that', async () => {
        const account = Address.parse(/account +(\S+)/.exec(await ads.passes('showChannel', ['payee=10']))?.[1] ?? '');
        await ads.send(
            'alice',
            account,
            toNano('0.1'),
            ChannelAccount.setAutoPayoutMessage({ threshold: toNano('1') }),
        );
        expect(await ads.passes('showChannel', ['payee=10'])).toMatch(/automatic payout +from 1 TON on/);
        const paid = await ads.passes('sponsor', ['payee=10', 'amount=5', 'yes'], { as: 'bob' });
        expect(paid).toMatch(/Paid: the owner's threshold is reached, and 2\.(49|5)\d* TON went to/);
    });

    it('reinvests what its owner is due', async () => {
        await ads.register(13, 'alice');
        await ads.passes('sponsor', ['payee=13', 'amount=6', 'comment=well done', 'yes'], { as: 'bob' });
        const words = ['payee=13', `campaign=${campaign}`];
        await ads.sendsNothing('reinvest', [...words, 'amount=3.1', 'yes'], /he is due 3\S* TON/);
        await ads.sendsNothing('reinvest', [...words, 'amount=1', 'yes'], 'The owner is', { as: 'bob' });
        expect(await ads.passes('reinvest', [...words, 'amount=1', 'yes'])).toMatch(/budget is 31(\.00\d+)? TON/);
        expect(await ads.passes('reinvest', [...words, 'yes'])).toMatch(/budget is 33(\.00\d+)? TON/);
        await ads.sendsNothing('reinvest', [...words, 'yes'], 'he is due 0 TON');
    });

    it.each([
        ['a payee that is none', 'showChannel', ['payee=x'], 'payee=x is no whole number below 2^64'],
        ['a payee of 65 bits', 'showChannel', ['payee=18446744073709551616'], 'is no whole number below 2^64'],
        ['a payment of nothing', 'sponsor', ['payee=10', 'amount=0', 'yes'], 'amount=0 would pay nobody'],
    ])('refuses %s', async (_, name, words, why) => {
        await ads.sendsNothing(name, words, why);
    });
});
