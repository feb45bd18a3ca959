import type { OpenChannel, OpenNetwork } from '../../cli/ads';
import { adsScript, openChannel, openNetwork } from '../../cli/ads';
import { failureOf, sentMessages } from '../../cli/chain';
import type { Session } from '../../cli/session';
import { newQueryId, requireGlobalId } from '../../cli/usernames';
import { readVouchers } from '../../cli/vouchers';
import { coins, Refusal } from '../../cli/words';
import type { Voucher } from '../../wrappers/ads';
import { ChannelAccount, decodeVoucher, quoteClaim, quoteSyncKey, verifyVoucher } from '../../wrappers/ads';

/** A claim that can be sent: the owner gets `amount` nanotons. */
type Claim = { voucher: Voucher; channel: OpenChannel; amount: bigint };

/**
 * Claims a voucher (voucher=), or all of a file that settle has written (file=): each owner is paid by the network. Anyone
 * may, and pays the gas.
 */
export const run = adsScript({ keys: ['voucher', 'file'] }, async (session) => {
    const network = await openNetwork(session);
    const vouchers = await readWords(session);
    const claims: Claim[] = [];
    const byPayee = new Map<bigint, Voucher[]>();
    for (const voucher of vouchers) {
        byPayee.set(voucher.payeeId, [...(byPayee.get(voucher.payeeId) ?? []), voucher]);
    }
    let { drawable } = network.state;
    let looked = 0;
    for (const [payeeId, ofPayee] of byPayee) {
        const claim = await prepare(session, network, await openChannel(session, network, payeeId), ofPayee, drawable);
        if (typeof claim !== 'string') {
            claims.push(claim);
            drawable -= claim.amount;
        } else if (vouchers.length === 1) {
            throw new Refusal(claim);
        } else {
            session.print(`Left out: ${claim}`);
        }
        looked += 1;
        if (looked % 100 === 0) {
            session.print(`${looked} of ${byPayee.size} channels looked at...`);
        }
    }
    if (claims.length === 0) {
        throw new Refusal('None of these vouchers can be claimed.');
    }
    const total = claims.reduce((sum, { amount }) => sum + amount, 0n);
    session.print(`${claims.length} owners get ${coins(total)} in all from the network.`);
    for (const [at, claim] of claims.entries()) {
        const paid = await carryOut(session, network, claim);
        session.print(`${at + 1} of ${claims.length}: ${coins(paid)} went to the owner of ${claim.channel.word}.`);
    }
    session.next('ads/showNetwork', [], 'look at what owners are still due.');
});

async function readWords(session: Session): Promise<Voucher[]> {
    const [text, file] = [session.words.get('voucher'), session.words.get('file')];
    if ((text === undefined) === (file === undefined)) {
        throw new Refusal('Give voucher= (one) or file= (what settle has written).');
    }
    if (file !== undefined) {
        return readVouchers(file);
    }
    try {
        return [decodeVoucher(text ?? '')];
    } catch {
        throw new Refusal('voucher= is no voucher: copy it whole.');
    }
}

/**
 * The voucher that brings a payee most of what the network can pay now, or why there is none.
 *
 * @param drawable what the network pays now, in nanotons
 */
async function prepare(
    session: Session,
    network: OpenNetwork,
    channel: OpenChannel,
    vouchers: Voucher[],
    drawable: bigint,
): Promise<Claim | string> {
    const { word, state, address: account } = channel;
    const { globalId } = await requireGlobalId(session);
    const publicKey = network.powers.voucherKey.holder;
    const signed = vouchers.filter((it) =>
        verifyVoucher(it, { globalId, network: network.address, account, publicKey }),
    );
    if (signed.length === 0) {
        return `the voucher of ${word} is not signed by the network's voucher key ${publicKey.toString('hex')}.`;
    }
    if (!state?.owner) {
        return `the channel ${word} has no owner yet: he runs ads/registerChannel ${word} first.`;
    }
    const open = signed
        .map((voucher) => ({ voucher, channel, amount: voucher.cumulative - state.received }))
        .filter(({ amount }) => amount > 0n)
        .sort((a, b) => (a.amount < b.amount ? -1 : 1));
    const [least] = open;
    if (!least) {
        return `the voucher of ${word} is claimed already: the account has received ${coins(state.received)}.`;
    }
    // One draw is at most the network's burst, so who is owed more claims an older voucher first
    return (
        open.reverse().find(({ amount }) => amount <= drawable) ??
        `the voucher of ${word} is for ${coins(least.amount)}, and the network pays ${coins(drawable)} now: try again later.`
    );
}

/** Claims and gives what the owner was paid, with what was left of the value. */
async function carryOut(session: Session, network: OpenNetwork, { voucher, channel }: Claim): Promise<bigint> {
    const { prices } = await session.config();
    const { address, word, state, funds } = channel;
    if (!state?.voucherKey?.equals(network.powers.voucherKey.holder)) {
        session.print(`The account of ${word} knows an older voucher key, and fetches the new one first.`);
        const sync = await session.carryOut({
            to: address,
            value: quoteSyncKey(funds, prices),
            body: ChannelAccount.syncKeyMessage({ queryId: newQueryId() }),
            cost: 'It pays the gas; the rest comes back.',
        });
        const asked = await session.follow(sync, network.address);
        await (asked && session.follow(asked, address));
    }
    const claim = await session.carryOut({
        to: address,
        value: quoteClaim(funds, prices),
        body: ChannelAccount.claimMessage({ voucher }),
        cost: 'It pays the gas; the rest goes to the owner with his payout.',
    });
    const draw = await session.follow(claim, network.address);
    const failure = draw ? failureOf(draw) : 'no message to it';
    if (!draw || failure !== null) {
        throw new Refusal(`The network refused ${word} with ${failure}: nothing has changed, claim it again later.`);
    }
    return sentMessages(draw).reduce((sum, { info }) => sum + info.value.coins, 0n);
}
