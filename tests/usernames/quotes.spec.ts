import { beginCell, type Cell, toNano } from '@ton/core';
import type { SandboxContract, SendMessageResult } from '@ton/sandbox';

import {
    encodeDnsRecord,
    type OpenTerms,
    quoteAdmin,
    quoteBid,
    quoteCancelAuction,
    quoteMint,
    quoteOpenMint,
    quotePayout,
    quoteRecord,
    quoteSale,
    quoteSettle,
    quoteStartAuction,
    quoteTransfer,
    recordKey,
    type Royalty,
    signSignerAcceptance,
    uriContent,
    UsernameCollection,
    UsernameError,
    UsernameItem,
    UsernameOp,
} from '../../wrappers';
import { reserve, UsernameGas } from '../../wrappers/usernames/gas';
import { Random } from '../helpers/random';
import {
    exitCode,
    GLOBAL_ID,
    internalMessage,
    isOn,
    type Person,
    PRICE_LISTS,
    sent,
    SIGNER,
    START,
    TERMS,
    TOP_UP,
    transactionOn,
    World,
} from '../helpers/world';

// What the SDK tells people to attach and to expect, tried on the chain: exactly that, and it happens.

type Item = SandboxContract<UsernameItem>;

describe.each(PRICE_LISTS)('a quote, at %s', (_, prices) => {
    let world: World;

    beforeEach(async () => {
        world = await World.create(prices);
    });

    const fundsOf = async (item: Item) => ({
        reserve: (await item.getState()).reserve,
        balance: await world.balance(item.address),
    });

    /** Attaches the quote; gives what came back with ok and how much the contract kept. */
    async function attach(from: Person, contract: { address: typeof from.address }, quote: bigint, body: Cell) {
        const before = await world.balance(contract.address);
        const tx = transactionOn(await world.send(from, contract.address, quote, body), contract.address);
        expect(exitCode(tx)).toBe(0);
        const [ok, ...others] = sent(tx);
        expect(others).toEqual([]);
        expect(ok).toMatchObject({ to: from.address, op: UsernameOp.ok });
        return { back: ok?.value ?? 0n, kept: (await world.balance(contract.address)) - before };
    }

    describe('of a bid', () => {
        const { bid_too_low } = UsernameError;

        it('to mint: its minimum is taken, one nanoton less is not, and what is above its maximum comes back', async () => {
            const { alice } = world.people;
            const config = { initialMinBid: toNano('2'), maxBid: toNano('3') };
            const { minimum, maximum } = quoteMint(config);
            const order = world.order('alice', { config });
            await world.expectRejected(alice, world.collection.address, minimum - 1n, order, bid_too_low);
            const { item } = await world.mint('alice', { value: minimum, config });
            expect(await item.getState()).toMatchObject({ status: 'auction', bid: minimum });
            const { result } = await world.mint('bobby', { value: maximum! + 5n, config });
            expect(sent(transactionOn(result, world.item('bobby').address)).at(-1)).toMatchObject({ value: 5n });
            expect((await world.item('bobby').getState()).owner).toEqual(alice.address);
        });

        it('to open a name: its minimum is taken and one nanoton less is not', async () => {
            const openTerms: OpenTerms = {
                beneficiary: world.people.seller.address,
                minBidStep: 5,
                minExtendTime: 300,
                duration: 3600,
                prices: { 4: toNano('9'), 6: toNano('4') },
                contentPrefix: '',
            };
            const { admin, alice } = world.people;
            const { address } = world.collection;
            await world.send(admin, address, toNano('1'), UsernameCollection.setTermsMessage({ openTerms }));
            const state = await world.collection.getState();
            for (const name of ['alice', 'robert']) {
                const { minimum, maximum } = quoteOpenMint(state.openTerms, name);
                const body = UsernameCollection.openMintMessage({ name });
                await world.expectRejected(alice, address, minimum - 1n, body, bid_too_low);
                await world.send(alice, address, minimum, body);
                expect(await world.item(name).getState()).toMatchObject({ status: 'auction', bid: minimum });
                expect(maximum).toBeNull();
            }
        });

        it('in an auction: its minimum is taken, one nanoton less is not, and its maximum buys', async () => {
            const { bob, carol, dave } = world.people;
            const item = await world.owned('alice');
            await world.start(item.address, { maxBid: toNano('50') });
            for (const person of [bob, carol, bob]) {
                const { minimum } = quoteBid(await item.getState());
                await world.expectRejected(person, item.address, minimum - 1n, UsernameItem.bidMessage(), bid_too_low);
                await world.send(person, item.address, minimum);
                expect(await item.getState()).toMatchObject({ bidder: person.address, bid: minimum });
            }
            const { maximum } = quoteBid(await item.getState());
            await world.send(dave, item.address, maximum!);
            expect((await item.getState()).owner).toEqual(dave.address);
        });
    });

    describe('of what the owner does', () => {
        const start = (): Cell => UsernameItem.startAuctionMessage({ auctionConfig: world.config() });
        const DECADE = UsernameGas.RESERVE_SECONDS;
        const YEAR = UsernameGas.YEAR_SECONDS;

        /** A name whose balance is what years of rent have left of it. */
        async function aged(seconds: number): Promise<Item> {
            const item = await world.owned('alice');
            world.now += seconds;
            await world.send(world.people.dave, item.address, 1n, TOP_UP);
            return item;
        }

        it.each([
            ['a full reserve', 0, 0],
            ['a reserve to which a little lacks', YEAR, 0],
            ['a balance that is a year old', 0, YEAR],
            ['half a reserve', DECADE / 2, 0],
            ['half a reserve that is a year old', DECADE / 2, YEAR],
            ['nothing left and half a year of debt', DECADE + YEAR / 2, 0],
        ])('a start with %s fills the reserve and gives the rest back', async (_, age, stale) => {
            const item = await aged(age);
            const funds = await fundsOf(item);
            const quote = quoteStartAuction(funds, prices);
            world.now += stale;
            const { back } = await attach(world.people.alice, item, quote, start());
            expect((await item.getState()).status).toBe('open');
            const after = await fundsOf(item);
            expect(after.balance).toBeGreaterThanOrEqual(after.reserve);
            const lacked = funds.reserve > funds.balance ? funds.reserve - funds.balance : 0n;
            const fees = quoteStartAuction({ ...funds, balance: 2n * funds.reserve }, prices);
            expect(quote - back).toBeLessThanOrEqual(lacked + fees + (stale ? funds.reserve / 9n : 0n));
        });

        it('a cancel and a settle give the excess back and keep nothing', async () => {
            const item = await world.itemIn('open');
            const cancel = UsernameItem.cancelAuctionMessage();
            const cancelled = await attach(world.people.alice, item, quoteCancelAuction(prices), cancel);
            expect(cancelled.back).toBeGreaterThan(0n);
            expect(cancelled.kept).toBe(0n);

            const ended = await world.itemIn('ended');
            const quote = quoteSettle(prices);
            const tx = transactionOn(
                await world.send(world.people.dave, ended.address, quote, UsernameItem.settleMessage()),
                ended.address,
            );
            expect(exitCode(tx)).toBe(0);
            expect(sent(tx).at(-1)).toMatchObject({ to: world.people.dave.address, op: UsernameOp.ok });
            expect((await ended.getState()).owner).toEqual(world.people.bob.address);
        });

        const text = (letters: string): Cell => encodeDnsRecord({ type: 'dns_text', text: letters });

        it.each([
            ['a full reserve', 0, 0],
            ['a balance that is a year old', 0, YEAR],
            ['half a reserve', DECADE / 2, 0],
        ])('records with %s fill the reserve of the grown dictionary and give the rest back', async (_, age, stale) => {
            const item = await aged(age);
            const random = new Random('records');
            const records = [text('hello'), text('x'.repeat(1800)), uriContent(''), text('y'.repeat(126))];
            for (const record of records) {
                const key = random.uint(256);
                const funds = await fundsOf(item);
                const quote = quoteRecord(funds, record, prices);
                world.now += stale;
                await attach(world.people.alice, item, quote, UsernameItem.changeDnsRecordMessage({ key, record }));
                const after = await fundsOf(item);
                expect(after.reserve).toBeGreaterThan(funds.reserve);
                expect(after.balance).toBeGreaterThanOrEqual(after.reserve);
            }
        });

        it('records whose keys differ in their last bit are covered: the fork has the longest label', async () => {
            const item = await aged(0);
            const key = recordKey('text');
            for (const [index, other] of [key, key ^ 1n, key ^ 2n, key ^ (1n << 255n)].entries()) {
                const record = text(`record ${index}`);
                const quote = quoteRecord(await fundsOf(item), record, prices);
                await attach(
                    world.people.alice,
                    item,
                    quote,
                    UsernameItem.changeDnsRecordMessage({ key: other, record }),
                );
                const { reserve, balance } = await fundsOf(item);
                expect(balance).toBeGreaterThanOrEqual(reserve);
            }
        });

        it('a record, its deletion and a start are covered with 400 cells of records', async () => {
            const item = await aged(0);
            const random = new Random('many records');
            const contract = await world.chain.getContract(item.address);
            for (let i = 0; i < 134; i++) {
                const body = UsernameItem.changeDnsRecordMessage({
                    key: random.uint(256),
                    record: text(random.letters(10)),
                });
                await contract.receiveMessage(
                    internalMessage(world.people.alice.address, item.address, toNano('10'), body),
                );
            }
            await world.remember(item.address);
            const held = (await fundsOf(item)).reserve;
            expect(held).toBeGreaterThanOrEqual(reserve(prices, 400));
            const [key, record] = [recordKey('wallet'), text('one more')];
            const set = UsernameItem.changeDnsRecordMessage({ key, record });
            await attach(world.people.alice, item, quoteRecord(await fundsOf(item), record, prices), set);
            const unset = UsernameItem.deleteDnsRecordMessage({ key });
            const { kept } = await attach(
                world.people.alice,
                item,
                quoteRecord(await fundsOf(item), null, prices),
                unset,
            );
            expect(kept).toBe(0n);
            await attach(world.people.alice, item, quoteStartAuction(await fundsOf(item), prices), start());
        });

        it('a transfer carries forward_amount and payload to the new owner and takes nothing from the item', async () => {
            const { alice, bob, carol } = world.people;
            const bits = beginCell().storeUint(1, 300);
            const long = beginCell().storeUint(7, 8).storeStringTail('long '.repeat(600)).endCell();
            let [from, to] = [alice, bob];
            const item = await world.owned('alice');
            for (const forwardAmount of [0n, 1n, toNano('3')]) {
                for (const responseDestination of [null, carol.address]) {
                    for (const forwardPayload of [undefined, bits.asSlice(), long]) {
                        const transfer = { newOwner: to.address, responseDestination, forwardAmount, forwardPayload };
                        const body = UsernameItem.transferMessage({ ...transfer, customPayload: uriContent('c') });
                        const before = await world.balance(item.address);
                        const quote = quoteTransfer({ ...transfer, customPayload: uriContent('c') }, prices);
                        const tx = transactionOn(await world.send(from, item.address, quote, body), item.address);
                        const messages = sent(tx).map(({ to, op, value }) => ({
                            to,
                            op,
                            value: op === UsernameOp.excesses ? 1n : value,
                        }));
                        expect(messages).toEqual([
                            ...(forwardAmount
                                ? [{ to: to.address, op: UsernameOp.ownership_assigned, value: forwardAmount }]
                                : []),
                            ...(responseDestination ? [{ to: carol.address, op: UsernameOp.excesses, value: 1n }] : []),
                        ]);
                        expect((await item.getNftData()).owner).toEqual(to.address);
                        expect(await world.balance(item.address)).toBeGreaterThanOrEqual(before);
                        [from, to] = [to, from];
                    }
                }
            }
        });
    });

    it('of the admin’s and the signer’s messages: each is taken and the excess comes back', async () => {
        const { admin, bob, seller } = world.people;
        const prices32 = Object.fromEntries(Array.from({ length: 29 }, (_, i) => [i + 4, toNano(100 - i)]));
        const openTerms = {
            beneficiary: seller.address,
            minBidStep: 5,
            minExtendTime: 300,
            duration: 3600,
            prices: prices32,
            contentPrefix: 'x'.repeat(85),
        };
        const royalty = { numerator: 1, denominator: 4, destination: bob.address };
        const signature = await signSignerAcceptance({
            collection: world.collection.address,
            globalId: GLOBAL_ID,
            signer: SIGNER.secretKey,
        });
        for (const [from, body] of [
            [admin, UsernameCollection.setTermsMessage({ openTerms })],
            [admin, UsernameCollection.setPausedMessage({ paused: true })],
            [admin, UsernameCollection.setRoyaltyMessage({ royalty })],
            [admin, UsernameCollection.proposeSignerMessage({ publicKey: SIGNER.publicKey })],
            [bob, UsernameCollection.acceptSignerMessage({ signature })],
            [admin, UsernameCollection.proposeAdminMessage({ admin: bob.address })],
            [bob, UsernameCollection.acceptAdminMessage()],
            [bob, UsernameCollection.renounceAdminMessage()],
        ] as const) {
            const { back, kept } = await attach(from, world.collection, quoteAdmin(prices), body);
            expect(back).toBeGreaterThan(0n);
            expect(kept).toBe(0n);
        }
    });

    describe('of a sale', () => {
        /** What author and seller were paid in all transactions of the item. */
        function paid(item: Item, ...results: SendMessageResult[]) {
            const payouts = results
                .flatMap(({ transactions }) => transactions.filter((tx) => isOn(tx, item.address)))
                .flatMap((tx) => sent(tx))
                .filter(({ op }) => op === UsernameOp.payout);
            const to = (person: Person): bigint =>
                payouts.filter(({ to }) => to.equals(person.address)).reduce((sum, { value }) => sum + value, 0n);
            return { royalty: to(world.people.author), payout: to(world.people.seller) };
        }

        const royaltyOf = async (item: Item): Promise<Royalty> => (await item.getRoyaltyParams())!;

        function expectAtLeast(found: ReturnType<typeof paid>, promised: ReturnType<typeof paid>): void {
            expect(found.royalty).toBeGreaterThanOrEqual(promised.royalty);
            expect(found.payout).toBeGreaterThanOrEqual(promised.payout);
        }

        it('as it stands: what an external settlement pays to the nanoton, and a message no less', async () => {
            for (const value of [TERMS.initialMinBid, toNano('40')]) {
                for (const topUp of [0n, toNano('2')]) {
                    for (const way of ['external', 'message']) {
                        const { item } = await world.mint(`${way}${value}${topUp}`, { value });
                        world.now += TERMS.duration;
                        // Takes the rent that is due
                        await world.send(world.people.dave, item.address, topUp + toNano('0.01'), TOP_UP);
                        const state = await item.getState();
                        const { royalty, payout } = quotePayout(state, await world.balance(item.address), prices);
                        const settle = UsernameItem.settleMessage();
                        const result =
                            way === 'external'
                                ? await world.settleExternally(item.address)
                                : await world.send(world.people.dave, item.address, quoteSettle(prices), settle);
                        const found = paid(item, result);
                        if (way === 'external') {
                            const importFee = transactionOn(result, item.address).totalFees.coins;
                            expect(found.royalty).toBe(royalty);
                            expect(found.payout).toBeLessThanOrEqual(payout);
                            expect(found.payout).toBeGreaterThanOrEqual(payout - importFee);
                        } else {
                            expectAtLeast(found, { royalty, payout });
                        }
                    }
                }
            }
        });

        it('that mints: by auction with one bid or more, and at once for the maximum', async () => {
            const { bob, carol } = world.people;
            const [first, second, last] = [toNano('1'), toNano('2'), toNano('4')];
            const sales: [name: string, others: [Person, bigint][]][] = [
                ['one', []],
                ['two', [[bob, last]]],
                [
                    'three',
                    [
                        [bob, second],
                        [carol, last],
                    ],
                ],
            ];
            for (const [name, others] of sales) {
                const { item } = await world.mint(`name_${name}`, { value: first });
                for (const [person, value] of others) {
                    const body = UsernameItem.placeBidMessage({
                        startedAt: world.now,
                        owner: person.address,
                        refundTo: person.address,
                    });
                    await world.send(person, item.address, value, body);
                }
                world.now += TERMS.duration;
                const result = await world.settleExternally(item.address);
                const bid = others.at(-1)?.[1] ?? first;
                const royalty = await royaltyOf(item);
                const bids = 1 + others.length;
                expectAtLeast(paid(item, result), quoteSale({ bid, royalty, bids }, prices));
            }
            for (const bid of [first, last]) {
                const config = { maxBid: bid };
                const { result, item } = await world.mint(`bought${bid}`, { value: bid + 7n, config });
                expectAtLeast(paid(item, result), quoteSale({ bid, royalty: await royaltyOf(item) }, prices));
            }
        });

        it('of an owned name: by auction and at once, with a full reserve and more', async () => {
            const { bob, carol } = world.people;
            for (const [name, extra, maxBid, values] of [
                ['full', 0n, 0n, ['2']],
                ['more', toNano('1'), 0n, ['2', '5', '9']],
                ['buys', 0n, toNano('3'), ['3']],
                ['late', 0n, toNano('3'), ['1', '3.5']],
            ] as const) {
                const item = await world.owned(name);
                await world.send(carol, item.address, extra + 1n, TOP_UP);
                await world.start(item.address, { maxBid });
                const balance = await world.balance(item.address);
                const results: SendMessageResult[] = [];
                for (const [index, value] of values.entries()) {
                    results.push(await world.send(index % 2 ? carol : bob, item.address, toNano(value)));
                }
                if (!maxBid) {
                    world.now += TERMS.duration;
                    results.push(await world.settleExternally(item.address));
                }
                const bid = maxBid || toNano(values.at(-1) ?? '0');
                const sale = { bid, royalty: await royaltyOf(item), balance, bids: values.length };
                expectAtLeast(paid(item, ...results), quoteSale(sale, prices));
            }
        });

        it('that mints, after the longest auction, with the rent of a year', async () => {
            const { item } = await world.mint('alice', { value: toNano('1'), config: { duration: 31_536_000 } });
            world.now = START + 31_536_000;
            const result = await world.settleExternally(item.address);
            const sale = { bid: toNano('1'), royalty: await royaltyOf(item), duration: 31_536_000 };
            expectAtLeast(paid(item, result), quoteSale(sale, prices));
        });
    });
});
