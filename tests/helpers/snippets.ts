import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import ts from 'typescript';

const ROOT = join(__dirname, '..', '..');
/** Where the files of a page would be; they are in memory only. */
const FOLDER = join(ROOT, 'tests', 'helpers');

/** Code by file name, as `./name` imports it. */
export type Snippets = ReadonlyMap<string, string>;

/** The code blocks of a page of docs/, by the file names in front of them; a block of TypeScript without one throws. */
export function readSnippets(page: string): Snippets {
    const text = readFileSync(join(ROOT, 'docs', page), 'utf8');
    const named = [...text.matchAll(/`([\w-]+\.tsx?)`[^`\n]*:\n\n```tsx?\n([^]*?)```/g)];
    if (named.length !== text.match(/^```tsx?$/gm)?.length) {
        throw new Error(`docs/${page} has a block of code without a file name`);
    }
    return new Map(named.map(([, name = '', code = '']) => [name, code]));
}

/** What the compiler says of the snippets beside the real sources, with the options of this project. */
export function complaints(snippets: Snippets, options: ts.CompilerOptions = {}): string[] {
    const { config } = ts.readConfigFile(join(ROOT, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
        config: unknown;
    };
    const complete = { ...ts.parseJsonConfigFileContent(config, ts.sys, ROOT).options, ...options };
    const files = new Map([...snippets].map(([name, code]) => [join(FOLDER, name), code]));
    const host = ts.createCompilerHost(complete);
    host.fileExists = (path) => files.has(path) || ts.sys.fileExists(path);
    host.readFile = (path) => files.get(path) ?? ts.sys.readFile(path);
    const program = ts.createProgram([...files.keys()], complete, host);
    return [...files.keys()].flatMap((path) => {
        const source = program.getSourceFile(path);
        return [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)].map((found) => {
            const line = source?.getLineAndCharacterOfPosition(found.start ?? 0).line ?? 0;
            const text = ts.flattenDiagnosticMessageText(found.messageText, ' ');
            return `${path.slice(FOLDER.length + 1)}: ${text} (${source?.text.split('\n')[line]?.trim()})`;
        });
    });
}

/** Runs snippets as modules: `./name` is one of them, any other import is asked of `resolve`. */
export function snippetRunner(snippets: Snippets, resolve: (path: string) => unknown): (name: string) => unknown {
    const loaded = new Map<string, object>();
    const load = (name: string): unknown => {
        const known = loaded.get(name);
        if (known) {
            return known;
        }
        const { outputText } = ts.transpileModule(snippets.get(name) ?? '', {
            fileName: name,
            compilerOptions: {
                module: ts.ModuleKind.CommonJS,
                target: ts.ScriptTarget.ES2022,
                jsx: ts.JsxEmit.ReactJSX,
                esModuleInterop: true,
            },
        });
        const exported = {};
        loaded.set(name, exported);
        const requireFrom = (path: string): unknown => (path.startsWith('./') ? load(fileOf(path)) : resolve(path));
        // eslint-disable-next-line @typescript-eslint/no-implied-eval -- a snippet is a program
        const run = new Function('require', 'exports', outputText) as (require: unknown, exports: unknown) => void;
        run(requireFrom, exported);
        return exported;
    };
    const fileOf = (path: string): string => {
        const found = [...snippets.keys()].find((name) => name.replace(/\.tsx?$/, '') === path.slice(2));
        if (!found) {
            throw new Error(`There is no ${path}`);
        }
        return found;
    };
    return load;
}
