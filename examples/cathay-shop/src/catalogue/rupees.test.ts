import { expect, it } from 'vitest';
import { paiseOf, rupeesText } from './rupees.ts';

it.each([
  ['499.50', 49_950],
  ['499.5', 49_950],
  ['499', 49_900],
  ['0.07', 7],
  ['0', 0],
  ['1.15', 115],
  ['9999999.99', 999_999_999],
])('%s rupees are exactly %i paise', (rupees, paise) => {
  expect(paiseOf(rupees)).toBe(paise);
});

it.each([
  '',
  '-1',
  '+1',
  '1e3',
  'NaN',
  'Infinity',
  '1.234',
  '1.',
  '.5',
  '1,000',
  ' 1',
  '0x10',
  '10000000',
  '१००',
])('%j is not an amount of rupees', (text) => {
  expect(paiseOf(text)).toBeNull();
});

it('every amount survives being written and read', () => {
  for (let paise = 0; paise < 20_000; paise += 7) expect(paiseOf(rupeesText(paise))).toBe(paise);
  expect(rupeesText(5)).toBe('0.05');
});
