import type { Address } from '@ton/core';
import { toNano } from '@ton/core';
import { keyPairFromSeed } from '@ton/crypto';
import type { SandboxContract } from '@ton/sandbox';

import { compileContract } from '../compilables/compile';
import type { ItemState, ItemStatus } from '../wrappers';
import {
    decodeDnsRecord,
    encodeDnsRecord,
    encodeDomain,
    itemAddress,
    pricesFromConfig,
    quoteBid,
    quoteOpenMint,
    quoteRecord,
    quoteSale,
    quoteStartAuction,
    quoteTransfer,
    recordKey,
    signMintOrder,
    uriContent,
    UsernameCollection,
    UsernameItem,
} from '../wrappers';
import type { Person, Stage } from './stage';
import { coins, expectAtLeast, expectEqual, GLOBAL_ID, ton } from './stage';

const MINUTE = 60;
const HOUR = 3600;

const SUBWALLET_ID = 1;
const SIGNER = keyPairFromSeed(Buffer.alloc(32, 1));
const DOMAIN = 't.me';

/** A name as it is in the end, amounts in nanotons. */
export type NameReport = { name: string; address: string; owner: string; balance: bigint; reserve: bigint };

/** What the auction leaves behind: its people, its contract and its names. */
export type Auction = {
    people: Pick<Cast, 'house' | 'alice' | 'bob' | 'carol' | 'dave'>;
    collection: Address;
    names: NameReport[];
};

type Name = SandboxContract<UsernameItem>;

/** Plays the auction of names. Throws where a step does not end as it should. */
export async function playAuction(stage: Stage): Promise<Auction> {
    const cast = await enter(stage);
    await opening(cast);
    await firstSale(cast);
    await ownership(cast);
    await resale(cast);
    await openMint(cast);
    const names: NameReport[] = [];
    for (const [name, item] of Object.entries({ aurora: cast.aurora, moonlight: cast.moonlight })) {
        const { owner } = await item.getState();
        const address = item.address.toString();
        names.push({ name, address, owner: stage.labelOf(owner), ...(await fundsOf(cast, item)) });
    }
    return { people: cast, collection: cast.collection.address, names };
}

type Cast = Awaited<ReturnType<typeof enter>>;

async function enter(stage: Stage) {
    const [collectionCode, itemCode] = [
        await compileContract('UsernameCollection'),
        await compileContract('UsernameItem'),
    ];
    const people = {
        house: stage.person('House', 'v5r1'),
        alice: stage.person('Alice', 'v5r1'),
        bob: stage.person('Bob', 'v4r2'),
        carol: stage.person('Carol', 'v5r1'),
        dave: stage.person('Dave', 'v4r2'),
    };
    const terms = { beneficiary: people.house.address, minBidStep: 5, minExtendTime: 5 * MINUTE, duration: HOUR };
    const royalty = { numerator: 5, denominator: 100, destination: people.house.address };
    const collection = stage.enter(
        'collection',
        UsernameCollection.createFromConfig(
            {
                paused: false,
                subwalletId: SUBWALLET_ID,
                publicKey: SIGNER.publicKey,
                itemCode,
                admin: people.house.address,
                pendingAdmin: null,
                pendingPublicKey: null,
                content: uriContent('https://names.example/collection.json'),
                openTerms: {
                    ...terms,
                    prices: { 6: toNano('10'), 8: toNano('2') },
                    contentPrefix: 'https://names.example/',
                },
                royalty,
                domain: DOMAIN,
            },
            collectionCode,
        ),
    );
    const name = (text: string): Name =>
        stage.enter(`@${text}`, UsernameItem.createFromAddress(itemAddress(collection.address, itemCode, text)));
    return {
        stage,
        prices: pricesFromConfig(stage.chain.config, stage.now),
        ...people,
        terms,
        royalty,
        collection,
        aurora: name('aurora'),
        moonlight: name('moonlight'),
    };
}

async function opening({ stage, house, collection }: Cast): Promise<void> {
    const pocket = toNano('100');
    await stage.step('funding', `Five people open wallets and bring ${coins(pocket)} each`, async () => {
        for (const person of stage.people) {
            await stage.fund(person, pocket);
            expectEqual(`The balance of ${person.name}`, coins(await stage.balanceOf(person.address)), coins(pocket));
        }
        const wallets = stage.people.map(({ name, wallet }) => `${name} (${wallet})`);
        return `Wallets as on mainnet: ${wallets.join(', ')}. The House sells names, the others want them.`;
    });

    await stage.step('deploy', `The House deploys the collection of names under ${DOMAIN}`, async () => {
        await collection.sendDeploy(house.via, { value: toNano('0.1') });
        expectEqual('The admin', stage.labelOf((await collection.getState()).admin), house.name);
        return 'The House gets 5 % of every sale of a name as royalty, now and later.';
    });
}

async function firstSale(cast: Cast): Promise<void> {
    const { stage, house, alice, bob, carol, dave, collection, aurora } = cast;

    stage.now += MINUTE;
    await stage.step(
        'mint',
        `Alice mints @aurora with an order signed for Alice alone, and bids ${ton(10)}`,
        async () => {
            const message = await signMintOrder({
                collection: collection.address,
                globalId: GLOBAL_ID,
                bidder: alice.address,
                order: {
                    subwalletId: SUBWALLET_ID,
                    validSince: stage.now,
                    validTill: stage.now + HOUR,
                    name: 'aurora',
                    content: uriContent('https://names.example/aurora.json'),
                    auctionConfig: { ...cast.terms, initialMinBid: toNano('10'), maxBid: 0n, delayedStart: false },
                },
                signer: SIGNER.secretKey,
                prices: cast.prices,
            });
            await collection.sendMint(alice.via, { value: toNano('10'), message });
            const state = await expectName(cast, aurora, {
                status: 'auction',
                owner: null,
                leader: alice,
                bid: toNano('10'),
            });
            return `Alice leads, and gets @aurora in an hour unless somebody bids ${coins(state.minBid)} or more.`;
        },
    );

    stage.now += 10 * MINUTE;
    await stage.step('outbid', 'Bob bids the least that beats Alice', async () => {
        const value = quoteBid(await aurora.getState()).minimum;
        await aurora.sendBid(bob.via, { value });
        await expectName(cast, aurora, { status: 'auction', leader: bob, bid: value });
        expectGot(cast, alice, 'outbid', toNano('10'));
        return `Bob leads with ${coins(value)}. Alice has all of her bid back at once: the sale will pay for that.`;
    });

    stage.now += 10 * MINUTE;
    await stage.step('outbid_again', `Carol bids ${ton(20)}`, async () => {
        await aurora.sendBid(carol.via, { value: toNano('20') });
        await expectName(cast, aurora, { status: 'auction', leader: carol, bid: toNano('20') });
        expectGot(cast, bob, 'outbid', toNano('10.5'));
        return 'Carol leads. Bob has all of his bid back.';
    });

    stage.now += 10 * MINUTE;
    await stage.step('low_bid', `Dave bids ${ton(20.5)}, which is too little`, async () => {
        const { minBid } = await aurora.getState();
        await aurora.sendBid(dave.via, { value: toNano('20.5') });
        expectEqual('The answer to the low bid', stage.refusalOf(aurora), 'bid_too_low');
        await expectName(cast, aurora, { status: 'auction', leader: carol, bid: toNano('20') });
        return `Carol still leads: the next bid is at least ${coins(minBid)}. ${lost(cast, dave, toNano('20.5'))}`;
    });

    const { endTime } = await aurora.getState();
    stage.now = endTime - 30;
    await stage.step('last_minute', `Alice bids ${ton(25)} with 30 seconds to go`, async () => {
        await aurora.sendBid(alice.via, { value: toNano('25') });
        const state = await expectName(cast, aurora, { status: 'auction', leader: alice, bid: toNano('25') });
        expectEqual('The time left', `${state.endTime - stage.now} s`, `${cast.terms.minExtendTime} s`);
        expectGot(cast, carol, 'outbid', toNano('20'));
        return 'Alice leads. The end moves to five minutes from now, so that anybody can answer.';
    });

    stage.now += cast.terms.minExtendTime;
    await stage.step('settlement', 'Nobody answers. A stranger settles with a message that nobody signs', async () => {
        await expectName(cast, aurora, { status: 'ended', owner: null, leader: alice });
        await aurora.sendSettleExternal();
        const { reserve } = await expectName(cast, aurora, { status: 'idle', owner: alice });
        const paid = stage.got(house, 'payout');
        const quote = quoteSale({ bid: toNano('25'), royalty: cast.royalty, bids: 4 }, cast.prices);
        expectAtLeast('The payment of the House', paid, quote.payout + quote.royalty);
        return (
            `Alice owns @aurora, and the House has ${coins(paid)}. ` +
            `The rest paid the fees, and ${coins(reserve)} stays with the name as ten years of rent.`
        );
    });

    stage.now += MINUTE;
    await stage.step('late_bid', `Dave bids ${ton(30)}, which is too late`, async () => {
        await aurora.sendBid(dave.via, { value: toNano('30') });
        expectEqual('The answer to the late bid', stage.refusalOf(aurora), 'no_auction');
        await expectName(cast, aurora, { status: 'idle', owner: alice });
        return `Alice still owns @aurora. ${lost(cast, dave, toNano('30'))}`;
    });
}

async function ownership(cast: Cast): Promise<void> {
    const { stage, prices, alice, bob, aurora } = cast;

    await stage.step('dns_record', `Alice points aurora.${DOMAIN} at her wallet`, async () => {
        const record = encodeDnsRecord({ type: 'dns_smc_address', address: alice.address });
        const value = quoteRecord(await fundsOf(cast, aurora), record, prices);
        await aurora.sendChangeDnsRecord(alice.via, { value, key: recordKey('wallet'), record });
        expectEqual(`The wallet of aurora.${DOMAIN}`, stage.labelOf(await resolveWallet(cast, 'aurora')), alice.name);
        return `Wallets that ask the collection and then @aurora for aurora.${DOMAIN} pay Alice.`;
    });

    await stage.step('transfer', 'Alice gives @aurora to Bob', async () => {
        const transfer = {
            newOwner: bob.address,
            responseDestination: alice.address,
            forwardAmount: toNano('0.01'),
        };
        await aurora.sendTransfer(alice.via, { value: quoteTransfer(transfer, prices), ...transfer });
        await expectName(cast, aurora, { status: 'idle', owner: bob });
        expectGot(cast, bob, 'ownership_assigned', transfer.forwardAmount);
        expectEqual(`The wallet of aurora.${DOMAIN}`, stage.labelOf(await resolveWallet(cast, 'aurora')), 'nobody');
        return `Bob owns @aurora, and aurora.${DOMAIN} names no wallet any more: nobody pays Alice by mistake.`;
    });
}

async function resale(cast: Cast): Promise<void> {
    const { stage, prices, house, bob, carol, aurora } = cast;
    const price = toNano('40');

    stage.now += HOUR;
    await stage.step('resale', `Bob offers @aurora for ${coins(price)}, buy now`, async () => {
        const auctionConfig = {
            ...cast.terms,
            beneficiary: bob.address,
            initialMinBid: price,
            maxBid: price,
            delayedStart: false,
        };
        const value = quoteStartAuction(await fundsOf(cast, aurora), prices);
        await aurora.sendStartAuction(bob.via, { value, auctionConfig });
        await expectName(cast, aurora, { status: 'open', owner: bob });
        return 'The name is for sale for an hour. If nobody buys, Bob keeps it.';
    });

    stage.now += MINUTE;
    await stage.step('buy_now', `Carol sends ${ton(50)} for @aurora`, async () => {
        await aurora.sendBid(carol.via, { value: toNano('50') });
        await expectName(cast, aurora, { status: 'idle', owner: carol });
        expectGot(cast, carol, 'return_bid', toNano('10'));
        expectGot(cast, house, 'payout', toNano('2'));
        const paid = stage.got(bob, 'payout');
        expectAtLeast('The payment of Bob', paid, toNano('37.99'));
        return `Carol owns @aurora and has ${ton(10)} as change. Bob has ${coins(paid)}, the House 5 % of the price.`;
    });
}

async function openMint(cast: Cast): Promise<void> {
    const { stage, bob, dave, collection, moonlight } = cast;

    stage.now += HOUR;
    await stage.step(
        'open_mint',
        'Dave opens the auction of @moonlight, a free name: that takes no order',
        async () => {
            const { minimum } = quoteOpenMint((await collection.getState()).openTerms, 'moonlight');
            await collection.sendOpenMint(dave.via, { name: 'moonlight', value: minimum });
            await expectName(cast, moonlight, { status: 'auction', owner: null, leader: dave, bid: minimum });
            return `Dave leads with ${coins(minimum)}, the price at which names of 8 letters and more start.`;
        },
    );

    stage.now += HOUR;
    await stage.step(
        'late_bid_settles',
        `Bob bids ${ton(5)} for @moonlight after the end, before anybody has settled`,
        async () => {
            await moonlight.sendBid(bob.via, { value: toNano('5') });
            await expectName(cast, moonlight, { status: 'idle', owner: dave });
            return `The bid settled the auction: Dave owns @moonlight. ${lost(cast, bob, toNano('5'), 'return_bid')}`;
        },
    );
}

/** Checks what a name's contract says of itself. */
async function expectName(
    { stage }: Cast,
    item: Name,
    expected: { status: ItemStatus; owner?: Person | null; leader?: Person; bid?: bigint },
): Promise<ItemState> {
    const state = await item.getState();
    const label = stage.labelOf(item.address);
    const { status, owner, leader, bid } = expected;
    expectEqual(`The status of ${label}`, state.status, status);
    if (owner !== undefined) {
        expectEqual(`The owner of ${label}`, stage.labelOf(state.owner), owner?.name ?? 'nobody');
    }
    if (leader) {
        expectEqual(`The leader for ${label}`, stage.labelOf(state.bidder), leader.name);
    }
    if (bid !== undefined) {
        expectEqual(`The bid for ${label}`, coins(state.bid), coins(bid));
    }
    return state;
}

function expectGot({ stage }: Cast, person: Person, what: string, amount: bigint): void {
    expectEqual(`What ${person.name} got with ${what}`, coins(stage.got(person, what)), coins(amount));
}

/** Says what a bid that came back lost on its way. */
function lost({ stage }: Cast, person: Person, bid: bigint, what = 'bounce'): string {
    const back = stage.got(person, what);
    expectAtLeast('What came back of the bid', back, bid - toNano('0.01'));
    return `${person.name} has the bid back, less ${coins(bid - back)} for gas.`;
}

async function fundsOf({ stage }: Cast, item: Name): Promise<{ reserve: bigint; balance: bigint }> {
    return { reserve: (await item.getState()).reserve, balance: await stage.balanceOf(item.address) };
}

/** The wallet that a name of the zone has on record, as a wallet's app finds it: the collection says whom to ask. */
async function resolveWallet({ stage, collection }: Cast, name: string): Promise<Address | null> {
    const key = recordKey('wallet');
    const subdomain = encodeDomain(name);
    const first = await collection.getDnsResolve(subdomain, key);
    const next = first.value && decodeDnsRecord(first.value);
    expectEqual('The answer of the collection', next?.type ?? 'nothing', 'dns_next_resolver');
    if (next?.type !== 'dns_next_resolver') {
        return null;
    }
    const resolver = stage.chain.openContract(UsernameItem.createFromAddress(next.resolver));
    const { value } = await resolver.getDnsResolve(subdomain.subarray(first.resolvedBits / 8), key);
    const record = value && decodeDnsRecord(value);
    return record?.type === 'dns_smc_address' ? record.address : null;
}
