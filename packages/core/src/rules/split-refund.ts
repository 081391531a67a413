import { mulDiv } from '../money/rounding.ts';
import type { RefundPolicy } from '../program/program.ts';

/** How an order was paid, in minor units and points. */
export interface Payment {
  payable: number;
  points: number;
  /** What the points were worth when they were spent. */
  value: number;
}

/**
 * How much of an order has gone back in money and in points once `refunded` of it has gone back in all. The answer
 * depends on the sum only, so that many small refunds end exactly where one large refund ends; neither part ever
 * exceeds what was paid. Parts are rounded down to whole points and to the minor unit's nearest.
 *
 * @example
 * splitRefund({ payable: 50_000, points: 100, value: 10_000 }, 25_000, 'pro-rata') //=> { money: 20000, points: 50 }
 */
export function splitRefund(
  payment: Payment,
  refunded: number,
  split: RefundPolicy['split'],
): { money: number; points: number } {
  const { payable, points, value } = payment;
  const money = payable - value;
  if (refunded === payable) return { money, points };
  if (points === 0) return { money: refunded, points: 0 };
  switch (split) {
    case 'pro-rata':
      return {
        money: mulDiv(money, refunded, payable, 'half-up'),
        points: mulDiv(points, refunded, payable, 'down'),
      };
    case 'cash-first':
      return { money: Math.min(refunded, money), points: pointsFor(Math.max(0, refunded - money), payment) };
    case 'points-first':
      return { money: Math.max(0, refunded - value), points: pointsFor(Math.min(refunded, value), payment) };
  }
}

function pointsFor(amount: number, { points, value }: Payment): number {
  return value === 0 ? 0 : mulDiv(points, amount, value, 'down');
}
