import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileFunc } from '@ton-community/func-js';
import { Cell } from '@ton/core';

const ROOT = join(__dirname, '..', '..');

// cspell:ignore GETGLOB EQINT NEWC ENDC PUSHPOW
/** At the `k`-th send an empty cell takes the place of the message; counted in a global variable that nothing else uses. */
const brokenSend = (k: number): string =>
    `1 GETGLOB DUP ISNULL IF:<{ DROP 0 PUSHINT }> INC DUP 1 SETGLOB ${k} EQINT IF:<{ NIP NEWC ENDC SWAP }> SENDRAWMSG`;

/** More than there is is reserved. */
const BROKEN_RESERVE = 'NIP 100 PUSHPOW2 SWAP RAWRESERVE';

/**
 * A contract's own code, but for one action that the network refuses, for a reason that no contract sees: its `k`-th send,
 * or every reserve.
 */
export async function compileBroken(targets: string[], broken: number | 'reserve'): Promise<Cell> {
    const [instruction, instead] =
        broken === 'reserve' ? ['RAWRESERVE', BROKEN_RESERVE] : ['SENDRAWMSG', brokenSend(broken)];
    let isBroken = false;
    const result = await compileFunc({
        targets,
        sources: (path) =>
            readFileSync(join(ROOT, path), 'utf8').replaceAll(`asm "${instruction}"`, () => {
                isBroken = true;
                return `asm "${instead}"`;
            }),
    });
    if (result.status === 'error' || !isBroken) {
        throw new Error(result.status === 'error' ? result.message : `The contract has no ${instruction}`);
    }
    return Cell.fromBase64(result.codeBoc);
}
