import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

import type { Cell } from '@ton/core';
import { Address } from '@ton/core';

import type { Session } from './session';
import { parseAddress, Refusal } from './words';

/** An entry of `deployments/<network>.json`. */
export type Deployment = {
    /** As people write it, bounceable. */
    address: string;
    /** Of the contract's code cell, in hex. */
    codeHash: string;
    /** Of the sources; ends with `-dirty` where they had changes that no commit has. Null without git. */
    commit: string | null;
    /** When it was written, ISO 8601. */
    date: string;
};

/** Where the deployments of a network are kept: in the project's `deployments`, or in the directory DEPLOYMENTS_DIR. */
export const deploymentsPath = (network: string): string =>
    join(process.env.DEPLOYMENTS_DIR || 'deployments', `${network}.json`);

/** The entry of a contract; null if it is not there. */
export function readDeployment(network: string, contract: string): Deployment | null {
    const entry = readAll(network)[contract];
    if (entry === undefined) {
        return null;
    }
    if (!isDeployment(entry)) {
        throw new Refusal(
            `${deploymentsPath(network)} has no address and codeHash for ${contract}: mend or remove it.`,
        );
    }
    return entry;
}

/** Writes the entry of a contract and leaves the others. The file is replaced whole. */
export function writeDeployment(network: string, contract: string, address: Address, code: Cell): Deployment {
    const entry: Deployment = {
        address: address.toString({ testOnly: network === 'testnet' }),
        codeHash: code.hash().toString('hex'),
        commit: sourceCommit(),
        date: new Date().toISOString(),
    };
    const path = deploymentsPath(network);
    const text = `${JSON.stringify({ ...readAll(network), [contract]: entry }, null, 4)}\n`;
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(`${path}.tmp`, text);
    renameSync(`${path}.tmp`, path);
    return entry;
}

function readAll(network: string): Record<string, unknown> {
    const path = deploymentsPath(network);
    if (!existsSync(path)) {
        return {};
    }
    const text = readFileSync(path, 'utf8');
    try {
        return JSON.parse(text) as Record<string, unknown>;
    } catch {
        throw new Refusal(`${path} is no JSON: mend or remove it.`);
    }
}

function isDeployment(entry: unknown): entry is Deployment {
    const { address, codeHash } = Object(entry) as Partial<Deployment>;
    return typeof address === 'string' && Address.isFriendly(address) && typeof codeHash === 'string';
}

/**
 * Stops a deployment to mainnet of sources that no commit has, and one that would take the place of a contract that runs:
 * the word `replace` allows it. `what` names the contract with its article.
 */
export async function checkDeployable(
    { provider, network, words }: Session,
    contract: string,
    what: string,
): Promise<void> {
    const commit = sourceCommit();
    if (network === 'mainnet' && (commit === null || commit.endsWith('-dirty'))) {
        throw new Refusal(
            'Commit the sources of the contracts first: nobody could verify what they were deployed from.',
        );
    }
    const known = readDeployment(network, contract);
    if (!known || words.has('replace')) {
        return;
    }
    if (await provider.isContractDeployed(parseAddress(known.address, 'address', network))) {
        throw new Refusal(
            `${deploymentsPath(network)} names ${what} that runs, ${known.address}: add the word replace for a new one.`,
        );
    }
}

/** The commit that the sources of contracts/ are from. */
export function sourceCommit(): string | null {
    const git = (...args: string[]): string =>
        execFileSync('git', args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
    try {
        return git('rev-parse', 'HEAD') + (git('status', '--porcelain', '--', 'contracts') === '' ? '' : '-dirty');
    } catch {
        return null;
    }
}
