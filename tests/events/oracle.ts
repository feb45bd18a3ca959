import { type Address, beginCell, type Cell, type Message, storeMessage, type Transaction } from '@ton/core';
import { SmartContract } from '@ton/sandbox';

import { loadCode } from '../../compilables/compile';
import {
    adNetworkEvents,
    type AdNetworkEvent,
    AdsOp,
    type AuctionClock,
    campaignEvents,
    type CampaignEvent,
    cellToAdNetworkData,
    cellToCampaignData,
    cellToChannelAccountData,
    cellToItemData,
    cellToUsernameCollectionConfig,
    channelAccountEvents,
    type ChannelAccountEvent,
    collectionEvents,
    type CollectionEvent,
    type ItemData,
    itemEventReader,
    type ItemEvent,
    UsernameOp,
} from '../../wrappers';
import { opOf } from '../helpers/base-world';

export type AnyEvent = ItemEvent | CollectionEvent | ChannelAccountEvent | CampaignEvent | AdNetworkEvent;
/** An event by its name; the fields of two of the same name are both there. */
export type Named<T extends AnyEvent['type']> = Extract<AnyEvent, { type: T }>;

/** One transaction: what the account stored before and after it, what it says, and how often its bodies were compared. */
type Deed<D> = { tx: Transaction; before: D | null; after: D | null; events: AnyEvent[] };

const DECODERS = [
    (tx: Transaction) => itemEventReader()(tx),
    collectionEvents,
    channelAccountEvents,
    campaignEvents,
    adNetworkEvents,
];

/** Between our contracts, and answers to questions: what they carry belongs to nobody's event. */
const ONWARD = new Set<number>([
    UsernameOp.item_deploy,
    UsernameOp.report_static_data,
    UsernameOp.report_royalty_params,
    AdsOp.draw,
    AdsOp.fund,
    AdsOp.platform_share,
    AdsOp.get_voucher_key,
    AdsOp.set_voucher_key,
    AdsOp.bind,
    AdsOp.take,
    AdsOp.revenue,
]);

/** What the events of a transaction say that it paid, as `address amount`. */
export function paidBy(events: readonly AnyEvent[]): string[] {
    const flows: [Address | null, bigint][] = events.flatMap((event): [Address | null, bigint][] => {
        switch (event.type) {
            case 'rejected':
            case 'outbid':
            case 'bid_returned':
            case 'payout':
            case 'paid_out':
            case 'claim_returned':
            case 'key_request_returned':
            case 'registration_returned':
            case 'refunded':
                return [[event.to, event.amount]];
            case 'transferred':
                return [
                    [event.to, event.amount],
                    [event.excessTo, event.excess],
                ];
            case 'voucher_key_changed':
                return [[event.to, event.excess]];
            case 'swept':
                return 'excess' in event ? [[event.from, event.excess]] : [[event.to, event.amount]];
            case 'rebound':
            case 'registered':
                return [[event.owner, event.excess]];
            default:
                return 'excess' in event && event.from ? [[event.from, event.excess]] : [];
        }
    });
    return flows.flatMap(([to, amount]) => (amount > 0n ? [`${to?.toString()} ${amount}`] : [])).sort();
}

/** What it paid, bounces included. */
function paidIn(tx: Transaction): string[] {
    const isTold = ({ info, body }: Message): boolean =>
        info.type === 'internal' && (info.bounced || !ONWARD.has(opOf({ info, body }) ?? 0));
    return tx.outMessages
        .values()
        .filter(isTold)
        .flatMap(({ info }) =>
            info.type === 'internal' && info.value.coins > 0n ? [`${info.dest.toString()} ${info.value.coins}`] : [],
        )
        .sort();
}

function valueOf({ inMessage, description }: Transaction): bigint {
    const credited = description.type === 'generic' ? description.creditPhase?.credit.coins : undefined;
    return credited ?? (inMessage?.info.type === 'internal' ? inMessage.info.value.coins : 0n);
}

function find<T extends AnyEvent['type']>(events: readonly AnyEvent[], type: T): Named<T> | undefined {
    return events.find((event): event is Named<T> => event.type === type);
}

/** The events that are not there although the stored data says so, or the other way round. */
function difference(checks: Record<string, boolean>): string[] {
    return Object.entries(checks).flatMap(([name, holds]) => (holds ? [] : [name]));
}

const isEqual = (a: Address | null | undefined, b: Address | null | undefined): boolean =>
    a && b ? a.equals(b) : !a && !b;

function clockOf(data: ItemData | null): AuctionClock | null {
    return data?.status === 'open' || data?.status === 'auction'
        ? { endTime: data.endTime, minExtendTime: data.minExtendTime, duration: data.auctionConfig.duration }
        : null;
}

/** `events` with the clock that the item stored before. */
function itemFaults({ tx, before, after, events }: Deed<ItemData>): string[] {
    const [minted, bid, extended, outbid] = [
        find(events, 'minted'),
        find(events, 'bid'),
        find(events, 'extended'),
        find(events, 'outbid'),
    ];
    const sale = find(events, 'settled');
    const first = minted ?? bid;
    const change = events.find((event) => event.type === 'bid_returned' && event.reason === 'change');
    const had = before?.status === 'auction' ? before : null;
    const has = after?.status === 'auction' ? after : null;
    const isNewBid =
        has !== null &&
        (had === null || had.bidTs !== has.bidTs || had.price !== has.price || !had.bidder.equals(has.bidder));
    const ownerOf = (data: ItemData | null) => (data && data.status !== 'uninit' ? data.owner : null);
    const given = find(events, 'transferred');
    const started = find(events, 'auction_started');
    const record = find(events, 'record_changed');
    const was = before !== null && before.status !== 'uninit' ? before : null;
    const isOver = before?.status === 'open' && before.endTime > 0 && before.endTime <= tx.now;
    const oldEnd = had?.endTime ?? (before?.status === 'open' ? before.endTime : 0);
    return difference({
        'a bid that is stored': !isNewBid || (first !== undefined && first.amount === has.price),
        'a bid that is told': first === undefined || isNewBid || sale !== undefined,
        'its people': !first || !has || (first.bidder.equals(has.bidder) && first.refundTo.equals(has.refundTo)),
        'the value of a bid':
            !bid || valueOf(tx) === bid.amount + (change?.type === 'bid_returned' ? change.amount : 0n),
        'the end': !first || !has || first.endTime === has.endTime,
        'an extension': !has || (extended !== undefined) === (bid !== undefined && oldEnd > 0 && has.endTime > oldEnd),
        'a beaten bid': (outbid !== undefined) === (bid !== undefined && had !== null),
        'the beaten bid': !outbid || (outbid.amount === had?.price && outbid.to.equals(had.refundTo)),
        'a settlement': (sale !== undefined) === ((had !== null || first !== undefined) && after?.status !== 'auction'),
        'the sale': !sale || given !== undefined || isEqual(sale.winner, ownerOf(after)),
        'the price': !sale || sale.amount === (first?.amount ?? had?.price),
        'the seller': !sale || isEqual(sale.previousOwner, ownerOf(before)),
        'a transfer': !given || isEqual(given.to, ownerOf(after)),
        'another owner': isEqual(ownerOf(before), ownerOf(after)) || given !== undefined || sale !== undefined,
        'a start that is stored': started !== undefined || after?.status !== 'open' || before?.status === 'open',
        'a start that is told': !started || (after?.status === 'open' && (before?.status !== 'open' || isOver)),
        'its end': !started || (after?.status === 'open' && after.endTime === started.endTime),
        'a cancel': !find(events, 'auction_cancelled') || (before?.status === 'open' && after?.status === 'idle'),
        'a record': !record || after?.status !== 'idle' || record.record === null || after.records !== null,
        'other records':
            !was ||
            !after ||
            after.status === 'uninit' ||
            record !== undefined ||
            sale !== undefined ||
            given !== undefined ||
            isSameCell(was.records, after.records),
    });
}

const isSameCell = (a: Cell | null, b: Cell | null): boolean => (a && b ? a.equals(b) : a === b);

function collectionFaults({
    before,
    after,
    events,
}: Deed<ReturnType<typeof cellToUsernameCollectionConfig>>): string[] {
    const [paused, terms, royalty] = [
        find(events, 'pause_changed'),
        find(events, 'terms_changed'),
        find(events, 'royalty_changed'),
    ];
    const [proposed, admin] = [find(events, 'admin_proposed'), find(events, 'admin_changed')];
    const signer = find(events, 'signer_proposed');
    const isSigned = find(events, 'signer_changed') !== undefined;
    return difference({
        paused: !paused || paused.paused === after?.paused,
        'other pause': before?.paused === after?.paused || !before || paused !== undefined || admin?.admin === null,
        terms: !terms || (terms.openTerms === null) === (after?.openTerms === null),
        royalty: !royalty || isEqual(royalty.royalty.destination, after?.royalty.destination),
        proposed: !proposed || isEqual(proposed.admin, after?.pendingAdmin),
        admin: !admin || isEqual(admin.admin, after?.admin),
        'other admin': !before || isEqual(before.admin, after?.admin) || admin !== undefined,
        signer: !signer || signer.publicKey.equals(after?.pendingPublicKey ?? Buffer.alloc(32)),
        'other signer': !before || !after || isSigned === !before.publicKey.equals(after.publicKey) || isSigned,
    });
}

function accountFaults({ before, after, events }: Deed<ReturnType<typeof cellToChannelAccountData>>): string[] {
    const old = before?.isOpen ? before : null;
    const now = after?.isOpen ? after : null;
    const owed = (data: typeof now): bigint => (data ? data.ownerDue + data.platformDue : 0n);
    const [paid, out, claimed, returned] = [
        find(events, 'paid'),
        find(events, 'paid_out'),
        find(events, 'claimed'),
        find(events, 'claim_returned'),
    ];
    const [reinvested, back, swept] = [
        find(events, 'reinvested'),
        find(events, 'reinvestment_returned'),
        find(events, 'swept'),
    ];
    const received = (now?.received ?? 0n) - (old?.received ?? 0n);
    const ownerDue = (now?.ownerDue ?? 0n) - (old?.ownerDue ?? 0n);
    const [registered, rebound, rebind] = [
        find(events, 'registered'),
        find(events, 'rebound'),
        find(events, 'rebind_proposed'),
    ];
    const key = find(events, 'voucher_key_changed') ?? registered;
    const threshold = find(events, 'auto_payout_changed');
    // The first transaction books what came before it
    const isFirst = !old;
    return difference({
        paid: !paid || isFirst || out !== undefined || (owed(now) > owed(old) && owed(now) - owed(old) <= paid.amount),
        'more owed': isFirst || owed(now) <= owed(old) || !!paid || !!back || !!find(events, 'sweep_returned'),
        'paid out': !out || (now?.ownerDue === 0n && (isFirst || out.amount > 0n)),
        'less due': isFirst || ownerDue >= 0n || !!out || !!reinvested,
        claimed: (claimed?.amount ?? 0n) - (returned?.drawn ?? 0n) === received,
        cumulative: !claimed || claimed.cumulative === now?.received,
        reinvested: !reinvested || isFirst || reinvested.amount === -ownerDue,
        'reinvestment returned': !back || (ownerDue <= back.amount && ownerDue < back.value),
        swept: !swept || now?.platformDue === 0n,
        owner: isEqual(old?.owner, now?.owner) || isEqual(now?.owner, (registered ?? rebound)?.owner),
        pending: !rebind || isEqual(now?.pendingOwner ?? now?.owner, rebind.newOwner),
        key: !key || key.voucherKey.equals(now?.voucherKey ?? Buffer.alloc(0)),
        threshold: (threshold?.threshold ?? old?.autoPayout ?? 0n) === (now?.autoPayout ?? 0n),
    });
}

function campaignFaults({ before, after, events }: Deed<ReturnType<typeof cellToCampaignData>>): string[] {
    const old = before?.isOpen ? before : null;
    const now = after?.isOpen ? after : null;
    const [charged, returned, stopped] = [
        find(events, 'charged'),
        find(events, 'charge_returned'),
        find(events, 'stopped'),
    ];
    const spent = (now?.spent ?? 0n) - (old?.spent ?? 0n);
    return difference({
        charged: (charged?.amount ?? 0n) === (spent > 0n ? spent : 0n),
        cumulative: !charged || charged.cumulative === now?.spent,
        returned: spent >= 0n || (returned !== undefined && -spent <= returned.amount),
        stopped: stopped ? stopped.closingAt === now?.closingAt : (old?.closingAt ?? 0) === (now?.closingAt ?? 0),
    });
}

function networkFaults({ tx, before, after, events }: Deed<ReturnType<typeof cellToAdNetworkData>>): string[] {
    if (!before || !after) {
        return [];
    }
    const due = after.ownersDue + after.platformDue - before.ownersDue - before.platformDue;
    const [revenue, share, paid, out] = [
        find(events, 'revenue'),
        find(events, 'platform_share'),
        find(events, 'paid'),
        find(events, 'paid_out'),
    ];
    const [operator, treasury, key] = [
        find(events, 'operator_announced'),
        find(events, 'treasury_announced'),
        find(events, 'voucher_key_announced'),
    ];
    const [proposed, admin, refused] = [
        find(events, 'admin_proposed'),
        find(events, 'admin_changed'),
        find(events, 'charge_refused'),
    ];
    const isRole = <T>(
        event: { since: number } | undefined,
        role: { next: T; since: number },
        is: (next: T) => boolean,
    ) => !event || (is(role.next) && role.since === event.since);
    return difference({
        revenue: !revenue || due === revenue.amount,
        share: !share || (due === share.amount && after.ownersDue === before.ownersDue),
        paid: !paid || (due > 0n && due < paid.amount),
        out: !out || !('drawn' in out) || after.ownersDue === before.ownersDue - out.drawn,
        refused: !refused || due <= refused.amount,
        'other due': due === 0n || !!(revenue ?? share ?? paid ?? out ?? refused ?? find(events, 'swept')),
        operator: isRole(operator, after.operator, (next) => isEqual(next, operator?.operator)),
        treasury: isRole(treasury, after.treasury, (next) => isEqual(next, treasury?.treasury)),
        key: isRole(key, after.voucherKey, (next) => next.equals(key?.voucherKey ?? Buffer.alloc(0))),
        proposed: !proposed || isEqual(proposed.admin, after.pendingAdmin),
        admin: !admin || isEqual(admin.admin, after.admin),
        'other admin': isEqual(before.admin, after.admin) || admin !== undefined,
        'sweep to the treasury': find(events, 'swept') === undefined || sendsOp(tx, AdsOp.treasury_payout),
    });
}

const sendsOp = (tx: Transaction, op: number): boolean => tx.outMessages.values().some((it) => opOf(it) === op);

const CONTRACTS = {
    UsernameItem: { parse: cellToItemData, faults: itemFaults },
    UsernameCollection: { parse: cellToUsernameCollectionConfig, faults: collectionFaults },
    ChannelAccount: { parse: cellToChannelAccountData, faults: accountFaults },
    Campaign: { parse: cellToCampaignData, faults: campaignFaults },
    AdNetwork: { parse: cellToAdNetworkData, faults: networkFaults },
};
type ContractName = keyof typeof CONTRACTS;

function decode(name: ContractName, tx: Transaction, before: unknown): AnyEvent[] {
    switch (name) {
        case 'UsernameItem':
            return itemEventReader(clockOf(before as ItemData | null))(tx);
        case 'UsernameCollection':
            return collectionEvents(tx);
        case 'ChannelAccount':
            return channelAccountEvents(tx);
        case 'Campaign':
            return campaignEvents(tx);
        case 'AdNetwork':
            return adNetworkEvents(tx);
    }
}

/**
 * From now on every transaction on an embedded chain is decoded by all five functions, and what the right one says is
 * compared with the account's storage before and after it and with what it sent. A difference ends the test.
 *
 * @param hear is told of each transaction of a contract of ours and its events
 */
export function watchEvents(hear: (name: ContractName, events: AnyEvent[], tx: Transaction) => void): void {
    const names = new Map(
        (Object.keys(CONTRACTS) as ContractName[]).map((name) => [loadCode(name).hash().toString('hex'), name]),
    );
    const [ours, sent] = [new Set<string>(), new Set<string>()];
    // What a test makes up in the name of our contracts, or as a bounce, no chain delivers
    const isGenuine = ({ inMessage }: Transaction): boolean => {
        const info = inMessage?.info;
        const isFree = info?.type !== 'internal' || (!info.bounced && !ours.has(info.src.toRawString()));
        return isFree || sent.has(keyOf(inMessage!));
    };
    // eslint-disable-next-line @typescript-eslint/unbound-method -- it is called with its own `this`
    const receive = SmartContract.prototype.receiveMessage;
    SmartContract.prototype.receiveMessage = async function (this: SmartContract, ...args) {
        const before = stateOf(this);
        const tx = await receive.apply(this, args);
        const after = stateOf(this);
        DECODERS.forEach((decoder) => decoder(tx));
        const name = names.get((after ?? before)?.code.hash().toString('hex') ?? '');
        if (name && isGenuine(tx)) {
            const events = checkTransaction(name, tx, before?.data ?? null, after?.data ?? null);
            hear(name, events, tx);
            ours.add(this.address.toRawString());
        }
        if (isGenuine(tx)) {
            tx.outMessages.values().forEach((message) => sent.add(keyOf(message)));
        }
        return tx;
    };
}

const keyOf = (message: Message): string => beginCell().store(storeMessage(message)).endCell().hash().toString('hex');

function stateOf({ accountState }: SmartContract): { code: Cell; data: Cell } | null {
    const state = accountState?.type === 'active' ? accountState.state : null;
    return state?.code && state.data ? { code: state.code, data: state.data } : null;
}

function checkTransaction(name: ContractName, tx: Transaction, before: Cell | null, after: Cell | null): AnyEvent[] {
    const { parse, faults } = CONTRACTS[name];
    const [old, now] = [before && parse(before), after && parse(after)];
    const events = decode(name, tx, old);
    const found = (faults as (deed: Deed<unknown>) => string[])({ tx, before: old, after: now, events });
    const isRejected = find(events, 'rejected') !== undefined;
    // An auction that nobody bid in closes with the next message that does not throw
    const isClosing = (old as ItemData | null)?.status === 'open' && (now as ItemData | null)?.status === 'idle';
    if (isRejected && (events.length > 1 || (!isClosing && !isSameState(before, after)))) {
        found.push('a rejection that changed something');
    }
    if (events.length === 0 && old && now && !isClosing && !isSameState(before, after)) {
        found.push('a change that no event tells');
    }
    expect({ name, found, events: found.length ? events : [] }).toEqual({ name, found: [], events: [] });
    const isReport = sendsOp(tx, UsernameOp.report_static_data) || sendsOp(tx, UsernameOp.report_royalty_params);
    if (!isReport) {
        expect(paidBy(events)).toEqual(paidIn(tx));
    }
    return events;
}

const isSameState = (a: Cell | null, b: Cell | null): boolean => (a && b ? a.equals(b) : true);
