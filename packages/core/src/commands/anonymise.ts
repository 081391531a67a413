import type { z } from 'zod';
import type { Card, CardState } from '../card/card-state.ts';
import { qrToken } from '../card/qr-token.ts';
import type { Instant } from '../program/instant.ts';
import { openBook } from './book.ts';
import { answeredSchema, type CommandDefinition, type CommandInput } from './command.ts';
import { type Decision, refuse, refused } from './outcome.ts';

const prefix = 'anonymous:';

/** True where the card's customer has been forgotten. */
export function isAnonymous({ customerId }: Pick<Card, 'customerId'>): boolean {
  return customerId.startsWith(prefix);
}

export const anonymiseSchema = answeredSchema;
export type AnonymiseInput = CommandInput<typeof anonymiseSchema> & { actor: string };
/** The engine adds the reference that takes the customer's place, and a QR token that nobody has seen. */
export type AnonymiseCommand = z.output<typeof anonymiseSchema> & { pseudonym: string; newQrToken: string };

export interface AnonymiseFacts {
  /** What stands in the customer's place. */
  customerId: string;
}

/**
 * Decides that a card's customer is forgotten: another reference takes the place of theirs, the QR code finds nothing any
 * more, and the card earns and spends nothing. Its history and totals stay. Whoever the customer is, enrolling makes a new
 * card. Entries keep the notes and metadata that the host wrote into them: keep personal data out of those.
 * Refusals: those of opening a card, CARD_ANONYMISED, CARD_HAS_HOLDS.
 */
export function decideAnonymise(
  state: CardState,
  command: AnonymiseCommand,
  now: Instant,
): Decision<AnonymiseFacts> {
  if (!state.exists) return refused(refuse('CARD_NOT_FOUND'));
  const book = openBook(state, command, now, { operation: null, evenMerged: true });
  if ('ok' in book) return refused(book);
  const { card } = book.working;
  if (isAnonymous(card)) return refused(refuse('CARD_ANONYMISED'));
  if (card.openHolds > 0) return refused(refuse('CARD_HAS_HOLDS', { holds: card.openHolds }));
  const { reason, actor = '', pseudonym, newQrToken } = command;
  card.customerId = `${prefix}${pseudonym}`;
  card.qrToken = newQrToken;
  book.write({
    kind: 'anonymise',
    points: 0,
    explanation: [{ rule: 'anonymised', in: 0, out: 0, facts: { actor, reason } }],
    details: { reason },
  });
  return book.accept({ customerId: card.customerId });
}

/** `cards.anonymise`. */
export const anonymise: CommandDefinition<typeof anonymiseSchema, AnonymiseFacts, AnonymiseCommand> = {
  kind: 'cards.anonymise',
  schema: anonymiseSchema,
  derivedKey: () => null,
  reach: () => ({}),
  stamp: (command, random) => ({
    ...command,
    pseudonym: random.next(),
    newQrToken: qrToken((count) => random.bytes(count)),
  }),
  decide: decideAnonymise,
};
