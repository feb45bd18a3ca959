import type { Address, Cell, Contract, ContractProvider, Sender, StateInit } from '@ton/core';
import { beginCell, contractAddress } from '@ton/core';
import {
    addressHash,
    beginBody,
    commentBody,
    loadHashAddress,
    loadMaybeHashAddress,
    loadSomebody,
    loadWhole,
    maybeBytes32,
    parseCell,
    paymentBody,
} from '../common/cells';
import type { QueryOpts, SendOpts } from '../common/contract';
import { send } from '../common/contract';
import { AdsOp } from './ops';
import { checkAmount, checkShare } from './split';
import type { Voucher } from './vouchers';

/** What an account's address is made of. `shareBps`: the owner's share of the network, in basis points. */
export type ChannelAccountConfig = { network: Address; payeeId: bigint; shareBps: number };

/** What `get_account_state_v1` shows. Amounts in nanotons. */
export type ChannelAccountState = {
    /** Whether the account has had its first transaction. */
    isOpen: boolean;
    /** What the owner can withdraw. */
    ownerDue: bigint;
    /** The network's part, until a sweep. */
    platformDue: bigint;
    /** What vouchers have brought in all; what is under way counts. */
    received: bigint;
    /** The threshold at which a payment pays the owner out; 0n: off. */
    autoPayout: bigint;
    /** Null while nobody is registered. */
    owner: Address | null;
    /** Who may take the account over. */
    pendingOwner: Address | null;
    payeeId: bigint;
    shareBps: number;
    network: Address;
    /** The network's voucher key as the account knows it, 32 bytes; null before there is an owner. */
    voucherKey: Buffer | null;
    /** What the account keeps: ten years of its rent. */
    reserve: bigint;
};

/** A channel account's storage, TL-B `ChannelAccount`. */
export type ChannelAccountData =
    | ({ isOpen: false } & ChannelAccountConfig)
    | ({ isOpen: true } & ChannelAccountConfig &
          Pick<
              ChannelAccountState,
              'ownerDue' | 'platformDue' | 'received' | 'autoPayout' | 'owner' | 'pendingOwner'
          > & {
              voucherKey: Buffer | null;
          });

/** The tags of TL-B `account_new`, `account` and `account_auto`. */
const NEW_TAG = 0b11;
const PLAIN_TAG = 0b00;
const AUTO_TAG = 0b10;

/** TL-B `account_new`: the data in an account's StateInit. Throws `invalid_share`, `wrong_workchain`. */
export function channelAccountConfigToCell({ network, payeeId, shareBps }: ChannelAccountConfig): Cell {
    return beginCell()
        .storeUint(NEW_TAG, 2)
        .storeUint(payeeId, 64)
        .storeUint(checkShare(shareBps), 16)
        .storeBuffer(addressHash(network))
        .endCell();
}

/**
 * The address of a payee's account, without asking the chain; `code` from `AdNetwork.getAccountCode`.
 *
 * @example
 * ```ts
 * const config = { network: network.address, payeeId: 77n, shareBps: 5000 };
 * channelAccountAddress(config, accountCode).equals(account.address); // => true
 * ```
 */
export function channelAccountAddress(config: ChannelAccountConfig, code: Cell): Address {
    return ChannelAccount.createFromConfig(config, code).address;
}

/**
 * Reads an account's storage, TL-B `ChannelAccount`; throws `unexpected_data` for any other cell.
 *
 * @example
 * ```ts
 * cellToChannelAccountData(await storage(account.address)).payeeId; // => 77n
 * ```
 */
export function cellToChannelAccountData(cell: Cell): ChannelAccountData {
    return parseCell('storage cell of a channel account', cell, (slice): ChannelAccountData => {
        const tag = slice.loadUint(2);
        if (tag === NEW_TAG) {
            return {
                isOpen: false,
                payeeId: slice.loadUintBig(64),
                shareBps: slice.loadUint(16),
                network: loadHashAddress(slice),
            };
        }
        const owed = slice.loadUintBig(63);
        const ownerDue = slice.loadUintBig(63);
        const data = {
            isOpen: true as const,
            ownerDue,
            platformDue: owed - ownerDue,
            shareBps: slice.loadUint(16),
            owner: loadSomebody(slice),
            received: slice.loadUintBig(63),
            ...loadWhole(slice.loadRef(), (cold) => ({
                payeeId: cold.loadUintBig(64),
                voucherKey: maybeBytes32(cold.loadUintBig(256)),
                network: loadHashAddress(cold),
                autoPayout: cold.loadUintBig(63),
                pendingOwner: loadMaybeHashAddress(cold),
            })),
        };
        if (tag !== (data.autoPayout ? AUTO_TAG : PLAIN_TAG)) {
            throw new Error(`the tag is ${tag} with a threshold of ${data.autoPayout}`);
        }
        return data;
    });
}

/**
 * A channel's account: it divides what it is paid, draws on vouchers, holds the owner's share and pays it out.
 *
 * @example
 * ```ts
 * const channel = client.open(ChannelAccount.createFromAddress(account.address));
 * await channel.sendPayment(bob, { value: toNano('10') });
 * await channel.sendWithdraw(alice, { value: quoteWithdraw(prices) });
 * (await channel.getState()).ownerDue; // => 0n
 * ```
 */
export class ChannelAccount implements Contract {
    constructor(
        readonly address: Address,
        readonly init?: StateInit,
    ) {}

    /** An account that is deployed. */
    static createFromAddress(address: Address): ChannelAccount {
        return new ChannelAccount(address);
    }

    /** An account whose address follows from its config and code (`gramhouse/code`), deployed or not. */
    static createFromConfig(config: ChannelAccountConfig, code: Cell, workchain = 0): ChannelAccount {
        const init = { code, data: channelAccountConfigToCell(config) };
        return new ChannelAccount(contractAddress(workchain, init), init);
    }

    /** A payment as wallets send it: an empty body, or a text comment. A comment `#topup` would be no payment. */
    static transferMessage(opts: { comment?: string } = {}): Cell {
        return paymentBody(opts.comment);
    }

    /** TL-B `pay`: the same with a memo of any form, which no contract reads. */
    static payMessage(opts: { memo?: Cell } = {}): Cell {
        const builder = beginCell().storeUint(AdsOp.pay, 32);
        return (opts.memo ? builder.storeSlice(opts.memo.asSlice()) : builder).endCell();
    }

    /** The comment `#topup`: the value stays for rent. */
    static topUpMessage(): Cell {
        return commentBody('#topup');
    }

    /** TL-B `claim`. */
    static claimMessage(opts: { voucher: Voucher }): Cell {
        const { cumulative, signature } = opts.voucher;
        return beginCell().storeUint(AdsOp.claim, 32).storeUint(cumulative, 64).storeBuffer(signature, 64).endCell();
    }

    /** TL-B `withdraw`. */
    static withdrawMessage(opts: QueryOpts = {}): Cell {
        return beginBody(AdsOp.withdraw, opts.queryId).endCell();
    }

    /** TL-B `sweep`. */
    static sweepMessage(opts: QueryOpts = {}): Cell {
        return beginBody(AdsOp.sweep, opts.queryId).endCell();
    }

    /** TL-B `sync_key`. */
    static syncKeyMessage(opts: QueryOpts = {}): Cell {
        return beginBody(AdsOp.sync_key, opts.queryId).endCell();
    }

    /** TL-B `set_auto_payout`: `threshold` in nanotons, 0n switches it off; `minAutoPayout` gives the lowest. */
    static setAutoPayoutMessage(opts: QueryOpts & { threshold: bigint }): Cell {
        return beginBody(AdsOp.set_auto_payout, opts.queryId).storeUint(opts.threshold, 64).endCell();
    }

    /** TL-B `rebind`: the owner who names himself takes an earlier one back. */
    static rebindMessage(opts: QueryOpts & { newOwner: Address }): Cell {
        return beginBody(AdsOp.rebind, opts.queryId).storeAddress(opts.newOwner).endCell();
    }

    /** TL-B `accept_rebind`. */
    static acceptRebindMessage(opts: QueryOpts = {}): Cell {
        return beginBody(AdsOp.accept_rebind, opts.queryId).endCell();
    }

    /** TL-B `reinvest`: `amount` in nanotons. Throws `invalid_amount`. */
    static reinvestMessage(opts: QueryOpts & { campaign: Address; amount: bigint }): Cell {
        return beginBody(AdsOp.reinvest, opts.queryId)
            .storeAddress(opts.campaign)
            .storeUint(checkAmount(opts.amount), 64)
            .endCell();
    }

    /**
     * Pays the channel `value` nanotons: `quotePayment` says what of it is booked. An account that is not deployed yet is
     * deployed by it (`createFromConfig`), and keeps its reserve of the first payment.
     *
     * Rejected with `not_enough_funds` 1001.
     */
    async sendPayment(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & { comment?: string; memo?: Cell },
    ): Promise<void> {
        const body = opts.memo ? ChannelAccount.payMessage(opts) : ChannelAccount.transferMessage(opts);
        await send(provider, via, opts, body);
    }

    /** Leaves `value` nanotons in the account for its rent, from anyone. What is above the reserve is the platform's at the next sweep. */
    async sendTopUp(provider: ContractProvider, via: Sender, opts: SendOpts): Promise<void> {
        await send(provider, via, opts, ChannelAccount.topUpMessage());
    }

    /**
     * Draws what the voucher is above what was received before; from anyone. The owner is paid by the network, with what is
     * left of `value` (`quoteClaim`). If the network refuses, nothing has changed and what is left comes back with
     * `return_value`.
     *
     * Rejected with `no_owner` 1100, `nothing_due` 1004, `invalid_signature` 1003 (the account may know an older key: see
     * `sendSyncKey`), `not_enough_funds` 1001, `invalid_amount` 1002; at the network `bucket_full` 1006, `not_covered` 1302,
     * `old_voucher_key` 1308.
     */
    async sendClaim(provider: ContractProvider, via: Sender, opts: SendOpts & { voucher: Voucher }): Promise<void> {
        await send(provider, via, opts, ChannelAccount.claimMessage(opts));
    }

    /**
     * Pays the owner all that he is due, with what is left of `value` (`quoteWithdraw`); from anyone.
     *
     * Rejected with `no_owner` 1100, `nothing_due` 1004, `not_enough_funds` 1001.
     */
    async sendWithdraw(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, ChannelAccount.withdrawMessage(opts));
    }

    /**
     * Sends the network what is the platform's; from anyone. What is left of `value` (`quoteAccountSweep`) comes back with
     * `excesses`.
     *
     * Rejected with `nothing_due` 1004, `not_enough_funds` 1001.
     */
    async sendSweep(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, ChannelAccount.sweepMessage(opts));
    }

    /**
     * Fetches the network's voucher key, after it has changed; from anyone. What is left of `value` (`quoteSyncKey`) comes
     * back with `excesses`.
     *
     * Rejected with `not_enough_funds` 1001.
     */
    async sendSyncKey(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, ChannelAccount.syncKeyMessage(opts));
    }

    /**
     * The owner sets the threshold at which a payment pays him out, for the price of `autoPayoutFee`. Attach `quoteAnswer`;
     * the excess comes back with `excesses`, as from every message of the owner.
     *
     * Rejected with `no_owner` 1100, `not_owner` 1101, `threshold_too_low` 1104, `invalid_amount` 1002.
     */
    async sendSetAutoPayout(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { threshold: bigint },
    ): Promise<void> {
        await send(provider, via, opts, ChannelAccount.setAutoPayoutMessage(opts));
    }

    /** The owner names another, who must accept. Rejected with `no_owner` 1100, `not_owner` 1101, `invalid_owner` 1103, `wrong_workchain` 333. */
    async sendRebind(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { newOwner: Address },
    ): Promise<void> {
        await send(provider, via, opts, ChannelAccount.rebindMessage(opts));
    }

    /** The new owner accepts: from now on he is paid, what is due included. Rejected with `not_owner` 1101. */
    async sendAcceptRebind(provider: ContractProvider, via: Sender, opts: SendOpts & QueryOpts): Promise<void> {
        await send(provider, via, opts, ChannelAccount.acceptRebindMessage(opts));
    }

    /**
     * The owner puts `amount` nanotons of what he is due into a campaign. A campaign that does not take it sends it back,
     * less what that cost, and it is due again. Attach `quoteReinvest`; the excess comes back with `excesses`.
     *
     * Rejected with `no_owner` 1100, `not_owner` 1101, `amount_above_due` 1105, `invalid_amount` 1002, `not_enough_funds` 1001,
     * `wrong_workchain` 333.
     */
    async sendReinvest(
        provider: ContractProvider,
        via: Sender,
        opts: SendOpts & QueryOpts & { campaign: Address; amount: bigint },
    ): Promise<void> {
        await send(provider, via, opts, ChannelAccount.reinvestMessage(opts));
    }

    /** Everything the account holds. */
    async getState(provider: ContractProvider): Promise<ChannelAccountState> {
        const { stack } = await provider.get('get_account_state_v1', []);
        return {
            isOpen: stack.readBoolean(),
            ownerDue: stack.readBigNumber(),
            platformDue: stack.readBigNumber(),
            received: stack.readBigNumber(),
            autoPayout: stack.readBigNumber(),
            owner: stack.readAddressOpt(),
            pendingOwner: stack.readAddressOpt(),
            payeeId: stack.readBigNumber(),
            shareBps: stack.readNumber(),
            network: stack.readAddress(),
            voucherKey: maybeBytes32(stack.readBigNumber()),
            reserve: stack.readBigNumber(),
        };
    }
}
