import type { Address } from '@ton/core';
import { beginCell, Cell, toNano, type Transaction, type TupleItem, type TupleItemSlice } from '@ton/core';

import {
    type ItemStatus,
    nameIndex,
    nextMinBid,
    recordKey,
    uriContent,
    UsernameError,
    UsernameItem,
    UsernameOp,
} from '../../wrappers';
import { reserve, UsernameGas } from '../../wrappers/usernames/gas';
import { exitCodeOf } from '../../wrappers/common/contract';
import { storageFee as rentOf } from '../../wrappers/common/prices';
import { START, storageFee, TERMS, TOP_UP, transactionOn, World } from '../helpers/world';

// The stacks that explorers and indexers decode: some check the arity, and none of them forgives another type.

/** Method ids by section: an indexer calls these numbers. */
const METHODS = {
    get_telemint_token_name: 69506,
    get_telemint_auction_state: 122498,
    get_telemint_auction_config: 129619,
    royalty_params: 85719,
    get_nft_data: 102351,
    get_full_domain: 66763,
    dnsresolve: 123660,
    get_collection_data: 102491,
    get_nft_address_by_index: 92067,
    get_nft_content: 68445,
} as const;
type Method = keyof typeof METHODS;
type Value = bigint | string | Address | Cell | null | undefined;

const STATUSES: ItemStatus[] = ['uninit', 'idle', 'open', 'auction', 'ended'];
const LAST_INT4 = 2 ** 31 - 1;
const self: TupleItem = { type: 'slice', cell: beginCell().storeUint(0, 8).endCell() };

/** Rent that was taken, and rent that could not be. */
function storageDue(tx: Transaction): bigint {
    const { description } = tx;
    return storageFee(tx) + (description.type === 'generic' ? (description.storagePhase?.storageFeesDue ?? 0n) : 0n);
}

/** A slice as an address, undefined for addr_none, or as the text of its bytes. */
function readSlice(cell: Cell): Value {
    const slice = cell.beginParse();
    if (slice.remainingBits === 267) {
        return slice.loadAddress();
    }
    return slice.remainingBits === 2
        ? slice.loadAddressAny()?.toString()
        : slice.loadBuffer(cell.bits.length / 8).toString();
}

describe('the getters of the Telemint and TEP interfaces', () => {
    let world: World;
    const items = new Map<ItemStatus, Address>();

    async function stack(address: Address, method: Method, args: TupleItem[] = []): Promise<TupleItem[]> {
        return (await world.chain.runGetMethod(address, METHODS[method], args)).stack;
    }

    /** The whole stack with the type of each entry. */
    async function read(address: Address, method: Method, args: TupleItem[] = []): Promise<[string, Value][]> {
        return (await stack(address, method, args)).map((entry) => {
            switch (entry.type) {
                case 'int':
                    return ['int', entry.value];
                case 'slice':
                    return ['slice', readSlice(entry.cell)];
                case 'cell':
                    return ['cell', entry.cell];
                default:
                    return [entry.type, null];
            }
        });
    }

    const failure = (address: Address, method: Method, args: TupleItem[] = []) =>
        stack(address, method, args).then(() => 0, exitCodeOf);
    const item = (status: ItemStatus): Address => items.get(status) ?? world.collection.address;

    beforeAll(async () => {
        world = await World.create();
        // The other auctions begin when the first is over
        for (const status of ['ended', 'uninit', 'idle', 'open', 'auction'] as const) {
            items.set(status, (await world.itemIn(status)).address);
        }
    });

    it('give the name as bytes without a length: (slice)', async () => {
        for (const status of STATUSES.slice(1)) {
            expect(await read(item(status), 'get_telemint_token_name')).toEqual([['slice', status]]);
        }
        expect(await failure(item('uninit'), 'get_telemint_token_name')).toBe(UsernameError.uninited);
    });

    it('give the auction’s state: (slice or null, int, int, int, int), or throw 219', async () => {
        const began = BigInt(world.now);
        const end = began + BigInt(TERMS.duration);
        expect(await read(item('open'), 'get_telemint_auction_state')).toEqual([
            ['null', null],
            ['int', 0n],
            ['int', 0n],
            ['int', TERMS.initialMinBid],
            ['int', end],
        ]);
        for (const [status, time] of [
            ['auction', began],
            ['ended', BigInt(START)],
        ] as const) {
            expect(await read(item(status), 'get_telemint_auction_state')).toEqual([
                ['slice', world.people.bob.address],
                ['int', toNano('2')],
                ['int', time],
                ['int', nextMinBid(TERMS, toNano('2'), world.prices)],
                ['int', time + BigInt(TERMS.duration)],
            ]);
        }
        expect(await failure(item('idle'), 'get_telemint_auction_state')).toBe(UsernameError.no_auction);
        expect(await failure(item('uninit'), 'get_telemint_auction_state')).toBe(UsernameError.uninited);
    });

    it('give the auction’s terms: (slice, int, int, int, int, int), or null and five zeros, and never throw', async () => {
        for (const status of ['open', 'auction', 'ended'] as const) {
            expect(await read(item(status), 'get_telemint_auction_config')).toEqual([
                ['slice', world.people.seller.address],
                ['int', TERMS.initialMinBid],
                ['int', 0n],
                ['int', BigInt(TERMS.minBidStep)],
                ['int', BigInt(TERMS.minExtendTime)],
                ['int', BigInt(TERMS.duration)],
            ]);
        }
        const zeros = Array<[string, Value]>(5).fill(['int', 0n]);
        for (const status of ['uninit', 'idle'] as const) {
            expect(await read(item(status), 'get_telemint_auction_config')).toEqual([['null', null], ...zeros]);
        }
    });

    it('give the royalty: (int, int, slice)', async () => {
        for (const address of [...STATUSES.slice(1).map(item), world.collection.address]) {
            expect(await read(address, 'royalty_params')).toEqual([
                ['int', 5n],
                ['int', 100n],
                ['slice', world.people.author.address],
            ]);
        }
        expect(await failure(item('uninit'), 'royalty_params')).toBe(UsernameError.uninited);
    });

    it('give the NFT: (int, int, slice, slice, cell), addr_none while nobody owns it, an empty cell without state', async () => {
        const { item: minted } = await world.mint('minted');
        const content = (name: string) => uriContent(`https://names.example/${name}.json`);
        for (const [name, address, owner] of [
            ...STATUSES.slice(1).map((status) => [status, item(status), world.people.alice.address] as const),
            ['minted', minted.address, undefined],
        ] as const) {
            expect(await read(address, 'get_nft_data')).toEqual([
                ['int', -1n],
                ['int', nameIndex(name)],
                ['slice', world.collection.address],
                ['slice', owner],
                ['cell', content(name)],
            ]);
        }
        expect(await read(item('uninit'), 'get_nft_data')).toEqual([
            ['int', 0n],
            ['int', nameIndex('uninit')],
            ['slice', world.collection.address],
            ['slice', undefined],
            ['cell', Cell.EMPTY],
        ]);
    });

    it('give the full domain: (slice) with a zero byte after each label', async () => {
        for (const status of STATUSES.slice(1)) {
            expect(await read(item(status), 'get_full_domain')).toEqual([['slice', `me\0t\0${status}\0`]]);
        }
        expect(await read(world.collection.address, 'get_full_domain')).toEqual([['slice', 'me\0t\0']]);
        expect(await failure(item('uninit'), 'get_full_domain')).toBe(UsernameError.uninited);
    });

    it('resolve one zero byte and category 0 to (8, cell or null)', async () => {
        const category: TupleItem = { type: 'int', value: 0n };
        const none = [
            ['int', 8n],
            ['null', null],
        ];
        for (const status of STATUSES.slice(1)) {
            expect(await read(item(status), 'dnsresolve', [self, category])).toEqual(none);
        }
        expect(await failure(item('uninit'), 'dnsresolve', [self, category])).toBe(UsernameError.uninited);
        expect(await read(world.collection.address, 'dnsresolve', [self, category])).toEqual(none);
        const body = UsernameItem.changeDnsRecordMessage({ key: recordKey('text'), record: uriContent('record') });
        await world.send(world.people.alice, item('idle'), toNano('1'), body);
        expect((await read(item('idle'), 'dnsresolve', [self, category])).map(([type]) => type)).toEqual([
            'int',
            'cell',
        ]);
    });

    it('give the collection: (int, cell, slice), an item’s address: (slice), an item’s content: (cell)', async () => {
        const { address } = world.collection;
        expect(await read(address, 'get_collection_data')).toEqual([
            ['int', -1n],
            ['cell', uriContent('https://names.example/collection.json')],
            ['slice', world.people.admin.address],
        ]);
        const index: TupleItem = { type: 'int', value: nameIndex('idle') };
        expect(await read(address, 'get_nft_address_by_index', [index])).toEqual([['slice', item('idle')]]);
        const content: TupleItem = { type: 'cell', cell: uriContent('any') };
        expect(await read(address, 'get_nft_content', [index, content])).toEqual([['cell', content.cell]]);
    });
});

describe('an auction that ended without a bid', () => {
    it('is idle for every getter, from its end on', async () => {
        const world = await World.create();
        const item = await world.itemIn('open');
        world.now += TERMS.duration - 1;
        expect((await item.getState()).status).toBe('open');
        expect(await item.getAuctionState()).not.toBeNull();
        expect(await item.getAuctionConfig()).not.toBeNull();
        world.now += 1;
        const { alice } = world.people;
        expect(await item.getState()).toMatchObject({ status: 'idle', owner: alice.address, endTime: 0, minBid: 0n });
        expect(await item.getAuctionState()).toBeNull();
        expect(await item.getAuctionConfig()).toBeNull();
        const { stackReader } = await world.chain.runGetMethod(item.address, 'get_telemint_auction_config');
        expect(stackReader.readAddressOpt()).toBeNull();
        expect(Array.from({ length: 5 }, () => stackReader.readBigNumber())).toEqual([0n, 0n, 0n, 0n, 0n]);
        expect((await item.getNftData()).owner).toEqual(alice.address);
    });
});

describe('times after January 2038', () => {
    it('are clamped to 2^31 - 1 by the getters that indexers read, and not by the rich one', async () => {
        const world = await World.create();
        const validTill = 2 ** 32 - 1;
        world.now = LAST_INT4 - 100;
        const { item } = await world.mint('late', { validTill });
        expect(await item.getAuctionState()).toMatchObject({ bidTs: LAST_INT4 - 100, endTime: LAST_INT4 });
        expect(await item.getState()).toMatchObject({
            bidTs: LAST_INT4 - 100,
            endTime: LAST_INT4 - 100 + TERMS.duration,
        });

        world.now = LAST_INT4 + 200;
        await world.send(world.people.bob, item.address, toNano('20'));
        expect(await item.getAuctionState()).toMatchObject({ bidTs: LAST_INT4, endTime: LAST_INT4 });
        expect(await item.getState()).toMatchObject({ bidTs: LAST_INT4 + 200, startedAt: LAST_INT4 - 100 });

        const open = await world.mint('later', { validTill, value: toNano('1'), config: { maxBid: toNano('1') } });
        await world.start(open.item.address, { duration: 31_536_000 });
        expect(await open.item.getAuctionState()).toMatchObject({ bidder: null, endTime: LAST_INT4 });
        expect((await open.item.getState()).endTime).toBe(LAST_INT4 + 200 + 31_536_000);
    });
});

describe('the rich getters', () => {
    it('tell of an item everything that it holds, in every state', async () => {
        const world = await World.create();
        const { alice, bob, carol, dave, seller, author } = world.people;
        const royalty = { numerator: 5, denominator: 100, destination: author.address };
        const nothing = {
            bidder: null,
            refundTo: null,
            bid: 0n,
            bidTs: 0,
            minBid: 0n,
            maxBid: 0n,
            startedAt: 0,
            endTime: 0,
        };
        const uninit = await world.uninited('nothing');
        expect(await uninit.getState()).toMatchObject({ ...nothing, status: 'uninit', owner: null, royalty: null });

        const item = await world.owned('alice');
        const idle = { status: 'idle', owner: alice.address, beneficiary: null, startableAt: 0, royalty };
        expect(await item.getState()).toMatchObject({ ...nothing, ...idle });

        await world.start(item.address, { maxBid: toNano('7') });
        const began = world.now;
        const terms = {
            owner: alice.address,
            maxBid: toNano('7'),
            startedAt: began,
            beneficiary: seller.address,
            royalty,
        };
        const open = { status: 'open', minBid: TERMS.initialMinBid, endTime: began + TERMS.duration };
        expect(await item.getState()).toMatchObject({ ...nothing, ...terms, ...open });

        world.now += 10;
        const bid = UsernameItem.placeBidMessage({ startedAt: began, owner: carol.address, refundTo: dave.address });
        await world.send(bob, item.address, toNano('3'), bid);
        const auction = {
            status: 'auction',
            bidder: carol.address,
            refundTo: dave.address,
            bid: toNano('3'),
            bidTs: began + 10,
            minBid: nextMinBid({ ...TERMS, maxBid: toNano('7') }, toNano('3'), world.prices),
            endTime: began + TERMS.duration,
        };
        expect(await item.getState()).toMatchObject({ ...terms, ...auction });
        world.now = began + TERMS.duration;
        expect(await item.getState()).toMatchObject({ ...terms, ...auction, status: 'ended' });
    });

    it('have zeros and no addresses where an item has no state or no auction', async () => {
        const world = await World.create();
        const { prices } = world;
        const numbers = async (status: ItemStatus) => {
            const { address } = await world.itemIn(status);
            const { stack } = await world.chain.runGetMethod(address, 'get_item_state_v1');
            return stack.map((entry) =>
                entry.type === 'int' ? entry.value : readSlice((entry as TupleItemSlice).cell),
            );
        };
        const none = [undefined, undefined, 0n, 0n, 0n, 0n, 0n, 0n, undefined];
        expect((await numbers('uninit')).slice(0, -1)).toEqual([
            ...[0n, undefined, ...none],
            ...[0n, 0n, undefined, 0n, reserve(prices)],
        ]);
        const { alice, author } = world.people;
        expect((await numbers('idle')).slice(0, -1)).toEqual([
            ...[1n, alice.address, ...none],
            ...[5n, 100n, author.address, 0n, reserve(prices)],
        ]);
    });

    it('have 17 entries for an item and 14 for the collection, addresses as slices', async () => {
        const world = await World.create();
        const types = async (address: Address, method: string) =>
            (await world.chain.runGetMethod(address, method)).stack.map(({ type }) => type).join(' ');
        const itemTypes = 'int slice slice slice int int int int int int slice int int slice int int int';
        for (const status of STATUSES) {
            const { address } = await world.itemIn(status);
            expect(await types(address, 'get_item_state_v1')).toBe(itemTypes);
        }
        const { address } = world.collection;
        expect(await types(address, 'get_collection_state_v1')).toBe(
            'int slice slice int int int int int slice null cell slice int int',
        );
    });

    it('show what an item holds as a time until which its rent is paid: ten years after its first sale', async () => {
        const world = await World.create();
        const item = await world.owned('alice');
        const { paidUntil, reserve } = await item.getState();
        expect(paidUntil).toBeGreaterThanOrEqual(world.now + UsernameGas.RESERVE_SECONDS);
        await world.send(world.people.dave, item.address, reserve, TOP_UP);
        expect((await item.getState()).paidUntil).toBeGreaterThanOrEqual(paidUntil + UsernameGas.RESERVE_SECONDS);
    });

    it('show that time to the second, rounded down, and the present where nothing is left', async () => {
        const world = await World.create();
        const item = await world.owned('alice');
        const contract = await world.chain.getContract(item.address);
        const { state } = contract.accountState as Extract<typeof contract.accountState, { type: 'active' }>;
        const cells = new Map<string, Cell>();
        const visit = (cell: Cell): void => {
            cells.set(cell.hash().toString('hex'), cell);
            cell.refs.forEach(visit);
        };
        visit(beginCell().storeRef(state.code!).storeRef(state.data!).endCell());
        const bits = [...cells.values()].reduce((sum, { bits }) => sum + bits.length, 0);
        const year = 31_536_000n;
        const rent = rentOf(world.prices, cells.size, bits, Number(year));
        for (const balance of [0n, 1n, rent - 1n, rent, toNano('0.1')]) {
            contract.balance = balance;
            expect((await item.getState()).paidUntil).toBe(world.now + Number((balance * year) / rent));
        }
    });

    it('do not count a bid as paid rent', async () => {
        const world = await World.create();
        const item = await world.owned('alice');
        await world.start(item.address);
        const { paidUntil } = await item.getState();
        await world.send(world.people.bob, item.address, toNano('100'));
        expect((await item.getState()).paidUntil).toBeLessThanOrEqual(paidUntil);
        expect((await item.getState()).paidUntil).toBeGreaterThan(world.now);
    });

    it('know the rent of item and collection as it is taken, to 1 %', async () => {
        const world = await World.create();
        const item = await world.owned('alice');
        // What it was deployed with pays its rent for longer than 32 bits of time can say
        (await world.chain.getContract(world.collection.address)).balance = toNano('0.05');
        await world.remember(world.collection.address);
        for (const contract of [item, world.collection]) {
            const { paidUntil } = await contract.getState();
            const balance = await world.balance(contract.address);
            // Taken in a run that is not kept
            const rent = async (time: number): Promise<bigint> => {
                const back = world.checkpoint();
                const began = world.now;
                world.now = time;
                const tx = transactionOn(
                    await world.send(world.people.dave, contract.address, 1n, TOP_UP),
                    contract.address,
                );
                await back();
                world.now = began;
                return storageDue(tx);
            };
            const tolerance = Math.floor((paidUntil - world.now) / 100);
            expect(await rent(paidUntil - tolerance)).toBeLessThanOrEqual(balance);
            expect(await rent(paidUntil + tolerance)).toBeGreaterThan(balance);
        }
    });

    it('tell of the collection everything that it holds', async () => {
        const world = await World.create();
        const { admin, author, bob } = world.people;
        const state = await world.collection.getState();
        expect(state).toMatchObject({
            paused: false,
            admin: admin.address,
            pendingAdmin: null,
            pendingPublicKey: null,
            subwalletId: 5,
            royalty: { numerator: 5, denominator: 100, destination: author.address },
            openTerms: null,
            domain: 't.me',
        });
        expect(state.paidUntil).toBeGreaterThan(world.now);
        const propose = beginCell().storeUint(UsernameOp.propose_admin, 32).storeUint(0, 64).storeAddress(bob.address);
        await world.send(admin, world.collection.address, toNano('1'), propose.endCell());
        const publicKey = Buffer.alloc(32, 4);
        const signer = beginCell().storeUint(UsernameOp.propose_signer, 32).storeUint(0, 64).storeBuffer(publicKey);
        await world.send(admin, world.collection.address, toNano('1'), signer.endCell());
        expect(await world.collection.getState()).toMatchObject({
            pendingAdmin: bob.address,
            pendingPublicKey: publicKey,
        });
    });
});
