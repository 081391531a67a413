import { mulDiv } from '../money/rounding.ts';
import type { ProgramVersion } from '../program/version.ts';
import { basisPaidInMoney, type Earning, earningBasis, earnPoints } from './earn-points.ts';
import type { PricedOrder } from './order.ts';
import { type Refunded, remainingOrder } from './remaining-order.ts';

/**
 * What an order would have earned had only the rest been bought: the order's own version, same rounding and caps, the
 * part paid with points shrinking as the refund policy splits it. `valueSpent` is what points paid, in minor units.
 */
export function earnedOnRemaining(
  order: PricedOrder,
  refunded: Refunded,
  version: ProgramVersion,
  valueSpent: number,
): Earning {
  const remaining =
    version.points.earn.roundPer === 'line'
      ? remainingOrder(order, refunded)
      : remainingAsOne(order, refunded, version);
  const whole = earningBasis(order, version);
  const left = earningBasis(remaining, version);
  const inMoney = basisPaidInMoney(whole, valueSpent, whole - left, version.points.refunds.split);
  return earnPoints(remaining, version, left - inMoney);
}

/**
 * What remains with all that earns in one line: an amount that names no line then comes off the sum once, and not off
 * each of a thousand lines with a rounding of its own.
 */
function remainingAsOne(order: PricedOrder, refunded: Refunded, version: ProgramVersion): PricedOrder {
  const pieces = remainingOrder(order, { ...refunded, amount: 0 });
  const payable = pieces.payable - refunded.amount;
  const earning = earningBasis(pieces, version);
  const net = pieces.payable === 0 ? 0 : mulDiv(earning, payable, pieces.payable, 'down');
  return { payable, shipping: 0, tax: 0, lines: [{ id: '', sku: null, quantity: 1, net, earns: true }] };
}
