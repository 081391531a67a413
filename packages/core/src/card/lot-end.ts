import type { Instant } from '../program/instant.ts';
import type { Card, Lot } from './card-state.ts';

/** When a lot ends: by its own date, or by the card's inactivity deadline. Null: never. */
export function lotEnd(
  lot: Pick<Lot, 'expiresAt' | 'byInactivity'>,
  card: Pick<Card, 'deadline'>,
): Instant | null {
  return lot.byInactivity ? card.deadline : lot.expiresAt;
}

/** The earlier of two ends, of which null is never. */
export function earlier(a: Instant | null, b: Instant | null): Instant | null {
  if (a === null) return b;
  return b === null || a < b ? a : b;
}

// Stores keep a lot's end in one sortable number. Both constants lie beyond every date that commands accept.
const byInactivityKey = 1_000_000_000_000_001;
const neverKey = 1_000_000_000_000_002;

/**
 * A lot's end as one number for a store's index: its date, or one of two numbers beyond all dates for lots that end by
 * inactivity and lots that never end. `endOfKey` is the way back.
 */
export function keyOfEnd(lot: Pick<Lot, 'expiresAt' | 'byInactivity'>): number {
  if (lot.byInactivity) return byInactivityKey;
  return lot.expiresAt ?? neverKey;
}

/** The inverse of `keyOfEnd`. */
export function endOfKey(key: number): Pick<Lot, 'expiresAt' | 'byInactivity'> {
  if (key === byInactivityKey) return { expiresAt: null, byInactivity: true };
  return { expiresAt: key === neverKey ? null : key, byInactivity: false };
}

/** A range of end keys: `after` < key <= `upTo`. */
export interface EndRange {
  after: number;
  upTo: number;
}

/**
 * The ranges of end keys that a store reads lots from. Within one, the order by key, `earnedAt` and `seq` is the burn
 * order. Between them it depends on the card: lots by inactivity come where its deadline lies, or among those that never
 * end where it has none.
 */
export const endRanges = {
  all: { after: -1, upTo: neverKey },
  byInactivity: { after: byInactivityKey - 1, upTo: byInactivityKey },
  never: { after: neverKey - 1, upTo: neverKey },
} as const satisfies Record<string, EndRange>;
