import type { Address, Contract, ContractProvider, Sender, Slice, StateInit, TupleReader, Cell } from '@ton/core';
import { beginCell, contractAddress } from '@ton/core';
import {
    addressHash,
    beginBody,
    bytes32,
    commentBody,
    loadHashAddress,
    loadMaybeHashAddress,
    loadWhole,
    parseCell,
} from '../common/cells';
import type { QueryOpts, SendOpts } from '../common/contract';
import { send } from '../common/contract';
import { GramhouseError } from '../common/errors';
import { AdsOp } from './ops';
import type { Bucket } from './split';
import { AMOUNT_LIMIT, checkAmount, checkShare } from './split';
import type { OwnerCertificate } from './vouchers';

/** What a network's address is made of. The bucket bounds what is drawn: `burst` nanotons at once, `rate` a second in the long run. */
export type AdNetworkConfig = Bucket & {
    /** The owners' share in basis points, 0 to 10000; another share is another network. */
    shareBps: number;
    /** The Ed25519 key that signs vouchers and certificates, 32 bytes. */
    voucherKey: Buffer;
    /** Sends charges. */
    operator: Address;
    /** Gets the platform's share. */
    treasury: Address;
    /** Announces another operator, voucher key or treasury. */
    admin: Address;
    /** The code of channel accounts. */
    accountCode: Cell;
};

/** An announced change acts after 7 days. */
export const NOTICE_SECONDS = 604_800;
/** So many campaigns can be charged by one message. */
export const MAX_CHARGES = 100;

/** What `get_network_state_v1` shows. Amounts in nanotons. */
export type AdNetworkState = Bucket & {
    /** What owners can draw on vouchers. */
    ownersDue: bigint;
    platformDue: bigint;
    /** What the bucket of draws holds now. */
    level: bigint;
    shareBps: number;
    /** What could be drawn now. */
    drawable: bigint;
    /** What the network keeps: ten years of its rent. */
    reserve: bigint;
    /** What a sweep would pay the treasury. */
    surplus: bigint;
};

/** Who holds a power now, and who takes it over from `since` (unix seconds) on, if anybody is announced. */
export type Role<T> = { holder: T; next: T | null; since: number };

/** What `get_network_powers_v1` shows. */
export type AdNetworkPowers = {
    voucherKey: Role<Buffer>;
    operator: Role<Address>;
    treasury: Role<Address>;
    /** Null: renounced. */
    admin: Address | null;
    pendingAdmin: Address | null;
};

/** A role as stored: `next` acts from `since` (unix seconds) on, `holder` before. Nothing announced: both are the same. */
export type StoredRole<T> = { holder: T; next: T; since: number };

/** A network's storage, TL-B `AdNetwork`. Amounts in nanotons, times in unix seconds. */
export type AdNetworkData = Bucket & {
    isOpen: boolean;
    ownersDue: bigint;
    platformDue: bigint;
    level: bigint;
    lastAt: number;
    shareBps: number;
    voucherKey: StoredRole<Buffer>;
    operator: StoredRole<Address>;
    treasury: StoredRole<Address>;
    accountCode: Cell;
    admin: Address | null;
    pendingAdmin: Address | null;
};

/** One line of a charge: what the campaign has spent in all, in nanotons. */
export type Charge = { campaign: Address; cumulative: bigint };

function roleToCell(hash: Buffer): Cell {
    return beginCell().storeBuffer(hash, 32).storeBuffer(hash, 32).storeUint(0, 32).endCell();
}

/** TL-B `network_new`: the data in a network's StateInit. Throws `invalid_share`, `invalid_amount`, `wrong_workchain`. */
export function adNetworkConfigToCell(config: AdNetworkConfig): Cell {
    if (config.rate < 0n || config.rate >= AMOUNT_LIMIT) {
        throw new GramhouseError('invalid_amount', `${config.rate} is no rate.`);
    }
    const cold = beginCell()
        .storeUint(checkAmount(config.burst), 63)
        .storeUint(config.rate, 63)
        .storeSlice(roleToCell(config.voucherKey).asSlice())
        .storeRef(config.accountCode)
        .storeRef(roleToCell(addressHash(config.operator)))
        .storeRef(roleToCell(addressHash(config.treasury)))
        .storeRef(beginCell().storeBit(1).storeBuffer(addressHash(config.admin)).storeBit(0));
    return beginCell().storeBit(0).storeUint(checkShare(config.shareBps), 16).storeRef(cold).endCell();
}

/**
 * Reads a network's storage, TL-B `AdNetwork`; throws `unexpected_data` for any other cell.
 *
 * @example
 * ```ts
 * cellToAdNetworkData(await storage(network.address)).shareBps; // => 5000
 * ```
 */
export function cellToAdNetworkData(cell: Cell): AdNetworkData {
    return parseCell('storage cell of an ad network', cell, (slice) => {
        const isOpen = slice.loadBit();
        return {
            isOpen,
            ownersDue: isOpen ? slice.loadUintBig(63) : 0n,
            platformDue: isOpen ? slice.loadUintBig(63) : 0n,
            level: isOpen ? slice.loadUintBig(63) : 0n,
            lastAt: isOpen ? slice.loadUint(32) : 0,
            shareBps: slice.loadUint(16),
            ...loadWhole(slice.loadRef(), (cold) => ({
                burst: cold.loadUintBig(63),
                rate: cold.loadUintBig(63),
                voucherKey: loadRole(cold, (it) => it.loadBuffer(32)),
                accountCode: cold.loadRef(),
                operator: loadWhole(cold.loadRef(), (it) => loadRole(it, loadHashAddress)),
                treasury: loadWhole(cold.loadRef(), (it) => loadRole(it, loadHashAddress)),
                ...loadWhole(cold.loadRef(), (it) => ({
                    admin: loadMaybeHashAddress(it),
                    pendingAdmin: loadMaybeHashAddress(it),
                })),
            })),
        };
    });
}

function loadRole<T>(slice: Slice, load: (slice: Slice) => T): StoredRole<T> {
    return { holder: load(slice), next: load(slice), since: slice.loadUint(32) };
}

/**
 * An advertising network: it divides revenue, owes the owners their share and pays it on vouchers.
 *
 * @example
 * ```ts
 * const ads = client.open(AdNetwork.createFromAddress(network.address));
 * const { ownersDue } = await ads.getState();
 * ownersDue; // => toNano('50')
 * ```
 */
export class AdNetwork implements Contract {
    constructor(
        readonly address: Address,
        readonly init?: StateInit,
    ) {}

    /** A network that is deployed. */
    static createFromAddress(address: Address): AdNetwork {
        return new AdNetwork(address);
    }

    /** A network whose address follows from its config and code (`gramhouse/code`), deployed or not. */
    static createFromConfig(config: AdNetworkConfig, code: Cell, workchain = 0): AdNetwork {
        const init = { code, data: adNetworkConfigToCell(config) };
        return new AdNetwork(contractAddress(workchain, init), init);
    }

    /** TL-B `pay`: the value less the price of handling it is revenue; no contract reads the memo. */
    static payMessage(opts: { memo?: Cell } = {}): Cell {
        const builder = beginCell().storeUint(AdsOp.pay, 32);
        return (opts.memo ? builder.storeSlice(opts.memo.asSlice()) : builder).endCell();
    }

    /** TL-B `revenue`: exactly `amount` nanotons are divided. Throws `invalid_amount`. */
    static revenueMessage(opts: { amount: bigint }): Cell {
        return beginCell().storeUint(AdsOp.revenue, 32).storeUint(checkAmount(opts.amount), 64).endCell();
    }

    /** TL-B `platform_share`: exactly `amount` nanotons are the platform's. Throws `invalid_amount`. */
    static platformShareMessage(opts: { amount: bigint }): Cell {
        return beginCell().storeUint(AdsOp.platform_share, 32).storeUint(checkAmount(opts.amount), 64).endCell();
    }

    /** The comment `#topup`: the value stays for rent. */
    static topUpMessage(): Cell {
        return commentBody('#topup');
    }

    /** TL-B `register`, to be sent by the certificate's owner. */
    static registerMessage(opts: QueryOpts & { certificate: OwnerCertificate }): Cell {
        const { payeeId, validUntil, signature } = opts.certificate;
        return beginBody(AdsOp.register, opts.queryId)
            .storeUint(payeeId, 64)
            .storeUint(validUntil, 32)
            .storeBuffer(signature, 64)
            .endCell();
    }

    /** TL-B `charge`: 1 to 100 charges. Throws `invalid_amount`, `too_many_charges`, `invalid_argument` (none), `wrong_workchain`. */
    static chargeMessage(opts: QueryOpts & { charges: Charge[] }): Cell {
        if (opts.charges.length > MAX_CHARGES) {
            throw new GramhouseError(
                'too_many_charges',
                `A message takes ${MAX_CHARGES} charges and not ${opts.charges.length}.`,
            );
        }
        const next = opts.charges.reduceRight<Cell | null>(
            (rest, { campaign, cumulative }) =>
                beginCell()
                    .storeBuffer(addressHash(campaign))
                    .storeUint(checkAmount(cumulative), 64)
                    .storeMaybeRef(rest)
                    .endCell(),
            null,
        );
        if (next === null) {
            throw new GramhouseError('invalid_argument', 'There is nothing to charge.');
        }
        return beginBody(AdsOp.charge, opts.queryId).storeSlice(next.asSlice()).endCell();
    }

    /** TL-B `sweep`. */
    static sweepMessage(opts: QueryOpts = {}): Cell {
        return beginBody(AdsOp.sweep, opts.queryId).endCell();
    }

    /** TL-B `announce_operator`. */
    static announceOperatorMessage(opts: QueryOpts & { operator: Address }): Cell {
        return beginBody(AdsOp.announce_operator, opts.queryId).storeAddress(opts.operator).endCell();
    }

    /** TL-B `announce_voucher_key`: the 32-byte public key. */
    static announceVoucherKeyMessage(opts: QueryOpts & { voucherKey: Buffer }): Cell {
        return beginBody(AdsOp.announce_voucher_key, opts.queryId).storeBuffer(opts.voucherKey, 32).endCell();
    }

    /** TL-B `announce_treasury`. */
    static announceTreasuryMessage(opts: QueryOpts & { treasury: Address }): Cell {
        return beginBody(AdsOp.announce_treasury, opts.queryId).storeAddress(opts.treasury).endCell();
    }

    /** TL-B `propose_admin`. */
    static proposeAdminMessage(opts: QueryOpts & { admin: Address }): Cell {
        return beginBody(AdsOp.propose_admin, opts.queryId).storeAddress(opts.admin).endCell();
    }

    /** TL-B `accept_admin`. */
    static acceptAdminMessage(opts: QueryOpts = {}): Cell {
        return beginBody(AdsOp.accept_admin, opts.queryId).endCell();
    }

    /** TL-B `renounce_admin`. */
    static renounceAdminMessage(opts: QueryOpts = {}): Cell {
        return beginBody(AdsOp.renounce_admin, opts.queryId).endCell();
    }

    /** Deploys the network with a `#topup` of `value` nanotons, which stay for its rent. Needs `createFromConfig`. */
    async sendDeploy(provider: ContractProvider, via: Sender, opts: SendOpts): Promise<void> {
        await this.sendTopUp(provider, via, opts);
    }

    /** Leaves `value` nanotons in the network for its rent, from anyone. What is above the reserve is the treasury's at the next sweep. */
    async sendTopUp(provider: ContractProvider, via: Sender, opts: SendOpts): Promise<void> {
        await send(provider, via, opts, AdNetwork.topUpMessage());
    }

    /** Divides `value` nanotons less `revenueFee`, from anyone. Rejected with `not_enough_funds` 1001. */
    async sendPayment(provider: ContractProvider, via: Sender, opts: SendOpts & { memo?: Cell }): Promise<void> {
        await send(provider, via, opts, AdNetwork.payMessage(opts));
    }

    /** Divides exactly `amount` nanotons, from anyone; attach `quoteRevenue`. Rejected with `not_enough_funds` 1001, `invalid_amount` 1002. */
    async sendRevenue(provider: ContractProvider, via: Sender, opts: SendOpts & { amount: bigint }): Promise<void> {
        await send(provider, via, opts, AdNetwork.revenueMessage(opts));
    }

    /**
     * The sender becomes the owner of an account that has none, and deploys it if need be. Attach `quoteRegister`; what is
     * left comes with `excesses` from the account, or with `return_value` if it has an owner already.
     *
     * Rejected with `invalid_signature` 1003, `expired_certificate` 1303, `not_enough_funds` 1001, `wrong_workchain` 333.
     */
    async sendRegister(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { certificate: OwnerCertificate },
    ): Promise<void> {
        await send(provider, via, opts, AdNetwork.registerMessage(opts));
    }

    /**
     * The operator charges campaigns. Attach `quoteCharge`; the excess comes back with `excesses`. A campaign that refuses
     * (`bucket_full` 1006, `above_budget` 1204, `campaign_closed` 1202, `nothing_due` 1004) changes nothing.
     *
     * Rejected with `not_operator` 1300, `too_many_charges` 1304, `invalid_amount` 1002, `not_enough_funds` 1001.
     */
    async sendCharge(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { charges: Charge[] },
    ): Promise<void> {
        await send(provider, via, opts, AdNetwork.chargeMessage(opts));
    }

    /**
     * Sends the treasury all that is neither the owners' nor the reserve, with what is left of `value`
     * (`quoteTreasurySweep`); from anyone.
     *
     * Rejected with `nothing_due` 1004, `not_enough_funds` 1001.
     */
    async sendSweep(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, AdNetwork.sweepMessage(opts));
    }

    /**
     * The admin announces another operator, who acts after 7 days; until then the present one does. To take it back, announce
     * the present one. Attach `quoteAnswer`; the excess comes back with `excesses`, as from every message of the admin.
     *
     * Rejected with `not_admin` 1305, `wrong_workchain` 333.
     */
    async sendAnnounceOperator(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { operator: Address },
    ): Promise<void> {
        await send(provider, via, opts, AdNetwork.announceOperatorMessage(opts));
    }

    /** The same of the voucher key. What the present key has signed can be claimed for 7 days. Rejected with `not_admin` 1305. */
    async sendAnnounceVoucherKey(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { voucherKey: Buffer },
    ): Promise<void> {
        await send(provider, via, opts, AdNetwork.announceVoucherKeyMessage(opts));
    }

    /** The same of the treasury. Rejected with `not_admin` 1305, `wrong_workchain` 333. */
    async sendAnnounceTreasury(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { treasury: Address },
    ): Promise<void> {
        await send(provider, via, opts, AdNetwork.announceTreasuryMessage(opts));
    }

    /** The admin proposes another. Rejected with `not_admin` 1305, `wrong_workchain` 333. */
    async sendProposeAdmin(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { admin: Address },
    ): Promise<void> {
        await send(provider, via, opts, AdNetwork.proposeAdminMessage(opts));
    }

    /** The proposed admin takes over. Rejected with `nothing_proposed` 1306, `not_admin` 1305. */
    async sendAcceptAdmin(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, AdNetwork.acceptAdminMessage(opts));
    }

    /** The admin leaves for good, and what is announced is cleared. Rejected with `not_admin` 1305. */
    async sendRenounceAdmin(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, AdNetwork.renounceAdminMessage(opts));
    }

    /** What the network owes and holds. */
    async getState(provider: ContractProvider): Promise<AdNetworkState> {
        const { stack } = await provider.get('get_network_state_v1', []);
        return {
            ownersDue: stack.readBigNumber(),
            platformDue: stack.readBigNumber(),
            level: stack.readBigNumber(),
            burst: stack.readBigNumber(),
            rate: stack.readBigNumber(),
            shareBps: stack.readNumber(),
            drawable: stack.readBigNumber(),
            reserve: stack.readBigNumber(),
            surplus: stack.readBigNumber(),
        };
    }

    /** Who holds which power. */
    async getPowers(provider: ContractProvider): Promise<AdNetworkPowers> {
        const { stack } = await provider.get('get_network_powers_v1', []);
        const holder = readKey(stack);
        const next = readKey(stack);
        const since = stack.readNumber();
        return {
            voucherKey: { holder, next: since ? next : null, since },
            operator: readRole(stack),
            treasury: readRole(stack),
            admin: stack.readAddressOpt(),
            pendingAdmin: stack.readAddressOpt(),
        };
    }

    /** The code of this network's accounts, for `channelAccountAddress`. */
    async getAccountCode(provider: ContractProvider): Promise<Cell> {
        return (await provider.get('get_account_code', [])).stack.readCell();
    }

    /** The address of a payee's account. */
    async getAccountAddress(provider: ContractProvider, payeeId: bigint): Promise<Address> {
        const { stack } = await provider.get('get_account_address', [{ type: 'int', value: payeeId }]);
        return stack.readAddress();
    }
}

function readKey(stack: TupleReader): Buffer {
    return bytes32(stack.readBigNumber());
}

function readRole(stack: TupleReader): Role<Address> {
    return { holder: stack.readAddress(), next: stack.readAddressOpt(), since: stack.readNumber() };
}
