import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Address, Cell } from '@ton/core';
import { internal, SendMode } from '@ton/core';
import { mnemonicToPrivateKey } from '@ton/crypto';
import { TonClient, WalletContractV4 } from '@ton/ton';

import type { RunOptions } from './stage';
import { ScriptStage } from './stage';

export const NETWORK = ['burst=1000', 'perDay=100'];
const CAMPAIGN = ['burst=50', 'perDay=86.4'];
const HEADER = 'campaign,payee_id,impressions,cpm';

/** A devnet with an ad network that the wallet admin deployed by its script; the voucher key is the wallet signer's. */
export class AdsStage {
    private constructor(readonly stage: ScriptStage) {}

    static async open(): Promise<AdsStage> {
        const ads = new AdsStage(await ScriptStage.open());
        await ads.passes('deployNetwork', [...NETWORK, 'yes'], ads.admin());
        return ads;
    }

    /** Runs a script of scripts/ads that must succeed; gives what it said. */
    passes(script: string, words: string[], options: RunOptions = {}): Promise<string> {
        return this.stage.passes(`ads/${script}`, words, options);
    }

    /** Runs one that must be stopped with one line, before anything is sent. */
    sendsNothing(script: string, words: string[], why: string | RegExp, options: RunOptions = {}): Promise<string> {
        return this.stage.sendsNothing(`ads/${script}`, words, why, options);
    }

    /** What no script sends, from a wallet. */
    async send(name: string, to: Address, value: bigint, body: Cell): Promise<void> {
        const { publicKey, secretKey } = await mnemonicToPrivateKey(this.stage.wallet(name).mnemonic.split(' '));
        const client = new TonClient({ endpoint: this.stage.devnet.v2 });
        const wallet = client.open(WalletContractV4.create({ workchain: 0, publicKey }));
        const seqno = await wallet.getSeqno();
        const messages = [internal({ to, value, body })];
        await wallet.sendTransfer({ seqno, secretKey, sendMode: SendMode.PAY_GAS_SEPARATELY, messages });
    }

    voucherKey(): Record<string, string> {
        return { VOUCHER_MNEMONIC: this.stage.wallet('signer').mnemonic };
    }

    admin(): RunOptions {
        return { as: 'admin', env: this.voucherKey() };
    }

    /** The owner registers the payee's channel, by a certificate that he signs himself. */
    register(payee: number, as: string): Promise<string> {
        return this.passes('registerChannel', [`payee=${payee}`, 'yes'], { as, env: this.voucherKey() });
    }

    /** Carol's campaign with a number of its own; gives its address. */
    async newCampaign(id: number, words: string[] = CAMPAIGN, budget = 30): Promise<string> {
        const all = [`id=${id}`, `budget=${budget}`, ...words, 'yes'];
        const output = await this.passes('createCampaign', all, { as: 'carol' });
        return /campaign=(\S+)/.exec(output)?.[1] ?? '';
    }

    /** Writes a report; gives its path. */
    report(name: string, lines: string[]): string {
        const path = join(this.stage.directory, `${name}.csv`);
        writeFileSync(path, [HEADER, ...lines].join('\n'));
        return path;
    }

    /** Where settle writes a report's vouchers. */
    vouchersOf(name: string): string {
        return join(this.stage.directory, `vouchers-${name}.csv`);
    }
}

export const settleWords = (name: string, path: string): string[] => [`report=${name}`, `file=${path}`, 'yes'];
