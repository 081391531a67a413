import { unwrap } from '@loyalty-engine/core';
import { actor, companyWith, giveStamps } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { givePoints } from './give-points.ts';
import { member } from './shop.ts';

const reason = 'lost';

/** What a card says of itself, and cards that are taken out of use. */
export const cardLifeFacts: Facts = factsIn(companyWith({ enrolment: 'explicit', welcomeBonus: 25 }), {
  'an inactive card earns and spends nothing until it is active again': async ({ loyalty }, expect) => {
    unwrap(await loyalty.cards.enroll(member));
    await giveStamps(loyalty, 3);
    const off = unwrap(await loyalty.cards.deactivate({ ...member, actor, reason }));
    expect(off).toMatchObject({ status: 'inactive', changed: true });
    expect(off.entries).toMatchObject([{ kind: 'deactivate', points: 0, actor, reason }]);
    expect(await loyalty.cards.deactivate({ ...member, actor, reason })).toMatchObject({
      changed: false,
      entries: [],
    });
    const order = { id: 'A', total: '100' };
    for (const refused of await Promise.all([
      loyalty.earn({ ...member, order }),
      loyalty.redeem({ ...member, points: 1 }),
      loyalty.hold({ ...member, points: 1 }),
      loyalty.stamp(member),
      loyalty.redeemStamps(member),
      loyalty.cards.rotateQr({ ...member, reason }),
    ]))
      expect(refused).toMatchObject({ ok: false, code: 'CARD_INACTIVE' });
    const by = { actor, reasonCode: 'goodwill' };
    expect(await loyalty.adjust({ ...member, points: 5, ...by })).toMatchObject({ ok: true });
    const on = unwrap(await loyalty.cards.reactivate({ ...member, actor, reason: 'found' }));
    expect(on).toMatchObject({ status: 'active', changed: true, entries: [{ kind: 'reactivate', actor }] });
    expect(await loyalty.earn({ ...member, order })).toMatchObject({ ok: true });
    await expect(
      loyalty.cards.deactivate({ ...member, reason } as Parameters<typeof loyalty.cards.deactivate>[0]),
    ).rejects.toMatchObject({ field: 'actor' });
  },

  'a card counts what happened on it and when': async ({ loyalty, clock }, expect) => {
    unwrap(await loyalty.cards.enroll(member));
    clock.set('2026-01-16T10:00:00.000Z');
    const entry = await giveStamps(loyalty, 5);
    clock.set('2026-01-17T10:00:00.000Z');
    unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '1000' } }));
    clock.set('2026-01-18T10:00:00.000Z');
    unwrap(await loyalty.redeem({ ...member, points: 15 }));
    unwrap(await loyalty.redeemStamps(member));
    clock.set('2026-01-19T10:00:00.000Z');
    unwrap(await loyalty.refund({ ...member, orderId: 'A', amount: '500', reason: 'returned' }));
    await givePoints(loyalty, 'ends', 7, '2026-01-20T00:00:00Z');
    clock.set('2026-01-21T10:00:00.000Z');
    await loyalty.jobs.expirePoints();
    expect(entry).toBe(2);
    expect(await loyalty.cards.get(member)).toMatchObject({
      lifetime: {
        pointsEarned: 132,
        pointsRedeemed: 15,
        pointsExpired: 7,
        pointsReversed: -50,
        pointsAdjusted: 0,
        stampsEarned: 5,
        rewardsRedeemed: 1,
      },
      lastStampAt: '2026-01-16T10:00:00.000Z',
      lastPointsAt: '2026-01-19T10:00:00.000Z',
      lastRedemptionAt: '2026-01-18T10:00:00.000Z',
      points: { available: 60 },
      stamps: { count: 2, target: 3, untilReward: 1, rewardsReady: 0 },
    });
  },
});
