import type { z } from 'zod';
import type { CardState } from '../card/card-state.ts';
import { type Instant, isoText } from '../program/instant.ts';
import { openNewOrKnown } from './book.ts';
import { type CommandDefinition, type CommandInput, commandSchema } from './command.ts';
import { enrolOnFirstUse } from './enrol.ts';
import { type Decision, refused } from './outcome.ts';

export const enrollSchema = commandSchema({});
export type EnrollInput = CommandInput<typeof enrollSchema>;

export interface EnrollFacts {
  /** True where the customer had the card before; nothing is written then. */
  alreadyEnrolled: boolean;
  enrolledAt: string;
}

/**
 * Decides an enrolment: a customer of a program has one card, and enrolling again gives the same one. The welcome bonus
 * comes with the card, once. Refusals: NO_ACTIVE_PROGRAM.
 */
export function decideEnroll(
  state: CardState,
  command: z.output<typeof enrollSchema>,
  now: Instant,
): Decision<EnrollFacts> {
  const book = openNewOrKnown(state, command, now);
  if ('ok' in book) return refused(book);
  enrolOnFirstUse(book);
  return book.accept({ alreadyEnrolled: state.exists, enrolledAt: isoText(book.working.card.enrolledAt) });
}

/** `cards.enroll`. */
export const enroll: CommandDefinition<typeof enrollSchema, EnrollFacts> = {
  kind: 'enroll',
  schema: enrollSchema,
  derivedKey: () => null,
  reach: () => ({}),
  decide: decideEnroll,
};
