import { type Loyalty, unwrap } from '@loyalty-engine/core';
import { type Facts, factsIn } from './fact.ts';
import { ledgerOf } from './ledger-of.ts';
import { buy } from './returned-order.ts';
import { member } from './shop.ts';

async function earnedAndSpent(loyalty: Loyalty): Promise<void> {
  await buy(loyalty, 0);
  unwrap(await loyalty.redeem({ ...member, points: 50 }));
}

/** Orders that go back when the points earned on them are already spent. */
export const shortfallFacts: Facts = {
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
