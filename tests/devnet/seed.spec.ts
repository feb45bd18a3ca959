import { Address, comment, internal, SendMode, toNano, type Cell } from '@ton/core';
import { TonClient, WalletContractV5R1 } from '@ton/ton';

import { namedWallets, type NamedWallet } from '../../devnet/wallets';
import {
    AdNetwork,
    Campaign,
    ChannelAccount,
    itemAddress,
    quoteBid,
    UsernameCollection,
    UsernameItem,
    type ItemStatus,
} from '../../wrappers';
import { DevnetProcess, type DevnetInfo } from '../helpers/devnet';

type NftItemJson = {
    address: string;
    collection_address: string;
    owner_address: string | null;
    index: string;
    content: { uri?: string };
    collection: { address: string; owner_address: string };
};

describe('A seeded devnet', () => {
    let devnet: DevnetProcess;
    let client: TonClient;
    let info: DevnetInfo;
    let wallets: NamedWallet[];
    beforeAll(async () => {
        devnet = await DevnetProcess.start('--seed');
        client = new TonClient({ endpoint: devnet.v2 });
        info = await devnet.info();
        wallets = await namedWallets();
    });
    afterAll(() => devnet.stop());

    const address = (name: string): Address =>
        Address.parse(info.contracts.find((contract) => contract.name === name)?.address ?? '');
    const item = (name: string) => client.open(UsernameItem.createFromAddress(address(name)));
    const person = (name: string): NamedWallet => wallets.find((wallet) => wallet.name === name) as NamedWallet;
    const raw = (of: Address): string => of.toRawString().toUpperCase();

    async function send(name: string, to: Address, value: bigint, body: Cell | string): Promise<void> {
        const { publicKey, secretKey } = person(name);
        const wallet = client.open(WalletContractV5R1.create({ publicKey }));
        await wallet.sendTransfer({
            seqno: await wallet.getSeqno(),
            secretKey,
            sendMode: SendMode.PAY_GAS_SEPARATELY,
            messages: [internal({ to, value, body })],
        });
    }

    async function page(path: string): Promise<string> {
        const response = await fetch(`${devnet.url}${path}`);
        expect([response.status, response.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
        expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
        return response.text();
    }

    it('has an ad network with channels and campaigns, and shows what they do by name', async () => {
        const network = client.open(AdNetwork.createFromAddress(address('ads')));
        expect((await network.getPowers()).operator.holder).toEqual(person('admin').v5r1.address);
        expect((await network.getState()).ownersDue).toBe(toNano('6'));
        const channel = (name: string) => client.open(ChannelAccount.createFromAddress(address(name))).getState();
        const [one, two, three] = [await channel('channel1'), await channel('channel2'), await channel('channel3')];
        expect([one.owner, two.owner, three.owner]).toEqual([
            person('alice').v5r1.address,
            person('bob').v5r1.address,
            null,
        ]);
        expect(one.ownerDue).toBeGreaterThanOrEqual(toNano('5'));
        expect(two.received).toBe(toNano('4'));
        expect(three.ownerDue).toBeGreaterThanOrEqual(toNano('5'));
        const campaign = (name: string) => client.open(Campaign.createFromAddress(address(name))).getState();
        expect((await campaign('campaign1')).spent).toBe(toNano('20'));
        expect((await campaign('campaign2')).closingAt).toBeGreaterThan(0);
        const shown = await page(`/account/${address('ads').toString()}`);
        for (const name of ['register', 'charge', 'revenue', 'draw']) {
            expect(shown).toContain(name);
        }
    });

    it('has names at different stages, and the time of the machine', async () => {
        const stages: [string, ItemStatus][] = [
            ['aurora', 'ended'],
            ['moonlight', 'auction'],
            ['harbor', 'open'],
            ['lantern', 'open'],
            ['meadow', 'idle'],
        ];
        for (const [name, status] of stages) {
            expect([name, (await item(name).getState()).status]).toEqual([name, status]);
        }
        const { maxBid, minBid } = await item('lantern').getState();
        expect(maxBid).toBe(minBid);
        expect((await item('aurora').getState()).bidder).toEqual(person('bob').v5r1.address);
        const header = (await fetch(devnet.url)).headers.get('date') ?? '';
        expect(Math.abs(Date.parse(header) / 1000 - (await devnet.info()).now)).toBeLessThan(5);

        const collection = client.open(UsernameCollection.createFromAddress(address('collection')));
        const { itemCode, admin, publicKey, openTerms } = await collection.getState();
        expect(admin).toEqual(person('admin').v5r1.address);
        expect(publicKey).toEqual(person('signer').publicKey);
        expect(openTerms?.prices[4]).toBe(toNano('100'));
        expect(itemAddress(collection.address, itemCode, 'aurora')).toEqual(address('aurora'));
        const record = await collection.getRecord('meadow', 'wallet');
        expect(record).toMatchObject({ type: 'dns_smc_address', address: person('alice').v5r1.address });
    });

    it('is shown by its output, its info and its page', async () => {
        expect(info.contracts).toHaveLength(12);
        expect(devnet.output()).toContain('DEVELOPMENT ONLY');
        const front = await page('/');
        for (const contract of info.contracts) {
            expect(devnet.output()).toContain(contract.address);
            expect(front).toContain(`<a href="/account/${contract.address}">${contract.name}</a>`);
        }
        for (const wallet of info.wallets) {
            expect(devnet.output()).toContain(wallet.mnemonic);
            expect(devnet.output()).toContain(wallet.addresses.v4r2);
            expect(devnet.output()).toContain(wallet.addresses.v5r1);
        }
    });

    it('gives NFT items by collection and by owner, as toncenter does', async () => {
        const get = async (query: string): Promise<{ nft_items: NftItemJson[]; address_book: object }> => {
            const { status, json } = await devnet.get(`/api/v3/nft/items?${query}`);
            expect(status).toBe(200);
            return json as { nft_items: NftItemJson[]; address_book: object };
        };
        const names = ['aurora', 'moonlight', 'harbor', 'lantern', 'meadow'];
        const ofCollection = await get(`collection_address=${address('collection').toString()}`);
        expect(ofCollection.nft_items.map((found) => found.address).sort()).toEqual(
            names.map((name) => raw(address(name))).sort(),
        );
        const { nft_items: ofAlice } = await get(`owner_address=${person('alice').v5r1.address.toRawString()}`);
        expect(ofAlice).toMatchObject([
            {
                address: raw(address('meadow')),
                init: true,
                collection_address: raw(address('collection')),
                owner_address: raw(person('alice').v5r1.address),
                content: { uri: 'https://names.example/meadow.json' },
                collection: { address: raw(address('collection')), owner_address: raw(person('admin').v5r1.address) },
            },
        ]);
        expect(BigInt(ofAlice[0]?.index ?? 0)).toBe((await item('meadow').getNftData()).index);
        const { address_book } = await get(`address=${raw(address('meadow'))}`);
        expect(address_book).toMatchObject({
            [raw(address('meadow'))]: { user_friendly: address('meadow').toString() },
            [raw(person('alice').v5r1.address)]: { user_friendly: info.wallets[0]?.addresses.v5r1 },
        });

        const two = await get(
            `owner_address=${person('alice').v5r1.address.toString()}&owner_address=${person('carol').v5r1.address.toString()}`,
        );
        expect(two.nft_items).toHaveLength(2);
        const [first, second] = [await get('limit=2'), await get('limit=2&offset=2')];
        expect(new Set([...first.nft_items, ...second.nft_items].map((found) => found.address)).size).toBe(4);
        expect((await get(`owner_address=${raw(address('aurora'))}`)).nft_items).toEqual([]);
        const { json } = await devnet.get('/api/v3/nft/collections');
        expect(json).toMatchObject({
            nft_collections: [{ address: raw(address('collection')), next_item_index: '-1' }],
        });
    });

    it('follows a change of owner', async () => {
        const bob = person('bob').v5r1.address;
        const owned = async (): Promise<string[]> => {
            const { json } = await devnet.get(`/api/v3/nft/items?owner_address=${bob.toRawString()}`);
            return (json as { nft_items: NftItemJson[] }).nft_items.map((found) => found.address);
        };
        expect(await owned()).toEqual([]);
        await item('aurora').sendSettleExternal();
        expect((await item('aurora').getState()).status).toBe('idle');
        expect(await owned()).toEqual([raw(address('aurora'))]);
    });

    it('gives transactions by account, as toncenter does', async () => {
        const moonlight = address('moonlight');
        const get = async (query: string) => {
            const { json } = await devnet.get(`/api/v3/transactions?${query}`);
            return (json as { transactions: { hash: string; lt: string }[] }).transactions;
        };
        const expected = await client.getTransactions(moonlight, { limit: 100 });
        const hashes = expected.map((transaction) => transaction.hash().toString('base64'));
        const found = await get(`account=${moonlight.toString()}&limit=1000`);
        expect(found.map(({ hash }) => hash)).toEqual(hashes);
        const [bid] = found;
        expect(bid).toMatchObject({
            account: raw(moonlight),
            now: expected[0]?.now,
            orig_status: 'active',
            end_status: 'active',
            total_fees: expected[0]?.totalFees.coins.toString(),
            description: { type: 'ord', aborted: false, compute_ph: { skipped: false, success: true, exit_code: 0 } },
            in_msg: {
                source: raw(person('carol').v5r1.address),
                destination: raw(moonlight),
                value: toNano('2.1').toString(),
                bounce: true,
                opcode: null,
            },
            out_msgs: [
                { destination: raw(person('bob').v5r1.address), opcode: '0x557cea20', decoded_opcode: 'outbid' },
            ],
        });
        const ascending = await get(`account=${moonlight.toString()}&sort=asc&limit=1&offset=1`);
        expect(ascending.map(({ hash }) => hash)).toEqual([hashes.at(-2)]);
        expect(await get(`hash=${encodeURIComponent(hashes[0] ?? '')}`)).toEqual([bid]);
        expect(await get(`account=${moonlight.toString()}&end_lt=${BigInt(bid?.lt ?? 0) - 1n}`)).toEqual(
            found.slice(1),
        );
        expect((await get('limit=1'))[0]?.lt).toBe((await get('limit=1000'))[0]?.lt);
    });

    it('shows messages by the names of their ops, and failures by the names of their exit codes', async () => {
        const moonlight = address('moonlight');
        const { minBid, ...state } = await item('moonlight').getState();
        await send('dave', moonlight, quoteBid({ ...state, minBid }).minimum - 1n, '');
        const account = await page(`/account/${moonlight.toString()}`);
        expect(account).toContain('exit code 211 (bid_too_low)');
        expect(account).toContain('>item_deploy</td>');
        expect(account).toContain('<td class="n">2.1 TON</td>');
        expect(account).toMatch(/>dave \(v5r1\)<\/a/);
        const dave = await page(`/account/${person('dave').v5r1.address.toString()}`);
        expect(dave).toContain('bounced: ');

        const [last] = await client.getTransactions(moonlight, { limit: 1 });
        const hash = last?.hash().toString('hex') ?? '';
        expect(account).toContain(`<a href="/tx/${hash}">`);
        const transaction = await page(`/tx/${hash}`);
        expect(transaction).toContain('exit code 211 (bid_too_low)');
        const [, link = ''] = /href="(\/block\/\d+)"/.exec(transaction) ?? [];
        expect(await page(link)).toContain(`<a href="/tx/${hash}">`);
        const missing = await fetch(`${devnet.url}/tx/${'00'.repeat(32)}`);
        expect([missing.status, await missing.text()]).toEqual([404, expect.stringContaining('no such transaction')]);
    });

    it('escapes what people write', async () => {
        const nobody = new Address(0, Buffer.alloc(32, 9));
        await send('alice', nobody, 1n, comment('<script>alert("1")</script> & \'more\''));
        for (const path of ['/', `/account/${nobody.toString()}`]) {
            const text = await page(path);
            expect(text).not.toContain('<script');
            expect(text).toContain('&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; &amp; &#39;more&#39;');
        }
        const strange = await fetch(`${devnet.url}/account/%3Cscript%3E`);
        expect([strange.status, (await strange.text()).includes('<script')]).toEqual([422, false]);
    });
});
