import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { mulDiv, type RoundingMode, roundingModes } from './rounding.ts';

describe('rounding a half and its neighbours', () => {
  test.each<[RoundingMode, number[]]>([
    //                of 2.4, 2.5, 2.6, 3.5, 3
    ['down', [2, 2, 2, 3, 3]],
    ['up', [3, 3, 3, 4, 3]],
    ['half-up', [2, 3, 3, 4, 3]],
    ['half-down', [2, 2, 3, 3, 3]],
    ['half-even', [2, 2, 3, 4, 3]],
  ])('%s makes %j of 2.4, 2.5, 2.6, 3.5 and 3', (mode, rounded) => {
    expect([24, 25, 26, 35, 30].map((tenths) => mulDiv(1, tenths, 10, mode))).toEqual(rounded);
  });
});

const decimalModes: Record<RoundingMode, Decimal.Rounding> = {
  down: Decimal.ROUND_DOWN,
  up: Decimal.ROUND_UP,
  'half-up': Decimal.ROUND_HALF_UP,
  'half-down': Decimal.ROUND_HALF_DOWN,
  'half-even': Decimal.ROUND_HALF_EVEN,
};
const Exact = Decimal.clone({ precision: 80 });

function reference(a: number, b: number, c: number, mode: RoundingMode): number {
  return new Exact(a).times(b).div(c).toDecimalPlaces(0, decimalModes[mode]).toNumber();
}

describe.each(roundingModes)('%s', (mode) => {
  test('agrees with decimal arithmetic on small numbers', () => {
    fc.assert(
      fc.property(fc.nat(10_000), fc.nat(10_000), fc.integer({ min: 1, max: 1000 }), (a, b, c) => {
        expect(mulDiv(a, b, c, mode)).toBe(reference(a, b, c, mode));
      }),
    );
  });

  test('agrees with decimal arithmetic where the product is beyond 2^53', () => {
    const large = fc.integer({ min: 2 ** 27, max: 2 ** 40 });
    fc.assert(
      fc.property(large, large, fc.integer({ min: 2 ** 28, max: 2 ** 40 }), (a, b, c) => {
        expect(mulDiv(a, b, c, mode)).toBe(reference(a, b, c, mode));
      }),
    );
  });

  test('agrees with decimal arithmetic at exactly one half, small and large', () => {
    const odd = fc.nat(2 ** 20).map((half) => 2 * half + 1);
    fc.assert(
      fc.property(odd, fc.integer({ min: 0, max: 40 }), (a, doublings) => {
        const scale = 2 ** doublings;
        expect(mulDiv(a, scale, 2 * scale, mode)).toBe(reference(a, scale, 2 * scale, mode));
      }),
    );
  });

  test('a whole result is never touched', () => {
    fc.assert(
      fc.property(fc.nat(2 ** 40), fc.integer({ min: 1, max: 2 ** 40 }), (a, c) => {
        expect(mulDiv(a, c, c, mode)).toBe(a);
      }),
    );
  });
});

test('a result that is no safe integer is refused, not rounded', () => {
  expect(() => mulDiv(2 ** 40, 2 ** 40, 1, 'down')).toThrow(RangeError);
  expect(mulDiv(Number.MAX_SAFE_INTEGER, 3, 3, 'up')).toBe(Number.MAX_SAFE_INTEGER);
});
