import type { Contract, Transaction } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';

import { addToProfile, type GasProfile } from './profile';

type RunTransaction = SendMessageResult['transactions'][number];

/** Whether a transaction is one of the contract's. */
export function isOn({ address }: Transaction, contract: Contract): boolean {
    return address === BigInt(`0x${contract.address.hash.toString('hex')}`);
}

/**
 * Units of gas of the transactions together. Each must end well, and together they must send so many messages. Adds what
 * they spent to the profile.
 */
export function measureGas(transactions: RunTransaction[], messages: number, profile: GasProfile): number {
    let [gas, sent] = [0, 0];
    for (const { description, outMessagesCount, vmLogs } of transactions) {
        if (description.type !== 'generic' || description.aborted || description.computePhase.type !== 'vm') {
            throw new Error('A scenario was refused');
        }
        const spent = Number(description.computePhase.gasUsed);
        gas += spent;
        addToProfile(profile, vmLogs, spent);
        sent += outMessagesCount;
    }
    if (sent !== messages) {
        throw new Error(`A scenario sent ${sent} messages and not ${messages}`);
    }
    return gas;
}
