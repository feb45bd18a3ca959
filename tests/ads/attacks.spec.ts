import { Address, beginCell, type Cell, contractAddress, type StateInit, toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';

import {
    AdNetwork,
    AdsError,
    AdsOp,
    type AdsTarget,
    Campaign,
    ChannelAccount,
    gasFee,
    MAX_CHARGES,
    quoteCharge,
    quoteRegister,
    signOwnerCertificate,
    signVoucher,
    splitRevenue,
} from '../../wrappers';
import { campaignConfigToCell } from '../../wrappers/ads/Campaign';
import { channelAccountConfigToCell } from '../../wrappers/ads/ChannelAccount';
import { AdsGas, drawFee, payFee, takePrice } from '../../wrappers/ads/gas';
import { loadCode } from '../../compilables/compile';
import { AdsWorld, CAMPAIGN_BUCKET, PAYEE, VOUCHER_KEY } from '../helpers/ads-world';
import { GLOBAL_ID } from '../helpers/base-world';
import { withFlippedBit } from '../helpers/forge';
import { exitCode, internalMessage, isOn, sent, transactionOn } from '../helpers/world';

describe('a twin in the masterchain', () => {
    it.each(['ChannelAccount', 'Campaign', 'AdNetwork'] as const)('%s refuses whatever it is sent', async (name) => {
        const world = await AdsWorld.create();
        const { network, people } = world;
        const data = {
            ChannelAccount: channelAccountConfigToCell({ network: network.address, payeeId: PAYEE, shareBps: 5000 }),
            Campaign: campaignConfigToCell({
                ...CAMPAIGN_BUCKET,
                network: network.address,
                advertiser: people.advertiser.address,
                campaignId: 1n,
            }),
            AdNetwork: network.init!.data!,
        }[name];
        const init: StateInit = { code: loadCode(name), data };
        const twin = new Address(-1, beginCell().storeUint(6, 5).storeRef(init.code!).storeRef(data).endCell().hash());
        const bodies: (Cell | undefined)[] = [
            undefined,
            ChannelAccount.payMessage(),
            ChannelAccount.topUpMessage(),
            Campaign.fundMessage({ amount: 5n }),
            Campaign.stopMessage(),
            AdNetwork.revenueMessage({ amount: 5n }),
            ChannelAccount.sweepMessage(),
        ];
        for (const body of bodies) {
            const result = await people.advertiser.send({ to: twin, value: toNano('1'), body, init, bounce: true });
            const tx = transactionOn(result, twin);
            expect(sent(tx)).toMatchObject([{ to: people.advertiser.address }]);
            expect(await world.data(twin)).toEqualCell(data);
        }
    });
});

describe('a signature is good for one thing', () => {
    let world: AdsWorld;
    let target: AdsTarget;
    beforeAll(async () => {
        world = await AdsWorld.create();
        await world.registered();
        await world.revenue(toNano('50'));
        target = { globalId: GLOBAL_ID, network: world.network.address, account: world.account().address };
    });

    const others = (): [what: string, target: AdsTarget][] => [
        ['another chain', { ...target, globalId: -3 }],
        ['another network', { ...target, network: world.people.stranger.address }],
        ['another account', { ...target, account: world.account(78n).address }],
    ];

    it('a voucher for another chain, network or account claims nothing', async () => {
        const { stranger } = world.people;
        for (const [, other] of others()) {
            const voucher = await signVoucher({
                ...other,
                payeeId: PAYEE,
                cumulative: toNano('1'),
                signer: VOUCHER_KEY.secretKey,
            });
            const body = ChannelAccount.claimMessage({ voucher });
            await world.expectRejected(stranger, target.account, toNano('1'), body, AdsError.invalid_signature);
        }
    });

    it('a certificate for another chain, network or account registers nobody', async () => {
        const { brand } = world.people;
        const payeeId = 79n;
        const account = world.account(payeeId).address;
        for (const other of [
            { globalId: -3, network: target.network, account },
            { globalId: GLOBAL_ID, network: brand.address, account },
            target,
        ]) {
            const certificate = await signOwnerCertificate({
                ...other,
                payeeId,
                owner: brand.address,
                validUntil: world.now + 60,
                signer: VOUCHER_KEY.secretKey,
            });
            const body = AdNetwork.registerMessage({ certificate });
            const value = quoteRegister(world.prices);
            await world.expectRejected(brand, target.network, value, body, AdsError.invalid_signature);
        }
    });

    it('a voucher is no certificate and a certificate no voucher, nor is another key’s', async () => {
        const { brand } = world.people;
        const certificate = await world.certificate(brand.address);
        const asVoucher = { payeeId: PAYEE, cumulative: 1n, signature: certificate.signature };
        const voucher = await world.voucher(toNano('1'));
        const other = await signVoucher({
            ...target,
            payeeId: PAYEE,
            cumulative: toNano('1'),
            signer: keyPairFromSeed(Buffer.alloc(32, 66)).secretKey,
        });
        for (const body of [asVoucher, other].map((it) => ChannelAccount.claimMessage({ voucher: it }))) {
            await world.expectRejected(brand, target.account, toNano('1'), body, AdsError.invalid_signature);
        }
        const body = AdNetwork.registerMessage({ certificate: { ...certificate, signature: voucher.signature } });
        await world.expectRejected(brand, target.network, toNano('1'), body, AdsError.invalid_signature);
    });

    it('a certificate that was used binds nobody again, and its value comes back', async () => {
        const { stranger } = world.people;
        const result = await world.register(stranger);
        const { address } = world.network;
        const [, bounced] = result.transactions.filter((tx) => isOn(tx, address));
        expect(sent(bounced!)).toMatchObject([{ to: stranger.address, op: AdsOp.return_value }]);
        expect((await world.account().getState()).owner).toEqual(world.people.owner.address);
    });
});

describe('a contract that is none of ours', () => {
    const draw = (owner: Address, cold: Cell) =>
        beginCell()
            .storeUint(AdsOp.draw, 32)
            .storeUint(toNano('1'), 64)
            .storeBuffer(owner.hash)
            .storeBuffer(owner.hash)
            .storeRef(cold)
            .endCell();

    it('draws nothing: neither an account of another share nor one of another network or payee', async () => {
        const world = await AdsWorld.create();
        await world.revenue(toNano('50'));
        const { stranger } = world.people;
        const cold = (payeeId: bigint) =>
            beginCell()
                .storeUint(payeeId, 64)
                .storeBuffer(VOUCHER_KEY.publicKey)
                .storeBuffer(world.network.address.hash)
                .storeUint(0, 64)
                .endCell();
        const code = loadCode('ChannelAccount');
        const config = { network: world.network.address, payeeId: PAYEE, shareBps: 5000 };
        const before = await world.data(world.network.address);
        for (const other of [
            { ...config, shareBps: 10_000 },
            { ...config, network: stranger.address },
            { ...config, payeeId: 78n },
        ]) {
            const { address } = ChannelAccount.createFromConfig(other, code);
            const message = internalMessage(
                address,
                world.network.address,
                toNano('1'),
                draw(stranger.address, cold(PAYEE)),
            );
            const result = await world.inject(message);
            expect(exitCode(transactionOn(result, world.network.address))).toBe(AdsError.not_account);
        }
        expect(await world.data(world.network.address)).toEqualCell(before);
    });

    it('the right account, with the key of an older time, draws nothing', async () => {
        const world = await AdsWorld.create();
        await world.revenue(toNano('50'));
        const cold = beginCell()
            .storeUint(PAYEE, 64)
            .storeBuffer(Buffer.alloc(32, 1))
            .storeBuffer(world.network.address.hash)
            .storeUint(0, 64)
            .endCell();
        const { stranger } = world.people;
        const body = draw(stranger.address, cold);
        const message = internalMessage(world.account().address, world.network.address, toNano('1'), body);
        const result = await world.inject(message);
        expect(exitCode(transactionOn(result, world.network.address))).toBe(AdsError.old_voucher_key);
    });

    it('a take of another network than its own leaves a campaign alone', async () => {
        const world = await AdsWorld.create();
        const campaign = await world.funded();
        const body = beginCell().storeUint(AdsOp.take, 32).storeUint(toNano('5'), 64).endCell();
        const message = internalMessage(world.people.stranger.address, campaign.address, toNano('1'), body);
        expect(exitCode(transactionOn(await world.inject(message), campaign.address))).toBe(AdsError.not_network);
    });

    it('a bounce that nobody sent brings no more than its own value', async () => {
        const world = await AdsWorld.create();
        await world.registered();
        await world.pay(toNano('1'));
        const before = await world.account().getState();
        const { stranger } = world.people;
        for (const original of [
            Campaign.fundMessage({ amount: toNano('1000') }),
            AdNetwork.platformShareMessage({ amount: toNano('1000') }),
        ]) {
            const body = beginCell().storeUint(0xffffffff, 32).storeSlice(original.asSlice()).endCell();
            const message = internalMessage(stranger.address, world.account().address, toNano('1'), body, false);
            await world.inject({ ...message, info: { ...message.info, bounced: true } as never });
        }
        const after = await world.account().getState();
        expect(after.ownerDue + after.platformDue).toBeLessThan(before.ownerDue + before.platformDue + toNano('2'));
        const campaign = await world.funded();
        await world.charge({ campaign: campaign.address, cumulative: toNano('5') });
        const body = beginCell()
            .storeUint(0xffffffff, 32)
            .storeSlice(AdNetwork.revenueMessage({ amount: toNano('5') }).asSlice())
            .endCell();
        const message = internalMessage(stranger.address, campaign.address, toNano('6'), body, false);
        await world.inject({ ...message, info: { ...message.info, bounced: true } as never });
        expect((await campaign.getState()).spent).toBe(toNano('5'));
    });
});

describe('a state that nobody should deploy', () => {
    it('a network of a share above the whole takes nothing', async () => {
        const world = await AdsWorld.create();
        const data = withFlippedBit(world.network.init!.data!, 1);
        const init = { code: loadCode('AdNetwork'), data };
        const address = contractAddress(0, init);
        const result = await world.send(world.people.admin, address, toNano('1'), AdNetwork.payMessage(), { init });
        expect(exitCode(transactionOn(result, address))).toBe(AdsError.invalid_share);
    });

    it('even the network binds neither nobody nor the account itself', async () => {
        const world = await AdsWorld.create();
        await world.pay(toNano('1'));
        const { address } = world.account();
        for (const owner of [Buffer.alloc(32), address.hash]) {
            const body = beginCell().storeUint(AdsOp.bind, 32).storeBuffer(owner).storeUint(1, 256).endCell();
            const result = await world.inject(internalMessage(world.network.address, address, toNano('1'), body));
            expect(exitCode(transactionOn(result, address))).toBe(AdsError.invalid_owner);
        }
        expect((await world.account().getState()).owner).toBeNull();
    });

    it('a draw that cannot pay its way is refused', async () => {
        const world = await AdsWorld.create();
        await world.revenue(toNano('50'));
        const cold = beginCell()
            .storeUint(PAYEE, 64)
            .storeBuffer(VOUCHER_KEY.publicKey)
            .storeBuffer(world.network.address.hash)
            .storeUint(0, 64)
            .endCell();
        const owner = world.people.owner.address.hash;
        const body = beginCell()
            .storeUint(AdsOp.draw, 32)
            .storeUint(toNano('1'), 64)
            .storeBuffer(owner)
            .storeBuffer(owner)
            .storeRef(cold)
            .endCell();
        for (const [value, code] of [
            [drawFee(world.prices) - 1n, AdsError.not_enough_funds],
            [drawFee(world.prices), 0],
        ] as const) {
            const message = internalMessage(world.account().address, world.network.address, value, body);
            const tx = transactionOn(await world.inject(message), world.network.address);
            expect(exitCode(tx)).toBe(code);
        }
        expect((await world.network.getState()).ownersDue).toBe(toNano('24'));
    });

    it('a bind that cannot pay its answer, and a take that cannot pay its way, are refused', async () => {
        const world = await AdsWorld.create();
        await world.pay(toNano('1'));
        const { address } = world.account();
        const bind = beginCell().storeUint(AdsOp.bind, 32).storeUint(5, 256).storeUint(1, 256).endCell();
        const little = gasFee(world.prices, AdsGas.BIND_GAS);
        const bound = await world.inject(internalMessage(world.network.address, address, little, bind));
        expect(exitCode(transactionOn(bound, address))).toBe(AdsError.not_enough_funds);

        const campaign = await world.funded();
        const take = beginCell().storeUint(AdsOp.take, 32).storeUint(5, 64).endCell();
        for (const [value, code] of [
            [takePrice(world.prices) - 1n, AdsError.not_enough_funds],
            [takePrice(world.prices), 0],
        ] as const) {
            const taken = await world.inject(internalMessage(world.network.address, campaign.address, value, take));
            expect(exitCode(transactionOn(taken, campaign.address))).toBe(code);
        }
    });
});

describe('amounts at the ends', () => {
    it.each([1n, 5_100_000_000n * 1_000_000_000n])('a payment of %d nanotons is divided exactly', async (payment) => {
        const world = await AdsWorld.create();
        await world.pay(toNano('1'));
        const before = await world.account().getState();
        const { address } = world.account();
        const value = payment + payFee(world.prices);
        await world.inject(internalMessage(world.people.brand.address, address, value, beginCell().endCell()));
        const { owner, platform } = splitRevenue(payment, 5000);
        expect(await world.account().getState()).toMatchObject({
            ownerDue: before.ownerDue + owner,
            platformDue: before.platformDue + platform,
        });
    });

    it('a message charges as many as 100 campaigns, and each that is not there sends its value back', async () => {
        const world = await AdsWorld.create();
        const campaign = await world.funded();
        const charges = Array.from({ length: MAX_CHARGES }, (_, at) => ({
            campaign: at === 57 ? campaign.address : world.people.stranger.address,
            cumulative: toNano('1'),
        }));
        const value = quoteCharge(MAX_CHARGES, world.prices);
        const body = AdNetwork.chargeMessage({ charges });
        const result = await world.send(world.people.operator, world.network.address, value, body);
        expect(sent(transactionOn(result, world.network.address))).toHaveLength(MAX_CHARGES + 1);
        expect((await campaign.getState()).spent).toBe(toNano('1'));
    });
});
