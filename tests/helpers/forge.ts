import { beginCell, type Address, type Builder, type Cell } from '@ton/core';
import { sign } from '@ton/crypto';

import { mintOrderHash } from '../../wrappers';
import { GLOBAL_ID, SIGNER } from './world';

/** A copy of the cell with another reference in the place of its `index`-th. */
export function withRef(cell: Cell, index: number, ref: Cell): Cell {
    const builder = beginCell().storeBits(cell.bits);
    cell.refs.forEach((old, at) => builder.storeRef(at === index ? ref : old));
    return builder.endCell();
}

/** A copy of the cell with one bit turned over. */
export function withFlippedBit(cell: Cell, index: number): Cell {
    const builder = beginCell();
    for (let at = 0; at < cell.bits.length; at++) {
        builder.storeBit(cell.bits.at(at) !== (at === index));
    }
    return storeRefs(builder, cell).endCell();
}

/** A copy of the cell with bits after its last one, and perhaps another reference. */
export function withTail(cell: Cell, tail: Cell): Cell {
    return storeRefs(beginCell().storeBits(cell.bits), cell).storeSlice(tail.beginParse()).endCell();
}

/** A copy of the cell with the bits of `address` in the place of the addr_std at bit `offset`. */
export function withAddress(cell: Cell, offset: number, address: Cell): Cell {
    const end = offset + 267;
    const builder = beginCell()
        .storeBits(cell.bits.substring(0, offset))
        .storeBits(address.bits)
        .storeBits(cell.bits.substring(end, cell.bits.length - end));
    return storeRefs(builder, cell).endCell();
}

/** The first bits of the cell, with all its references. */
export function cutAt(cell: Cell, bits: number): Cell {
    return storeRefs(beginCell().storeBits(cell.bits.substring(0, bits)), cell).endCell();
}

function storeRefs(builder: Builder, cell: Cell): Builder {
    cell.refs.forEach((ref) => builder.storeRef(ref));
    return builder;
}

/** A mint message, altered or not, with the signer's signature of it. */
export function signAgain(message: Cell, collection: Address): Cell {
    const signature = sign(mintOrderHash(message, { collection, globalId: GLOBAL_ID }), SIGNER.secretKey);
    return withSignature(message, signature);
}

/** A mint message with another signature. */
export function withSignature(message: Cell, signature: Buffer): Cell {
    const slice = message.beginParse();
    const op = slice.loadUint(32);
    return beginCell().storeUint(op, 32).storeBuffer(signature, 64).storeSlice(slice.skip(512)).endCell();
}

const HASH = Buffer.alloc(32, 0xab);

/** Every form of address that is not addr_std without anycast in workchain 0. */
export const FOREIGN_ADDRESSES: [form: string, address: Cell][] = [
    ['addr_none', beginCell().storeUint(0b00, 2).endCell()],
    ['addr_extern', beginCell().storeUint(0b01, 2).storeUint(256, 9).storeBuffer(HASH).endCell()],
    [
        'an anycast address',
        beginCell().storeUint(0b101, 3).storeUint(4, 5).storeUint(0b1010, 4).storeInt(0, 8).storeBuffer(HASH).endCell(),
    ],
    ['a masterchain address', beginCell().storeUint(0b100, 3).storeInt(-1, 8).storeBuffer(HASH).endCell()],
    ['an address in workchain 1', beginCell().storeUint(0b100, 3).storeInt(1, 8).storeBuffer(HASH).endCell()],
    ['addr_var', beginCell().storeUint(0b110, 3).storeUint(256, 9).storeInt(0, 32).storeBuffer(HASH).endCell()],
];
