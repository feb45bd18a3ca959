import { type Address, type Cell, toNano, type Transaction } from '@ton/core';
import { EmulationError, type SendMessageResult } from '@ton/sandbox';

import { loadCode } from '../../../compilables/compile';
import { chainConfig } from '../../../devnet/config';
import {
    cellToItemData,
    cellToUsernameCollectionConfig,
    gasFee,
    type ItemData,
    messageFee,
    minStartPrice,
    nameIndex,
    type NetworkPrices,
    UsernameCollection,
    UsernameItem,
    UsernameOp,
} from '../../../wrappers';
import { errorName, isOn, PRICE_LISTS, SUBWALLET_ID, World } from '../../helpers/world';
import { brokenLaws, type Facts, factsOf, leaderIsSafe, type View } from './laws';
import {
    type Auction,
    type Deploy,
    type Env,
    givenBack,
    type House,
    isOver,
    type Item,
    maximumOf,
    type Name,
    neededReserve,
    nextMinimum,
    receiveHouse,
    receiveItem,
    recordsRoot,
    type Sent,
    settleExternally,
    type Verdict,
} from './model';
import {
    type Label,
    LABELS,
    type Letter,
    pickLabel,
    type Scene,
    type Sending,
    type Sequence,
    SIGNERS,
    type Step,
    writeLetter,
} from './steps';

/** With this gas, and the fees of three messages, nothing that the rules accept fails for lack of it. */
const MUCH_GAS = 60_000;
/** Seconds that the steps of a sequence wait at most, so that no item is frozen for its rent. */
const LONGEST = 3 * 31_536_000;
const OUT_OF_GAS = -14;
/** For each name a `target` that means it, whatever else exists. */
const TARGETS = [9, 19, 29];

type Stored = View & { cell: Cell | null };
/** Who sent a message and whether it bounces; `deploys`: it came from the house with a name's first state. */
type Header = { from: Address; bounce: boolean; deploys: boolean };

/** A house that mints openly, under each price list; every sequence is played on one of them as if it were new. */
export class Stage {
    private constructor(
        private readonly houses: { world: World; house: House; reset: () => Promise<void> }[],
        private readonly accounts: ReadonlyMap<Label, UsernameItem>,
    ) {}

    static async create(): Promise<Stage> {
        const houses = await Promise.all(PRICE_LISTS.map(([, prices]) => openHouse(prices)));
        const code = loadCode('UsernameItem');
        const accounts = LABELS.map((name): [Label, UsernameItem] => [
            name,
            UsernameItem.createFromConfig({ collection: at(houses, 0).house.address, name }, code),
        ]);
        return new Stage(houses, new Map(accounts));
    }

    /** Plays a sequence and compares it with the model after each step; throws where they differ or a law is broken. */
    async play({ prices, steps }: Sequence): Promise<void> {
        const { world, house, reset } = at(this.houses, prices);
        await reset();
        const game = await Game.begin(world, prices, house, this.accounts);
        for (const [index, step] of steps.entries()) {
            await game.take(step, `Step ${index}`);
        }
        await game.finish();
    }
}

async function openHouse(prices: NetworkPrices) {
    const world = await World.create(prices);
    const { admin, author, seller } = world.people;
    const openTerms = {
        beneficiary: seller.address,
        minBidStep: 5,
        minExtendTime: 300,
        duration: 3600,
        prices: { 4: minStartPrice(prices) + toNano('0.5'), 7: minStartPrice(prices) },
        contentPrefix: 'https://names.example/',
    };
    await world.send(admin, world.collection.address, toNano('1'), UsernameCollection.setTermsMessage({ openTerms }));
    const house: House = {
        address: world.collection.address,
        paused: false,
        admin: admin.address,
        pendingAdmin: null,
        signer: 0,
        pendingSigner: null,
        openTerms,
        royalty: { numerator: 5, denominator: 100, destination: author.address },
    };
    return { world, house, reset: world.checkpoint() };
}

class Game {
    private readonly items = new Map<Label, Item>(LABELS.map((label) => [label, 'absent']));
    private readonly views = new Map<Label, Stored>();
    private waited = 0;
    private queryId = 0n;

    private constructor(
        private readonly world: World,
        private list: number,
        private house: House,
        private readonly accounts: ReadonlyMap<Label, UsernameItem>,
    ) {}

    static async begin(...args: ConstructorParameters<typeof Game>): Promise<Game> {
        const game = new Game(...args);
        for (const label of LABELS) {
            game.views.set(label, await game.look(label));
        }
        return game;
    }

    async take(step: Step, title: string): Promise<void> {
        try {
            await this.perform(step);
            await this.compare();
        } catch (error) {
            const reason = error instanceof Error ? error.message : String(error);
            throw new Error(`${title} ${JSON.stringify(step)}: ${reason}`, { cause: error });
        }
    }

    /** Whatever has happened: every auction comes to its end, and the getters say what is stored. */
    async finish(): Promise<void> {
        const ordinary = { amount: { of: 'ton', plus: 0 }, bounce: true, spoil: null } as const;
        for (const target of TARGETS) {
            if (this.auctionOf(target)) {
                const amount = { of: 'minimum', plus: 0 } as const;
                await this.take({ ...ordinary, send: 'bid', as: 'empty', from: 'carol', target, amount }, 'A last bid');
            }
        }
        for (const target of TARGETS) {
            const auction = this.auctionOf(target);
            if (auction) {
                this.world.now = Math.max(this.world.now, auction.endTime);
                await this.take({ ...ordinary, send: 'settle', from: 'carol', target }, 'The last settlement');
            }
            if (this.auctionOf(target)) {
                throw new Error('The auction does not end');
            }
        }
        await this.compareGetters();
    }

    // ------------------------------------------------------------ steps

    private async perform(step: Step): Promise<void> {
        if ('wait' in step) {
            this.waitUntil(this.world.now + step.wait);
        } else if ('waitFor' in step) {
            const name = this.nameAt(step.target);
            const moment = step.waitFor === 'end' ? name?.auction?.endTime : name?.startableAt;
            this.waitUntil((moment ?? 0) + step.plus);
        } else if ('changePrices' in step) {
            this.list = 1 - this.list;
            this.world.chain.setConfig(chainConfig(this.prices));
        } else if ('settleExternally' in step) {
            await this.settleFromOutside(pickLabel(this, step.target), step.settleExternally === 'with_reference');
        } else {
            await this.send(step);
        }
    }

    private waitUntil(time: number): void {
        const seconds = Math.min(Math.max(0, time - this.world.now), LONGEST - this.waited);
        this.waited += seconds;
        this.world.now += seconds;
    }

    private async settleFromOutside(label: Label, withReference: boolean): Promise<void> {
        const item = this.itemOf(label);
        const before = this.viewOf(label);
        if (item === 'absent') {
            return;
        }
        const body = withReference ? beginCell().storeRef(Cell.EMPTY).endCell() : Cell.EMPTY;
        const refusedWith = (codes: number[], code: number | undefined) => {
            if (code === undefined || !codes.includes(code)) {
                throw new Error(`Not accepted with ${errorName(code)} instead of ${codes.map(errorName).join(', ')}`);
            }
        };
        let result: SendMessageResult;
        try {
            result = await this.world.settleExternally(this.addressOf(label), body);
        } catch (error) {
            if (!(error instanceof EmulationError)) {
                throw error;
            }
            // The rent of the present moment, which the item has not paid
            return;
        }
    }
}
