import { sha256 } from '@noble/hashes/sha2';

const refuse = (): never => {
    throw new Error('This page does not sign and verifies no signature: it carries a part of @ton/crypto only.');
};

export const sha256_sync = (source: Buffer | string): Buffer => Buffer.from(sha256(source));
export const sign = refuse;
export const signVerify = refuse;
