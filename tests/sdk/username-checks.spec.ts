import type { Cell } from '@ton/core';
import { Address, beginCell, toNano } from '@ton/core';
import type { SandboxContract } from '@ton/sandbox';

import type { Account, ItemState, Problem } from '../../wrappers';
import {
    bidProblems,
    cancelAuctionProblems,
    MAINNET_PRICES,
    openMintProblems,
    orderProblems,
    parseMintOrder,
    quoteAdmin,
    quoteCancelAuction,
    quoteRecord,
    quoteSettle,
    quoteStartAuction,
    quoteTransfer,
    readAccount,
    recordKey,
    recordProblems,
    settleProblems,
    startAuctionProblems,
    transferProblems,
    UsernameCollection,
    UsernameItem,
    UsernameOp,
} from '../../wrappers';
import { opOf, type Person, TERMS, transactionOn, World } from '../helpers/world';
import { codes, expectAgreement } from './agreement';

const prices = MAINNET_PRICES;
const STATUSES = ['uninit', 'idle', 'open', 'auction', 'ended'] as const;
const ROLES = ['alice', 'bob', 'carol'] as const;

/** Alice's name in each state of its life; the bid is bob's. */
let world: World;
let items: Record<(typeof STATUSES)[number], SandboxContract<UsernameItem>>;
let accounts: Record<(typeof ROLES)[number], Account>;
let back: () => Promise<void>;

beforeAll(async () => {
    world = await World.create();
    items = {} as typeof items;
    for (const status of STATUSES) {
        items[status] = await world.itemIn(status === 'ended' ? 'auction' : status, `${status}_name`);
    }
    accounts = {} as typeof accounts;
    for (const role of ROLES) {
        accounts[role] = await readAccount(world.chain, world.people[role].address);
    }
    back = world.checkpoint();
});
afterEach(() => back());

/** The item's state as it was read before the auction of `ended` was over, and as it is after. */
async function statesOf(status: (typeof STATUSES)[number]): Promise<ItemState[]> {
    const item = items[status];
    const before = await item.getState();
    if (status !== 'ended') {
        return [before];
    }
    world.now += TERMS.duration;
    return [before, await item.getState()];
}

type Check = (args: { state: ItemState; balance: bigint; wallet: Account; now: number }) => Problem[];

/** Holds a check to the chain for every state of a name and every sender; gives what the contract threw. */
async function matrix(body: Cell, value: (funds: { reserve: bigint; balance: bigint }) => bigint, check: Check) {
    const thrown = new Set<string | null>();
    for (const status of STATUSES) {
        await back();
        const item = items[status].address;
        const balance = await world.balance(item);
        for (const state of await statesOf(status)) {
            for (const role of ROLES) {
                const problems = check({ state, balance, wallet: accounts[role], now: world.now });
                const attached = value({ reserve: state.reserve, balance });
                const send = () => world.send(world.people[role], item, attached, body);
                thrown.add(await expectAgreement(world, item, problems, send));
            }
        }
    }
    return [...thrown].sort();
}

describe('what the owner does is checked as the contract checks it', () => {
    it('start of an auction', async () => {
        const auctionConfig = world.config();
        const beneficiary = accounts.alice;
        const value = (funds: { reserve: bigint; balance: bigint }) => quoteStartAuction(funds, prices);
        const thrown = await matrix(UsernameItem.startAuctionMessage({ auctionConfig }), value, (args) =>
            startAuctionProblems({
                ...args,
                prices,
                auctionConfig,
                beneficiary,
                value: value({ ...args, reserve: args.state.reserve }),
            }),
        );
        expect(thrown).toEqual(['auction_already_started', 'forbidden_auction', 'forbidden_not_deploy', null]);
    });

    it('a start too soon, or with terms out of bounds', async () => {
        await world.send(
            world.people.alice,
            items.open.address,
            quoteCancelAuction(prices),
            UsernameItem.cancelAuctionMessage(),
        );
        const state = await items.open.getState();
        const balance = await world.balance(items.open.address);
        const value = toNano('1');
        const attempt = async (initialMinBid: bigint, now: number) => {
            world.now = now;
            const auctionConfig = world.config({ initialMinBid });
            const problems = startAuctionProblems({
                state,
                balance,
                wallet: accounts.alice,
                now,
                prices,
                value,
                auctionConfig,
                beneficiary: accounts.alice,
            });
            const body = UsernameItem.startAuctionMessage({ auctionConfig });
            return expectAgreement(world, items.open.address, problems, () =>
                world.send(world.people.alice, items.open.address, value, body),
            );
        };
        expect(await attempt(toNano('1'), state.startableAt - 1)).toBe('auction_too_soon');
        expect(await attempt(1n, state.startableAt)).toBe('invalid_auction_config');
        expect(await attempt(toNano('1'), state.startableAt)).toBeNull();
    });

    it('cancel of an auction', async () => {
        const value = quoteCancelAuction(prices);
        const thrown = await matrix(
            UsernameItem.cancelAuctionMessage(),
            () => value,
            (args) => cancelAuctionProblems({ ...args, prices, value }),
        );
        expect(thrown).toEqual(['already_has_bids', 'forbidden_auction', 'forbidden_not_deploy', 'no_auction', null]);
    });

    it('settlement', async () => {
        const value = quoteSettle(prices);
        const thrown = await matrix(
            UsernameItem.settleMessage(),
            () => value,
            (args) => settleProblems({ ...args, prices, value }),
        );
        expect(thrown).toEqual(['auction_not_ended', 'forbidden_not_deploy', 'no_auction', null]);
    });

    it('transfer', async () => {
        const transfer = {
            newOwner: accounts.carol.address,
            responseDestination: accounts.alice.address,
            forwardAmount: 5n,
        };
        const value = quoteTransfer(transfer, prices);
        const thrown = await matrix(
            UsernameItem.transferMessage(transfer),
            () => value,
            (args) => transferProblems({ ...args, prices, value, transfer, newOwner: accounts.carol }),
        );
        expect(thrown).toEqual(['forbidden_not_bid', 'forbidden_not_deploy', 'forbidden_transfer', null]);
    });

    it('change of a record', async () => {
        const record = beginCell().storeUint(1, 16).endCell();
        const value = (funds: { reserve: bigint; balance: bigint }) => quoteRecord(funds, record, prices);
        const body = UsernameItem.changeDnsRecordMessage({ key: recordKey('dns_text'), record });
        const thrown = await matrix(body, value, (args) =>
            recordProblems({ ...args, prices, record, value: value({ ...args, reserve: args.state.reserve }) }),
        );
        expect(thrown).toEqual(['forbidden_change_dns', 'forbidden_not_bid', 'forbidden_not_deploy', null]);
    });

    it('a record of too many cells', async () => {
        const grown = (cells: number): Cell => {
            const builder = beginCell().storeUint(cells, 16);
            return (cells === 1 ? builder : builder.storeRef(grown(cells - 1))).endCell();
        };
        const state = await items.idle.getState();
        const balance = await world.balance(items.idle.address);
        const attempt = async (cells: number) => {
            const record = grown(cells);
            const args = { state, balance, wallet: accounts.alice, now: world.now, prices, value: toNano('2') };
            const body = UsernameItem.changeDnsRecordMessage({ key: 1n, record });
            return expectAgreement(world, items.idle.address, recordProblems({ ...args, record }), () =>
                world.send(world.people.alice, items.idle.address, args.value, body),
            );
        };
        expect(await attempt(16)).toBeNull();
        expect(await attempt(17)).toBe('record_too_large');
    });
});

describe('a value below the quote is a warning', () => {
    it('for each of them', async () => {
        const state = await items.idle.getState();
        const balance = await world.balance(items.idle.address);
        const transfer = { newOwner: accounts.bob.address, responseDestination: null, forwardAmount: 0n };
        const at = (less: bigint) => {
            const base = { state, balance, wallet: accounts.alice, now: world.now, prices };
            const funds = { reserve: state.reserve, balance };
            const start = { ...base, auctionConfig: world.config(), beneficiary: accounts.alice };
            return [
                startAuctionProblems({ ...start, value: quoteStartAuction(funds, prices) - less }),
                cancelAuctionProblems({ ...base, value: quoteCancelAuction(prices) - less }),
                settleProblems({ ...base, value: quoteSettle(prices) - less }),
                transferProblems({
                    ...base,
                    transfer,
                    newOwner: accounts.bob,
                    value: quoteTransfer(transfer, prices) - less,
                }),
                recordProblems({ ...base, record: null, value: quoteRecord(funds, null, prices) - less }),
            ].map((problems) => codes(problems, 'warning').includes('below_quote'));
        };
        expect(at(0n)).toEqual([false, false, false, false, false]);
        expect(at(1n)).toEqual([true, true, true, true, true]);
    });
});

it('names and money do not go to a custodian', async () => {
    const state = await items.idle.getState();
    const balance = await world.balance(items.idle.address);
    const sending = { state, balance, wallet: accounts.alice, now: world.now, prices, value: toNano('1') };
    const transfer = { newOwner: accounts.bob.address, responseDestination: null, forwardAmount: 0n };
    const shared = { ...accounts.bob, custodian: 'Some Exchange' };
    const auctionConfig = world.config();
    for (const problems of [
        transferProblems({ ...sending, transfer, newOwner: shared }),
        startAuctionProblems({ ...sending, auctionConfig, beneficiary: shared }),
    ]) {
        expect(codes(problems)).toEqual(['custodian_address']);
    }
});

describe('a bid is checked as the contract checks it', () => {
    it('by state and value', async () => {
        const thrown = new Set<string | null>();
        for (const status of ['uninit', 'idle', 'open', 'auction'] as const) {
            const item = items[status].address;
            const [state] = await statesOf(status);
            for (const value of [state!.minBid - 1n, state!.minBid, toNano('50')].filter((amount) => amount > 0n)) {
                const problems = bidProblems({ state: state!, wallet: accounts.carol, now: world.now, prices, value });
                const send = () => world.send(world.people.carol, item, value);
                thrown.add(await expectAgreement(world, item, problems, send));
            }
        }
        expect([...thrown].sort()).toEqual(['bid_too_low', 'forbidden_not_deploy', 'no_auction', null]);
    });

    it('while the clock waits for the first one', async () => {
        const item = await world.owned('delayed');
        await world.start(item.address, { delayedStart: true });
        const state = await item.getState();
        expect(state).toMatchObject({ status: 'open', endTime: 0 });
        const bid = { state, wallet: accounts.carol, now: world.now, prices, value: state.minBid };
        const send = () => world.send(world.people.carol, item.address, bid.value);
        expect(await expectAgreement(world, item.address, bidProblems(bid), send)).toBeNull();
    });

    it('says the lowest bid', async () => {
        const state = await items.open.getState();
        const bid = { state, wallet: accounts.carol, now: world.now, prices };
        const [problem] = bidProblems({ ...bid, value: toNano('0.5') });
        expect(problem).toMatchObject({ code: 'bid_too_low', hint: 'Bid at least 1 TON.' });
    });

    it('comes back from an auction that is over, of which the state may not know yet', async () => {
        for (const state of await statesOf('ended')) {
            const bid = { state, wallet: accounts.carol, now: world.now, prices, value: toNano('50') };
            expect(codes(bidProblems(bid))).toEqual(['no_auction']);
        }
        const result = await world.send(world.people.carol, items.ended.address, toNano('50'));
        const ops = transactionOn(result, items.ended.address).outMessages.values().map(opOf);
        expect(ops).toContain(UsernameOp.return_bid);
    });

    it('for somebody else: another auction, or recipients that cannot be', async () => {
        const state = await items.open.getState();
        const value = state.minBid;
        const bid = { state, wallet: accounts.carol, now: world.now, prices, value };
        const [owner, refundTo] = [accounts.bob, accounts.carol];
        const check = (instead: NonNullable<Parameters<typeof bidProblems>[0]['instead']>) =>
            bidProblems({ ...bid, instead });
        expect(codes(check({ owner, refundTo, startedAt: state.startedAt }))).toEqual([]);
        expect(codes(check({ owner, refundTo, startedAt: state.startedAt - 1 }))).toEqual(['no_auction']);

        const elsewhere = { ...owner, address: new Address(-1, owner.address.hash) };
        for (const instead of [
            { owner: elsewhere, refundTo, startedAt: state.startedAt },
            { owner, refundTo: elsewhere, startedAt: state.startedAt },
        ]) {
            const problems = check(instead);
            const body = UsernameItem.placeBidMessage({
                startedAt: state.startedAt,
                owner: instead.owner.address,
                refundTo: instead.refundTo.address,
            });
            const send = () => world.send(world.people.carol, items.open.address, value, body);
            expect(await expectAgreement(world, items.open.address, problems, send)).toBe('wrong_workchain');
        }
        const custodian = { ...owner, custodian: 'Some Exchange' };
        expect(codes(check({ owner: custodian, refundTo, startedAt: state.startedAt }))).toEqual(['custodian_address']);
        expect(codes(check({ owner, refundTo: custodian, startedAt: state.startedAt }))).toEqual(['custodian_address']);
    });

    it('warns of a bid over oneself, and of one above the maximum', async () => {
        const state = { ...(await items.auction.getState()), maxBid: toNano('3') };
        const warnings = (wallet: Account, value: bigint, instead?: Parameters<typeof bidProblems>[0]['instead']) =>
            codes(bidProblems({ state, wallet, now: world.now, prices, value, instead }), 'warning');
        expect(warnings(accounts.carol, toNano('3'))).toEqual([]);
        expect(warnings(accounts.carol, toNano('3') + 1n)).toEqual(['above_maximum']);
        expect(warnings(accounts.bob, toNano('3'))).toEqual(['already_leading']);
        const unlimited = { ...state, maxBid: 0n };
        const most = { state: unlimited, wallet: accounts.carol, now: world.now, prices, value: toNano('500') };
        expect(codes(bidProblems(most), 'warning')).toEqual([]);
        const known = { ...accounts.bob, status: 'active' as const };
        const instead = { owner: known, refundTo: known, startedAt: state.startedAt };
        expect(warnings(accounts.carol, toNano('3'), instead)).toContain('already_leading');
        const byBob = { ...instead, owner: accounts.carol };
        expect(warnings(accounts.bob, toNano('3'), byBob)).not.toContain('already_leading');
    });

    it('is refused from another workchain', async () => {
        const state = await items.open.getState();
        const wallet = { ...accounts.carol, address: new Address(-1, accounts.carol.address.hash) };
        const problems = bidProblems({ state, wallet, now: world.now, prices, value: toNano('5') });
        expect(codes(problems)).toEqual(['wrong_workchain']);
    });
});

describe('a mint is checked as the collection checks it', () => {
    const openTerms = () => ({
        beneficiary: world.people.seller.address,
        minBidStep: 5,
        minExtendTime: 300,
        duration: 3600,
        prices: { 5: toNano('2') },
        contentPrefix: 'https://names.example/',
    });
    const admin = (body: Cell) => world.send(world.people.admin, world.collection.address, quoteAdmin(prices), body);

    async function openMint(name: string, value: bigint, wallet: Person = world.people.carol) {
        const problems = openMintProblems({
            state: await world.item(name).getState(),
            collection: await world.collection.getState(),
            wallet: await readAccount(world.chain, wallet.address),
            now: world.now,
            prices,
            name,
            value,
        });
        const body = UsernameCollection.openMintMessage({ name });
        const send = () => world.send(wallet, world.collection.address, value, body);
        return expectAgreement(world, world.collection.address, problems, send);
    }

    it('by the open terms', async () => {
        expect(await openMint('nobody', toNano('2'))).toBe('open_mint_closed');
        await admin(UsernameCollection.setTermsMessage({ openTerms: openTerms() }));
        expect(await openMint('nobody', toNano('2'))).toBeNull();
        expect(await openMint('nobody', toNano('2') - 1n)).toBe('bid_too_low');
        expect(await openMint('four', toNano('2'))).toBe('open_mint_closed');
        await admin(UsernameCollection.setPausedMessage({ paused: true }));
        expect(await openMint('nobody', toNano('2'))).toBe('minting_paused');
    });

    it('refuses a name that is none, and one that is taken', async () => {
        await admin(UsernameCollection.setTermsMessage({ openTerms: openTerms() }));
        const mint = { collection: await world.collection.getState(), wallet: accounts.carol, now: world.now, prices };
        const free = await world.item('nobody').getState();
        const bad = openMintProblems({ ...mint, state: free, name: 'Not a name', value: toNano('2') });
        expect(codes(bad)).toEqual(['invalid_name']);
        const state = await items.idle.getState();
        const taken = openMintProblems({ ...mint, state, name: 'idle_name', value: toNano('2') });
        expect(codes(taken)).toEqual(['already_minted']);
    });

    it('by the signed order', async () => {
        const attempt = async (options: Parameters<World['order']>[1], value = toNano('1')) => {
            const message = world.order('ordered', options);
            const problems = orderProblems({
                order: parseMintOrder(message).order,
                state: await world.item('ordered').getState(),
                collection: await world.collection.getState(),
                wallet: accounts.carol,
                now: world.now,
                prices,
                value,
            });
            const send = () => world.send(world.people.carol, world.collection.address, value, message);
            return expectAgreement(world, world.collection.address, problems, send);
        };
        const { now } = world;
        expect(await attempt({})).toBeNull();
        expect(await attempt({}, toNano('1') - 1n)).toBe('bid_too_low');
        expect(await attempt({ subwalletId: 6 })).toBe('wrong_subwallet_id');
        expect(await attempt({ validSince: now })).toBeNull();
        expect(await attempt({ validSince: now + 1 })).toBe('not_yet_valid_signature');
        expect(await attempt({ validTill: now + 1 })).toBeNull();
        expect(await attempt({ validTill: now })).toBe('expired_signature');
        expect(await attempt({ restrictions: { forceSender: accounts.bob.address } })).toBe('forbidden_bidder');
        expect(await attempt({ restrictions: { forceSender: accounts.carol.address } })).toBeNull();
        await admin(UsernameCollection.setPausedMessage({ paused: true }));
        expect(await attempt({})).toBe('minting_paused');
    });

    it('warns of an order above its maximum, and knows when it was used already', async () => {
        const { order } = parseMintOrder(world.order('idle_name', { config: { maxBid: toNano('3') } }));
        const problems = orderProblems({
            order,
            state: await items.idle.getState(),
            collection: await world.collection.getState(),
            wallet: accounts.carol,
            now: world.now,
            prices,
            value: toNano('4'),
        });
        expect([codes(problems), codes(problems, 'warning')]).toEqual([['already_minted'], ['above_maximum']]);
    });
});
