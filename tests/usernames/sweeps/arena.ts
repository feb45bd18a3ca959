import { Address, beginCell, Cell, Dictionary, toNano } from '@ton/core';

import { loadCode } from '../../../compilables/compile';
import {
    type AuctionConfig,
    cellToItemData,
    cellToUsernameCollectionConfig,
    encodeDnsRecord,
    itemAddress,
    MAINNET_PRICES,
    type NetworkPrices,
    recordKey,
    UsernameCollection,
    UsernameItem,
    UsernameOp,
} from '../../../wrappers';
import { TERMS, TOP_UP, World } from '../../helpers/world';
import { type Held, heldData, hold } from './account';
import { type Probe, readItem } from './rules';
import { Sweep } from './sweep';

export const ITEM_STATES = [
    'uninit',
    /** Alice's, with a record. */
    'idle',
    /** Alice has cancelled an auction a moment ago. */
    'cooling',
    /** Alice's auction from 1 to 5 TON, without a bid. */
    'open',
    /** The same; the clock waits for a bid. */
    'waiting',
    /** The same, over without a bid. */
    'lapsed',
    /** Alice's auction with bob's bid of 2 TON, before which carol bid 1.5. */
    'auction',
    /** The same, over. */
    'ended',
    /** Minted by alice for 10 TON, without a maximum: nobody owns it yet. */
    'minted',
    /** The same, over. */
    'won',
] as const;
export type ItemState = (typeof ITEM_STATES)[number];

export const MAX_BID = toNano('5');

/** A chain under one price list with a name in every state of its life, and those who send messages to it. */
export class Arena {
    private constructor(
        readonly world: World,
        readonly sweep: Sweep,
        readonly items: Record<ItemState, Held>,
        readonly collection: Held,
        readonly senders: Record<Sender, Address>,
    ) {}

    static async create(prices: NetworkPrices = MAINNET_PRICES): Promise<Arena> {
        const world = await World.create(prices);
        const { alice, bob, carol } = world.people;
        const held = async (address: Address, now = world.now): Promise<Held> =>
            hold((await world.chain.getContract(address)).account, now);
        const end = world.now + TERMS.duration;

        const uninit = await world.uninited('uninit');
        const idle = await world.owned('idle');
        const record = encodeDnsRecord({ type: 'dns_text', text: 'hello' });
        const edit = UsernameItem.changeDnsRecordMessage({ key: recordKey('text'), record });
        await world.send(alice, idle.address, toNano('1'), edit);
        const cooling = await world.itemIn('open', 'cooling');
        await world.send(alice, cooling.address, toNano('1'), UsernameItem.cancelAuctionMessage());
        const open = await world.owned('open');
        await world.start(open.address, { maxBid: MAX_BID });
        const waiting = await world.owned('waiting');
        await world.start(waiting.address, { maxBid: MAX_BID, delayedStart: true });
        const auction = await world.owned('auction');
        await world.start(auction.address, { maxBid: MAX_BID });
        await world.send(carol, auction.address, toNano('1.5'));
        await world.send(bob, auction.address, toNano('2'));
        const minted = await world.mint('minted');

        const twin = ({ hash }: Address): Address => new Address(-1, hash);
        const collection = world.collection.address;
        const config = cellToUsernameCollectionConfig(await world.data(collection));
        const { address: lookAlike } = UsernameCollection.createFromConfig(
            { ...config, subwalletId: 0 },
            loadCode('UsernameCollection'),
        );
        return new Arena(
            world,
            new Sweep(world.chain, prices, masterchainFee(world)),
            {
                uninit: await held(uninit.address),
                idle: await held(idle.address),
                cooling: await held(cooling.address),
                open: await held(open.address),
                waiting: await held(waiting.address),
                lapsed: await held(open.address, end),
                auction: await held(auction.address),
                ended: await held(auction.address, end),
                minted: await held(minted.item.address),
                won: await held(minted.item.address, end),
            },
            await held(collection),
            {
                owner: alice.address,
                bidder: bob.address,
                'previous bidder': carol.address,
                admin: world.people.admin.address,
                stranger: world.people.dave.address,
                collection,
                'look-alike': lookAlike,
                'another item': world.item('minted').address,
                'an item of the look-alike': itemAddress(lookAlike, loadCode('UsernameItem'), 'idle'),
                'a twin of the item': twin(idle.address),
                'a twin of the owner': twin(alice.address),
                'a twin of the bidder': twin(bob.address),
                'a twin of the collection': twin(collection),
                'a twin of the admin': twin(world.people.admin.address),
            },
        );
    }
}

export const SENDERS = [
    'owner',
    'bidder',
    'previous bidder',
    'admin',
    'stranger',
    'collection',
    'look-alike',
    'another item',
    'an item of the look-alike',
    'a twin of the item',
    'a twin of the owner',
    'a twin of the bidder',
    'a twin of the collection',
    'a twin of the admin',
] as const;
export type Sender = (typeof SENDERS)[number];

/** block.tlb msg_forward_prices#ea lump_price:uint64, config param 24. */
function masterchainFee({ chain }: World): bigint {
    const params = Dictionary.loadDirect(Dictionary.Keys.Int(32), Dictionary.Values.Cell(), chain.config);
    return params.get(24)?.beginParse().skip(8).loadUintBig(64) ?? 0n;
}

/** A message of every kind, such as the state can take it if any can. */
export function probesFor({ world, items }: Arena, state: ItemState): Record<string, Probe> {
    const { alice, carol, dave } = world.people;
    const item = cellToItemData(heldData(items[state]));
    const startedAt = item.status === 'open' || item.status === 'auction' ? item.startedAt : world.now;
    const record = encodeDnsRecord({ type: 'dns_smc_address', address: carol.address });

    const placeBid = (startedAt: number): Probe => {
        const request = { startedAt, owner: carol.address, refundTo: dave.address };
        return { request: { is: 'place_bid', ...request }, body: UsernameItem.placeBidMessage(request) };
    };
    const start = (changes: Partial<AuctionConfig>): Probe => {
        const config = world.config({ maxBid: MAX_BID, ...changes });
        return { request: { is: 'start', config }, body: UsernameItem.startAuctionMessage({ auctionConfig: config }) };
    };
    const edit = (key: bigint, record: Cell | null): Probe => ({
        request: { is: 'record', key, record },
        body: record
            ? UsernameItem.changeDnsRecordMessage({ key, record })
            : UsernameItem.deleteDnsRecordMessage({ key }),
    });
    const transfer = (changes: Partial<Parameters<typeof UsernameItem.transferMessage>[0]>): Probe => {
        const request = {
            newOwner: carol.address,
            responseDestination: dave.address,
            forwardAmount: toNano('0.02'),
            ...changes,
        };
        return { request: { is: 'transfer', ...request }, body: UsernameItem.transferMessage(request) };
    };
    const simple = (is: 'settle' | 'cancel' | 'top_up' | 'unknown' | 'bid' | 'return_bid', body: Cell): Probe => ({
        request: { is },
        body,
    });

    return {
        'a bid': simple('bid', Cell.EMPTY),
        'a bid with a comment': simple('bid', UsernameItem.bidMessage({ comment: 'mine' })),
        'a bid with an encrypted comment': simple(
            'bid',
            beginCell().storeUint(UsernameOp.encrypted_comment, 32).storeUint(5, 64).endCell(),
        ),
        'a bid for somebody else': placeBid(startedAt),
        'a bid on another auction': placeBid(startedAt - 1),
        'a top-up': simple('top_up', TOP_UP),
        'a settle': simple('settle', UsernameItem.settleMessage()),
        'a start': start({}),
        'a delayed start without a maximum': start({ delayedStart: true, maxBid: 0n }),
        'a cancel': simple('cancel', UsernameItem.cancelAuctionMessage()),
        'a record': edit(recordKey('wallet'), record),
        'the end of a record': edit(recordKey('text'), null),
        'a transfer': transfer({}),
        'a transfer without notice': transfer({ forwardAmount: 0n }),
        'a transfer with an inline payload': transfer({
            forwardPayload: beginCell().storeUint(0, 32).storeStringTail('for you').asSlice(),
        }),
        'a transfer with a payload': transfer({
            forwardPayload: beginCell().storeRef(beginCell().storeUint(1, 300)).endCell(),
        }),
        'a transfer without excess': transfer({ responseDestination: null }),
        'a transfer to its owner': transfer({ newOwner: alice.address }),
        'a static data request': {
            request: { is: 'get_static_data' },
            body: UsernameItem.getStaticDataMessage(),
        },
        'a royalty request': {
            request: { is: 'get_royalty_params' },
            body: UsernameItem.getRoyaltyParamsMessage(),
        },
        'an unknown op': simple('unknown', beginCell().storeUint(0x12345678, 32).storeUint(1, 64).endCell()),
        'a value sent back': simple(
            'return_bid',
            beginCell().storeUint(UsernameOp.return_bid, 32).storeUint(1, 64).endCell(),
        ),
        'less than an op': { ...simple('bid', beginCell().storeUint(0, 31).endCell()), isMalformed: true },
    };
}

/** A deploy as the collection sends it for the state of `minted`; sold: for 10 TON at once. */
export function deployProbe({ world, items }: Arena, attached: bigint, isSold: boolean): Probe {
    const { bob } = world.people;
    const state = heldData(items.minted);
    const name = readItem(state);
    if (name === 'bare') {
        throw new Error('The name is not minted');
    }
    const body = beginCell()
        .storeUint(UsernameOp.item_deploy, 32)
        .storeAddress(bob.address)
        .storeCoins(attached)
        .storeBit(isSold)
        .storeRef(state)
        .endCell();
    return { request: { is: 'deploy', name, refundTo: bob.address, attached, isSold }, body };
}
