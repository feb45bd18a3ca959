import { canonicalName, GramhouseError, isCanonicalName, nameIndex } from '../../../wrappers';

const longest = 'a'.repeat(32);

describe('canonicalName', () => {
    it.each([
        ['alice', 'alice'],
        ['@alice', 'alice'],
        ['ALICE_Smith9', 'alice_smith9'],
        ['a_b_c', 'a_b_c'],
        ['abcd', 'abcd'],
        [longest, longest],
    ])('takes %s as %s', (text, name) => {
        expect(canonicalName(text)).toBe(name);
        expect(isCanonicalName(name)).toBe(true);
    });

    it.each([
        ['abc', '4 to 32 characters'],
        [`${longest}a`, '4 to 32 characters'],
        ['', '4 to 32 characters'],
        ['1alice', 'starts with a letter'],
        ['_alice', 'starts with a letter'],
        ['alice_', 'does not end with an underscore'],
        ['al__ice', 'no two underscores'],
        ['al ice', 'only a-z'],
        ['alice\n', 'only a-z'],
        ['@@alice', 'only a-z'],
        ['al-ice', 'only a-z'],
        ['\u0430lice', 'only a-z'],
        ['alice\0', 'only a-z'],
    ])('refuses %j: %s', (text, rule) => {
        expect(() => canonicalName(text)).toThrow(GramhouseError);
        expect(() => canonicalName(text)).toThrow(rule);
        expect(isCanonicalName(text)).toBe(false);
    });

    it('folds no letters but A to Z', () => {
        // Both become an ASCII letter by toLowerCase
        expect(() => canonicalName('\u212aelvin')).toThrow('only a-z');
        expect(() => canonicalName('\u0130mage')).toThrow('only a-z');
    });
});

describe('isCanonicalName', () => {
    it('knows no case and no @', () => {
        expect(isCanonicalName('Alice')).toBe(false);
        expect(isCanonicalName('@alice')).toBe(false);
    });
});

describe('nameIndex', () => {
    it('is the sha256 of the bytes as they are', () => {
        expect(nameIndex('abc')).toBe(0xba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015adn);
        expect(nameIndex('Alice')).not.toBe(nameIndex('alice'));
    });
});
