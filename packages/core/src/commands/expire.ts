import type { CardState } from '../card/card-state.ts';
import { stateAt } from '../card/evolve.ts';
import type { Instant } from '../program/instant.ts';
import { versionAt } from '../program/version.ts';
import { Book } from './book.ts';
import { type CommandDefinition, commandSchema } from './command.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import { sweep } from './sweep.ts';

export const expireSchema = commandSchema({});

export interface ExpireFacts {
  /** Points that expired now. */
  points: number;
}

/** Decides what the expiry job writes on one card: one expire entry for each lot that has ended. Also on inactive cards. */
export function decideExpire(state: CardState, command: object, now: Instant): Decision<ExpireFacts> {
  const at = Math.max(now, state.card.lastRecordedAt);
  const version = versionAt(state.versions, at);
  if (!version) return refused(refuse('NO_ACTIVE_PROGRAM', { programId: state.card.programId }));
  const book = new Book(stateAt(state, at), version, command, at, at);
  sweep(book);
  let points = 0;
  for (const entry of book.working.entries) points -= entry.points;
  return book.accept({ points }, []);
}

/** The job's command on one card; no caller sends it. */
export const expire: CommandDefinition<typeof expireSchema, ExpireFacts> = {
  kind: 'expire',
  schema: expireSchema,
  derivedKey: () => null,
  reach: () => ({}),
  decide: decideExpire,
};
