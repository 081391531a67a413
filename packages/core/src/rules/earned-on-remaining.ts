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
  const remaining = remainingOrder(order, refunded);
  const whole = earningBasis(order, version);
  const left = earningBasis(remaining, version);
  const inMoney = basisPaidInMoney(whole, valueSpent, whole - left, version.points.refunds.split);
  return earnPoints(remaining, version, left - inMoney);
}
