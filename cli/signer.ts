import { createPrivateKey, sign } from 'node:crypto';

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

/** Node's own signatures, which are many times as fast as JavaScript's. */
export function signerOf({ secretKey }: KeyPair): (hash: Buffer) => Promise<Buffer> {
    // RFC 8410: what stands before the 32 bytes of an Ed25519 key
    const der = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), secretKey.subarray(0, 32)]);
    const key = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
    return (hash) => Promise.resolve(sign(null, hash, key));
}
