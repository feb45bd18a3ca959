import { Address, type Cell, toNano } from '@ton/core';
import { Blockchain, type IExecutor } from '@ton/sandbox';

import { type ContractName, contracts, loadCode } from '../../compilables/compile';
import { MAINNET_PRICES, type NetworkPrices } from '../../wrappers';
import { compileBroken } from '../helpers/broken-actions';
import { PRICE_LISTS, TOP_UP } from '../helpers/world';
import { type Held, heldBalance, heldData, partsOf, withBalance } from '../usernames/sweeps/account';
import { FULL, LISTS, report, thinned } from '../usernames/sweeps/sweep';
import {
    type Hindrance,
    isBounced,
    isDone,
    keyOf,
    type Letter,
    type Scene,
    send,
    type State,
    type Step,
    THROWS,
    weighStep,
    withFlights,
} from './chain';
import { Stage, type Stop } from './stage';

// A chain of messages, one of which meets a fault, goes on to its end; the laws are weighed after each message and at the end.

const YEAR_SECONDS = 31_536_000;
const WEEK_SECONDS = 604_800;

/** Units of gas between two limits. */
const GAS_STEP = FULL ? 500 : 2_000;
const NOBODY = new Address(0, Buffer.alloc(32, 0xee));

const BROKEN: Record<ContractName, (number | 'reserve')[]> = {
    // A reserve of an item that the network refuses would not bounce; the item has what it reserves
    UsernameItem: [1, 2, 3, 4, 5],
    UsernameCollection: [1],
    ChannelAccount: [1, 2, 'reserve'],
    Campaign: [1, 'reserve'],
    AdNetwork: [1, 2, 3, 4, 5, 6],
};

export function describeFaults(
    half: string,
    names: ContractName[],
    create: (prices: NetworkPrices) => Promise<Record<string, Scene>>,
) {
    const broken = new Map<string, { action: number | 'reserve'; code: Cell }[]>();

    beforeAll(async () => {
        for (const name of names) {
            const codes: { action: number | 'reserve'; code: Cell }[] = [];
            for (const action of BROKEN[name]) {
                codes.push({ action, code: await compileBroken(contracts[name].targets, action) });
            }
            broken.set(loadCode(name).hash().toString('hex'), codes);
        }
    });

    describe.each(LISTS)('under %s', (list, prices) => {
        const twice = twiceOf(prices);
        let scenes: [string, Scene][];
        let stage: Stage;
        let executor: IExecutor;

        beforeAll(async () => {
            scenes = Object.entries(await create(prices));
            executor = (await Blockchain.create()).executor;
        });
        beforeEach(() => {
            stage = new Stage(executor);
        });

        const known = new Map<Letter, Stop[]>();
        async function stopsOf(scene: Scene, letter: Letter): Promise<Stop[]> {
            const stops = known.get(letter) ?? (await stage.record(scene, letter));
            known.set(letter, stops);
            return stops;
        }

        /** Every stop of every chain, of which the sample takes some. */
        async function eachStop(
            every: number,
            act: (what: string, scene: Scene, stop: Stop, letter: Letter) => Promise<void>,
        ): Promise<void> {
            const isTaken = thinned(every);
            for (const [name, scene] of scenes) {
                for (const [what, letter] of Object.entries(scene.letters)) {
                    if (!isTaken()) {
                        continue;
                    }
                    for (const [at, stop] of (await stopsOf(scene, letter)).entries()) {
                        await act(`${name}: ${what}, hop ${at + 1}`, scene, stop, letter);
                    }
                }
            }
        }

        async function hinder(what: string, scene: Scene, stop: Stop, hindrance: Hindrance): Promise<Step> {
            const steps = [...stop.past];
            const end = await stage.finish(stop.state, steps, (_, count) => (count === 0 ? hindrance : null));
            const limit = hindrance.is === 'out of gas' ? ` of ${hindrance.limit}` : '';
            stage.judge(`${what}, ${hindrance.is}${limit}`, scene, steps, end, stop.past.length);
            return steps[stop.past.length] ?? stop.step;
        }

        function conclude(part: string): void {
            report(`${half}: ${part}`, list, stage);
            expect([...stage.found].slice(0, 10)).toEqual([]);
            expect(stage.lost).toBe(0n);
            expect(stage.cases).toBeGreaterThan(0);
        }

        it('out of gas at every point, a message does all or nothing', async () => {
            await eachStop(97, async (what, scene, stop) => {
                // What comes back has no way back
                if (isBounced(stop.step) || stop.step.shot.code === undefined) {
                    return;
                }
                const { gas } = stop.step.shot;
                const grid = Array.from({ length: Math.ceil(gas / GAS_STEP) }, (_, at) => at * GAS_STEP);
                for (const limit of [...grid, gas - 1, gas, gas + 1]) {
                    const step = await hinder(what, scene, stop, { is: 'out of gas', limit });
                    if (isDone(step) !== (isDone(stop.step) && limit >= gas)) {
                        stage.note(`${what}: it is ${isDone(step) ? '' : 'not '}done with ${limit} of ${gas} units`);
                    }
                }
            });
            conclude('out of gas');
        });

        it('with an action that the network refuses, a message does all or nothing', async () => {
            let refused = 0;
            await eachStop(97, async (what, scene, stop) => {
                const { code } = partsOf(stop.step.before);
                if (isBounced(stop.step) || !code) {
                    return;
                }
                const sends = stop.step.shot.sent.filter(({ bounced }) => !bounced).length;
                for (const { action, code: other } of broken.get(code.hash().toString('hex')) ?? []) {
                    if (action !== 'reserve' && action > sends) {
                        continue;
                    }
                    const step = await hinder(what, scene, stop, { is: 'other code', code: other });
                    refused += isDone(stop.step) && !isDone(step) ? 1 : 0;
                }
            });
            expect(refused).toBeGreaterThan(FULL ? 0 : -1);
            conclude('refused actions');
        });

        it('a contract that throws, is gone or is frozen sends back what it is sent, and that is booked', async () => {
            await eachStop(61, async (what, scene, stop) => {
                if (isBounced(stop.step)) {
                    return;
                }
                for (const hindrance of [
                    { is: 'other code', code: THROWS },
                    { is: 'gone' },
                    { is: 'frozen' },
                ] as const) {
                    // What brings its StateInit deploys what is gone
                    if (hindrance.is !== 'gone' || !stop.step.message.init) {
                        await hinder(what, scene, stop, hindrance);
                    }
                }
            });
            conclude('bounces');
        });

        it('a chain goes on under other prices from any of its hops on', async () => {
            await eachStop(61, async (what, scene, stop, letter) => {
                for (const [list, changed] of [...PRICE_LISTS, ['twice the prices', twice] as const]) {
                    // The least value counts on no more than twice the prices
                    const isBeyond = letter.isLeast && changed.gas.gasPrice > 2n * prices.gas.gasPrice;
                    if (changed === prices || isBeyond) {
                        continue;
                    }
                    const steps = [...stop.past];
                    const end = await stage.finish({ ...stop.state, prices: changed }, steps);
                    stage.judge(`${what}, then ${list}`, scene, steps, end, stop.past.length);
                }
            });
            conclude('prices');
        });

        it('a message that is late finds what it finds', async () => {
            await eachStop(61, async (what, scene, stop) => {
                for (const seconds of [1, WEEK_SECONDS + 1, YEAR_SECONDS]) {
                    const steps = [...stop.past];
                    const end = await stage.finish({ ...stop.state, now: stop.state.now + seconds }, steps);
                    stage.judge(`${what}, ${seconds} seconds late`, scene, steps, end, stop.past.length);
                }
            });
            conclude('late');
        });

        // Between wallet and contract, that is one chain before the other; between contracts, one within the other
        const isAhead = thinned(61, 29);
        const isWithin = thinned(41, prices === MAINNET_PRICES ? 7 : 23);
        it('a message that waits while any other does all that it does finds what it finds', async () => {
            await eachStop(31, async (what, scene, stop) => {
                for (const [other, letter] of Object.entries(scene.letters)) {
                    if (!(stop.past.length > 0 ? isWithin : isAhead)()) {
                        continue;
                    }
                    const hops = await stopsOf(scene, letter);
                    // What is refused changes nothing
                    if (!hops[0] || !isDone(hops[0].step)) {
                        continue;
                    }
                    for (const isWhole of hops.length > 1 ? [true, false] : [true]) {
                        const steps = [...stop.past];
                        let state = send(withFlights(stop.state, []), letter);
                        state = isWhole ? await stage.finish(state, steps) : await stage.deliver(state, steps);
                        const flights = [...stop.state.flights, ...state.flights];
                        const end = await stage.finish(withFlights(state, flights), steps);
                        const after = `${what}, after ${other}${isWhole ? '' : ', which goes on'}`;
                        stage.judge(after, scene, steps, end, stop.past.length);
                    }
                }
            });
            conclude('meetings');
        });

        const isRevived = thinned(9);
        const isOwed = thinned(499, 3);
        it('after years without rent every message does what it can, and what was frozen comes back as it was', async () => {
            for (const [name, scene] of scenes) {
                for (const [key, held] of scene.state.accounts) {
                    const letters = Object.entries(scene.letters).filter(([, { to }]) => keyOf(to) === key);
                    const { code, data } = partsOf(held);
                    if (!code || !data || letters.length === 0) {
                        continue;
                    }
                    for (const balance of [0n, heldBalance(held) / 2n, heldBalance(held)]) {
                        for (const years of [1, 20, 60]) {
                            for (const [what, letter] of letters) {
                                if (!isOwed()) {
                                    continue;
                                }
                                const state = indebted(scene.state, withBalance(held, balance), years);
                                const steps: Step[] = [];
                                const end = await stage.finish(send(state, letter), steps);
                                stage.judge(
                                    `${name}: ${what}, ${years} years at ${balance}`,
                                    { ...scene, state },
                                    steps,
                                    end,
                                );
                            }
                        }
                    }
                    if (isRevived()) {
                        await revive(name, scene, held, letters);
                    }
                }
            }
            conclude('debt');
        });

        /** Owes as much as the network freezes it for, and not so much that it is deleted. */
        async function revive(name: string, scene: Scene, held: Held, letters: [string, Letter][]): Promise<void> {
            const { code, data } = partsOf(held);
            const fire = { to: held.address, from: NOBODY, value: toNano('3'), body: TOP_UP };
            let frozen: State | null = null;
            const { storage } = scene.state.prices;
            for (let times = 1n; times <= 64n && !frozen; times *= 2n) {
                const dear = { bitPrice: storage.bitPrice * times, cellPrice: storage.cellPrice * times };
                const owing = indebted(scene.state, withBalance(held, 0n), 20);
                const state = { ...owing, prices: { ...prices, storage: dear } };
                const end = await stage.finish(send(state, { ...fire, bounce: true }), []);
                frozen =
                    end.accounts.get(keyOf(held.address))?.account.account?.storage.state.type === 'active'
                        ? null
                        : end;
            }
            if (!frozen || !code || !data) {
                throw new Error(`The network does not freeze ${name}`);
            }
            const steps: Step[] = [];
            const revived = await stage.finish(send(frozen, { ...fire, bounce: false, init: { code, data } }), steps);
            stage.judge(`${name}: revived`, { ...scene, weigh: weighStep, weighEnd: () => [] }, steps, revived);
            const again = revived.accounts.get(keyOf(held.address));
            if (!again || !heldData(again).equals(data)) {
                stage.note(`${name}: what was revived is not what was frozen`);
            }
            for (const [what, letter] of letters) {
                if (isOwed()) {
                    const steps: Step[] = [];
                    const end = await stage.finish(send(revived, letter), steps);
                    stage.judge(`${name}: ${what}, revived`, { ...scene, state: revived }, steps, end);
                }
            }
        }
    });
}

/** The rise that the prices of whole chains count on (contracts/ads/gas.fc); rent is of no account within a chain. */
const twiceOf = ({ gas, message, storage }: NetworkPrices): NetworkPrices => ({
    gas: { ...gas, flatGasPrice: 2n * gas.flatGasPrice, gasPrice: 2n * gas.gasPrice },
    message: { lumpPrice: 2n * message.lumpPrice, bitPrice: 2n * message.bitPrice, cellPrice: 2n * message.cellPrice },
    storage,
});

const indebted = (state: State, held: Held, years: number): State => ({
    ...state,
    now: state.now + years * YEAR_SECONDS,
    accounts: new Map(state.accounts).set(keyOf(held.address), held),
});
