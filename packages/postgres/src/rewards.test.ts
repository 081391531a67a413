import { createLoyalty, type Loyalty, type Touch, unwrap } from '@loyalty-engine/core';
import { describe, expect, it } from 'vitest';
import { hostKnex, openShop } from '../test/open-shop.ts';
import { program } from '../test/program.ts';
import { openPostgresStore } from './open-postgres-store.ts';

const programId = program.id;
const cards = 60;
const memberOf = (card: number) => ({ programId, customerId: `c${card}` });

/** Rewards, members with points for all of them, and engines of two stores that try nothing again. */
async function shopWithRewards(rewardIds: readonly string[], stock: number) {
  const { store, loyalty, schema } = await openShop();
  for (const id of rewardIds)
    await loyalty.rewards.publish({
      ...{ programId, id, name: id, stock },
      ...{ price: { points: 10 }, gives: { kind: 'item' } },
    });
  await Promise.all(
    Array.from({ length: cards }, (_, card) =>
      loyalty.earn({ ...memberOf(card), order: { id: 'o1', total: '100' } }),
    ),
  );
  const engines = [0, 1].map(() => {
    const own = openPostgresStore({ knex: hostKnex(), schema, retryForMs: 0 });
    return createLoyalty({ store: own, maxBatch: 7 });
  }) as [Loyalty, Loyalty];
  const redeemed = async (id: string) => (await loyalty.rewards.get(programId, id))?.redeemed ?? 0;
  return { store, loyalty, engines, redeemed };
}

describe('the rewards of a program', () => {
  it('are locked in one order: many who redeem several at once, and give back, never wait in a circle', async () => {
    const rewardIds = Array.from({ length: 8 }, (_, index) => `r${index}`);
    const { loyalty, engines, redeemed } = await shopWithRewards(rewardIds, 1_000);
    const givenBack = await Promise.all(
      Array.from({ length: cards }, async (_, card) => {
        const { rewards } = engines[card % 2] as Loyalty;
        const taken = await Promise.all(
          shuffled(rewardIds).map((rewardId) => rewards.redeem({ ...memberOf(card), rewardId })),
        );
        const code = unwrap(taken[0] as (typeof taken)[number]).voucherCode;
        return unwrap(await rewards.void({ code, reason: 'returned', actor: 'clerk' })).rewardId;
      }),
    );
    for (const id of rewardIds)
      expect(await redeemed(id)).toBe(cards - givenBack.filter((other) => other === id).length);
    expect((await loyalty.verify()).problems).toEqual([]);
  });

  it('are redeemed as often as there are, by two stores at once', async () => {
    const { engines, redeemed } = await shopWithRewards(['mug'], 7);
    const taken = await Promise.all(
      Array.from({ length: cards }, (_, card) =>
        (engines[card % 2] as Loyalty).rewards.redeem({ ...memberOf(card), rewardId: 'mug' }),
      ),
    );
    expect(taken.filter(({ ok }) => ok)).toHaveLength(7);
    expect(new Set(taken.flatMap((outcome) => (outcome.ok ? [] : [outcome.code])))).toEqual(
      new Set(['OUT_OF_STOCK']),
    );
    expect(await redeemed('mug')).toBe(7);
  });

  it('are one map for all cards of a batch, however they are named, and for new ones', async () => {
    const { store, loyalty } = await shopWithRewards(['mug', 'cup'], 7);
    const { cardId } = unwrap(await loyalty.earn({ ...memberOf(1), order: { id: 'o2', total: '1' } }));
    const { voucherCode: code } = unwrap(await loyalty.rewards.redeem({ ...memberOf(2), rewardId: 'cup' }));
    const seen: unknown[] = [];
    const workOn = (touch: Pick<Touch, 'card' | 'rewards' | 'vouchers'>) => ({
      touches: [
        { ...touch, newCard: () => ({ cardId: 'new', number: '', qrToken: '' }), keys: [], at: 0, now: 0 },
      ],
      keys: [],
      fingerprint: '',
      decide([state]: readonly { rewards: unknown; vouchers: ReadonlyMap<string, unknown> }[]) {
        seen.push(state?.rewards);
        throw new Error('only looks');
      },
    });
    await store.settle([
      workOn({ card: { cardId }, rewards: ['mug'] }),
      workOn({ card: { name: `voucher:${code}` }, vouchers: [code] }),
      workOn({ card: memberOf(1_000), rewards: ['none'] }),
    ]);
    const [first, ...others] = seen;
    expect([...(first as Map<string, unknown>).keys()].sort()).toEqual(['cup', 'mug']);
    expect(others).toHaveLength(2);
    for (const other of others) expect(other).toBe(first);
  });
});

function shuffled<Item>(items: readonly Item[]): Item[] {
  return items
    .map((item) => ({ item, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);
}
