import { beginCell, BitString, Cell } from '@ton/core';

import { multiRootBoc } from '../../devnet/boc';
import { Random } from '../helpers/random';

function expectRoundTrip(roots: Cell[]): void {
    const read = Cell.fromBoc(multiRootBoc(roots));
    const hashes = (cells: Cell[]): string[] => cells.map((cell) => cell.hash().toString('hex'));
    expect(hashes(read)).toEqual(hashes(roots));
}

describe('A bag of cells with several roots, as @ton/core reads it', () => {
    it('has cells of every length', () => {
        const bytes = new Random('lengths').bytes(128);
        for (let bits = 0; bits <= 1023; bits += 1) {
            expectRoundTrip([
                beginCell()
                    .storeBits(new BitString(bytes, 0, bits))
                    .endCell(),
            ]);
        }
    });

    it('has roots that are the same, that share cells, and that are in each other', () => {
        const leaf = beginCell().storeUint(1, 8).endCell();
        const middle = beginCell().storeRef(leaf).storeRef(leaf).endCell();
        const top = beginCell().storeUint(2, 3).storeRef(middle).storeRef(leaf).endCell();
        expectRoundTrip([top, top, leaf, middle]);
        expectRoundTrip([leaf, middle, top]);
    });

    it('has more cells than one byte counts', () => {
        const random = new Random('many');
        const chain = Array.from({ length: 300 }).reduce<Cell>(
            (next) => beginCell().storeUint(random.uint(64), 64).storeRef(next).endCell(),
            Cell.EMPTY,
        );
        expectRoundTrip([chain, random.cell(), chain]);
    });

    it('has exotic cells', () => {
        const library = beginCell().storeUint(2, 8).storeBuffer(Buffer.alloc(32, 7)).endCell({ exotic: true });
        expectRoundTrip([beginCell().storeRef(library).endCell(), library]);
    });
});
