import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { day, milesProgram, noon, openShop } from '../fixtures.test-data.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';

/** Cards with 50 points each, due after 10 days; on a store of which tests can break one card. */
async function shopOf(customers: number) {
  const memory = memoryStore();
  const broken = new Set<string>();
  const asked: number[] = [];
  const store: LoyaltyStore = {
    ...memory,
    settle: async (work) => {
      for (const { touches } of work) {
        if (broken.has(touches[0]?.card.cardId ?? '')) throw new Error('row is damaged');
      }
      return memory.settle(work);
    },
    dueCards: async (now, limit, after) => {
      asked.push(limit);
      return memory.dueCards(now, limit, after);
    },
  };
  const shop = await openShop(store, milesProgram({ expiry: { kind: 'after-earning', days: 10 } }));
  const cardIds: string[] = [];
  for (let index = 0; index < customers; index += 1) {
    shop.clock.at = noon + index;
    const member = { programId: 'miles', customerId: `c${index}` };
    const earned = await shop.loyalty.earn({ ...member, order: { id: 'A', total: '500' } });
    if (earned.ok) cardIds.push(earned.cardId);
  }
  shop.clock.at = noon + 20 * day;
  return { ...shop, broken, asked, cardIds };
}

describe('the expiry job', () => {
  test('expires every due card, page by page, and then has nothing to do', async () => {
    const { loyalty, asked } = await shopOf(120);
    expect(await loyalty.jobs.expirePoints()).toEqual({
      processed: 120,
      expired: 6000,
      failed: 0,
      failures: [],
      nextCursor: null,
    });
    expect(Math.max(...asked)).toBeLessThanOrEqual(100);
    expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 0, expired: 0 });
    expect((await loyalty.verify()).problems).toEqual([]);
  });

  test('reports a card that fails, and expires all others', async () => {
    const { loyalty, broken, cardIds } = await shopOf(5);
    broken.add(cardIds[2] as string);
    expect(await loyalty.jobs.expirePoints()).toEqual({
      processed: 5,
      expired: 200,
      failed: 1,
      failures: [{ cardId: cardIds[2], message: 'row is damaged' }],
      nextCursor: null,
    });
    broken.clear();
    expect(await loyalty.jobs.expirePoints()).toMatchObject({ processed: 1, expired: 50 });
  });

  test('stops after limit cards and goes on from its cursor', async () => {
    const { loyalty } = await shopOf(5);
    const first = await loyalty.jobs.expirePoints({ limit: 2 });
    expect(first).toMatchObject({ processed: 2, expired: 100, nextCursor: expect.any(String) });
    const second = await loyalty.jobs.expirePoints({ limit: 2, cursor: first.nextCursor as string });
    const third = await loyalty.jobs.expirePoints({ limit: 2, cursor: second.nextCursor as string });
    expect(third).toMatchObject({ processed: 1, expired: 50, nextCursor: null });
  });

  test('has no cursor where its limit was just enough', async () => {
    const { loyalty } = await shopOf(2);
    expect(await loyalty.jobs.expirePoints({ limit: 2 })).toMatchObject({ processed: 2, nextCursor: null });
  });

  test('goes past a card that fails when it goes on from its cursor', async () => {
    const { loyalty, broken, cardIds } = await shopOf(3);
    broken.add(cardIds[0] as string);
    const first = await loyalty.jobs.expirePoints({ limit: 1 });
    expect(first).toMatchObject({ processed: 1, failed: 1 });
    expect(await loyalty.jobs.expirePoints({ cursor: first.nextCursor as string })).toMatchObject({
      processed: 2,
      failed: 0,
    });
  });

  test('stops when it is told to', async () => {
    const { loyalty } = await shopOf(2);
    expect(await loyalty.jobs.expirePoints({ signal: AbortSignal.abort() })).toMatchObject({ processed: 0 });
  });

  test('twice at once expires nothing twice', async () => {
    const { loyalty } = await shopOf(20);
    const runs = await Promise.all([loyalty.jobs.expirePoints(), loyalty.jobs.expirePoints()]);
    expect(runs.reduce((sum, { expired }) => sum + expired, 0)).toBe(1000);
    expect((await loyalty.verify()).problems).toEqual([]);
  });

  test.each(['x', '[]', '["soon","card"]', '[1]'])('refuses %j as a cursor', async (cursor) => {
    const { loyalty } = await shopOf(0);
    await expect(loyalty.jobs.expirePoints({ cursor })).rejects.toMatchObject({ field: 'cursor' });
  });
});
