import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import type { Entry } from '../card/entry.ts';
import { member, openShop } from '../fixtures.test-data.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';

/** A card that earned and spent, on a store that a test can make lie. */
async function shopWith(lies: (truth: LoyaltyStore) => Partial<LoyaltyStore> = () => ({})) {
  const memory = memoryStore();
  const { loyalty } = await openShop({ ...memory, ...lies(memory) });
  await loyalty.earn({ ...member, order: { id: 'ORDER123', total: '500' } });
  await loyalty.redeem({ ...member, points: 20 });
  await loyalty.hold({ ...member, points: 10 });
  return loyalty;
}
const problems = async (lies: (truth: LoyaltyStore) => Partial<LoyaltyStore>) => {
  const found = await (await shopWith(lies)).verify();
  expect(found.ok).toBe(found.problems.length === 0);
  return found.problems.map(({ problem }) => problem);
};
const withEntry = (seq: number, change: Partial<Entry>) => (truth: LoyaltyStore) => ({
  entries: async (...asked: Parameters<LoyaltyStore['entries']>) => {
    const entries = await truth.entries(...asked);
    return entries.map((entry) => (entry.seq === seq ? { ...entry, ...change } : entry));
  },
});

describe('verify', () => {
  test('finds nothing where every figure follows from the entries', async () => {
    const loyalty = await shopWith();
    expect(await loyalty.verify(member)).toEqual({ ok: true, cards: 1, entries: 2, problems: [] });
    expect(await loyalty.verify()).toMatchObject({ ok: true, cards: 1 });
    expect(await loyalty.verify({ programId: 'miles', customerId: 'new' })).toMatchObject({
      ok: true,
      cards: 0,
    });
  });

  test('finds a lost entry', async () => {
    const lost = (truth: LoyaltyStore) => ({
      entries: async (...asked: Parameters<LoyaltyStore['entries']>) =>
        (await truth.entries(...asked)).filter(({ seq }) => seq !== 1),
    });
    expect(await problems(lost)).toContain('entry 2: follows 0');
    expect(await problems(() => ({ entries: async () => [] }))).toContain(
      'card: has 2 entries, but none after 0',
    );
  });

  test.each<[string, Partial<Entry>, RegExp]>([
    ['changed points', { points: -21 }, /entry 2: balance 50 \+ -21 is not 30/],
    ['a changed allocation', { lots: [[1, -19]] }, /entry 2: moves -19 points, but says -20/],
    ['a changed balance', { balanceAfter: 31 }, /card: balance is 30, the entries say 31/],
    ['a changed kind', { kind: 'adjust' }, /card: lifetime redeemed is 20, the entries say 0/],
    ['an allocation to a lot that never was', { lots: [[9, -20]] }, /entry 2: .*lot 9/],
  ])('finds %s', async (_lie, change, problem) => {
    expect((await problems(withEntry(2, change))).join('\n')).toMatch(problem);
  });

  test('finds a lot that was changed, one that is gone and a hold that is gone', async () => {
    type Everything = Awaited<ReturnType<LoyaltyStore['everything']>>;
    const everything = (change: (all: Everything) => Everything) => (truth: LoyaltyStore) => ({
      everything: async (cardId: string) => change(await truth.everything(cardId)),
    });
    const richer = everything(({ lots, ...rest }) => ({
      ...rest,
      lots: lots.map((lot) => ({ ...lot, remaining: 40 })),
    }));
    expect(await problems(richer)).toEqual(
      expect.arrayContaining([
        'card: balance is 30, should be 40',
        'lot 1: remaining is 40, the entries say 30',
      ]),
    );
    expect(await problems(everything((all) => ({ ...all, lots: [] })))).toContain(
      'card: lots is 0, the entries say 1',
    );
    expect(await problems(everything((all) => ({ ...all, holds: [] })))).toContain(
      'lot 1: held 10, holds say 0',
    );
  });
});
