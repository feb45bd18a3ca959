import { type Address, beginCell, Cell, toNano } from '@ton/core';
import { EmulationError } from '@ton/sandbox';

import { loadCode } from '../../../compilables/compile';
import {
    cellToItemData,
    cellToUsernameCollectionConfig,
    minStartPrice,
    nameIndex,
    type NetworkPrices,
    storageFee,
    UsernameCollection,
    UsernameError,
    UsernameItem,
} from '../../../wrappers';
import { gasFee } from '../../../wrappers/common/prices';
import { messageFee, UsernameGas } from '../../../wrappers/usernames/gas';
import { Coverage } from '../../../tools/fuzz/coverage';
import { configOf, errorName, isOn, type Person, PRICE_LISTS, SUBWALLET_ID, World } from '../../helpers/world';
import { checkAbsent, differenceOf, type Header, OUT_OF_GAS, shownAs, stateAfter, storedAs } from './compare';
import { bidOf, type Deed, type Facts, factsOf, houseKeepsNothing, leaderIsSafe, type View, weigh } from './laws';
import {
    type Auction,
    type Env,
    givenBack,
    type House,
    type HouseRequest,
    isOver,
    type Item,
    type ItemRequest,
    receiveHouse,
    receiveItem,
    settleExternally,
    type Verdict,
} from './model';
import {
    type Label,
    LABELS,
    type PersonName,
    pickLabel,
    type Sending,
    type Sequence,
    SIGNERS,
    type Step,
    writeLetter,
} from './steps';

/** Seconds that the steps of a sequence wait at most, so that no item is frozen for its rent. */
const LONGEST = 3 * 31_536_000;
/** For each name the `target` that means it, whatever else exists. */
const TARGETS = [9, 19, 29];
const DOMAIN = 't.me';
const CONFIGS = PRICE_LISTS.map(([, prices]) => configOf(prices));

/** `rent`: nanotons that are due by now. */
type Stored = View & { cell: Cell | null; rent: bigint };
type Account = { address: Address; facts: Facts };

/** A house that mints openly, under each price list; every sequence is played on one of them as if it were new. */
export class Stage {
    /** How often each law could have been broken. */
    readonly tested = new Map<string, number>();
    /** The messages, and the state of the name or the house that each met. */
    readonly coverage = new Coverage();

    private constructor(
        private readonly houses: { world: World; house: House; reset: () => Promise<void> }[],
        private readonly accounts: ReadonlyMap<Label, UsernameItem>,
    ) {}

    static async create(): Promise<Stage> {
        const houses = [];
        for (const [, prices] of PRICE_LISTS) {
            houses.push(await openHouse(prices));
        }
        const code = loadCode('UsernameItem');
        const collection = at(houses, 0).house.address;
        const accountOf = (name: Label) => UsernameItem.createFromConfig({ collection, name }, code);
        return new Stage(houses, new Map(LABELS.map((label) => [label, accountOf(label)])));
    }

    /** Plays a sequence and compares it with the model after each step; throws where they differ or a law is broken. */
    async play({ prices, steps }: Sequence): Promise<void> {
        const { world, house, reset } = at(this.houses, prices);
        await reset();
        const game = new Game(world, prices, house, this.accounts, this);
        await game.look();
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
        self: world.collection.address,
    };
    return { world, house, reset: world.checkpoint() };
}

/** One sequence: the chain, the model beside it, and what the names' accounts held after the last step. */
class Game {
    readonly items = new Map<Label, Item>(LABELS.map((label) => [label, 'absent']));
    readonly people: Record<PersonName, Address>;
    private readonly stored = new Map<Label, Stored>();
    private waited = 0;
    private queryId = 0n;

    constructor(
        private readonly world: World,
        private list: number,
        public house: House,
        private readonly accounts: ReadonlyMap<Label, UsernameItem>,
        private readonly stage: Pick<Stage, 'tested' | 'coverage'>,
    ) {
        const { alice, bob, carol, seller, author, admin } = world.people;
        const addresses = Object.entries({ alice, bob, carol, seller, author, admin }).map(
            ([name, person]: [string, Person]) => [name, person.address],
        );
        this.people = Object.fromEntries(addresses) as Record<PersonName, Address>;
    }

    get now(): number {
        return this.world.now;
    }

    get prices(): NetworkPrices {
        return at(PRICE_LISTS, this.list)[1];
    }

    held(label: Label): bigint {
        return this.storedOf(label).balance;
    }

    /** Reads what is stored. */
    async look(): Promise<void> {
        for (const label of LABELS) {
            this.stored.set(label, await this.read(label));
        }
    }

    async take(step: Step, title: string): Promise<void> {
        try {
            await this.perform(step);
            await this.compare();
        } catch (error) {
            const reason = error instanceof Error ? error.message : String(error);
            throw new Error(`${title}, ${JSON.stringify(step)}: ${reason}`, { cause: error });
        }
    }

    /** Whatever has happened: every auction comes to its end, and the getters say what is stored. */
    async finish(): Promise<void> {
        const ordinary = { from: 'carol', bounce: true, spoil: null } as const;
        for (const target of TARGETS) {
            if (this.auctionAt(target)) {
                const amount = { of: 'minimum', plus: 0 } as const;
                await this.take({ ...ordinary, send: 'bid', as: 'empty', target, amount }, 'A last bid');
            }
        }
        for (const target of TARGETS) {
            const auction = this.auctionAt(target);
            if (auction) {
                this.world.now = Math.max(this.now, auction.endTime);
                await this.take(
                    { ...ordinary, send: 'settle', target, amount: { of: 'ton', plus: 0 } },
                    'A last settlement',
                );
            }
            expect(this.auctionAt(target)).toBeNull();
        }
        await this.compareGetters();
    }

    // ------------------------------------------------------------ steps

    private async perform(step: Step): Promise<void> {
        if ('wait' in step) {
            this.waitUntil(this.now + step.wait);
        } else if ('waitFor' in step) {
            const item = this.itemOf(pickLabel(this, step.target, step.waitFor === 'end' ? 'bid' : 'start'));
            const name = typeof item === 'string' ? null : item;
            const moment = step.waitFor === 'end' ? name?.auction?.endTime : name?.startableAt;
            this.waitUntil((moment ?? 0) + step.plus);
        } else if ('changePrices' in step) {
            this.list = 1 - this.list;
            this.world.chain.setConfig(at(CONFIGS, this.list));
        } else if ('settleExternally' in step) {
            await this.settleFromOutside(
                pickLabel(this, step.target, 'settle'),
                step.settleExternally === 'with_reference',
            );
        } else {
            await this.send(step);
        }
    }

    private waitUntil(time: number): void {
        const seconds = Math.min(Math.max(0, time - this.now), LONGEST - this.waited);
        this.waited += seconds;
        this.world.now += seconds;
    }

    private async settleFromOutside(label: Label, withReference: boolean): Promise<void> {
        const item = this.itemOf(label);
        if (item === 'absent') {
            return;
        }
        const { balance } = this.storedOf(label);
        const judge = (pot: bigint, facts?: Facts): Verdict<Item> => {
            const verdict = settleExternally(item, { ...this.envOf(facts), pot });
            const codes = 'refused' in verdict ? verdict.refused : [];
            return withReference ? { refused: [UsernameError.unknown_op, ...codes] } : verdict;
        };
        const body = withReference ? beginCell().storeRef(Cell.EMPTY).endCell() : Cell.EMPTY;
        const tx = await this.world.settleExternally(this.addressOf(label), body).then(
            ({ transactions }) => transactions[0],
            async (error: unknown) => {
                const { rent } = await this.read(label);
                const pot = balance - rent - messageFee(this.prices);
                const verdict = judge(pot);
                const code = error instanceof EmulationError ? error.exitCode : undefined;
                const isRight = 'refused' in verdict && code !== undefined && verdict.refused.includes(code);
                // An account that cannot buy any gas after the import does not run its code, one with little ends without it
                const { flatGasPrice } = this.prices.gas;
                const needed = code === OUT_OF_GAS ? gasFee(this.prices, UsernameGas.SETTLE_GAS) : flatGasPrice;
                if (!isRight && pot >= needed) {
                    throw error;
                }
                this.stage.coverage.note('settle externally', this.nameOf(item), false);
            },
        );
        if (!tx) {
            return;
        }
        const facts = factsOf(tx, balance);
        const verdict = judge(facts.pot, facts);
        this.stage.coverage.note('settle externally', this.nameOf(item), true);
        const problem =
            'refused' in verdict
                ? `Accepted, and not refused with ${verdict.refused.map(errorName).join(', ')}`
                : differenceOf(facts.sent, verdict.sent);
        if (problem !== null || 'refused' in verdict) {
            throw new Error(problem ?? 'Accepted');
        }
        this.items.set(label, verdict.next);
        await this.checkLaws(label, { from: this.addressOf(label), request: null, bid: null, facts });
    }

    private async send(step: Sending): Promise<void> {
        this.queryId += 1n;
        const letter = await writeLetter(step, this, this.queryId);
        const { from, value, body, bounce, isMalformed } = letter;
        const to = letter.label === null ? this.house.address : this.addressOf(letter.label);
        const init = letter.label !== null && letter.withInit ? this.accountOf(letter.label).init : null;
        // Nobody sends what he does not have: some auctions go up to more than there is
        if (value + toNano(1) > (await this.world.balance(this.people[from]))) {
            return;
        }
        const held = new Map([[this.house.address, await this.world.balance(this.house.address)]]);
        LABELS.forEach((label) => held.set(this.addressOf(label), this.held(label)));
        const { transactions } = await this.world.send(this.world.people[from], to, value, body, { bounce, init });

        const ours: Account[] = transactions.flatMap((tx) => {
            const [address, before] = [...held].find(([address]) => isOn(tx, address)) ?? [];
            if (!address || before === undefined) {
                return [];
            }
            const facts = factsOf(tx, before);
            held.set(address, facts.after);
            return [{ address, facts }];
        });
        const header = { from: this.people[from], bounce };
        if (letter.label !== null) {
            const [first, ...others] = ours;
            await this.onItem(letter.label, letter.request, isMalformed, header, first?.facts);
            expect(others).toEqual([]);
        } else {
            await this.onHouse(letter.request, isMalformed, header, ours);
        }
        // The sender's own and the message to us, and one for each message that we sent
        const messages = ours.reduce((sum, { facts }) => sum + facts.sent.length, 0);
        expect(transactions).toHaveLength(2 + messages);
    }

    private async onItem(
        label: Label,
        request: ItemRequest,
        isMalformed: boolean,
        header: Header,
        facts: Facts | undefined,
    ): Promise<void> {
        if (!facts) {
            throw new Error('The message did not arrive');
        }
        const item = this.itemOf(label);
        let bid: Deed['bid'] = null;
        if (item === 'absent' && facts.exitCode === undefined) {
            checkAbsent(facts, header, this.prices);
        } else {
            bid = bidOf(request, header.from, facts.value, this.storedOf(label));
            const state = item === 'absent' ? 'bare' : item;
            const incoming = { ...header, request, queryId: this.queryId, isMalformed };
            const verdict = receiveItem(this.house.address, state, nameIndex(label), incoming, this.envOf(facts));
            this.stage.coverage.note(request.is, this.nameOf(item), !('refused' in verdict));
            // A contract whose StateInit has come is there, even if its code failed
            this.items.set(label, stateAfter(verdict, state, facts, header, this.prices));
        }
        await this.checkLaws(label, { from: header.from, request, bid, facts });
    }

    private async onHouse(request: HouseRequest, isMalformed: boolean, header: Header, ours: Account[]): Promise<void> {
        const [first, second, third, ...others] = ours;
        if (!first) {
            throw new Error('The message did not arrive');
        }
        const { facts } = first;
        const before = this.house;
        const incoming = { ...header, request, queryId: this.queryId, isMalformed };
        const verdict = receiveHouse(before, incoming, this.envOf(facts));
        const state = before.paused ? 'house: paused' : before.openTerms ? 'house: open' : 'house: signed only';
        this.stage.coverage.note(request.is, state, !('refused' in verdict));
        const deploy = 'refused' in verdict ? undefined : verdict.deploy;
        const label = LABELS.find((label) => label === deploy?.name.label);
        this.house = stateAfter(verdict, before, facts, header, this.prices, label && this.addressOf(label));
        expect(houseKeepsNothing(request, facts, this.prices)).toBe(true);
        expect(others).toEqual([]);
        if (!deploy || !label) {
            expect(second).toBeUndefined();
            return;
        }
        await this.onItem(
            label,
            { is: 'deploy', ...deploy },
            false,
            { from: before.address, bounce: true },
            second?.facts,
        );
        if (third) {
            // The item refused, and the house gives the money back to its bidder
            const back = givenBack(deploy.refundTo, this.envOf(third.facts));
            expect(differenceOf(third.facts.sent, [back])).toBeNull();
            expect(houseKeepsNothing(null, third.facts, this.prices)).toBe(true);
        }
    }

    // ------------------------------------------------------------ checks

    private async checkLaws(label: Label, deed: Pick<Deed, 'from' | 'request' | 'bid' | 'facts'>): Promise<void> {
        const [before, after] = [this.storedOf(label), await this.read(label)];
        const { atStake, broken } = weigh({ ...deed, before, after, prices: this.prices, now: this.now });
        const { tested } = this.stage;
        atStake.forEach((law) => tested.set(law, (tested.get(law) ?? 0) + 1));
        if (broken.length > 0) {
            throw new Error(`Broken: ${broken.join('; ')}`);
        }
    }

    /** The storage cells are what the model says, after every step and for every account. */
    private async compare(): Promise<void> {
        for (const label of LABELS) {
            const after = await this.read(label);
            if (!leaderIsSafe(after, this.prices)) {
                throw new Error(`Broken: the leader of ${label} can always be refunded`);
            }
            this.stored.set(label, after);
            expect(after.data).toEqual(storedAs(this.itemOf(label), label, this.house.address, DOMAIN));
        }
        const { paused, admin, pendingAdmin, openTerms, royalty, self } = this.house;
        const stored = cellToUsernameCollectionConfig(await this.world.data(this.house.address));
        expect(stored).toMatchObject({
            paused,
            admin,
            pendingAdmin,
            openTerms,
            royalty,
            self,
            domain: DOMAIN,
            subwalletId: SUBWALLET_ID,
            publicKey: at(SIGNERS, this.house.signer).publicKey,
            pendingPublicKey:
                this.house.pendingSigner === null ? null : at(SIGNERS, this.house.pendingSigner).publicKey,
        });
    }

    private async compareGetters(): Promise<void> {
        for (const [label, account] of this.accounts) {
            const item = this.itemOf(label);
            const contract = this.world.chain.openContract(account);
            if (typeof item === 'string') {
                expect((await contract.getState()).status).toBe('uninit');
            } else {
                expect(await contract.getState()).toMatchObject(shownAs(item, this.now, this.prices));
                expect((await contract.getNftData()).owner).toEqual(item.owner);
            }
        }
        const { paused, admin, pendingAdmin, royalty } = this.house;
        expect(await this.world.collection.getState()).toMatchObject({ paused, admin, pendingAdmin, royalty });
    }

    private async read(label: Label): Promise<Stored> {
        const account = (await this.world.chain.getContract(this.addressOf(label))).account.account;
        const state = account?.storage.state;
        const cell = (state?.type === 'active' && state.state.data) || null;
        const { used, lastPaid } = account?.storageStats ?? { used: { cells: 0n, bits: 0n }, lastPaid: this.now };
        return {
            balance: account?.storage.balance.coins ?? 0n,
            cell,
            data: cell && cellToItemData(cell),
            rent: storageFee(this.prices, Number(used.cells), Number(used.bits), this.now - lastPaid),
        };
    }

    private envOf(facts: Facts | undefined): Env {
        return {
            now: this.now,
            prices: this.prices,
            lt: facts?.lt ?? 0n,
            pot: facts?.pot ?? 0n,
            surely: facts?.pot ?? 0n,
            value: facts?.value ?? 0n,
            gas: facts?.gas ?? 0,
            forwardFee: facts?.cameFor ?? 0n,
        };
    }

    /** The auction that runs, or whose winner waits. */
    private auctionAt(target: number): Auction | null {
        const item = this.itemOf(pickLabel(this, target));
        const isOpen = typeof item !== 'string' && (item.auction?.bid || !isOver(item, this.now));
        return isOpen ? item.auction : null;
    }

    /** What the coverage calls the state of a name. */
    private nameOf(item: Item): string {
        if (typeof item === 'string') {
            return `name: ${item}`;
        }
        const { auction } = item;
        return !auction
            ? 'name: idle'
            : `name: ${auction.bid ? 'auction' : 'open'}${isOver(item, this.now) ? ', over' : ''}`;
    }

    private itemOf(label: Label): Item {
        return this.items.get(label) ?? 'absent';
    }

    private storedOf(label: Label): Stored {
        return this.stored.get(label) ?? { balance: 0n, cell: null, data: null, rent: 0n };
    }

    private accountOf(label: Label): UsernameItem {
        const account = this.accounts.get(label);
        if (!account) {
            throw new Error(`No account of ${label}`);
        }
        return account;
    }

    private addressOf(label: Label): Address {
        return this.accountOf(label).address;
    }
}

function at<T>(list: readonly T[], index: number): T {
    const entry = list[index];
    if (entry === undefined) {
        throw new Error(`No ${index} in a list of ${list.length}`);
    }
    return entry;
}
