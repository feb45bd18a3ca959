import { type Address, type Cell, type Message, toNano, type Transaction } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { type Blockchain, type SandboxContract, type SendMessageResult } from '@ton/sandbox';

import { signerOf } from '../../cli/signer';
import { loadCode } from '../../compilables/compile';
import {
    AdNetwork,
    type AdNetworkConfig,
    AdsOp,
    adsOpName,
    Campaign,
    type CampaignConfig,
    cellToAdNetworkData,
    cellToChannelAccountData,
    ChannelAccount,
    type Charge,
    MAINNET_PRICES,
    type NetworkPrices,
    quoteCharge,
    quoteRegister,
    signOwnerCertificate,
    signVoucher,
    type Voucher,
} from '../../wrappers';
import { accountReserve, campaignReserve, networkReserve } from '../../wrappers/ads/gas';
import {
    BaseWorld,
    configOf,
    GLOBAL_ID,
    internalMessage,
    isOn,
    newChain,
    opOf,
    type Person,
    personOn,
    storageFee,
} from './base-world';

const keyOf = (address: Address): bigint => BigInt(`0x${address.hash.toString('hex')}`);
const max = (a: bigint, b: bigint): bigint => (a > b ? a : b);

export const VOUCHER_KEY = keyPairFromSeed(Buffer.alloc(32, 5));
const signer = signerOf(VOUCHER_KEY);
export const PAYEE = 77n;
const PEOPLE = ['admin', 'operator', 'treasury', 'owner', 'advertiser', 'brand', 'stranger'] as const;

/** The bucket of draws: 1000 TON at once, 1 TON a second; of a campaign: 500 TON at once, 0.01 TON a second. */
export const DRAW_BUCKET = { burst: toNano('1000'), rate: toNano('1') };
export const CAMPAIGN_BUCKET = { burst: toNano('500'), rate: toNano('0.01') };

/** An embedded chain with people and an ad network. Every message that passes through it is checked for conservation. */
export class AdsWorld extends BaseWorld {
    private readonly contracts = new Map<bigint, { kind: 'network' | 'account' | 'campaign'; address: Address }>();
    /** What lacked in the books of each contract after its last transaction. */
    private readonly deficits = new Map<bigint, bigint>();
    /** Prices after a change in mid-run. */
    currentPrices: NetworkPrices;

    private constructor(
        chain: Blockchain,
        prices: NetworkPrices,
        readonly people: Record<(typeof PEOPLE)[number], Person>,
        readonly network: SandboxContract<AdNetwork>,
        readonly shareBps: number,
    ) {
        super(chain, prices, AdsOp.return_value);
        this.currentPrices = prices;
        this.contracts.set(keyOf(network.address), { kind: 'network', address: network.address });
    }

    /**
     * Sends a message, lets so many transactions of its chain happen, then `meanwhile`, then the rest: what is under way
     * waits.
     */
    async interleave(
        message: Message,
        transactions: number,
        meanwhile: () => Promise<unknown>,
    ): Promise<Transaction[]> {
        const chain = (await this.chain.sendMessageIter(message))[Symbol.asyncIterator]();
        const done: Transaction[] = [];
        for (let count = 0; count < transactions; count += 1) {
            done.push(((await chain.next()) as IteratorYieldResult<Transaction>).value);
        }
        await meanwhile();
        for (let step = await chain.next(); !step.done; step = await chain.next()) {
            done.push(step.value);
        }
        for (const { address } of [...this.contracts.values(), ...Object.values(this.people)]) {
            await this.remember(address);
        }
        return done;
    }

    /** One transaction on a contract while others wait. What it sends is not carried through. */
    async receive(from: Address, to: Address, value: bigint, body: Cell): Promise<Transaction> {
        const contract = await this.chain.getContract(to);
        return contract.receiveMessage(internalMessage(from, to, value, body), { now: this.now });
    }

    override checkpoint(): () => Promise<void> {
        const [back, deficits, prices] = [super.checkpoint(), [...this.deficits], this.currentPrices];
        return async () => {
            await back();
            this.deficits.clear();
            deficits.forEach(([key, deficit]) => this.deficits.set(key, deficit));
            this.currentPrices = prices;
        };
    }

    /** Other prices from now on. */
    async changePrices(prices: NetworkPrices): Promise<void> {
        this.chain.setConfig(configOf(prices));
        this.currentPrices = prices;
        for (const { address } of this.contracts.values()) {
            await this.rememberDeficit(address);
        }
    }

    override async remember(address: Address): Promise<void> {
        await super.remember(address);
        if (this.contracts.has(keyOf(address))) {
            await this.rememberDeficit(address);
        }
    }

    private async rememberDeficit(address: Address): Promise<void> {
        const books = await this.books(address);
        if (books) {
            const deficit = books.owed + books.reserve - (await this.balance(address));
            this.deficits.set(keyOf(address), max(0n, deficit));
        }
    }

    /** What a contract owes and must keep, from its storage; null before it is deployed. */
    async books(address: Address): Promise<{ owed: bigint; reserve: bigint; ownerDue: bigint } | null> {
        const { kind } = this.contracts.get(keyOf(address))!;
        const state = (await this.chain.getContract(address)).accountState;
        if (state?.type !== 'active') {
            return null;
        }
        const data = state.state.data!;
        const prices = this.currentPrices;
        if (kind === 'network') {
            const { ownersDue, platformDue } = cellToAdNetworkData(data);
            return { owed: ownersDue + platformDue, reserve: networkReserve(prices), ownerDue: ownersDue };
        }
        if (kind === 'campaign') {
            return { owed: 0n, reserve: campaignReserve(prices), ownerDue: 0n };
        }
        const account = cellToChannelAccountData(data);
        const { ownerDue, platformDue } = account.isOpen ? account : { ownerDue: 0n, platformDue: 0n };
        return { owed: ownerDue + platformDue, reserve: accountReserve(prices), ownerDue };
    }

    /** What holds after every message: the solvency and the authority of our contracts. */
    protected override async checkConservation(transactions: readonly Transaction[]): Promise<void> {
        await super.checkConservation(transactions);
        for (const [key, { kind, address }] of this.contracts) {
            const own = transactions.filter((tx) => tx.address === key && isOn(tx, address));
            const books = own.length > 0 ? await this.books(address) : null;
            if (!books) {
                continue;
            }
            const rent = own.reduce((sum, tx) => sum + storageFee(tx), 0n);
            const deficit = max(0n, books.owed + books.reserve - (await this.balance(address)));
            const before = this.deficits.get(key);
            // A campaign owes nothing, and what was given to it is its advertiser's: only a take keeps its reserve
            if (before !== undefined && kind !== 'campaign') {
                expect({ kind, lacks: deficit > before + rent ? deficit : 0n }).toEqual({ kind, lacks: 0n });
            }
            this.deficits.set(key, deficit);
            for (const tx of own) {
                this.checkMessages(kind, tx);
            }
        }
    }

    /** What is worth more than what came in goes where it may. */
    private checkMessages(kind: 'network' | 'account' | 'campaign', tx: Transaction): void {
        const came = tx.inMessage?.info.type === 'internal' ? tx.inMessage.info.value.coins : 0n;
        for (const message of tx.outMessages.values()) {
            const { info } = message;
            if (info.type !== 'internal' || info.bounced) {
                continue;
            }
            const name = adsOpName(opOf(message) ?? 0) ?? '';
            if (info.value.coins > came) {
                const may = {
                    network: ['voucher_payout', 'treasury_payout'],
                    account: ['owner_payout', 'platform_share', 'fund'],
                    campaign: ['revenue', 'advertiser_refund'],
                }[kind];
                expect(may).toContain(name);
            }
            if (name.endsWith('_payout') || name === 'advertiser_refund') {
                expect(info.bounce).toBe(false);
            }
        }
    }

    static async create(
        prices: NetworkPrices = MAINNET_PRICES,
        config: Partial<AdNetworkConfig> = {},
    ): Promise<AdsWorld> {
        const chain = await newChain(prices);
        const people = {} as Record<(typeof PEOPLE)[number], Person>;
        for (const name of PEOPLE) {
            people[name] = await personOn(chain, name);
        }
        const complete: AdNetworkConfig = {
            ...DRAW_BUCKET,
            shareBps: 5000,
            voucherKey: VOUCHER_KEY.publicKey,
            operator: people.operator.address,
            treasury: people.treasury.address,
            admin: people.admin.address,
            accountCode: loadCode('ChannelAccount'),
            ...config,
        };
        const network = chain.openContract(AdNetwork.createFromConfig(complete, loadCode('AdNetwork')));
        const world = new AdsWorld(chain, prices, people, network, complete.shareBps);
        for (const person of Object.values(people)) {
            await world.remember(person.address);
        }
        await world.send(people.admin, network.address, toNano('2'), AdNetwork.topUpMessage(), { init: network.init });
        return world;
    }

    account(payeeId: bigint = PAYEE): SandboxContract<ChannelAccount> {
        const config = { network: this.network.address, payeeId, shareBps: this.shareBps };
        const account = ChannelAccount.createFromConfig(config, loadCode('ChannelAccount'));
        this.contracts.set(keyOf(account.address), { kind: 'account', address: account.address });
        return this.chain.openContract(account);
    }

    campaign(config: Partial<CampaignConfig> = {}): SandboxContract<Campaign> {
        const complete = {
            ...CAMPAIGN_BUCKET,
            network: this.network.address,
            advertiser: this.people.advertiser.address,
            campaignId: 1n,
            ...config,
        };
        const campaign = Campaign.createFromConfig(complete, loadCode('Campaign'));
        this.contracts.set(keyOf(campaign.address), { kind: 'campaign', address: campaign.address });
        return this.chain.openContract(campaign);
    }

    /** A payment of an empty body, which deploys the account. */
    async pay(value: bigint, payeeId: bigint = PAYEE, body?: Cell): Promise<SendMessageResult> {
        const { address, init } = this.account(payeeId);
        return this.send(this.people.brand, address, value, body, { init });
    }

    async certificate(owner: Address, payeeId: bigint = PAYEE, validUntil = this.now + 3600) {
        const account = this.account(payeeId).address;
        return signOwnerCertificate({
            globalId: GLOBAL_ID,
            network: this.network.address,
            account,
            payeeId,
            owner,
            validUntil,
            signer,
        });
    }

    /** `owner` becomes the owner of the payee's account. */
    async register(owner: Person = this.people.owner, payeeId: bigint = PAYEE): Promise<SendMessageResult> {
        const certificate = await this.certificate(owner.address, payeeId);
        const body = AdNetwork.registerMessage({ certificate });
        return this.send(owner, this.network.address, quoteRegister(this.prices), body);
    }

    /** An account with an owner. */
    async registered(owner: Person = this.people.owner, payeeId: bigint = PAYEE) {
        await this.register(owner, payeeId);
        return this.account(payeeId);
    }

    async voucher(cumulative: bigint, payeeId: bigint = PAYEE): Promise<Voucher> {
        const account = this.account(payeeId).address;
        const network = this.network.address;
        return signVoucher({ globalId: GLOBAL_ID, network, account, payeeId, cumulative, signer });
    }

    /** A stranger relays a voucher. */
    async claim(cumulative: bigint, value = toNano('0.1'), payeeId: bigint = PAYEE): Promise<SendMessageResult> {
        const body = ChannelAccount.claimMessage({ voucher: await this.voucher(cumulative, payeeId) });
        return this.send(this.people.stranger, this.account(payeeId).address, value, body);
    }

    /** A campaign with a budget of at least so much. */
    async funded(value: bigint = toNano('100'), config: Partial<CampaignConfig> = {}) {
        const campaign = this.campaign(config);
        await this.send(this.people.advertiser, campaign.address, value + toNano('1'), undefined, {
            init: campaign.init,
        });
        return campaign;
    }

    async charge(...charges: Charge[]): Promise<SendMessageResult> {
        const body = AdNetwork.chargeMessage({ charges });
        const value = quoteCharge(charges.length, this.prices);
        return this.send(this.people.operator, this.network.address, value, body);
    }

    /** Exactly so much revenue, from a stranger. */
    async revenue(amount: bigint, value = amount + toNano('0.1')): Promise<SendMessageResult> {
        return this.send(this.people.stranger, this.network.address, value, AdNetwork.revenueMessage({ amount }));
    }
}
