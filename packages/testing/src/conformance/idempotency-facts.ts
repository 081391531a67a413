import { unwrap } from '@loyalty-engine/core';
import { type Facts, factsIn } from './fact.ts';
import { shopWithPoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member, secondMember } from './shop.ts';

const adjustment = { ...member, points: -10, reasonCode: 'fee', actor: 'anita', idempotencyKey: 'k1' };

/** The same command again, and another under the same key. */
export const idempotencyFacts: Facts = factsIn(shopWithPoints(100), {
  'the same key and content answers the first outcome again': async ({ loyalty, clock }, expect) => {
    const first = unwrap(await loyalty.adjust(adjustment));
    expect(first.replayed).toBe(false);
    clock.advance({ days: 30 });
    unwrap(await loyalty.redeem({ ...member, points: 5 }));
    const before = await ledgerOf(loyalty, member);
    expect(await loyalty.adjust(adjustment)).toEqual({ ...first, replayed: true });
    expect(await ledgerOf(loyalty, member)).toEqual(before);
  },

  'the first outcome is answered again after the data was closed and opened': async (
    { loyalty, reopened },
    expect,
  ) => {
    const first = unwrap(await loyalty.adjust(adjustment));
    const earned = unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '100' } }));
    const again = await reopened();
    expect(await again.adjust(adjustment)).toEqual({ ...first, replayed: true });
    expect(await again.earn({ ...member, order: { id: 'A', total: '100' } })).toEqual({
      ...earned,
      replayed: true,
    });
    expect(await again.balance(member)).toMatchObject({ available: 100 });
  },

  'the same key with other content is refused and nothing is written': async ({ loyalty }, expect) => {
    unwrap(await loyalty.adjust(adjustment));
    const before = await ledgerOf(loyalty, member);
    for (const other of [
      loyalty.adjust({ ...adjustment, points: -11 }),
      loyalty.adjust({ ...adjustment, note: 'other' }),
      loyalty.redeem({ ...member, points: 10, idempotencyKey: 'k1' }),
    ]) {
      expect(await other).toMatchObject({ ok: false, code: 'IDEMPOTENCY_KEY_REUSED', key: 'key:k1' });
    }
    expect(await ledgerOf(loyalty, member)).toEqual(before);
  },

  'the order of fields and ways to write an amount do not make other content': async (
    { loyalty },
    expect,
  ) => {
    const first = unwrap(
      await loyalty.earn({
        ...member,
        order: { id: 'A', total: '100.50' },
        metadata: { a: 1, b: { c: 2, d: 3 } },
      }),
    );
    const again = await loyalty.earn({
      metadata: { b: { d: 3, c: 2 }, a: 1 },
      order: { total: 100.5, id: 'A' },
      ...member,
    });
    expect(again).toEqual({ ...first, replayed: true });
  },

  'a key belongs to one card': async ({ loyalty }, expect) => {
    unwrap(await loyalty.adjust(adjustment));
    const other = await loyalty.adjust({ ...adjustment, ...secondMember, points: 10 });
    expect(other).toMatchObject({ ok: true, replayed: false });
  },

  'a refused command uses no key up': async ({ loyalty }, expect) => {
    const command = { ...member, points: 150, idempotencyKey: 'k1' };
    expect(await loyalty.redeem(command)).toMatchObject({ code: 'NOT_ENOUGH_POINTS' });
    unwrap(await loyalty.adjust({ ...member, points: 50, reasonCode: 'gift', actor: 'anita' }));
    expect(await loyalty.redeem(command)).toMatchObject({ ok: true, replayed: false });
  },

  'commands about an order have a key without being given one': async ({ loyalty }, expect) => {
    const order = { id: 'A', total: '100' };
    const redeem = { ...member, order, points: 10 };
    const redeemed = unwrap(await loyalty.redeem(redeem));
    expect(await loyalty.redeem(redeem)).toEqual({ ...redeemed, replayed: true });
    const earned = unwrap(await loyalty.earn({ ...member, order }));
    expect(await loyalty.earn({ ...member, order })).toEqual({ ...earned, replayed: true });
    expect(await loyalty.earn({ ...member, order: { id: 'A', total: '200' } })).toMatchObject({
      code: 'IDEMPOTENCY_KEY_REUSED',
    });
    expect(await loyalty.earn({ ...member, order, idempotencyKey: 'mine' })).toMatchObject({
      replayed: true,
    });
    const refunded = unwrap(await loyalty.refund({ ...member, orderId: 'A', reason: 'returned' }));
    expect(await loyalty.refund({ ...member, orderId: 'A', reason: 'returned' })).toEqual({
      ...refunded,
      replayed: true,
    });
  },

  'two commands without a key or an order are two commands': async ({ loyalty }, expect) => {
    unwrap(await loyalty.redeem({ ...member, points: 10 }));
    expect(await loyalty.redeem({ ...member, points: 10 })).toMatchObject({
      replayed: false,
      balance: { available: 80 },
    });
  },

  'fifty equal commands at once have one effect and fifty equal outcomes': async (
    { loyalty, second },
    expect,
  ) => {
    const other = await second();
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? loyalty : other).adjust(adjustment)),
    );
    expect(outcomes.filter((outcome) => outcome.ok && !outcome.replayed)).toHaveLength(1);
    const [first] = outcomes;
    for (const outcome of outcomes)
      expect({ ...outcome, replayed: true }).toEqual({ ...first, replayed: true });
    const { entries, balance } = await ledgerOf(loyalty, member);
    expect(entries).toHaveLength(2);
    expect(balance.available).toBe(90);
  },

  'fifty equal earnings of an order by a new customer make one card and one entry': async (
    { loyalty, second },
    expect,
  ) => {
    const other = await second();
    const command = { ...secondMember, order: { id: 'A', total: '500' } };
    const outcomes = await Promise.all(
      Array.from({ length: 50 }, (_, index) => (index % 2 === 0 ? loyalty : other).earn(command)),
    );
    expect(new Set(outcomes.map((outcome) => outcome.ok && outcome.cardId)).size).toBe(1);
    expect((await ledgerOf(loyalty, secondMember)).entries).toHaveLength(1);
    expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 2 });
  },
});
