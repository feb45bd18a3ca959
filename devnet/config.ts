import { beginCell, Cell, Dictionary } from '@ton/core';
import { defaultConfig } from '@ton/sandbox';

import { MAINNET_PRICES, type NetworkPrices } from '../wrappers/common/prices';

/**
 * The prices that @ton/sandbox 0.41.0 bundles: mainnet's until 2026-04-29, about six times today's.
 * Contracts must keep every promise under both.
 */
export const EARLIER_PRICES: NetworkPrices = {
    gas: { flatGasLimit: 100n, flatGasPrice: 40000n, gasPrice: 26214400n },
    message: { lumpPrice: 400000n, bitPrice: 26214400n, cellPrice: 2621440000n },
    storage: { bitPrice: 1n, cellPrice: 500n },
};

/**
 * The config of an embedded chain: @ton/sandbox's own with the workchain-0 prices replaced.
 *
 * @returns the root of the config dictionary, for `Blockchain.create({ config })`
 */
export function chainConfig(prices: NetworkPrices = MAINNET_PRICES): Cell {
    const params = Dictionary.loadDirect(
        Dictionary.Keys.Int(32),
        Dictionary.Values.Cell(),
        Cell.fromBase64(defaultConfig),
    );
    const rewrite = (id: number, change: (old: Cell) => Cell): void => {
        const old = params.get(id);
        if (old === undefined) {
            throw new Error(`The sandbox's config has no param ${id}`);
        }
        params.set(id, change(old));
    };
    // StoragePrices#cc utime_since:uint32 bit_price_ps:uint64 cell_price_ps:uint64, then the masterchain's
    rewrite(18, (old) => {
        const entries = Dictionary.loadDirect(Dictionary.Keys.Uint(32), Dictionary.Values.Buffer(37), old);
        for (const since of entries.keys()) {
            const entry = Buffer.from(entries.get(since) ?? []);
            entry.writeBigUInt64BE(prices.storage.bitPrice, 5);
            entry.writeBigUInt64BE(prices.storage.cellPrice, 13);
            entries.set(since, entry);
        }
        return beginCell().storeDictDirect(entries).endCell();
    });
    // gas_flat_pfx#d1 flat_gas_limit:uint64 flat_gas_price:uint64, gas_prices_ext#de gas_price:uint64, then the limits
    rewrite(21, (old) => {
        const limits = old.beginParse().skip(8 + 64 + 64 + 8 + 64);
        return beginCell()
            .storeUint(0xd1, 8)
            .storeUint(prices.gas.flatGasLimit, 64)
            .storeUint(prices.gas.flatGasPrice, 64)
            .storeUint(0xde, 8)
            .storeUint(prices.gas.gasPrice, 64)
            .storeSlice(limits)
            .endCell();
    });
    // msg_forward_prices#ea lump_price:uint64 bit_price:uint64 cell_price:uint64, then what IHR and routing take
    rewrite(25, (old) =>
        beginCell()
            .storeUint(0xea, 8)
            .storeUint(prices.message.lumpPrice, 64)
            .storeUint(prices.message.bitPrice, 64)
            .storeUint(prices.message.cellPrice, 64)
            .storeSlice(old.beginParse().skip(8 + 3 * 64))
            .endCell(),
    );
    return beginCell().storeDictDirect(params).endCell();
}

/** The previous, the present and the next validators: 100 of the config's 110 kB, which every getter would read through. */
const VALIDATOR_SETS = [32, 34, 36];

/** The same config without validators: a local chain has none. */
export function withoutValidators(config: Cell): Cell {
    const params = Dictionary.loadDirect(Dictionary.Keys.Int(32), Dictionary.Values.Cell(), config);
    VALIDATOR_SETS.forEach((id) => params.delete(id));
    return beginCell().storeDictDirect(params).endCell();
}
