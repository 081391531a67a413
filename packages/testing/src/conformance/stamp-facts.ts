import { unwrap } from '@loyalty-engine/core';
import { companyWith, giveStamps, newYork } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { ledgerOf } from './ledger-of.ts';
import { member, secondMember } from './shop.ts';

const reason = 'mistake';

/** Stamps of visits. */
export const stampFacts: Facts = {
  ...factsIn(companyWith({ stamps: { cooldownMinutes: 60 } }), {
    'a second stamp inside the cooldown is refused, to the millisecond, with the time to wait': async (
      { loyalty, clock },
      expect,
    ) => {
      const first = unwrap(await loyalty.stamp(member));
      expect(first).toMatchObject({ given: 1, stamps: 1, target: 3, untilReward: 2, rewardsReady: 0 });
      expect(first.entries).toMatchObject([{ kind: 'stamp', points: 0, stamps: 1 }]);
      expect(await loyalty.stamp(member)).toMatchObject({
        code: 'COOLDOWN_ACTIVE',
        retryAt: '2026-01-15T11:00:00.000Z',
        retryAfterSeconds: 3600,
      });
      expect(await loyalty.stamp(secondMember)).toMatchObject({ ok: true });
      clock.set('2026-01-15T10:59:59.999Z');
      expect(await loyalty.stamp(member)).toMatchObject({ code: 'COOLDOWN_ACTIVE', retryAfterSeconds: 1 });
      clock.set('2026-01-15T11:00:00.000Z');
      expect(await loyalty.stamp(member)).toMatchObject({ ok: true, stamps: 2 });
    },

    'a clock that is set back never makes a wait longer than the cooldown': async (
      { loyalty, clock, second },
      expect,
    ) => {
      unwrap(await loyalty.stamp(member));
      clock.advance({ hours: -5 });
      const behind = await second();
      expect(await behind.stamp(member)).toMatchObject({
        code: 'COOLDOWN_ACTIVE',
        retryAt: '2026-01-15T11:00:00.000Z',
        retryAfterSeconds: 3600,
      });
    },

    'a voided stamp is gone, frees the cooldown, and cannot be voided again': async ({ loyalty }, expect) => {
      const { entry } = unwrap(await loyalty.stamp(member));
      const voided = unwrap(await loyalty.voidStamp({ ...member, entry, reason }));
      expect(voided).toMatchObject({ voided: 1, stamps: 0 });
      expect(voided.entries).toMatchObject([{ kind: 'void-stamp', reverses: entry, stamps: -1, reason }]);
      expect(await loyalty.voidStamp({ ...member, entry, reason })).toMatchObject({
        ok: false,
        code: 'ENTRY_ALREADY_REVERSED',
      });
      expect(await loyalty.stamp(member)).toMatchObject({ ok: true, stamps: 1 });
      expect(await loyalty.voidStamp({ ...member, entry: 99, reason })).toMatchObject({
        code: 'ENTRY_NOT_FOUND',
      });
      expect(await loyalty.voidStamp({ ...member, entry: 2, reason })).toMatchObject({
        code: 'ENTRY_NOT_REVERSIBLE',
        kind: 'void-stamp',
      });
    },

    'a late stamp counts at the time of the visit': async ({ loyalty, clock }, expect) => {
      unwrap(await loyalty.stamp(member));
      clock.advance({ hours: 3 });
      expect(await loyalty.stamp({ ...member, occurredAt: '2026-01-15T10:30:00Z' })).toMatchObject({
        code: 'COOLDOWN_ACTIVE',
        retryAt: '2026-01-15T11:00:00.000Z',
      });
      const late = unwrap(await loyalty.stamp({ ...member, occurredAt: '2026-01-15T11:30:00Z' }));
      expect(late.entries).toMatchObject([
        { occurredAt: '2026-01-15T11:30:00.000Z', recordedAt: '2026-01-15T13:00:00.000Z' },
      ]);
      // One that comes before a known one keeps the distance to it too.
      expect(await loyalty.stamp({ ...member, occurredAt: '2026-01-15T11:00:00Z' })).toMatchObject({
        code: 'COOLDOWN_ACTIVE',
        retryAt: '2026-01-15T12:30:00.000Z',
      });
      expect(await loyalty.stamp({ ...member, occurredAt: '2026-01-08T12:59:59Z' })).toMatchObject({
        code: 'STAMP_TOO_OLD',
        earliest: '2026-01-08T13:00:00.000Z',
      });
    },

    'an order is stamped once, whatever its key, and again once it was voided': async (
      { loyalty, clock },
      expect,
    ) => {
      const visit = { ...member, orderId: 'A' };
      const first = unwrap(await loyalty.stamp(visit));
      clock.advance({ hours: 2 });
      expect(await loyalty.stamp(visit)).toEqual({ ...first, replayed: true });
      expect(await loyalty.stamp({ ...visit, idempotencyKey: 'other' })).toEqual({
        ...first,
        replayed: true,
      });
      unwrap(await loyalty.voidStamp({ ...member, entry: first.entry, reason }));
      expect(await loyalty.stamp(visit)).toMatchObject({ ok: true, replayed: false, stamps: 1 });
    },
  }),

  ...factsIn(companyWith({ stamps: { maxPerDay: 4, maxPerVisit: 3 } }), {
    'a visit gives several stamps up to the number that is set, and no more than the day has left': async (
      { loyalty },
      expect,
    ) => {
      expect(await loyalty.stamp({ ...member, stamps: 4 })).toMatchObject({
        code: 'TOO_MANY_STAMPS',
        requested: 4,
        limit: 3,
      });
      expect(await loyalty.stamp({ ...member, stamps: 3 })).toMatchObject({ ok: true, given: 3, stamps: 3 });
      expect(await loyalty.stamp({ ...member, stamps: 2 })).toMatchObject({
        code: 'DAILY_STAMP_LIMIT',
        limit: 4,
        stampsLeft: 1,
      });
      expect(await loyalty.stamp(member)).toMatchObject({ ok: true, stamps: 4 });
    },

    'the daily limit is of the day of the location, also on a day of 23 hours': async (
      { loyalty, clock },
      expect,
    ) => {
      const visit = { ...member, locationId: newYork, stamps: 2 };
      clock.set('2026-03-08T04:59:59.999Z');
      for (let visits = 0; visits < 2; visits += 1) unwrap(await loyalty.stamp(visit));
      expect(await loyalty.stamp(visit)).toMatchObject({
        code: 'DAILY_STAMP_LIMIT',
        day: '2026-03-07',
        resetsAt: '2026-03-08T05:00:00.000Z',
      });
      clock.set('2026-03-08T05:00:00.000Z');
      for (let visits = 0; visits < 2; visits += 1) unwrap(await loyalty.stamp(visit));
      clock.set('2026-03-09T03:59:59.999Z');
      expect(await loyalty.stamp(visit)).toMatchObject({
        code: 'DAILY_STAMP_LIMIT',
        day: '2026-03-08',
        resetsAt: '2026-03-09T04:00:00.000Z',
      });
      clock.set('2026-03-09T04:00:00.000Z');
      expect(await loyalty.stamp(visit)).toMatchObject({ ok: true });
    },

    "without a location the day is the program's": async ({ loyalty, clock }, expect) => {
      clock.set('2026-03-08T18:29:59.999Z');
      await giveStamps(loyalty, 3);
      expect(await loyalty.stamp({ ...member, stamps: 2 })).toMatchObject({
        day: '2026-03-08',
        resetsAt: '2026-03-08T18:30:00.000Z',
      });
      clock.set('2026-03-08T18:30:00.000Z');
      expect(await loyalty.stamp({ ...member, stamps: 2 })).toMatchObject({ ok: true, stamps: 5 });
    },

    'a voided stamp is none of the day': async ({ loyalty }, expect) => {
      const entry = await giveStamps(loyalty, 3);
      unwrap(await loyalty.voidStamp({ ...member, entry, reason }));
      expect(await loyalty.stamp({ ...member, stamps: 3 })).toMatchObject({ ok: true, stamps: 3 });
    },
  }),

  ...factsIn((open) => open(), {
    'a program without stamps refuses them': async ({ loyalty }, expect) => {
      for (const refused of [await loyalty.stamp(member), await loyalty.redeemStamps(member)])
        expect(refused).toMatchObject({ ok: false, code: 'STAMPS_NOT_OFFERED' });
      expect((await ledgerOf(loyalty, member)).entries).toEqual([]);
    },
  }),
};
