import type { Cell } from '@ton/core';
import { WalletContractV4, WalletContractV5R1 } from '@ton/ton';

import { adsErrorName, adsOpName, tvmErrorName, usernameErrorName, UsernameOp, usernameOpName } from '../wrappers';

/** The name of an op of any contract of ours, or of an exit code of theirs or the TVM's; null where there is no such one. */
const OP_NAMES: ((op: number) => string | null)[] = [usernameOpName, adsOpName];
const ERROR_NAMES: ((exitCode: number) => string | null)[] = [usernameErrorName, adsErrorName, tvmErrorName];

/** Of contracts that are not ours, whose codes would mean something else in another contract. */
const WALLET_ERRORS = new Map<string, Record<number, string>>([
    [codeHash(WalletContractV4), { 33: 'wrong_seqno', 34: 'wrong_wallet_id', 35: 'wrong_signature', 36: 'expired' }],
    [
        codeHash(WalletContractV5R1),
        {
            132: 'signature_disabled',
            133: 'wrong_seqno',
            134: 'wrong_wallet_id',
            135: 'wrong_signature',
            136: 'expired',
            137: 'external_send_without_ignore_errors',
            141: 'invalid_message_operation',
            145: 'invalid_c5',
        },
    ],
]);

function codeHash(wallet: typeof WalletContractV4 | typeof WalletContractV5R1): string {
    return wallet
        .create({ workchain: 0, publicKey: Buffer.alloc(32) })
        .init.code.hash()
        .toString('hex');
}

function firstName(lists: ((code: number) => string | null)[], code: number): string | null {
    return lists.map((nameOf) => nameOf(code)).find((name) => name !== null) ?? null;
}

/** The name of an op; null for one that no contract of ours has. */
export function opName(op: number): string | null {
    return firstName(OP_NAMES, op);
}

/** The name of an exit code of the contract with this code; `unknown` where nobody has named it. */
export function namedExitCode(exitCode: number, code: Cell | null): string {
    const ofWallet = code && WALLET_ERRORS.get(code.hash().toString('hex'));
    const isSuccess = exitCode === 0 || exitCode === 1;
    return isSuccess ? 'ok' : (ofWallet?.[exitCode] ?? firstName(ERROR_NAMES, exitCode) ?? 'unknown');
}

/** Whether this is the code of a wallet that the devnet knows. */
export function isWallet(code: Cell): boolean {
    return WALLET_ERRORS.has(code.hash().toString('hex'));
}

/** The text of a comment (op 0 and a snake of cells); null for any other body. */
export function commentOf(body: Cell): string | null {
    const slice = body.beginParse();
    if (slice.remainingBits < 32 || slice.loadUint(32) !== UsernameOp.comment) {
        return null;
    }
    try {
        return slice.loadStringTail();
    } catch {
        return null;
    }
}

/** The op of a body; null for one that is too short for any. */
export function bodyOp(body: Cell): number | null {
    return body.bits.length < 32 ? null : body.beginParse().loadUint(32);
}
