import type { Cell, TupleItem } from '@ton/core';

import { toBase64 } from './cells';
import type { GetResult } from './chain';
import { RequestError } from './http';
import { parseBoc } from './params';

/** The arguments of a getter, as API v2 takes them: pairs of a type and a value. Throws `RequestError`. */
export function parseStack(raw: unknown): TupleItem[] {
    if (raw === undefined || raw === null) {
        return [];
    }
    if (!Array.isArray(raw)) {
        throw new RequestError(422, 'The parameter stack is no list.');
    }
    return raw.map((entry: unknown, index) => {
        if (!Array.isArray(entry) || typeof entry[0] !== 'string') {
            throw new RequestError(422, `Entry ${index} of the stack is no pair of a type and a value.`);
        }
        return parseStackEntry(entry[0], entry[1], `stack[${index}]`);
    });
}

function parseStackEntry(type: string, value: unknown, name: string): TupleItem {
    switch (type) {
        case 'num':
        case 'number':
        case 'int':
            return { type: 'int', value: parseNumber(value, name) };
        case 'cell':
        case 'tvm.Cell':
            return { type: 'cell', cell: parseStackCell(value, name) };
        case 'slice':
        case 'tvm.Slice':
            return { type: 'slice', cell: parseStackCell(value, name) };
        case 'builder':
        case 'tvm.Builder':
            return { type: 'builder', cell: parseStackCell(value, name) };
        case 'null':
            return { type: 'null' };
        default:
            throw new RequestError(
                422,
                `${name} has the type ${JSON.stringify(type.slice(0, 40))}: the devnet takes num, cell, slice, builder and null.`,
            );
    }
}

function parseNumber(value: unknown, name: string): bigint {
    const text = typeof value === 'number' ? String(value) : value;
    const match = typeof text === 'string' ? /^(-?)(\d{1,78}|0x[0-9a-fA-F]{1,64})$/.exec(text) : null;
    const number = match?.[2] === undefined ? null : BigInt(match[2]) * (match[1] ? -1n : 1n);
    if (number === null || number >= 2n ** 256n || number < -(2n ** 256n)) {
        throw new RequestError(422, `${name} is no whole number of 257 bits.`);
    }
    return number;
}

function parseStackCell(value: unknown, name: string): Cell {
    const bytes = typeof value === 'object' && value !== null && 'bytes' in value ? value.bytes : value;
    if (typeof bytes !== 'string') {
        throw new RequestError(422, `${name} is no cell in base64.`);
    }
    return parseBoc(bytes, name);
}

/** What a getter gave, as API v2 gives it. */
export function stackJson({ stack }: GetResult): unknown[] {
    return stack.map((item) => {
        switch (item.type) {
            case 'int':
                return ['num', item.value < 0n ? `-0x${(-item.value).toString(16)}` : `0x${item.value.toString(16)}`];
            case 'nan':
                return ['num', 'NaN'];
            case 'cell':
            case 'slice':
            case 'builder':
                return [item.type === 'slice' ? 'cell' : item.type, { bytes: toBase64(item.cell) }];
            case 'tuple':
                return ['tuple', { '@type': 'tvm.tuple', elements: item.items.map(tupleEntryJson) }];
            case 'null':
                return ['list', { '@type': 'tvm.list', elements: [] }];
        }
    });
}

function tupleEntryJson(item: TupleItem): unknown {
    switch (item.type) {
        case 'int':
            return {
                '@type': 'tvm.stackEntryNumber',
                number: { '@type': 'tvm.numberDecimal', number: item.value.toString() },
            };
        case 'nan':
            return { '@type': 'tvm.stackEntryNumber', number: { '@type': 'tvm.numberDecimal', number: 'NaN' } };
        case 'cell':
        case 'builder':
            return { '@type': 'tvm.stackEntryCell', cell: { '@type': 'tvm.cell', bytes: toBase64(item.cell) } };
        case 'slice':
            return { '@type': 'tvm.stackEntrySlice', slice: { '@type': 'tvm.slice', bytes: toBase64(item.cell) } };
        case 'tuple':
            return {
                '@type': 'tvm.stackEntryTuple',
                tuple: { '@type': 'tvm.tuple', elements: item.items.map(tupleEntryJson) },
            };
        case 'null':
            return { '@type': 'tvm.stackEntryList', list: { '@type': 'tvm.list', elements: [] } };
    }
}
