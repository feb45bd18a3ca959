import { styleText } from 'node:util';

import type { Audience, StepMessage } from './stage';
import { COIN, coins } from './stage';
import type { Report } from './story';
import { play } from './story';

const paint = (format: Parameters<typeof styleText>[0], text: string): string =>
    process.stdout.isTTY ? styleText(format, text) : text;

const print = (...lines: string[]): void => {
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
};

/** The hours, minutes and seconds of unix seconds. */
const clock = (time: number): string => new Date(time * 1000).toISOString().slice(11, 19);

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

function messageLine({ from, to, what, amount, error }: StepMessage): string {
    const line = `    ${from.padEnd(10)} → ${to.padEnd(10)} ${aligned(amount)} ${COIN}  ${what}`;
    return error === null ? line : `${line}, ${paint('yellow', `refused with ${error}`)}`;
}

const teller: Audience = {
    begins({ number, title, time }) {
        print('', `${paint('bold', `${number}. ${title}`)}  ${paint('dim', clock(time))}`);
    },
    ended({ messages, gas, fees, outcome }) {
        const gasText = `gas ${gas.contracts} in the contracts, ${gas.wallets} in the wallets`;
        print(
            ...messages.map(messageLine),
            `    ${paint('green', outcome)}`,
            paint('dim', `    ${gasText}; network fees ${coins(fees.total)}`),
        );
    },
};

function printReport({ people, names, conservation }: Report): void {
    const { broughtIn, held, fees, missing, transactions } = conservation;
    const [peopleHead = '', ...peopleLines] = table([
        ['', 'brought in', '- paid', '+ got back', '+ received', '- fees', '= has now', 'and owns'],
        ...people.map(({ name, owns, ...amounts }) => [
            name,
            aligned(amounts.broughtIn),
            aligned(amounts.paid),
            aligned(amounts.gotBack),
            aligned(amounts.received),
            aligned(amounts.fees),
            aligned(amounts.balance),
            owns.map((owned) => `@${owned}`).join(' ') || 'no name',
        ]),
    ]);
    const [namesHead = '', ...nameLines] = table([
        ['', 'owner', 'holds', 'reserve: ten years of rent'],
        ...names.map(({ name, owner, balance, reserve }) => [`@${name}`, owner, aligned(balance), aligned(reserve)]),
    ]);
    const conservationLines = table([
        ['brought in', aligned(broughtIn)],
        ['held by the wallets', aligned(held.wallets)],
        ['held by the collection', aligned(held.collection)],
        ['held by the names', aligned(held.names)],
        ['network fees: gas', aligned(fees.gas)],
        ['network fees: messages', aligned(fees.messages)],
        ['network fees: storage', aligned(fees.storage)],
        ['missing', aligned(missing)],
    ]);
    print(
        '',
        paint('bold', `What each person paid, got back and owns (${COIN})`),
        paint('dim', peopleHead),
        ...peopleLines,
        '',
        paint('bold', `The names (${COIN})`),
        paint('dim', namesHead),
        ...nameLines,
        '',
        paint('bold', `Where every nanoton is, after ${transactions} transactions (${COIN})`),
        ...conservationLines.slice(0, -1),
        paint(missing === 0n ? 'green' : 'red', conservationLines.at(-1) ?? ''),
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
            paint('bold', 'Gramhouse: usernames that are sold by auction'),
            "One story with real wallet contracts on an embedded chain, at today's prices of the network.",
            'Each step shows its messages, how it ended, and what the network took for it.',
        );
    }
    const report = await play(isJson ? null : teller);
    if (isJson) {
        const asText = (_: string, value: unknown): unknown => (typeof value === 'bigint' ? String(value) : value);
        print(JSON.stringify({ coin: COIN, ...report }, asText, 2));
    } else {
        printReport(report);
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
