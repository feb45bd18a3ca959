import { createHash } from 'node:crypto';

import { Address, beginCell, type Cell } from '@ton/core';

/** A generator of test values: the same seed gives the same values on every machine. */
export class Random {
    private counter = 0;

    constructor(private readonly seed: string) {}

    bytes(length: number): Buffer {
        const blocks: Buffer[] = [];
        while (blocks.length * 32 < length) {
            blocks.push(createHash('sha256').update(`${this.seed}/${this.counter++}`).digest());
        }
        return Buffer.concat(blocks).subarray(0, length);
    }

    /** An unsigned number of up to `bits` bits. */
    uint(bits: number): bigint {
        return bits === 0
            ? 0n
            : BigInt(`0x${this.bytes(Math.ceil(bits / 8)).toString('hex')}`) & ((1n << BigInt(bits)) - 1n);
    }

    /** A whole number from 0 to `limit - 1`. */
    below(limit: number): number {
        return Number(this.uint(48) % BigInt(limit));
    }

    /** A text of the letters a to z. */
    letters(length: number): string {
        return Array.from(this.bytes(length), (byte) => String.fromCharCode(97 + (byte % 26))).join('');
    }

    boolean(): boolean {
        return this.uint(1) === 1n;
    }

    /** An address in workchain 0. */
    address(): Address {
        return new Address(0, this.bytes(32));
    }

    /** A small cell, sometimes with a reference. */
    cell(): Cell {
        const builder = beginCell().storeBuffer(this.bytes(this.below(8)));
        return (this.boolean() ? builder.storeRef(beginCell().storeUint(this.uint(8), 8)) : builder).endCell();
    }
}
