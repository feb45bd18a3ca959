import { Address, Cell, SendMode, type Message, type StateInit, type Transaction } from '@ton/core';
import { Blockchain, type SandboxContract, type SendMessageResult, type TreasuryContract } from '@ton/sandbox';

import { chainConfig, EARLIER_PRICES } from '../../devnet/config';
import { MAINNET_PRICES, type NetworkPrices } from '../../wrappers';

/** Both price lists, for `describe.each(PRICE_LISTS)`. */
export const PRICE_LISTS: [name: string, prices: NetworkPrices][] = [
    ["today's prices", MAINNET_PRICES],
    ['the earlier prices', EARLIER_PRICES],
];

export const START = 1_800_000_000;
export const GLOBAL_ID = -239;

export type Person = SandboxContract<TreasuryContract>;

/** An embedded chain at the time START. */
export async function newChain(prices: NetworkPrices): Promise<Blockchain> {
    const chain = await Blockchain.create({ config: chainConfig(prices) });
    chain.now = START;
    return chain;
}

/** An embedded chain with people on it. Every message that passes through it is checked for conservation. */
export class BaseWorld {
    private readonly balances = new Map<bigint, bigint>();
    private readonly workchains = new Map<bigint, number>();

    protected constructor(
        readonly chain: Blockchain,
        readonly prices: NetworkPrices,
    ) {}

    get now(): number {
        return this.chain.now ?? START;
    }

    set now(time: number) {
        this.chain.now = time;
    }

    /** A wallet's message, its consequences carried through, and every transaction of them conserving nanotons. */
    async send(
        from: Person,
        to: Address,
        value: bigint,
        body: Cell = Cell.EMPTY,
        { bounce = true, init }: { bounce?: boolean; init?: StateInit | null } = {},
    ): Promise<SendMessageResult> {
        return this.conserving(() =>
            from.send({ to, value, body, bounce, init, sendMode: SendMode.PAY_GAS_SEPARATELY }),
        );
    }

    /** A message of any shape, as if it came from anywhere. */
    async inject(message: Message): Promise<SendMessageResult> {
        return this.conserving(() => this.chain.sendMessage(message));
    }

    private async conserving(run: () => Promise<SendMessageResult>): Promise<SendMessageResult> {
        const result = await run();
        await this.checkConservation(result.transactions);
        return result;
    }

    /** Every account has what it had and got, less what it sent and paid. */
    protected async checkConservation(transactions: readonly Transaction[]): Promise<void> {
        const expected = new Map<bigint, bigint>();
        for (const tx of transactions) {
            const before = expected.get(tx.address) ?? this.balances.get(tx.address) ?? 0n;
            expected.set(tx.address, before + incoming(tx) - outgoing(tx) - tx.totalFees.coins);
        }
        for (const [address, balance] of expected) {
            const hash = Buffer.from(address.toString(16).padStart(64, '0'), 'hex');
            const workchain = this.workchains.get(address) ?? 0;
            expect({
                address: address.toString(16),
                balance: await this.balance(new Address(workchain, hash)),
            }).toEqual({
                address: address.toString(16),
                balance,
            });
            this.balances.set(address, balance);
        }
    }

    /** Tells the conservation check of a balance that the test set by hand. */
    async remember(address: Address): Promise<void> {
        const key = BigInt(`0x${address.hash.toString('hex')}`);
        this.balances.set(key, await this.balance(address));
        this.workchains.set(key, address.workChain);
    }

    /** Remembers the chain as it is; the function that it gives goes back to that. */
    checkpoint(): () => Promise<void> {
        const [chain, balances] = [this.chain.snapshot(), [...this.balances]];
        return async () => {
            await this.chain.loadFrom(chain);
            this.balances.clear();
            balances.forEach(([address, balance]) => this.balances.set(address, balance));
        };
    }

    async balance(address: Address): Promise<bigint> {
        return (await this.chain.getContract(address)).balance;
    }

    /** The stored state, read from the account itself. */
    async data(address: Address): Promise<Cell> {
        const state = (await this.chain.getContract(address)).accountState;
        if (state?.type !== 'active' || !state.state.data) {
            throw new Error(`${address.toString()} has no state`);
        }
        return state.state.data;
    }
}

function incoming(tx: Transaction): bigint {
    return tx.inMessage?.info.type === 'internal' ? tx.inMessage.info.value.coins : 0n;
}

function outgoing(tx: Transaction): bigint {
    let sum = 0n;
    for (const { info } of tx.outMessages.values()) {
        sum += info.type === 'internal' ? info.value.coins + info.forwardFee : 0n;
    }
    return sum;
}
