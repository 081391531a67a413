import { expect } from 'vitest';
import type { ShopDatabase } from '../database/shop-database.ts';
import type { Order } from '../orders/order.ts';
import { findOrders } from '../orders/order-rows.ts';
import { refundsWhere } from '../orders/pay-refund.ts';
import type { Simulator } from '../payments/simulator.ts';
import type { LedgerLine } from '../payments/simulator-ledger.ts';
import { memberOf } from '../program.ts';
import { testProducts } from './open-test-database.test-data.ts';

/**
 * Proves, from the shop's orders, the engine's ledger and the gateway's own books, that they tell the same story: every order is
 * over; one that is paid was charged and its points spent once; one that failed cost neither; and nobody was charged without an
 * order. `given`: every customer and the points that they had before. Gives the orders by customer.
 */
export async function checkBooks(
  database: ShopDatabase,
  simulator: Simulator,
  given: ReadonlyMap<string, number>,
): Promise<Map<string, Order[]>> {
  const orders = await findOrders(database, '1 = 1 ORDER BY created_at, id', []);
  const lines = new Map(simulator.ledger().map((line) => [line.orderId, line]));
  const customers = [...given.keys()];
  const entries = await entriesByOrder(database, customers);
  const sold: Record<string, number> = {};
  const points = new Map(given);
  for (const order of orders) {
    const refunds = await refundsWhere(database, 'order_id = ?', [order.id]);
    const line = lines.get(order.id);
    lines.delete(order.id);
    expect([order.customerId, order.step, order.paymentStatus]).toEqual(
      order.paymentStatus === 'paid'
        ? [order.customerId, 'done', 'paid']
        : [order.customerId, 'cancelled', 'failed'],
    );
    const written = entries.get(order.id) ?? [];
    const sum = written.reduce((all, entry) => all + entry.points, 0);
    points.set(order.customerId, Number(points.get(order.customerId)) + sum);
    if (order.paymentStatus === 'failed') expectFree(order, line, sum);
    else {
      for (const { quantity, productId } of order.items) sold[productId] = (sold[productId] ?? 0) + quantity;
      expect(refunds.every(({ step }) => step === 'done')).toBe(true);
      const moneyBack = refunds.reduce((all, { moneyMinor }) => all + moneyMinor, 0);
      expectPaid(order, line, moneyBack);
      const returned = refunds.reduce(
        (all, refund) => all + refund.pointsReturned - refund.pointsTakenBack,
        0,
      );
      expect([order.id, sum]).toEqual([order.id, Number(order.pointsEarned) - order.points + returned]);
      expect(written.filter(({ kind }) => kind === 'redeem')).toHaveLength(order.points > 0 ? 1 : 0);
      expect(written.filter(({ kind }) => kind === 'earn')).toHaveLength(order.pointsEarned ? 1 : 0);
    }
  }
  expect([...lines.values()], 'charges without an order').toEqual([]);
  for (const id of customers) {
    const { available, held } = await database.loyalty.balance(memberOf(id));
    expect([id, available, held]).toEqual([id, points.get(id), 0]);
  }
  for (const [id, { stock }] of Object.entries(testProducts)) {
    const [row] = await database.all<{ stock: number }>('SELECT stock FROM products WHERE id = ?', [id]);
    expect([id, row?.stock]).toEqual([id, stock - (sold[id] ?? 0)]);
  }
  expect((await database.loyalty.verify()).problems).toEqual([]);
  return Map.groupBy(orders, ({ customerId }) => customerId);
}

function expectFree(order: Order, line: LedgerLine | undefined, points: number): void {
  expect([order.customerId, points]).toEqual([order.customerId, 0]);
  if (!line) return;
  const { authorised, captured, voided, netCharged } = line;
  expect([order.customerId, netCharged, authorised - captured - voided]).toEqual([order.customerId, 0, 0]);
}

function expectPaid(order: Order, line: LedgerLine | undefined, moneyBack: number): void {
  const { id, amountDueMinor } = order;
  const { authorised = 0, captured = 0, voided = 0, refunded = 0 } = line ?? {};
  expect({ id, authorised, captured, voided, refunded }).toEqual({
    id,
    authorised: amountDueMinor,
    captured: amountDueMinor,
    voided: 0,
    refunded: moneyBack,
  });
}

async function entriesByOrder({ loyalty }: ShopDatabase, customers: readonly string[]) {
  const found: { orderId: string | null; kind: string; points: number }[] = [];
  for (const id of customers) {
    let cursor: string | undefined;
    do {
      const page = await loyalty.statement(memberOf(id), { limit: 1000, cursor });
      found.push(...page.entries);
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
  }
  return Map.groupBy(found, ({ orderId }) => orderId);
}
