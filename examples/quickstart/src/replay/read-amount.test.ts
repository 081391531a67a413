import { expect, test } from 'vitest';
import { readAmount } from './read-amount.ts';

test.each([
  ['2.55', 255],
  ['2.5', 250],
  ['2', 200],
  ['2.5500', 255],
  ['0.00', 0],
  ['-1.20', -120],
  ['-0.00', 0],
  ['0.001', 'has more than 2 decimals'],
  ['1e3', 'is no amount'],
  ['1,000.00', 'is no amount'],
  ['£5', 'is no amount'],
  ['.5', 'is no amount'],
  ['', 'is no amount'],
  ['999999999999999', 'is too large'],
])('reads %j as %j, never rounded', (text, minor) => {
  expect(readAmount(text, 2)).toBe(minor);
});

test('follows the digits of the currency', () => {
  expect(readAmount('120', 0)).toBe(120);
  expect(readAmount('120.5', 0)).toBe('has more than 0 decimals');
  expect(readAmount('1.234', 3)).toBe(1234);
});
