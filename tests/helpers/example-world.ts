import { type Address, Cell, toNano, type Transaction } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import type { Blockchain } from '@ton/sandbox';
import type { TonClient, TonClient4 } from '@ton/ton';

import {
    AdNetwork,
    Campaign,
    ChannelAccount,
    itemAddress,
    MAINNET_PRICES,
    NO_ACCOUNT,
    quoteAnswer,
    quoteDeployNetwork,
    quoteFund,
    quoteOpenMint,
    quotePaymentValue,
    quoteRegister,
    quoteRevenue,
    readAccount,
    signMintOrder,
    signOwnerCertificate,
    signVoucher,
    uriContent,
    UsernameCollection,
    UsernameItem,
} from '../../wrappers';
import { accountCode, campaignCode, collectionCode, itemCode, networkCode } from '../../wrappers/code';
import { GLOBAL_ID, isOn, newChain, type Person, START } from './base-world';
import type { ExampleScope } from './example-scope';

const KEY = keyPairFromSeed(Buffer.alloc(32, 7));
const DAY = 86_400;

/** The chain on which the examples of the docstrings run, and the names that they take for granted. */
export async function createExampleWorld(): Promise<{ chain: Blockchain; scope: ExampleScope }> {
    const chain = await newChain(MAINNET_PRICES);
    const [alice, bob, admin, author] = (await chain.createWallets(4)) as [Person, Person, Person, Person];
    const common = commonNames(chain);
    const names = await usernames(chain, common.client, { alice, bob, admin, author });
    const ads = await adRevenue(chain, common.client, { alice, bob, admin });

    const { balance } = await chain.getContract(names.item.address);
    const scope: ExampleScope = {
        ...common,
        ...names,
        ...ads,
        alice: alice.getSender(),
        bob: bob.getSender(),
        admin: admin.getSender(),
        wallet: await readAccount(common.client, alice.address),
        state: await names.item.getState(),
        balance,
        now: chain.now ?? START,
    };
    return { chain, scope };
}

/** What the examples use of the clients, from the embedded chain. */
function commonNames(chain: Blockchain) {
    // Newest first; getTransactions of the sandbox turns the order round at each call
    const transactionsOf = (account: Address, lt?: string | bigint): Transaction[] =>
        chain
            .snapshot()
            .transactions.filter((tx) => isOn(tx, account) && (lt === undefined || tx.lt <= BigInt(lt)))
            .reverse();
    const client = {
        open: chain.openContract.bind(chain),
        provider: chain.provider.bind(chain),
        getTransactions: (account: Address, { limit, lt }: { limit: number; lt?: string }) =>
            Promise.resolve(transactionsOf(account, lt).slice(0, limit)),
    } as unknown as TonClient;
    const client4 = {
        getLastBlock: () => Promise.resolve({ last: { seqno: 1 }, now: chain.now }),
        getConfig: () => Promise.resolve({ config: { cell: chain.config.toBoc().toString('base64') } }),
        getAccountLite: (_seqno: number, account: Address) => {
            const [last] = transactionsOf(account);
            return Promise.resolve({
                account: { last: last ? { lt: `${last.lt}`, hash: last.hash().toString('base64') } : null },
            });
        },
        getAccountTransactions: (account: Address, lt: bigint) =>
            Promise.resolve(transactionsOf(account, lt).map((tx) => ({ tx }))),
    } as unknown as TonClient4;
    return {
        client,
        client4,
        tonConnect: { sendTransaction: () => Promise.resolve({ boc: '' }) },
        globalId: GLOBAL_ID,
        prices: MAINNET_PRICES,
        signer: KEY.secretKey,
        publicKey: KEY.publicKey,
        storage: async (address: Address): Promise<Cell> => {
            const { state } = await client.provider(address).getState();
            if (state.type !== 'active' || !state.data) {
                throw new Error(`${address.toString()} has no state`);
            }
            return Cell.fromBoc(state.data)[0]!;
        },
    };
}

async function usernames(
    chain: Blockchain,
    client: TonClient,
    people: Record<'alice' | 'bob' | 'admin' | 'author', Person>,
) {
    const { alice, bob, admin, author } = people;
    const royalty = { numerator: 5, denominator: 100, destination: author.address };
    const terms = { minBidStep: 5, minExtendTime: 300, duration: 7 * DAY };
    const openTerms = {
        ...terms,
        beneficiary: author.address,
        prices: { 4: toNano('100'), 5: toNano('10') },
        contentPrefix: 'https://names.example/',
    };
    const collection = client.open(
        UsernameCollection.createFromConfig(
            {
                paused: false,
                subwalletId: 0,
                publicKey: KEY.publicKey,
                itemCode,
                admin: admin.address,
                content: uriContent('https://names.example/collection.json'),
                openTerms,
                royalty,
                pendingAdmin: null,
                pendingPublicKey: null,
                domain: 't.me',
            },
            collectionCode,
        ),
    );
    await collection.sendDeploy(admin.getSender(), { value: toNano('1') });

    const auctionConfig = {
        ...terms,
        beneficiary: alice.address,
        initialMinBid: toNano('1'),
        maxBid: 0n,
        delayedStart: false,
    };
    const orderOf = (name: string) => ({
        subwalletId: 0,
        validSince: START,
        validTill: START + 30 * DAY,
        name,
        content: uriContent(`https://names.example/${name}.json`),
        auctionConfig,
    });
    const sign = (order: ReturnType<typeof orderOf>) =>
        signMintOrder({
            collection: collection.address,
            globalId: GLOBAL_ID,
            order,
            signer: KEY.secretKey,
            prices: MAINNET_PRICES,
            bearer: true,
        });
    const itemOf = (name: string) =>
        client.open(UsernameItem.createFromAddress(itemAddress(collection.address, itemCode, name)));

    const endedOrder = { ...orderOf('meadow'), auctionConfig: { ...auctionConfig, duration: DAY } };
    await collection.sendMint(bob.getSender(), { value: toNano('5'), message: await sign(endedOrder) });
    chain.now = START + 3 * DAY;

    const fixedPrice = { ...orderOf('garden'), auctionConfig: { ...auctionConfig, maxBid: toNano('1') } };
    await collection.sendMint(alice.getSender(), { value: toNano('1'), message: await sign(fixedPrice) });
    const { minimum } = quoteOpenMint(openTerms, 'alice');
    await collection.sendOpenMint(alice.getSender(), { value: minimum, name: 'alice' });
    const item = itemOf('alice');
    await item.sendBid(bob.getSender(), { value: toNano('20') });

    const ownedItem = itemOf('garden');
    const ownedState = await ownedItem.getState();
    const order = orderOf('orchard');
    return {
        collection,
        item,
        ownedItem,
        ownedState,
        ownedFunds: {
            reserve: ownedState.reserve,
            balance: (await chain.getContract(ownedItem.address)).balance,
        },
        endedItem: itemOf('meadow'),
        auctionConfig,
        royalty,
        openTerms,
        order,
        mint: await sign(order),
    };
}

async function adRevenue(
    chain: Blockchain,
    client: TonClient,
    { alice, bob, admin }: Record<'alice' | 'bob' | 'admin', Person>,
) {
    const prices = MAINNET_PRICES;
    const bucket = { burst: toNano('1000'), rate: toNano('0.01') };
    const network = client.open(
        AdNetwork.createFromConfig(
            {
                ...bucket,
                shareBps: 5000,
                voucherKey: KEY.publicKey,
                operator: admin.address,
                treasury: admin.address,
                admin: admin.address,
                accountCode,
            },
            networkCode,
        ),
    );
    await network.sendDeploy(admin.getSender(), { value: quoteDeployNetwork(prices) });
    await network.sendRevenue(bob.getSender(), {
        value: quoteRevenue(toNano('100'), prices),
        amount: toNano('100'),
    });

    const accountOf = (payeeId: bigint) =>
        client.open(
            ChannelAccount.createFromConfig({ network: network.address, payeeId, shareBps: 5000 }, accountCode),
        );
    const certify = async (payeeId: bigint, owner: Address) => {
        const target = { globalId: GLOBAL_ID, network: network.address, account: accountOf(payeeId).address };
        const validUntil = (chain.now ?? START) + DAY;
        return {
            target,
            certificate: await signOwnerCertificate({ ...target, payeeId, owner, validUntil, signer: KEY.secretKey }),
        };
    };
    const account = accountOf(77n);
    const own = await certify(77n, alice.address);
    await network.sendRegister(alice.getSender(), { value: quoteRegister(prices), certificate: own.certificate });
    await account.sendPayment(bob.getSender(), { value: quotePaymentValue(NO_ACCOUNT, toNano('20'), prices) });

    const campaignOf = (campaignId: bigint) =>
        client.open(
            Campaign.createFromConfig(
                { ...bucket, network: network.address, advertiser: bob.address, campaignId },
                campaignCode,
            ),
        );
    const amount = toNano('100');
    const [campaign, closedCampaign] = [campaignOf(1n), campaignOf(2n)];
    for (const funded of [campaign, closedCampaign]) {
        await funded.sendFund(bob.getSender(), { value: quoteFund(amount, prices, true), amount });
    }
    await closedCampaign.sendStop(bob.getSender(), { value: quoteAnswer(prices) });
    chain.now = (chain.now ?? START) + 3 * DAY;

    const other = await certify(78n, bob.address);
    return {
        network,
        account,
        funds: { ...(await account.getState()), balance: (await chain.getContract(account.address)).balance },
        target: own.target,
        voucher: await signVoucher({
            ...own.target,
            payeeId: 77n,
            cumulative: toNano('5'),
            signer: KEY.secretKey,
        }),
        certificate: other.certificate,
        certificateTarget: other.target,
        campaign,
        closedCampaign,
    };
}
