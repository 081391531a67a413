import type { Queries, Value } from '../database/shop-database.ts';
import type { Failure, Order, OrderItem } from './order.ts';

/** A row of `orders`. PostgreSQL gives what is a bigint as text. */
interface OrderRow {
  id: string;
  customer_id: string;
  fingerprint: string;
  items: string;
  total_minor: number | string;
  points: number | string;
  points_value_minor: number | string;
  amount_due_minor: number | string;
  points_earned: number | string | null;
  hold_id: string | null;
  payment_id: string | null;
  payment_status: Order['paymentStatus'];
  refunded_minor: number | string;
  step: Order['step'];
  failure: string | null;
  created_at: number | string;
  updated_at: number | string;
}

const columns = `id, customer_id, fingerprint, items, total_minor, points, points_value_minor, amount_due_minor, points_earned,
  hold_id, payment_id, payment_status, refunded_minor, step, failure, created_at, updated_at`;

/** The orders that a condition in SQL finds. */
export async function findOrders(
  database: Pick<Queries, 'all'>,
  condition: string,
  values: readonly Value[],
): Promise<Order[]> {
  const rows = await database.all<OrderRow>(`SELECT ${columns} FROM orders WHERE ${condition}`, values);
  return rows.map(orderOf);
}

/** @throws Error where there is no such order: orders are never deleted. */
export async function orderWithId(database: Pick<Queries, 'all'>, id: string): Promise<Order> {
  const [order] = await findOrders(database, 'id = ?', [id]);
  if (!order) throw new Error(`Order ${id} is gone`);
  return order;
}

/** A new order, under its customer's key. */
export interface NewOrder {
  order: Order;
  idempotencyKey: string;
}

const placeholders = `(${Array.from({ length: 11 }, () => '?').join(', ')}, 'pending', 'placing')`;

/** Writes new orders, but those whose customers used their keys before; says of each whether it was written. */
export async function insertOrders(
  database: Pick<Queries, 'all' | 'run'>,
  orders: readonly NewOrder[],
): Promise<boolean[]> {
  // In one order in every process: two that write the same keys wait for one another, and never both.
  const sorted = orders.toSorted((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  const written = await database.run(
    `INSERT INTO orders (id, customer_id, idempotency_key, fingerprint, items, total_minor, points, points_value_minor,
      amount_due_minor, created_at, updated_at, payment_status, step)
    VALUES ${sorted.map(() => placeholders).join(', ')} ON CONFLICT (customer_id, idempotency_key) DO NOTHING`,
    sorted.flatMap(({ order, idempotencyKey }) => [
      order.id,
      order.customerId,
      idempotencyKey,
      order.fingerprint,
      JSON.stringify(order.items),
      order.totalMinor,
      order.points,
      order.pointsValueMinor,
      order.amountDueMinor,
      order.createdAt,
      order.updatedAt,
    ]),
  );
  if (written === orders.length) return orders.map(() => true);
  if (written === 0) return orders.map(() => false);
  const ids = orders.map(({ order }) => order.id);
  const found = await database.all<{ id: string }>(
    `SELECT id FROM orders WHERE id IN (${ids.map(() => '?').join(', ')})`,
    ids,
  );
  return ids.map((id) => found.some((row) => row.id === id));
}

function keyOf({ order, idempotencyKey }: NewOrder): string {
  return JSON.stringify([order.customerId, idempotencyKey]);
}

function orderOf(row: OrderRow): Order {
  return {
    id: row.id,
    customerId: row.customer_id,
    fingerprint: row.fingerprint,
    items: JSON.parse(row.items) as OrderItem[],
    totalMinor: Number(row.total_minor),
    points: Number(row.points),
    pointsValueMinor: Number(row.points_value_minor),
    amountDueMinor: Number(row.amount_due_minor),
    pointsEarned: row.points_earned === null ? null : Number(row.points_earned),
    holdId: row.hold_id,
    paymentId: row.payment_id,
    paymentStatus: row.payment_status,
    refundedMinor: Number(row.refunded_minor),
    step: row.step,
    failure: row.failure === null ? null : (JSON.parse(row.failure) as Failure),
    createdAt: Number(row.created_at),
    updatedAt: Number(row.updated_at),
  };
}
