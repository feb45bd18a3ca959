import { toNano } from '@ton/core';

import { formatTime, formatTon, parseTon } from '../../app/src/format';

describe('amounts and times as a person types and reads them', () => {
    it.each([
        ['12.5', '12.5'],
        ['12,5', '12.5'],
        ['0,5', '0.5'],
        ['0,125', '0.125'],
        [' 1250 ', '1250'],
        ['1,25', '1.25'],
        ['0.000000001', '0.000000001'],
    ])('%s is %s TON', (typed, amount) => expect(parseTon(typed)).toBe(toNano(amount)));

    it.each(['1,250', '12,500', '1,250.5', '1,2,3', '1.2,3', '0', '-1', '1e3', '0.0000000001', '', 'ten'])(
        '%s is no amount',
        (typed) => expect(parseTon(typed)).toBeNull(),
    );

    it('an amount is shown exactly', () => {
        expect(formatTon(toNano('1234567.000000001'))).toBe('1,234,567.000000001');
    });

    it('a time after the last that the platform has is shown as that one', () => {
        expect(formatTime(1e15)).toBe(formatTime(8.64e12));
    });
});
