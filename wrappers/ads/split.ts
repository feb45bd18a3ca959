import { GramhouseError } from '../common/errors';

/** Basis points in a whole. */
export const FULL_SHARE_BPS = 10_000;
/** Amounts in nanotons are below. */
export const AMOUNT_LIMIT = 1n << 63n;

/** A payment divided, in nanotons. */
export type RevenueSplit = { owner: bigint; platform: bigint };

/**
 * Divides a payment as the contracts do: the owner has the share rounded up, the platform the rest. Throws `invalid_share`.
 *
 * @example
 * ```ts
 * splitRevenue(toNano('10'), 5000); // => { owner: toNano('5'), platform: toNano('5') }
 * splitRevenue(3n, 5000); // => { owner: 2n, platform: 1n }
 * ```
 */
export function splitRevenue(payment: bigint, shareBps: number): RevenueSplit {
    const share = BigInt(checkShare(shareBps));
    const whole = BigInt(FULL_SHARE_BPS);
    const owner = (payment * share + whole - 1n) / whole;
    return { owner, platform: payment - owner };
}

/** A share in basis points, or `invalid_share`. */
export function checkShare(shareBps: number): number {
    if (!Number.isInteger(shareBps) || shareBps < 0 || shareBps > FULL_SHARE_BPS) {
        throw new GramhouseError(
            'invalid_share',
            `A share is 0 to ${FULL_SHARE_BPS} basis points and not ${shareBps}.`,
        );
    }
    return shareBps;
}

/** An amount in nanotons above 0 and below 2^63, or `invalid_amount`. */
export function checkAmount(amount: bigint): bigint {
    if (amount <= 0n || amount >= AMOUNT_LIMIT) {
        throw new GramhouseError('invalid_amount', `${amount} is no amount.`, {
            hint: 'It is at least one nanoton, and below 2^63.',
        });
    }
    return amount;
}

/** A leaky bucket: it takes `burst` nanotons at most and loses `rate` nanotons a second. */
export type Bucket = { burst: bigint; rate: bigint };

/** What a bucket that held `level` nanotons at `lastAt` holds at a later time (unix seconds). */
export function bucketLevel({ rate }: Bucket, level: bigint, lastAt: number, at: number): bigint {
    const left = level - rate * BigInt(at - lastAt);
    return left > 0n ? left : 0n;
}

/** In how many seconds a bucket that holds `level` takes `amount`; null if it never does. */
export function secondsUntil({ burst, rate }: Bucket, level: bigint, amount: bigint): number | null {
    const excess = level + amount - burst;
    if (excess <= 0n) {
        return 0;
    }
    return amount > burst || rate === 0n ? null : Number((excess + rate - 1n) / rate);
}
