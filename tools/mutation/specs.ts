import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';

import { type ContractName, contracts } from '../../compilables/compile';

/**
 * Spec files that do not say whether a mutant is wrong: they compare gas figures, read or compile the sources from the
 * disk, or never run a contract.
 */
const LEFT_OUT = [
    /\/gas\.spec\.ts$/,
    /^tests\/usernames\/rules\.spec\.ts$/,
    /^tests\/usernames\/sweeps\/faults\.spec\.ts$/,
    /^tests\/usernames\/sdk\//,
    /^tests\/ads\/(sdk|settlement.*)\.spec\.ts$/,
];

const halfOf = (name: ContractName): string => dirname(contracts[name].targets[0]!).replace('contracts/', 'tests/');

/** The spec files that run these contracts, by their paths from `root`. */
export function specsOf(root: string, names: readonly ContractName[]): string[] {
    return [...new Set(names.map(halfOf))].flatMap((folder) =>
        readdirSync(join(root, folder), { recursive: true, encoding: 'utf8' })
            .map((path) => join(folder, path))
            .filter((path) => path.endsWith('.spec.ts') && !LEFT_OUT.some((pattern) => pattern.test(path)))
            .sort(),
    );
}
