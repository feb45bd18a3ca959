import axe, { type AxeResults, type ElementContext } from 'axe-core';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { chromium, type Browser, type BrowserContextOptions, type Page } from 'playwright-core';

import { DevnetClient } from '../helpers/devnet';
import { UNREAD, WATCHED } from '../helpers/watch-wire';

const ROOT = join(__dirname, '..', '..');
const CHROMIUM = ['/usr/bin/chromium', '/usr/bin/chromium-browser'].find((path) => existsSync(path));

/** Where the tests put pictures of the pages. */
export const SCREENSHOTS = join(ROOT, 'build', 'screenshots');

const PHONE: BrowserContextOptions = { viewport: { width: 390, height: 844 }, hasTouch: true, isMobile: true };
const DESKTOP: BrowserContextOptions = { viewport: { width: 1280, height: 900 } };
export const DEVICES = { phone: PHONE, desktop: DESKTOP };

/** A wallets list as the public one is: TON Connect's window wants several, and asks each for its icon and bridge. */
const WALLETS = Array.from({ length: 8 }, (_, index) => ({
    app_name: `wallet${index}`,
    name: `Wallet ${index}`,
    image: 'https://config.ton.org/icon.png',
    about_url: 'https://config.ton.org',
    universal_url: `https://config.ton.org/wallet${index}`,
    bridge: [{ type: 'sse', url: 'https://config.ton.org/bridge' }],
    platforms: ['ios', 'android', 'chrome', 'firefox', 'safari'],
    features: [{ name: 'SendTransaction', maxMessages: 4 }],
}));
const PIXEL = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
);

/** `npm run app` on free ports of this machine, and a browser for it. */
export class Stage {
    /** What the pages wrote to the console as errors, and threw. */
    readonly consoleErrors: string[] = [];

    private constructor(
        private readonly child: ChildProcess,
        private readonly printed: () => string,
        private readonly browser: Browser,
        /** Of the app, with a slash at the end. */
        readonly url: string,
        /** Its API and its clock. */
        readonly devnet: DevnetClient,
    ) {}

    static async open(): Promise<Stage> {
        if (CHROMIUM === undefined) {
            throw new Error('Chromium is missing: apt-get install --no-install-recommends chromium');
        }
        const child = spawn(
            process.execPath,
            [
                '-r',
                'ts-node/register/transpile-only',
                join(ROOT, 'tools', 'app.ts'),
                '--port',
                '0',
                '--devnet-port',
                '0',
            ],
            { cwd: ROOT, stdio: ['ignore', 'pipe', 'pipe', 'ipc'], env: WATCHED },
        );
        let printed = '';
        const [devnetUrl, url] = await new Promise<[string, string]>((resolve, reject) => {
            const hear = (chunk: Buffer): void => {
                printed += chunk.toString();
                const match = /Explorer on (\S+)\/\nApp on (\S+)\n/.exec(printed);
                if (match?.[1] !== undefined && match[2] !== undefined) {
                    resolve([match[1], match[2]]);
                }
            };
            child.stdout?.on('data', hear);
            child.stderr?.on('data', hear);
            child.once('exit', (code) => reject(new Error(`The app ended with ${code}: ${printed}`)));
        });
        const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox'] });
        return new Stage(child, () => printed, browser, url, new DevnetClient(devnetUrl));
    }

    /** Throws if the chain ran a transaction that the schema does not read. */
    async close(): Promise<void> {
        await this.browser.close();
        const ended = once(this.child, 'exit');
        this.child.kill('SIGINT');
        await ended;
        if (this.printed().includes(UNREAD)) {
            throw new Error(this.printed());
        }
    }

    /** A window of its own, with its own wallet: nothing outside of this machine is asked. */
    async page(path = '', options: BrowserContextOptions = DESKTOP): Promise<Page> {
        const context = await this.browser.newContext({ locale: 'en-GB', reducedMotion: 'reduce', ...options });
        await context.route(/^https?:\/\/(?!127\.0\.0\.1)/, (route) => {
            const url = route.request().url();
            if (url.includes('wallets-v2.json')) {
                return route.fulfill({ json: WALLETS });
            }
            return url.endsWith('.png')
                ? route.fulfill({ body: PIXEL, contentType: 'image/png' })
                : route.fulfill({ status: 204, body: '' });
        });
        const page = await context.newPage();
        page.on('console', (message) => {
            if (message.type() === 'error') {
                this.consoleErrors.push(message.text());
            }
        });
        page.on('pageerror', (error) => this.consoleErrors.push(error.message));
        await page.goto(`${this.url}${path}`);
        return page;
    }
}

/** Connects as one of the devnet's people through TON Connect's window. */
export async function connect(page: Page, person: string): Promise<void> {
    await page.getByRole('banner').getByRole('button', { name: 'Connect a wallet' }).click();
    await page.locator('#tc-widget-root').getByText('Development wallet').click();
    await page.locator('#dev-wallet').getByRole('button', { name: person, exact: true }).click();
    await page.locator('#dev-wallet').waitFor({ state: 'detached' });
}

/** What the wallet is asked, answered. */
export async function sign(page: Page, answer: 'Approve' | 'Decline' = 'Approve'): Promise<void> {
    await page.locator('#dev-wallet').getByRole('button', { name: answer }).click();
}

/** What axe finds serious, outside of TON Connect's own window. */
export async function seriousFaults(page: Page): Promise<string[]> {
    await page.evaluate(axe.source);
    return page.evaluate(async () => {
        const { axe } = globalThis as unknown as { axe: { run(context: ElementContext): Promise<AxeResults> } };
        const { violations } = await axe.run({ exclude: [['#tc-widget-root'], ['#dev-wallet']] });
        return violations
            .filter(({ impact }) => impact === 'serious' || impact === 'critical')
            .map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' | ')}`);
    });
}

/** A picture of the whole page. */
export async function picture(page: Page, name: string): Promise<void> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    await page.screenshot({ path: join(SCREENSHOTS, `${name}.png`), fullPage: true });
}
