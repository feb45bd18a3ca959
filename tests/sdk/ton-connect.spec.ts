import type { Contract, ContractProvider, Message, MessageRelaxed, OpenedContract, Sender, StateInit } from '@ton/core';
import { Address, beginCell, Cell, storeStateInit, toNano } from '@ton/core';
import type { Blockchain, BlockchainSnapshot, SendMessageResult } from '@ton/sandbox';

import { loadCode } from '../../compilables/compile';
import type { TonConnectOptions } from '../../wrappers';
import * as sdk from '../../wrappers';
import {
    AdNetwork,
    Campaign,
    ChannelAccount,
    encodeDnsRecord,
    MAINNET_PRICES,
    quoteFund,
    recordKey,
    tonConnectMessages,
    UsernameCollection,
    UsernameItem,
} from '../../wrappers';
import { AdsWorld, CAMPAIGN_BUCKET, DRAW_BUCKET } from '../helpers/ads-world';
import type { Person } from '../helpers/world';
import { newChain, START, transactionOn, World } from '../helpers/world';
import { walletMessage, walletOn, WALLET_VERSIONS } from './wallet';

const someone = new Address(0, Buffer.alloc(32, 1));
const bytes = (length: number) => Buffer.alloc(length, 2);
const auctionConfig = {
    beneficiary: someone,
    initialMinBid: toNano('1'),
    maxBid: 0n,
    minBidStep: 5,
    minExtendTime: 60,
    duration: 3600,
    delayedStart: false,
};
const royalty = { numerator: 5, denominator: 100, destination: someone };
const opts = { value: toNano('1.5'), queryId: 7n };

/** Sends of a wrapper, by name. */
type Sends<T> = Record<string, (contract: OpenedContract<T>, via: Sender) => Promise<unknown>>;
type Case<T extends Contract = Contract> = { contract: T; sends: Sends<T> };

const itemSends: Sends<UsernameItem> = {
    sendBid: (item, via) => item.sendBid(via, { ...opts, comment: 'mine' }),
    sendPlaceBid: (item, via) =>
        item.sendPlaceBid(via, { ...opts, startedAt: START, owner: someone, refundTo: someone }),
    sendTopUp: (item, via) => item.sendTopUp(via, { ...opts, bounce: false }),
    sendSettle: (item, via) => item.sendSettle(via, opts),
    sendStartAuction: (item, via) => item.sendStartAuction(via, { ...opts, auctionConfig }),
    sendCancelAuction: (item, via) => item.sendCancelAuction(via, opts),
    sendChangeDnsRecord: (item, via) =>
        item.sendChangeDnsRecord(via, { ...opts, key: 9n, record: beginCell().storeUint(5, 9).endCell() }),
    sendDeleteDnsRecord: (item, via) => item.sendDeleteDnsRecord(via, { ...opts, key: 9n }),
    sendTransfer: (item, via) =>
        item.sendTransfer(via, {
            ...opts,
            newOwner: someone,
            responseDestination: null,
            forwardAmount: 3n,
        }),
    sendGetStaticData: (item, via) => item.sendGetStaticData(via, opts),
    sendGetRoyaltyParams: (item, via) => item.sendGetRoyaltyParams(via, opts),
};

const openTerms = { ...auctionConfig, prices: { 4: toNano('1') }, contentPrefix: 'https://names.example/' };
const collectionSends: Sends<UsernameCollection> = {
    sendDeploy: (collection, via) => collection.sendDeploy(via, opts),
    sendMint: (collection, via) =>
        collection.sendMint(via, { ...opts, message: beginCell().storeUint(1, 32).endCell() }),
    sendOpenMint: (collection, via) => collection.sendOpenMint(via, { ...opts, name: 'alice' }),
    sendSetPaused: (collection, via) => collection.sendSetPaused(via, { ...opts, paused: true }),
    sendSetTerms: (collection, via) => collection.sendSetTerms(via, { ...opts, openTerms }),
    sendSetRoyalty: (collection, via) => collection.sendSetRoyalty(via, { ...opts, royalty }),
    sendProposeSigner: (collection, via) => collection.sendProposeSigner(via, { ...opts, publicKey: bytes(32) }),
    sendAcceptSigner: (collection, via) => collection.sendAcceptSigner(via, { ...opts, signature: bytes(64) }),
    sendProposeAdmin: (collection, via) => collection.sendProposeAdmin(via, { ...opts, admin: someone }),
    sendAcceptAdmin: (collection, via) => collection.sendAcceptAdmin(via, opts),
    sendRenounceAdmin: (collection, via) => collection.sendRenounceAdmin(via, opts),
    sendGetRoyaltyParams: (collection, via) => collection.sendGetRoyaltyParams(via, opts),
    sendTopUp: (collection, via) => collection.sendTopUp(via, opts),
};

const certificate = { payeeId: 4n, owner: someone, validUntil: START, signature: bytes(64) };
const networkSends: Sends<AdNetwork> = {
    sendDeploy: (network, via) => network.sendDeploy(via, opts),
    sendTopUp: (network, via) => network.sendTopUp(via, opts),
    sendPayment: (network, via) => network.sendPayment(via, opts),
    sendRevenue: (network, via) => network.sendRevenue(via, { ...opts, amount: 5n }),
    sendRegister: (network, via) => network.sendRegister(via, { ...opts, certificate }),
    sendCharge: (network, via) =>
        network.sendCharge(via, { ...opts, charges: [{ campaign: someone, cumulative: 5n }] }),
    sendSweep: (network, via) => network.sendSweep(via, opts),
    sendAnnounceOperator: (network, via) => network.sendAnnounceOperator(via, { ...opts, operator: someone }),
    sendAnnounceVoucherKey: (network, via) => network.sendAnnounceVoucherKey(via, { ...opts, voucherKey: bytes(32) }),
    sendAnnounceTreasury: (network, via) => network.sendAnnounceTreasury(via, { ...opts, treasury: someone }),
    sendProposeAdmin: (network, via) => network.sendProposeAdmin(via, { ...opts, admin: someone }),
    sendAcceptAdmin: (network, via) => network.sendAcceptAdmin(via, opts),
    sendRenounceAdmin: (network, via) => network.sendRenounceAdmin(via, opts),
};

const voucher = { payeeId: 4n, cumulative: 8n, signature: bytes(64) };
const accountSends: Sends<ChannelAccount> = {
    // The empty body of a wallet's plain transfer
    sendPayment: (account, via) => account.sendPayment(via, opts),
    sendTopUp: (account, via) => account.sendTopUp(via, opts),
    sendClaim: (account, via) => account.sendClaim(via, { ...opts, voucher }),
    sendWithdraw: (account, via) => account.sendWithdraw(via, opts),
    sendSweep: (account, via) => account.sendSweep(via, opts),
    sendSyncKey: (account, via) => account.sendSyncKey(via, opts),
    sendSetAutoPayout: (account, via) => account.sendSetAutoPayout(via, { ...opts, threshold: toNano('1') }),
    sendRebind: (account, via) => account.sendRebind(via, { ...opts, newOwner: someone }),
    sendAcceptRebind: (account, via) => account.sendAcceptRebind(via, opts),
    sendReinvest: (account, via) => account.sendReinvest(via, { ...opts, campaign: someone, amount: 5n }),
};

const campaignSends: Sends<Campaign> = {
    sendFund: (campaign, via) => campaign.sendFund(via, { ...opts, amount: 5n }),
    sendStop: (campaign, via) => campaign.sendStop(via, opts),
    sendRefund: (campaign, via) => campaign.sendRefund(via, opts),
};

/** Of every wrapper one that is not deployed. */
function cases() {
    const [accountCode, itemCode] = [loadCode('ChannelAccount'), loadCode('UsernameItem')];
    const people = { operator: someone, treasury: someone, admin: someone };
    const network = { ...DRAW_BUCKET, ...people, shareBps: 5000, voucherKey: bytes(32), accountCode };
    const campaign = { ...CAMPAIGN_BUCKET, network: someone, advertiser: someone, campaignId: 1n };
    const collection = {
        paused: false,
        subwalletId: 1,
        publicKey: bytes(32),
        itemCode,
        admin: someone,
        pendingAdmin: null,
        pendingPublicKey: null,
        content: Cell.EMPTY,
        openTerms: null,
        royalty,
        domain: 't.me',
    };
    const of = <T extends Contract>(contract: T, sends: Sends<T>): Case => ({ contract, sends }) as unknown as Case;
    return {
        UsernameItem: of(UsernameItem.createFromConfig({ collection: someone, name: 'alice' }, itemCode), itemSends),
        UsernameCollection: of(
            UsernameCollection.createFromConfig(collection, loadCode('UsernameCollection')),
            collectionSends,
        ),
        AdNetwork: of(AdNetwork.createFromConfig(network, loadCode('AdNetwork')), networkSends),
        ChannelAccount: of(
            ChannelAccount.createFromConfig({ network: someone, payeeId: 4n, shareBps: 5000 }, accountCode),
            accountSends,
        ),
        Campaign: of(Campaign.createFromConfig(campaign, loadCode('Campaign')), campaignSends),
    } satisfies Record<string, Case>;
}

/** The `send` methods of every wrapper that the package exports. */
function sendMethods(): Record<string, string[]> {
    const methods = Object.entries(sdk).flatMap(([name, value]) => {
        const prototype: unknown = typeof value === 'function' ? value.prototype : undefined;
        const sends = prototype ? Object.getOwnPropertyNames(prototype).filter((key) => key.startsWith('send')) : [];
        return sends.length > 0 ? [[name, sends.sort()] as const] : [];
    });
    return Object.fromEntries(methods);
}

const initCell = (init?: StateInit | null) => init && beginCell().store(storeStateInit(init)).endCell();

/** What of a message the sender decides. */
function essence(message: MessageRelaxed | Message) {
    if (message.info.type !== 'internal') {
        throw new Error('not internal');
    }
    const { dest, value, bounce } = message.info;
    return { to: dest, value: value.coins, bounce, body: message.body, init: initCell(message.init) };
}

it('has an example of every operation of every wrapper', () => {
    const examples = Object.entries(cases()).map(([name, { sends }]) => [name, Object.keys(sends).sort()]);
    const methods = sendMethods();
    expect(methods.UsernameItem).toContain('sendSettleExternal');
    methods.UsernameItem = methods.UsernameItem!.filter((name) => name !== 'sendSettleExternal');
    expect(Object.fromEntries(examples)).toEqual(methods);
});

describe.each(Object.entries(cases()))('a message list of %s', (_name, { contract, sends }) => {
    let chain: Blockchain;
    let wallet: Person;
    let undeployed: BlockchainSnapshot;
    beforeAll(async () => {
        chain = await newChain(MAINNET_PRICES);
        wallet = await chain.treasury('wallet');
        undeployed = chain.snapshot();
    });

    it.each(Object.entries(sends))('for %s is the message that a wallet sends', async (_send, send) => {
        await chain.loadFrom(undeployed);
        const messages = await tonConnectMessages((via, open) => send(open(contract), via));
        expect(messages).toHaveLength(1);
        for (const key of Object.keys(messages[0]!)) {
            expect(['address', 'amount', 'payload', 'stateInit']).toContain(key);
        }

        const opened = chain.openContract(contract);
        const result = (await send(opened, wallet.getSender())) as SendMessageResult;
        const { inMessage } = transactionOn(result, contract.address);
        expect(essence(walletMessage(messages[0]!))).toEqual(essence(inMessage!));
        expect(messages[0]!.stateInit).toBeDefined();

        // With a client the wrapper looks whether its StateInit is needed
        const recorded = await tonConnectMessages((via) => send(opened, via));
        const isDeployed = (await chain.getContract(contract.address)).accountState?.type === 'active';
        const { stateInit, ...rest } = messages[0]!;
        expect(recorded).toEqual([isDeployed ? rest : { ...rest, stateInit }]);
    });
});

describe('tonConnectMessages', () => {
    const item = UsernameItem.createFromAddress(someone);

    it('gives no payload for an empty body, and no StateInit for a bare address', async () => {
        const messages = await tonConnectMessages((via, open) => open(item).sendBid(via, { value: toNano('2') }));
        expect(messages).toEqual([{ address: someone.toString({ bounceable: true }), amount: '2000000000' }]);
    });

    it('marks what does not bounce, and what is for a test network', async () => {
        const send = (via: Sender, open: <T extends Contract>(contract: T) => OpenedContract<T>) =>
            open(item).sendBid(via, { value: 1n, bounce: false });
        const flags = async (options: TonConnectOptions) => {
            const [message] = await tonConnectMessages(send, options);
            const { isBounceable, isTestOnly } = Address.parseFriendly(message!.address);
            return { isBounceable, isTestOnly };
        };
        expect(await flags({})).toEqual({ isBounceable: false, isTestOnly: false });
        expect(await flags({ testOnly: true })).toEqual({ isBounceable: false, isTestOnly: true });
    });

    it('keeps the order of several operations, up to what the wallet takes', async () => {
        const bids = (count: number, options?: TonConnectOptions) =>
            tonConnectMessages(async (via, open) => {
                for (let value = 1n; value <= BigInt(count); value += 1n) {
                    await open(item).sendBid(via, { value });
                }
            }, options);
        expect((await bids(4)).map(({ amount }) => amount)).toEqual(['1', '2', '3', '4']);
        await expect(bids(5)).rejects.toMatchObject({
            code: 'invalid_argument',
            hint: expect.stringMatching(/v5/) as string,
        });
        expect(await bids(255, { maxMessages: 255 })).toHaveLength(255);
        await expect(bids(256, { maxMessages: 255 })).rejects.toMatchObject({ code: 'invalid_argument' });
        await expect(bids(0)).rejects.toMatchObject({ code: 'invalid_argument' });
    });

    it.each([0n, -1n])('refuses a value of %s', async (value) => {
        const messages = tonConnectMessages((via, open) => open(item).sendBid(via, { value }));
        await expect(messages).rejects.toMatchObject({ code: 'invalid_amount' });
    });

    it('refuses what needs a client', async () => {
        const refused = { code: 'invalid_argument', hint: expect.stringMatching(/client/) as string };
        await expect(tonConnectMessages((_, open) => open(item).sendSettleExternal())).rejects.toMatchObject(refused);
        await expect(tonConnectMessages((_, open) => open(item).getTokenName())).rejects.toMatchObject(refused);
    });

    it('builds the messages of other wrappers too: an amount in coins, a comment as text', async () => {
        const other = {
            address: someone,
            sendPing: (provider: ContractProvider, via: Sender) =>
                provider.internal(via, { value: '1.5', body: 'ping' }),
        };
        const [message] = await tonConnectMessages((via, open) => open(other).sendPing(via));
        expect(message!.amount).toBe('1500000000');
        const comment = Cell.fromBase64(message!.payload!).beginParse().skip(32).loadStringTail();
        expect(comment).toBe('ping');
    });
});

describe.each(WALLET_VERSIONS)('a wallet %s sends the list', (version) => {
    it('of a name: minted, changed and given away', async () => {
        const world = await World.create();
        const wallet = await walletOn(world.chain, version);
        const maxBid = toNano('1');
        const message = world.order('wallets', { config: { initialMinBid: maxBid, maxBid } });
        const { collection } = world;
        await wallet.send(await tonConnectMessages((via) => collection.sendMint(via, { value: maxBid, message })));
        const item = world.item('wallets');
        expect((await item.getState()).owner).toEqual(wallet.address);

        const record = encodeDnsRecord({ type: 'dns_smc_address', address: wallet.address });
        const reserve = await world.balance(item.address);
        const closed = UsernameItem.createFromAddress(item.address);
        const changes = await tonConnectMessages(async (via, open) => {
            const unread = open(closed);
            await unread.sendTopUp(via, { value: toNano('3') });
            await unread.sendChangeDnsRecord(via, { value: toNano('0.5'), key: recordKey('wallet'), record });
            await unread.sendStartAuction(via, { value: toNano('0.5'), auctionConfig: world.config() });
            await unread.sendCancelAuction(via, { value: toNano('0.5') });
        });
        await wallet.send(changes);
        expect(await world.balance(item.address)).toBeGreaterThan(reserve + toNano('2.9'));
        const { status, startableAt } = await item.getState();
        expect({ status, startableAt }).toEqual({ status: 'idle', startableAt: world.now + 300 });
        expect(await collection.getRecord('wallets', 'wallet')).toMatchObject({ address: wallet.address });

        const newOwner = world.people.bob.address;
        await wallet.send(
            await tonConnectMessages((via, open) =>
                open(closed).sendTransfer(via, {
                    value: toNano('0.1'),
                    newOwner,
                    responseDestination: wallet.address,
                    forwardAmount: 1n,
                }),
            ),
        );
        expect((await item.getState()).owner).toEqual(newOwner);
    });

    it('of a campaign: made, funded and stopped, and a channel paid', async () => {
        const world = await AdsWorld.create();
        const wallet = await walletOn(world.chain, version);
        const amount = toNano('20');
        const config = {
            ...CAMPAIGN_BUCKET,
            network: world.network.address,
            advertiser: wallet.address,
            campaignId: 1n,
        };
        const campaign = Campaign.createFromConfig(config, loadCode('Campaign'));
        const account = world.account();
        const channel = new ChannelAccount(account.address, account.init);
        const value = quoteFund(amount, MAINNET_PRICES, true);
        await wallet.send(
            await tonConnectMessages(async (via, open) => {
                await open(campaign).sendFund(via, { value, amount });
                await open(channel).sendPayment(via, { value: toNano('5') });
                await open(campaign).sendStop(via, { value: toNano('0.1') });
            }),
        );
        const state = await world.chain.openContract(campaign).getState();
        expect(state.budget).toBeGreaterThanOrEqual(amount);
        expect(state.closingAt).toBeGreaterThan(world.now);
        const { isOpen, ownerDue } = await account.getState();
        expect(isOpen && ownerDue > toNano('2')).toBe(true);
    });
});

it('sends as many messages at once as the version of the wallet takes', async () => {
    const world = await AdsWorld.create();
    const wallet = await walletOn(world.chain, 'v5r1');
    const account = world.account();
    const messages = await tonConnectMessages(
        async (via) => {
            for (let count = 0; count < 20; count += 1) {
                await account.sendPayment(via, { value: toNano('1') });
            }
        },
        { maxMessages: 255 },
    );
    await wallet.send(messages);
    expect((await account.getState()).ownerDue).toBeGreaterThan(toNano('9.9'));
});
