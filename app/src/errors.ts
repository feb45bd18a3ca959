import { adsError, exitCodeOf, GramhouseError, usernameError, usernameErrorName } from 'gramhouse';

import { texts } from './texts';

/** One or two sentences for a person. */
export function describeError(error: unknown): string {
    const exitCode = exitCodeOf(error);
    if (exitCode !== null) {
        return (usernameErrorName(exitCode) ? usernameError(exitCode) : adsError(exitCode)).message;
    }
    return error instanceof GramhouseError ? error.message : texts.noAnswer;
}
