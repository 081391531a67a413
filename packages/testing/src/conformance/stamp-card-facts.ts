import { unwrap } from '@loyalty-engine/core';
import { companyWith, giveStamps } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { ledgerOf } from './ledger-of.ts';
import { member } from './shop.ts';

const reason = 'mistake';

/** What becomes of the stamps on a card: rewards, forfeits, ends. */
export const stampCardFacts: Facts = {
  ...factsIn(companyWith({ stamps: { reward: { name: 'A coffee', value: '150', voucherDays: 7 } } }), {
    'a full stamp card gives a voucher, and what is beyond is carried over': async ({ loyalty }, expect) => {
      await giveStamps(loyalty, 2);
      expect(await loyalty.redeemStamps(member)).toMatchObject({
        code: 'NOT_ENOUGH_STAMPS',
        stamps: 2,
        requested: 3,
        missing: 1,
      });
      await giveStamps(loyalty, 3);
      expect((await loyalty.cards.get(member)).stamps).toEqual({
        count: 5,
        target: 3,
        untilReward: 0,
        rewardsReady: 1,
      });
      const redeemed = unwrap(await loyalty.redeemStamps(member));
      expect(redeemed).toMatchObject({
        rewardId: null,
        reward: 'A coffee',
        gives: { kind: 'amount-off', amount: '150' },
        points: 0,
        stampsRedeemed: 3,
        stamps: 2,
        voucherExpiresAt: '2026-01-22T10:00:00.000Z',
      });
      expect(redeemed.entries).toMatchObject([
        {
          kind: 'reward',
          stamps: -3,
          reward: 'A coffee',
          stampLots: [
            { lot: 1, stamps: -2 },
            { lot: 2, stamps: -1 },
          ],
        },
      ]);
    },

    'stamps that were redeemed cannot be voided until the reward is': async ({ loyalty }, expect) => {
      const entry = await giveStamps(loyalty, 4);
      const { voucherCode: code } = unwrap(await loyalty.redeemStamps(member));
      expect(await loyalty.voidStamp({ ...member, entry, reason })).toMatchObject({
        code: 'NOT_ENOUGH_STAMPS',
        stamps: 1,
        requested: 4,
        missing: 3,
      });
      expect(await loyalty.rewards.void({ code, reason })).toMatchObject({ ok: true, points: 0, stamps: 3 });
      expect(await loyalty.voidStamp({ ...member, entry, reason })).toMatchObject({ ok: true, stamps: 0 });
      const { lifetime } = await loyalty.cards.get(member);
      expect(lifetime).toMatchObject({ stampsEarned: 0, rewardsRedeemed: 0 });
    },
  }),

  ...factsIn(companyWith({ stamps: { carryOver: false } }), {
    'where nothing is carried over the rest is forfeited, and comes back with a void': async (
      { loyalty },
      expect,
    ) => {
      await giveStamps(loyalty, 5);
      const redeemed = unwrap(await loyalty.redeemStamps(member));
      expect(redeemed).toMatchObject({ stampsRedeemed: 3, stamps: 0, entries: [{ stamps: -5 }] });
      expect(redeemed.explanation.map(({ rule }) => rule)).toContain('stamps-forfeited');
      unwrap(await loyalty.rewards.void({ code: redeemed.voucherCode, reason }));
      expect((await loyalty.cards.get(member)).stamps?.count).toBe(5);
    },
  }),

  ...factsIn(
    companyWith({
      stamps: { expiry: { kind: 'after-earning', days: 10 } },
      refunds: { restoreGraceDays: 5 },
    }),
    {
      'stamps end at exactly their time, before any job has run': async ({ loyalty, clock }, expect) => {
        expect(await loyalty.stamp({ ...member, stamps: 2 })).toMatchObject({
          expiresAt: '2026-01-25T10:00:00.000Z',
        });
        clock.advance({ days: 5 });
        await giveStamps(loyalty, 2);
        clock.set('2026-01-25T09:59:59.999Z');
        expect((await loyalty.cards.get(member)).stamps?.count).toBe(4);
        clock.set('2026-01-25T10:00:00.000Z');
        expect((await loyalty.cards.get(member)).stamps?.count).toBe(2);
        expect(await loyalty.redeemStamps(member)).toMatchObject({ code: 'NOT_ENOUGH_STAMPS', stamps: 2 });
        expect((await ledgerOf(loyalty, member)).entries.filter(({ projected }) => !projected)).toHaveLength(
          2,
        );
      },

      'the job writes the end of stamps, dated when they ended, once': async ({ loyalty, clock }, expect) => {
        await giveStamps(loyalty, 2);
        clock.advance({ days: 5 });
        await giveStamps(loyalty, 1);
        clock.advance({ days: 30 });
        expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 1, expired: 0, failed: 0 });
        expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 0 });
        const { entries } = await ledgerOf(loyalty, member);
        expect(entries.slice(2)).toMatchObject([
          { kind: 'expire-stamps', stamps: -2, occurredAt: '2026-01-25T10:00:00.000Z', cause: 'date' },
          { kind: 'expire-stamps', stamps: -1, occurredAt: '2026-01-30T10:00:00.000Z' },
        ]);
      },

      'what ends soonest is redeemed first, and ended stamps come back for the days of grace': async (
        { loyalty, clock },
        expect,
      ) => {
        await giveStamps(loyalty, 2);
        clock.advance({ days: 5 });
        await giveStamps(loyalty, 2);
        const { voucherCode: code } = unwrap(await loyalty.redeemStamps(member));
        clock.advance({ days: 6 });
        const voided = unwrap(await loyalty.rewards.void({ code, reason }));
        expect(voided.entries).toMatchObject([
          {
            kind: 'void-reward',
            stamps: 3,
            stampLots: [
              { lot: 2, stamps: 1, expiresAt: '2026-01-30T10:00:00.000Z' },
              { lot: 4, stamps: 2, expiresAt: '2026-01-31T10:00:00.000Z' },
            ],
          },
        ]);
        clock.set('2026-01-31T09:59:59.999Z');
        expect((await loyalty.cards.get(member)).stamps?.count).toBe(2);
        clock.set('2026-01-31T10:00:00.000Z');
        expect((await loyalty.cards.get(member)).stamps?.count).toBe(0);
      },
    },
  ),
};
