import { styleText } from 'node:util';

import type { Audience, Picture, StepMessage } from './stage';
import { COIN, coins, START } from './stage';
import type { Report } from './story';
import { play } from './story';

const paint = (format: Parameters<typeof styleText>[0], text: string): string =>
    process.stdout.isTTY ? styleText(format, text) : text;

const print = (...lines: string[]): void => {
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
};

/** Unix seconds as a day of the story and a time of that day. */
const clock = (time: number): string =>
    `day ${Math.floor(time / 86_400) - Math.floor(START / 86_400) + 1}, ${new Date(time * 1000).toISOString().slice(11, 19)}`;

/** Nanotons as coins, with the decimal points of a column below each other. */
function aligned(amount: bigint): string {
    const [whole = '', fraction] = coins(amount).replace(` ${COIN}`, '').split('.');
    return whole.padStart(3) + (fraction === undefined ? '' : `.${fraction}`).padEnd(10);
}

/** Lines with columns as wide as they need. */
function table(rows: string[][]): string[] {
    const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
    return rows.map((row) => `  ${row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join('  ')}`.trimEnd());
}

/** A table under its head. */
function titled({ head, rows }: Picture): string[] {
    const [headLine = '', ...lines] = table([head, ...rows]);
    return [paint('dim', headLine), ...lines];
}

/** Lines of a name and amounts; the last one is in bold. */
function sums(rows: [name: string, ...amounts: bigint[]][]): string[] {
    const lines = table(rows.map(([name, ...amounts]) => [name, ...amounts.map(aligned)]));
    return [...lines.slice(0, -1), paint('bold', lines.at(-1) ?? '')];
}

function messageLine({ from, to, what, amount, error }: StepMessage): string {
    const line = `    ${from.padEnd(10)} → ${to.padEnd(10)} ${aligned(amount)} ${COIN}  ${what}`;
    return error === null ? line : `${line}, ${paint('yellow', `refused with ${error}`)}`;
}

const teller: Audience = {
    begins({ number, title, time }) {
        print('', `${paint('bold', `${number}. ${title}`)}  ${paint('dim', clock(time))}`);
    },
    ended({ messages, gas, fees, outcome, picture }) {
        const gasText = `gas ${gas.contracts} in the contracts, ${gas.wallets} in the wallets`;
        print(
            ...messages.map(messageLine),
            ...(picture ? titled(picture).map((line) => `  ${line}`) : []),
            `    ${paint('green', outcome)}`,
            paint('dim', `    ${gasText}; network fees ${coins(fees.total)}`),
        );
    },
};

function printPeople({ people, names }: Report): void {
    print(
        '',
        paint('bold', `What each person paid, got back and owns (${COIN})`),
        ...titled({
            head: ['', 'brought in', '- paid', '+ got back', '+ received', '- fees', '= has now', 'and owns'],
            rows: people.map(({ name, owns, channels, ...amounts }) => [
                name,
                aligned(amounts.broughtIn),
                aligned(amounts.paid),
                aligned(amounts.gotBack),
                aligned(amounts.received),
                aligned(amounts.fees),
                aligned(amounts.balance),
                [...owns.map((it) => `@${it}`), ...channels.map((it) => `#${it}`)].join(' ') || 'no name',
            ]),
        }),
        '',
        paint('bold', `The names (${COIN})`),
        ...titled({
            head: ['', 'owner', 'holds', 'reserve: ten years of rent'],
            rows: names.map(({ name, owner, balance, reserve }) => [
                `@${name}`,
                owner,
                aligned(balance),
                aligned(reserve),
            ]),
        }),
    );
}

function printAds({ ads: { payments, owners, platform } }: Report): void {
    const paid = payments.reduce((total, payment) => total + payment.paid, 0n);
    print(
        '',
        paint('bold', `How the ad revenue was divided (${COIN})`),
        ...titled({
            head: ['', 'paid', "= owner's half", "+ platform's half"],
            rows: [
                ...payments.map((it): [string, bigint, bigint, bigint] => [it.what, it.paid, it.owner, it.platform]),
                ['in all', paid, owners.booked, platform.booked] as const,
            ].map(([what, ...amounts]) => [what, ...amounts.map(aligned)]),
        }),
        '',
        paint('bold', `What became of the halves (${COIN})`),
        ...sums([
            ['paid to owners on vouchers', owners.claimed],
            ['paid to owners from their accounts', owners.withdrawn],
            ['reinvested by owners', owners.reinvested],
            ['waiting for owners', owners.waiting],
            ["= the owners' half", owners.booked],
        ]),
        ...sums([
            ["the platform's half", platform.booked],
            ['+ left over from fees', platform.leftOver],
            ['= swept to the treasury', platform.swept],
        ]),
    );
}

function printConservation({ conservation }: Report): void {
    const { broughtIn, held, fees, missing, transactions } = conservation;
    const lines = table([
        ['brought in', aligned(broughtIn)],
        ['held by the wallets', aligned(held.wallets)],
        ['held by the collection', aligned(held.collection)],
        ['held by the names', aligned(held.names)],
        ['held by the ad network', aligned(held.network)],
        ['held by the channels', aligned(held.channels)],
        ['held by the campaigns', aligned(held.campaigns)],
        ['network fees: gas', aligned(fees.gas)],
        ['network fees: messages', aligned(fees.messages)],
        ['network fees: storage', aligned(fees.storage)],
        ['missing', aligned(missing)],
    ]);
    print(
        '',
        paint('bold', `Where every nanoton is, after ${transactions} transactions (${COIN})`),
        ...lines.slice(0, -1),
        paint(missing === 0n ? 'green' : 'red', lines.at(-1) ?? ''),
    );
}

/**
 * `npm start` tells the story step by step; with `--json` it gives the same as one JSON document, in which amounts are
 * strings of nanotons and times unix seconds. Throws where a step does not end as it should, or a nanoton is missing.
 */
async function main(args: string[]): Promise<void> {
    const unknown = args.find((arg) => arg !== '--json');
    if (unknown !== undefined) {
        throw new Error(`${unknown} is no option of the demo: there is only --json.`);
    }
    const isJson = args.length > 0;
    if (!isJson) {
        print(
            paint('bold', 'Gramhouse: usernames that are sold by auction, and ad revenue that is divided by code'),
            "One story with real wallet contracts on an embedded chain, at today's prices of the network.",
            'Each step shows its messages, how it ended, and what the network took for it.',
        );
    }
    const report = await play(isJson ? null : teller);
    if (isJson) {
        const asText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
        print(JSON.stringify({ coin: COIN, ...report }, asText, 2));
    } else {
        printPeople(report);
        printAds(report);
        printConservation(report);
    }
    const { missing, faults } = report.conservation;
    if (missing !== 0n || faults.length > 0) {
        const where = faults.map((fault) => `${fault.missing} in transaction ${fault.lt} of ${fault.account}`);
        throw new Error(`Nanotons missing: ${[missing, ...where].join(', ')}.`);
    }
}

main(process.argv.slice(2)).catch((error: unknown) => {
    const [line] = (error instanceof Error ? error.message : String(error)).split('\n');
    process.stderr.write(`${line}\n`);
    process.exitCode = 1;
});
