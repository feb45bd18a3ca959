import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { Address, beginCell, type Builder, Cell, type Slice } from '@ton/core';

import type { Random } from './random';
import { type Declaration, parseSchema, parseSchemaOnce, type TypeExpr } from './tlb-ast';

/**
 * A value of a TL-B type:
 * - `uintN`, `intN`, `## N`, `VarUInteger N`, `Grams`, `Coins`: bigint
 * - `bitsN`, `bits (N)`: Buffer
 * - `Bool`: boolean
 * - `MsgAddressInt`: Address; `MsgAddress`: Address or null for addr_none
 * - `Maybe X`: the value or null
 * - `Either X Y`: `{ left: x }` or `{ right: y }`
 * - `^Cell`: Cell; `Cell`: Cell with the rest of the slice, bits and references
 * - `HashmapE N X`: the dictionary's Cell or null
 * - `^X`: as X
 * - any other type: a record of its fields, with `kind`, the constructor's name, where the type has several
 */
export type TlbValue = string | bigint | boolean | Buffer | Address | Cell | null | TlbRecord;
export interface TlbRecord {
    [field: string]: TlbValue;
}

/** A `text$_` value (schema type Text). */
export function text(content: string): TlbRecord {
    const bytes = Buffer.from(content);
    return { len: BigInt(bytes.length), text: bytes };
}

/** Encodes, decodes and makes up cells from a .tlb file alone, independently of contracts and wrappers. */
export class Schema {
    private static readonly loaded = new Map<string, Schema>();
    private readonly constructors = new Map<string, Declaration>();
    private readonly byType = new Map<string, string[]>();

    private constructor(declarations: Declaration[]) {
        for (const declaration of declarations) {
            const { name } = declaration.constructorDef;
            if (this.constructors.has(name)) {
                throw new Error(`two constructors are called ${name}`);
            }
            this.constructors.set(name, declaration);
            const type = declaration.combinator.name;
            this.byType.set(type, [...(this.byType.get(type) ?? []), name]);
        }
    }

    static load(name: string): Schema {
        const path = join(__dirname, '../../contracts/schema', name);
        const schema = this.loaded.get(name) ?? new Schema(parseSchemaOnce(readFileSync(path, 'utf8')));
        this.loaded.set(name, schema);
        return schema;
    }

    static parse(source: string): Schema {
        return new Schema(parseSchema(source));
    }

    /** The names of a type's constructors, in the order of the file. */
    constructorsOf(type: string): string[] {
        return this.byType.get(type) ?? [];
    }

    /** Whether the cell begins with the constructor's tag. */
    hasTag(constructor: string, cell: Cell): boolean {
        const tag = tagOf(this.declaration(constructor));
        const slice = cell.beginParse();
        return slice.remainingBits >= tag.bits && slice.preloadUint(tag.bits) === tag.value;
    }

    /** The constructors with a hex tag and that tag as a number: `mint` -> 0x4637289a. */
    hexTags(): Map<string, number> {
        const tags = new Map<string, number>();
        for (const [name, declaration] of this.constructors) {
            const { tag } = declaration.constructorDef;
            if (tag?.startsWith('#')) {
                tags.set(name, parseInt(tag.slice(1), 16));
            }
        }
        return tags;
    }

    /** The cell of a constructor with these fields. Fails on a field that is missing, extra or out of range. */
    encode(constructor: string, fields: TlbRecord): Cell {
        const builder = beginCell();
        this.storeConstructor(builder, this.declaration(constructor), fields);
        return builder.endCell();
    }

    /** The fields of a cell. Fails on a wrong tag, and on a bit or reference that is missing or left over. */
    decode(constructor: string, cell: Cell): TlbRecord {
        const slice = cell.beginParse();
        const fields = this.loadConstructor(slice, this.declaration(constructor));
        slice.endParse();
        return fields;
    }

    /**
     * The fields of a cell of a type with several constructors, `kind` among them: `decodeType('InternalMsgBody', body)`
     * or `decodeType('Item', data)`. Fails where no constructor reads the cell to its last bit.
     */
    decodeType(type: string, cell: Cell): TlbRecord & { kind: string } {
        const errors: string[] = [];
        for (const constructor of this.constructorsOf(type).filter((it) => this.hasTag(it, cell))) {
            try {
                return { kind: constructor, ...this.decode(constructor, cell) };
            } catch (error) {
                errors.push(`${constructor}: ${String(error)}`);
            }
        }
        throw new Error(`not a ${type}: ${cell.toString()}\n${errors.join('\n')}`);
    }

    /** Random fields for a constructor; texts have up to 27 letters, dictionaries are empty. */
    sample(constructor: string, random: Random): TlbRecord {
        const record: TlbRecord = {};
        for (const [name, type] of fieldsOf(this.declaration(constructor))) {
            record[name] = this.sampleType(type, random, record);
        }
        return record;
    }

    private declaration(constructor: string): Declaration {
        const declaration = this.constructors.get(constructor);
        if (declaration === undefined) {
            throw new Error(`the schema has no ${constructor}`);
        }
        return declaration;
    }

    /** The declaration that a record is of: its type's only one, or the one that its `kind` names. */
    private select(type: string, record: TlbRecord): Declaration {
        const [first, ...others] = this.constructorsOf(type);
        if (first === undefined) {
            throw new Error(`the schema has no type ${type}`);
        }
        const kind = others.length === 0 ? first : expect(record['kind'] ?? null, isString);
        const declaration = this.declaration(kind);
        if (declaration.combinator.name !== type) {
            throw new Error(`${kind} is not a ${type}`);
        }
        return declaration;
    }

    private storeConstructor(builder: Builder, declaration: Declaration, record: TlbRecord): void {
        const { name } = declaration.constructorDef;
        const fields = fieldsOf(declaration);
        const known = new Set([...fields.map(([field]) => field), 'kind']);
        const extra = Object.keys(record).filter((field) => !known.has(field));
        if (extra.length > 0) {
            throw new Error(`${name} has no ${extra.join(', ')}`);
        }
        const tag = tagOf(declaration);
        builder.storeUint(tag.value, tag.bits);
        for (const [field, type] of fields) {
            const value = record[field];
            if (value === undefined) {
                throw new Error(`${name} needs ${field}`);
            }
            try {
                this.store(builder, type, value, record);
            } catch (error) {
                throw new Error(`${name}.${field}: ${String(error)}`, { cause: error });
            }
        }
    }

    private loadConstructor(slice: Slice, declaration: Declaration): TlbRecord {
        const tag = tagOf(declaration);
        if (slice.loadUint(tag.bits) !== tag.value) {
            throw new Error(`not ${declaration.constructorDef.name}: another tag`);
        }
        const record: TlbRecord = {};
        for (const [field, type] of fieldsOf(declaration)) {
            record[field] = this.load(slice, type, record);
        }
        return record;
    }

    private store(builder: Builder, type: TypeExpr, value: TlbValue, record: TlbRecord): void {
        const simple = simplify(type, record);
        switch (simple.kind) {
            case 'uint':
                builder.storeUint(expect(value, isBigInt), simple.bits);
                break;
            case 'int':
                builder.storeInt(expect(value, isBigInt), simple.bits);
                break;
            case 'bits': {
                const bytes = expect(value, isBuffer);
                if (bytes.length * 8 !== simple.bits) {
                    throw new Error(`${bytes.length * 8} bits instead of ${simple.bits}`);
                }
                builder.storeBuffer(bytes);
                break;
            }
            case 'varUint':
                builder.storeVarUint(expect(value, isBigInt), simple.lengthBits);
                break;
            case 'bool':
                builder.storeBit(expect(value, isBoolean));
                break;
            case 'address':
                if (value === null && !simple.optional) {
                    throw new Error('an address is needed');
                }
                builder.storeAddress(value === null ? null : expect(value, isAddress));
                break;
            case 'cell':
                builder.storeSlice(expect(value, isCell).asSlice());
                break;
            case 'dictionary':
                builder.storeMaybeRef(value === null ? null : expect(value, isCell));
                break;
            case 'maybe':
                builder.storeBit(value !== null);
                if (value !== null) {
                    this.store(builder, simple.inner, value, record);
                }
                break;
            case 'either': {
                const either = expect(value, isRecord);
                const isRight = 'right' in either;
                builder.storeBit(isRight);
                this.store(builder, isRight ? simple.right : simple.left, either[isRight ? 'right' : 'left']!, record);
                break;
            }
            case 'ref': {
                const inner = beginCell();
                this.store(inner, simple.inner, value, record);
                builder.storeRef(inner);
                break;
            }
            case 'type': {
                const inner = expect(value, isRecord);
                this.storeConstructor(builder, this.select(simple.name, inner), inner);
                break;
            }
        }
    }

    private load(slice: Slice, type: TypeExpr, record: TlbRecord): TlbValue {
        const simple = simplify(type, record);
        switch (simple.kind) {
            case 'uint':
                return slice.loadUintBig(simple.bits);
            case 'int':
                return slice.loadIntBig(simple.bits);
            case 'bits':
                return slice.loadBuffer(simple.bits / 8);
            case 'varUint':
                return slice.loadVarUintBig(simple.lengthBits);
            case 'bool':
                return slice.loadBit();
            case 'address':
                return simple.optional ? slice.loadMaybeAddress() : slice.loadAddress();
            case 'cell': {
                const rest = slice.asCell();
                slice.skip(slice.remainingBits);
                while (slice.remainingRefs > 0) {
                    slice.loadRef();
                }
                return rest;
            }
            case 'dictionary':
                return slice.loadMaybeRef();
            case 'maybe':
                return slice.loadBit() ? this.load(slice, simple.inner, record) : null;
            case 'either':
                return slice.loadBit()
                    ? { right: this.load(slice, simple.right, record) }
                    : { left: this.load(slice, simple.left, record) };
            case 'ref': {
                const cell = slice.loadRef();
                // Any cell: also one that is not ordinary, and cannot be parsed
                if (simplify(simple.inner, record).kind === 'cell') {
                    return cell;
                }
                const inner = cell.beginParse();
                const value = this.load(inner, simple.inner, record);
                inner.endParse();
                return value;
            }
            case 'type': {
                const [first, ...others] = this.constructorsOf(simple.name);
                if (first !== undefined && others.length === 0) {
                    return this.loadConstructor(slice, this.declaration(first));
                }
                for (const kind of [first, ...others].filter((kind) => kind !== undefined)) {
                    const declaration = this.declaration(kind);
                    const tag = tagOf(declaration);
                    if (slice.remainingBits >= tag.bits && slice.preloadUint(tag.bits) === tag.value) {
                        return { kind, ...this.loadConstructor(slice, declaration) };
                    }
                }
                throw new Error(`no constructor of ${simple.name} has this tag`);
            }
        }
    }

    private sampleType(type: TypeExpr, random: Random, record: TlbRecord): TlbValue {
        const simple = simplify(type, record);
        switch (simple.kind) {
            case 'uint':
                // The only such type is the length of a text
                return type.is === 'BuiltinOneArgExpr' ? BigInt(random.below(21)) : random.uint(simple.bits);
            case 'int':
                return BigInt.asIntN(simple.bits, random.uint(simple.bits));
            case 'bits':
                return type.is === 'CombinatorExpr'
                    ? Buffer.from(random.letters(simple.bits / 8))
                    : random.bytes(simple.bits / 8);
            case 'varUint':
                return random.uint(random.below(2 ** simple.lengthBits) * 8);
            case 'bool':
                return random.boolean();
            case 'address':
                return simple.optional && random.boolean() ? null : random.address();
            case 'cell':
                return random.cell();
            case 'dictionary':
                return null;
            case 'maybe':
                return random.boolean() ? this.sampleType(simple.inner, random, record) : null;
            case 'either':
                return random.boolean()
                    ? { right: this.sampleType(simple.right, random, record) }
                    : { left: this.sampleType(simple.left, random, record) };
            case 'ref':
                return this.sampleType(simple.inner, random, record);
            case 'type': {
                const kinds = this.constructorsOf(simple.name);
                const kind = kinds[random.below(kinds.length)]!;
                return kinds.length > 1 ? { kind, ...this.sample(kind, random) } : this.sample(kind, random);
            }
        }
    }
}

type SimpleType =
    | { kind: 'uint' | 'int' | 'bits'; bits: number }
    | { kind: 'varUint'; lengthBits: number }
    | { kind: 'bool' | 'cell' | 'dictionary' }
    | { kind: 'address'; optional: boolean }
    | { kind: 'maybe' | 'ref'; inner: TypeExpr }
    | { kind: 'either'; left: TypeExpr; right: TypeExpr }
    | { kind: 'type'; name: string };

/** What a type expression is; `record` has the fields before it, which a width may depend on. */
function simplify(type: TypeExpr, record: TlbRecord): SimpleType {
    if (type.is === 'CellRefExpr') {
        return { kind: 'ref', inner: type.expr };
    }
    if (type.is === 'BuiltinOneArgExpr' && type.name === '##') {
        return { kind: 'uint', bits: evaluate(type.arg, record) };
    }
    if (type.is === 'CombinatorExpr') {
        const [first, second] = type.args;
        if (type.name === 'Maybe' && first !== undefined) {
            return { kind: 'maybe', inner: first };
        }
        if (type.name === 'Either' && first !== undefined && second !== undefined) {
            return { kind: 'either', left: first, right: second };
        }
        if (type.name === 'HashmapE') {
            return { kind: 'dictionary' };
        }
        if (type.name === 'VarUInteger' && first !== undefined) {
            return { kind: 'varUint', lengthBits: Math.ceil(Math.log2(evaluate(first, record))) };
        }
        if (type.name === 'bits' && first !== undefined) {
            return { kind: 'bits', bits: evaluate(first, record) };
        }
    }
    if (type.is === 'NameExpr') {
        const width = /^(uint|int|bits)(\d+)$/.exec(type.name);
        if (width !== null) {
            return { kind: width[1] as 'uint' | 'int' | 'bits', bits: Number(width[2]) };
        }
        switch (type.name) {
            case 'Grams':
            case 'Coins':
                return { kind: 'varUint', lengthBits: 4 };
            case 'Bool':
                return { kind: 'bool' };
            case 'Cell':
                return { kind: 'cell' };
            case 'MsgAddressInt':
            case 'MsgAddress':
                return { kind: 'address', optional: type.name === 'MsgAddress' };
            default:
                return { kind: 'type', name: type.name };
        }
    }
    throw new Error(`cannot read the type ${type.is}`);
}

function evaluate(expression: TypeExpr, record: TlbRecord): number {
    if (expression.is === 'NumberExpr') {
        return expression.num;
    }
    if (expression.is === 'NameExpr') {
        return Number(record[expression.name]);
    }
    if (expression.is === 'MathExpr') {
        const left = evaluate(expression.left, record);
        const right = evaluate(expression.right, record);
        return expression.op === '*' ? left * right : left + right;
    }
    throw new Error('cannot read the width');
}

function fieldsOf(declaration: Declaration): [string, TypeExpr][] {
    return declaration.fields
        .filter(({ is }) => is !== 'FieldBuiltinDef')
        .map((field) => {
            if (field.is !== 'FieldNamedDef') {
                throw new Error(`${declaration.constructorDef.name} has a field without a name`);
            }
            return [field.name, field.expr];
        });
}

function tagOf(declaration: Declaration): { value: number; bits: number } {
    const { name, tag } = declaration.constructorDef;
    if (tag === '$_' || (tag === null && name === '_')) {
        return { value: 0, bits: 0 };
    }
    if (tag === null) {
        throw new Error(`${name} has no explicit tag`);
    }
    const digits = tag.slice(1);
    return tag.startsWith('#')
        ? { value: parseInt(digits, 16), bits: digits.length * 4 }
        : { value: parseInt(digits, 2), bits: digits.length };
}

function expect<T extends TlbValue>(value: TlbValue, is: (value: TlbValue) => value is T): T {
    if (!is(value)) {
        throw new Error('the value is of another type');
    }
    return value;
}

const isBigInt = (value: TlbValue): value is bigint => typeof value === 'bigint';
const isString = (value: TlbValue): value is string => typeof value === 'string';
const isBoolean = (value: TlbValue): value is boolean => typeof value === 'boolean';
const isBuffer = (value: TlbValue): value is Buffer => Buffer.isBuffer(value);
const isAddress = (value: TlbValue): value is Address => Address.isAddress(value);
const isCell = (value: TlbValue): value is Cell => value instanceof Cell;
const isRecord = (value: TlbValue): value is TlbRecord =>
    typeof value === 'object' && value !== null && !isBuffer(value) && !isAddress(value) && !isCell(value);
