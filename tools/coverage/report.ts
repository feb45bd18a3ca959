import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import type { CodeCoverage, Coverage, SourceLine } from './measure';

const root = join(__dirname, '..', '..');

type Count = { covered: number; all: number };

const percent = ({ covered, all }: Count): string => `${((100 * covered) / all).toFixed(2)} %`;

const countOf = (hits: readonly (number | null)[]): Count => ({
    covered: hits.filter((it) => it !== null && it > 0).length,
    all: hits.filter((it) => it !== null).length,
});

function byFile(lines: readonly SourceLine[]): Map<string, SourceLine[]> {
    const files = new Map<string, SourceLine[]>();
    lines.forEach((line) => files.set(line.file, [...(files.get(line.file) ?? []), line]));
    return files;
}

/** The figures as a table: lines of each source, then instructions of each contract. */
export function textReport({ lines, codes }: Coverage): string {
    const row = (name: string, count: Count): string =>
        `${name.padEnd(36)}${`${count.covered} of ${count.all}`.padStart(14)}${percent(count).padStart(11)}\n`;
    const sources = [...byFile(lines)].map(([file, ofFile]) => row(file, countOf(ofFile.map(({ hits }) => hits))));
    const contracts = codes.map(({ contract, hits }) => row(contract, countOf(hits)));
    return (
        `Lines of FunC\n${sources.join('')}${row('all', countOf(lines.map(({ hits }) => hits)))}` +
        `\nInstructions of the code\n${contracts.join('')}${row('all', countOf(codes.flatMap(({ hits }) => hits)))}`
    );
}

type Row = { text: string; hits: number };

/** The instructions of a listing, each cell once. */
function rowsOf({ text, hits }: CodeCoverage): Row[] {
    return text.flatMap((line, i) => (hits[i] === null ? [] : [{ text: line, hits: hits[i]! }]));
}

/** The file that LCOV's lines of a contract's code refer to. */
export function listingOf(code: CodeCoverage): string {
    return rowsOf(code)
        .map(({ text }) => `${text}\n`)
        .join('');
}

function lcovRecord(file: string, lines: { line: number; hits: number }[]): string {
    const { covered, all } = countOf(lines.map(({ hits }) => hits));
    const data = lines.map(({ line, hits }) => `DA:${line},${hits}\n`).join('');
    return `TN:\nSF:${file}\n${data}LF:${all}\nLH:${covered}\nend_of_record\n`;
}

/** The lines of the sources and of the listings in the format of lcov. */
export function lcovReport({ lines, codes }: Coverage): string {
    const sources = [...byFile(lines)].map(([file, ofFile]) => lcovRecord(file, ofFile));
    const listings = codes.map((code) => {
        const rows = rowsOf(code).map(({ hits }, i) => ({ line: i + 1, hits }));
        return lcovRecord(`build/coverage/${code.contract}.code`, rows);
    });
    return [...sources, ...listings].join('');
}

const STYLE = `
:root { color-scheme: light dark; --run: #d8f3dc; --miss: #ffccd5; --quiet: #6c757d; }
@media (prefers-color-scheme: dark) { :root { --run: #1b4332; --miss: #6a040f; --quiet: #adb5bd; } }
body { font: 14px/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 75rem; padding: 0 1rem; }
pre { font: 12px/1.4 ui-monospace, monospace; overflow-x: auto; }
pre span { display: block; white-space: pre; } .run { background: var(--run); } .miss { background: var(--miss); }
pre b { color: var(--quiet); display: inline-block; font-weight: normal; text-align: right; width: 8em; margin-right: 1em; }
summary { cursor: pointer; }`;

const escape = (text: string): string => text.replace(/&/g, '&amp;').replace(/</g, '&lt;').replace(/>/g, '&gt;');

function section(title: string, count: Count, lines: { text: string; hits: number | null; label: string }[]): string {
    const rows = lines.map(({ text, hits, label }) => {
        const kind = hits === null ? '' : ` class="${hits > 0 ? 'run' : 'miss'}"`;
        return `<span${kind}><b>${label}</b>${escape(text)}</span>`;
    });
    const heading = `${title}: ${count.covered} of ${count.all}, ${percent(count)}`;
    const open = count.covered < count.all ? ' open' : '';
    return `<details${open}><summary>${heading}</summary><pre>${rows.join('')}</pre></details>\n`;
}

function sourceSection(file: string, lines: readonly SourceLine[]): string {
    const source = readFileSync(join(root, file), 'utf8').split('\n');
    const hits: (number | null)[] = source.map(() => null);
    for (const { line, lastLine, hits: count } of lines) {
        for (let i = line; i <= lastLine; i++) {
            hits[i - 1] = count;
        }
    }
    const rows = source.map((text, i) => ({ text, hits: hits[i]!, label: `${hits[i] ?? ''} | ${i + 1}` }));
    return section(file, countOf(lines.map((it) => it.hits)), rows);
}

function codeSection(code: CodeCoverage): string {
    const rows = rowsOf(code).map(({ text, hits }) => ({ text, hits, label: `${hits}` }));
    return section(code.contract, countOf(code.hits), rows);
}

/** One page with the coloured sources and the coloured instructions. */
export function htmlReport({ lines, codes }: Coverage): string {
    const sources = [...byFile(lines)].map(([file, ofFile]) => sourceSection(file, ofFile));
    return (
        `<!doctype html><html lang="en"><meta charset="utf-8"><title>Coverage of the contracts</title><style>${STYLE}</style>\n` +
        `<h1>Coverage of the contracts</h1>\n<p>Green ran, with the number of times; red did not. What has no colour left ` +
        `no instruction of its own in the code.</p>\n<h2>Lines of FunC</h2>\n${sources.join('')}` +
        `<h2>Instructions of the code</h2>\n${codes.map(codeSection).join('')}</html>\n`
    );
}
