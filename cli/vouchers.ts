import { closeSync, fsyncSync, openSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Voucher } from '../wrappers/ads';
import { channelAccountAddress, decodeVoucher, encodeVoucher, signVoucher } from '../wrappers/ads';
import { GramhouseError } from '../wrappers/common/errors';
import type { OpenNetwork } from './ads';
import { deploymentsPath } from './deployments';
import { Ledger, syncDirectory } from './ledger';
import type { Session } from './session';
import { readCsv } from './settlement';
import { readSigner, signerOf } from './signer';
import { requireGlobalId } from './usernames';
import { date, Refusal } from './words';

/** The ledger of the word ledger=, or the one beside the deployments. */
export async function openLedger(session: Session, network: OpenNetwork): Promise<Ledger> {
    const { globalId } = await requireGlobalId(session);
    const path =
        session.words.get('ledger') ??
        join(dirname(deploymentsPath(session.network)), `${session.network}.settlement.db`);
    return Ledger.open(path, { network: network.address, globalId, shareBps: network.state.shareBps });
}

/** What signs a payee's voucher. The environment must have the network's voucher key. */
export async function voucherSigner(
    session: Session,
    network: OpenNetwork,
): Promise<(payeeId: bigint, cumulative: bigint) => Promise<Voucher>> {
    const { holder, next, since } = network.powers.voucherKey;
    const key = await readSigner('VOUCHER');
    if (!key?.publicKey.equals(holder)) {
        const announced = next ? ` (until ${date(since)})` : '';
        throw new Refusal(`Set VOUCHER_MNEMONIC or VOUCHER_SEED to the key of ${holder.toString('hex')}${announced}.`);
    }
    const { globalId } = await requireGlobalId(session);
    const { shareBps } = network.state;
    const target = { network: network.address, globalId, signer: signerOf(key) };
    return (payeeId, cumulative) => {
        const account = channelAccountAddress({ network: network.address, payeeId, shareBps }, network.accountCode);
        return signVoucher({ ...target, account, payeeId, cumulative });
    };
}

/** The columns of a file of vouchers: nanotons in all, and what `encodeVoucher` gives. */
export const VOUCHER_COLUMNS = ['payee_id', 'cumulative', 'voucher'] as const;

/** Writes vouchers to a file, which is there whole or not at all; gives their number. */
export function writeVouchers(path: string, vouchers: Iterable<Voucher>): number {
    const file = openSync(`${path}.tmp`, 'w');
    let count = 0;
    try {
        const write = (fields: readonly string[]): void => writeFileSync(file, `${fields.join(',')}\n`);
        write(VOUCHER_COLUMNS);
        for (const voucher of vouchers) {
            write([String(voucher.payeeId), String(voucher.cumulative), encodeVoucher(voucher)]);
            count += 1;
        }
        fsyncSync(file);
    } finally {
        closeSync(file);
    }
    renameSync(`${path}.tmp`, path);
    syncDirectory(path);
    return count;
}

/** Reads a file of vouchers. */
export async function readVouchers(path: string): Promise<Voucher[]> {
    const vouchers: Voucher[] = [];
    await readCsv(path, {
        header: (fields) => {
            if (fields.join() !== VOUCHER_COLUMNS.join()) {
                throw new GramhouseError('invalid_argument', `the first line is not ${VOUCHER_COLUMNS.join()}`);
            }
        },
        line: ([payee, cumulative, text = '']) => {
            const voucher = decodeVoucher(text);
            if (String(voucher.payeeId) !== payee || String(voucher.cumulative) !== cumulative) {
                throw new GramhouseError('invalid_argument', 'the voucher is of another payee or amount than its line');
            }
            vouchers.push(voucher);
        },
    });
    return vouchers;
}
