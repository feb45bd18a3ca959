import { level, nextBid, ownerShare, royalty, sale, spendable } from './formulas';
import type { Claim, Range } from './terms';

/** An amount of nanotons in a message: VarUInteger 16 (block.tlb, `Grams`). */
const COINS: Range = [0n, (1n << 120n) - 1n];
/** An amount that the ad contracts store or read; all TON there are make less than 2^63 nanotons. */
const AMOUNT: Range = [0n, (1n << 63n) - 1n];
const SHARE_BPS: Range = [0n, 10_000n];
const TIME: Range = [0n, (1n << 32n) - 1n];
/** The highest bid, UNLIMITED_BID. */
const BID: Range = [0n, (1n << 58n) - 1n];
const STEP: Range = [1n, 255n];
const UINT16: Range = [0n, 65_535n];
/** A balance less what is kept may be negative. */
const AVAILABLE: Range = [-COINS[1], COINS[1]];

const split = { payment: COINS, shareBps: SHARE_BPS };
const bucket = { level: AMOUNT, rate: AMOUNT, lastAt: TIME, at: TIME };
const bidding = { bid: BID, step: STEP, maxBid: BID, outbidFee: COINS };
const selling = { bid: BID, numerator: UINT16, denominator: [1n, 65_535n] as const, available: AVAILABLE };

/** What the contracts' arithmetic guarantees. */
export const CLAIMS: readonly Claim[] = [
    {
        formula: 'ownerShare',
        sentence: 'The owner and the platform get parts of a payment, none below 0, that make the payment.',
        variables: split,
        claim: (m, { payment, shareBps }) => {
            const owner = ownerShare(m, payment!, shareBps!);
            const platform = m.sub(payment!, owner);
            return { holds: m.all(owner.ge(0), platform.ge(0), m.add(owner, platform).eq(payment!)) };
        },
    },
    {
        formula: 'ownerShare',
        sentence: 'The owner gets no less than his share, and less than a nanoton more.',
        variables: split,
        claim: (m, { payment, shareBps }) => {
            const [owner, exact] = [ownerShare(m, payment!, shareBps!), payment!.mul(shareBps!)];
            return { holds: m.all(owner.mul(10_000).ge(exact), owner.sub(1).mul(10_000).lt(exact)) };
        },
    },
    {
        formula: 'ownerShare',
        sentence: 'At 5000 basis points the owner gets a half, and of an odd payment the odd nanoton.',
        variables: { payment: COINS },
        claim: (m, { payment }) => {
            const owner = ownerShare(m, payment!, m.num(5_000n));
            const more = owner.sub(payment!.sub(owner));
            return { holds: m.all(more.eq(payment!.mod(2)), owner.mul(2).ge(payment!)) };
        },
    },
    {
        formula: 'ownerShare',
        sentence: 'Of a bigger payment the owner never gets less, and the platform neither.',
        variables: { ...split, bigger: COINS },
        claim: (m, { payment, bigger, shareBps }) => {
            const [less, more] = [ownerShare(m, payment!, shareBps!), ownerShare(m, bigger!, shareBps!)];
            return {
                given: [bigger!.ge(payment!)],
                holds: m.all(more.ge(less), bigger!.sub(more).ge(payment!.sub(less))),
            };
        },
    },
    {
        formula: 'ownerShare',
        sentence: 'Two payments in place of one bring the owner the same or one nanoton more.',
        variables: { ...split, other: COINS },
        claim: (m, { payment, other, shareBps }) => {
            const apart = m.add(ownerShare(m, payment!, shareBps!), ownerShare(m, other!, shareBps!));
            const more = apart.sub(ownerShare(m, m.add(payment!, other!), shareBps!));
            return { holds: m.within(more, [0n, 1n]) };
        },
    },
    {
        formula: 'level',
        sentence: 'A bucket holds between 0 and what it held, so it fits where it is stored and stays below its burst.',
        variables: bucket,
        claim: (m, { level: before, lastAt, rate, at }) => {
            const now = level(m, before!, lastAt!, rate!, at!);
            return { given: [at!.ge(lastAt!)], holds: m.all(now.ge(0), now.le(before!)) };
        },
    },
    {
        formula: 'level',
        sentence: 'The later the emptier; a fuller bucket stays the fuller one.',
        variables: { ...bucket, later: TIME, fuller: AMOUNT },
        claim: (m, { level: before, lastAt, rate, at, later, fuller }) => {
            const now = level(m, before!, lastAt!, rate!, at!);
            return {
                given: [at!.ge(lastAt!), later!.ge(at!), fuller!.ge(before!)],
                holds: m.all(
                    level(m, before!, lastAt!, rate!, later!).le(now),
                    level(m, fuller!, lastAt!, rate!, at!).ge(now),
                ),
            };
        },
    },
    {
        formula: 'level',
        sentence: 'Looking at a bucket in between changes nothing.',
        variables: { ...bucket, later: TIME },
        claim: (m, { level: before, lastAt, rate, at, later }) => {
            const between = level(m, before!, lastAt!, rate!, at!);
            return {
                given: [at!.ge(lastAt!), later!.ge(at!)],
                holds: level(m, between, at!, rate!, later!).eq(level(m, before!, lastAt!, rate!, later!)),
            };
        },
    },
    {
        formula: 'level',
        sentence:
            'What a bucket has let pass since any time is at most burst + rate x the seconds since then: it held before one ' +
            'more amount that leaves it at or below its burst, so it holds after it.',
        variables: { ...bucket, burst: AMOUNT, amount: AMOUNT, start: TIME, passed: [0n, 1n << 160n] },
        claim: (m, { level: before, lastAt, rate, at, burst, amount, start, passed }) => {
            const after = m.add(level(m, before!, lastAt!, rate!, at!), amount!);
            const allowed = (held: typeof after, time: typeof after) => held.add(rate!.mul(time.sub(start!)));
            return {
                // What passed is at most what the bucket holds and what it has lost, and it holds no more than its burst
                given: [at!.ge(lastAt!), lastAt!.ge(start!), passed!.le(allowed(before!, lastAt!)), after.le(burst!)],
                holds: m.all(
                    passed!.add(amount!).le(allowed(after, at!)),
                    passed!.add(amount!).le(allowed(burst!, at!)),
                    m.within(after, AMOUNT),
                ),
            };
        },
    },
    {
        formula: 'spendable',
        sentence: 'Spending it takes no more than the value that came, and leaves what is kept.',
        variables: { balance: COINS, value: COINS, kept: COINS },
        claim: (m, { balance, value, kept }) => {
            const left = spendable(m, balance!, value!, kept!);
            return { holds: m.all(left.le(value!), balance!.sub(left).ge(kept!)) };
        },
    },
    {
        formula: 'nextBid',
        sentence: 'The next bid is above this one unless this one is the maximum, and it never is above that.',
        variables: bidding,
        claim: (m, { bid, step, maxBid, outbidFee }) => {
            const next = nextBid(m, bid!, step!, maxBid!, outbidFee!);
            return {
                given: [bid!.ge(1), bid!.le(maxBid!)],
                holds: m.all(next.le(maxBid!), m.either(next.gt(bid!), bid!.eq(maxBid!)), m.within(next, BID)),
            };
        },
    },
    {
        formula: 'nextBid',
        sentence: 'Below the maximum the step is at least its percentage and at least two outbids.',
        variables: bidding,
        claim: (m, { bid, step, maxBid, outbidFee }) => {
            const next = nextBid(m, bid!, step!, maxBid!, outbidFee!);
            const more = next.sub(bid!);
            return {
                given: [next.lt(maxBid!)],
                holds: m.all(more.mul(100).ge(bid!.mul(step!)), more.ge(outbidFee!.mul(2))),
            };
        },
    },
    {
        formula: 'nextBid',
        sentence: 'It is the step rounded up or two outbids, and no nanoton more.',
        variables: bidding,
        claim: (m, { bid, step, maxBid, outbidFee }) => {
            const more = nextBid(m, bid!, step!, maxBid!, outbidFee!).sub(bid!);
            const isLeast = m.either(more.sub(1).mul(100).lt(bid!.mul(step!)), more.le(outbidFee!.mul(2)));
            return { given: [bid!.le(maxBid!)], holds: isLeast };
        },
    },
    {
        formula: 'sale',
        sentence:
            'Royalty and payout are none below 0 and make what is paid: at most the bid, and no overdraw of the pot.',
        variables: selling,
        claim: (m, { bid, numerator, denominator, available }) => {
            const parts = sale(m, bid!, numerator!, denominator!, available!);
            const all = parts.royalty.add(parts.payout);
            return {
                given: [numerator!.mul(4).le(denominator!)],
                holds: m.all(
                    parts.royalty.ge(0),
                    parts.payout.ge(0),
                    all.eq(parts.paid),
                    all.le(bid!),
                    m.either(all.eq(0), all.le(available!)),
                ),
            };
        },
    },
    {
        formula: 'sale',
        sentence: 'Where the pot has the bid, all of it is paid, the royalty rounded down and at most a quarter.',
        variables: selling,
        claim: (m, { bid, numerator, denominator, available }) => {
            const parts = sale(m, bid!, numerator!, denominator!, available!);
            const exact = bid!.mul(numerator!);
            return {
                given: [numerator!.mul(4).le(denominator!), available!.ge(bid!)],
                holds: m.all(
                    parts.paid.eq(bid!),
                    parts.royalty.mul(denominator!).le(exact),
                    parts.royalty.add(1).mul(denominator!).gt(exact),
                    parts.royalty.mul(4).le(bid!),
                ),
            };
        },
    },
    {
        formula: 'sale',
        sentence:
            "What the pot lacks is the seller's loss first; the royalty is cut only when nothing is left for him.",
        variables: selling,
        claim: (m, { bid, numerator, denominator, available }) => {
            const parts = sale(m, bid!, numerator!, denominator!, available!);
            const whole = royalty(m, bid!, numerator!, denominator!);
            return {
                given: [numerator!.mul(4).le(denominator!)],
                holds: m.either(parts.royalty.eq(whole), parts.payout.eq(0)),
            };
        },
    },
];

/** Wrong on purpose: a prover that believes one of these is of no use. */
export const FALSE_CLAIMS: readonly Claim[] = [
    {
        formula: 'ownerShare',
        sentence: 'Rounded down, the owner still gets half of a payment.',
        variables: { payment: COINS },
        claim: (m, { payment }) => ({
            holds: m.muldiv(payment!, m.num(5_000n), m.num(10_000n)).mul(2).ge(payment!),
        }),
    },
    {
        formula: 'level',
        sentence: 'Without the maximum with 0 a bucket holds no less than 0.',
        variables: bucket,
        claim: (m, { level: before, lastAt, rate, at }) => ({
            given: [at!.ge(lastAt!)],
            holds: m.sub(before!, m.mul(rate!, m.sub(at!, lastAt!))).ge(0),
        }),
    },
    {
        formula: 'nextBid',
        sentence: 'Without the minimum with the maximum the next bid is never above it.',
        variables: bidding,
        claim: (m, { bid, step, maxBid }) => ({
            given: [bid!.le(maxBid!)],
            holds: m.add(bid!, m.muldivc(bid!, step!, m.num(100n))).le(maxBid!),
        }),
    },
    {
        formula: 'sale',
        sentence: 'A royalty that is not cut to what is paid leaves the seller no less than 0.',
        variables: selling,
        claim: (m, { bid, numerator, denominator, available }) => {
            const all = m.max(m.num(0n), m.min(bid!, available!));
            const part = royalty(m, bid!, numerator!, denominator!);
            return { given: [numerator!.mul(4).le(denominator!)], holds: m.sub(all, part).ge(0) };
        },
    },
];

/** Wrong on purpose: it overflows. */
export const OVERFLOWING_CLAIM: Claim = {
    formula: 'level',
    sentence: 'A rate of any TVM integer overflows within 2^32 seconds.',
    variables: { ...bucket, rate: [0n, (1n << 256n) - 1n] },
    claim: (m, { level: before, lastAt, rate, at }) => ({
        given: [at!.ge(lastAt!)],
        holds: level(m, before!, lastAt!, rate!, at!).ge(0),
    }),
};
