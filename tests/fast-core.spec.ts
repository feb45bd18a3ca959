import * as core from '@ton/core';
import * as crypto from '@ton/crypto';

import { Random } from './helpers/random';

// What tests/helpers/fast-core.ts exchanges for the tests does what the libraries' own does.

let own: { core: typeof core; crypto: typeof crypto };
jest.isolateModules(() => {
    own = { core: jest.requireActual('@ton/core'), crypto: jest.requireActual('@ton/crypto') };
});
const random = new Random('fast core');
const CASES = Array.from({ length: 300 }, () => ({
    bytes: random.bytes(1 + random.below(40)),
    from: random.below(20),
    bits: random.below(257),
}));

/** What a function gives, or the message of what it throws. */
function outcome<T>(run: () => T): T | string {
    try {
        return run();
    } catch (error) {
        return (error as Error).message;
    }
}

it('is not compared with itself', () => {
    expect(own.core.BitReader.prototype).not.toBe(core.BitReader.prototype);
    expect(Reflect.get(own.core.BitReader.prototype, '_preloadUint')).not.toBe(
        Reflect.get(core.BitReader.prototype, '_preloadUint'),
    );
});

describe.each(['loadUintBig', 'loadUint', 'loadIntBig', 'preloadUint', 'loadVarUintBig'] as const)('%s', (name) => {
    it('reads the same number from any bits, and fails beyond them with the same words', () => {
        for (const { bytes, from, bits } of CASES) {
            const [ours, theirs] = [core, own.core].map(({ BitReader, BitString }) =>
                outcome(() => {
                    const length = bytes.length * 8 - (from % 8);
                    const reader = new BitReader(new BitString(bytes, from % 8, length));
                    reader.skip(from);
                    return [reader[name](name === 'loadVarUintBig' ? bits % 8 : bits), reader.offset];
                }),
            );
            expect(ours).toEqual(theirs);
        }
    });
});

it.each([0, -1, 255, 256, 0.5, 255n, 1n << 256n])('writes %s into 8 bits the same way, or not at all', (value) => {
    for (const { from } of CASES.slice(0, 20)) {
        const [ours, theirs] = [core, own.core].map(({ BitBuilder }) =>
            outcome(() => {
                const builder = new BitBuilder(40);
                builder.writeUint(0, from);
                for (let times = 0; times < 4; times += 1) {
                    builder.writeUint(value, 8);
                }
                return builder.build().toString();
            }),
        );
        expect(ours).toBe(theirs);
    }
});

it('writes the same bits and buffers after any others, and as many as have room', () => {
    for (const { bytes, from, bits } of CASES) {
        const [ours, theirs] = [core, own.core].map(({ BitBuilder, BitString }) =>
            outcome(() => {
                const builder = new BitBuilder(320);
                builder.writeUint(1, from);
                builder.writeBits(new BitString(bytes, from % 8, Math.min(bits, bytes.length * 8 - (from % 8))));
                builder.writeBuffer(bytes);
                return builder.build().toString();
            }),
        );
        expect(ours).toBe(theirs);
    }
});

it('gives the same hashes and signatures', () => {
    for (const { bytes } of CASES.slice(0, 10)) {
        const { secretKey } = own.crypto.keyPairFromSeed(random.bytes(32));
        expect(crypto.sign(bytes, secretKey)).toEqual(own.crypto.sign(bytes, secretKey));
        expect(crypto.sha256_sync(bytes)).toEqual(own.crypto.sha256_sync(bytes));
    }
});
