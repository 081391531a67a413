import { createHash } from 'node:crypto';
import { randomIds } from '@loyalty-engine/core';
import type { SignedInUser } from '../accounts/signed-in-user.ts';
import type { ShopTransaction } from '../database/shop-database.ts';
import { memberOf } from '../program.ts';
import { Problem } from '../server/problem.ts';
import { fingerprintOf, mustMatch } from './idempotency-key.ts';
import { inTransaction } from './in-transaction.ts';
import type { Order } from './order.ts';
import { findOrders } from './order-rows.ts';
import { payRefund, type Refund, refundsWhere } from './pay-refund.ts';
import { problemOfRefusal } from './problem-of-refusal.ts';
import type { RefundRequest } from './refund-request.ts';
import { paise } from './rupees-schema.ts';
import type { ShopServices } from './shop-services.ts';

/** How long a customer may send an order back. An admin always may. */
export const returnDays = 14;

/** Somebody's request to send an order, or a part of it, back. */
export interface Return {
  user: SignedInUser;
  orderId: string;
  idempotencyKey: string;
  request: RefundRequest;
}

/**
 * Takes an order, or a part of it, back: in one transaction the spent points return, the earned ones go and the refund's row is
 * written; then the money goes back to the card. Where the gateway does not answer, the refund is `paying`, and the reconciler
 * pays it. The stock stays as it is: what comes back is looked at first.
 *
 * @throws Problem 404, 409 or 422.
 */
export async function refundOrder(
  services: ShopServices,
  { user, orderId, idempotencyKey, request }: Return,
): Promise<{ refund: Refund; replayed: boolean }> {
  const { database } = services;
  const order = await visibleOrder(services, user, orderId);
  const fingerprint = fingerprintOf(request);
  const earlier = async () => {
    const [refund] = await refundsWhere(database, 'order_id = ? AND idempotency_key = ?', [
      orderId,
      idempotencyKey,
    ]);
    if (refund) mustMatch(refund.fingerprint, fingerprint);
    return refund;
  };
  const known = await earlier();
  // Once an admin has seen to what stood against it, the same request tries a refused refund again.
  if (known?.step === 'failed' && user.role !== 'admin') return { refund: known, replayed: true };
  if (known) return { refund: await pay(services, order, known), replayed: true };
  mustBeReturnable(order, user);
  const written = await inTransaction(database, (transaction) =>
    writeRefund(transaction, order, { user, orderId, idempotencyKey, request }, fingerprint),
  );
  const refund = written ?? (await earlier());
  if (!refund) throw new Error(`The refund of key ${idempotencyKey} is gone`);
  return { refund: await pay(services, order, refund), replayed: written === null };
}

/** @throws Problem 404 where there is no such order, or it is somebody else's. */
export async function visibleOrder(
  { database }: Pick<ShopServices, 'database'>,
  user: SignedInUser,
  orderId: string,
): Promise<Order> {
  const [order] = await findOrders(database, 'id = ?', [orderId]);
  if (order && (user.role === 'admin' || order.customerId === user.id)) return order;
  throw new Problem(404, 'ORDER_NOT_FOUND', 'There is no such order.');
}

function mustBeReturnable(order: Order, { role }: SignedInUser): void {
  const { id: orderId } = order;
  if (order.paymentStatus === 'failed')
    throw new Problem(409, 'ORDER_NOT_PAID', 'The order failed: there is nothing to give back.', { orderId });
  if (order.step !== 'done') throw notSettled(orderId);
  const until = order.createdAt + returnDays * 86_400_000;
  if (role === 'admin' || Date.now() < until) return;
  const detail = `Orders can be returned for ${returnDays} days.`;
  throw new Problem(409, 'RETURN_PERIOD_OVER', detail, { orderId, until: new Date(until).toISOString() });
}

function notSettled(orderId: string): Problem {
  const detail = 'The order is still being paid. Try again in a minute.';
  return new Problem(409, 'ORDER_NOT_SETTLED', detail, { orderId, retryAfterSeconds: 60 });
}

/** Moves the points and writes the refund; null where the same request was written meanwhile. */
async function writeRefund(
  { loyalty, run }: ShopTransaction,
  order: Order,
  { user, idempotencyKey, request: { amount, lines, reason } }: Return,
  fingerprint: string,
): Promise<Refund | null> {
  const outcome = await loyalty.refund({
    ...memberOf(order.customerId),
    orderId: order.id,
    amount,
    lines: lines?.map(({ productId, quantity }) => ({ id: productId, quantity })),
    reason,
    actor: user.id,
    // The engine's keys are a customer's, ours are an order's.
    idempotencyKey: createHash('sha256').update(`${order.id} ${idempotencyKey}`).digest('base64url'),
  });
  if (!outcome.ok) throw problemOfRefusal(outcome);
  const now = Date.now();
  const refund: Refund = {
    id: randomIds.next(),
    orderId: order.id,
    fingerprint,
    lines: lines ?? null,
    reason,
    actor: user.id,
    amountMinor: paise(outcome.refunded),
    moneyMinor: paise(outcome.moneyBack),
    pointsReturned: outcome.pointsRestored,
    pointsTakenBack: outcome.pointsClawedBack,
    balanceAfter: outcome.balance.available,
    step: 'paying',
    problem: null,
    createdAt: now,
  };
  const written = await run(
    `INSERT INTO refunds (id, order_id, idempotency_key, fingerprint, lines, reason, actor, amount_minor, money_minor,
      points_returned, points_taken_back, balance_after, step, created_at, updated_at)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'paying', ?, ?) ON CONFLICT (order_id, idempotency_key) DO NOTHING`,
    [
      refund.id,
      refund.orderId,
      idempotencyKey,
      fingerprint,
      lines ? JSON.stringify(lines) : null,
      reason,
      user.id,
      refund.amountMinor,
      refund.moneyMinor,
      refund.pointsReturned,
      refund.pointsTakenBack,
      refund.balanceAfter,
      now,
      now,
    ],
  );
  if (written === 0) return null;
  const counted = await run(
    "UPDATE orders SET refunded_minor = refunded_minor + ?, updated_at = ? WHERE id = ? AND step = 'done'",
    [refund.amountMinor, now, order.id],
  );
  if (counted !== 1) throw notSettled(order.id);
  return refund;
}

/** The refund as it is once its money went back, or once that broke: the points have moved, the reconciler pays. */
async function pay(services: ShopServices, order: Order, refund: Refund): Promise<Refund> {
  try {
    return await payRefund(services, order, refund);
  } catch (error) {
    services.logger.error({ err: error, refundId: refund.id }, 'A refund is yet to be paid');
    return refund;
  }
}
