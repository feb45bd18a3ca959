import type { Cell } from '@ton/core';
import { Dictionary } from '@ton/core';
import { expectTag, parsing } from './cells';
import { GramhouseError } from './errors';

/** The prices of workchain 0 that the contracts read from the live config. Prices with a fraction count 1/65536 nanotons. */
export type NetworkPrices = {
    /** Config param 21, block.tlb `gas_flat_pfx#d1` and `gas_prices_ext#de`. */
    gas: {
        /** Units of gas that `flatGasPrice` covers. */
        flatGasLimit: bigint;
        /** Nanotons. */
        flatGasPrice: bigint;
        /** 1/65536 nanotons for a unit. */
        gasPrice: bigint;
    };
    /** Config param 25, block.tlb `msg_forward_prices#ea`. */
    message: {
        /** Nanotons for every message. */
        lumpPrice: bigint;
        /** 1/65536 nanotons for a bit outside the root cell. */
        bitPrice: bigint;
        /** 1/65536 nanotons for a cell beside the root cell. */
        cellPrice: bigint;
    };
    /** The entry of config param 18 that holds now, block.tlb `StoragePrices#cc`. */
    storage: {
        /** 1/65536 nanotons for a bit and second. */
        bitPrice: bigint;
        /** 1/65536 nanotons for a cell and second. */
        cellPrice: bigint;
    };
};

/** Mainnet's config params 18 (the entry since 1777500000), 21 and 25, as they were in November 2026. */
export const MAINNET_PRICES: NetworkPrices = {
    gas: { flatGasLimit: 100n, flatGasPrice: 6667n, gasPrice: 4369067n },
    message: { lumpPrice: 66667n, bitPrice: 4369067n, cellPrice: 436906667n },
    storage: { bitPrice: 0n, cellPrice: 135n },
};

/**
 * Reads the prices out of a config.
 *
 * @param config the root of the config dictionary, block.tlb `Hashmap 32 ^Cell`, as `TonClient4.getConfig` and the
 * sandbox's `blockchain.config` give it
 * @param now unix seconds; storage prices are those of the last entry that does not start after it, as GETSTORAGEFEE
 * takes them
 *
 * @example
 * ```ts
 * const { last, now } = await client4.getLastBlock();
 * const { config } = await client4.getConfig(last.seqno);
 * pricesFromConfig(Cell.fromBase64(config.cell), now); // => prices
 * ```
 */
export function pricesFromConfig(config: Cell, now = Math.floor(Date.now() / 1000)): NetworkPrices {
    return parsing('config dictionary with the params 18, 21 and 25', () => {
        const params = Dictionary.loadDirect(Dictionary.Keys.Int(32), Dictionary.Values.Cell(), config);
        const param = (id: number): Cell => {
            const cell = params.get(id);
            if (!cell) {
                throw new GramhouseError('unexpected_data', `Config param ${id} is missing.`);
            }
            return cell;
        };

        // StoragePrices#cc utime_since:uint32 bit_price_ps:uint64 cell_price_ps:uint64, and the masterchain's two
        const entries = Dictionary.loadDirect(Dictionary.Keys.Uint(32), Dictionary.Values.Buffer(37), param(18));
        const begun = [...entries].filter(([since]) => since <= now).sort(([a], [b]) => b - a);
        const storage = begun[0]?.[1];
        if (!storage) {
            throw new GramhouseError('unexpected_data', `No storage prices hold at ${now}.`);
        }

        const gas = param(21).beginParse();
        expectTag(gas, 0xd1, 8);
        const flatGasLimit = gas.loadUintBig(64);
        const flatGasPrice = gas.loadUintBig(64);
        expectTag(gas, 0xde, 8);

        const message = param(25).beginParse();
        expectTag(message, 0xea, 8);

        return {
            gas: { flatGasLimit, flatGasPrice, gasPrice: gas.loadUintBig(64) },
            message: {
                lumpPrice: message.loadUintBig(64),
                bitPrice: message.loadUintBig(64),
                cellPrice: message.loadUintBig(64),
            },
            storage: { bitPrice: storage.readBigUInt64BE(5), cellPrice: storage.readBigUInt64BE(13) },
        };
    });
}

/** Prices count 1/65536 nanotons; every fee rounds up. */
const ceil16 = (amount: bigint): bigint => (amount + 0xffffn) >> 16n;

/**
 * Nanotons for `gas` units in workchain 0: the TVM instruction GETGASFEE.
 *
 * @example
 * ```ts
 * gasFee(MAINNET_PRICES, 10_000); // => 666_668n
 * ```
 */
export function gasFee({ gas: prices }: NetworkPrices, gas: number): bigint {
    const above = BigInt(gas) - prices.flatGasLimit;
    return prices.flatGasPrice + (above > 0n ? ceil16(above * prices.gasPrice) : 0n);
}

/**
 * Nanotons for a message in workchain 0 with so many cells and bits below its root cell: the TVM instruction GETFORWARDFEE.
 *
 * @example
 * ```ts
 * forwardFee(MAINNET_PRICES, 0, 0); // => 66_667n
 * ```
 */
export function forwardFee({ message: prices }: NetworkPrices, cells: number, bits: number): bigint {
    return prices.lumpPrice + ceil16(BigInt(cells) * prices.cellPrice + BigInt(bits) * prices.bitPrice);
}

/**
 * Nanotons for storing so many cells and bits for so many seconds in workchain 0: the TVM instruction GETSTORAGEFEE.
 *
 * @example
 * ```ts
 * storageFee(MAINNET_PRICES, 100, 0, 31_536_000); // => 6_496_216n
 * ```
 */
export function storageFee({ storage: prices }: NetworkPrices, cells: number, bits: number, seconds: number): bigint {
    return ceil16((BigInt(cells) * prices.cellPrice + BigInt(bits) * prices.bitPrice) * BigInt(seconds));
}
