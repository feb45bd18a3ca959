import { nameOf } from './cells';
import { GramhouseError } from './errors';

/** What an exit code means to a person: a sentence about what happened, and what to do about it. */
export type ErrorText = readonly [shortMessage: string, hint: string];

/**
 * Exit codes of the TVM and result codes of the action phase that a person meets (docs.ton.org/tvm/exit-codes). Running
 * out of gas has two, 13 and -14; -13 is what APIs answer for a getter of an address without a contract.
 */
export const TvmError = {
    no_contract: -13,
    stack_underflow: 2,
    stack_overflow: 3,
    integer_overflow: 4,
    range_check: 5,
    invalid_opcode: 6,
    type_check: 7,
    cell_overflow: 8,
    cell_underflow: 9,
    dictionary_error: 10,
    no_such_method: 11,
    out_of_gas: 13,
    invalid_action_list: 32,
    too_many_actions: 33,
    invalid_action: 34,
    invalid_source_address: 35,
    invalid_destination_address: 36,
    not_enough_toncoin: 37,
    not_enough_extra_currency: 38,
    not_enough_for_message_fees: 40,
    too_many_cells: 43,
    account_state_too_big: 50,
} as const;

type TvmErrorName = keyof typeof TvmError;

/** Hints that several codes share. */
const OTHER_CONTRACT = 'Check the address: this may be a contract of another kind or version.';
export const ATTACH_MORE = 'Attach more: the quote says how much.';

/** Texts of the codes in contracts/lib/errors.fc, and of those that both halves have with the same meaning. */
export const SHARED_TEXTS = {
    cell_underflow: ['The message is shorter than its layout (TVM).', OTHER_CONTRACT],
    wrong_workchain: ['Not a standard address in workchain 0.', 'Use a wallet in workchain 0.'],
    unknown_op: ['The op code is not known here.', OTHER_CONTRACT],
    not_enough_funds: ['The attached value or the balance does not cover the operation.', ATTACH_MORE],
    not_admin: ['Only the admin, or the one that he proposed, may do this.', "Send it from the admin's wallet."],
} as const satisfies Record<string, ErrorText>;

const CANNOT_SEND: ErrorText = [
    'The balance does not cover the messages that are to be sent.',
    `${ATTACH_MORE} A wallet needs more than that, for the fees.`,
];

/** The other codes come of a message or contract that this SDK was not made for. */
const TVM_TEXTS: Partial<Record<TvmErrorName, ErrorText>> = {
    no_contract: ['There is no contract at this address.', 'Check the address and the network.'],
    no_such_method: ['The contract has no such get-method.', OTHER_CONTRACT],
    out_of_gas: ['The attached value does not pay for the gas.', ATTACH_MORE],
    not_enough_toncoin: CANNOT_SEND,
    not_enough_for_message_fees: CANNOT_SEND,
};

/**
 * The key in `TvmError` of an exit code; null if it is none of those.
 *
 * @example
 * ```ts
 * tvmErrorName(-14); // => 'out_of_gas'
 * ```
 */
export function tvmErrorName(exitCode: number): TvmErrorName | null {
    return nameOf(TvmError, exitCode === -14 ? TvmError.out_of_gas : exitCode);
}

/** The error of an exit code of a contract with these codes and their texts; any other code is the TVM's or unknown. */
export function exitCodeError<Name extends string>(
    codes: Record<Name, number>,
    texts: Record<Name, ErrorText>,
    exitCode: number,
    cause?: unknown,
): GramhouseError {
    const name = nameOf(codes, exitCode) ?? tvmErrorName(exitCode) ?? 'unknown_exit_code';
    const all: Record<string, ErrorText | undefined> = { ...TVM_TEXTS, ...texts };
    const [shortMessage, hint] = all[name] ?? [`The contract failed with exit code ${exitCode}.`, OTHER_CONTRACT];
    return new GramhouseError(name, shortMessage, { hint, cause, exitCode });
}
