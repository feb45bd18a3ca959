import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Cell } from '@ton/core';

import { cellSize } from '../wrappers/common/cells';
import type { FuncFile } from './func-source';

type Table = (head: string[], rows: string[][]) => string;

const SCHEMAS = ['usernames', 'ads'];
const TESTS = /^(usernames\/(?!sdk)|ads\/|faults\/|schema).*\.spec\.ts$/;

/** The page of what an audit covers. `codes`: each contract's compiled code, by its name for people. */
export function scopePage(
    root: string,
    files: ReadonlyMap<string, FuncFile>,
    codes: [string, Cell][],
    table: Table,
): string {
    const sources = [...files.keys()].sort().map((path) => {
        const lines = readFileSync(join(root, path), 'utf8').trimEnd().split('\n');
        const code = lines.filter((line) => !/^\s*(;;|$)/.test(line)).length;
        const about = /^;; (.*)/.exec(lines[0] ?? '')?.[1] ?? '';
        return { path, lines: lines.length, code, about };
    });
    const sum = (key: 'lines' | 'code'): string => String(sources.reduce((total, source) => total + source[key], 0));
    return (
        'What an audit covers. Out of scope are the SDK, the scripts, the devnet, the demo and the build tools: ' +
        '[SECURITY.md](../SECURITY.md). Every claim and its test: [guarantees.md](guarantees.md). Trust and its limits: ' +
        '[threat-model.md](threat-model.md). The states of each contract: [states.md](states.md).\n\n' +
        '## Sources\n\nLines of code are those that are neither empty nor a comment.\n\n' +
        table(
            ['File', 'Lines', 'Of code', 'What it is'],
            [
                ...sources.map(({ path, lines, code, about }) => [
                    `[${path}](../${path})`,
                    String(lines),
                    String(code),
                    about,
                ]),
                ['together', sum('lines'), sum('code'), ''],
            ],
        ) +
        '## Codes\n\nCompiled by FunC 0.4.6; [verify.md](verify.md) says how to compare a deployed contract.\n\n' +
        table(
            ['Contract', 'Code hash', 'Cells', 'Bits'],
            codes.map(([name, code]) => {
                const { cells, bits } = cellSize(code);
                return [name, `\`${code.hash().toString('hex')}\``, String(cells), String(bits)];
            }),
        ) +
        '## Who may do what\n\nFrom the schema: who sends each message. Everything else about it is in ' +
        '[messages.md](messages.md) and [messages-ads.md](messages-ads.md).\n\n' +
        SCHEMAS.map((name) => roles(readFileSync(join(root, 'contracts/schema', `${name}.tlb`), 'utf8'), table)).join(
            '',
        ) +
        '## Which test attacks what\n\nEach file runs alone, and so does each of its groups or tests by the start of its ' +
        'title:\n\n```sh\nnpx jest tests/usernames/v-bids.spec.ts -t V5\n```\n\n' +
        table(['File', 'What it attacks'], testFiles(root))
    );
}

/** The messages of a schema under its headings, each with the comment above it that says who sends it. */
function roles(source: string, table: Table): string {
    let text = '';
    let heading = '';
    let comment: string[] = [];
    let rows: string[][] = [];
    const flush = (): void => {
        text +=
            rows.length > 0
                ? `### ${heading[0]?.toUpperCase()}${heading.slice(1)}\n\n${table(['Message', 'Who sends it, and what it does'], rows)}`
                : '';
        rows = [];
    };
    let isAfterMessage = false;
    for (const line of source.split('\n')) {
        const section = /^\/\/ -+ (.+)/.exec(line)?.[1];
        const message = /^(\w+)#([0-9a-f]{8})[ ].*= InternalMsgBody;/.exec(line);
        if (section !== undefined) {
            flush();
            heading = section;
            comment = [];
        } else if (line.startsWith('// ')) {
            comment = isAfterMessage ? [line.slice(3)] : [...comment, line.slice(3)];
            isAfterMessage = false;
        } else if (message) {
            rows.push([`\`${message[1]}\` ${message[2]}`, comment.join(' ').replace(/^\([^)]*\)\s*/, '')]);
            isAfterMessage = true;
        } else if (line === '') {
            comment = [];
            isAfterMessage = false;
        }
    }
    flush();
    return text;
}

/** Each test file of the contracts, with the titles of its groups. */
function testFiles(root: string): string[][] {
    return readdirSync(join(root, 'tests'), { recursive: true, encoding: 'utf8' })
        .filter((path) => TESTS.test(path))
        .sort()
        .map((path) => {
            const source = readFileSync(join(root, 'tests', path), 'utf8');
            const groups = [...source.matchAll(/^describe(?:\.each\([^\n]*?\))?\((['"`])(.+?)\1,/gm)];
            const tests = [...source.matchAll(/^ +it(?:\.each\([^\n]*?\))?\((['"`])(.+?)\1,/gm)];
            // A group that is called by a variable alone says nothing
            const isNamed = groups.some(([, , title]) => !/^(under )?[%$]/.test(title ?? ''));
            const titles = (isNamed ? groups : tests).map(([, , title]) => title ?? '');
            return [`[${path}](../tests/${path})`, titles.join('; ')];
        });
}
