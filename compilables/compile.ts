import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileFunc } from '@ton-community/func-js';
import { Cell } from '@ton/core';

import { compile as adNetwork } from './AdNetwork.compile';
import { compile as campaign } from './Campaign.compile';
import { compile as channelAccount } from './ChannelAccount.compile';
import { compile as usernameCollection } from './UsernameCollection.compile';
import { compile as usernameItem } from './UsernameItem.compile';

// Blueprint compiles the same targets for `npm run build`. Importing it costs a second in every test file,
// so tests and the demo come here instead.
export const contracts = {
    UsernameCollection: usernameCollection,
    UsernameItem: usernameItem,
    ChannelAccount: channelAccount,
    Campaign: campaign,
    AdNetwork: adNetwork,
};

export type ContractName = keyof typeof contracts;

const root = join(__dirname, '..');
const cacheDirectory = join(root, 'build', 'cache');

/** Where the code compiled from the present sources lies: any change under contracts/ or of the compiler moves it. */
function cachePath(name: ContractName): string {
    const hash = createHash('sha256').update(readFileSync(require.resolve('@ton-community/func-js-bin/package.json')));
    const sources = readdirSync(join(root, 'contracts'), { recursive: true, encoding: 'utf8' });
    for (const path of sources.filter((path) => path.endsWith('.fc')).sort()) {
        hash.update(`\0${path}\0`).update(readFileSync(join(root, 'contracts', path)));
    }
    return join(cacheDirectory, `${name}.${hash.digest('hex').slice(0, 32)}.boc`);
}

/**
 * Compiles a contract with FunC 0.4.6 in this process, or reads the result of an earlier run on the same sources.
 * Fails with the compiler's message.
 */
export async function compileContract(name: ContractName): Promise<Cell> {
    const path = cachePath(name);
    if (existsSync(path)) {
        return loadCode(name);
    }
    const result = await compileFunc({
        targets: contracts[name].targets,
        sources: (source) => readFileSync(join(root, source), 'utf8'),
    });
    if (result.status === 'error') {
        throw new Error(result.message.trim());
    }
    mkdirSync(cacheDirectory, { recursive: true });
    for (const stale of readdirSync(cacheDirectory).filter((file) => file.startsWith(`${name}.`))) {
        rmSync(join(cacheDirectory, stale), { force: true });
    }
    // A rename is atomic: another process never reads half a file
    const temporary = join(cacheDirectory, `${process.pid}.${name}.tmp`);
    writeFileSync(temporary, Buffer.from(result.codeBoc, 'base64'));
    renameSync(temporary, path);
    return loadCode(name);
}

const loaded = new Map<ContractName, Cell>();

/** From now on `loadCode` gives this process another code, or again that of the sources where it is null. */
export function overrideCode(name: ContractName, code: Cell | null): void {
    if (code) {
        loaded.set(name, code);
    } else {
        loaded.delete(name);
    }
}

/**
 * The code of a contract that `compileContract` has compiled from the sources as they are when this process asks first, as
 * every jest run does before its tests.
 */
export function loadCode(name: ContractName): Cell {
    const known = loaded.get(name);
    if (known) {
        return known;
    }
    const path = cachePath(name);
    if (!existsSync(path)) {
        throw new Error(`${name} is not compiled from the present sources: await compileContract('${name}') first`);
    }
    const code = Cell.fromBoc(readFileSync(path))[0];
    if (code === undefined) {
        throw new Error(`${path} holds no cell`);
    }
    loaded.set(name, code);
    return code;
}

/** Jest's globalSetup. The specs that need no code still run when the compiler refuses; those that do fail in `loadCode`. */
export default async function compileAll(): Promise<void> {
    for (const name of Object.keys(contracts) as ContractName[]) {
        try {
            await compileContract(name);
        } catch (error) {
            process.stderr.write(`${name}: ${error instanceof Error ? error.message : String(error)}\n`);
        }
    }
}
