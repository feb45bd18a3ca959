import type { NetworkProvider } from '@ton/blueprint';
import type { Address, Cell, StateInit, Transaction } from '@ton/core';
import { beginCell, SendMode, storeStateInit } from '@ton/core';

import { cellSize } from '../wrappers/common/cells';
import { GramhouseError } from '../wrappers/common/errors';
import { forwardFee, gasFee } from '../wrappers/common/prices';
import type { NetworkConfig } from './chain';
import { failureOf, lastLt, readConfig, reasonOf, sentMessages, transactionsSince, until } from './chain';
import type { Words } from './words';
import { coins, parseSpan, parseWords, Refusal } from './words';

const DEFAULT_WAIT_SECONDS = 120;
const LAG_SECONDS = 8;
const LOCAL_LAG_SECONDS = 1;
/** A wallet's own gas for one message is 3,000 to 6,000 units, and its first message carries its code. */
const WALLET_GAS = 10_000;
const WALLET_CELLS = 30;
const WALLET_BITS = 12_000;
/** A value so many times what is needed is more likely a slip of the finger. */
const TOO_HIGH = 10n;

/** A message that a script sends, and what it says of it before. */
export type Step = {
    to: Address;
    /** Nanotons. */
    value: bigint;
    body: Cell;
    /** For the account to be deployed with it. */
    init?: StateInit;
    /** One sentence: what becomes of the value. */
    cost: string;
};

/** One run of a script: its words, its network and wallet, and the terminal. */
export class Session {
    readonly network: string;
    /** Null for a wallet that does not tell its address, as behind a deep link. */
    readonly wallet: Address | null;
    private known: Promise<NetworkConfig> | null = null;
    private isConfirmed = false;

    constructor(
        readonly provider: NetworkProvider,
        readonly words: Words,
    ) {
        this.network = provider.network();
        this.wallet = provider.sender().address ?? null;
    }

    print(...lines: string[]): void {
        lines.forEach((line) => this.provider.ui().write(line));
    }

    /** A value that the script cannot do without: from its word, or asked for. */
    async required<T>(
        key: string,
        question: string,
        parse: (text: string, key: string, network: string) => T,
    ): Promise<T> {
        const word = this.words.get(key);
        if (word !== undefined) {
            return parse(word, key, this.network);
        }
        if (!process.stdin.isTTY) {
            throw new Refusal(`The word ${key}= is missing: ${question}.`);
        }
        return parse((await this.provider.ui().input(`${key} (${question})`)).trim(), key, this.network);
    }

    /** A value from its word; undefined without the word. */
    optional<T>(key: string, parse: (text: string, key: string, network: string) => T): T | undefined {
        const word = this.words.get(key);
        return word === undefined ? undefined : parse(word, key, this.network);
    }

    /** The prices and the id of the network. Stops where the API serves another network than it is said to be. */
    config(): Promise<NetworkConfig> {
        return (this.known ??= readConfig(this.provider));
    }

    /** How people write this address on this network. Wallets get the form that does not bounce. */
    text(address: Address, bounceable = true): string {
        return address.toString({ testOnly: this.network === 'testnet', bounceable });
    }

    /** A person's address, or that it is the wallet that runs the script. */
    person(address: Address | null): string {
        if (!address) {
            return 'nobody';
        }
        const isMine = this.wallet?.equals(address) === true;
        return this.text(address, false) + (isMine ? ' (you)' : '');
    }

    /** Whether it is the wallet that runs the script. Behind a deep link nobody can tell, so it may be. */
    isMe(person: Address | null): boolean {
        return person !== null && (this.wallet === null || this.wallet.equals(person));
    }

    async balanceOf(address: Address): Promise<bigint> {
        return (await this.provider.getContractState(address)).balance;
    }

    /** The wallet, for what only a known address can do. */
    requireWallet(): Address {
        if (!this.wallet) {
            throw new Refusal(
                'This needs your address, which a deep link does not tell: use --tonconnect or --mnemonic.',
            );
        }
        return this.wallet;
    }

    /** Only this person may go on. Behind a deep link the contract has the last word. */
    requireIsMe(person: Address | null, what: string): void {
        if (this.wallet && !this.isMe(person)) {
            throw new Refusal(
                `${what} is ${this.person(person)}, and your wallet is ${this.text(this.wallet, false)}.`,
            );
        }
    }

    /** Stops a value that is ten times what would do, unless the word `high` is there. */
    requireSane(key: string, value: bigint, enough: bigint): void {
        if (value > TOO_HIGH * enough && !this.words.has('high')) {
            throw new Refusal(
                `${key}=${coins(value)} is more than ${TOO_HIGH} times the ${coins(enough)} that would do: ` +
                    'correct it, or add the word high if you mean it.',
            );
        }
    }

    /**
     * Says what a message costs, asks, sends it, and waits until its transaction is on chain.
     *
     * @returns the transaction, which succeeded; what it changed is for the script to see
     */
    async carryOut(step: Step): Promise<Transaction> {
        const { to, value, body, init } = step;
        const { prices, source } = await this.config();
        const carried = cellSize(
            beginCell()
                .storeRef(body)
                .storeMaybeRef(init && beginCell().store(storeStateInit(init)))
                .endCell(),
        );
        const [cells, bits] = [carried.cells + WALLET_CELLS, carried.bits + WALLET_BITS];
        // Once to bring the message to the wallet, and once from there
        const fee = gasFee(prices, WALLET_GAS) + 2n * forwardFee(prices, cells, bits);
        await this.checkWallet(value + fee);
        this.print(
            `Attached: ${coins(value)}. ${step.cost}`,
            `Your wallet pays up to ${coins(roundedUp(fee))} on top for its own message, ${source}.`,
        );
        await this.confirm();

        const before = await lastLt(this.provider, to);
        const walletBefore = this.wallet && (await lastLt(this.provider, this.wallet));
        try {
            await this.provider.sender().send({ to, value, body, init, sendMode: SendMode.PAY_GAS_SEPARATELY });
        } catch (error) {
            throw new Refusal(
                `The wallet did not send it (${reasonOf(error).text}): look with show before you try again.`,
            );
        }
        this.print('Waiting for the chain...');
        const transaction = await this.waitFor(to, before, (message) => {
            const { info } = message;
            return (
                info.type === 'internal' &&
                !info.bounced &&
                (this.wallet ? info.src.equals(this.wallet) : info.value.coins === value) &&
                message.body.hash().equals(body.hash())
            );
        });
        if (!transaction) {
            throw new Refusal(await this.explainSilence(walletBefore));
        }
        const failure = failureOf(transaction);
        if (failure) {
            const back = sentMessages(transaction).reduce((sum, { info }) => sum + info.value.coins, 0n);
            throw new Refusal(
                `Refused by the contract with ${failure}. Of the attached value ${coins(back)} came back.`,
            );
        }
        return transaction;
    }

    /** The transaction that a message of `from`'s transaction made at `to`; null where it sent none. */
    async follow(from: Transaction, to: Address): Promise<Transaction | null> {
        const sent = sentMessages(from).find(({ info }) => info.dest.equals(to));
        if (!sent) {
            return null;
        }
        const { createdLt } = sent.info;
        const transaction = await this.waitFor(
            to,
            createdLt,
            ({ info }) => info.type === 'internal' && info.createdLt === createdLt && info.src.equals(sent.info.src),
        );
        if (!transaction) {
            throw new Refusal(`The message went on to ${this.text(to)} and did not arrive in time: look with show.`);
        }
        return transaction;
    }

    /** Reads until what a message should have done shows: not every server of an API has the newest block at once. */
    async readUntil<T>(read: () => Promise<T>, isDone: (found: T) => boolean): Promise<T> {
        let newest: { value: T } | null = null;
        const seconds = this.network === 'custom' ? LOCAL_LAG_SECONDS : LAG_SECONDS;
        const { lastError } = await until(this.provider, seconds, async () => {
            newest = { value: await read() };
            return isDone(newest.value) ? newest : null;
        });
        if (!newest) {
            throw lastError;
        }
        return (newest as { value: T }).value;
    }

    /** Prints the command for what comes next, for the same network and wallet. */
    next(script: string, words: string[], why: string): void {
        const contracts = ['collection', 'network'].flatMap((key) => {
            const address = this.words.get(key);
            return address === undefined ? [] : [`${key}=${address}`];
        });
        const path = script.includes('/') ? script : `usernames/${script}`;
        const command = ['npx blueprint run', path, ...words, ...contracts, ...networkFlags(this.network)];
        this.print('', `Next: ${why}`, `  ${command.join(' ')}`);
    }

    /** Asks whether to go on, once for all messages of a run. Stops if not, and where there is nobody to ask. */
    async confirm(): Promise<void> {
        if (this.words.has('yes') || this.isConfirmed) {
            return;
        }
        if (!process.stdin.isTTY) {
            throw new Refusal('There is no terminal to ask at. Nothing was sent: add the word yes to send it.');
        }
        if (!(await this.provider.ui().prompt('Send it?'))) {
            throw new Refusal('Stopped: nothing was sent.');
        }
        this.isConfirmed = true;
    }

    private async checkWallet(needed: bigint): Promise<void> {
        if (!this.wallet) {
            this.print(
                'Send it from a wallet of your own, never from an exchange: what comes back goes to the sender.',
            );
            return;
        }
        if (this.wallet.workChain !== 0) {
            throw new Refusal(
                'Your wallet is in the masterchain, and the contracts know workchain 0 only: use another.',
            );
        }
        const balance = await this.balanceOf(this.wallet);
        if (balance < needed) {
            throw new Refusal(
                `Your wallet ${this.text(this.wallet, false)} holds ${coins(balance)} and this takes ${coins(needed)}: ` +
                    `send it ${coins(needed - balance)} more first.`,
            );
        }
    }

    private async waitFor(
        account: Address,
        since: bigint,
        isIt: (message: NonNullable<Transaction['inMessage']>) => boolean,
    ): Promise<Transaction | null> {
        const seconds = this.optional('wait', parseSpan) ?? DEFAULT_WAIT_SECONDS;
        const { answer, lastError } = await until(this.provider, seconds, async () => {
            const transactions = await transactionsSince(this.provider, account, since);
            return transactions.find(({ inMessage }) => inMessage && isIt(inMessage)) ?? null;
        });
        if (lastError !== null) {
            throw new Refusal(
                `It was sent, and then the API gave no answer (${reasonOf(lastError).text}): look with show before you send again.`,
            );
        }
        return answer;
    }

    /** Why nothing arrived: the wallet's own transaction may tell. */
    private async explainSilence(walletBefore: bigint | null): Promise<string> {
        const transactions =
            this.wallet && walletBefore !== null
                ? await transactionsSince(this.provider, this.wallet, walletBefore)
                : [];
        const failure = transactions.map(failureOf).find((text) => text !== null);
        if (failure !== undefined) {
            return `Your wallet could not send it: ${failure}. Nothing reached the contract.`;
        }
        return transactions.length > 0
            ? 'Your wallet sent it, and it has not arrived yet: look with show before you send again.'
            : 'The chain shows no message of your wallet yet: look with show before you send again.';
    }
}

/** To four decimals of a coin. */
const roundedUp = (amount: bigint): bigint => ((amount + 99_999n) / 100_000n) * 100_000n;

/** What Blueprint was told about network and wallet, so that the next command says it again. */
function networkFlags(network: string): string[] {
    const flags: string[] = [];
    process.argv.forEach((word, at, all) => {
        if (/^--(mainnet|testnet|tetra|tonconnect|deeplink|mnemonic)$/.test(word)) {
            flags.push(word);
        } else if (/^--custom(-type|-version|-global-id)?$/.test(word)) {
            flags.push(word, all[at + 1] ?? '');
        } else if (word === '--custom-key') {
            flags.push(word, 'KEY');
        }
    });
    return flags.length > 0 || network === 'custom' ? flags : [`--${network}`];
}

/** The one line about whatever stopped a script. */
function explain(error: unknown, network: string): string {
    if (error instanceof Refusal || error instanceof GramhouseError) {
        return error.message.replaceAll(/\s+/g, ' ');
    }
    const { text, isNetwork } = reasonOf(error);
    return isNetwork
        ? `The API of ${network} gives no answer (${text}): check its address, and look with show before you send again.`
        : text;
}

/**
 * A script for `npx blueprint run`: what it exports as `run`. What goes wrong is one line on the standard error output
 * and exit code 1.
 *
 * @param words the `key=value` words that it knows beside wait= and the word of the contract (collection= unless told), and
 * the bare ones beside yes
 */
export function script(
    words: { keys: string[]; flags?: string[]; contract?: 'collection' | 'network' },
    main: (session: Session) => Promise<void>,
): (provider: NetworkProvider, args: string[]) => Promise<void> {
    return async (provider, args) => {
        try {
            const keys = [...words.keys, words.contract ?? 'collection', 'wait'];
            await main(new Session(provider, parseWords(args, keys, [...(words.flags ?? []), 'yes'])));
        } catch (error) {
            process.stderr.write(`${explain(error, provider.network())}\n`);
            // Blueprint ends with 0 whatever process.exitCode is
            process.exit(1);
        }
    };
}
