import { mulDiv } from '../money/rounding.ts';
import type { PricedOrder } from './order.ts';

/** What has gone back of an order: quantities by line id, and amounts that name no line, in minor units. */
export interface Refunded {
  quantities: Readonly<Record<string, number>>;
  amount: number;
}

/** What a quantity of a line is worth: cumulative, so that single pieces add up to the line exactly. */
function netOfQuantity(line: { net: number; quantity: number }, quantity: number): number {
  return mulDiv(line.net, quantity, line.quantity, 'down');
}

/** The refunded pieces of a line. A line can be called `__proto__`: only own properties count. */
export function quantityOf(quantities: Refunded['quantities'], lineId: string): number {
  return Object.hasOwn(quantities, lineId) ? (quantities[lineId] ?? 0) : 0;
}

/** The money that has gone back of the lines, in minor units. */
export function refundedOnLines(order: PricedOrder, quantities: Refunded['quantities']): number {
  let sum = 0;
  for (const line of order.lines) sum += netOfQuantity(line, quantityOf(quantities, line.id));
  return sum;
}

/**
 * The order as if only what was not refunded had been bought: refunded pieces are gone, and an amount that names no
 * line comes off everything in proportion. Every part only shrinks as more is refunded.
 */
export function remainingOrder(order: PricedOrder, refunded: Refunded): PricedOrder {
  const lines = order.lines.map((line) => {
    const gone = quantityOf(refunded.quantities, line.id);
    return gone === 0 ? line : { ...line, net: line.net - netOfQuantity(line, gone) };
  });
  let whole = order.shipping + order.tax;
  for (const line of lines) whole += line.net;
  if (refunded.amount === 0) return { ...order, payable: whole, lines };
  const left = whole - refunded.amount;
  const share = (part: number) => (whole === 0 ? 0 : mulDiv(part, left, whole, 'down'));
  return {
    payable: left,
    shipping: share(order.shipping),
    tax: share(order.tax),
    lines: lines.map((line) => ({ ...line, net: share(line.net) })),
  };
}
