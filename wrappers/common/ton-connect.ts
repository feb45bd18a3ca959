import type {
    Address,
    Contract,
    ContractProvider,
    OpenedContract,
    Sender,
    SenderArguments,
    StateInit,
} from '@ton/core';
import { beginCell, Cell, openContract, storeStateInit, toNano } from '@ton/core';
import { commentBody } from './cells';
import { GramhouseError } from './errors';

/**
 * A message as `sendTransaction` of TON Connect takes it (ton-blockchain/ton-connect spec/rpc.md, raw `Message`): a
 * user-friendly address whose flag says whether the message bounces, the amount as a decimal string of nanotons, and BoCs
 * of one cell in base64. A key without a value is absent. The send mode is the wallet's.
 */
export type TonConnectMessage = { address: string; amount: string; payload?: string; stateInit?: string };

/** How messages for a wallet are made. */
export type TonConnectOptions = {
    /** Marks the addresses as those of a test network, where the request's `network` is one. */
    testOnly?: boolean;
    /** How many messages the wallet takes at once: 4 unless told; a v5 wallet takes 255 (`features` of the connection says). */
    maxMessages?: number;
};

/**
 * What `build` sends, as messages for a wallet. Any `send…` method of a wrapper will do, and any number of them. `open`
 * opens a wrapper without a client; one that a client has opened works as well. A wrapper that knows its StateInit
 * (`createFromConfig`) and that `open` has opened always attaches it: the network ignores it where the contract is deployed.
 *
 * Throws `invalid_argument` for no message or more than the wallet takes, `invalid_amount` for a value below one nanoton.
 *
 * @example
 * ```ts
 * const username = UsernameItem.createFromAddress(item.address);
 * const value = quoteBid(state).minimum;
 * const messages = await tonConnectMessages((via, open) => open(username).sendBid(via, { value }));
 * messages; // => [{ address: item.address.toString(), amount: '21000000000' }]
 * await tonConnect.sendTransaction({ validUntil: now + 300, network: '-239', messages });
 * ```
 */
export async function tonConnectMessages(
    build: (via: Sender, open: <T extends Contract>(contract: T) => OpenedContract<T>) => Promise<unknown>,
    { testOnly = false, maxMessages = 4 }: TonConnectOptions = {},
): Promise<TonConnectMessage[]> {
    const messages: TonConnectMessage[] = [];
    const via: Sender = {
        send: (message) => {
            messages.push(toTonConnect(message, testOnly));
            return Promise.resolve();
        },
    };
    await build(via, (contract) => openContract(contract, offlineProvider));
    if (messages.length === 0) {
        throw new GramhouseError('invalid_argument', 'There is no message to send.');
    }
    if (messages.length > maxMessages) {
        throw new GramhouseError(
            'invalid_argument',
            `These are ${messages.length} messages, and the wallet takes ${maxMessages} at once.`,
            { hint: 'Send them in several requests; for a wallet of version v5 set maxMessages to 255.' },
        );
    }
    return messages;
}

function toTonConnect({ to, value, bounce, body, init }: SenderArguments, testOnly: boolean): TonConnectMessage {
    if (value <= 0n) {
        throw new GramhouseError('invalid_amount', `${value} nanotons cannot be sent.`, {
            hint: 'The quotes say what to attach.',
        });
    }
    const message: TonConnectMessage = {
        address: to.toString({ bounceable: bounce ?? true, testOnly }),
        amount: value.toString(),
    };
    if (body && !body.equals(Cell.EMPTY)) {
        message.payload = body.toBoc().toString('base64');
    }
    if (init) {
        message.stateInit = beginCell().store(storeStateInit(init)).endCell().toBoc().toString('base64');
    }
    return message;
}

/** A provider that asks no chain: it hands messages to the wallet, and refuses everything else. */
function offlineProvider({ address, init }: { address: Address; init: StateInit | null }): ContractProvider {
    const refuse = (): Promise<never> =>
        Promise.reject(
            new GramhouseError('invalid_argument', 'Without a client only messages are built.', {
                hint: 'Open the contract with a client.',
            }),
        );
    return {
        internal: (via, { value, bounce, body }) =>
            via.send({
                to: address,
                value: typeof value === 'string' ? toNano(value) : value,
                bounce,
                body: typeof body === 'string' ? commentBody(body) : body,
                init,
            }),
        external: refuse,
        getState: refuse,
        get: refuse,
        getTransactions: refuse,
        open: (contract) => openContract(contract, offlineProvider),
    };
}
