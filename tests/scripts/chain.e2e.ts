import type { NetworkProvider } from '@ton/blueprint';
import type { ContractState, Sender, Transaction } from '@ton/core';
import { Address, Cell } from '@ton/core';

import { failureOf, readConfig, reasonOf } from '../../cli/chain';
import { Session } from '../../cli/session';
import { parseWords } from '../../cli/words';
import { MAINNET_PRICES } from '../../wrappers/common/prices';
import { addressOf } from '../usernames/sdk/fixtures';

/** A network whose API knows no account. */
function emptyNetwork(network: string, wallet?: Address): NetworkProvider {
    const nothing: ContractState = { balance: 0n, extracurrency: null, last: null, state: { type: 'uninit' } };
    const sender: Sender = {
        address: wallet,
        send: () => Promise.reject(new Error('Nothing may be sent')),
    };
    return {
        network: () => network,
        api: () => ({}),
        sender: () => sender,
        getContractState: () => Promise.resolve(nothing),
        ui: () => ({ write: () => undefined }),
    } as unknown as NetworkProvider;
}

const step = { to: addressOf(1), value: 1n, body: Cell.EMPTY, cost: '' };
const sessionOf = (wallet?: Address): Session =>
    new Session(emptyNetwork('testnet', wallet), parseWords(['yes'], [], ['yes']));

describe('a wallet', () => {
    it('in the masterchain is refused', async () => {
        const wallet = new Address(-1, Buffer.alloc(32, 1));
        await expect(sessionOf(wallet).carryOut(step)).rejects.toThrow('Your wallet is in the masterchain');
    });

    it('that has nothing is told how much is missing', async () => {
        await expect(sessionOf(addressOf(2)).carryOut(step)).rejects.toThrow(
            /holds 0 TON and this takes 0\.00\d+ TON: send it/,
        );
    });

    it('that does not take the message is the reason', async () => {
        await expect(sessionOf().carryOut(step)).rejects.toThrow(
            'The wallet did not send it (Nothing may be sent): look with show before you try again.',
        );
    });
});

it('takes the list of mainnet where the config cannot be read, and says so', async () => {
    const expected = { prices: MAINNET_PRICES, source: expect.stringContaining('could not be read') as string };
    expect(await readConfig(emptyNetwork('mainnet'))).toEqual({ ...expected, globalId: -239 });
    expect(await readConfig(emptyNetwork('testnet'))).toEqual({ ...expected, globalId: -3 });
    expect(await readConfig(emptyNetwork('custom'))).toEqual({ ...expected, globalId: null });
});

describe('failureOf', () => {
    const transaction = (description: object): Transaction => ({ description }) as Transaction;
    const vm = { type: 'vm', success: true };

    it.each([
        ['succeeds', { computePhase: vm, actionPhase: { success: true } }, null],
        ['finds no contract', { computePhase: { type: 'skipped', reason: 'no-state' } }, 'there is no contract'],
        ['has no gas', { computePhase: { type: 'skipped', reason: 'no-gas' } }, 'too little was attached for its gas'],
        [
            'throws a code of ours',
            { computePhase: { type: 'vm', success: false, exitCode: 236 } },
            'not_admin (236): the admin has changed: look with show',
        ],
        ['throws another', { computePhase: { type: 'vm', success: false, exitCode: -14 } }, 'exit code (-14)'],
        [
            'cannot send',
            { computePhase: vm, actionPhase: { success: false, resultCode: 37 } },
            'its messages could not be sent (result code 37)',
        ],
    ])('of a transaction that %s', (_, description, failure) => {
        expect(failureOf(transaction({ type: 'generic', ...description }))).toBe(failure);
    });
});

describe('reasonOf', () => {
    it.each([
        [
            'what a server says',
            { response: { data: { error: 'exit code 33' } }, message: 'Request failed' },
            'exit code 33',
            true,
        ],
        ['a server that says nothing', { response: { data: '' }, message: 'status 502' }, 'status 502', true],
        ['a server out of reach', { code: 'ECONNREFUSED', message: '' }, 'ECONNREFUSED', true],
        ['a fault of the script', new TypeError('a\n  b'), 'a b', false],
        ['anything else', 'why not', 'why not', false],
    ])('%s', (_, error, text, isNetwork) => {
        expect(reasonOf(error)).toEqual({ text, isNetwork });
    });
});
