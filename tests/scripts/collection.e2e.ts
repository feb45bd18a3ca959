import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

import type { NetworkProvider } from '@ton/blueprint';
import { Address, Cell, type SenderArguments } from '@ton/core';

import { run as deployCollection } from '../../scripts/usernames/deployCollection';
import { addressOf } from '../usernames/sdk/fixtures';
import { DEPLOY, ScriptStage, URI } from './stage';

let stage: ScriptStage;

beforeAll(async () => {
    stage = await ScriptStage.withCollection();
});

afterAll(() => stage.close());

describe('deployCollection', () => {
    it('writes address, code hash, commit and date', () => {
        const { address, codeHash, date, ...rest } = stage.deployment();
        expect(Address.isFriendly(address!)).toBe(true);
        expect(codeHash).toMatch(/^[0-9a-f]{64}$/);
        expect(date).toMatch(/^\d{4}-\d\d-\d\dT.*Z$/);
        expect(Object.keys(rest)).toEqual(['commit']);
    });

    it('shows what it deployed', async () => {
        const output = await stage.passes('show', []);
        const signer = stage.wallet('signer').publicKey;
        for (const part of ['under names.ton', 'running', signer, '5 %', '4+ letters 100 TON, 6+ letters 2 TON']) {
            expect(output).toContain(part);
        }
    });

    it('does not put a second collection in the place of one that runs, unless told', async () => {
        const words = ['domain=other.ton', ...DEPLOY.slice(1)];
        await stage.sendsNothing(
            'deployCollection',
            [...words, 'yes'],
            'add the word replace for a new one',
            stage.admin(),
        );
        const first = readFileSync(join(stage.directory, 'custom.json'), 'utf8');
        const { address } = stage.deployment();
        expect(await stage.passes('deployCollection', [...words, 'replace', 'yes'], stage.admin())).toContain(
            'under other.ton',
        );
        expect(stage.deployment().address).not.toBe(address);
        writeFileSync(join(stage.directory, 'custom.json'), first);
    });

    it('takes the terms of open minting from a file, and finds the collection deployed already', async () => {
        const path = join(stage.directory, 'terms.json');
        const keys = { prices: '4:100,6:2', prefix: `${URI}/`, step: '10', extend: '5m', duration: '1h' };
        writeFileSync(path, JSON.stringify(keys));
        const before = await stage.balanceOf('admin');
        const output = await stage.passes(
            'deployCollection',
            [...DEPLOY, `terms=${path}`, 'replace', 'yes'],
            stage.admin(),
        );
        expect(output).toContain('It is deployed already: nothing was sent.');
        expect(await stage.balanceOf('admin')).toBe(before);
    });

    it('tops up a collection that somebody deployed without it', async () => {
        const before = readFileSync(join(stage.directory, 'custom.json'), 'utf8');
        const words = [...DEPLOY, 'subwallet=9', 'replace', 'yes'];
        /** The same network, on which every message loses its body. */
        const emptied = (provider: NetworkProvider): NetworkProvider => {
            const sender = provider.sender();
            const send = (args: SenderArguments) => sender.send({ ...args, body: Cell.EMPTY });
            return Object.create(provider, {
                sender: { value: () => ({ address: sender.address, send }) },
            }) as NetworkProvider;
        };
        const { output, exitCode } = await stage.run(
            (provider, args) => deployCollection(emptied(provider), args),
            [...words, 'wait=1s'],
            stage.admin(),
        );
        expect(exitCode).toBe(1);
        const [, address] = /address +(\S+)/.exec(output) ?? [];
        expect(await stage.passes('show', [`collection=${address}`])).toContain('waits for a first topUp');
        expect(await stage.passes('deployCollection', words, stage.admin())).toContain(`Deployed ${address}`);
        expect(await stage.passes('show', [`collection=${address}`])).toContain('running');
        writeFileSync(join(stage.directory, 'custom.json'), before);
    });

    it.each([
        ['no domain', DEPLOY.slice(1), 'The word domain= is missing'],
        ['a domain that is none', ['domain=a..b', ...DEPLOY.slice(1)], 'is not a domain'],
        ['a domain too long', [`domain=${'a'.repeat(20)}`, ...DEPLOY.slice(1)], 'longer than 19 bytes'],
        ['no URI', ['domain=a.ton', 'content=x', 'royalty=5'], 'content=x is no URI'],
        ['a royalty above 25 %', ['domain=a.ton', DEPLOY[1]!, 'royalty=25.01'], 'at most 25 %'],
        ['a royalty that is none', ['domain=a.ton', DEPLOY[1]!, 'royalty=5%'], 'royalty=5% is no percentage'],
        ['prices that are none', [...DEPLOY, 'prices=4-100', 'prefix=https://a/'], 'are no prices by length'],
        ['a price below the lowest', [...DEPLOY, 'prices=4:0.01', 'prefix=https://a/'], 'initialMinBid is at least'],
        ['terms without prices', [...DEPLOY, 'step=5'], 'step= says how anyone may mint, and prices= is missing'],
        ['terms without a prefix', [...DEPLOY, 'prices=4:100'], 'prefix= is missing'],
        ['a file that is not there', [...DEPLOY, 'terms=/nowhere.json'], 'terms=/nowhere.json is no file with JSON'],
        ['a key that is none', [...DEPLOY, 'signer=abc'], 'signer= takes 64 hex digits'],
        ['a value by mistake', [...DEPLOY, 'value=100'], 'add the word high if you mean it'],
        ['an admin in the masterchain', [...DEPLOY, `admin=-1:${'55'.repeat(32)}`], 'is in the masterchain'],
    ])('refuses %s', async (_, words, why) => {
        await stage.sendsNothing('deployCollection', [...words, 'replace', 'subwallet=7', 'yes'], why, stage.admin());
    });

    it('needs a signer', async () => {
        const words = [...DEPLOY, 'replace', 'yes'];
        await stage.sendsNothing('deployCollection', words, 'Whose orders mint?', { as: 'admin' });
        const twice = { ...stage.signerKey(), SIGNER_SEED: 'ab'.repeat(32) };
        await stage.sendsNothing('deployCollection', words, 'are both set', { as: 'admin', env: twice });
        const slip = { SIGNER_MNEMONIC: 'alice bob' };
        await stage.sendsNothing('deployCollection', words, 'is not a mnemonic of TON', { as: 'admin', env: slip });
        const seed = { SIGNER_SEED: 'ab' };
        await stage.sendsNothing('deployCollection', words, 'SIGNER_SEED is not 64 hex digits', {
            as: 'admin',
            env: seed,
        });
    });

    it('reads a terms file by its keys only', async () => {
        const path = join(stage.directory, 'terms.json');
        writeFileSync(path, JSON.stringify({ prices: { 4: '100' } }));
        await stage.sendsNothing(
            'deployCollection',
            [...DEPLOY, `terms=${path}`, 'replace', 'yes'],
            'prices is wrong',
            stage.admin(),
        );
    });
});

describe('the network', () => {
    it('must be the one that the API serves', async () => {
        const flags = { '--custom-type': 'testnet' };
        await stage.sendsNothing('deployCollection', DEPLOY, 'serves the network -239, and testnet is -3', { flags });
    });

    it('must have deployments, or be told the collection', async () => {
        const flags = { '--custom-type': 'mainnet' };
        await stage.sendsNothing('show', [], 'mainnet.json names no collection', { flags });
        expect(await stage.passes('show', [`collection=${stage.deployment().address}`], { flags })).toContain(
            'names.ton',
        );
    });

    it('must hold what the deployments name', async () => {
        const path = join(stage.directory, 'custom.json');
        const text = readFileSync(path, 'utf8');
        const nowhere = addressOf(99).toString();
        try {
            writeFileSync(path, text.replace(stage.deployment().address!, nowhere));
            await stage.sendsNothing('show', [], `There is no contract at ${nowhere}`);
            writeFileSync(path, text.replace(stage.deployment().codeHash!, 'ab'.repeat(32)));
            await stage.sendsNothing('show', [], 'is not the one that was deployed: is custom the right network?');
            writeFileSync(path, '{');
            await stage.sendsNothing('show', [], 'is no JSON: mend or remove it');
            writeFileSync(path, '{"UsernameCollection":{"address":"x"}}');
            await stage.sendsNothing('show', [], 'has no address and codeHash');
        } finally {
            writeFileSync(path, text);
        }
    });

    it('refuses a contract that is no collection', async () => {
        await stage.passes('topUp', ['value=0.1', 'yes']);
        await stage.sendsNothing('show', [`collection=${stage.address('alice')}`], 'is no collection of usernames');
    });

    it('says when nobody answers', async () => {
        await stage.sendsNothing('show', [], 'gives no answer', { flags: { '--custom': 'http://127.0.0.1:9' } });
    });
});

describe('admin', () => {
    it('stops and resumes minting', async () => {
        await stage.sendsNothing('admin', ['pause', 'yes'], 'The admin is');
        await stage.passes('admin', ['pause', 'yes'], stage.admin());
        await stage.sendsNothing('admin', ['pause', 'yes'], 'That is so already', stage.admin());
        await stage.sendsNothing('openMint', ['name=paused', 'yes'], 'The admin has paused minting');
        await stage.sendsNothing('mint', ['name=paused', 'start=3', 'yes'], 'The admin has paused minting', {
            env: stage.signerKey(),
        });
        await stage.passes('admin', ['resume', 'yes'], stage.admin());
    });

    it('hands over in two steps', async () => {
        await stage.sendsNothing('admin', ['acceptAdmin', 'yes'], 'No admin is proposed');
        await stage.sendsNothing('admin', ['pause', 'acceptAdmin', 'yes'], 'Give one of the words pause, resume');
        const output = await stage.passes('admin', [`proposeAdmin=${stage.address('carol')}`, 'yes'], stage.admin());
        expect(output).toContain('usernames/admin acceptAdmin');
        await stage.sendsNothing('admin', ['acceptAdmin', 'yes'], 'The proposed admin is', { as: 'bob' });
        await stage.passes('admin', ['acceptAdmin', 'yes'], { as: 'carol' });
        await stage.sendsNothing('admin', ['pause', 'yes'], 'The admin is', stage.admin());
        await stage.passes('admin', [`proposeAdmin=${stage.address('admin')}`, 'yes'], { as: 'carol' });
        await stage.passes('admin', ['acceptAdmin', 'yes'], stage.admin());
    });

    it('changes the signer in two steps', async () => {
        await stage.sendsNothing('admin', ['acceptSigner', 'yes'], 'No signer is proposed');
        const dave = { SIGNER_MNEMONIC: stage.wallet('dave').mnemonic };
        await stage.passes('admin', [`proposeSigner=${stage.wallet('dave').publicKey}`, 'yes'], stage.admin());
        await stage.sendsNothing('admin', ['acceptSigner', 'yes'], 'Set SIGNER_MNEMONIC or SIGNER_SEED', {
            env: stage.signerKey(),
        });
        await stage.passes('admin', ['acceptSigner', 'yes'], { as: 'bob', env: dave });
        await stage.passes('mint', ['name=new_signer', 'start=3', 'yes'], { env: dave });
    });
});
