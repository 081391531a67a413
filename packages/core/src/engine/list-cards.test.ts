import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { day, milesProgram, noon, openShop } from '../fixtures.test-data.ts';
import { type CardQuery, listCards } from './list-cards.ts';

/** Five customers in two programs of Cathay, one of another merchant; each earned a day after the one before. */
async function directory() {
  const store = memoryStore();
  const shop = await openShop(store);
  await shop.loyalty.programs.publish(milesProgram({}, { id: 'coffee' }));
  await shop.loyalty.programs.publish(milesProgram({}, { id: 'other', merchantId: 'rival' }));
  const programs = ['miles', 'miles', 'coffee', 'miles', 'coffee', 'other'];
  for (const [index, programId] of programs.entries()) {
    shop.clock.at = noon + index * day;
    const member = { programId, customerId: `c${index}` };
    await shop.loyalty.cards.enroll({ ...member, locationId: index % 2 === 0 ? 'mumbai' : 'pune' });
    await shop.loyalty.earn({ ...member, order: { id: 'A', total: '500' } });
  }
  const list = (query: CardQuery = {}) => listCards(store, query, shop.clock.at);
  return { ...shop, store, list };
}

const whose = ({ cards }: Awaited<ReturnType<typeof listCards>>) => cards.map(({ customerId }) => customerId);

describe('the list of cards', () => {
  test.each<[CardQuery, string[]]>([
    [{}, ['c0', 'c1', 'c2', 'c3', 'c4', 'c5']],
    [{ programId: 'miles' }, ['c0', 'c1', 'c3']],
    [{ merchantId: 'cathay' }, ['c0', 'c1', 'c2', 'c3', 'c4']],
    [{ merchantId: 'rival' }, ['c5']],
    [{ merchantId: 'nobody' }, []],
    [{ merchantId: 'cathay', programId: 'coffee' }, ['c2', 'c4']],
    [{ merchantId: 'cathay', enrolledLocationId: 'mumbai' }, ['c0', 'c2', 'c4']],
    [{ programId: 'miles', status: 'active' }, ['c0', 'c1', 'c3']],
    [{ programId: 'miles', status: 'inactive' }, []],
    [{ merchantId: 'cathay', activeSince: new Date(noon + 2 * day) }, ['c2', 'c3', 'c4']],
    [{ merchantId: 'cathay', idleSince: new Date(noon + 2 * day) }, ['c0', 'c1']],
  ])('%j', async (query, expected) => {
    const { list } = await directory();
    expect(whose(await list(query)).sort()).toEqual(expected);
  });

  test('shows what the rows say, and no QR token', async () => {
    const { list } = await directory();
    const [card] = (await list({ programId: 'miles' })).cards;
    expect(card).toEqual({
      cardId: expect.any(String),
      programId: 'miles',
      customerId: 'c0',
      cardNumber: expect.stringMatching(/^\d{4}-\d{4}-\d{4}$/),
      status: 'active',
      mergedInto: null,
      enrolledAt: new Date(noon).toISOString(),
      enrolledLocationId: 'mumbai',
      lifetime: {
        pointsEarned: 50,
        pointsRedeemed: 0,
        pointsExpired: 0,
        pointsReversed: 0,
        pointsAdjusted: 0,
        stampsEarned: 0,
        rewardsRedeemed: 0,
      },
      lastStampAt: null,
      lastPointsAt: new Date(noon).toISOString(),
      lastRedemptionAt: null,
      lastActivityAt: new Date(noon).toISOString(),
      balance: 50,
      debt: 0,
      stampCount: 0,
    });
  });

  test.each([1, 2, 3, 6])('comes in pages of %i, which are together all', async (limit) => {
    const { list } = await directory();
    const whole = await list();
    const pages = [await list({ limit })];
    while (pages.at(-1)?.nextCursor)
      pages.push(await list({ limit, cursor: pages.at(-1)?.nextCursor as string }));
    expect(pages.flatMap(({ cards }) => cards)).toEqual(whole.cards);
    expect(pages).toHaveLength(Math.ceil(6 / limit));
  });

  test.each<[string, object]>([
    ['limit', { limit: 201 }],
    ['cursor', { cursor: 'x' }],
    ['cursor', { cursor: '["a\\u0000b"]' }],
    ['cursor', { cursor: '["a","b"]' }],
    ['status', { status: 'merged' }],
    ['activeSince', { activeSince: 'yesterday' }],
    ['colour', { colour: 'red' }],
  ])('refuses a wrong %s: %j', async (field, query) => {
    const { list } = await directory();
    await expect(list(query as CardQuery)).rejects.toMatchObject({ code: 'INVALID_COMMAND', field });
  });

  test.each<[CardQuery]>([[{ programId: 'kilometres' }], [{ programId: 'other', merchantId: 'cathay' }]])(
    'refuses a program that there is not, or not for the merchant: %j',
    async (query) => {
      const { list } = await directory();
      await expect(list(query)).rejects.toMatchObject({ code: 'PROGRAM_NOT_FOUND' });
    },
  );
});
