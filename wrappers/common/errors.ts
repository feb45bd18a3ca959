/**
 * Every error that this SDK throws for bad input or unreadable data.
 *
 * `code` is stable and meant for programs. Where the chain would reject the same thing it is the name of the chain's
 * exit code (`invalid_name`, `wrong_workchain`, see `UsernameError`); otherwise it is `invalid_argument` (the caller's
 * input) or `unexpected_data` (a cell or a getter's answer that is not what the schema says).
 *
 * `usernameError` and `adsError` give the same of an exit code that came from the chain.
 *
 * @example
 * ```ts
 * const error = new GramhouseError('invalid_name', 'This is no name.', { hint: 'Take letters.' });
 * error.message; // => 'This is no name. Take letters.'
 * ```
 */
export class GramhouseError extends Error {
    override readonly name = 'GramhouseError';
    readonly code: string;
    /** One sentence: what is wrong, with the offending value. */
    readonly shortMessage: string;
    /** What to do about it, where there is something to say. */
    readonly hint?: string;
    /** The exit code, where the chain gave one. */
    readonly exitCode?: number;

    constructor(
        code: string,
        shortMessage: string,
        { hint, cause, exitCode }: { hint?: string; cause?: unknown; exitCode?: number } = {},
    ) {
        super(hint ? `${shortMessage} ${hint}` : shortMessage, { cause });
        this.code = code;
        this.shortMessage = shortMessage;
        this.hint = hint;
        this.exitCode = exitCode;
    }
}

/** Throws with the first rule that is broken as the hint. */
export function checkRules(
    code: string,
    shortMessage: string,
    rules: readonly (readonly [isBroken: boolean, rule: string])[],
): void {
    const broken = rules.find(([isBroken]) => isBroken);
    if (broken) {
        throw new GramhouseError(code, shortMessage, { hint: broken[1] });
    }
}
