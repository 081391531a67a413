import { unwrap } from '@loyalty-engine/core';
import { type Facts, factsIn } from './fact.ts';
import { shopWithPoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { buy } from './returned-order.ts';
import { member } from './shop.ts';

/** Returns of orders. */
export const refundFacts: Facts = {
  ...factsIn(shopWithPoints(1000), {
    'a full refund gives spent points and money back and takes earned points away': async (
      { loyalty },
      expect,
    ) => {
      await buy(loyalty, 200);
      const refunded = unwrap(await loyalty.refund({ ...member, orderId: 'A', reason: 'returned' }));
      expect(refunded).toMatchObject({
        refunded: '648.97',
        moneyBack: '448.97',
        pointsRestored: 200,
        pointsClawedBack: 39,
        debt: 0,
        forgiven: 0,
        remaining: '0.00',
        balance: { available: 1000, total: 1000 },
      });
      expect(refunded.entries.map(({ kind, points }) => [kind, points])).toEqual([
        ['restore', 200],
        ['claw-back', -39],
      ]);
    },

    'a full refund again replays; more than the order is refused': async ({ loyalty }, expect) => {
      await buy(loyalty, 0);
      const first = unwrap(await loyalty.refund({ ...member, orderId: 'A', reason: 'returned' }));
      expect(await loyalty.refund({ ...member, orderId: 'A', reason: 'returned' })).toEqual({
        ...first,
        replayed: true,
      });
      const before = await ledgerOf(loyalty, member);
      expect(
        await loyalty.refund({ ...member, orderId: 'A', amount: '1', reason: 'returned' }),
      ).toMatchObject({
        code: 'ORDER_FULLY_REFUNDED',
      });
      expect(await ledgerOf(loyalty, member)).toEqual(before);
    },

    'refusals name what is wrong and write nothing': async ({ loyalty }, expect) => {
      await buy(loyalty, 10);
      const before = await ledgerOf(loyalty, member);
      const refund = (what: object, orderId = 'A') =>
        loyalty.refund({ ...member, orderId, reason: 'test', ...what });
      expect(await refund({}, 'Z')).toMatchObject({ code: 'ORDER_NOT_FOUND', orderId: 'Z' });
      expect(await refund({ amount: '648.98' })).toMatchObject({
        code: 'REFUND_EXCEEDS_ORDER',
        remaining: '648.97',
      });
      expect(await refund({ lines: [{ id: 'hat', quantity: 1 }] })).toMatchObject({
        code: 'LINE_NOT_FOUND',
        line: 'hat',
      });
      expect(await refund({ lines: [{ id: 'tea', quantity: 4 }] })).toMatchObject({
        code: 'REFUND_EXCEEDS_ORDER',
        line: 'tea',
        missing: 1,
      });
      expect(await ledgerOf(loyalty, member)).toEqual(before);
    },

    'lines go back by id or by SKU, piece by piece': async ({ loyalty }, expect) => {
      await buy(loyalty, 0);
      const one = unwrap(
        await loyalty.refund({
          ...member,
          orderId: 'A',
          lines: [{ id: 'tea', quantity: 1 }],
          reason: 'stale',
        }),
      );
      expect(one).toMatchObject({ refunded: '99.99', moneyBack: '99.99', remaining: '548.98' });
      const two = unwrap(
        await loyalty.refund({
          ...member,
          orderId: 'A',
          lines: [
            { sku: 'sku-tea', quantity: 2 },
            { sku: 'sku-mug', quantity: 1 },
          ],
          reason: 'stale',
        }),
      );
      expect(two).toMatchObject({ refunded: '499.98', remaining: '49.00' });
    },

    'spent points go back to the lots they came from, though spent twice': async ({ loyalty }, expect) => {
      unwrap(
        await loyalty.redeem({
          ...member,
          order: { id: 'B', total: '500' },
          points: 300,
          idempotencyKey: 'a',
        }),
      );
      unwrap(
        await loyalty.redeem({
          ...member,
          order: { id: 'B', total: '500' },
          points: 100,
          idempotencyKey: 'b',
        }),
      );
      const refunded = unwrap(await loyalty.refund({ ...member, orderId: 'B', reason: 'returned' }));
      expect(refunded).toMatchObject({
        pointsRestored: 400,
        moneyBack: '100.00',
        balance: { available: 1000 },
      });
      expect(refunded.entries.map(({ reverses, points }) => [reverses, points])).toEqual([
        [3, 100],
        [2, 300],
      ]);
    },
  }),

  ...factsIn(
    shopWithPoints(1000, { expiry: { kind: 'after-earning', days: 10 }, refunds: { restoreGraceDays: 7 } }),
    {
      'points of a lot that has ended come back for the days of grace': async (
        { loyalty, clock },
        expect,
      ) => {
        await buy(loyalty, 100);
        clock.advance({ days: 20 });
        const refunded = unwrap(await loyalty.refund({ ...member, orderId: 'A', reason: 'returned' }));
        expect(refunded).toMatchObject({ pointsRestored: 100 });
        expect(refunded.entries.find(({ kind }) => kind === 'restore')?.lot).toMatchObject({
          points: 100,
          expiresAt: '2026-02-11T10:00:00.000Z',
        });
      },
    },
  ),
};
