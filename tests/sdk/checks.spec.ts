import type { Cell } from '@ton/core';
import { Address, beginCell, toNano } from '@ton/core';
import * as ton from '@ton/ton';

import { loadCode } from '../../compilables/compile';
import type { Account } from '../../wrappers';
import {
    Campaign,
    CUSTODIANS,
    MAINNET_PRICES,
    quoteFund,
    readAccount,
    recipientProblems,
    tonConnectMessages,
    WALLET_CODE_HASHES,
    walletFee,
    walletProblems,
} from '../../wrappers';
import { CAMPAIGN_BUCKET } from '../helpers/ads-world';
import { newChain, PRICE_LISTS, World } from '../helpers/world';
import { codes } from './agreement';
import { WALLET_VERSIONS, walletOn } from './wallet';

/** The biggest content that a name takes: 12 full cells. */
const BIG_CONTENT = Array.from({ length: 12 }).reduce<Cell | null>(
    (rest, _, index) => beginCell().storeBuffer(Buffer.alloc(127, index)).storeMaybeRef(rest).endCell(),
    null,
)!;

/** A wallet with which nothing is wrong. */
const WALLET: Account = {
    address: new Address(0, Buffer.alloc(32, 1)),
    balance: toNano('10'),
    status: 'active',
    codeHash: WALLET_CODE_HASHES[0]!,
    custodian: null,
};

describe('the wallet that sends', () => {
    const prices = MAINNET_PRICES;
    const fee = walletFee(prices);
    const check = (wallet: Partial<Account>, value = toNano('1')) =>
        walletProblems({ wallet: { ...WALLET, ...wallet }, value, prices });

    it('needs the value and the fee', () => {
        expect(check({ balance: toNano('1') + fee })).toEqual([]);
        expect(check({ balance: toNano('1') + fee - 1n })).toMatchObject([
            {
                severity: 'error',
                code: 'not_enough_balance',
                shortMessage: expect.stringMatching('0.000000001 ') as string,
            },
        ]);
    });

    it('may be new, or of a kind that is not known', () => {
        expect(check({ status: 'uninit', codeHash: null })).toEqual([]);
        expect(check({ codeHash: 'of a multisig' })).toEqual([]);
    });

    it('is neither frozen nor a custodian, who would get what comes back', () => {
        expect(codes(check({ status: 'frozen', codeHash: null }))).toEqual(['frozen_address']);
        expect(codes(check({ custodian: 'Some Exchange' }))).toEqual(['custodian_address']);
    });

    describe.each(PRICE_LISTS)('at %s', (_name, list) => {
        it.each(WALLET_VERSIONS)('pays no more than the fee for its biggest messages, as %s', async (version) => {
            const world = await World.create(list);
            const wallet = await walletOn(world.chain, version);
            const message = world.order('of_full_size', {
                content: BIG_CONTENT,
                royalty: { numerator: 1, denominator: 10, destination: WALLET.address },
                restrictions: { forceSender: wallet.address, rewriteSender: wallet.address },
            });
            const people = { network: WALLET.address, advertiser: wallet.address };
            const campaign = Campaign.createFromConfig(
                { ...CAMPAIGN_BUCKET, ...people, campaignId: 1n },
                loadCode('Campaign'),
            );
            const amount = toNano('1');
            for (const messages of [
                await tonConnectMessages((via) => world.collection.sendMint(via, { value: toNano('2'), message })),
                await tonConnectMessages((via, open) =>
                    open(campaign).sendFund(via, { value: quoteFund(amount, list, true), amount }),
                ),
            ]) {
                const { totalFees, outMessages } = await wallet.send(messages);
                const [sent] = outMessages.values();
                const forwardFee = sent?.info.type === 'internal' ? sent.info.forwardFee : 0n;
                expect(forwardFee).toBeGreaterThan(0n);
                expect(totalFees.coins + forwardFee).toBeLessThanOrEqual(walletFee(list));
            }
        });
    });
});

describe('an address that gets a name or money', () => {
    const check = (account: Partial<Account>) => recipientProblems({ ...WALLET, ...account });

    it('is a wallet in workchain 0', () => {
        expect(check({})).toEqual([]);
        const elsewhere = check({ address: new Address(-1, Buffer.alloc(32, 1)) });
        expect(codes(elsewhere)).toEqual(['wrong_workchain']);
    });

    it('is neither frozen nor shared by the customers of a custodian', () => {
        expect(codes(check({ status: 'frozen', codeHash: null }))).toEqual(['frozen_address']);
        const shared = check({ custodian: 'Some Exchange' });
        expect(codes(shared)).toEqual(['custodian_address']);
        expect(shared[0]!.shortMessage).toContain('Some Exchange');
    });

    it('is warned of if nothing was sent from it, or if it is no wallet that is known', () => {
        const inactive = check({ status: 'uninit', codeHash: null });
        expect([codes(inactive), codes(inactive, 'warning')]).toEqual([[], ['inactive_address']]);
        for (const codeHash of [null, 'of a multisig']) {
            const unknown = check({ codeHash });
            expect([codes(unknown), codes(unknown, 'warning')]).toEqual([[], ['unknown_contract']]);
        }
    });
});

describe('the lists', () => {
    it('have the wallets of the official library that people use', () => {
        const versions = [
            ton.WalletContractV3R1,
            ton.WalletContractV3R2,
            ton.WalletContractV4,
            ton.WalletContractV5Beta,
            ton.WalletContractV5R1,
        ];
        const hashes = versions.map((version) => {
            const { code } = version.create({ workchain: 0, publicKey: Buffer.alloc(32) }).init;
            return code.hash().toString('base64');
        });
        expect(WALLET_CODE_HASHES).toEqual(hashes);
    });

    it('have custodians by their address as a wallet shows it', () => {
        expect(Object.keys(CUSTODIANS).length).toBeGreaterThan(5);
        for (const text of Object.keys(CUSTODIANS)) {
            const { address, isBounceable, isTestOnly } = Address.parseFriendly(text);
            expect({ text, isBounceable, isTestOnly }).toEqual({
                text: address.toString(),
                isBounceable: true,
                isTestOnly: false,
            });
            expect(address.workChain).toBe(0);
        }
    });
});

describe('readAccount', () => {
    it('tells a wallet, a contract and an address without one apart', async () => {
        const world = await World.create();
        const wallet = await walletOn(world.chain, 'v5r1');
        const before = await readAccount(world.chain, wallet.address);
        expect(before).toMatchObject({ status: 'uninit', codeHash: null, custodian: null, balance: toNano('1000') });
        await wallet.send(await tonConnectMessages((via) => world.collection.sendTopUp(via, { value: 1n })));
        const after = await readAccount(world.chain, wallet.address);
        expect(after.address).toEqual(wallet.address);
        expect(recipientProblems(after)).toEqual([]);
        const contract = await readAccount(world.chain, world.collection.address);
        expect(codes(recipientProblems(contract), 'warning')).toEqual(['unknown_contract']);
    });

    it('knows custodians, and those that the caller adds', async () => {
        const chain = await newChain(MAINNET_PRICES);
        const [known] = Object.entries(CUSTODIANS)[0]!;
        const other = WALLET.address;
        const custodians = { ...CUSTODIANS, [other.toString()]: 'Mine' };
        const names = [
            await readAccount(chain, Address.parse(known)),
            await readAccount(chain, other),
            await readAccount(chain, other, custodians),
            await readAccount(chain, new Address(-1, other.hash), custodians),
        ].map(({ custodian }) => custodian);
        expect(names).toEqual([CUSTODIANS[known], null, 'Mine', null]);
    });
});
