import { describe, expect, test } from 'vitest';
import { Desk, type Differences, day, milesVersion, noon } from '../fixtures.test-data.ts';
import { adjust } from './adjust.ts';
import { award } from './award.ts';
import { earn } from './earn.ts';
import { redeem } from './redeem.ts';
import { refund } from './refund.ts';

const order = { id: 'ORDER123', total: '500' };
const back = { orderId: order.id, reason: 'return' };

/** A card on which the order was paid with some points, and earned. */
function deskWithOrder(
  spent: number,
  rules: Differences = {},
  bought: Parameters<Desk['ok']>[1] = { order },
): Desk {
  const desk = new Desk(milesVersion(rules));
  if (spent > 0) {
    desk.ok(adjust, { points: spent, reasonCode: 'promotion', actor: 'anita' });
    desk.ok(redeem, { ...(bought as { order: typeof order }), points: spent });
  }
  desk.ok(earn, bought as { order: typeof order });
  return desk;
}

describe('a full refund', () => {
  test('takes back what was earned, gives back what was spent, and pays out the money', () => {
    const desk = deskWithOrder(100);
    expect(desk.ok(refund, back)).toMatchObject({
      refunded: '500.00',
      moneyBack: '400.00',
      pointsRestored: 100,
      pointsClawedBack: 40,
      debt: 0,
      forgiven: 0,
      remaining: '0.00',
      balance: { available: 100, total: 100 },
    });
    expect(desk.ledger.slice(-2).map(({ kind, points }) => [kind, points])).toEqual([
      ['restore', 100],
      ['claw-back', -40],
    ]);
  });

  test('of an order that only earned, or earned nothing', () => {
    expect(deskWithOrder(0).ok(refund, back)).toMatchObject({ moneyBack: '500.00', pointsClawedBack: 50 });
    const small = deskWithOrder(0, {}, { order: { id: order.id, total: '5' } });
    expect(small.ok(refund, back)).toMatchObject({ moneyBack: '5.00', pointsClawedBack: 0, entries: [] });
  });
});

describe('a refund of a part', () => {
  test.each([
    ['pro-rata', { moneyBack: '200.00', pointsRestored: 50, pointsClawedBack: 20 }],
    ['cash-first', { moneyBack: '250.00', pointsRestored: 0, pointsClawedBack: 25 }],
    ['points-first', { moneyBack: '150.00', pointsRestored: 100, pointsClawedBack: 15 }],
  ] as const)('of 250 rupees, %s: %j', (split, facts) => {
    expect(deskWithOrder(100, { refunds: { split } }).ok(refund, { ...back, amount: '250' })).toMatchObject(
      facts,
    );
  });

  test('by lines takes back what those lines earned', () => {
    const bought = {
      order: {
        id: order.id,
        lines: [
          { id: 'tea', sku: 'T', unitPrice: '100', quantity: 3 },
          { id: 'cup', sku: 'C', unitPrice: '200' },
        ],
      },
    };
    const desk = deskWithOrder(0, {}, bought);
    expect(desk.ok(refund, { ...back, lines: [{ id: 'tea', quantity: 2 }] })).toMatchObject({
      refunded: '200.00',
      pointsClawedBack: 20,
      remaining: '300.00',
    });
    expect(desk.ok(refund, { ...back, lines: [{ sku: 'C', quantity: 1 }] })).toMatchObject({
      refunded: '200.00',
      pointsClawedBack: 20,
    });
    expect(desk.refused(refund, { ...back, lines: [{ id: 'tea', quantity: 2 }] })).toMatchObject({
      code: 'REFUND_EXCEEDS_ORDER',
      line: 'tea',
      missing: 1,
    });
  });

  test('under the cap takes nothing back while what remains still earns it', () => {
    const desk = deskWithOrder(0, { earn: { maxPointsPerOrder: 20 } });
    expect(desk.ok(refund, { ...back, amount: '300' }).pointsClawedBack).toBe(0);
    expect(desk.ok(refund, { ...back, amount: '100' }).pointsClawedBack).toBe(10);
  });

  test('follows the version by which the order earned', () => {
    const after = { ...milesVersion({ earn: { points: 3 } }), version: 2, effectiveFrom: noon + day };
    const desk = new Desk(milesVersion(), after);
    desk.ok(earn, { order });
    desk.now = noon + 2 * day;
    const refunded = desk.ok(refund, { ...back, amount: '250' });
    expect([refunded.pointsClawedBack, refunded.entries[0]?.programVersion]).toEqual([25, 1]);
  });
});

describe('points to take back that were spent', () => {
  const spentDesk = (shortfall: 'debt' | 'forgive' | 'reject') => {
    const desk = deskWithOrder(0, { refunds: { shortfall } });
    desk.ok(redeem, { points: 30 });
    return desk;
  };

  test('become debt, which the next earning pays', () => {
    const desk = spentDesk('debt');
    expect(desk.ok(refund, back)).toMatchObject({
      pointsClawedBack: 50,
      debt: 30,
      balance: { available: 0, debt: 30, total: -30 },
    });
    expect(desk.ok(earn, { order: { id: 'ORDER125', total: '1000' } }).balance).toMatchObject({
      available: 70,
      debt: 0,
    });
  });

  test('are forgiven, on record', () => {
    const refunded = spentDesk('forgive').ok(refund, back);
    expect(refunded).toMatchObject({
      pointsClawedBack: 20,
      debt: 0,
      forgiven: 30,
      balance: { available: 0, debt: 0 },
    });
    expect(refunded.entries[0]).toMatchObject({ kind: 'claw-back', points: -20, forgiven: 30 });
  });

  test('refuse the refund, and nothing is written', () => {
    const desk = spentDesk('reject');
    expect(desk.refused(refund, back)).toMatchObject({
      code: 'REFUND_SHORTFALL',
      missing: 30,
      requested: 50,
    });
    expect(desk.ok(adjust, { points: 30, reasonCode: 'correction', actor: 'anita' }).balance.available).toBe(
      50,
    );
    expect(desk.ok(refund, back).pointsClawedBack).toBe(50);
  });

  test('are not asked for again where they have expired', () => {
    const desk = deskWithOrder(0, { expiry: { kind: 'after-earning', days: 10 } });
    desk.now = noon + 10 * day;
    const refunded = desk.ok(refund, back);
    expect(refunded).toMatchObject({
      pointsClawedBack: 0,
      debt: 0,
      forgiven: 0,
      balance: { total: 0, debt: 0 },
    });
    expect(refunded.entries.map(({ kind }) => kind)).toEqual(['expire']);
  });

  test("are taken from the order's own lot first, then in burn order", () => {
    const desk = new Desk();
    for (const [id, days] of [
      ['late', 30],
      ['soon', 10],
    ] as const) {
      desk.ok(award, {
        points: 10,
        source: { type: 'gift', id },
        reason: 'gift',
        expiresAt: new Date(noon + days * day),
      });
    }
    desk.ok(earn, { order: { id: order.id, total: '150' } });
    desk.ok(redeem, { points: 20 });
    desk.ok(award, {
      points: 10,
      source: { type: 'gift', id: 'new' },
      reason: 'gift',
      expiresAt: new Date(noon + day),
    });
    expect(desk.ok(refund, { ...back, amount: '150' }).entries[0]?.lots).toEqual([{ lot: 3, points: -15 }]);
  });
});

describe('spent points go back', () => {
  test('to the lots they came from, the longest-lived first', () => {
    const desk = new Desk();
    for (const [id, days] of [
      ['soon', 10],
      ['late', 30],
    ] as const) {
      desk.ok(award, {
        points: 50,
        source: { type: 'gift', id },
        reason: 'gift',
        expiresAt: new Date(noon + days * day),
      });
    }
    desk.ok(redeem, { order, points: 100 });
    desk.ok(refund, { ...back, amount: '350' });
    expect(desk.remainders()).toEqual({ 1: 20, 2: 50 });
  });

  test('for the grace days where their lot has ended', () => {
    const desk = new Desk(milesVersion({ refunds: { restoreGraceDays: 7 } }));
    const end = new Date(noon + day);
    desk.ok(award, { points: 100, source: { type: 'gift', id: '1' }, reason: 'gift', expiresAt: end });
    desk.ok(redeem, { order, points: 100 });
    desk.now = noon + 2 * day;
    const refunded = desk.ok(refund, back);
    const until = new Date(noon + 9 * day).toISOString();
    expect(refunded.entries[0]).toMatchObject({
      kind: 'restore',
      points: 100,
      lots: [],
      lot: { points: 100, expiresAt: until },
    });
    expect(refunded.balance.available).toBe(100);
  });
});

describe('a refund is refused', () => {
  test('in the documented order', () => {
    const desk = deskWithOrder(
      0,
      {},
      { order: { id: order.id, lines: [{ id: 'tea', unitPrice: '100', quantity: 5 }] } },
    );
    expect(desk.refused(refund, { ...back, orderId: 'none' }).code).toBe('ORDER_NOT_FOUND');
    expect(desk.refused(refund, { ...back, lines: [{ id: 'cup', quantity: 9 }] })).toMatchObject({
      code: 'LINE_NOT_FOUND',
      line: 'cup',
    });
    expect(desk.refused(refund, { ...back, amount: '500.01' })).toMatchObject({
      code: 'REFUND_EXCEEDS_ORDER',
      remaining: '500.00',
    });
    desk.ok(refund, { ...back, amount: '450' });
    expect(desk.refused(refund, { ...back, lines: [{ id: 'tea', quantity: 1 }] }).code).toBe(
      'REFUND_EXCEEDS_ORDER',
    );
    desk.ok(refund, back);
    const gone = (lines: { id: string; quantity: number }[]) => desk.refused(refund, { ...back, lines }).code;
    expect(gone([{ id: 'cup', quantity: 9 }])).toBe('LINE_NOT_FOUND');
    expect(gone([{ id: 'tea', quantity: 9 }])).toBe('ORDER_FULLY_REFUNDED');
    expect(desk.refused(refund, { ...back, amount: '1' }).code).toBe('ORDER_FULLY_REFUNDED');
    expect(desk.refused(refund, back).code).toBe('ORDER_FULLY_REFUNDED');
  });

  test('for an order that cost nothing once it has gone back', () => {
    const desk = deskWithOrder(0, {}, { order: { id: order.id, total: '0' } });
    expect(desk.refused(refund, { ...back, amount: '1' }).code).toBe('ORDER_FULLY_REFUNDED');
    expect(desk.ok(refund, back)).toMatchObject({ refunded: '0.00', moneyBack: '0.00', pointsClawedBack: 0 });
    expect(desk.refused(refund, back).code).toBe('ORDER_FULLY_REFUNDED');
  });

  test('never for the name of a line: __proto__ and constructor are names like any other', () => {
    const lines = ['__proto__', 'constructor'].map((id) => ({ id, unitPrice: '100', quantity: 2 }));
    const desk = deskWithOrder(0, {}, { order: { id: order.id, lines } });
    for (const { id } of lines) {
      expect(desk.ok(refund, { ...back, lines: [{ id, quantity: 1 }] })).toMatchObject({
        pointsClawedBack: 10,
      });
      expect(desk.ok(refund, { ...back, lines: [{ id, quantity: 1 }] })).toMatchObject({
        pointsClawedBack: 10,
      });
      expect(desk.run(refund, { ...back, lines: [{ id, quantity: 1 }] }).ok).toBe(false);
    }
  });

  test.each<[string, object]>([
    ['amount', { amount: '0' }],
    ['amount', { amount: '-5' }],
    ['amount', { amount: '5.001' }],
    ['lines', { amount: '5', lines: [{ id: 'tea', quantity: 1 }] }],
    ['lines', { lines: [] }],
    ['lines.0', { lines: [{ id: 'tea', sku: 'T', quantity: 1 }] }],
    ['lines.0', { lines: [{ quantity: 1 }] }],
    ['lines.0.quantity', { lines: [{ id: 'tea', quantity: -1 }] }],
    ['reason', { reason: '' }],
  ])('as invalid, naming %s of %j', (field, parts) => {
    const desk = deskWithOrder(0);
    expect(() => desk.run(refund, { ...back, ...parts })).toThrow(expect.objectContaining({ field }));
  });
});
