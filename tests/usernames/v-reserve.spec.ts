import { beginCell, Cell, toNano } from '@ton/core';

import {
    encodeDnsRecord,
    forwardFee,
    MAINNET_PRICES,
    minStartPrice,
    recordKey,
    storageFee as rentOf,
    uriContent,
    UsernameError,
    UsernameItem,
} from '../../wrappers';
import { reserve, UsernameGas } from '../../wrappers/usernames/gas';
import { Random } from '../helpers/random';
import { exitCode, PRICE_LISTS, sent, storageFee, TERMS, TOP_UP, transactionOn, World } from '../helpers/world';

const YEAR = 31_536_000;

describe.each(PRICE_LISTS)('V16: the reserve is ten years of rent, under %s', (_, prices) => {
    it('for the biggest item that can be minted, and not much more for a usual one', async () => {
        const world = await World.create(prices);
        const leaf = (fill: number): Cell => beginCell().storeBuffer(Buffer.alloc(127, fill)).endCell();
        const content = beginCell().storeBuffer(Buffer.alloc(127));
        [1, 2, 3, 4].forEach((fill) => content.storeRef(leaf(fill)));
        const sizes: bigint[] = [];
        for (const [name, terms] of [
            ['a'.repeat(32), { content: content.endCell() }],
            ['name', { content: uriContent('https://names.example/name.json') }],
        ] as const) {
            const { item } = await world.mint(name, { value: toNano('5'), ...terms });
            const { account } = (await world.chain.getContract(item.address)).account;
            const { cells, bits } = account?.storageStats.used ?? { cells: 0n, bits: 0n };
            sizes.push(rentOf(prices, Number(cells), Number(bits), 10 * YEAR));
        }
        const [biggest = 0n, usual = 0n] = sizes;
        expect(reserve(prices)).toBeGreaterThanOrEqual(biggest);
        expect(reserve(prices)).toBeLessThan((usual * 3n) / 2n);
        expect(reserve(prices)).toBeLessThan(toNano('0.5'));
    });

    it('a start fills the item up to it out of its value, to the nanoton, and returns the rest', async () => {
        const world = await World.create(prices);
        const { alice } = world.people;
        const item = await world.owned('name');
        const account = await world.chain.getContract(item.address);
        account.balance = reserve(prices) / 3n;
        await world.remember(item.address);
        const start = UsernameItem.startAuctionMessage({ auctionConfig: world.config() });
        const lacking = reserve(prices) - reserve(prices) / 3n;
        await world.expectRejected(alice, item.address, lacking, start, UsernameError.below_reserve);
        const result = await world.send(alice, item.address, lacking + toNano('0.1'), start);
        const [answer] = sent(transactionOn(result, item.address));
        expect(await world.balance(item.address)).toBe(reserve(prices));
        expect(answer?.value).toBeLessThan(toNano('0.1'));
        expect(answer?.value).toBeGreaterThan(toNano('0.09'));
        expect((await item.getState()).status).toBe('open');
    });

    it('a start that settles first fills it up as well, if the pot has not', async () => {
        const world = await World.create(prices);
        const { bob } = world.people;
        const item = await world.itemIn('ended');
        const fees = 3n * forwardFee(prices, 1, UsernameGas.THIRD_OF_NOTICE_BITS);
        const start = UsernameItem.startAuctionMessage({ auctionConfig: world.config() });
        const back = world.checkpoint();
        for (const lacking of [1n, fees]) {
            (await world.chain.getContract(item.address)).balance = reserve(prices) + fees - lacking;
            await world.remember(item.address);
            await world.send(bob, item.address, toNano('1'), start);
            expect((await item.getState()).status).toBe('open');
            expect(await world.balance(item.address)).toBe(reserve(prices));
            await back();
        }
    });

    it('a start of an item that holds it takes nothing', async () => {
        const world = await World.create(prices);
        const item = await world.owned('name');
        await world.send(world.people.dave, item.address, toNano('1'), TOP_UP);
        const before = await world.balance(item.address);
        await world.start(item.address);
        expect(await world.balance(item.address)).toBe(before);
    });

    it('paid_until says when the rent has used up what the item holds', async () => {
        const world = await World.create(prices);
        const item = await world.owned('name');
        const held = await world.balance(item.address);
        const { paidUntil } = await item.getState();
        expect(paidUntil - world.now).toBeGreaterThan(9 * YEAR);
        world.now = paidUntil;
        const tx = transactionOn(await world.send(world.people.dave, item.address, toNano('1'), TOP_UP), item.address);
        expect(storageFee(tx)).toBeGreaterThan((held * 95n) / 100n);
        expect(storageFee(tx)).toBeLessThanOrEqual((held * 105n) / 100n);
    });

    it('paid_until does not count the bid of a running auction', async () => {
        const world = await World.create(prices);
        const item = await world.owned('name');
        await world.start(item.address);
        const before = (await item.getState()).paidUntil;
        await world.send(world.people.bob, item.address, toNano('50'));
        expect((await item.getState()).paidUntil).toBeLessThanOrEqual(before);
    });

    it('a transfer is never refused for it, years after anybody paid rent', async () => {
        const world = await World.create(prices);
        const { alice, bob } = world.people;
        const item = await world.owned('name');
        world.now += 12 * YEAR;
        const transfer = { newOwner: bob.address, responseDestination: alice.address, forwardAmount: 1n };
        const body = UsernameItem.transferMessage(transfer);
        await world.send(alice, item.address, toNano('0.5'), body);
        expect((await item.getState()).owner).toEqualAddress(bob.address);
    });
});

it('paid_until is the time for which a nanoton a year would do, where rent is free', async () => {
    const world = await World.create({ ...MAINNET_PRICES, storage: { bitPrice: 0n, cellPrice: 0n } });
    const item = await world.owned('name');
    const held = await world.balance(item.address);
    expect(BigInt((await item.getState()).paidUntil)).toBe(BigInt(world.now) + held * BigInt(YEAR));
});

describe.each(PRICE_LISTS)('balance >= reserve, under %s', (_, prices) => {
    // Every operation with values around what it costs, so that some are refused and some just pass
    it('no operation but rent takes anything of what the item holds', async () => {
        const random = new Random('reserve');
        const world = await World.create(prices);
        const { alice, bob } = world.people;
        const people = [alice, bob];
        const item = await world.owned('name');
        let owner = alice;
        let passed = 0;
        for (let step = 0; step < 150; step++) {
            world.now += random.below(400);
            const heir = people[random.below(2)] ?? alice;
            const transfer = {
                newOwner: heir.address,
                responseDestination: random.boolean() ? bob.address : null,
                forwardAmount: random.boolean() ? 0n : random.uint(22),
                forwardPayload: random.boolean() ? random.cell() : random.cell().beginParse(),
                customPayload: random.boolean() ? random.cell() : undefined,
            };
            const record = encodeDnsRecord({ type: 'dns_text', text: random.letters(random.below(20)) });
            const key = recordKey(random.boolean() ? 'wallet' : 'site');
            const bodies = [
                UsernameItem.transferMessage(transfer),
                UsernameItem.startAuctionMessage({
                    auctionConfig: world.config({ initialMinBid: minStartPrice(prices) + random.uint(10) }),
                }),
                UsernameItem.cancelAuctionMessage(),
                UsernameItem.changeDnsRecordMessage({ key, record }),
                UsernameItem.deleteDnsRecordMessage({ key }),
                UsernameItem.getStaticDataMessage(),
                UsernameItem.getRoyaltyParamsMessage(),
                UsernameItem.settleMessage(),
                beginCell().storeUint(random.uint(32), 32).endCell(),
            ];
            const body = bodies[random.below(bodies.length)] ?? Cell.EMPTY;
            const from = random.below(8) === 0 ? bob : owner;
            const value = random.uint(20 + random.below(9));
            const before = await world.balance(item.address);
            const result = await world.send(from, item.address, value, body, { bounce: random.boolean() });
            const tx = transactionOn(result, item.address);
            expect(await world.balance(item.address)).toBeGreaterThanOrEqual(before - storageFee(tx));
            passed += exitCode(tx) === 0 ? 1 : 0;
            owner = (await item.getState()).owner?.equals(bob.address) ? bob : alice;
        }
        expect(passed).toBeGreaterThan(40);
    });

    it('a sale of an item that holds it leaves it', async () => {
        const world = await World.create(prices);
        const { alice, bob } = world.people;
        const item = await world.owned('name');
        for (const [seller, buyer] of [
            [alice, bob],
            [bob, alice],
            [alice, bob],
        ] as const) {
            await world.start(item.address, { initialMinBid: minStartPrice(prices) }, seller);
            await world.send(buyer, item.address, minStartPrice(prices));
            world.now += TERMS.duration;
            await world.settleExternally(item.address);
            expect((await item.getState()).owner).toEqualAddress(buyer.address);
            expect(await world.balance(item.address)).toBeGreaterThanOrEqual(reserve(prices));
        }
    });
});
