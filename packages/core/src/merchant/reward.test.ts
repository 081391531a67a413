import { describe, expect, test } from 'vitest';
import { parseInput } from '../commands/command.ts';
import { noon } from '../fixtures.test-data.ts';
import { rewardSchema } from './reward.ts';

const coffee = {
  programId: 'miles',
  id: 'coffee',
  name: 'Coffee',
  price: { points: 100 },
  gives: { kind: 'item' },
};

describe('a reward', () => {
  test('costs points or stamps, has no end of stock and a voucher of 90 days where nothing else is said', () => {
    expect(parseInput(rewardSchema, coffee)).toEqual({ ...coffee, voucherDays: 90 });
    const stamps = { ...coffee, price: { stamps: 10 } };
    expect(parseInput(rewardSchema, stamps).price).toEqual({ stamps: 10 });
  });

  test.each([
    { kind: 'item', sku: 'ESPRESSO' },
    { kind: 'amount-off', amount: '50.00' },
    { kind: 'percent-off', percent: 20, maxAmount: '100' },
    { kind: 'percent-off', percent: 100 },
  ])('can give %j', (gives) => {
    expect(parseInput(rewardSchema, { ...coffee, gives }).gives).toMatchObject({ kind: gives.kind });
  });

  test.each<[string, object]>([
    ['price', { price: {} }],
    ['price', { price: { points: 10, stamps: 1 } }],
    ['price', { price: { points: 0 } }],
    ['price', { price: { points: 10 ** 12 + 1 } }],
    ['price', { price: { stamps: 1.5 } }],
    ['gives', { gives: { kind: 'hug' } }],
    ['gives', { gives: { kind: 'percent-off', percent: 101 } }],
    ['gives', { gives: { kind: 'percent-off', percent: 0 } }],
    ['gives', { gives: { kind: 'amount-off', amount: '-5' } }],
    ['stock', { stock: -1 }],
    ['stock', { stock: 0.5 }],
    ['perCustomer', { perCustomer: 0 }],
    ['voucherDays', { voucherDays: 0 }],
    ['activeUntil', { activeFrom: new Date(noon), activeUntil: new Date(noon) }],
    ['activeFrom', { activeFrom: '2026-01-15T12:00:00' }],
    ['surprise', { surprise: 1 }],
  ])('refuses, and names, %s: %j', (field, differences) => {
    const refused = () => parseInput(rewardSchema, { ...coffee, ...differences });
    expect(refused).toThrow(expect.objectContaining({ field: expect.stringMatching(`^${field}`) }));
  });
});
