import { describe, expect, test } from 'vitest';
import { Desk, day, milesVersion, minute, noon } from '../fixtures.test-data.ts';
import { adjust } from './adjust.ts';
import { award } from './award.ts';
import { deactivate } from './card-status.ts';
import { earn } from './earn.ts';
import { expire } from './expire.ts';
import { hold } from './hold.ts';
import { redeem } from './redeem.ts';
import { refund } from './refund.ts';

const give = (desk: Desk, points: number, end: number) =>
  desk.ok(award, {
    points,
    source: { type: 'gift', id: String(desk.ledger.length) },
    reason: 'gift',
    expiresAt: new Date(end),
  });

describe('expiring', () => {
  test('writes one entry a lot, for what was left, dated when it ended', () => {
    const desk = new Desk();
    give(desk, 20, noon + 2 * day);
    give(desk, 50, noon + day);
    give(desk, 9, noon + 9 * day);
    desk.ok(redeem, { points: 30 });
    desk.now = noon + 5 * day;
    const expired = desk.ok(expire, {});
    expect(expired.points).toBe(40);
    expect(expired.entries).toMatchObject([
      {
        kind: 'expire',
        points: -20,
        occurredAt: new Date(noon + day).toISOString(),
        cause: 'date',
        lots: [{ lot: 2, points: -20 }],
      },
      {
        kind: 'expire',
        points: -20,
        occurredAt: new Date(noon + 2 * day).toISOString(),
        lots: [{ lot: 1, points: -20 }],
      },
    ]);
    expect(expired.balance).toMatchObject({ available: 9, lifetime: { expired: 40 } });
    expect(desk.state.card.nextExpiryAt).toBe(noon + 9 * day);
  });

  test('again writes nothing', () => {
    const desk = new Desk();
    give(desk, 20, noon + day);
    desk.now = noon + day;
    expect(desk.ok(expire, {}).points).toBe(20);
    expect(desk.ok(expire, {})).toMatchObject({ points: 0, entries: [] });
    desk.now += 10 * day;
    expect(desk.ok(expire, {})).toMatchObject({ points: 0, entries: [] });
  });

  test('happens at exactly the end, not a millisecond before', () => {
    const desk = new Desk();
    give(desk, 20, noon + day);
    desk.now = noon + day - 1;
    expect(desk.ok(expire, {}).points).toBe(0);
    expect(desk.ok(redeem, { points: 5 }).balance.available).toBe(15);
    desk.now = noon + day;
    expect(desk.refused(redeem, { points: 5 })).toMatchObject({ code: 'NOT_ENOUGH_POINTS', available: 0 });
    expect(desk.ok(expire, {}).points).toBe(15);
  });

  test('is not undone by a clock that was set back', () => {
    const desk = new Desk();
    give(desk, 20, noon + day);
    desk.now = noon + 2 * day;
    desk.ok(expire, {});
    desk.now = noon;
    expect(desk.refused(redeem, { points: 5 }).code).toBe('NOT_ENOUGH_POINTS');
    expect(desk.ok(expire, {}).points).toBe(0);
  });

  test('also happens on an inactive card, which stays inactive', () => {
    const desk = new Desk();
    give(desk, 20, noon + day);
    desk.ok(deactivate, { reason: 'lost', actor: 'anita' });
    desk.now = noon + day;
    expect(desk.ok(expire, {}).points).toBe(20);
    expect(desk.ok(expire, {}).points).toBe(0);
    expect(desk.state.card).toMatchObject({ status: 'inactive', balance: 0, seq: 3 });
  });

  test('leaves held points alone until the hold has ended', () => {
    const desk = new Desk();
    const end = new Date(noon + 5 * minute).toISOString();
    give(desk, 20, noon + 5 * minute);
    desk.ok(hold, { points: 5, holdMinutes: 30 });
    desk.now = noon + 10 * minute;
    expect(desk.ok(expire, {})).toMatchObject({
      points: 15,
      entries: [{ occurredAt: end }],
      balance: { held: 5 },
    });
    desk.now = noon + 30 * minute;
    expect(desk.ok(expire, {})).toMatchObject({
      points: 5,
      entries: [{ occurredAt: end }],
      balance: { held: 0 },
    });
    expect(desk.ok(expire, {}).points).toBe(0);
  });

  test('writes nothing for a lot that is held as a whole', () => {
    const desk = new Desk();
    give(desk, 20, noon + 5 * minute);
    desk.ok(hold, { points: 20, holdMinutes: 30 });
    desk.now = noon + 10 * minute;
    expect(desk.ok(expire, {})).toMatchObject({ points: 0, entries: [], balance: { held: 20 } });
  });

  test('pays debt with what would be lost', () => {
    const desk = new Desk(
      milesVersion({ earn: { availability: { afterDays: 1 } }, expiry: { kind: 'after-earning', days: 3 } }),
    );
    desk.ok(earn, { order: { id: 'ORDER123', total: '500' } });
    desk.ok(adjust, { points: -20, allowDebt: true, reasonCode: 'correction', actor: 'anita' });
    desk.now = noon + 3 * day;
    expect(desk.ok(expire, {})).toMatchObject({
      points: 30,
      entries: [{ points: -30, debt: -20 }],
      balance: { debt: 0, total: 0 },
    });
  });
});

describe('expiring by inactivity', () => {
  const desk = (activities?: ('earn' | 'redeem' | 'award' | 'adjust')[]) =>
    new Desk(milesVersion({ expiry: { kind: 'inactivity', days: 10, ...(activities && { activities }) } }));
  const order = (id: string) => ({ order: { id, total: '500' } });

  test('moves with each activity of the configured kinds, for all points of the card', () => {
    const card = desk();
    card.ok(earn, order('A'));
    card.now = noon + 9 * day;
    card.ok(redeem, { points: 5 });
    card.now = noon + 18 * day;
    card.ok(earn, order('B'));
    card.now = noon + 28 * day - 1;
    expect(card.ok(expire, {}).points).toBe(0);
    card.now = noon + 28 * day;
    expect(card.ok(expire, {})).toMatchObject({
      points: 95,
      entries: [
        { cause: 'inactivity', points: -45 },
        { cause: 'inactivity', points: -50 },
      ],
    });
  });

  test('does not move with other kinds, nor with a return', () => {
    const card = desk();
    card.ok(earn, order('A'));
    card.now = noon + 9 * day;
    card.ok(award, { points: 5, source: { type: 'gift', id: '1' }, reason: 'gift' });
    card.ok(adjust, { points: 5, reasonCode: 'correction', actor: 'anita' });
    card.ok(refund, { orderId: 'A', amount: '100', reason: 'return' });
    card.now = noon + 10 * day;
    expect(card.ok(expire, {}).points).toBe(50);
  });

  test('moves with kinds that are configured', () => {
    const card = desk(['award']);
    card.ok(award, { points: 5, source: { type: 'gift', id: '1' }, reason: 'gift' });
    card.now = noon + 9 * day;
    card.ok(earn, order('A'));
    card.now = noon + 10 * day;
    expect(card.ok(expire, {}).points).toBe(55);
  });

  test('an activity after the deadline brings nothing back', () => {
    const card = desk();
    card.ok(earn, order('A'));
    card.now = noon + 10 * day;
    expect(card.ok(earn, order('B')).balance.available).toBe(50);
    expect(card.ledger.map(({ kind }) => kind)).toEqual(['earn', 'expire', 'earn']);
  });

  test('does not move back with an activity that happened earlier and comes in late', () => {
    const card = desk();
    card.ok(earn, order('A'));
    card.ok(earn, { ...order('B'), occurredAt: new Date(noon - 5 * day) });
    card.now = noon + 10 * day - 1;
    expect(card.ok(expire, {}).points).toBe(0);
    card.now = noon + 10 * day;
    expect(card.ok(expire, {}).points).toBe(100);
  });

  test('an activity that happened before the deadline and comes in late keeps the points', () => {
    const card = desk();
    card.ok(earn, order('A'));
    card.now = noon + 12 * day;
    const late = card.ok(earn, { ...order('B'), occurredAt: new Date(noon + 9 * day) });
    expect(late.balance.available).toBe(100);
  });
});
