import type { Queries } from '../database/shop-database.ts';
import type { OrderItem } from '../orders/order.ts';
import { Problem } from '../server/problem.ts';

/**
 * Takes an order's products out of the stock, in one statement.
 *
 * @throws Problem 409 OUT_OF_STOCK where one of them is not there as often: the transaction must be rolled back.
 */
export async function takeStock(transaction: Queries, items: readonly OrderItem[]): Promise<void> {
  const { quantity, ids, values } = statementFor(items);
  const taken = await transaction.run(
    `UPDATE products SET stock = stock - ${quantity} WHERE id IN (${ids}) AND stock >= ${quantity}`,
    [...values, ...items.map(({ productId }) => productId), ...values],
  );
  if (taken === items.length) return;
  throw new Problem(409, 'OUT_OF_STOCK', 'Somebody else has bought the last of a product of the cart.');
}

/** Puts an order's products back. */
export async function returnStock(transaction: Queries, items: readonly OrderItem[]): Promise<void> {
  const { quantity, ids, values } = statementFor(items);
  await transaction.run(`UPDATE products SET stock = stock + ${quantity} WHERE id IN (${ids})`, [
    ...values,
    ...items.map(({ productId }) => productId),
  ]);
}

/** How many of a row's product, as an expression with its values. PostgreSQL must be told that they are numbers. */
function statementFor(items: readonly OrderItem[]) {
  const ids = items.map(() => '?').join(', ');
  const [only] = items;
  if (items.length === 1 && only) return { quantity: 'CAST(? AS integer)', ids, values: [only.quantity] };
  const cases = items.map(() => 'WHEN ? THEN CAST(? AS integer)').join(' ');
  const values = items.flatMap(({ productId, quantity }) => [productId, quantity]);
  return { quantity: `CASE id ${cases} END`, ids, values };
}
