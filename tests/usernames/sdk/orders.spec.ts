import '@ton/test-utils';
import { Address, beginCell, Cell, toNano } from '@ton/core';
import { sign } from '@ton/crypto';
import type { MintBinding, MintOrder, MintTerms } from '../../../wrappers';
import {
    GramhouseError,
    MAINNET_PRICES,
    mintOrderHash,
    minStartPrice,
    parseMintOrder,
    signMintOrder,
    signSignerAcceptance,
    uriContent,
    verifyMintOrder,
} from '../../../wrappers';
import { mintMessage } from '../../../wrappers/usernames/orders';
import { addressOf, auctionConfig, otherKeys, royalty, signerKeys } from './fixtures';

const prices = MAINNET_PRICES;
const target = { collection: addressOf(0xc0), globalId: -239 };
const bidder = addressOf(1);
const publicKey = signerKeys.publicKey;

const terms: MintTerms = {
    subwalletId: 7,
    validSince: 1000,
    validTill: 2000,
    name: 'alice',
    content: uriContent('https://example.com/alice.json'),
    auctionConfig,
    royalty,
};

function signed(
    change: { order?: Partial<MintTerms>; allowAnyName?: boolean } = {},
    binding: MintBinding = { bidder },
): Promise<Cell> {
    const order = { ...terms, ...change.order };
    const { allowAnyName } = change;
    return signMintOrder({ ...target, ...binding, order, signer: signerKeys.secretKey, prices, allowAnyName });
}

async function codeOf(run: Promise<unknown>): Promise<string> {
    try {
        await run;
    } catch (error) {
        return error instanceof GramhouseError ? error.code : 'not ours';
    }
    return 'ok';
}

describe('signMintOrder', () => {
    it('makes what verifyMintOrder accepts and parseMintOrder reads', async () => {
        const message = await signed();
        expect(verifyMintOrder(message, { ...target, publicKey })).toBe(true);
        expect(parseMintOrder(message).order).toEqual({ ...terms, version: 2, restrictions: { forceSender: bidder } });
    });

    it('signs the tag, op, network, collection and every bit and reference that follows the signature', async () => {
        const message = await signed();
        const slice = message.beginParse().skip(32 + 512);
        const text = beginCell()
            .storeUint(0x326c265d, 32)
            .storeUint(0x4637289b, 32)
            .storeInt(-239, 32)
            .storeAddress(target.collection)
            .storeSlice(slice)
            .endCell();
        expect(parseMintOrder(message).signature).toEqual(sign(text.hash(), signerKeys.secretKey));
    });

    it('asks a callback for the same signature', async () => {
        const signer = (hash: Buffer) => Promise.resolve(sign(hash, signerKeys.secretKey));
        const message = await signMintOrder({ ...target, bidder, order: terms, signer, prices });
        expect(message).toEqualCell(await signed());
    });

    it.each<[string, MintBinding, Pick<MintOrder, 'version' | 'restrictions'>]>([
        ['a bearer order', { bearer: true }, { version: 2 }],
        ['a bearer order of version 1', { bearer: true, version: 1 }, { version: 1 }],
        [
            'a bearer order for one owner',
            { bearer: true, rewriteSender: addressOf(2) },
            { version: 2, restrictions: { rewriteSender: addressOf(2) } },
        ],
        [
            'a bound order for another owner',
            { bidder, rewriteSender: addressOf(2) },
            { version: 2, restrictions: { forceSender: bidder, rewriteSender: addressOf(2) } },
        ],
    ])('makes %s', async (_, binding, expected) => {
        const message = await signed({}, binding);
        expect(parseMintOrder(message).order).toEqual({ ...terms, ...expected });
        expect(verifyMintOrder(message, { ...target, publicKey })).toBe(true);
    });

    it.each<[string, object]>([
        ['neither bidder nor bearer', {}],
        ['both bidder and bearer', { bidder, bearer: true }],
        ['a bidder in version 1', { bidder, version: 1 }],
    ])('refuses %s', async (_, binding) => {
        expect(await codeOf(signed({}, binding as MintBinding))).toBe('invalid_argument');
    });

    const contentOf = (cells: number): Cell =>
        cells === 1
            ? uriContent('a')
            : beginCell()
                  .storeUint(cells, 8)
                  .storeRef(contentOf(cells - 1))
                  .endCell();

    it.each<[string, Partial<MintTerms>, string]>([
        ['a name in capitals', { name: 'Alice' }, 'invalid_name'],
        ['a name of three letters', { name: 'abc' }, 'invalid_name'],
        ['an empty name', { name: '' }, 'invalid_length'],
        ['a name of 33 bytes', { name: 'a'.repeat(33) }, 'invalid_length'],
        ['an order that ends as it begins', { validSince: 2000 }, 'invalid_argument'],
        ['content of 13 cells', { content: contentOf(13) }, 'content_too_large'],
        ['a royalty above 25 %', { royalty: { ...royalty, numerator: 26 } }, 'invalid_royalty'],
        [
            'a start price below the lowest',
            { auctionConfig: { ...auctionConfig, initialMinBid: minStartPrice(prices) - 1n } },
            'invalid_auction_config',
        ],
        [
            'a beneficiary in the masterchain',
            { auctionConfig: { ...auctionConfig, beneficiary: new Address(-1, Buffer.alloc(32)) } },
            'wrong_workchain',
        ],
    ])('refuses %s', async (_, order, code) => {
        expect(await codeOf(signed({ order }))).toBe(code);
    });

    it('signs 12 cells of content, an order of one second and no royalty', async () => {
        const order = { content: contentOf(12), validSince: 1999, royalty: undefined };
        expect(await codeOf(signed({ order }))).toBe('ok');
    });

    it('signs names that are not canonical where told to, but none of 33 bytes', async () => {
        expect(await codeOf(signed({ order: { name: 'A-1' }, allowAnyName: true }))).toBe('ok');
        expect(await codeOf(signed({ order: { name: 'ж'.repeat(17) }, allowAnyName: true }))).toBe('invalid_length');
    });

    it('refuses a key and a signature of another length', async () => {
        const withSigner = (signer: Buffer | (() => Promise<Buffer>)) =>
            codeOf(signMintOrder({ ...target, bidder, order: terms, signer, prices }));
        expect(await withSigner(signerKeys.publicKey)).toBe('invalid_argument');
        expect(await withSigner(() => Promise.resolve(Buffer.alloc(63)))).toBe('invalid_argument');
    });
});

describe('verifyMintOrder', () => {
    const other = addressOf(0x77);
    const tampered: [string, Partial<MintOrder>][] = [
        ['version', { version: 1, restrictions: undefined }],
        ['subwalletId', { subwalletId: 8 }],
        ['validSince', { validSince: 999 }],
        ['validTill', { validTill: 2001 }],
        ['name', { name: 'maria' }],
        ['content', { content: uriContent('https://example.com/other.json') }],
        ['beneficiary', { auctionConfig: { ...auctionConfig, beneficiary: other } }],
        ['initialMinBid', { auctionConfig: { ...auctionConfig, initialMinBid: toNano(9) } }],
        ['maxBid', { auctionConfig: { ...auctionConfig, maxBid: 0n } }],
        ['minBidStep', { auctionConfig: { ...auctionConfig, minBidStep: 6 } }],
        ['minExtendTime', { auctionConfig: { ...auctionConfig, minExtendTime: 1 } }],
        ['duration', { auctionConfig: { ...auctionConfig, duration: 60 } }],
        ['delayedStart', { auctionConfig: { ...auctionConfig, delayedStart: true } }],
        ['no royalty', { royalty: undefined }],
        ['royalty numerator', { royalty: { ...royalty, numerator: 6 } }],
        ['royalty denominator', { royalty: { ...royalty, denominator: 99 } }],
        ['royalty destination', { royalty: { ...royalty, destination: other } }],
        ['no restrictions', { restrictions: undefined }],
        ['forceSender', { restrictions: { forceSender: other } }],
        ['rewriteSender', { restrictions: { forceSender: bidder, rewriteSender: other } }],
    ];

    it.each(tampered)('refuses another %s', async (_, change) => {
        const { order, signature } = parseMintOrder(await signed());
        expect(verifyMintOrder(mintMessage(order, signature), { ...target, publicKey })).toBe(true);
        expect(verifyMintOrder(mintMessage({ ...order, ...change }, signature), { ...target, publicKey })).toBe(false);
    });

    it('refuses another collection, network, key and signature', async () => {
        const message = await signed();
        const { order, signature } = parseMintOrder(message);
        signature.writeUInt8(signature.readUInt8(0) ^ 1, 0);
        expect(verifyMintOrder(message, { ...target, collection: other, publicKey })).toBe(false);
        expect(verifyMintOrder(message, { ...target, globalId: -3, publicKey })).toBe(false);
        expect(verifyMintOrder(message, { ...target, publicKey: otherKeys.publicKey })).toBe(false);
        expect(verifyMintOrder(mintMessage(order, signature), { ...target, publicKey })).toBe(false);
    });

    it('refuses what is appended to a signed message', async () => {
        const longer = beginCell()
            .storeSlice((await signed()).beginParse())
            .storeBit(0)
            .endCell();
        expect(verifyMintOrder(longer, { ...target, publicKey })).toBe(false);
        expect(() => parseMintOrder(longer)).toThrow(GramhouseError);
    });

    it('refuses a message of another op', async () => {
        const slice = (await signed({}, { bearer: true, version: 1 })).beginParse().skip(32);
        const message = beginCell().storeUint(0x4637289c, 32).storeSlice(slice).endCell();
        expect(verifyMintOrder(message, { ...target, publicKey })).toBe(false);
        expect(() => parseMintOrder(message)).toThrow('This is not a mint message.');
    });

    it('refuses any other cell', () => {
        const withOp = (op: number) => beginCell().storeUint(op, 32).storeBuffer(Buffer.alloc(64)).endCell();
        const cells = [Cell.EMPTY, withOp(0), withOp(0x4637289b)];
        expect(cells.map((cell) => verifyMintOrder(cell, { ...target, publicKey }))).toEqual([false, false, false]);
        cells.forEach((cell) => expect(() => parseMintOrder(cell)).toThrow(GramhouseError));
    });
});

describe('mintOrderHash', () => {
    it('does not depend on the signature', async () => {
        const message = await signed();
        const unsigned = mintMessage(parseMintOrder(message).order, Buffer.alloc(64));
        expect(mintOrderHash(unsigned, target)).toEqual(mintOrderHash(message, target));
    });
});

describe('signSignerAcceptance', () => {
    it('signs the tag, the op, the network and the collection', async () => {
        const text = beginCell()
            .storeUint(0x37675ef4, 32)
            .storeUint(0x655515db, 32)
            .storeInt(-239, 32)
            .storeAddress(target.collection)
            .endCell();
        expect(await signSignerAcceptance({ ...target, signer: otherKeys.secretKey })).toEqual(
            sign(text.hash(), otherKeys.secretKey),
        );
    });
});
