import { parseCardNumber, unwrap } from '@loyalty-engine/core';
import { bandra, companyWith, merchantId, newYork, rival } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { ledgerOf } from './ledger-of.ts';
import { member, secondMember } from './shop.ts';

const reason = 'lost';

/** Cards: enrolling, finding and closing them. */
export const cardFacts: Facts = {
  ...factsIn(companyWith({ enrolment: 'explicit', welcomeBonus: 25 }), {
    'enrolling makes a card with its welcome bonus, and again gives the same card': async (
      { loyalty, clock },
      expect,
    ) => {
      const made = unwrap(await loyalty.cards.enroll({ ...member, locationId: bandra }));
      expect(made).toMatchObject({
        alreadyEnrolled: false,
        enrolledAt: '2026-01-15T10:00:00.000Z',
        balance: { available: 25 },
        entries: [{ kind: 'welcome', points: 25, locationId: bandra }],
      });
      expect(made.cardNumber).toMatch(/^\d{4}-\d{4}-\d{4}$/);
      expect(parseCardNumber(made.cardNumber)).toBe(made.cardNumber.replaceAll('-', ''));
      clock.advance({ days: 3 });
      const again = unwrap(await loyalty.cards.enroll({ ...member, locationId: newYork }));
      expect(again).toMatchObject({ alreadyEnrolled: true, cardId: made.cardId, entries: [] });
      expect(again).toMatchObject({ enrolledAt: made.enrolledAt, cardNumber: made.cardNumber });
      expect(await loyalty.cards.get(member)).toMatchObject({
        enrolledLocationId: bandra,
        enrolledAt: '2026-01-15T10:00:00.000Z',
        points: { available: 25 },
      });
    },

    'enrolling without a bonus writes no entry, and there is a card': async (
      { loyalty, publish },
      expect,
    ) => {
      await publish({ enrolment: 'explicit', effectiveFrom: '2021-01-01T00:00:00Z' });
      await expect(loyalty.cards.get(member)).rejects.toMatchObject({ code: 'CARD_NOT_FOUND' });
      const { cardId } = unwrap(await loyalty.cards.enroll(member));
      expect(await loyalty.cards.get({ cardId })).toMatchObject({ customerId: 'sachin', status: 'active' });
      expect((await ledgerOf(loyalty, member)).entries).toEqual([]);
      expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 1, entries: 0 });
    },

    'a card is found by its id, its customer, its number and its QR token': async ({ loyalty }, expect) => {
      const { cardId, cardNumber } = unwrap(await loyalty.cards.enroll(member));
      unwrap(await loyalty.cards.enroll(secondMember));
      const card = await loyalty.cards.get(member);
      expect(card).toMatchObject({ cardId, cardNumber, merchantId, ...member });
      const { qrToken } = card;
      for (const ref of [
        { cardId },
        { cardNumber },
        { cardNumber: cardNumber.replaceAll('-', '') },
        { cardNumber: ` ${cardNumber.replaceAll('-', ' ')} ` },
        { qrToken },
      ]) {
        expect(await loyalty.cards.get(ref)).toEqual(card);
        expect(await loyalty.balance(ref)).toMatchObject({ available: 25 });
        expect(await ledgerOf(loyalty, ref)).toMatchObject({ closing: 25 });
        expect(await loyalty.redeem({ ...ref, points: 1000 })).toMatchObject({ code: 'NOT_ENOUGH_POINTS' });
        expect(await loyalty.verify(ref)).toMatchObject({ ok: true, cards: 1 });
      }
    },

    'a number with a wrong digit is refused before any look-up': async ({ loyalty }, expect) => {
      const { cardNumber } = unwrap(await loyalty.cards.enroll(member));
      const wrong = cardNumber.replace(/\d$/, (digit) => String((Number(digit) + 1) % 10));
      const swapped = cardNumber.replace(/^(\d)(\d)/, '$2$1');
      for (const bad of [wrong, ...(swapped === cardNumber ? [] : [swapped]), '1234', `${cardNumber}0`]) {
        await expect(loyalty.cards.get({ cardNumber: bad })).rejects.toMatchObject({ field: 'cardNumber' });
        await expect(loyalty.stamp({ cardNumber: bad })).rejects.toMatchObject({ field: 'cardNumber' });
      }
      // A right number that nobody has is one that is looked up.
      expect(await loyalty.stamp({ cardNumber: '1234-5678-9018' })).toMatchObject({ code: 'CARD_NOT_FOUND' });
    },

    'a rotated QR token finds nothing, the new one does': async ({ loyalty }, expect) => {
      unwrap(await loyalty.cards.enroll(member));
      const { qrToken: old } = await loyalty.cards.get(member);
      const rotated = unwrap(await loyalty.cards.rotateQr({ ...member, reason }));
      expect(rotated.entries).toMatchObject([{ kind: 'rotate-qr', points: 0, reason }]);
      const { qrToken } = await loyalty.cards.get(member);
      expect(qrToken).toMatch(/^[\w-]{32}$/);
      expect(JSON.stringify([rotated, await ledgerOf(loyalty, member)])).not.toContain(qrToken);
      expect(await loyalty.stamp({ qrToken: old })).toMatchObject({ code: 'CARD_NOT_FOUND' });
      await expect(loyalty.cards.get({ qrToken: old })).rejects.toMatchObject({ code: 'CARD_NOT_FOUND' });
      expect(await loyalty.stamp({ qrToken })).toMatchObject({ ok: true });
      // Only the first half finds the card; the second half must be right too.
      const flipped = `${qrToken.slice(0, 31)}${qrToken.endsWith('A') ? 'B' : 'A'}`;
      expect(await loyalty.stamp({ qrToken: flipped })).toMatchObject({ code: 'CARD_NOT_FOUND' });
      await expect(loyalty.balance({ qrToken: flipped })).rejects.toMatchObject({ code: 'CARD_NOT_FOUND' });
    },
  }),

  ...factsIn(companyWith(), {
    "another merchant's card and one that does not exist look alike": async ({ loyalty }, expect) => {
      const { cardId, cardNumber } = unwrap(await loyalty.cards.enroll(member));
      const { qrToken } = await loyalty.cards.get({ cardId, merchantId });
      const { merchantId: theirs } = rival;
      const own = [{ cardId }, { cardNumber }, { qrToken }, member];
      const unknown = [
        { cardId: 'nothing' },
        { cardNumber: '1234-5678-9018' },
        { qrToken: 'x'.repeat(32) },
        { programId: 'nothing', customerId: 'sachin' },
      ];
      for (const [index, ref] of own.entries()) {
        const none = unknown[index] as { cardId: string };
        const asked = { ...ref, merchantId: theirs } as { cardId: string; merchantId: string };
        const askedOfNone = { ...none, merchantId: theirs };
        for (const name of ['stamp', 'redeemStamps'] as const)
          expect(await loyalty[name](asked)).toEqual(await loyalty[name](askedOfNone));
        expect(await loyalty.stamp(asked)).toMatchObject({ ok: false, code: 'CARD_NOT_FOUND' });
        for (const read of [loyalty.cards.get, loyalty.balance, loyalty.statement, loyalty.orders]) {
          const refused = await read(asked).catch((error) => error);
          const refusedOfNone = await read(askedOfNone).catch((error) => error);
          expect(refused).toMatchObject({ code: 'CARD_NOT_FOUND' });
          expect(refused).toEqual(refusedOfNone);
        }
      }
      expect(await loyalty.stamp({ cardId, merchantId })).toMatchObject({ ok: true });
      const of = { programId: member.programId, merchantId: theirs };
      for (const read of [loyalty.cards.list, loyalty.statistics, loyalty.orders])
        await expect(read(of)).rejects.toMatchObject({ code: 'PROGRAM_NOT_FOUND' });
    },
  }),
};
