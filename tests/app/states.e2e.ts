import type { Page } from 'playwright-core';

import { connect, DEVICES, picture, seriousFaults, Stage } from './stage';

jest.setTimeout(180_000);

/** Telegram's "Night" colours, as its launch parameters give them. */
const NIGHT = {
    bg_color: '#17212b',
    text_color: '#f5f5f5',
    hint_color: '#708499',
    link_color: '#6ab3f3',
    secondary_bg_color: '#232e3c',
    subtitle_text_color: '#8c9aa8',
};
const DAY = {
    ...NIGHT,
    bg_color: '#ffffff',
    text_color: '#222222',
    link_color: '#1c6ea4',
    subtitle_text_color: '#5d6a76',
};

const launch = (theme: object): string =>
    `#${new URLSearchParams({
        tgWebAppData: 'auth_date=1&hash=x&signature=y',
        tgWebAppVersion: '8.0',
        tgWebAppPlatform: 'android',
        tgWebAppThemeParams: JSON.stringify(theme),
    }).toString()}`;

const background = (page: Page): Promise<string> => page.evaluate('getComputedStyle(document.body).backgroundColor');

describe('the page in the states that real life brings', () => {
    let stage: Stage;
    beforeAll(async () => {
        stage = await Stage.open();
    });
    afterAll(() => stage.close());
    afterEach(() => {
        stage.consoleErrors.length = 0;
    });

    it('tells a wallet of another network that it cannot sign here', async () => {
        const page = await stage.page('#/name/moonlight');
        await connect(page, 'alice on testnet');
        await page.getByText('Your wallet is on another network').waitFor();
        const bid = page.getByRole('button', { name: 'Bid', exact: true });
        expect(await bid.isDisabled()).toBe(true);
        expect(stage.consoleErrors).toEqual([]);
        await picture(page, 'wrong-network');
        await page.getByRole('button', { name: /^UQ/ }).click();
        await page.getByRole('menuitem', { name: 'Disconnect' }).click();
        await page.getByRole('button', { name: 'Connect a wallet' }).waitFor();
        expect(await bid.isDisabled()).toBe(false);
        await page.context().close();
    });

    it('without a wallet, every operation leads to choosing one', async () => {
        const page = await stage.page('#/name/moonlight');
        await page.getByRole('button', { name: 'Bid', exact: true }).click();
        await page.locator('#tc-widget-root').getByText('Development wallet').waitFor();
        await page.context().close();
    });

    it('keeps what it has read while the node is down, says so, and goes on when it is back', async () => {
        const page = await stage.page();
        await page.getByText('moonlight').first().waitFor();
        const down = page.getByText('The network does not answer at the moment.');
        await page.context().route(`${stage.devnet.url}/**`, (route) => route.abort());
        await down.waitFor();
        expect(await page.getByText('moonlight').first().isVisible()).toBe(true);
        await picture(page, 'node-down');
        await page.context().unroute(`${stage.devnet.url}/**`);
        await down.waitFor({ state: 'detached' });
        await page.context().close();
    });

    it('a page that opens while the node is down says so, and goes on when it is back', async () => {
        const page = await stage.page('#/nowhere');
        await page.getByText('There is no such page.').waitFor();
        await page.context().route(`${stage.devnet.url}/**`, (route) => route.abort());
        await page.reload();
        await page.getByRole('button', { name: 'Try again' }).waitFor();
        await page.context().unroute(`${stage.devnet.url}/**`);
        await page.getByText('There is no such page.').waitFor();
        await page.context().close();
    });

    it('says that it is not set up where there is no configuration, or a wrong one', async () => {
        const page = await stage.page();
        await page.context().route('**/config.json', (route) => route.fulfill({ json: { network: '7' } }));
        await page.reload();
        await page.getByText('config.json: network is "-239" (mainnet) or "-3" (testnet).').waitFor();
        await page.context().route('**/config.json', (route) => route.fulfill({ status: 404, body: '' }));
        await page.reload();
        await page.getByText('There is no config.json beside the page.').waitFor();
        await page.context().close();
    });

    it('wears the colours that Telegram gives it, and follows a change of theme', async () => {
        const page = await stage.page(launch(NIGHT), DEVICES.phone);
        await page.getByText('moonlight').first().waitFor();
        expect(await background(page)).toBe('rgb(23, 33, 43)');
        expect(await seriousFaults(page)).toEqual([]);
        await picture(page, 'telegram-dark');
        await page.evaluate((theme_params) => {
            const { TelegramGameProxy_receiveEvent: receive } = globalThis as unknown as {
                TelegramGameProxy_receiveEvent: (name: string, data: unknown) => void;
            };
            receive('theme_changed', { theme_params });
        }, DAY);
        await page.waitForFunction("getComputedStyle(document.body).backgroundColor === 'rgb(255, 255, 255)'");
        expect(await seriousFaults(page)).toEqual([]);
        await picture(page, 'telegram-light');
        expect(stage.consoleErrors).toEqual([]);
        await page.context().close();
    });

    it('is used with the keyboard alone: the first stop leads to the content', async () => {
        const page = await stage.page();
        await page.getByText('moonlight').first().waitFor();
        await page.keyboard.press('Tab');
        expect(await page.evaluate('document.activeElement.textContent')).toBe('To the content');
        await page.keyboard.press('Enter');
        expect(await page.evaluate('document.activeElement.id')).toBe('content');
        await page.context().close();
    });

    // The last, since the chain's time never goes back
    it('goes by the network’s clock where the device’s is wrong, and says so', async () => {
        const page = await stage.page('#/name/moonlight');
        await page.getByRole('heading', { name: 'moonlight' }).waitFor();
        expect(await page.getByText('The clock of this device is off').count()).toBe(0);
        await stage.devnet.advance(8 * 86_400);
        await page.getByText('The clock of this device is off by 8 d 0 h.').waitFor();
        // The auction of a week is over by the network's clock
        await page.getByRole('button', { name: 'Settle' }).waitFor();
        await picture(page, 'clock-skew');
        expect(stage.consoleErrors).toEqual([]);
        await page.context().close();
    });
});
