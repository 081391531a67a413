import type { z } from 'zod';
import type { CardState } from '../card/card-state.ts';
import { identifierSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { openBook } from './book.ts';
import { type CommandDefinition, type CommandInput, commandSchema } from './command.ts';
import { type Decision, refuse, refused } from './outcome.ts';

export const releaseSchema = commandSchema({ holdId: identifierSchema });
export type ReleaseInput = CommandInput<typeof releaseSchema>;

export interface ReleaseFacts {
  holdId: string;
  orderId: string | null;
  /** The points that can be spent again. */
  points: number;
}

/**
 * Decides a release: held points can be spent again. A hold past its time, or released before, is released as asked.
 * Refusals: those of opening a card, HOLD_NOT_FOUND, HOLD_ALREADY_CAPTURED.
 */
export function decideRelease(
  state: CardState,
  command: z.output<typeof releaseSchema>,
  now: Instant,
): Decision<ReleaseFacts> {
  const book = openBook(state, command, now);
  if ('ok' in book) return refused(book);
  const { holdId } = command;
  const hold = book.working.hold(holdId);
  if (!hold) return refused(refuse('HOLD_NOT_FOUND', { holdId }));
  if (hold.status === 'captured')
    return refused(refuse('HOLD_ALREADY_CAPTURED', { holdId, points: hold.points }));
  book.working.putHold({ ...hold, status: 'released' });
  return book.accept({ holdId, orderId: hold.orderId, points: hold.points }, []);
}

/** `release` and `checkout.cancel`. */
export const release: CommandDefinition<typeof releaseSchema, ReleaseFacts> = {
  kind: 'release',
  schema: releaseSchema,
  derivedKey: ({ holdId }) => `release:${holdId}`,
  onceOnly: true,
  reach: ({ holdId }) => ({ holds: [holdId] }),
  decide: decideRelease,
};
