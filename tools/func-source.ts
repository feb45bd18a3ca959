import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

/**
 * A word, bracket or string of FunC with its line and its place in the text. Method calls keep their dot or tilde:
 * `.load_ref`, `~load_ref`.
 */
export interface Token {
    readonly text: string;
    readonly line: number;
    readonly at: number;
}

export interface FuncFunction {
    readonly file: string;
    readonly line: number;
    /** As declared, with the tilde of a modifying method: `~record_set`. */
    readonly name: string;
    /** The returned type as written, without spaces: `()`, `int`, `(slice,cell)`. */
    readonly returns: string;
    readonly parameters: readonly { readonly type: string; readonly name: string }[];
    readonly impure: boolean;
    /** The number in `method_id(n)`, `'name'` where it follows from the name, null for what is no get-method. */
    readonly methodId: number | 'name' | null;
    /** The instructions of an asm function, else null. */
    readonly asm: string | null;
    readonly body: readonly Token[];
    /** The `;;` lines right above, without the semicolons. */
    readonly comment: string;
}

export interface FuncConstant {
    readonly file: string;
    readonly line: number;
    readonly name: string;
    readonly value: readonly Token[];
    /** The `;;` comment on the same line. */
    readonly comment: string;
}

export interface FuncFile {
    readonly path: string;
    /** Paths of the included files, from the same root as `path`. */
    readonly includes: readonly string[];
    readonly functions: readonly FuncFunction[];
    readonly constants: readonly FuncConstant[];
    readonly globals: readonly string[];
}

export interface Call {
    /** The function that the compiler takes: `~f` where it exists, else `f`. */
    readonly callee: string;
    readonly line: number;
    /** The position of the callee's token in the body. */
    readonly index: number;
    readonly method: boolean;
    /** The tokens of each argument in the parentheses; a method's object is not among them. */
    readonly arguments: readonly (readonly Token[])[];
}

const closing: Readonly<Record<string, string>> = { '(': ')', '[': ']', '{': '}' };

const entryPoints = new Set(['recv_internal', 'recv_external', 'run_ticktock', 'split_prepare', 'split_install']);

/** The number that a FunC literal stands for, or null for any other word. */
export function parseNumber(word: string): bigint | null {
    return /^-?(\d+|0x[0-9a-f]+)$/i.test(word)
        ? BigInt(word.replace('-', '')) * (word.startsWith('-') ? -1n : 1n)
        : null;
}

export interface Comment {
    readonly line: number;
    readonly text: string;
    readonly alone: boolean;
}

/** The words of a FunC text, and its `;;` comments apart from them. */
export function tokenize(source: string): { tokens: Token[]; comments: Comment[] } {
    const tokens: Token[] = [];
    const comments: Comment[] = [];
    const pattern = /\n|;;([^\n]*)|\{-[^]*?-\}|"[^"]*"\w?|[;,()[\]{}]|[.~]?[^\s;,()[\]{}.~"]+|[.~]/g;
    let line = 1;
    for (const match of source.matchAll(pattern)) {
        const text = match[0];
        if (text === '\n') {
            line++;
        } else if (match[1] !== undefined) {
            comments.push({ line, text: match[1].replace(/^ /, '').trimEnd(), alone: tokens.at(-1)?.line !== line });
        } else if (text.startsWith('{-')) {
            line += text.split('\n').length - 1;
        } else {
            tokens.push({ text, line, at: match.index });
        }
    }
    return { tokens, comments };
}

/** The position after the bracket that closes the one at `open`. */
export function skipBrackets(tokens: readonly Token[], open: number): number {
    const stack: string[] = [];
    for (let i = open; i < tokens.length; i++) {
        const text = tokens[i]!.text;
        if (text in closing) {
            stack.push(closing[text]!);
        } else if (text === stack.at(-1)) {
            stack.pop();
        }
        if (stack.length === 0) {
            return i + 1;
        }
    }
    throw new Error(`line ${tokens[open]!.line}: ${tokens[open]!.text} is not closed`);
}

/** Splits at the commas that are in no bracket. */
export function splitArguments(tokens: readonly Token[]): Token[][] {
    const parts: Token[][] = [[]];
    for (let i = 0; i < tokens.length;) {
        const end = tokens[i]!.text in closing ? skipBrackets(tokens, i) : i + 1;
        if (tokens[i]!.text === ',') {
            parts.push([]);
        } else {
            parts.at(-1)!.push(...tokens.slice(i, end));
        }
        i = end;
    }
    return tokens.length === 0 ? [] : parts;
}

function textOf(tokens: readonly Token[]): string {
    return tokens.map((token) => token.text).join('');
}

/** Parses the declarations of one FunC file. */
export function parseFunc(source: string, path = 'sample.fc'): FuncFile {
    const { tokens, comments } = tokenize(source);
    const includes: string[] = [];
    const functions: FuncFunction[] = [];
    const constants: FuncConstant[] = [];
    const globals: string[] = [];
    const textAt = (i: number) => tokens[i]?.text ?? '';
    const endOfStatement = (from: number) => {
        const end = tokens.findIndex((token, i) => i >= from && token.text === ';');
        if (end < 0) {
            throw new Error(`${path}:${tokens[from]?.line}: no semicolon`);
        }
        return end;
    };
    const commentAbove = (line: number) => {
        const lines: string[] = [];
        for (let above = line - 1; ; above--) {
            const comment = comments.find((comment) => comment.line === above && comment.alone);
            if (comment === undefined) {
                return lines.join('\n');
            }
            lines.unshift(comment.text);
        }
    };

    for (let i = 0; i < tokens.length;) {
        const start = tokens[i]!;
        if (start.text === '#include') {
            includes.push(normalize(join(dirname(path), textAt(i + 1).replaceAll('"', ''))));
            i += 3;
        } else if (start.text === '#pragma') {
            i = endOfStatement(i) + 1;
        } else if (start.text === 'const') {
            const end = endOfStatement(i);
            for (const part of splitArguments(tokens.slice(i + 1, end))) {
                const equals = part.findIndex((token) => token.text === '=');
                const name = part[equals - 1]!;
                const comment = comments.find((comment) => comment.line === name.line)?.text ?? '';
                constants.push({
                    file: path,
                    line: name.line,
                    name: name.text,
                    value: part.slice(equals + 1),
                    comment,
                });
            }
            i = end + 1;
        } else if (start.text === 'global') {
            const end = endOfStatement(i);
            globals.push(...splitArguments(tokens.slice(i + 1, end)).map((part) => part.at(-1)!.text));
            i = end + 1;
        } else {
            if (start.text === 'forall') {
                i = tokens.findIndex((token, at) => at > i && token.text === '->') + 1;
            }
            const afterType = textAt(i) in closing ? skipBrackets(tokens, i) : i + 1;
            const returns = textOf(tokens.slice(i, afterType));
            const name = textAt(afterType);
            if (textAt(afterType + 1) !== '(') {
                throw new Error(`${path}:${start.line}: neither a function, a constant nor a global: ${start.text}`);
            }
            const afterParameters = skipBrackets(tokens, afterType + 1);
            const parameters = splitArguments(tokens.slice(afterType + 2, afterParameters - 1)).map((part) => ({
                type: textOf(part.slice(0, -1)),
                name: part.at(-1)!.text,
            }));
            let impure = false;
            let methodId: FuncFunction['methodId'] = null;
            for (i = afterParameters; !['{', ';', 'asm', ''].includes(textAt(i)); i++) {
                if (textAt(i) === 'impure') {
                    impure = true;
                } else if (textAt(i) === 'method_id') {
                    methodId = 'name';
                    if (textAt(i + 1) === '(') {
                        methodId = Number(textAt(i + 2));
                        i += 3;
                    }
                }
            }
            let asm: string | null = null;
            let body: Token[] = [];
            if (textAt(i) === '{') {
                const end = skipBrackets(tokens, i);
                body = tokens.slice(i + 1, end - 1);
                i = end;
            } else {
                const end = endOfStatement(i);
                if (textAt(i) === 'asm') {
                    const strings = tokens.slice(i, end).filter((token) => token.text.startsWith('"'));
                    asm = strings.map((token) => token.text.slice(1, -1)).join(' ');
                }
                i = end + 1;
                if (asm === null) {
                    continue; // a declaration without a body: the definition follows
                }
            }
            const comment = commentAbove(start.line);
            functions.push({
                file: path,
                line: start.line,
                name,
                returns,
                parameters,
                impure,
                methodId,
                asm,
                body,
                comment,
            });
        }
    }
    return { path, includes, functions, constants, globals };
}

/** Every .fc file under a folder, by its path from `root`. */
export function readFuncFiles(root: string, folder = 'contracts'): Map<string, FuncFile> {
    const files = new Map<string, FuncFile>();
    for (const name of readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' }).sort()) {
        if (name.endsWith('.fc')) {
            const path = join(folder, name);
            files.set(path, parseFunc(readFileSync(join(root, path), 'utf8'), path));
        }
    }
    return files;
}

/** What the compiler sees of one contract: a file and everything that it includes. */
export class FuncProgram {
    readonly files: readonly FuncFile[];
    readonly functions = new Map<string, FuncFunction>();

    constructor(files: ReadonlyMap<string, FuncFile>, entry: string) {
        const reached = new Set<FuncFile>();
        const visit = (path: string) => {
            const file = files.get(path);
            if (file === undefined) {
                throw new Error(`${path} is included and does not exist`);
            }
            if (!reached.has(file)) {
                reached.add(file);
                file.includes.forEach(visit);
            }
        };
        visit(entry);
        this.files = [...reached];
        for (const file of this.files) {
            for (const fn of file.functions) {
                this.functions.set(fn.name, fn);
            }
        }
    }

    /** What the entry points and get-methods reach, themselves included. */
    reachable(): Set<FuncFunction | FuncConstant> {
        const constants = new Map(
            this.files.flatMap((file) => file.constants).map((constant) => [constant.name, constant]),
        );
        const reached = new Set<FuncFunction | FuncConstant>();
        const visit = (declaration: FuncFunction | FuncConstant | undefined) => {
            if (declaration === undefined || reached.has(declaration)) {
                return;
            }
            reached.add(declaration);
            if ('asm' in declaration) {
                // An asm function may name the function that it jumps to
                declaration.asm?.split(' ').forEach((word) => visit(this.functions.get(word)));
            }
            for (const { text } of 'body' in declaration ? declaration.body : declaration.value) {
                const bare = text.replace(/^[.~]/, '');
                visit(this.functions.get(text.startsWith('~') && this.functions.has(text) ? text : bare));
                visit(constants.get(bare));
            }
        };
        for (const fn of this.functions.values()) {
            if (fn.methodId !== null || entryPoints.has(fn.name)) {
                visit(fn);
            }
        }
        return reached;
    }

    /** The calls in a body, to functions of the program and to the compiler's own (`throw_if`, `load_uint`). */
    calls(fn: FuncFunction): Call[] {
        const calls: Call[] = [];
        fn.body.forEach((token, index) => {
            if (fn.body[index + 1]?.text !== '(' || !/^[.~]?[a-z_]/i.test(token.text)) {
                return;
            }
            const bare = token.text.replace(/^[.~]/, '');
            const callee = token.text.startsWith('~') && this.functions.has(token.text) ? token.text : bare;
            const inside = fn.body.slice(index + 2, skipBrackets(fn.body, index + 1) - 1);
            calls.push({
                callee,
                line: token.line,
                index,
                method: bare !== token.text,
                arguments: splitArguments(inside),
            });
        });
        return calls;
    }
}
