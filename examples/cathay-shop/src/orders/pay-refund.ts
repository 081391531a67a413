import type { Queries, Value } from '../database/shop-database.ts';
import { GatewayError } from '../payments/payment-gateway.ts';
import { type Order, paymentOrderOf, rupees } from './order.ts';
import type { RefundRequest } from './refund-request.ts';
import type { ShopServices } from './shop-services.ts';

/**
 * A return, whole or in part. `amountMinor` is what of the order it covers, `moneyMinor` the part that goes back to the card.
 * `paying`: the points have moved, the money is yet to. `failed`: the gateway refuses to give the money back, `problem`
 * says why, and an admin must look at it.
 */
export interface Refund {
  id: string;
  orderId: string;
  fingerprint: string;
  lines: RefundRequest['lines'] | null;
  reason: string;
  actor: string;
  amountMinor: number;
  moneyMinor: number;
  pointsReturned: number;
  pointsTakenBack: number;
  /** The points that the customer could spend right after it. */
  balanceAfter: number;
  step: 'paying' | 'done' | 'failed';
  problem: string | null;
  createdAt: number;
}

interface RefundRow {
  id: string;
  order_id: string;
  fingerprint: string;
  lines: string | null;
  reason: string;
  actor: string;
  amount_minor: number | string;
  money_minor: number | string;
  points_returned: number | string;
  points_taken_back: number | string;
  balance_after: number | string;
  step: Refund['step'];
  problem: string | null;
  created_at: number | string;
}

/** The refunds that a condition in SQL finds. */
export async function refundsWhere(
  database: Pick<Queries, 'all'>,
  condition: string,
  values: readonly Value[],
): Promise<Refund[]> {
  const rows = await database.all<RefundRow>(
    `SELECT id, order_id, fingerprint, lines, reason, actor, amount_minor, money_minor, points_returned, points_taken_back,
      balance_after, step, problem, created_at
    FROM refunds WHERE ${condition}`,
    values,
  );
  return rows.map((row) => ({
    id: row.id,
    orderId: row.order_id,
    fingerprint: row.fingerprint,
    lines: row.lines === null ? null : JSON.parse(row.lines),
    reason: row.reason,
    actor: row.actor,
    amountMinor: Number(row.amount_minor),
    moneyMinor: Number(row.money_minor),
    pointsReturned: Number(row.points_returned),
    pointsTakenBack: Number(row.points_taken_back),
    balanceAfter: Number(row.balance_after),
    step: row.step,
    problem: row.problem,
    createdAt: Number(row.created_at),
  }));
}

/**
 * Gives a refund's money back, once however often it is called. One that was refused before is tried again.
 *
 * @throws GatewayError where the gateway did not answer: the refund stays as it is.
 */
export async function payRefund(services: ShopServices, order: Order, refund: Refund): Promise<Refund> {
  if (refund.step === 'done') return refund;
  const problem = refund.moneyMinor === 0 ? null : await refusalToPay(services, order, refund);
  const step = problem === null ? 'done' : 'failed';
  if (problem !== null) services.logger.error({ refundId: refund.id, problem }, 'A refund was refused');
  await services.database.run(
    "UPDATE refunds SET step = ?, problem = ?, updated_at = ? WHERE id = ? AND step <> 'done'",
    [step, problem, Date.now(), refund.id],
  );
  return { ...refund, step, problem };
}

/** Why the gateway does not give the money back; null once it did. */
async function refusalToPay(
  { gateway }: ShopServices,
  order: Order,
  { id, moneyMinor }: Refund,
): Promise<string | null> {
  const payment = await gateway.find(paymentOrderOf(order));
  if (!payment) return 'The gateway knows no payment of the order.';
  try {
    await gateway.refund(payment, { refundId: id, amountMinor: moneyMinor });
    return null;
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'REFUSED') return error.message;
    throw error;
  }
}

/** What a client is told of a refund; amounts are decimal texts. */
export function viewRefund(refund: Refund) {
  return {
    id: refund.id,
    orderId: refund.orderId,
    createdAt: new Date(refund.createdAt).toISOString(),
    status: refund.step === 'done' ? 'refunded' : refund.step === 'paying' ? 'pending' : 'failed',
    refunded: rupees(refund.amountMinor),
    moneyBack: rupees(refund.moneyMinor),
    pointsReturned: refund.pointsReturned,
    pointsTakenBack: refund.pointsTakenBack,
    balance: refund.balanceAfter,
    reason: refund.reason,
    problem: refund.problem,
  };
}
