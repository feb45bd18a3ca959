import { beginCell, type Cell, toNano } from '@ton/core';

import {
    type AuctionConfig,
    type OpenTerms,
    openMintPrice,
    UsernameCollection,
    UsernameError,
    UsernameOp,
} from '../../wrappers';
import { type Person, sent, START, TERMS, transactionOn, World } from '../helpers/world';

async function expectRefused(world: World, from: Person, body: Cell, code: number): Promise<void> {
    await world.expectRejected(from, world.collection.address, toNano('20'), body, code);
}

describe('open mint', () => {
    const opened = async (changes: Partial<OpenTerms> = {}) => {
        const world = await World.create();
        const openTerms: OpenTerms = {
            beneficiary: world.people.seller.address,
            minBidStep: TERMS.minBidStep,
            minExtendTime: TERMS.minExtendTime,
            duration: TERMS.duration,
            prices: { 4: toNano('8'), 6: toNano('4'), 10: toNano('2') },
            contentPrefix: 'https://names.example/',
            ...changes,
        };
        const setTerms = (terms: OpenTerms | null): Promise<unknown> => {
            const body = UsernameCollection.setTermsMessage({ openTerms: terms });
            return world.send(world.people.admin, world.collection.address, toNano('1'), body);
        };
        await setTerms(openTerms);
        expect((await world.collection.getState()).openTerms).toEqual(openTerms);
        return { world, openTerms, setTerms, ...world.people };
    };
    const open = (name: string): Cell => UsernameCollection.openMintMessage({ name });
    /** The same for names that the SDK does not let through. */
    const openRaw = (name: string): Cell =>
        beginCell()
            .storeUint(UsernameOp.open_mint, 32)
            .storeUint(0, 64)
            .storeUint(Buffer.byteLength(name), 8)
            .storeStringTail(name)
            .endCell();

    it("opens an auction on the collection's terms, with the opener's bid", async () => {
        const { world, bob, openTerms, author } = await opened();
        await world.send(bob, world.collection.address, toNano('9'), open('@Alice'));
        const item = world.item('alice');
        const config: AuctionConfig = {
            beneficiary: openTerms.beneficiary,
            initialMinBid: toNano('8'),
            maxBid: 0n,
            minBidStep: openTerms.minBidStep,
            minExtendTime: openTerms.minExtendTime,
            duration: openTerms.duration,
            delayedStart: false,
        };
        expect({ ...(await item.getAuctionConfig()), delayedStart: false }).toEqual(config);
        expect(await item.getState()).toMatchObject({
            status: 'auction',
            bidder: bob.address,
            refundTo: bob.address,
            bid: toNano('9'),
            endTime: START + openTerms.duration,
            royalty: { numerator: 5, denominator: 100, destination: author.address },
        });
        expect(await item.getTokenName()).toBe('alice');
        const { content } = await item.getNftData();
        const uri = `${openTerms.contentPrefix}alice.json`;
        expect(content).toEqualCell(beginCell().storeUint(1, 8).storeBuffer(Buffer.from(uri)).endCell());
    });

    it.each(['abcd', 'abcde', 'abcdef', 'abcdefghi', 'abcdefghij', 'a'.repeat(32)])(
        'sells %s for the price of its length, and not for a nanoton less',
        async (name) => {
            const { world, bob, openTerms } = await opened();
            const price = openMintPrice(openTerms, name) ?? 0n;
            expect(price).toBe(toNano(name.length < 6 ? '8' : name.length < 10 ? '4' : '2'));
            const { address } = world.collection;
            await world.expectRejected(bob, address, price - 1n, open(name), UsernameError.bid_too_low);
            await world.send(bob, address, price, open(name));
            expect((await world.item(name).getState()).bid).toBe(price);
        },
    );

    it('does not sell a name that is shorter than every price', async () => {
        const { world, bob } = await opened({ prices: { 6: toNano('4') } });
        await expectRefused(world, bob, open('abcde'), UsernameError.open_mint_closed);
    });

    it('is closed without terms, and again when they are taken away', async () => {
        const { world, bob, setTerms } = await opened();
        await setTerms(null);
        await expectRefused(world, bob, open('alice'), UsernameError.open_mint_closed);
    });

    it('sells nothing at a price below the lowest start price', async () => {
        const { world, bob } = await opened({ prices: { 4: 1n } });
        await expectRefused(world, bob, open('alice'), UsernameError.invalid_auction_config);
    });

    it('takes terms with a price table only', async () => {
        const { world, admin, openTerms } = await opened();
        const body = UsernameCollection.setTermsMessage({ openTerms: { ...openTerms, prices: {} } });
        await expectRefused(world, admin, body, UsernameError.invalid_auction_config);
    });

    it.each([
        'abc',
        'a'.repeat(33),
        '',
        'Alice',
        'aLice',
        '1alice',
        '_alice',
        'alice_',
        'al__ice',
        'al-ice',
        'al ice',
        'alicé',
        'al\0ice',
        'al.ice',
        'al`ce',
        'al{ce',
        'al/ce',
        'al:ce',
        'al@ce',
        'al[ce',
    ])('refuses the name %j, which is not canonical', async (name) => {
        const { world, bob } = await opened();
        await expectRefused(world, bob, openRaw(name), UsernameError.invalid_name);
    });

    it.each(['a_b_c', 'zzzz', 'a0_9', 'azaz_0909', 'a'.repeat(32)])('takes the name %j', async (name) => {
        const { world, bob } = await opened();
        await world.send(bob, world.collection.address, toNano('10'), openRaw(name));
        expect(await world.item(name).getTokenName()).toBe(name);
    });

    it('a second opener in the same block gets his value back', async () => {
        const { world, bob, carol } = await opened();
        await world.send(bob, world.collection.address, toNano('9'), open('alice'));
        const result = await world.send(carol, world.collection.address, toNano('50'), open('alice'));
        const { address } = world.item('alice');
        const [returned] = sent(transactionOn(result, address));
        expect(returned).toMatchObject({ to: carol.address, op: UsernameOp.return_bid });
        expect(returned?.value).toBeGreaterThan(toNano('49.98'));
        expect((await world.item('alice').getState()).bidder).toEqualAddress(bob.address);
    });
});

describe('royalty of the collection', () => {
    it('is that of names minted from now on', async () => {
        const world = await World.create();
        const { bob } = world.people;
        await world.mint('before');
        const royalty = { numerator: 1, denominator: 5, destination: bob.address };
        const old = (await world.item('before').getState()).royalty;
        await world.send(
            world.people.admin,
            world.collection.address,
            toNano('1'),
            UsernameCollection.setRoyaltyMessage({ royalty }),
        );
        await world.mint('after');
        expect((await world.item('after').getState()).royalty).toEqual(royalty);
        expect((await world.item('before').getState()).royalty).toEqual(old);
        expect(await world.collection.getRoyaltyParams()).toEqual(royalty);
    });
});
