import { type CardEntry, type EntryFilter, type EntryPlace, placeBefore } from '@loyalty-engine/core';
import type { Kept } from './memory-cards.ts';

/** Entries of all cards that the filter lets through, the last one recorded first. */
export function entriesAcross(
  cards: readonly Kept[],
  filter: EntryFilter,
  limit: number,
  before: EntryPlace | null,
): CardEntry[] {
  const place = placeBefore(filter, before);
  return cards
    .flatMap(({ state: { card }, ledger }) => ledger.map((entry) => ({ card, entry })))
    .filter((one) => passes(one, filter) && compare(placeOf(one), place) < 0)
    .sort((a, b) => compare(placeOf(b), placeOf(a)))
    .slice(0, limit);
}

function passes({ card, entry }: CardEntry, filter: EntryFilter): boolean {
  const { programIds, cardId, kinds, from } = filter;
  const fields = ['locationId', 'orderId', 'staffId', 'actor'] as const;
  return (
    (!programIds || programIds.includes(card.programId)) &&
    (cardId === undefined || card.cardId === cardId) &&
    (!kinds || kinds.includes(entry.kind)) &&
    (from === undefined || entry.recordedAt >= from) &&
    fields.every((field) => filter[field] === undefined || entry[field] === filter[field])
  );
}

function placeOf({ card, entry }: CardEntry): EntryPlace {
  return { recordedAt: entry.recordedAt, cardId: card.cardId, seq: entry.seq };
}

function compare(a: EntryPlace, b: EntryPlace): number {
  if (a.recordedAt !== b.recordedAt) return a.recordedAt - b.recordedAt;
  if (a.cardId !== b.cardId) return a.cardId < b.cardId ? -1 : 1;
  return a.seq - b.seq;
}
