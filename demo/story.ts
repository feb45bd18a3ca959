import type { Address } from '@ton/core';

import type { NetworkFees } from '../devnet/ledger';
import { sum } from '../devnet/ledger';
import type { AdsReport } from './ads';
import { playAds } from './ads';
import type { NameReport } from './auction';
import { playAuction } from './auction';
import type { Audience, PersonReport, Step } from './stage';
import { Stage } from './stage';

/** The whole run. Amounts in nanotons. */
export type Report = {
    steps: Step[];
    people: (PersonReport & { owns: string[]; channels: string[] })[];
    names: NameReport[];
    ads: AdsReport;
    /** `broughtIn` = `held` + `fees` + `missing`. */
    conservation: {
        transactions: number;
        /** The transactions whose own sums do not come out. */
        faults: { account: string; lt: bigint; missing: bigint }[];
        broughtIn: bigint;
        held: Record<'wallets' | 'collection' | 'names' | 'network' | 'channels' | 'campaigns', bigint>;
        fees: NetworkFees;
        missing: bigint;
    };
};

/** Plays the story on a fresh chain, to an audience if there is one. Throws where a step does not end as it should. */
export async function play(audience: Audience | null): Promise<Report> {
    const stage = await Stage.open(audience);
    const { people: cast, collection, names } = await playAuction(stage);
    const ads = await playAds(stage, cast);

    const people = await Promise.all(stage.people.map((person) => stage.reportOf(person)));
    const ownedBy = (owner: string, things: { name: string; owner: string }[]): string[] =>
        things.filter((thing) => thing.owner === owner).map(({ name }) => name);
    const { entries } = stage.ledger;
    const { broughtIn, held, fees, missing } = await stage.ledger.balance(stage.chain);
    const heldBy = (isTheirs: (account: Address) => boolean): bigint =>
        sum(held, ({ account, balance }) => (isTheirs(account) ? balance : 0n));
    const heldByOne = (address: string): bigint => heldBy((account) => account.toString() === address);
    const heldByAll = (contracts: { address: string }[]): bigint => sum(contracts, ({ address }) => heldByOne(address));
    return {
        steps: stage.steps,
        people: people.map((person) => ({
            ...person,
            owns: ownedBy(person.name, names),
            channels: ownedBy(person.name, ads.channels),
        })),
        names,
        ads,
        conservation: {
            transactions: entries.length,
            faults: entries
                .filter((entry) => entry.missing !== 0n)
                .map(({ account, transaction, missing }) => ({
                    account: stage.labelOf(account),
                    lt: transaction.lt,
                    missing,
                })),
            broughtIn,
            held: {
                wallets: heldBy((account) => stage.isWallet(account)),
                collection: heldByOne(collection.toString()),
                names: heldByAll(names),
                network: heldByOne(ads.network.address),
                channels: heldByAll(ads.channels),
                campaigns: heldByAll(ads.campaigns),
            },
            fees,
            missing,
        },
    };
}
