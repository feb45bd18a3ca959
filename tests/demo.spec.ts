import { spawnSync } from 'node:child_process';
import { join } from 'node:path';

import { Address, beginCell, loadMessage, storeMessage, toNano } from '@ton/core';
import { Blockchain, Executor, internal, type SmartContract } from '@ton/sandbox';

import { START } from '../demo/stage';
import { Ledger } from '../devnet/ledger';
import { WATCHED } from './helpers/watch-wire';

const root = join(__dirname, '..');

type Run = { status: number | null; stdout: string; stderr: string };

/** A document in which amounts are strings of nanotons: demo/story.ts, `Report`. */
type Document = {
    coin: string;
    steps: {
        id: string;
        messages: { to: string; what: string; amount: string; error: string | null }[];
        gas: { contracts: number };
        picture: { head: string[]; rows: string[][] } | null;
    }[];
    people: ({ name: string; owns: string[]; channels: string[] } & Record<
        'broughtIn' | 'paid' | 'gotBack' | 'received' | 'fees' | 'balance',
        string
    >)[];
    names: { name: string; owner: string; balance: string; reserve: string }[];
    ads: {
        payments: { what: string; paid: string; owner: string; platform: string }[];
        owners: Record<'booked' | 'claimed' | 'withdrawn' | 'reinvested' | 'waiting', string>;
        platform: Record<'booked' | 'leftOver' | 'swept', string>;
        network: { balance: string };
        channels: { name: string; owner: string; balance: string }[];
        campaigns: { name: string; spent: string; budget: string; balance: string }[];
    };
    conservation: {
        transactions: number;
        faults: { account: string; missing: string }[];
        broughtIn: string;
        held: Record<'wallets' | 'collection' | 'names' | 'network' | 'channels' | 'campaigns', string>;
        fees: Record<'storage' | 'gas' | 'messages', string>;
        missing: string;
    };
};

function run(command: string, ...args: string[]): Run {
    return spawnSync(command, args, { cwd: root, encoding: 'utf8', env: WATCHED });
}

/** npm says what it runs, unless it is silent. */
const start = (...args: string[]): Run => run('npm', 'start', '--silent', '--', ...args);

const parse = ({ stdout }: Run): Document => JSON.parse(stdout) as Document;

const total = (amounts: string[]): bigint => amounts.reduce((sum, amount) => sum + BigInt(amount), 0n);

describe('npm start -- --json', () => {
    let result: Run;
    let document: Document;

    beforeAll(() => {
        result = start('--json');
        document = parse(result);
    });

    it('prints one document, nothing else, and exits with 0', () => {
        expect(result.status).toBe(0);
        expect(result.stdout).toMatch(/^\{[^]*\}\n$/);
    });

    it('tells every step of the story, with its messages and gas', () => {
        expect(document.steps.map(({ id }) => id)).toEqual([
            'funding',
            'deploy',
            'mint',
            'outbid',
            'outbid_again',
            'low_bid',
            'last_minute',
            'settlement',
            'late_bid',
            'dns_record',
            'transfer',
            'resale',
            'buy_now',
            'open_mint',
            'late_bid_settles',
            'ad_network',
            'campaign',
            'register',
            'month_settles',
            'claim',
            'relayed_claim',
            'claim_again',
            'sponsor',
            'reinvest',
            'withdraw',
            'stop',
            'refund',
            'sweep',
        ]);
        for (const { messages, gas } of document.steps.slice(1)) {
            expect(messages.length).toBeGreaterThan(0);
            expect(gas.contracts).toBeGreaterThan(0);
        }
    });

    it('refuses the low and the late bid and the second claim, and nothing else', () => {
        const refusals = document.steps.flatMap(({ id, messages }) =>
            messages.filter(({ error }) => error !== null).map(({ what, error }) => ({ id, what, error })),
        );
        expect(refusals).toEqual([
            { id: 'low_bid', what: 'bid', error: 'bid_too_low' },
            { id: 'late_bid', what: 'bid', error: 'no_auction' },
            { id: 'claim_again', what: 'claim', error: 'nothing_due' },
        ]);
    });

    it('gives the names and channels to those who own them', () => {
        expect(document.names.map(({ name, owner }) => ({ name, owner }))).toEqual([
            { name: 'aurora', owner: 'Carol' },
            { name: 'moonlight', owner: 'Dave' },
        ]);
        expect(document.people.map(({ name, owns, channels }) => [name, ...owns, ...channels])).toEqual([
            ['House'],
            ['Alice'],
            ['Bob'],
            ['Carol', 'aurora', 'aurora'],
            ['Dave', 'moonlight'],
            ['Erin', 'harbor'],
            ['Treasury'],
        ]);
        for (const { balance, reserve } of document.names) {
            expect(BigInt(balance)).toBeGreaterThanOrEqual(BigInt(reserve));
        }
    });

    it('settles a month of impressions: one charge, and a voucher for half of what each channel earned', () => {
        const { picture } = document.steps.find(({ id }) => id === 'month_settles')!;
        expect(picture).toEqual({
            head: ['impressions', 'week 1', 'week 2', 'week 3', 'week 4', 'in all', 'charged', 'voucher'],
            rows: [
                ['#aurora', '61,500', '72,800', '55,300', '64,400', '254,000', '25.4 TON', '12.7 TON'],
                ['#harbor', '30,200', '41,600', '38,900', '35,300', '146,000', '14.6 TON', '7.3 TON'],
            ],
        });
        expect(document.ads.payments.map(({ paid }) => BigInt(paid))).toEqual([
            toNano('40'),
            toNano('10'),
            toNano('6'),
        ]);
    });

    it("divides every payment in exact halves, and finds all of the owners' again", () => {
        const { payments, owners, platform } = document.ads;
        for (const { what, paid, owner, platform: rest } of payments) {
            expect({ what, twice: 2n * BigInt(owner), rest }).toEqual({ what, twice: BigInt(paid), rest: owner });
        }
        const { booked, ...found } = owners;
        expect(total(Object.values(found))).toBe(BigInt(booked));
        expect({ booked, waiting: found.waiting }).toEqual({ booked: String(toNano('28')), waiting: '0' });
        expect(platform.booked).toBe(booked);
    });

    it('pays the halves out: to the wallets of the owners, to a campaign and to the treasury', () => {
        const got = (id: string, to: string, what: string): bigint => {
            const { messages } = document.steps.find((step) => step.id === id)!;
            return total(messages.filter((it) => it.to === to && it.what === what).map(({ amount }) => amount));
        };
        const { owners, platform, campaigns } = document.ads;
        const vouchers = [got('claim', 'Carol', 'voucher_payout'), got('relayed_claim', 'Erin', 'voucher_payout')];
        expect(vouchers[0]).toBeGreaterThanOrEqual(toNano('12.7'));
        expect(vouchers[1]).toBeGreaterThanOrEqual(toNano('7.3'));
        expect(owners.claimed).toBe(String(toNano('20')));
        expect(got('withdraw', 'Erin', 'owner_payout')).toBeGreaterThanOrEqual(BigInt(owners.withdrawn));
        expect(got('reinvest', 'promotion', 'fund')).toBeGreaterThanOrEqual(toNano('1') + BigInt(owners.reinvested));
        expect(got('sweep', 'Treasury', 'treasury_payout')).toBe(BigInt(platform.swept));
        expect(document.people.find(({ name }) => name === 'Treasury')?.balance).toBe(platform.swept);

        const rest = got('refund', 'Alice', 'advertiser_refund');
        // What the charges were given for their gas and did not use is in it
        expect(rest).toBeLessThan(toNano('20.001'));
        expect(rest).toBeGreaterThan(toNano('19.999'));
        expect(campaigns.map(({ name, spent }) => ({ name, spent }))).toEqual([
            { name: 'campaign', spent: String(toNano('40')) },
            { name: 'promotion', spent: '0' },
        ]);
    });

    it("accounts for every nanoton of every person's", () => {
        for (const { name, broughtIn, paid, gotBack, received, fees, balance } of document.people) {
            const expected = BigInt(broughtIn) - BigInt(paid) + BigInt(gotBack) + BigInt(received) - BigInt(fees);
            expect({ name, balance: BigInt(balance) }).toEqual({ name, balance: expected });
        }
    });

    it('misses no nanoton', () => {
        const { broughtIn, held, fees, missing, faults } = document.conservation;
        expect({ missing, faults }).toEqual({ missing: '0', faults: [] });
        expect(total([...Object.values(held), ...Object.values(fees)])).toBe(BigInt(broughtIn));
        expect(total(document.people.map((person) => person.broughtIn))).toBe(BigInt(broughtIn));
        expect(total(document.people.map(({ balance }) => balance))).toBe(BigInt(held.wallets));
        expect(total(document.names.map(({ balance }) => balance))).toBe(BigInt(held.names));
        const { network, channels, campaigns } = document.ads;
        expect(network.balance).toBe(held.network);
        expect(total(channels.map(({ balance }) => balance))).toBe(BigInt(held.channels));
        expect(total(campaigns.map(({ balance }) => balance))).toBe(BigInt(held.campaigns));
    });
});

describe('npm start', () => {
    it('tells the same to a person, without colours where there is no terminal', () => {
        const { status, stdout } = start();
        expect(status).toBe(0);
        expect(stdout).toMatch(/Dave .* → @aurora .* 20\.5 .* refused with bid_too_low/);
        expect(stdout).toMatch(/\n {4}#harbor +30,200 .* 14\.6 TON +7\.3 TON\n/);
        expect(stdout).toMatch(/\n {2}in all +56 +28 +28\n/);
        expect(stdout).toMatch(/\n {2}missing {2,}0\n$/);
        expect(stdout).not.toContain('\u001b');
    });

    it('refuses an unknown argument with one line', () => {
        const { status, stdout, stderr } = start('--jsn');
        expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
        expect(stderr).toContain('--jsn is no option of the demo: there is only --json.\n');
    });
});

describe('a run that loses a nanoton', () => {
    it('says where, and exits with 1', () => {
        const result = run(
            process.execPath,
            ...['ts-node/register/transpile-only', './tests/helpers/lose-nanoton.ts'].flatMap((it) => ['-r', it]),
            'demo/main.ts',
            '--json',
        );
        expect(result.status).toBe(1);
        expect(result.stderr).toMatch(/^Nanotons missing: 1, 1 in transaction \d+ of @?\w+\.\n$/);
        const { missing, faults } = parse(result).conservation;
        expect({ missing, faults: faults.map((fault) => fault.missing) }).toEqual({ missing: '1', faults: ['1'] });
    });
});

describe('the ledger', () => {
    const faucet = new Address(0, Buffer.alloc(32, 1));
    const account = new Address(0, Buffer.alloc(32, 2));

    /** A chain on which an account has got 5 coins twice; `between` runs after the first time. */
    async function pay(between: (contract: SmartContract) => void) {
        const ledger = new Ledger(await Executor.create());
        const chain = await Blockchain.create({ executor: ledger });
        chain.now = START;
        const message = internal({ from: faucet, to: account, value: toNano('5'), bounce: false });
        await chain.sendMessage(message);
        between(await chain.getContract(account));
        await chain.sendMessage(message);
        return { ledger, chain };
    }

    it('takes what comes from outside for brought in', async () => {
        const { ledger, chain } = await pay(() => undefined);
        expect(await ledger.balance(chain)).toEqual({
            broughtIn: toNano('10'),
            held: [{ account, balance: toNano('10') }],
            fees: { storage: 0n, gas: 0n, messages: 0n },
            missing: 0n,
        });
        expect(ledger.entries.map(({ missing }) => missing)).toEqual([0n, 0n]);
    });

    it.each([1n, -1n, toNano('5')])('finds %s nanotons that go missing between two transactions', async (missing) => {
        const { ledger, chain } = await pay((contract) => {
            contract.balance -= missing;
        });
        expect(ledger.entries.map((entry) => entry.missing)).toEqual([0n, missing]);
        expect(await ledger.balance(chain)).toMatchObject({ missing });
    });

    it('finds a nanoton that goes missing after the last transaction', async () => {
        const { ledger, chain } = await pay(() => undefined);
        (await chain.getContract(account)).balance -= 1n;
        expect(await ledger.balance(chain)).toMatchObject({ missing: 1n });
    });

    it('finds a nanoton that goes missing on its way', async () => {
        const executor = await Executor.create();
        const runTransaction = executor.runTransaction.bind(executor);
        jest.spyOn(executor, 'runTransaction').mockImplementation(({ message, ...args }) => {
            const received = loadMessage(message.beginParse());
            if (received.info.type === 'internal' && received.info.bounced) {
                received.info.value.coins -= 1n;
            }
            return runTransaction({ ...args, message: beginCell().store(storeMessage(received)).endCell() });
        });
        const ledger = new Ledger(executor);
        const chain = await Blockchain.create({ executor: ledger });
        chain.now = START;
        await chain.sendMessage(internal({ from: faucet, to: account, value: toNano('5'), bounce: true }));
        expect(ledger.entries.map(({ missing }) => missing)).toEqual([0n, 1n]);
        expect(await ledger.balance(chain)).toMatchObject({ missing: 1n });
    });
});
