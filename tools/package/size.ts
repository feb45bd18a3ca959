import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { gzipSync } from 'node:zlib';

import { build, type InlineConfig } from 'vite';

import { writeDist } from './dist';

// What the package weighs in a browser, in bytes, bundled and minified by Vite, plain and gzipped. Prints a table;
// bench/size.json is the committed one: `--write` writes it, `--check` fails if the measured one differs.

const root = join(__dirname, '..', '..');
const reportPath = join(root, 'bench', 'size.json');
const pageRoot = join(root, 'tests', 'package', 'page');

/** What the whole package is wanted to take, gzipped, beside @ton/core and what that needs. */
const GOAL = 25_000;

/** Releases of zlib differ by some bytes; a change of the code shows in the minified figure, which has to be the same. */
const GZIP_TOLERANCE = 0.01;

const BESIDE = ['@ton/core', '@ton/crypto'];

/** What the package adds to a page that has @ton/core: which exports, and whose modules it may not bring along. */
const PARTS = {
    whole: { source: "export * from 'gramhouse'; export * from 'gramhouse/code';" },
    main: { source: "export * from 'gramhouse';" },
    usernames: { source: "export * from 'gramhouse/usernames';", without: /^(ads|code)\b/ },
    ads: { source: "export * from 'gramhouse/ads';", without: /^(usernames|code)\b/ },
    code: { source: "export * from 'gramhouse/code';", without: /^(ads|usernames)\b/ },
    UsernameItem: { source: "export { UsernameItem } from 'gramhouse';", without: /^(ads|code)\b/ },
    UsernameCollection: { source: "export { UsernameCollection } from 'gramhouse';", without: /^(ads|code)\b/ },
    ChannelAccount: { source: "export { ChannelAccount } from 'gramhouse';", without: /^(usernames|code)\b/ },
    Campaign: { source: "export { Campaign } from 'gramhouse';", without: /^(usernames|code)\b/ },
    AdNetwork: { source: "export { AdNetwork } from 'gramhouse';", without: /^(usernames|code)\b/ },
    itemCode: { source: "export { itemCode } from 'gramhouse/code';", without: /^(ads|usernames)\b/ },
} satisfies Record<string, { source: string; without?: RegExp }>;

/** The page of tests/package/page/ as a whole, with @ton/core, Buffer and all: by which config it is bundled. */
const PAGES = { plain: false, small: join(pageRoot, 'vite.config.ts') } as const;

type Size = { minified: number; gzipped: number };

/** bench/size.json, in bytes. */
type SizeReport = { goal: number; parts: Record<keyof typeof PARTS, Size>; pages: Record<keyof typeof PAGES, Size> };

/** `modules`: the paths of those that are not empty in it. */
type Bundle = { size: Size; modules: string[] };

async function bundle(options: InlineConfig): Promise<Bundle> {
    const result = await build({
        configFile: false,
        logLevel: 'error',
        ...options,
        build: { write: false, target: 'es2022', ...options.build },
    });
    const { output } = result as Extract<typeof result, { output: unknown }>;
    const chunks = output.flatMap((it) => (it.type === 'chunk' ? [it] : []));
    const text = chunks.map(({ code }) => code).join('');
    return {
        size: { minified: Buffer.byteLength(text), gzipped: gzipSync(text, { level: 9 }).length },
        modules: chunks.flatMap(({ modules }) =>
            Object.keys(modules).filter((path) => modules[path]!.renderedLength > 0),
        ),
    };
}

/** The exports that `source` names, without what a page has in any case. */
function bundlePart(source: string): Promise<Bundle> {
    const input = join(root, 'part.js');
    return bundle({
        root,
        plugins: [
            {
                name: 'part',
                enforce: 'pre',
                resolveId: (id) => (id === input ? id : null),
                load: (id) => (id === input ? source : null),
            },
        ],
        build: { rollupOptions: { input, external: BESIDE, preserveEntrySignatures: 'strict' } },
    });
}

function bundlePage(configFile: string | false): Promise<Bundle> {
    return bundle({
        root: pageRoot,
        configFile,
        plugins: [
            {
                name: 'page',
                // The page lies in this package, whose modules have no side effects: in a page of its own it may have them
                transform: (code, id) =>
                    id.startsWith(pageRoot) ? { code, map: null, moduleSideEffects: true } : null,
            },
        ],
    });
}

async function measure(): Promise<SizeReport> {
    writeDist();
    const report = { goal: GOAL, parts: {}, pages: {} } as SizeReport;
    for (const [name, { source, without }] of Object.entries<{ source: string; without?: RegExp }>(PARTS)) {
        const { size, modules } = await bundlePart(source);
        const foreign = modules
            .map((path) => relative(join(root, 'dist', 'esm'), path))
            .filter((path) => without?.test(path));
        if (foreign.length > 0) {
            throw new Error(`Who takes only ${name} pays for ${foreign.join(', ')}`);
        }
        report.parts[name as keyof typeof PARTS] = size;
    }
    for (const [name, configFile] of Object.entries(PAGES)) {
        report.pages[name as keyof typeof PAGES] = (await bundlePage(configFile)).size;
    }
    return report;
}

function figures({ parts, pages }: SizeReport): [what: string, size: Size][] {
    return [
        ...Object.entries(parts),
        ...Object.entries(pages).map(([name, it]): [string, Size] => [`${name} page`, it]),
    ];
}

/** What has changed since `committed`, a line each. */
function drift(measured: SizeReport, committed: SizeReport): string[] {
    const before = new Map(figures(committed));
    return figures(measured).flatMap(([what, { minified, gzipped }]) => {
        const was = before.get(what) ?? { minified: 0, gzipped: 0 };
        const isSame = minified === was.minified && Math.abs(gzipped - was.gzipped) <= GZIP_TOLERANCE * was.gzipped;
        return isSame ? [] : [`${what}: ${was.minified}/${was.gzipped} -> ${minified}/${gzipped}`];
    });
}

async function main(): Promise<void> {
    const report = await measure();
    if (process.argv.includes('--write')) {
        writeFileSync(reportPath, `${JSON.stringify(report, null, 4)}\n`);
    } else {
        const lines = figures(report).map(([what, { minified, gzipped }]) => {
            return `${what.padEnd(24)}${minified.toLocaleString('en').padStart(10)}${gzipped.toLocaleString('en').padStart(10)}\n`;
        });
        process.stdout.write(`${''.padEnd(24)}  minified   gzipped\n${lines.join('')}`);
    }
    if (process.argv.includes('--check')) {
        const committed = existsSync(reportPath) && (JSON.parse(readFileSync(reportPath, 'utf8')) as SizeReport);
        const changes = committed ? drift(report, committed) : ['bench/size.json is missing'];
        if (changes.length > 0) {
            process.stderr.write(`bench/size.json is stale. Run "npm run size -- --write".\n${changes.join('\n')}\n`);
            process.exitCode = 1;
        }
    }
}

main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
