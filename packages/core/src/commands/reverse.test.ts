import { describe, expect, test } from 'vitest';
import { Desk, day, milesVersion, noon } from '../fixtures.test-data.ts';
import { award } from './award.ts';
import { earn } from './earn.ts';
import { redeem } from './redeem.ts';
import { refund } from './refund.ts';
import { reverse } from './reverse.ts';

const gift = (points: number, id = '1', expiresAt?: Date) => ({
  points,
  source: { type: 'gift', id },
  reason: 'gift',
  ...(expiresAt && { expiresAt }),
});
const order = { id: 'ORDER124', total: '500' };

describe('reversing a redemption', () => {
  test('gives the points back to their lots, all or a part at a time', () => {
    const desk = new Desk();
    desk.ok(award, gift(10, 'soon', new Date(noon + day)));
    desk.ok(award, gift(90, 'late'));
    const { entries } = desk.ok(redeem, { points: 40 });
    const entry = entries[0]?.seq as number;
    expect(desk.ok(reverse, { entry, points: 25, reason: 'typo' })).toMatchObject({
      entry,
      points: 25,
      reversible: 15,
      balance: { available: 85, lifetime: { redeemed: 40, reversed: 25 } },
      entries: [
        { kind: 'reverse', points: 25, reverses: entry, reason: 'typo', lots: [{ lot: 2, points: 25 }] },
      ],
    });
    expect(desk.ok(reverse, { entry, reason: 'typo' })).toMatchObject({ points: 15, reversible: 0 });
    expect(desk.remainders()).toEqual({ 1: 10, 2: 90 });
  });

  test('gives points of an ended lot back for the grace days', () => {
    const desk = new Desk(milesVersion({ refunds: { restoreGraceDays: 7 } }));
    desk.ok(award, gift(10, 'soon', new Date(noon + day)));
    desk.ok(redeem, { points: 10 });
    desk.now = noon + 3 * day;
    expect(desk.ok(reverse, { entry: 2, reason: 'typo' }).entries[0]?.lot).toMatchObject({
      points: 10,
      expiresAt: new Date(noon + 10 * day).toISOString(),
    });
  });

  test('of an order is as if it had never been spent on it: the order then earns and is refunded in full', () => {
    const desk = new Desk();
    desk.ok(award, gift(500));
    desk.ok(redeem, { order, points: 500 });
    desk.ok(reverse, { entry: 2, reason: 'paid by card after all' });
    expect(desk.ok(earn, { order }).points).toBe(50);
    expect(desk.ok(refund, { orderId: order.id, amount: '10', reason: 'return' })).toMatchObject({
      moneyBack: '10.00',
      pointsClawedBack: 1,
    });
    expect(desk.ok(refund, { orderId: order.id, reason: 'return' })).toMatchObject({
      moneyBack: '490.00',
      pointsRestored: 0,
      pointsClawedBack: 49,
    });
  });

  test('and a refund of the same order never give back more than was spent', () => {
    const desk = new Desk();
    desk.ok(award, gift(50, 'soon', new Date(noon + day)));
    desk.ok(award, gift(50, 'late'));
    desk.ok(redeem, { order, points: 100 });
    desk.ok(reverse, { entry: 3, points: 20, reason: 'typo' });
    expect(desk.ok(refund, { orderId: order.id, reason: 'return' }).pointsRestored).toBe(80);
    const more = desk.refused(reverse, { entry: 3, points: 1, reason: 'typo' });
    expect(more.code).toBe('ENTRY_ALREADY_REVERSED');
    expect(desk.remainders()).toEqual({ 1: 50, 2: 50 });
  });
});

describe('reversing an award', () => {
  test('takes the points back from their own lot', () => {
    const desk = new Desk();
    desk.ok(award, gift(10, 'soon', new Date(noon + day)));
    desk.ok(award, gift(90, 'late'));
    const reversed = desk.ok(reverse, { entry: 2, points: 50, reason: 'fraud' });
    expect(reversed).toMatchObject({
      reversible: 40,
      balance: { available: 50, lifetime: { earned: 100, reversed: -50 } },
    });
    expect(desk.remainders()).toEqual({ 1: 10, 2: 40 });
  });

  test.each([
    ['debt', { balance: { debt: 60, available: 0 } }],
    ['forgive', { balance: { debt: 0, available: 0 } }],
  ] as const)('whose points were spent leaves the rest as %s, and is then done', (shortfall, facts) => {
    const desk = new Desk(milesVersion({ refunds: { shortfall } }));
    desk.ok(award, gift(100));
    desk.ok(redeem, { points: 60 });
    expect(desk.ok(reverse, { entry: 1, reason: 'fraud' })).toMatchObject({ reversible: 0, ...facts });
    expect(desk.refused(reverse, { entry: 1, reason: 'fraud' }).code).toBe('ENTRY_ALREADY_REVERSED');
  });
});

test('reversing is refused in the documented order', () => {
  const desk = new Desk(milesVersion({ refunds: { shortfall: 'reject' } }));
  desk.ok(award, gift(100));
  desk.ok(earn, { order });
  desk.ok(redeem, { points: 120 });
  const undo = (entry: number, points?: number) =>
    desk.refused(reverse, { entry, reason: 'typo', ...(points && { points }) });
  expect(undo(9, 500)).toMatchObject({ code: 'ENTRY_NOT_FOUND', entry: 9 });
  expect(undo(2, 500)).toMatchObject({ code: 'ENTRY_NOT_REVERSIBLE', kind: 'earn' });
  expect(undo(1, 101)).toMatchObject({ code: 'ENTRY_ALREADY_REVERSED', reversible: 100, requested: 101 });
  expect(undo(1)).toMatchObject({ code: 'REFUND_SHORTFALL', missing: 70 });
});
