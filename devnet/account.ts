import { Address, beginCell, Cell, loadShardAccount, storeShardAccount, type ShardAccount } from '@ton/core';

import { hashBytes, toBase64 } from './cells';

export const CONFIG_ADDRESS = new Address(-1, Buffer.alloc(32, 0x55));

/** An account as a block left it. */
export class AccountState {
    private parsed: ShardAccount | undefined;

    /** @param boc block.tlb `ShardAccount`, base64 */
    constructor(
        readonly address: Address,
        readonly boc: string,
    ) {}

    static empty(address: Address): AccountState {
        const none = beginCell().storeRef(beginCell().storeBit(false).endCell()).storeBuffer(Buffer.alloc(32));
        return new AccountState(address, toBase64(none.storeUint(0, 64).endCell()));
    }

    /** The contract at whose place clients look for the config. */
    static config(config: Cell): AccountState {
        const state = { code: Cell.EMPTY, data: beginCell().storeRef(config).endCell() };
        const account = {
            addr: CONFIG_ADDRESS,
            storage: { lastTransLt: 0n, balance: { coins: 0n }, state: { type: 'active' as const, state } },
            storageStats: { used: { cells: 0n, bits: 0n }, lastPaid: 0, duePayment: null, storageExtra: null },
        };
        const shard = storeShardAccount({ account, lastTransactionLt: 0n, lastTransactionHash: 0n });
        return new AccountState(CONFIG_ADDRESS, toBase64(beginCell().store(shard).endCell()));
    }

    private get shard(): ShardAccount {
        this.parsed ??= loadShardAccount(Cell.fromBase64(this.boc).beginParse());
        return this.parsed;
    }

    /** Null: there is no such account. */
    get account(): NonNullable<ShardAccount['account']> | null {
        return this.shard.account ?? null;
    }

    /** Nanotons. */
    get balance(): bigint {
        return this.account?.storage.balance.coins ?? 0n;
    }

    get status(): 'nonexist' | 'uninit' | 'active' | 'frozen' {
        return this.account?.storage.state.type ?? 'nonexist';
    }

    /** Null unless the account is active. */
    get contract(): { code: Cell; data: Cell } | null {
        const state = this.account?.storage.state;
        return state?.type === 'active'
            ? { code: state.state.code ?? Cell.EMPTY, data: state.state.data ?? Cell.EMPTY }
            : null;
    }

    /** The account's last transaction, null before the first one. */
    get last(): { lt: bigint; hash: Buffer } | null {
        const { lastTransactionLt: lt, lastTransactionHash: hash } = this.shard;
        return lt === 0n ? null : { lt, hash: hashBytes(hash) };
    }
}
