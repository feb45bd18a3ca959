import { Buffer } from 'buffer';

// @ton/core needs it
globalThis.Buffer ??= Buffer;
