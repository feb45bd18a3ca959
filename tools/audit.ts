import { spawn } from 'node:child_process';
import { createWriteStream, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

// Runs everything that ties a claim about the contracts to evidence, shows how far it is, and prints one page: what held, with
// figures. Also in build/audit/page.txt, with what each step said beside it. About twenty minutes. `--tested`: without the tests
// themselves, whose results are in build/test-results.json.

const root = join(__dirname, '..');
const output = join(root, 'build', 'audit');
const RESULTS = 'build/test-results.json';
const MINUTE = 60_000;

type Step = {
    /** What it shows. */
    what: string;
    script: string;
    words?: string[];
    /** Finds the figures in what it says; every match counts. */
    figures: RegExp;
};

const STEPS: Step[] = [
    {
        what: 'Tests, the proofs among them',
        script: 'test',
        words: ['--json', `--outputFile=${RESULTS}`],
        figures: /^(?:Tests|Schema): +(.+)$/gm,
    },
    { what: 'Each guarantee has its test', script: 'guarantees', figures: /^(\d+ of \d+ claims.+)$/gm },
    { what: 'The codes are the committed ones', script: 'code', words: ['--check'], figures: /^(.+)$/gm },
    { what: 'Random sequences, 500 of each half', script: 'model', figures: /^Tests: +(.+)$/gm },
    { what: 'Sweeps and faults: cases, laws broken, nanotons lost', script: 'sweeps', figures: /^(all .+)$/gm },
    { what: 'Coverage: lines of FunC, instructions', script: 'coverage', figures: /^(all .+)$/gm },
];

/** Runs a script of package.json; gives what it said and whether it passed. */
function run({ script, words = [] }: Step): Promise<{ said: string; passed: boolean }> {
    const path = join(output, `${script}.log`);
    const log = createWriteStream(path);
    const child = spawn('npm', ['run', '--silent', script, '--', ...words], { cwd: root });
    for (const stream of [child.stdout, child.stderr]) {
        stream.pipe(log, { end: false });
        stream.pipe(process.stderr, { end: false });
    }
    return new Promise((resolve) => {
        child.once('close', (code) => {
            log.end(() => resolve({ said: readFileSync(path, 'utf8'), passed: code === 0 }));
        });
    });
}

async function main(): Promise<void> {
    mkdirSync(output, { recursive: true });
    const lines: string[] = [];
    const steps = STEPS.slice(process.argv.includes('--tested') ? 1 : 0);
    for (const [at, step] of steps.entries()) {
        process.stderr.write(`\n==> ${at + 1} of ${steps.length}: ${step.what}\n`);
        const start = Date.now();
        const { said, passed } = await run(step);
        const figures = [...said.matchAll(step.figures)].map(([, figure]) => figure?.replace(/\s+/g, ' ').trim());
        const minutes = ((Date.now() - start) / MINUTE).toFixed(1);
        lines.push(`${passed ? 'held  ' : 'FAILED'}  ${step.what} (${minutes} min)`);
        lines.push(...figures.slice(-3).map((figure) => `        ${figure}`));
        if (!passed) {
            lines.push(`        build/audit/${step.script}.log`);
            process.exitCode = 1;
        }
    }
    const page = `${lines.join('\n')}\n`;
    writeFileSync(join(output, 'page.txt'), page);
    process.stdout.write(`\n${page}`);
}

void main();
