import { Address, beginCell, type Builder, Cell, Dictionary, toNano } from '@ton/core';
import { sha256_sync } from '@ton/crypto';
import type { SandboxContract } from '@ton/sandbox';

import {
    decodeDnsRecord,
    type DnsRecord,
    encodeDnsRecord,
    encodeDomain,
    forwardFee,
    gasFee,
    itemAddress,
    nameIndex,
    parseDnsRecords,
    recordKey,
    uriContent,
    UsernameCollection,
    UsernameError,
    UsernameItem,
    UsernameOp,
} from '../../wrappers';
import { messageFee, UsernameGas } from '../../wrappers/usernames/gas';
import { exitCodeOf } from '../../wrappers/common/contract';
import { Random } from '../helpers/random';
import { Schema } from '../helpers/tlb';
import { exitCode, internalMessage, isOn, PRICE_LISTS, sent, TOP_UP, transactionOn, World } from '../helpers/world';

// TEP-62, TEP-64, TEP-66 and TEP-81, one rule a test.

const schema = Schema.load('usernames.tlb');
const STATUSES = ['uninit', 'idle', 'open', 'auction', 'ended'] as const;
const QUERY = 0x8000_0000_0000_0077n;

type Item = SandboxContract<UsernameItem>;
type Transfer = Partial<Parameters<typeof UsernameItem.transferMessage>[0]>;

const bits = (random: Random, length: number): Builder => beginCell().storeUint(random.uint(length), length);

describe.each(PRICE_LISTS)('a transfer by TEP-62, at %s', (_, prices) => {
    let world: World;
    let item: Item;
    let again: () => Promise<void>;

    beforeAll(async () => {
        world = await World.create(prices);
        item = await world.owned('alice');
        again = world.checkpoint();
    });
    beforeEach(() => again());

    const body = (changes: Transfer = {}): Cell =>
        UsernameItem.transferMessage({
            queryId: QUERY,
            newOwner: world.people.bob.address,
            responseDestination: world.people.carol.address,
            forwardAmount: 0n,
            ...changes,
        });
    const transfer = async (value: bigint, changes: Transfer = {}) =>
        transactionOn(await world.send(world.people.alice, item.address, value, body(changes)), item.address);
    const owner = async () => (await item.getNftData()).owner;

    it('is the owner’s alone', async () => {
        const { alice, bob, carol, seller } = world.people;
        for (const stranger of [bob, carol, seller]) {
            await world.expectRejected(stranger, item.address, toNano('1'), body(), UsernameError.forbidden_transfer);
        }
        expect(exitCode(await transfer(toNano('1')))).toBe(0);
        expect(await owner()).toEqual(bob.address);
        await world.expectRejected(alice, item.address, toNano('1'), body(), UsernameError.forbidden_transfer);
    });

    it('sends ownership_assigned with exactly forward_amount, the query_id and the previous owner', async () => {
        const { alice, bob } = world.people;
        for (const forwardAmount of [1n, toNano('0.5'), toNano('1000')]) {
            await again();
            const [assigned] = sent(await transfer(forwardAmount + toNano('1'), { forwardAmount }));
            expect(assigned?.to).toEqual(bob.address);
            expect(assigned?.value).toBe(forwardAmount);
            expect(schema.decode('ownership_assigned', assigned?.body ?? Cell.EMPTY)).toEqual({
                query_id: QUERY,
                prev_owner: alice.address,
                forward_payload: { left: Cell.EMPTY },
            });
        }
    });

    it('sends no ownership_assigned if forward_amount is 0', async () => {
        const ops = sent(await transfer(toNano('1'), { forwardPayload: uriContent('lost') })).map(({ op }) => op);
        expect(ops).toEqual([UsernameOp.excesses]);
    });

    it('carries the forward payload bit for bit, inline and in a reference, up to the biggest', async () => {
        const random = new Random('payload');
        const tree = (depth: number): Cell =>
            depth === 0
                ? bits(random, 1023).endCell()
                : bits(random, 1023)
                      .storeRef(tree(depth - 1))
                      .storeRef(tree(depth - 1))
                      .endCell();
        // From about 212 bits on, the more the smaller the amount, the body leaves the message's root cell; more than 644
        // do not fit beside the shortest head of a transfer
        const lengths = [0, 1, 8, 210, 211, 212, 213, 227, 228, 240, 261, 262, 300];
        const payloads = (lengths: number[]) =>
            lengths.flatMap((length) => {
                const inline = bits(random, length);
                return [inline.asSlice(), inline.storeRef(tree(1)).storeRef(tree(2)).asSlice()];
            });
        const four = bits(random, 644);
        [1, 1, 2, 2].forEach((depth) => four.storeRef(tree(depth)));
        const much = toNano('100000');
        // Amounts from here on have eight bytes: none has more, and none leaves less room in the root cell
        const most = 1n << 56n;
        for (const [forwardAmount, forwardPayload] of [
            ...payloads([...lengths, 643, 644]).map((payload) => [1n, payload] as const),
            ...payloads(lengths).map((payload) => [much, payload] as const),
            ...payloads(lengths).map((payload) => [most, payload] as const),
            ...[four.asSlice(), Cell.EMPTY, tree(0), tree(5)].map((payload) => [1n, payload] as const),
        ]) {
            await again();
            const changes = { forwardAmount, responseDestination: null, forwardPayload };
            const value = forwardAmount + toNano('1');
            const { alice } = world.people;
            // Nobody here has what the most takes
            const result = await (forwardAmount === most
                ? world.inject(internalMessage(alice.address, item.address, value, body(changes)))
                : world.send(alice, item.address, value, body(changes)));
            const received = result.transactions.find((tx) => isOn(tx, world.people.bob.address));
            const expected = beginCell()
                .storeUint(UsernameOp.ownership_assigned, 32)
                .storeUint(QUERY, 64)
                .storeAddress(world.people.alice.address);
            if (forwardPayload instanceof Cell) {
                expected.storeBit(1).storeRef(forwardPayload);
            } else {
                expected.storeBit(0).storeSlice(forwardPayload.clone());
            }
            expect(received?.inMessage?.body.toString()).toBe(expected.endCell().toString());
        }
    });

    it('returns the value less forward_amount and fees to response_destination, with the query_id', async () => {
        const { carol } = world.people;
        for (const forwardAmount of [0n, toNano('0.3')]) {
            await again();
            const before = await world.balance(item.address);
            const [excesses, ...others] = sent(await transfer(toNano('1'), { forwardAmount })).reverse();
            expect(excesses?.to).toEqual(carol.address);
            expect(schema.decode('excesses', excesses?.body ?? Cell.EMPTY)).toEqual({ query_id: QUERY });
            expect(others).toHaveLength(forwardAmount ? 1 : 0);
            const fees = gasFee(prices, 10_000) + forwardFee(prices, 1, 1023) + messageFee(prices);
            expect(excesses?.value).toBeGreaterThan(toNano('1') - forwardAmount - fees);
            // What the estimate of the gas was too high stays
            const kept = (await world.balance(item.address)) - before;
            expect(kept).toBeGreaterThanOrEqual(0n);
            expect(kept).toBeLessThan(gasFee(prices, UsernameGas.TRANSFER_REST_GAS));
        }
    });

    it('sends excesses only if response_destination is not addr_none', async () => {
        const responseDestination = null;
        expect(sent(await transfer(toNano('1'), { responseDestination }))).toEqual([]);
        await again();
        const both = sent(await transfer(toNano('1'), { responseDestination, forwardAmount: 1n }));
        expect(both.map(({ op }) => op)).toEqual([UsernameOp.ownership_assigned]);
    });

    it('passes with the lowest value that covers it, out of that value alone, and one nanoton less is 206', async () => {
        const { bob, carol } = world.people;
        const passes = async (value: bigint, changes: Transfer): Promise<boolean> => {
            await again();
            return exitCode(await transfer(value, changes)) === 0;
        };
        for (const forward of [
            { forwardAmount: 0n },
            { forwardAmount: 1n },
            { forwardAmount: toNano('2'), forwardPayload: uriContent('x'.repeat(400)) },
        ]) {
            await again();
            const [excesses] = sent(await transfer(toNano('3'), forward)).reverse();
            const lowest = { ...forward, minimum: toNano('3') - (excesses?.value ?? 0n), response: carol.address };
            // Without excesses nothing shows the minimum: it is below that with them
            let [low, high] = [lowest.minimum - 2n * messageFee(prices) - gasFee(prices, 2_000), lowest.minimum];
            while (high - low > 1n) {
                const middle = (low + high) / 2n;
                const works = await passes(middle, { ...forward, responseDestination: null });
                [low, high] = works ? [low, middle] : [middle, high];
            }
            if (forward.forwardAmount === 0n) {
                // It is the price of gas and of nothing else
                const gasPrices = Array.from({ length: 20_000 }, (_, gas) => gasFee(prices, gas));
                expect(gasPrices.includes(high)).toBe(true);
            }
            for (const { minimum, response } of [lowest, { minimum: high, response: null }]) {
                const changes = { ...forward, responseDestination: response };
                await again();
                const data = await world.data(item.address);
                expect(exitCode(await transfer(minimum - 1n, changes))).toBe(UsernameError.not_enough_funds);
                expect(await world.data(item.address)).toEqual(data);
                const before = await world.balance(item.address);
                expect(exitCode(await transfer(minimum, changes))).toBe(0);
                expect(await owner()).toEqual(bob.address);
                expect(await world.balance(item.address)).toBeGreaterThanOrEqual(before);
            }
        }
    });

    it('takes a custom_payload and ignores it', async () => {
        const customPayload = uriContent('custom');
        const [assigned] = sent(await transfer(toNano('1'), { customPayload, forwardAmount: 1n }));
        expect(schema.decode('ownership_assigned', assigned?.body ?? Cell.EMPTY)['forward_payload']).toEqual({
            left: Cell.EMPTY,
        });
        expect(await owner()).toEqual(world.people.bob.address);
    });

    it('is refused where the body is short or an address is none of ours, with the owner unchanged', async () => {
        const { alice, bob } = world.people;
        const head = (): Builder => beginCell().storeUint(UsernameOp.transfer, 32).storeUint(QUERY, 64);
        const masterchain = new Address(-1, bob.address.hash);
        const anycast = (b: Builder): Builder =>
            b.storeUint(0b1010000111, 10).storeInt(0, 8).storeBuffer(bob.address.hash);
        const tail = (b: Builder): Builder => b.storeBit(0).storeCoins(1n).storeBit(0);
        const underflow = 9;
        const { wrong_workchain } = UsernameError;
        for (const [refused, code] of [
            [head(), wrong_workchain],
            [tail(head().storeAddress(masterchain).storeAddress(null)), wrong_workchain],
            [tail(head().storeAddress(null).storeAddress(null)), wrong_workchain],
            [tail(anycast(head()).storeAddress(null)), wrong_workchain],
            [tail(head().storeAddress(bob.address).storeAddress(masterchain)), wrong_workchain],
            [tail(anycast(head().storeAddress(bob.address))), wrong_workchain],
            [tail(head().storeAddress(bob.address).storeUint(1, 2).storeUint(8, 9).storeUint(1, 8)), wrong_workchain],
            [head().storeAddress(bob.address), underflow],
            [head().storeAddress(bob.address).storeAddress(null).storeBit(1).storeCoins(1n).storeBit(0), underflow],
            [head().storeAddress(bob.address).storeAddress(null).storeBit(0).storeCoins(1n), underflow],
            [head().storeAddress(bob.address).storeAddress(null).storeBit(0).storeCoins(1n).storeBit(1), underflow],
        ] as const) {
            await world.expectRejected(alice, item.address, toNano('1'), refused.endCell(), code);
        }
        expect(await owner()).toEqual(alice.address);
    });
});

describe('get_static_data by TEP-62', () => {
    it.each(STATUSES)('is answered in the state %s, with the value and the query_id', async (status) => {
        const world = await World.create();
        const item = await world.itemIn(status);
        const before = await world.balance(item.address);
        const ask = UsernameItem.getStaticDataMessage({ queryId: QUERY });
        const tx = transactionOn(await world.send(world.people.dave, item.address, toNano('1'), ask), item.address);
        const report = sent(tx).at(-1);
        expect(report?.to).toEqual(world.people.dave.address);
        expect(schema.decode('report_static_data', report?.body ?? Cell.EMPTY)).toEqual({
            query_id: QUERY,
            index: nameIndex(status),
            collection: world.collection.address,
        });
        expect(report?.value).toBeGreaterThan(toNano('0.99'));
        expect(await world.balance(item.address)).toBeLessThanOrEqual(before);
    });
});

describe('the collection by TEP-62 and TEP-64', () => {
    let world: World;

    beforeAll(async () => {
        world = await World.create();
    });

    it('has no next index, its content and its admin', async () => {
        expect(await world.collection.getCollectionData()).toEqual({
            nextItemIndex: -1n,
            content: uriContent('https://names.example/collection.json'),
            admin: world.people.admin.address,
        });
    });

    it('derives the address at which an item is deployed, as the SDK does', async () => {
        const { result, item } = await world.mint('derived');
        const { itemCode } = await world.collection.getState();
        const index = nameIndex('derived');
        expect(exitCode(transactionOn(result, item.address))).toBe(0);
        expect(await world.collection.getNftAddressByIndex(index)).toEqual(item.address);
        expect(await world.collection.getItemAddress('derived')).toEqual(item.address);
        expect(itemAddress(world.collection.address, itemCode, 'derived')).toEqual(item.address);
        expect(await item.getNftData()).toMatchObject({ index, collection: world.collection.address });
    });

    it('keeps the off-chain content (0x01) of an order as it is, on as many cells as its URI takes', async () => {
        // Snake: the second part of the text is in a reference
        const content = uriContent(`https://names.example/${'long'.repeat(40)}`);
        expect(content.refs).toHaveLength(1);
        const { item } = await world.mint('snake', { content });
        const { index, content: individual } = await item.getNftData();
        expect(individual).toEqual(content);
        expect(await world.collection.getNftContent(index, individual)).toEqual(content);
    });

    it('keeps the on-chain content (0x00) of an order as it is: a dictionary of references', async () => {
        const attributes = Dictionary.empty(Dictionary.Keys.Buffer(32), Dictionary.Values.Cell());
        attributes.set(sha256_sync('name'), beginCell().storeUint(0, 8).storeStringTail('Alice').endCell());
        const content = beginCell().storeUint(0, 8).storeDict(attributes).endCell();
        const { item } = await world.mint('onchain', { content });
        expect((await item.getNftData()).content).toEqual(content);
    });

    it('gives an open-minted name one cell of content: 0x01, the prefix, the name and .json', async () => {
        const openTerms = {
            beneficiary: world.people.seller.address,
            minBidStep: 5,
            minExtendTime: 300,
            duration: 3600,
            prices: { 4: toNano('1') },
            contentPrefix: `https://names.example/${'p'.repeat(63)}`,
        };
        const { admin, alice } = world.people;
        const terms = UsernameCollection.setTermsMessage({ openTerms });
        await world.send(admin, world.collection.address, toNano('1'), terms);
        for (const name of ['open', 'o'.repeat(32)]) {
            const body = UsernameCollection.openMintMessage({ name });
            await world.send(alice, world.collection.address, toNano('1'), body);
            const expected = beginCell()
                .storeUint(1, 8)
                .storeBuffer(Buffer.from(`${openTerms.contentPrefix}${name}.json`));
            expect((await world.item(name).getNftData()).content).toEqual(expected.endCell());
        }
    });
});

describe('royalties by TEP-66', () => {
    it('are those of the collection for itself and its names, or those of an order, and never change for a name', async () => {
        const world = await World.create();
        const { admin, author, carol, dave } = world.people;
        const first = { numerator: 5, denominator: 100, destination: author.address };
        const second = { numerator: 1, denominator: 8, destination: carol.address };
        const own = { numerator: 0, denominator: 1, destination: dave.address };
        const { item: plain } = await world.mint('plain');
        const { item: special } = await world.mint('special', { royalty: own });
        const body = UsernameCollection.setRoyaltyMessage({ royalty: second });
        await world.send(admin, world.collection.address, toNano('1'), body);
        const { item: later } = await world.mint('later');

        for (const [contract, royalty] of [
            [world.collection, second],
            [plain, first],
            [special, own],
            [later, second],
        ] as const) {
            expect(await contract.getRoyaltyParams()).toEqual(royalty);
            expect(royalty.numerator).toBeLessThan(royalty.denominator);
            const ask = UsernameItem.getRoyaltyParamsMessage({ queryId: QUERY });
            const before = await world.balance(contract.address);
            const result = await world.send(dave, contract.address, toNano('1'), ask);
            const [report, ...others] = sent(transactionOn(result, contract.address));
            expect(others).toEqual([]);
            expect(report?.to).toEqual(dave.address);
            expect(schema.decode('report_royalty_params', report?.body ?? Cell.EMPTY)).toEqual({
                query_id: QUERY,
                numerator: BigInt(royalty.numerator),
                denominator: BigInt(royalty.denominator),
                destination: royalty.destination,
            });
            expect(report?.value).toBeGreaterThan(toNano('0.99'));
            expect(await world.balance(contract.address)).toBe(before);
        }
    });
});

describe('names by TEP-81', () => {
    const nextResolver = encodeDnsRecord({ type: 'dns_next_resolver', resolver: new Address(0, Buffer.alloc(32, 3)) });
    const self = Buffer.from([0]);
    let world: World;
    let item: Item;

    const edit = async (key: bigint, record: Cell) => {
        const body = UsernameItem.changeDnsRecordMessage({ key, record });
        await world.send(world.people.alice, item.address, toNano('2'), body);
    };

    beforeEach(async () => {
        world = await World.create();
        item = await world.owned('alice');
    });

    it('know their full domain', async () => {
        expect(await world.collection.getFullDomain()).toBe('t.me');
        expect(await item.getFullDomain()).toBe('alice.t.me');
    });

    it('are resolved by the collection to their items, up to the label’s end', async () => {
        const expected = encodeDnsRecord({ type: 'dns_next_resolver', resolver: item.address });
        for (const [domain, resolvedBits] of [
            ['alice\0', 40],
            ['alice', 40],
            ['alice\0sub\0', 40],
            // A leading zero byte means the collection itself, which has no records
            ['\0alice\0', 48],
            ['\0alice\0sub\0deep\0', 48],
            ['alice\0\x80', 40],
        ] as const) {
            for (const key of [0n, recordKey('wallet')]) {
                const answer = await world.collection.getDnsResolve(Buffer.from(domain, 'latin1'), key);
                expect([domain, answer]).toEqual([domain, { resolvedBits, value: expected }]);
            }
        }
        expect(await world.collection.getDnsResolve(self, 0n)).toEqual({ resolvedBits: 8, value: null });
        // The least label that is none of zero bytes
        const least = await world.collection.getDnsResolve(Buffer.from([1, 0, 0, 0]), 0n);
        expect(least).toMatchObject({ resolvedBits: 8, value: expect.any(Cell) as Cell });
        const longest = 'x'.repeat(32);
        const resolver = await world.collection.getItemAddress(longest);
        expect(await world.collection.getDnsResolve(Buffer.from(longest), 0n)).toEqual({
            resolvedBits: 256,
            value: encodeDnsRecord({ type: 'dns_next_resolver', resolver }),
        });
        const tooLong = encodeDomain('x'.repeat(33));
        expect(await world.collection.getDnsResolve(tooLong, 0n)).toEqual({ resolvedBits: 0, value: null });
    });

    it('are resolved in two steps, collection and item, down to the next resolver', async () => {
        await edit(recordKey('dns_next_resolver'), nextResolver);
        const domain = encodeDomain('deep.sub.alice');
        const first = await world.collection.getDnsResolve(domain, recordKey('wallet'));
        expect(decodeDnsRecord(first.value ?? Cell.EMPTY)).toEqual({
            type: 'dns_next_resolver',
            resolver: item.address,
        });
        const rest = domain.subarray(first.resolvedBits / 8);
        expect(rest.toString()).toBe('\0sub\0deep\0');
        for (const key of [0n, recordKey('wallet')]) {
            expect(await item.getDnsResolve(rest, key)).toEqual({ resolvedBits: 8, value: nextResolver });
        }
    });

    it('answer category 0 with the dictionary, a category with its record and any other with nothing', async () => {
        expect(await item.getDnsResolve(self, 0n)).toEqual({ resolvedBits: 8, value: null });
        const record = encodeDnsRecord({ type: 'dns_text', text: 'hello' });
        await edit(recordKey('text'), record);
        await edit(recordKey('dns_next_resolver'), nextResolver);
        const { resolvedBits, value } = await item.getDnsResolve(self, 0n);
        expect(resolvedBits).toBe(8);
        expect(parseDnsRecords(value).map(({ category }) => category)).toEqual(
            expect.arrayContaining(['text', 'dns_next_resolver']),
        );
        expect(await item.getDnsResolve(self, recordKey('text'))).toEqual({ resolvedBits: 8, value: record });
        expect(await item.getDnsResolve(self, recordKey('site'))).toEqual({ resolvedBits: 8, value: null });
        expect(await item.getDnsResolve(Buffer.from('\0sub\0'), recordKey('text'))).toEqual({
            resolvedBits: 8,
            value: nextResolver,
        });
    });

    const hash = Buffer.alloc(32, 0xab);
    it.each<[string, DnsRecord]>([
        ['wallet', { type: 'dns_smc_address', address: new Address(0, hash), capabilities: ['is_wallet'] }],
        ['dns_next_resolver', { type: 'dns_next_resolver', resolver: new Address(-1, hash) }],
        ['site', { type: 'dns_adnl_address', adnl: hash, protocols: ['http'] }],
        ['storage', { type: 'dns_storage_address', bagId: hash }],
        ['text', { type: 'dns_text', text: 'a long text '.repeat(60) }],
    ])('keep and delete a %s record, which the SDK reads back', async (category, record) => {
        const key = recordKey(category);
        await edit(key, encodeDnsRecord(record));
        const { value } = await item.getDnsResolve(self, key);
        expect(decodeDnsRecord(value ?? Cell.EMPTY)).toEqual(record);
        expect(parseDnsRecords((await item.getDnsResolve(self, 0n)).value)).toMatchObject([{ key, category, record }]);
        const body = UsernameItem.deleteDnsRecordMessage({ key });
        await world.send(world.people.alice, item.address, toNano('1'), body);
        expect(await item.getDnsResolve(self, 0n)).toEqual({ resolvedBits: 8, value: null });
    });

    it('refuse a subdomain of broken bytes with 70, and an item one without its zero byte with 413', async () => {
        const resolve = (address: Address, subdomain: Cell) =>
            world.chain
                .runGetMethod(address, 'dnsresolve', [
                    { type: 'slice', cell: subdomain },
                    { type: 'int', value: 0n },
                ])
                .then(() => 0, exitCodeOf);
        for (let length = 9; length < 16; length += 1) {
            const broken = beginCell().storeUint(0, length).endCell();
            expect(await resolve(item.address, broken)).toBe(UsernameError.bad_subdomain);
            expect(await resolve(world.collection.address, broken)).toBe(UsernameError.bad_subdomain);
        }
        const label = beginCell().storeStringTail('sub\0').endCell();
        expect(await resolve(item.address, label)).toBe(UsernameError.no_first_zero_byte);
    });
});

describe('a #topup', () => {
    it.each(STATUSES)('from anyone stays in an item in the state %s and settles nothing', async (status) => {
        const world = await World.create();
        const item = await world.itemIn(status);
        const data = await world.data(item.address);
        // The rent that is due is taken first
        await world.send(world.people.carol, item.address, toNano('1'), TOP_UP);
        for (const bounce of [true, false]) {
            const before = await world.balance(item.address);
            const result = await world.send(world.people.dave, item.address, toNano('1'), TOP_UP, { bounce });
            const tx = transactionOn(result, item.address);
            expect(sent(tx)).toEqual([]);
            expect(await world.balance(item.address)).toBe(before + toNano('1') - tx.totalFees.coins);
            expect(await world.data(item.address)).toEqual(data);
        }
    });

    it('stays in the collection', async () => {
        const world = await World.create();
        const { address } = world.collection;
        const before = await world.balance(address);
        const tx = transactionOn(await world.send(world.people.dave, address, toNano('1'), TOP_UP), address);
        expect(sent(tx)).toEqual([]);
        expect(await world.balance(address)).toBe(before + toNano('1') - tx.totalFees.coins);
    });
});
