import { ScriptStage } from './stage';

// The whole set is in cli.e2e.ts: a run of the stock command line takes seconds

let stage: ScriptStage;

beforeAll(async () => {
    stage = await ScriptStage.open();
});

afterAll(() => stage.close());

it('deploys by the stock command line, and says the next command', async () => {
    const words = ['domain=names.ton', 'content=https://names.example/collection.json', 'royalty=5', 'yes'];
    const env = { SIGNER_MNEMONIC: stage.wallet('signer').mnemonic };
    const { exitCode, output, error } = await stage.cli('deployCollection', words, { as: 'admin', env });
    expect({ exitCode, error }).toEqual({ exitCode: 0, error: '' });
    expect(output).toMatch(/Deployed EQ\S+ with 0\.1 TON\./);
    const flags = `--custom-version v2 --custom ${stage.devnet.v2} --mnemonic`;
    expect(output).toContain(`  npx blueprint run usernames/show ${flags}\n`);
});

it('stops with one line, without a stack, and with exit code 1', async () => {
    const { exitCode, error } = await stage.cli('bid', ['name=@Alice', 'yes']);
    expect(error).toBe('@Alice is not in canonical form: write name=alice.\n');
    expect(exitCode).toBe(1);
});
