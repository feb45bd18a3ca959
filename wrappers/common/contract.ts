import type { Cell, ContractProvider, Sender } from '@ton/core';
import { SendMode } from '@ton/core';

/** What every message takes: the value to attach, in nanotons. The sender pays the message's own fee beside it. */
export type SendOpts = {
    value: bigint;
    /** Whether a failed message bounces; true unless told. A non-bounceable one that is rejected comes back as `return_bid`. */
    bounce?: boolean;
};

/** A number that answers echo, 0n unless told. */
export type QueryOpts = { queryId?: bigint };

/** Sends `body` to the provider's contract, with its StateInit while it is not deployed. */
export function send(provider: ContractProvider, via: Sender, opts: SendOpts, body: Cell): Promise<void> {
    const { value, bounce } = opts;
    return provider.internal(via, { value, bounce, sendMode: SendMode.PAY_GAS_SEPARATELY, body });
}

/** What a getter answers; null where there is no contract. */
export async function ifDeployed<T>(provider: ContractProvider, answer: Promise<T>): Promise<T | null> {
    try {
        return await answer;
    } catch (error) {
        if ((await provider.getState()).state.type === 'active') {
            throw error;
        }
        return null;
    }
}

/**
 * The exit code in an error of a getter, or of an external message that was not accepted, whichever client threw it; null
 * if there is none. `usernameError` and `adsError` say what it means.
 *
 * @example
 * ```ts
 * const failure = await client.open(UsernameItem.createFromAddress(account.address)).getState().catch((e: unknown) => e);
 * exitCodeOf(failure); // => TvmError.no_such_method
 * ```
 */
export function exitCodeOf(error: unknown): number | null {
    if (!(error instanceof Error)) {
        return null;
    }
    if ('exitCode' in error && typeof error.exitCode === 'number') {
        return error.exitCode;
    }
    // TonClient throws the HTTP client's error, with the node's text in the answer
    const { response } = error as { response?: { data?: { error?: unknown } } };
    const match = /exit[ _]?code[:=] ?(-?\d+)/i.exec(`${String(response?.data?.error)} ${error.message}`);
    return match ? Number(match[1]) : null;
}
