import type { z } from 'zod';
import { isPending } from '../card/balance.ts';
import type { CardState, Lot } from '../card/card-state.ts';
import { identifierSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { type Book, openActiveBook, openBook } from './book.ts';
import { type CommandDefinition, type CommandInput, commandSchema } from './command.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import type { Refusal } from './refusal.ts';
import { sweep } from './sweep.ts';

export const pendingEarnSchema = commandSchema({ orderId: identifierSchema });
export type PendingEarnInput = CommandInput<typeof pendingEarnSchema>;
type PendingEarnCommand = z.output<typeof pendingEarnSchema>;

export interface PendingEarnFacts {
  orderId: string;
  points: number;
}

/**
 * Decides that an order's pending points become available now. Refusals: those of opening a card, ORDER_NOT_FOUND,
 * EARN_NOT_PENDING.
 */
export function decideConfirmEarn(
  state: CardState,
  command: PendingEarnCommand,
  now: Instant,
): Decision<PendingEarnFacts> {
  const opened = openPending(openActiveBook(state, command, now), command.orderId);
  if ('ok' in opened) return refused(opened);
  const { book, lot } = opened;
  book.write({
    kind: 'confirm',
    points: 0,
    orderId: command.orderId,
    lots: [[lot.seq, 0]],
    explanation: [{ rule: 'confirmed', in: lot.remaining, out: lot.remaining }],
  });
  return book.accept({ orderId: command.orderId, points: lot.remaining });
}

/** Decides that an order's pending points will never be: the order was cancelled before they were available. */
export function decideCancelEarn(
  state: CardState,
  command: PendingEarnCommand,
  now: Instant,
): Decision<PendingEarnFacts> {
  const opened = openPending(openBook(state, command, now), command.orderId);
  if ('ok' in opened) return refused(opened);
  const { book, lot } = opened;
  const { orderId } = command;
  book.write({
    kind: 'cancel',
    points: -lot.remaining,
    orderId,
    lots: [[lot.seq, -lot.remaining]],
    explanation: [{ rule: 'cancelled', in: lot.remaining, out: 0 }],
  });
  const record = book.working.order(orderId);
  if (record) book.working.putOrder({ ...record, clawedBack: record.clawedBack + lot.remaining });
  return book.accept({ orderId, points: lot.remaining });
}

function openPending(book: Book | Refusal, orderId: string): { book: Book; lot: Lot } | Refusal {
  if ('ok' in book) return book;
  const record = book.working.order(orderId);
  if (!record) return refuse('ORDER_NOT_FOUND', { orderId });
  sweep(book);
  const lot = record.earnSeq === null ? undefined : book.working.lot(record.earnSeq);
  if (!lot || lot.remaining === 0 || !isPending(lot, book.working.card.pendingAsOf)) {
    return refuse('EARN_NOT_PENDING', { orderId });
  }
  return { book, lot };
}

const reach = ({ orderId }: PendingEarnCommand) => ({ orders: [orderId], takesBack: true });

export const confirmEarn: CommandDefinition<typeof pendingEarnSchema, PendingEarnFacts> = {
  kind: 'confirmEarn',
  schema: pendingEarnSchema,
  derivedKey: ({ orderId }) => `confirm:${orderId}`,
  onceOnly: true,
  settlesMerged: true,
  reach,
  decide: decideConfirmEarn,
};

export const cancelEarn: CommandDefinition<typeof pendingEarnSchema, PendingEarnFacts> = {
  kind: 'cancelEarn',
  schema: pendingEarnSchema,
  derivedKey: ({ orderId }) => `cancel:${orderId}`,
  onceOnly: true,
  settlesMerged: true,
  reach,
  decide: decideCancelEarn,
};
