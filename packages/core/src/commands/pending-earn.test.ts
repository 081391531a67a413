import { describe, expect, test } from 'vitest';
import { Desk, day, milesVersion, noon } from '../fixtures.test-data.ts';
import { earn } from './earn.ts';
import { cancelEarn, confirmEarn } from './pending-earn.ts';
import { redeem } from './redeem.ts';
import { refund } from './refund.ts';

const order = { id: 'ORDER123', total: '500' };
const onConfirm = () => {
  const desk = new Desk(milesVersion({ earn: { availability: 'on-confirm' } }));
  return { desk, earned: desk.ok(earn, { order }) };
};

describe('points that wait for confirmation', () => {
  test('are pending, and cannot be spent', () => {
    const { desk, earned } = onConfirm();
    expect(earned).toMatchObject({
      points: 50,
      pending: true,
      availableAt: null,
      balance: { available: 0, pending: 50, total: 50 },
    });
    expect(earned.entries[0]?.lot?.availableAt).toBe('on-confirm');
    expect(earned.explanation.at(-1)?.why).toBe('Pending until the order is confirmed.');
    desk.now += 3650 * day;
    expect(desk.refused(redeem, { points: 1 })).toMatchObject({ code: 'NOT_ENOUGH_POINTS', available: 0 });
  });

  test('are available once confirmed', () => {
    const { desk } = onConfirm();
    const confirmed = desk.ok(confirmEarn, { orderId: order.id });
    expect(confirmed).toMatchObject({ points: 50, balance: { available: 50, pending: 0 } });
    expect(confirmed.entries[0]).toMatchObject({ kind: 'confirm', points: 0, lots: [{ lot: 1, points: 0 }] });
    expect(desk.ok(redeem, { points: 50 }).balance.available).toBe(0);
  });

  test('are gone once cancelled, and a refund takes nothing more back', () => {
    const { desk } = onConfirm();
    expect(desk.ok(cancelEarn, { orderId: order.id })).toMatchObject({
      points: 50,
      balance: { pending: 0, total: 0, lifetime: { earned: 50, reversed: -50 } },
    });
    expect(desk.ok(refund, { orderId: order.id, reason: 'return' })).toMatchObject({
      pointsClawedBack: 0,
      debt: 0,
    });
  });

  test('are taken back by a refund while they wait; the rest can be confirmed', () => {
    const { desk } = onConfirm();
    expect(desk.ok(refund, { orderId: order.id, amount: '200', reason: 'return' })).toMatchObject({
      pointsClawedBack: 20,
      balance: { pending: 30 },
    });
    expect(desk.ok(confirmEarn, { orderId: order.id })).toMatchObject({
      points: 30,
      balance: { available: 30 },
    });
  });
});

describe('points that wait for a date', () => {
  test('become available on it by themselves', () => {
    const desk = new Desk(milesVersion({ earn: { availability: { afterDays: 14 } } }));
    const earned = desk.ok(earn, { order });
    expect(earned).toMatchObject({ pending: true, availableAt: new Date(noon + 14 * day).toISOString() });
    desk.now = noon + 14 * day - 1;
    expect(desk.refused(redeem, { points: 1 }).code).toBe('NOT_ENOUGH_POINTS');
    desk.now = noon + 14 * day;
    expect(desk.ok(redeem, { points: 1 }).balance).toMatchObject({ available: 49, pending: 0 });
    expect(desk.refused(confirmEarn, { orderId: order.id }).code).toBe('EARN_NOT_PENDING');
  });

  test('can be confirmed before', () => {
    const desk = new Desk(milesVersion({ earn: { availability: { afterDays: 14 } } }));
    desk.ok(earn, { order });
    desk.now += day;
    desk.ok(confirmEarn, { orderId: order.id });
    expect(desk.ok(redeem, { points: 50 }).balance.available).toBe(0);
  });
});

test.each([
  ['confirming', confirmEarn],
  ['cancelling', cancelEarn],
])('%s is refused in the documented order', (_what, command) => {
  const { desk } = onConfirm();
  expect(desk.refused(command, { orderId: 'none' })).toMatchObject({
    code: 'ORDER_NOT_FOUND',
    orderId: 'none',
  });
  desk.ok(command, { orderId: order.id });
  expect(desk.refused(command, { orderId: order.id })).toMatchObject({
    code: 'EARN_NOT_PENDING',
    orderId: order.id,
  });
});
