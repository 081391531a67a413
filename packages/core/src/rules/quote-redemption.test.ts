import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Differences, milesVersion } from '../fixtures.test-data.ts';
import { termsOf } from '../program/terms.ts';
import { pointsValue, quoteRedemption, redemptionLimits } from './quote-redemption.ts';

type Redeem = NonNullable<Differences['redeem']>;

/** Asks for points of 1,000 available on an order of 500 rupees. */
function ask(points: number | undefined, redeem: Redeem = {}, { available = 1000, payable = 50_000 } = {}) {
  const order = { payable, pointsSpent: 0, valueSpent: 0 };
  const { steps: _steps, ...quote } = quoteRedemption({ available, points, order }, milesVersion({ redeem }));
  return quote;
}

describe('each limit alone', () => {
  test.each<[string, number, Redeem, object, number]>([
    ['available', 401, {}, { available: 400 }, 400],
    ['maxPointsPerOrder', 201, { maxPointsPerOrder: 200 }, {}, 200],
    ['maxShareOfOrder', 251, { maxShareOfOrder: '0.5' }, {}, 250],
    ['payable', 501, {}, {}, 500],
    ['increment', 451, { increment: 50 }, { available: 499 }, 450],
  ])('%s refuses %i and allows the most', (limit, asked, redeem, facts, most) => {
    expect(ask(asked, redeem, facts)).toEqual({ maxPoints: most, limitedBy: limit, breaks: limit });
    expect(ask(most, redeem, facts)).toEqual({ maxPoints: most, limitedBy: limit, breaks: null });
  });

  test('minPoints refuses fewer, and everything where fewer are to be had', () => {
    expect(ask(99, { minPoints: 100 })).toEqual({
      maxPoints: 500,
      limitedBy: 'payable',
      breaks: 'minPoints',
    });
    expect(ask(100, { minPoints: 100 }).breaks).toBeNull();
    expect(ask(undefined, { minPoints: 100 }, { available: 99 })).toEqual({
      maxPoints: 0,
      limitedBy: 'minPoints',
      breaks: 'available',
    });
  });

  test('increment refuses what is no multiple, below the most as well', () => {
    expect(ask(75, { increment: 50 }).breaks).toBe('increment');
    expect(ask(100, { increment: 50 }).breaks).toBeNull();
  });

  test('limits of an order do not bind points that are spent without one', () => {
    const version = milesVersion({ redeem: { maxPointsPerOrder: 5, maxShareOfOrder: '0.1' } });
    expect(quoteRedemption({ available: 1000, points: 900 }, version)).toMatchObject({
      maxPoints: 1000,
      limitedBy: 'available',
      breaks: null,
    });
  });
});

describe('the order of limits', () => {
  const all = { maxPointsPerOrder: 300, maxShareOfOrder: '0.5', increment: 20, minPoints: 100 };

  test('the first one that is broken is the reason, the tightest one sets the most', () => {
    expect(ask(901, all, { available: 900 })).toEqual({
      maxPoints: 240,
      limitedBy: 'increment',
      breaks: 'available',
    });
    expect(ask(400, all, { available: 900 }).breaks).toBe('maxPointsPerOrder');
    expect(ask(260, all, { available: 900 }).breaks).toBe('maxShareOfOrder');
    expect(ask(245, all, { available: 900 }).breaks).toBe('increment');
    expect(ask(80, all, { available: 900 }).breaks).toBe('minPoints');
    expect(ask(240, all, { available: 900 }).breaks).toBeNull();
  });

  test('a share of all of the order comes before the payable amount', () => {
    expect(ask(501, { maxShareOfOrder: '1' })).toMatchObject({ breaks: 'maxShareOfOrder', maxPoints: 500 });
  });

  test('is the documented one', () => {
    expect(redemptionLimits).toEqual([
      'available',
      'maxPointsPerOrder',
      'maxShareOfOrder',
      'payable',
      'increment',
      'minPoints',
    ]);
  });

  test('points spent before on the same order count against its limits', () => {
    const version = milesVersion({ redeem: { maxPointsPerOrder: 300, maxShareOfOrder: '0.5' } });
    const order = { payable: 50_000, pointsSpent: 200, valueSpent: 20_000 };
    expect(quoteRedemption({ available: 1000, points: undefined, order }, version).maxPoints).toBe(50);
    const spent = { payable: 50_000, pointsSpent: 400, valueSpent: 40_000 };
    expect(quoteRedemption({ available: 1000, points: undefined, order: spent }, version).maxPoints).toBe(0);
  });
});

describe('what a point is worth', () => {
  test.each([
    ['1', 50_000, 500],
    ['0.25', 50_000, 2000],
    ['0.003', 100, 334],
    ['0.003', 1, 4],
    ['3', 1000, 3],
    ['7.77', 777, 1],
    ['1000', 50_000, 0],
  ])('%s rupees: an amount of %i paise takes %i points at most', (valuePerPoint, payable, most) => {
    expect(ask(undefined, { valuePerPoint }, { available: 10 ** 9, payable }).maxPoints).toBe(most);
  });

  test.each([
    [30, '1', 3000],
    [3, '0.25', 75],
    [1, '0.003', 0],
    [3, '0.003', 0],
    [4, '0.003', 1],
    [333, '0.003', 99],
  ])('%i points at %s are %i paise, rounded down', (points, valuePerPoint, value) => {
    expect(pointsValue(points, termsOf(milesVersion({ redeem: { valuePerPoint } })).valuePerPoint)).toBe(
      value,
    );
  });
});

const rules = fc.record(
  {
    valuePerPoint: fc.constantFrom('1', '0.25', '0.003', '0.1', '2.5', '13'),
    maxPointsPerOrder: fc.integer({ min: 1, max: 5000 }),
    maxShareOfOrder: fc.integer({ min: 1, max: 100 }).map((percent) => (percent / 100).toFixed(2)),
    increment: fc.integer({ min: 1, max: 60 }),
    minPoints: fc.integer({ min: 1, max: 200 }),
  },
  { requiredKeys: ['valuePerPoint'] },
) as fc.Arbitrary<Redeem>;
const requests = fc.record({
  available: fc.nat(5000),
  points: fc.integer({ min: 1, max: 6000 }),
  payable: fc.nat(200_000),
  valueSpent: fc.nat(50_000),
});

describe('whatever the limits', () => {
  test('no accepted wish makes a negative charge or breaks a limit', () => {
    fc.assert(
      fc.property(rules, requests, (redeem, { available, points, payable, valueSpent }) => {
        const version = milesVersion({ redeem });
        const order = { payable, pointsSpent: 0, valueSpent: Math.min(valueSpent, payable) };
        const { maxPoints, breaks } = quoteRedemption({ available, points, order }, version);
        const { valuePerPoint } = termsOf(version);
        for (const spent of breaks === null ? [points, maxPoints] : [maxPoints]) {
          expect(pointsValue(spent, valuePerPoint)).toBeLessThanOrEqual(payable - order.valueSpent);
          expect(spent).toBeLessThanOrEqual(Math.min(available, redeem.maxPointsPerOrder ?? Infinity));
          if (spent === 0) continue;
          expect(spent % (redeem.increment ?? 1)).toBe(0);
          expect(spent).toBeGreaterThanOrEqual(redeem.minPoints ?? 1);
          const value = pointsValue(spent, valuePerPoint) + order.valueSpent;
          expect(value).toBeLessThanOrEqual(payable * Number(redeem.maxShareOfOrder ?? 1) + 1e-6);
        }
      }),
    );
  });

  test('the most can be asked for, and one step more cannot', () => {
    fc.assert(
      fc.property(rules, requests, (redeem, { available, payable }) => {
        const version = milesVersion({ redeem });
        const order = { payable, pointsSpent: 0, valueSpent: 0 };
        const quote = (points: number | undefined) => quoteRedemption({ available, points, order }, version);
        const { maxPoints } = quote(undefined);
        if (maxPoints > 0) expect(quote(maxPoints).breaks).toBeNull();
        const more = maxPoints + (redeem.increment ?? 1);
        if (maxPoints > 0 || redeem.minPoints === undefined) expect(quote(more).breaks).not.toBeNull();
      }),
    );
  });
});
