import { unwrap } from '@loyalty-engine/core';
import { manualClock } from '../manual-clock.ts';
import { type Facts, factsIn } from './fact.ts';
import { givePoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member } from './shop.ts';

/** What the time does to points, whether or not a job has run. */
export const timeFacts: Facts = {
  ...factsIn((open) => open({ expiry: { kind: 'after-earning', months: 1 } }), {
    'a lot is there until its end and gone at exactly its end': async ({ loyalty, clock }, expect) => {
      unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '500' } }));
      clock.set('2026-02-15T09:59:59.999Z');
      expect(await loyalty.balance(member)).toMatchObject({
        available: 50,
        nextExpiry: { points: 50, at: '2026-02-15T10:00:00.000Z' },
      });
      clock.set('2026-02-15T10:00:00.000Z');
      expect(await loyalty.balance(member)).toMatchObject({ available: 0, total: 0, nextExpiry: null });
      expect(await loyalty.redeem({ ...member, points: 1 })).toMatchObject({
        code: 'NOT_ENOUGH_POINTS',
        available: 0,
      });
    },

    'months are calendar months in the zone of the program': async ({ loyalty, clock }, expect) => {
      // 31 January, 01:30 in Kolkata.
      clock.set('2026-01-30T20:00:00Z');
      const earned = unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '500' } }));
      expect(earned.expiresAt).toBe('2026-02-27T20:00:00.000Z');
    },

    'a clock that goes back ten minutes un-expires nothing, on any connection': async (
      { loyalty, clock, second },
      expect,
    ) => {
      unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '500' } }));
      clock.set('2026-02-15T10:05:00.000Z');
      unwrap(await loyalty.earn({ ...member, order: { id: 'B', total: '100' } }));
      const before = await ledgerOf(loyalty, member);
      expect(before.balance.available).toBe(10);
      const slow = await second(manualClock('2026-02-15T09:55:00.000Z'));
      clock.advance({ minutes: -10 });
      for (const engine of [loyalty, slow]) {
        expect(await engine.redeem({ ...member, points: 11 })).toMatchObject({
          code: 'NOT_ENOUGH_POINTS',
          available: 10,
        });
        expect(await engine.jobs.expirePoints()).toMatchObject({ expired: 0, failed: 0 });
        expect(await ledgerOf(engine, member)).toEqual(before);
      }
      const late = unwrap(await slow.redeem({ ...member, points: 10 }));
      expect(late.entries[0]?.recordedAt).toBe('2026-02-15T10:05:00.000Z');
    },

    'what happened in the past counts from then, and keeps both times': async (
      { loyalty, clock },
      expect,
    ) => {
      clock.set('2026-02-10T00:00:00Z');
      const earned = unwrap(
        await loyalty.earn({
          ...member,
          order: { id: 'A', total: '500' },
          occurredAt: '2026-01-20T00:00:00Z',
        }),
      );
      expect(earned).toMatchObject({ expiresAt: '2026-02-20T00:00:00.000Z', balance: { available: 50 } });
      expect(earned.entries[0]).toMatchObject({
        occurredAt: '2026-01-20T00:00:00.000Z',
        recordedAt: '2026-02-10T00:00:00.000Z',
      });
      const older = unwrap(
        await loyalty.earn({
          ...member,
          order: { id: 'B', total: '500' },
          occurredAt: '2026-01-09T00:00:00Z',
        }),
      );
      expect(older).toMatchObject({ expiresAt: '2026-02-09T00:00:00.000Z', balance: { available: 50 } });
      expect(older.entries.at(-1)).toMatchObject({
        occurredAt: '2026-01-09T00:00:00.000Z',
        postedAt: '2026-01-20T00:00:00.000Z',
      });
      expect(await loyalty.balance(member)).toMatchObject({ available: 50, total: 50 });
    },

    'the future is refused': async ({ loyalty }, expect) => {
      const future = loyalty.earn({
        ...member,
        order: { id: 'A', total: '500' },
        occurredAt: '2026-01-15T10:00:00.001Z',
      });
      await expect(future).rejects.toMatchObject({ code: 'INVALID_COMMAND', field: 'occurredAt' });
      expect((await ledgerOf(loyalty, member)).entries).toEqual([]);
    },

    'a day that is in no calendar is refused': async ({ loyalty, clock }, expect) => {
      clock.set('2026-06-01T00:00:00Z');
      for (const occurredAt of [
        '2026-02-30T10:00:00Z',
        '2025-02-29T10:00:00Z',
        '2026-04-31T10:00:00+05:30',
      ]) {
        const impossible = loyalty.earn({ ...member, order: { id: 'A', total: '500' }, occurredAt });
        await expect(impossible).rejects.toMatchObject({ code: 'INVALID_COMMAND', field: 'occurredAt' });
      }
      const leap = await loyalty.earn({
        ...member,
        order: { id: 'A', total: '500' },
        occurredAt: '2024-02-29T10:00:00Z',
      });
      expect(leap).toMatchObject({ ok: true });
    },

    'points that ended do not come back with a command dated before their end': async (
      { loyalty, clock },
      expect,
    ) => {
      unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '500' } }));
      clock.set('2026-02-20T00:00:00Z');
      await loyalty.jobs.expirePoints();
      const offline = await loyalty.redeem({ ...member, points: 50, occurredAt: '2026-02-01T00:00:00Z' });
      expect(offline).toMatchObject({ ok: false, code: 'NOT_ENOUGH_POINTS' });
    },
  }),

  ...factsIn((open) => open(), {
    'instants are kept to the millisecond, from 1970 to 9999': async ({ loyalty, clock }, expect) => {
      await givePoints(loyalty, 'far', 5, '9999-12-31T00:00:00.000Z');
      await givePoints(loyalty, 'precise', 5, '2026-03-01T12:34:56.789Z');
      expect(await loyalty.balance(member)).toMatchObject({
        nextExpiry: { points: 5, at: '2026-03-01T12:34:56.789Z' },
      });
      clock.set('2026-03-01T12:34:56.789Z');
      expect(await loyalty.balance(member)).toMatchObject({
        available: 5,
        nextExpiry: { points: 5, at: '9999-12-31T00:00:00.000Z' },
      });
    },
  }),
};
