import { Address, Cell, fromNano } from '@ton/core';
import { mnemonicToPrivateKey } from '@ton/crypto';

import { MAINNET_PRICES } from '../../wrappers/common/prices';
import type { MintTerms } from '../../wrappers/usernames';
import { signMintOrder, uriContent } from '../../wrappers/usernames';
import { auctionConfig } from '../usernames/sdk/fixtures';
import { DEPLOY, HOUR, ScriptStage, URI } from './stage';

let stage: ScriptStage;

beforeAll(async () => {
    stage = await ScriptStage.withCollection();
});

afterAll(() => stage.close());

describe('asking', () => {
    it('asks for what is missing and whether to send it', async () => {
        const output = await stage.passes('openMint', [], { answers: ['questions', true] });
        expect(output).toContain('name (the name, for example name=alice)\n');
        expect(output).toContain('Attached: 2 TON.');
        expect(output).toMatch(/Your wallet pays up to 0\.00\d\d TON on top .* at the prices of the network's config/);
        expect(output).toMatch(/Send it\?\nSent transaction\nWaiting for the chain...\nMinted: you lead with 2 TON/);
        expect(output).toContain('npx blueprint run usernames/settle name=questions');
    });

    it('sends nothing after a no', async () => {
        await stage.sendsNothing('openMint', ['name=questions2'], 'Stopped: nothing was sent.', { answers: [false] });
    });

    it('sends nothing without a terminal and without the word yes', async () => {
        await stage.sendsNothing('openMint', ['name=questions2'], 'add the word yes to send it');
        await stage.sendsNothing('openMint', ['yes'], 'The word name= is missing: the name, for example name=alice.');
    });
});

describe('openMint', () => {
    it.each([
        ['a name that is not canonical', ['name=@Moonlight'], 'write name=moonlight.'],
        ['a name that is none', ['name=a__b'], 'no two underscores in a row'],
        ['a bid below the price', ['name=twelve', 'bid=1.999999999'], 'too low: twelve.names.ton starts at 2 TON.'],
        ['a bid by mistake', ['name=twelve', 'bid=20.1'], 'is more than 10 times the 2 TON that would do'],
        [
            'a bid that nobody holds',
            ['name=twelve', 'bid=1000000', 'high'],
            /holds \d+(\.\d+)? TON and this takes 1000000\.\d+ TON/,
        ],
    ])('refuses %s', async (_, words, why) => {
        await stage.sendsNothing('openMint', [...words, 'yes'], why);
    });

    it('refuses a name that is taken, and shows it', async () => {
        await stage.mintFor('taken_once', false);
        const output = await stage.sendsNothing(
            'openMint',
            ['name=taken_once', 'yes'],
            'taken_once.names.ton is minted already.',
            {
                as: 'bob',
            },
        );
        expect(output).toContain('usernames/bid name=taken_once');
    });

    it('says that somebody was faster', async () => {
        const why = /Somebody minted quickest.names.ton before you: 1\.99\d+ TON came back./;
        await stage.stops('openMint', ['name=quickest'], why, {
            as: 'bob',
            answers: [true],
            meanwhile: () => stage.mintFor('quickest', false),
        });
    });
});

describe('mint', () => {
    const order = ['start=3', 'step=5', 'duration=2h', 'yes'];

    it('signs an order for the wallet and sends it', async () => {
        const output = await stage.passes('mint', ['name=signed', ...order], { env: stage.signerKey() });
        expect(output).toContain('Minted: you lead with 3 TON.');
    });

    it('buys at the maximum', async () => {
        const words = ['name=bought', ...order, 'max=4', 'bid=5'];
        const output = await stage.passes('mint', words, { env: stage.signerKey() });
        expect(output).toMatch(/Minted and sold at once: \S+ \(you\) owns bought.names.ton./);
    });

    it('prints an order for another wallet, which only that one can use', async () => {
        const words = ['name=for_bob', ...order, `bidder=${stage.address('bob')}`];
        const output = await stage.passes('mint', words, { env: stage.signerKey() });
        const given = /order=\S+/.exec(output)?.[0] ?? '';
        await stage.sendsNothing('mint', [given, 'yes'], 'The bidder of this order is');
        await stage.sendsNothing('mint', [given, 'bid=2.9', 'yes'], 'the order starts at 3 TON', { as: 'bob' });
        expect(await stage.passes('mint', [given, 'yes'], { as: 'bob' })).toContain('Minted: you lead with 3 TON.');
        await stage.sendsNothing('mint', [given, 'yes'], 'for_bob.names.ton is minted already', { as: 'bob' });
    });

    it('refuses an order that holds no more', async () => {
        const words = ['name=late_order', ...order, 'valid=10m', `bidder=${stage.address('bob')}`];
        const output = await stage.passes('mint', words, { env: stage.signerKey() });
        const given = /order=\S+/.exec(output)?.[0] ?? '';
        await stage.devnet.advance(600);
        await stage.sendsNothing('mint', [given, 'yes'], 'The order held until', { as: 'bob' });
    });

    /** An order that anyone may use, as another tool of the signer makes it. */
    async function orderBy(
        signer: string,
        terms: Partial<MintTerms> = {},
        globalId = stage.info.globalId,
    ): Promise<string> {
        const { now } = await stage.devnet.info();
        const { secretKey } = await mnemonicToPrivateKey(stage.wallet(signer).mnemonic.split(' '));
        const message = await signMintOrder({
            collection: Address.parse(stage.deployment().address!),
            globalId,
            bearer: true,
            order: {
                subwalletId: 0,
                validSince: now - 1,
                validTill: now + HOUR,
                name: 'bearer',
                content: uriContent(URI),
                auctionConfig,
                ...terms,
            },
            signer: secretKey,
            prices: MAINNET_PRICES,
        });
        return `order=${message.toBoc().toString('base64')}`;
    }

    it('sends an order that anyone may use', async () => {
        expect(await stage.passes('mint', [await orderBy('signer'), 'yes'])).toContain('Minted: you lead with 10 TON.');
    });

    it('refuses an order that the contract would refuse', async () => {
        const { now } = await stage.devnet.info();
        const unsigned = "is not signed by this collection's signer for this network";
        await stage.sendsNothing('mint', [await orderBy('bob', { name: 'strange' }), 'yes'], unsigned);
        await stage.sendsNothing('mint', [await orderBy('signer', { name: 'strange' }, -3), 'yes'], unsigned);
        const other = await orderBy('signer', { name: 'strange', subwalletId: 1 });
        await stage.sendsNothing('mint', [other, 'yes'], 'is for the subwallet 1');
        const early = await orderBy('signer', { name: 'strange', validSince: now + HOUR, validTill: now + 2 * HOUR });
        await stage.sendsNothing('mint', [early, 'yes'], 'The order holds from');
    });

    it('refuses what the signer did not sign', async () => {
        await stage.sendsNothing(
            'mint',
            [`order=${Cell.EMPTY.toBoc().toString('base64')}`, 'yes'],
            'order= is no mint order',
        );
        await stage.sendsNothing('mint', ['name=signed2', ...order], 'No key to sign the order with');
        const env = { SIGNER_MNEMONIC: stage.wallet('bob').mnemonic };
        await stage.sendsNothing('mint', ['name=signed2', ...order], "The signer's key in the environment is", { env });
    });

    it.each([
        ['a start price too low', ['start=0.01'], 'initialMinBid is at least'],
        ['a maximum below it', ['start=3', 'max=2'], 'is below start=3 TON'],
        ['a duration too short', ['start=3', 'duration=59s'], 'duration is 60 to 31536000 seconds'],
        ['no start price', [], 'The word start= is missing'],
        ['a bid by mistake', ['start=3', 'bid=31'], 'add the word high'],
    ])('refuses %s', async (_, words, why) => {
        await stage.sendsNothing('mint', ['name=refused', ...words, 'yes'], why, { env: stage.signerKey() });
    });
});

describe('waiting', () => {
    it('ends with a clear line when nothing arrives in time, or the network is gone', async () => {
        const slow = await ScriptStage.open('--manual-blocks');
        const words = [...DEPLOY, `signer=${'ab'.repeat(32)}`, 'wait=2s'];
        const run = (meanwhile?: () => Promise<void>): ReturnType<typeof slow.run> =>
            slow.run('deployCollection', words, { answers: [true], meanwhile });

        const silent = await run();
        expect(silent.error).toBe(
            'The chain shows no message of your wallet yet: look with show before you send again.\n',
        );
        expect(silent.exitCode).toBe(1);
        const gone = await run(async () => {
            setTimeout(() => void slow.devnet.stop(), 1000);
            return Promise.resolve();
        });
        expect(gone.error).toMatch(
            /^It was sent, and then the API gave no answer \(.*ECONNREFUSED.*\): look with show/,
        );
        expect(gone.exitCode).toBe(1);
        expect((await run()).error).toMatch(
            /^The API of custom gives no answer \(.*ECONNREFUSED.*\): check its address/,
        );
        await slow.close();
    });

    it("tells from the wallet's own transaction why nothing arrives", async () => {
        await stage.mintFor('too_much', false);
        const most = fromNano(((await stage.balanceOf('dave')) * 2n) / 3n);
        const { exitCode, error } = await stage.run('bid', ['name=too_much', `bid=${most}`, 'high', 'wait=1s'], {
            as: 'dave',
            answers: [true],
            meanwhile: async () => {
                await stage.passes('topUp', [`value=${most}`, 'high', 'yes'], { as: 'dave' });
            },
        });
        expect(error).toBe(
            'Your wallet could not send it: its messages could not be sent (result code 37). Nothing reached the contract.\n',
        );
        expect(exitCode).toBe(1);
    });

    it('cannot know who sends behind a deep link, and finds the bid by its value', async () => {
        await stage.mintFor('deep_link', false);
        const output = await stage.passes('bid', ['name=deep_link'], {
            flags: { '--mnemonic': false, '--deeplink': true },
            answers: [true, true],
            meanwhile: async () => void (await stage.passes('bid', ['name=deep_link', 'yes'], { as: 'bob' })),
        });
        expect(output).toContain('never from an exchange');
        expect(output).toContain('ton://transfer/');
        expect(output).toContain('You lead with 2.2 TON.');
        const words = ['name=deep_link2', 'start=3'];
        const options = { flags: { '--mnemonic': false, '--deeplink': true }, env: stage.signerKey() };
        await stage.sendsNothing('mint', words, 'a deep link does not tell', options);
    });
});
