import { type Loyalty, type Statistics, unwrap } from '@loyalty-engine/core';
import { actor, bandra, companyWith, giveStamps, merchantId, newYork, rival } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { publishMug } from './reward-facts.ts';
import { member, type Shop, secondMember } from './shop.ts';

const { programId } = member;

/** Over all time flows and what there is now must agree. */
function balanced({ points, stamps }: Statistics): boolean {
  const { issued, redeemed, expired, adjusted, reversed, outstanding, debt } = points;
  const isPoints = issued - redeemed - expired + adjusted + reversed === outstanding - debt;
  return isPoints && stamps.issued - stamps.voided - stamps.redeemed - stamps.expired === stamps.outstanding;
}

/** Three days of a small company; each figure below was added up by hand from these lines. */
async function livedThrough({ loyalty, clock }: Shop): Promise<void> {
  const at = (locationId: string, card: object = member) => ({ ...(card as typeof member), locationId });
  await publishMug(loyalty, { price: { points: 40 } });
  unwrap(await loyalty.cards.enroll(at(bandra)));
  unwrap(await loyalty.cards.enroll(at(newYork, secondMember)));
  unwrap(await loyalty.earn({ ...at(bandra), order: { id: 'A', total: '1000' } }));
  await giveStamps(loyalty, 4, at(bandra));
  // 18:29:59.999 UTC is the last millisecond of the day in Kolkata.
  clock.set('2026-01-15T18:29:59.999Z');
  unwrap(await loyalty.redeem({ ...at(bandra), points: 30 }));
  clock.set('2026-01-15T18:30:00.000Z');
  unwrap(await loyalty.redeem({ ...at(newYork), points: 20 }));
  const { voucherCode } = unwrap(await loyalty.redeemStamps(at(newYork)));
  unwrap(await loyalty.rewards.use({ code: voucherCode, locationId: newYork }));
  const mug = unwrap(await loyalty.rewards.redeem({ ...at(newYork), rewardId: 'mug' }));
  unwrap(await loyalty.rewards.void({ code: mug.voucherCode, reason: 'returned' }));
  clock.set('2026-01-17T10:00:00.000Z');
  const extra = await giveStamps(loyalty, 2, secondMember);
  unwrap(await loyalty.voidStamp({ ...secondMember, entry: extra, reason: 'mistake' }));
  const award = { points: 25, source: { type: 'test', id: '1' }, reason: 'Test' };
  unwrap(await loyalty.award({ ...secondMember, ...award, expiresAt: '2026-01-18T00:00:00Z' }));
  unwrap(await loyalty.adjust({ ...secondMember, points: -35, allowDebt: true, reasonCode: 'fee', actor }));
  unwrap(await loyalty.refund({ ...member, orderId: 'A', amount: '100', reason: 'returned' }));
}

/** Figures of programs and merchants. */
export const statisticsFacts: Facts = {
  ...factsIn(companyWith({ welcomeBonus: 5 }), {
    'the figures of a small history are those that are added up by hand': async (shop, expect) => {
      const { loyalty } = shop;
      await livedThrough(shop);
      const figures = await loyalty.statistics({ programId });
      expect(figures).toEqual({
        cards: { total: 2, active: 2, activeWithin: { days: 30, cards: 2 } },
        points: {
          issued: 5 + 5 + 100 + 25,
          redeemed: 30 + 20 + 40,
          expired: 0,
          adjusted: -35,
          reversed: 40 - 10,
          outstanding: 105 - 50 - 10,
          debt: 5,
        },
        stamps: { issued: 6, voided: 2, redeemed: 3, expired: 0, outstanding: 1 },
        rewards: { redeemed: 2, voided: 1, used: 1 },
      });
      expect(balanced(figures)).toBe(true);
    },

    "days begin at midnight of the program's zone": async (shop, expect) => {
      const { loyalty } = shop;
      await livedThrough(shop);
      const { days = [] } = await loyalty.statistics({ programId, by: 'day' });
      expect(days.map(({ day }) => day)).toEqual(['2026-01-15', '2026-01-16', '2026-01-17']);
      expect(days.map(({ points }) => points.redeemed)).toEqual([30, 60, 0]);
      expect(days.map(({ points }) => points.issued)).toEqual([110, 0, 25]);
      expect(days.map(({ stamps }) => stamps.issued)).toEqual([4, 0, 2]);
      expect(days.map(({ rewards }) => rewards.redeemed)).toEqual([0, 2, 0]);
      const of = async (from: string, to: string) =>
        (await loyalty.statistics({ programId, from, to })).points.redeemed;
      expect(await of('2026-01-15', '2026-01-15')).toBe(30);
      expect(await of('2026-01-16', '2026-01-17')).toBe(60);
      expect(await of('2026-01-15', '2026-01-16')).toBe(90);
      await expect(of('2026-01-16', '2026-01-15')).rejects.toMatchObject({ field: 'to' });
    },

    'locations are told apart, and what is at none comes first': async (shop, expect) => {
      const { loyalty } = shop;
      await livedThrough(shop);
      const { locations = [] } = await loyalty.statistics({ programId, by: 'location' });
      expect(locations.map(({ locationId }) => locationId)).toEqual([null, bandra, newYork]);
      expect(locations.map(({ points }) => points.issued)).toEqual([25, 105, 5]);
      expect(locations.map(({ points }) => points.redeemed)).toEqual([0, 30, 60]);
      expect(locations.map(({ stamps }) => stamps.redeemed)).toEqual([0, 0, 3]);
      expect(locations.map(({ rewards }) => rewards.used)).toEqual([0, 0, 1]);
    },

    'points that have ended are outstanding no more, written off or not': async (shop, expect) => {
      const { loyalty, clock } = shop;
      await livedThrough(shop);
      unwrap(await loyalty.adjust({ ...secondMember, points: 12, reasonCode: 'goodwill', actor }));
      const award = { points: 25, source: { type: 'test', id: '2' }, reason: 'Test' };
      unwrap(await loyalty.award({ ...secondMember, ...award, expiresAt: '2026-01-18T00:00:00Z' }));
      const before = (await loyalty.statistics({ programId })).points;
      clock.set('2026-01-18T00:00:00.000Z');
      const ended = (await loyalty.statistics({ programId })).points;
      expect(ended).toMatchObject({ outstanding: before.outstanding - 25, expired: 0 });
      await loyalty.jobs.expirePoints();
      const written = await loyalty.statistics({ programId });
      expect(written.points).toEqual({ ...ended, expired: 25 });
      expect(balanced(written)).toBe(true);
    },

    'cards are counted by status and by when they were used': async (shop, expect) => {
      const { loyalty, clock } = shop;
      await livedThrough(shop);
      clock.set('2026-01-22T10:00:00.000Z');
      unwrap(await loyalty.cards.deactivate({ ...secondMember, actor, reason: 'lost' }));
      const cards = async (activeDays: number) => (await loyalty.statistics({ programId, activeDays })).cards;
      expect(await cards(10)).toEqual({ total: 2, active: 1, activeWithin: { days: 10, cards: 2 } });
      expect(await cards(5)).toMatchObject({ activeWithin: { days: 5, cards: 1 } });
      expect(await cards(4)).toMatchObject({ activeWithin: { days: 4, cards: 0 } });
    },

    "a merchant's figures are those of its programs together, and no other's": async (shop, expect) => {
      const { loyalty, publish } = shop;
      await livedThrough(shop);
      await publish({ id: 'second' });
      unwrap(await loyalty.earn({ programId: 'second', customerId: 'x', order: { id: 'A', total: '70' } }));
      const theirs = { programId: rival.programId, customerId: 'sachin' };
      unwrap(await loyalty.earn({ ...theirs, order: { id: 'A', total: '9990' } }));
      const own = await loyalty.statistics({ merchantId });
      const one = await loyalty.statistics({ programId });
      expect(own.points.issued).toBe(one.points.issued + 7);
      expect(own.cards.total).toBe(3);
      expect(await loyalty.statistics({ programId, merchantId })).toEqual(one);
      expect((await loyalty.statistics({ merchantId: rival.merchantId })).points.issued).toBe(999);
      const none = await loyalty.statistics({ merchantId: 'nobody', by: 'day' });
      expect(none).toMatchObject({ cards: { total: 0 }, points: { outstanding: 0 }, days: [] });
      await expect(loyalty.statistics({ programId: 'nothing' })).rejects.toMatchObject({
        code: 'PROGRAM_NOT_FOUND',
      });
    },

    'a refused or replayed command counts nothing': async ({ loyalty }, expect) => {
      const earn = (): ReturnType<Loyalty['earn']> =>
        loyalty.earn({ ...member, order: { id: 'A', total: '100' } });
      await Promise.all([earn(), earn(), loyalty.redeem({ ...member, points: 500 })]);
      await earn();
      const { points } = await loyalty.statistics({ programId });
      expect(points).toMatchObject({ issued: 15, redeemed: 0, outstanding: 15 });
    },

    'a merge of two cards adds nothing': async ({ loyalty }, expect) => {
      unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '100' } }));
      await giveStamps(loyalty, 2, secondMember);
      const before = await loyalty.statistics({ programId });
      unwrap(await loyalty.cards.merge({ from: secondMember, into: member, reason: 'two cards', actor }));
      const after = await loyalty.statistics({ programId });
      expect(after).toEqual({ ...before, cards: { ...before.cards, active: 1 } });
    },
  }),
};
