import type { Card } from '../card/card-state.ts';
import { type Entry, type EntryKind, onConfirm } from '../card/entry.ts';
import type { Instant } from '../program/instant.ts';

/** Which entries to list, of all cards. */
export interface EntryFilter {
  programIds?: readonly string[] | undefined;
  cardId?: string | undefined;
  kinds?: readonly EntryKind[] | undefined;
  locationId?: string | undefined;
  orderId?: string | undefined;
  staffId?: string | undefined;
  actor?: string | undefined;
  /** Recorded not before this instant. */
  from?: Instant | undefined;
  /** Recorded before this instant. */
  to?: Instant | undefined;
}

/** Where an entry stands among those of all cards: by when it was recorded, by card id, by number, all from the last on. */
export interface EntryPlace {
  recordedAt: Instant;
  cardId: string;
  seq: number;
}

/** An entry, and what a list says of its card. */
export interface CardEntry {
  card: Pick<Card, 'cardId' | 'programId' | 'customerId' | 'number'>;
  entry: Entry;
}

// Beyond every date, and no card's id is empty: every entry that was recorded earlier comes after such a place.
const beyondDates: Instant = onConfirm;

/** The place that a page begins after: the cursor's, or the one that `to` shuts out, whichever comes later in the list. */
export function placeBefore(
  { to = beyondDates }: Pick<EntryFilter, 'to'>,
  before: EntryPlace | null,
): EntryPlace {
  return before !== null && before.recordedAt < to ? before : { recordedAt: to, cardId: '', seq: 0 };
}
