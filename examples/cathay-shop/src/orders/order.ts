import { fromMinor, type OrderInput } from '@loyalty-engine/core';
import type { PaymentOrder } from '../payments/payment-gateway.ts';
import { currency } from '../program.ts';

/** A line of an order, at the price of the moment it was placed. */
export interface OrderItem {
  productId: string;
  sku: string;
  name: string;
  category: string;
  quantity: number;
  unitPriceMinor: number;
}

/**
 * How far an order's checkout has come. `placing`: nothing is sold yet. `committed`: order, points and stock are written, the
 * reserved money is yet to be taken. `done`: it was taken. `cancelling`: nobody can commit it any more, what it reserved is
 * being freed. `cancelled`: it is free.
 */
export type OrderStep = 'placing' | 'committed' | 'done' | 'cancelling' | 'cancelled';

/** Why an order failed, as its client was told. */
export interface Failure {
  status: number;
  code: string;
  detail: string;
  facts: Readonly<Record<string, unknown>>;
}

/** An order of the shop. Amounts are in paise: `pointsValueMinor` + `amountDueMinor` = `totalMinor`. */
export interface Order {
  id: string;
  customerId: string;
  fingerprint: string;
  items: OrderItem[];
  totalMinor: number;
  points: number;
  pointsValueMinor: number;
  amountDueMinor: number;
  /** Null until the order is committed. */
  pointsEarned: number | null;
  holdId: string | null;
  paymentId: string | null;
  paymentStatus: 'pending' | 'paid' | 'failed';
  refundedMinor: number;
  step: OrderStep;
  failure: Failure | null;
  createdAt: number;
  updatedAt: number;
}

/** The order as the engine is told of it, always in the same words: the same wish again finds the same hold. */
export function loyaltyOrderOf({ id, items }: Pick<Order, 'id' | 'items'>): OrderInput {
  return {
    id,
    currency,
    lines: items.map(({ productId, sku, category, quantity, unitPriceMinor }) => ({
      id: productId,
      sku,
      category,
      quantity,
      unitPrice: rupees(unitPriceMinor),
    })),
  };
}

/** The order as the gateway is told of it, with its payment once that is known: Stripe finds by order for 24 hours only. */
export function paymentOrderOf({
  id,
  amountDueMinor,
  paymentId,
}: Order): PaymentOrder & { paymentId?: string } {
  return { orderId: id, amountMinor: amountDueMinor, currency, ...(paymentId && { paymentId }) };
}

/** Paise as rupees, in decimal text: 49990 is '499.90'. */
export function rupees(minor: number): string {
  return fromMinor(minor, currency);
}

/** What a client is told of an order; amounts are decimal texts. */
export function viewOrder(order: Order) {
  return {
    id: order.id,
    paymentStatus: order.paymentStatus,
    createdAt: new Date(order.createdAt).toISOString(),
    items: order.items.map(({ productId, name, quantity, unitPriceMinor }) => ({
      productId,
      name,
      quantity,
      unitPrice: rupees(unitPriceMinor),
      total: rupees(unitPriceMinor * quantity),
    })),
    total: rupees(order.totalMinor),
    points: order.points,
    pointsValue: rupees(order.pointsValueMinor),
    amountDue: rupees(order.amountDueMinor),
    pointsEarned: order.pointsEarned,
  };
}
