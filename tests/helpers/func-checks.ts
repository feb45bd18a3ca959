import type { FuncFunction, FuncProgram, Token } from '../../tools/func-source';
import { parseNumber } from '../../tools/func-source';

/** Each check returns one line a finding, `file:line: what is wrong`, and none when all is well. */
export type Check = (programs: readonly FuncProgram[]) => string[];

const throwing = /^throw(_arg)?(_if|_unless)?$/;
const asmThrows = /\bTHROW\w*|\bENDS\b/;
const asmSends = /\bSENDRAWMSG\b|\bSENDMSG\b|\bRAWRESERVEX?\b/;
const asmWrites =
    /\bc\d+ POP\b|\bPOPCTR\w*|\bSETGLOB\w*|\bSETCODE\b|\bACCEPT\b|\bSETGASLIMIT\b|\bCOMMIT\b|\bSETLIBCODE\b|\bCHANGELIB\b/;
const headerFile = 'contracts/lib/messages.fc';

function at(place: { file: string; line: number }, text: string): string {
    return `${place.file}:${place.line}: ${text}`;
}

function unique(lines: string[]): string[] {
    return [...new Set(lines)].sort();
}

/** A get-method that nothing calls: as a root it cannot be deleted. */
function isRoot(fn: FuncFunction, called: ReadonlySet<string>): boolean {
    return fn.methodId !== null && !called.has(fn.name);
}

/** Whether the variable at `index` is on the left of an assignment, alone or in a tuple, or modified by a ~method. */
function isWritten(fn: FuncFunction, index: number): boolean {
    if (fn.body[index + 1]?.text.startsWith('~')) {
        return true;
    }
    const rest = fn.body.slice(index).map((token) => token.text);
    const assignment = rest.findIndex((text) => /^(~?[-+*/%&|^]|<<|>>)?=$/.test(text));
    return assignment > 0 && !rest.slice(0, assignment).some((text) => /^[;{}]$/.test(text));
}

/**
 * FunC 0.4.6 deletes a call of a function that is not impure when its result is unused. So whatever throws, writes,
 * sends or returns nothing is impure, and so is whatever calls it.
 */
export const findMissingImpure: Check = (programs) =>
    unique(
        programs.flatMap((program) => {
            const functions = [...program.functions.values()];
            const globals = new Set(program.files.flatMap((file) => file.globals));
            const called = new Set(functions.flatMap((fn) => program.calls(fn).map((call) => call.callee)));
            const effects = new Map<FuncFunction, string>();
            const reason = (fn: FuncFunction): string | undefined => {
                if (fn.returns === '()') {
                    return 'returns nothing';
                }
                if (fn.asm !== null) {
                    return asmThrows.test(fn.asm)
                        ? 'throws'
                        : asmSends.test(fn.asm) || asmWrites.test(fn.asm)
                          ? 'writes'
                          : undefined;
                }
                if (fn.body.some((token, i) => globals.has(token.text) && isWritten(fn, i))) {
                    return 'writes a global';
                }
                for (const { callee } of program.calls(fn)) {
                    const target = program.functions.get(callee);
                    if (throwing.test(callee)) {
                        return `calls ${callee}`;
                    }
                    if (callee === 'set_data' || (target !== undefined && (target.impure || effects.has(target)))) {
                        return `calls ${callee}, which has an effect`;
                    }
                }
                return undefined;
            };
            for (let size = -1; size !== effects.size;) {
                size = effects.size;
                for (const fn of functions) {
                    const why = reason(fn);
                    if (why !== undefined) {
                        effects.set(fn, why);
                    }
                }
            }
            return [...effects]
                .filter(([fn]) => !fn.impure && !isRoot(fn, called))
                .map(([fn, why]) => at(fn, `${fn.name} ${why} and is not impure`));
        }),
    );

/** The code of V1: a result that nobody reads, of a function without effects, is a call that the compiler deletes. */
export const findUnusedResults: Check = (programs) =>
    unique(
        programs.flatMap((program) =>
            [...program.functions.values()].flatMap((fn) => [
                ...program
                    .calls(fn)
                    .filter((call) => !program.functions.get(call.callee)?.impure && isDropped(fn, call.index))
                    .filter((call) => program.functions.has(call.callee))
                    .map((call) => at({ ...fn, line: call.line }, `the result of ${call.callee} is dropped`)),
                ...findUnusedLocals(fn),
            ]),
        ),
    );

/** Whether the call at `index` ends its statement's expression, and that statement is nothing but the call. */
function isDropped(fn: FuncFunction, index: number): boolean {
    let depth = 0;
    let end = index + 1;
    do {
        const text = fn.body[end]!.text;
        depth += text === '(' ? 1 : text === ')' ? -1 : 0;
        end++;
    } while (depth > 0);
    if (fn.body[end]?.text !== ';' || fn.body[index]!.text.startsWith('~')) {
        return false;
    }
    for (let i = index - 1; i >= 0; i--) {
        const text = fn.body[i]!.text;
        if (text === ';' || text === '{' || text === '}') {
            break;
        }
        if (text === '=' || text === 'return' || text.endsWith('=')) {
            return false;
        }
    }
    return true;
}

function findUnusedLocals(fn: FuncFunction): string[] {
    const types = new Set(['int', 'slice', 'cell', 'builder', 'tuple', 'cont', 'var']);
    const count = (name: string) =>
        fn.body.filter((token) => token.text === name || token.text.slice(1) === name).length;
    return fn.body
        .filter((token, i) => types.has(fn.body[i - 1]?.text ?? '') && /^[a-z_][^(]*$/i.test(token.text))
        .filter((token) => token.text !== '_' && count(token.text) === 1)
        .map((token) => at({ ...fn, line: token.line }, `${token.text} in ${fn.name} is never read`));
}

/** The tokens of an argument that decide its value: of a choice `c ? a : b` those of a and b. */
function valueTokens(argument: readonly Token[]): readonly Token[] {
    return argument.slice(argument.findIndex((token) => token.text === '?') + 1);
}

/** Send and reserve modes go by their names, and only the header file sends, reserves or gives names. */
export const findUnnamedModes: Check = (programs) =>
    unique(
        programs.flatMap((program) => {
            const functions = [...program.functions.values()];
            const findings: string[] = [];
            // Function -> position of the parameter that is a mode
            const sinks = new Map<string, number>();
            for (const fn of functions.filter((fn) => fn.asm !== null && asmSends.test(fn.asm))) {
                sinks.set(fn.name, fn.parameters.length - 1);
                if (fn.file !== headerFile) {
                    findings.push(at(fn, `${fn.name} sends or reserves outside ${headerFile}`));
                }
            }
            for (const builtin of ['send_raw_message', 'raw_reserve']) {
                sinks.set(builtin, 1);
            }
            for (const constant of program.files.flatMap((file) => file.constants)) {
                if (/^(mode|reserve)::/.test(constant.name) && constant.file !== headerFile) {
                    findings.push(at(constant, `${constant.name} is outside ${headerFile}`));
                }
            }
            for (let size = -1; size !== sinks.size;) {
                size = sinks.size;
                for (const fn of functions) {
                    for (const call of program.calls(fn)) {
                        const position = sinks.get(call.callee);
                        if (position === undefined) {
                            continue;
                        }
                        const mode = valueTokens(call.arguments[position - (call.method ? 1 : 0)] ?? []);
                        const parameter = fn.parameters.findIndex(
                            ({ name }) => mode.length === 1 && name === mode[0]!.text,
                        );
                        const named = mode.some((token) => /^(mode|reserve)::/.test(token.text));
                        if (parameter >= 0) {
                            sinks.set(fn.name, parameter);
                        } else if (!named || mode.some((token) => parseNumber(token.text) !== null)) {
                            const text = mode.map((token) => token.text).join(' ');
                            findings.push(
                                at({ ...fn, line: call.line }, `${call.callee} takes the mode ${text || '(none)'}`),
                            );
                        }
                    }
                }
            }
            return findings;
        }),
    );

/** Exit codes go by their names. 11 with the number is what Asm.fif lets every contract say to an unknown method. */
export const findMagicThrows: Check = (programs) =>
    unique(
        programs.flatMap((program) =>
            [...program.functions.values()].flatMap((fn) => {
                const calls = program.calls(fn).filter((call) => throwing.test(call.callee));
                const numbers = calls.filter((call) => {
                    const code = call.arguments[call.callee.startsWith('throw_arg') ? 1 : 0] ?? [];
                    return valueTokens(code).some((token) => parseNumber(token.text) !== null);
                });
                return [
                    ...numbers.map((call) => at({ ...fn, line: call.line }, `${call.callee} takes a number`)),
                    ...(/\b(?!11 THROWARG)\d+ THROW/.test(fn.asm ?? '') ? [at(fn, `${fn.name} throws a number`)] : []),
                ];
            }),
        ),
    );

/** Functions and constants that no entry point or get-method reaches. */
export const findUnused: Check = (programs) => {
    const used = new Set(programs.flatMap((program) => [...program.reachable()]));
    const declared = programs.flatMap((program) =>
        program.files.flatMap((file) => [...file.functions, ...file.constants]),
    );
    // A constant is used as well where an asm text spells its value, as in x{3706469c}
    const spelled = [...used].map((it) => ('asm' in it ? (it.asm ?? '') : '')).join(' ');
    const isSpelled = (it: (typeof declared)[number]) =>
        'value' in it && spelled.includes(`x{${it.value.map(({ text }) => text.slice(2)).join('')}}`);
    return unique(declared.filter((it) => !used.has(it) && !isSpelled(it)).map((it) => at(it, `${it.name} is unused`)));
};
