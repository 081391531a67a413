import { unwrap } from '@loyalty-engine/core';
import { bandra, companyWith, merchantId, rival } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { givePoints } from './give-points.ts';
import { publishMug } from './reward-facts.ts';
import { member, secondMember } from './shop.ts';

const { programId } = member;
const reason = 'returned';
const rewardId = 'mug';

/** What a redeemed reward is handed out against. */
export const voucherFacts: Facts = {
  ...factsIn(companyWith(), {
    'a voucher is good once': async ({ loyalty }, expect) => {
      await givePoints(loyalty, 'a', 100);
      await publishMug(loyalty);
      const { voucherCode: code } = unwrap(await loyalty.rewards.redeem({ ...member, rewardId }));
      const used = unwrap(await loyalty.rewards.use({ code, locationId: bandra, orderId: 'A' }));
      expect(used).toMatchObject({ rewardId, reward: 'A mug', usedAt: '2026-01-15T10:00:00.000Z' });
      expect(used.entries).toMatchObject([
        { kind: 'use-voucher', points: 0, orderId: 'A', locationId: bandra },
      ]);
      const again = { code: 'VOUCHER_USED', usedAt: '2026-01-15T10:00:00.000Z', locationId: bandra };
      expect(await loyalty.rewards.use({ code })).toMatchObject(again);
      expect(await loyalty.rewards.void({ code, reason })).toMatchObject(again);
      const sloppy = code.toLowerCase().replaceAll('-', ' ').replaceAll('0', 'o').replaceAll('1', 'l');
      expect(await loyalty.rewards.use({ code: sloppy })).toMatchObject(again);
    },

    'a voucher ends at exactly its time, and can still be voided': async ({ loyalty, clock }, expect) => {
      await givePoints(loyalty, 'a', 100);
      await publishMug(loyalty, { voucherDays: 1, stock: 1 });
      const { voucherCode: code } = unwrap(await loyalty.rewards.redeem({ ...member, rewardId }));
      clock.set('2026-01-16T10:00:00.000Z');
      expect(await loyalty.rewards.use({ code })).toMatchObject({
        code: 'VOUCHER_EXPIRED',
        expiresAt: '2026-01-16T10:00:00.000Z',
      });
      const voided = unwrap(await loyalty.rewards.void({ code, reason }));
      expect(voided).toMatchObject({ points: 40, balance: { available: 100 } });
      expect(voided.entries).toMatchObject([
        { kind: 'void-reward', points: 40, lots: [{ lot: 1, points: 40 }], reverses: 2 },
      ]);
      expect(await loyalty.rewards.void({ code, reason })).toMatchObject({ code: 'VOUCHER_VOID' });
      expect(await loyalty.rewards.use({ code })).toMatchObject({ code: 'VOUCHER_VOID' });
      expect(await loyalty.rewards.get(programId, rewardId)).toMatchObject({ redeemed: 0, stockLeft: 1 });
    },

    "an unknown voucher and another merchant's look alike": async ({ loyalty }, expect) => {
      await givePoints(loyalty, 'a', 100);
      await publishMug(loyalty);
      const { voucherCode: code } = unwrap(await loyalty.rewards.redeem({ ...member, rewardId }));
      const nothing = 'AAAA-AAAA-AAAA';
      const unknown = await loyalty.rewards.use({ code: nothing });
      expect(unknown).toMatchObject({ ok: false, code: 'VOUCHER_NOT_FOUND' });
      expect(await loyalty.rewards.use({ code, merchantId: rival.merchantId })).toEqual(unknown);
      expect(await loyalty.rewards.void({ code, reason, merchantId: rival.merchantId })).toEqual(unknown);
      expect(await loyalty.rewards.void({ code: nothing, reason })).toEqual(unknown);
      expect(await loyalty.rewards.use({ code, merchantId })).toMatchObject({ ok: true });
    },

    'a reward of another program is not found': async ({ loyalty }, expect) => {
      await publishMug(loyalty, { programId: rival.programId });
      await givePoints(loyalty, 'a', 100);
      const other = await loyalty.rewards.redeem({ ...member, rewardId });
      expect(other).toEqual(await loyalty.rewards.redeem({ ...secondMember, rewardId }));
      expect(other).toMatchObject({ code: 'REWARD_NOT_FOUND' });
    },
  }),
};
