import { readFileSync } from 'node:fs';
import { join } from 'node:path';

import { compileFunc } from '@ton-community/func-js';
import { Cell } from '@ton/core';
import { Blockchain, type IExecutor } from '@ton/sandbox';

import { type ContractName, contracts, loadCode } from '../../compilables/compile';
import { MAINNET_PRICES } from '../../wrappers';
import { partsOf } from '../usernames/sweeps/account';
import { adsScene } from './ads-scene';
import { type Hindrance, keyOf, type Scene, send, type State, type Step, THROWS } from './chain';
import { Stage } from './stage';
import { usernameScenes } from './usernames-scene';

// The laws of the faults notice a contract that breaks them: each is broken here on purpose.

const ROOT = join(__dirname, '..', '..');

type Flaw = {
    law: string;
    contract: ContractName;
    /** What of the source is replaced by what. */
    source: [from: string, to: string];
    scene: 'ads' | 'auction';
    letter: string;
    /** Throws on everything, so that what it is sent comes back. */
    throwing?: ContractName;
};

const FLAWS: Flaw[] = [
    {
        law: 'what an account has received was drawn',
        contract: 'ChannelAccount',
        source: ['received = max(0, received - body.preload_uint(64));', ''],
        scene: 'ads',
        letter: 'a claim of more than is owed at an account (owned)',
    },
    {
        law: 'what the owner is due leaves to him, or where he says',
        contract: 'ChannelAccount',
        source: ['owner_due += back;', ''],
        scene: 'ads',
        letter: 'a reinvestment into a campaign (stopped) at an account (owned)',
    },
    {
        law: "the platform's share leaves to the network",
        contract: 'ChannelAccount',
        source: ['tag, owed + back, owner_due', 'tag, owed, owner_due'],
        scene: 'ads',
        letter: 'a sweep at an account (owned)',
        throwing: 'AdNetwork',
    },
    {
        law: 'what a campaign has spent is revenue',
        contract: 'Campaign',
        source: ['max(0, spent - amount)', 'spent'],
        scene: 'ads',
        letter: 'a charge of a campaign (open)',
        throwing: 'AdNetwork',
    },
    {
        law: 'a budget pays nothing but charges',
        contract: 'Campaign',
        source: ['amount + value - get_gas_fee(TAKE_GAS) - calc_message_fee()', 'amount + value'],
        scene: 'ads',
        letter: 'a charge of a campaign (open)',
    },
    {
        law: 'a draw is paid to the owner, whole',
        contract: 'AdNetwork',
        source: ['store_uint(owners_due - amount,', 'store_uint(owners_due,'],
        scene: 'ads',
        letter: 'a claim at an account (owned)',
    },
    {
        law: 'what a message leaves over stays with nobody',
        contract: 'AdNetwork',
        source: ['give_back(new_message(body.preload_ref().begin_parse().skip_bits(32).first_bits(size::hash)));', ''],
        scene: 'ads',
        letter: 'a registration of an account (owned)',
    },
    {
        law: 'revenue is split',
        contract: 'AdNetwork',
        source: ['platform_due + amount - share,', 'platform_due + amount,'],
        scene: 'ads',
        letter: 'revenue at the network',
    },
    {
        law: 'the balance covers what is owed and the reserve',
        contract: 'ChannelAccount',
        source: ['pay_owner(query_id, tagged, ds, left - fee);', 'pay_owner(query_id, tagged, ds, left);'],
        scene: 'ads',
        letter: 'a withdrawal at an account (owned)',
    },
    {
        law: 'nothing sticks',
        contract: 'UsernameItem',
        source: ['    send_exactly(outbid_and_lt(), price, refund_to);\n    end_time', '    end_time'],
        scene: 'auction',
        letter: "another's bid",
    },
    {
        law: 'a mint that failed goes back to its bidder',
        contract: 'UsernameCollection',
        source: ['give_back(new_message(deploy~load_hash()));', 'deploy~load_hash();'],
        scene: 'auction',
        letter: 'a mint of a taken name at the collection',
        throwing: 'UsernameItem',
    },
];

/** Throws where the source has changed, so that nothing would be flawed. */
async function compileFlawed({ contract, source: [from, to] }: Flaw): Promise<Cell> {
    let isFlawed = false;
    const result = await compileFunc({
        targets: contracts[contract].targets,
        sources: (path) =>
            readFileSync(join(ROOT, path), 'utf8').replaceAll(from, () => {
                isFlawed = true;
                return to;
            }),
    });
    if (result.status === 'error' || !isFlawed) {
        throw new Error(result.status === 'error' ? result.message : `${contract} has no ${from}`);
    }
    return Cell.fromBase64(result.codeBoc);
}

describe('the laws notice', () => {
    let scenes: Record<Flaw['scene'], Scene>;
    let executor: IExecutor;

    beforeAll(async () => {
        scenes = { ads: await adsScene(MAINNET_PRICES), auction: (await usernameScenes(MAINNET_PRICES)).auction };
        ({ executor } = await Blockchain.create());
    });

    async function play({ scene: name, letter }: Pick<Flaw, 'scene' | 'letter'>, codes: [ContractName, Cell][]) {
        const scene = scenes[name];
        const [stage, steps]: [Stage, Step[]] = [new Stage(executor), []];
        const hinder = ({ accounts, flights: [message] }: State): Hindrance | null => {
            const held = message?.info.type === 'internal' && accounts.get(keyOf(message.info.dest));
            const code = held && partsOf(held).code;
            const [, other] = codes.find(([name]) => code && loadCode(name).equals(code)) ?? [];
            // The first message of a chain reaches a contract that works
            return other && (other !== THROWS || steps.length > 0) ? { is: 'other code', code: other } : null;
        };
        const start = send(scene.state, scene.letters[letter]!);
        stage.judge(letter, scene, steps, await stage.finish(start, steps, hinder));
        return [...stage.found];
    }

    it('a nanoton that vanishes', async () => {
        await import('../helpers/lose-nanoton');
        const [stage, scene]: [Stage, Scene] = [new Stage(executor), scenes.ads];
        const steps: Step[] = [];
        for (let count = 0; count < 10; count += 1) {
            await stage.finish(send(scene.state, scene.letters['revenue at the network']!), steps);
        }
        stage.judge('a loss', { ...scene, weighEnd: () => [] }, steps, scene.state);
        expect([...stage.found]).toEqual([expect.stringMatching(/^no nanoton vanishes/)]);
        expect(stage.lost).toBe(1n);
    });

    it.each(FLAWS)('$law: $contract', async (flaw) => {
        const throwing: [ContractName, Cell][] = flaw.throwing ? [[flaw.throwing, THROWS]] : [];
        expect(await play(flaw, throwing)).toEqual([]);
        const found = await play(flaw, [[flaw.contract, await compileFlawed(flaw)], ...throwing]);
        expect(found.join('\n')).toContain(flaw.law);
    });
});
