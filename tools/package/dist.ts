import { existsSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';

import ts from 'typescript';

// Writes dist/: the wrappers as ES modules and as CommonJS, each with its declarations.

const root = join(__dirname, '..', '..');
const sources = join(root, 'wrappers');

const FORMATS = [
    { name: 'esm', type: 'module', module: ts.ModuleKind.ES2022 },
    { name: 'cjs', type: 'commonjs', module: ts.ModuleKind.CommonJS },
];

/**
 * A module of `directory` (within the wrappers) with the whole file names of its neighbours. Node wants them in an ES
 * module, while Blueprint, ts-node and jest find no source by a name that ends in .js.
 */
function withWholeNames(text: string, directory: string): string {
    const { importedFiles } = ts.preProcessFile(text);
    return importedFiles
        .filter(({ fileName }) => fileName.startsWith('.'))
        .sort((a, b) => b.pos - a.pos)
        .reduce((rest, { fileName, end }) => {
            const isFile = existsSync(join(sources, directory, `${fileName}.ts`));
            // `pos` is that of the quotation mark, and `end` as far behind it as the name is long
            return `${rest.slice(0, end + 1)}${isFile ? '' : '/index'}.js${rest.slice(end + 1)}`;
        }, text);
}

/** Writes dist/ anew; throws what the compiler says if the wrappers do not compile. */
export function writeDist(): void {
    const { config } = ts.readConfigFile(join(root, 'tsconfig.json'), (path) => ts.sys.readFile(path)) as {
        config: { compilerOptions: object };
    };
    const { options } = ts.convertCompilerOptionsFromJson(
        { ...config.compilerOptions, declaration: true, noEmit: false, noEmitOnError: true, types: ['node'] },
        root,
    );
    rmSync(join(root, 'dist'), { recursive: true, force: true });
    for (const { name, type, module } of FORMATS) {
        const outDir = join(root, 'dist', name);
        const entries = [join(sources, 'index.ts'), join(sources, 'code.ts')];
        const program = ts.createProgram(entries, { ...options, module, rootDir: sources, outDir });
        const { diagnostics } = program.emit(undefined, (path, text) => {
            const directory = relative(outDir, dirname(path));
            ts.sys.writeFile(path, type === 'module' ? withWholeNames(text, directory) : text);
        });
        if (diagnostics.length > 0) {
            throw new Error(ts.formatDiagnostics(diagnostics, ts.createCompilerHost(options)));
        }
        // webpack takes sideEffects from the nearest package.json, and that is this one
        writeFileSync(join(outDir, 'package.json'), `${JSON.stringify({ type, sideEffects: false })}\n`);
    }
}

if (require.main === module) {
    try {
        writeDist();
    } catch (error) {
        process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
        process.exitCode = 1;
    }
}
