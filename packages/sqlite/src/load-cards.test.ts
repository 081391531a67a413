import { createLoyalty, rewardsTable, unwrap } from '@loyalty-engine/core';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSqliteStore } from './open-sqlite-store.ts';
import { program, temporaryFile } from './temporary-file.test-data.ts';

const customers = ['sachin', 'rahul', 'sourav', 'anil'].map((customerId) => ({
  programId: 'miles',
  customerId,
}));

/** Two engines on one file, and a coffee for 30 points that there is `stock` of. */
async function shop(reward: { stock?: number; perCustomer?: number }) {
  const file = temporaryFile();
  const store = openSqliteStore({ file });
  const loyalty = createLoyalty({ store });
  const second = createLoyalty({ store: openSqliteStore({ file }) });
  onTestFinished(async () => {
    await loyalty.close();
    await second.close();
  });
  await loyalty.programs.publish(program);
  await loyalty.rewards.publish({
    programId: 'miles',
    id: 'coffee',
    name: 'Coffee',
    price: { points: 30 },
    gives: { kind: 'item' },
    ...reward,
  });
  await Promise.all(
    customers.map(async (card) => unwrap(await loyalty.earn({ ...card, order: { id: 'o1', total: '100' } }))),
  );
  const redeemed = async () => (await store.records(rewardsTable, [['miles', 'coffee']]))[0]?.redeemed;
  return { loyalty, second, redeemed };
}

describe('the rewards of cards that settle together', () => {
  it('are one stock: of four customers on two connections two get the last two', async () => {
    const { loyalty, second, redeemed } = await shop({ stock: 2 });
    const outcomes = await Promise.all(
      customers.map((card, index) =>
        (index % 2 === 0 ? loyalty : second).rewards.redeem({ ...card, rewardId: 'coffee' }),
      ),
    );
    const codes = outcomes.map((outcome) => (outcome.ok ? 'ok' : outcome.code)).sort();
    expect(codes).toEqual(['OUT_OF_STOCK', 'OUT_OF_STOCK', 'ok', 'ok']);
    expect(await redeemed()).toBe(2);
    expect((await loyalty.verify()).ok).toBe(true);
  });

  it('a voided one is in stock again, and counts no more for its customer', async () => {
    const { loyalty, second, redeemed } = await shop({ stock: 1, perCustomer: 1 });
    const [first, other] = customers.map((card) => ({ ...card, rewardId: 'coffee' }));
    if (!first || !other) throw new Error('Four customers are named');
    const { voucherCode: code } = unwrap(await loyalty.rewards.redeem(first));
    expect(await second.rewards.redeem(other)).toMatchObject({ code: 'OUT_OF_STOCK' });
    unwrap(await second.rewards.void({ code, reason: 'no milk' }));
    expect(await redeemed()).toBe(0);
    unwrap(await loyalty.rewards.redeem(first));
    expect(await redeemed()).toBe(1);
  });

  it('of what a customer can have once, many at a time are one', async () => {
    const { loyalty, redeemed } = await shop({ perCustomer: 1 });
    const [card] = customers;
    if (!card) throw new Error('Four customers are named');
    const redeem = () => loyalty.rewards.redeem({ ...card, rewardId: 'coffee' });
    const together = await Promise.all([redeem(), redeem(), redeem()]);
    expect(together.filter(({ ok }) => ok)).toHaveLength(1);
    expect(await redeem()).toMatchObject({ ok: false, code: 'REWARD_LIMIT_REACHED', limit: 1 });
    expect(await redeemed()).toBe(1);
  });
});
