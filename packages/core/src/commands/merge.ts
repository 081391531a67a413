import { z } from 'zod';
import type { CardState } from '../card/card-state.ts';
import { noteSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { maxStampsOnCard } from '../program/program.ts';
import { isAnonymous } from './anonymise.ts';
import { openActiveBook, openBook } from './book.ts';
import { type CardRef, cardRefShape, checkCardRef, circumstanceShape } from './command.ts';
import { moveIn, moveOut } from './move-on.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import { sweep } from './sweep.ts';

const cardRefSchema = z.strictObject(cardRefShape).superRefine(checkCardRef);

export const mergeSchema = z
  .strictObject({ ...circumstanceShape, from: cardRefSchema, into: cardRefSchema, reason: noteSchema })
  .refine(({ actor }) => actor !== undefined, { path: ['actor'], message: 'expected who answers for it' });
export type MergeCommand = z.output<typeof mergeSchema>;
export type MergeInput = Omit<z.input<typeof mergeSchema>, 'from' | 'into' | 'actor'> & {
  from: CardRef;
  into: CardRef;
  actor: string;
};

export interface MergeFacts {
  /** The card that everything left; it earns and spends nothing any more. */
  from: string;
  into: string;
  /** What moved: points of lots, owed points, stamps. */
  points: number;
  debt: number;
  stamps: number;
}

/**
 * Decides the merge of two cards of one customer: each lot of the one becomes a lot of the other and ends when it would
 * have, and so do stamps; debt moves too. The entries of both name the other card. Orders and vouchers stay where they
 * are: returns of old orders go to the old card, and what they bring or take moves on in the same moment (`settleOnHeir`).
 * What waits for an order's confirmation stays with its order until then. Refusals in this order: CARD_NOT_FOUND, SAME_CARD,
 * OTHER_PROGRAM, those of opening the card that stays, CARD_MERGED where the other one went elsewhere, CARD_ANONYMISED, CARD_HAS_HOLDS, STAMP_LIMIT, BALANCE_LIMIT.
 */
export function decideMerge(
  [into, from]: readonly [into: CardState, from: CardState],
  command: MergeCommand,
  now: Instant,
): Decision<MergeFacts> {
  if (!into.exists || !from.exists) return refused(refuse('CARD_NOT_FOUND'));
  if (into === from) return refused(refuse('SAME_CARD'));
  if (into.card.programId !== from.card.programId) return refused(refuse('OTHER_PROGRAM'));
  const latest = Math.max(now, into.card.lastRecordedAt, from.card.lastRecordedAt);
  // A merge is about now: points that have ended cannot be moved by dating it back.
  const dated = { ...command, occurredAt: undefined };
  const target = openActiveBook(into, dated, latest);
  if ('ok' in target) return refused(target);
  const source = openBook(from, dated, latest, { operation: null, evenMerged: true });
  if ('ok' in source) return refused(source);
  const { card } = source.working;
  if (card.mergedInto !== null && card.mergedInto !== into.card.cardId)
    return refused(refuse('CARD_MERGED', { cardId: card.mergedInto }));
  if (isAnonymous(card)) return refused(refuse('CARD_ANONYMISED'));
  if (card.openHolds > 0) return refused(refuse('CARD_HAS_HOLDS', { holds: card.openHolds }));
  sweep(source);
  sweep(target);
  const stampsAfter = card.stamps + target.working.card.stamps;
  if (stampsAfter > maxStampsOnCard)
    return refused(refuse('STAMP_LIMIT', { limit: maxStampsOnCard, stamps: stampsAfter }));
  const moved = moveOut(source, into.card.cardId, command.reason);
  moveIn(target, source, moved);
  const { debt, stamps, lots } = moved;
  const points = lots.reduce((sum, lot) => sum + lot.remaining, 0);
  const decision = target.accept({
    from: card.cardId,
    into: into.card.cardId,
    points,
    debt,
    stamps: stamps.reduce((sum, [, count]) => sum + count, 0),
  });
  return decision.outcome.ok ? { ...decision, others: [source.working] } : decision;
}
