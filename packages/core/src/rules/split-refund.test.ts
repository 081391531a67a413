import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Payment, splitRefund } from './split-refund.ts';

const splits = ['pro-rata', 'cash-first', 'points-first'] as const;

describe('an order of 500 rupees, 100 of them paid with 100 points', () => {
  const payment = { payable: 50_000, points: 100, value: 10_000 };

  test.each([
    ['pro-rata', 25_000, { money: 20_000, points: 50 }],
    ['pro-rata', 1, { money: 1, points: 0 }],
    ['cash-first', 25_000, { money: 25_000, points: 0 }],
    ['cash-first', 45_000, { money: 40_000, points: 50 }],
    ['points-first', 5050, { money: 0, points: 50 }],
    ['points-first', 25_000, { money: 15_000, points: 100 }],
  ] as const)('%s, %i paise refunded: %j', (split, refunded, back) => {
    expect(splitRefund(payment, refunded, split)).toEqual(back);
  });

  test.each(splits)('%s, refunded in full: everything', (split) => {
    expect(splitRefund(payment, 50_000, split)).toEqual({ money: 40_000, points: 100 });
  });
});

test.each([
  [1, 0],
  [5, 2],
  [6, 2],
])(
  'pro-rata, of 10 paise, 7 of them paid with points, %i refunded: %i in money, to the nearest',
  (refunded, money) => {
    expect(splitRefund({ payable: 10, points: 7, value: 7 }, refunded, 'pro-rata').money).toBe(money);
  },
);

test.each(splits)('%s: without points, money goes back as it is', (split) => {
  expect(splitRefund({ payable: 50_000, points: 0, value: 0 }, 123, split)).toEqual({
    money: 123,
    points: 0,
  });
});

test.each(splits)('%s: points that paid all go back, and no money', (split) => {
  const payment = { payable: 30, points: 100, value: 30 };
  expect(splitRefund(payment, 0, split)).toEqual({ money: 0, points: 0 });
  expect(splitRefund(payment, 15, split)).toEqual({ money: 0, points: 50 });
  expect(splitRefund(payment, 30, split)).toEqual({ money: 0, points: 100 });
});

const payments: fc.Arbitrary<Payment> = fc
  .tuple(fc.integer({ min: 1, max: 10 ** 7 }), fc.nat(10 ** 6))
  .chain(([payable, points]) =>
    fc.record({
      payable: fc.constant(payable),
      points: fc.constant(points),
      value: points === 0 ? fc.constant(0) : fc.nat(payable),
    }),
  );
const refunds = payments.chain((payment) =>
  fc.record({
    payment: fc.constant(payment),
    // Where refunds stand one after another, up to the whole order.
    sums: fc
      .array(fc.nat(payment.payable), { maxLength: 8 })
      .map((sums) => [0, ...sums.sort((a, b) => a - b), payment.payable]),
  }),
);

describe.each(splits)('%s, over any order and any parts', (split) => {
  test('never gives back more than was paid, and both parts only grow', () => {
    fc.assert(
      fc.property(refunds, ({ payment, sums }) => {
        let before = { money: 0, points: 0 };
        for (const refunded of sums) {
          const back = splitRefund(payment, refunded, split);
          expect(back.money).toBeGreaterThanOrEqual(before.money);
          expect(back.points).toBeGreaterThanOrEqual(before.points);
          expect(back.money).toBeLessThanOrEqual(Math.min(refunded, payment.payable - payment.value));
          expect(back.points).toBeLessThanOrEqual(payment.points);
          before = back;
        }
      }),
    );
  });

  test('begins with nothing and ends with everything', () => {
    fc.assert(
      fc.property(payments, (payment) => {
        fc.pre(payment.payable > 0);
        expect(splitRefund(payment, 0, split)).toEqual({ money: 0, points: 0 });
        const all = { money: payment.payable - payment.value, points: payment.points };
        expect(splitRefund(payment, payment.payable, split)).toEqual(all);
      }),
    );
  });

  test('money and points together are worth what was refunded, to the last whole point', () => {
    fc.assert(
      fc.property(refunds, ({ payment, sums }) => {
        const { points, value } = payment;
        fc.pre(points > 0);
        for (const refunded of sums) {
          const back = splitRefund(payment, refunded, split);
          const short = refunded - back.money - (back.points * value) / points;
          expect(short).toBeGreaterThanOrEqual(-1);
          expect(short).toBeLessThanOrEqual(1 + value / points);
        }
      }),
    );
  });
});
