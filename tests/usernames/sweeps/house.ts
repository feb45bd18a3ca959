import { beginCell, Cell, toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';

import {
    cellToUsernameCollectionConfig,
    itemAddress,
    parseMintOrder,
    signSignerAcceptance,
    UsernameCollection,
    type UsernameCollectionConfig,
    UsernameError,
    UsernameItem,
    UsernameOp,
} from '../../../wrappers';
import { usernameCollectionConfigToCell } from '../../../wrappers/usernames/UsernameCollection';
import { GLOBAL_ID, SIGNER, SUBWALLET_ID, TOP_UP, withSelf } from '../../helpers/world';
import { type Deploy, type House, type HouseRequest, receiveHouse } from '../model/model';
import { type Held, heldData, opIn, withState } from './account';
import { type Arena, MAX_BID } from './arena';
import { readItem, textOf } from './rules';
import { check, type Rules } from './sweep';

/** A message to the collection. */
export type HouseProbe = { request: HouseRequest; body: Cell; isMalformed?: boolean };

const NEXT_SIGNER = keyPairFromSeed(Buffer.alloc(32, 8));
const KEYS = [SIGNER.publicKey, NEXT_SIGNER.publicKey];

export const HOUSE_STATES = [
    'before its first top-up',
    'without terms',
    'open',
    'with proposals',
    'paused',
    'renounced',
] as const;
export type HouseState = (typeof HOUSE_STATES)[number];

export function houseIn({ world, collection }: Arena, state: HouseState): Held {
    const stored = cellToUsernameCollectionConfig(heldData(collection));
    const openTerms = {
        beneficiary: world.people.seller.address,
        minBidStep: 5,
        minExtendTime: 300,
        duration: 3600,
        prices: { 5: toNano('2'), 8: toNano('1') },
        contentPrefix: 'https://names.example/',
    };
    const proposals = { pendingAdmin: world.people.bob.address, pendingPublicKey: NEXT_SIGNER.publicKey };
    const changes: Record<HouseState, Partial<UsernameCollectionConfig>> = {
        'before its first top-up': { openTerms },
        'without terms': {},
        open: { openTerms },
        'with proposals': { openTerms, ...proposals },
        paused: { openTerms, ...proposals, paused: true },
        renounced: { openTerms, admin: null },
    };
    const data = usernameCollectionConfigToCell({ ...stored, ...changes[state] });
    return withState(collection, {
        data: state === 'before its first top-up' ? data : withSelf(data, collection.address),
    });
}

/** A message of every kind; the orders are for a name that nobody has and for one that is taken. */
export async function houseProbes({ world }: Arena): Promise<Record<string, HouseProbe>> {
    const { alice, author, carol } = world.people;
    const collection = world.collection.address;
    const royalty = { numerator: 1, denominator: 4, destination: author.address };
    const signature = await signSignerAcceptance({ collection, globalId: GLOBAL_ID, signer: NEXT_SIGNER.secretKey });
    const mint = (...[name, options]: Parameters<typeof world.order>): HouseProbe => {
        const body = world.order(name, options);
        const { order } = parseMintOrder(body);
        const { name: label, auctionConfig: config, subwalletId, validSince, validTill, content, restrictions } = order;
        return {
            request: {
                is: 'mint',
                order: {
                    ...{ label, config, validSince, validTill, content },
                    signedBy: 0,
                    isForUs: subwalletId === SUBWALLET_ID,
                    royalty: order.royalty ?? null,
                    forceSender: restrictions?.forceSender ?? null,
                    rewriteSender: restrictions?.rewriteSender ?? null,
                },
            },
            body,
        };
    };
    const openMint = (name: string): HouseProbe => ({
        request: { is: 'open_mint', label: name },
        body: UsernameCollection.openMintMessage({ name }),
    });
    const unknown = beginCell().storeUint(0x12345678, 32).storeUint(1, 64).endCell();
    return {
        'a mint': mint('fresh', { config: { maxBid: MAX_BID }, version: 1 }),
        'a mint of a taken name': mint('minted', { config: { maxBid: MAX_BID } }),
        'a bound mint': mint('fresh', { config: { maxBid: MAX_BID }, restrictions: { forceSender: alice.address } }),
        'a mint for somebody else': mint('fresh', {
            config: { delayedStart: true },
            restrictions: { rewriteSender: carol.address },
            royalty,
        }),
        'a mint for another subwallet': mint('fresh', { subwalletId: SUBWALLET_ID + 1 }),
        'a mint too early': mint('fresh', { validSince: world.now + 1 }),
        'a mint too late': mint('fresh', { validTill: world.now }),
        'a mint on terms out of bounds': mint('fresh', { config: { duration: 59 } }),
        'an open mint': openMint('fresh'),
        'an open mint of a taken name': openMint('minted'),
        'an open mint of a short name': openMint('abcd'),
        'a pause': {
            request: { is: 'set_paused', paused: true },
            body: UsernameCollection.setPausedMessage({ paused: true }),
        },
        'the end of open minting': {
            request: { is: 'set_terms', openTerms: null },
            body: UsernameCollection.setTermsMessage({ openTerms: null }),
        },
        'a royalty': {
            request: { is: 'set_royalty', royalty },
            body: UsernameCollection.setRoyaltyMessage({ royalty }),
        },
        'a proposed signer': {
            request: { is: 'propose_signer', signer: 1 },
            body: UsernameCollection.proposeSignerMessage({ publicKey: NEXT_SIGNER.publicKey }),
        },
        'the new signer': {
            request: { is: 'accept_signer', signedBy: 1 },
            body: UsernameCollection.acceptSignerMessage({ signature }),
        },
        'a proposed admin': {
            request: { is: 'propose_admin', admin: carol.address },
            body: UsernameCollection.proposeAdminMessage({ admin: carol.address }),
        },
        'the new admin': { request: { is: 'accept_admin' }, body: UsernameCollection.acceptAdminMessage() },
        'a renunciation': { request: { is: 'renounce' }, body: UsernameCollection.renounceAdminMessage() },
        'a royalty request': {
            request: { is: 'get_royalty_params' },
            body: UsernameCollection.getRoyaltyParamsMessage(),
        },
        'a top-up': { request: { is: 'top_up' }, body: TOP_UP },
        'a value sent back': {
            request: { is: 'return_bid' },
            body: beginCell().storeUint(UsernameOp.return_bid, 32).storeUint(1, 64).endCell(),
        },
        'an unknown op': { request: { is: 'unknown' }, body: unknown },
        'a comment': { request: { is: 'unknown' }, body: UsernameItem.bidMessage({ comment: 'mine' }) },
        nothing: { request: { is: 'unknown' }, body: Cell.EMPTY, isMalformed: true },
    };
}

function readHouse({ address }: Held, data: Cell): House {
    const { publicKey, pendingPublicKey, ...stored } = cellToUsernameCollectionConfig(data);
    const { paused, admin, pendingAdmin, openTerms, royalty, self } = stored;
    const signer = KEYS.findIndex((key) => key.equals(publicKey));
    const pendingSigner = pendingPublicKey && KEYS.findIndex((key) => key.equals(pendingPublicKey));
    return { address, paused, admin, pendingAdmin, signer, pendingSigner, openTerms, royalty, self };
}

/** The rules for one message to the collection. What only its deployment sets is part of what is stored. */
export function houseRules(held: Held, { request, isMalformed = false }: HouseProbe): Rules<House> {
    const data = heldData(held);
    const house = readHouse(held, data);
    const { itemCode } = cellToUsernameCollectionConfig(data);
    const fixed = (data: Cell): string => {
        const { subwalletId, itemCode, content, domain } = cellToUsernameCollectionConfig(data);
        return textOf({ subwalletId, itemCode, content, domain });
    };
    const before = fixed(data);
    const text = textOf(house) + before;
    return {
        judge: (env, { from, bounce }) => {
            const verdict = receiveHouse(house, { from, bounce, request, queryId: 0n, isMalformed }, env);
            const isMint = request.is === 'mint' || request.is === 'open_mint';
            return isMint && from.workChain !== 0
                ? { refused: [UsernameError.wrong_workchain, ...('refused' in verdict ? verdict.refused : [])] }
                : verdict;
        },
        stored: (after) => (after.equals(data) ? text : textOf(readHouse(held, after)) + fixed(after)),
        expected: (next) => textOf(next) + before,
        messages: ({ value, gasFees, forwardFees, sent }, { sent: messages, deploy }) => {
            if (!deploy) {
                return messages;
            }
            const deployed = sent[0]?.body ?? Cell.EMPTY;
            check(opIn(deployed) === UsernameOp.item_deploy, 'nothing was deployed');
            const [says, should] = [readDeploy(deployed), deploy].map(deployText);
            check(says === should, `deployed ${says} and not ${should}`);
            const to = itemAddress(held.address, itemCode, deploy.name.label);
            return [{ to, value: value - gasFees - forwardFees, body: deployed }];
        },
        bounds: ({ pot, value, gasFees }) => {
            const stays = request.is === 'top_up' || request.is === 'return_bid' ? value - gasFees : 0n;
            return { least: pot + stays, most: pot + stays };
        },
    };
}

/** The end of an auction that is sold at once is of no account. */
function deployText(deploy: Deploy): string {
    const { name, isSold } = deploy;
    const auction = isSold && name.auction ? { ...name.auction, endTime: 0 } : name.auction;
    return textOf({ ...deploy, name: { ...name, auction } });
}

/** What a deploy message says. */
export function readDeploy(body: Cell): Deploy {
    const slice = body.beginParse().skip(32);
    const head = { refundTo: slice.loadAddress(), attached: slice.loadCoins(), isSold: slice.loadBit() };
    const name = readItem(slice.loadRef());
    if (name === 'bare') {
        throw new Error('A deploy without a name');
    }
    slice.endParse();
    return { ...head, name };
}
