import { randomUUID } from 'node:crypto';

import { onLog } from './emulator';
import { addHits, type Hits, writeHits } from './hits';

// Jest's setup file of `npm run coverage`: the emulator says where it is in every transaction and get-method of a spec.

const hits: Hits = new Map();

onLog((vmLog) => addHits(hits, vmLog));

afterAll(() => writeHits(hits, randomUUID()));
