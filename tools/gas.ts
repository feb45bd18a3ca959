import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { Cell } from '@ton/core';

import peers from '../bench/peers.json';
import { compileContract, type ContractName } from '../compilables/compile';
import { cellSize } from '../wrappers/common/cells';
import { ads, AdsBench, payoutCost } from './gas/ads';
import type { GasProfile } from './gas/profile';
import { idleCells, usernames, UsernamesBench } from './gas/usernames';

// What the messages of everyday life cost in gas, and how big the contracts are. Prints a table beside the peers' figures
// (bench/peers.json); `--json` prints one document of our own. bench/gas.json is the committed one, and bench/gas-profile.json
// says what the gas of each scenario was spent on: `--write` writes both, `--check` fails if the measured ones differ.

const reportPath = join(__dirname, '..', 'bench', 'gas.json');
const profilePath = join(__dirname, '..', 'bench', 'gas-profile.json');

const CODES = {
    item: 'UsernameItem',
    collection: 'UsernameCollection',
    account: 'ChannelAccount',
    campaign: 'Campaign',
    network: 'AdNetwork',
} satisfies Record<string, ContractName>;

type Codes = Record<keyof typeof CODES, Cell>;
type Gas<Scenarios> = Record<keyof Scenarios, number>;

/** bench/gas.json. Gas in units, payout_cost in nanotons; bits and cells of distinct cells. */
type Report = {
    usernames: Gas<typeof usernames>;
    ads: Gas<typeof ads> & { payout_cost: Awaited<ReturnType<typeof payoutCost>> };
    code: Record<keyof Codes, { bits: number; cells: number }>;
    state: { item_idle: { cells: number } };
};
/** bench/gas-profile.json. */
type Profiles = Record<'usernames' | 'ads', Record<string, GasProfile>>;

async function compileCodes(): Promise<Codes> {
    const codes = {} as Codes;
    for (const [key, name] of Object.entries(CODES)) {
        codes[key as keyof Codes] = await compileContract(name);
    }
    return codes;
}

/** Runs each scenario on a bench of its own. */
async function measureAll<Key extends string, Bench extends { profile: GasProfile }>(
    scenarios: Record<Key, (bench: Bench) => Promise<number>>,
    open: () => Promise<Bench>,
): Promise<{ gas: Record<Key, number>; profiles: Record<string, GasProfile> }> {
    const gas = {} as Record<Key, number>;
    const profiles: Record<string, GasProfile> = {};
    for (const key of Object.keys(scenarios) as Key[]) {
        const bench = await open();
        gas[key] = await scenarios[key](bench);
        profiles[key] = bench.profile;
    }
    return { gas, profiles };
}

async function measure(): Promise<{ report: Report; profiles: Profiles }> {
    const codes = await compileCodes();
    const openUsernames = () => UsernamesBench.open(codes.item, codes.collection);
    const ofUsernames = await measureAll(usernames, openUsernames);
    const ofAds = await measureAll(ads, () => AdsBench.open(codes));
    const code = {} as Report['code'];
    for (const [key, root] of Object.entries(codes)) {
        const { bits, cells } = cellSize(root);
        code[key as keyof Codes] = { bits, cells };
    }
    return {
        report: {
            usernames: ofUsernames.gas,
            ads: { ...ofAds.gas, payout_cost: await payoutCost(codes) },
            code,
            state: { item_idle: { cells: await idleCells(await openUsernames()) } },
        },
        profiles: { usernames: ofUsernames.profiles, ads: ofAds.profiles },
    };
}

function print({ usernames: gas, ads: adsGas, code, state }: Report): void {
    const line = (what: string, ...figures: (number | string | undefined)[]): string =>
        [what.padEnd(38), ...figures.map((it) => (it?.toLocaleString('en') ?? '-').padStart(10))].join('');
    const { direct, voucher } = adsGas.payout_cost;
    const adsPeers: Record<keyof typeof ads, { scenario: string; goal?: number }> = peers.ads;
    const lines = [
        line('gas: usernames', 'here', 'Telemint', 'in Tolk', 'goal'),
        ...Object.entries(peers.usernames).map(([key, { telemint, tolk, goal }]) =>
            line(key, gas[key as keyof typeof gas], telemint, tolk, goal),
        ),
        '',
        line('gas: ads', 'here', 'goal'),
        ...Object.entries(adsPeers).map(([key, { goal }]) => line(key, adsGas[key as keyof typeof ads], goal)),
        line('claim and draw', adsGas.claim + adsGas.draw, peers.ads_together.claim_draw.goal),
        '',
        line('nanotons for one payout, all hops', 'here'),
        line('a direct payment over a plain transfer', direct),
        line('on a voucher', voucher),
        ...peers.payouts.peers.map(({ way, cost }) => `${cost.toLocaleString('en').padStart(48)}  ${way}`),
        '',
        line('cells', 'here', 'Telemint', 'in Tolk', 'goal'),
        line(
            'the code of an item',
            code.item.cells,
            peers.code.item.telemint,
            peers.code.item.tolk,
            peers.code.item.goal,
        ),
        line(
            'an idle item',
            state.item_idle.cells,
            peers.state.item_idle.telemint,
            undefined,
            peers.state.item_idle.goal,
        ),
        line('the code of the collection', code.collection.cells, undefined, undefined, peers.code.collection.goal),
        line('the code of a channel account', code.account.cells),
        line('the code of a campaign', code.campaign.cells),
        line('the code of an ad network', code.network.cells),
    ];
    process.stdout.write(`${lines.join('\n')}\n`);
}

async function main(): Promise<void> {
    const { report, profiles } = await measure();
    const files: [path: string, content: string][] = [
        [reportPath, `${JSON.stringify(report, null, 4)}\n`],
        [profilePath, `${JSON.stringify(profiles, null, 4)}\n`],
    ];
    if (process.argv.includes('--json')) {
        process.stdout.write(`${JSON.stringify(report, null, 4)}\n`);
    } else if (process.argv.includes('--write')) {
        files.forEach(([path, content]) => writeFileSync(path, content));
    } else {
        print(report);
    }
    const isStale = files.some(([path, content]) => !existsSync(path) || readFileSync(path, 'utf8') !== content);
    if (process.argv.includes('--check') && isStale) {
        process.stderr.write('The figures in bench/ are stale. Run "npm run gas -- --write" and "npm run docs".\n');
        process.exitCode = 1;
    }
}

main().catch((error: unknown) => {
    process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
    process.exitCode = 1;
});
