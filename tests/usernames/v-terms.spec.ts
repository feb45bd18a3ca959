import { beginCell, Cell, toNano } from '@ton/core';

import {
    type AuctionConfig,
    encodeDnsRecord,
    gasFee,
    minStartPrice,
    recordKey,
    UsernameError,
    UsernameItem,
    UsernameOp,
} from '../../wrappers';
import { openTermsToCell } from '../../wrappers/usernames/auction';
import { messageFee, reserve } from '../../wrappers/usernames/gas';
import { cellSize } from '../../wrappers/common/cells';
import { withTail } from '../helpers/forge';
import { exitCode, PRICE_LISTS, sent, TERMS, transactionOn, World } from '../helpers/world';

const MOST = 2n ** 58n - 1n;

describe('V19: the terms of an auction are bounded, in mints and in auctions of the owner', () => {
    const bounds: [what: string, changes: Partial<AuctionConfig>, isTaken: boolean][] = [
        ['a duration of 60 s', { duration: 60 }, true],
        ['a duration of 59 s', { duration: 59 }, false],
        ['no duration', { duration: 0 }, false],
        ['a duration of 365 days', { duration: 31_536_000 }, true],
        ['a duration of 365 days and a second', { duration: 31_536_001 }, false],
        ['the longest duration', { duration: 0x7fffffff }, false],
        ['a deferred clock of 60 s', { duration: 60, delayedStart: true }, true],
        ['a deferred clock of 59 s', { duration: 59, delayedStart: true }, false],
        ['a deferred clock of nothing', { duration: 0, delayedStart: true }, false],
        ['a deferred clock of 365 days and a second', { duration: 31_536_001, delayedStart: true }, false],
        ['an extension of nothing', { minExtendTime: 0 }, true],
        ['an extension of 7 days', { minExtendTime: 604_800 }, true],
        ['an extension of 7 days and a second', { minExtendTime: 604_801 }, false],
        // 2^20 + 300 would be 300 in the 20 bits that keep it
        ['an extension of 20 bits and more', { minExtendTime: 2 ** 20 + 300 }, false],
        ['the longest extension', { minExtendTime: 2 ** 32 - 1 }, false],
        ['a step of 1 %', { minBidStep: 1 }, true],
        ['a step of 255 %', { minBidStep: 255 }, true],
        ['no step', { minBidStep: 0 }, false],
        ['a maximum of the start price', { maxBid: TERMS.initialMinBid }, true],
        ['a maximum below the start price', { maxBid: TERMS.initialMinBid - 1n }, false],
        ['a maximum of 2^58 - 1', { maxBid: MOST }, true],
        ['a maximum of 2^58', { maxBid: MOST + 1n }, false],
        ['a maximum of 2^64 and a bit', { maxBid: 2n ** 64n + toNano('5') }, false],
        ['the greatest maximum', { maxBid: 2n ** 120n - 1n }, false],
        ['a start price of 2^58', { initialMinBid: MOST + 1n }, false],
        ['a start price and a maximum of 2^58', { initialMinBid: MOST + 1n, maxBid: MOST + 1n }, false],
        ['a start price of 2^64 and a bit', { initialMinBid: 2n ** 64n + toNano('5') }, false],
        ['no start price', { initialMinBid: 0n }, false],
    ];
    let world: World;

    beforeAll(async () => {
        world = await World.create();
    });

    it.each(bounds)('in a mint: %s', async (_, config, isTaken) => {
        const { address } = world.collection;
        const body = world.order('fresh', { config });
        if (isTaken) {
            const restore = world.checkpoint();
            await world.send(world.people.bob, address, toNano('1'), body);
            const item = world.item('fresh');
            expect(['auction', 'idle']).toContain((await item.getState()).status);
            await restore();
        } else {
            const { bob } = world.people;
            await world.expectRejected(bob, address, toNano('20'), body, UsernameError.invalid_auction_config);
        }
    });

    it.each(bounds)('in an auction of the owner: %s', async (_, changes, isTaken) => {
        const restore = world.checkpoint();
        const { alice } = world.people;
        const item = await world.owned('owned');
        const config = world.config(changes);
        const body = UsernameItem.startAuctionMessage({ auctionConfig: config });
        if (isTaken) {
            await world.send(alice, item.address, toNano('1'), body);
            expect({ ...(await item.getAuctionConfig()), delayedStart: 0 }).toEqual({ ...config, delayedStart: 0 });
            const { maxBid, minBid, status } = await item.getState();
            expect({ maxBid, minBid, status }).toEqual({
                maxBid: config.maxBid === MOST ? 0n : config.maxBid,
                minBid: config.initialMinBid,
                status: 'open',
            });
        } else {
            const code = UsernameError.invalid_auction_config;
            await world.expectRejected(alice, item.address, toNano('20'), body, code);
        }
        await restore();
    });

    it.each(bounds.filter(([, { duration, minExtendTime, minBidStep }]) => duration ?? minExtendTime ?? minBidStep))(
        'in the terms of open mint: %s',
        async (_, changes, isTaken) => {
            const restore = world.checkpoint();
            const { minBidStep, minExtendTime, duration, delayedStart, beneficiary } = world.config(changes);
            const openTerms = openTermsToCell({
                beneficiary,
                minBidStep,
                minExtendTime,
                duration: duration + (delayedStart ? 2 ** 31 : 0),
                prices: { 4: toNano('5') },
                contentPrefix: '',
            });
            const body = beginCell()
                .storeUint(UsernameOp.set_terms, 32)
                .storeUint(0, 64)
                .storeMaybeRef(openTerms)
                .endCell();
            const { admin } = world.people;
            const { address } = world.collection;
            if (isTaken) {
                await world.send(admin, address, toNano('1'), body);
                expect((await world.collection.getState()).openTerms).toMatchObject({ minBidStep, minExtendTime });
            } else {
                await world.expectRejected(admin, address, toNano('1'), body, UsernameError.invalid_auction_config);
            }
            await restore();
        },
    );

    it('nothing follows them in their cell', async () => {
        const { admin, alice } = world.people;
        const tail = beginCell().storeBit(0).endCell();
        const openTerms = withTail(
            openTermsToCell({
                beneficiary: alice.address,
                minBidStep: 5,
                minExtendTime: 60,
                duration: 3600,
                prices: { 4: toNano('5') },
                contentPrefix: '',
            }),
            tail,
        );
        const terms = beginCell()
            .storeUint(UsernameOp.set_terms, 32)
            .storeUint(0, 64)
            .storeMaybeRef(openTerms)
            .endCell();
        const { address } = world.collection;
        await world.expectRejected(admin, address, toNano('1'), terms, UsernameError.cell_underflow);

        const restore = world.checkpoint();
        const item = await world.owned('owned');
        const start = UsernameItem.startAuctionMessage({ auctionConfig: world.config() });
        const longer = new Cell({ bits: start.bits, refs: [withTail(start.refs[0]!, tail)] });
        await world.expectRejected(alice, item.address, toNano('1'), longer, UsernameError.cell_underflow);
        await restore();
    });

    it.each(PRICE_LISTS)('the lowest start price is what the SDK says (%s)', async (_, prices) => {
        const world = await World.create(prices);
        const { alice, bob } = world.people;
        const owned = await world.owned('owned');
        const start = (initialMinBid: bigint): Cell =>
            UsernameItem.startAuctionMessage({ auctionConfig: world.config({ initialMinBid }) });
        const mint = (initialMinBid: bigint): Cell => world.order('fresh', { config: { initialMinBid } });
        const least = minStartPrice(prices);
        const code = UsernameError.invalid_auction_config;
        await world.expectRejected(alice, owned.address, toNano('1'), start(least - 1n), code);
        await world.expectRejected(bob, world.collection.address, toNano('1'), mint(least - 1n), code);
        await world.send(alice, owned.address, toNano('1'), start(least));
        await world.send(bob, world.collection.address, least, mint(least));
        expect((await owned.getState()).status).toBe('open');
        expect((await world.item('fresh').getState()).bid).toBe(least);
    });
});

describe('V20: the owner edits records until the first bid', () => {
    const key = recordKey('wallet');
    const record = encodeDnsRecord({ type: 'dns_text', text: 'hello' });
    const edit = UsernameItem.changeDnsRecordMessage({ key, record });
    const remove = UsernameItem.deleteDnsRecordMessage({ key });

    it.each(['idle', 'open'] as const)('in the state %s, and nobody else does', async (status) => {
        const world = await World.create();
        const item = await world.itemIn(status, 'name');
        const { alice, bob } = world.people;
        const state = async () => ({ ...(await item.getState()), paidUntil: 0, reserve: 0 });
        const before = await state();
        await world.expectRejected(bob, item.address, toNano('1'), edit, UsernameError.forbidden_change_dns);
        const resolve = async () => (await item.getDnsResolve(Buffer.from([0]), key)).value;
        for (const [body, value] of [
            [edit, record],
            [remove, null],
        ] as const) {
            await world.send(alice, item.address, toNano('1'), body);
            expect(await resolve()).toEqual(value);
            expect(await state()).toEqual(before);
        }
    });

    it('not after it', async () => {
        const world = await World.create();
        const { address } = await world.itemIn('auction');
        for (const body of [edit, remove]) {
            const { alice } = world.people;
            await world.expectRejected(alice, address, toNano('1'), body, UsernameError.forbidden_not_bid);
        }
    });

    /** A record of so many different cells. */
    const chain = (cells: number, end = Cell.EMPTY): Cell =>
        cells === 1
            ? end
            : beginCell()
                  .storeUint(cells, 8)
                  .storeRef(chain(cells - 1, end))
                  .endCell();

    it('a record has at most 16 different cells', async () => {
        const world = await World.create();
        const { alice } = world.people;
        const item = await world.owned('name');
        const edit = (record: Cell): Cell => UsernameItem.changeDnsRecordMessage({ key, record });
        const code = UsernameError.record_too_large;
        await world.expectRejected(alice, item.address, toNano('1'), edit(chain(17)), code);
        await world.send(alice, item.address, toNano('1'), edit(chain(16)));
        expect((await item.getDnsResolve(Buffer.from([0]), key)).value).toEqual(chain(16));
    });

    it.each(PRICE_LISTS)('an edit leaves the reserve for the grown dictionary (%s)', async (_, prices) => {
        const world = await World.create(prices);
        const { alice } = world.people;
        const item = await world.owned('name');
        let grown = 0n;
        for (let number = 1n; number <= 3n; number++) {
            const account = await world.chain.getContract(item.address);
            account.balance = (await item.getState()).reserve;
            await world.remember(item.address);
            const end = beginCell().storeUint(number, 8).endCell();
            const edit = UsernameItem.changeDnsRecordMessage({ key: number, record: chain(12, end) });
            // Enough for the edit itself, but nothing for the reserve
            const low = gasFee(prices, 20_000) + messageFee(prices);
            await world.expectRejected(alice, item.address, low, edit, UsernameError.below_reserve);
            await world.send(alice, item.address, toNano('1'), edit);
            const records = (await item.getDnsResolve(Buffer.from([0]), 0n)).value ?? Cell.EMPTY;
            const { cells, bits } = cellSize(records);
            const needed = reserve(prices, cells, bits);
            expect((await item.getState()).reserve).toBe(needed);
            expect(await world.balance(item.address)).toBe(needed);
            expect(needed).toBeGreaterThan(grown);
            grown = needed;
        }
        // What is deleted needs no reserve
        const account = await world.chain.getContract(item.address);
        account.balance = 1n;
        await world.remember(item.address);
        const remove = UsernameItem.deleteDnsRecordMessage({ key: 2n });
        const result = await world.send(alice, item.address, toNano('0.1'), remove);
        expect(exitCode(transactionOn(result, item.address))).toBe(0);
    });
});

describe('V22: start and cancel are always answered, with the excess', () => {
    it.each([0n, 7n, 2n ** 64n - 1n])('with the query id %d', async (queryId) => {
        const world = await World.create();
        const { alice } = world.people;
        const item = await world.owned('name');
        const before = await world.balance(item.address);
        for (const body of [
            UsernameItem.startAuctionMessage({ queryId, auctionConfig: world.config() }),
            UsernameItem.cancelAuctionMessage({ queryId }),
        ]) {
            const result = await world.send(alice, item.address, toNano('1'), body);
            const [answer] = sent(transactionOn(result, item.address));
            expect(answer).toMatchObject({ to: alice.address, op: UsernameOp.ok });
            expect(answer?.body.beginParse().skip(32).loadUintBig(64)).toBe(queryId);
            expect(answer?.value).toBeGreaterThan(toNano('0.98'));
            expect(await world.balance(item.address)).toBeGreaterThanOrEqual(before);
        }
    });
});

describe('V23: the status is explicit', () => {
    it('through the life of a name', async () => {
        const world = await World.create();
        const { alice, bob } = world.people;
        const uninit = await world.uninited('name');
        const expectStatus = async (status: string, endTime: number) => {
            const state = await uninit.getState();
            expect({ status: state.status, endTime: state.endTime }).toEqual({ status, endTime });
        };
        await expectStatus('uninit', 0);
        const { item } = await world.mint('name');
        await expectStatus('auction', world.now + TERMS.duration);
        world.now += TERMS.duration - 1;
        await expectStatus('auction', world.now + 1);
        world.now += 1;
        await expectStatus('ended', world.now);
        await world.settleExternally(item.address);
        await expectStatus('idle', 0);
        await world.start(item.address);
        await expectStatus('open', world.now + TERMS.duration);
        world.now += TERMS.duration;
        await expectStatus('idle', 0);
        expect((await item.getState()).owner).toEqualAddress(alice.address);

        // The clock waits for the first bid, however long that takes
        await world.start(item.address, { delayedStart: true });
        await expectStatus('open', 0);
        world.now += 10 * TERMS.duration;
        await expectStatus('open', 0);
        expect((await item.getAuctionState())?.endTime).toBe(0);
        await world.send(bob, item.address, toNano('2'));
        await expectStatus('auction', world.now + TERMS.duration);
    });

    it('a bid extends the end, and never shortens it', async () => {
        const world = await World.create();
        const { bob, carol } = world.people;
        const { item } = await world.mint('name', { value: toNano('1') });
        const end = world.now + TERMS.duration;
        world.now = end - TERMS.minExtendTime;
        await world.send(bob, item.address, toNano('2'));
        expect((await item.getState()).endTime).toBe(end);
        world.now += 1;
        await world.send(carol, item.address, toNano('3'));
        expect((await item.getState()).endTime).toBe(end + 1);
        const body = UsernameItem.bidMessage({ comment: 'mine' });
        world.now += 1;
        await world.send(bob, item.address, toNano('4'), body);
        expect((await item.getState()).endTime).toBe(end + 2);
    });

    it('a mint whose clock is deferred starts it with its own first bid', async () => {
        const world = await World.create();
        const { item } = await world.mint('name', { config: { delayedStart: true } });
        const { status, endTime } = await item.getState();
        expect({ status, endTime }).toEqual({ status: 'auction', endTime: world.now + TERMS.duration });
    });
});
