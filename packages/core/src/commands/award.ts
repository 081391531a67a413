import { z } from 'zod';
import type { CardState } from '../card/card-state.ts';
import { identifierSchema, noteSchema } from '../program/identifier.ts';
import { type Instant, instantSchema, isoText } from '../program/instant.ts';
import { type Book, openActiveBook } from './book.ts';
import { type CommandDefinition, type CommandInput, commandSchema, pointsSchema } from './command.ts';
import { credit, refusePast } from './credit.ts';
import { enrolOnFirstUse } from './enrol.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import type { Refusal } from './refusal.ts';
import { sweep } from './sweep.ts';

export const awardSchema = commandSchema({
  points: pointsSchema,
  source: z.strictObject({ type: identifierSchema, id: identifierSchema }),
  reason: noteSchema,
  expiresAt: instantSchema.optional(),
});
export type AwardInput = CommandInput<typeof awardSchema>;

export interface AwardFacts {
  points: number;
  expiresAt: string | null;
}

/**
 * Decides a grant for anything but an order: a review, a birthday, a referral; once a source. Refusals: those of opening
 * a card, BALANCE_LIMIT when the program's maximum balance would be passed.
 */
export function decideAward(
  state: CardState,
  command: z.output<typeof awardSchema>,
  now: Instant,
): Decision<AwardFacts> {
  const book = openActiveBook(state, command, now, { operation: 'award' });
  if ('ok' in book) return refused(book);
  const { points, source, reason, expiresAt } = command;
  refusePast(book, command.expiresAt);
  enrolOnFirstUse(book);
  sweep(book);
  const full = overMaximum(book, points);
  if (full) return refused(full);
  const { lot } = credit(book, {
    kind: 'award',
    points,
    expiresAt,
    explanation: [{ rule: 'granted', in: points, out: points, facts: { reason } }],
    details: { source, reason },
  });
  return book.accept({ points, expiresAt: lot?.expiresAt ? isoText(lot.expiresAt) : null });
}

function overMaximum({ working, version }: Book, points: number): Refusal | null {
  const { maxBalance } = version.points;
  const { balance } = working.card;
  if (maxBalance === undefined || balance + points <= maxBalance) return null;
  return refuse('BALANCE_LIMIT', { limit: maxBalance, room: Math.max(0, maxBalance - balance) });
}

export const award: CommandDefinition<typeof awardSchema, AwardFacts> = {
  kind: 'award',
  schema: awardSchema,
  // A source's type cannot run into its id: JSON keeps the two apart.
  derivedKey: ({ source }) => `award:${JSON.stringify([source.type, source.id])}`,
  onceOnly: true,
  reach: () => ({}),
  decide: decideAward,
};
