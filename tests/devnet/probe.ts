import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileFunc } from '@ton-community/func-js';
import { beginCell, Cell, contractAddress, external, storeMessage, type Address, type StateInit } from '@ton/core';

import type { DevnetProcess } from '../helpers/devnet';

const ROOT = join(__dirname, '..', '..');

/** What an external message asks of the probe. */
export const Ask = { fail: 0, nothing: 1, burnGas: 2, circle: 3 } as const;

/** The contract of fixtures/probe.fc. */
export class Probe {
    readonly address: Address;

    private constructor(readonly init: StateInit) {
        this.address = contractAddress(0, init);
    }

    /** Probes with other salts have other addresses. */
    static async compile(salt = 0): Promise<Probe> {
        const result = await compileFunc({
            targets: ['tests/devnet/fixtures/probe.fc'],
            sources: (path) => readFileSync(join(ROOT, path), 'utf8'),
        });
        if (result.status === 'error') {
            throw new Error(result.message);
        }
        const data = beginCell().storeUint(salt, 32).endCell();
        return new Probe({ code: Cell.fromBase64(result.codeBoc), data });
    }

    static body(what: number): Cell {
        return beginCell().storeUint(what, 8).endCell();
    }

    /** An external message as a BoC; with `init` it deploys the probe. */
    message(what: number, { init = false } = {}): Buffer {
        const message = external({ to: this.address, body: Probe.body(what), init: init ? this.init : undefined });
        return beginCell().store(storeMessage(message)).endCell().toBoc();
    }

    /** Funds it with nanotons and deploys it. */
    async deploy(devnet: DevnetProcess, balance: bigint): Promise<void> {
        await devnet.faucet(this.address.toString({ bounceable: false }), balance);
        const boc = this.message(Ask.nothing, { init: true }).toString('base64');
        const { status, json } = await devnet.post('/api/v2/sendBoc', { boc });
        if (status !== 200) {
            throw new Error(`The probe was not deployed: ${JSON.stringify(json)}`);
        }
    }
}
