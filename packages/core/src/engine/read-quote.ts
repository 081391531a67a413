import { z } from 'zod';
import { balanceFigures } from '../card/balance.ts';
import { notAllowed } from '../commands/admit.ts';
import { openActiveBook } from '../commands/book.ts';
import { earningFor } from '../commands/book-earning.ts';
import { moneyText } from '../commands/book-redemption.ts';
import { checkCardRef, parseInput } from '../commands/command.ts';
import { explainSteps } from '../commands/outcome.ts';
import { closedForSpending, committedTo, planRedemption } from '../commands/plan-redemption.ts';
import type { Refusal } from '../commands/refusal.ts';
import { sweep } from '../commands/sweep.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import { identifierSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { maxPointsPerCommand } from '../program/program.ts';
import { type OrderInput, orderSchema, priceOrder } from '../rules/order.ts';
import type { RedemptionLimit } from '../rules/quote-redemption.ts';
import type { ExplainedStep } from '../rules/step.ts';
import { loadForReading, type Member, readingShape, touchOfParsed } from './reader.ts';

export const quoteSchema = z
  .strictObject({
    ...readingShape,
    locationId: identifierSchema.optional(),
    order: orderSchema,
    points: z.number().int().min(0).max(maxPointsPerCommand).optional(),
  })
  .superRefine(checkCardRef);

/** Where nothing is said of the place, it is quoted as for one where no location is named. */
export type QuoteInput = Member & {
  order: OrderInput;
  points?: number | undefined;
  locationId?: string | undefined;
};

/** What an order could be paid with and what it would earn. Amounts are decimal texts. */
export interface Quote {
  ok: true;
  available: number;
  /** The most points that this order can be paid with now, and the limit that sets it. */
  maxPoints: number;
  limitedBy: RedemptionLimit;
  /** The points quoted: those asked for, or the most. */
  points: number;
  value: string;
  amountDue: string;
  willEarn: number;
  explanation: ExplainedStep[];
}

/** Quotes an order at `now`; see `Loyalty.quote`. */
export async function readQuote(
  store: LoyaltyStore,
  input: QuoteInput,
  now: Instant,
): Promise<Quote | Refusal> {
  const { order, points, locationId, ...ref } = parseInput(quoteSchema, input);
  const state = await loadForReading(store, touchOfParsed(ref, now, { orders: [order.id] }));
  const book = openActiveBook(state, { locationId }, now);
  if ('ok' in book) return book;
  const elsewhere = notAllowed(state, { locationId }, ['redeem']);
  if (elsewhere) return elsewhere;
  const { version, working } = book;
  const priced = priceOrder(order, version);
  const closed = closedForSpending(working.order(order.id), priced, version.currency);
  if (closed) return closed;
  const open = working.openHolds().find((hold) => hold.orderId === order.id);
  // A new hold would take the place of the order's open one: what that holds can be spent.
  if (open) working.putHold({ ...open, status: 'released' });
  sweep(book);
  const plan = planRedemption(book, { orderId: order.id, order: priced, points, clamp: false });
  if ('ok' in plan) return plan;
  const paid = committedTo(book, order.id).value + plan.value;
  const earning = earningFor(book, priced, version, paid, plan.points);
  return {
    ok: true,
    available: balanceFigures(working, book.at).available,
    maxPoints: plan.maxPoints,
    limitedBy: plan.limitedBy,
    points: plan.points,
    value: moneyText(book, plan.value),
    amountDue: moneyText(book, priced.payable - paid),
    willEarn: earning.points,
    explanation: explainSteps([...plan.steps, ...earning.steps], version.currency),
  };
}
