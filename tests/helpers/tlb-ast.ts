import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type * as Parser from '@ton-community/tlb-parser';

/** What the parser makes of a schema, as plain data: `is` is the name of its class. */
export type TypeExpr =
    | { is: 'CellRefExpr'; expr: TypeExpr }
    | { is: 'BuiltinOneArgExpr'; name: string; arg: TypeExpr }
    | { is: 'CombinatorExpr'; name: string; args: TypeExpr[] }
    | { is: 'MathExpr'; left: TypeExpr; op: string; right: TypeExpr }
    | { is: 'NumberExpr'; num: number }
    | { is: 'NameExpr'; name: string };

export type Field =
    | { is: 'FieldNamedDef'; name: string; expr: TypeExpr }
    | { is: 'FieldBuiltinDef' | 'FieldAnonymousDef' | 'FieldCurlyExprDef' | 'FieldExprDef' };

export type Declaration = {
    constructorDef: { name: string; tag: string | null };
    fields: Field[];
    combinator: { name: string };
};

const directory = join(__dirname, '../../build/cache');

/** The declarations of a schema's text. */
export function parseSchema(source: string): Declaration[] {
    return JSON.parse(plainText(source)) as Declaration[];
}

/** The same, from the disk where this text was parsed before: loading the parser and parsing is most of a short test. */
export function parseSchemaOnce(source: string): Declaration[] {
    const hash = createHash('sha256').update(readFileSync(require.resolve('@ton-community/tlb-parser/package.json')));
    const path = join(directory, `${hash.update(source).digest('hex').slice(0, 32)}.tlb.json`);
    if (!existsSync(path)) {
        mkdirSync(directory, { recursive: true });
        // A rename is atomic: another process never reads half a file
        const temporary = `${path}.${process.pid}`;
        writeFileSync(temporary, plainText(source));
        renameSync(temporary, path);
    }
    return JSON.parse(readFileSync(path, 'utf8')) as Declaration[];
}

function plainText(source: string): string {
    // eslint-disable-next-line @typescript-eslint/no-require-imports -- it takes time to load, and is seldom needed
    const { ast } = require('@ton-community/tlb-parser') as typeof Parser;
    return JSON.stringify(ast(source).declarations, (key, value: unknown) =>
        // Each node knows the one that it is in
        key === 'parent'
            ? undefined
            : typeof value === 'object' && value !== null && !Array.isArray(value)
              ? { is: value.constructor.name, ...value }
              : value,
    );
}
