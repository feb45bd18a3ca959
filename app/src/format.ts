import { fromNano, toNano, type Address } from '@ton/core';

/** Nanotons as TON, exactly, with groups of thousands: `12,345.5`. */
export function formatTon(amount: bigint): string {
    const [whole = '0', fraction] = fromNano(amount).split('.');
    const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
    return fraction === undefined ? grouped : `${grouped}.${fraction}`;
}

/**
 * What a person typed as TON in nanotons, with a point or a comma before the fraction; null if it is no amount above zero.
 * 1,250 is none: it may be a thousand or one, and is not guessed.
 */
export function parseTon(text: string): bigint | null {
    const typed = text.trim();
    const plain = typed.replace(',', '.');
    if (/^[1-9]\d{0,2},\d{3}$/.test(typed) || !/^\d{1,10}(\.\d{1,9})?$/.test(plain)) {
        return null;
    }
    const amount = toNano(plain);
    return amount > 0n ? amount : null;
}

const dates = new Intl.DateTimeFormat(undefined, { dateStyle: 'medium', timeStyle: 'short' });

/** The last second that the platform's dates have. */
const LAST_TIME = 8.64e12;

/** Unix seconds in the device's time zone and language. */
export const formatTime = (seconds: number): string => dates.format(Math.min(seconds, LAST_TIME) * 1000);

/** `2 d 3 h`, `5 h 12 min`, `4 min 09 s`. */
export function formatDuration(seconds: number): string {
    const [days, hours, minutes] = [seconds / 86_400, (seconds / 3600) % 24, (seconds / 60) % 60].map(Math.floor);
    if (days) {
        return `${days} d ${hours} h`;
    }
    if (hours) {
        return `${hours} h ${minutes} min`;
    }
    return `${minutes} min ${String(Math.floor(seconds % 60)).padStart(2, '0')} s`;
}

/** `7 days`, `5 minutes`: a period that somebody has chosen, in the greatest unit of which it is a whole number. */
export function formatPeriod(seconds: number): string {
    const units = { day: 86_400, hour: 3600, minute: 60, second: 1 };
    const [unit, size] = Object.entries(units).find(([, size]) => seconds % size === 0) ?? ['second', 1];
    return new Intl.NumberFormat('en', { style: 'unit', unit, unitDisplay: 'long' }).format(seconds / size);
}

/** The first and the last characters of an address in the form that people know. */
export function shortAddress(address: Address, testOnly = false): string {
    const text = address.toString({ bounceable: false, testOnly });
    return `${text.slice(0, 6)}…${text.slice(-4)}`;
}
