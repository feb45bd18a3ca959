import type { Address, Builder, Cell, Slice } from '@ton/core';
import { beginCell } from '@ton/core';
import { signVerify } from '@ton/crypto';
import { addressHash, cellSize, loadText, loadWhole, parseCell, storeText } from '../common/cells';
import { GramhouseError } from '../common/errors';
import type { NetworkPrices } from '../common/prices';
import type { Signer } from '../common/signing';
import { signHash } from '../common/signing';
import type { AuctionConfig, Royalty } from './auction';
import {
    checkAuctionConfig,
    checkRoyalty,
    loadAuctionConfig,
    loadRoyalty,
    storeAuctionConfig,
    storeRoyalty,
} from './auction';
import { canonicalName, isCanonicalName } from './names';
import { MessageTag, UsernameOp } from './ops';

/** What a mint order says of the name and its auction. Times in unix seconds. */
export type MintTerms = {
    /** Orders of one signer for several collections differ in it; must be the collection's. */
    subwalletId: number;
    /** The first second in which the order holds. */
    validSince: number;
    /** The order holds before this second. */
    validTill: number;
    name: string;
    /** At most 12 cells; `uriContent` makes the usual one. */
    content: Cell;
    auctionConfig: AuctionConfig;
    /** Without it the collection's own royalty holds. */
    royalty?: Royalty;
};

/** TL-B `restrictions`. */
export type MintRestrictions = {
    /** Only this address may use the order. */
    forceSender?: Address;
    /** This address bids and gets the name, whoever pays; what comes back goes to the payer. */
    rewriteSender?: Address;
};

/** A mint order as the message carries it. Version 1 has no restrictions. */
export type MintOrder = MintTerms & { version: 1 | 2; restrictions?: MintRestrictions };

/** Where an order holds: the collection, and the network's id (-239 mainnet, -3 testnet). */
export type SigningTarget = { collection: Address; globalId: number };

/**
 * Who may use the order: say it. `bidder` binds it to one address. `bearer: true` lets anyone who sees it use it first,
 * which for a fixed price means that it can be front-run; `version: 1` is Telemint's older bearer message.
 */
export type MintBinding =
    | { bidder: Address; rewriteSender?: Address }
    | { bearer: true; rewriteSender?: Address }
    | { bearer: true; version: 1 };

/** What the reserve of a name counts for its content. */
const MAX_CONTENT_CELLS = 12;

/**
 * The content of a name by TEP-64: 0x01 and the URI of its metadata.
 *
 * @example
 * ```ts
 * const content = uriContent('https://names.example/alice.json');
 * ```
 */
export function uriContent(uri: string): Cell {
    return beginCell().storeUint(1, 8).storeStringTail(uri).endCell();
}

/** TL-B `mint` or `mint_v2` with a given 64-byte signature, unchecked; for orders use `signMintOrder`. */
export function mintMessage(order: MintOrder, signature: Buffer): Cell {
    const { royalty, restrictions } = order;
    const builder = beginCell()
        .storeUint(order.version === 1 ? UsernameOp.mint : UsernameOp.mint_v2, 32)
        .storeBuffer(signature, 64)
        .storeUint(order.subwalletId, 32)
        .storeUint(order.validSince, 32)
        .storeUint(order.validTill, 32)
        .store(storeText(Buffer.from(order.name)))
        .storeRef(order.content)
        .storeRef(beginCell().store(storeAuctionConfig(order.auctionConfig)))
        .storeMaybeRef(royalty && beginCell().store(storeRoyalty(royalty)));
    if (order.version === 2) {
        builder.storeMaybeRef(
            restrictions &&
                beginCell()
                    .store(storeMaybeAddress(restrictions.forceSender))
                    .store(storeMaybeAddress(restrictions.rewriteSender)),
        );
    }
    return builder.endCell();
}

/**
 * What the signer of a mint message signs: the hash of TL-B `mint_order`, which binds it to collection and network.
 *
 * @example
 * ```ts
 * mintOrderHash(mint, { collection: collection.address, globalId }).length; // => 32
 * ```
 */
export function mintOrderHash(message: Cell, { collection, globalId }: SigningTarget): Buffer {
    const order = message.beginParse();
    const op = order.loadUint(32);
    return beginCell()
        .storeUint(MessageTag.mint_order, 32)
        .storeUint(op, 32)
        .storeInt(globalId, 32)
        .storeAddress(collection)
        .storeSlice(order.skip(512))
        .endCell()
        .hash();
}

/**
 * Checks and signs a mint order and gives the message body that its user sends to the collection, with the bid as value.
 *
 * Throws `invalid_name` (unless `allowAnyName`), `invalid_length`, `invalid_argument` (times, keys, no binding),
 * `invalid_auction_config`, `content_too_large`, `invalid_royalty`, `wrong_workchain`.
 *
 * @param args.prices live prices, for the lowest start price; `pricesFromConfig` reads them
 * @param args.allowAnyName signs names of 1 to 32 bytes that are not canonical
 *
 * @example
 * ```ts
 * const target = { collection: collection.address, globalId };
 * const message = await signMintOrder({ ...target, order, signer, prices, bidder: alice.address });
 * await collection.sendMint(alice, { value: quoteMint(order.auctionConfig).minimum, message });
 * ```
 */
export async function signMintOrder(
    args: SigningTarget &
        MintBinding & { order: MintTerms; signer: Signer; prices: NetworkPrices; allowAnyName?: boolean },
): Promise<Cell> {
    const order: MintOrder = { ...args.order, ...bindOrder(args) };
    checkMintTerms(order, args.prices, args.allowAnyName === true);
    if ([order.auctionConfig.beneficiary, order.royalty?.destination].some((payee) => payee?.equals(args.collection))) {
        throw new GramhouseError('invalid_argument', 'The collection is no payee: what it is paid goes back.');
    }
    addressHash(args.collection);
    const unsigned = mintMessage(order, Buffer.alloc(64));
    return mintMessage(order, await signHash(args.signer, mintOrderHash(unsigned, args)));
}

function bindOrder(binding: MintBinding): Pick<MintOrder, 'version' | 'restrictions'> {
    const args: { bidder?: Address; bearer?: true; rewriteSender?: Address; version?: 1 } = binding;
    const { bidder: forceSender, rewriteSender, version } = args;
    if ((args.bearer === true) === (forceSender !== undefined)) {
        throw new GramhouseError('invalid_argument', 'Who may use the order is not said.', {
            hint: 'Give either bidder or bearer: true.',
        });
    }
    const isRestricted = forceSender !== undefined || rewriteSender !== undefined;
    if (version === 1) {
        if (isRestricted) {
            throw new GramhouseError('invalid_argument', 'An order of version 1 has no bidder and no rewriteSender.');
        }
        return { version };
    }
    [forceSender, rewriteSender].forEach((address) => address && addressHash(address));
    return { version: 2, ...(isRestricted && { restrictions: { forceSender, rewriteSender } }) };
}

function checkMintTerms(order: MintTerms, prices: NetworkPrices, allowAnyName: boolean): void {
    const bytes = Buffer.byteLength(order.name);
    if (bytes < 1 || bytes > 32) {
        throw new GramhouseError('invalid_length', `A name has 1 to 32 bytes and not ${bytes}.`);
    }
    if (!allowAnyName && !isCanonicalName(order.name)) {
        // Throws with the rule that is broken, except where folding is all that lacks
        const canonical = canonicalName(order.name);
        throw new GramhouseError('invalid_name', `${JSON.stringify(order.name)} is not in canonical form.`, {
            hint: `Sign ${JSON.stringify(canonical)}.`,
        });
    }
    if (order.validSince >= order.validTill) {
        throw new GramhouseError('invalid_argument', 'validSince is not before validTill.');
    }
    if (cellSize(order.content).cells > MAX_CONTENT_CELLS) {
        throw new GramhouseError('content_too_large', `The content takes at most ${MAX_CONTENT_CELLS} cells.`);
    }
    checkAuctionConfig(order.auctionConfig, prices);
    if (order.royalty) {
        checkRoyalty(order.royalty);
    }
}

/**
 * Whether the signature of a mint message is `publicKey`'s (32 bytes) for this collection and network. False for any cell
 * that is no mint message. It says nothing of the order's terms: `parseMintOrder` shows them.
 *
 * @example
 * ```ts
 * verifyMintOrder(mint, { collection: collection.address, globalId, publicKey }); // => true
 * verifyMintOrder(mint, { collection: collection.address, globalId: -3, publicKey }); // => false
 * ```
 */
export function verifyMintOrder(message: Cell, args: SigningTarget & { publicKey: Buffer }): boolean {
    const slice = message.beginParse();
    if (slice.remainingBits < 32 + 512) {
        return false;
    }
    const isMint = versionOf(slice.loadUint(32)) !== null;
    return isMint && signVerify(mintOrderHash(message, args), slice.loadBuffer(64), args.publicKey);
}

/**
 * Reads TL-B `mint` or `mint_v2`, with its 64-byte signature; throws `unexpected_data` for any other cell.
 *
 * @example
 * ```ts
 * parseMintOrder(mint).order.name; // => 'orchard'
 * ```
 */
export function parseMintOrder(message: Cell): { order: MintOrder; signature: Buffer } {
    return parseCell('mint message', message, (slice) => {
        const version = versionOf(slice.loadUint(32));
        if (!version) {
            throw new Error('not the op of a mint');
        }
        const signature = slice.loadBuffer(64);
        const terms: MintTerms = {
            subwalletId: slice.loadUint(32),
            validSince: slice.loadUint(32),
            validTill: slice.loadUint(32),
            name: loadText(slice).toString(),
            content: slice.loadRef(),
            auctionConfig: loadWhole(slice.loadRef(), loadAuctionConfig),
        };
        const royalty = slice.loadMaybeRef();
        const restrictions = version === 2 ? slice.loadMaybeRef() : null;
        return {
            order: {
                ...terms,
                version,
                ...(royalty && { royalty: loadWhole(royalty, loadRoyalty) }),
                ...(restrictions && { restrictions: loadWhole(restrictions, loadRestrictions) }),
            },
            signature,
        };
    });
}

function versionOf(op: number): MintOrder['version'] | null {
    return op === UsernameOp.mint ? 1 : op === UsernameOp.mint_v2 ? 2 : null;
}

/**
 * A new signer's signature of TL-B `signer_acceptance`, for `UsernameCollection.acceptSignerMessage`: it shows that the
 * holder of the proposed key wants to sign for this collection.
 *
 * @example
 * ```ts
 * const value = quoteAdmin(prices);
 * const signature = await signSignerAcceptance({ collection: collection.address, globalId, signer });
 * await collection.sendProposeSigner(admin, { value, publicKey });
 * await collection.sendAcceptSigner(bob, { value, signature });
 * ```
 */
export function signSignerAcceptance({
    collection,
    globalId,
    signer,
}: SigningTarget & { signer: Signer }): Promise<Buffer> {
    const text = beginCell()
        .storeUint(MessageTag.signer_acceptance, 32)
        .storeUint(UsernameOp.accept_signer, 32)
        .storeInt(globalId, 32)
        .storeAddress(collection)
        .endCell();
    return signHash(signer, text.hash());
}

function storeMaybeAddress(address: Address | undefined) {
    return (builder: Builder): void => {
        builder.storeBit(address !== undefined);
        if (address) {
            builder.storeAddress(address);
        }
    };
}

function loadRestrictions(slice: Slice): MintRestrictions {
    const forceSender = slice.loadBit() ? slice.loadAddress() : undefined;
    const rewriteSender = slice.loadBit() ? slice.loadAddress() : undefined;
    return { ...(forceSender && { forceSender }), ...(rewriteSender && { rewriteSender }) };
}
