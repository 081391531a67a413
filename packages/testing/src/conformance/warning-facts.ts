import { type ExpiryWarning, unwrap, type WarnOptions } from '@loyalty-engine/core';
import { actor } from './company.ts';
import { type Facts, factsIn } from './fact.ts';
import { givePoints } from './give-points.ts';
import { member, type Shop, secondMember } from './shop.ts';

/** Runs the job for points that end within ten days; answers with the warnings that were given. */
async function warnings(
  { loyalty }: Pick<Shop, 'loyalty'>,
  options: Partial<WarnOptions> = {},
): Promise<ExpiryWarning[]> {
  const given: ExpiryWarning[] = [];
  await loyalty.jobs.warnOfExpiry({ withinDays: 10, warn: (warning) => given.push(warning), ...options });
  return given;
}

/** Warnings of points that are about to expire. */
export const warningFacts: Facts = {
  ...factsIn((open) => open(), {
    'a customer is warned of points that end soon, once': async (shop, expect) => {
      const { loyalty, clock } = shop;
      await givePoints(loyalty, 'a', 10, '2026-02-01T00:00:00Z');
      await givePoints(loyalty, 'b', 20, '2026-02-03T00:00:00Z');
      await givePoints(loyalty, 'c', 40, '2026-03-01T00:00:00Z');
      await givePoints(loyalty, 'd', 80);
      clock.set('2026-01-21T23:59:59.999Z');
      expect(await warnings(shop)).toEqual([]);
      clock.set('2026-01-25T00:00:00.000Z');
      const { cardId } = await loyalty.cards.get(member);
      expect(await warnings(shop)).toEqual([
        {
          ...member,
          cardId,
          points: 30,
          expiresAt: '2026-02-01T00:00:00.000Z',
          lastExpiresAt: '2026-02-03T00:00:00.000Z',
        },
      ]);
      expect(await warnings(shop)).toEqual([]);
      clock.set('2026-02-20T00:00:00.000Z');
      expect(await warnings(shop)).toMatchObject([{ points: 40, expiresAt: '2026-03-01T00:00:00.000Z' }]);
    },

    'a deadline that comes up between two is warned of by itself': async (shop, expect) => {
      const { loyalty, clock } = shop;
      await givePoints(loyalty, 'a', 10, '2026-01-20T00:00:00Z');
      expect(await warnings(shop)).toMatchObject([{ points: 10 }]);
      await givePoints(loyalty, 'b', 20, '2026-01-22T00:00:00Z');
      clock.advance({ days: 1 });
      expect(await warnings(shop)).toMatchObject([{ points: 20, expiresAt: '2026-01-22T00:00:00.000Z' }]);
    },

    'points that come after a warning are warned of, though they end before what it was of': async (
      shop,
      expect,
    ) => {
      const { loyalty } = shop;
      await givePoints(loyalty, 'a', 10, '2026-01-24T00:00:00Z');
      expect(await warnings(shop)).toMatchObject([{ points: 10 }]);
      await givePoints(loyalty, 'b', 20, '2026-01-20T00:00:00Z');
      expect(await warnings(shop)).toMatchObject([
        { points: 20, expiresAt: '2026-01-20T00:00:00.000Z', lastExpiresAt: '2026-01-20T00:00:00.000Z' },
      ]);
      expect(await warnings(shop)).toEqual([]);
    },

    'a warning that fails is given by the next run': async (shop, expect) => {
      const { loyalty } = shop;
      await givePoints(loyalty, 'a', 10, '2026-01-20T00:00:00Z');
      const fails = () => {
        throw new Error('the mail server is down');
      };
      const run = await loyalty.jobs.warnOfExpiry({ withinDays: 10, warn: fails });
      expect(run).toMatchObject({ processed: 1, warned: 0, failed: 1 });
      expect(run.failures).toMatchObject([{ message: 'the mail server is down' }]);
      expect(await warnings(shop)).toMatchObject([{ points: 10 }]);
      expect(await warnings(shop)).toEqual([]);
    },

    'points that were spent, have ended or lie on an inactive card are warned of no more': async (
      shop,
      expect,
    ) => {
      const { loyalty, clock } = shop;
      await givePoints(loyalty, 'a', 10, '2026-01-20T00:00:00Z');
      await givePoints(loyalty, 'b', 5, '2026-01-21T00:00:00Z');
      unwrap(await loyalty.redeem({ ...member, points: 12 }));
      const other = { source: { type: 'test', id: '1' }, reason: 'Test', expiresAt: '2026-01-20T00:00:00Z' };
      unwrap(await loyalty.award({ ...secondMember, points: 9, ...other }));
      unwrap(await loyalty.cards.deactivate({ ...secondMember, actor, reason: 'lost' }));
      expect(await warnings(shop)).toMatchObject([{ customerId: 'sachin', points: 3 }]);
      clock.set('2026-01-21T00:00:00.000Z');
      expect(await warnings(shop)).toEqual([]);
    },

    'two runs at once warn of each deadline once': async (shop, expect) => {
      const { loyalty } = shop;
      const customers = Array.from({ length: 30 }, (_, index) => `customer ${index}`);
      const award = { points: 5, source: { type: 'test', id: '1' }, reason: 'Test' };
      for (const customerId of customers)
        unwrap(await loyalty.award({ ...member, customerId, ...award, expiresAt: '2026-01-20T00:00:00Z' }));
      const other = { loyalty: await shop.second() };
      const given = (await Promise.all([warnings(shop), warnings(other)])).flat();
      expect(given.map(({ customerId }) => customerId).sort()).toEqual([...customers].sort());
    },
  }),

  ...factsIn((open) => open({ expiry: { kind: 'inactivity', days: 30 } }), {
    'a deadline that an activity moved is warned of anew': async (shop, expect) => {
      const { loyalty, clock } = shop;
      unwrap(await loyalty.earn({ ...member, order: { id: 'A', total: '500' } }));
      clock.set('2026-02-10T10:00:00.000Z');
      expect(await warnings(shop)).toMatchObject([{ points: 50, expiresAt: '2026-02-14T10:00:00.000Z' }]);
      unwrap(await loyalty.redeem({ ...member, points: 10 }));
      expect(await warnings(shop)).toEqual([]);
      clock.set('2026-03-05T10:00:00.000Z');
      expect(await warnings(shop)).toMatchObject([{ points: 40, expiresAt: '2026-03-12T10:00:00.000Z' }]);
    },
  }),
};
