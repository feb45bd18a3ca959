import { toNano, type Address, type Sender } from '@ton/core';
import { TonClient } from '@ton/ton';

import { compileContract } from '../compilables/compile';
import {
    AdNetwork,
    Campaign,
    ChannelAccount,
    NO_ACCOUNT,
    pricesFromConfig,
    quoteAnswer,
    quoteCharge,
    quoteClaim,
    quoteDeployNetwork,
    quoteFund,
    quotePaymentValue,
    quoteRegister,
    signOwnerCertificate,
    signVoucher,
} from '../wrappers';
import type { Chain } from './chain';
import type { SeededContract } from './control';
import { walletOf, type NamedWallet, type WalletName } from './wallets';

const GLOBAL_ID = -239;
const DAY = 86_400;
const SHARE_BPS = 5000;
/** What the seeded campaign has paid, and what of it a voucher has paid to the second channel's owner. */
const CHARGED = toNano('20');
const CLAIMED = toNano('4');

/** Deploys an ad network with channels and campaigns at different stages, through the HTTP API as everybody else does. */
export async function seedAds(url: string, chain: Chain, wallets: NamedWallet[]): Promise<SeededContract[]> {
    const client = new TonClient({ endpoint: `${url}/api/v2/jsonRPC` });
    const prices = pricesFromConfig(chain.config, chain.now);
    const person = (name: WalletName): Address => walletOf(wallets, name).v5r1.address;
    const via = (name: WalletName): Sender => {
        const { v5r1, secretKey } = walletOf(wallets, name);
        return client.open(v5r1).sender(secretKey);
    };
    const { publicKey: voucherKey, secretKey: signer } = walletOf(wallets, 'signer');

    const accountCode = await compileContract('ChannelAccount');
    const network = client.open(
        AdNetwork.createFromConfig(
            {
                shareBps: SHARE_BPS,
                burst: toNano('1000'),
                rate: toNano('0.01'),
                voucherKey,
                operator: person('admin'),
                treasury: person('seller'),
                admin: person('admin'),
                accountCode,
            },
            await compileContract('AdNetwork'),
        ),
    );
    await network.sendDeploy(via('admin'), { value: quoteDeployNetwork(prices) });

    const target = { globalId: GLOBAL_ID, network: network.address };
    const account = (payeeId: bigint) =>
        client.open(
            ChannelAccount.createFromConfig({ network: network.address, payeeId, shareBps: SHARE_BPS }, accountCode),
        );
    const register = async (payeeId: bigint, name: WalletName): Promise<void> => {
        const certificate = await signOwnerCertificate({
            ...target,
            account: account(payeeId).address,
            payeeId,
            owner: person(name),
            validUntil: chain.now + DAY,
            signer,
        });
        await network.sendRegister(via(name), { value: quoteRegister(prices), certificate });
    };
    const code = await compileContract('Campaign');
    const campaign = async (campaignId: bigint, advertiser: WalletName, amount: bigint) => {
        const config = { network: network.address, advertiser: person(advertiser), campaignId };
        const bucket = { burst: toNano('50'), rate: toNano('0.001') };
        const opened = client.open(Campaign.createFromConfig({ ...config, ...bucket }, code));
        await opened.sendFund(via(advertiser), { value: quoteFund(amount, prices, true), amount });
        return opened;
    };

    await register(1n, 'alice');
    await register(2n, 'bob');
    const value = quotePaymentValue(NO_ACCOUNT, toNano('10'), prices);
    await account(1n).sendPayment(via('dave'), { value });
    await account(3n).sendPayment(via('dave'), { value });

    const running = await campaign(1n, 'carol', toNano('100'));
    const stopped = await campaign(2n, 'dave', toNano('30'));
    await stopped.sendStop(via('dave'), { value: quoteAnswer(prices) });
    const charges = [{ campaign: running.address, cumulative: CHARGED }];
    await network.sendCharge(via('admin'), { value: quoteCharge(charges.length, prices), charges });
    const bobs = account(2n);
    const voucher = await signVoucher({ ...target, account: bobs.address, payeeId: 2n, cumulative: CLAIMED, signer });
    const funds = { ...(await bobs.getState()), balance: await client.getBalance(bobs.address) };
    await bobs.sendClaim(via('carol'), { value: quoteClaim(funds, prices), voucher });

    if ((await network.getState()).ownersDue !== CHARGED / 2n - CLAIMED || (await stopped.getState()).closingAt === 0) {
        throw new Error('The seed of the ad network went wrong.');
    }
    const seeded = (name: string, kind: string, address: Address, note: string): SeededContract => ({
        name,
        kind,
        address: address.toString(),
        note,
    });
    return [
        seeded(
            'ads',
            'AdNetwork',
            network.address,
            'operator and admin: admin, treasury: seller, vouchers signed by signer',
        ),
        seeded('channel1', 'ChannelAccount', account(1n).address, 'payee 1: alice owns it, and is due 5 TON'),
        seeded('channel2', 'ChannelAccount', bobs.address, 'payee 2: bob owns it, a voucher has paid him 4 TON'),
        seeded(
            'channel3',
            'ChannelAccount',
            account(3n).address,
            'payee 3: nobody owns it yet, 5 TON wait for its owner',
        ),
        seeded('campaign1', 'Campaign', running.address, 'of carol: runs, 20 of its 100 TON are spent'),
        seeded('campaign2', 'Campaign', stopped.address, 'of dave: stopped, its rest is his after 48 hours'),
    ];
}
