import { Address, fromNano, toNano } from '@ton/core';

/** Why a script stops: one line that says what is wrong and how to mend it. */
export class Refusal extends Error {
    override readonly name = 'Refusal';
}

/** The words after the script's name. */
export type Words = {
    /** What stands behind `key=`; undefined if the word is missing. */
    get(key: string): string | undefined;
    /** Whether the bare word is there. */
    has(flag: string): boolean;
};

/**
 * Reads `key=value` and bare words.
 *
 * @param keys the keys that the script knows
 * @param flags the bare words that it knows
 */
export function parseWords(args: string[], keys: string[], flags: string[]): Words {
    const known = [...keys.map((key) => `${key}=`), ...flags].join(', ');
    const values = new Map<string, string>();
    const found = new Set<string>();
    for (const arg of args) {
        const at = arg.indexOf('=');
        const key = at < 0 ? arg : arg.slice(0, at);
        if (at < 0 ? !flags.includes(key) : !keys.includes(key)) {
            throw new Refusal(`There is no word ${JSON.stringify(arg)} here. The words of this script: ${known}.`);
        }
        if (values.has(key) || found.has(key)) {
            throw new Refusal(`The word ${key} is there twice: leave one out.`);
        }
        if (at < 0) {
            found.add(key);
        } else if (at === arg.length - 1) {
            throw new Refusal(`Nothing stands behind ${key}=: write a value, or leave the word out.`);
        } else {
            values.set(key, arg.slice(at + 1));
        }
    }
    return { get: (key) => values.get(key), has: (flag) => found.has(flag) };
}

/** Nanotons for people to read. */
export const coins = (amount: bigint): string => `${fromNano(amount)} TON`;

/** An amount of coins, for example `2.5`, in nanotons. */
export function parseCoins(text: string, key: string): bigint {
    if (!/^\d{1,9}(\.\d{1,9})?$/.test(text)) {
        throw new Refusal(`${key}=${text} is no amount: write coins with up to nine decimals, for example ${key}=2.5.`);
    }
    return toNano(text);
}

const SECONDS = { d: 86400, h: 3600, m: 60, s: 1 };

/** A time span like `90s`, `5m`, `1h` or `7d`, in seconds. */
export function parseSpan(text: string, key: string): number {
    const [, count, unit] = /^(\d{1,8})([dhms])$/.exec(text) ?? [];
    if (count === undefined || unit === undefined) {
        throw new Refusal(`${key}=${text} is no time span: write for example ${key}=5m, 1h or 7d.`);
    }
    return Number(count) * SECONDS[unit as keyof typeof SECONDS];
}

/** A span of seconds for people to read, in its largest whole unit. */
export function span(seconds: number): string {
    const [unit = 's', size = 1] =
        Object.entries(SECONDS).find(([, size]) => seconds >= size && seconds % size === 0) ?? [];
    return `${seconds / size}${unit}`;
}

const LAST_DATE = 253402300799;

/** Unix seconds for people to read. */
export const date = (time: number): string =>
    time > LAST_DATE
        ? 'thousands of years from now'
        : `${new Date(time * 1000).toISOString().slice(0, 19).replace('T', ' ')} UTC`;

/** Whole percent. */
export function parsePercent(text: string, key: string): number {
    if (!/^\d{1,3}$/.test(text)) {
        throw new Refusal(`${key}=${text} is no whole percentage: write for example ${key}=5.`);
    }
    return Number(text);
}

/** So many bytes in hex. */
export function parseHex(text: string, key: string, bytes: number): Buffer {
    if (!new RegExp(`^[0-9a-fA-F]{${2 * bytes}}$`).test(text)) {
        throw new Refusal(`${key}= takes ${2 * bytes} hex digits, which are ${bytes} bytes, and not ${text}.`);
    }
    return Buffer.from(text, 'hex');
}

/** An address in workchain 0. One that is marked for test networks is refused on mainnet. */
export function parseAddress(text: string, key: string, network: string): Address {
    if (Address.isRaw(text)) {
        return inWorkchain0(Address.parseRaw(text), text, key);
    }
    if (!Address.isFriendly(text)) {
        throw new Refusal(`${key}=${text} is no address: copy it whole, like EQ... or UQ....`);
    }
    let parsed;
    try {
        parsed = Address.parseFriendly(text);
    } catch {
        throw new Refusal(`${key}=${text} has a wrong checksum: a character of the address is wrong, copy it again.`);
    }
    if (parsed.isTestOnly && network === 'mainnet') {
        throw new Refusal(`${key}=${text} is an address of a test network, and this is mainnet: give one of mainnet.`);
    }
    return inWorkchain0(parsed.address, text, key);
}

function inWorkchain0(address: Address, text: string, key: string): Address {
    if (address.workChain !== 0) {
        throw new Refusal(`${key}=${text} is in the masterchain: the contracts take addresses in workchain 0 only.`);
    }
    return address;
}
