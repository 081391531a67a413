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

/** The ranges of end keys whose lots a store reads, each in burn order, to cover points at an instant. */
export function burnRanges(card: Pick<Card, 'deadline'>, at: Instant): { after: number; upTo: number }[] {
  const all = { after: at, upTo: neverKey };
  return card.deadline === null ? [all] : [all, { after: byInactivityKey - 1, upTo: byInactivityKey }];
}
