import { Address, fromNano, toNano, type Sender } from '@ton/core';
import { TonClient } from '@ton/ton';
import { readFileSync } from 'node:fs';
import type { Page } from 'playwright-core';

import { namedWallets, walletOf, type NamedWallet, type WalletName } from '../../devnet/wallets';
import {
    adNetworkEvents,
    Campaign,
    campaignEvents,
    ChannelAccount,
    channelAccountEvents,
    encodeVoucher,
    historyOverV3,
    MAINNET_PRICES,
    quoteReinvest,
    readAccount,
    readHistory,
    signVoucher,
    type AccountTransaction,
    type Voucher,
} from '../../wrappers';
import { connect, picture, seriousFaults, sign, Stage } from './stage';

jest.setTimeout(180_000);

const HOURS_48 = 48 * 3600;
const PHONE = { width: 390, height: 844 };
const DESKTOP = { width: 1280, height: 900 };

describe('the pages of earnings and campaigns', () => {
    let stage: Stage;
    let client: TonClient;
    let wallets: NamedWallet[];
    let contracts: Map<string, Address>;

    beforeAll(async () => {
        stage = await Stage.open();
        client = new TonClient({ endpoint: stage.devnet.v2 });
        wallets = await namedWallets();
        const info = await stage.devnet.info();
        contracts = new Map(info.contracts.map(({ name, address }) => [name, Address.parse(address)]));
    });
    afterAll(() => stage.close());
    afterEach(() => expect(stage.consoleErrors).toEqual([]));

    const addressOf = (name: string): Address =>
        contracts.get(name) ?? walletOf(wallets, name as WalletName).v5r1.address;
    const senderOf = (name: WalletName): Sender => {
        const { v5r1, secretKey } = walletOf(wallets, name);
        return client.open(v5r1).sender(secretKey);
    };
    const channel = (name: string) => client.open(ChannelAccount.createFromAddress(addressOf(name)));
    const campaign = (address: Address) => client.open(Campaign.createFromAddress(address));
    const historyOf = (account: Address): Promise<AccountTransaction[]> =>
        readHistory(historyOverV3({ endpoint: `${stage.devnet.url}/api/v3` }), account, { limit: Infinity });

    /**
     * The page of a person's own, who is connected.
     *
     * @param now unix seconds by the device's clock: a wallet lets its message expire by it
     */
    const open = async (person: WalletName, path: string, now?: number): Promise<Page> => {
        const page = await stage.page();
        page.setDefaultTimeout(20_000);
        if (now !== undefined) {
            await page.clock.setFixedTime(now * 1000);
        }
        await goTo(page, path);
        await connect(page, person);
        await page.getByRole('banner').getByRole('button', { name: /^UQ/ }).waitFor();
        return page;
    };
    const goTo = async (page: Page, path: string): Promise<void> => {
        await page.goto(`${stage.url}#${path}`);
    };
    const begin = async (page: Page, button: string | RegExp): Promise<void> => {
        await page.getByRole('main').getByRole('button', { name: button, exact: true }).click();
        await page.getByTestId('money').waitFor();
    };
    const openWallet = (page: Page): Promise<void> => page.getByRole('button', { name: 'Open the wallet' }).click();
    const close = async (page: Page): Promise<void> => {
        await page.getByRole('dialog').getByRole('button', { name: 'Close' }).last().click();
        await page.getByRole('dialog').waitFor({ state: 'detached' });
    };
    /** An operation from its button to what the chain says of it. */
    const carryOut = async (page: Page, button: string | RegExp, outcome: string | RegExp): Promise<void> => {
        await begin(page, button);
        await openWallet(page);
        await sign(page);
        await page.getByRole('dialog').getByText(outcome).waitFor();
        await close(page);
    };
    /** Pictures of a page in both themes and at both widths; none of them has a serious fault. */
    const look = async (page: Page, name: string): Promise<void> => {
        for (const colorScheme of ['dark', 'light'] as const) {
            await page.emulateMedia({ colorScheme });
            await page.locator(`html[data-mantine-color-scheme=${colorScheme}]`).waitFor();
            await page.waitForFunction('document.getAnimations().length === 0');
            expect(await seriousFaults(page)).toEqual([]);
            await picture(page, `${name}-${colorScheme}`);
            await page.setViewportSize(PHONE);
            await page.waitForFunction(`document.documentElement.scrollWidth <= ${PHONE.width}`);
            await picture(page, `${name}-${colorScheme}-phone`);
            await page.setViewportSize(DESKTOP);
        }
    };
    const figure = (page: Page, name: string) => page.getByTestId(name).locator('.numeric');
    const line = (page: Page, label: string) =>
        page.getByTestId('money').getByRole('row').filter({ hasText: label }).getByRole('cell');

    it('leads to a channel by its number, and lists those with recent activity', async () => {
        const page = await stage.page('#/earnings');
        await page.getByRole('link', { name: 'Channel 1', exact: true }).waitFor();
        await page.getByRole('link', { name: 'Channel 2', exact: true }).waitFor();
        await look(page, 'earnings');
        await page.getByLabel('Number of the channel').fill('one');
        await page.getByText('A number of a channel is a whole number').waitFor();
        expect(await page.getByRole('button', { name: 'Show' }).isDisabled()).toBe(true);
        await page.getByLabel('Number of the channel').fill('3');
        await page.keyboard.press('Enter');
        await page.getByRole('heading', { name: 'Channel 3' }).waitFor();
        // It is remembered
        await page.getByRole('link', { name: 'All channels' }).click();
        await page.getByRole('link', { name: 'Channel 3', exact: true }).waitFor();
        await goTo(page, '/earnings/999');
        await page.getByText('Nothing has reached this channel yet.').waitFor();
        await page.context().close();
    });

    it('claims a voucher of the operator’s file: the owner gets what he has not had', async () => {
        const page = await open('bob', '/earnings/2');
        await page.getByText('The operator’s newest voucher says 10 TON in all').waitFor();
        expect(await figure(page, 'earned').innerText()).toBe('4 TON');
        await page.getByText('to the last billionth what the network still owes').waitFor();
        await look(page, 'channel');

        await page.getByLabel('Voucher of your own').fill('nonsense');
        await page.getByText('This is no voucher. Copy the whole text').waitFor();
        expect(await page.getByRole('button', { name: 'Claim with this voucher' }).isDisabled()).toBe(true);
        await page.getByLabel('Voucher of your own').fill('');

        await begin(page, 'Claim 6 TON');
        expect(await line(page, 'Arrives').innerText()).toBe('6 TON');
        await picture(page, 'claim');
        await openWallet(page);
        await sign(page, 'Decline');
        await page.getByText('You declined in the wallet. Nothing was sent, nothing was paid.').waitFor();
        expect((await channel('channel2').getState()).received).toBe(toNano('4'));
        await openWallet(page);
        await sign(page);
        await page
            .getByRole('dialog')
            .getByText(/^6\.\d+ TON are on their way to the owner’s wallet\.$/)
            .waitFor();
        expect(await seriousFaults(page)).toEqual([]);
        await close(page);

        expect((await channel('channel2').getState()).received).toBe(toNano('10'));
        const [paid] = (await historyOf(addressOf('ads'))).flatMap(adNetworkEvents);
        expect(paid).toMatchObject({ type: 'paid_out', payeeId: 2n, drawn: toNano('6'), to: addressOf('bob') });
        await page.getByText('All that the operator’s file has for you is claimed.').waitFor();
        await page.getByTestId('earned').getByText('10 TON').waitFor();
        await page.context().close();
    });

    /** A voucher of bob's channel for 2000 TON in all. */
    const sign2000 = (signer: WalletName): Promise<Voucher> =>
        signVoucher({
            globalId: -239,
            network: addressOf('ads'),
            account: addressOf('channel2'),
            payeeId: 2n,
            cumulative: toNano('2000'),
            signer: walletOf(wallets, signer).secretKey,
        });

    it('says of a voucher that brings nothing why, before the wallet opens', async () => {
        const page = await open('alice', '/earnings/1');
        const response = await page.request.get(`${stage.url}vouchers.csv`);
        const [, bobs = ''] = (await response.text()).split('\n');
        await page.getByLabel('Voucher of your own').fill(bobs.split(',')[2] ?? '');
        await page.getByText('This voucher is of channel 2.').waitFor();
        await page.context().route('**/vouchers.csv', (route) => route.fulfill({ body: 'something else' }));
        await page.reload();
        await page.getByText('The operator’s file of vouchers could not be read.').waitFor();
        await page.context().close();
        const bob = await open('bob', '/earnings/2');
        const openedWith = async (voucher: string): Promise<void> => {
            await bob.getByLabel('Voucher of your own').fill(voucher);
            await begin(bob, 'Claim with this voucher');
        };
        const isRefused = async (reason: string): Promise<void> => {
            await bob.getByRole('dialog').getByText(reason).waitFor();
            expect(await bob.getByRole('button', { name: 'Open the wallet' }).isDisabled()).toBe(true);
            await bob.getByRole('button', { name: 'Cancel' }).click();
        };
        await openedWith(bobs.split(',')[2] ?? '');
        await isRefused('There is nothing to pay out, or nothing above what was paid before.');
        await openedWith(encodeVoucher(await sign2000('alice')));
        await isRefused("The signature is not the voucher key's for this text.");
        // More than campaigns have paid
        const uncovered = await sign2000('signer');
        await openedWith(encodeVoucher(uncovered));
        await isRefused('The network does not owe its owners so much yet.');
        // Sent all the same, by somebody else: it changes nothing, and the statement has it
        await channel('channel2').sendClaim(senderOf('dave'), { value: toNano('0.1'), voucher: uncovered });
        await bob.getByTestId('statement').getByText('Claim refused by the network').waitFor();
        expect(await figure(bob, 'earned').innerText()).toBe('10 TON');
        await bob.context().close();
    });

    it('lets anybody sponsor a channel, and nobody but its owner act in it', async () => {
        const alice = await open('alice', '/earnings/1');
        await alice.getByTestId('earned').waitFor();
        const page = await open('dave', '/earnings/1');
        await page.getByText('This channel belongs to somebody else').waitFor();
        for (const name of ['Withdraw', 'Automatic payout', 'Reinvest']) {
            expect(await page.getByRole('button', { name }).count()).toBe(0);
        }
        const before = await channel('channel1').getState();
        await page.getByLabel('Amount in TON').fill('4');
        await begin(page, 'Sponsor');
        expect(await line(page, 'The owner’s part').innerText()).toBe('2 TON');
        expect(await line(page, 'The network’s part').innerText()).toBe('2 TON');
        await openWallet(page);
        await sign(page);
        await page
            .getByRole('dialog')
            .getByText(/^Paid: 4\.\d+ TON have reached the channel\.$/)
            .waitFor();
        const { ownerDue, platformDue } = await channel('channel1').getState();
        expect([ownerDue - before.ownerDue, platformDue - before.platformDue]).toEqual([toNano('2'), toNano('2')]);
        await page.context().close();
        // The owner's page goes along
        await alice.getByTestId('earned').getByText('7.0').waitFor();
        await alice.context().close();
    });

    it('reinvests, withdraws, and pays out by itself at a threshold', async () => {
        const page = await open('alice', '/earnings/1');
        await page.getByRole('button', { name: 'Reinvest' }).click();
        await page.getByRole('combobox', { name: 'Address of the campaign' }).fill('nowhere');
        await page.getByText('Type a whole address').waitFor();
        await page.getByRole('combobox', { name: 'Address of the campaign' }).fill(addressOf('campaign1').toString());
        await page.getByRole('region', { name: 'Reinvest' }).getByLabel('Amount in TON').fill('1.5');
        const { budget } = await campaign(addressOf('campaign1')).getState();
        const { ownerDue } = await channel('channel1').getState();
        await begin(page, 'Put it in');
        await page.getByText('what it does not spend goes to that wallet').waitFor();
        await openWallet(page);
        await sign(page);
        await page.getByRole('dialog').getByText('1.5 TON are in the campaign’s budget.').waitFor();
        await close(page);
        expect((await channel('channel1').getState()).ownerDue).toBe(ownerDue - toNano('1.5'));
        // With what its way cost less than it carried
        const reinvested = (await campaign(addressOf('campaign1')).getState()).budget - budget;
        expect(reinvested).toBeGreaterThanOrEqual(toNano('1.5'));
        expect(reinvested).toBeLessThan(toNano('1.51'));

        // One that is stopped sends it back, and it is due again
        const { balance } = await readAccount(client, addressOf('channel1'));
        const funds = { ...(await channel('channel1').getState()), balance };
        const value = quoteReinvest(funds, MAINNET_PRICES);
        const other = { campaign: addressOf('campaign2'), amount: toNano('0.5') };
        await channel('channel1').sendReinvest(senderOf('alice'), { value, ...other });
        await page.getByTestId('statement').getByText('Campaign sent it back').waitFor();
        expect((await channel('channel1').getState()).ownerDue).toBe(ownerDue - toNano('1.5'));

        await carryOut(page, 'Withdraw', `${fromNano(ownerDue - toNano('1.5'))} TON are on their way`);
        const [withdrawn] = (await historyOf(addressOf('channel1'))).flatMap(channelAccountEvents);
        expect(withdrawn).toMatchObject({ to: addressOf('alice'), amount: ownerDue - toNano('1.5') });
        expect(await page.getByRole('button', { name: 'Withdraw' }).isDisabled()).toBe(true);

        await page.getByRole('button', { name: 'Automatic payout' }).click();
        await page.getByLabel('From so many TON on').fill('0.001');
        await begin(page, 'Set the threshold');
        await page.getByText('A threshold is at least 100 times the price of a payout.').waitFor();
        await page.getByRole('button', { name: 'Cancel' }).click();
        await page.getByLabel('From so many TON on').fill('3');
        await carryOut(page, 'Set the threshold', 'The account pays you from 3 TON on.');
        expect((await channel('channel1').getState()).autoPayout).toBe(toNano('3'));
        await channel('channel1').sendPayment(senderOf('dave'), { value: toNano('8'), comment: 'thanks' });
        await page.getByTestId('statement').getByText('Automatic payout').waitFor();
        expect((await channel('channel1').getState()).ownerDue).toBe(0n);
        await page.context().close();
    });

    it('gives a statement as CSV whose sums are what the chain says', async () => {
        const page = await open('alice', '/earnings/1');
        const [download] = await Promise.all([
            page.waitForEvent('download'),
            page.getByRole('link', { name: 'Download as CSV' }).click(),
        ]);
        expect(download.suggestedFilename()).toBe('channel-1.csv');
        const [header, ...lines] = readFileSync(await download.path(), 'utf8')
            .trimEnd()
            .split('\r\n');
        expect(header).toBe('time,kind,gross,share,fee,paid_out,reinvested,transaction');
        const rows = lines.map((text) => text.split(','));
        const sum = (column: number, of = rows): bigint => of.reduce((all, row) => all + toNano(row[column] ?? ''), 0n);
        const [difference = [], ...others] = rows.slice(-1);
        expect([difference[1], others]).toEqual(['Difference of fees', []]);

        const { ownerDue, received, autoPayout } = await channel('channel1').getState();
        const history = (await historyOf(addressOf('channel1'))).reverse();
        const events = history.flatMap(channelAccountEvents);
        const total = (type: string, amount: (event: (typeof events)[number]) => bigint): bigint =>
            events.filter((event) => event.type === type).reduce((all, event) => all + amount(event), 0n);
        const amountOf = (event: object): bigint => ('amount' in event ? (event.amount as bigint) : 0n);
        const [gross, paidOut, reinvested] = [
            total('paid', amountOf),
            total('paid_out', amountOf),
            total('reinvested', amountOf) - total('reinvestment_returned', amountOf),
        ];
        expect([sum(2), sum(5), sum(6), received]).toEqual([gross, paidOut, reinvested, 0n]);
        expect(gross).toBeGreaterThan(toNano('22'));

        // What has left the account as the owner's, and the fee that he bore at his threshold, are all that was his
        const threshold = rows.filter(([, kind]) => kind === 'Automatic payout');
        expect([threshold.length, autoPayout]).toEqual([1, toNano('3')]);
        expect(sum(3)).toBe(ownerDue + paidOut + reinvested + sum(4, threshold));
        expect(toNano(difference[3] ?? '')).toBeLessThan(toNano('0.0002'));
        // Half of each payment, less its handling
        for (const [, kind, paid = '', share = '', fee = ''] of rows.slice(0, -1)) {
            const divided = toNano(paid) - toNano(fee);
            expect(kind === 'Payment' ? toNano(share) : 0n).toBe(kind === 'Payment' ? (divided + 1n) / 2n : 0n);
        }
        // Each line leads to its transaction
        const hashes = new Set(history.map(({ hash }) => hash));
        expect(rows.slice(0, -1).every((row) => hashes.has(row[7] ?? ''))).toBe(true);
        await page.context().close();
    });

    it('refuses a certificate of somebody else, and of another channel', async () => {
        const page = await open('dave', '/earnings/3');
        const certificate = await (await page.request.get(`${stage.url}certificate.txt`)).text();
        await page.getByLabel('Certificate').fill(certificate);
        await begin(page, 'Register as the owner');
        await page.getByText("The signature is not the voucher key's for this text.").waitFor();
        expect(await page.getByRole('button', { name: 'Open the wallet' }).isDisabled()).toBe(true);
        await page.getByRole('button', { name: 'Cancel' }).click();
        await goTo(page, '/earnings/999');
        await page.getByLabel('Certificate').fill(certificate);
        await page.getByText('This certificate is for channel 3.').waitFor();
        await page.context().close();
    });

    it('registers a channel’s first owner, and hands it over in two steps', async () => {
        const page = await open('carol', '/earnings/3');
        await page.getByText(/^Nobody has registered as the owner yet\..* 5\.\d+ TON so far\.$/).waitFor();
        await page.getByText('If you lose this wallet, nobody can name another owner').waitFor();
        await page.getByText('If the operator vanishes').waitFor();
        await look(page, 'register');
        await page.getByLabel('Certificate').fill('nonsense');
        await page.getByText('This is no certificate. Copy the whole text').waitFor();
        const certificate = await (await page.request.get(`${stage.url}certificate.txt`)).text();
        await page.getByLabel('Certificate').fill(certificate);
        await carryOut(page, 'Register as the owner', 'Registered: your wallet owns this channel now.');
        expect((await channel('channel3').getState()).owner).toEqual(addressOf('carol'));

        await page.getByRole('button', { name: 'Another owner' }).click();
        await page
            .getByLabel('Address of the new owner’s wallet')
            .fill(addressOf('alice').toString({ bounceable: false }));
        await carryOut(page, 'Name this wallet', 'Named. The other wallet has to accept.');
        await page.getByText('is named and has not accepted yet.').waitFor();
        await page.context().close();
        const alice = await open('alice', '/earnings/3');
        await carryOut(alice, 'Accept', 'You are the owner now.');
        await alice.getByRole('button', { name: 'Withdraw' }).waitFor();
        expect((await channel('channel3').getState()).owner).toEqual(addressOf('alice'));
        await alice.context().close();
    });

    it('creates a campaign, adds to its budget, stops it, and gives the rest back after 48 hours', async () => {
        let page = await open('carol', '/advertise');
        await page.getByRole('link', { name: 'Campaign 1' }).waitFor();
        await page.getByText('All of the budget can be spent on').waitFor();
        await page.getByLabel('Budget in TON').fill('5');
        await page.getByLabel('Daily limit in TON').fill('0.00001');
        await page.getByText('Write an amount of at least 0.0001.').waitFor();
        await page.getByLabel('Daily limit in TON').fill('2');
        await carryOut(page, 'Create', 'The campaign is there.');
        await page.getByRole('link', { name: 'Campaign 2' }).waitFor();
        await look(page, 'advertise');
        await page.getByRole('link', { name: 'Campaign 2' }).click();
        await page.getByText('Money for the budget').waitFor();
        const address = Address.parse(page.url().split('/').at(-1) ?? '');
        expect(await campaign(address).getState()).toMatchObject({
            advertiser: addressOf('carol'),
            network: addressOf('ads'),
            burst: toNano('2'),
            rate: toNano('2') / 86_400n,
            spent: 0n,
        });
        const { budget } = await campaign(address).getState();
        expect(budget).toBeGreaterThanOrEqual(toNano('5'));
        await page.getByLabel('Amount in TON').fill('1');
        await carryOut(page, 'Add to the budget', '1 TON are in the budget.');
        expect((await campaign(address).getState()).budget).toBeGreaterThanOrEqual(budget + toNano('1'));
        await carryOut(page, 'Stop', 'Stopped. In 48 hours you can get the rest back.');
        await page.getByText('You can get the rest back from').waitFor();
        expect(await page.getByRole('button', { name: 'Get the rest back' }).isDisabled()).toBe(true);
        const { closingAt, budget: rest } = await campaign(address).getState();
        expect(closingAt).toBeGreaterThan(0);
        await page.context().close();

        const stranger = await open('dave', `/advertise/${address.toString()}`);
        await stranger.getByText('This campaign belongs to somebody else').waitFor();
        expect(await stranger.getByRole('button', { name: 'Get the rest back' }).count()).toBe(0);
        await stranger.context().close();

        const now = await stage.devnet.advance(HOURS_48);
        page = await open('carol', `/advertise/${address.toString()}`, now);
        await look(page, 'campaign');
        await carryOut(page, 'Get the rest back', /^6\.\d+ TON are on their way to your wallet\.$/);
        expect((await campaign(address).getState()).budget).toBe(0n);
        const [refunded] = (await historyOf(address)).flatMap(campaignEvents);
        expect(refunded).toMatchObject({ type: 'refunded', to: addressOf('carol') });
        expect(refunded?.type === 'refunded' ? refunded.amount : 0n).toBeGreaterThanOrEqual(rest);
        await page.getByText('The rest has been paid back. This campaign is closed for good.').waitFor();
        await page.context().close();
    });

    it('knows a campaign from what is none, and asks for a wallet where it needs one', async () => {
        const page = await stage.page(`#/advertise/${addressOf('channel1').toString()}`);
        await page.getByText('There is no campaign of this ad network at this address.').waitFor();
        await goTo(page, '/advertise');
        await page.getByText('Connect a wallet to see and create your campaigns.').waitFor();
        await goTo(page, '/advertise/nonsense');
        await page.getByText('There is no such page.').waitFor();
        await page.context().close();
    });
});
