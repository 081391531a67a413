import { randomUUID } from 'node:crypto';
import { expect, inject, it } from 'vitest';
import { openPlace } from '../checkout/open-test-database.test-data.ts';
import { openTestShop } from '../checkout/open-test-shop.test-data.ts';
import type { Order } from './order.ts';
import { insertOrders, type NewOrder } from './order-rows.ts';

function newOrder(customerId: string): NewOrder {
  const order: Order = {
    id: randomUUID(),
    customerId,
    fingerprint: 'test',
    items: [],
    totalMinor: 100,
    points: 0,
    pointsValueMinor: 0,
    amountDueMinor: 100,
    pointsEarned: null,
    holdId: null,
    paymentId: null,
    paymentStatus: 'pending',
    refundedMinor: 0,
    step: 'placing',
    failure: null,
    createdAt: 0,
    updatedAt: 0,
  };
  return { order, idempotencyKey: 'key' };
}

it('two processes that write the same keys the other way round: each key once, and none waits for ever', async () => {
  const shop = await openTestShop('postgres', inject('postgresUrl'));
  const other = await openPlace(shop.place);
  try {
    for (let round = 0; round < 60; round += 1) {
      const customers = Array.from({ length: 64 }, (_, number) => `${round}-${number}`);
      const [one, two] = await Promise.all([
        insertOrders(shop.database, customers.map(newOrder)),
        insertOrders(other, customers.toReversed().map(newOrder)),
      ]);
      expect(customers.map((_, index) => one[index] !== two.at(-1 - index))).toEqual(
        customers.map(() => true),
      );
    }
  } finally {
    await other.close();
    await shop.close();
  }
}, 60_000);
