import { createPrivateKey, sign } from 'node:crypto';

import { Address, beginCell, Cell, type Slice, toNano } from '@ton/core';
import { type KeyPair, keyPairFromSeed } from '@ton/crypto';
import * as fc from 'fast-check';

import {
    type AuctionConfig,
    gasFee,
    minStartPrice,
    type MintOrder,
    mintOrderHash,
    type NetworkPrices,
    type OpenTerms,
    type Royalty,
    signSignerAcceptance,
    uriContent,
    UsernameCollection,
    UsernameItem,
    UsernameOp,
} from '../../../wrappers';
import { messageFee } from '../../../wrappers/usernames/gas';
import { mintMessage } from '../../../wrappers/usernames/orders';
import { cutAt, withTail } from '../../helpers/forge';
import { GLOBAL_ID, SIGNER, START, SUBWALLET_ID } from '../../helpers/world';
import {
    type House,
    type HouseRequest,
    isOver,
    type Item,
    type ItemRequest,
    maximumOf,
    type Name,
    neededReserve,
    nextMinimum,
    type Order,
} from './model';

/** The names of a sequence; the last is as long as a name may be. */
export const LABELS = ['gram', 'house_2', `z${'_9z'.repeat(10)}q`] as const;
export type Label = (typeof LABELS)[number];
export const SIGNERS = [SIGNER, keyPairFromSeed(Buffer.alloc(32, 8)), keyPairFromSeed(Buffer.alloc(32, 9))] as const;

const PEOPLE = ['alice', 'bob', 'carol', 'seller', 'author', 'admin'] as const;
export type PersonName = (typeof PEOPLE)[number];
/** A person, or whoever owns the name (a winner who waits does) or leads its auction when the step is taken. */
type Who = PersonName | 'owner' | 'leader';
/** The same, an address without an account, or one that is refused. */
type Where = Who | 'nobody' | 'masterchain';
/** Nanotons: `plus` more than something that is known when the step is taken. */
type Amount = { of: 'nothing' | 'ton' | 'fees' | 'reserve' | 'minimum' | 'maximum'; plus: number };
/** What is wrong with a body: it has a bit too many, or only so much of what follows the op (in percent). */
type Spoil = null | 'tail' | number;

type Terms = {
    beneficiary: Where;
    /** Above the lowest start price. */
    above: number;
    maximum: 'none' | 'unlimited' | 'too_much' | number;
    step: number;
    extend: number;
    duration: number;
    delayed: boolean;
};
type Part = { numerator: number; denominator: number; destination: Where };

type Request =
    | { send: 'bid'; as: 'empty' | 'text' | 'encrypted' | 'bare_op' }
    | { send: 'top_up'; withInit: boolean }
    | { send: 'settle' | 'cancel' | 'get_static_data' | 'get_royalty_params' | 'not_deploy' }
    | { send: 'unknown'; op: number; toHouse: boolean }
    | { send: 'place_bid'; auction: 'this' | 'other' | 'none'; owner: Where; refundTo: Where }
    | { send: 'start'; terms: Terms }
    | {
          send: 'transfer';
          newOwner: Where;
          response: Where | null;
          forward: Amount;
          payload: null | { bits: number; isRef: boolean };
      }
    | { send: 'record'; key: number; cells: number }
    | {
          send: 'mint';
          version: 1 | 2;
          signedBy: number;
          isForUs: boolean;
          since: number;
          till: number;
          contentCells: number;
          terms: Terms;
          royalty: Part | null;
          force: Where | null;
          rewrite: Where | null;
      }
    | { send: 'open_mint'; badName: string | null }
    | { send: 'set_paused'; paused: boolean }
    | { send: 'set_terms'; terms: null | { step: number; duration: number; above: number; lengths: number[] } }
    | { send: 'set_royalty'; royalty: Part }
    | { send: 'propose_signer' | 'accept_signer'; signer: number }
    | { send: 'propose_admin'; admin: Where }
    | { send: 'accept_admin' | 'renounce' | 'house_royalty_params' | 'house_top_up' };

export type Sending = { from: Who; target: number; amount: Amount; bounce: boolean; spoil: Spoil } & Request;

/** What happens next. Plain data, so that a failing sequence can be kept as a test. */
export type Step =
    | { wait: number }
    | { waitFor: 'end' | 'startable'; target: number; plus: number }
    | { changePrices: true }
    | { settleExternally: 'plain' | 'with_reference'; target: number }
    | Sending;

/** A life of the house; `prices` is the number of the price list that it begins with. */
export type Sequence = { prices: number; steps: Step[] };

// ---------------------------------------------------------------- what may happen

/** Mostly the ordinary, now and then something else. */
const mostly = <T>(ordinary: fc.Arbitrary<T>, odd: fc.Arbitrary<T>, weight = 12): fc.Arbitrary<T> =>
    fc.oneof({ weight, arbitrary: ordinary }, { weight: 1, arbitrary: odd });

const who = fc.constantFrom<Who>('owner', 'owner', 'leader', ...PEOPLE, 'alice', 'bob', 'bob', 'carol');
const where: fc.Arbitrary<Where> = mostly(who, fc.constantFrom<Where>('nobody', 'masterchain'));
const maybe = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | null> => fc.option(value, { freq: 2 });

/** Around an edge, or at some distance from it. */
const around = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom(0, 0, -1, 1) },
    { weight: 2, arbitrary: fc.integer({ min: -60_000, max: 60_000 }) },
    { weight: 1, arbitrary: fc.integer({ min: -3_000_000, max: 3_000_000 }) },
    { weight: 2, arbitrary: fc.integer({ min: 0, max: 2_000_000_000 }) },
);
const amountOf = (plus: fc.Arbitrary<number>, ...of: Amount['of'][]): fc.Arbitrary<Amount> =>
    fc.record({ of: fc.constantFrom(...of), plus });
const tiny = amountOf(fc.integer({ min: 0, max: 1_500_000 }), 'nothing');

const bidAmount = mostly(amountOf(around, 'minimum', 'minimum', 'maximum'), tiny);
const feeAmount = fc.oneof(
    { weight: 8, arbitrary: amountOf(fc.constant(0), 'ton') },
    { weight: 2, arbitrary: amountOf(around, 'fees', 'reserve') },
    { weight: 1, arbitrary: tiny },
);

const terms: fc.Arbitrary<Terms> = fc.record({
    beneficiary: where,
    above: mostly(fc.oneof(fc.constant(0), fc.integer({ min: 0, max: 1_000_000_000 })), fc.constant(-1)),
    maximum: mostly<Terms['maximum']>(
        fc.oneof(fc.constant<Terms['maximum']>('none'), around.map(Math.abs)),
        fc.constantFrom<Terms['maximum']>(-1, 'unlimited', 'too_much'),
    ),
    step: mostly(fc.constantFrom(1, 5, 100, 255), fc.constant(0), 20),
    extend: mostly(fc.constantFrom(0, 300, 604_800), fc.constant(604_801), 20),
    duration: mostly(fc.constantFrom(60, 3600, 3600, 86_400, 31_536_000), fc.constantFrom(0, 59, 31_536_001), 20),
    delayed: fc.boolean(),
});

const FAIR_PARTS = fc.constantFrom<number[]>([0, 1], [5, 100], [1, 4], [1, 65535], [16383, 65535]);
const part: fc.Arbitrary<Part> = fc.record({ destination: where }).chain(({ destination }) =>
    mostly<number[]>(FAIR_PARTS, fc.constantFrom([1, 3], [0, 0]), 10).map(([numerator = 0, denominator = 0]) => ({
        numerator,
        denominator,
        destination,
    })),
);

type ArgsIn<Q, R> = Q extends { send: infer S } ? (R extends S ? Omit<Q, 'send'> : never) : never;
type Args<R extends Request['send']> = ArgsIn<Request, R>;

/** A message of one kind; `args` are made afresh for each. */
function sending<R extends Request['send']>(
    send: R,
    args: fc.Arbitrary<Args<R>>,
    amount: fc.Arbitrary<Amount> = feeAmount,
    from: fc.Arbitrary<Who> = who,
): fc.Arbitrary<Step> {
    const envelope = fc.record({
        from,
        target: fc.nat(29),
        amount,
        bounce: mostly(fc.constant(true), fc.constant(false), 2),
        spoil: mostly<Spoil>(fc.constant(null), fc.oneof(fc.constant<Spoil>('tail'), fc.nat(99)), 25),
    });
    return fc.tuple(envelope, args).map(([head, rest]) => ({ send, ...head, ...rest }) as unknown as Step);
}

const nothing = fc.constant({});
const owner = mostly(fc.constant<Who>('owner'), who, 5);
const admin = mostly(fc.constant<Who>('admin'), who, 4);
const UNKNOWN_OPS = [0xdeadbeef, 0xffffffff, UsernameOp.excesses, UsernameOp.outbid, UsernameOp.return_bid];

/** Every operation, by how often it is taken. The first is what a failing sequence shrinks to. */
export const step: fc.Arbitrary<Step> = fc.oneof(
    { withCrossShrink: true },
    { weight: 8, arbitrary: fc.record({ wait: fc.constantFrom(0, 1, 59, 60, 300, 3600, 86_400) }) },
    { weight: 1, arbitrary: fc.record({ wait: fc.constantFrom(604_800, 31_536_000, 2 * 31_536_000) }) },
    {
        weight: 11,
        arbitrary: fc.record({
            waitFor: mostly<'end' | 'startable'>(fc.constant('end'), fc.constant('startable'), 3),
            target: fc.nat(29),
            plus: fc.constantFrom(0, 0, 0, -1, 1),
        }),
    },
    { weight: 1, arbitrary: fc.record({ changePrices: fc.constant<true>(true) }) },
    {
        weight: 4,
        arbitrary: fc.record({
            settleExternally: mostly<'plain' | 'with_reference'>(
                fc.constant('plain'),
                fc.constant('with_reference'),
                4,
            ),
            target: fc.nat(29),
        }),
    },
    {
        weight: 14,
        arbitrary: sending(
            'mint',
            fc.record({
                version: fc.constantFrom<1 | 2>(1, 2, 2),
                signedBy: mostly(fc.constant(0), fc.nat(2), 20),
                isForUs: mostly(fc.constant(true), fc.constant(false), 30),
                since: mostly(fc.constant(-1000), fc.constantFrom(0, 1)),
                till: mostly(fc.constant(1000), fc.constantFrom(0, 1)),
                contentCells: mostly(fc.constantFrom(1, 2), fc.constantFrom(12, 13)),
                terms,
                royalty: maybe(part),
                force: mostly<Where | null>(fc.constant(null), where, 3),
                rewrite: mostly<Where | null>(fc.constant(null), where, 3),
            }),
            bidAmount,
        ),
    },
    {
        weight: 4,
        arbitrary: sending(
            'open_mint',
            fc.record({
                badName: mostly<string | null>(fc.constant(null), fc.constantFrom('abc', 'a__b', '9abc', 'abc_'), 6),
            }),
            bidAmount,
        ),
    },
    {
        weight: 22,
        arbitrary: sending(
            'bid',
            fc.record({ as: fc.constantFrom<Args<'bid'>['as']>('empty', 'empty', 'text', 'encrypted', 'bare_op') }),
            bidAmount,
        ),
    },
    {
        weight: 8,
        arbitrary: sending(
            'place_bid',
            fc.record({
                auction: mostly<Args<'place_bid'>['auction']>(fc.constant('this'), fc.constantFrom('other', 'none'), 5),
                owner: where,
                refundTo: where,
            }),
            bidAmount,
        ),
    },
    { weight: 3, arbitrary: sending('top_up', fc.record({ withInit: fc.boolean() }), fc.oneof(tiny, feeAmount)) },
    { weight: 8, arbitrary: sending('settle', nothing) },
    { weight: 12, arbitrary: sending('start', fc.record({ terms }), feeAmount, owner) },
    { weight: 4, arbitrary: sending('cancel', nothing, feeAmount, owner) },
    {
        weight: 8,
        arbitrary: sending(
            'transfer',
            fc.record({
                newOwner: where,
                response: maybe(where),
                forward: mostly(amountOf(around.map(Math.abs), 'nothing'), amountOf(around, 'ton'), 5),
                payload: maybe(fc.record({ bits: fc.constantFrom(1, 211, 212, 300), isRef: fc.boolean() })),
            }),
            feeAmount,
            owner,
        ),
    },
    {
        weight: 10,
        arbitrary: sending(
            'record',
            fc.record({ key: fc.nat(2), cells: mostly(fc.constantFrom(0, 1, 2, 16), fc.constant(17)) }),
            feeAmount,
            owner,
        ),
    },
    { weight: 3, arbitrary: sending('get_static_data', nothing) },
    { weight: 2, arbitrary: sending('get_royalty_params', nothing) },
    { weight: 1, arbitrary: sending('not_deploy', nothing) },
    {
        weight: 3,
        arbitrary: sending(
            'unknown',
            fc.record({
                op: fc.constantFrom(...UNKNOWN_OPS),
                toHouse: mostly(fc.constant(false), fc.constant(true), 3),
            }),
        ),
    },
    { weight: 2, arbitrary: sending('set_paused', fc.record({ paused: fc.boolean() }), feeAmount, admin) },
    {
        weight: 4,
        arbitrary: sending(
            'set_terms',
            fc.record({
                terms: mostly<Args<'set_terms'>['terms']>(
                    fc.record({
                        step: mostly(fc.constantFrom(5, 255), fc.constant(0)),
                        duration: mostly(fc.constantFrom(60, 3600), fc.constant(59)),
                        above: mostly(fc.integer({ min: 0, max: 1_000_000_000 }), fc.constant(-1), 3),
                        lengths: mostly<number[]>(fc.constantFrom([0], [5], [4, 7], [7, 20]), fc.constant([])),
                    }),
                    fc.constant(null),
                ),
            }),
            feeAmount,
            admin,
        ),
    },
    { weight: 2, arbitrary: sending('set_royalty', fc.record({ royalty: part }), feeAmount, admin) },
    { weight: 1, arbitrary: sending('propose_signer', fc.record({ signer: fc.nat(2) }), feeAmount, admin) },
    { weight: 1, arbitrary: sending('accept_signer', fc.record({ signer: fc.nat(2) })) },
    { weight: 1, arbitrary: sending('propose_admin', fc.record({ admin: where }), feeAmount, admin) },
    { weight: 1, arbitrary: sending('accept_admin', nothing) },
    {
        weight: 1,
        arbitrary: mostly(sending('house_royalty_params', nothing), sending('renounce', nothing, feeAmount, admin), 3),
    },
    { weight: 1, arbitrary: sending('house_top_up', nothing) },
);

export const sequence = (length: number): fc.Arbitrary<Sequence> =>
    fc.record({ prices: fc.nat(1), steps: fc.array(step, { minLength: length, maxLength: length }) });

// ---------------------------------------------------------------- as messages

/** What a step is made a message from: the world as the model knows it. */
export type Scene = {
    now: number;
    prices: NetworkPrices;
    house: House;
    items: ReadonlyMap<Label, Item>;
    people: Record<PersonName, Address>;
    /** Nanotons that a name's account holds. */
    held(label: Label): bigint;
};

/** A message that is ready to go; `label` null: to the house. */
export type Letter = {
    from: PersonName;
    value: bigint;
    bounce: boolean;
    body: Cell;
    withInit: boolean;
    isMalformed: boolean;
} & ({ label: Label; request: ItemRequest } | { label: null; request: HouseRequest });

const NOBODY = new Address(0, Buffer.alloc(32, 0xee));
const MASTERCHAIN = new Address(-1, Buffer.alloc(32, 0x33));

/** Whether a step has something to do with a name; where it says nothing, with any that exists. */
const IS_FIT: Partial<Record<Request['send'], (name: Name, now: number) => boolean>> = {
    bid: ({ auction }) => auction !== null,
    place_bid: ({ auction }) => auction !== null,
    settle: isOver,
    start: ({ auction }) => auction === null,
    cancel: ({ auction }) => auction?.bid === null,
    transfer: ({ auction }) => auction === null,
    record: ({ auction }, now) => !auction?.bid || auction.endTime <= now,
};

/** The name that a step is about: mostly one that it fits, or at least one that exists. */
export function pickLabel({ items, now }: Pick<Scene, 'items' | 'now'>, target: number, send?: Request['send']): Label {
    const named = LABELS.flatMap((label) => {
        const item = items.get(label) ?? 'absent';
        return typeof item === 'string' ? [] : [{ label, item }];
    });
    const fit = named.filter(({ item }) => send === undefined || (IS_FIT[send]?.(item, now) ?? true));
    const [first] = [target % 10 < 7 ? fit : [], target % 10 < 9 ? named : []].filter((names) => names.length > 0);
    return first?.[target % first.length]?.label ?? LABELS[target % LABELS.length] ?? LABELS[0];
}

/** A step as a message. `queryId` is for the answer to echo. */
export async function writeLetter(sent: Sending, scene: Scene, queryId: bigint): Promise<Letter> {
    const label =
        sent.send === 'mint' || sent.send === 'open_mint'
            ? (LABELS[sent.target % 3] ?? LABELS[0])
            : pickLabel(scene, sent.target, sent.send);
    const item = scene.items.get(label) ?? 'absent';
    const name = typeof item === 'string' ? null : item;
    const whom = (person: Who): Address => {
        if (person === 'owner') {
            const winner = name && isOver(name, scene.now) ? name.auction?.bid?.bidder : null;
            return winner ?? name?.owner ?? scene.people.alice;
        }
        return person === 'leader' ? (name?.auction?.bid?.bidder ?? scene.people.bob) : scene.people[person];
    };
    const address = (place: Where): Address =>
        place === 'nobody' ? NOBODY : place === 'masterchain' ? MASTERCHAIN : whom(place);
    const from = PEOPLE.find((person) => scene.people[person].equals(whom(sent.from))) ?? 'alice';
    const { prices } = scene;

    const config = ({ beneficiary, above, maximum, step, extend, duration, delayed }: Terms): AuctionConfig => {
        const initialMinBid = minStartPrice(prices) + BigInt(above);
        const maxBid = { none: 0n, unlimited: 2n ** 58n - 1n, too_much: 2n ** 58n };
        return {
            beneficiary: address(beneficiary),
            initialMinBid,
            maxBid: typeof maximum === 'number' ? initialMinBid + BigInt(maximum) : maxBid[maximum],
            minBidStep: step,
            minExtendTime: extend,
            duration,
            delayedStart: delayed,
        };
    };
    const royalty = ({ destination, ...fraction }: Part): Royalty => ({
        ...fraction,
        destination: address(destination),
    });

    /** `bids`: of the auction that the amount is about, the lowest bid that is taken and the maximum. */
    const nanotons = ({ of, plus }: Amount, bids?: { minimum: bigint; maximum: bigint | null }): bigint => {
        const fees = gasFee(prices, 9000) + messageFee(prices);
        const running =
            bids ??
            (name?.auction && { minimum: nextMinimum(name.auction, prices), maximum: maximumOf(name.auction.config) });
        const minimum = running?.minimum ?? toNano(1);
        const bases = {
            nothing: 0n,
            ton: toNano(1),
            fees,
            reserve: neededReserve(name?.records ?? [], prices) - scene.held(label) + fees,
            minimum,
            // Above it, if there is one that a person can pay
            maximum: running?.maximum && running.maximum < toNano(1000) ? running.maximum : 2n * minimum,
        };
        const value = bases[of] + BigInt(plus);
        return value > 0n ? value : 0n;
    };

    const letter = (body: Cell, to: Pick<Letter, 'label' | 'request'>, value = nanotons(sent.amount)): Letter => {
        const isWhole =
            sent.spoil === null ||
            ['bid', 'top_up', 'house_top_up', 'not_deploy'].includes(sent.send) ||
            (sent.send === 'transfer' && sent.spoil === 'tail');
        return {
            from,
            value,
            bounce: sent.bounce,
            body: isWhole ? body : spoilt(body, sent.spoil),
            isMalformed: !isWhole,
            withInit: sent.send === 'top_up' && sent.withInit,
            ...to,
        } as Letter;
    };
    const toItem = (body: Cell, request: ItemRequest): Letter => letter(body, { label, request });
    const toHouse = (body: Cell, request: HouseRequest, value?: bigint): Letter =>
        letter(body, { label: null, request }, value);

    switch (sent.send) {
        case 'bid':
            return toItem(BIDS[sent.as], { is: 'bid' });
        case 'top_up':
            return toItem(UsernameItem.topUpMessage(), { is: 'top_up' });
        case 'settle':
            return toItem(UsernameItem.settleMessage({ queryId }), { is: 'settle' });
        case 'cancel':
            return toItem(UsernameItem.cancelAuctionMessage({ queryId }), { is: 'cancel' });
        case 'get_static_data':
            return toItem(UsernameItem.getStaticDataMessage({ queryId }), { is: 'get_static_data' });
        case 'get_royalty_params':
            return toItem(UsernameItem.getRoyaltyParamsMessage({ queryId }), { is: 'get_royalty_params' });
        case 'not_deploy': {
            const body = beginCell().storeUint(UsernameOp.item_deploy, 32).storeAddress(whom(sent.from)).storeCoins(1);
            return toItem(body.storeBit(0).storeRef(Cell.EMPTY).endCell(), { is: 'not_deploy' });
        }
        case 'unknown': {
            const body = beginCell().storeUint(sent.op, 32).storeUint(queryId, 64).endCell();
            const is = sent.op === UsernameOp.return_bid ? 'return_bid' : 'unknown';
            return sent.toHouse ? toHouse(body, { is }) : toItem(body, { is });
        }
        case 'place_bid': {
            const running = name?.auction?.startedAt ?? START;
            const startedAt = { this: running, other: running - 1, none: 0 }[sent.auction];
            const request = { startedAt, owner: address(sent.owner), refundTo: address(sent.refundTo) };
            return toItem(UsernameItem.placeBidMessage({ queryId, ...request }), { is: 'place_bid', ...request });
        }
        case 'start': {
            const auctionConfig = config(sent.terms);
            return toItem(UsernameItem.startAuctionMessage({ queryId, auctionConfig }), {
                is: 'start',
                config: auctionConfig,
            });
        }
        case 'transfer': {
            const request = {
                newOwner: address(sent.newOwner),
                responseDestination: sent.response && address(sent.response),
                forwardAmount: nanotons(sent.forward),
                // Behind its head a transfer may end anywhere, so that a spoilt one goes without
                ...(sent.payload && sent.spoil === null && { forwardPayload: payloadOf(sent.payload) }),
            };
            return toItem(UsernameItem.transferMessage({ queryId, ...request }), { is: 'transfer', ...request });
        }
        case 'record': {
            const key = BigInt(sent.key);
            const record = sent.cells > 0 ? chainOf(sent.cells, sent.key) : null;
            const body = record
                ? UsernameItem.changeDnsRecordMessage({ queryId, key, record })
                : UsernameItem.deleteDnsRecordMessage({ queryId, key });
            return toItem(body, { is: 'record', key, record });
        }
        case 'mint': {
            const order: Order = {
                label,
                signedBy: sent.signedBy,
                isForUs: sent.isForUs,
                validSince: scene.now + sent.since,
                validTill: scene.now + sent.till,
                content: sent.contentCells > 1 ? chainOf(sent.contentCells, 0) : uriContent(label),
                config: config(sent.terms),
                royalty: sent.royalty && royalty(sent.royalty),
                forceSender: sent.version === 2 && sent.force ? address(sent.force) : null,
                rewriteSender: sent.version === 2 && sent.rewrite ? address(sent.rewrite) : null,
            };
            const value = nanotons(sent.amount, {
                minimum: order.config.initialMinBid,
                maximum: maximumOf(order.config),
            });
            return toHouse(signOrder(order, sent.version, scene.house.address), { is: 'mint', order }, value);
        }
        case 'open_mint': {
            const { openTerms } = scene.house;
            const opened = sent.badName ?? label;
            const lengths = Object.keys(openTerms?.prices ?? {}).map(Number);
            const price = openTerms?.prices[Math.max(...lengths.filter((length) => length <= opened.length))];
            const text = beginCell().storeUint(opened.length, 8).storeStringTail(opened).endCell();
            const body = beginCell()
                .storeUint(UsernameOp.open_mint, 32)
                .storeUint(queryId, 64)
                .storeSlice(text.asSlice());
            const value = nanotons(sent.amount, { minimum: price ?? toNano(1), maximum: null });
            return toHouse(body.endCell(), { is: 'open_mint', label: opened }, value);
        }
        case 'set_paused': {
            const { paused } = sent;
            return toHouse(UsernameCollection.setPausedMessage({ queryId, paused }), { is: 'set_paused', paused });
        }
        case 'set_terms': {
            const openTerms = sent.terms && {
                beneficiary: scene.people.seller,
                minBidStep: sent.terms.step,
                minExtendTime: 300,
                duration: sent.terms.duration,
                prices: openPrices(sent.terms.lengths, minStartPrice(prices) + BigInt(sent.terms.above)),
                contentPrefix: 'https://names.example/',
            };
            return toHouse(UsernameCollection.setTermsMessage({ queryId, openTerms }), { is: 'set_terms', openTerms });
        }
        case 'set_royalty': {
            const next = royalty(sent.royalty);
            return toHouse(UsernameCollection.setRoyaltyMessage({ queryId, royalty: next }), {
                is: 'set_royalty',
                royalty: next,
            });
        }
        case 'propose_signer': {
            const { signer } = sent;
            const { publicKey } = keyOf(signer);
            return toHouse(UsernameCollection.proposeSignerMessage({ queryId, publicKey }), {
                is: 'propose_signer',
                signer,
            });
        }
        case 'accept_signer': {
            const signer = keyOf(sent.signer).secretKey;
            const signature = await signSignerAcceptance({
                collection: scene.house.address,
                globalId: GLOBAL_ID,
                signer,
            });
            const request = { is: 'accept_signer', signedBy: sent.signer } as const;
            return toHouse(UsernameCollection.acceptSignerMessage({ queryId, signature }), request);
        }
        case 'propose_admin': {
            const next = address(sent.admin);
            return toHouse(UsernameCollection.proposeAdminMessage({ queryId, admin: next }), {
                is: 'propose_admin',
                admin: next,
            });
        }
        case 'accept_admin':
            return toHouse(UsernameCollection.acceptAdminMessage({ queryId }), { is: 'accept_admin' });
        case 'renounce':
            return toHouse(UsernameCollection.renounceAdminMessage({ queryId }), { is: 'renounce' });
        case 'house_royalty_params':
            return toHouse(UsernameCollection.getRoyaltyParamsMessage({ queryId }), { is: 'get_royalty_params' });
        case 'house_top_up':
            return toHouse(UsernameCollection.topUpMessage(), { is: 'top_up' });
    }
}

const BIDS: Record<Args<'bid'>['as'], Cell> = {
    empty: Cell.EMPTY,
    text: UsernameItem.bidMessage({ comment: 'mine' }),
    encrypted: beginCell().storeUint(UsernameOp.encrypted_comment, 32).storeBuffer(Buffer.alloc(40, 1)).endCell(),
    bare_op: beginCell().storeUint(0, 32).endCell(),
};

const openPrices = (lengths: number[], lowest: bigint): OpenTerms['prices'] =>
    Object.fromEntries(
        lengths.map((length, place) => [length, lowest + BigInt(lengths.length - place) * toNano('0.1')]),
    );

const keyOf = (signer: number) => SIGNERS[signer] ?? SIGNERS[0];

function payloadOf({ bits, isRef }: { bits: number; isRef: boolean }): Cell | Slice {
    const pattern = beginCell().storeBuffer(Buffer.alloc(40, 0x5a)).endCell();
    const payload = beginCell().storeBits(pattern.bits.substring(0, bits)).endCell();
    return isRef ? payload : payload.beginParse();
}

/** So many cells, each different. */
function chainOf(cells: number, seed: number): Cell {
    let cell = beginCell().storeUint(seed, 32).endCell();
    for (let count = 1; count < cells; count++) {
        cell = beginCell().storeUint(count, 32).storeRef(cell).endCell();
    }
    return cell;
}

function spoilt(body: Cell, spoil: Spoil): Cell {
    if (typeof spoil !== 'number') {
        return withTail(body, beginCell().storeBit(1).endCell());
    }
    return cutAt(body, 32 + Math.floor(((body.bits.length - 32) * spoil) / 100));
}

function signOrder(order: Order, version: 1 | 2, collection: Address): Cell {
    const { forceSender, rewriteSender } = order;
    const unsigned: MintOrder = {
        version,
        subwalletId: order.isForUs ? SUBWALLET_ID : SUBWALLET_ID + 1,
        validSince: order.validSince,
        validTill: order.validTill,
        name: order.label,
        content: order.content,
        auctionConfig: order.config,
        ...(order.royalty && { royalty: order.royalty }),
        restrictions: { ...(forceSender && { forceSender }), ...(rewriteSender && { rewriteSender }) },
    };
    const hash = mintOrderHash(mintMessage(unsigned, Buffer.alloc(64)), { collection, globalId: GLOBAL_ID });
    return mintMessage(unsigned, signQuickly(hash, keyOf(order.signedBy)));
}

/** The same signature as that of @ton/crypto, in a hundredth of its time. The first 32 bytes of a secret key are its seed. */
function signQuickly(hash: Buffer, { secretKey }: KeyPair): Buffer {
    const key = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secretKey.subarray(0, 32)]);
    return sign(null, hash, createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
}
