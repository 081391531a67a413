import { memoryStore } from '@loyalty-engine/testing';
import { describe, expect, test } from 'vitest';
import { unwrap } from '../commands/outcome.ts';
import { member, milesProgram, openShop } from '../fixtures.test-data.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import type { TallySum } from '../ports/tally.ts';

type Lies = (truth: LoyaltyStore) => Partial<LoyaltyStore>;

/** Two cards of one program, one of another, and a mug that was redeemed three times, of which one was voided. */
async function shopWith(lies: Lies = () => ({})) {
  const memory = memoryStore();
  const { loyalty } = await openShop({ ...memory, ...lies(memory) });
  await loyalty.programs.publish(milesProgram({}, { id: 'other' }));
  const mug = { programId: member.programId, id: 'mug', name: 'A mug', price: { points: 10 } } as const;
  await loyalty.rewards.publish({ ...mug, gives: { kind: 'item' }, stock: 5 });
  for (const card of [member, { ...member, customerId: 'anil' }, { ...member, programId: 'other' }])
    await loyalty.earn({ ...card, order: { id: 'A', total: '500' } });
  const redeem = async (customerId: string) =>
    unwrap(await loyalty.rewards.redeem({ ...member, customerId, rewardId: 'mug' })).voucherCode;
  await redeem(member.customerId);
  await redeem('anil');
  unwrap(await loyalty.rewards.void({ code: await redeem('anil'), reason: 'returned' }));
  return loyalty;
}

const tallied =
  (change: (sum: TallySum) => Partial<TallySum>): Lies =>
  (truth) => ({
    tallies: async (query) => {
      const sums = await truth.tallies(query);
      return query.programIds[0] === 'other' ? sums : sums.map((sum) => ({ ...sum, ...change(sum) }));
    },
  });
const rewards =
  (change: (row: object) => object | null): Lies =>
  (truth) => ({
    recordsIn: async <Row>(...asked: Parameters<typeof truth.recordsIn<Row>>) =>
      (await truth.recordsIn(...asked)).flatMap((row) => (change(row as object) ?? []) as Row[]),
  });

describe('verify of a whole store', () => {
  test('finds nothing where tallies and rewards say what the cards say', async () => {
    expect(await (await shopWith()).verify()).toMatchObject({ ok: true, cards: 3, problems: [] });
  });

  test.each<[string, Lies, string]>([
    [
      'points that were tallied otherwise',
      tallied(({ kind, points }) => (kind === 'earn' ? { points: points + 1 } : {})),
      'earned by its tallies is 101, its cards say 100',
    ],
    [
      'points that were tallied as another kind',
      tallied(({ kind }) => (kind === 'reward' ? { kind: 'expire' } : {})),
      'redeemed by its tallies is 0, its cards say 30',
    ],
    [
      'entries that were not tallied',
      tallied(({ kind }) => (kind === 'void-reward' ? { entries: 0 } : {})),
      'entries by its tallies is 5, its cards say 6',
    ],
    [
      'stamps that were tallied and are on no card',
      tallied(({ kind }) => (kind === 'earn' ? { stamps: 2 } : {})),
      'stamps by its tallies is 2, its cards say 0',
    ],
    [
      'a reward that counts one too many',
      rewards((row) => [{ ...row, redeemed: 3 }]),
      'reward mug: redeemed is 3, the vouchers say 2',
    ],
    ['a reward that is gone', rewards(() => null), 'reward mug: has vouchers, but is not there'],
  ])('finds %s, and of which program', async (_what, lies, problem) => {
    const { ok, problems } = await (await shopWith(lies)).verify();
    expect(ok).toBe(false);
    expect(problems).toContainEqual({ cardId: null, problem: `program miles: ${problem}` });
    expect(problems.filter((found) => found.problem.includes('other'))).toEqual([]);
  });

  test('says nothing of sums that no number holds', async () => {
    const lies = tallied(({ kind }) => (kind === 'earn' ? { points: 2 ** 60 } : {}));
    expect(await (await shopWith(lies)).verify()).toMatchObject({ ok: true });
  });

  test('says nothing of a program that is written to meanwhile', async () => {
    let shop: Awaited<ReturnType<typeof shopWith>> | undefined;
    let orders = 0;
    const busy: Lies = (truth) => ({
      cards: async (...asked) => {
        const cards = await truth.cards(...asked);
        // After the cards were listed, and read again for every one.
        orders += 1;
        const order = { id: `o${orders}`, total: '500' };
        await shop?.earn({ ...member, customerId: `new${orders}`, order });
        return cards;
      },
    });
    shop = await shopWith(busy);
    expect(await shop.verify()).toMatchObject({ ok: true, problems: [] });
    expect(orders).toBe(1);
  });
});
