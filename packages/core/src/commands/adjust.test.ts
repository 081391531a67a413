import { describe, expect, test } from 'vitest';
import { Desk, day, milesVersion, noon } from '../fixtures.test-data.ts';
import { adjust } from './adjust.ts';
import { award } from './award.ts';

const by = { reasonCode: 'correction', actor: 'anita' };
const gift = { source: { type: 'review', id: '7' }, reason: 'review of a kettle' };

describe('an adjustment', () => {
  test('gives points, with its reason, note and actor', () => {
    const given = new Desk().ok(adjust, { ...by, points: 20, note: 'missing from May' });
    expect(given).toMatchObject({
      points: 20,
      reasonCode: 'correction',
      balance: { lifetime: { adjusted: 20, earned: 0 } },
    });
    expect(given.entries[0]).toMatchObject({
      kind: 'adjust',
      points: 20,
      actor: 'anita',
      reasonCode: 'correction',
      note: 'missing from May',
    });
    expect(given.explanation[0]?.why).toBe('Adjusted by anita: correction.');
  });

  test('gives points with an end of their own', () => {
    const expiresAt = new Date(noon + day);
    expect(new Desk().ok(adjust, { ...by, points: 20, expiresAt }).entries[0]?.lot?.expiresAt).toBe(
      expiresAt.toISOString(),
    );
  });

  test('takes points in burn order, no more than there are', () => {
    const desk = new Desk();
    desk.ok(adjust, { ...by, points: 20 });
    desk.ok(adjust, { ...by, points: 10, expiresAt: new Date(noon + day) });
    expect(desk.ok(adjust, { ...by, points: -15 }).entries[0]?.lots).toEqual([
      { lot: 2, points: -10 },
      { lot: 1, points: -5 },
    ]);
    expect(desk.refused(adjust, { ...by, points: -16 })).toMatchObject({
      code: 'NOT_ENOUGH_POINTS',
      requested: 16,
      available: 15,
      limit: 15,
    });
  });

  test('takes more than there are where it may make debt', () => {
    const desk = new Desk();
    desk.ok(adjust, { ...by, points: 20 });
    const taken = desk.ok(adjust, { ...by, points: -50, allowDebt: true });
    expect(taken.entries[0]).toMatchObject({ points: -50, debt: 30, balanceAfter: -30 });
    expect(taken.balance).toMatchObject({ available: 0, debt: 30, total: -30 });
  });

  test.each<[string, object]>([
    ['points', { points: 0 }],
    ['points', { points: 1.5 }],
    ['points', { points: -(10 ** 12) - 1 }],
    ['actor', { actor: undefined }],
    ['reasonCode', { reasonCode: '' }],
    ['allowDebt', { points: 5, allowDebt: false }],
    ['expiresAt', { points: -5, expiresAt: new Date(noon + day) }],
    ['note', { note: '' }],
  ])('refuses %s of %j', (field, change) => {
    expect(() => new Desk().run(adjust, { ...by, points: 20, ...change })).toThrow(
      expect.objectContaining({ field }),
    );
  });
});

describe('an award', () => {
  test('gives points for a source, with the reason', () => {
    const given = new Desk().ok(award, { ...gift, points: 20 });
    expect(given).toMatchObject({ points: 20, expiresAt: null, balance: { lifetime: { earned: 20 } } });
    expect(given.entries[0]).toMatchObject({
      kind: 'award',
      source: gift.source,
      reason: gift.reason,
      orderId: null,
    });
    expect(given.explanation[0]?.why).toBe('20 points granted: review of a kettle.');
  });

  test('ends by the rule of the program, or on a date of its own', () => {
    const desk = new Desk(milesVersion({ expiry: { kind: 'after-earning', days: 10 } }));
    expect(desk.ok(award, { ...gift, points: 1 }).expiresAt).toBe(new Date(noon + 10 * day).toISOString());
    const expiresAt = new Date(noon + 3 * day);
    expect(desk.ok(award, { ...gift, points: 1, expiresAt }).expiresAt).toBe(expiresAt.toISOString());
  });

  test.each([noon, noon - day])('with an end that is not to come is invalid', (end) => {
    const expiresAt = new Date(end);
    const past = expect.objectContaining({ field: 'expiresAt' });
    expect(() => new Desk().run(award, { ...gift, points: 1, expiresAt })).toThrow(past);
    expect(() => new Desk().run(adjust, { ...by, points: 1, expiresAt })).toThrow(past);
  });

  test('is refused where it would pass the most a card may hold', () => {
    const desk = new Desk(milesVersion({ maxBalance: 100 }));
    desk.ok(award, { ...gift, points: 70 });
    expect(desk.refused(award, { ...gift, points: 31 })).toMatchObject({
      code: 'BALANCE_LIMIT',
      limit: 100,
      room: 30,
    });
    expect(desk.ok(award, { ...gift, points: 30 }).balance.total).toBe(100);
  });

  test('has a key of its source, in which type and id cannot run together', () => {
    const key = (type: string, id: string) =>
      award.derivedKey({ points: 1, reason: 'r', source: { type, id } });
    expect(key('review', '7')).toBe(key('review', '7'));
    expect(key('review:7', '')).not.toBe(key('review', ':7'));
    expect(key('a","b', 'c')).not.toBe(key('a', 'b","c'));
  });
});
