import { unwrap } from '@loyalty-engine/core';
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
};
