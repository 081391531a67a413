import { type MergeInput, unwrap } from '@loyalty-engine/core';
import { actor, companyWith, giveStamps, rival } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { givePoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member, secondMember } from './shop.ts';
import { awardSecond, usualMerge, withTwoCards } from './two-cards.ts';

/** Merges of two cards of one customer. */
export const mergeFacts: Facts = {
  ...factsIn(companyWith(), {
    'each lot moves and ends when it would have, and both cards say so': async (shop, expect) => {
      const { loyalty, clock, into, from } = await withTwoCards(shop);
      unwrap(await awardSecond(loyalty, 'a', 30, '2026-03-01T00:00:00Z'));
      unwrap(await awardSecond(loyalty, 'b', 20));
      const merged = unwrap(await loyalty.cards.merge(usualMerge));
      expect(merged).toMatchObject({ from, into, cardId: into, points: 50, debt: 0, stamps: 0 });
      expect(merged.balance).toMatchObject({ available: 150, total: 150, lifetime: { adjusted: 50 } });
      expect(merged.entries).toMatchObject([
        { kind: 'merge-in', points: 30, mergedFrom: from, lot: { expiresAt: '2026-03-01T00:00:00.000Z' } },
        { kind: 'merge-in', points: 20, mergedFrom: from, lot: { expiresAt: null } },
      ]);
      const old = await ledgerOf(loyalty, { cardId: from });
      expect(old.entries.at(-1)).toMatchObject({ kind: 'merge-out', points: -50, mergedInto: into, actor });
      expect(old.balance).toMatchObject({ available: 0, total: 0 });
      expect(await loyalty.cards.get(secondMember)).toMatchObject({ status: 'inactive', mergedInto: into });
      clock.set('2026-03-01T00:00:00.000Z');
      expect(await loyalty.balance(member)).toMatchObject({ available: 120 });
    },

    'debt and stamps move too': async (shop, expect) => {
      const { loyalty } = await withTwoCards(shop);
      await giveStamps(loyalty, 2);
      await giveStamps(loyalty, 3, secondMember);
      unwrap(
        await loyalty.adjust({ ...secondMember, points: -30, allowDebt: true, reasonCode: 'fee', actor }),
      );
      expect(await loyalty.cards.merge(usualMerge)).toMatchObject({
        points: 0,
        debt: 30,
        stamps: 3,
        balance: { available: 70, debt: 0, total: 70 },
      });
      expect(await loyalty.cards.get(member)).toMatchObject({ stamps: { count: 5 } });
      expect(await loyalty.cards.get(secondMember)).toMatchObject({
        points: { total: 0, debt: 0 },
        stamps: { count: 0 },
      });
    },

    'a card with open holds is not merged': async (shop, expect) => {
      const { loyalty } = await withTwoCards(shop);
      unwrap(await awardSecond(loyalty, 'a', 30));
      const { holdId } = unwrap(await loyalty.hold({ ...secondMember, points: 10, holdMinutes: 60 }));
      expect(await loyalty.cards.merge(usualMerge)).toMatchObject({ code: 'CARD_HAS_HOLDS', holds: 1 });
      unwrap(await loyalty.release({ ...secondMember, holdId }));
      expect(await loyalty.cards.merge(usualMerge)).toMatchObject({ ok: true, points: 30 });
    },

    'what is no merge is refused, and nothing is written': async (shop, expect) => {
      const { loyalty, into, from } = await withTwoCards(shop);
      const third = { ...member, customerId: 'third' };
      const theirs = { programId: rival.programId, customerId: 'sachin' };
      unwrap(await loyalty.cards.enroll(third));
      unwrap(await loyalty.cards.enroll(theirs));
      const before = await ledgerOf(loyalty, member);
      const merge = (change: Partial<MergeInput>) => loyalty.cards.merge({ ...usualMerge, ...change });
      expect(await merge({ from: { cardId: into } })).toMatchObject({ code: 'SAME_CARD' });
      expect(await merge({ from: theirs })).toMatchObject({ code: 'OTHER_PROGRAM' });
      const nobody = await merge({ from: { ...member, customerId: 'nobody' } });
      expect(nobody).toMatchObject({ code: 'CARD_NOT_FOUND' });
      expect(await merge({ from: { cardId: 'nothing' } })).toEqual(nobody);
      expect(await merge({ merchantId: rival.merchantId })).toEqual(nobody);
      unwrap(await loyalty.cards.merge({ ...usualMerge, into: third }));
      expect(await merge({ from: member, into: { cardId: from } })).toMatchObject({ code: 'CARD_MERGED' });
      const { cardId: nobodys } = unwrap(
        await loyalty.cards.anonymise({ ...third, actor, reason: 'asked to' }),
      );
      expect(await merge({ from: { cardId: nobodys } })).toMatchObject({ code: 'CARD_ANONYMISED' });
      expect(await ledgerOf(loyalty, member)).toEqual(before);
      expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 4 });
    },
  }),

  ...factsIn(companyWith({ expiry: { kind: 'inactivity', days: 30 } }), {
    'no points end sooner than on the card they came from': async ({ loyalty, clock }, expect) => {
      await givePoints(loyalty, 'a', 100);
      clock.advance({ days: 10 });
      unwrap(await loyalty.earn({ ...secondMember, order: { id: 'A', total: '500' } }));
      clock.advance({ days: 2 });
      unwrap(await loyalty.cards.merge(usualMerge));
      expect(await loyalty.balance(member)).toMatchObject({
        available: 150,
        nextExpiry: { points: 150, at: '2026-02-24T10:00:00.000Z' },
      });
      clock.set('2026-02-24T10:00:00.000Z');
      expect(await loyalty.balance(member)).toMatchObject({ available: 0 });
    },
  }),
};
