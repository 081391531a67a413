import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Differences, milesVersion, priced } from '../fixtures.test-data.ts';
import { basisPaidInMoney, earningBasis, earnPoints } from './earn-points.ts';
import type { OrderInput } from './order.ts';

type Parts = Omit<OrderInput, 'id'>;

/** Points of an order under the usual program with other earning rules; `paid` is in rupees. */
function earned(order: string | Parts, earn: Differences['earn'] = {}, paid = 0): number {
  const version = milesVersion({ earn });
  return earnPoints(priced(order, version), version, paid * 100).points;
}

const threeLines = (...prices: string[]): Parts => ({
  lines: prices.map((unitPrice, index) => ({ id: `line-${index + 1}`, unitPrice })),
});

describe('1 point for every 10 rupees', () => {
  test.each([
    ['500', 50],
    ['0', 0],
    ['9.99', 0],
    ['10', 1],
    ['19.99', 1],
    ['499.99', 49],
    ['12345.67', 1234],
  ])('%s rupees earn %i', (total, points) => {
    expect(earned(total)).toBe(points);
  });
});

describe('rounding', () => {
  test.each([
    ['down', 49],
    ['up', 50],
    ['half-up', 50],
    ['half-down', 49],
    ['half-even', 50],
  ] as const)('%s makes of 495 rupees %i points', (rounding, points) => {
    expect(earned('495', { rounding })).toBe(points);
  });

  test.each([
    ['down', 1, 0],
    ['up', 2, 3],
    ['half-up', 2, 3],
    ['half-down', 1, 0],
    ['half-even', 2, 0],
  ] as const)('%s of three lines of 5 rupees: %i once an order, %i once a line', (rounding, order, line) => {
    expect(earned(threeLines('5', '5', '5'), { rounding, roundPer: 'order' })).toBe(order);
    expect(earned(threeLines('5', '5', '5'), { rounding, roundPer: 'line' })).toBe(line);
  });
});

describe('complete steps', () => {
  test.each([
    ['99.99', 0],
    ['100', 5],
    ['199.99', 5],
    ['1000', 50],
  ])('5 points for each complete 100: %s rupees earn %i', (total, points) => {
    expect(earned(total, { points: 5, perAmount: '100', steps: 'complete', rounding: 'up' })).toBe(points);
  });

  test('in proportion, the same rate earns on what is left of a step as well', () => {
    expect(earned('199.99', { points: 5, perAmount: '100', steps: 'proportional' })).toBe(9);
  });
});

describe('what counts', () => {
  const order: Parts = {
    lines: [
      { id: 'book', sku: 'B1', category: 'books', unitPrice: '100', quantity: 2 },
      { id: 'card', sku: 'G1', category: 'gift-cards', unitPrice: '500' },
    ],
    shipping: '50',
    tax: '30',
  };

  test.each<[string, Differences['earn'], number]>([
    ['lines alone', {}, 70],
    ['shipping where included', { includeShipping: true }, 75],
    ['tax where included', { includeTax: true }, 73],
    ['both', { includeShipping: true, includeTax: true }, 78],
    ['no excluded category', { excludeCategories: ['gift-cards'] }, 20],
    ['no excluded SKU', { excludeSkus: ['B1'] }, 50],
    ['nothing, when all is excluded', { excludeCategories: ['gift-cards', 'books'] }, 0],
    ['shipping of excluded lines', { excludeSkus: ['B1', 'G1'], includeShipping: true }, 5],
  ])('%s', (_what, earn, points) => {
    expect(earned(order, earn)).toBe(points);
  });

  test('lines net of their own discounts and of their share of the order discount', () => {
    const discounted: Parts = {
      lines: [
        { id: 'a', category: 'books', unitPrice: '300', discount: '100' },
        { id: 'b', category: 'food', unitPrice: '200' },
      ],
      discount: '100',
    };
    expect(earned(discounted)).toBe(30);
    expect(earned(discounted, { excludeCategories: ['food'] })).toBe(15);
  });

  test("a total's shipping and tax are in it", () => {
    expect(earned({ total: '580', shipping: '50', tax: '30' })).toBe(50);
    expect(earned({ total: '580', shipping: '50', tax: '30' }, { includeTax: true })).toBe(53);
  });

  test("an order's category rules a total, and lines without one of their own", () => {
    const earn = { excludeCategories: ['gift-cards'] };
    expect(earned({ total: '500', category: 'gift-cards' }, earn)).toBe(0);
    expect(earned({ category: 'gift-cards', lines: [{ unitPrice: '100' }] }, earn)).toBe(0);
    expect(earned({ category: 'gift-cards', lines: [{ unitPrice: '100', category: 'books' }] }, earn)).toBe(
      10,
    );
  });
});

describe('limits', () => {
  test('no more than the most points an order', () => {
    expect(earned('5010', { maxPointsPerOrder: 500 })).toBe(500);
    expect(earned('5000', { maxPointsPerOrder: 500 })).toBe(500);
    expect(earned('4990', { maxPointsPerOrder: 500 })).toBe(499);
  });

  test('nothing below the minimum order, which looks at all that is payable', () => {
    expect(earned('99.99', { minOrderAmount: '100' })).toBe(0);
    expect(earned('100', { minOrderAmount: '100' })).toBe(10);
    expect(earned({ lines: [{ unitPrice: '90' }], shipping: '10' }, { minOrderAmount: '100' })).toBe(9);
  });
});

describe('the part paid with points', () => {
  test.each([
    [0, 50],
    [30, 47],
    [495, 0],
    [500, 0],
    [900, 0],
  ])('%i of 500 rupees paid with points leave %i points to earn', (paid, points) => {
    expect(earned('500', {}, paid)).toBe(points);
  });

  test('comes off what counts, in proportion where a line is rounded alone', () => {
    expect(earned(threeLines('100', '200'), { roundPer: 'line' }, 30)).toBe(27);
    expect(earned(threeLines('15', '15'), { roundPer: 'line' }, 10)).toBe(2);
  });
});

test('whatever the rules, points are whole, at least zero, at most the cap, and the steps lead from basis to points', () => {
  const rules = fc.record({
    points: fc.integer({ min: 1, max: 100 }),
    perAmount: fc.integer({ min: 1, max: 5000 }).map((paise) => (paise / 100).toFixed(2)),
    steps: fc.constantFrom('proportional', 'complete'),
    rounding: fc.constantFrom('down', 'up', 'half-up', 'half-down', 'half-even'),
    roundPer: fc.constantFrom('order', 'line'),
    maxPointsPerOrder: fc.integer({ min: 1, max: 2000 }),
  });
  const prices = fc.array(fc.nat(100_000), { minLength: 1, maxLength: 5 });
  fc.assert(
    fc.property(rules, prices, fc.nat(200_000), (earn, paise, paid) => {
      const version = milesVersion({ earn });
      const order = priced(threeLines(...paise.map((price) => (price / 100).toFixed(2))), version);
      const { points, basis, steps } = earnPoints(order, version, paid);
      expect(Number.isSafeInteger(points) && points >= 0 && points <= earn.maxPointsPerOrder).toBe(true);
      expect(basis).toBe(Math.max(0, earningBasis(order, version) - paid));
      expect(steps.at(-1)?.out).toBe(points);
      for (const [index, step] of steps.entries()) if (index > 0) expect(step.in).toBe(steps[index - 1]?.out);
    }),
  );
});

describe('what stays paid in money after a refund', () => {
  test.each([
    // of a basis of 100, 30 of it paid with points
    ['pro-rata', [70, 52, 35, 0]],
    ['cash-first', [70, 45, 20, 0]],
    ['points-first', [70, 70, 50, 0]],
  ] as const)('%s: %j after 0, 25, 50 and 100', (split, left) => {
    expect([0, 25, 50, 100].map((gone) => basisPaidInMoney(100, 30, gone, split))).toEqual(left);
  });
});
