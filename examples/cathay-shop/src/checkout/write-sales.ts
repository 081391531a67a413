import type { ShopDatabase, ShopTransaction } from '../database/shop-database.ts';
import { inTransaction } from '../orders/in-transaction.ts';
import type { Order, OrderItem } from '../orders/order.ts';
import { problemOfRefusal } from '../orders/problem-of-refusal.ts';
import type { Payment } from '../payments/payment-gateway.ts';
import { memberOf } from '../program.ts';
import type { Problem } from '../server/problem.ts';
import { takeStock } from './move-stock.ts';
import { SettledElsewhere } from './settled-elsewhere.ts';

/** An order whose points are held and whose money, where there is any, is reserved. */
export interface Sale {
  order: Order;
  holdId: string;
  payment: Payment | null;
}

/**
 * Writes sales in one transaction, with one statement a table for all. What the engine refuses is not written, and told; the
 * stock comes last, because its rows are those that many customers want.
 *
 * @throws SettledElsewhere, Problem OUT_OF_STOCK: then nothing is written of any of them.
 */
export function writeSales(
  database: ShopDatabase,
  sales: readonly Sale[],
): Promise<({ committed: Order } | { refused: Problem })[]> {
  return inTransaction(database, async (transaction) => {
    const outcomes = await Promise.all(sales.map((sale) => completeSale(transaction, sale)));
    const sold = outcomes.flatMap((outcome) => ('committed' in outcome ? [outcome.committed] : []));
    if (sold.length > 0) {
      await writeOrders(transaction, sold);
      await takeStock(transaction, itemsOf(sold));
    }
    return outcomes;
  });
}

async function completeSale(
  transaction: ShopTransaction,
  { order, holdId, payment }: Sale,
): Promise<{ committed: Order } | { refused: Problem }> {
  const completed = await transaction.loyalty.checkout.complete({ ...memberOf(order.customerId), holdId });
  if (!completed.ok) return { refused: problemOfRefusal(completed) };
  const committed: Order = {
    ...order,
    // Where nothing is due, nothing is left to take.
    step: payment ? 'committed' : 'done',
    paymentStatus: 'paid',
    pointsEarned: completed.earned,
    holdId,
    paymentId: payment?.paymentId ?? null,
    updatedAt: Date.now(),
  };
  return { committed };
}

async function writeOrders(transaction: ShopTransaction, orders: readonly Order[]): Promise<void> {
  const row = '(?, ?, CAST(? AS bigint), ?, ?, CAST(? AS bigint))';
  const written = await transaction.run(
    `UPDATE orders SET step = sale.column2, payment_status = 'paid', points_earned = sale.column3,
      hold_id = sale.column4, payment_id = sale.column5, updated_at = sale.column6
    FROM (VALUES ${orders.map(() => row).join(', ')}) AS sale
    WHERE orders.id = sale.column1 AND orders.step = 'placing'`,
    orders.flatMap(({ id, step, pointsEarned, holdId, paymentId, updatedAt }) => [
      ...[id, step, pointsEarned],
      ...[holdId, paymentId, updatedAt],
    ]),
  );
  if (written !== orders.length) throw new SettledElsewhere();
}

/** What all of them take, each product once. */
function itemsOf(orders: readonly Order[]): OrderItem[] {
  const items = new Map<string, OrderItem>();
  for (const item of orders.flatMap((order) => order.items)) {
    const quantity = item.quantity + (items.get(item.productId)?.quantity ?? 0);
    items.set(item.productId, { ...item, quantity });
  }
  return [...items.values()];
}
