import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  cathayTerms,
  Desk,
  day,
  hour,
  milesVersion,
  minute,
  noon,
  stampVersion,
} from '../fixtures.test-data.ts';
import { maxStampsOnCard } from '../program/program.ts';
import { deactivate } from './card-status.ts';
import { earn } from './earn.ts';
import { enroll } from './enroll.ts';
import { expire } from './expire.ts';
import { stamp } from './stamp.ts';
import { voidStamp } from './void-stamp.ts';

const iso = (at: number) => new Date(at).toISOString();
const stampDesk = (...rules: Parameters<typeof stampVersion>) => new Desk(stampVersion(...rules));
/** A stamp so long after noon, written now. */
const late = (after: number) => ({ occurredAt: new Date(noon + after) });

describe('a stamp', () => {
  test('is an entry without points, and says how far the reward is', () => {
    const desk = stampDesk();
    const stamped = desk.ok(stamp, { locationId: 'bandra', orderId: 'ORDER123' });
    expect(stamped).toMatchObject({
      entry: 1,
      given: 1,
      stamps: 1,
      target: 10,
      untilReward: 9,
      rewardsReady: 0,
      expiresAt: null,
      balance: { available: 0, total: 0 },
    });
    expect(stamped.entries).toMatchObject([
      {
        kind: 'stamp',
        points: 0,
        stamps: 1,
        stampLots: [{ lot: 1, stamps: 1, expiresAt: null }],
        orderId: 'ORDER123',
        locationId: 'bandra',
      },
    ]);
    expect(stamped.explanation[0]?.why).toBe('1 stamp given; 1 of 10 are on the card.');
    expect(desk.state.card).toMatchObject({ stamps: 1, stampsEarned: 1, lastStampAt: noon });
  });

  test('of the first visit makes the card, with the welcome bonus, once', () => {
    const desk = stampDesk({}, { welcomeBonus: 25 });
    expect(desk.ok(stamp, {}).balance.available).toBe(25);
    expect(desk.ok(stamp, {}).balance.available).toBe(25);
    expect(desk.ledger.map(({ kind }) => kind)).toEqual(['welcome', 'stamp', 'stamp']);
    expect(desk.state.card).toMatchObject({ enrolledAt: noon, lastActivityAt: noon });
  });

  test('can be several of one visit, up to the number the program says', () => {
    const desk = stampDesk({ maxPerVisit: 3 });
    expect(desk.ok(stamp, { stamps: 3 })).toMatchObject({ given: 3, stamps: 3 });
    expect(desk.refused(stamp, { stamps: 4 })).toMatchObject({
      code: 'TOO_MANY_STAMPS',
      requested: 4,
      limit: 3,
    });
  });

  test.each([0, -1, 1.5, 101, Number.NaN, '1', null])('of %j stamps is invalid', (stamps) => {
    const invalid = () => stampDesk().run(stamp, { stamps: stamps as never });
    expect(invalid).toThrow(expect.objectContaining({ field: 'stamps' }));
  });

  test('is refused where the program gives none', () => {
    expect(new Desk().refused(stamp, {})).toMatchObject({ code: 'STAMPS_NOT_OFFERED', programId: 'miles' });
  });

  test('moves the inactivity deadline of points', () => {
    const desk = stampDesk({}, { expiry: { kind: 'inactivity', days: 10 } });
    desk.ok(earn, { order: { id: 'A', total: '500' } });
    desk.now = noon + 9 * day;
    desk.ok(stamp, {});
    desk.now = noon + 19 * day - 1;
    expect(desk.ok(stamp, {}).balance.available).toBe(50);
  });

  test('does not bring points back that inactivity has ended', () => {
    const desk = stampDesk({}, { expiry: { kind: 'inactivity', days: 10 } });
    desk.ok(earn, { order: { id: 'A', total: '500' } });
    desk.now = noon + 10 * day;
    expect(desk.ok(stamp, {}).balance.available).toBe(0);
    expect(desk.ledger.map(({ kind }) => kind)).toEqual(['earn', 'expire', 'stamp']);
  });

  test('is refused on a card that holds as many as a card can', () => {
    const desk = stampDesk({ maxPerVisit: 100 });
    for (let visit = 0; visit < maxStampsOnCard / 100; visit += 1) desk.ok(stamp, { stamps: 100 });
    expect(desk.refused(stamp, {})).toMatchObject({ code: 'STAMP_LIMIT', limit: 2000, stamps: 2000 });
  });
});

describe('the cooldown', () => {
  const desk = () => {
    const opened = stampDesk({ cooldownMinutes: 60 });
    opened.ok(stamp, {});
    return opened;
  };

  test('ends exactly at retryAt', () => {
    const waiting = desk();
    waiting.now = noon + hour - 1;
    expect(waiting.refused(stamp, {})).toMatchObject({
      code: 'COOLDOWN_ACTIVE',
      retryAt: iso(noon + hour),
      retryAfterSeconds: 1,
    });
    waiting.now = noon + hour;
    expect(waiting.ok(stamp, {}).stamps).toBe(2);
  });

  test('counts from when the visits were, in whatever order they are written', () => {
    const offline = desk();
    offline.now = noon + 5 * hour;
    expect(offline.refused(stamp, late(hour - 1)).code).toBe('COOLDOWN_ACTIVE');
    offline.ok(stamp, late(3 * hour));
    // Between the two: an hour after the first, and an hour before the second.
    expect(offline.refused(stamp, late(2 * hour + 1))).toMatchObject({
      retryAt: iso(noon + 4 * hour),
      retryAfterSeconds: 7200,
    });
    expect(offline.ok(stamp, late(2 * hour)).stamps).toBe(3);
    expect(offline.ok(stamp, late(hour)).stamps).toBe(4);
    expect(offline.ok(stamp, late(-hour)).stamps).toBe(5);
    expect(offline.state.card.lastStampAt).toBe(noon + 3 * hour);
  });

  test('never waits a negative time where the clock was set back', () => {
    const skewed = desk();
    skewed.now = noon - 3 * hour;
    expect(skewed.refused(stamp, {})).toMatchObject({
      retryAt: iso(noon + hour),
      retryAfterSeconds: 3600,
    });
  });

  test('forgets a stamp that was voided', () => {
    const mistaken = desk();
    mistaken.ok(voidStamp, { entry: 1, reason: 'wrong card' });
    expect(mistaken.ok(stamp, {}).stamps).toBe(1);
  });

  test('of a week holds also for a visit that is written a week late', () => {
    const week = stampDesk({ cooldownMinutes: 7 * 24 * 60 });
    week.ok(stamp, {});
    week.now = noon + 8 * day;
    // Of a day after the first stamp, which is more than a week ago.
    expect(week.refused(stamp, late(day + 1))).toMatchObject({
      code: 'COOLDOWN_ACTIVE',
      retryAt: iso(noon + 7 * day),
    });
    expect(week.ok(stamp, late(7 * day)).stamps).toBe(2);
  });
});

describe('the daily limit', () => {
  test('is of the local day of the program, and says when the next one begins', () => {
    const desk = stampDesk({ maxPerDay: 2, maxPerVisit: 2 });
    desk.ok(stamp, {});
    expect(desk.refused(stamp, { stamps: 2 })).toMatchObject({
      code: 'DAILY_STAMP_LIMIT',
      limit: 2,
      stampsLeft: 1,
      day: '2026-01-15',
      resetsAt: '2026-01-15T18:30:00.000Z',
    });
    desk.ok(stamp, {});
    desk.now = Date.parse('2026-01-15T18:30:00Z') - 1;
    expect(desk.refused(stamp, {})).toMatchObject({ code: 'DAILY_STAMP_LIMIT', stampsLeft: 0 });
    desk.now += 1;
    expect(desk.ok(stamp, { stamps: 2 }).stamps).toBe(4);
  });

  test('is of the local day of the location where one is named', () => {
    const desk = stampDesk({ maxPerDay: 1 });
    desk.state.merchant = cathayTerms();
    desk.ok(stamp, { locationId: 'heathrow' });
    // Past midnight in Kolkata, not yet in London.
    desk.now = Date.parse('2026-01-15T23:00:00Z');
    expect(desk.refused(stamp, { locationId: 'heathrow' })).toMatchObject({
      code: 'DAILY_STAMP_LIMIT',
      day: '2026-01-15',
      resetsAt: '2026-01-16T00:00:00.000Z',
    });
    expect(desk.ok(stamp, { locationId: 'bandra' }).stamps).toBe(2);
  });

  test.each([
    ['23 hours in spring', '2026-03-28T23:30:00Z', '2026-03-29T23:00:00.000Z'],
    ['25 hours in autumn', '2026-10-24T23:30:00Z', '2026-10-26T00:00:00.000Z'],
  ])('lasts as long as the day: %s', (_when, first, resetsAt) => {
    const desk = stampDesk({ maxPerDay: 1 });
    desk.state.merchant = cathayTerms();
    const london = { locationId: 'heathrow' };
    desk.now = Date.parse(first) + hour;
    desk.ok(stamp, london);
    desk.now = Date.parse(resetsAt) - 1;
    expect(desk.refused(stamp, london)).toMatchObject({ code: 'DAILY_STAMP_LIMIT', resetsAt });
    desk.now += 1;
    expect(desk.ok(stamp, london).stamps).toBe(2);
  });

  test('counts a visit on the day it was, not on the day it is written', () => {
    const desk = stampDesk({ maxPerDay: 1 });
    desk.ok(stamp, {});
    desk.now = noon + 2 * day;
    expect(desk.refused(stamp, late(minute))).toMatchObject({ day: '2026-01-15' });
    expect(desk.ok(stamp, late(day)).stamps).toBe(2);
    expect(desk.ok(stamp, {}).stamps).toBe(3);
  });

  test('holds also for a visit that is written a week late', () => {
    const desk = stampDesk({ maxPerDay: 1 });
    desk.ok(stamp, {});
    desk.now = noon + 7 * day + hour;
    expect(desk.refused(stamp, late(2 * hour))).toMatchObject({ code: 'DAILY_STAMP_LIMIT' });
  });

  test('of the most there can be is reached, visit by visit', () => {
    const desk = stampDesk({ maxPerDay: 200 });
    for (let visit = 0; visit < 200; visit += 1) desk.ok(stamp, {});
    expect(desk.refused(stamp, {})).toMatchObject({ code: 'DAILY_STAMP_LIMIT', stampsLeft: 0 });
  });
});

describe('a visit long ago', () => {
  test('is stamped up to a week later', () => {
    const desk = stampDesk();
    const since = noon - 7 * day;
    expect(desk.ok(stamp, { occurredAt: new Date(since) }).entries[0]).toMatchObject({
      occurredAt: iso(since),
      recordedAt: iso(noon),
    });
    expect(desk.refused(stamp, { occurredAt: new Date(since - 1) })).toMatchObject({
      code: 'STAMP_TOO_OLD',
      earliest: iso(since),
    });
  });

  test('is too old where the card has had more visits since than it remembers', () => {
    const desk = stampDesk();
    for (let visit = 0; visit < 201; visit += 1) {
      desk.now = noon + visit * minute;
      desk.ok(stamp, {});
    }
    expect(desk.refused(stamp, late(0))).toMatchObject({
      code: 'STAMP_TOO_OLD',
      earliest: iso(noon + 1),
    });
    expect(desk.state.card.stampTimes).toHaveLength(200);
  });

  test('is not what a visit of now is, however many there were in the same millisecond', () => {
    const desk = stampDesk();
    for (let visit = 0; visit < 205; visit += 1) desk.ok(stamp, {});
    expect(desk.state.card.stamps).toBe(205);
  });

  test('is forgotten after two weeks, and the card stays small', () => {
    const desk = stampDesk();
    desk.ok(stamp, {});
    desk.now = noon + 14 * day - 1;
    desk.ok(stamp, {});
    expect(desk.state.card.stampTimes).toHaveLength(2);
    desk.now = noon + 14 * day;
    desk.ok(stamp, {});
    expect(desk.state.card.stampTimes.map(([at]) => at)).toEqual([noon + 14 * day - 1, noon + 14 * day]);
  });
});

describe('a stamp that ends', () => {
  test('is gone at exactly expiresAt, whether or not a job has run', () => {
    const desk = stampDesk({ expiry: { kind: 'after-earning', days: 10 } });
    expect(desk.ok(stamp, {}).expiresAt).toBe(iso(noon + 10 * day));
    desk.now = noon + 10 * day - 1;
    expect(desk.ok(stamp, {}).stamps).toBe(2);
    desk.now = noon + 10 * day;
    expect(desk.ok(stamp, {}).stamps).toBe(2);
    expect(desk.ledger.map(({ kind, stamps, occurredAt }) => [kind, stamps, occurredAt])).toEqual([
      ['stamp', 1, noon],
      ['stamp', 1, noon + 10 * day - 1],
      ['expire-stamps', -1, noon + 10 * day],
      ['stamp', 1, noon + 10 * day],
    ]);
  });

  test('ends once, however often the job runs, and a clock that was set back does not bring it back', () => {
    const desk = stampDesk({ expiry: { kind: 'after-earning', days: 10 } });
    desk.ok(stamp, {});
    desk.now = noon + 10 * day;
    expect(desk.ok(expire, {})).toMatchObject({
      points: 0,
      entries: [{ kind: 'expire-stamps', stamps: -1 }],
    });
    expect(desk.ok(expire, {}).entries).toEqual([]);
    desk.now = noon;
    expect(desk.ok(stamp, {})).toMatchObject({ stamps: 1, expiresAt: iso(noon + 20 * day) });
    expect(desk.state.card).toMatchObject({ stamps: 1, stampsEarned: 2 });
  });

  test('of a visit so long ago that it has ended is not on the card', () => {
    const desk = stampDesk({ expiry: { kind: 'after-earning', days: 1 } });
    expect(desk.ok(stamp, late(-2 * day))).toMatchObject({ given: 1, stamps: 0, expiresAt: iso(noon - day) });
    expect(desk.ok(stamp, {})).toMatchObject({ stamps: 1 });
  });

  test('also ends by calendar months and on fixed dates', () => {
    const ends = (expiry: Parameters<typeof stampVersion>[0]) => stampDesk(expiry).ok(stamp, {}).expiresAt;
    expect(ends({ expiry: { kind: 'after-earning', months: 1 } })).toBe('2026-02-15T06:30:00.000Z');
    expect(ends({ expiry: { kind: 'fixed-date', month: 12, day: 31 } })).toBe('2026-12-31T18:30:00.000Z');
  });
});

test('refusals come in the documented order', () => {
  const desk = stampDesk({ cooldownMinutes: 60, maxPerDay: 1 });
  desk.state.merchant = cathayTerms({ staffPin: { stamp: 'required' } });
  desk.ok(enroll, {});
  desk.ok(deactivate, { reason: 'lost', actor: 'anita' });
  const wrong = { stamps: 2, locationId: 'fort', occurredAt: new Date(noon - 8 * day) };
  expect(desk.refused(stamp, wrong).code).toBe('CARD_INACTIVE');
  desk.state.card.status = 'active';
  expect(desk.refused(stamp, wrong).code).toBe('LOCATION_CLOSED');
  expect(desk.refused(stamp, { ...wrong, locationId: 'bandra' }).code).toBe('PIN_REQUIRED');
  desk.state.merchant = null;
  expect(desk.refused(stamp, wrong).code).toBe('TOO_MANY_STAMPS');
  expect(desk.refused(stamp, { ...wrong, stamps: 1 }).code).toBe('STAMP_TOO_OLD');
});

test('an order stamps once: its key is the order, also under a key of the caller', () => {
  const command = { orderId: 'ORDER123', stamps: 1 };
  expect(stamp.derivedKey(command)).toBe('stamp:ORDER123');
  expect(stamp.derivedKey({ stamps: 1 })).toBeNull();
  expect(stamp.onceOnly).toBe(true);
});

test('whatever is stamped and voided when, no two stamps are nearer than the cooldown and no day has too many', () => {
  const step = fc.record({
    minutes: fc.integer({ min: -60 * 24 * 3, max: 60 * 24 * 3 }),
    back: fc.constantFrom(0, 0, 30, 600, 6000),
    stamps: fc.integer({ min: 1, max: 2 }),
    voids: fc.constantFrom(0, 0, 0, 1, 2),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
      const desk = stampDesk({ cooldownMinutes: 90, maxPerDay: 5, maxPerVisit: 2 });
      for (const { minutes, back, stamps, voids } of steps) {
        desk.now += minutes * minute;
        if (voids > 0) desk.run(voidStamp, { entry: voids, reason: 'mistake' });
        else desk.run(stamp, { stamps, occurredAt: new Date(desk.now - back * minute) });
      }
      const voided = new Set(desk.ledger.map(({ reverses }) => reverses));
      const given = desk.ledger.filter(({ kind, seq }) => kind === 'stamp' && !voided.has(seq));
      const times = given.map(({ occurredAt }) => occurredAt).sort((a, b) => a - b);
      for (const [index, at] of times.entries())
        if (index > 0) expect(at - (times[index - 1] as number)).toBeGreaterThanOrEqual(90 * minute);
      const days = new Map<number, number>();
      for (const { occurredAt, stamps } of given) {
        const local = Math.floor((occurredAt + 5.5 * hour) / day);
        days.set(local, (days.get(local) ?? 0) + stamps);
      }
      for (const sum of days.values()) expect(sum).toBeLessThanOrEqual(5);
    }),
    { numRuns: 200 },
  );
});

test('an effective version without stamps stops them; what is on the card stays', () => {
  const desk = new Desk(stampVersion(), { ...milesVersion(), version: 2, effectiveFrom: noon + day });
  desk.ok(stamp, {});
  desk.now = noon + day;
  expect(desk.refused(stamp, {}).code).toBe('STAMPS_NOT_OFFERED');
  expect(desk.state.card.stamps).toBe(1);
});
