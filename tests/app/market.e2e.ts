import { Address, Cell, toNano, type Sender } from '@ton/core';
import { TonClient } from '@ton/ton';
import type { Page } from 'playwright-core';

import { namedWallets, walletOf, type NamedWallet, type WalletName } from '../../devnet/wallets';
import {
    cellToUsernameCollectionConfig,
    CUSTODIANS,
    historyOverV3,
    itemEvents,
    MAINNET_PRICES,
    quoteAdmin,
    quoteBid,
    readHistory,
    UsernameCollection,
    UsernameItem,
    type ItemEvent,
} from '../../wrappers';
import { collectionCode } from '../../wrappers/code';
import { connect, DEVICES, picture, seriousFaults, sign, Stage } from './stage';

jest.setTimeout(180_000);

/** An address that nothing was ever sent from. */
const STRANGER = new Address(0, Buffer.alloc(32, 0x11));

describe('the market', () => {
    let stage: Stage;
    let client: TonClient;
    let wallets: NamedWallet[];
    let collection: Address;
    let alice: Page;
    let bob: Page;

    const addressOf = (name: WalletName): Address => walletOf(wallets, name).v5r1.address;
    const senderOf = (name: WalletName): Sender => {
        const { v5r1, secretKey } = walletOf(wallets, name);
        return client.open(v5r1).sender(secretKey);
    };
    const names = () => client.open(UsernameCollection.createFromAddress(collection));
    const itemOf = async (name: string) =>
        client.open(UsernameItem.createFromAddress(await names().getItemAddress(name)));
    const stateOf = async (name: string) => (await itemOf(name)).getState();
    /** What the last transaction of a name says. */
    const lastEvents = async (name: string): Promise<ItemEvent[]> => {
        const source = historyOverV3({ endpoint: `${stage.devnet.url}/api/v3` });
        return (await readHistory(source, (await itemOf(name)).address, { limit: 1 })).flatMap(itemEvents);
    };

    const show = async (page: Page, path: string): Promise<void> => {
        page.setDefaultTimeout(15_000);
        await page.goto(`${stage.url}#${path}`);
        await page.reload();
    };
    const dialogOf = (page: Page) => page.getByRole('dialog').filter({ has: page.getByRole('heading') });
    /** Opens the window of an operation. */
    const begin = async (page: Page, button: string): Promise<void> => {
        await page.getByRole('button', { name: button, exact: true }).click();
        await page.getByTestId('money').waitFor();
    };
    const openWallet = (page: Page) => page.getByRole('button', { name: 'Open the wallet' }).click();
    const close = async (page: Page): Promise<void> => {
        await dialogOf(page).getByRole('button', { name: 'Close' }).last().click();
        await dialogOf(page).waitFor({ state: 'detached' });
    };
    /** An operation from its button to what the page says came of it. */
    const deal = async (page: Page, button: string, outcome: string | RegExp): Promise<void> => {
        await begin(page, button);
        await openWallet(page);
        await sign(page);
        await dialogOf(page).getByText(outcome).waitFor();
        await dialogOf(page).getByRole('link', { name: 'Transaction' }).waitFor();
        await close(page);
    };
    /** Pictures in both themes and at phone width, each without a serious fault. */
    const look = async (page: Page, name: string): Promise<void> => {
        // A window that opens fades in, and what is still being read moves what is there
        await page.waitForFunction(`
            !document.querySelector('[aria-label=Loading]') &&
            [...document.querySelectorAll('[role=dialog]')].every((it) => getComputedStyle(it).opacity === '1')
        `);
        for (const colorScheme of ['light', 'dark'] as const) {
            await page.emulateMedia({ colorScheme });
            await page.waitForFunction(`document.documentElement.dataset.mantineColorScheme === '${colorScheme}'`);
            expect(await seriousFaults(page)).toEqual([]);
            await picture(page, `${name}-${colorScheme}`);
        }
        await page.emulateMedia({ colorScheme: 'light' });
        await page.setViewportSize(DEVICES.phone.viewport!);
        // Nothing is wider than the phone
        await page.waitForFunction('document.documentElement.scrollWidth <= 390');
        await picture(page, `${name}-phone`);
        await page.setViewportSize(DEVICES.desktop.viewport!);
    };

    beforeAll(async () => {
        stage = await Stage.open();
        client = new TonClient({ endpoint: stage.devnet.v2 });
        wallets = await namedWallets();
        const { contracts } = await stage.devnet.info();
        collection = Address.parse(contracts.find(({ name }) => name === 'collection')?.address ?? '');
        [alice, bob] = await Promise.all([stage.page(), stage.page()]);
        await connect(alice, 'alice');
        await connect(bob, 'bob');
    });
    afterAll(() => stage.close());
    afterEach(() => {
        expect(stage.consoleErrors).toEqual([]);
    });

    it('shows what is for sale by its stage, and finds a name', async () => {
        const page = await stage.page();
        await page.getByTestId('card-moonlight').getByText('2.1 TON').waitFor();
        const headings = await page.getByRole('heading', { level: 3 }).allTextContents();
        expect(headings).toEqual(['Auctions with bids', 'For sale, no bid yet', 'Over, to be settled', 'Not for sale']);
        await look(page, 'market');

        await page.getByLabel('Show').selectOption('For sale, no bid yet');
        await page.getByTestId('card-moonlight').waitFor({ state: 'detached' });
        expect(await page.getByTestId('card-harbor').count()).toBe(1);
        await page.getByLabel('Show').selectOption('All names');

        const search = page.getByLabel('Find a name');
        await search.fill('@LANTERN');
        await page.getByTestId('card-moonlight').waitFor({ state: 'detached' });
        expect(await page.getByTestId('card-lantern').count()).toBe(1);
        await search.fill('no such; name');
        await page.getByText('No name fits.').waitFor();
        await search.press('Enter');
        await page.getByText('A name has only a-z, 0-9 and underscore.').waitFor();
        await search.fill('@Sunflower');
        await search.press('Enter');
        await page.getByRole('heading', { name: '@sunflower' }).waitFor();
        await page.getByText('Nobody has this name yet').waitFor();
        await page.context().close();
    });

    it('stays connected through a reload, whether or not the wallet’s server answers', async () => {
        await alice.route('**/dev-wallet/account', (route) => route.abort());
        try {
            await show(alice, '/mine');
            await alice.getByText('You own no name yet.').or(alice.getByTestId('names')).first().waitFor();
        } finally {
            await alice.unroute('**/dev-wallet/account');
        }
    });

    it('lists nothing that only says that it is of the collection', async () => {
        const { data } = await client.getContractState(collection);
        const config = cellToUsernameCollectionConfig(Cell.fromBoc(data!)[0]!);
        const other = client.open(UsernameCollection.createFromConfig({ ...config, subwalletId: 7 }, collectionCode));
        await other.sendDeploy(senderOf('dave'), { value: toNano('1') });
        await other.sendOpenMint(senderOf('dave'), { value: toNano('2'), name: 'lookalike' });
        const fakes = [await other.getItemAddress('lookalike'), addressOf('dave'), STRANGER];

        const page = await stage.page('#/nowhere');
        await page.route('**/nft/items?**', async (route) => {
            const response = await route.fetch();
            const { nft_items } = (await response.json()) as { nft_items: object[] };
            const added = fakes.map((address) => ({ address: address.toRawString(), last_transaction_lt: '1' }));
            await route.fulfill({ response, json: { nft_items: [...added, ...nft_items] } });
        });
        await show(page, '/');
        await page.getByTestId('card-moonlight').waitFor();
        expect(await page.getByText('@lookalike').count()).toBe(0);
        expect(await page.getByTestId(/^card-/).count()).toBe(5);
        await page.context().close();
    });

    it('takes a bid of the suggested amount, and says before what happens with the money', async () => {
        await show(alice, '/name/moonlight');
        const field = alice.getByLabel('Your bid, in TON');
        await field.waitFor();
        expect(await field.inputValue()).toBe('2.205');
        await field.fill('2.2');
        await alice.getByText('Bid at least 2.205 TON.').waitFor();
        expect(await alice.getByRole('button', { name: 'Bid', exact: true }).isDisabled()).toBe(true);
        await field.fill('2.205');
        await begin(alice, 'Bid');
        const said = await dialogOf(alice).innerText();
        expect(said).toMatch(/You bid\s+2.205 TON/);
        expect(said).toMatch(/Comes back if somebody bids more\s+2.205 TON/);
        expect(said).toContain('A bid in the last 5 minutes moves the end to 5 minutes after that bid.');
        expect(said).toMatch(/the seller gets at least [\d.]+ TON and the royalty is 0.11025 TON/);
        await look(alice, 'bid');
        await openWallet(alice);
        await sign(alice);
        await dialogOf(alice).getByText('Your bid of 2.205 TON leads.').waitFor();
        await close(alice);
        await alice.getByText('You lead with 2.205 TON.').waitFor();
        const { bidder, bid } = await stateOf('moonlight');
        expect([bidder?.toString(), bid]).toEqual([addressOf('alice').toString(), toNano('2.205')]);
    });

    it('tells who is outbid, and lists it with its transaction', async () => {
        await show(bob, '/name/moonlight');
        await bob.getByLabel('Your bid, in TON').fill('100');
        await deal(bob, 'Bid', 'Your bid of 100 TON leads.');
        await alice.getByText('You have been outbid: your 2.205 TON came back.').waitFor();
        expect(await lastEvents('moonlight')).toMatchObject([
            { type: 'bid', amount: toNano('100') },
            { type: 'outbid', amount: toNano('2.205') },
        ]);
        // The suggestion follows
        expect(await alice.getByLabel('Your bid, in TON').inputValue()).toBe('105');
        await look(alice, 'name');

        await show(alice, '/mine');
        const row = alice.getByTestId('bids').getByRole('row', { name: '@moonlight' });
        await row.getByText('Outbid').waitFor();
        const links = await row.getByRole('link', { name: 'Transaction' }).all();
        const [bid, back] = await Promise.all(links.map((link) => link.getAttribute('href')));
        const [{ hash }] = (await lastEvents('moonlight')) as [ItemEvent];
        expect(back).toBe(`${stage.devnet.url}/tx/${hash}`);
        expect((await fetch(bid!)).status).toBe(200);
        await look(alice, 'mine');
        await show(bob, '/mine');
        await bob.getByTestId('bids').getByRole('row', { name: '@moonlight' }).getByText('Leading').waitFor();
    });

    it('sends nothing when the person declines in the wallet', async () => {
        const before = await lastEvents('moonlight');
        await show(alice, '/name/moonlight');
        await begin(alice, 'Bid');
        await openWallet(alice);
        await sign(alice, 'Decline');
        await alice.getByText('You declined in the wallet. Nothing was sent, nothing was paid.').waitFor();
        expect(await lastEvents('moonlight')).toEqual(before);
        await alice.keyboard.press('Escape');
        await dialogOf(alice).waitFor({ state: 'detached' });
        // With the keyboard alone, and back to where it was
        await alice.getByRole('button', { name: 'Bid', exact: true }).press('Enter');
        await alice.getByTestId('money').waitFor();
        await alice.keyboard.press('Escape');
        await dialogOf(alice).waitFor({ state: 'detached' });
        await alice.waitForFunction("document.activeElement.textContent === 'Bid'");
    });

    it('says when somebody else bids while the wallet is open, and that the money came back', async () => {
        await begin(alice, 'Bid');
        await openWallet(alice);
        await alice.locator('#dev-wallet').waitFor();
        const item = await itemOf('moonlight');
        const { minimum } = quoteBid(await item.getState());
        expect(minimum).toBe(toNano('105'));
        await item.sendBid(senderOf('carol'), { value: minimum });
        await dialogOf(alice).getByText('This changed while you were signing: decline in the wallet.').waitFor();
        await picture(alice, 'outbid-while-signing');
        await sign(alice);
        await dialogOf(alice)
            .getByText(/^Not taken: 104\.9\d+ TON came back\. The bid is below the minimum\.$/)
            .waitFor();
        await close(alice);
        const { bidder } = await stateOf('moonlight');
        expect(bidder?.toString()).toBe(addressOf('carol').toString());
        await show(alice, '/mine');
        await alice
            .getByTestId('bids')
            .getByRole('row', { name: '@moonlight' })
            .first()
            .getByText('Returned')
            .waitFor();
    });

    it('opens the auction of a free name', async () => {
        await show(alice, '/name/@Sunflower');
        await alice.getByText('Nobody has this name yet').waitFor();
        expect(alice.url()).toContain('#/name/sunflower');
        await look(alice, 'free');
        await deal(alice, 'Open the auction', /^You have opened the auction and lead\./);
        await alice.getByText('You lead with 2 TON.').waitFor();
        const { status, bidder, bid } = await stateOf('sunflower');
        expect([status, bidder?.toString(), bid]).toEqual(['auction', addressOf('alice').toString(), toNano('2')]);
        await show(alice, '/mine');
        await alice.getByTestId('bids').getByRole('row', { name: '@sunflower' }).getByText('Leading').waitFor();
    });

    it('buys a name at its price', async () => {
        await show(bob, '/name/lantern');
        await deal(bob, 'Buy now for 50 TON', 'The name is yours.');
        await bob.getByRole('heading', { name: 'Sell it' }).waitFor();
        expect((await stateOf('lantern')).owner?.toString()).toBe(addressOf('bob').toString());
    });

    it('settles an auction that is over, by anybody', async () => {
        await show(alice, '/name/aurora');
        await alice.getByText('The auction is over').waitFor();
        await look(alice, 'ended');
        await deal(
            alice,
            'Settle the auction',
            /^Settled: the winner has the name, and the seller is paid\. 0\.\d+ TON came back\.$/,
        );
        await alice.getByText('Its owner is not selling it at the moment.').waitFor();
        const { owner, status } = await stateOf('aurora');
        expect([owner?.toString(), status]).toEqual([addressOf('bob').toString(), 'idle']);
        await show(bob, '/mine');
        for (const name of ['@aurora', '@lantern']) {
            await bob.getByTestId('names').getByRole('link', { name }).waitFor();
        }
        await bob.getByTestId('bids').getByRole('row', { name: '@aurora' }).getByText('Won').waitFor();
    });

    it('says where payments to a name go', async () => {
        await show(alice, '/name/meadow');
        const record = async () => names().getRecord('meadow', 'wallet');
        await alice.getByLabel('Another address').fill('UQ-no-address');
        await alice.getByText('Type a whole address, like UQ… or EQ….').waitFor();
        await alice.getByLabel('Another address').fill(addressOf('bob').toString({ bounceable: false }));
        await deal(alice, 'Set this address', /^Payments to the name go to this address now\./);
        expect(await record()).toMatchObject({ type: 'dns_smc_address', address: addressOf('bob') });
        await deal(alice, 'Remove the wallet', /^The name has no wallet any more\./);
        expect(await record()).toBeNull();
        await alice.getByText('nowhere: no wallet is set').waitFor();
        await deal(alice, 'Set my wallet', /^Payments to the name go to this address now\./);
        expect(await record()).toMatchObject({ type: 'dns_smc_address', address: addressOf('alice') });
    });

    it('sells a name, and cancels while nobody has bid', async () => {
        const start = alice.getByLabel('Start price, in TON');
        const buyNow = alice.getByLabel('Buy-now price, in TON');
        const sell = alice.getByRole('button', { name: 'Put up for auction' });
        expect(await sell.isDisabled()).toBe(true);
        await start.fill('0.1');
        expect(await alice.getByText('a lower one could not pay for its own auction.').count()).toBe(2);
        expect(await sell.isDisabled()).toBe(true);
        await start.fill('30');
        expect(await sell.isDisabled()).toBe(false);
        await buyNow.fill('20');
        await alice.getByText('It cannot be below the start price.').waitFor();
        expect(await sell.isDisabled()).toBe(true);
        await buyNow.fill('300');
        await alice.getByLabel('It runs for').selectOption('3 days');
        await look(alice, 'owner');
        await deal(alice, 'Put up for auction', /^The name is up for auction\./);
        await alice.getByRole('button', { name: 'Buy now for 300 TON' }).waitFor();
        const { minBid, maxBid, status, beneficiary } = await stateOf('meadow');
        expect([status, minBid, maxBid]).toEqual(['open', toNano('30'), toNano('300')]);
        expect(beneficiary?.toString()).toBe(addressOf('alice').toString());
        await deal(alice, 'Cancel the auction', /^The auction is cancelled\./);
        await alice.getByText('After a cancel the next auction starts no sooner than').waitFor();
        expect((await stateOf('meadow')).status).toBe('idle');
    });

    it('gives a name away, after a warning where nobody may be', async () => {
        await show(bob, '/name/lantern');
        const to = bob.getByLabel('New owner’s address');
        const ready = bob.getByRole('button', { name: 'Open the wallet' });

        const [[exchange = '', label = ''] = []] = Object.entries(CUSTODIANS);
        await to.fill(exchange);
        await begin(bob, 'Give the name away');
        await dialogOf(bob).getByText(`is a shared address of ${label}.`).waitFor();
        expect(await ready.isDisabled()).toBe(true);
        await dialogOf(bob).getByRole('button', { name: 'Cancel' }).click();

        await to.fill(STRANGER.toString({ bounceable: false }));
        await begin(bob, 'Give the name away');
        await dialogOf(bob).getByText('Nothing has been sent from').waitFor();
        expect(await ready.isDisabled()).toBe(true);
        await look(bob, 'transfer');
        await dialogOf(bob).getByLabel('I have read the warning and want to go on.').check();
        expect(await ready.isDisabled()).toBe(false);
        await dialogOf(bob).getByRole('button', { name: 'Cancel' }).click();

        await to.fill(addressOf('carol').toString());
        await deal(bob, 'Give the name away', /^The name has its new owner\./);
        expect((await stateOf('lantern')).owner?.toString()).toBe(addressOf('carol').toString());
    });

    it('keeps a bid from an exchange’s wallet', async () => {
        const page = await stage.page('#/name/moonlight');
        const [[exchange = '', label = ''] = []] = Object.entries(CUSTODIANS);
        const account = { address: Address.parse(exchange).toRawString(), network: '-239', publicKey: '00'.repeat(32) };
        await page.route('**/dev-wallet/account', (route) =>
            route.fulfill({ json: { ...account, walletStateInit: '' } }),
        );
        await connect(page, 'alice');
        await begin(page, 'Bid');
        await dialogOf(page).getByText(`is a shared address of ${label}.`).waitFor();
        expect(await page.getByRole('button', { name: 'Open the wallet' }).isDisabled()).toBe(true);
        await page.context().close();
    });

    it('says so where a free name is sold by signed orders only', async () => {
        const admin = { value: quoteAdmin(MAINNET_PRICES), openTerms: null };
        await names().sendSetTerms(senderOf('admin'), admin);
        await show(alice, '/name/daffodil');
        await alice.getByText('This name is sold only to whom the operator has given a signed order.').waitFor();
        expect(await alice.getByRole('button', { name: 'Open the auction' }).count()).toBe(0);
    });

    it('says so to somebody who has nothing, and to somebody without a wallet', async () => {
        const page = await stage.page('#/mine');
        await page.getByText('Connect a wallet to see what is yours.').waitFor();
        await connect(page, 'dave');
        await page.getByText('You own no name yet.').waitFor();
        await page.getByText('You have not bid yet.').waitFor();
        await look(page, 'mine-empty');
        await page.context().close();
    });

    // The last, since the chain's time never goes back
    it('gives back a bid that comes after the end, which settles the auction', async () => {
        await show(alice, '/name/moonlight');
        // It moves the button
        await alice.getByText(/^(Your last bid was not taken|You have been outbid)/).waitFor();
        await begin(alice, 'Bid');
        await openWallet(alice);
        await alice.locator('#dev-wallet').waitFor();
        await stage.devnet.advance(8 * 86_400);
        await dialogOf(alice).getByText('This changed while you were signing: decline in the wallet.').waitFor();
        await sign(alice);
        await dialogOf(alice)
            .getByText(/^The auction was over: 110\.\d+ TON came back\.$/)
            .waitFor();
        await close(alice);
        expect((await stateOf('moonlight')).owner?.toString()).toBe(addressOf('carol').toString());
    });
});
