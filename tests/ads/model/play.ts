import { type Address, type Cell, type Transaction } from '@ton/core';

import { EARLIER_PRICES } from '../../../devnet/config';
import {
    AdNetwork,
    AdsOp,
    adsOpName,
    type Bucket,
    Campaign,
    cellToAdNetworkData,
    cellToCampaignData,
    cellToChannelAccountData,
    ChannelAccount,
    MAINNET_PRICES,
    quoteCharge,
    quoteRegister,
    splitRevenue,
} from '../../../wrappers';
import { bucketLevel } from '../../../wrappers/ads/split';
import { Coverage } from '../../../tools/fuzz/coverage';
import { AdsWorld, CAMPAIGN_BUCKET, DRAW_BUCKET } from '../../helpers/ads-world';
import { exitCode, isOn, opOf, sent } from '../../helpers/world';
import { CAMPAIGNS, OWNERS, PAYEES, type Step } from './steps';

// Everything that can happen, in random sequences. AdsWorld checks laws 1, 2 and 6 and the schema after every message;
// here are laws 3, 4, 5 and 7, by books that are kept beside the contracts'.

class Books {
    ownersDue = 0n;
    readonly signed = new Map<bigint, bigint>();
    readonly drawn = new Map<bigint, bigint>();
    readonly buckets = new Map<string, { level: bigint; lastAt: number; stoppedAt: number }>();

    /** What goes through a bucket fits it. */
    through(name: string, bucket: Bucket, amount: bigint, now: number): void {
        const held = this.buckets.get(name) ?? { level: 0n, lastAt: now, stoppedAt: 0 };
        const at = held.stoppedAt || now;
        held.level = bucketLevel(bucket, held.level, Math.min(held.lastAt, at), at) + amount;
        held.lastAt = at;
        expect({ name, passes: held.level > bucket.burst }).toEqual({ name, passes: false });
        this.buckets.set(name, held);
    }
}

/** A network that every sequence is played on as if it were new. */
export class Stage {
    /** How often each message left a contract of ours and was accepted by what sent it. */
    readonly counts = new Map<string, number>();
    /** The steps, and the state of the contract that each went to. */
    readonly coverage = new Coverage();

    private constructor(
        private readonly world: AdsWorld,
        private readonly reset: () => Promise<void>,
    ) {}

    static async create(): Promise<Stage> {
        const world = await AdsWorld.create();
        return new Stage(world, world.checkpoint());
    }

    /** Plays a sequence; throws where a law is broken. */
    async play(steps: Step[]): Promise<void> {
        await this.reset();
        const play = new Play(this.world, this.counts, this.coverage);
        for (const [index, step] of steps.entries()) {
            try {
                await play.run(step);
            } catch (error) {
                const reason = error instanceof Error ? error.message : String(error);
                throw new Error(`Step ${index}, ${JSON.stringify(step)}: ${reason}`, { cause: error });
            }
        }
    }
}

type Account = ReturnType<typeof cellToChannelAccountData> & { isOpen: true };
type Opened = ReturnType<typeof cellToCampaignData> & { isOpen: true };

function stateOfAccount(account: Account | null): string {
    return !account
        ? 'account: new'
        : !account.owner
          ? 'account: unowned'
          : account.pendingOwner
            ? 'account: rebinding'
            : 'account: owned';
}

function stateOfCampaign(campaign: Opened | null, now: number): string {
    return !campaign
        ? 'campaign: new'
        : campaign.closingAt === 0
          ? 'campaign: open'
          : now < campaign.closingAt
            ? 'campaign: stopped'
            : 'campaign: closed';
}

const hasRun = (tx: Transaction): boolean =>
    exitCode(tx) === 0 && !tx.outMessages.values().some(({ info }) => info.type === 'internal' && info.bounced);

/** A refusal that cannot bounce is a value that is given back. */
const isTaken = (tx: Transaction): boolean => hasRun(tx) && !sent(tx).some(({ op }) => op === AdsOp.return_value);

class Play {
    private readonly books = new Books();

    constructor(
        private readonly world: AdsWorld,
        private readonly counts: Map<string, number>,
        private readonly coverage: Coverage,
    ) {}

    private async dataOf(address: Address): Promise<Cell | null> {
        const isActive = (await this.world.chain.getContract(address)).accountState?.type === 'active';
        return isActive ? this.world.data(address) : null;
    }

    /** Null before the first transaction. */
    private async accountData(address: Address) {
        const data = await this.dataOf(address);
        const account = data && cellToChannelAccountData(data);
        return account?.isOpen ? account : null;
    }

    private async campaignData(address: Address) {
        const data = await this.dataOf(address);
        const campaign = data && cellToCampaignData(data);
        return campaign?.isOpen ? campaign : null;
    }

    private async networkData() {
        return cellToAdNetworkData(await this.world.data(this.world.network.address));
    }

    private send(from: keyof AdsWorld['people'], to: Address, value: bigint, body: Cell | undefined, { bounce }: Step) {
        return this.world.send(this.world.people[from], to, value, body, { bounce });
    }

    async run(it: Step): Promise<void> {
        const { world } = this;
        const payee = PAYEES[it.a]!;
        const account = world.account(payee);
        const campaign = world.campaign({ campaignId: CAMPAIGNS[it.b]! });
        const someone = OWNERS[it.b]!;
        const network = world.network.address;
        // From dust to hundreds of TON, and often about a price
        const amount = BigInt(it.amount) ** 2n / 3n + 1n;
        const value = BigInt(it.value) * 150n;
        const before = await this.accountData(account.address);
        const campaignBefore = await this.campaignData(campaign.address);
        const networkBefore = await this.networkData();
        let transactions: Transaction[] = [];
        const did = async (result: Promise<{ transactions: Transaction[] }>) => {
            ({ transactions } = await result);
        };

        switch (it.kind) {
            case 'pay':
                await did(
                    world.send(world.people.brand, account.address, amount, undefined, {
                        bounce: it.bounce,
                        init: account.init,
                    }),
                );
                break;
            case 'pay with comment':
                await did(
                    this.send('brand', account.address, amount, ChannelAccount.transferMessage({ comment: 'hi' }), it),
                );
                break;
            case 'top up':
                await did(this.send('stranger', account.address, value, ChannelAccount.topUpMessage(), it));
                break;
            case 'register': {
                const certificate = await world.certificate(world.people[someone].address, payee);
                const body = AdNetwork.registerMessage({ certificate });
                await did(this.send(someone, network, quoteRegister(world.currentPrices) + value, body, it));
                break;
            }
            case 'claim': {
                const earned = this.books.signed.get(payee) ?? 0n;
                const cumulative = it.b === 0 ? earned : earned + amount;
                if (cumulative > 0n) {
                    this.books.signed.set(payee, cumulative);
                    const body = ChannelAccount.claimMessage({ voucher: await world.voucher(cumulative, payee) });
                    await did(this.send('stranger', account.address, value, body, it));
                }
                break;
            }
            case 'junk claim': {
                const voucher = { payeeId: payee, cumulative: amount * 1000n, signature: Buffer.alloc(64, it.b) };
                await did(this.send('stranger', account.address, value, ChannelAccount.claimMessage({ voucher }), it));
                break;
            }
            case 'withdraw':
                await did(this.send('stranger', account.address, value, ChannelAccount.withdrawMessage(), it));
                break;
            case 'sweep account':
                await did(this.send('stranger', account.address, value, ChannelAccount.sweepMessage(), it));
                break;
            case 'sweep network':
                await did(this.send('stranger', network, value, AdNetwork.sweepMessage(), it));
                break;
            case 'sync key':
                await did(this.send('stranger', account.address, value, ChannelAccount.syncKeyMessage(), it));
                break;
            case 'threshold': {
                const body = ChannelAccount.setAutoPayoutMessage({ threshold: it.amount % 2 ? amount : 0n });
                await did(this.send(someone, account.address, value, body, it));
                break;
            }
            case 'rebind': {
                const newOwner = world.people[OWNERS[it.amount % 3]!].address;
                await did(this.send(someone, account.address, value, ChannelAccount.rebindMessage({ newOwner }), it));
                break;
            }
            case 'accept':
                await did(this.send(someone, account.address, value, ChannelAccount.acceptRebindMessage(), it));
                break;
            case 'reinvest': {
                const owner = OWNERS.find((name) => before?.owner?.equals(world.people[name].address)) ?? someone;
                const part = before ? (before.ownerDue * BigInt(it.amount % 100)) / 90n + 1n : 1n;
                const body = ChannelAccount.reinvestMessage({ campaign: campaign.address, amount: part });
                await did(this.send(owner, account.address, value, body, it));
                break;
            }
            case 'fund':
                await did(
                    world.send(world.people.advertiser, campaign.address, amount, undefined, {
                        bounce: it.bounce,
                        init: campaign.init,
                    }),
                );
                break;
            case 'charge': {
                const spent = async (address: Address) => (await this.campaignData(address))?.spent ?? 0n;
                const charges = [];
                for (const campaignId of CAMPAIGNS.slice(0, it.a + 1)) {
                    const { address } = world.campaign({ campaignId });
                    charges.push({ campaign: address, cumulative: (await spent(address)) + amount / 2n + 1n });
                }
                const body = AdNetwork.chargeMessage({ charges });
                await did(
                    this.send('operator', network, quoteCharge(charges.length, world.currentPrices) + value, body, it),
                );
                break;
            }
            case 'stop':
                await did(this.send('advertiser', campaign.address, value, Campaign.stopMessage(), it));
                break;
            case 'refund': {
                const closingAt = (await this.campaignData(campaign.address))?.closingAt ?? 0;
                world.now = Math.max(world.now, it.a > 0 ? closingAt : 0);
                await did(this.send('advertiser', campaign.address, value, Campaign.refundMessage(), it));
                break;
            }
            case 'revenue':
                await did(this.send('stranger', network, amount + value, AdNetwork.revenueMessage({ amount }), it));
                break;
            case 'pay network':
                await did(this.send('stranger', network, amount, AdNetwork.payMessage(), it));
                break;
            case 'time':
                world.now += it.bounce ? it.amount % 10_000 : it.amount;
                break;
            case 'prices':
                await world.changePrices(it.bounce ? MAINNET_PRICES : EARLIER_PRICES);
                break;
        }

        const targets: [string, Address][] = [
            [stateOfAccount(before), account.address],
            [stateOfCampaign(campaignBefore, world.now), campaign.address],
            ['network', network],
        ];
        // The first transaction is of the sender's wallet
        const [, first] = transactions;
        const state = first && targets.find(([, address]) => isOn(first, address))?.[0];
        if (state) {
            this.coverage.note(it.kind, state, isTaken(first));
        }
        const networkAfter = await this.networkData();
        for (const tx of transactions) {
            this.follow(tx);
            if (isOn(tx, network) && opOf(tx.inMessage!) === AdsOp.pay && exitCode(tx) === 0) {
                const booked =
                    networkAfter.ownersDue +
                    networkAfter.platformDue -
                    networkBefore.ownersDue -
                    networkBefore.platformDue;
                this.books.ownersDue += splitRevenue(booked, 5000).owner;
            }
        }
        if (it.kind === 'stop') {
            const closingAt = (await this.campaignData(campaign.address))?.closingAt;
            const bucket = this.books.buckets.get(campaign.address.toRawString());
            if (bucket && closingAt === world.now + 172_800 && !bucket.stoppedAt) {
                bucket.stoppedAt = world.now;
            }
        }
        expect(networkAfter.ownersDue).toBe(this.books.ownersDue);
        for (const id of PAYEES) {
            const drawn = this.books.drawn.get(id) ?? 0n;
            expect(drawn).toBeLessThanOrEqual(this.books.signed.get(id) ?? 0n);
            const received = (await this.accountData(world.account(id).address))?.received ?? 0n;
            // Nothing is under way between two steps: what failed is booked back
            expect(received).toBe(drawn);
        }
        if (it.kind === 'pay' && before?.autoPayout === 0n) {
            const after = (await this.accountData(account.address))!;
            const payment = after.ownerDue + after.platformDue - before.ownerDue - before.platformDue;
            expect(after.ownerDue - before.ownerDue).toBe(splitRevenue(payment, 5000).owner);
        }
    }

    /** Keeps the books of what a transaction let through. */
    private follow(tx: Transaction): void {
        const { world, books } = this;
        const op = tx.inMessage && opOf(tx.inMessage);
        if (!hasRun(tx) || (tx.inMessage?.info.type === 'internal' && tx.inMessage.info.bounced)) {
            return;
        }
        for (const message of sent(tx)) {
            const name = adsOpName(message.op ?? 0) ?? '';
            this.counts.set(name, (this.counts.get(name) ?? 0) + 1);
        }
        if (isOn(tx, world.network.address) && op === AdsOp.revenue && !sent(tx).length) {
            const amount = tx.inMessage!.body.beginParse().skip(32).loadUintBig(64);
            books.ownersDue += splitRevenue(amount, 5000).owner;
            const campaign = CAMPAIGNS.map((campaignId) => world.campaign({ campaignId }).address).find(
                (address) => tx.inMessage!.info.src?.toString() === address.toString(),
            );
            if (campaign) {
                books.through(campaign.toRawString(), CAMPAIGN_BUCKET, amount, world.now);
            }
        }
        if (isOn(tx, world.network.address) && op === AdsOp.draw) {
            const slice = tx.inMessage!.body.beginParse().skip(32);
            const amount = slice.loadUintBig(64);
            const payee = slice.loadRef().beginParse().loadUintBig(64);
            books.ownersDue -= amount;
            books.drawn.set(payee, (books.drawn.get(payee) ?? 0n) + amount);
            books.through('draws', DRAW_BUCKET, amount, world.now);
        }
    }
}
