import { freePoints } from '../card/balance.ts';
import { lotEnd } from '../card/lot-end.ts';
import { type Allocation, burnLots } from '../rules/burn-lots.ts';
import type { Book } from './book.ts';

/** Points to take out of lots: negative allocations, and what the lots could not cover. */
export interface Taking {
  lots: Allocation[];
  missing: number;
}

/** Takes points from the card's free lots in burn order; from `ownLot` first, where one is named, pending or not. */
export function take(book: Book, points: number, ownLot: number | null = null): Taking {
  const { working, at } = book;
  const lots: Allocation[] = [];
  let left = points;
  const own = ownLot === null ? undefined : working.lot(ownLot);
  if (own) {
    const part = Math.min(
      left,
      freePoints({ ...own, availableAt: null }, lotEnd(own, working.card), at, working.card.pendingAsOf),
    );
    if (part > 0) lots.push([own.seq, -part]);
    left -= part;
  }
  if (left === 0) return { lots, missing: 0 };
  const { taken, missing } = burnLots(freeLots(book, ownLot, left), left);
  for (const [seq, part] of taken) lots.push([seq, -part]);
  return { lots, missing };
}

/** The card's free lots in burn order, as many as it takes to cover the points. */
function* freeLots({ working, at }: Book, except: number | null, points: number) {
  let left = points;
  for (const lot of working.liveLots()) {
    if (left <= 0) return;
    if (lot.seq === except) continue;
    const end = lotEnd(lot, working.card);
    const free = freePoints(lot, end, at, working.card.pendingAsOf);
    left -= free;
    yield { seq: lot.seq, earnedAt: lot.earnedAt, expiresAt: end, free };
  }
}
