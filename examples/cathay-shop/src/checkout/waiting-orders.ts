import type { Queries } from '../database/shop-database.ts';
import { Problem } from '../server/problem.ts';
import { mostActionMinutes } from './checkout-times.ts';

/** The most orders of one customer that wait for their bank. */
const mostWaiting = 5;

/**
 * Keeps a customer from opening one payment after the other that they never confirm: each holds points, and a place at the
 * gateway.
 *
 * @throws Problem 429 TOO_MANY_OPEN_ORDERS.
 */
export async function mustNotWaitForMany(database: Pick<Queries, 'all'>, customerId: string): Promise<void> {
  const since = Date.now() - mostActionMinutes * 60_000;
  const waiting = await database.all(
    `SELECT id FROM orders WHERE customer_id = ? AND created_at > ? AND step = 'placing' AND payment_id IS NOT NULL
    LIMIT ?`,
    [customerId, since, mostWaiting],
  );
  if (waiting.length < mostWaiting) return;
  const detail = `${mostWaiting} orders wait for your bank. Confirm one of them, or wait until they have ended.`;
  throw new Problem(429, 'TOO_MANY_OPEN_ORDERS', detail, { retryAfterSeconds: mostActionMinutes * 60 });
}
