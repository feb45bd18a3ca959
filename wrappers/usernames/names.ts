import { sha256_sync } from '@ton/crypto';
import { checkRules } from '../common/errors';

/**
 * Whether a name is in its one canonical form: see `canonicalName`. Open minting accepts no other.
 *
 * @example
 * ```ts
 * isCanonicalName('alice'); // => true
 * isCanonicalName('@Alice'); // => false
 * ```
 */
export function isCanonicalName(name: string): boolean {
    return /^(?=.{4,32}$)[a-z](_?[a-z0-9])*$/.test(name);
}

/**
 * The canonical form of what a person typed: one leading `@` is taken off and A to Z are folded to a to z. Only the SDK
 * folds case; the contracts never do.
 *
 * A canonical name has 4 to 32 characters out of a-z, 0-9 and underscore, starts with a letter, does not end with an
 * underscore and has no two underscores in a row. Any other text throws `invalid_name`, which says the rule.
 *
 * @example
 * ```ts
 * canonicalName('@Alice'); // => 'alice'
 * canonicalName('al.ice'); // throws invalid_name
 * ```
 */
export function canonicalName(text: string): string {
    // Not toLowerCase: it turns some letters of other alphabets (the Kelvin sign) into a to z
    const name = text.replace(/^@/, '').replace(/[A-Z]/g, (letter) => letter.toLowerCase());
    checkRules('invalid_name', `${JSON.stringify(text)} is not a username.`, [
        [/[^a-z0-9_]/.test(name), 'A name has only a-z, 0-9 and underscore.'],
        [name.length < 4 || name.length > 32, 'A name has 4 to 32 characters.'],
        [!/^[a-z]/.test(name), 'A name starts with a letter.'],
        [name.endsWith('_'), 'A name does not end with an underscore.'],
        [name.includes('__'), 'A name has no two underscores in a row.'],
    ]);
    return name;
}

/**
 * The item's index: sha256 of the name's bytes as they are, without folding. For what a person typed take `canonicalName` first.
 *
 * @example
 * ```ts
 * nameIndex('alice').toString(16).slice(0, 8); // => '2bd806c9'
 * ```
 */
export function nameIndex(name: string): bigint {
    return BigInt(`0x${sha256_sync(name).toString('hex')}`);
}
