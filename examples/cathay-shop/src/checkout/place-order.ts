import { randomIds } from '@loyalty-engine/core';
import type { ShopDatabase } from '../database/shop-database.ts';
import { gatheredWrites } from '../orders/gathered-writes.ts';
import { fingerprintOf, mustMatch } from '../orders/idempotency-key.ts';
import { type Order, rupees } from '../orders/order.ts';
import { findOrders, insertOrders, type NewOrder, orderWithId } from '../orders/order-rows.ts';
import type { ShopServices } from '../orders/shop-services.ts';
import { Problem } from '../server/problem.ts';
import { amountChanged } from './amount-changed.ts';
import type { CheckoutRequest } from './checkout-request.ts';
import { pointsRate } from './points-rate.ts';
import { priceCart } from './price-cart.ts';
import { markDone, type Till } from './take-payment.ts';
import { mustNotWaitForMany } from './waiting-orders.ts';
import { type Walked, walkOrder } from './walk-order.ts';

/** One customer's request to buy a cart. */
export interface Purchase {
  customerId: string;
  idempotencyKey: string;
  request: CheckoutRequest;
}

/** What a purchase has come to; `replayed` where an earlier request with the key had settled it. */
export interface Placed extends Walked {
  replayed: boolean;
}

/** The services, and what the requests of this process share. */
interface Desk extends Till {
  worthOf(points: number): Promise<number>;
  insert(order: NewOrder): Promise<boolean>;
}

/**
 * Places orders, one for each customer and key however often it is asked for. Requests of this process that come while the same
 * one is under way share its walk; those of other processes, and later ones, find the order's row.
 *
 * @throws Problem 409, 402, 422, 429 or 503, which says why there is no sale.
 */
export function orderPlacer(services: ShopServices): (purchase: Purchase) => Promise<Placed> {
  const underWay = new Map<string, { fingerprint: string; placed: Promise<Placed> }>();
  const desk: Desk = {
    ...services,
    markDone: gatheredWrites((ids: readonly string[]) => markDone(services.database, ids)),
    worthOf: pointsRate(services.database.loyalty),
    insert: gatheredWrites((orders: readonly NewOrder[]) => insertTogether(services.database, orders)),
  };

  async function place(purchase: Purchase, fingerprint: string): Promise<Placed> {
    const found = await orderFor(desk, purchase, fingerprint);
    const order = found.isNew ? found.order : await resumed(services, found.order);
    const replayed = !found.isNew && order.step !== 'placing';
    return { ...(await walkOrder(desk, order, purchase.request.card)), replayed };
  }

  return async (purchase) => {
    const fingerprint = fingerprintOf(purchase.request);
    const name = JSON.stringify([purchase.customerId, purchase.idempotencyKey]);
    const first = underWay.get(name);
    if (first) {
      mustMatch(first.fingerprint, fingerprint);
      return { ...(await first.placed), replayed: true };
    }
    const placed = place(purchase, fingerprint).finally(() => underWay.delete(name));
    underWay.set(name, { fingerprint, placed });
    return placed;
  };
}

/** The order of a purchase: a new row, or the one that an earlier request with the key has made. */
async function orderFor(
  desk: Desk,
  { customerId, idempotencyKey, request }: Purchase,
  fingerprint: string,
): Promise<{ order: Order; isNew: boolean }> {
  const earlier = async () => {
    const found = await findOrders(desk.database, 'customer_id = ? AND idempotency_key = ?', [
      customerId,
      idempotencyKey,
    ]);
    const [order] = found;
    if (order) mustMatch(order.fingerprint, fingerprint);
    return order;
  };
  let order: Order;
  try {
    order = await newOrder(desk, customerId, request, fingerprint);
  } catch (error) {
    // What cannot be bought any more may have been bought by the first request with this key.
    const known = error instanceof Problem ? await earlier() : undefined;
    if (known) return { order: known, isNew: false };
    throw error;
  }
  if (await desk.insert({ order, idempotencyKey })) return { order, isNew: true };
  const known = await earlier();
  if (!known) throw new Error(`The order of key ${idempotencyKey} is gone`);
  return { order: known, isNew: false };
}

/** Says that somebody is at it, so that the reconciler leaves the order to them. */
async function resumed({ database }: ShopServices, order: Order): Promise<Order> {
  if (order.step !== 'placing') return order;
  const written = await database.run("UPDATE orders SET updated_at = ? WHERE id = ? AND step = 'placing'", [
    Date.now(),
    order.id,
  ]);
  return written === 1 ? order : orderWithId(database, order.id);
}

/** Writes them in one statement; where one of them cannot be written, or another process stands in the way, one by one. */
async function insertTogether(database: ShopDatabase, orders: readonly NewOrder[]): Promise<boolean[]> {
  try {
    return await insertOrders(database, orders);
  } catch (error) {
    if (orders.length === 1) throw error;
    const written: boolean[] = [];
    for (const order of orders) written.push(...(await insertOrders(database, [order])));
    return written;
  }
}

async function newOrder(
  { database, worthOf }: Desk,
  customerId: string,
  { items: cart, points, card, amountDue }: CheckoutRequest,
  fingerprint: string,
): Promise<Order> {
  const [{ items, totalMinor }, pointsValueMinor] = await Promise.all([
    priceCart(database, cart),
    worthOf(points),
    mustNotWaitForMany(database, customerId),
  ]);
  const amountDueMinor = totalMinor - pointsValueMinor;
  if (amountDueMinor < 0) {
    const detail = 'The points are worth more than the order.';
    throw new Problem(409, 'EXCEEDS_PAYABLE', detail, { requested: points, reason: 'payable' });
  }
  if (amountDueMinor !== amountDue)
    throw amountChanged({ total: rupees(totalMinor), amountDue: rupees(amountDueMinor) });
  if (amountDueMinor > 0 && card === undefined) {
    throw new Problem(400, 'CARD_REQUIRED', 'card: the points do not pay for everything.');
  }
  const now = Date.now();
  return {
    id: randomIds.next(),
    customerId,
    fingerprint,
    items,
    totalMinor,
    points,
    pointsValueMinor,
    amountDueMinor,
    pointsEarned: null,
    holdId: null,
    paymentId: null,
    paymentStatus: 'pending',
    refundedMinor: 0,
    step: 'placing',
    failure: null,
    createdAt: now,
    updatedAt: now,
  };
}
