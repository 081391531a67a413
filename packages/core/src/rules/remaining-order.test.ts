import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { milesVersion, priced } from '../fixtures.test-data.ts';
import { earnedOnRemaining } from './earned-on-remaining.ts';
import type { PricedOrder } from './order.ts';
import { type Refunded, refundedOnLines, remainingOrder } from './remaining-order.ts';

const order = priced({
  lines: [
    { id: 'tea', unitPrice: '33.34', quantity: 3, discount: '0.02' },
    { id: 'cup', unitPrice: '200' },
  ],
  shipping: '50',
});

describe('what remains of an order', () => {
  test('is all of it while nothing went back', () => {
    expect(remainingOrder(order, { quantities: {}, amount: 0 })).toEqual(order);
  });

  test('is without the pieces that went back', () => {
    const left = remainingOrder(order, { quantities: { tea: 2, cup: 1 }, amount: 0 });
    expect(left.lines.map(({ net }) => net)).toEqual([3334, 0]);
    expect(left).toMatchObject({ payable: 8334, shipping: 5000 });
  });

  test('is less in proportion where an amount went back', () => {
    const left = remainingOrder(order, { quantities: {}, amount: 17_500 });
    expect(left).toMatchObject({ payable: 17_500, shipping: 2500, lines: [{ net: 5000 }, { net: 10_000 }] });
  });

  test('is nothing at the end, by lines or by amounts', () => {
    const byLines = remainingOrder(order, { quantities: { tea: 3, cup: 1 }, amount: 5000 });
    const byAmount = remainingOrder(order, { quantities: {}, amount: 35_000 });
    for (const left of [byLines, byAmount]) {
      expect(left).toMatchObject({ payable: 0, shipping: 0, lines: [{ net: 0 }, { net: 0 }] });
    }
  });

  test('pieces of a line that does not divide evenly add up to the line', () => {
    expect([1, 2, 3].map((tea) => refundedOnLines(order, { tea }))).toEqual([3333, 6666, 10_000]);
  });
});

describe('what remains of an order earns', () => {
  const version = milesVersion({ earn: { excludeCategories: ['gift-cards'], maxPointsPerOrder: 30 } });
  const shop = priced(
    {
      lines: [
        { id: 'a', unitPrice: '400' },
        { id: 'gift', unitPrice: '100', category: 'gift-cards' },
      ],
    },
    version,
  );

  test.each<[string, Refunded, number]>([
    ['all it did', { quantities: {}, amount: 0 }, 30],
    ['the cap while what is left earns more than it', { quantities: {}, amount: 10_000 }, 30],
    ['less below the cap', { quantities: {}, amount: 25_000 }, 20],
    ['the same when what earned nothing goes back', { quantities: { gift: 1 }, amount: 0 }, 30],
    ['nothing when what earned goes back', { quantities: { a: 1 }, amount: 0 }, 0],
    ['nothing when all goes back', { quantities: {}, amount: 50_000 }, 0],
  ])('%s', (_what, refunded, points) => {
    expect(earnedOnRemaining(shop, refunded, version, 0).points).toBe(points);
  });

  test('nothing once it is below the minimum order', () => {
    const minimum = milesVersion({ earn: { minOrderAmount: '300' } });
    const earned = (amount: number) =>
      earnedOnRemaining(priced('500'), { quantities: {}, amount }, minimum, 0).points;
    expect([0, 20_000, 20_001].map(earned)).toEqual([50, 30, 0]);
  });

  test.each([
    // of 500 rupees, 100 paid with points: what the order earns after 0, 100, 250 and 400 rupees went back
    ['pro-rata', [40, 32, 20, 8]],
    ['cash-first', [40, 30, 15, 0]],
    ['points-first', [40, 40, 25, 10]],
  ] as const)('%s, on what is still paid in money: %j', (split, points) => {
    const rules = milesVersion({ refunds: { split } });
    const earned = [0, 10_000, 25_000, 40_000].map(
      (amount) => earnedOnRemaining(priced('500'), { quantities: {}, amount }, rules, 10_000).points,
    );
    expect(earned).toEqual(points);
  });
});

const versions = fc
  .record({
    points: fc.integer({ min: 1, max: 20 }),
    perAmount: fc.integer({ min: 1, max: 3000 }).map((paise) => (paise / 100).toFixed(2)),
    steps: fc.constantFrom('proportional' as const, 'complete' as const),
    rounding: fc.constantFrom('down', 'up', 'half-up', 'half-down', 'half-even'),
    roundPer: fc.constantFrom('order' as const, 'line' as const),
    cap: fc.option(fc.integer({ min: 1, max: 500 }), { nil: undefined }),
    minimum: fc.option(fc.nat(50_000), { nil: undefined }),
    includeShipping: fc.boolean(),
    split: fc.constantFrom('pro-rata' as const, 'cash-first' as const, 'points-first' as const),
  })
  .map(({ cap, minimum, split, ...earn }) =>
    milesVersion({
      earn: {
        ...earn,
        excludeSkus: ['S0'],
        ...(cap === undefined ? {} : { maxPointsPerOrder: cap }),
        ...(minimum === undefined ? {} : { minOrderAmount: (minimum / 100).toFixed(2) }),
      },
      refunds: { split },
    }),
  );
const orders = fc
  .record({
    lines: fc.array(
      fc.record({ sku: fc.nat(4), quantity: fc.integer({ min: 1, max: 4 }), price: fc.nat(9999) }),
      {
        minLength: 1,
        maxLength: 4,
      },
    ),
    shipping: fc.nat(5000),
  })
  .map(({ lines, shipping }) => ({
    lines: lines.map(({ sku, quantity, price }, index) => ({
      id: `line-${index}`,
      sku: `S${sku}`,
      quantity,
      unitPrice: (price / 100).toFixed(2),
    })),
    shipping: (shipping / 100).toFixed(2),
  }));

/** One refund after another as far as there is anything left: a piece of a line, or an amount. */
function refundedInTurn(order: PricedOrder, steps: readonly { line: number; amount: number }[]): Refunded[] {
  const history: Refunded[] = [{ quantities: {}, amount: 0 }];
  for (const { line: index, amount } of steps) {
    const { quantities, amount: before } = history.at(-1) as Refunded;
    const left = order.payable - refundedOnLines(order, quantities) - before;
    const line = order.lines[index];
    const gone = line ? (quantities[line.id] ?? 0) : 0;
    if (!line) history.push({ quantities, amount: before + Math.min(amount, left) });
    else if (gone < line.quantity) {
      const more = { ...quantities, [line.id]: gone + 1 };
      if (refundedOnLines(order, more) + before <= order.payable)
        history.push({ quantities: more, amount: before });
    }
  }
  return history;
}
const steps = fc.array(fc.record({ line: fc.nat(8), amount: fc.nat(9999) }), { minLength: 1, maxLength: 12 });

describe('over any program, order and series of refunds', () => {
  test('every part of what remains only shrinks, and parts never exceed what is payable', () => {
    fc.assert(
      fc.property(orders, steps, (parts, steps) => {
        const order = priced(parts);
        let before = order;
        for (const refunded of refundedInTurn(order, steps)) {
          const left = remainingOrder(order, refunded);
          const { payable, shipping, tax, lines } = left;
          expect(lines.reduce((sum, { net }) => sum + net, shipping + tax)).toBeLessThanOrEqual(payable);
          expect(payable).toBeLessThanOrEqual(before.payable);
          expect(shipping).toBeLessThanOrEqual(before.shipping);
          for (const [index, { net }] of lines.entries()) {
            expect(net).toBeGreaterThanOrEqual(0);
            expect(net).toBeLessThanOrEqual(before.lines[index]?.net as number);
          }
          before = left;
        }
      }),
    );
  });

  test('what remains never earns more than before, so that taking back step by step ends where one step ends', () => {
    fc.assert(
      fc.property(versions, orders, steps, fc.nat(20_000), (version, parts, steps, spent) => {
        const order = priced(parts, version);
        // Rounded once a line, points that paid are spread anew over the lines that remain, and one line may gain a
        // point by it: that pair of rules is left out.
        const value = version.points.earn.roundPer === 'line' ? 0 : Math.min(spent, order.payable);
        let before = Number.POSITIVE_INFINITY;
        for (const refunded of refundedInTurn(order, steps)) {
          const { points } = earnedOnRemaining(order, refunded, version, value);
          expect(points).toBeLessThanOrEqual(before);
          before = points;
        }
      }),
      { numRuns: 500 },
    );
  });
});
