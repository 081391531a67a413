import { z } from 'zod';
import type { Card } from '../card/card-state.ts';
import { liveStamps } from '../card/stamp-book.ts';
import { parseInput } from '../commands/command.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import { identifierSchema } from '../program/identifier.ts';
import { type Instant, instantSchema } from '../program/instant.ts';
import { chosenPrograms, programChoiceShape } from './chosen-programs.ts';
import { cursorSchema, cursorText, placeOf } from './cursor.ts';
import { type CardFacts, cardFacts } from './view-card.ts';

export const cardQuerySchema = z.strictObject({
  ...programChoiceShape,
  status: z.enum(['active', 'inactive']).optional(),
  enrolledLocationId: identifierSchema.optional(),
  activeSince: instantSchema.optional(),
  idleSince: instantSchema.optional(),
  limit: z.number().int().min(1).max(200).default(50),
  cursor: cursorSchema.optional(),
});

/**
 * Which cards to list: those of a program, of all programs of a merchant, of a program that must be the merchant's, or
 * all. `activeSince`: last used at or after that instant; `idleSince`: last used before it, or never. 50 a page unless
 * `limit` says otherwise, 200 at most.
 */
export type CardQuery = z.input<typeof cardQuerySchema>;

/** A card on a list: what its row says. `cards.get` has the points that can be spent. */
export interface CardSummary extends CardFacts {
  /** The ledger's balance: points that have ended are in it until the expiry job has written that. */
  balance: number;
  debt: number;
  /** Stamps that can be redeemed now. */
  stampCount: number;
}

/** A page of cards, by card id. */
export interface CardPage {
  cards: CardSummary[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

const placeSchema = z.tuple([identifierSchema]);

/**
 * Lists cards at `now`; see `Loyalty.cards.list`.
 *
 * @throws LoyaltyError PROGRAM_NOT_FOUND, also for a program of another merchant.
 */
export async function listCards(store: LoyaltyStore, input: CardQuery, now: Instant): Promise<CardPage> {
  const { programId, merchantId, limit, cursor, ...filter } = parseInput(cardQuerySchema, input);
  const [after] = cursor === undefined ? [null] : placeOf(placeSchema, cursor, 'a list of cards');
  const isChosen = programId !== undefined || merchantId !== undefined;
  const programIds = isChosen ? await chosenPrograms(store, { programId, merchantId }) : undefined;
  if (programIds?.length === 0) return { cards: [], nextCursor: null };
  const found = await store.cards(limit + 1, after, { ...filter, programIds });
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    cards: page.map((card) => summarise(card, now)),
    nextCursor: last ? cursorText([last.cardId]) : null,
  };
}

function summarise(card: Card, now: Instant): CardSummary {
  const at = Math.max(now, card.lastRecordedAt);
  return {
    ...cardFacts(card),
    balance: card.balance,
    debt: card.debt,
    stampCount: liveStamps(card.stampLots, at),
  };
}
