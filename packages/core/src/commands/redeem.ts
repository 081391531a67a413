import { z } from 'zod';
import type { CardState } from '../card/card-state.ts';
import type { Instant } from '../program/instant.ts';
import type { Allocation } from '../rules/burn-lots.ts';
import { orderSchema, priceOrder } from '../rules/order.ts';
import type { RedemptionLimit } from '../rules/quote-redemption.ts';
import { openActiveBook } from './book.ts';
import { bookRedemption, moneyText } from './book-redemption.ts';
import { type CommandDefinition, type CommandInput, commandSchema, pointsSchema } from './command.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import { closedForSpending, planRedemption } from './plan-redemption.ts';
import { sweep } from './sweep.ts';
import { take } from './take.ts';

export const redeemSchema = commandSchema({
  order: orderSchema.optional(),
  points: pointsSchema,
  clamp: z.boolean().optional(),
});
export type RedeemInput = CommandInput<typeof redeemSchema>;
export type RedeemCommand = z.output<typeof redeemSchema>;

export interface RedeemFacts {
  orderId: string | null;
  points: number;
  /** What the points are worth, as a decimal text. */
  value: string;
  /** What is left to pay of the order; null without one. */
  amountDue: string | null;
  /** The limit that cut the points down where `clamp` was given; null where none did. */
  clampedBy: RedemptionLimit | null;
}

/**
 * Decides a redemption: hold and capture in one. Refusals in this order: NO_ACTIVE_PROGRAM, CARD_NOT_FOUND,
 * CARD_INACTIVE, ORDER_ALREADY_EARNED, ORDER_ALREADY_REFUNDED, ORDER_MISMATCH, then the limits: NOT_ENOUGH_POINTS,
 * MAX_POINTS_PER_ORDER, MAX_SHARE_OF_ORDER, EXCEEDS_PAYABLE, NOT_A_MULTIPLE, BELOW_MIN_POINTS.
 */
export function decideRedeem(state: CardState, command: RedeemCommand, now: Instant): Decision<RedeemFacts> {
  const book = openActiveBook(state, command, now, {
    operation: 'redeem',
    orderId: command.order?.id,
  });
  if ('ok' in book) return refused(book);
  const { version, working } = book;
  const order = command.order ? priceOrder(command.order, version) : null;
  const orderId = command.order?.id ?? null;
  const closed = orderId === null ? null : closedForSpending(working.order(orderId), order, version.currency);
  if (closed) return refused(closed);
  sweep(book);
  const plan = planRedemption(book, {
    orderId,
    order,
    points: command.points,
    clamp: command.clamp ?? false,
  });
  if ('ok' in plan) return refused(plan);
  const { points, value, steps } = plan;
  const taking = take(book, points);
  if (taking.missing > 0)
    return refused(refuse('NOT_ENOUGH_POINTS', { requested: points, missing: taking.missing }));
  const lots = taking.lots.map(([lot, part]): Allocation => [lot, -part]);
  bookRedemption(book, { orderId, order, points, value, lots, version, steps });
  return book.accept({
    orderId,
    points,
    value: moneyText(book, value),
    amountDue: moneyText(book, plan.amountDue),
    clampedBy: plan.clampedBy,
  });
}

export const redeem: CommandDefinition<typeof redeemSchema, RedeemFacts> = {
  kind: 'redeem',
  schema: redeemSchema,
  derivedKey: ({ order }) => (order ? `redeem:${order.id}` : null),
  isUndone: (state, { order }, receipt) => {
    const last = receipt.firstSeq + receipt.entryCount - 1;
    const made = state.orders.get(order?.id ?? '')?.redemptions.find(({ seq }) => seq === last);
    return made !== undefined && made.reversed === made.points;
  },
  reach: ({ order, points }) => ({ orders: order ? [order.id] : [], burn: points }),
  decide: decideRedeem,
};
