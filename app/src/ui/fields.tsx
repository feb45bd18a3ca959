import { TextInput, type TextInputProps } from '@mantine/core';
import { Address } from '@ton/core';

import { parseTon } from '../format';
import { texts } from '../texts';

type Field = { value: string; onChange: (value: string) => void } & Omit<TextInputProps, 'value' | 'onChange'>;

/** An amount as a person types it; `parseTon` reads it. What is no amount is said as soon as something is typed. */
export const TonField = ({ value, onChange, error, ...input }: Field) => (
    <TextInput
        {...input}
        inputMode="decimal"
        autoComplete="off"
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        error={value !== '' && parseTon(value) === null ? texts.market.notAnAmount : error}
    />
);

/** An address as a person types it; `parseAddress` reads it. */
export const AddressField = ({ value, onChange, testOnly, ...input }: Field & { testOnly: boolean }) => (
    <TextInput
        {...input}
        autoComplete="off"
        spellCheck={false}
        value={value}
        onChange={({ currentTarget }) => onChange(currentTarget.value)}
        error={value === '' ? null : addressFault(value, testOnly)}
    />
);

function addressFault(text: string, testOnly: boolean): string | null {
    const address = readAddress(text);
    if (!address) {
        return texts.market.notAnAddress;
    }
    return address.isTestOnly && !testOnly ? texts.market.otherNetwork : null;
}

function readAddress(text: string): { address: Address; isTestOnly: boolean } | null {
    try {
        const plain = text.trim();
        return Address.isFriendly(plain)
            ? Address.parseFriendly(plain)
            : { address: Address.parseRaw(plain), isTestOnly: false };
    } catch {
        return null;
    }
}

/** The address that a person typed; null if it is none, or a test network's on mainnet. */
export function parseAddress(text: string, testOnly: boolean): Address | null {
    return addressFault(text, testOnly) === null ? (readAddress(text)?.address ?? null) : null;
}

/** A whole number that a person typed, if it is between the two; null otherwise. */
export function parseWhole(text: string, least: number, most: number): number | null {
    const number = /^\d{1,9}$/.test(text.trim()) ? Number(text) : NaN;
    return number >= least && number <= most ? number : null;
}
