import type { z } from 'zod';
import type { CardState, Hold } from '../card/card-state.ts';
import { identifierSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { termsOf } from '../program/terms.ts';
import { versionNumbered } from '../program/version.ts';
import { type Allocation, returnToLots } from '../rules/burn-lots.ts';
import { pointsValue } from '../rules/quote-redemption.ts';
import { admitted, type Book, openActiveBook } from './book.ts';
import { bookEarning } from './book-earning.ts';
import { bookRedemption, moneyText } from './book-redemption.ts';
import { type CommandDefinition, type CommandInput, commandSchema, pointsSchema } from './command.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import { closedForSpending, committedTo, planRedemption } from './plan-redemption.ts';
import type { Refusal } from './refusal.ts';
import { sweep } from './sweep.ts';
import { take } from './take.ts';

export const captureSchema = commandSchema({ holdId: identifierSchema, points: pointsSchema.optional() });
export const checkoutCompleteSchema = commandSchema({ holdId: identifierSchema });
export type CaptureInput = CommandInput<typeof captureSchema>;
export type CheckoutCompleteInput = CommandInput<typeof checkoutCompleteSchema>;

export interface CaptureFacts {
  holdId: string;
  orderId: string | null;
  points: number;
  value: string;
}

export interface CheckoutCompleteFacts extends CaptureFacts {
  /** What is to be paid in money. */
  amountDue: string;
  /** The points that the part paid in money earned. */
  earned: number;
}

/**
 * Decides a capture: held points are spent for good; capturing fewer gives the rest back. A hold past its time is still
 * captured while the card has the points. Refusals: those of opening a card, HOLD_NOT_FOUND, HOLD_ALREADY_CAPTURED,
 * HOLD_ALREADY_RELEASED, NOT_ENOUGH_POINTS (more than was held), those of a closed order, EXCEEDS_PAYABLE, HOLD_EXPIRED.
 */
export function decideCapture(
  state: CardState,
  command: z.output<typeof captureSchema>,
  now: Instant,
): Decision<CaptureFacts> {
  const book = openActiveBook(state, command, now);
  if ('ok' in book) return refused(book);
  const captured = capture(book, command.holdId, command.points);
  return 'ok' in captured ? refused(captured) : book.accept(captured.facts);
}

/**
 * Decides the end of a checkout: captures the hold and earns on the part paid in money, by the rules in force when the
 * checkout started. Refusals are those of a capture, and HOLD_WITHOUT_ORDER.
 */
export function decideCheckoutComplete(
  state: CardState,
  command: z.output<typeof checkoutCompleteSchema>,
  now: Instant,
): Decision<CheckoutCompleteFacts> {
  const book = openActiveBook(state, command, now);
  if ('ok' in book) return refused(book);
  const confirmed = confirmedEarning(book, command.holdId);
  if (confirmed) return refused(confirmed);
  const captured = capture(book, command.holdId, undefined);
  if ('ok' in captured) return refused(captured);
  const { order, orderId, programVersion } = captured.hold;
  if (!order || orderId === null) return refused(refuse('HOLD_WITHOUT_ORDER', { holdId: command.holdId }));
  const version = versionNumbered(state.versions, programVersion);
  const { points, steps } = bookEarning(book, orderId, order, version);
  const spent = committedTo(book, orderId).value;
  return book.accept(
    { ...captured.facts, amountDue: moneyText(book, order.payable - spent), earned: points },
    points === 0 ? steps : [],
  );
}

/** Staff who confirmed the hold confirmed what completing it earns; where nobody did, earning may ask for somebody. */
function confirmedEarning(book: Book, holdId: string): Refusal | null {
  if (book.working.hold(holdId)?.staffId) return null;
  const admission = admitted(book, { operation: 'earn' });
  return 'ok' in admission ? admission : null;
}

function capture(
  book: Book,
  holdId: string,
  wanted: number | undefined,
): { facts: CaptureFacts; hold: Hold } | Refusal {
  const { working, version: current } = book;
  const hold = working.hold(holdId);
  if (!hold) return refuse('HOLD_NOT_FOUND', { holdId });
  if (hold.status === 'captured') return refuse('HOLD_ALREADY_CAPTURED', { holdId, points: hold.points });
  if (hold.status === 'released') return refuse('HOLD_ALREADY_RELEASED', { holdId });
  book.staffId ??= hold.staffId;
  const points = wanted ?? hold.points;
  if (points > hold.points) {
    return refuse('NOT_ENOUGH_POINTS', { requested: points, limit: hold.points, reason: 'held' });
  }
  const { orderId, order } = hold;
  const closed = orderId === null ? null : closedForSpending(working.order(orderId), order, current.currency);
  if (closed) return closed;
  const version = versionNumbered(working.state.versions, hold.programVersion);
  const value = points === hold.points ? hold.value : pointsValue(points, termsOf(version).valuePerPoint);
  if (order && committedTo(book, orderId, holdId).value + value > order.payable) {
    return refuse('EXCEEDS_PAYABLE', { requested: points, reason: 'payable' });
  }
  sweep(book);
  const lots = hold.status === 'open' ? firstOf(hold.lots, points) : lateLots(book, hold, points);
  if ('ok' in lots) return lots;
  working.putHold({ ...hold, status: 'captured', points, value, lots });
  if (points > 0) {
    const steps = [{ rule: 'value', in: points, out: value } as const];
    bookRedemption(book, { orderId, order, points, value, lots, version, holdId, steps });
  }
  return { facts: { holdId, orderId, points, value: moneyText(book, value) }, hold };
}

/** The first of what a hold reserves: capturing fewer points gives the rest back. */
function firstOf(lots: readonly Allocation[], points: number): Allocation[] {
  return returnToLots(lots.toReversed(), 0, points);
}

/** A hold past its time reserves nothing: its points are spent anew, within every limit, while the card has them. */
function lateLots(book: Book, { holdId, orderId, order }: Hold, points: number): Allocation[] | Refusal {
  if (points === 0) return [];
  const plan = planRedemption(book, { orderId, order, points, clamp: false });
  if ('ok' in plan)
    return plan.code === 'NOT_ENOUGH_POINTS' ? refuse('HOLD_EXPIRED', { holdId, points }) : plan;
  return take(book, points).lots.map(([lot, part]): Allocation => [lot, -part]);
}

export const captureHold: CommandDefinition<typeof captureSchema, CaptureFacts> = {
  kind: 'capture',
  schema: captureSchema,
  derivedKey: ({ holdId }) => `capture:${holdId}`,
  onceOnly: true,
  reach: ({ holdId }) => ({ holds: [holdId], takesBack: true }),
  decide: decideCapture,
};

export const checkoutComplete: CommandDefinition<typeof checkoutCompleteSchema, CheckoutCompleteFacts> = {
  kind: 'checkout.complete',
  schema: checkoutCompleteSchema,
  derivedKey: ({ holdId }) => `complete:${holdId}`,
  onceOnly: true,
  reach: ({ holdId }) => ({ holds: [holdId], takesBack: true }),
  decide: decideCheckoutComplete,
};
