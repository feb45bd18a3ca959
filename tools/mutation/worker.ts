import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileFunc } from '@ton-community/func-js';
import { Cell } from '@ton/core';
import { REGISTER_INSTANCE } from 'ts-node';

import { type ContractName, contracts, overrideCode } from '../../compilables/compile';
import { mutated, type Mutant } from './mutants';
import { type Failure, forgetSpecs, runSpec } from './runner';
import { watch } from './watchdog';

// A process that compiles mutants and runs the tests on them, one at a time, as main.ts asks.

export type Request =
    | { readonly ask: 'compile'; readonly mutant: Mutant; readonly contracts: readonly ContractName[] }
    | { readonly ask: 'spec'; readonly spec: string; readonly tests: readonly string[] };

type Answer =
    /** `code`: what all contracts with other code than the sources' hash to; `changed`: which these are. */
    | { readonly compiled: true; readonly code: string; readonly changed: readonly ContractName[] }
    | { readonly compiled: false }
    | { readonly failure: Failure | null };

/** `milliseconds`: of processor time. */
export type Reply = Answer & { readonly milliseconds: number };

const root = join(__dirname, '../..');

/** What one answer may take in seconds of processor time: thrice the slowest file. */
const watchdog = watch(60);

// Spec files are loaded again for each mutant, and are the same text each time
const service = process[REGISTER_INSTANCE];
if (service) {
    const texts = new Map<string, string>();
    const compile = service.compile.bind(service);
    service.compile = (code, path, lineOffset) => {
        const text = texts.get(path) ?? compile(code, path, lineOffset);
        texts.set(path, text);
        return text;
    };
}

const originals = new Map<ContractName, string>();

/** The code of a contract as a BoC in base64; with a mutant, of its sources with this one mistake. */
async function codeOf(name: ContractName, mutant: Mutant | null): Promise<string> {
    const result = await compileFunc({
        targets: contracts[name].targets,
        sources: (path) => {
            const source = readFileSync(join(root, path), 'utf8');
            return path === mutant?.file ? mutated(source, mutant) : source;
        },
    });
    // Each call starts the compiler anew, which would stay in memory for its listeners
    process.removeAllListeners('uncaughtException').removeAllListeners('unhandledRejection');
    if (result.status === 'error') {
        throw new Error(result.message.trim());
    }
    return result.codeBoc;
}

async function original(name: ContractName): Promise<string> {
    const code = originals.get(name) ?? (await codeOf(name, null));
    originals.set(name, code);
    return code;
}

async function compile(mutant: Mutant, names: readonly ContractName[]): Promise<Answer> {
    const hash = createHash('sha256');
    const changed: [ContractName, Cell][] = [];
    for (const name of names) {
        let code: string;
        try {
            code = await codeOf(name, mutant);
        } catch {
            return { compiled: false };
        }
        if (code !== (await original(name))) {
            hash.update(`${name} ${code} `);
            changed.push([name, Cell.fromBase64(code)]);
        }
    }
    forgetSpecs();
    for (const name of Object.keys(contracts) as ContractName[]) {
        overrideCode(name, changed.find(([other]) => other === name)?.[1] ?? null);
    }
    return { compiled: true, code: hash.digest('hex'), changed: changed.map(([name]) => name) };
}

async function answer(request: Request): Promise<Reply> {
    const before = process.cpuUsage();
    const answer =
        request.ask === 'compile'
            ? await compile(request.mutant, request.contracts)
            : { failure: await runSpec(request.spec, request.tests) };
    const { user, system } = process.cpuUsage(before);
    return { ...answer, milliseconds: Math.round((user + system) / 1000) };
}

process.on('disconnect', () => process.exit());
process.on('message', (request: Request) => {
    watchdog.begin();
    void answer(request).then((reply) => {
        watchdog.end();
        process.send?.(reply);
    });
});
