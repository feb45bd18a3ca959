import { beginCell, Cell, Dictionary } from '@ton/core';
import { defaultConfig } from '@ton/sandbox';
import { forwardFee, gasFee, GramhouseError, MAINNET_PRICES, pricesFromConfig, storageFee } from '../../../wrappers';
import { outbidFee, reserve, settlementFee, UsernameGas } from '../../../wrappers/usernames/gas';

const sandboxPrices = pricesFromConfig(Cell.fromBase64(defaultConfig), 2_000_000_000);

/** A config with the given storage entries: start, bit price, cell price. */
function configWith(entries: [number, bigint, bigint][]): Cell {
    const storage = Dictionary.empty(Dictionary.Keys.Uint(32), {
        serialize: ([since, bit, cell]: [number, bigint, bigint], builder) => {
            builder.storeUint(0xcc, 8).storeUint(since, 32).storeUint(bit, 64).storeUint(cell, 64);
            builder.storeUint(1000, 64).storeUint(500000, 64);
        },
        parse: () => [0, 0n, 0n],
    });
    entries.forEach((entry) => storage.set(entry[0], entry));
    const gas = beginCell().storeUint(0xd1, 8).storeUint(100, 64).storeUint(6667, 64);
    gas.storeUint(0xde, 8).storeUint(4369067, 64).storeUint(1000000, 64);
    const message = beginCell().storeUint(0xea, 8).storeUint(66667, 64).storeUint(4369067, 64).storeUint(436906667, 64);
    return beginCell()
        .storeDictDirect(
            Dictionary.empty(Dictionary.Keys.Int(32), Dictionary.Values.Cell())
                .set(18, beginCell().storeDictDirect(storage).endCell())
                .set(21, gas.endCell())
                .set(25, message.endCell()),
        )
        .endCell();
}

describe('pricesFromConfig', () => {
    it('reads the gas, message and storage prices', () => {
        expect(pricesFromConfig(configWith([[1777500000, 0n, 135n]]), 1777500000)).toEqual(MAINNET_PRICES);
        expect(sandboxPrices).toEqual({
            gas: { flatGasLimit: 100n, flatGasPrice: 40000n, gasPrice: 26214400n },
            message: { lumpPrice: 400000n, bitPrice: 26214400n, cellPrice: 2621440000n },
            storage: { bitPrice: 1n, cellPrice: 500n },
        });
    });

    it('takes the last storage entry that has begun', () => {
        const config = configWith([
            [0, 1n, 500n],
            [1000, 0n, 135n],
            [2000, 7n, 7n],
        ]);
        expect(pricesFromConfig(config, 999).storage).toEqual({ bitPrice: 1n, cellPrice: 500n });
        expect(pricesFromConfig(config, 1000).storage).toEqual({ bitPrice: 0n, cellPrice: 135n });
        expect(pricesFromConfig(config, 1999).storage).toEqual({ bitPrice: 0n, cellPrice: 135n });
        expect(pricesFromConfig(config, 2000).storage).toEqual({ bitPrice: 7n, cellPrice: 7n });
    });

    it('refuses what is no config, and a config without an entry that has begun', () => {
        expect(() => pricesFromConfig(beginCell().storeUint(0, 2).endCell(), 0)).toThrow(GramhouseError);
        expect(() => pricesFromConfig(configWith([[1000, 0n, 135n]]), 999)).toThrow('No storage prices hold');
    });
});

// Every figure is worked out by hand from the price list and the instruction's definition.
describe('the fees of today', () => {
    it('charge gas flat up to the limit, then by the unit, rounded up', () => {
        expect(gasFee(MAINNET_PRICES, 0)).toBe(6667n);
        expect(gasFee(MAINNET_PRICES, 100)).toBe(6667n);
        expect(gasFee(MAINNET_PRICES, 101)).toBe(6734n);
        expect(gasFee(MAINNET_PRICES, 4000)).toBe(266668n);
    });

    it('charge a message by the lump, cells and bits, rounded up once', () => {
        expect(forwardFee(MAINNET_PRICES, 0, 0)).toBe(66667n);
        expect(forwardFee(MAINNET_PRICES, 1, 100)).toBe(80001n);
        expect(forwardFee(MAINNET_PRICES, 48, 20000)).toBe(1720001n);
    });

    it('charge storage by cells and seconds, rounded up', () => {
        expect(storageFee(MAINNET_PRICES, 1, 1023, 1)).toBe(1n);
        expect(storageFee(MAINNET_PRICES, 48, 20000, 315360000)).toBe(31181836n);
    });
});

describe('the fees of the older price list', () => {
    it('are whole multiples for gas and messages', () => {
        expect(gasFee(sandboxPrices, 100)).toBe(40000n);
        expect(gasFee(sandboxPrices, 4000)).toBe(1600000n);
        expect(forwardFee(sandboxPrices, 1, 100)).toBe(480000n);
    });

    it('charge storage for bits too', () => {
        expect(storageFee(sandboxPrices, 48, 20000, 315360000)).toBe(211728516n);
    });
});

describe.each([
    ['today', MAINNET_PRICES],
    ['the older price list', sandboxPrices],
])('the formulas of gas.fc with %s', (_, prices) => {
    it('add what they say', () => {
        expect(outbidFee(prices)).toBe(gasFee(prices, UsernameGas.OUTBID_GAS) + forwardFee(prices, 0, 0));
        const messages = 3n * forwardFee(prices, 1, UsernameGas.THIRD_OF_NOTICE_BITS);
        expect(settlementFee(prices)).toBe(gasFee(prices, UsernameGas.SETTLE_GAS) + messages);
    });

    it('reserve ten years of rent, records included', () => {
        const { ITEM_CELLS, ITEM_BITS } = UsernameGas;
        expect(reserve(prices)).toBe(storageFee(prices, ITEM_CELLS, ITEM_BITS, 315360000));
        expect(reserve(prices, 2, 300)).toBe(storageFee(prices, ITEM_CELLS + 2, ITEM_BITS + 300, 315360000));
    });
});
