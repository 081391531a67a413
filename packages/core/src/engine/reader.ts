import { z } from 'zod';
import type { Card, CardState } from '../card/card-state.ts';
import { newCardState } from '../card/card-state.ts';
import { type CardRef, cardRefShape, checkCardRef, parseInput } from '../commands/command.ts';
import { LoyaltyError } from '../errors.ts';
import type { LoyaltyStore, Touch } from '../ports/loyalty-store.ts';
import type { Instant } from '../program/instant.ts';
import { type ProgramVersion, versionAt } from '../program/version.ts';

const cardRefSchema = z.strictObject(cardRefShape).superRefine(checkCardRef);

/** A card reference as a caller wrote it, checked. @throws InvalidCommandError */
export function parseCardRef(ref: unknown): CardRef {
  return parseInput(cardRefSchema, ref) as CardRef;
}

/** A touch that reads a card and nothing else of it. */
export function touchToRead(card: CardRef, now: Instant, more: Partial<Touch> = {}): Touch {
  return { card, newCardId: () => '', keys: [], at: now, now, ...more };
}

/**
 * The card's state for reading. A customer of a known program without a card has an empty one.
 *
 * @throws LoyaltyError PROGRAM_NOT_FOUND or CARD_NOT_FOUND.
 */
export async function loadForReading(store: LoyaltyStore, touch: Touch): Promise<CardState> {
  const found = await store.load(touch);
  if (found) return found;
  const { programId, customerId } = touch.card;
  if (programId === undefined) throw new LoyaltyError('CARD_NOT_FOUND', 'There is no such card');
  const versions = await store.versions(programId);
  if (versions.length === 0) throw new LoyaltyError('PROGRAM_NOT_FOUND', `There is no program ${programId}`);
  return newCardState({ cardId: '', programId, customerId }, versions);
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
