import { unwrap } from '@loyalty-engine/core';
import { type Facts, factsIn } from './fact.ts';
import { shopWithPoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member } from './shop.ts';

const by = { reasonCode: 'goodwill', actor: 'anita' };

/** Awards, reversals and adjustments. */
export const correctionFacts: Facts = {
  ...factsIn((open) => open(), {
    'an award is given once a source, whatever its key': async ({ loyalty }, expect) => {
      const command = { ...member, points: 20, source: { type: 'review', id: '7' }, reason: 'Review' };
      const first = unwrap(await loyalty.award(command));
      expect(await loyalty.award(command)).toEqual({ ...first, replayed: true });
      expect(await loyalty.award({ ...command, idempotencyKey: 'again' })).toEqual({
        ...first,
        replayed: true,
      });
      expect(await loyalty.award({ ...command, points: 30 })).toMatchObject({
        code: 'IDEMPOTENCY_KEY_REUSED',
      });
      const other = await loyalty.award({ ...command, source: { type: 'review', id: '8' } });
      expect(other).toMatchObject({ ok: true, replayed: false, balance: { available: 40 } });
    },

    "a source's type does not run into its id": async ({ loyalty }, expect) => {
      const award = (type: string, id: string) =>
        loyalty.award({ ...member, points: 1, source: { type, id }, reason: 'Test' });
      expect(await award('a:b', 'c')).toMatchObject({ ok: true, replayed: false });
      expect(await award('a', 'b:c')).toMatchObject({ ok: true, replayed: false });
    },

    'an adjustment is signed, has a reason and an actor, and is new each time': async (
      { loyalty },
      expect,
    ) => {
      const given = unwrap(await loyalty.adjust({ ...member, points: 20, note: 'Sorry', ...by }));
      expect(given.entries).toMatchObject([{ kind: 'adjust', points: 20, note: 'Sorry', ...by }]);
      expect(await loyalty.adjust({ ...member, points: 20, note: 'Sorry', ...by })).toMatchObject({
        replayed: false,
      });
      const taken = unwrap(await loyalty.adjust({ ...member, points: -15, ...by }));
      expect(taken).toMatchObject({ balance: { available: 25, lifetime: { adjusted: 25 } } });
    },

    'taking more than is available is refused unless debt is allowed': async ({ loyalty }, expect) => {
      unwrap(await loyalty.adjust({ ...member, points: 10, ...by }));
      const refused = await loyalty.adjust({ ...member, points: -11, ...by });
      expect(refused).toMatchObject({ ok: false, code: 'NOT_ENOUGH_POINTS', available: 10, requested: 11 });
      const owed = unwrap(await loyalty.adjust({ ...member, points: -11, allowDebt: true, ...by }));
      expect(owed).toMatchObject({ balance: { available: 0, debt: 1, total: -1 } });
      const paid = unwrap(await loyalty.adjust({ ...member, points: 5, ...by }));
      expect(paid).toMatchObject({ balance: { available: 4, debt: 0, total: 4 } });
    },

    'a given adjustment ends when it says': async ({ loyalty, clock }, expect) => {
      unwrap(await loyalty.adjust({ ...member, points: 10, expiresAt: '2026-01-16T00:00:00Z', ...by }));
      clock.set('2026-01-15T23:59:59.999Z');
      expect(await loyalty.balance(member)).toMatchObject({ available: 10 });
      clock.set('2026-01-16T00:00:00Z');
      expect(await loyalty.balance(member)).toMatchObject({ available: 0 });
    },

    'awards stop at the largest balance the program allows': async ({ loyalty, publish }, expect) => {
      await publish({ maxBalance: 30, effectiveFrom: '2020-01-02T00:00:00Z' });
      const award = (id: string, points: number) =>
        loyalty.award({ ...member, points, source: { type: 't', id }, reason: 'Test' });
      expect(await award('a', 20)).toMatchObject({ ok: true });
      expect(await award('b', 11)).toMatchObject({ ok: false, code: 'BALANCE_LIMIT', limit: 30, room: 10 });
      expect(await award('b', 10)).toMatchObject({ ok: true });
    },
  }),

  ...factsIn(shopWithPoints(100), {
    'a redemption is undone in parts, never more than it was': async ({ loyalty }, expect) => {
      const redeemed = unwrap(await loyalty.redeem({ ...member, points: 60 }));
      const entry = redeemed.entries[0]?.seq ?? 0;
      const reverse = (points?: number) =>
        loyalty.reverse({ ...member, entry, reason: 'mistake', ...(points === undefined ? {} : { points }) });
      expect(await reverse(61)).toMatchObject({ code: 'ENTRY_ALREADY_REVERSED', reversible: 60 });
      expect(await reverse(25)).toMatchObject({
        ok: true,
        points: 25,
        reversible: 35,
        balance: { available: 65 },
      });
      expect(await reverse(36)).toMatchObject({ code: 'ENTRY_ALREADY_REVERSED', reversible: 35 });
      const rest = unwrap(await reverse());
      expect(rest).toMatchObject({ points: 35, reversible: 0, balance: { available: 100 } });
      expect(rest.entries).toMatchObject([{ kind: 'reverse', reverses: entry, points: 35 }]);
      expect(await reverse()).toMatchObject({ code: 'ENTRY_ALREADY_REVERSED', reversible: 0 });
    },

    'an award is undone by reference; missing points become debt': async ({ loyalty }, expect) => {
      unwrap(await loyalty.redeem({ ...member, points: 30 }));
      const reversed = unwrap(await loyalty.reverse({ ...member, entry: 1, reason: 'fraud' }));
      expect(reversed).toMatchObject({ points: 100, balance: { available: 0, debt: 30, total: -30 } });
    },

    'other entries cannot be reversed': async ({ loyalty }, expect) => {
      unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '100' } }));
      const before = await ledgerOf(loyalty, member);
      expect(await loyalty.reverse({ ...member, entry: 2, reason: 'test' })).toMatchObject({
        code: 'ENTRY_NOT_REVERSIBLE',
        kind: 'earn',
      });
      expect(await loyalty.reverse({ ...member, entry: 99, reason: 'test' })).toMatchObject({
        code: 'ENTRY_NOT_FOUND',
      });
      expect(await ledgerOf(loyalty, member)).toEqual(before);
    },

    'a reversed redemption is not given back a second time by a refund': async ({ loyalty }, expect) => {
      const order = { id: 'A', total: '100' };
      const redeemed = unwrap(await loyalty.redeem({ ...member, order, points: 60 }));
      unwrap(
        await loyalty.reverse({
          ...member,
          entry: redeemed.entries[0]?.seq ?? 0,
          points: 40,
          reason: 'test',
        }),
      );
      const refunded = unwrap(await loyalty.refund({ ...member, orderId: 'A', reason: 'returned' }));
      expect(refunded).toMatchObject({ pointsRestored: 20, balance: { available: 100 } });
    },
  }),
};
