import { z } from 'zod';
import { formatCardNumber } from '../card/card-number.ts';
import type { CardState } from '../card/card-state.ts';
import { type Instant, isoText } from '../program/instant.ts';
import { admitted, movedAway, openNewOrKnown } from './book.ts';
import { type CommandDefinition, type CommandInput, commandSchema } from './command.ts';
import { enrolOnFirstUse } from './enrol.ts';
import { type Decision, refuse, refused } from './outcome.ts';

export const enrollSchema = commandSchema({
  /** The customer enrols without staff: on a page, in an app. */
  self: z.boolean().optional(),
});
export type EnrollInput = CommandInput<typeof enrollSchema>;

export interface EnrollFacts {
  /** True where the customer had the card before; nothing is written then. */
  alreadyEnrolled: boolean;
  enrolledAt: string;
  /** An inactive card is not made active by enrolling again. */
  status: 'active' | 'inactive';
  /** As it is printed: `1234-5678-9012`. */
  cardNumber: string;
}

/**
 * Decides an enrolment: a customer of a program has one card, and enrolling again gives the same one. The welcome bonus
 * comes with the card, once. Refusals: NO_ACTIVE_PROGRAM, CARD_MERGED, SELF_ENROLMENT_OFF for a customer of their own where the
 * merchant wants staff to do it, and what the settings have against it.
 */
export function decideEnroll(
  state: CardState,
  command: z.output<typeof enrollSchema>,
  now: Instant,
): Decision<EnrollFacts> {
  const book = openNewOrKnown(state, command, now);
  if ('ok' in book) return refused(book);
  const away = movedAway(book);
  if (away) return refused(away);
  const { card } = book.working;
  const self = command.self === true;
  if (self && state.merchant?.merchant.settings.selfEnrolment === false)
    return refused(refuse('SELF_ENROLMENT_OFF'));
  const admission = admitted(book, { operation: self ? null : 'enroll' });
  if ('ok' in admission) return refused(admission);
  enrolOnFirstUse(book);
  return book.accept({
    alreadyEnrolled: state.exists,
    enrolledAt: isoText(card.enrolledAt),
    status: card.status,
    cardNumber: formatCardNumber(card.number),
  });
}

/** `cards.enroll`. */
export const enroll: CommandDefinition<typeof enrollSchema, EnrollFacts> = {
  kind: 'enroll',
  schema: enrollSchema,
  derivedKey: () => null,
  reach: () => ({}),
  decide: decideEnroll,
};
