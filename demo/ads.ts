import type { Contract } from '@ton/core';
import { SendMode, toNano } from '@ton/core';
import { parse } from 'csv-parse/sync';

import { sum } from '../devnet/ledger';
import type { Voucher } from '../wrappers';
import {
    AdNetwork,
    chargeList,
    checkReportHeader,
    parseReportLine,
    quoteAccountSweep,
    quoteAnswer,
    quoteCharge,
    quoteClaim,
    quoteDeployNetwork,
    quoteFund,
    quoteRefund,
    quoteRegister,
    quoteReinvest,
    quoteTreasurySweep,
    quoteWithdraw,
    REPORT_COLUMNS,
    ReportTotals,
    signOwnerCertificate,
    signVoucher,
    voucherList,
} from '../wrappers';
import type { AdsCast, Channel, Payment } from './ads-cast';
import {
    book,
    claim,
    enterAds,
    expectDeployed,
    expectOwner,
    fundsOf,
    pay,
    SHARE_BPS,
    targetOf,
    VOUCHER_KEY,
} from './ads-cast';
import type { Auction } from './auction';
import type { Person, Picture, Stage } from './stage';
import { coins, expectAtLeast, expectEqual, ton } from './stage';

const MINUTE = 60;
const HOUR = 3600;
const DAY = 24 * HOUR;

const BUDGET = toNano('60');
/** Nanotons for a thousand impressions. */
const CPM = toNano('0.1');
/** How often the channels showed the campaign's messages, week by week. */
const IMPRESSIONS = [
    { channel: 'aurora', weeks: [61_500, 72_800, 55_300, 64_400] },
    { channel: 'harbor', weeks: [30_200, 41_600, 38_900, 35_300] },
];

/** The ad revenue of the run. Amounts in nanotons. */
export type AdsReport = {
    payments: Payment[];
    /** `booked`, of all payments, = `claimed` + `withdrawn` + `reinvested` + `waiting`. */
    owners: Record<'booked' | 'claimed' | 'withdrawn' | 'reinvested' | 'waiting', bigint>;
    /** `swept` = `booked`, of all payments, + `leftOver` from fees. */
    platform: Record<'booked' | 'leftOver' | 'swept', bigint>;
    network: { address: string; balance: bigint };
    channels: { name: string; address: string; owner: string; balance: bigint }[];
    campaigns: { name: string; address: string; spent: bigint; budget: bigint; balance: bigint }[];
};

/** Plays the story of the ads, with people of the auction. Throws where a step does not end as it should. */
export async function playAds(stage: Stage, people: Auction['people']): Promise<AdsReport> {
    const cast = await enterAds(stage, people);
    await opening(cast);
    await owners(cast);
    const vouchers = await settlement(cast);
    await claims(cast, vouchers);
    await earnings(cast);
    await closing(cast);
    return report(cast);
}

async function opening(cast: AdsCast): Promise<void> {
    const { stage, prices, house, alice, network, campaign } = cast;

    stage.now += HOUR;
    await stage.step('ad_network', 'The House opens an ad network that divides all revenue in halves', async () => {
        await network.sendDeploy(house.via, { value: quoteDeployNetwork(prices) });
        expectEqual('The share of the owners', `${(await network.getState()).shareBps}`, `${SHARE_BPS}`);
        return {
            outcome: "The share is part of the network's address: not even the House can change it.",
            picture: {
                head: ['who pays', '', 'what for', '', 'who divides it', '', 'who gets the half'],
                rows: [
                    [
                        'advertiser',
                        '─ fund ▶',
                        'campaign',
                        '─ revenue ▶',
                        'network',
                        '─ on a voucher ▶',
                        "owner's wallet",
                    ],
                    [
                        'brand',
                        '─ payment ▶',
                        'channel',
                        '─────────▶',
                        'its own account',
                        '─ withdraw ▶',
                        "owner's wallet",
                    ],
                ],
            },
        };
    });

    stage.now += MINUTE;
    await stage.step('campaign', `Alice gives a campaign a budget of ${coins(BUDGET)}`, async () => {
        await campaign.sendFund(alice.via, { amount: BUDGET, value: quoteFund(BUDGET, prices, true) });
        const { budget, burst } = await campaign.getState();
        expectAtLeast('The budget', budget, BUDGET);
        return `Only the network can charge it, ${coins(burst)} at once and as much in a month. The rest stays Alice's.`;
    });
}

async function owners(cast: AdsCast): Promise<void> {
    const { stage, prices, carol, erin, network, aurora, harbor } = cast;

    stage.now += HOUR;
    await stage.step('register', 'Carol and Erin register as the owners of their channels', async () => {
        const certify = async (channel: Channel, owner: Person) =>
            signOwnerCertificate({
                ...targetOf(cast, channel),
                payeeId: channel.payeeId,
                owner: owner.address,
                validUntil: stage.now + HOUR,
                signer: VOUCHER_KEY.secretKey,
            });
        const value = quoteRegister(prices);
        await network.sendRegister(carol.via, { value, certificate: await certify(aurora, carol) });
        // All that Erin has goes into this message, so the wallet's contract goes with it
        await stage.fund(erin, value + toNano('0.01'));
        await erin.via.send({
            to: network.address,
            value,
            sendMode: SendMode.CARRY_ALL_REMAINING_BALANCE | SendMode.DESTROY_ACCOUNT_IF_ZERO,
            body: AdNetwork.registerMessage({ certificate: await certify(harbor, erin) }),
        });
        await expectOwner(cast, aurora, carol);
        await expectOwner(cast, harbor, erin);
        await expectDeployed(cast, erin, false);
        return (
            'Certificates of the network name them, and their own messages agree. Erin sent all that the wallet had: ' +
            'its contract is not deployed any more.'
        );
    });
}

/** A month later: charges the campaign for the report, and signs the vouchers of Carol and Erin. */
async function settlement(cast: AdsCast): Promise<{ ofCarol: Voucher; ofErin: Voucher }> {
    const { stage, prices, house, network, campaign, aurora, harbor } = cast;
    const vouchers = new Map<Channel, Voucher>();

    stage.now += 30 * DAY;
    await stage.step('month_settles', 'A month of impressions settles from a CSV', async () => {
        const [columns = [], ...lines] = parse(csvReport(cast));
        checkReportHeader(columns);
        const totals = new ReportTotals();
        lines.map(parseReportLine).forEach((line) => totals.add(line));

        const [{ spent }, before] = [await campaign.getState(), await network.getState()];
        const charges = chargeList(totals.dues(), () => spent);
        await network.sendCharge(house.via, { charges, value: quoteCharge(charges.length, prices) });
        const paid = (await campaign.getState()).spent - spent;
        expectEqual('What was charged', coins(paid), coins(sum(totals.dues(), ({ amount }) => amount)));
        const after = await network.getState();
        book(cast, "Alice's campaign, a month", paid, {
            owner: after.ownersDue - before.ownersDue,
            platform: after.platformDue - before.platformDue,
        });

        // Signed only now that the network has booked the half that they state
        for (const { payeeId, cumulative } of voucherList(totals.earnings(SHARE_BPS), () => 0n)) {
            const channel = payeeId === aurora.payeeId ? aurora : harbor;
            const signer = VOUCHER_KEY.secretKey;
            vouchers.set(channel, await signVoucher({ ...targetOf(cast, channel), payeeId, cumulative, signer }));
        }
        const signed = sum([...vouchers.values()], ({ cumulative }) => cumulative);
        expectEqual('What was signed', coins(signed), coins(after.ownersDue));
        return {
            outcome: `${lines.length} lines, one charge of ${coins(paid)}, and two vouchers for the half that it brought in.`,
            picture: reportPicture([...vouchers]),
        };
    });

    const [ofCarol, ofErin] = [vouchers.get(aurora), vouchers.get(harbor)];
    if (!ofCarol || !ofErin) {
        throw new Error('The report left a channel out');
    }
    return { ofCarol, ofErin };
}

/** A line for each channel and week, as an ad server exports them. */
function csvReport({ campaign, aurora, harbor }: AdsCast): string {
    const lines = IMPRESSIONS.flatMap(({ channel, weeks }) => {
        const { payeeId } = channel === aurora.name ? aurora : harbor;
        return weeks.map((impressions) => [campaign.address.toString(), payeeId, impressions, CPM].join());
    });
    return [REPORT_COLUMNS.join(), ...lines].join('\n');
}

/** What each channel showed, week by week, and what its owner can claim for it. */
function reportPicture(vouchers: [Channel, Voucher][]): Picture {
    const weeks = (IMPRESSIONS[0]?.weeks ?? []).map((_, week) => `week ${week + 1}`);
    return {
        head: ['impressions', ...weeks, 'in all', 'charged', 'voucher'],
        rows: vouchers.map(([{ name }, { cumulative }]) => {
            const counts = IMPRESSIONS.find(({ channel }) => channel === name)?.weeks ?? [];
            const all = counts.reduce((total, impressions) => total + impressions, 0);
            const charged = (BigInt(all) * CPM) / 1000n;
            return [
                `#${name}`,
                ...[...counts, all].map((count) => count.toLocaleString('en')),
                ...[charged, cumulative].map(coins),
            ];
        }),
    };
}

async function claims(cast: AdsCast, { ofCarol, ofErin }: { ofCarol: Voucher; ofErin: Voucher }): Promise<void> {
    const { stage, prices, house, carol, dave, erin, aurora, harbor } = cast;

    stage.now += HOUR;
    await stage.step('claim', 'Carol claims with her voucher', async () => {
        const earned = await claim(cast, carol, aurora, ofCarol, carol);
        return `Carol has ${coins(earned)} in her wallet, and what was left of the claim's own value.`;
    });

    await stage.step(
        'relayed_claim',
        'The House relays the voucher of Erin, whose wallet is not deployed',
        async () => {
            const earned = await claim(cast, house, harbor, ofErin, erin);
            await expectDeployed(cast, erin, false);
            return `Anybody can relay a voucher: it pays nobody but the owner. ${coins(earned)} wait in Erin's wallet.`;
        },
    );

    await stage.step('claim_again', 'Dave sends the voucher of Carol once more', async () => {
        const { account } = aurora;
        const value = quoteClaim(await fundsOf(cast, aurora), prices);
        await account.sendClaim(dave.via, { voucher: ofCarol, value });
        expectEqual('The answer to the second claim', stage.refusalOf(account), 'nothing_due');
        return 'A voucher states all that was ever earned: a second time nothing is due.';
    });
}

async function earnings(cast: AdsCast): Promise<void> {
    const { stage, prices, bob, carol, erin, promotion, aurora, harbor } = cast;

    await stage.step('sponsor', `Bob's brand sponsors both channels directly: ${ton(10)} and ${ton(6)}`, async () => {
        const toCarol = await pay(cast, bob, aurora, toNano('10'));
        const toErin = await pay(cast, bob, harbor, toNano('6'));
        const halves = `${coins(toCarol.owner)} are Carol's and ${coins(toErin.owner)} Erin's at once`;
        return `Plain transfers, divided where they arrive: ${halves}, without the network or a voucher.`;
    });

    stage.now += HOUR;
    await stage.step(
        'reinvest',
        'Carol reinvests in her channel: what #aurora owes her becomes a campaign',
        async () => {
            const own = toNano('1');
            await promotion.sendFund(carol.via, { amount: own, value: quoteFund(own, prices, true) });
            const { ownerDue: amount, ...funds } = await fundsOf(cast, aurora);
            const value = quoteReinvest({ ...funds, ownerDue: amount }, prices);
            await aurora.account.sendReinvest(carol.via, { campaign: promotion.address, amount, value });
            expectEqual('What #aurora owes Carol', coins((await aurora.account.getState()).ownerDue), coins(0n));
            expectAtLeast('The budget of the promotion', (await promotion.getState()).budget, own + amount);
            cast.paidOut.reinvested += amount;
            return `The campaign has ${coins(own)} of her wallet's and all of the ${coins(amount)}, which never were in it.`;
        },
    );

    stage.now += HOUR;
    await stage.step('withdraw', 'Erin withdraws, with the message that deploys her wallet again', async () => {
        const { ownerDue } = await harbor.account.getState();
        await harbor.account.sendWithdraw(erin.via, { value: quoteWithdraw(prices) });
        expectAtLeast('What Erin got', stage.got(erin, 'owner_payout'), ownerDue);
        await expectDeployed(cast, erin, true);
        expectEqual('What #harbor owes Erin', coins((await harbor.account.getState()).ownerDue), coins(0n));
        cast.paidOut.withdrawn += ownerDue;
        return `Erin has ${coins(await stage.balanceOf(erin.address))}: the claim's and the sponsor's halves.`;
    });
}

async function closing(cast: AdsCast): Promise<void> {
    const { stage, prices, house, alice, treasury, network, campaign, aurora, harbor } = cast;

    stage.now += DAY;
    await stage.step('stop', 'Alice stops the campaign', async () => {
        await campaign.sendStop(alice.via, { value: quoteAnswer(prices) });
        const hours = ((await campaign.getState()).closingAt - stage.now) / HOUR;
        return `It closes in ${hours} hours: until then the network can charge for what was shown before.`;
    });

    stage.now += 2 * DAY;
    await stage.step('refund', 'Alice gets back what the campaign has not spent', async () => {
        await campaign.sendRefund(alice.via, { value: quoteRefund(prices) });
        const { spent } = await campaign.getState();
        const rest = stage.got(alice, 'advertiser_refund');
        const lost = BUDGET - spent - rest;
        expectAtLeast('What came back', rest, BUDGET - spent - toNano('0.001'));
        return {
            outcome: 'The campaign is closed for good and keeps its counter, so that no old charge can be taken again.',
            picture: {
                head: ['budget', 'spent', 'rent and fees', 'came back'],
                rows: [[BUDGET, spent, lost, rest].map(coins)],
            },
        };
    });

    stage.now += HOUR;
    await stage.step('sweep', "The House sweeps the platform's halves to the treasury", async () => {
        for (const { account } of [aurora, harbor]) {
            await account.sendSweep(house.via, { value: quoteAccountSweep(prices) });
        }
        await network.sendSweep(house.via, { value: quoteTreasurySweep(prices) });
        const swept = stage.got(treasury, 'treasury_payout');
        return `The treasury has ${coins(swept)}: all that the owners are not due, with what fees left over.`;
    });
}

async function report(cast: AdsCast): Promise<AdsReport> {
    const { stage, treasury, network, payments, paidOut } = cast;
    const balance = async (contract: Contract): Promise<{ address: string; balance: bigint }> => ({
        address: contract.address.toString(),
        balance: await stage.balanceOf(contract.address),
    });
    const channels: AdsReport['channels'] = [];
    let [claimed, waiting] = [0n, (await network.getState()).ownersDue];
    for (const { name, account } of [cast.aurora, cast.harbor]) {
        const { received, ownerDue, owner } = await account.getState();
        claimed += received;
        waiting += ownerDue;
        channels.push({ name, owner: stage.labelOf(owner), ...(await balance(account)) });
    }
    const campaigns: AdsReport['campaigns'] = [];
    for (const contract of [cast.campaign, cast.promotion]) {
        const { spent, budget } = await contract.getState();
        campaigns.push({ name: stage.labelOf(contract.address), spent, budget, ...(await balance(contract)) });
    }
    const owners = { booked: sum(payments, ({ owner }) => owner), claimed, ...paidOut, waiting };
    expectEqual("Twice the owners' half", coins(2n * owners.booked), coins(sum(payments, ({ paid }) => paid)));
    const found = claimed + owners.withdrawn + owners.reinvested + waiting;
    expectEqual("What became of the owners' half", coins(found), coins(owners.booked));
    const booked = sum(payments, ({ platform }) => platform);
    const { received: swept } = await stage.reportOf(treasury);
    return {
        payments,
        owners,
        platform: { booked, leftOver: swept - booked, swept },
        network: await balance(network),
        channels,
        campaigns,
    };
}
