import type { Address, Builder, Slice } from '@ton/core';
import { beginCell, Cell } from '@ton/core';
import { signVerify } from '@ton/crypto';
import { addressHash, loadHashAddress, loadWhole, parsing } from '../common/cells';
import { GramhouseError } from '../common/errors';
import type { Signer } from '../common/signing';
import { signHash } from '../common/signing';
import { AdsTag } from './ops';
import { checkAmount } from './split';

/** Where a signed text holds: the id of the chain (-239 mainnet, -3 testnet), the ad network and the payee's account. */
export type AdsTarget = { globalId: number; network: Address; account: Address };

/** The account's owner has earned `cumulative` nanotons in all. It never expires, and only the newest matters. */
export type Voucher = { payeeId: bigint; cumulative: bigint; signature: Buffer };

/** Lets `owner` register himself as the account's first owner, before `validUntil` (unix seconds). */
export type OwnerCertificate = { payeeId: bigint; owner: Address; validUntil: number; signature: Buffer };

function beginText(tag: number, { globalId, network, account }: AdsTarget): Builder {
    return beginCell()
        .storeUint(tag, 32)
        .storeInt(globalId, 32)
        .storeBuffer(addressHash(network))
        .storeBuffer(addressHash(account));
}

/**
 * What the voucher key signs of a voucher: the hash of TL-B `voucher_text`.
 *
 * @example
 * ```ts
 * voucherHash(target, toNano('5')).length; // => 32
 * ```
 */
export function voucherHash(target: AdsTarget, cumulative: bigint): Buffer {
    return beginText(AdsTag.voucher_text, target).storeUint(cumulative, 64).endCell().hash();
}

/**
 * What the voucher key signs of a certificate: the hash of TL-B `certificate_text`.
 *
 * @example
 * ```ts
 * certificateHash(target, alice.address, now + 3600).length; // => 32
 * ```
 */
export function certificateHash(target: AdsTarget, owner: Address, validUntil: number): Buffer {
    return beginText(AdsTag.certificate_text, target)
        .storeBuffer(addressHash(owner))
        .storeUint(validUntil, 32)
        .endCell()
        .hash();
}

/**
 * Signs a voucher. Throws `invalid_amount`, `wrong_workchain`, `invalid_argument` (the key).
 *
 * @example
 * ```ts
 * const next = await signVoucher({ ...target, payeeId: 77n, cumulative: toNano('6'), signer });
 * verifyVoucher(next, { ...target, publicKey }); // => true
 * ```
 */
export async function signVoucher(
    args: AdsTarget & { payeeId: bigint; cumulative: bigint; signer: Signer },
): Promise<Voucher> {
    const { payeeId, cumulative, signer } = args;
    return { payeeId, cumulative, signature: await signHash(signer, voucherHash(args, checkAmount(cumulative))) };
}

/**
 * Signs a certificate. Throws `invalid_owner`, `wrong_workchain`, `invalid_argument` (the key).
 *
 * @example
 * ```ts
 * const validUntil = now + 86_400;
 * const text = { ...certificateTarget, payeeId: 78n, owner: bob.address, validUntil };
 * const signed = await signOwnerCertificate({ ...text, signer });
 * await network.sendRegister(bob, { value: quoteRegister(prices), certificate: signed });
 * ```
 */
export async function signOwnerCertificate(
    args: AdsTarget & { payeeId: bigint; owner: Address; validUntil: number; signer: Signer },
): Promise<OwnerCertificate> {
    const { payeeId, owner, validUntil, signer } = args;
    checkOwner(owner, args.account);
    return { payeeId, owner, validUntil, signature: await signHash(signer, certificateHash(args, owner, validUntil)) };
}

/**
 * Whether the voucher's signature is `publicKey`'s (32 bytes) for this target.
 *
 * @example
 * ```ts
 * verifyVoucher(voucher, { ...target, publicKey }); // => true
 * verifyVoucher({ ...voucher, cumulative: toNano('500') }, { ...target, publicKey }); // => false
 * ```
 */
export function verifyVoucher(voucher: Voucher, args: AdsTarget & { publicKey: Buffer }): boolean {
    return signVerify(voucherHash(args, voucher.cumulative), voucher.signature, args.publicKey);
}

/**
 * Whether the certificate's signature is `publicKey`'s (32 bytes) for this target. It says nothing of the time.
 *
 * @example
 * ```ts
 * verifyOwnerCertificate(certificate, { ...certificateTarget, publicKey }); // => true
 * ```
 */
export function verifyOwnerCertificate(
    certificate: OwnerCertificate,
    args: AdsTarget & { publicKey: Buffer },
): boolean {
    const { owner, validUntil, signature } = certificate;
    return signVerify(certificateHash(args, owner, validUntil), signature, args.publicKey);
}

/**
 * A voucher as a text of base64, for files and links: payee_id:uint64 cumulative:uint64 signature:bits512.
 *
 * @example
 * ```ts
 * const text = encodeVoucher(voucher);
 * decodeVoucher(text); // => voucher
 * ```
 */
export function encodeVoucher({ payeeId, cumulative, signature }: Voucher): string {
    return beginCell()
        .storeUint(payeeId, 64)
        .storeUint(cumulative, 64)
        .storeBuffer(signature, 64)
        .endCell()
        .toBoc()
        .toString('base64');
}

/**
 * The voucher of such a text; throws `unexpected_data` for any other.
 *
 * @example
 * ```ts
 * decodeVoucher(encodeVoucher(voucher)).cumulative; // => toNano('5')
 * decodeVoucher('something else'); // throws unexpected_data
 * ```
 */
export function decodeVoucher(text: string): Voucher {
    return parseText('voucher', text, (slice) => ({
        payeeId: slice.loadUintBig(64),
        cumulative: slice.loadUintBig(64),
        signature: slice.loadBuffer(64),
    }));
}

/**
 * A certificate as a text of base64: payee_id:uint64 owner:bits256 valid_until:uint32 signature:bits512.
 *
 * @example
 * ```ts
 * const text = encodeOwnerCertificate(certificate);
 * decodeOwnerCertificate(text); // => certificate
 * ```
 */
export function encodeOwnerCertificate({ payeeId, owner, validUntil, signature }: OwnerCertificate): string {
    return beginCell()
        .storeUint(payeeId, 64)
        .storeBuffer(addressHash(owner))
        .storeUint(validUntil, 32)
        .storeBuffer(signature, 64)
        .endCell()
        .toBoc()
        .toString('base64');
}

/**
 * The certificate of such a text; throws `unexpected_data` for any other.
 *
 * @example
 * ```ts
 * decodeOwnerCertificate(encodeOwnerCertificate(certificate)).payeeId; // => 78n
 * decodeOwnerCertificate('something else'); // throws unexpected_data
 * ```
 */
export function decodeOwnerCertificate(text: string): OwnerCertificate {
    return parseText('certificate', text, (slice) => ({
        payeeId: slice.loadUintBig(64),
        owner: loadHashAddress(slice),
        validUntil: slice.loadUint(32),
        signature: slice.loadBuffer(64),
    }));
}

function parseText<T>(what: string, text: string, load: (slice: Slice) => T): T {
    return parsing(what, () => loadWhole(Cell.fromBase64(text), load));
}

/** An owner is a wallet in workchain 0: not nobody, and not the account itself. Throws `invalid_owner`, `wrong_workchain`. */
export function checkOwner(owner: Address, account: Address): Address {
    if (addressHash(owner).every((byte) => byte === 0) || owner.equals(account)) {
        throw new GramhouseError('invalid_owner', `${owner.toRawString()} cannot own the account.`);
    }
    return owner;
}
