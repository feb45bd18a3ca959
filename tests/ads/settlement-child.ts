import fs from 'node:fs';

import { runReport } from './settlement-stage';

// Run by settlement-kill.spec.ts: settles reports and is killed at the given change of the file system
const [, , directory = '', at = '0', ...reports] = process.argv;
let count = 0;
for (const name of ['writeSync', 'fsyncSync', 'renameSync', 'openSync', 'unlinkSync', 'appendFileSync'] as const) {
    const real = fs[name] as (...args: unknown[]) => unknown;
    Object.assign(fs, {
        [name]: (...args: unknown[]) => {
            count += 1;
            if (count === Number(at)) {
                process.kill(process.pid, 'SIGKILL');
            }
            return real(...args);
        },
    });
}
count = 0;

async function main(): Promise<void> {
    for (const report of reports) {
        await runReport(directory, report, `${directory}/${report}.report`);
    }
    process.stdout.write(String(count));
}

main().catch((error: unknown) => {
    process.stderr.write(String(error));
    process.exitCode = 1;
});
