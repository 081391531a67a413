import type { OrderRecord, OrderRedemption } from '../card/card-state.ts';
import { onConfirm } from '../card/entry.ts';
import { mulDiv } from '../money/rounding.ts';
import { type Instant, isoText } from '../program/instant.ts';
import type { ProgramVersion } from '../program/version.ts';
import { addSpan } from '../rules/calendar.ts';
import { type Earning, earnPoints } from '../rules/earn-points.ts';
import type { PricedOrder } from '../rules/order.ts';
import type { Step } from '../rules/step.ts';
import type { Book } from './book.ts';
import { credit } from './credit.ts';

/** A record of an order that nothing has happened on yet. */
export function newOrderRecord(orderId: string, order: PricedOrder, version: ProgramVersion): OrderRecord {
  return {
    orderId,
    programVersion: version.version,
    order,
    earned: null,
    earnSeq: null,
    redemptions: [],
    refundedQuantities: {},
    refundedAmount: 0,
    moneyBack: 0,
    clawedBack: 0,
    clawedExpired: 0,
  };
}

/** What points paid on an order before refunds: redemptions that were undone by reference never paid. */
export function paidWithPoints(record: OrderRecord | undefined): { points: number; value: number } {
  return sumOfRedemptions(record, ({ points, reversed }) => points - reversed);
}

/** What points pay on an order now, and their value in minor units. */
export function spentOn(record: OrderRecord | undefined): { points: number; value: number } {
  return sumOfRedemptions(record, ({ points, reversed, restored }) => points - reversed - restored);
}

function sumOfRedemptions(record: OrderRecord | undefined, counted: (redemption: OrderRedemption) => number) {
  let points = 0;
  let value = 0;
  for (const redemption of record?.redemptions ?? []) {
    const part = counted(redemption);
    points += part;
    value += mulDiv(redemption.value, part, redemption.points, 'down');
  }
  return { points, value };
}

/** True once anything of the order was refunded. */
export function isRefunded(record: OrderRecord): boolean {
  return record.refundedAmount > 0 || Object.keys(record.refundedQuantities).length > 0;
}

/**
 * What the card would earn on an order now: the rule's points, as far as they fit under the program's maximum once
 * `toBeSpent` points have left the card.
 */
export function earningFor(
  book: Book,
  order: PricedOrder,
  version: ProgramVersion,
  valueSpent: number,
  toBeSpent = 0,
): Earning {
  const earning = earnPoints(order, version, valueSpent);
  const { maxBalance } = version.points;
  if (maxBalance === undefined) return earning;
  const points = Math.min(earning.points, Math.max(0, maxBalance - book.working.card.balance + toBeSpent));
  if (points === earning.points) return earning;
  const step: Step = { rule: 'cap-balance', in: earning.points, out: points, facts: { maximum: maxBalance } };
  return { ...earning, points, steps: [...earning.steps, step] };
}

/** Writes what an order earns on its record and, where it is not zero, as an entry and a lot. */
export function bookEarning(
  book: Book,
  orderId: string,
  order: PricedOrder,
  version: ProgramVersion,
): Earning & { availableAt: Instant | null } {
  const { working, at } = book;
  const record = working.order(orderId);
  const earning = earningFor(book, order, version, spentOn(record).value);
  const availableAt = availability(version, at);
  const earned = {
    ...(record ?? newOrderRecord(orderId, order, version)),
    programVersion: version.version,
    order,
  };
  if (earning.points === 0) {
    working.putOrder({ ...earned, earned: 0, earnSeq: null });
    return { ...earning, availableAt: null };
  }
  const steps = [...earning.steps];
  if (availableAt !== null) {
    const pending: Step = { rule: 'pending', in: earning.points, out: earning.points };
    if (availableAt !== onConfirm) pending.facts = { until: isoText(availableAt) };
    steps.push(pending);
  }
  const entry = credit(book, {
    kind: 'earn',
    points: earning.points,
    programVersion: version.version,
    orderId,
    availableAt,
    explanation: steps,
  });
  working.putOrder({ ...earned, earned: earning.points, earnSeq: entry.seq });
  return { ...earning, availableAt };
}

function availability(version: ProgramVersion, at: Instant): Instant | null {
  const { availability } = version.points.earn;
  if (availability === 'immediate') return null;
  if (availability === 'on-confirm') return onConfirm;
  return addSpan(at, { days: availability.afterDays }, version.timeZone);
}
