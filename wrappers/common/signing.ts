import { sign } from '@ton/crypto';
import { GramhouseError } from './errors';

/** A 64-byte Ed25519 secret key, or a callback that signs the 32-byte hash (a hardware or remote key). */
export type Signer = Buffer | ((hash: Buffer) => Promise<Buffer>);

/** The 64-byte signature of a hash; throws `invalid_argument` for a key or signature of another length. */
export async function signHash(signer: Signer, hash: Buffer): Promise<Buffer> {
    const isKey = Buffer.isBuffer(signer);
    if (isKey && signer.length !== 64) {
        throw new GramhouseError('invalid_argument', `A secret key has 64 bytes and not ${signer.length}.`);
    }
    const signature = isKey ? sign(hash, signer) : await signer(hash);
    if (signature.length !== 64) {
        throw new GramhouseError('invalid_argument', `A signature has 64 bytes and not ${signature.length}.`);
    }
    return signature;
}
