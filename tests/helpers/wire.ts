import { Address, type Message, type Transaction } from '@ton/core';
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
        const touched = new Map<string, Address>();
        for (const tx of transactions) {
            const address = tx.inMessage?.info.dest;
            if (Address.isAddress(address) && (await this.typeOf(chain, address))) {
                touched.set(address.toRawString(), address);
                this.checkMessages(tx);
            }
        }
        for (const address of touched.values()) {
            const state = (await chain.getContract(address)).accountState;
            if (state?.type === 'active' && state.state.data) {
                this.schema.decodeType((await this.typeOf(chain, address))!, state.state.data);
            }
        }
    }

    private async typeOf(chain: Blockchain, address: Address): Promise<string | undefined> {
        const state = (await chain.getContract(address)).accountState;
        return state?.type === 'active' ? this.types.get(state.state.code?.hash().toString('hex') ?? '') : undefined;
    }

    private checkMessages(tx: Transaction): void {
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
