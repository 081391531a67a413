import { randomUUID } from 'node:crypto';
import type { Knex } from 'knex';
import type { CheckoutRequest } from '../../../../examples/cathay-shop/src/checkout/checkout-request.ts';
import { fingerprintOf, mustMatch } from '../../../../examples/cathay-shop/src/orders/idempotency-key.ts';
import { type OrderItem, rupees } from '../../../../examples/cathay-shop/src/orders/order.ts';
import type {
  Payment,
  PaymentGateway,
} from '../../../../examples/cathay-shop/src/payments/payment-gateway.ts';
import { currency } from '../../../../examples/cathay-shop/src/program.ts';
import { Problem } from '../../../../examples/cathay-shop/src/server/problem.ts';

export interface HandWrittenServices {
  database: Knex;
  gateway: PaymentGateway;
}

export interface HandWrittenPurchase {
  customerId: string;
  idempotencyKey: string;
  request: CheckoutRequest;
}

interface HandWrittenOrder {
  id: string;
  customerId: string;
  items: OrderItem[];
  totalMinor: number;
  points: number;
  amountDueMinor: number;
  pointsEarned: number | null;
  paymentStatus: 'pending' | 'paid' | 'failed';
  createdAt: Date;
}

const paisePerPoint = 100;

/** The shop's checkout by hand: hold, authorise, order + burn + earn in one Knex transaction, capture. */
export async function checkOutByHand(
  services: HandWrittenServices,
  purchase: HandWrittenPurchase,
): Promise<object> {
  const { database, gateway } = services;
  const order = await price(database, purchase);
  const known = await hold(database, order, purchase);
  if (known) return known;
  const { id, amountDueMinor, points } = order;
  let payment: Payment | null = null;
  if (amountDueMinor > 0) {
    const paid = { orderId: id, amountMinor: amountDueMinor, currency, card: purchase.request.card ?? '' };
    payment = await gateway.authorise(paid);
    if (payment.status !== 'authorised') {
      await cancel(database, order);
      throw new Problem(402, 'PAYMENT_DECLINED', 'The card was declined.', { orderId: id });
    }
  }
  const earned = earnedBy(amountDueMinor);
  try {
    await commit(database, order, earned, payment);
  } catch (error) {
    if (payment) await gateway.void(payment);
    await cancel(database, order);
    throw error;
  }
  if (payment) await gateway.capture(payment);
  await database('orders').where({ id }).update({ step: 'done', updated_at: new Date() });
  return view({ ...order, points, pointsEarned: earned, paymentStatus: 'paid' });
}

/** 1 point for 10 rupees paid in money, up to 500. */
export function earnedBy(minor: number): number {
  return Math.min(500, Math.floor(minor / 1_000));
}

async function price(
  database: Knex,
  { customerId, request: { items: cart, points, amountDue } }: HandWrittenPurchase,
): Promise<HandWrittenOrder> {
  const ids = cart.map(({ productId }) => productId);
  const rows = await database('products')
    .whereIn('id', ids)
    .select('id', 'sku', 'name', 'category', 'price_minor', 'stock');
  const products = new Map(rows.map((row) => [row.id, row]));
  let totalMinor = 0;
  const items = cart.map(({ productId, quantity }) => {
    const product = products.get(productId);
    if (!product) throw new Problem(409, 'PRODUCT_NOT_FOUND', `There is no product ${productId}.`);
    if (product.stock < quantity) throw new Problem(409, 'OUT_OF_STOCK', 'Not so many are left.');
    const { sku, name, category, price_minor: unitPriceMinor } = product;
    totalMinor += unitPriceMinor * quantity;
    return { productId, sku, name, category, quantity, unitPriceMinor };
  });
  const amountDueMinor = totalMinor - points * paisePerPoint;
  if (amountDueMinor < 0)
    throw new Problem(409, 'EXCEEDS_PAYABLE', 'The points are worth more than the order.');
  if (amountDueMinor !== amountDue)
    throw new Problem(409, 'AMOUNT_CHANGED', 'The order costs something else by now.');
  return {
    id: randomUUID(),
    customerId,
    items,
    totalMinor,
    points,
    amountDueMinor,
    pointsEarned: null,
    paymentStatus: 'pending',
    createdAt: new Date(),
  };
}

/** Writes the order and reserves its points. What the key was used for before is given as it is. */
async function hold(
  database: Knex,
  order: HandWrittenOrder,
  purchase: HandWrittenPurchase,
): Promise<object | null> {
  const { customerId, points } = order;
  const isNew =
    points === 0
      ? await insertOrder(database, order, purchase)
      : await database.transaction(async (trx) => {
          const customer = await lock(trx, customerId);
          if (!(await insertOrder(trx, order, purchase))) return false;
          if (customer.balance - customer.held < points)
            throw new Problem(409, 'INSUFFICIENT_POINTS', 'There are not so many points.');
          await trx('customers').where({ id: customerId }).increment('held', points);
          return true;
        });
  return isNew ? null : earlier(database, purchase);
}

async function insertOrder(
  connection: Knex,
  order: HandWrittenOrder,
  { idempotencyKey, request }: HandWrittenPurchase,
): Promise<boolean> {
  const written = await connection('orders')
    .insert({
      id: order.id,
      customer_id: order.customerId,
      idempotency_key: idempotencyKey,
      fingerprint: fingerprintOf(request),
      items: JSON.stringify(order.items),
      total_minor: order.totalMinor,
      points: order.points,
      amount_due_minor: order.amountDueMinor,
      payment_status: 'pending',
      step: 'placing',
      created_at: order.createdAt,
      updated_at: order.createdAt,
    })
    .onConflict(['customer_id', 'idempotency_key'])
    .ignore()
    .returning('id');
  return written.length === 1;
}

async function earlier(
  database: Knex,
  { customerId, idempotencyKey, request }: HandWrittenPurchase,
): Promise<object> {
  const row = await database('orders')
    .where({ customer_id: customerId, idempotency_key: idempotencyKey })
    .first();
  mustMatch(row.fingerprint, fingerprintOf(request));
  return view({
    id: row.id,
    customerId,
    items: row.items,
    totalMinor: Number(row.total_minor),
    points: Number(row.points),
    amountDueMinor: Number(row.amount_due_minor),
    pointsEarned: row.points_earned === null ? null : Number(row.points_earned),
    paymentStatus: row.payment_status,
    createdAt: row.created_at,
  });
}

/** The customer's points, locked until the transaction ends. */
async function lock(trx: Knex.Transaction, id: string): Promise<{ balance: number; held: number }> {
  const row = await trx('customers').where({ id }).forUpdate().first('balance', 'held');
  if (!row) throw new Problem(404, 'NOT_FOUND', 'There is no such customer.');
  // The driver gives bigint columns as text.
  return { balance: Number(row.balance), held: Number(row.held) };
}

async function commit(
  database: Knex,
  order: HandWrittenOrder,
  earned: number,
  payment: Payment | null,
): Promise<void> {
  const { id, customerId, points } = order;
  const now = new Date();
  await database.transaction(async (trx) => {
    const { balance } = await lock(trx, customerId);
    const paid = {
      step: 'committed',
      payment_status: 'paid',
      points_earned: earned,
      payment_id: payment?.paymentId ?? null,
      updated_at: now,
    };
    const written = await trx('orders').where({ id, step: 'placing' }).update(paid);
    if (written !== 1) throw new Problem(409, 'SETTLED_ELSEWHERE', 'The order was settled already.');
    const log = { customer_id: customerId, order_id: id, created_at: now };
    const left = balance - points;
    const rows = [
      ...(points > 0 ? [{ ...log, kind: 'redeem', points: -points, balance_after: left }] : []),
      ...(earned > 0 ? [{ ...log, kind: 'earn', points: earned, balance_after: left + earned }] : []),
    ];
    if (rows.length > 0) await trx('points_log').insert(rows);
    await trx('customers')
      .where({ id: customerId })
      .update({ balance: left + earned, held: trx.raw('held - ?', [points]) });
    for (const { productId, quantity } of order.items) {
      const taken = await trx('products')
        .where({ id: productId })
        .where('stock', '>=', quantity)
        .decrement('stock', quantity);
      if (taken !== 1) throw new Problem(409, 'OUT_OF_STOCK', 'Somebody else has bought the last one.');
    }
  });
}

async function cancel(database: Knex, { id, customerId, points }: HandWrittenOrder): Promise<void> {
  await database.transaction(async (trx) => {
    const failed = { step: 'cancelled', payment_status: 'failed', updated_at: new Date() };
    const written = await trx('orders').where({ id, step: 'placing' }).update(failed);
    if (written === 1 && points > 0)
      await trx('customers').where({ id: customerId }).decrement('held', points);
  });
}

function view(order: HandWrittenOrder): object {
  return {
    id: order.id,
    paymentStatus: order.paymentStatus,
    createdAt: order.createdAt.toISOString(),
    items: order.items.map(({ productId, name, quantity, unitPriceMinor }) => ({
      productId,
      name,
      quantity,
      unitPrice: rupees(unitPriceMinor),
      total: rupees(unitPriceMinor * quantity),
    })),
    total: rupees(order.totalMinor),
    points: order.points,
    pointsValue: rupees(order.points * paisePerPoint),
    amountDue: rupees(order.amountDueMinor),
    pointsEarned: order.pointsEarned,
  };
}
