import { unwrap } from '@loyalty-engine/core';
import { type Facts, factsIn } from './fact.ts';
import { shopWithPoints } from './give-points.ts';
import { ledgerOf } from './ledger-of.ts';
import { member, secondMember } from './shop.ts';

const zeros = {
  available: 0,
  pending: 0,
  held: 0,
  debt: 0,
  total: 0,
  lifetime: { earned: 0, redeemed: 0, expired: 0, adjusted: 0, reversed: 0 },
  nextExpiry: null,
};

/** Whose card it is. */
export const memberFacts: Facts = {
  ...factsIn(shopWithPoints(100), {
    'a customer who never did anything has zeros and an empty statement': async ({ loyalty }, expect) => {
      expect(await loyalty.balance(secondMember)).toEqual(zeros);
      expect(await loyalty.statement(secondMember)).toEqual({
        opening: 0,
        entries: [],
        closing: 0,
        nextCursor: null,
      });
      expect(await loyalty.verify(secondMember)).toMatchObject({ ok: true, cards: 0 });
      expect(await loyalty.quote({ ...secondMember, order: { id: 'A', total: '100' } })).toMatchObject({
        ok: true,
        maxPoints: 0,
        willEarn: 10,
      });
    },

    'a refused first command makes no card': async ({ loyalty }, expect) => {
      expect(await loyalty.redeem({ ...secondMember, points: 1 })).toMatchObject({
        code: 'NOT_ENOUGH_POINTS',
      });
      expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 1 });
    },

    'unknown programs and cards are told apart': async ({ loyalty }, expect) => {
      const noProgram = { programId: 'nothing', customerId: 'sachin' };
      const noCard = { cardId: 'nothing' };
      await expect(loyalty.balance(noProgram)).rejects.toMatchObject({ code: 'PROGRAM_NOT_FOUND' });
      await expect(loyalty.statement(noProgram)).rejects.toMatchObject({ code: 'PROGRAM_NOT_FOUND' });
      await expect(loyalty.balance(noCard)).rejects.toMatchObject({ code: 'CARD_NOT_FOUND' });
      await expect(loyalty.verify(noCard)).rejects.toMatchObject({ code: 'CARD_NOT_FOUND' });
      const order = { id: 'A', total: '100' };
      expect(await loyalty.earn({ ...noProgram, order })).toMatchObject({ code: 'NO_ACTIVE_PROGRAM' });
      expect(await loyalty.earn({ ...noCard, order })).toMatchObject({ code: 'CARD_NOT_FOUND' });
    },

    'a card can be named by its id everywhere': async ({ loyalty }, expect) => {
      const { cardId } = unwrap(await loyalty.redeem({ ...member, points: 10 }));
      expect(await ledgerOf(loyalty, { cardId })).toEqual(await ledgerOf(loyalty, member));
      expect(await loyalty.earn({ cardId, order: { id: 'A', total: '100' } })).toMatchObject({
        ok: true,
        cardId,
        balance: { available: 100 },
      });
      expect(await loyalty.verify({ cardId })).toMatchObject({ ok: true, cards: 1, entries: 3 });
    },

    'one customer in two programs has two cards': async ({ loyalty, publish }, expect) => {
      await publish({ id: 'coffee', currency: 'USD', earn: { points: 5, perAmount: '1' } });
      const coffee = { ...member, programId: 'coffee' };
      unwrap(await loyalty.earn({ ...coffee, order: { id: 'A', total: '3.50' } }));
      unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '100' } }));
      expect(await loyalty.balance(coffee)).toMatchObject({ available: 17 });
      expect(await loyalty.balance(member)).toMatchObject({ available: 110 });
    },

    'the same order id on two cards is two orders': async ({ loyalty }, expect) => {
      const order = { id: 'A', total: '100' };
      unwrap(await loyalty.earn({ ...member, order }));
      expect(await loyalty.earn({ ...secondMember, order })).toMatchObject({ ok: true, replayed: false });
    },

    'names that look alike are different customers': async ({ loyalty, publish }, expect) => {
      await publish({ id: 'miles:sachin' });
      for (const card of [
        { programId: 'miles', customerId: 'Sachin' },
        { programId: 'miles', customerId: 'sachin:' },
        { programId: 'miles:sachin', customerId: 'x' },
        { programId: 'miles', customerId: 'sachin:x' },
      ]) {
        expect((await loyalty.balance(card)).total).toBe(0);
        unwrap(await loyalty.earn({ ...card, order: { id: 'A', total: '100' } }));
      }
      expect(await loyalty.balance(member)).toMatchObject({ total: 100 });
      expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 5 });
    },
  }),

  ...factsIn((open) => open({ enrolment: 'explicit' }), {
    'without automatic enrolment a first earning makes no card': async ({ loyalty }, expect) => {
      const order = { id: 'A', total: '100' };
      expect(await loyalty.earn({ ...member, order })).toMatchObject({ ok: false, code: 'CARD_NOT_FOUND' });
      expect(await loyalty.balance(member)).toEqual(zeros);
    },
  }),

  'fifty enrolments of one customer at once make one card with one welcome bonus': async ({
    open,
    expect,
  }) => {
    const { loyalty } = await open({ enrolment: 'explicit', welcomeBonus: 25 });
    const order = { id: 'o1', total: '100' };
    expect(await loyalty.earn({ ...member, order })).toMatchObject({ code: 'CARD_NOT_FOUND' });
    const answers = await Promise.all(Array.from({ length: 50 }, () => loyalty.cards.enroll(member)));
    expect(answers.filter((answer) => answer.ok && !answer.alreadyEnrolled)).toHaveLength(1);
    expect(new Set(answers.map((answer) => answer.ok && answer.cardId)).size).toBe(1);
    expect(await loyalty.balance(member)).toMatchObject({ available: 25 });
    expect(await loyalty.earn({ ...member, order })).toMatchObject({ ok: true });
  },
};
