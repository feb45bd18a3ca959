import { Address, type Message, type StateInit, type Transaction } from '@ton/core';
import type { Blockchain } from '@ton/sandbox';

import { type ContractName, loadCode } from '../../compilables/compile';
import { opOf } from './base-world';
import { Schema } from './tlb';

const BODY = 'InternalMsgBody';

/** One half's schema, and how its contracts' storage and its message that gives a value back are called in it. */
export class Wire {
    private readonly schema: Schema;
    private readonly types = new Map<string, string>();

    constructor(
        file: string,
        contracts: Partial<Record<ContractName, string>>,
        /** The op of a value that is given back. */
        readonly returnOp: number,
    ) {
        this.schema = Schema.load(file);
        for (const [name, type] of Object.entries(contracts)) {
            this.types.set(
                loadCode(name as ContractName)
                    .hash()
                    .toString('hex'),
                type,
            );
        }
    }

    /** What our contracts took, sent and stored is in the schema, to the last bit and reference. */
    async check(chain: Blockchain, transactions: readonly Transaction[]): Promise<void> {
        const states = new Map<string, StateInit>();
        for (const tx of transactions) {
            const address = tx.inMessage?.info.dest;
            const account = Address.isAddress(address) && (await chain.getContract(address)).accountState;
            if (account && account.type === 'active' && this.typeOf(account.state)) {
                states.set(String(address), account.state);
                this.checkMessages(tx);
            }
        }
        states.forEach((state) => this.checkStored(state));
    }

    /** The storage of one of our contracts. */
    checkStored(state: StateInit): void {
        const type = this.typeOf(state);
        if (type !== undefined && state.data) {
            this.schema.decodeType(type, state.data);
        }
    }

    private typeOf({ code }: StateInit): string | undefined {
        return code ? this.types.get(code.hash().toString('hex')) : undefined;
    }

    /** What one of our contracts took, unless it refused it, and what it sent. */
    checkMessages(tx: Transaction): void {
        const { description } = tx;
        if (description.type !== 'generic' || description.aborted) {
            return;
        }
        const sent = tx.outMessages.values();
        // What is refused and cannot bounce is given back, if its value pays for that
        const { info } = tx.inMessage!;
        const isRefused =
            sent.some((message) => opOf(message) === this.returnOp) ||
            (sent.length === 0 && info.type === 'internal' && !info.bounce);
        for (const message of isRefused ? sent : [tx.inMessage!, ...sent]) {
            this.checkMessage(message);
        }
    }

    private checkMessage({ info, body }: Message): void {
        const isPlain = body.bits.length === 0 && body.refs.length === 0;
        if (info.type === 'internal' && !info.bounced && !isPlain) {
            this.schema.decodeType(BODY, body);
        }
    }
}
