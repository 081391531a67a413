import { randomUUID } from 'node:crypto';
import { unwrap } from '@loyalty-engine/core';
import { afterAll, beforeAll, describe, expect, inject, it } from 'vitest';
import type { ShopDatabase } from '../database/shop-database.ts';
import type { Order } from '../orders/order.ts';
import { insertOrders, orderWithId } from '../orders/order-rows.ts';
import { holdOf } from './cancel-order.ts';
import { commitOrder } from './commit-order.ts';
import { openTestShop, type TestShop } from './open-test-shop.test-data.ts';

describe.each(['sqlite', 'postgres'] as const)('sales at the same moment on %s', (dialect) => {
  let shop: TestShop;
  let transactions = 0;
  let database: ShopDatabase;
  beforeAll(async () => {
    shop = await openTestShop(dialect, inject('postgresUrl'));
    database = {
      ...shop.database,
      transaction: (work) => {
        transactions += 1;
        return shop.database.transaction(work);
      },
    };
  });
  afterAll(() => shop.close());

  /** An order whose points are held: all that comes before the sale. */
  async function heldOrder(productId: string, points: number) {
    const { id: customerId } = await shop.customer(100);
    const order: Order = {
      id: randomUUID(),
      customerId,
      fingerprint: 'test',
      items: [
        { productId, sku: productId, name: 'Lamp', category: 'Home', quantity: 1, unitPriceMinor: 10_000 },
      ],
      totalMinor: 10_000,
      points,
      pointsValueMinor: points * 100,
      amountDueMinor: 10_000 - points * 100,
      pointsEarned: null,
      holdId: null,
      paymentId: null,
      paymentStatus: 'pending',
      refundedMinor: 0,
      step: 'placing',
      failure: null,
      createdAt: Date.now(),
      updatedAt: Date.now(),
    };
    await insertOrders(database, [{ order, idempotencyKey: order.id }]);
    const { holdId } = unwrap(await database.loyalty.checkout.start(holdOf(order)));
    return { order, holdId };
  }

  const commitAll = (held: Awaited<ReturnType<typeof heldOrder>>[]) =>
    Promise.all(
      held.map(({ order, holdId }) =>
        commitOrder({ database }, order, { holdId }, null).then((commit) =>
          typeof commit === 'object' && 'refused' in commit ? commit.refused.code : commit,
        ),
      ),
    );

  it('share a transaction, and each is written as if it were alone', async () => {
    const held = await Promise.all([0, 10, 20, 30, 40].map((points) => heldOrder('CS-000002', points)));
    const [stock, before] = [await shop.stock('CS-000002'), transactions];
    const commits = await commitAll(held);
    expect(transactions - before).toBe(2);
    const rows = await Promise.all(held.map(({ order }) => orderWithId(database, order.id)));
    expect(commits).toMatchObject(rows.map(({ updatedAt: _, ...committed }) => ({ committed })));
    expect(rows.map(({ pointsEarned }) => pointsEarned)).toEqual([10, 9, 8, 7, 6]);
    expect(rows.map(({ holdId, step }) => [holdId, step])).toEqual(
      held.map(({ holdId }) => [holdId, 'done']),
    );
    expect(await shop.stock('CS-000002')).toBe(stock - 5);
    expect(await shop.entries(rows[4]?.customerId ?? '')).toEqual([
      ['award', 100],
      ['redeem', -40],
      ['earn', 6],
    ]);
  });

  it('one that finds the stock empty, was given up or has lost its points leaves the others as they are', async () => {
    const few = await Promise.all([1, 2, 3, 4, 5].map(() => heldOrder('CS-000003', 10)));
    const [givenUp, released, fine] = await Promise.all([1, 2, 3].map(() => heldOrder('CS-000002', 10)));
    if (!givenUp || !released || !fine) throw new Error('Three were made');
    await database.run(
      "UPDATE orders SET step = 'cancelling', payment_status = 'failed', failure = '{}' WHERE id = ?",
      [givenUp.order.id],
    );
    const { programId, customerId } = holdOf(released.order);
    unwrap(await database.loyalty.checkout.cancel({ programId, customerId, holdId: released.holdId }));

    const commits = await commitAll([...few, givenUp, released, fine]);
    expect(commits.slice(0, 5).filter((commit) => commit === 'OUT_OF_STOCK')).toHaveLength(2);
    expect(commits.slice(5)).toMatchObject([
      'settled-elsewhere',
      'HOLD_ALREADY_RELEASED',
      { committed: { id: fine.order.id } },
    ]);
    expect(await shop.stock('CS-000003')).toBe(0);
    // What the two transactions of a sale that failed had begun is not there.
    expect(await shop.entries(givenUp.order.customerId)).toEqual([['award', 100]]);
    expect((await orderWithId(database, released.order.id)).step).toBe('placing');
    expect((await database.loyalty.verify()).problems).toEqual([]);
  });
});
