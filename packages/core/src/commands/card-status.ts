import type { z } from 'zod';
import type { CardState } from '../card/card-state.ts';
import type { Instant } from '../program/instant.ts';
import { isAnonymous } from './anonymise.ts';
import { openBook } from './book.ts';
import { answeredSchema, type CommandDefinition, type CommandInput } from './command.ts';
import { type Decision, refuse, refused } from './outcome.ts';

export const cardStatusSchema = answeredSchema;
export type CardStatusInput = CommandInput<typeof cardStatusSchema> & { actor: string };
type CardStatusCommand = z.output<typeof cardStatusSchema>;

export interface CardStatusFacts {
  status: 'active' | 'inactive';
  /** False where the card was so before; nothing is written then. */
  changed: boolean;
}

/** Decides that a card earns and spends nothing any more. What it has stays on it. Refusals: those of opening a card. */
export function decideDeactivate(
  state: CardState,
  command: CardStatusCommand,
  now: Instant,
): Decision<CardStatusFacts> {
  return changeStatus(state, command, now, 'inactive');
}

/** Decides that a card earns and spends again. Refusals: those of opening a card, CARD_ANONYMISED. */
export function decideReactivate(
  state: CardState,
  command: CardStatusCommand,
  now: Instant,
): Decision<CardStatusFacts> {
  return changeStatus(state, command, now, 'active');
}

function changeStatus(
  state: CardState,
  command: CardStatusCommand,
  now: Instant,
  status: 'active' | 'inactive',
): Decision<CardStatusFacts> {
  if (!state.exists) return refused(refuse('CARD_NOT_FOUND'));
  const book = openBook(state, command, now);
  if ('ok' in book) return refused(book);
  const { card } = book.working;
  if (status === 'active' && isAnonymous(card)) return refused(refuse('CARD_ANONYMISED'));
  if (card.status === status) return book.accept({ status, changed: false });
  const { reason, actor = '' } = command;
  const facts = { actor, reason };
  book.write({
    kind: status === 'active' ? 'reactivate' : 'deactivate',
    points: 0,
    explanation: [{ rule: status === 'active' ? 'reactivated' : 'deactivated', in: 0, out: 0, facts }],
    details: { reason },
  });
  return book.accept({ status, changed: true });
}

/** `cards.deactivate`. */
export const deactivate: CommandDefinition<typeof cardStatusSchema, CardStatusFacts> = {
  kind: 'cards.deactivate',
  schema: cardStatusSchema,
  derivedKey: () => null,
  reach: () => ({}),
  decide: decideDeactivate,
};

/** `cards.reactivate`. */
export const reactivate: CommandDefinition<typeof cardStatusSchema, CardStatusFacts> = {
  kind: 'cards.reactivate',
  schema: cardStatusSchema,
  derivedKey: () => null,
  reach: () => ({}),
  decide: decideReactivate,
};
