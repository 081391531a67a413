import type { z } from 'zod';
import type { CardState } from '../card/card-state.ts';
import { onConfirm } from '../card/entry.ts';
import { fromMinor } from '../money/amount.ts';
import { type Instant, isoText } from '../program/instant.ts';
import { orderSchema, priceOrder } from '../rules/order.ts';
import { openActiveBook } from './book.ts';
import { bookEarning, isRefunded } from './book-earning.ts';
import { type CommandDefinition, type CommandInput, commandSchema, type ParsedCommand } from './command.ts';
import { enrolOnFirstUse } from './enrol.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import { sweep } from './sweep.ts';

export const earnSchema = commandSchema({ order: orderSchema });
export type EarnInput = CommandInput<typeof earnSchema>;
export type EarnCommand = z.output<typeof earnSchema> & Pick<ParsedCommand, 'heir'>;

export interface EarnFacts {
  orderId: string;
  points: number;
  /** True while the points wait for a date or for `confirmEarn`. */
  pending: boolean;
  /** When pending points become available; null at once or when confirmed. */
  availableAt: string | null;
  /** When the points expire by date; null never, or by inactivity. */
  expiresAt: string | null;
}

/**
 * Decides what an order earns. Refusals in this order: NO_ACTIVE_PROGRAM, CARD_NOT_FOUND, CARD_INACTIVE, ORDER_NOT_PAID,
 * ORDER_ALREADY_EARNED, ORDER_ALREADY_REFUNDED, ORDER_MISMATCH, BALANCE_LIMIT. Zero points is a success without an entry.
 *
 * @example
 * decideEarn(state, { programId, customerId, order: { id: 'ORDER123', total: '500' } }, now).outcome
 * //=> { ok: true, points: 50, ... } at 1 point per 10 rupees
 */
export function decideEarn(state: CardState, command: EarnCommand, now: Instant): Decision<EarnFacts> {
  const book = openActiveBook(state, command, now, { operation: 'earn' });
  if ('ok' in book) return refused(book);
  const { order } = command;
  if (order.paymentStatus === 'pending' || order.paymentStatus === 'failed') {
    return refused(refuse('ORDER_NOT_PAID', { orderId: order.id, paymentStatus: order.paymentStatus }));
  }
  const priced = priceOrder(order, book.version);
  const record = book.working.order(order.id);
  // A merged card earns only on what it knows of already: an order that was paid for in part with its points.
  if (!record && command.heir) return refused(refuse('CARD_MERGED', { cardId: command.heir.card.cardId }));
  if (record) {
    if (record.earned !== null)
      return refused(refuse('ORDER_ALREADY_EARNED', { orderId: order.id, points: record.earned }));
    if (isRefunded(record)) return refused(refuse('ORDER_ALREADY_REFUNDED', { orderId: order.id }));
    if (record.order.payable !== priced.payable) {
      const recorded = fromMinor(record.order.payable, book.version.currency);
      return refused(refuse('ORDER_MISMATCH', { orderId: order.id, recorded }));
    }
  }
  enrolOnFirstUse(book);
  sweep(book);
  const { points, availableAt, steps } = bookEarning(book, order.id, priced, book.version);
  const lot = points === 0 ? null : (book.working.entries.at(-1)?.lot ?? null);
  const facts: EarnFacts = {
    orderId: order.id,
    points,
    pending: availableAt !== null && availableAt > book.now,
    availableAt:
      availableAt === null || availableAt === onConfirm || availableAt <= book.now
        ? null
        : isoText(availableAt),
    expiresAt: lot?.expiresAt ? isoText(lot.expiresAt) : null,
  };
  return book.accept(facts, points === 0 ? steps : []);
}

export const earn: CommandDefinition<typeof earnSchema, EarnFacts> = {
  kind: 'earn',
  schema: earnSchema,
  derivedKey: ({ order }) => `earn:${order.id}`,
  onceOnly: true,
  settlesMerged: true,
  reach: ({ order }) => ({ orders: [order.id] }),
  decide: decideEarn,
};
