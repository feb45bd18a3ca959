import type { Address, ContractProvider } from '@ton/core';
import { Cell, fromNano } from '@ton/core';
import { GramhouseError } from './errors';
import { SHARED_TEXTS } from './exit-codes';
import type { NetworkPrices } from './prices';
import { forwardFee, gasFee } from './prices';

/**
 * What a check finds before the wallet opens. An `error` is refused or loses money; a `warning` is for the person to
 * decide. `code` is the exit code's name where the contract would refuse, and otherwise one of `custodian_address`,
 * `frozen_address`, `inactive_address`, `unknown_contract`, `not_enough_balance`, `below_quote`, `above_maximum`,
 * `already_leading`, `already_minted`.
 */
export type Problem = {
    severity: 'error' | 'warning';
    code: string;
    /** One sentence: what is wrong. */
    shortMessage: string;
    /** What to do about it. */
    hint?: string;
};

/** An account as `readAccount` gives it: a wallet that sends, or one that will get a name or money. */
export type Account = {
    address: Address;
    /** Nanotons. */
    balance: bigint;
    status: 'uninit' | 'active' | 'frozen';
    /** The hash of its code in base64; null without a code. */
    codeHash: string | null;
    /** The name of the custodian whose shared address this is; null if it is none that is known. */
    custodian: string | null;
};

/** A message that the wallet is about to send. */
export type Sending = {
    wallet: Account;
    /** Nanotons to attach. */
    value: bigint;
    prices: NetworkPrices;
};

/**
 * Shared addresses of exchanges and other custodians, which book what arrives by its comment: a name that such an address
 * owns, and money that a contract pays to it, are out of the person's hands. From tonkeeper/ton-assets
 * accounts/custodians.yaml (commit 03d06688), those with `require_memo`, a part. No such list is complete: many
 * exchanges give every customer an address of his own.
 */
export const CUSTODIANS: Readonly<Record<string, string>> = {
    // cspell:disable
    'EQD5mxRgCuRNLxKxeOjG6r14iSroLF5FtomPnet-sgP5xNJb': 'Binance',
    EQDN9_DXwJA28GQnLjxCntVwvknvKes6c1tku8F5FQc3MkZo: 'Bitget',
    EQDD8dqOzaj4zUK6ziJOo_G2lx6qf1TEktTRkFJ7T1c_fPQb: 'Bybit',
    EQC0lrj3O0af8GotieYsTXChA_wijIIVN7Sd_wkgYLwoH07q: 'Gate.io',
    EQCA1BI4QRZ8qYmskSRDzJmkucGodYRTZCf_b9hckjla6dZl: 'KuCoin',
    EQBX63RAdgShn34EAFMV73Cut7Z15lUZd1hnVva68SEl7sxi: 'MEXC',
    EQBfAN7LfaUYgXZNw5Wc7GBgkEX2yhuJ5ka95J1JJwXXf4a8: 'OKX',
    'EQBDanbCeUqI4_v-xrnAN0_I2wRvEIaLg1Qg2ZN5c6Zl1KOh': 'Wallet in Telegram',
    // cspell:enable
};

/** Code hashes of wallets v3r1, v3r2, v4r2, v5 beta and v5r1, in base64. */
export const WALLET_CODE_HASHES: readonly string[] = [
    'thBBpYp5gLlG6PueGY48kE0keZ/6NldOpCUcQaVm9YE=',
    'hNr6RJ+Ypph3ibojI1gHK8D3bcRSQAKl0JGLmnXS1Zk=',
    '/rX/aCDi/w2Ug+fg1iyBfYRniftK5YDIeIZtlZ2r1cA=',
    '89fKU0k97trCizgZhqhJQDy6w9LFhHea8IEGWvCsS5M=',
    'IINLe3KxEhR+Gy+0V7hOdNGjDwT3N9T2KmaOlVLSty8=',
];

/**
 * Reads an account by any client with `provider` (TonClient, TonClient4, the sandbox).
 *
 * @param custodians shared addresses in the form EQ..., with names; `{ ...CUSTODIANS, ...yours }` adds some
 *
 * @example
 * ```ts
 * const { status, balance, custodian } = await readAccount(client, alice.address);
 * [status, custodian]; // => ['active', null]
 * ```
 */
export async function readAccount(
    client: { provider(address: Address): Pick<ContractProvider, 'getState'> },
    address: Address,
    custodians: Readonly<Record<string, string>> = CUSTODIANS,
): Promise<Account> {
    const { balance, state } = await client.provider(address).getState();
    const code = state.type === 'active' ? state.code : null;
    return {
        address,
        balance,
        status: state.type,
        codeHash: code ? Cell.fromBoc(code)[0]!.hash().toString('base64') : null,
        custodian: custodians[address.toString()] ?? null,
    };
}

/**
 * Nanotons that a wallet pays at most for one message of this SDK, beside its value: its own gas, and what it costs to
 * bring in and to send a message of 32 cells.
 *
 * @example
 * ```ts
 * walletFee(prices) < toNano('0.01'); // => true
 * ```
 */
export function walletFee(prices: NetworkPrices): bigint {
    return gasFee(prices, 10_000) + 2n * forwardFee(prices, 32, 16_000);
}

/**
 * What is wrong with the wallet that sends: its balance does not cover value and fee, it is frozen or a custodian's.
 *
 * @example
 * ```ts
 * walletProblems({ wallet, value: toNano('1'), prices }); // => []
 * walletProblems({ wallet, value: wallet.balance, prices })[0]?.code; // => 'not_enough_balance'
 * ```
 */
export function walletProblems({ wallet, value, prices }: Sending): Problem[] {
    const missing = value + walletFee(prices) - wallet.balance;
    return [
        ...addressErrors(wallet),
        ...problems([
            [
                missing > 0n,
                'error',
                'not_enough_balance',
                `The wallet lacks ${fromNano(missing)} TON for this and its fees.`,
                'Put more into it, or take a smaller amount.',
            ],
        ]),
    ];
}

/**
 * What is wrong with an address that will get a name or money.
 *
 * @example
 * ```ts
 * const stranger = await readAccount(client, Address.parse(`0:${'11'.repeat(32)}`));
 * recipientProblems(stranger).map(({ code }) => code); // => ['inactive_address']
 * ```
 */
export function recipientProblems(account: Account): Problem[] {
    const { address, status, codeHash } = account;
    return [
        ...addressErrors(account),
        ...problems([
            [address.workChain !== 0, 'error', 'wrong_workchain', ...SHARED_TEXTS.wrong_workchain],
            [
                status === 'uninit',
                'warning',
                'inactive_address',
                `Nothing has been sent from ${address.toString({ bounceable: false })} yet.`,
                'Check every character: what a mistyped address gets is lost.',
            ],
            [
                status === 'active' && !WALLET_CODE_HASHES.includes(codeHash ?? ''),
                'warning',
                'unknown_contract',
                `${address.toString()} is a contract, and no wallet that is known here.`,
                'Make sure that it can pass on what it gets.',
            ],
        ]),
    ];
}

function addressErrors({ address, status, custodian }: Account): Problem[] {
    return problems([
        [
            custodian !== null,
            'error',
            'custodian_address',
            `${address.toString()} is a shared address of ${custodian}.`,
            "Use a wallet of your own: what comes without a comment is nobody's there.",
        ],
        [
            status === 'frozen',
            'error',
            'frozen_address',
            `${address.toString()} is frozen.`,
            'Use another wallet: what arrives there stays there.',
        ],
    ]);
}

/** Whether a rule is broken; null and undefined where what it is about is not there. */
type Flag = boolean | null | undefined;

/** A rule that the contract keeps: whether it is broken, the exit code, and a hint instead of the code's own. */
export type Rule = readonly [isBroken: Flag, exitCode: number, hint?: string];

/** A rule of ours. */
type OwnRule = readonly [isBroken: Flag, severity: Problem['severity'], code: string, text: string, hint: string];

/**
 * All that is wrong with a message: what `valid` throws, the rules that it breaks, a value below the quote, and what is
 * wrong with its recipients and its wallet.
 */
export function messageProblems(
    errorOf: (exitCode: number) => GramhouseError,
    sending: Sending,
    message: {
        valid?: () => unknown;
        rules?: readonly Rule[];
        others?: readonly OwnRule[];
        quote?: bigint;
        recipients?: readonly (Account | undefined)[];
    },
): Problem[] {
    const { valid = () => null, rules = [], others = [], quote = 0n, recipients = [] } = message;
    return [
        ...thrownProblem(valid),
        ...broken(rules).map(([, exitCode, hint]) => toProblem(errorOf(exitCode), hint)),
        ...problems([
            ...others,
            [
                sending.value < quote,
                'warning',
                'below_quote',
                'The attached value may not be enough.',
                `Attach ${fromNano(quote)} TON, as the quote says.`,
            ],
        ]),
        ...recipients.flatMap((account) => (account ? recipientProblems(account) : [])),
        ...walletProblems(sending),
    ];
}

/** A problem for each rule that is broken. */
function problems(rules: readonly OwnRule[]): Problem[] {
    return broken(rules).map(([, severity, code, shortMessage, hint]) => ({ severity, code, shortMessage, hint }));
}

const broken = <R extends readonly [Flag, ...unknown[]]>(rules: readonly R[]): R[] => rules.filter(([it]) => it);

/** What `check` throws, as an error; any other exception goes on. */
function thrownProblem(check: () => unknown): Problem[] {
    try {
        check();
        return [];
    } catch (error) {
        if (error instanceof GramhouseError) {
            return [toProblem(error)];
        }
        throw error;
    }
}

function toProblem({ code, shortMessage, hint }: GramhouseError, otherHint = hint): Problem {
    return { severity: 'error', code, shortMessage, hint: otherHint };
}
