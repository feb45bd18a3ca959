import { BitBuilder, type Cell } from '@ton/core';

/**
 * A bag of cells with several roots, as block.tlb's boc.tlb `serialized_boc#b5ee9c72` without index and checksum; @ton/core
 * reads these and writes bags of one root only.
 */
export function multiRootBoc(roots: Cell[]): Buffer {
    const cells = inOrder(roots);
    const indices = new Map(cells.map((cell, index) => [cell.hash().toString('hex'), index]));
    const indexOf = (cell: Cell): number => indices.get(cell.hash().toString('hex')) ?? 0;
    const indexBytes = bytesFor(cells.length);
    const toIndex = (cell: Cell): Buffer => bigEndian(indexOf(cell), indexBytes);

    const body = Buffer.concat(
        cells.flatMap((cell) => {
            const { length } = cell.bits;
            const descriptors = [
                cell.refs.length + (cell.isExotic ? 8 : 0) + 32 * cell.level(),
                Math.floor(length / 8) + Math.ceil(length / 8),
            ];
            return [Buffer.from(descriptors), paddedBits(cell), ...cell.refs.map(toIndex)];
        }),
    );
    const offsetBytes = bytesFor(body.length);
    return Buffer.concat([
        Buffer.from('b5ee9c72', 'hex'),
        Buffer.from([indexBytes, offsetBytes]),
        bigEndian(cells.length, indexBytes),
        bigEndian(roots.length, indexBytes),
        bigEndian(0, indexBytes),
        bigEndian(body.length, offsetBytes),
        ...roots.map(toIndex),
        body,
    ]);
}

/** Every distinct cell once, each before the cells that it refers to. */
function inOrder(roots: Cell[]): Cell[] {
    const seen = new Set<string>();
    const done: Cell[] = [];
    const visit = (cell: Cell): void => {
        const hash = cell.hash().toString('hex');
        if (!seen.has(hash)) {
            seen.add(hash);
            cell.refs.forEach(visit);
            done.push(cell);
        }
    };
    roots.forEach(visit);
    return done.reverse();
}

/** The bits in whole bytes: a last byte that is not full ends in a one and zeros. */
function paddedBits({ bits }: Cell): Buffer {
    const builder = new BitBuilder(1024);
    builder.writeBits(bits);
    if (bits.length % 8 > 0) {
        builder.writeBit(true);
        builder.writeUint(0, (8 - (builder.length % 8)) % 8);
    }
    return builder.buffer();
}

const bytesFor = (value: number): number => Math.max(1, Math.ceil(value.toString(2).length / 8));

function bigEndian(value: number, bytes: number): Buffer {
    const buffer = Buffer.alloc(bytes);
    buffer.writeUIntBE(value, 0, bytes);
    return buffer;
}
