import { z } from 'zod';
import type { CardState } from '../card/card-state.ts';
import type { StampMove } from '../card/entry.ts';
import { liveStamps, takeStamps } from '../card/stamp-book.ts';
import { noteSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { type Book, openBook } from './book.ts';
import { type CommandDefinition, type CommandInput, commandSchema } from './command.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import { sweep } from './sweep.ts';

export const voidStampSchema = commandSchema({
  /** The number of the stamp's entry. */
  entry: z.number().int().min(1).max(Number.MAX_SAFE_INTEGER),
  reason: noteSchema,
});
export type VoidStampInput = CommandInput<typeof voidStampSchema>;

export interface VoidStampFacts {
  entry: number;
  /** Stamps taken off the card; 0 where they had expired. */
  voided: number;
  stamps: number;
}

/**
 * Decides the voiding of a stamp entry, once, by reference: a mistake, or a return of what was stamped. Its own stamps go
 * first, then those that end soonest. Cooldown and daily limit forget it. Refusals: those of opening a card,
 * VOID_NOT_ALLOWED, ENTRY_NOT_FOUND, ENTRY_NOT_REVERSIBLE, ENTRY_ALREADY_REVERSED, NOT_ENOUGH_STAMPS where they were
 * redeemed already: void the reward first.
 */
export function decideVoidStamp(
  state: CardState,
  command: z.output<typeof voidStampSchema>,
  now: Instant,
): Decision<VoidStampFacts> {
  const book = openBook(state, command, now, { operation: 'voidStamp' });
  if ('ok' in book) return refused(book);
  const { entry: seq, reason } = command;
  const entry = state.entries.get(seq);
  if (!entry) return refused(refuse('ENTRY_NOT_FOUND', { entry: seq }));
  const { kind, stamps } = entry;
  if (kind !== 'stamp') return refused(refuse('ENTRY_NOT_REVERSIBLE', { entry: seq, kind }));
  if (state.reversed.has(seq))
    return refused(refuse('ENTRY_ALREADY_REVERSED', { entry: seq, reversible: 0, requested: stamps }));
  sweep(book);
  const end = entry.stampLots[0]?.[2] ?? null;
  // What has ended since needs no voiding: other stamps do not answer for it.
  const due = end !== null && end <= book.at ? 0 : stamps;
  const { moves, missing } = ownFirst(book, seq, due);
  if (missing > 0)
    return refused(refuse('NOT_ENOUGH_STAMPS', { stamps: due - missing, requested: stamps, missing }));
  book.write({
    kind: 'void-stamp',
    points: 0,
    orderId: entry.orderId,
    reverses: seq,
    stamps: due === 0 ? 0 : -due,
    stampLots: moves,
    explanation: [{ rule: 'stamp-voided', in: due, out: 0, facts: { entry: seq, reason } }],
    details: { reason },
  });
  return book.accept({
    entry: seq,
    voided: due,
    stamps: liveStamps(book.working.card.stampLots, book.now),
  });
}

function ownFirst({ working }: Book, seq: number, stamps: number): { moves: StampMove[]; missing: number } {
  const { stampLots } = working.card;
  const own = takeStamps(
    stampLots.filter(([lot]) => lot === seq),
    stamps,
  );
  const others = takeStamps(
    stampLots.filter(([lot]) => lot !== seq),
    own.missing,
  );
  return { moves: [...own.moves, ...others.moves], missing: others.missing };
}

export const voidStamp: CommandDefinition<typeof voidStampSchema, VoidStampFacts> = {
  kind: 'voidStamp',
  schema: voidStampSchema,
  derivedKey: () => null,
  reach: ({ entry }) => ({ entries: [entry] }),
  decide: decideVoidStamp,
};
