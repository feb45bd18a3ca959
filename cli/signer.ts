import { keyPairFromSeed, mnemonicToPrivateKey, mnemonicValidate } from '@ton/crypto';
import type { KeyPair } from '@ton/crypto';

import { Refusal } from './words';

/**
 * A key from the environment: PREFIX_MNEMONIC (24 words) or PREFIX_SEED (64 hex digits); null without them. SIGNER signs
 * mint orders, VOUCHER vouchers and certificates.
 */
export async function readSigner(prefix: 'SIGNER' | 'VOUCHER' = 'SIGNER'): Promise<KeyPair | null> {
    const { [`${prefix}_MNEMONIC`]: mnemonic, [`${prefix}_SEED`]: seed } = process.env;
    if (mnemonic && seed) {
        throw new Refusal(`${prefix}_MNEMONIC and ${prefix}_SEED are both set: keep one of them.`);
    }
    if (mnemonic) {
        const words = mnemonic.trim().split(/\s+/);
        if (!(await mnemonicValidate(words))) {
            throw new Refusal(`${prefix}_MNEMONIC is not a mnemonic of TON: a word is wrong or missing.`);
        }
        return mnemonicToPrivateKey(words);
    }
    if (seed && !/^[0-9a-fA-F]{64}$/.test(seed)) {
        throw new Refusal(`${prefix}_SEED is not 64 hex digits.`);
    }
    return seed ? keyPairFromSeed(Buffer.from(seed, 'hex')) : null;
}
