import {
    Address,
    beginCell,
    Cell,
    loadShardAccount,
    SendMode,
    storeShardAccount,
    type Message,
    type StateInit,
    type Transaction,
} from '@ton/core';
import { Blockchain, type SandboxContract, type SendMessageResult, type TreasuryContract } from '@ton/sandbox';

import { chainConfig, EARLIER_PRICES, withoutValidators } from '../../devnet/config';
import { MAINNET_PRICES, type NetworkPrices } from '../../wrappers';

/** Both price lists, for `describe.each(PRICE_LISTS)`. */
export const PRICE_LISTS: [name: string, prices: NetworkPrices][] = [
    ["today's prices", MAINNET_PRICES],
    ['the earlier prices', EARLIER_PRICES],
];

export const START = 1_800_000_000;
export const GLOBAL_ID = -239;

export type Person = SandboxContract<TreasuryContract>;

const configs = new Map<NetworkPrices, Cell>();

/** The config of an embedded chain, made once for each list of prices; what only validators read is not in it. */
export function configOf(prices: NetworkPrices): Cell {
    const known = configs.get(prices);
    if (known) {
        return known;
    }
    const config = withoutValidators(chainConfig(prices));
    const boc = config.toBoc();
    // Each chain asks for it
    const written = Object.create(config, { toBoc: { value: () => boc } }) as Cell;
    configs.set(prices, written);
    return written;
}

/** An embedded chain at the time START. */
export async function newChain(prices: NetworkPrices): Promise<Blockchain> {
    const chain = await Blockchain.create({ config: configOf(prices) });
    chain.now = START;
    return chain;
}

/** The accounts of people as their deployment left them. */
const born = new Map<string, Cell>();

/** A wallet with money, by its name. It is deployed on the first chain, and put onto each other one. */
export async function personOn(chain: Blockchain, name: string): Promise<Person> {
    const known = born.get(name);
    if (known) {
        const account = loadShardAccount(known.beginParse());
        await chain.setShardAccount(account.account!.addr, account);
    }
    const person = await chain.treasury(name);
    if (!known) {
        const { account } = await chain.getContract(person.address);
        born.set(name, beginCell().store(storeShardAccount(account)).endCell());
    }
    return person;
}

/** An embedded chain with people on it. Every message that passes through it is checked for conservation. */
export class BaseWorld {
    private readonly balances = new Map<bigint, bigint>();
    private readonly workchains = new Map<bigint, number>();

    protected constructor(
        readonly chain: Blockchain,
        readonly prices: NetworkPrices,
        /** The op with which its contracts give a value back. */
        private readonly returnOp: number,
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

    /**
     * The message is refused and leaves nothing behind, whatever its bounce flag: with it the code is thrown and the
     * value bounces, without it the value comes back as `returnOp`.
     */
    async expectRejected(from: Person, to: Address, value: bigint, body: Cell, code: number): Promise<void> {
        const data = await this.data(to);
        for (const bounce of [true, false]) {
            const before = await this.balance(to);
            const result = await this.send(from, to, value, body, { bounce });
            const refusal = transactionOn(result, to);
            expect({ bounce, code: exitCode(refusal) }).toEqual({ bounce, code: bounce ? code : 0 });
            expect(refusal.outMessagesCount).toBe(1);
            const [answer] = refusal.outMessages.values();
            expect(answer?.info.dest?.toString()).toBe(from.address.toString());
            expect(answer && answer.info.type === 'internal' && answer.info.bounced).toBe(bounce);
            if (!bounce) {
                expect(opOf(answer)).toBe(this.returnOp);
            }
            expect((await this.data(to)).equals(data)).toBe(true);
            expect(await this.balance(to)).toBe(before - storageFee(refusal));
        }
    }
}

/** A message between two accounts as the receiver sees it, for `inject`, or for `receiveMessage` of one account. */
export function internalMessage(from: Address, to: Address, value: bigint, body: Cell, bounce = true): Message {
    return {
        info: {
            type: 'internal',
            src: from,
            dest: to,
            value: { coins: value },
            bounce,
            bounced: false,
            ihrDisabled: true,
            ihrFee: 0n,
            forwardFee: 0n,
            createdAt: 0,
            createdLt: 0n,
        },
        body,
    };
}

/** The transaction of this account; the first, where there are several. */
export function transactionOn(result: SendMessageResult, address: Address): Transaction {
    const tx = result.transactions.find((tx) => isOn(tx, address));
    if (!tx) {
        throw new Error(`No transaction on ${address.toString()}`);
    }
    return tx;
}

export function isOn(tx: Transaction, address: Address): boolean {
    return tx.address === BigInt(`0x${address.hash.toString('hex')}`);
}

export function exitCode(tx: Transaction): number | undefined {
    const compute = tx.description.type === 'generic' ? tx.description.computePhase : undefined;
    return compute?.type === 'vm' ? compute.exitCode : undefined;
}

export function gasUsed(tx: Transaction): number {
    const compute = tx.description.type === 'generic' ? tx.description.computePhase : undefined;
    return compute?.type === 'vm' ? Number(compute.gasUsed) : 0;
}

/** Nanotons that the account paid for its gas. */
export function gasFees(tx: Transaction): bigint {
    const compute = tx.description.type === 'generic' ? tx.description.computePhase : undefined;
    return compute?.type === 'vm' ? compute.gasFees : 0n;
}

export function storageFee(tx: Transaction): bigint {
    return tx.description.type === 'generic' ? (tx.description.storagePhase?.storageFeesCollected ?? 0n) : 0n;
}

export function opOf(message: Message | undefined): number | undefined {
    return message && message.body.bits.length >= 32 ? message.body.beginParse().preloadUint(32) : undefined;
}

/** The messages that an account sent, as receiver, op and value. */
export function sent(tx: Transaction): { to: Address; op: number | undefined; value: bigint; body: Cell }[] {
    return tx.outMessages.values().flatMap((message) => {
        const { info, body } = message;
        return info.type === 'internal' ? [{ to: info.dest, op: opOf(message), value: info.value.coins, body }] : [];
    });
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
