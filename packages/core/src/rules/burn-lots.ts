import type { Instant } from '../program/instant.ts';

/** What burning needs to know of a lot: `free` points, and when they end (null: never). */
export interface BurnableLot {
  seq: number;
  earnedAt: Instant;
  expiresAt: Instant | null;
  free: number;
}

/** Points taken from or given to a lot: the lot's entry number and how many. */
export type Allocation = readonly [lot: number, points: number];

/**
 * The burn order, a total order: soonest expiry first (never-expiring last), then earlier earned, then lower number.
 */
export function compareBurnOrder(a: Omit<BurnableLot, 'free'>, b: Omit<BurnableLot, 'free'>): number {
  if (a.expiresAt !== b.expiresAt) {
    if (a.expiresAt === null) return 1;
    if (b.expiresAt === null) return -1;
    return a.expiresAt - b.expiresAt;
  }
  return a.earnedAt - b.earnedAt || a.seq - b.seq;
}

/**
 * Takes points from lots in burn order, whatever order the lots come in. `missing` is what they could not cover.
 *
 * @example
 * burnLots([{ seq: 1, earnedAt: 0, expiresAt: null, free: 20 }], 30) //=> { taken: [[1, 20]], missing: 10 }
 */
export function burnLots(
  lots: Iterable<BurnableLot>,
  points: number,
): { taken: Allocation[]; missing: number } {
  const ordered = [...lots].filter((lot) => lot.free > 0).sort(compareBurnOrder);
  const taken: Allocation[] = [];
  let missing = points;
  for (const lot of ordered) {
    if (missing === 0) break;
    const part = Math.min(lot.free, missing);
    taken.push([lot.seq, part]);
    missing -= part;
  }
  return { taken, missing };
}

/**
 * Which part of what was taken goes back, when `already` went back before: the last point taken returns first, so that
 * the longest-lived points come back soonest, and many small returns end exactly where one large return ends.
 *
 * @example
 * returnToLots([[1, 20], [2, 10]], 0, 15) //=> [[2, 10], [1, 5]]
 */
export function returnToLots(taken: readonly Allocation[], already: number, points: number): Allocation[] {
  const back: Allocation[] = [];
  let skip = already;
  let left = points;
  for (const [lot, part] of taken.toReversed()) {
    const skipped = Math.min(skip, part);
    skip -= skipped;
    const given = Math.min(part - skipped, left);
    if (given > 0) back.push([lot, given]);
    left -= given;
  }
  return back;
}
