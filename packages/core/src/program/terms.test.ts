import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { milesVersion } from '../fixtures.test-data.ts';
import { termsOf } from './terms.ts';

describe('the terms of a version', () => {
  test('are amounts in minor units, fractions and sets', () => {
    const version = milesVersion({
      earn: { minOrderAmount: '99.50', excludeCategories: ['gift-cards'], excludeSkus: ['A1'] },
      redeem: { valuePerPoint: '0.25', maxShareOfOrder: '0.5' },
    });
    expect(termsOf(version)).toEqual({
      perAmount: 1000,
      minOrderAmount: 9950,
      valuePerPoint: { numerator: 25, denominator: 1 },
      maxShareOfOrder: { numerator: 5, denominator: 10 },
      excludeCategories: new Set(['gift-cards']),
      excludeSkus: new Set(['A1']),
    });
  });

  test.each([
    ['INR', '1', 100, 1],
    ['INR', '0.003', 3, 10],
    ['JPY', '0.5', 1, 2],
    ['KWD', '0.001', 1, 1],
  ])('in %s a point worth %s is %i/%i minor units', (currency, valuePerPoint, numerator, denominator) => {
    const version = milesVersion({ redeem: { valuePerPoint } }, { currency });
    expect(termsOf(version).valuePerPoint).toEqual({ numerator, denominator });
  });

  test('are worked out once', () => {
    const version = milesVersion();
    expect(termsOf(version)).toBe(termsOf(version));
  });

  test.each([
    ['INR', 2],
    ['KWD', 3],
  ])('keep the value of a point in %s exactly, to its last digit', (currency, digits) => {
    const last = digits + 6;
    fc.assert(
      fc.property(fc.nat(999_999), fc.nat(10 ** last - 1), (whole, parts) => {
        fc.pre(whole + parts > 0);
        const valuePerPoint = `${whole}.${String(parts).padStart(last, '0')}`;
        const version = milesVersion({ redeem: { valuePerPoint } }, { currency });
        const { numerator, denominator } = termsOf(version).valuePerPoint;
        const exact = BigInt(whole) * 10n ** BigInt(last) + BigInt(parts);
        expect(BigInt(numerator) * 10n ** 6n).toBe(exact * BigInt(denominator));
      }),
    );
  });
});
