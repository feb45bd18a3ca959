import type { NetworkProvider } from '@ton/blueprint';
import type { Address, Transaction } from '@ton/core';
import { toNano } from '@ton/core';

import type { OpenNetwork } from '../../cli/ads';
import * as chain from '../../cli/chain';
import { ChainCharging } from '../../cli/charges';
import { Session } from '../../cli/session';
import { parseWords } from '../../cli/words';
import type { Charge } from '../../wrappers';
import { Campaign } from '../../wrappers';
import { AdsWorld } from '../helpers/ads-world';

const START = 0n;

let world: AdsWorld;
/** Every transaction that the API shows, in its order. */
let shown: Transaction[];

beforeEach(async () => {
    world = await AdsWorld.create();
    shown = [];
    jest.spyOn(chain, 'transactionsSince').mockImplementation((_, account, since) => transactionsOf(account, since));
});

afterEach(() => jest.restoreAllMocks());

/** Newest first, as an API shows them. */
function transactionsOf(account: Address, since: bigint): Promise<Transaction[]> {
    const ofAccount = shown.filter((it) => it.address === BigInt(`0x${account.hash.toString('hex')}`) && it.lt > since);
    return Promise.resolve(ofAccount.reverse());
}

/** Charges whose messages are sent as `charge` does. */
function charging(charge: (charges: Charge[]) => Promise<Transaction>): ChainCharging {
    const sender = { address: world.people.operator.address };
    const provider = { network: () => 'custom', sender: () => sender } as NetworkProvider;
    const session = new Session(provider, parseWords([], [], []));
    jest.spyOn(session, 'config').mockResolvedValue({ prices: world.prices, globalId: -239, source: '' });
    let charges: Charge[] = [];
    jest.spyOn(session, 'carryOut').mockImplementation(() => charge(charges));
    const found = new ChainCharging(session, { address: world.network.address } as OpenNetwork, START);
    const send = found.send.bind(found);
    found.send = (all) => {
        charges = all;
        return send(all);
    };
    return found;
}

/** Sends charges and shows all that comes of them, but for what `isHidden`. */
const chargeAndShow =
    (isHidden: (transaction: Transaction) => boolean = () => false) =>
    async (charges: Charge[]): Promise<Transaction> => {
        const { transactions } = await world.charge(...charges);
        shown.push(...transactions.filter((it) => !isHidden(it)));
        return transactions.find((it) => it.inMessage?.info.dest?.toString() === world.network.address.toString())!;
    };

/** The network's transaction of a campaign's revenue. */
const isRevenueOf =
    (campaign: Address) =>
    ({ inMessage }: Transaction): boolean =>
        inMessage?.info.type === 'internal' &&
        inMessage.info.src.equals(campaign) &&
        inMessage.info.dest.equals(world.network.address);

describe('a charge', () => {
    it("is booked by the network's own transaction, and by nothing before it", async () => {
        const { address } = await world.funded();
        const charges = [{ campaign: address, cumulative: toNano('3') }];
        const hidden = isRevenueOf(address);
        let later: Transaction[] = [];
        const run = charging(async (all) => {
            const { transactions } = await world.charge(...all);
            shown.push(...transactions.filter((it) => !hidden(it)));
            later = transactions.filter(hidden);
            return transactions[1]!;
        });
        await run.send(charges);
        expect(later.length).toBe(1);
        expect((await world.chain.openContract(Campaign.createFromAddress(address)).getState()).spent).toBe(
            toNano('3'),
        );
        expect(await run.outcomes(charges, false)).toEqual([{ status: 'unknown' }]);
        shown.push(...later);
        expect(await run.outcomes(charges, true)).toEqual([{ status: 'booked' }]);
        // A run that begins anew finds it as well
        expect(await charging(chargeAndShow()).outcomes(charges, false)).toEqual([{ status: 'booked' }]);
        const other = [{ campaign: address, cumulative: toNano('4') }];
        expect(await run.outcomes(other, false)).toEqual([{ status: 'unknown' }]);
    });

    it('that a campaign refuses counts its refusals, and is booked when one message is taken', async () => {
        const { address } = await world.funded(toNano('1'));
        const charges = [{ campaign: address, cumulative: toNano('30') }];
        const run = charging(chargeAndShow());
        for (const times of [1, 2]) {
            await run.send(charges);
            const reason = 'above_budget (1204): the campaign must be funded first';
            expect(await run.outcomes(charges, true)).toEqual([{ status: 'refused', times, reason }]);
        }
        await world.send(world.people.advertiser, address, toNano('40'));
        await run.send(charges);
        expect(await run.outcomes(charges, true)).toEqual([{ status: 'booked' }]);
        // Once more is refused, for it is taken
        await run.send(charges);
        expect(await run.outcomes(charges, true)).toEqual([{ status: 'booked' }]);
    });

    it('is not taken for refused by the refusal of an earlier message', async () => {
        const { address } = await world.funded(toNano('1'));
        const charges = [{ campaign: address, cumulative: toNano('30') }];
        await charging(chargeAndShow()).send(charges);
        const again = charging(
            chargeAndShow(({ inMessage }) => inMessage?.info.dest?.toString() === address.toString()),
        );
        await again.send(charges);
        jest.useFakeTimers({ doNotFake: ['nextTick', 'setImmediate'] });
        try {
            const waiting = again.outcomes(charges, true);
            await jest.advanceTimersByTimeAsync(200_000);
            expect(await waiting).toEqual([{ status: 'unknown' }]);
        } finally {
            jest.useRealTimers();
        }
        expect(await again.outcomes(charges, false)).toMatchObject([{ status: 'refused', times: 1 }]);
    });

    it("cannot be faked by a stranger's message", async () => {
        const { address } = await world.funded();
        const charges = [{ campaign: address, cumulative: toNano('3') }];
        const { transactions: ofStranger } = await world.revenue(toNano('3'));
        shown.push(...ofStranger);
        expect(await charging(chargeAndShow()).outcomes(charges, false)).toEqual([{ status: 'unknown' }]);
    });
});
