import type { HoldFacts } from '@loyalty-engine/core';
import { type Order, paymentOrderOf, rupees } from '../orders/order.ts';
import { verdictOf } from '../orders/problem-of-refusal.ts';
import type { ShopServices } from '../orders/shop-services.ts';
import { GatewayError, type Payment } from '../payments/payment-gateway.ts';
import { Problem } from '../server/problem.ts';
import { amountChanged } from './amount-changed.ts';
import { cancelOrder, holdOf, leaveToOthers } from './cancel-order.ts';
import { commitOrder } from './commit-order.ts';
import { notePayment } from './note-payment.ts';
import { type Till, takePayment } from './take-payment.ts';

/** Where a walk has ended: the order is settled, or waits for its customer's bank. */
export interface Walked {
  order: Order;
  /** What the customer has to do before the same request goes on; null where the order is settled. */
  action: Payment['action'];
}

/**
 * Takes an order as far as it goes: hold the points, authorise the card, commit order and points, take the money. Every step
 * does the same again without a second effect, so that two processes may walk one order at once, and a walk that was broken off
 * goes on where it was.
 *
 * @throws Problem 503 where the engine is too busy, or it is not known what became of the payment: the same request goes on.
 */
export async function walkOrder(services: Till, order: Order, card: string | undefined): Promise<Walked> {
  if (order.step === 'committed') return settled(await takePayment(services, order, null));
  if (order.step !== 'placing') return settled(order);
  const held = await services.database.loyalty.checkout.start(holdOf(order));
  if (!held.ok) {
    const nothing = { holdId: null, payment: null };
    return settled(await cancelOrder(services, order, nothing, verdictOf(held)));
  }
  try {
    return await payAndCommit(services, order, card, held);
  } catch (error) {
    throw error instanceof Problem ? error : checkoutUnknown(order, error);
  }
}

async function payAndCommit(
  services: Till,
  order: Order,
  card: string | undefined,
  { holdId, amountDue }: Pick<HoldFacts, 'holdId' | 'amountDue'>,
): Promise<Walked> {
  const giveUp = async (payment: Payment | null, problem: Problem) =>
    settled(await cancelOrder(services, order, { holdId, payment }, problem));
  if (amountDue !== rupees(order.amountDueMinor))
    return giveUp(null, amountChanged({ total: rupees(order.totalMinor), amountDue }));

  let payment: Payment | null = null;
  if (order.amountDueMinor > 0) {
    payment = await authorise(services, order, card);
    if (payment?.status === 'requires-action')
      return { order: await notePayment(services, order, payment), action: payment.action };
    if (payment?.status === 'declined') return giveUp(payment, declined(order, payment));
    if (!payment || payment.status === 'voided') return giveUp(payment, cardRefused(order));
  }
  const commit = await commitOrder(services, order, { holdId }, payment);
  if (commit === 'settled-elsewhere') return settled(await leaveToOthers(services, order, holdId));
  if ('committed' in commit)
    return settled(payment ? await takePayment(services, commit.committed, payment) : commit.committed);
  // The engine was only too busy: that decides nothing.
  if (commit.refused.status === 503) throw commit.refused;
  return giveUp(payment, commit.refused);
}

const settled = (order: Order): Walked => ({ order, action: null });

/** Null where the gateway refuses the payment for good. */
async function authorise(
  { gateway }: ShopServices,
  order: Order,
  card: string | undefined,
): Promise<Payment | null> {
  if (card === undefined) throw new Error(`Order ${order.id} was placed without a card`);
  try {
    return await gateway.authorise({ ...paymentOrderOf(order), card });
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'REFUSED') return null;
    throw error;
  }
}

function declined({ id }: Order, { declineCode }: Payment): Problem {
  const detail = 'The card was declined. Nothing was charged, and the points are free again.';
  return new Problem(402, 'PAYMENT_DECLINED', detail, { orderId: id, declineCode });
}

function cardRefused({ id }: Order): Problem {
  const detail = 'The payment could not be made. Nothing was charged, and the points are free again.';
  return new Problem(402, 'PAYMENT_REFUSED', detail, { orderId: id });
}

function checkoutUnknown({ id }: Order, cause: unknown): Problem {
  const detail =
    'It is not known yet whether this was bought. Send the same request with the same key again.';
  return new Problem(503, 'CHECKOUT_UNKNOWN', detail, { orderId: id, retryAfterSeconds: 2 }, { cause });
}
