import '@ton/test-utils';

import { createHash, randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Address, Cell } from '@ton/core';
import * as sha256 from '@ton/crypto/dist/primitives/sha256';

import { COUNTS } from './teardown';
import { readSoFar } from './watch-wire';

// Cells are hashed in JavaScript, which is a good part of the time of a test; Node's own is many times as fast
Object.assign(sha256, {
    sha256_sync: (source: Buffer | string): Buffer => createHash('sha256').update(source).digest(),
});

// The schema, the sandbox and the test each parse the same accounts and transactions, which is a good part of it as well
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

type EqualityTester = (a: unknown, b: unknown) => boolean | undefined;

// Jest compares the functions inside addresses and cells by identity, so equal ones would differ in toEqual.
// @types/jest does not know this method of jest 29.4.
(expect as unknown as { addEqualityTesters(testers: EqualityTester[]): void }).addEqualityTesters([
    (a, b) => (Address.isAddress(a) && Address.isAddress(b) ? a.equals(b) : undefined),
    (a, b) => (a instanceof Cell && b instanceof Cell ? a.equals(b) : undefined),
]);

// A failing test shows cells and addresses by their text: without it, the diff of two code cells takes minutes
for (const { prototype } of [Cell, Address]) {
    Object.defineProperty(prototype, 'toJSON', {
        value(this: Cell | Address) {
            return this.toString();
        },
    });
}

afterAll(async () => {
    const read = await readSoFar();
    if (read) {
        mkdirSync(COUNTS, { recursive: true });
        writeFileSync(join(COUNTS, randomUUID()), JSON.stringify(read));
    }
});
