import type { RunOptions } from './stage';
import { ScriptStage } from './stage';

// Every script by the stock command line: `npm run e2e`. The other files have the rest in one process.

jest.setTimeout(300_000);

const HOUR = 3600;
const DEPLOY = ['domain=names.ton', 'content=https://names.example/collection.json', 'royalty=5'];
const TERMS = ['prices=4:10', 'prefix=https://names.example/', 'extend=5m', 'duration=1h'];

let stage: ScriptStage;

const signer = (): Record<string, string> => ({ SIGNER_MNEMONIC: stage.wallet('signer').mnemonic });

async function passes(script: string, words: string[], options?: RunOptions): Promise<string> {
    const { exitCode, output, error } = await stage.cli(script, [...words, 'yes'], options);
    expect({ exitCode, error, output }).toEqual({ exitCode: 0, error: '', output });
    return output;
}

async function stops(script: string, words: string[], why: string, options?: RunOptions): Promise<void> {
    const { exitCode, output, error } = await stage.cli(script, [...words, 'yes'], options);
    expect({ exitCode, output, lines: error.split('\n').length }).toEqual({ exitCode: 1, output, lines: 2 });
    expect(error).toContain(why);
    expect(output).not.toContain('Sent transaction');
}

describe.each(['v2', 'v4'] as const)('over %s', (api) => {
    beforeAll(async () => {
        stage = await ScriptStage.open();
        const output = await passes('deployCollection', [...DEPLOY, ...TERMS], { as: 'admin', env: signer(), api });
        expect(output).toMatch(/Deployed EQ\S+ with 0\.1 TON\./);
    });

    afterAll(() => stage.close());

    it('deployCollection refuses a second collection', async () => {
        await stops('deployCollection', DEPLOY, 'add the word replace', { as: 'admin', env: signer(), api });
    });

    it('openMint and bid', async () => {
        expect(await passes('openMint', ['name=first'], { api })).toContain('Minted: you lead with 10 TON.');
        await stops('openMint', ['name=first'], 'is minted already', { api });
        const bob = { as: 'bob', version: 'v5r1', api } as const;
        expect(await passes('bid', ['name=first'], bob)).toContain('You lead with 10.5 TON.');
        await stops('bid', ['name=first', 'bid=11'], 'the lowest bid for first.names.ton is 11.025 TON', { api });
    });
});

describe('over v2', () => {
    beforeAll(async () => {
        stage = await ScriptStage.open();
        await passes('deployCollection', [...DEPLOY, ...TERMS], { as: 'admin', env: signer() });
        await passes('mint', ['name=arctic', 'start=3'], { env: signer() });
        await stage.devnet.advance(HOUR);
    });

    afterAll(() => stage.close());

    it('mint refuses without the key', () =>
        stops('mint', ['name=second', 'start=3'], 'No key to sign the order with'));

    it('settle', async () => {
        await stops('settle', ['name=second'], 'is not minted yet');
        expect(await passes('settle', ['name=arctic'], { as: 'bob' })).toMatch(
            /Settled: \S+ owns arctic\.names\.ton\./,
        );
    });

    it('setRecord', async () => {
        expect(await passes('setRecord', ['name=arctic', 'wallet=me'])).toContain('Set: wallet is');
        await stops('setRecord', ['name=arctic', 'wallet=me'], 'The owner of', { as: 'bob' });
    });

    it('startAuction and cancelAuction', async () => {
        expect(await passes('startAuction', ['name=arctic', 'start=5'])).toContain('Started: arctic.names.ton');
        await stops('startAuction', ['name=arctic', 'start=5'], 'is in an auction already');
        expect(await passes('cancelAuction', ['name=arctic'])).toContain('Cancelled: arctic.names.ton');
        await stops('cancelAuction', ['name=arctic'], 'there is nothing to cancel');
    });

    it('topUp', async () => {
        expect(await passes('topUp', ['name=arctic', 'value=0.1'])).toContain('its rent is paid until');
        await stops('topUp', ['name=arctic', 'value=100'], 'add the word high');
    });

    it('transfer', async () => {
        const bob = `to=${stage.address('bob')}`;
        await stops('transfer', ['name=arctic', bob], 'The owner of', { as: 'carol' });
        expect(await passes('transfer', ['name=arctic', bob])).toContain('owns arctic.names.ton.');
    });

    it('admin', async () => {
        await stops('admin', ['pause'], 'The admin is');
        expect(await passes('admin', ['pause'], { as: 'admin' })).toContain('Done.');
    });

    it('show', async () => {
        const { exitCode, output } = await stage.cli('show', ['name=arctic']);
        expect(exitCode).toBe(0);
        expect(output).toContain(stage.address('bob'));
        await stops('show', ['name=al'], 'A name has 4 to 32 characters.');
    });

    it('deployCollection asks for a commit on mainnet', async () => {
        const flags = { '--custom-type': 'mainnet' };
        const why = 'Commit the sources of the contracts first';
        await stops('deployCollection', DEPLOY, why, { flags, env: { ...signer(), GIT_DIR: '/nowhere' } });
    });
});
