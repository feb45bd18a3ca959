import type { InputWrapperProps } from '@mantine/core';
import { useState } from 'react';

import { texts } from '../texts';

/** What a field of text shows, and what its text means; null: nothing yet, or something wrong. */
type Field<T> = {
    value: T | null;
    input: Pick<InputWrapperProps, 'error'> & {
        value: string;
        onChange: (event: { currentTarget: { value: string } }) => void;
        autoComplete: 'off';
        spellCheck: false;
    };
};

/** @param parse gives what the text means, or a word about what is wrong */
export function useField<T>(parse: (text: string) => T | { wrong: string }): Field<T> {
    const [text, setText] = useState('');
    const trimmed = text.trim();
    const parsed = trimmed === '' ? null : parse(trimmed);
    const isWrong = typeof parsed === 'object' && parsed !== null && 'wrong' in parsed;
    return {
        value: isWrong ? null : parsed,
        input: {
            value: text,
            onChange: ({ currentTarget }) => setText(currentTarget.value),
            error: isWrong ? parsed.wrong : null,
            autoComplete: 'off',
            spellCheck: false,
        },
    };
}

/** The number of a channel: 64 bits. */
export function parsePayeeId(text: string): bigint | { wrong: string } {
    const isNumber = /^(0|[1-9]\d{0,19})$/.test(text) && BigInt(text) < 1n << 64n;
    return isNumber ? BigInt(text) : { wrong: texts.earnings.find.wrong };
}
