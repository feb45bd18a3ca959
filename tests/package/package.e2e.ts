import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { createContext, runInContext } from 'node:vm';

import { Address } from '@ton/core';

import { loadCode } from '../../compilables/compile';
import { devDependencies, version } from '../../package.json';
import { ChannelAccount, itemAddress, UsernameItem } from '../../wrappers';

// The packed package, as its checkers see it and installed into a project of its own: `npm run package`.

jest.setTimeout(300_000);

const root = join(__dirname, '..', '..');
const tarball = `gramhouse-${version}.tgz`;
let project: string;

/** Runs a program of the repository's node_modules, or one of the machine, in the scratch project. */
async function run(program: string, ...words: string[]): Promise<{ exitCode: number; output: string }> {
    const PATH = `${join(root, 'node_modules', '.bin')}:${process.env.PATH}`;
    try {
        const { stdout } = await promisify(execFile)(program, words, { cwd: project, env: { ...process.env, PATH } });
        return { exitCode: 0, output: stdout };
    } catch (error) {
        const { code, stdout, stderr } = error as { code: number; stdout: string; stderr: string };
        return { exitCode: code, output: `${stdout}${stderr}` };
    }
}

async function passes(program: string, ...words: string[]): Promise<string> {
    const { exitCode, output } = await run(program, ...words);
    expect({ exitCode, output }).toEqual({ exitCode: 0, output });
    return output;
}

/** What tests/package/consumer.ts prints where all is well. */
function expected(): unknown {
    const collection = new Address(0, Buffer.alloc(32, 1));
    const codes = {
        accountCode: loadCode('ChannelAccount'),
        campaignCode: loadCode('Campaign'),
        collectionCode: loadCode('UsernameCollection'),
        itemCode: loadCode('UsernameItem'),
        networkCode: loadCode('AdNetwork'),
    };
    return {
        bid: UsernameItem.bidMessage({ comment: 'mine' }).toBoc().toString('base64'),
        item: itemAddress(collection, codes.itemCode, 'alice').toString(),
        withdraw: ChannelAccount.withdrawMessage().toBoc().toString('base64'),
        refusal: 'invalid_name',
        isOnePackage: true,
        codes: Object.entries(codes).map(([name, code]) => `${name} ${code.hash().toString('hex')}`),
    };
}

/** Runs a page's script with none of Node's globals, and gives what it prints and defines. */
function inBrowser(script: string): { printed: string[]; globals: Record<string, unknown> } {
    const printed: string[] = [];
    const globals: Record<string, unknown> = createContext({
        console: { log: (line: string) => printed.push(line) },
        // Vite's own loader asks whether the browser preloads modules
        document: { createElement: () => ({ relList: { supports: () => true } }) },
        TextDecoder,
        TextEncoder,
    });
    runInContext(script, globals);
    return { printed, globals };
}

/** The one script that Vite makes of the page in a directory of the scratch project. */
async function bundle(directory: string): Promise<string> {
    await passes('vite', 'build', directory, '--logLevel', 'error');
    const assets = join(project, directory, 'dist', 'assets');
    const [script, ...others] = await readdir(assets);
    expect(others).toEqual([]);
    return readFile(join(assets, script!), 'utf8');
}

beforeAll(async () => {
    project = await mkdtemp(join(tmpdir(), 'gramhouse-package-'));
    const pinned = (name: keyof typeof devDependencies) => `${name}@${devDependencies[name]}`;
    await writeFile(join(project, 'package.json'), JSON.stringify({ name: 'scratch', private: true }));
    await passes('npm', 'pack', root, '--silent', '--pack-destination', project);
    const tools = (['@noble/hashes', '@ton/core', '@types/node', 'buffer'] as const).map(pinned);
    await passes('npm', 'install', '--prefer-offline', '--no-audit', '--no-fund', `./${tarball}`, ...tools);
    await cp(join(__dirname, 'page'), join(project, 'page'), { recursive: true });
    const consumer = await readFile(join(__dirname, 'consumer.ts'), 'utf8');
    for (const extension of ['cts', 'mts', 'ts']) {
        await writeFile(join(project, `consumer.${extension}`), consumer);
    }
});

afterAll(() => rm(project, { recursive: true, force: true }));

it('publint finds nothing', async () => {
    expect(await passes('publint', 'run', tarball, '--strict')).toContain('All good!');
});

it('Are the types wrong finds nothing', async () => {
    await passes('attw', tarball);
});

it('holds the build, its papers and nothing else', async () => {
    const files = (await passes('tar', '-tzf', tarball)).trim().split('\n');
    const papers = ['CHANGELOG.md', 'LICENSE', 'README.md', 'package.json'].map((name) => `package/${name}`);
    expect(
        files.filter((file) => !/^package\/dist\/(esm|cjs)\/.*(\.js|\.d\.ts|package\.json)$/.test(file)).sort(),
    ).toEqual(papers);
});

it.each([
    ['.', 'commonjs'],
    ['dist/esm', 'module'],
    ['dist/cjs', 'commonjs'],
])('says in %s what its modules are', async (directory, type) => {
    const path = join(project, 'node_modules', 'gramhouse', directory, 'package.json');
    expect(JSON.parse(await readFile(path, 'utf8'))).toMatchObject({ type, sideEffects: false });
});

it('asks for one peer and brings no second @ton/core', async () => {
    const path = join(project, 'node_modules', 'gramhouse', 'package.json');
    const { dependencies, peerDependencies } = JSON.parse(await readFile(path, 'utf8')) as Record<string, object>;
    expect(Object.keys(peerDependencies!)).toEqual(['@ton/core']);
    // @ton/core itself asks for it, so this costs nothing; npm installs one copy for both
    expect(Object.keys(dependencies!)).toEqual(['@ton/crypto']);
    const installed = JSON.parse(await passes('npm', 'ls', '--all', '--json')) as object;
    const copies = JSON.stringify(installed).match(/"@ton\/(core|crypto)":\{"version":"[^"]*"/g);
    expect([...new Set(copies)].sort()).toEqual([
        `"@ton/core":{"version":"${devDependencies['@ton/core']}"`,
        expect.stringMatching(/^"@ton\/crypto":/),
    ]);
});

const TYPES = ['--noEmit', 'false', '--strict', '--target', 'ES2022', '--lib', 'ES2022', '--types', 'node'];

it.each([
    ['an ES module', 'consumer.mts', 'consumer.mjs'],
    ['CommonJS', 'consumer.cts', 'consumer.cjs'],
])('compiles and runs as %s', async (_, source, compiled) => {
    await passes('tsc', ...TYPES, '--module', 'node16', source);
    expect(JSON.parse(await passes('node', compiled))).toEqual(expected());
});

it.each([
    ['bundler', 'ES2022'],
    ['node10', 'CommonJS'],
])('has its types under the resolution %s', async (moduleResolution, module) => {
    await passes(
        'tsc',
        ...TYPES,
        '--module',
        module,
        '--moduleResolution',
        moduleResolution,
        '--noEmit',
        'consumer.ts',
    );
});

describe('a bundle of Vite', () => {
    async function bundleConsumer(main: string): Promise<string> {
        await cp(join(__dirname, 'page', 'index.html'), join(project, 'index.html'));
        await writeFile(join(project, 'main.ts'), main);
        return bundle('.');
    }

    it('does the same in a browser, after the Buffer of a module that is imported first', async () => {
        const { printed } = inBrowser(await bundleConsumer("import './page/buffer';\nimport './consumer';\n"));
        expect(printed.map((line) => JSON.parse(line) as unknown)).toEqual([expected()]);
    });

    it('needs that module', async () => {
        const script = await bundleConsumer("import './consumer';\n");
        expect(() => inBrowser(script)).toThrow('Buffer is not defined');
    });

    it('carries the small page, which has no signatures', async () => {
        const script = await bundle('page');
        const bid = inBrowser(script).globals.bid as (item: string, amount: bigint) => object;
        const address = new Address(0, Buffer.alloc(32, 1)).toString();
        const payload = UsernameItem.bidMessage({ comment: 'mine' }).toBoc().toString('base64');
        expect({ ...bid(address, 10n) }).toEqual({ address, amount: '10', payload });
        expect(script).toContain('This page does not sign');
        expect(script).not.toContain('abandon');
    });
});
