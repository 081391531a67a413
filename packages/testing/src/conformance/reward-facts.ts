import { type Loyalty, type PublishRewardInput, unwrap } from '@loyalty-engine/core';
import { companyWith, giveStamps } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { givePoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member } from './shop.ts';

const { programId } = member;
const reason = 'returned';
const rewardId = 'mug';

/** Publishes a mug for 40 points, with what is wanted different. */
export async function publishMug(loyalty: Loyalty, wanted: Partial<PublishRewardInput> = {}): Promise<void> {
  const gives = { kind: 'item', sku: 'sku-mug' } as const;
  await loyalty.rewards.publish({
    programId,
    id: rewardId,
    name: 'A mug',
    price: { points: 40 },
    gives,
    ...wanted,
  });
}

/** The rewards catalogue and its vouchers. */
export const rewardFacts: Facts = {
  ...factsIn(companyWith(), {
    'a reward for points gives a voucher, takes its price and counts': async ({ loyalty }, expect) => {
      await givePoints(loyalty, 'a', 100);
      await publishMug(loyalty, { stock: 3, voucherDays: 10 });
      const redeemed = unwrap(await loyalty.rewards.redeem({ ...member, rewardId, orderId: 'A' }));
      expect(redeemed).toMatchObject({
        rewardId,
        reward: 'A mug',
        gives: { kind: 'item', sku: 'sku-mug' },
        points: 40,
        stampsRedeemed: 0,
        voucherExpiresAt: '2026-01-25T10:00:00.000Z',
        balance: { available: 60, lifetime: { redeemed: 40 } },
      });
      expect(redeemed.voucherCode).toMatch(/^[0-9A-HJKMNP-TV-Z]{4}(-[0-9A-HJKMNP-TV-Z]{4}){2}$/);
      expect(redeemed.entries).toMatchObject([
        { kind: 'reward', points: -40, rewardId, orderId: 'A', lots: [{ lot: 1, points: -40 }] },
      ]);
      expect(await loyalty.rewards.get(programId, rewardId)).toMatchObject({ redeemed: 1, stockLeft: 2 });
      expect((await loyalty.cards.get(member)).lifetime).toMatchObject({ rewardsRedeemed: 1 });
    },

    'a reward for stamps takes stamps and no points': async ({ loyalty }, expect) => {
      await giveStamps(loyalty, 3);
      await publishMug(loyalty, { price: { stamps: 4 } });
      expect(await loyalty.rewards.redeem({ ...member, rewardId })).toMatchObject({
        code: 'NOT_ENOUGH_STAMPS',
        requested: 4,
        missing: 1,
      });
      await giveStamps(loyalty, 2);
      expect(await loyalty.rewards.redeem({ ...member, rewardId })).toMatchObject({
        points: 0,
        stampsRedeemed: 4,
        stamps: 1,
      });
    },

    'what cannot be redeemed says why, and nothing is written': async ({ loyalty, clock }, expect) => {
      const redeem = () => loyalty.rewards.redeem({ ...member, rewardId });
      expect(await redeem()).toMatchObject({ code: 'REWARD_NOT_FOUND', rewardId });
      await publishMug(loyalty, {
        activeFrom: '2026-01-16T00:00:00Z',
        activeUntil: '2026-01-17T00:00:00Z',
        stock: 0,
      });
      const dates = { activeFrom: '2026-01-16T00:00:00.000Z', activeUntil: '2026-01-17T00:00:00.000Z' };
      expect(await redeem()).toMatchObject({ code: 'REWARD_NOT_ACTIVE', ...dates });
      clock.set('2026-01-16T00:00:00.000Z');
      expect(await redeem()).toMatchObject({ code: 'OUT_OF_STOCK', rewardId });
      clock.set('2026-01-17T00:00:00.000Z');
      expect(await redeem()).toMatchObject({ code: 'REWARD_NOT_ACTIVE' });
      await publishMug(loyalty);
      expect(await redeem()).toMatchObject({ code: 'NOT_ENOUGH_POINTS', available: 0, missing: 40 });
      expect((await loyalty.rewards.get(programId, rewardId))?.redeemed).toBe(0);
      expect((await ledgerOf(loyalty, member)).entries).toEqual([]);
    },

    'a withdrawn reward is redeemed no more, but its vouchers stay good': async ({ loyalty }, expect) => {
      await givePoints(loyalty, 'a', 100);
      await publishMug(loyalty);
      const { voucherCode: code } = unwrap(await loyalty.rewards.redeem({ ...member, rewardId }));
      await loyalty.rewards.withdraw({ programId, id: rewardId, actor: 'anita' });
      expect(await loyalty.rewards.redeem({ ...member, rewardId })).toMatchObject({
        code: 'REWARD_NOT_ACTIVE',
      });
      expect(await loyalty.rewards.use({ code })).toMatchObject({ ok: true, reward: 'A mug' });
    },

    'one customer has a reward as often as it says, voided ones not counted': async ({ loyalty }, expect) => {
      await givePoints(loyalty, 'a', 200);
      await publishMug(loyalty, { perCustomer: 2 });
      const redeem = () => loyalty.rewards.redeem({ ...member, rewardId });
      const [first, second, third] = await Promise.all([redeem(), redeem(), redeem()]);
      expect([first, second]).toMatchObject([{ ok: true }, { ok: true }]);
      expect(third).toMatchObject({ code: 'REWARD_LIMIT_REACHED', limit: 2 });
      if (!first?.ok) throw new Error('The first redemption is accepted');
      unwrap(await loyalty.rewards.void({ code: first.voucherCode, reason }));
      expect(await redeem()).toMatchObject({ ok: true });
      expect(await redeem()).toMatchObject({ code: 'REWARD_LIMIT_REACHED' });
    },

    'the stock is one for all customers, also in one batch': async ({ loyalty }, expect) => {
      await publishMug(loyalty, { stock: 2 });
      const customers = ['a', 'b', 'c'].map((customerId) => ({ programId, customerId }));
      for (const card of customers)
        unwrap(
          await loyalty.award({ ...card, points: 50, source: { type: 'test', id: '1' }, reason: 'Test' }),
        );
      const outcomes = await Promise.all(
        customers.map((card) => loyalty.rewards.redeem({ ...card, rewardId })),
      );
      expect(outcomes).toMatchObject([{ ok: true }, { ok: true }, { ok: false, code: 'OUT_OF_STOCK' }]);
      expect(await loyalty.rewards.get(programId, rewardId)).toMatchObject({ redeemed: 2, stockLeft: 0 });
    },

    'stock and price that are edited hold from the next redemption on': async ({ loyalty }, expect) => {
      await givePoints(loyalty, 'a', 100);
      await publishMug(loyalty, { stock: 1 });
      const first = unwrap(await loyalty.rewards.redeem({ ...member, rewardId }));
      await publishMug(loyalty, { stock: 2, price: { points: 10 } });
      expect(await loyalty.rewards.redeem({ ...member, rewardId })).toMatchObject({ ok: true, points: 10 });
      await expect(publishMug(loyalty, { stock: 1 })).rejects.toMatchObject({ field: 'stock' });
      // What was paid comes back, not what is asked today.
      expect(await loyalty.rewards.void({ code: first.voucherCode, reason })).toMatchObject({ points: 40 });
    },
  }),
};
