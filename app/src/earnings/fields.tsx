import type { TextInputProps } from '@mantine/core';
import { Address } from '@ton/core';
import { useState } from 'react';

import { parseTon } from '../format';
import { texts } from '../texts';

/** What a text field shows, and what its text means; null: nothing yet, or something wrong. */
export type Field<T> = { value: T | null; input: Pick<TextInputProps, 'error' | 'inputMode'> & FieldInput };
type FieldInput = { value: string; onChange: (event: { currentTarget: { value: string } }) => void };

/** @param parse gives a word about what is wrong, in an object, or what the text means */
export function useField<T>(parse: (text: string) => T | { wrong: string }, initial = ''): Field<T> {
    const [text, setText] = useState(initial);
    const trimmed = text.trim();
    const parsed = trimmed === '' ? null : parse(trimmed);
    const isWrong = typeof parsed === 'object' && parsed !== null && 'wrong' in parsed;
    return {
        value: isWrong ? null : parsed,
        input: {
            value: text,
            onChange: ({ currentTarget }) => setText(currentTarget.value),
            error: isWrong ? parsed.wrong : null,
        },
    };
}

/** An amount in TON, as nanotons. */
export function useAmount(initial = ''): Field<bigint> {
    const field = useField((text) => parseTon(text) ?? { wrong: texts.earnings.settings.amountWrong }, initial);
    return { ...field, input: { ...field.input, inputMode: 'decimal' } };
}

export const useAddress = (): Field<Address> =>
    useField((text) => {
        try {
            return Address.parse(text);
        } catch {
            return { wrong: texts.earnings.settings.addressWrong };
        }
    });

/** The number of a channel: 64 bits. */
export function parsePayeeId(text: string): bigint | { wrong: string } {
    const isNumber = /^(0|[1-9]\d{0,19})$/.test(text) && BigInt(text) < 1n << 64n;
    return isNumber ? BigInt(text) : { wrong: texts.earnings.find.wrong };
}
