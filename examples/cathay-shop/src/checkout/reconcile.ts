import { type Order, paymentOrderOf, rupees } from '../orders/order.ts';
import { findOrders, orderWithId } from '../orders/order-rows.ts';
import { payRefund, type Refund, refundsWhere } from '../orders/pay-refund.ts';
import { verdictOf } from '../orders/problem-of-refusal.ts';
import type { ShopServices } from '../orders/shop-services.ts';
import type { Payment } from '../payments/payment-gateway.ts';
import { Problem } from '../server/problem.ts';
import { amountChanged } from './amount-changed.ts';
import { endPayment, failOrder, freeReservation, holdOf, leaveToOthers } from './cancel-order.ts';
import { mostActionMinutes } from './checkout-times.ts';
import { commitOrder } from './commit-order.ts';
import { notePayment } from './note-payment.ts';
import { capturePayment, markDone, type Till } from './take-payment.ts';

export interface ReconcileOptions extends ShopServices {
  /**
   * How long nothing must have happened to an order. It must be longer than a request can take, so that nobody is about to
   * charge a card for an order that looks abandoned. Default a minute.
   */
  olderThanMs?: number;
  /** The most orders, and the most refunds, of one run. Default 50. */
  limit?: number;
}

/** What a run has done: how many orders and refunds are over now, and what it could not finish yet. */
export interface Reconciled {
  finished: number;
  /** They wait for their customer. */
  waiting: number;
  failed: { id: string; error: unknown }[];
}

/**
 * Finishes what a crash, or a gateway that did not answer, left half done: takes money that is reserved for a sale, commits an
 * order whose card was authorised, gives up those that nobody paid, and pays refunds; what is sold comes first. One that fails keeps no other waiting; it
 * is tried again in a later run. Two reconcilers at once do no harm.
 */
export async function reconcile({
  olderThanMs = 60_000,
  limit = 50,
  ...services
}: ReconcileOptions): Promise<Reconciled> {
  const { database } = services;
  const before = Date.now() - olderThanMs;
  const result: Reconciled = { finished: 0, waiting: 0, failed: [] };
  const count = async (id: string, work: () => Promise<boolean>) => {
    try {
      if (await work()) result.finished += 1;
      else result.waiting += 1;
    } catch (error) {
      result.failed.push({ id, error });
    }
  };
  const orders = await findOrders(
    database,
    `step IN ('placing', 'committed', 'cancelling') AND updated_at <= ?
      AND (step <> 'placing' OR payment_id IS NULL OR created_at <= ?)
    ORDER BY CASE step WHEN 'placing' THEN 1 ELSE 0 END, updated_at LIMIT ?`,
    // Who waits for their bank is left in peace until their time is over.
    [before, Date.now() - mostActionMinutes * 60_000, limit],
  );
  for (const order of orders) await count(order.id, () => reconcileOrder(services, order));
  const refunds = await refundsWhere(
    database,
    "step = 'paying' AND updated_at <= ? ORDER BY updated_at LIMIT ?",
    [before, limit],
  );
  for (const refund of refunds) await count(refund.id, () => reconcileRefund(services, refund));
  return result;
}

/** Looks at one order now, whatever its age: the gateway has said that something happened to its payment. */
export async function reconcileOne(services: ShopServices, orderId: string): Promise<void> {
  const [order] = await findOrders(services.database, 'id = ?', [orderId]);
  if (!order || order.step === 'done') return;
  if (order.step !== 'placing') await finishSettled(services, order);
  else {
    const payment = await paymentOf(services, order);
    // Somebody is about to try a card, or the customer is at their bank.
    if (payment && payment.status !== 'requires-action') await finishPlacing(services, order, payment);
  }
}

/** True once it is over. The row is marked as looked at first: what cannot be finished yet goes to the end of the line. */
async function reconcileOrder(services: ShopServices, order: Order): Promise<boolean> {
  const { database } = services;
  await database.run('UPDATE orders SET updated_at = ? WHERE id = ? AND step = ?', [
    Date.now(),
    order.id,
    order.step,
  ]);
  if (order.step !== 'placing') return isOver(await finishSettled(services, order));
  const payment = await paymentOf(services, order);
  if (payment?.status === 'requires-action' && isYoung(order)) {
    await notePayment(services, order, payment);
    return false;
  }
  return isOver(await finishPlacing(services, order, payment));
}

/** Orders are finished one by one here. */
function tillOf(services: ShopServices): Till {
  return { ...services, markDone: (id) => markDone(services.database, [id]) };
}

function isOver({ step }: Order): boolean {
  return step === 'done' || step === 'cancelled';
}

function isYoung({ createdAt }: Order): boolean {
  return Date.now() - createdAt < mostActionMinutes * 60_000;
}

async function paymentOf({ gateway }: ShopServices, order: Order): Promise<Payment | null> {
  return order.amountDueMinor > 0 ? gateway.find(paymentOrderOf(order)) : null;
}

/** Takes the money of an order that is sold; frees all that is reserved for one that failed. */
async function finishSettled(services: ShopServices, order: Order): Promise<Order> {
  if (order.step === 'committed') return capturePayment(tillOf(services), order, null);
  if (order.step === 'cancelling') return freeReservation(services, order);
  // Its payment was ended; should the gateway have gone on with it, it is ended again.
  const payment = await paymentOf(services, order);
  if (payment?.status === 'authorised' || payment?.status === 'captured') await endPayment(services, order);
  return order;
}

/** An order whose card was authorised is committed, if that still can be; any other is given up. */
async function finishPlacing(services: ShopServices, order: Order, payment: Payment | null): Promise<Order> {
  const giveUp = async (problem: Problem) => {
    const failed = await failOrder(services, order, { holdId: null, payment }, problem);
    return failed ? freeReservation(services, failed) : orderWithId(services.database, order.id);
  };
  if (payment?.status !== 'authorised') return giveUp(abandonedProblem(order, payment?.declineCode ?? null));
  const held = await services.database.loyalty.checkout.start(holdOf(order));
  if (!held.ok) return giveUp(verdictOf(held));
  const { holdId, amountDue } = held;
  if (amountDue !== rupees(order.amountDueMinor))
    return giveUp(amountChanged({ total: rupees(order.totalMinor), amountDue }));
  const commit = await commitOrder(services, order, { holdId }, payment);
  if (commit === 'settled-elsewhere') return leaveToOthers(services, order, holdId);
  if ('committed' in commit) return capturePayment(tillOf(services), commit.committed, payment);
  // The engine was only too busy: that decides nothing.
  if (commit.refused.status === 503) throw commit.refused;
  return giveUp(commit.refused);
}

function abandonedProblem({ id }: Order, declineCode: string | null): Problem {
  const detail = 'The checkout was not finished in time. Nothing was charged, and the points are free again.';
  if (declineCode === null) return new Problem(402, 'CHECKOUT_ABANDONED', detail, { orderId: id });
  return new Problem(402, 'PAYMENT_DECLINED', 'The card was declined. Nothing was charged.', {
    orderId: id,
    declineCode,
  });
}

async function reconcileRefund(services: ShopServices, refund: Refund): Promise<boolean> {
  const { database } = services;
  await database.run("UPDATE refunds SET updated_at = ? WHERE id = ? AND step = 'paying'", [
    Date.now(),
    refund.id,
  ]);
  const { step } = await payRefund(services, await orderWithId(database, refund.orderId), refund);
  return step !== 'paying';
}
