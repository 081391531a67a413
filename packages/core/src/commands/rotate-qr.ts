import type { z } from 'zod';
import type { CardState } from '../card/card-state.ts';
import { qrToken } from '../card/qr-token.ts';
import { noteSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { openActiveBook } from './book.ts';
import { type CommandDefinition, type CommandInput, commandSchema } from './command.ts';
import { type Decision, refuse, refused } from './outcome.ts';

export const rotateQrSchema = commandSchema({ reason: noteSchema });
export type RotateQrInput = CommandInput<typeof rotateQrSchema>;
/** The engine adds the token that the card would get. */
export type RotateQrCommand = z.output<typeof rotateQrSchema> & { newQrToken: string };

export interface RotateQrFacts {
  /** The number of the entry that says so. */
  entry: number;
}

/**
 * Decides a new QR token: the old one finds no card any more. The token itself is in no outcome and no entry; `cards.get`
 * has it. Refusals: those of opening a card.
 *
 * Source: tokens of the company-wide cards were never rotated.
 */
export function decideRotateQr(
  state: CardState,
  command: RotateQrCommand,
  now: Instant,
): Decision<RotateQrFacts> {
  if (!state.exists) return refused(refuse('CARD_NOT_FOUND'));
  const book = openActiveBook(state, command, now);
  if ('ok' in book) return refused(book);
  const { reason } = command;
  book.working.card.qrToken = command.newQrToken;
  const { seq } = book.write({
    kind: 'rotate-qr',
    points: 0,
    explanation: [{ rule: 'qr-rotated', in: 0, out: 0, facts: { reason } }],
    details: { reason },
  });
  return book.accept({ entry: seq });
}

/** `cards.rotateQr`. */
export const rotateQr: CommandDefinition<typeof rotateQrSchema, RotateQrFacts, RotateQrCommand> = {
  kind: 'cards.rotateQr',
  schema: rotateQrSchema,
  derivedKey: () => null,
  reach: () => ({}),
  stamp: (command, random) => ({ ...command, newQrToken: qrToken((count) => random.bytes(count)) }),
  decide: decideRotateQr,
};
