import { type OrderSummary, unwrap } from '@loyalty-engine/core';
import { companyWith, rival } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { shopWithPoints } from './give-points.ts';
import { member, secondMember } from './shop.ts';

const { programId } = member;

/** What each order earned and was paid with. */
export const orderFacts: Facts = {
  ...factsIn(shopWithPoints(100), {
    'an order says what it earned, what was spent on it and what came back': async ({ loyalty }, expect) => {
      const order = { id: 'A', total: '500' };
      const { cardId } = unwrap(await loyalty.redeem({ ...member, order, points: 40 }));
      const record = { orderId: 'A', cardId, programVersion: 1, payable: '500.00' };
      const nothing = { restored: 0, reversed: 0, clawedBack: 0, moneyBack: '0.00' };
      const spent = { points: 40, value: '40.00' };
      expect(await loyalty.orders(member)).toEqual({
        orders: [{ ...record, earned: null, redeemed: spent, ...nothing }],
        nextCursor: null,
      });
      unwrap(await loyalty.earn({ ...member, order }));
      unwrap(await loyalty.refund({ ...member, orderId: 'A', amount: '250', reason: 'returned' }));
      const { orders } = await loyalty.orders({ cardId });
      expect(orders).toEqual([
        {
          ...record,
          earned: 46,
          redeemed: spent,
          restored: 20,
          reversed: 0,
          clawedBack: 23,
          moneyBack: '230.00',
        },
      ]);
      expect(await loyalty.orders({ programId })).toEqual({ orders, nextCursor: null });
    },

    'a customer without a card has no orders': async ({ loyalty }, expect) => {
      expect(await loyalty.orders(secondMember)).toEqual({ orders: [], nextCursor: null });
    },
  }),

  ...factsIn(companyWith(), {
    "a program's orders come page by page, by card and order, each once": async ({ loyalty }, expect) => {
      for (const customerId of ['a', 'b', 'c'])
        for (const id of ['2', '1', '10'])
          unwrap(await loyalty.earn({ programId, customerId, order: { id, total: '100' } }));
      const theirs = { programId: rival.programId, customerId: 'a' };
      unwrap(await loyalty.earn({ ...theirs, order: { id: '1', total: '100' } }));
      const seen: OrderSummary[] = [];
      let cursor: string | undefined;
      do {
        const query = cursor === undefined ? { limit: 4 } : { limit: 4, cursor };
        const page = await loyalty.orders({ programId }, query);
        seen.push(...page.orders);
        cursor = page.nextCursor ?? undefined;
      } while (cursor !== undefined);
      const places = seen.map(({ cardId, orderId }) => `${cardId} ${orderId}`);
      expect(places).toHaveLength(9);
      expect(places).toEqual([...new Set(places)].sort());
      expect(seen.slice(0, 3).map(({ orderId }) => orderId)).toEqual(['1', '10', '2']);
      await expect(loyalty.orders({ programId }, { cursor: 'x' })).rejects.toMatchObject({
        field: 'cursor',
      });
    },

    'stamps and rewards for an order make no order of it': async ({ loyalty }, expect) => {
      unwrap(await loyalty.stamp({ ...member, stamps: 3, orderId: 'A' }));
      unwrap(await loyalty.redeemStamps({ ...member, orderId: 'B' }));
      expect((await loyalty.orders(member)).orders).toEqual([]);
      expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 1, entries: 2 });
    },
  }),
};
