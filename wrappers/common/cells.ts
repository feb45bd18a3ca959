import type { Builder, Slice } from '@ton/core';
import { Address, beginCell, Cell } from '@ton/core';
import { GramhouseError } from './errors';

/** Runs a parser; whatever it throws becomes a GramhouseError `unexpected_data` that says what was expected. */
export function parsing<T>(what: string, parse: () => T): T {
    try {
        return parse();
    } catch (cause) {
        if (cause instanceof GramhouseError) {
            throw cause;
        }
        throw new GramhouseError('unexpected_data', `This is not a ${what}.`, { cause });
    }
}

/** Reads a cell to its end; throws if something is left. */
export function loadWhole<T>(cell: Cell, load: (slice: Slice) => T): T {
    const slice = cell.beginParse();
    const value = load(slice);
    slice.endParse();
    return value;
}

/** Reads a cell to its end; `unexpected_data` with what was expected if it is another. */
export function parseCell<T>(what: string, cell: Cell, load: (slice: Slice) => T): T {
    return parsing(what, () => loadWhole(cell, load));
}

/** Takes the tag off the slice; throws if it is another. */
export function expectTag(slice: Slice, tag: number, bits: number): void {
    const found = slice.loadUint(bits);
    if (found !== tag) {
        throw new Error(`the tag is ${found}`);
    }
}

/** TL-B `text$_ len:(## 8) text:(bits (len * 8)) = Text`: the bytes of a text. */
export function storeText(bytes: Buffer) {
    return (builder: Builder): void => {
        builder.storeUint(bytes.length, 8).storeBuffer(bytes);
    };
}

/** The bytes of TL-B `Text`. */
export function loadText(slice: Slice): Buffer {
    return slice.loadBuffer(slice.loadUint(8));
}

/** The bytes of a getter's slice, which has no length prefix. */
export function cellBytes(cell: Cell): Buffer {
    return cell.beginParse().loadBuffer(cell.bits.length / 8);
}

/** The contracts keep an address as its 256-bit hash, so one outside workchain 0 is refused: `wrong_workchain`. */
export function addressHash(address: Address): Buffer {
    if (address.workChain !== 0) {
        throw new GramhouseError('wrong_workchain', `${address.toRawString()} is not in workchain 0.`);
    }
    return address.hash;
}

/** The address in workchain 0 of the next 256 bits. */
export function loadHashAddress(slice: Slice): Address {
    return new Address(0, slice.loadBuffer(32));
}

/** The address in workchain 0 of a TL-B `Maybe bits256`. */
export function loadMaybeHashAddress(slice: Slice): Address | null {
    return slice.loadBit() ? loadHashAddress(slice) : null;
}

/** The 32 bytes of a key or hash that is given as a number. */
export function bytes32(value: bigint): Buffer {
    return Buffer.from(value.toString(16).padStart(64, '0'), 'hex');
}

/** The same, where 0n stands for none. */
export function maybeBytes32(value: bigint): Buffer | null {
    return value ? bytes32(value) : null;
}

/** The key of a tag or code in a list of them; null if it is none of those. */
export function nameOf<Name extends string>(list: Record<Name, number>, code: number): Name | null {
    return (Object.keys(list) as Name[]).find((name) => list[name] === code) ?? null;
}

/** The address in workchain 0 of the next 256 bits, where 0 stands for nobody. */
export function loadSomebody(slice: Slice): Address | null {
    const hash = maybeBytes32(slice.loadUintBig(256));
    return hash && new Address(0, hash);
}

/** How many distinct cells and bits the tree of `root` has, as CDATASIZE counts them, the root included. */
export function cellSize(root: Cell): { cells: number; bits: number } {
    const seen = new Set<string>();
    let bits = 0;
    const visit = (cell: Cell): void => {
        const hash = cell.hash().toString('hex');
        if (!seen.has(hash)) {
            seen.add(hash);
            bits += cell.bits.length;
            cell.refs.forEach(visit);
        }
    };
    visit(root);
    return { cells: seen.size, bits };
}

/** A body of an op and a query id, to which the rest is added. */
export function beginBody(op: number, queryId = 0n): Builder {
    return beginCell().storeUint(op, 32).storeUint(queryId, 64);
}

/** Money as wallets send it: an empty body, or a text comment. A comment `#topup` would leave it for rent, and is refused. */
export function paymentBody(comment?: string): Cell {
    if (comment?.startsWith('#topup')) {
        throw new GramhouseError('invalid_argument', 'A comment #topup is for rent and no payment.');
    }
    return comment ? commentBody(comment) : Cell.EMPTY;
}

/** A text comment: op 0 and the text (snake format). */
export function commentBody(comment: string): Cell {
    return beginCell().storeUint(0, 32).storeStringTail(comment).endCell();
}
