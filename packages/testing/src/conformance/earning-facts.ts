import { unwrap } from '@loyalty-engine/core';
import { type Facts, factsIn } from './fact.ts';
import { ledgerOf } from './ledger-of.ts';
import { member } from './shop.ts';

/** Earning on orders, at once and pending. */
export const earningFacts: Facts = {
  ...factsIn((open) => open({ expiry: { kind: 'after-earning', months: 12 } }), {
    'an order of 500 rupees earns 50 points, explained and dated': async ({ loyalty }, expect) => {
      const earned = unwrap(
        await loyalty.earn({
          ...member,
          order: { id: 'ORDER123', total: '500' },
          actor: 'till 3',
          locationId: 'mumbai',
          metadata: { basket: { size: 2 } },
        }),
      );
      expect(earned).toMatchObject({
        points: 50,
        orderId: 'ORDER123',
        pending: false,
        replayed: false,
        expiresAt: '2027-01-15T10:00:00.000Z',
        balance: { available: 50, total: 50, lifetime: { earned: 50 } },
      });
      expect(earned.explanation.map(({ rule }) => rule)).toEqual(['basis', 'rate']);
      const { entries } = await loyalty.statement(member);
      expect(entries).toEqual([{ ...earned.entries[0], projected: false }]);
      expect(entries[0]).toMatchObject({
        seq: 1,
        kind: 'earn',
        points: 50,
        balanceAfter: 50,
        occurredAt: '2026-01-15T10:00:00.000Z',
        orderId: 'ORDER123',
        actor: 'till 3',
        locationId: 'mumbai',
        metadata: { basket: { size: 2 } },
        lot: { points: 50, expiresAt: '2027-01-15T10:00:00.000Z' },
      });
    },

    'an order that earns nothing is a success without an entry, and replays': async ({ loyalty }, expect) => {
      const command = { ...member, order: { id: 'A', total: '9.99' } };
      const first = unwrap(await loyalty.earn(command));
      expect(first).toMatchObject({ points: 0, entries: [], balance: { available: 0 } });
      expect(first.explanation.length).toBeGreaterThan(0);
      expect(await loyalty.earn(command)).toEqual({ ...first, replayed: true });
    },

    'an order that is not paid earns nothing until it is': async ({ loyalty }, expect) => {
      for (const paymentStatus of ['pending', 'failed'] as const) {
        const order = { id: 'A', total: '500', paymentStatus };
        const refused = await loyalty.earn({ ...member, order });
        expect(refused).toMatchObject({ ok: false, code: 'ORDER_NOT_PAID', orderId: 'A', paymentStatus });
      }
      expect((await ledgerOf(loyalty, member)).entries).toEqual([]);
      const paid = await loyalty.earn({ ...member, order: { id: 'A', total: '500', paymentStatus: 'paid' } });
      expect(paid).toMatchObject({ ok: true, points: 50 });
    },

    'an order known with another amount is refused': async ({ loyalty }, expect) => {
      await loyalty.earn({ ...member, order: { id: 'A', total: '500' } });
      unwrap(await loyalty.redeem({ ...member, order: { id: 'B', total: '100' }, points: 10 }));
      const outcome = await loyalty.earn({ ...member, order: { id: 'B', total: '101' } });
      expect(outcome).toMatchObject({ ok: false, code: 'ORDER_MISMATCH', orderId: 'B', recorded: '100.00' });
    },

    'an order that was refunded earns no more': async ({ loyalty }, expect) => {
      await loyalty.earn({ ...member, order: { id: 'A', total: '500' } });
      unwrap(await loyalty.redeem({ ...member, order: { id: 'B', total: '100' }, points: 10 }));
      unwrap(await loyalty.refund({ ...member, orderId: 'B', amount: '20', reason: 'broken' }));
      const outcome = await loyalty.earn({ ...member, order: { id: 'B', total: '100' } });
      expect(outcome).toMatchObject({ ok: false, code: 'ORDER_ALREADY_REFUNDED', orderId: 'B' });
    },

    'the part paid with points earns nothing': async ({ loyalty }, expect) => {
      await loyalty.earn({ ...member, order: { id: 'A', total: '1000' } });
      unwrap(await loyalty.redeem({ ...member, order: { id: 'B', total: '500' }, points: 100 }));
      const earned = await loyalty.earn({ ...member, order: { id: 'B', total: '500' } });
      expect(earned).toMatchObject({ ok: true, points: 40, balance: { available: 40 } });
    },
  }),

  ...factsIn((open) => open({ welcomeBonus: 25, maxBalance: 100 }), {
    'the welcome bonus is given once, before the first earning': async ({ loyalty }, expect) => {
      const first = unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '100' } }));
      expect(first.entries.map(({ kind, points }) => [kind, points])).toEqual([
        ['welcome', 25],
        ['earn', 10],
      ]);
      const next = unwrap(await loyalty.earn({ ...member, order: { id: 'B', total: '100' } }));
      expect(next.entries.map(({ kind }) => kind)).toEqual(['earn']);
    },

    'the welcome bonus is given once when ten first commands come at once on two connections': async (
      { loyalty, second },
      expect,
    ) => {
      const other = await second();
      await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          (index % 2 === 0 ? loyalty : other).earn({ ...member, order: { id: `A${index}`, total: '10' } }),
        ),
      );
      const { entries, balance } = await ledgerOf(loyalty, member);
      expect(entries.filter(({ kind }) => kind === 'welcome')).toHaveLength(1);
      expect(balance.available).toBe(35);
    },

    'earning stops at the largest balance the program allows': async ({ loyalty }, expect) => {
      const earned = unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '5000' } }));
      expect(earned).toMatchObject({ points: 75, balance: { available: 100 } });
      expect(earned.explanation.map(({ rule }) => rule)).toContain('cap-balance');
    },
  }),

  ...factsIn((open) => open({ earn: { availability: 'on-confirm' } }), {
    'points that wait for confirmation cannot be spent before it': async ({ loyalty }, expect) => {
      const earned = unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '500' } }));
      expect(earned).toMatchObject({ pending: true, balance: { available: 0, pending: 50, total: 50 } });
      expect(await loyalty.redeem({ ...member, points: 1 })).toMatchObject({
        code: 'NOT_ENOUGH_POINTS',
        available: 0,
      });
      const confirmed = unwrap(await loyalty.confirmEarn({ ...member, orderId: 'A' }));
      expect(confirmed).toMatchObject({ points: 50, balance: { available: 50, pending: 0, total: 50 } });
      expect(await loyalty.redeem({ ...member, points: 50 })).toMatchObject({ ok: true });
    },

    'confirming again replays; confirming or cancelling what does not wait is refused': async (
      { loyalty },
      expect,
    ) => {
      await loyalty.earn({ ...member, order: { id: 'A', total: '500' } });
      const first = unwrap(await loyalty.confirmEarn({ ...member, orderId: 'A' }));
      expect(await loyalty.confirmEarn({ ...member, orderId: 'A' })).toEqual({ ...first, replayed: true });
      expect(await loyalty.cancelEarn({ ...member, orderId: 'A' })).toMatchObject({
        code: 'EARN_NOT_PENDING',
      });
      expect(await loyalty.cancelEarn({ ...member, orderId: 'Z' })).toMatchObject({
        code: 'ORDER_NOT_FOUND',
      });
      expect(await loyalty.confirmEarn({ ...member, orderId: 'Z' })).toMatchObject({
        code: 'ORDER_NOT_FOUND',
      });
    },

    'cancelled pending points never become available': async ({ loyalty }, expect) => {
      await loyalty.earn({ ...member, order: { id: 'A', total: '500' } });
      const cancelled = unwrap(await loyalty.cancelEarn({ ...member, orderId: 'A' }));
      expect(cancelled).toMatchObject({ points: 50, balance: { available: 0, pending: 0, total: 0 } });
      expect(await loyalty.confirmEarn({ ...member, orderId: 'A' })).toMatchObject({
        code: 'EARN_NOT_PENDING',
      });
    },
  }),

  ...factsIn((open) => open({ earn: { availability: { afterDays: 14 } } }), {
    'points that wait for a date become available at exactly that instant, without a job': async (
      { loyalty, clock },
      expect,
    ) => {
      const earned = unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '500' } }));
      expect(earned).toMatchObject({ pending: true, availableAt: '2026-01-29T10:00:00.000Z' });
      clock.set('2026-01-29T09:59:59.999Z');
      expect(await loyalty.balance(member)).toMatchObject({ available: 0, pending: 50 });
      clock.set('2026-01-29T10:00:00.000Z');
      expect(await loyalty.balance(member)).toMatchObject({ available: 50, pending: 0 });
      expect(await loyalty.redeem({ ...member, points: 50 })).toMatchObject({
        ok: true,
        balance: { available: 0 },
      });
    },
  }),
};
