import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { Desk, type Differences, day, milesVersion, noon } from '../fixtures.test-data.ts';
import { adjust } from './adjust.ts';
import { award } from './award.ts';
import { earn } from './earn.ts';
import { hold } from './hold.ts';
import { redeem } from './redeem.ts';
import { refund } from './refund.ts';

const order = { id: 'ORDER124', total: '500' };

/** A card with points under the usual program with other rules for spending. */
function deskWith(points: number, redeemRules: Differences['redeem'] = {}): Desk {
  const desk = new Desk(milesVersion({ redeem: redeemRules }));
  desk.ok(adjust, { points, reasonCode: 'promotion', actor: 'anita' });
  return desk;
}

describe('spending points', () => {
  test('pays a part of an order and says what is left to charge', () => {
    const desk = deskWith(100);
    const spent = desk.ok(redeem, { order, points: 30 });
    expect(spent).toMatchObject({ points: 30, value: '30.00', amountDue: '470.00', clampedBy: null });
    expect(spent.balance).toMatchObject({ available: 70, lifetime: { redeemed: 30 } });
    expect(spent.entries).toHaveLength(1);
    expect(spent.entries[0]).toMatchObject({ kind: 'redeem', points: -30, lots: [{ lot: 1, points: -30 }] });
    expect(spent.explanation.map(({ why }) => why)).toEqual([
      '30 points are worth 30.00 INR.',
      'Of 500.00 INR to pay, 470.00 INR is left after points.',
      'Taken from the lots that expire soonest: 1 (30).',
    ]);
  });

  test('without an order pays nothing in particular', () => {
    expect(deskWith(100).ok(redeem, { points: 30 })).toMatchObject({
      orderId: null,
      amountDue: null,
      value: '30.00',
    });
  });

  test.each([
    ['0.25', 30, '7.50', '492.50'],
    ['0.003', 334, '1.00', '499.00'],
    ['2.5', 4, '10.00', '490.00'],
  ])('a point worth %s: %i points pay %s, %s is due', (valuePerPoint, points, value, amountDue) => {
    expect(deskWith(1000, { valuePerPoint }).ok(redeem, { order, points })).toMatchObject({
      value,
      amountDue,
    });
  });

  test('takes from several lots in burn order and records which', () => {
    const desk = new Desk();
    for (const [id, days] of [
      ['late', 30],
      ['soon', 10],
      ['middle', 20],
    ] as const) {
      desk.ok(award, {
        points: 10,
        source: { type: 'gift', id },
        reason: 'gift',
        expiresAt: new Date(noon + days * day),
      });
    }
    expect(desk.ok(redeem, { points: 25 }).entries[0]?.lots).toEqual([
      { lot: 2, points: -10 },
      { lot: 3, points: -10 },
      { lot: 1, points: -5 },
    ]);
  });

  test('twice on one order adds up; together they cannot pay more than the order', () => {
    const desk = deskWith(1000);
    desk.ok(redeem, { order, points: 200 });
    expect(desk.ok(redeem, { order, points: 250 }).amountDue).toBe('50.00');
    expect(desk.refused(redeem, { order, points: 51 })).toMatchObject({ code: 'EXCEEDS_PAYABLE', limit: 50 });
    expect(desk.state.orders.get(order.id)?.redemptions.map(({ points }) => points)).toEqual([200, 250]);
  });

  test('counts what open holds pay on the order', () => {
    const desk = deskWith(1000);
    desk.ok(hold, { order, points: 400 });
    expect(desk.refused(redeem, { order, points: 101 })).toMatchObject({
      code: 'EXCEEDS_PAYABLE',
      limit: 100,
    });
  });
});

describe('more than a limit is refused with the limit and the reason', () => {
  const all = { maxPointsPerOrder: 300, maxShareOfOrder: '0.5', increment: 20, minPoints: 100 };

  test.each<[string, number, Differences['redeem'], number, object]>([
    ['NOT_ENOUGH_POINTS', 400, {}, 401, { limit: 400, available: 400, reason: 'available' }],
    [
      'MAX_POINTS_PER_ORDER',
      900,
      { maxPointsPerOrder: 300 },
      301,
      { limit: 300, reason: 'maxPointsPerOrder' },
    ],
    ['MAX_SHARE_OF_ORDER', 900, { maxShareOfOrder: '0.5' }, 251, { limit: 250, reason: 'maxShareOfOrder' }],
    ['EXCEEDS_PAYABLE', 900, {}, 501, { limit: 500, reason: 'payable' }],
    ['NOT_A_MULTIPLE', 900, { increment: 20 }, 30, { increment: 20, reason: 'increment' }],
    ['BELOW_MIN_POINTS', 900, { minPoints: 100 }, 99, { minPoints: 100, reason: 'minPoints' }],
    ['NOT_ENOUGH_POINTS', 200, all, 401, { limit: 200, limitedBy: 'available' }],
    ['MAX_POINTS_PER_ORDER', 900, all, 501, { limit: 240, limitedBy: 'increment' }],
    ['MAX_SHARE_OF_ORDER', 900, all, 261, { limit: 240 }],
    ['NOT_A_MULTIPLE', 900, all, 30, { limit: 240 }],
    ['BELOW_MIN_POINTS', 900, all, 80, { limit: 240 }],
  ])('%s', (code, points, rules, asked, facts) => {
    expect(deskWith(points, rules).refused(redeem, { order, points: asked })).toMatchObject({
      code,
      requested: asked,
      ...facts,
    });
  });

  test('points that are worth nothing are not taken', () => {
    const desk = deskWith(100, { valuePerPoint: '0.003' });
    expect(desk.refused(redeem, { order, points: 3 })).toMatchObject({
      code: 'BELOW_MIN_POINTS',
      minPoints: 4,
    });
    expect(desk.ok(redeem, { order, points: 4 }).value).toBe('0.01');
  });

  test('an order comes first: earned, then refunded, then another amount', () => {
    const desk = deskWith(10);
    desk.ok(redeem, { order, points: 5 });
    const other = { ...order, total: '600' };
    expect(desk.refused(redeem, { order: other, points: 900 }).code).toBe('ORDER_MISMATCH');
    desk.ok(refund, { orderId: order.id, amount: '1', reason: 'return' });
    expect(desk.refused(redeem, { order: other, points: 900 }).code).toBe('ORDER_ALREADY_REFUNDED');
    const paid = { id: 'ORDER125', total: '20' };
    desk.ok(earn, { order: paid });
    desk.ok(refund, { orderId: paid.id, amount: '1', reason: 'return' });
    expect(desk.refused(redeem, { order: { ...paid, total: '9' }, points: 900 }).code).toBe(
      'ORDER_ALREADY_EARNED',
    );
  });

  test('an inactive card spends nothing', () => {
    const desk = deskWith(100);
    desk.state.card.status = 'inactive';
    expect(desk.refused(redeem, { order, points: 900 }).code).toBe('CARD_INACTIVE');
  });
});

describe('clamped', () => {
  test.each<[string, number, Differences['redeem'], number, number]>([
    ['available', 400, {}, 900, 400],
    ['maxPointsPerOrder', 900, { maxPointsPerOrder: 300 }, 900, 300],
    ['maxShareOfOrder', 900, { maxShareOfOrder: '0.5' }, 900, 250],
    ['payable', 900, {}, 900, 500],
    ['increment', 900, { increment: 20 }, 75, 60],
    ['increment', 235, { increment: 20, minPoints: 100 }, 900, 220],
  ])('by %s, the most allowed is taken', (limit, points, rules, asked, taken) => {
    const spent = deskWith(points, rules).ok(redeem, { order, points: asked, clamp: true });
    expect(spent).toMatchObject({ points: taken, clampedBy: limit });
  });

  test('a wish within the limits is not cut', () => {
    expect(deskWith(100).ok(redeem, { order, points: 30, clamp: true })).toMatchObject({
      points: 30,
      clampedBy: null,
    });
  });

  test.each<[string, number, Differences['redeem'], number, string]>([
    ['to nothing by the increment', 900, { increment: 50 }, 30, 'NOT_A_MULTIPLE'],
    ['below the minimum by the increment', 900, { increment: 50, minPoints: 60 }, 70, 'NOT_A_MULTIPLE'],
    ['below the minimum by what is available', 90, { minPoints: 100 }, 200, 'NOT_ENOUGH_POINTS'],
    ['up to the minimum', 900, { minPoints: 100 }, 50, 'BELOW_MIN_POINTS'],
  ])('never %s: that stays refused', (_where, points, rules, asked, code) => {
    expect(deskWith(points, rules).refused(redeem, { order, points: asked, clamp: true }).code).toBe(code);
  });

  test('whatever the limits, what is taken keeps every one of them, is something, and never makes the charge negative', () => {
    const rules = fc.record(
      {
        valuePerPoint: fc.constantFrom('1', '0.25', '0.003', '7'),
        maxPointsPerOrder: fc.integer({ min: 1, max: 400 }),
        maxShareOfOrder: fc.constantFrom('0.1', '0.5', '1'),
        increment: fc.integer({ min: 1, max: 60 }),
        minPoints: fc.integer({ min: 1, max: 150 }),
      },
      { requiredKeys: ['valuePerPoint'] },
    ) as fc.Arbitrary<NonNullable<Differences['redeem']>>;
    let accepted = 0;
    fc.assert(
      fc.property(
        rules,
        fc.integer({ min: 1, max: 500 }),
        fc.integer({ min: 1, max: 900 }),
        (rules, points, asked) => {
          const outcome = deskWith(points, rules).run(redeem, { order, points: asked, clamp: true });
          if (!outcome.ok) return;
          accepted += 1;
          expect(outcome.points).toBeGreaterThanOrEqual(rules.minPoints ?? 1);
          expect(outcome.points).toBeLessThanOrEqual(
            Math.min(asked, points, rules.maxPointsPerOrder ?? asked),
          );
          expect(outcome.points % (rules.increment ?? 1)).toBe(0);
          expect(Number(outcome.amountDue)).toBeGreaterThanOrEqual(
            500 * (1 - Number(rules.maxShareOfOrder ?? 1)),
          );
          expect(outcome.clampedBy === null).toBe(outcome.points === asked);
        },
      ),
    );
    expect(accepted).toBeGreaterThan(20);
  });
});
