import type { Cell, Transaction } from '@ton/core';
import { Address, toNano } from '@ton/core';

import { transactionsSince } from '../../cli/chain';
import { UsernameItem } from '../../wrappers/usernames';
import { addressOf } from '../usernames/sdk/fixtures';
import { HOUR, ScriptStage } from './stage';

let stage: ScriptStage;

beforeAll(async () => {
    stage = await ScriptStage.withCollection();
});

afterAll(() => stage.close());

describe('bid', () => {
    it('bids the lowest, and then more', async () => {
        await stage.mintFor('bidding', false);
        expect(await stage.passes('bid', ['name=bidding', 'yes'], { as: 'bob' })).toContain('You lead with 2.2 TON.');
        const output = await stage.passes('bid', ['name=bidding', 'bid=3', 'comment=mine', 'yes'], { as: 'bob' });
        expect(output).toContain('You lead already: this raises your own bid');
        expect(output).toContain('You lead with 3 TON.');
        await stage.sendsNothing(
            'bid',
            ['name=bidding', 'bid=3.2', 'yes'],
            'the lowest bid for bidding.names.ton is 3.3 TON',
        );
        await stage.sendsNothing('bid', ['name=bidding', 'bid=34', 'yes'], 'more than 10 times the 3.3 TON');
        await stage.sendsNothing('bid', ['name=bidding', 'comment=#topup', 'yes'], 'for rent and no payment');
    });

    it('says with which exit code the contract refused, and what came back', async () => {
        await stage.mintFor('overtaken', false);
        const why =
            /Refused by the contract with bid_too_low \(211\): .*Of the attached value 2\.19\d+ TON came back\./;
        await stage.stops('bid', ['name=overtaken', 'bid=2.2'], why, {
            as: 'bob',
            answers: [true],
            meanwhile: async () =>
                void (await stage.passes('bid', ['name=overtaken', 'bid=3', 'yes'], { as: 'carol' })),
        });
    });

    it('finds its own bid among what others and the same wallet send', async () => {
        await stage.mintFor('crowded', false);
        const item = Address.parse(/item +(\S+)/.exec(await stage.passes('show', ['name=crowded']))?.[1] ?? '');
        /** A message that the name refuses. */
        const refused = (as: string, body: Cell): Promise<unknown> =>
            stage.run((provider) => provider.sender().send({ to: item, value: toNano('0.1'), body }), [], { as });
        const options = {
            as: 'bob',
            afterSend: async () => {
                await refused('carol', UsernameItem.bidMessage());
                await refused('bob', UsernameItem.settleMessage());
            },
        };
        expect(await stage.passes('bid', ['name=crowded', 'yes'], options)).toContain('You lead with 2.2 TON.');
    });

    it('says that somebody has bid more since', async () => {
        await stage.mintFor('hurried', false);
        const output = await stage.passes('bid', ['name=hurried', 'yes'], {
            as: 'bob',
            afterSend: async () => {
                await stage.passes('bid', ['name=hurried', 'bid=3', 'yes'], { as: 'carol' });
            },
        });
        expect(output).toContain('Your bid was taken, and somebody has bid more since: 2.2 TON came back to you.');
        expect(output).toContain('usernames/bid name=hurried');
    });

    it('says that the auction ended in between', async () => {
        await stage.mintFor('closing', false);
        await stage.stops('bid', ['name=closing'], /was over: your bid settled it, and 2\.1\d+ TON of it came back/, {
            as: 'bob',
            answers: [true],
            meanwhile: async () => void (await stage.devnet.advance(HOUR)),
        });
    });

    it('refuses a name that is not minted, not for sale, or waits for its settlement', async () => {
        await stage.sendsNothing('bid', ['name=nobody', 'yes'], 'nobody.names.ton is not minted yet');
        await stage.mintFor('over_already', false);
        await stage.devnet.advance(HOUR);
        const output = await stage.sendsNothing('bid', ['name=over_already', 'yes'], 'is over since', { as: 'bob' });
        expect(output).toContain('usernames/settle name=over_already');
        await stage.passes('settle', ['name=over_already', 'yes'], { as: 'bob' });
        await stage.sendsNothing('bid', ['name=over_already', 'yes'], 'is in no auction', { as: 'bob' });
    });

    it('finds a name by the address of its item', async () => {
        await stage.mintFor('by_address', false);
        const item = /item +(\S+)/.exec(await stage.passes('show', ['name=by_address']))?.[1] ?? '';
        expect(await stage.passes('bid', [`item=${item}`, 'yes'], { as: 'bob' })).toContain('You lead with 2.2 TON.');
        const { address } = stage.deployment();
        await stage.sendsNothing('bid', [`item=${address}`, 'yes'], 'is no item of the collection');
        await stage.sendsNothing('bid', [`item=${addressOf(5).toString()}`, 'yes'], 'is no item of the collection');
    });
});

describe('an owner', () => {
    beforeAll(() => stage.mintFor('owned', true));

    it('starts, cancels and starts again after a pause', async () => {
        const words = ['name=owned', 'start=5', 'max=8', 'duration=1d', 'yes'];
        const output = await stage.passes('startAuction', words);
        expect(output).toContain('It starts at 5 TON, sells at once for 8 TON, goes up by 5 %, and takes 1d');
        expect(output).toMatch(/brings the beneficiary at least 4\.7\d+ TON/);
        await stage.sendsNothing('startAuction', words, 'is in an auction already');
        await stage.sendsNothing(
            'transfer',
            ['name=owned', `to=${stage.address('bob')}`, 'yes'],
            'cannot be given away',
        );
        await stage.sendsNothing('cancelAuction', ['name=owned', 'yes'], 'The owner of owned.names.ton is', {
            as: 'bob',
        });
        expect(await stage.passes('cancelAuction', ['name=owned', 'yes'])).toContain('Cancelled');
        await stage.sendsNothing('startAuction', words, 'After a cancel an auction of owned.names.ton can start from');
        await stage.devnet.advance(300);
        expect(await stage.passes('startAuction', [...words, 'delayed'])).toContain('The first bid starts its clock.');
        expect(await stage.passes('show', ['name=owned'])).toContain('a while after the first bid');
        await stage.passes('cancelAuction', ['name=owned', 'yes']);
        await stage.sendsNothing(
            'cancelAuction',
            ['name=owned', 'yes'],
            'is in no auction: there is nothing to cancel',
        );
    });

    it('sets and deletes records', async () => {
        expect(await stage.passes('setRecord', ['name=owned', 'wallet=me', 'yes'])).toMatch(
            /Set: wallet is \S+ \(you\)\./,
        );
        await stage.passes('setRecord', ['name=owned', `site=${'ab'.repeat(32)}`, 'yes']);
        await stage.passes('setRecord', ['name=owned', `storage=${'cd'.repeat(32)}`, 'yes']);
        await stage.passes('setRecord', ['name=owned', `dns_next_resolver=${addressOf(3).toString()}`, 'yes']);
        await stage.passes('setRecord', ['name=owned', 'text=hello there', 'yes']);
        const shown = await stage.passes('show', ['name=owned']);
        for (const part of ['(you)', 'ab'.repeat(32), 'cd'.repeat(32), addressOf(3).toString(), '"hello there"']) {
            expect(shown).toContain(part);
        }
        expect(await stage.passes('setRecord', ['name=owned', 'delete=text', 'yes'])).toContain('Deleted: text.');
        expect(await stage.passes('show', ['name=owned'])).not.toContain('hello there');
    });

    it.each([
        ['no record', [], 'Give one of the words wallet=, site='],
        ['two records', ['wallet=me', 'text=a'], 'Give one of the words wallet=, site='],
        ['a short hash', ['site=ab'], 'site= takes 64 hex digits'],
        ['an address that is none', ['wallet=alice'], 'wallet=alice is no address'],
    ])('refuses %s', async (_, words, why) => {
        await stage.sendsNothing('setRecord', ['name=owned', ...words, 'yes'], why);
    });

    it('alone changes the name', async () => {
        const bob = { as: 'bob' };
        const why = 'The owner of owned.names.ton is';
        await stage.sendsNothing('setRecord', ['name=owned', 'wallet=me', 'yes'], why, bob);
        await stage.sendsNothing('transfer', ['name=owned', `to=${stage.address('bob')}`, 'yes'], why, bob);
        await stage.sendsNothing('startAuction', ['name=owned', 'start=5', 'yes'], why, bob);
    });

    it('gives the name away, and its records are cleared', async () => {
        await stage.mintFor('given', true);
        await stage.passes('setRecord', ['name=given', 'wallet=me', 'yes']);
        const stranger = addressOf(77).toString({ bounceable: false });
        const { address } = stage.deployment();
        await stage.sendsNothing(
            'transfer',
            ['name=given', `to=${stage.address('alice')}`, 'yes'],
            'owns given.names.ton already',
        );
        await stage.sendsNothing('transfer', ['name=given', `to=${address}`, 'yes'], 'nobody could move it there');
        await stage.sendsNothing('transfer', ['name=given', `to=${stranger}`, 'forward=2', 'yes'], 'add the word high');
        const output = await stage.passes('transfer', ['name=given', `to=${stranger}`, 'yes']);
        expect(output).toContain(`Careful: there is no contract at ${stranger} yet.`);
        expect(output).toContain(`Given: ${stranger} owns given.names.ton.`);
        expect(await stage.passes('show', ['name=given'])).toMatch(/Records:\n {2}none/);
    });

    it('tops up', async () => {
        const output = await stage.passes('topUp', ['name=owned', 'value=0.1', 'yes']);
        expect(output).toMatch(/It holds 0\.\d+ TON now, and its rent is paid until/);
        await stage.sendsNothing('topUp', ['name=owned', 'value=0', 'yes'], 'would add nothing');
        await stage.sendsNothing('topUp', ['name=owned', 'value=5', 'yes'], 'add the word high');
        await stage.sendsNothing('topUp', ['name=unheard', 'value=0.1', 'yes'], 'is not minted yet');
    });
});

describe('settle', () => {
    it('pays everybody and tells who owns the name', async () => {
        await stage.mintFor('settled', false);
        await stage.sendsNothing('settle', ['name=settled', 'yes'], /is not over: it ends \d{4}-/);
        await stage.sendsNothing(
            'cancelAuction',
            ['name=settled', 'yes'],
            'has a bid of 2 TON and cannot be cancelled',
        );
        await stage.devnet.advance(HOUR);
        const output = await stage.passes('settle', ['name=settled', 'yes'], { as: 'bob', version: 'v5r1' });
        expect(output).toMatch(/The seller gets up to 1\.\d+ TON, the royalty is up to 0\.1 TON\./);
        const payee = stage.address('admin');
        expect(output).toMatch(new RegExp(`Paid: 1\\.9\\d+ TON to ${payee}\\.`));
        expect(output).toContain(`Settled: ${stage.address('alice')} owns settled.names.ton.`);
        await stage.sendsNothing('settle', ['name=settled', 'yes'], 'has no auction to settle');
        await stage.sendsNothing('settle', ['name=unsettled', 'yes'], 'is not minted yet');
    });
});

describe('over the API v4', () => {
    const api = 'v4';

    it('mints and bids', async () => {
        expect(await stage.passes('openMint', ['name=over_four', 'yes'], { api })).toContain(
            'Minted: you lead with 2 TON.',
        );
        const output = await stage.passes('bid', ['name=over_four', 'yes'], { api, as: 'bob', version: 'v5r1' });
        expect(output).toContain('You lead with 2.2 TON.');
        await stage.sendsNothing('bid', ['name=over_four', 'bid=2.3', 'yes'], 'the lowest bid', { api });
    });
});

it.each(['v2', 'v4'] as const)(
    'reads every transaction of an account over %s, also of more than a page',
    async (api) => {
        let transactions: Transaction[] = [];
        const { error } = await stage.run(
            async (provider) => {
                transactions = await transactionsSince(provider, Address.parse(stage.address('alice')), 0n);
            },
            [],
            { api },
        );
        expect(error).toBe('');
        expect(transactions.length).toBeGreaterThan(40);
        const before = transactions.map(({ prevTransactionLt }) => prevTransactionLt);
        expect(before).toEqual([...transactions.slice(1).map(({ lt }) => lt), 0n]);
    },
);
