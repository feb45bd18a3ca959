import type { Address, OpenedContract } from '@ton/core';
import { Cell } from '@ton/core';

import type { NetworkPrices } from '../wrappers/common/prices';
import type {
    AuctionConfig,
    CollectionState,
    DnsEntry,
    DnsRecord,
    ItemState,
    OpenTerms,
    Royalty,
} from '../wrappers/usernames';
import {
    canonicalName,
    encodeDomain,
    itemAddress,
    nameIndex,
    parseDnsRecords,
    UsernameCollection,
    UsernameItem,
} from '../wrappers/usernames';
import { deploymentsPath, readDeployment } from './deployments';
import type { Session } from './session';
import { coins, date, parseAddress, parseCoins, parsePercent, parseSpan, Refusal, span } from './words';

/** What the deployments call the collection. */
export const COLLECTION = 'UsernameCollection';

/** A collection and what it told. */
export type OpenCollection = {
    address: Address;
    /** Of its code cell, in hex. */
    codeHash: string | null;
    contract: OpenedContract<UsernameCollection>;
    state: CollectionState;
};

/** An item and what it told. */
export type OpenItem = {
    address: Address;
    contract: OpenedContract<UsernameItem>;
    /** Without its zone, as it is on chain. */
    name: string;
    /** The word that names it in another command. */
    word: string;
    /** With its zone, for example `alice.t.me`. */
    label: string;
    state: ItemState;
    /** Nanotons in its account. */
    balance: bigint;
};

/** Where a contract is: at the address of its word, or of the network's deployments, with the code that was deployed. */
export async function locate(
    session: Session,
    { word, name, deploy }: { word: 'collection' | 'network'; name: string; deploy: string },
): Promise<{ address: Address; codeHash: string | null; where: string }> {
    const { provider, network } = session;
    const given = session.optional(word, parseAddress);
    const deployment = given ? null : readDeployment(network, name);
    const address = given ?? (deployment && parseAddress(deployment.address, 'address', network));
    if (!address) {
        throw new Refusal(`${deploymentsPath(network)} names no ${word}: run ${deploy}, or add ${word}=ADDRESS.`);
    }
    const where = given
        ? `${word}=${session.text(address)}`
        : `${session.text(address)} of ${deploymentsPath(network)}`;
    const account = await provider.getContractState(address);
    if (account.state.type !== 'active') {
        throw new Refusal(`There is no contract at ${where}: is ${network} the right network?`);
    }
    const codeHash = codeOf(account.state.code)?.hash().toString('hex') ?? null;
    if (deployment && deployment.codeHash !== codeHash) {
        throw new Refusal(`The code at ${where} is not the one that was deployed: is ${network} the right network?`);
    }
    await session.config();
    return { address, codeHash, where };
}

/** The collection of the word collection=, or of the network's deployments. */
export async function openCollection(session: Session): Promise<OpenCollection> {
    const { address, codeHash, where } = await locate(session, {
        word: 'collection',
        name: COLLECTION,
        deploy: 'usernames/deployCollection',
    });
    const contract = session.provider.open(UsernameCollection.createFromAddress(address));
    try {
        return { address, codeHash, contract, state: await contract.getState() };
    } catch {
        throw new Refusal(`The contract at ${where} is no collection of usernames: correct the address.`);
    }
}

/** The code cell of an account. */
export const codeOf = (code: Buffer | null | undefined): Cell | null => (code && Cell.fromBoc(code)[0]) ?? null;

/** The item of a name that is known or of the word name=, or of item=ADDRESS for names that are not canonical. */
export async function openItem(session: Session, collection: OpenCollection, known?: string): Promise<OpenItem> {
    const given = session.optional('item', parseAddress);
    const item = given ? await itemAt(session, collection, given) : await itemOfName(session, collection, known);
    const contract = session.provider.open(UsernameItem.createFromAddress(item.address));
    const [state, balance] = await Promise.all([contract.getState(), session.balanceOf(item.address)]);
    return { ...item, contract, state, balance };
}

type ItemName = Pick<OpenItem, 'address' | 'name' | 'word' | 'label'>;

async function itemOfName(session: Session, { address, state }: OpenCollection, known?: string): Promise<ItemName> {
    const name = known ?? (await session.required('name', 'the name, for example name=alice', parseName));
    const item = itemAddress(address, state.itemCode, nameIndex(name));
    return { address: item, name, word: `name=${name}`, label: `${name}.${state.domain}` };
}

async function itemAt(
    session: Session,
    { address: collection, contract }: OpenCollection,
    address: Address,
): Promise<ItemName> {
    const word = `item=${session.text(address)}`;
    const item = session.provider.open(UsernameItem.createFromAddress(address));
    try {
        const data = await item.getNftData();
        if (data.collection.equals(collection) && (await contract.getNftAddressByIndex(data.index)).equals(address)) {
            return { address, name: await item.getTokenName(), word, label: await item.getFullDomain() };
        }
    } catch {
        // Whatever it is, it is no item
    }
    throw new Refusal(`${word} is no item of the collection ${session.text(collection)}: correct the address.`);
}

/** A name in its canonical form; typed with `@`, capitals or the zone's dot it is refused with the form to write. */
export function parseName(text: string): string {
    const name = canonicalName(text);
    if (name !== text) {
        throw new Refusal(`${text} is not in canonical form: write name=${name}.`);
    }
    return name;
}

/** Only a name that is minted. */
export function requireMinted({ state, label, word }: OpenItem): void {
    if (state.status === 'uninit') {
        throw new Refusal(`${label} is not minted yet: run usernames/openMint ${word} or usernames/mint ${word}.`);
    }
}

/** Only a name that nobody has minted, and not the one of an item that is. */
export function requireFree(session: Session, item: OpenItem): void {
    const { state, label, word } = item;
    if (state.status !== 'uninit') {
        const isForSale = state.status === 'open' || state.status === 'auction';
        session.print(...describeItem(session, item));
        session.next(isForSale ? 'bid' : 'show', [word], isForSale ? 'bid for it.' : 'look at it.');
        throw new Refusal(`${label} is minted already.`);
    }
}

/** A number that makes a message unlike every other of the same wallet. */
export const newQueryId = (): bigint => BigInt(Date.now());

/** An auction's terms from the words start=, max=, step=, extend=, duration= and beneficiary=. */
export async function readAuctionConfig(
    session: Session,
    fallback: Pick<AuctionConfig, 'minBidStep' | 'minExtendTime' | 'duration'> & { beneficiary: Address | null },
): Promise<AuctionConfig> {
    const beneficiary = session.optional('beneficiary', parseAddress) ?? fallback.beneficiary;
    if (!beneficiary) {
        throw new Refusal('The word beneficiary= is missing: the address of the wallet that is paid.');
    }
    const initialMinBid = await session.required('start', 'the start price in coins, for example start=10', parseCoins);
    const maxBid = session.optional('max', parseCoins) ?? 0n;
    if (maxBid !== 0n && maxBid < initialMinBid) {
        throw new Refusal(`max=${coins(maxBid)} is below start=${coins(initialMinBid)}: raise max, or leave it out.`);
    }
    return {
        beneficiary,
        initialMinBid,
        maxBid,
        minBidStep: session.optional('step', parsePercent) ?? fallback.minBidStep,
        minExtendTime: session.optional('extend', parseSpan) ?? fallback.minExtendTime,
        duration: session.optional('duration', parseSpan) ?? fallback.duration,
        delayedStart: session.words.has('delayed'),
    };
}

/** The words that `readAuctionConfig` knows. */
export const AUCTION_KEYS = ['start', 'max', 'step', 'extend', 'duration', 'beneficiary'];

/** The terms of an auction, in one sentence. */
export function describeTerms(session: Session, config: AuctionConfig): string {
    const { beneficiary, initialMinBid, maxBid, minBidStep, minExtendTime, duration, delayedStart } = config;
    return (
        `It starts at ${coins(initialMinBid)}, ${maxBid > 0n ? `sells at once for ${coins(maxBid)}` : 'without a maximum'}, ` +
        `goes up by ${minBidStep} %, and takes ${span(duration)}${delayedStart ? ' from the first bid on' : ''}, ` +
        `at least ${span(minExtendTime)} after each bid. ${session.person(beneficiary)} is paid.`
    );
}

/** What a collection is now, line by line. */
export async function describeCollection(session: Session, collection: OpenCollection): Promise<string[]> {
    const { address, codeHash, state } = collection;
    const { paused, admin, pendingAdmin, publicKey, pendingPublicKey, royalty, openTerms, paidUntil, isToppedUp } =
        state;
    const lines: [string, string][] = [
        ['collection', session.text(address)],
        ['code hash', codeHash ?? 'unknown'],
        ['item code hash', state.itemCode.hash().toString('hex')],
        ['minting', paused ? 'paused' : isToppedUp ? 'running' : 'waits for a first topUp'],
        ['admin', session.person(admin)],
        ['signer', publicKey.toString('hex')],
        ['subwallet', String(state.subwalletId)],
        ['royalty', royalty ? royaltyText(session, royalty) : 'none'],
    ];
    if (pendingAdmin) {
        lines.push(['next admin', `${session.person(pendingAdmin)}, who has not accepted yet`]);
    }
    if (pendingPublicKey) {
        lines.push(['next signer', `${pendingPublicKey.toString('hex')}, which has not accepted yet`]);
    }
    lines.push(...describeOpenTerms(session, openTerms));
    lines.push(['holds', `${coins(await session.balanceOf(address))}; the rent is paid until ${date(paidUntil)}`]);
    return [`Usernames under ${state.domain}`, ...table(lines)];
}

/** The terms of open minting, as rows. */
export function describeOpenTerms(session: Session, terms: OpenTerms | null): [string, string][] {
    if (!terms) {
        return [['open mint', 'closed: only signed orders mint']];
    }
    const prices = Object.entries(terms.prices).map(([length, price]) => `${length}+ letters ${coins(price)}`);
    const { minBidStep, duration, minExtendTime, beneficiary, contentPrefix } = terms;
    return [
        ['open mint', prices.join(', ')],
        ['', `step ${minBidStep} %, ${span(duration)}, at least ${span(minExtendTime)} after each bid`],
        ['', `pays ${session.person(beneficiary)}`],
        ['', `content ${contentPrefix}NAME.json`],
    ];
}

/** What an item is now, line by line. */
export function describeItem(session: Session, { label, address, state, balance }: OpenItem): string[] {
    const { status, owner, bidder, bid, minBid, maxBid, endTime, reserve, paidUntil, royalty } = state;
    const stages: Record<ItemState['status'], string> = {
        uninit: 'not minted',
        idle: 'owned, not for sale',
        open: 'for auction, without a bid',
        auction: 'in an auction',
        ended: 'its auction is over and waits to be settled',
    };
    const isRunning = status === 'open' || status === 'auction';
    const lines: [string, string][] = [
        ['item', session.text(address)],
        ['status', stages[status]],
    ];
    if (owner) {
        lines.push(['owner', session.person(owner)]);
    }
    if (bidder) {
        lines.push(['leader', `${session.person(bidder)} with ${coins(bid)}`]);
    }
    if (isRunning) {
        lines.push(['lowest bid', coins(minBid)]);
    }
    if (isRunning && maxBid > 0n) {
        lines.push(['buy now', coins(maxBid)]);
    }
    if (isRunning || status === 'ended') {
        lines.push([
            status === 'ended' ? 'ended' : 'ends',
            endTime > 0 ? date(endTime) : 'a while after the first bid',
        ]);
    }
    if (royalty) {
        lines.push(['royalty', royaltyText(session, royalty)]);
    }
    // While a bid is held, the rent comes out of the sale
    if (status === 'idle' || status === 'open') {
        lines.push([
            'rent',
            `paid until ${date(paidUntil)}: it holds ${coins(balance)}, its reserve is ${coins(reserve)}`,
        ]);
    }
    return [label, ...table(lines)];
}

export function royaltyText(session: Session, { numerator, denominator, destination }: Royalty): string {
    return `${Number(((numerator * 100) / denominator).toFixed(3))} % to ${session.person(destination)}`;
}

/** Two columns, indented. */
export function table(rows: [string, string][]): string[] {
    const width = Math.max(...rows.map(([name]) => name.length));
    return rows.map(([name, text]) => `  ${name.padEnd(width)}  ${text}`);
}

/** The records of a name. Those of an auction that is over do not show. */
export async function readRecords({ contract }: OpenItem): Promise<DnsEntry[]> {
    return parseDnsRecords((await contract.getDnsResolve(encodeDomain('.'), 0n)).value);
}

/** A record for people to read. */
export function recordText(session: Session, record: DnsRecord | null): string {
    switch (record?.type) {
        case undefined:
            return 'no standard record';
        case 'dns_smc_address':
            return session.person(record.address);
        case 'dns_next_resolver':
            return session.text(record.resolver);
        case 'dns_adnl_address':
            return record.adnl.toString('hex');
        case 'dns_storage_address':
            return record.bagId.toString('hex');
        case 'dns_text':
            return JSON.stringify(record.text);
    }
}

/** The id of the network, which a signed order is bound to. */
export async function requireGlobalId(session: Session): Promise<{ globalId: number; prices: NetworkPrices }> {
    const { globalId, prices } = await session.config();
    if (globalId === null) {
        throw new Refusal('The id of this network could not be read from its config, and an order is bound to it.');
    }
    return { globalId, prices };
}
