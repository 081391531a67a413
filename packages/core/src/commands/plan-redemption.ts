import { balanceFigures } from '../card/balance.ts';
import type { OrderRecord } from '../card/card-state.ts';
import { invalid } from '../errors.ts';
import { fromMinor } from '../money/amount.ts';
import { mulDiv } from '../money/rounding.ts';
import { termsOf } from '../program/terms.ts';
import type { PricedOrder } from '../rules/order.ts';
import { pointsValue, quoteRedemption, type RedemptionLimit } from '../rules/quote-redemption.ts';
import type { Step } from '../rules/step.ts';
import type { Book } from './book.ts';
import { isRefunded, spentOn } from './book-earning.ts';
import { refuse } from './outcome.ts';
import type { Refusal, RefusalCode } from './refusal.ts';

const limitCodes: Record<RedemptionLimit, RefusalCode> = {
  available: 'NOT_ENOUGH_POINTS',
  maxPointsPerOrder: 'MAX_POINTS_PER_ORDER',
  maxShareOfOrder: 'MAX_SHARE_OF_ORDER',
  payable: 'EXCEEDS_PAYABLE',
  increment: 'NOT_A_MULTIPLE',
  minPoints: 'BELOW_MIN_POINTS',
};

export interface RedemptionWish {
  orderId: string | null;
  order: PricedOrder | null;
  /** Undefined asks for the most there can be; 0 spends nothing. */
  points: number | undefined;
  /** True takes the most allowed where more was asked for. */
  clamp: boolean;
}

/** What a redemption would take and leave; amounts in minor units. */
export interface RedemptionPlan {
  points: number;
  value: number;
  amountDue: number | null;
  maxPoints: number;
  /** The limit that set `maxPoints`, and the one that cut the wish down; null where nothing did. */
  limitedBy: RedemptionLimit;
  clampedBy: RedemptionLimit | null;
  steps: Step[];
}

/** What points and open holds already pay on an order, without one of the holds. */
export function committedTo(
  book: Book,
  orderId: string | null,
  without?: string,
): { points: number; value: number } {
  const spent = spentOn(orderId === null ? undefined : book.working.order(orderId));
  for (const hold of book.working.openHolds()) {
    if (hold.orderId !== orderId || orderId === null || hold.holdId === without) continue;
    spent.points += hold.points;
    spent.value += hold.value;
  }
  return spent;
}

/** Why nothing can be spent on an order any more, or null. */
export function closedForSpending(
  record: OrderRecord | undefined,
  order: PricedOrder | null,
  currency: string,
): Refusal | null {
  if (!record) return null;
  const { orderId } = record;
  if (record.earned !== null) return refuse('ORDER_ALREADY_EARNED', { orderId, points: record.earned });
  if (isRefunded(record)) return refuse('ORDER_ALREADY_REFUNDED', { orderId });
  if (order && record.order.payable !== order.payable) {
    return refuse('ORDER_MISMATCH', { orderId, recorded: fromMinor(record.order.payable, currency) });
  }
  return null;
}

/**
 * Measures a wish to spend points against every limit, in the documented order.
 *
 * @throws InvalidCommandError when the points are worth more than an amount can be.
 */
export function planRedemption(book: Book, wish: RedemptionWish): RedemptionPlan | Refusal {
  const { working, version, at } = book;
  const { order } = wish;
  const spent = committedTo(book, wish.orderId);
  const { available } = balanceFigures(working, at);
  const quote = quoteRedemption(
    {
      available,
      points: wish.points,
      order: order
        ? { payable: order.payable, pointsSpent: spent.points, valueSpent: spent.value }
        : undefined,
    },
    version,
  );
  const breaks = wish.points === 0 || wish.points === undefined ? null : quote.breaks;
  const { minPoints, increment } = version.points.redeem;
  const points = clampedPoints(wish.points, quote.maxPoints, increment);
  // What a clamped wish comes down to must itself keep every limit: not nothing, and not below the minimum.
  const clampable = wish.clamp && points >= (minPoints ?? 1);
  if (breaks !== null && !clampable) {
    return refuse(limitCodes[breaks], {
      requested: wish.points,
      available,
      limit: quote.maxPoints,
      reason: breaks,
      limitedBy: quote.limitedBy,
      ...(minPoints === undefined ? {} : { minPoints }),
      ...(increment === undefined ? {} : { increment }),
    });
  }
  const { valuePerPoint } = termsOf(version);
  const { numerator, denominator } = valuePerPoint;
  if ((points * numerator) / denominator >= Number.MAX_SAFE_INTEGER)
    throw invalid(['points'], 'are worth more than an amount can be', 'too_big');
  const value = pointsValue(points, valuePerPoint);
  if (points > 0 && value === 0) {
    const least = mulDiv(1, denominator, numerator, 'up');
    return refuse('BELOW_MIN_POINTS', {
      requested: wish.points,
      available,
      limit: 0,
      reason: 'value',
      minPoints: least,
    });
  }
  const steps: Step[] = [...quote.steps, { rule: 'value', in: points, out: value }];
  const toPay = order ? order.payable - spent.value : null;
  if (toPay !== null) steps.push({ rule: 'amount-due', in: toPay, out: toPay - value });
  return {
    points,
    value,
    amountDue: toPay === null ? null : toPay - value,
    maxPoints: quote.maxPoints,
    limitedBy: quote.limitedBy,
    clampedBy: breaks === null ? null : breaks === 'increment' ? 'increment' : quote.limitedBy,
    steps,
  };
}

function clampedPoints(asked: number | undefined, maxPoints: number, increment: number | undefined): number {
  const points = Math.min(asked ?? maxPoints, maxPoints);
  return increment === undefined ? points : points - (points % increment);
}
