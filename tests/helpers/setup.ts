import '@ton/test-utils';

import { randomUUID } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { Address, Cell } from '@ton/core';

import './emulator';
import './fast-core';
import { COUNTS } from './teardown';
import { readSoFar } from './watch-wire';

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
