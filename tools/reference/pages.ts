import { join } from 'node:path';

import { format } from 'prettier';

import type { ReferenceItem, ReferenceMember, ReferenceSection } from './read';
import { readFields, readReference } from './read';

const TITLES: Record<string, string> = {
    'gramhouse/usernames': 'Usernames',
    'gramhouse/ads': 'Ad revenue',
    gramhouse: 'What both halves share',
    'gramhouse/code': 'The codes of the contracts',
};

/** The file of a section in docs/reference/. */
const fileOf = ({ path }: ReferenceSection): string => `${path === 'gramhouse' ? 'common' : path.split('/')[1]}.md`;

const SOURCE = 'the docstrings in wrappers/';

/** What the examples take for granted. */
const SCOPE = join(__dirname, '..', '..', 'tests', 'helpers', 'example-scope.ts');

/** A declaration as prettier formats it in a program. */
async function pretty(code: string): Promise<string> {
    return (await format(code, { parser: 'typescript', printWidth: 100, tabWidth: 4, singleQuote: true })).trim();
}

/** Where the headings of public items and methods are: by name, the file and the anchor that GitHub gives it. */
type Targets = ReadonlyMap<string, { file: string; anchor: string }>;

function targetsOf(sections: ReferenceSection[]): Targets {
    const targets = new Map<string, { file: string; anchor: string }>();
    for (const section of sections) {
        const seen = new Map<string, number>();
        const add = (name: string): void => {
            // In lower case and without dots; a heading that comes again is counted
            const slug = name.toLowerCase().replaceAll('.', '');
            const count = seen.get(slug) ?? 0;
            seen.set(slug, count + 1);
            targets.set(name, { file: fileOf(section), anchor: count > 0 ? `${slug}-${count}` : slug });
        };
        for (const { name, members } of section.items) {
            add(name);
            members.forEach((member) => add(`${name}.${member.name}`));
        }
    }
    return targets;
}

/** Turns the names of public items but `own` into links from `file`; after "TL-B" they are names of the schema. */
function link(doc: string, targets: Targets, own = '', file = ''): string {
    return doc.replace(/(TL-B )?`([A-Za-z0-9_.]+)`/g, (text, isSchema: string | undefined, name: string) => {
        const target = isSchema || name === own ? undefined : targets.get(name);
        return target ? `[\`${name}\`](${target.file === file ? '' : target.file}#${target.anchor})` : text;
    });
}

/** What the other pages of docs/ are made with. */
export type PageTools = {
    header: (title: string, source: string) => string;
    table: (head: string[], rows: string[][]) => string;
};

/** The pages of docs/reference/ by path. Throws with the names of what has no docstring. */
export async function referencePages(tools: PageTools): Promise<Record<string, string>> {
    const sections = readReference();
    const silent = sections.flatMap(({ items }) =>
        items.flatMap(({ name, doc, partOf, members }) => [
            ...(doc || partOf ? [] : [name]),
            ...members.filter((member) => !member.doc).map((member) => `${name}.${member.name}`),
        ]),
    );
    if (silent.length > 0) {
        throw new Error(`Without a docstring: ${silent.join(', ')}`);
    }
    const targets = targetsOf(sections);
    const pages: Record<string, string> = { 'docs/reference/README.md': overview(sections, targets, tools) };
    for (const section of sections) {
        const head = tools.header(TITLES[section.path] ?? section.path, SOURCE);
        pages[`docs/reference/${fileOf(section)}`] = head + (await page(section, targets));
    }
    return pages;
}

function overview(sections: ReferenceSection[], targets: Targets, { header, table }: PageTools): string {
    const lists = sections.map((section) => {
        const { path, items } = section;
        const rows = items
            .filter(({ kind }) => kind !== 'type')
            .map(({ name, doc }) => [link(`\`${name}\``, targets), firstSentence(doc)]);
        const file = fileOf(section);
        return `## ${TITLES[path]}\n\n[${file}](${file}), from \`${path}\`:\n\n${table(['Name', 'What it is'], rows)}`;
    });
    const names = readFields(SCOPE).map(({ name, type, doc }) => [`\`${name}\``, `\`${type}\``, doc]);
    return (
        header('Reference', SOURCE) +
        'Amounts are in nanotons as `bigint`, times in unix seconds as `number`, addresses are `Address` of `@ton/core`. ' +
        `Bad input throws a ${link('`GramhouseError`', targets)} before anything is sent. Methods are shown as an ` +
        'opened contract (`client.open`) has them. [front-end.md](../front-end.md) is the place to begin.\n\n' +
        `${lists.join('')}## The names in the examples\n\n` +
        'A test runs each example on an embedded chain and compares what stands after `// =>`. These names are in scope, ' +
        'beside all that the package exports, and `Address`, `beginCell`, `Cell` and `toNano` of `@ton/core`:\n\n' +
        table(['Name', 'Type', 'What it is'], names)
    );
}

function firstSentence(doc: string): string {
    const text = (doc.split('\n\n')[0] ?? '').replaceAll('\n', ' ');
    return /^.*?[.:](?= [A-Z@`]|$)/.exec(text)?.[0].replace(/:$/, '.') ?? text;
}

async function page(section: ReferenceSection, targets: Targets): Promise<string> {
    let text = `\`import { … } from '${section.path}';\`\n\n`;
    let module = '';
    for (const item of section.items) {
        if (item.module !== module && section.path !== 'gramhouse/code') {
            module = item.module;
            text += `## [${module}](../../wrappers/${module}.ts)\n\n`;
        }
        text += await showItem(item, (doc) => link(doc, targets, item.name, fileOf(section)));
    }
    return text;
}

async function showItem(item: ReferenceItem, linked: (doc: string) => string): Promise<string> {
    const parameters = item.parameters.map(({ name, doc }) => `- \`${name}\`: ${linked(doc)}\n`).join('');
    const members = await Promise.all(item.members.map((member) => showMember(item.name, member, linked)));
    const part = item.partOf === null ? '' : `A part of ${linked(`\`${item.partOf}\``)}, not exported by itself. `;
    return (
        `### ${item.name}\n\n${part}${linked(item.doc)}\n\n` +
        `\`\`\`ts\n${await pretty(item.declaration)}\n\`\`\`\n\n` +
        (parameters && `${parameters}\n`) +
        (item.example === null ? '' : `Example:\n\n\`\`\`ts\n${item.example}\n\`\`\`\n\n`) +
        members.join('')
    );
}

async function showMember(owner: string, member: ReferenceMember, linked: (doc: string) => string): Promise<string> {
    // A method is no program of its own, and a class is
    const [, ...lines] = (await pretty(`declare class Owner { ${member.declaration} }`)).split('\n');
    const declaration = lines
        .slice(0, -1)
        .map((line) => line.slice(4))
        .join('\n');
    return `#### ${owner}.${member.name}\n\n${linked(member.doc)}\n\n\`\`\`ts\n${declaration}\n\`\`\`\n\n`;
}
