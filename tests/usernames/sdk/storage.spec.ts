import '@ton/test-utils';
import type { Builder, Cell } from '@ton/core';
import { Address, beginCell, Dictionary, toNano } from '@ton/core';
import type { UsernameCollectionConfig } from '../../../wrappers';
import {
    cellToItemData,
    cellToUsernameCollectionConfig,
    encodeDnsRecord,
    GramhouseError,
    itemAddress,
    nameIndex,
    recordKey,
    uriContent,
    UsernameItem,
} from '../../../wrappers';
import { usernameCollectionConfigToCell } from '../../../wrappers/usernames/UsernameCollection';
import {
    cellToOpenTerms,
    loadAuctionConfig,
    loadRoyalty,
    openTermsToCell,
    storeAuctionConfig,
    storeRoyalty,
} from '../../../wrappers/usernames/auction';
import { withSelf } from '../../helpers/world';
import { addressOf, auctionConfig, itemCode, openTerms, royalty, signerKeys } from './fixtures';

const inMasterchain = new Address(-1, Buffer.alloc(32, 9));
const collection = addressOf(0xc0);

describe('AuctionConfig', () => {
    it.each([false, true])('is read back with delayedStart %s', (delayedStart) => {
        const config = { ...auctionConfig, delayedStart };
        const cell = beginCell().store(storeAuctionConfig(config)).endCell();
        expect(loadAuctionConfig(cell.beginParse())).toEqual(config);
    });

    it('keeps delayedStart in bit 31 of duration', () => {
        const cell = beginCell()
            .store(storeAuctionConfig({ ...auctionConfig, duration: 60, delayedStart: true }))
            .endCell();
        expect(cell).toEqualCell(
            beginCell()
                .storeAddress(auctionConfig.beneficiary)
                .storeCoins(auctionConfig.initialMinBid)
                .storeCoins(auctionConfig.maxBid)
                .storeUint(5, 8)
                .storeUint(3600, 32)
                .storeUint(0x80000000 + 60, 32)
                .endCell(),
        );
    });
});

describe('Royalty', () => {
    it('is read back', () => {
        const cell = beginCell().store(storeRoyalty(royalty)).endCell();
        expect(loadRoyalty(cell.beginParse())).toEqual(royalty);
    });
});

describe('OpenTerms', () => {
    it.each([openTerms, { ...openTerms, prices: {}, contentPrefix: '' }])('are read back', (terms) => {
        expect(cellToOpenTerms(openTermsToCell(terms))).toEqual(terms);
    });

    it('have no beneficiary outside workchain 0', () => {
        expect(() => openTermsToCell({ ...openTerms, beneficiary: inMasterchain })).toThrow(GramhouseError);
    });
});

describe('Collection', () => {
    const full: UsernameCollectionConfig = {
        paused: true,
        subwalletId: 7,
        publicKey: signerKeys.publicKey,
        itemCode,
        admin: addressOf(1),
        pendingAdmin: addressOf(2),
        pendingPublicKey: Buffer.alloc(32, 3),
        content: uriContent('https://example.com/collection.json'),
        openTerms,
        royalty,
        domain: 't.me',
    };
    const bare = { ...full, paused: false, admin: null, pendingAdmin: null, pendingPublicKey: null, openTerms: null };

    it.each([full, bare])('is read back', (config) => {
        const cell = usernameCollectionConfigToCell(config);
        expect(cellToUsernameCollectionConfig(cell)).toEqual({ ...config, self: null });
    });

    it('is read with its own address after its first top-up', () => {
        const cell = withSelf(usernameCollectionConfigToCell(full), collection);
        expect(cellToUsernameCollectionConfig(cell)).toEqual({ ...full, self: collection });
    });

    it('has the bits of the schema', () => {
        const cold = beginCell().storeBuffer(Buffer.alloc(96)).storeRef(full.content).storeBit(0).endCell();
        expect(usernameCollectionConfigToCell(bare)).toEqualCell(
            beginCell()
                .storeBit(0)
                .storeUint(7, 32)
                .storeBuffer(signerKeys.publicKey)
                .storeRef(itemCode)
                .storeRef(cold)
                .storeUint(5, 16)
                .storeUint(100, 16)
                .storeAddress(royalty.destination)
                .storeUint(5, 8)
                .storeBuffer(Buffer.from('me\0t\0'))
                .storeAddress(null)
                .endCell(),
        );
    });

    it('refuses addresses outside workchain 0 and cells of another kind', () => {
        expect(() => usernameCollectionConfigToCell({ ...full, admin: inMasterchain })).toThrow(GramhouseError);
        const masterRoyalty = { ...royalty, destination: inMasterchain };
        expect(() => usernameCollectionConfigToCell({ ...full, royalty: masterRoyalty })).toThrow(GramhouseError);
        expect(() => cellToUsernameCollectionConfig(openTermsToCell(openTerms))).toThrow(GramhouseError);
    });

    it('takes a domain of 19 bytes, with which its state is full, and no longer one', () => {
        const withDomain = (domain: string) => () => usernameCollectionConfigToCell({ ...full, domain });
        expect(withSelf(withDomain('a'.repeat(19))(), collection).bits.length).toBe(1023);
        expect(withDomain('a'.repeat(20))).toThrow(GramhouseError);
    });
});

describe('Item', () => {
    const content = uriContent('https://example.com/alice.json');
    const records = beginCell()
        .storeDictDirect(
            Dictionary.empty(Dictionary.Keys.BigUint(256), Dictionary.Values.Cell()).set(
                recordKey('wallet'),
                encodeDnsRecord({ type: 'dns_smc_address', address: addressOf(1) }),
            ),
        )
        .endCell();
    const cold = beginCell()
        .storeUint(5, 16)
        .storeUint(100, 16)
        .storeAddress(royalty.destination)
        .storeUint(5, 8)
        .storeBuffer(Buffer.from('me\0t\0'))
        .storeAddress(collection)
        .storeUint(5, 8)
        .storeBuffer(Buffer.from('alice'))
        .storeRef(content)
        .endCell();
    const rest = { collection, royalty, domain: 't.me', name: 'alice', content };
    const owned = (builder: Builder): Cell =>
        builder.storeAddress(addressOf(1)).storeRef(cold).storeMaybeRef(records).endCell();
    const unowned = (builder: Builder): Cell => builder.storeAddress(null).storeRef(cold).storeMaybeRef(null).endCell();
    const config = beginCell().store(storeAuctionConfig(auctionConfig)).endCell();
    const storeTerms = (maxBid: bigint) => (builder: Builder) => {
        builder.storeUint(maxBid, 58).storeUint(5, 8).storeUint(3600, 20).storeUint(1500, 32).storeRef(config);
    };
    const auctionTerms = { minBidStep: 5, minExtendTime: 3600, startedAt: 1500, auctionConfig };

    it('is read without state', () => {
        const cell = beginCell().storeUint(0, 2).storeUint(nameIndex('alice'), 256).storeAddress(collection).endCell();
        expect(cellToItemData(cell)).toEqual({ status: 'uninit', index: nameIndex('alice'), collection });
    });

    it('is read when idle', () => {
        expect(cellToItemData(owned(beginCell().storeUint(1, 2).storeUint(300, 32)))).toEqual({
            status: 'idle',
            startableAt: 300,
            owner: addressOf(1),
            records,
            ...rest,
        });
    });

    it('is read in an auction without a bid', () => {
        const head = beginCell().storeUint(2, 2).storeUint(0, 32).storeUint(toNano(10), 58);
        expect(cellToItemData(owned(head.store(storeTerms(2n ** 58n - 1n))))).toEqual({
            status: 'open',
            endTime: 0,
            price: toNano(10),
            maxBid: 0n,
            ...auctionTerms,
            owner: addressOf(1),
            records,
            ...rest,
        });
    });

    it('is read in an auction with a bid', () => {
        const head = beginCell()
            .storeUint(3, 2)
            .storeUint(9000, 32)
            .storeUint(toNano(20), 58)
            .storeBuffer(addressOf(3).hash)
            .storeBuffer(addressOf(4).hash)
            .storeUint(1600, 32);
        expect(cellToItemData(unowned(head.store(storeTerms(toNano(1000)))))).toEqual({
            status: 'auction',
            endTime: 9000,
            price: toNano(20),
            refundTo: addressOf(3),
            bidder: addressOf(4),
            bidTs: 1600,
            maxBid: toNano(1000),
            ...auctionTerms,
            owner: null,
            records: null,
            ...rest,
        });
    });

    it('is not read from a cell of another kind', () => {
        expect(() => cellToItemData(beginCell().storeUint(1, 2).endCell())).toThrow(GramhouseError);
        expect(() => cellToItemData(owned(beginCell().storeUint(1, 2).storeUint(0, 33)))).toThrow(GramhouseError);
    });
});

describe('itemAddress', () => {
    it('is the hash of code, index and collection', () => {
        const data = beginCell().storeUint(0, 2).storeUint(nameIndex('alice'), 256).storeAddress(collection).endCell();
        const init = beginCell().storeUint(6, 5).storeRef(itemCode).storeRef(data).endCell();
        expect(itemAddress(collection, itemCode, 'alice').toRawString()).toBe(`0:${init.hash().toString('hex')}`);
    });

    it('folds a name and takes an index as it is', () => {
        const address = itemAddress(collection, itemCode, 'alice');
        expect(itemAddress(collection, itemCode, '@Alice')).toEqualAddress(address);
        expect(itemAddress(collection, itemCode, nameIndex('alice'))).toEqualAddress(address);
        expect(UsernameItem.createFromConfig({ collection, name: 'alice' }, itemCode).address).toEqualAddress(address);
        expect(itemAddress(collection, itemCode, nameIndex('Alice'))).not.toEqualAddress(address);
        expect(() => itemAddress(collection, itemCode, 'al')).toThrow('4 to 32 characters');
    });
});
