import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileFunc } from '@ton-community/func-js';
import { Cell } from '@ton/core';
import { configureGlobal } from 'fast-check';
import { REGISTER_INSTANCE } from 'ts-node';

import { type ContractName, contracts, loadCode, overrideCode } from '../../compilables/compile';
import { forgetEmulator } from '../../tests/helpers/emulator';
import { mutated, type Mutant } from './mutants';
import { type Failure, forgetSpecs, runSpec } from './runner';
import { traceSpec, type Traced } from './trace';
import { watch } from './watchdog';

// A process that compiles mutants and runs the tests on them, one at a time, as main.ts asks.

export type Request =
    | { readonly ask: 'trace'; readonly spec: string }
    | { readonly ask: 'compile'; readonly mutant: Mutant; readonly contracts: readonly ContractName[] }
    /** `seconds`: what the tests may take. `original`: on the contracts as they are, instead of the last mutant. */
    | {
          readonly ask: 'spec';
          readonly spec: string;
          readonly tests: readonly string[];
          readonly seconds: number;
          readonly original: boolean;
      };

type Answer =
    | { readonly traced: readonly Traced[] }
    /** The contracts with other code than the sources', each as a BoC in base64; null if one does not compile. */
    | { readonly codes: Readonly<Partial<Record<ContractName, string>>> | null }
    | { readonly failure: Failure | null };

/** `milliseconds`: of processor time. */
export type Reply = Answer & { readonly milliseconds: number };

const root = join(__dirname, '../..');
const names = Object.keys(contracts) as ContractName[];

/** What compiling or tracing a file may take in seconds of processor time. */
const SECONDS = 120;

const watchdog = watch();

// That a random sequence fails is enough; the shortest that does takes minutes to find
configureGlobal({ endOnFailure: true });

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

/** The code of a contract of these sources with one mistake, as a BoC in base64; null if it does not compile. */
async function compile(name: ContractName, mutant: Mutant): Promise<string | null> {
    const result = await compileFunc({
        targets: contracts[name].targets,
        sources: (path) => {
            const source = readFileSync(join(root, path), 'utf8');
            return path === mutant.file ? mutated(source, mutant) : source;
        },
    });
    // Each call starts the compiler anew, which would stay in memory for its listeners
    process.removeAllListeners('uncaughtException').removeAllListeners('unhandledRejection');
    return result.status === 'ok' ? result.codeBoc : null;
}

// The compiler and the emulator are instantiated over and over, each time from the same bytes: what V8 made of them is kept
type Instantiate = (source: object, imports: unknown) => Promise<object>;
const wasm = (globalThis as unknown as Record<'WebAssembly', { compile: Instantiate; instantiate: Instantiate }>)
    .WebAssembly;
const modules = new WeakMap<object, Promise<object>>();
const { compile: compileModule, instantiate } = wasm;
wasm.instantiate = async (source, imports) => {
    if (!(source instanceof Uint8Array)) {
        return instantiate(source, imports);
    }
    const compiled = modules.get(source) ?? compileModule(source, undefined);
    modules.set(source, compiled);
    const module = await compiled;
    return { module, instance: await instantiate(module, imports) };
};

let codes: Partial<Record<ContractName, string>> = {};

/** From now on tests run with these codes, and for the rest with those of the sources. */
function use(codes: Partial<Record<ContractName, string>>): void {
    forgetSpecs();
    // A mutant may leave it broken
    forgetEmulator();
    for (const name of names) {
        const code = codes[name];
        overrideCode(name, code === undefined ? null : Cell.fromBase64(code));
    }
}

async function mutate(mutant: Mutant, changed: readonly ContractName[]): Promise<Answer> {
    use({});
    codes = {};
    for (const name of changed) {
        const code = await compile(name, mutant);
        if (code === null) {
            return { codes: null };
        }
        if (!Cell.fromBase64(code).equals(loadCode(name))) {
            codes[name] = code;
        }
    }
    use(codes);
    return { codes };
}

async function run({ spec, tests, original }: Extract<Request, { ask: 'spec' }>): Promise<Answer> {
    if (!original) {
        return { failure: await runSpec(spec, tests) };
    }
    use({});
    const failure = await runSpec(spec, tests);
    use(codes);
    return { failure };
}

async function answer(request: Request): Promise<Reply> {
    const before = process.cpuUsage();
    const answer =
        request.ask === 'trace'
            ? { traced: await traceSpec(request.spec) }
            : request.ask === 'compile'
              ? await mutate(request.mutant, request.contracts)
              : await run(request);
    const { user, system } = process.cpuUsage(before);
    return { ...answer, milliseconds: Math.round((user + system) / 1000) };
}

process.on('disconnect', () => process.exit());
process.on('message', (request: Request) => {
    watchdog.begin(request.ask === 'spec' ? request.seconds : SECONDS);
    void answer(request).then((reply) => {
        watchdog.end();
        process.send?.(reply);
    });
});
