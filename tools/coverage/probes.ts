// Marks the statements of FunC sources with instructions that do nothing and say which statement comes next.

/** Where a statement begins, and the last line of it that is not in a block. Lines are counted from 1. */
export interface Statement {
    readonly file: string;
    /** In the source, in characters. */
    readonly position: number;
    readonly line: number;
    readonly lastLine: number;
    /** The function that it is in. */
    readonly name: string;
    /** Its first line, as it is in the source. */
    readonly text: string;
}

/** DEBUGSTR with two bytes: the statement's number. */
const PROBE = 'FEF1';

/** The number in the listing of a probe, or null for any other instruction. */
export function probeNumber(instruction: string): number | null {
    const [, hex] = /^DEBUGSTR x\{([0-9A-F]{4})\}$/i.exec(instruction) ?? [];
    return hex === undefined ? null : parseInt(hex, 16);
}

/** The source with comments and strings blanked, everything else at its place. */
function blank(source: string): string {
    return source.replace(/;;[^\n]*|\{-[^]*?-\}|"[^"]*"/g, (it) => it.replace(/[^\n]/g, ' '));
}

/** Words that go on with the statement before them. */
const CONTINUES = /^(else|elseif|elseifnot|until|catch)\b/;

/**
 * The source with a probe before each statement, every line where it was.
 *
 * @param statements takes up the statements; the index of each is the number of its probe
 */
export function withProbes(file: string, source: string, statements: Statement[]): string {
    const text = blank(source);
    const first = statements.length;
    const lineAt = (position: number): number => source.slice(0, position).split('\n').length;
    let [result, copied, depth, brackets, name] = ['', 0, 0, 0, ''];
    const begin = (position: number): void => {
        const rest = text.slice(position);
        const start = position + rest.search(/\S/);
        if (depth === 0 || text[start] === '}' || CONTINUES.test(text.slice(start))) {
            return;
        }
        let end = start;
        for (let open = 0; open > 0 || !/[;{}]/.test(text[end]!); end++) {
            open += Number('(['.includes(text[end]!)) - Number(')]'.includes(text[end]!));
        }
        result += `${source.slice(copied, start)}probe_${statements.length}(); `;
        copied = start;
        const line = lineAt(start);
        const lineText = source.split('\n')[line - 1]!.trim();
        statements.push({ file, position: start, line, lastLine: lineAt(end), name, text: lineText });
    };
    for (let at = 0; at < text.length; at++) {
        const char = text[at]!;
        brackets += Number('(['.includes(char)) - Number(')]'.includes(char));
        if (char === '{' && depth++ === 0) {
            const header = text.slice(0, at).split(/[;}]/).at(-1)!;
            name = /([^\s(),]+)\(/.exec(header)?.[1] ?? '';
        } else if (char === '}') {
            depth--;
        }
        if ('{};'.includes(char) && brackets === 0) {
            begin(at + 1);
        }
    }
    result += source.slice(copied);
    const declarations = statements
        .slice(first)
        .map((_, i) => first + i)
        .map((i) => `() probe_${i}() impure asm "x{${PROBE}${i.toString(16).padStart(4, '0')}} @addop";`);
    return `${declarations.join(' ')}\n${result}`;
}
