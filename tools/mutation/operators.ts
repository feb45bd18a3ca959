import { parseNumber, skipBrackets, splitArguments, type Token } from '../func-source';

/** A text to put in the place of another. */
export interface Edit {
    readonly from: number;
    readonly to: number;
    readonly text: string;
}

/** One word of a file, where it stands. */
export interface Site {
    readonly source: string;
    /** Of the function's body, of the constant's value, or of an asm function. */
    readonly tokens: readonly Token[];
    readonly i: number;
    /** The constant whose value this is. */
    readonly constant: string | null;
    /** The innermost call around the word, without its dot or tilde, and which of its arguments this is. */
    readonly call: { readonly callee: string; readonly argument: number } | null;
}

/** A named kind of mistake: what it makes of a word, each edit a mutant of its own. */
export interface Operator {
    readonly name: string;
    readonly edits: (site: Site) => Edit[];
}

type Span = Pick<Edit, 'from' | 'to'>;

const spanOf = (tokens: readonly Token[]): Span => {
    const [first, last] = [tokens[0]!, tokens.at(-1)!];
    return { from: first.at, to: last.at + last.text.length };
};
const textAt = (tokens: readonly Token[], i: number): string => tokens[i]?.text ?? '';
const textIn = (source: string, { from, to }: Span): string => source.slice(from, to);

/** Each word of the table becomes its alternatives, one at a time. */
function words(name: string, table: Readonly<Record<string, readonly string[]>>): Operator {
    const edits = ({ tokens, i }: Site): Edit[] => {
        const word = textAt(tokens, i);
        return (Object.hasOwn(table, word) ? table[word]! : []).map((text) => ({ ...spanOf([tokens[i]!]), text }));
    };
    return { name, edits };
}

/** How many bits a load takes or a store writes: another number is another layout, which every test sees. */
function isWidth(call: Site['call']): boolean {
    return (
        call !== null &&
        (/^((pre)?load|skip|first|last)_/.test(call.callee) || (/^store_/.test(call.callee) && call.argument > 0))
    );
}

const numbers: Operator = {
    name: 'number',
    edits: ({ tokens, i, constant, call }) => {
        const word = textAt(tokens, i);
        const value = parseNumber(word);
        if (value === null || isWidth(call) || /^(size|mode|reserve)::/.test(constant ?? '')) {
            return [];
        }
        // A code that is sent and compared is right or wrong, whatever the difference
        const isCode = /^(op|error|tag)::/.test(constant ?? '') || word.startsWith('0x');
        const values = new Set(isCode ? [value + 1n] : [value + 1n, ...(value > 0n ? [value - 1n, 0n] : [])]);
        return [...values].map((changed) => ({ ...spanOf([tokens[i]!]), text: String(changed) }));
    },
};

/** Each flag of a send mode the other way: the fee apart, errors ignored, errors bounce, the message's value, the balance. */
const MODE_FLAGS = [1, 2, 16, 64, 128];

const modes: Operator = {
    name: 'send mode',
    edits: ({ tokens, i, constant }) => {
        const value = parseNumber(textAt(tokens, i));
        if (value === null || !constant?.startsWith('mode::')) {
            return [];
        }
        const changed = MODE_FLAGS.map((flag) => Number(value) ^ flag);
        // 64 and 128 together are no mode
        return changed
            .filter((mode) => (mode & 192) !== 192)
            .map((mode) => ({ ...spanOf([tokens[i]!]), text: String(mode) }));
    },
};

const assignment = /^(~?[-+*/%&|^]|<<|>>)?=$/;

/** A statement whose removal still compiles: `word` is the last function that it calls, or the variable assigned to. */
interface Statement {
    readonly word: string;
    readonly isCall: boolean;
    readonly span: Span;
}

function statementAt({ tokens, i }: Site): Statement | null {
    const isStart = i === 0 || [';', '{', '}'].includes(textAt(tokens, i - 1));
    if (!isStart || !/^[a-z_]/i.test(textAt(tokens, i))) {
        return null;
    }
    let last = i;
    let word = '';
    let isCall = false;
    const isAssignment = assignment.test(textAt(tokens, i + 1));
    while (textAt(tokens, last) !== ';') {
        const text = textAt(tokens, last);
        if (['', '{', '}'].includes(text)) {
            return null; // a block: if, do, try
        }
        if (textAt(tokens, last + 1) === '(' && (last === i || /^[.~]/.test(text))) {
            word = text.replace(/^[.~]/, '');
            isCall = true;
        } else if (last > i && !isAssignment && !['(', '['].includes(text) && !/^[.~]/.test(text)) {
            return null; // a declaration or a return
        }
        last = ['(', '['].includes(text) ? skipBrackets(tokens, last) : last + 1;
    }
    const span = spanOf(tokens.slice(i, last + 1));
    if (isAssignment) {
        return { word: textAt(tokens, i), isCall: false, span };
    }
    return isCall && !/^(return|until)$/.test(word) ? { word, isCall, span } : null;
}

const guards = /^(throw|check_|end_parse$)/;
const sends = /^(send|answer|give_back$|reserve_balance$)/;
const saves = /^(set_data$|save)/;
/** Where a load or a skip is missing, all that follows is read from another place: every test sees it. */
const loads = /^(load|skip)_/;

function removed(name: string, isMeant: (statement: Statement) => boolean): Operator {
    const edits = (site: Site): Edit[] => {
        const statement = statementAt(site);
        return statement && isMeant(statement) ? [{ ...statement.span, text: '' }] : [];
    };
    return { name, edits };
}

/** What stands in the brackets behind the word, if it is one of these. */
function conditionAt({ tokens, i }: Site, keyword: RegExp): Span | null {
    return keyword.test(textAt(tokens, i)) && textAt(tokens, i + 1) === '('
        ? spanOf(tokens.slice(i + 2, skipBrackets(tokens, i + 1) - 1))
        : null;
}

/** A condition that is computed and has no say. */
function without(name: string, keyword: RegExp, rest: string): Operator {
    const edits = (site: Site): Edit[] => {
        const span = conditionAt(site, keyword);
        return span ? [{ ...span, text: `(${textIn(site.source, span)}) ${rest}` }] : [];
    };
    return { name, edits };
}

const choices: Operator = {
    name: 'choice swapped',
    edits: ({ source, tokens, i }) => {
        if (textAt(tokens, i) !== '?') {
            return [];
        }
        const parts: Token[][] = [[], []];
        let part = 0;
        for (let at = i + 1; !['', ';', ',', ')', ']'].includes(textAt(tokens, at));) {
            const next = ['(', '['].includes(textAt(tokens, at)) ? skipBrackets(tokens, at) : at + 1;
            if (textAt(tokens, at) === ':') {
                part += 1;
            } else {
                parts[part]!.push(...tokens.slice(at, next));
            }
            at = next;
        }
        const [yes, no] = parts.map(spanOf) as [Span, Span];
        return [{ from: yes.from, to: no.to, text: `${textIn(source, no)} : ${textIn(source, yes)}` }];
    },
};

function firstArgument({ tokens, i }: Site): Span | null {
    const [part] =
        textAt(tokens, i + 1) === '('
            ? splitArguments(tokens.slice(i + 2, skipBrackets(tokens, i + 1) - 1))
            : [undefined];
    return part && part.length > 0 ? spanOf(part) : null;
}

/** Who gets a message instead: its sender, or the contract itself; by the hash or by the whole address. */
const hashes = ['sender_hash()', 'my_address().skip_bits(11)'];
const addresses = ['message_sender()', 'my_address()'];
const addressees: Readonly<Record<string, readonly string[]>> = {
    new_message: hashes,
    new_bounceable_message_to: hashes,
    send_exactly: hashes,
    new_message_to: addresses,
    send_payout: addresses,
};

const receivers: Operator = {
    name: 'addressee',
    edits: (site) => {
        const others = addressees[textAt(site.tokens, site.i)] ?? [];
        const span = others.length > 0 ? firstArgument(site) : null;
        return span
            ? others.filter((text) => text !== textIn(site.source, span)).map((text) => ({ ...span, text }))
            : [];
    },
};

const amounts: Operator = {
    name: 'amount',
    edits: (site) => {
        const span = textAt(site.tokens, site.i) === '.store_coins' ? firstArgument(site) : null;
        return span
            ? ['- 1', '+ 1'].map((change) => ({ ...span, text: `(${textIn(site.source, span)}) ${change}` }))
            : [];
    },
};

/** An asm function that does something else with the same operands. */
const instructions: Operator = {
    name: 'instruction',
    edits: ({ tokens, i }) => {
        const text = textAt(tokens, i);
        const changes: [RegExp, string][] = [
            [/\bIFJMPREF\b/, 'IFNOTJMPREF'],
            [/\bIFNOTJMPREF\b/, 'IFJMPREF'],
            [/\bMIN\b/, 'MAX'],
            [/\bMAX\b/, 'MIN'],
            // The bounce flag of a header (block.tlb, int_msg_info)
            [/NEWC b\{010/, 'NEWC b{011'],
            [/NEWC b\{011/, 'NEWC b{010'],
        ];
        return changes
            .filter(([from]) => text.startsWith('"') && from.test(text))
            .map(([from, to]) => ({ ...spanOf([tokens[i]!]), text: text.replace(from, to) }));
    },
};

const branches = /^(if|elseif)$/;

/** All mistakes that are made, one at a time. The name stands in reports and in equivalent.json. */
export const OPERATORS: readonly Operator[] = [
    words('arithmetic', {
        '+': ['-'],
        '-': ['+'],
        '*': ['+'],
        '/': ['*'],
        '+=': ['-=', '='],
        '-=': ['+='],
        '<<': ['>>'],
        '>>': ['<<'],
    }),
    words('rounding', { muldiv: ['muldivc'], muldivc: ['muldiv'], min: ['max'], max: ['min'] }),
    words('comparison', {
        '<': ['<=', '>='],
        '<=': ['<', '>'],
        '>': ['>=', '<='],
        '>=': ['>', '<'],
        '==': ['!='],
        '!=': ['=='],
    }),
    words('boolean', { '&': ['|'], '|': ['&'], '&=': ['|='], '|=': ['&='], '~': [''] }),
    numbers,
    modes,
    words('send mode', {
        'mode::exact': ['mode::carry_or_bounce'],
        'mode::give_back': ['mode::carry_or_bounce'],
        'mode::carry_or_bounce': ['mode::exact'],
        'mode::balance_above_reserve': ['mode::carry_or_bounce'],
    }),
    words('condition negated', {
        if: ['ifnot'],
        ifnot: ['if'],
        elseif: ['elseifnot'],
        throw_if: ['throw_unless'],
        throw_unless: ['throw_if'],
    }),
    without('condition negated', /^(until|while)$/, '== 0'),
    choices,
    without('never taken', branches, '& 0'),
    without('never taken', /^ifnot$/, '| -1'),
    without('always taken', branches, '| -1'),
    without('always taken', /^ifnot$/, '& 0'),
    removed('guard removed', ({ word, isCall }) => isCall && guards.test(word)),
    removed('send removed', ({ word, isCall }) => isCall && sends.test(word)),
    removed('save removed', ({ word, isCall }) => isCall && saves.test(word)),
    removed(
        'call removed',
        ({ word, isCall }) => isCall && ![guards, sends, saves, loads].some((kind) => kind.test(word)),
    ),
    removed('assignment removed', ({ isCall }) => !isCall),
    receivers,
    amounts,
    instructions,
];
