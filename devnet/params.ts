import { Address, Cell } from '@ton/core';

import { RequestError } from './http';

/** The parameters of a call, from a query string or from JSON. Whatever is wrong with one throws `RequestError` 422. */
export class Params {
    private readonly values: Record<string, unknown>;

    constructor(values: unknown) {
        if (values === undefined || values === null) {
            this.values = {};
        } else if (typeof values === 'object' && !Array.isArray(values)) {
            this.values = values as Record<string, unknown>;
        } else {
            throw new RequestError(422, 'The parameters are no object with names.');
        }
    }

    has(name: string): boolean {
        const value = this.raw(name);
        return value !== undefined && value !== null && value !== '';
    }

    raw(name: string): unknown {
        return Object.hasOwn(this.values, name) ? this.values[name] : undefined;
    }

    text(name: string): string {
        const value = this.raw(name);
        if (typeof value === 'number' && Number.isSafeInteger(value)) {
            return String(value);
        }
        if (typeof value !== 'string' || value === '') {
            throw new RequestError(422, `The parameter ${name} is missing or no text.`);
        }
        return value;
    }

    address(name: string): Address {
        return parseAddress(this.text(name), name);
    }

    bigint(name: string): bigint {
        const text = this.text(name);
        if (!/^\d{1,40}$/.test(text)) {
            throw new RequestError(422, `The parameter ${name} is no whole number: ${excerpt(text)}.`);
        }
        return BigInt(text);
    }

    integer(name: string, { min, max, otherwise }: { min: number; max: number; otherwise?: number }): number {
        if (otherwise !== undefined && !this.has(name)) {
            return otherwise;
        }
        const text = this.text(name);
        const value = Number(text);
        if (!/^-?\d+$/.test(text) || value < min || value > max) {
            throw new RequestError(
                422,
                `The parameter ${name} is no whole number of ${min} to ${max}: ${excerpt(text)}.`,
            );
        }
        return value;
    }

    flag(name: string): boolean {
        const value = this.raw(name);
        return value === true || value === 'true' || value === 1 || value === '1';
    }

    /** The only root of a BoC. */
    cell(name: string): Cell {
        return parseBoc(this.text(name), name);
    }

    /** 32 bytes, as hex or base64 of either alphabet. */
    hash(name: string): Buffer {
        return parseHash(this.text(name), name);
    }
}

export function parseAddress(text: string, name = 'address'): Address {
    try {
        return Address.parse(text);
    } catch {
        throw new RequestError(422, `The parameter ${name} is no address: ${excerpt(text)}.`);
    }
}

/** The only root of a base64 BoC. */
export function parseBoc(text: string, name: string): Cell {
    try {
        const [root, ...others] = Cell.fromBoc(Buffer.from(text, 'base64'));
        if (root && others.length === 0) {
            return root;
        }
    } catch {
        // Said below
    }
    throw new RequestError(422, `The parameter ${name} is no bag of cells with one root in base64.`);
}

export function parseHash(text: string, name = 'hash'): Buffer {
    const bytes = /^[0-9a-fA-F]{64}$/.test(text) ? Buffer.from(text, 'hex') : Buffer.from(text, 'base64');
    if (bytes.length !== 32 || !/^[0-9a-zA-Z+/_=-]+$/.test(text)) {
        throw new RequestError(422, `The parameter ${name} is no hash of 32 bytes: ${excerpt(text)}.`);
    }
    return bytes;
}

const excerpt = (text: string): string => JSON.stringify(text.length > 80 ? `${text.slice(0, 80)}…` : text);
