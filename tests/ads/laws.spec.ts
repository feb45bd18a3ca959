import { type Address, beginCell, toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';

import {
    AdNetwork,
    AdsError,
    AdsOp,
    Campaign,
    ChannelAccount,
    MAINNET_PRICES,
    quoteCharge,
    signVoucher,
    splitRevenue,
} from '../../wrappers';
import { accountReserve, payFee } from '../../wrappers/ads/gas';
import { EARLIER_PRICES } from '../../devnet/config';
import { AdsWorld, CAMPAIGN_BUCKET, DRAW_BUCKET, PAYEE, VOUCHER_KEY } from '../helpers/ads-world';
import { GLOBAL_ID, START } from '../helpers/base-world';
import { exitCode, internalMessage, isOn, sent, storageFee, transactionOn } from '../helpers/world';

const WEEK = 604_800;

// The world itself checks after every message that no nanoton is lost, that nothing lacks of what is owed but what rent took,
// and that nothing worth more than what came in leaves but to whom it may (tests/helpers/ads-world.ts)

describe('law 1, solvency: the balance covers everything owed and the reserve, but for rent and a change of prices', () => {
    it.each([1, 50])('after %d years the next payment fills what rent took first', async (years) => {
        const world = await AdsWorld.create();
        const account = world.account();
        await world.pay(toNano('1'));
        const before = await account.getState();
        world.now += years * 31_536_000;
        const result = await world.pay(toNano('10'));
        const rent = storageFee(transactionOn(result, account.address));
        expect(rent).toBeGreaterThan(0n);
        const after = await account.getState();
        const payment = after.ownerDue + after.platformDue - before.ownerDue - before.platformDue;
        const margin = (await world.balance(account.address)) - after.ownerDue - after.platformDue - after.reserve;
        expect(margin).toBeGreaterThanOrEqual(0n);
        expect(payment).toBeLessThanOrEqual(toNano('10') - payFee(world.prices));
        expect(payment).toBeGreaterThanOrEqual(toNano('10') - payFee(world.prices) - rent);
    });

    it('after fifty years without a payment the owner still gets what he is due: the reserve and the platform give first', async () => {
        const world = await AdsWorld.create();
        await world.registered();
        await world.pay(toNano('10'));
        const { ownerDue } = await world.account().getState();
        world.now += 50 * 31_536_000;
        const { address } = world.account();
        const result = await world.send(world.people.stranger, address, toNano('1'), ChannelAccount.withdrawMessage());
        const [payout] = sent(transactionOn(result, address));
        expect(payout!.value).toBeGreaterThanOrEqual(ownerDue);
        // What rent took is the platform's loss: its sweep is refused until money has come
        await world.pay(toNano('10'));
        const { platformDue } = await world.account().getState();
        expect(await world.balance(address)).toBeGreaterThanOrEqual(platformDue + accountReserve(world.prices));
    });

    it('an account that rent has left with less than the owner is due pays when somebody tops it up, and not before', async () => {
        const world = await AdsWorld.create();
        await world.registered();
        await world.pay(toNano('2'));
        const { address } = world.account();
        (await world.chain.getContract(address)).balance = toNano('0.3');
        await world.remember(address);
        const { stranger } = world.people;
        const body = ChannelAccount.withdrawMessage();
        await world.expectRejected(stranger, address, toNano('0.1'), body, AdsError.not_enough_funds);
        await world.send(stranger, address, toNano('1'), ChannelAccount.topUpMessage());
        await world.send(stranger, address, toNano('0.1'), body);
        expect((await world.account().getState()).ownerDue).toBe(0n);
    });

    it.each(['rise', 'fall'])(
        'after a %s of all prices the next payment keeps the reserve of the new ones',
        async (way) => {
            const [first, then] = way === 'rise' ? [MAINNET_PRICES, EARLIER_PRICES] : [EARLIER_PRICES, MAINNET_PRICES];
            const world = await AdsWorld.create(first);
            const account = world.account();
            await world.pay(toNano('1'));
            const before = await account.getState();
            await world.changePrices(then);
            await world.pay(toNano('5'));
            const after = await account.getState();
            expect(after.reserve).toBe(accountReserve(then));
            const payment = after.ownerDue + after.platformDue - before.ownerDue - before.platformDue;
            const lacked = way === 'rise' ? accountReserve(then) - accountReserve(first) : 0n;
            // The surplus that the first payment's gas left counts
            expect(payment).toBeGreaterThanOrEqual(toNano('5') - payFee(then) - lacked);
            expect(payment).toBeLessThan(toNano('5') - payFee(then) - lacked + toNano('0.001'));
            expect(await world.balance(account.address)).toBeGreaterThanOrEqual(
                after.ownerDue + after.platformDue + after.reserve,
            );
        },
    );

    it('every flow goes on after a change of prices', async () => {
        const world = await AdsWorld.create();
        await world.registered();
        const campaign = await world.funded();
        await world.pay(toNano('1'));
        await world.charge({ campaign: campaign.address, cumulative: toNano('10') });
        await world.changePrices(EARLIER_PRICES);
        await world.send(world.people.brand, world.account().address, toNano('5'));
        await world.claim(toNano('1'), toNano('0.5'));
        expect((await world.account().getState()).received).toBe(toNano('1'));
        const value = quoteCharge(1, EARLIER_PRICES);
        const body = AdNetwork.chargeMessage({ charges: [{ campaign: campaign.address, cumulative: toNano('12') }] });
        await world.send(world.people.operator, world.network.address, value, body);
        expect((await campaign.getState()).spent).toBe(toNano('12'));
        expect((await world.network.getState()).ownersDue).toBe(toNano('5'));
    });
});

describe('law 2, conservation: what came in is owed, paid out, returned, taken by the network or margin', () => {
    it('per account and for the whole system, to the nanoton', async () => {
        const world = await AdsWorld.create();
        await world.registered();
        const campaign = await world.funded();
        const people = Object.values(world.people).map(({ address }) => address);
        const contracts = [world.network.address, world.account().address, campaign.address];
        const total = async () => {
            let sum = 0n;
            for (const address of [...people, ...contracts]) {
                sum += await world.balance(address);
            }
            return sum;
        };
        let fees = 0n;
        let before = await total();
        const step = async (run: Promise<{ transactions: Parameters<typeof storageFee>[0][] }>) => {
            const { transactions } = await run;
            for (const tx of transactions) {
                fees += tx.totalFees.coins;
                for (const { info } of tx.outMessages.values()) {
                    fees += info.type === 'internal' ? info.forwardFee : 0n;
                }
            }
            const after = await total();
            expect(before - after).toBe(fees);
            [before, fees] = [after, 0n];
        };
        const { stranger, owner, advertiser } = world.people;
        const [network, account] = contracts as [Address, Address];
        await step(world.pay(toNano('3')));
        await step(world.charge({ campaign: campaign.address, cumulative: toNano('7') }));
        await step(world.claim(toNano('2')));
        await step(world.claim(toNano('200')));
        const amount = toNano('1');
        await step(
            world.send(
                owner,
                account,
                toNano('1'),
                ChannelAccount.reinvestMessage({ campaign: campaign.address, amount }),
            ),
        );
        await step(world.send(stranger, account, toNano('1'), ChannelAccount.withdrawMessage()));
        await step(world.send(stranger, account, toNano('1'), ChannelAccount.sweepMessage()));
        await step(world.send(stranger, network, toNano('1'), AdNetwork.sweepMessage()));
        await step(world.send(advertiser, campaign.address, toNano('1'), Campaign.stopMessage()));
        world.now += 172_800;
        await step(world.send(advertiser, campaign.address, toNano('1'), Campaign.refundMessage()));
        // What is left: the owners' rest, the reserves and the margins of gas
        expect((await campaign.getState()).budget).toBe(0n);
        expect((await world.network.getState()).ownersDue).toBe(toNano('1.5'));
    });
});

describe('law 3, split: the owner has ceil(v x bps / 10000), the platform the rest', () => {
    it.each([0, 1, 3333, 5000, 9999, 10000])('at %d basis points, for odd amounts', async (shareBps) => {
        const world = await AdsWorld.create(MAINNET_PRICES, { shareBps });
        await world.pay(toNano('1'));
        for (const payment of [1n, 2n, 3n, 9_999n, 10_001n, 123_456_789n]) {
            const before = await world.account().getState();
            await world.send(world.people.brand, world.account().address, payment + payFee(world.prices));
            const after = await world.account().getState();
            const { owner, platform } = splitRevenue(payment, shareBps);
            expect(after.ownerDue - before.ownerDue).toBe(owner);
            expect(after.platformDue - before.platformDue).toBe(platform);

            const network = await world.network.getState();
            await world.revenue(payment);
            const booked = await world.network.getState();
            expect(booked.ownersDue - network.ownersDue).toBe(owner);
            expect(booked.platformDue - network.platformDue).toBe(platform);
        }
    });

    it('another share is another network, and an account of another share none of its own', async () => {
        const world = await AdsWorld.create();
        const other = await AdsWorld.create(MAINNET_PRICES, { shareBps: 9000 });
        expect(other.network.address).not.toEqual(world.network.address);
        const foreign = ChannelAccount.createFromConfig(
            { network: world.network.address, payeeId: PAYEE, shareBps: 9000 },
            await world.network.getAccountCode(),
        );
        expect(foreign.address).not.toEqual(await world.network.getAccountAddress(PAYEE));
    });
});

describe('law 4, no double pay: a payee never gets more than the largest cumulative amount that was signed', () => {
    it('one voucher twice, and older ones after it', async () => {
        const world = await AdsWorld.create();
        await world.registered();
        await world.revenue(toNano('100'));
        await world.claim(toNano('5'));
        for (const amount of ['5', '4.999999999', '1', '0.000000001']) {
            const result = await world.claim(toNano(amount));
            expect(exitCode(transactionOn(result, world.account().address))).toBe(AdsError.nothing_due);
        }
        expect((await world.network.getState()).ownersDue).toBe(toNano('45'));
    });

    it('a forged bounce does not bring a drawn amount back', async () => {
        const world = await AdsWorld.create();
        await world.registered();
        await world.revenue(toNano('100'));
        await world.claim(toNano('5'));
        const { address } = world.account();
        const { stranger } = world.people;
        const root = beginCell()
            .storeUint(AdsOp.draw, 32)
            .storeUint(toNano('5'), 64)
            .storeBuffer(stranger.address.hash)
            .storeBuffer(stranger.address.hash)
            .endCell();
        const body = beginCell().storeUint(0xfffffffe, 32).storeRef(root).endCell();
        const message = internalMessage(stranger.address, address, toNano('1'), body, false);
        await world.inject({ ...message, info: { ...message.info, bounced: true } as never });
        expect((await world.account().getState()).received).toBe(toNano('5'));
    });
});

describe('law 5, caps: no sequence of charges or draws passes its bucket', () => {
    it('draws: the burst at once, then the rate', async () => {
        const world = await AdsWorld.create();
        await world.registered();
        await world.revenue(toNano('9000'));
        const { burst, rate } = DRAW_BUCKET;
        const drawn = async (cumulative: bigint) => {
            const draw = transactionOn(await world.claim(cumulative), world.network.address);
            const isDrawn = (await world.account().getState()).received === cumulative;
            expect(exitCode(draw)).toBe(isDrawn ? 0 : AdsError.bucket_full);
            return isDrawn;
        };
        expect(await drawn(burst + 1n)).toBe(false);
        expect(await drawn(burst)).toBe(true);
        expect(await drawn(burst + 1n)).toBe(false);
        world.now += 10;
        expect(await drawn(burst + 10n * rate + 1n)).toBe(false);
        expect(await drawn(burst + 10n * rate)).toBe(true);
    });

    it('charges: the burst at once, then the rate, and after a stop nothing more leaks', async () => {
        const world = await AdsWorld.create();
        const campaign = await world.funded(toNano('2000'));
        const { burst, rate } = CAMPAIGN_BUCKET;
        const charged = async (cumulative: bigint) => {
            const take = transactionOn(
                await world.charge({ campaign: campaign.address, cumulative }),
                campaign.address,
            );
            const isCharged = (await campaign.getState()).spent === cumulative;
            expect(exitCode(take)).toBe(isCharged ? 0 : AdsError.bucket_full);
            return isCharged;
        };
        expect(await charged(burst + 1n)).toBe(false);
        expect(await charged(burst)).toBe(true);
        world.now += 100;
        expect(await charged(burst + 100n * rate + 1n)).toBe(false);
        expect(await charged(burst + 100n * rate)).toBe(true);
        world.now += 50;
        await world.send(world.people.advertiser, campaign.address, toNano('1'), Campaign.stopMessage());
        world.now += 1000;
        expect(await charged(burst + 150n * rate + 1n)).toBe(false);
        expect(await charged(burst + 150n * rate)).toBe(true);
    });
});

describe('law 6, authority', () => {
    const NEW_KEY = keyPairFromSeed(Buffer.alloc(32, 8));

    it('an announced power acts after 7 days, and the old one until then', async () => {
        const world = await AdsWorld.create();
        const { admin, operator, stranger, treasury, brand } = world.people;
        const { address } = world.network;
        await world.registered();
        await world.revenue(toNano('50'));
        const campaign = await world.funded();
        for (const body of [
            AdNetwork.announceOperatorMessage({ operator: stranger.address }),
            AdNetwork.announceTreasuryMessage({ treasury: brand.address }),
            AdNetwork.announceVoucherKeyMessage({ voucherKey: NEW_KEY.publicKey }),
        ]) {
            await world.send(admin, address, toNano('1'), body);
        }
        const charge = (cumulative: bigint) =>
            AdNetwork.chargeMessage({ charges: [{ campaign: campaign.address, cumulative }] });
        const treasuryOf = async () => {
            const result = await world.send(stranger, address, toNano('1'), AdNetwork.sweepMessage());
            return sent(transactionOn(result, address))[0]!.to;
        };
        const newVoucher = (cumulative: bigint) =>
            signVoucher({
                globalId: GLOBAL_ID,
                network: address,
                account: world.account().address,
                payeeId: PAYEE,
                cumulative,
                signer: NEW_KEY.secretKey,
            });

        world.now = START + WEEK - 1;
        await world.expectRejected(stranger, address, toNano('1'), charge(1n), AdsError.not_operator);
        await world.send(operator, address, toNano('1'), charge(toNano('1')));
        expect((await campaign.getState()).spent).toBe(toNano('1'));
        expect(await treasuryOf()).toEqual(treasury.address);
        await world.claim(toNano('1'));
        expect((await world.account().getState()).received).toBe(toNano('1'));
        const early = ChannelAccount.claimMessage({ voucher: await newVoucher(toNano('2')) });
        await world.expectRejected(stranger, world.account().address, toNano('1'), early, AdsError.invalid_signature);

        const nextKey = async () => {
            const { stack } = await world.chain.runGetMethod(address, 'get_network_powers_v1');
            return stack.slice(1, 3);
        };
        const since = { type: 'int', value: BigInt(START + WEEK) };
        expect(await nextKey()).toEqual([
            { type: 'int', value: BigInt(`0x${NEW_KEY.publicKey.toString('hex')}`) },
            since,
        ]);
        world.now = START + WEEK;
        expect(await nextKey()).toEqual([
            { type: 'int', value: 0n },
            { type: 'int', value: 0n },
        ]);
        await world.expectRejected(operator, address, toNano('1'), charge(toNano('2')), AdsError.not_operator);
        await world.send(stranger, address, toNano('1'), charge(toNano('2')));
        expect((await campaign.getState()).spent).toBe(toNano('2'));
        expect(await treasuryOf()).toEqual(brand.address);
        // The old key is good for nothing any more, wherever it is still known
        const late = await world.claim(toNano('2'));
        expect(exitCode(transactionOn(late, address))).toBe(AdsError.old_voucher_key);
        expect((await world.account().getState()).received).toBe(toNano('1'));
        await world.send(stranger, world.account().address, toNano('1'), ChannelAccount.syncKeyMessage());
        const body = ChannelAccount.claimMessage({ voucher: await newVoucher(toNano('2')) });
        await world.send(stranger, world.account().address, toNano('1'), body);
        expect((await world.account().getState()).received).toBe(toNano('2'));
    });

    it('the admin hands over in two steps', async () => {
        const world = await AdsWorld.create();
        const { admin, stranger, brand } = world.people;
        const { address } = world.network;
        const propose = (to: Address) => AdNetwork.proposeAdminMessage({ admin: to });
        await world.send(admin, address, toNano('1'), propose(stranger.address));
        await world.expectRejected(brand, address, toNano('1'), AdNetwork.acceptAdminMessage(), AdsError.not_admin);
        await world.expectRejected(stranger, address, toNano('1'), propose(brand.address), AdsError.not_admin);
        await world.send(stranger, address, toNano('1'), AdNetwork.acceptAdminMessage());
        expect(await world.network.getPowers()).toMatchObject({ admin: stranger.address, pendingAdmin: null });
        await world.expectRejected(admin, address, toNano('1'), propose(brand.address), AdsError.not_admin);
    });

    it('renouncing clears whatever is pending', async () => {
        const world = await AdsWorld.create();
        const { admin, operator, stranger, treasury } = world.people;
        const { address } = world.network;
        for (const body of [
            AdNetwork.announceOperatorMessage({ operator: stranger.address }),
            AdNetwork.announceTreasuryMessage({ treasury: stranger.address }),
            AdNetwork.announceVoucherKeyMessage({ voucherKey: NEW_KEY.publicKey }),
            AdNetwork.proposeAdminMessage({ admin: stranger.address }),
        ]) {
            await world.send(admin, address, toNano('1'), body);
        }
        expect(await world.network.getPowers()).toMatchObject({
            operator: { holder: operator.address, next: stranger.address, since: START + WEEK },
            treasury: { holder: treasury.address, next: stranger.address, since: START + WEEK },
            voucherKey: { next: NEW_KEY.publicKey, since: START + WEEK },
            pendingAdmin: stranger.address,
        });
        await world.send(admin, address, toNano('1'), AdNetwork.renounceAdminMessage());
        world.now += 2 * WEEK;
        expect(await world.network.getPowers()).toMatchObject({
            operator: { holder: operator.address, next: null, since: 0 },
            treasury: { holder: treasury.address, next: null, since: 0 },
            voucherKey: { holder: VOUCHER_KEY.publicKey, next: null, since: 0 },
            admin: null,
            pendingAdmin: null,
        });
        await world.expectRejected(
            stranger,
            address,
            toNano('1'),
            AdNetwork.acceptAdminMessage(),
            AdsError.nothing_proposed,
        );
        await world.expectRejected(admin, address, toNano('1'), AdNetwork.renounceAdminMessage(), AdsError.not_admin);
    });
});

describe('law 7, no one can block another', () => {
    it('a junk voucher does not keep a good one away', async () => {
        const world = await AdsWorld.create();
        await world.registered();
        await world.revenue(toNano('20'));
        const { address } = world.account();
        const junk = ChannelAccount.claimMessage({
            voucher: { payeeId: PAYEE, cumulative: (1n << 63n) - 1n, signature: Buffer.alloc(64, 1) },
        });
        await world.send(world.people.brand, address, toNano('1'), junk);
        const good = ChannelAccount.claimMessage({ voucher: await world.voucher(toNano('3')) });
        // Both in one block, the junk first: neither bounce nor answer of it has come
        const junkFirst = await world.chain.sendMessageIter(
            internalMessage(world.people.brand.address, address, toNano('1'), junk),
        );
        for await (const tx of junkFirst) {
            expect(exitCode(tx)).toBe(AdsError.invalid_signature);
            break;
        }
        await world.remember(address);
        await world.send(world.people.stranger, address, toNano('1'), good);
        expect((await world.account().getState()).received).toBe(toNano('3'));
    });

    it('an account that cannot be paid out does not keep others from it, nor a bad campaign a charge of others', async () => {
        const world = await AdsWorld.create();
        const good = await world.funded();
        const absent = world.campaign({ campaignId: 50n });
        await world.charge(
            { campaign: absent.address, cumulative: toNano('1') },
            { campaign: good.address, cumulative: toNano('1') },
            { campaign: world.people.stranger.address, cumulative: toNano('1') },
        );
        expect((await good.getState()).spent).toBe(toNano('1'));
        expect((await world.network.getState()).ownersDue).toBe(toNano('0.5'));
    });

    it('money from anyone is no one’s harm: a campaign that nobody derived brings real value', async () => {
        const world = await AdsWorld.create();
        const { address } = world.network;
        const before = await world.network.getState();
        const result = await world.revenue(toNano('1'));
        expect(result.transactions.some((tx) => isOn(tx, address))).toBe(true);
        const after = await world.network.getState();
        expect(after.surplus - before.surplus).toBeGreaterThanOrEqual(toNano('0.5'));
    });
});
