import {
    date,
    parseAddress,
    parseCoins,
    parseHex,
    parsePercent,
    parseSpan,
    parseWords,
    Refusal,
    span,
} from '../../cli/words';
import { parseName } from '../../cli/usernames';
import { addressOf } from '../usernames/sdk/fixtures';

describe('words', () => {
    it('reads keys with values, and bare words', () => {
        const words = parseWords(['name=alice', 'order=te6cc==', 'yes'], ['name', 'order', 'bid'], ['yes', 'high']);
        expect(words.get('name')).toBe('alice');
        expect(words.get('order')).toBe('te6cc==');
        expect(words.get('bid')).toBeUndefined();
        expect([words.has('yes'), words.has('high')]).toEqual([true, false]);
    });

    it.each([
        ['an unknown key', ['nick=alice'], 'There is no word "nick=alice" here. The words of this script: name=, yes.'],
        ['an unknown bare word', ['alice'], 'There is no word "alice" here. The words of this script: name=, yes.'],
        ['a bare word as a key', ['yes=1'], 'There is no word "yes=1" here.'],
        ['a key as a bare word', ['name'], 'There is no word "name" here.'],
        ['a word twice', ['name=a', 'name=b'], 'The word name is there twice: leave one out.'],
        ['a bare word twice', ['yes', 'yes'], 'The word yes is there twice: leave one out.'],
        ['an empty value', ['name='], 'Nothing stands behind name=: write a value, or leave the word out.'],
        ['the name of a method of objects', ['constructor=1'], 'There is no word "constructor=1" here.'],
    ])('refuses %s', (_, args, text) => {
        const parse = () => parseWords(args, ['name'], ['yes']);
        expect(parse).toThrow(Refusal);
        expect(parse).toThrow(text);
    });
});

describe('amounts', () => {
    it.each([
        ['2.5', 2_500_000_000n],
        ['0', 0n],
        ['0.000000001', 1n],
        ['999999999.999999999', 999_999_999_999_999_999n],
    ])('%s coins', (text, nanotons) => {
        expect(parseCoins(text, 'bid')).toBe(nanotons);
    });

    it.each(['', '-1', '1e3', '1,5', '.5', '1.', '0x10', '1.0000000001', '1000000000', '１', ' 1', '1TON'])(
        'refuses %p',
        (text) => {
            expect(() => parseCoins(text, 'bid')).toThrow(`bid=${text} is no amount: write coins`);
        },
    );
});

describe('time spans', () => {
    it.each([
        ['90s', 90, '90s'],
        ['60s', 60, '1m'],
        ['5m', 300, '5m'],
        ['24h', 86400, '1d'],
        ['7d', 604800, '7d'],
        ['0s', 0, '0s'],
    ])('%s', (text, seconds, shown) => {
        expect(parseSpan(text, 'duration')).toBe(seconds);
        expect(span(seconds)).toBe(shown);
    });

    it.each(['', '7', 'd', '-1d', '1.5h', '1w', '1d2h', '123456789s'])('refuses %p', (text) => {
        expect(() => parseSpan(text, 'duration')).toThrow('write for example duration=5m, 1h or 7d.');
    });
});

it('shows a time of the chain in UTC, and one that no calendar has', () => {
    expect(date(1_800_000_000)).toBe('2027-01-15 08:00:00 UTC');
    expect(date(10 ** 14)).toBe('thousands of years from now');
});

it.each(['', '5%', '2.5', '-1', '1000'])('refuses %p as whole percent', (text) => {
    expect(() => parsePercent(text, 'step')).toThrow('write for example step=5.');
});

it.each(['', 'ab', 'zz'.repeat(32), 'ab'.repeat(33), `0x${'ab'.repeat(31)}`])('refuses %p as 32 bytes', (text) => {
    expect(() => parseHex(text, 'signer', 32)).toThrow('signer= takes 64 hex digits');
});

describe('addresses', () => {
    const address = addressOf(7);

    it.each([
        address.toString(),
        address.toString({ bounceable: false }),
        address.toString({ urlSafe: false }),
        address.toRawString(),
    ])('%s', (text) => {
        expect(parseAddress(text, 'to', 'mainnet')).toEqualAddress(address);
    });

    it('one of test networks is refused on mainnet only', () => {
        const text = address.toString({ testOnly: true });
        expect(parseAddress(text, 'to', 'testnet')).toEqualAddress(address);
        expect(() => parseAddress(text, 'to', 'mainnet')).toThrow(
            'is an address of a test network, and this is mainnet',
        );
    });

    const masterchain = `-1:${'55'.repeat(32)}`;
    const typo = address.toString().replace(/.$/, (last) => (last === 'A' ? 'B' : 'A'));
    it.each([
        ['another thing', 'alice', 'is no address: copy it whole'],
        ['a shortened one', address.toString().slice(0, 40), 'is no address: copy it whole'],
        ['one with a slip', typo, 'has a wrong checksum'],
        ['one of the masterchain', masterchain, 'is in the masterchain'],
        ['a raw one with a slip', `0:${'5'.repeat(63)}`, 'is no address: copy it whole'],
    ])('refuses %s', (_, text, why) => {
        expect(() => parseAddress(text, 'to', 'testnet')).toThrow(why);
    });
});

it('takes a name in its canonical form only, and says which that is', () => {
    expect(parseName('alice_1')).toBe('alice_1');
    expect(() => parseName('@Alice')).toThrow('@Alice is not in canonical form: write name=alice.');
    expect(() => parseName('al')).toThrow('A name has 4 to 32 characters.');
});
