import type { Cell } from '@ton/core';
import { createHash } from 'node:crypto';

/** A bag of one root. */
export const toBase64 = (cell: Cell): string => cell.toBoc().toString('base64');

/** A hash that @ton/core reads as a number. */
export const hashBytes = (hash: bigint): Buffer => Buffer.from(hash.toString(16).padStart(64, '0'), 'hex');

export const sha256 = (text: string | Buffer): Buffer => createHash('sha256').update(text).digest();
