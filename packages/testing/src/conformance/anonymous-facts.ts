import { unwrap } from '@loyalty-engine/core';
import { actor, companyWith, giveStamps } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { shopWithPoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member } from './shop.ts';

const forget = { ...member, actor, reason: 'asked to' };

/** Customers who ask to be forgotten. */
export const anonymousFacts: Facts = {
  ...factsIn(shopWithPoints(100, { welcomeBonus: 25 }), {
    'history and totals stay, the customer is gone': async ({ loyalty }, expect) => {
      const { qrToken, cardId, lifetime } = await loyalty.cards.get(member);
      const before = await ledgerOf(loyalty, member);
      const forgotten = unwrap(await loyalty.cards.anonymise(forget));
      expect(forgotten.cardId).toBe(cardId);
      expect(forgotten.customerId).not.toContain(member.customerId);
      expect(forgotten.entries).toMatchObject([{ kind: 'anonymise', points: 0, actor, reason: 'asked to' }]);
      const card = await loyalty.cards.get({ cardId });
      expect(card).toMatchObject({ status: 'inactive', customerId: forgotten.customerId, lifetime });
      expect(JSON.stringify([card, await loyalty.cards.list()])).not.toContain(member.customerId);
      const after = await ledgerOf(loyalty, { cardId });
      expect(after.entries.slice(0, -1)).toEqual(before.entries);
      expect(after.balance).toEqual(before.balance);
      await expect(loyalty.cards.get({ qrToken })).rejects.toMatchObject({ code: 'CARD_NOT_FOUND' });
      await expect(loyalty.cards.get(member)).rejects.toMatchObject({ code: 'CARD_NOT_FOUND' });
      expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 1 });
    },

    'the customer who comes back gets a new card, with a bonus of its own': async ({ loyalty }, expect) => {
      const { cardId } = unwrap(await loyalty.cards.anonymise(forget));
      const anew = unwrap(await loyalty.cards.enroll(member));
      expect(anew).toMatchObject({ alreadyEnrolled: false, balance: { available: 25 } });
      expect(anew.cardId).not.toBe(cardId);
      expect(await loyalty.balance({ cardId })).toMatchObject({ available: 125 });
    },

    'a forgotten card earns and spends nothing, and cannot be brought back or forgotten twice': async (
      { loyalty },
      expect,
    ) => {
      const { cardId } = unwrap(await loyalty.cards.anonymise(forget));
      const by = { cardId, actor, reason: 'again' };
      expect(await loyalty.cards.reactivate(by)).toMatchObject({ code: 'CARD_ANONYMISED' });
      expect(await loyalty.cards.anonymise(by)).toMatchObject({ code: 'CARD_ANONYMISED' });
      expect(await loyalty.redeem({ cardId, points: 1 })).toMatchObject({ code: 'CARD_INACTIVE' });
    },

    'a card with open holds is not forgotten': async ({ loyalty }, expect) => {
      unwrap(await loyalty.hold({ ...member, points: 5, holdMinutes: 60 }));
      expect(await loyalty.cards.anonymise(forget)).toMatchObject({ code: 'CARD_HAS_HOLDS', holds: 1 });
      expect(await loyalty.cards.get(member)).toMatchObject({ status: 'active', points: { available: 120 } });
    },

    'commands of the customer that wait beside it go to the card that is theirs by then': async (
      { loyalty },
      expect,
    ) => {
      const order = (id: string) => ({ ...member, order: { id, total: '100' } });
      const [before, forgotten, after, later] = await Promise.all([
        loyalty.earn(order('A')),
        loyalty.cards.anonymise(forget),
        loyalty.earn(order('B')),
        loyalty.earn(order('C')),
      ]);
      const old = unwrap(forgotten).cardId;
      expect(unwrap(before)).toMatchObject({ cardId: old, balance: { available: 135 } });
      expect(unwrap(after).cardId).not.toBe(old);
      expect(unwrap(later).cardId).toBe(unwrap(after).cardId);
      expect(await loyalty.balance(member)).toMatchObject({ available: 45 });
      expect(await loyalty.balance({ cardId: old })).toMatchObject({ available: 135 });
    },
  }),

  ...factsIn(companyWith(), {
    'a forgotten and a merged card keep apart': async ({ loyalty }, expect) => {
      const other = { ...member, customerId: 'other' };
      await giveStamps(loyalty, 2);
      await giveStamps(loyalty, 1, other);
      const { cardId } = unwrap(await loyalty.cards.anonymise(forget));
      const into = { cardId };
      const merge = { actor, reason: 'two cards' };
      expect(await loyalty.cards.merge({ ...merge, from: other, into })).toMatchObject({
        code: 'CARD_INACTIVE',
      });
    },
  }),
};
