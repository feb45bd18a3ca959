import type { Address } from '@ton/core';
import { Cell } from '@ton/core';

import { chainTime } from '../../cli/chain';
import { reportMint } from '../../cli/mint';
import type { Session } from '../../cli/session';
import { script } from '../../cli/session';
import { readSigner } from '../../cli/signer';
import type { OpenCollection, OpenItem } from '../../cli/usernames';
import {
    AUCTION_KEYS,
    describeTerms,
    openCollection,
    openItem,
    readAuctionConfig,
    requireFree,
    requireGlobalId,
} from '../../cli/usernames';
import { coins, date, parseAddress, parseCoins, parseSpan, Refusal } from '../../cli/words';
import type { MintOrder } from '../../wrappers/usernames';
import { parseMintOrder, quoteMint, signMintOrder, uriContent, verifyMintOrder } from '../../wrappers/usernames';

const DEFAULTS = { minBidStep: 5, minExtendTime: 3600, duration: 7 * 86400 };
const DEFAULT_VALID_SECONDS = 3600;
/** Orders hold from a little earlier, for clocks that run apart. */
const CLOCK_SECONDS = 60;

/**
 * Opens the auction of a name with an order of the collection's signer. With the signer's key in the environment it signs
 * the order and sends it; with bidder= it only prints the order, bound to that wallet; with order= it sends one that was
 * printed so.
 */
export const run = script(
    { keys: ['name', ...AUCTION_KEYS, 'content', 'bid', 'valid', 'bidder', 'order'], flags: ['high'] },
    async (session) => {
        const collection = await openCollection(session);
        if (collection.state.paused) {
            throw new Refusal('The admin has paused minting: wait until it is resumed.');
        }
        const text = session.words.get('order');
        const given = text === undefined ? null : readOrder(text);
        const item = await openItem(session, collection, given?.order.name);
        requireFree(session, item);
        const bidder = session.optional('bidder', parseAddress);
        const message =
            given?.message ?? (await signOrder(session, collection, item, bidder ?? session.requireWallet()));
        const { order } = parseMintOrder(message);
        await checkOrder(session, collection, message, order);
        session.print(
            `The order opens the auction of ${item.label}, until ${date(order.validTill)}.`,
            describeTerms(session, order.auctionConfig),
        );
        if (bidder) {
            session.print('', `Only ${session.person(bidder)} can use this order:`, message.toBoc().toString('base64'));
            const words = [`order=${message.toBoc().toString('base64')}`];
            session.next(
                'mint',
                words,
                'the bidder sends it; another wallet attaches the bid and this as its payload.',
            );
            return;
        }
        const { forceSender } = order.restrictions ?? {};
        if (forceSender) {
            session.requireIsMe(forceSender, 'The bidder of this order');
        }
        const { minimum, maximum } = quoteMint(order.auctionConfig);
        const bid = session.optional('bid', parseCoins) ?? minimum;
        if (bid < minimum) {
            throw new Refusal(`bid=${coins(bid)} is too low: the order starts at ${coins(minimum)}.`);
        }
        session.requireSane('bid', bid, maximum ?? minimum);
        const transaction = await session.carryOut({
            to: collection.address,
            value: bid,
            body: message,
            cost:
                maximum !== null && bid >= maximum
                    ? `${coins(maximum)} buys the name at once, the rest comes back.`
                    : 'All of it comes back if somebody bids more; otherwise it is the price.',
        });
        await reportMint(session, item, transaction);
    },
);

async function signOrder(
    session: Session,
    { address, state }: OpenCollection,
    { name }: OpenItem,
    bidder: Address,
): Promise<Cell> {
    const signer = await readSigner();
    if (!signer) {
        throw new Refusal(
            'No key to sign the order with: set SIGNER_MNEMONIC or SIGNER_SEED (see .env.example), or give order=.',
        );
    }
    if (!signer.publicKey.equals(state.publicKey)) {
        throw new Refusal(
            `The signer's key in the environment is ${signer.publicKey.toString('hex')}, and the collection takes orders ` +
                `of ${state.publicKey.toString('hex')}: set the right one.`,
        );
    }
    const { openTerms } = state;
    const auctionConfig = await readAuctionConfig(session, {
        ...(openTerms ?? DEFAULTS),
        beneficiary: openTerms?.beneficiary ?? state.admin,
    });
    const uri = session.words.get('content') ?? (openTerms && `${openTerms.contentPrefix}${name}.json`);
    if (!uri) {
        throw new Refusal('The word content= is missing: the URI of the metadata of the name.');
    }
    const now = await chainTime(session.provider);
    const { globalId, prices } = await requireGlobalId(session);
    return signMintOrder({
        collection: address,
        globalId,
        bidder,
        order: {
            subwalletId: state.subwalletId,
            validSince: now - CLOCK_SECONDS,
            validTill: now + (session.optional('valid', parseSpan) ?? DEFAULT_VALID_SECONDS),
            name,
            content: uriContent(uri),
            auctionConfig,
        },
        signer: signer.secretKey,
        prices,
    });
}

function readOrder(text: string): { message: Cell; order: MintOrder } {
    let message;
    try {
        message = Cell.fromBase64(text);
        return { message, order: parseMintOrder(message).order };
    } catch {
        throw new Refusal('order= is no mint order: copy the whole line that usernames/mint printed.');
    }
}

async function checkOrder(
    session: Session,
    { address, state }: OpenCollection,
    message: Cell,
    order: MintOrder,
): Promise<void> {
    const { globalId } = await requireGlobalId(session);
    if (!verifyMintOrder(message, { collection: address, globalId, publicKey: state.publicKey })) {
        throw new Refusal("The order is not signed by this collection's signer for this network: ask for a new one.");
    }
    if (order.subwalletId !== state.subwalletId) {
        throw new Refusal(
            `The order is for the subwallet ${order.subwalletId}, and the collection's is ${state.subwalletId}: ask for a new one.`,
        );
    }
    const now = await chainTime(session.provider);
    if (now >= order.validTill) {
        throw new Refusal(`The order held until ${date(order.validTill)}: ask the signer for a new one.`);
    }
    if (now < order.validSince) {
        throw new Refusal(`The order holds from ${date(order.validSince)} on: wait.`);
    }
}
