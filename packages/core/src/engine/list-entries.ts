import { z } from 'zod';
import { formatCardNumber } from '../card/card-number.ts';
import { entryKinds, onConfirm } from '../card/entry.ts';
import { admitsCard, parseInput } from '../commands/command.ts';
import { type EntryView, viewEntry } from '../commands/outcome.ts';
import type { CardEntry } from '../ports/entry-list.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import { identifierSchema } from '../program/identifier.ts';
import { type Instant, instantSchema } from '../program/instant.ts';
import { chosenPrograms, firstVersion, programChoiceShape } from './chosen-programs.ts';
import { cursorSchema, cursorText, placeOf } from './cursor.ts';
import { loadForReading, touchToRead } from './reader.ts';

export const entryQuerySchema = z
  .strictObject({
    ...programChoiceShape,
    cardId: identifierSchema.optional(),
    kinds: z.array(z.enum(entryKinds)).min(1).max(entryKinds.length).optional(),
    locationId: identifierSchema.optional(),
    orderId: identifierSchema.optional(),
    staffId: identifierSchema.optional(),
    actor: identifierSchema.optional(),
    from: instantSchema.optional(),
    to: instantSchema.optional(),
    limit: z.number().int().min(1).max(200).default(50),
    cursor: cursorSchema.optional(),
  })
  .refine(({ from, to }) => from === undefined || to === undefined || from <= to, {
    path: ['to'],
    message: 'lies before from',
  });

/**
 * Which entries to list: those of a program, of all programs of a merchant, of a program that must be the merchant's, of a
 * card that must be theirs, or all; of those the ones that say everything that is given. `[from, to)` is by when they were
 * written, not by when it happened. 50 a page unless `limit` says otherwise, 200 at most.
 */
export type EntryQuery = z.input<typeof entryQuerySchema>;

/** An entry on a list, and whose it is. */
export interface ListedEntry extends EntryView {
  cardId: string;
  programId: string;
  customerId: string;
  /** As it is printed: `1234-5678-9018`. */
  cardNumber: string;
}

/** A page of entries, the last one written first; of one instant by card id and number. */
export interface EntryPage {
  entries: ListedEntry[];
  /** Where the next page begins; null on the last one. */
  nextCursor: string | null;
}

const placeSchema = z.tuple([
  z.number().int().min(0).max(onConfirm),
  identifierSchema,
  z
    .number()
    .int()
    .min(1)
    .max(2 ** 31 - 1),
]);

/**
 * Lists entries of all cards; see `Loyalty.entries`.
 *
 * @throws LoyaltyError PROGRAM_NOT_FOUND or CARD_NOT_FOUND, also for those of another merchant; InvalidCommandError.
 */
export async function listEntries(store: LoyaltyStore, input: EntryQuery, now: Instant): Promise<EntryPage> {
  const { programId, merchantId, cardId, limit, cursor, ...filter } = parseInput(entryQuerySchema, input);
  const place = cursor === undefined ? null : placeOf(placeSchema, cursor, 'a list of entries');
  const chosen = await chosenCards(store, { programId, merchantId, cardId }, now);
  if (chosen.programIds?.length === 0) return { entries: [], nextCursor: null };
  const before = place && { recordedAt: place[0], cardId: place[1], seq: place[2] };
  const found = await store.entriesAcross({ ...filter, ...chosen }, limit + 1, before);
  const page = found.slice(0, limit);
  const last = found.length > limit ? page.at(-1) : undefined;
  return {
    entries: await viewEntries(store, page),
    nextCursor: last ? cursorText([last.entry.recordedAt, last.card.cardId, last.entry.seq]) : null,
  };
}

interface Choice {
  programId: string | undefined;
  merchantId: string | undefined;
  cardId: string | undefined;
}

/** Whose entries: one card's, which belongs where it was said to, those of programs, or all. */
async function chosenCards(
  store: LoyaltyStore,
  { programId, merchantId, cardId }: Choice,
  now: Instant,
): Promise<{ cardId?: string; programIds?: string[] }> {
  const isOfPrograms = programId !== undefined || merchantId !== undefined;
  if (cardId === undefined)
    return isOfPrograms ? { programIds: await chosenPrograms(store, { programId, merchantId }) } : {};
  if (programId !== undefined) await firstVersion(store, programId, merchantId);
  const touch = touchToRead({ cardId }, now, {
    admits: (state) =>
      admitsCard({ merchantId }, state) && (programId === undefined || state.card.programId === programId),
  });
  await loadForReading(store, touch);
  return { cardId };
}

/** Amounts in an explanation are in the currency of the card's program. */
async function viewEntries(store: LoyaltyStore, page: readonly CardEntry[]): Promise<ListedEntry[]> {
  const programIds = [...new Set(page.map(({ card }) => card.programId))];
  const versions = await Promise.all(programIds.map((id) => firstVersion(store, id, undefined)));
  const currencies = new Map(versions.map(({ id, currency }) => [id, currency]));
  return page.map(({ card: { cardId, programId, customerId, number }, entry }) => ({
    ...viewEntry(entry, currencies.get(programId) ?? ''),
    cardId,
    programId,
    customerId,
    cardNumber: formatCardNumber(number),
  }));
}
