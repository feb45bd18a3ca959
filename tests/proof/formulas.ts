// The contracts' arithmetic, each formula once: formulas.spec.ts compares it with the FunC functions, claims.spec.ts proves what it
// says about every number in range.

/** FunC's operations on integers, of numbers or of terms that stand for all numbers in a range. */
export interface Arithmetic<T> {
    num(value: bigint): T;
    add(a: T, b: T): T;
    sub(a: T, b: T): T;
    mul(a: T, b: T): T;
    /** a * b / c, rounded down, with an intermediate result of 513 bits; c is above 0. */
    muldiv(a: T, b: T, c: T): T;
    /** The same, rounded up. */
    muldivc(a: T, b: T, c: T): T;
    min(a: T, b: T): T;
    max(a: T, b: T): T;
}

const floorDiv = (a: bigint, b: bigint): bigint => a / b - (a % b < 0n ? 1n : 0n);

/** The operations on numbers. */
export const NUMBERS: Arithmetic<bigint> = {
    num: (value) => value,
    add: (a, b) => a + b,
    sub: (a, b) => a - b,
    mul: (a, b) => a * b,
    muldiv: (a, b, c) => floorDiv(a * b, c),
    muldivc: (a, b, c) => -floorDiv(-a * b, c),
    min: (a, b) => (a < b ? a : b),
    max: (a, b) => (a > b ? a : b),
};

/** contracts/ads/split.fc, `calc_owner_share`. */
export function ownerShare<T>(m: Arithmetic<T>, payment: T, shareBps: T): T {
    return m.muldivc(payment, shareBps, m.num(10_000n));
}

/** contracts/ads/split.fc, `calc_level`. */
export function level<T>(m: Arithmetic<T>, before: T, lastAt: T, rate: T, at: T): T {
    return m.max(m.num(0n), m.sub(before, m.mul(rate, m.sub(at, lastAt))));
}

/** contracts/ads/split.fc, `calc_spendable`. */
export function spendable<T>(m: Arithmetic<T>, balance: T, value: T, kept: T): T {
    return m.min(value, m.sub(balance, kept));
}

/** contracts/usernames/auction.fc, `calc_next_bid` with `calc_bid_step`; outbidFee is what `calc_outbid_fee` gives. */
export function nextBid<T>(m: Arithmetic<T>, bid: T, step: T, maxBid: T, outbidFee: T): T {
    const bidStep = m.max(m.muldivc(bid, step, m.num(100n)), m.mul(m.num(2n), outbidFee));
    return m.min(maxBid, m.add(bid, bidStep));
}

/** contracts/usernames/auction.fc, `calc_paid`. */
export function paid<T>(m: Arithmetic<T>, bid: T, available: T): T {
    return m.max(m.num(0n), m.min(bid, available));
}

/** contracts/usernames/auction.fc, `calc_royalty`. */
export function royalty<T>(m: Arithmetic<T>, bid: T, numerator: T, denominator: T): T {
    return m.muldiv(bid, numerator, denominator);
}

/** How `settle_auction` in contracts/usernames/item.fc divides what is paid. */
export function sale<T>(m: Arithmetic<T>, bid: T, numerator: T, denominator: T, available: T) {
    const all = paid(m, bid, available);
    const part = m.min(all, royalty(m, bid, numerator, denominator));
    return { paid: all, royalty: part, payout: m.sub(all, part) };
}
