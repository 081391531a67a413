import { type Ids, unwrap } from '@loyalty-engine/core';
import { sequentialIds } from '../sequential-ids.ts';
import { companyWith, giveStamps } from './company.ts';
import type { Facts } from './fact.ts';
import { member, secondMember } from './shop.ts';

/** Ids whose random bytes come again: each draw is handed out so many times before the next one. */
function repeatingIds(times: number): Ids {
  const fresh = sequentialIds('repeated');
  // By length: a number, a token and a code ask for different counts.
  const last = new Map<number, { bytes: Uint8Array; left: number }>();
  return {
    next: fresh.next,
    bytes(count) {
      let draw = last.get(count);
      if (!draw || draw.left === 0) {
        draw = { bytes: fresh.bytes(count), left: times };
        last.set(count, draw);
      }
      draw.left -= 1;
      return draw.bytes.slice();
    },
  };
}

const card = (customerId: string) => ({ programId: member.programId, customerId });

/** Random numbers, tokens and codes that somebody has already. */
export const nameFacts: Facts = {
  'a number or a token that is taken is drawn again, and others in the batch never notice': async ({
    open,
    expect,
  }) => {
    const { loyalty } = await open({ welcomeBonus: 5 }, { ids: repeatingIds(2) });
    const known = card('known');
    unwrap(await loyalty.earn({ ...known, order: { id: 'opening', total: '100' } }));
    const customers = ['a', 'b', 'c', 'd', 'e', 'f'];
    const answers = await Promise.all([
      ...customers.map((customer) => loyalty.cards.enroll(card(customer))),
      loyalty.earn({ ...known, order: { id: 'A', total: '100' } }),
    ]);
    for (const answer of answers) expect(answer).toMatchObject({ ok: true });
    expect(await loyalty.balance(known)).toMatchObject({ available: 25 });
    const { cards } = await loyalty.cards.list();
    expect(new Set(cards.map(({ cardNumber }) => cardNumber)).size).toBe(7);
    const views = await Promise.all(cards.map(({ cardId }) => loyalty.cards.get({ cardId })));
    expect(new Set(views.map(({ qrToken }) => qrToken)).size).toBe(7);
    for (const { qrToken, cardNumber, cardId } of views) {
      expect(await loyalty.cards.get({ qrToken })).toMatchObject({ cardId });
      expect(await loyalty.cards.get({ cardNumber })).toMatchObject({ cardId });
    }
  },

  'a token that rotates to one that is taken is drawn again': async ({ open, expect }) => {
    const { loyalty } = await open({}, { ids: repeatingIds(2) });
    unwrap(await loyalty.cards.enroll(member));
    // Draws the first card's token and then one of its own, which the rotation draws next.
    unwrap(await loyalty.cards.enroll(secondMember));
    const before = await loyalty.cards.get(member);
    const other = await loyalty.cards.get(secondMember);
    unwrap(await loyalty.cards.rotateQr({ ...member, reason: 'lost' }));
    const { qrToken } = await loyalty.cards.get(member);
    expect([before.qrToken, other.qrToken]).not.toContain(qrToken);
    expect(await loyalty.cards.get({ qrToken: other.qrToken })).toMatchObject({ cardId: other.cardId });
    expect(await loyalty.cards.get({ qrToken })).toMatchObject({ cardId: before.cardId });
  },

  'voucher codes that come again are drawn again, in one batch and one after another': async ({
    open,
    expect,
  }) => {
    const shop = await companyWith()((wanted) => open(wanted, { ids: repeatingIds(2) }));
    const { loyalty } = shop;
    await giveStamps(loyalty, 9);
    const codes = (await Promise.all([loyalty.redeemStamps(member), loyalty.redeemStamps(member)])).map(
      (outcome) => unwrap(outcome).voucherCode,
    );
    codes.push(unwrap(await loyalty.redeemStamps(member)).voucherCode);
    expect(new Set(codes).size).toBe(3);
    for (const code of codes) expect(await loyalty.rewards.use({ code })).toMatchObject({ ok: true });
    expect((await loyalty.cards.get(member)).stamps?.count).toBe(0);
  },

  'where every draw is taken only that command fails, and leaves no trace': async ({ open, expect }) => {
    const { loyalty } = await open({}, { ids: repeatingIds(1_000) });
    unwrap(await loyalty.cards.enroll(member));
    const [failed, earned] = await Promise.allSettled([
      loyalty.cards.enroll(card('other')),
      loyalty.earn({ ...member, order: { id: 'A', total: '100' } }),
    ]);
    expect(failed).toMatchObject({ status: 'rejected', reason: { code: 'NAME_TAKEN' } });
    expect(earned).toMatchObject({ status: 'fulfilled', value: { ok: true, points: 10 } });
    expect((await loyalty.cards.list()).cards).toHaveLength(1);
    await expect(loyalty.cards.get(card('other'))).rejects.toMatchObject({ code: 'CARD_NOT_FOUND' });
  },
};
