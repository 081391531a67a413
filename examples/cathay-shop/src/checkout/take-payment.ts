import type { Queries } from '../database/shop-database.ts';
import { inTransaction } from '../orders/in-transaction.ts';
import { type Failure, type Order, paymentOrderOf } from '../orders/order.ts';
import { orderWithId } from '../orders/order-rows.ts';
import { verdictOf } from '../orders/problem-of-refusal.ts';
import type { ShopServices } from '../orders/shop-services.ts';
import { GatewayError, type Payment } from '../payments/payment-gateway.ts';
import { memberOf } from '../program.ts';
import type { Problem } from '../server/problem.ts';
import { freeOrLeave } from './cancel-order.ts';
import { returnStock } from './move-stock.ts';
import { SettledElsewhere } from './settled-elsewhere.ts';

/** The services, and how an order is marked as over: by itself, or with others that are at the same moment. */
export interface Till extends ShopServices {
  markDone(orderId: string): Promise<unknown>;
}

/** Says of orders whose money was taken that they are over, in one statement. */
export async function markDone(database: Queries, orderIds: readonly string[]): Promise<undefined[]> {
  const places = orderIds.map(() => '?').join(', ');
  await database.run(
    `UPDATE orders SET step = 'done', updated_at = ? WHERE id IN (${places}) AND step = 'committed'`,
    [Date.now(), ...orderIds],
  );
  return orderIds.map(() => undefined);
}

/**
 * Takes the money that a committed order has reserved. Whatever breaks, the order is sold and stays `committed`, and the
 * reconciler goes on. Where the money can never be taken, the sale is reversed.
 */
export async function takePayment(till: Till, order: Order, known: Payment | null): Promise<Order> {
  try {
    return await capturePayment(till, order, known);
  } catch (error) {
    till.logger.error({ err: error, orderId: order.id }, 'The money of a sale is yet to be taken');
    return order;
  }
}

/** The same, for whoever wants to know. @throws GatewayError and others, where it has to be tried again later. */
export async function capturePayment(till: Till, order: Order, known: Payment | null): Promise<Order> {
  const payment = known ?? (await till.gateway.find(paymentOrderOf(order)));
  if (!payment || !(await isTaken(till, order, payment))) return reverseSale(till, order);
  await till.markDone(order.id);
  return { ...order, step: 'done' };
}

/** False where the gateway refuses for good. */
async function isTaken({ gateway }: ShopServices, order: Order, payment: Payment): Promise<boolean> {
  try {
    await gateway.capture(payment);
    return true;
  } catch (error) {
    if (!(error instanceof GatewayError) || error.code !== 'REFUSED') throw error;
  }
  // A refusal can also mean that another process was faster.
  const now = await gateway.find(paymentOrderOf(order));
  return now?.status === 'captured' || now?.status === 'partly-refunded' || now?.status === 'refunded';
}

/**
 * Reverses a sale whose money cannot be had: the points, what it earned and the stock in one transaction, then the payment. Where
 * the engine cannot give the points back, because a rule of the company or a closed card stands against it, the order fails all
 * the same: nobody is charged for it, and somebody must look at the points.
 */
async function reverseSale(services: ShopServices, order: Order): Promise<Order> {
  const { database, logger } = services;
  try {
    const refusal = await inTransaction(database, async (transaction) => {
      const refund = await transaction.loyalty.refund({
        ...memberOf(order.customerId),
        orderId: order.id,
        reason: 'The payment could not be taken',
      });
      const refusal = refund.ok || refund.code === 'ORDER_FULLY_REFUNDED' ? null : verdictOf(refund);
      const written = await transaction.run(
        `UPDATE orders SET step = 'cancelling', payment_status = 'failed', failure = ?, updated_at = ?
        WHERE id = ? AND step = 'committed'`,
        [JSON.stringify(notTaken(order, refusal)), Date.now(), order.id],
      );
      if (written !== 1) throw new SettledElsewhere();
      await returnStock(transaction, order.items);
      return refusal;
    });
    if (refusal)
      logger.error({ err: refusal, orderId: order.id }, 'The points of a reversed sale were not moved back');
  } catch (error) {
    if (!(error instanceof SettledElsewhere)) throw error;
  }
  const now = await orderWithId(database, order.id);
  return now.step === 'cancelling' ? freeOrLeave(services, now) : now;
}

function notTaken({ id: orderId }: Order, refusal: Problem | null): Failure {
  const detail = 'The card was accepted at first, but the money could not be taken. Nothing was sold';
  const failure = { status: 402, code: 'PAYMENT_NOT_TAKEN' };
  if (!refusal) return { ...failure, detail: `${detail}, and the points are back.`, facts: { orderId } };
  return { ...failure, detail: `${detail}.`, facts: { orderId, pointsRefusal: refusal.code } };
}
