import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { goal, pages, parts } from '../../bench/size.json';
import { devDependencies, peerDependencies, type exports as entries } from '../../package.json';

// The text of docs/package.md.

const root = join(__dirname, '..', '..');

const ENTRIES: Record<Exclude<keyof typeof entries, './package.json'>, string> = {
    '.': 'all but the codes: both halves, and what they share (prices, errors, history, TON Connect)',
    './usernames': '`UsernameItem`, `UsernameCollection`, names, records, mint orders, quotes',
    './ads': '`ChannelAccount`, `Campaign`, `AdNetwork`, vouchers, settlement, quotes',
    './code':
        'the compiled code of each contract as a `Cell`: `itemCode`, `collectionCode`, `accountCode`, `campaignCode`, `networkCode`',
};

const PARTS: Record<keyof typeof parts, string> = {
    whole: 'everything, the codes included',
    main: 'everything of `gramhouse`',
    usernames: 'everything of `gramhouse/usernames`',
    ads: 'everything of `gramhouse/ads`',
    code: 'everything of `gramhouse/code`',
    UsernameItem: '`UsernameItem` alone',
    UsernameCollection: '`UsernameCollection` alone',
    ChannelAccount: '`ChannelAccount` alone',
    Campaign: '`Campaign` alone',
    AdNetwork: '`AdNetwork` alone',
    itemCode: '`itemCode` alone',
};

const number = (bytes: number): string => bytes.toLocaleString('en');

/** A file of the page that is measured, as a block of code. */
function pageFile(name: string): string {
    return `\`${name}\`:\n\n\`\`\`ts\n${readFileSync(join(root, 'tests', 'package', 'page', name), 'utf8')}\`\`\`\n\n`;
}

/** The page without its header. */
export function packagePage(table: (head: string[], rows: string[][]) => string): string {
    return (
        '```sh\nnpm install gramhouse @ton/core\n```\n\n' +
        'ES modules and CommonJS, each with type declarations (TypeScript resolutions `bundler`, `node16` and `node10`); ' +
        'no side effects, so that a bundler takes what a page imports and no more. The peer is ' +
        `\`@ton/core\` ${peerDependencies['@ton/core']}. The package has \`@ton/crypto\` as a dependency, which \`@ton/core\` asks for ` +
        'anyway: names are hashed and orders are verified by the copy that is there. No client comes with it: ' +
        'any that opens a contract of `@ton/core` does, as `TonClient`, `TonClient4` or the sandbox.\n\n' +
        table(
            ['Import from', 'What it has'],
            Object.entries(ENTRIES).map(([path, what]) => [`\`gramhouse${path.slice(1)}\``, what]),
        ) +
        '## In a browser\n\n' +
        '`@ton/core` needs the `Buffer` of Node. Give it by a module that the page imports before anything else ' +
        `(\`npm install buffer\`, here ${devDependencies.buffer}); an assignment in the page's own module comes too late, because ` +
        'imports run first.\n\n' +
        pageFile('buffer.ts') +
        pageFile('main.ts') +
        '## What it weighs\n\n' +
        'Bytes, bundled and minified by Vite, beside `@ton/core` and `@ton/crypto`. `npm run size` measures them; CI fails if ' +
        'they are not the committed ones, or if one half brings modules of the other. ' +
        `The goal for everything together is ${number(goal)} gzipped` +
        `${parts.whole.gzipped > goal ? ', and it is not reached' : ''}: the codes are ${number(parts.code.gzipped)} of it.\n\n` +
        table(
            ['What a page takes', 'Minified', 'Gzipped'],
            Object.entries(PARTS).map(([name, what]) => {
                const { minified, gzipped } = parts[name as keyof typeof parts];
                return [what, number(minified), number(gzipped)];
            }),
        ) +
        '## A small page as a whole\n\n' +
        'The page above, with `@ton/core`, `Buffer` and all, which a wallet signs for over TON Connect:\n\n' +
        table(
            ['Page', 'Minified', 'Gzipped'],
            [
                ['as it is', number(pages.plain.minified), number(pages.plain.gzipped)],
                ['with the recipe below', number(pages.small.minified), number(pages.small.gzipped)],
            ],
        ) +
        'Half of it is `@ton/crypto`, of which a page that signs nothing and verifies no signature needs only SHA-256. ' +
        `Put a module in its place (\`npm install @noble/hashes\`, here ${devDependencies['@noble/hashes']}):\n\n` +
        pageFile('crypto.ts') +
        pageFile('vite.config.ts') +
        'In a page that does verify mint orders, vouchers or certificates, leave `@ton/crypto` as it is.\n'
    );
}
