import { createHash, createPrivateKey, sign } from 'node:crypto';

import { BitBuilder, BitReader, Cell } from '@ton/core';
import * as nacl from '@ton/crypto/dist/primitives/nacl';
import * as sha256 from '@ton/crypto/dist/primitives/sha256';

// Hashes, signatures and bits take most of the time of a test where they are JavaScript that goes bit by bit. Here is the same
// for tests alone, many times as fast; tests/fast-core.spec.ts compares the two.

Object.assign(sha256, {
    sha256_sync: (source: Buffer | string): Buffer => createHash('sha256').update(source).digest(),
});

/** PKCS #8 before the seed of an Ed25519 key (RFC 8410, section 7). */
const ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** A secret key is its seed, and its public key after that. */
const SEED_BYTES = 32;

Object.assign(nacl, {
    sign(data: Buffer, secretKey: Buffer): Buffer {
        const key = Buffer.concat([ED25519, secretKey.subarray(0, SEED_BYTES)]);
        return sign(null, data, createPrivateKey({ key, format: 'der', type: 'pkcs8' }));
    },
});

// The schema, the sandbox and the test each parse the same accounts and transactions
const parsed = new Map<string, Cell>();
const PARSED = 64;
const parse = Cell.fromBase64.bind(Cell);
Cell.fromBase64 = (boc) => {
    const cell = parsed.get(boc) ?? parse(boc);
    parsed.delete(boc);
    parsed.set(boc, cell);
    if (parsed.size > PARSED) {
        parsed.delete(parsed.keys().next().value!);
    }
    return cell;
};

type Reader = {
    _bits: { _data: Buffer; _offset: number; length: number };
    _preloadUint: (this: Reader, bits: number, offset: number) => bigint;
    _toSafeInteger: (this: Reader, value: bigint, instead: string) => number;
};
const reader = BitReader.prototype as unknown as Reader;
const { _preloadUint: preloadUint, _toSafeInteger: toSafeInteger } = reader;

reader._preloadUint = function (bits, offset) {
    const { _data, _offset, length } = this._bits;
    if (!(bits > 0 && offset >= 0 && offset + bits <= length)) {
        return preloadUint.call(this, bits, offset);
    }
    const from = (_offset + offset) >> 3;
    const to = (_offset + offset + bits + 7) >> 3;
    const behind = 8 * to - (_offset + offset + bits);
    return to - from <= 6
        ? BigInt(Math.floor(_data.readUIntBE(from, to - from) / 2 ** behind) % 2 ** bits)
        : BigInt.asUintN(bits, BigInt(`0x${_data.toString('hex', from, to)}`) >> BigInt(behind));
};

reader._toSafeInteger = function (value, instead) {
    const number = Number(value);
    return Number.isSafeInteger(number) ? number : toSafeInteger.call(this, value, instead);
};

type Builder = Pick<BitBuilder, 'writeBit' | 'writeBits' | 'writeBuffer' | 'writeUint'> & {
    _buffer: Buffer;
    _length: number;
};
const builder = BitBuilder.prototype as unknown as Builder;
const { writeUint } = builder;

builder.writeBits = function (source) {
    const bytes = source.subbuffer(0, source.length - (source.length % 8));
    if (bytes) {
        this.writeBuffer(bytes);
    }
    for (let at = bytes ? bytes.length * 8 : 0; at < source.length; at += 1) {
        this.writeBit(source.at(at));
    }
};

// What is no whole number of bytes before a buffer has the library write each byte of it so
builder.writeUint = function (value, bits) {
    const at = this._length;
    if (bits !== 8 || typeof value !== 'number' || (value & 0xff) !== value || at + 8 > this._buffer.length * 8) {
        writeUint.call(this, value, bits);
        return;
    }
    const index = at >> 3;
    const used = at % 8;
    this._buffer[index]! |= value >> used;
    if (used > 0) {
        this._buffer[index + 1] = (value << (8 - used)) & 0xff;
    }
    this._length += 8;
};
