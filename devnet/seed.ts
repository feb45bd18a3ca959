import { toNano, type OpenedContract, type Sender } from '@ton/core';
import { TonClient } from '@ton/ton';

import { compileContract } from '../compilables/compile';
import {
    encodeDnsRecord,
    itemAddress,
    pricesFromConfig,
    quoteBid,
    quoteOpenMint,
    quoteRecord,
    quoteStartAuction,
    recordKey,
    signMintOrder,
    uriContent,
    UsernameCollection,
    UsernameItem,
    type AuctionConfig,
    type ItemStatus,
} from '../wrappers';
import type { Chain } from './chain';
import type { SeededContract } from './control';
import { seedAds } from './seed-ads';
import { walletOf, type NamedWallet, type WalletName } from './wallets';

const HOUR = 3600;
const DAY = 24 * HOUR;
const SUBWALLET_ID = 1;
const GLOBAL_ID = -239;
const SITE = 'https://names.example';

/** How long before now, in seconds, a seeded chain begins: long enough for the auction that has ended. */
export const SEED_PAST = 2 * HOUR;

type Item = OpenedContract<UsernameItem>;

/**
 * Deploys a collection with names, and an ad network with channels and campaigns, at different stages, through the HTTP API
 * as everybody else does. The chain has to begin `SEED_PAST` before now, and has the machine's time afterwards.
 */
export async function seed(url: string, chain: Chain, wallets: NamedWallet[]): Promise<SeededContract[]> {
    const stage = await Stage.open(url, chain, wallets);

    const ended = await stage.mint('aurora', 'alice', { duration: HOUR });
    await stage.bid(ended, 'bob');
    await chain.advance(chain.now + HOUR + HOUR / 2);

    const running = await stage.openMint('moonlight', 'bob');
    await stage.bid(running, 'carol');
    const untouched = await stage.buy('harbor', 'carol');
    await stage.sell(untouched, 'carol', { initialMinBid: toNano('20'), duration: 7 * DAY });
    const buyNow = await stage.buy('lantern', 'seller');
    await stage.sell(buyNow, 'seller', { initialMinBid: toNano('50'), maxBid: toNano('50'), duration: 30 * DAY });
    const owned = await stage.buy('meadow', 'alice');
    await stage.record(owned, 'alice');
    await chain.advance(Math.floor(Date.now() / 1000));

    return [
        {
            name: 'collection',
            kind: 'UsernameCollection',
            address: stage.collection.address.toString(),
            note: `admin: admin, orders signed by signer (subwallet ${SUBWALLET_ID}), free names of 4 letters and more by open mint`,
        },
        await stage.expect('aurora', ended, 'ended', 'the auction is over, bob leads: anyone settles it'),
        await stage.expect('moonlight', running, 'auction', 'a week of auction, carol leads'),
        await stage.expect('harbor', untouched, 'open', 'carol resells it, no bid yet, from 20 TON'),
        await stage.expect('lantern', buyNow, 'open', 'seller sells it for 50 TON, buy now'),
        await stage.expect('meadow', owned, 'idle', 'alice owns it, its wallet record is alice'),
        ...(await seedAds(url, chain, wallets)),
    ];
}

class Stage {
    private constructor(
        private readonly client: TonClient,
        private readonly chain: Chain,
        private readonly wallets: NamedWallet[],
        readonly collection: OpenedContract<UsernameCollection>,
    ) {}

    static async open(url: string, chain: Chain, wallets: NamedWallet[]): Promise<Stage> {
        const client = new TonClient({ endpoint: `${url}/api/v2/jsonRPC` });
        const admin = walletOf(wallets, 'admin');
        const owner = admin.v5r1.address;
        const config = {
            paused: false,
            subwalletId: SUBWALLET_ID,
            publicKey: walletOf(wallets, 'signer').publicKey,
            itemCode: await compileContract('UsernameItem'),
            admin: owner,
            pendingAdmin: null,
            pendingPublicKey: null,
            content: uriContent(`${SITE}/collection.json`),
            openTerms: {
                beneficiary: owner,
                minBidStep: 5,
                minExtendTime: 300,
                duration: 7 * DAY,
                prices: { 4: toNano('100'), 5: toNano('20'), 6: toNano('5'), 8: toNano('2') },
                contentPrefix: `${SITE}/`,
            },
            royalty: { numerator: 5, denominator: 100, destination: owner },
            domain: 't.me',
        };
        const code = await compileContract('UsernameCollection');
        const collection = client.open(UsernameCollection.createFromConfig(config, code));
        const stage = new Stage(client, chain, wallets, collection);
        await collection.sendDeploy(stage.via('admin'), { value: toNano('1') });
        return stage;
    }

    /** Signs a mint order for somebody, who uses it. */
    async mint(name: string, bidder: WalletName, terms: Partial<AuctionConfig> = {}): Promise<Item> {
        const initialMinBid = toNano('10');
        const signer = walletOf(this.wallets, 'signer').secretKey;
        const message = await signMintOrder({
            collection: this.collection.address,
            globalId: GLOBAL_ID,
            bidder: walletOf(this.wallets, bidder).v5r1.address,
            order: {
                subwalletId: SUBWALLET_ID,
                validSince: this.chain.now,
                validTill: this.chain.now + HOUR,
                name,
                content: uriContent(`${SITE}/${name}.json`),
                auctionConfig: { ...this.terms('admin'), initialMinBid, ...terms },
            },
            signer,
            prices: this.prices,
        });
        await this.collection.sendMint(this.via(bidder), { value: initialMinBid, message });
        return this.item(name);
    }

    /** Mints a name for a fixed price. */
    buy(name: string, buyer: WalletName): Promise<Item> {
        return this.mint(name, buyer, { maxBid: toNano('10') });
    }

    async openMint(name: string, bidder: WalletName): Promise<Item> {
        const { openTerms } = await this.collection.getState();
        await this.collection.sendOpenMint(this.via(bidder), { name, value: quoteOpenMint(openTerms, name).minimum });
        return this.item(name);
    }

    /** The least bid that is taken. */
    async bid(item: Item, bidder: WalletName): Promise<void> {
        await item.sendBid(this.via(bidder), { value: quoteBid(await item.getState()).minimum });
    }

    async sell(item: Item, owner: WalletName, terms: Partial<AuctionConfig>): Promise<void> {
        const value = quoteStartAuction(await this.fundsOf(item), this.prices);
        await item.sendStartAuction(this.via(owner), { value, auctionConfig: { ...this.terms(owner), ...terms } });
    }

    async record(item: Item, owner: WalletName): Promise<void> {
        const { address } = walletOf(this.wallets, owner).v5r1;
        const record = encodeDnsRecord({ type: 'dns_smc_address', address });
        const value = quoteRecord(await this.fundsOf(item), record, this.prices);
        await item.sendChangeDnsRecord(this.via(owner), { value, key: recordKey('wallet'), record });
    }

    /** Checks what has become of a name. */
    async expect(name: string, item: Item, status: ItemStatus, note: string): Promise<SeededContract> {
        const state = await item.getState();
        if (state.status !== status) {
            throw new Error(`The seed's @${name} is ${state.status} and not ${status}.`);
        }
        return { name, kind: 'UsernameItem', address: item.address.toString(), note };
    }

    private get prices() {
        return pricesFromConfig(this.chain.config, this.chain.now);
    }

    private terms(seller: WalletName): AuctionConfig {
        return {
            beneficiary: walletOf(this.wallets, seller).v5r1.address,
            initialMinBid: toNano('10'),
            maxBid: 0n,
            minBidStep: 5,
            minExtendTime: 300,
            duration: DAY,
            delayedStart: false,
        };
    }

    private async item(name: string): Promise<Item> {
        const { itemCode } = await this.collection.getState();
        return this.client.open(UsernameItem.createFromAddress(itemAddress(this.collection.address, itemCode, name)));
    }

    private async fundsOf(item: Item) {
        const { reserve } = await item.getState();
        return { reserve, balance: await this.client.getBalance(item.address) };
    }

    private via(name: WalletName): Sender {
        const { v5r1, secretKey } = walletOf(this.wallets, name);
        return this.client.open(v5r1).sender(secretKey);
    }
}
