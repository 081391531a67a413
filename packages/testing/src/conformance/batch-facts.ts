import { createLoyalty } from '@loyalty-engine/core';
import { type Facts, factsIn } from './fact.ts';
import { shopWithPoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member, secondMember } from './shop.ts';

/** Commands that settle together. */
export const batchFacts: Facts = {
  ...factsIn(shopWithPoints(100), {
    'several commands on one card each see what the ones before them did': async ({ loyalty }, expect) => {
      const [first, second, third, fourth] = await Promise.all([
        loyalty.redeem({ ...member, points: 60 }),
        loyalty.redeem({ ...member, points: 60 }),
        loyalty.earn({ ...member, order: { id: 'A', total: '200' } }),
        loyalty.redeem({ ...member, points: 60 }),
      ]);
      expect(first).toMatchObject({ ok: true, balance: { available: 40 } });
      expect(second).toMatchObject({ ok: false, code: 'NOT_ENOUGH_POINTS', available: 40 });
      expect(third).toMatchObject({ ok: true, points: 20, balance: { available: 60 } });
      expect(fourth).toMatchObject({ ok: true, balance: { available: 0 } });
    },

    'refused and invalid commands leave their neighbours alone': async ({ loyalty }, expect) => {
      const settled = await Promise.allSettled([
        loyalty.redeem({ ...member, points: 10 }),
        loyalty.redeem({ ...member, points: 1_000 }),
        loyalty.redeem({ ...member, points: -5 }),
        loyalty.earn({ ...member, order: { id: 'A', total: '0.001' } }),
        loyalty.earn({ ...secondMember, order: { id: 'A', total: '100' } }),
        loyalty.earn({ programId: 'nothing', customerId: 'x', order: { id: 'A', total: '100' } }),
        loyalty.capture({ ...member, holdId: 'nothing' }),
        loyalty.balance({ cardId: 'nothing' }),
        loyalty.redeem({ ...member, points: 10 }),
      ]);
      const brief = settled.map((one) => {
        if (one.status === 'rejected') return one.reason.code;
        return 'ok' in one.value && !one.value.ok ? one.value.code : 'ok';
      });
      expect(brief).toEqual([
        'ok',
        'NOT_ENOUGH_POINTS',
        'INVALID_COMMAND',
        'INVALID_COMMAND',
        'ok',
        'NO_ACTIVE_PROGRAM',
        'HOLD_NOT_FOUND',
        'CARD_NOT_FOUND',
        'ok',
      ]);
      expect(await loyalty.balance(member)).toMatchObject({ available: 80 });
      expect(await loyalty.balance(secondMember)).toMatchObject({ available: 10 });
    },

    'a command whose decision breaks fails alone, and leaves no trace': async (
      { loyalty, store, clock },
      expect,
    ) => {
      const before = await ledgerOf(loyalty, member);
      const now = clock.now();
      const touch = {
        card: member,
        newCard: () => ({ cardId: 'never', number: '', qrToken: '' }),
        keys: [],
        at: now,
        now,
      };
      const broken = (why: string) => ({
        touches: [touch],
        keys: [],
        fingerprint: '',
        decide: () => {
          throw new Error(why);
        },
      });
      const settled = await store.settle([broken('first'), broken('second')]);
      expect(settled).toMatchObject([{ error: { message: 'first' } }, { error: { message: 'second' } }]);
      expect(await ledgerOf(loyalty, member)).toEqual(before);
    },

    'a card named by its id and by its customer is one card in a batch': async ({ loyalty }, expect) => {
      const known = await loyalty.redeem({ ...member, points: 10 });
      if (!known.ok) throw new Error(known.message);
      const { cardId } = known;
      const outcomes = await Promise.all([
        loyalty.redeem({ cardId, points: 50 }),
        loyalty.redeem({ ...member, points: 50 }),
        loyalty.redeem({ cardId, points: 40 }),
      ]);
      expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true]);
    },

    'a hundred commands on a hundred new cards settle together': async ({ loyalty }, expect) => {
      const outcomes = await Promise.all(
        Array.from({ length: 100 }, (_, index) =>
          loyalty.earn({ ...member, customerId: `customer ${index}`, order: { id: 'A', total: '100' } }),
        ),
      );
      expect(new Set(outcomes.map((outcome) => outcome.ok && outcome.cardId)).size).toBe(100);
      expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 101, entries: 101 });
    },

    'batches of one give what large batches give': async ({ loyalty, store, clock }, expect) => {
      const single = createLoyalty({ store, clock, maxBatch: 1 });
      const outcomes = await Promise.all(
        [20, 90, 30, 50].map((points) => single.redeem({ ...member, points })),
      );
      expect(outcomes.map(({ ok }) => ok)).toEqual([true, false, true, true]);
      expect(await loyalty.balance(member)).toMatchObject({ available: 0 });
    },
  }),

  ...factsIn((open) => open(undefined, { maxQueue: 3 }), {
    'commands beyond the queue are refused as OVERLOADED, and only those': async ({ loyalty }, expect) => {
      const outcomes = await Promise.all(
        Array.from({ length: 5 }, (_, index) =>
          loyalty.earn({ ...member, order: { id: `A${index}`, total: '10' } }),
        ),
      );
      expect(outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code))).toEqual([
        'ok',
        'ok',
        'ok',
        'OVERLOADED',
        'OVERLOADED',
      ]);
      expect(outcomes[4]).toMatchObject({ limit: 3 });
      expect(await loyalty.earn({ ...member, order: { id: 'A4', total: '10' } })).toMatchObject({ ok: true });
      expect(await loyalty.balance(member)).toMatchObject({ available: 4 });
    },
  }),

  ...factsIn((open) => open(), {
    'closing settles what waits and takes no more': async ({ loyalty, second }, expect) => {
      const other = await second();
      const waiting = [1, 2, 3].map((index) =>
        loyalty.earn({ ...member, order: { id: `A${index}`, total: '10' } }),
      );
      await loyalty.close();
      expect((await Promise.all(waiting)).map(({ ok }) => ok)).toEqual([true, true, true]);
      await expect(loyalty.earn({ ...member, order: { id: 'B', total: '10' } })).rejects.toMatchObject({
        code: 'CLOSED',
      });
      expect(await other.balance(member)).toMatchObject({ available: 3 });
    },
  }),
};
