import { Address, type Cell, type Contract, toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import { Blockchain, internal, type SandboxContract, type SendMessageResult } from '@ton/sandbox';
import { WalletContractV5R1 } from '@ton/ton';

import type peers from '../../bench/peers.json';
import { chainConfig } from '../../devnet/config';
import { networkFees, sum, totalFees } from '../../devnet/ledger';
import { cellSize } from '../../wrappers/common/cells';
import {
    AdNetwork,
    AdsOp,
    Campaign,
    ChannelAccount,
    forwardFee,
    MAINNET_PRICES,
    quoteCharge,
    quoteRegister,
    quoteReinvest,
    signOwnerCertificate,
    signVoucher,
} from '../../wrappers';
import { isOn, measureGas } from './measure';
import { emptyProfile } from './profile';

const START = 1_800_000_000;
const GLOBAL_ID = -239;
const SHARE_BPS = 5000;
const PAYEE = 77n;
const VOUCHER_KEY = keyPairFromSeed(Buffer.alloc(32, 7));

const person = (number: number): Address => new Address(0, Buffer.alloc(32, number));
const OPERATOR = person(1);
const TREASURY = person(2);
const ADVERTISER = person(3);
const STRANGER = person(4);

export type AdsCode = Record<'network' | 'account' | 'campaign', Cell>;

/** A chain at today's prices with an ad network, a channel's account and its owner, who has a wallet v5r1. */
export class AdsBench {
    /** What the measured messages spent gas on. */
    readonly profile = emptyProfile();

    private constructor(
        readonly chain: Blockchain,
        readonly owner: SandboxContract<WalletContractV5R1>,
        readonly network: SandboxContract<AdNetwork>,
        readonly account: SandboxContract<ChannelAccount>,
        readonly campaign: SandboxContract<Campaign>,
    ) {}

    static async open(code: AdsCode): Promise<AdsBench> {
        const chain = await Blockchain.create({ config: chainConfig() });
        chain.now = START;
        chain.verbosity = { ...chain.verbosity, print: false, vmLogs: 'vm_logs_gas' };
        const { publicKey } = keyPairFromSeed(Buffer.alloc(32, 8));
        const owner = chain.openContract(WalletContractV5R1.create({ workchain: 0, publicKey }));
        const bucket = { burst: toNano('1000'), rate: toNano('1') };
        const network = chain.openContract(
            AdNetwork.createFromConfig(
                {
                    ...bucket,
                    shareBps: SHARE_BPS,
                    voucherKey: VOUCHER_KEY.publicKey,
                    operator: OPERATOR,
                    treasury: TREASURY,
                    admin: STRANGER,
                    accountCode: code.account,
                },
                code.network,
            ),
        );
        const account = chain.openContract(
            ChannelAccount.createFromConfig(
                { network: network.address, payeeId: PAYEE, shareBps: SHARE_BPS },
                code.account,
            ),
        );
        const campaign = chain.openContract(
            Campaign.createFromConfig(
                { ...bucket, network: network.address, advertiser: ADVERTISER, campaignId: 1n },
                code.campaign,
            ),
        );
        const bench = new AdsBench(chain, owner, network, account, campaign);
        // Enough of everything that no measured message has to fill a reserve
        await bench.send(STRANGER, owner, toNano('1'));
        await bench.send(STRANGER, network, toNano('5'), AdNetwork.topUpMessage());
        await bench.send(STRANGER, campaign, toNano('100'));
        return bench;
    }

    /** A message from somebody, with what deploys its receiver where nothing has yet. */
    async send(from: Address, to: Contract, value: bigint, body?: Cell): Promise<SendMessageResult> {
        const isNew = (await this.chain.getContract(to.address)).accountState?.type !== 'active';
        const stateInit = isNew ? (to.init ?? undefined) : undefined;
        return this.chain.sendMessage(internal({ from, to: to.address, value, bounce: true, stateInit, body }));
    }

    /** The owner registers, which deploys the account if nothing has. */
    async register(): Promise<SendMessageResult> {
        const certificate = await signOwnerCertificate({
            ...this.target,
            owner: this.owner.address,
            validUntil: START + 3600,
        });
        const body = AdNetwork.registerMessage({ certificate });
        return this.send(this.owner.address, this.network, quoteRegister(MAINNET_PRICES), body);
    }

    /** An account with an owner that has been paid once. */
    async earning(): Promise<void> {
        await this.register();
        await this.pay();
    }

    /** A direct payment, which is a plain transfer. */
    async pay(): Promise<SendMessageResult> {
        return this.send(STRANGER, this.account, toNano('10'));
    }

    /** A stranger relays a voucher that the network's revenue covers. */
    async claim(): Promise<{ body: Cell; result: SendMessageResult }> {
        await this.earning();
        const revenue = AdNetwork.revenueMessage({ amount: toNano('100') });
        await this.send(STRANGER, this.network, toNano('100.1'), revenue);
        const voucher = await signVoucher({ ...this.target, cumulative: toNano('20') });
        const body = ChannelAccount.claimMessage({ voucher });
        return { body, result: await this.send(STRANGER, this.account, toNano('0.1'), body) };
    }

    async charge(): Promise<SendMessageResult> {
        const body = AdNetwork.chargeMessage({
            charges: [{ campaign: this.campaign.address, cumulative: toNano('20') }],
        });
        return this.send(OPERATOR, this.network, quoteCharge(1, MAINNET_PRICES), body);
    }

    async reinvest(): Promise<SendMessageResult> {
        await this.earning();
        const funds = { ...(await this.account.getState()), balance: await this.balanceOf(this.account) };
        const body = ChannelAccount.reinvestMessage({ campaign: this.campaign.address, amount: toNano('2') });
        return this.send(this.owner.address, this.account, quoteReinvest(funds, MAINNET_PRICES), body);
    }

    /** Units of gas of the one transaction that the op (null: a plain transfer) causes in each of the contracts. */
    gasOf({ transactions }: SendMessageResult, messages: number, ...steps: [contract: Contract, op: number | null][]) {
        const measured = steps.map(([contract, op]) => {
            const fitting = transactions.filter((tx) => isOn(tx, contract) && opOf(tx.inMessage?.body) === op);
            if (fitting.length !== 1) {
                throw new Error(`A scenario has ${fitting.length} transactions of op ${op} and not 1`);
            }
            return fitting[0]!;
        });
        return measureGas(measured, messages, this.profile);
    }

    private async balanceOf({ address }: Contract): Promise<bigint> {
        return (await this.chain.getContract(address)).balance;
    }

    private get target() {
        return {
            globalId: GLOBAL_ID,
            network: this.network.address,
            account: this.account.address,
            payeeId: PAYEE,
            signer: VOUCHER_KEY.secretKey,
        };
    }
}

/** The op of a body; null for an empty one. */
function opOf(body: Cell | undefined): number | null {
    return body && body.bits.length >= 32 ? body.beginParse().preloadUint(32) : null;
}

export const ads: Record<keyof typeof peers.ads, (bench: AdsBench) => Promise<number>> = {
    pay: async (bench) => {
        await bench.earning();
        return bench.gasOf(await bench.pay(), 0, [bench.account, null]);
    },

    withdraw: async (bench) => {
        await bench.earning();
        const body = ChannelAccount.withdrawMessage();
        const result = await bench.send(STRANGER, bench.account, toNano('0.1'), body);
        return bench.gasOf(result, 1, [bench.account, AdsOp.withdraw]);
    },

    claim: async (bench) => bench.gasOf((await bench.claim()).result, 1, [bench.account, AdsOp.claim]),

    draw: async (bench) => bench.gasOf((await bench.claim()).result, 1, [bench.network, AdsOp.draw]),

    // Take and excess, then the revenue
    charge: async (bench) => {
        const result = await bench.charge();
        return bench.gasOf(result, 3, [bench.network, AdsOp.charge], [bench.campaign, AdsOp.take]);
    },

    revenue: async (bench) => bench.gasOf(await bench.charge(), 0, [bench.network, AdsOp.revenue]),

    // Fund and excess
    reinvest: async (bench) => {
        const result = await bench.reinvest();
        return bench.gasOf(result, 2, [bench.account, AdsOp.reinvest], [bench.campaign, AdsOp.fund]);
    },

    // Bind and excess
    register: async (bench) => {
        const result = await bench.register();
        return bench.gasOf(result, 2, [bench.network, AdsOp.register], [bench.account, AdsOp.bind]);
    },
};

/** What every hop's gas and messages cost, in nanotons, without rent. */
function feesOf({ transactions }: SendMessageResult): bigint {
    return sum(transactions, (tx) => totalFees({ ...networkFees(tx), storage: 0n }));
}

/**
 * What one payout costs over all hops, in nanotons, the gas of its sender's wallet apart.
 *
 * - `direct`: a payment to a channel's account, over a plain transfer to a wallet v5r1;
 * - `voucher`: the claim's message, claim, draw and payout, up to the owner's wallet v5r1.
 */
export async function payoutCost(code: AdsCode): Promise<Record<keyof typeof peers.payouts.ours, number>> {
    const bench = await AdsBench.open(code);
    await bench.earning();
    const direct = feesOf(await bench.pay()) - feesOf(await bench.send(STRANGER, bench.owner, toNano('10')));
    const { body, result } = await (await AdsBench.open(code)).claim();
    if (result.transactions.length !== 3) {
        throw new Error(`A payout has ${result.transactions.length} hops and not 3`);
    }
    const { cells, bits } = cellSize(body);
    const message = forwardFee(MAINNET_PRICES, cells - 1, bits - body.bits.length);
    return { direct: Number(direct), voucher: Number(message + feesOf(result)) };
}
