import { expect, test } from 'vitest';
import { isCurrency, minorDigits } from './currency.ts';

test.each([
  ['INR', 2],
  ['USD', 2],
  ['JPY', 0],
  ['KWD', 3],
])('%s has %i decimal digits', (currency, digits) => {
  expect(minorDigits(currency)).toBe(digits);
  expect(minorDigits(currency)).toBe(digits);
});

test('a text that is not three letters has no digits', () => {
  expect(() => minorDigits('RUPEES')).toThrow(RangeError);
});

test.each(['INR', 'EUR', 'KWD'])('%s is a currency', (code) => expect(isCurrency(code)).toBe(true));
test.each(['inr', 'XQZ', 'RUPEES', 'IN', '', ' INR'])('%j is none', (code) =>
  expect(isCurrency(code)).toBe(false),
);
