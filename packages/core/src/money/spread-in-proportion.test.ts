import fc from 'fast-check';
import { expect, test } from 'vitest';
import { spreadInProportion } from './spread-in-proportion.ts';

test.each([
  [100, [1, 1, 1], [33, 33, 34]],
  [10, [50, 0, 50], [5, 0, 5]],
  [0, [1, 2], [0, 0]],
  [7, [0, 0], [0, 0]],
  [7, [], []],
  [3, [1, 1, 1, 1, 1], [0, 1, 0, 1, 1]],
])('%i over %j is %j', (total, weights, parts) => {
  expect(spreadInProportion(total, weights)).toEqual(parts);
});

const weights = fc.array(fc.nat(10 ** 9), { minLength: 1, maxLength: 30 });
const spread = weights.chain((weights) => {
  const whole = weights.reduce((sum, weight) => sum + weight, 0);
  return fc.record({ weights: fc.constant(weights), whole: fc.constant(whole), total: fc.nat(whole) });
});

test('the parts add up, and none is negative or above its weight', () => {
  fc.assert(
    fc.property(spread, ({ weights, total }) => {
      const parts = spreadInProportion(total, weights);
      expect(parts.reduce((sum, part) => sum + part, 0)).toBe(total);
      for (const [index, part] of parts.entries()) {
        expect(part).toBeGreaterThanOrEqual(0);
        expect(part).toBeLessThanOrEqual(weights[index] as number);
      }
    }),
  );
});

test('each part is its exact share, give or take less than one unit', () => {
  fc.assert(
    fc.property(spread, ({ weights, whole, total }) => {
      fc.pre(whole > 0);
      for (const [index, part] of spreadInProportion(total, weights).entries()) {
        const exact = (total * (weights[index] as number)) / whole;
        expect(Math.abs(part - exact)).toBeLessThan(1 + 1e-6);
      }
    }),
  );
});
