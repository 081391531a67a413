import type { CardState } from '../card/card-state.ts';
import type { Instant } from '../program/instant.ts';
import { openBook } from './book.ts';
import { type CommandDefinition, commandSchema } from './command.ts';
import { type Decision, refused } from './outcome.ts';
import { sweep } from './sweep.ts';

export const expireSchema = commandSchema({});

export interface ExpireFacts {
  /** Points that expired now. */
  points: number;
}

/** Decides what the expiry job writes on one card: one expire entry for each lot that has ended. Also on inactive cards. */
export function decideExpire(state: CardState, command: object, now: Instant): Decision<ExpireFacts> {
  const book = openBook(state, command, now, { operation: null, evenMerged: true });
  if ('ok' in book) return refused(book);
  sweep(book);
  let points = 0;
  for (const entry of book.working.entries) points -= entry.points;
  return book.accept({ points });
}

/** The job's command on one card; no caller sends it. */
export const expire: CommandDefinition<typeof expireSchema, ExpireFacts> = {
  kind: 'expire',
  schema: expireSchema,
  derivedKey: () => null,
  reach: () => ({}),
  decide: decideExpire,
};
