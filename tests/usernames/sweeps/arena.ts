import { Address, beginCell, Dictionary, toNano } from '@ton/core';

import { loadCode } from '../../../compilables/compile';
import {
    cellToItemData,
    cellToUsernameCollectionConfig,
    encodeDnsRecord,
    MAINNET_PRICES,
    type NetworkPrices,
    recordKey,
    UsernameCollection,
    UsernameItem,
} from '../../../wrappers';
import { TERMS, World } from '../../helpers/world';
import type { Request } from './item-rules';
import { type Held, heldData, hold, Sweep } from './sweep';

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
    /** Alice's auction with bob's bid of 2 TON. */
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
        const { alice, bob } = world.people;
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
        await world.send(bob, auction.address, toNano('2'));
        const minted = await world.mint('minted');

        const twin = ({ hash }: Address): Address => new Address(-1, hash);
        const collection = world.collection.address;
        const config = cellToUsernameCollectionConfig(await world.data(collection));
        const lookAlike = UsernameCollection.createFromConfig(
            { ...config, subwalletId: 0 },
            loadCode('UsernameCollection'),
        );
        return new Arena(
            world,
            new Sweep(world.chain, prices, await masterchainFee(world)),
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
                admin: world.people.admin.address,
                stranger: world.people.dave.address,
                collection,
                'look-alike': lookAlike.address,
                'another item': idle.address,
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
    'admin',
    'stranger',
    'collection',
    'look-alike',
    'another item',
    'a twin of the owner',
    'a twin of the bidder',
    'a twin of the collection',
    'a twin of the admin',
] as const;
export type Sender = (typeof SENDERS)[number];

/** block.tlb msg_forward_prices#ea lump_price:uint64, config param 24. */
async function masterchainFee({ chain }: World): Promise<bigint> {
    const params = Dictionary.loadDirect(Dictionary.Keys.Int(32), Dictionary.Values.Cell(), chain.config);
    return params.get(24)?.beginParse().skip(8).loadUintBig(64) ?? 0n;
}

/** A message of every kind, such as the state can take it if any can. Both addresses of a bid for somebody else are strangers'. */
export function requestsFor({ world, items }: Arena, state: ItemState): Record<string, Request> {
    const { bob, carol, dave, seller } = world.people;
    const item = cellToItemData(heldData(items[state]));
    const startedAt = item.status === 'open' || item.status === 'auction' ? item.startedAt : world.now;
    const record = encodeDnsRecord({ type: 'dns_smc_address', address: carol.address });
    const auctionConfig = { ...world.config({ maxBid: MAX_BID }), beneficiary: seller.address };
    const transfer = {
        op: 'transfer',
        newOwner: carol.address,
        responseDestination: dave.address,
        forwardAmount: toNano('0.02'),
    } as const;
    const payload = beginCell().storeRef(beginCell().storeUint(1, 300).endCell()).endCell();
    const deploy = {
        op: 'item_deploy',
        refundTo: dave.address,
        attached: toNano('10'),
        isSold: false,
        state: heldData(items.minted),
    } as const;
    return {
        'a bid': { op: 'bid' },
        'a bid with a comment': { op: 'comment' },
        'a bid with an encrypted comment': { op: 'encrypted_comment' },
        'a bid for somebody else': { op: 'place_bid', startedAt, owner: carol.address, refundTo: dave.address },
        'a bid on another auction': {
            op: 'place_bid',
            startedAt: startedAt - 1,
            owner: carol.address,
            refundTo: dave.address,
        },
        'a top-up': { op: 'top_up' },
        'a settle': { op: 'settle' },
        'a start': { op: 'start_auction', auctionConfig },
        'a delayed start': {
            op: 'start_auction',
            auctionConfig: { ...auctionConfig, delayedStart: true, maxBid: 0n },
        },
        'a cancel': { op: 'cancel_auction' },
        'a record': { op: 'change_dns_record', key: recordKey('wallet'), record },
        'the end of a record': { op: 'change_dns_record', key: recordKey('text'), record: null },
        'a transfer': transfer,
        'a transfer without notice': { ...transfer, forwardAmount: 0n },
        'a transfer with a payload': { ...transfer, payload },
        'a transfer without excess': { ...transfer, responseDestination: null },
        'a transfer to the owner himself': { ...transfer, newOwner: world.people.alice.address },
        'a static data request': { op: 'get_static_data' },
        'a royalty request': { op: 'get_royalty_params' },
        'a deploy': deploy,
        'a deploy of a sold name': {
            ...deploy,
            isSold: true,
            attached: toNano('10') + 7n,
            refundTo: bob.address,
        },
        'an unknown op': { op: 'unknown' },
        'less than an op': { op: 'short' },
    };
}
