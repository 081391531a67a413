import { type Loyalty, unwrap } from '@loyalty-engine/core';
import type { Facts } from './fact.ts';
import { factsIn } from './fact.ts';
import { shopWithPoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member } from './shop.ts';

const order = {
  id: 'A',
  lines: [
    { id: 'tea', sku: 'sku-tea', quantity: 3, unitPrice: '99.99' },
    { id: 'mug', sku: 'sku-mug', quantity: 1, unitPrice: '333.33', discount: '33.33' },
  ],
  shipping: '49.00',
};

async function buy(loyalty: Loyalty, points: number): Promise<void> {
  if (points > 0) unwrap(await loyalty.redeem({ ...member, order, points }));
  unwrap(await loyalty.earn({ ...member, order }));
}

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

  ...shortfallFacts(),
  ...sameEndFacts(),
};

/** Earned points that are already spent when the order goes back. */
function shortfallFacts(): Facts {
  const earnedAndSpent = async (loyalty: Loyalty) => {
    await buy(loyalty, 0);
    unwrap(await loyalty.redeem({ ...member, points: 50 }));
  };
  return {
    ...factsIn((open) => open({ refunds: { shortfall: 'debt' } }), {
      'missing points become debt, which later earning pays first': async ({ loyalty }, expect) => {
        await earnedAndSpent(loyalty);
        const refunded = unwrap(await loyalty.refund({ ...member, orderId: 'A', reason: 'returned' }));
        expect(refunded).toMatchObject({
          pointsClawedBack: 59,
          debt: 50,
          forgiven: 0,
          balance: { available: 0, debt: 50, total: -50 },
        });
        const next = unwrap(await loyalty.earn({ ...member, order: { id: 'B', total: '300' } }));
        expect(next).toMatchObject({ points: 30, balance: { available: 0, debt: 20, total: -20 } });
        const last = unwrap(await loyalty.earn({ ...member, order: { id: 'C', total: '300' } }));
        expect(last).toMatchObject({ points: 30, balance: { available: 10, debt: 0, total: 10 } });
        expect(last.explanation.map(({ rule }) => rule)).toContain('debt-repaid');
        expect(last.entries[0]?.lot).toMatchObject({ points: 10 });
      },
    }),
    ...factsIn((open) => open({ refunds: { shortfall: 'forgive' } }), {
      'missing points are forgiven, and that is on the entry': async ({ loyalty }, expect) => {
        await earnedAndSpent(loyalty);
        const refunded = unwrap(await loyalty.refund({ ...member, orderId: 'A', reason: 'returned' }));
        expect(refunded).toMatchObject({
          pointsClawedBack: 9,
          forgiven: 50,
          debt: 0,
          balance: { available: 0, debt: 0 },
        });
        expect(refunded.entries).toMatchObject([{ kind: 'claw-back', points: -9, forgiven: 50 }]);
      },
    }),
    ...factsIn((open) => open({ refunds: { shortfall: 'reject' } }), {
      'missing points refuse the refund, and nothing is written': async ({ loyalty }, expect) => {
        await earnedAndSpent(loyalty);
        const before = await ledgerOf(loyalty, member);
        const refused = await loyalty.refund({ ...member, orderId: 'A', reason: 'returned' });
        expect(refused).toMatchObject({ ok: false, code: 'REFUND_SHORTFALL', missing: 50, requested: 59 });
        expect(await ledgerOf(loyalty, member)).toEqual(before);
      },
    }),
  };
}

/** Many small refunds end where one large refund ends. */
function sameEndFacts(): Facts {
  const splits = ['pro-rata', 'cash-first', 'points-first'] as const;
  const facts = splits.map((split): Facts => {
    const shop = shopWithPoints(1000, { refunds: { split, shortfall: 'debt' } });
    return factsIn(shop, {
      [`many small refunds end where one large refund ends (${split})`]: async (
        { loyalty, second },
        expect,
      ) => {
        const other = { ...member, customerId: 'rahul' };
        const source = { type: 'test', id: 'opening' };
        await loyalty.award({ ...other, points: 1000, source, reason: 'Test' });
        for (const card of [member, other]) {
          unwrap(await loyalty.redeem({ ...card, order, points: 217 }));
          unwrap(await loyalty.earn({ ...card, order }));
        }
        const engines = [loyalty, await second()];
        let money = 0;
        const parts = ['0.01', '99.99', '100', '33.33', '415.64'];
        for (const [index, amount] of parts.entries()) {
          const engine = engines[index % 2] ?? loyalty;
          const part = unwrap(await engine.refund({ ...member, orderId: 'A', amount, reason: 'part' }));
          money += Math.round(Number(part.moneyBack) * 100);
        }
        const whole = unwrap(await loyalty.refund({ ...other, orderId: 'A', reason: 'whole' }));
        expect(money).toBe(Math.round(Number(whole.moneyBack) * 100));
        const { available, total, debt } = await loyalty.balance(member);
        expect({ available, total, debt }).toEqual({ available: 1000, total: 1000, debt: 0 });
        expect(await loyalty.balance(other)).toMatchObject({ available, total, debt });
      },
    });
  });
  return Object.assign({}, ...facts);
}
