import { unwrap } from '@loyalty-engine/core';
import { companyWith, giveStamps } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { givePoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member } from './shop.ts';

/** Expiry by inactivity. */
export const inactivityFacts: Facts = {
  ...factsIn((open) => open({ expiry: { kind: 'inactivity', days: 30 } }), {
    'earning and redeeming move the deadline of all points': async ({ loyalty, clock }, expect) => {
      unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '500' } }));
      clock.advance({ days: 29 });
      unwrap(await loyalty.redeem({ ...member, points: 10 }));
      clock.advance({ days: 29 });
      expect(await loyalty.balance(member)).toMatchObject({
        available: 40,
        nextExpiry: { points: 40, at: '2026-03-15T10:00:00.000Z' },
      });
      clock.advance({ days: 1 });
      expect(await loyalty.balance(member)).toMatchObject({ available: 0 });
      expect(await loyalty.jobs.expirePoints()).toMatchObject({ expired: 40 });
      const { entries } = await ledgerOf(loyalty, member);
      expect(entries.at(-1)).toMatchObject({
        kind: 'expire',
        cause: 'inactivity',
        occurredAt: '2026-03-15T10:00:00.000Z',
      });
    },

    'a return is no activity': async ({ loyalty, clock }, expect) => {
      unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '500' } }));
      unwrap(await loyalty.earn({ ...member, order: { id: 'B', total: '500' } }));
      clock.advance({ days: 29 });
      unwrap(await loyalty.refund({ ...member, orderId: 'B', reason: 'returned' }));
      clock.advance({ days: 1 });
      expect(await loyalty.balance(member)).toMatchObject({ available: 0 });
    },

    'an activity after the deadline brings nothing back': async ({ loyalty, clock }, expect) => {
      unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '500' } }));
      clock.advance({ days: 30 });
      const earned = unwrap(await loyalty.earn({ ...member, order: { id: 'B', total: '100' } }));
      expect(earned).toMatchObject({ balance: { available: 10, total: 10, lifetime: { expired: 50 } } });
    },
  }),

  ...factsIn((open) => open({ expiry: { kind: 'inactivity', days: 30 }, welcomeBonus: 5 }), {
    'a card without any activity counts from its enrolment': async ({ loyalty, clock }, expect) => {
      await givePoints(loyalty, 'a', 50);
      clock.advance({ days: 29 });
      await givePoints(loyalty, 'b', 20);
      expect(await loyalty.balance(member)).toMatchObject({ available: 75 });
      clock.advance({ days: 1 });
      expect(await loyalty.balance(member)).toMatchObject({ available: 0 });
      expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 1, expired: 75 });
    },
  }),

  ...factsIn(
    companyWith({ enrolment: 'explicit', welcomeBonus: 20, expiry: { kind: 'inactivity', days: 30 } }),
    {
      'a card that was enrolled and never used loses its bonus by the daily job, counted from enrolment':
        async ({ loyalty, clock }, expect) => {
          unwrap(await loyalty.cards.enroll(member));
          const expired: number[] = [];
          for (let day = 1; day <= 32; day += 1) {
            clock.advance({ days: 1 });
            expired.push((await loyalty.jobs.expirePoints()).expired);
          }
          expect(expired).toEqual([...Array(29).fill(0), 20, 0, 0]);
          const { entries } = await ledgerOf(loyalty, member);
          expect(entries).toMatchObject([
            { kind: 'welcome', points: 20 },
            { kind: 'expire', points: -20, cause: 'inactivity', occurredAt: '2026-02-14T10:00:00.000Z' },
          ]);
          expect(await loyalty.cards.get(member)).toMatchObject({
            status: 'active',
            lifetime: { pointsExpired: 20 },
            lastActivityAt: '2026-01-15T10:00:00.000Z',
          });
        },

      'a stamp and a reward keep points alive, a voided stamp and a new QR token do not': async (
        { loyalty, clock },
        expect,
      ) => {
        unwrap(await loyalty.cards.enroll(member));
        const deadline = async () => (await loyalty.balance(member)).nextExpiry?.at;
        clock.set('2026-01-20T10:00:00.000Z');
        await giveStamps(loyalty, 3);
        expect(await deadline()).toBe('2026-02-19T10:00:00.000Z');
        clock.set('2026-01-25T10:00:00.000Z');
        unwrap(await loyalty.redeemStamps(member));
        expect(await deadline()).toBe('2026-02-24T10:00:00.000Z');
        clock.set('2026-01-30T10:00:00.000Z');
        unwrap(await loyalty.cards.rotateQr({ ...member, reason: 'lost' }));
        await givePoints(loyalty, 'no activity', 5);
        expect(await deadline()).toBe('2026-02-24T10:00:00.000Z');
        clock.set('2026-02-24T10:00:00.000Z');
        expect(await loyalty.balance(member)).toMatchObject({ available: 0 });
      },
    },
  ),

  ...factsIn(companyWith({ expiry: { kind: 'inactivity', days: 30, activities: ['stamp'] } }), {
    'only the activities that the program names move the deadline': async ({ loyalty, clock }, expect) => {
      unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '500' } }));
      clock.advance({ days: 20 });
      unwrap(await loyalty.earn({ ...member, order: { id: 'B', total: '500' } }));
      expect(await loyalty.balance(member)).toMatchObject({
        nextExpiry: { points: 100, at: '2026-02-14T10:00:00.000Z' },
      });
      await giveStamps(loyalty, 1);
      expect(await loyalty.balance(member)).toMatchObject({
        nextExpiry: { points: 100, at: '2026-03-06T10:00:00.000Z' },
      });
    },
  }),

  ...factsIn((open) => open({ expiry: { kind: 'inactivity', days: 1, activities: ['redeem'] } }), {
    // Found by a random sequence: only the points of the command itself were seen to end.
    'a correction dated back that sets a deadline in the past ends all points by inactivity at once': async (
      { loyalty, clock, publish },
      expect,
    ) => {
      await givePoints(loyalty, 'a', 50);
      await publish({ expiry: { kind: 'after-earning', months: 1 }, effectiveFrom: new Date(clock.now()) });
      unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '100' } }));
      const occurredAt = new Date(clock.now() - 86_400_000).toISOString();
      const correction = { points: 5, reasonCode: 'forgotten', actor: 'anita', occurredAt };
      const { balance } = unwrap(await loyalty.adjust({ ...member, ...correction }));
      expect(balance).toMatchObject({ available: 10, total: 10 });
      const { nextExpiry: _next, ...figures } = await loyalty.balance(member);
      expect(balance).toEqual(figures);
    },
  }),
};
