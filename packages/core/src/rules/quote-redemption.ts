import type { Ratio } from '../money/amount.ts';
import { mulDiv } from '../money/rounding.ts';
import { termsOf } from '../program/terms.ts';
import type { ProgramVersion } from '../program/version.ts';
import type { Step, StepRule } from './step.ts';

/** The limits on a redemption in the order in which they are checked. */
export const redemptionLimits = [
  'available',
  'maxPointsPerOrder',
  'maxShareOfOrder',
  'payable',
  'increment',
  'minPoints',
] as const;
export type RedemptionLimit = (typeof redemptionLimits)[number];

/** What a redemption is measured against; amounts in minor units. */
export interface RedemptionRequest {
  available: number;
  /** The points asked for; undefined asks for the most there can be. */
  points: number | undefined;
  /** The order, where there is one: what is payable in all, and what points have already paid or hold. */
  order?: { payable: number; pointsSpent: number; valueSpent: number } | undefined;
}

export interface RedemptionQuote {
  /** The most that may be spent now, every limit kept. */
  maxPoints: number;
  /** The limit that sets `maxPoints`. */
  limitedBy: RedemptionLimit;
  /** The first limit that the points asked for break, in the documented order; null where they break none. */
  breaks: RedemptionLimit | null;
  steps: Step[];
}

/**
 * The most points that can be spent, and whether the points asked for can. Limits are checked in the order available,
 * maxPointsPerOrder, maxShareOfOrder, payable, increment, minPoints.
 *
 * Source: Cathay Shop promises "only available points" and a maximum an order; the payable amount keeps the charge from
 * going below zero.
 */
export function quoteRedemption(request: RedemptionRequest, version: ProgramVersion): RedemptionQuote {
  const { redeem } = version.points;
  const { valuePerPoint, maxShareOfOrder } = termsOf(version);
  const { order } = request;
  const asked = request.points ?? Number.MAX_SAFE_INTEGER;
  const steps: Step[] = [];
  let maxPoints = Number.MAX_SAFE_INTEGER;
  let limitedBy: RedemptionLimit = 'available';
  let breaks: RedemptionLimit | null = null;

  const limit = (name: RedemptionLimit, rule: StepRule, most: number, facts?: Record<string, number>) => {
    if (asked > most) {
      breaks ??= name;
      // Without a wish there is nothing to cut down: the step then only states what there is.
      const step: Step = {
        rule,
        in: request.points === undefined ? most : Math.min(asked, maxPoints),
        out: most,
      };
      if (facts) step.facts = facts;
      if (most < maxPoints) steps.push(step);
    }
    if (most < maxPoints) {
      maxPoints = most;
      limitedBy = name;
    }
  };

  limit('available', 'limit-available', request.available);
  if (order) {
    if (redeem.maxPointsPerOrder !== undefined) {
      limit(
        'maxPointsPerOrder',
        'limit-per-order',
        Math.max(0, redeem.maxPointsPerOrder - order.pointsSpent),
      );
    }
    if (maxShareOfOrder) {
      const share = mulDiv(order.payable, maxShareOfOrder.numerator, maxShareOfOrder.denominator, 'down');
      limit(
        'maxShareOfOrder',
        'limit-share',
        pointsWorth(Math.max(0, share - order.valueSpent), valuePerPoint),
      );
    }
    limit(
      'payable',
      'limit-payable',
      pointsWorth(Math.max(0, order.payable - order.valueSpent), valuePerPoint),
    );
  }
  const { increment, minPoints } = redeem;
  if (increment !== undefined) {
    limit('increment', 'limit-increment', maxPoints - (maxPoints % increment), { increment });
    if (request.points !== undefined && request.points % increment !== 0) {
      if (breaks === null) {
        const most = request.points - (request.points % increment);
        steps.push({ rule: 'limit-increment', in: request.points, out: most, facts: { increment } });
      }
      breaks ??= 'increment';
    }
  }
  if (minPoints !== undefined && Math.min(asked, maxPoints) < minPoints) {
    steps.push({
      rule: 'limit-minimum',
      in: Math.min(asked, maxPoints),
      out: 0,
      facts: { minimum: minPoints },
    });
    breaks ??= 'minPoints';
    if (maxPoints < minPoints) {
      maxPoints = 0;
      limitedBy = 'minPoints';
    }
  }
  return { maxPoints, limitedBy, breaks, steps };
}

/**
 * What points are worth in minor units, rounded down.
 *
 * @example
 * pointsValue(30, { numerator: 100, denominator: 1 }) //=> 3000
 */
export function pointsValue(points: number, valuePerPoint: Ratio): number {
  return mulDiv(points, valuePerPoint.numerator, valuePerPoint.denominator, 'down');
}

/** The most points whose value does not exceed an amount; never more points than it takes to reach it. */
function pointsWorth(amount: number, valuePerPoint: Ratio): number {
  const { numerator, denominator } = valuePerPoint;
  // More points than any card can have.
  if ((amount * denominator) / numerator >= Number.MAX_SAFE_INTEGER) return Number.MAX_SAFE_INTEGER;
  const points = mulDiv(amount, denominator, numerator, 'down');
  const reached = pointsValue(points, valuePerPoint);
  return reached < amount && pointsValue(points + 1, valuePerPoint) <= amount ? points + 1 : points;
}
