import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';

import { type ContractName, contracts, loadCode } from '../compilables/compile';
import { DevnetProcess } from './helpers/devnet';

// docs/verify.md: what it says to run gives the hash of these sources.

const ROOT = join(__dirname, '..');
const BLUEPRINT = require.resolve('@ton/blueprint/dist/cli/cli.js');
const run = promisify(execFile);

const hashOf = (name: ContractName): string => loadCode(name).hash().toString('hex');

describe('the hash of an account', () => {
    let devnet: DevnetProcess;

    beforeAll(async () => {
        devnet = await DevnetProcess.start('--seed');
    });

    afterAll(() => devnet.stop());

    /** What the command in docs/verify.md prints, with the devnet in the place of toncenter. */
    async function printedFor(address: string): Promise<string> {
        const page = readFileSync(join(ROOT, 'docs', 'verify.md'), 'utf8');
        const [, script = ''] = /^node -e "\n([^"]*)\n"$/m.exec(page) ?? [];
        const here = script.replace('https://toncenter.com', devnet.url).replace('EQ...', encodeURIComponent(address));
        expect(here).toContain(`${devnet.url}/api/v2/getAddressInformation?address=`);
        return (await run(process.execPath, ['-e', here], { cwd: ROOT })).stdout.trim();
    }

    it('is that of the sources, for each kind of contract', async () => {
        const { contracts: seeded } = await devnet.info();
        const hashes = await Promise.all(seeded.map(({ address }) => printedFor(address)));
        for (const name of Object.keys(contracts) as ContractName[]) {
            expect({ name, hashes }).toMatchObject({
                name,
                hashes: expect.arrayContaining([hashOf(name)]) as string[],
            });
        }
    });
});

describe('blueprint verify --dry-run', () => {
    const requests: string[] = [];
    let verifier: Server;

    beforeAll(async () => {
        // A verifier that knows no contract
        verifier = createServer(({ method, url = '' }, response) => {
            requests.push(`${method} ${url}`);
            const { searchParams } = new URL(url, 'http://verifier');
            const answer = { code_hash: searchParams.get('code_hash'), status: 'unverified' };
            response.setHeader('Content-Type', 'application/json').end(JSON.stringify(answer));
        }).listen(0, '127.0.0.1');
        await once(verifier, 'listening');
    });

    afterAll(() => verifier.close());

    it.each(Object.keys(contracts) as ContractName[])('%s: Blueprint compiles the same code', async (name) => {
        const env = {
            ...process.env,
            BLUEPRINT_VERIFY_BACKEND: `http://127.0.0.1:${(verifier.address() as AddressInfo).port}`,
            BLUEPRINT_VERIFY_API_KEY: 'any',
        };
        requests.length = 0;
        const { stdout } = await run(process.execPath, [BLUEPRINT, 'verify', name, '--dry-run'], { cwd: ROOT, env });
        expect(stdout).toContain(`0x${hashOf(name)}`);
        expect(stdout).toContain('skipping source upload');
        expect(requests).toHaveLength(1);
        expect(requests[0]).toMatch(new RegExp(`^GET /api/v1/verification/status\\?.*${hashOf(name)}`));
    });
});
