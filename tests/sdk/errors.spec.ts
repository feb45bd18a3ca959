import { join } from 'node:path';

import { parseNumber, readFuncFiles } from '../../tools/func-source';
import {
    AdsError,
    adsError,
    adsErrorName,
    exitCodeOf,
    GramhouseError,
    TvmError,
    tvmErrorName,
    UsernameError,
    usernameError,
    usernameErrorName,
} from '../../wrappers';
import { World } from '../helpers/world';

const sources = readFuncFiles(join(__dirname, '..', '..'));

/** Name, code and comment, as a sentence, of every exit code in these files. */
const errorsOf = (...paths: string[]) =>
    paths
        .flatMap((path) => sources.get(path)!.constants)
        .filter(({ name }) => name.startsWith('error::'))
        .map(({ name, value, comment }) => ({
            name: name.slice('error::'.length),
            exitCode: Number(parseNumber(value[0]!.text)),
            text: `${comment[0]!.toUpperCase()}${comment.slice(1)}.`,
        }));

describe.each([
    { half: 'usernames', codes: UsernameError, errorOf: usernameError, nameOf: usernameErrorName },
    { half: 'ads', codes: AdsError, errorOf: adsError, nameOf: adsErrorName },
])('the errors of $half', ({ half, codes, errorOf, nameOf }) => {
    it('say what errors.fc says, and what to do', () => {
        const errors = errorsOf('contracts/lib/errors.fc', `contracts/${half}/errors.fc`);
        expect(errors.map(({ name }) => name).sort()).toEqual(Object.keys(codes).sort());
        for (const { name, exitCode, text } of errors) {
            const error = errorOf(exitCode);
            expect(error).toBeInstanceOf(GramhouseError);
            expect(error).toMatchObject({ code: name, exitCode, shortMessage: text });
            expect(error.hint).toMatch(/^[A-Z0-9].{8,}\.$/);
            expect(error.message).toBe(`${text} ${error.hint}`);
            expect(nameOf(exitCode)).toBe(name);
        }
    });

    it('explain the codes of the TVM', () => {
        for (const [name, exitCode] of Object.entries(TvmError)) {
            const error = errorOf(exitCode);
            expect(error).toMatchObject({ code: name, exitCode });
            expect(error.shortMessage).toMatch(/^[A-Z].+\.$/);
            expect(error.hint).toMatch(/^[A-Z].+\.$/);
        }
        expect(errorOf(-14)).toMatchObject({ code: 'out_of_gas', exitCode: -14 });
        expect(errorOf(13).hint).toMatch(/attach/i);
        expect(errorOf(37).shortMessage).toMatch(/balance/i);
        expect(errorOf(33)).toMatchObject({ code: 'too_many_actions' });
    });

    it('give every other code as it is', () => {
        const cause = new Error('from the client');
        const error = errorOf(4242, cause);
        expect(error).toMatchObject({ code: 'unknown_exit_code', exitCode: 4242, cause });
        expect(error.shortMessage).toContain('4242');
        expect([nameOf(4242), nameOf(37), tvmErrorName(4242), tvmErrorName(0)]).toEqual([null, null, null, null]);
    });
});

it('do not mistake the codes of one half for those of the other', () => {
    expect(usernameError(AdsError.nothing_due).code).toBe('unknown_exit_code');
    expect(adsError(UsernameError.bid_too_low).code).toBe('unknown_exit_code');
    const codes = (list: Record<string, number>) => Object.values(list);
    const shared = codes(UsernameError).filter((code) => codes(AdsError).includes(code));
    expect(shared.map(usernameErrorName)).toEqual(['cell_underflow', 'wrong_workchain']);
});

describe('exitCodeOf', () => {
    it('finds the code in what the sandbox throws', async () => {
        const world = await World.create();
        const item = await world.uninited('alice');
        const error: unknown = await item.getTokenName().catch((thrown: unknown) => thrown);
        expect(exitCodeOf(error)).toBe(UsernameError.uninited);
    });

    it.each<[client: string, error: unknown, exitCode: number | null]>([
        ['TonClient', new Error('Unable to execute get method. Got exit_code: 219'), 219],
        ['TonClient without a contract', new Error('Unable to execute get method. Got exit_code: -13'), -13],
        ['TonClient4', new Error('Exit code: 210'), 210],
        [
            'the HTTP client under TonClient, for an external message',
            Object.assign(new Error('Request failed with status code 500'), {
                response: {
                    data: { ok: false, error: 'cannot apply external message: \nexitcode=231, steps=61, gas_used=0' },
                },
            }),
            231,
        ],
        ['a network that failed', new Error('connect ECONNREFUSED 127.0.0.1:80'), null],
        ['no error', 'Exit code: 210', null],
        ['nothing', undefined, null],
    ])('finds the code in what %s throws', (_client, error, exitCode) => {
        expect(exitCodeOf(error)).toBe(exitCode);
    });
});
