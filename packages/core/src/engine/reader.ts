import { z } from 'zod';
import type { CardKey } from '../card/card-names.ts';
import type { Card, CardState } from '../card/card-state.ts';
import { newCardState } from '../card/card-state.ts';
import {
  admitsCard,
  type CardRef,
  cardRefShape,
  checkCardRef,
  keyOfCard,
  parseInput,
} from '../commands/command.ts';
import { LoyaltyError } from '../errors.ts';
import type { LoyaltyStore, Touch } from '../ports/loyalty-store.ts';
import { identifierSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { type ProgramVersion, versionAt } from '../program/version.ts';

/** What a reading names its card by; `merchantId` where only a card of that merchant may be found. */
export const readingShape = { ...cardRefShape, merchantId: identifierSchema.optional() };

const readingSchema = z.strictObject(readingShape).superRefine(checkCardRef);

/** Whose card to read, and which merchant's it must be; without `merchantId` any merchant's. */
export type Member = CardRef & { merchantId?: string | undefined };

/** A touch that reads a card that a caller names, and nothing else of it. @throws InvalidCommandError */
export function touchOf(member: unknown, now: Instant, more: Partial<Touch> = {}): Touch {
  return touchOfParsed(parseInput(readingSchema, member), now, more);
}

/** `touchOf`, of fields that are parsed already. */
export function touchOfParsed(
  member: Parameters<typeof keyOfCard>[0] & Parameters<typeof admitsCard>[0],
  now: Instant,
  more: Partial<Touch> = {},
): Touch {
  return touchToRead(keyOfCard(member), now, { admits: (state) => admitsCard(member, state), ...more });
}

/** A touch that reads a card and nothing else of it. */
export function touchToRead(card: CardKey, now: Instant, more: Partial<Touch> = {}): Touch {
  return { card, newCard: noCard, keys: [], at: now, now, ...more };
}

/** For touches that make no card. */
export const noCard = () => ({ cardId: '', number: '', qrToken: '' });

/**
 * The card's state for reading. A customer of a known program without a card has an empty one.
 *
 * @throws LoyaltyError PROGRAM_NOT_FOUND or CARD_NOT_FOUND; InvalidCommandError.
 */
export async function loadForReading(store: LoyaltyStore, touch: Touch): Promise<CardState> {
  const found = await store.load(touch);
  if (found) return touch.admits?.(found) === false ? noSuchCard() : found;
  const { programId, customerId } = touch.card;
  if (programId === undefined) return noSuchCard();
  const versions = await store.versions(programId);
  const empty = newCardState({ cardId: '', programId, customerId }, versions);
  // First, so that another merchant's program looks like none.
  if (touch.admits?.(empty) === false) return noSuchCard();
  if (versions.length === 0) throw new LoyaltyError('PROGRAM_NOT_FOUND', `There is no program ${programId}`);
  return empty;
}

function noSuchCard(): never {
  throw new LoyaltyError('CARD_NOT_FOUND', 'There is no such card');
}

/** The version that rules a card's reading at an instant; before the first version, the first one. */
export function readingVersion(state: CardState, at: Instant): ProgramVersion {
  const version = versionAt(state.versions, at) ?? state.versions[0];
  if (!version) throw new LoyaltyError('PROGRAM_NOT_FOUND', `There is no program ${state.card.programId}`);
  return version;
}

/** All cards of a store, page by page. */
export async function* allCards(store: LoyaltyStore, pageSize = 200): AsyncGenerator<Card> {
  let after: string | null = null;
  for (;;) {
    const page: Card[] = await store.cards(pageSize, after);
    yield* page;
    const last = page.at(-1);
    if (!last || page.length < pageSize) return;
    after = last.cardId;
  }
}
