import type { Address } from '@ton/core';
import type { SendMessageResult } from '@ton/sandbox';

import { adsError, type Problem, usernameErrorName } from '../../wrappers';
import { type BaseWorld, exitCode, transactionOn } from '../helpers/base-world';

/** The codes of the errors, or of the warnings, in a list of problems. */
export const codes = (problems: Problem[], severity: Problem['severity'] = 'error'): string[] =>
    problems.filter((problem) => problem.severity === severity).map(({ code }) => code);

/**
 * What a check says is what the chain does: nothing is wrong and the contract takes the message, or what the contract
 * throws is among the errors. Gives the name of what was thrown; the chain goes back to where it was.
 */
export async function expectAgreement(
    world: BaseWorld,
    contract: Address,
    problems: Problem[],
    send: () => Promise<SendMessageResult>,
): Promise<string | null> {
    const back = world.checkpoint();
    const code = exitCode(transactionOn(await send(), contract))!;
    await back();
    const name = code === 0 ? null : (usernameErrorName(code) ?? adsError(code).code);
    // So little that the contract does not get as far as to say so
    const thrown = name === 'out_of_gas' ? 'not_enough_funds' : name;
    const errors = codes(problems);
    expect({ thrown, errors, isTold: thrown === null || errors.includes(thrown) }).toEqual({
        thrown,
        errors: thrown === null ? [] : errors,
        isTold: true,
    });
    return thrown;
}
