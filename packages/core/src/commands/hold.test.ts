import { describe, expect, test } from 'vitest';
import { Desk, type Differences, day, milesVersion, minute, noon } from '../fixtures.test-data.ts';
import { adjust } from './adjust.ts';
import { award } from './award.ts';
import { captureHold, checkoutComplete } from './capture.ts';
import { earn } from './earn.ts';
import { checkoutStart, hold } from './hold.ts';
import { redeem } from './redeem.ts';
import { release } from './release.ts';

const order = { id: 'ORDER124', total: '500' };

function deskWith(points: number, rules: Differences = {}): Desk {
  const desk = new Desk(milesVersion(rules));
  desk.ok(adjust, { points, reasonCode: 'promotion', actor: 'anita' });
  return desk;
}
const available = (desk: Desk) =>
  desk.ok(adjust, { points: 1, reasonCode: 'look', actor: 'anita' }).balance.available - 1;

describe('a hold', () => {
  test('reserves points for a while and says what is due and what will be earned', () => {
    const desk = deskWith(100);
    const held = desk.ok(hold, { order, points: 30 });
    expect(held).toMatchObject({
      points: 30,
      value: '30.00',
      amountDue: '470.00',
      willEarn: 47,
      expiresAt: new Date(noon + 15 * minute).toISOString(),
      entries: [],
      balance: { available: 70, held: 30, total: 100 },
    });
    expect(held.explanation.map(({ rule }) => rule)).toEqual([
      'value',
      'amount-due',
      'basis',
      'paid-with-points',
      'rate',
    ]);
    expect(desk.refused(redeem, { points: 71 }).code).toBe('NOT_ENOUGH_POINTS');
  });

  test('of points that are worth more than an amount can be is no command', () => {
    const desk = deskWith(1_000_000_000_000, { redeem: { valuePerPoint: '9999' } });
    expect(() => desk.refused(hold, { points: 1_000_000_000_000 })).toThrow(
      'points: are worth more than an amount can be',
    );
    expect(desk.ok(hold, { points: 1_000_000_000 })).toMatchObject({ value: '9999000000000.00' });
  });

  test('of the same points on the same order is the same hold again', () => {
    const desk = deskWith(100);
    const first = desk.ok(hold, { order, points: 30 });
    expect(desk.ok(hold, { order, points: 30 })).toMatchObject({ holdId: first.holdId, replayed: true });
    expect(desk.state.card).toMatchObject({ held: 30, openHolds: 1 });
  });

  test('of other points on the same order takes the place of the first', () => {
    const desk = deskWith(100);
    const first = desk.ok(hold, { order, points: 80 });
    const second = desk.ok(hold, { order, points: 90 });
    expect(desk.state.holds.get(first.holdId)?.status).toBe('released');
    expect(second).toMatchObject({ points: 90, amountDue: '410.00', balance: { held: 90, available: 10 } });
  });

  test('on another order stands beside it', () => {
    const desk = deskWith(100);
    desk.ok(hold, { order, points: 30 });
    desk.ok(hold, { order: { id: 'ORDER125', total: '500' }, points: 30 });
    expect(desk.state.card).toMatchObject({ held: 60, openHolds: 2 });
    expect(desk.refused(hold, { points: 41 }).code).toBe('NOT_ENOUGH_POINTS');
  });

  test('past its time counts as released, without any job', () => {
    const desk = deskWith(100);
    desk.ok(hold, { points: 100, holdMinutes: 10 });
    desk.now = noon + 10 * minute - 1;
    expect(desk.refused(redeem, { points: 1 }).code).toBe('NOT_ENOUGH_POINTS');
    desk.now = noon + 10 * minute;
    expect(desk.ok(redeem, { points: 1 }).balance).toMatchObject({ available: 99, held: 0 });
  });

  test('keeps what it reserves from expiring; the rest of the lot ends in time', () => {
    const desk = new Desk();
    const expiresAt = new Date(noon + 5 * minute);
    desk.ok(award, { points: 50, source: { type: 'gift', id: '1' }, reason: 'gift', expiresAt });
    const { holdId } = desk.ok(hold, { points: 20, holdMinutes: 30 });
    desk.now = noon + 10 * minute;
    expect(available(desk)).toBe(0);
    expect(desk.ledger.at(-2)).toMatchObject({
      kind: 'expire',
      points: -30,
      occurredAt: expiresAt.getTime(),
    });
    expect(desk.ok(captureHold, { holdId }).points).toBe(20);
    expect(desk.remainders()).toMatchObject({ 1: 0 });
  });

  test('that was cut down by clamp is the same hold again for the same wish', () => {
    const desk = deskWith(100);
    const wish = { order: { id: 'ORDER125', total: '50' }, points: 80, clamp: true };
    const first = desk.ok(hold, wish);
    expect(first).toMatchObject({ points: 50, clampedBy: 'payable' });
    expect(desk.ok(hold, wish)).toMatchObject({ holdId: first.holdId, points: 50, replayed: true });
  });
});

describe('a capture', () => {
  test('spends what was held', () => {
    const desk = deskWith(100);
    const { holdId } = desk.ok(hold, { order, points: 30 });
    const captured = desk.ok(captureHold, { holdId });
    expect(captured).toMatchObject({ holdId, orderId: order.id, points: 30, value: '30.00' });
    expect(captured.entries[0]).toMatchObject({ kind: 'redeem', points: -30, holdId });
    expect(captured.balance).toMatchObject({ available: 70, held: 0, total: 70 });
  });

  test('of fewer points spends the soonest to expire and frees the rest', () => {
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
    const { holdId } = desk.ok(hold, { points: 20 });
    expect(desk.ok(captureHold, { holdId, points: 12 }).balance).toMatchObject({ available: 8, held: 0 });
    expect(desk.remainders()).toEqual({ 1: 8, 2: 0 });
  });

  test('that comes late succeeds while the points are still there', () => {
    const desk = deskWith(100);
    const { holdId } = desk.ok(hold, { points: 80, holdMinutes: 1 });
    desk.now += day;
    expect(desk.ok(captureHold, { holdId }).points).toBe(80);
  });

  test('is refused in the documented order', () => {
    const desk = deskWith(100);
    expect(desk.refused(captureHold, { holdId: 'none' }).code).toBe('HOLD_NOT_FOUND');
    const { holdId } = desk.ok(hold, { order, points: 30, holdMinutes: 1 });
    expect(desk.refused(captureHold, { holdId, points: 31 })).toMatchObject({
      code: 'NOT_ENOUGH_POINTS',
      limit: 30,
      reason: 'held',
    });
    desk.now += day;
    desk.ok(redeem, { points: 90 });
    expect(desk.refused(captureHold, { holdId }).code).toBe('HOLD_EXPIRED');
    desk.ok(release, { holdId });
    expect(desk.refused(captureHold, { holdId, points: 31 }).code).toBe('HOLD_ALREADY_RELEASED');
    const other = desk.ok(hold, { points: 5 });
    desk.ok(captureHold, { holdId: other.holdId });
    expect(desk.refused(captureHold, { holdId: other.holdId, points: 31 })).toMatchObject({
      code: 'HOLD_ALREADY_CAPTURED',
      points: 5,
    });
  });

  test('is refused on an order that earned meanwhile, and where it would pay more than the order', () => {
    const desk = deskWith(1000);
    const late = desk.ok(hold, { order, points: 400, holdMinutes: 1 });
    desk.now += day;
    desk.ok(redeem, { order, points: 200 });
    expect(desk.refused(captureHold, { holdId: late.holdId }).code).toBe('EXCEEDS_PAYABLE');
    desk.ok(earn, { order });
    expect(desk.refused(captureHold, { holdId: late.holdId }).code).toBe('ORDER_ALREADY_EARNED');
  });
});

describe('a release', () => {
  test('frees what was held, and again is the same', () => {
    const desk = deskWith(100);
    const { holdId } = desk.ok(hold, { order, points: 30 });
    expect(desk.ok(release, { holdId })).toMatchObject({
      points: 30,
      orderId: order.id,
      entries: [],
      balance: { available: 100, held: 0 },
    });
    expect(desk.ok(release, { holdId }).balance.available).toBe(100);
  });

  test('of a hold past its time is a release', () => {
    const desk = deskWith(100);
    const { holdId } = desk.ok(hold, { points: 30, holdMinutes: 1 });
    desk.now += day;
    expect(desk.ok(release, { holdId }).balance.available).toBe(100);
  });

  test('is refused for no hold and for a captured one', () => {
    const desk = deskWith(100);
    expect(desk.refused(release, { holdId: 'none' }).code).toBe('HOLD_NOT_FOUND');
    const { holdId } = desk.ok(hold, { points: 30 });
    desk.ok(captureHold, { holdId });
    expect(desk.refused(release, { holdId }).code).toBe('HOLD_ALREADY_CAPTURED');
  });
});

describe('a checkout', () => {
  test('spends points and earns on the rest, in one decision', () => {
    const desk = deskWith(100);
    const started = desk.ok(checkoutStart, { order, points: 30 });
    expect(started).toMatchObject({ amountDue: '470.00', willEarn: 47 });
    const done = desk.ok(checkoutComplete, { holdId: started.holdId });
    expect(done).toMatchObject({
      points: 30,
      amountDue: '470.00',
      earned: 47,
      balance: { available: 117, held: 0 },
    });
    expect(done.entries.map(({ kind, points }) => [kind, points])).toEqual([
      ['redeem', -30],
      ['earn', 47],
    ]);
  });

  test('can do without points', () => {
    const desk = new Desk(milesVersion({ welcomeBonus: 10 }));
    const { holdId } = desk.ok(checkoutStart, { order, points: 0 });
    const done = desk.ok(checkoutComplete, { holdId });
    expect(done).toMatchObject({ points: 0, amountDue: '500.00', earned: 50 });
    expect(done.entries.map(({ kind }) => kind)).toEqual(['earn']);
    expect(desk.ledger.map(({ kind }) => kind)).toEqual(['welcome', 'earn']);
  });

  test('earns by the rules in force when it started', () => {
    const before = milesVersion();
    const after = { ...milesVersion({ earn: { points: 2 } }), version: 2, effectiveFrom: noon + 5 * minute };
    const desk = new Desk(before, after);
    const { holdId } = desk.ok(checkoutStart, { order, points: 0 });
    desk.now = noon + 6 * minute;
    expect(desk.ok(checkoutComplete, { holdId }).earned).toBe(50);
  });

  test('cannot complete a hold that was not for an order, and then spends nothing', () => {
    const desk = deskWith(100);
    const { holdId } = desk.ok(hold, { points: 30 });
    expect(desk.refused(checkoutComplete, { holdId }).code).toBe('HOLD_WITHOUT_ORDER');
    expect(desk.state.holds.get(holdId)?.status).toBe('open');
  });
});
