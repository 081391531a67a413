import type { Knex } from 'knex';
import { Problem } from '../../../../examples/cathay-shop/src/server/problem.ts';
import { earnedBy } from './hand-written-checkout.ts';

/** An order at a counter, as a till tells of it. */
export interface HandWrittenSale {
  customerId: string;
  orderId: string;
  totalMinor: number;
  idempotencyKey: string;
}

/** An earn by hand, once an order and key: order, balance and log in one Knex transaction. */
export async function earnByHand(database: Knex, sale: HandWrittenSale): Promise<object> {
  const { customerId, orderId, totalMinor, idempotencyKey } = sale;
  const points = earnedBy(totalMinor);
  const now = new Date();
  return database.transaction(async (trx) => {
    const written = await trx('store_orders')
      .insert({
        id: orderId,
        customer_id: customerId,
        total_minor: totalMinor,
        points_earned: points,
        idempotency_key: idempotencyKey,
        created_at: now,
      })
      .onConflict()
      .ignore()
      .returning('id');
    if (written.length === 0) return earlier(trx, sale);
    const [customer] = await trx('customers')
      .where({ id: customerId })
      .increment('balance', points)
      .returning('balance');
    // The driver gives bigint columns as text.
    const balance = Number(customer.balance);
    await trx('points_log').insert({
      customer_id: customerId,
      order_id: orderId,
      kind: 'earn',
      points,
      balance_after: balance,
      created_at: now,
    });
    return { earned: points, balance };
  });
}

async function earlier(trx: Knex.Transaction, sale: HandWrittenSale): Promise<object> {
  const { customerId, orderId, totalMinor, idempotencyKey } = sale;
  const order = await trx('store_orders').where({ idempotency_key: idempotencyKey }).first();
  if (!order) throw new Problem(409, 'ORDER_ALREADY_EARNED', 'The order has earned already.');
  if (order.id !== orderId || order.customer_id !== customerId || Number(order.total_minor) !== totalMinor)
    throw new Problem(422, 'IDEMPOTENCY_KEY_REUSED', 'The key was used before with other content.');
  const entry = await trx('points_log').where({ customer_id: customerId, order_id: orderId }).first();
  return { earned: Number(entry.points), balance: Number(entry.balance_after) };
}
