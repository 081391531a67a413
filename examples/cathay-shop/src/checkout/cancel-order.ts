import { loyaltyOrderOf, type Order, paymentOrderOf } from '../orders/order.ts';
import { orderWithId } from '../orders/order-rows.ts';
import { verdictOf } from '../orders/problem-of-refusal.ts';
import type { ShopServices } from '../orders/shop-services.ts';
import { GatewayError, type Payment } from '../payments/payment-gateway.ts';
import { memberOf } from '../program.ts';
import type { Problem } from '../server/problem.ts';
import { checkoutHoldMinutes } from './checkout-times.ts';

/** What an attempt at an order has reserved so far. */
export interface Reserved {
  holdId: string | null;
  payment: Payment | null;
}

/**
 * Gives an order up and frees what was reserved for it: its payment ends at the gateway, so that nobody can charge a card for it
 * any more. Where somebody else was faster, the order stays as they left it.
 */
export async function cancelOrder(
  services: ShopServices,
  order: Order,
  reserved: Reserved,
  problem: Problem,
): Promise<Order> {
  const failed = await failOrder(services, order, reserved, problem);
  return failed ? freeOrLeave(services, failed) : leaveToOthers(services, order, reserved.holdId);
}

/** Frees what a failed order has reserved; what cannot be freed now is left to the reconciler. */
export async function freeOrLeave(services: ShopServices, failed: Order): Promise<Order> {
  try {
    return await freeReservation(services, failed);
  } catch (error) {
    services.logger.error({ err: error, orderId: failed.id }, 'A failed order is yet to be freed');
    return failed;
  }
}

/** From here on nobody can commit the order any more. Null where it was not `placing`; then nothing was written. */
export async function failOrder(
  { database }: Pick<ShopServices, 'database'>,
  order: Order,
  { holdId, payment }: Reserved,
  { status, code, detail, facts }: Problem,
): Promise<Order | null> {
  const failed: Order = {
    ...order,
    step: 'cancelling',
    paymentStatus: 'failed',
    failure: { status, code, detail, facts },
    holdId,
    paymentId: payment?.paymentId ?? order.paymentId,
    updatedAt: Date.now(),
  };
  const written = await database.run(
    `UPDATE orders SET step = 'cancelling', payment_status = 'failed', failure = ?, hold_id = ?, payment_id = ?, updated_at = ?
    WHERE id = ? AND step = 'placing'`,
    [JSON.stringify(failed.failure), holdId, failed.paymentId, failed.updatedAt, order.id],
  );
  return written === 1 ? failed : null;
}

/** The order as somebody else has settled it. Where they gave it up, the points that this attempt holds are free as well. */
export async function leaveToOthers(
  services: ShopServices,
  order: Order,
  holdId: string | null,
): Promise<Order> {
  const now = await orderWithId(services.database, order.id);
  if (now.paymentStatus === 'failed' && holdId !== null) await releaseHold(services, order, holdId);
  return now;
}

/**
 * Frees everything that a failed order may have reserved, wherever the process that did it ended.
 *
 * @throws GatewayError or Problem 503 where it must be tried again later.
 */
export async function freeReservation(services: ShopServices, order: Order): Promise<Order> {
  const { database } = services;
  await endPayment(services, order);
  if (order.holdId !== null) await releaseHold(services, order, order.holdId);
  else if (order.points > 0) {
    // The same wish finds the hold that there may be; where there is none, it makes one that goes at once.
    const held = await database.loyalty.checkout.start(holdOf(order));
    if (held.ok) await releaseHold(services, order, held.holdId);
    else verdictOf(held);
  }
  return endCancelling(services, order);
}

/** Ends the payment of an order that failed: what was reserved is free, what was taken is given back. */
export async function endPayment({ gateway }: ShopServices, order: Order): Promise<void> {
  if (order.amountDueMinor === 0) return;
  try {
    await gateway.void(paymentOrderOf(order));
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'REFUSED') throw error;
    const taken = await gateway.find(paymentOrderOf(order));
    if (!taken) throw error;
    await gateway.refund(taken, { refundId: `${order.id}-cancelled`, amountMinor: order.amountDueMinor });
  }
}

/** What `checkout.start` is asked for an order, in the same words each time. */
export function holdOf(order: Order) {
  return {
    ...memberOf(order.customerId),
    order: loyaltyOrderOf(order),
    points: order.points,
    holdMinutes: checkoutHoldMinutes,
  };
}

async function releaseHold({ database }: ShopServices, order: Order, holdId: string): Promise<void> {
  const released = await database.loyalty.checkout.cancel({ ...memberOf(order.customerId), holdId });
  // Any other refusal says that the hold is over: its time ended, or its points were spent and given back.
  if (!released.ok) verdictOf(released);
}

async function endCancelling({ database }: ShopServices, order: Order): Promise<Order> {
  const now = Date.now();
  await database.run(
    "UPDATE orders SET step = 'cancelled', updated_at = ? WHERE id = ? AND step = 'cancelling'",
    [now, order.id],
  );
  return { ...order, step: 'cancelled', updatedAt: now };
}
