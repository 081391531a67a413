import { unwrap } from '@loyalty-engine/core';
import { companyWith, giveStamps } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { member, secondMember } from './shop.ts';
import { awardSecond, usualMerge, withTwoCards } from './two-cards.ts';

/** What becomes of a card that was merged into another one. */
export const mergedCardFacts: Facts = {
  ...factsIn(companyWith(), {
    'the old card earns and spends no more, and says where everything went, however it is named': async (
      shop,
      expect,
    ) => {
      const { loyalty, into, from, fromNumber: cardNumber } = await withTwoCards(shop);
      const { qrToken } = await loyalty.cards.get(secondMember);
      unwrap(await loyalty.cards.merge(usualMerge));
      const order = { id: 'A', total: '100' };
      const away = { ok: false, code: 'CARD_MERGED', cardId: into };
      expect(await loyalty.earn({ ...secondMember, order })).toMatchObject(away);
      expect(await loyalty.earn({ cardNumber, order })).toMatchObject(away);
      expect(await loyalty.stamp({ qrToken })).toMatchObject(away);
      expect(await loyalty.redeem({ cardId: from, points: 10 })).toMatchObject(away);
      expect(await loyalty.cards.enroll(secondMember)).toMatchObject(away);
      expect(await loyalty.earn({ cardId: into, order })).toMatchObject({ ok: true, cardId: into });
    },

    'what an old order leaves moves on along a chain of merges': async (shop, expect) => {
      const { loyalty } = await withTwoCards(shop);
      const third = { ...member, customerId: 'third' };
      unwrap(await loyalty.cards.enroll(third));
      unwrap(await loyalty.earn({ ...secondMember, order: { id: 'A', total: '400' } }));
      unwrap(await loyalty.cards.merge(usualMerge));
      unwrap(await loyalty.cards.merge({ ...usualMerge, from: member, into: third }));
      expect(await loyalty.balance(third)).toMatchObject({ available: 140 });
      unwrap(await loyalty.refund({ ...secondMember, orderId: 'A', reason: 'returned' }));
      expect(await loyalty.balance(third)).toMatchObject({ available: 100, debt: 0 });
      for (const old of [member, secondMember])
        expect(await loyalty.balance(old)).toMatchObject({ total: 0, debt: 0 });
    },

    'a return of an old order is settled on the old card, and what it leaves moves on at once': async (
      shop,
      expect,
    ) => {
      const { loyalty, from, into } = await withTwoCards(shop);
      const order = { id: 'A', total: '400' };
      unwrap(await awardSecond(loyalty, 'a', 50));
      unwrap(await loyalty.redeem({ ...secondMember, order, points: 50 }));
      unwrap(await loyalty.earn({ ...secondMember, order }));
      unwrap(await loyalty.cards.merge(usualMerge));
      expect(await loyalty.balance(member)).toMatchObject({ available: 135 });
      const refunded = unwrap(await loyalty.refund({ ...secondMember, orderId: 'A', reason: 'returned' }));
      expect(refunded).toMatchObject({ pointsClawedBack: 35, pointsRestored: 50 });
      expect(await loyalty.balance({ cardId: from })).toMatchObject({ available: 0, total: 0, debt: 0 });
      expect(await loyalty.balance({ cardId: into })).toMatchObject({ available: 150, debt: 0 });
      expect((await loyalty.orders({ cardId: from })).orders).toMatchObject([{ orderId: 'A', restored: 50 }]);
    },

    'points that went with a merge and were spent are owed by the card that stays': async (shop, expect) => {
      const { loyalty } = await withTwoCards(shop);
      unwrap(await loyalty.earn({ ...secondMember, order: { id: 'A', total: '400' } }));
      unwrap(await loyalty.cards.merge(usualMerge));
      unwrap(await loyalty.redeem({ ...member, points: 130 }));
      unwrap(await loyalty.refund({ ...secondMember, orderId: 'A', reason: 'returned' }));
      expect(await loyalty.balance(member)).toMatchObject({ available: 0, debt: 30 });
      expect(await loyalty.balance(secondMember)).toMatchObject({ total: 0, debt: 0 });
    },

    'the voucher of a merged card is still good, and voided it gives its stamps to the card that stays':
      async (shop, expect) => {
        const { loyalty } = await withTwoCards(shop);
        await giveStamps(loyalty, 6, secondMember);
        const used = unwrap(await loyalty.redeemStamps(secondMember));
        const voided = unwrap(await loyalty.redeemStamps(secondMember));
        unwrap(await loyalty.cards.merge(usualMerge));
        expect(await loyalty.rewards.use({ code: used.voucherCode })).toMatchObject({ ok: true });
        unwrap(await loyalty.rewards.void({ code: voided.voucherCode, reason: 'mistake' }));
        expect(await loyalty.cards.get(member)).toMatchObject({ stamps: { count: 3 } });
        expect(await loyalty.cards.get(secondMember)).toMatchObject({ stamps: { count: 0 } });
      },
  }),

  ...factsIn(companyWith({ earn: { availability: 'on-confirm' } }), {
    'points that wait for a confirmation stay with their order, and move on once they are confirmed': async (
      shop,
      expect,
    ) => {
      const { loyalty, from } = await withTwoCards(shop);
      unwrap(await loyalty.earn({ ...secondMember, order: { id: 'A', total: '400' } }));
      expect(await loyalty.cards.merge(usualMerge)).toMatchObject({ ok: true, points: 0 });
      expect(await loyalty.balance({ cardId: from })).toMatchObject({ available: 0, pending: 40 });
      unwrap(await loyalty.confirmEarn({ ...secondMember, orderId: 'A' }));
      expect(await loyalty.balance({ cardId: from })).toMatchObject({ available: 0, pending: 0, total: 0 });
      expect(await loyalty.balance(member)).toMatchObject({ available: 140 });
    },
  }),
};
