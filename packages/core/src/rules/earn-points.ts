import { mulDiv } from '../money/rounding.ts';
import { spreadInProportion } from '../money/spread-in-proportion.ts';
import { maxPointsPerCommand, type RefundPolicy } from '../program/program.ts';
import { termsOf } from '../program/terms.ts';
import type { ProgramVersion } from '../program/version.ts';
import type { PricedOrder } from './order.ts';
import type { Step } from './step.ts';

/** What an order earns, with every step that led there. `basis` is in minor units. */
export interface Earning {
  points: number;
  basis: number;
  steps: Step[];
}

/**
 * The points an order earns: basis, less the part paid with points, at the program's rate, rounded once an order (or
 * once a line), capped an order. `paidWithPoints` is the money value of points spent on the order, in minor units.
 *
 * Source: Cathay Shop earns 1 point for every 10 rupees, at most 500 an order: 500 rupees earn 50. Against that source
 * the part paid with points earns nothing.
 *
 * @example
 * earnPoints(priceOrder({ id: 'ORDER123', total: '500' }, version), version, 0).points //=> 50
 */
export function earnPoints(order: PricedOrder, version: ProgramVersion, paidWithPoints: number): Earning {
  const { earn } = version.points;
  const { minOrderAmount } = termsOf(version);
  const steps: Step[] = [];
  if (order.payable < minOrderAmount) {
    steps.push({
      rule: 'minimum-order',
      in: order.payable,
      out: 0,
      facts: { minimumAmount: minOrderAmount },
    });
    return { points: 0, basis: 0, steps };
  }
  const parts = earningParts(order, version, steps);
  const basis = takeOffPointsPart(parts, paidWithPoints, steps);
  // Multipliers of tiers and campaigns belong here, between basis and rounding.
  const points = capPerOrder(applyRate(parts, basis, version, steps), earn.maxPointsPerOrder, steps);
  return { points, basis, steps };
}

/**
 * The part of an order's basis that stays paid in money after `refundedBasis` of it was refunded. It depends on the sum
 * alone and only shrinks, so that many small refunds end exactly where one large refund ends.
 */
export function basisPaidInMoney(
  basis: number,
  paidWithPoints: number,
  refundedBasis: number,
  split: RefundPolicy['split'],
): number {
  const money = Math.max(0, basis - paidWithPoints);
  const left = basis - refundedBasis;
  if (money === 0 || left === 0) return 0;
  if (split === 'pro-rata') return mulDiv(money, left, basis, 'down');
  return split === 'cash-first' ? Math.max(0, money - refundedBasis) : Math.min(money, left);
}

/** What of an order counts for earning before points paid for any of it, in minor units. */
export function earningBasis(order: PricedOrder, version: ProgramVersion): number {
  let basis = 0;
  for (const part of earningParts(order, version, [])) basis += part;
  return basis;
}

/** The amounts that earn: one for each earning line, then shipping and tax where the program includes them. */
function earningParts(order: PricedOrder, version: ProgramVersion, steps: Step[]): number[] {
  const { includeShipping, includeTax } = version.points.earn;
  const parts: number[] = [];
  let excluded = 0;
  let counted = 0;
  for (const line of order.lines) {
    if (line.earns) {
      parts.push(line.net);
      counted += line.net;
    } else excluded += line.net;
  }
  const facts: Record<string, number> = {};
  if (excluded > 0) facts.excluded = excluded;
  for (const [name, amount, included] of [
    ['shipping', order.shipping, includeShipping],
    ['tax', order.tax, includeTax],
  ] as const) {
    if (amount === 0) continue;
    if (included) {
      parts.push(amount);
      counted += amount;
    } else facts[name] = amount;
  }
  const step: Step = { rule: 'basis', in: order.payable, out: counted };
  if (counted !== order.payable) step.facts = facts;
  steps.push(step);
  return parts;
}

/** Takes the part paid with points off the parts, in proportion, and returns what is left of them together. */
function takeOffPointsPart(parts: number[], paidWithPoints: number, steps: Step[]): number {
  let whole = 0;
  for (const part of parts) whole += part;
  const off = Math.min(paidWithPoints, whole);
  if (off === 0) return whole;
  const shares = spreadInProportion(off, parts);
  for (const [index, share] of shares.entries()) parts[index] = (parts[index] ?? 0) - share;
  steps.push({ rule: 'paid-with-points', in: whole, out: whole - off });
  return whole - off;
}

function applyRate(parts: readonly number[], basis: number, version: ProgramVersion, steps: Step[]): number {
  const { points, rounding, roundPer, steps: by } = version.points.earn;
  const { perAmount } = termsOf(version);
  const rated = (amount: number) => {
    // Far beyond what one command may move, where exact multiplication would overflow: the cap or a refusal follows.
    if ((points * amount) / perAmount > 10 * maxPointsPerCommand) return 10 * maxPointsPerCommand;
    if (by === 'complete') return points * Math.floor(amount / perAmount);
    return mulDiv(points, amount, perAmount, rounding);
  };
  let earned = 0;
  if (roundPer === 'order') earned = rated(basis);
  else for (const part of parts) earned += rated(part);
  const facts: Record<string, number | string> = { points, perAmount, steps: by, rounding };
  if (roundPer === 'line') facts.lines = parts.length;
  steps.push({ rule: 'rate', in: basis, out: earned, facts });
  return earned;
}

function capPerOrder(points: number, cap: number | undefined, steps: Step[]): number {
  if (cap === undefined || points <= cap) return points;
  steps.push({ rule: 'cap-per-order', in: points, out: cap });
  return cap;
}
