import { unwrap } from '@loyalty-engine/core';
import { type Facts, factsIn } from './fact.ts';
import { shopWithPoints } from './give-points.ts';
import { member } from './shop.ts';

const order = { id: 'A', total: '500' };

/** The checkout in two steps. */
export const checkoutFacts: Facts = factsIn(shopWithPoints(100), {
  'completing spends the points and earns on the part paid in money': async ({ loyalty }, expect) => {
    const { holdId } = unwrap(await loyalty.checkout.start({ ...member, order, points: 100 }));
    const completed = unwrap(await loyalty.checkout.complete({ ...member, holdId }));
    expect(completed).toMatchObject({ points: 100, value: '100.00', amountDue: '400.00', earned: 40 });
    expect(completed.entries.map(({ kind, points }) => [kind, points])).toEqual([
      ['redeem', -100],
      ['earn', 40],
    ]);
    expect(await loyalty.checkout.complete({ ...member, holdId })).toEqual({ ...completed, replayed: true });
    expect(await loyalty.earn({ ...member, order })).toMatchObject({ code: 'ORDER_ALREADY_EARNED' });
  },

  'a checkout without points completes and earns on everything': async ({ loyalty }, expect) => {
    const started = unwrap(await loyalty.checkout.start({ ...member, order, points: 0 }));
    expect(started).toMatchObject({ points: 0, amountDue: '500.00', willEarn: 50 });
    const completed = unwrap(await loyalty.checkout.complete({ ...member, holdId: started.holdId }));
    expect(completed).toMatchObject({ points: 0, earned: 50, amountDue: '500.00' });
  },

  'a customer without a card can check out without points': async ({ loyalty }, expect) => {
    const newcomer = { ...member, customerId: 'newcomer' };
    const started = unwrap(await loyalty.checkout.start({ ...newcomer, order, points: 0 }));
    const completed = await loyalty.checkout.complete({ ...newcomer, holdId: started.holdId });
    expect(completed).toMatchObject({ ok: true, earned: 50, balance: { available: 50 } });
  },

  'cancelling gives the points back and leaves the order open': async ({ loyalty }, expect) => {
    const { holdId } = unwrap(await loyalty.checkout.start({ ...member, order, points: 100 }));
    expect(await loyalty.checkout.cancel({ ...member, holdId })).toMatchObject({
      ok: true,
      balance: { available: 100 },
    });
    expect(await loyalty.checkout.complete({ ...member, holdId })).toMatchObject({
      code: 'HOLD_ALREADY_RELEASED',
    });
    expect(await loyalty.earn({ ...member, order })).toMatchObject({ ok: true, points: 50 });
  },

  'an order has one open hold: the same wish gets the same hold, another takes its place': async (
    { loyalty },
    expect,
  ) => {
    const first = unwrap(await loyalty.checkout.start({ ...member, order, points: 60 }));
    const same = unwrap(await loyalty.checkout.start({ ...member, order, points: 60 }));
    expect(same).toMatchObject({ holdId: first.holdId, replayed: true, balance: { held: 60 } });
    const other = unwrap(await loyalty.checkout.start({ ...member, order, points: 80 }));
    expect(other.holdId).not.toBe(first.holdId);
    expect(other).toMatchObject({ points: 80, balance: { held: 80, available: 20 } });
    expect(await loyalty.checkout.complete({ ...member, holdId: first.holdId })).toMatchObject({
      code: 'HOLD_ALREADY_RELEASED',
    });
    expect(await loyalty.checkout.complete({ ...member, holdId: other.holdId })).toMatchObject({ ok: true });
  },

  'a checkout earns by the rules in force when it started': async ({ loyalty, publish, clock }, expect) => {
    await publish({ effectiveFrom: '2026-01-15T10:05:00Z', earn: { points: 2 } });
    const { holdId } = unwrap(await loyalty.checkout.start({ ...member, order, points: 0 }));
    clock.advance({ minutes: 10 });
    const completed = unwrap(await loyalty.checkout.complete({ ...member, holdId }));
    expect(completed).toMatchObject({ earned: 50, entries: [{ programVersion: 1 }] });
  },

  'a hold without an order can be captured but not completed': async ({ loyalty }, expect) => {
    const { holdId } = unwrap(await loyalty.hold({ ...member, points: 10 }));
    expect(await loyalty.checkout.complete({ ...member, holdId })).toMatchObject({
      code: 'HOLD_WITHOUT_ORDER',
    });
    expect(await loyalty.capture({ ...member, holdId })).toMatchObject({ ok: true });
  },
});
