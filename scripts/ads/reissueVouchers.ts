import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { adsScript, openNetwork } from '../../cli/ads';
import { openLedger, voucherSigner, writeVouchers } from '../../cli/vouchers';
import { Refusal } from '../../cli/words';
import type { Voucher } from '../../wrappers/ads';

const PROGRESS_VOUCHERS = 1000;

/**
 * Signs every voucher of the ledger= again, by the voucher key that holds now, and writes them to the file out=: after the
 * key was replaced, those that nobody has claimed yet are worth nothing without it. Sends nothing.
 */
export const run = adsScript({ keys: ['out', 'ledger'] }, async (session) => {
    const network = await openNetwork(session);
    const sign = await voucherSigner(session, network);
    const ledger = await openLedger(session, network);
    try {
        const unfinished = ledger.unfinished();
        if (unfinished !== null) {
            throw new Refusal(`The report ${unfinished} is not settled to its end: run ads/settle again first.`);
        }
        const key = network.powers.voucherKey.holder.toString('hex').slice(0, 8);
        const out = session.words.get('out') ?? join(dirname(ledger.path), `vouchers-reissued-${key}.csv`);
        if (existsSync(out)) {
            throw new Refusal(`out=${out} is there already: move it away, or name another file.`);
        }
        const vouchers: Voucher[] = [];
        for (const { payeeId, cumulative } of ledger.vouchers()) {
            vouchers.push(await sign(payeeId, cumulative));
            if (vouchers.length % PROGRESS_VOUCHERS === 0) {
                session.print(`${vouchers.length} vouchers signed...`);
            }
        }
        if (vouchers.length === 0) {
            throw new Refusal('No voucher was ever signed by this ledger.');
        }
        ledger.replaceSignatures(vouchers);
        writeVouchers(out, vouchers);
        session.print(`${vouchers.length} vouchers, signed by the key that holds now, are in ${out}.`);
        session.next('ads/claim', [`file=${out}`], 'pay the owners what they have not claimed.');
    } finally {
        ledger.close();
    }
});
