import { type Instant, isoText } from '../program/instant.ts';
import type { Lifetime, Lot } from './card-state.ts';
import { lotEnd } from './lot-end.ts';
import type { WorkingCard } from './working-card.ts';

/** A card's points at an instant. `total` = `available` + `pending` + `held` - `debt`. */
export interface BalanceFigures {
  /** What can be spent now. */
  available: number;
  /** Earned, but not yet available. */
  pending: number;
  /** Reserved by open holds. */
  held: number;
  /** Owed after a refund of points that were spent; later earning pays it first. */
  debt: number;
  /** The ledger's balance, points that are due to expire taken off. */
  total: number;
  /** Sums over all entries. */
  lifetime: Lifetime;
}

/** What `balance` answers: the figures, and the points that expire next. */
export interface Balance extends BalanceFigures {
  nextExpiry: { points: number; at: string } | null;
}

/**
 * The figures at an instant. Points past their end do not count, whether or not a job has written their expiry; held
 * ones count as held until their hold ends.
 */
export function balanceFigures(working: WorkingCard, at: Instant): BalanceFigures {
  const { card } = working;
  const { held } = card;
  let { pending } = card;
  let due = 0;
  if (card.nextExpiryAt !== null && card.nextExpiryAt <= at) {
    for (const lot of working.liveLots()) {
      const end = lotEnd(lot, card);
      if (end === null || end > at) break;
      if (isPending(lot, card.pendingAsOf)) pending -= lot.remaining;
      due += lot.remaining - lot.held;
    }
  }
  const repaid = Math.min(card.debt, due);
  const debt = card.debt - repaid;
  const free = card.balance + card.debt - pending - held - due;
  return {
    available: Math.max(0, free - debt),
    pending,
    held,
    debt: Math.max(0, debt - free),
    total: card.balance - due + repaid,
    lifetime: { ...card.lifetime },
  };
}

/** True while a lot waits to become available. */
export function isPending(lot: Lot, at: Instant): boolean {
  return lot.availableAt !== null && lot.availableAt > at;
}

/**
 * A lot's points that can be taken at an instant: not held, not past their end, and available as of `pendingAsOf`, which
 * is when the card was brought forward to.
 */
export function freePoints(lot: Lot, end: Instant | null, at: Instant, pendingAsOf: Instant): number {
  return isPending(lot, pendingAsOf) || (end !== null && end <= at) ? 0 : lot.remaining - lot.held;
}

/** The soonest coming expiry among the loaded lots. */
export function nextExpiry(working: WorkingCard, at: Instant): Balance['nextExpiry'] {
  let points = 0;
  let soonest: Instant | null = null;
  for (const lot of working.liveLots()) {
    const end = lotEnd(lot, working.card);
    if (end === null || end <= at) continue;
    if (soonest !== null && end !== soonest) break;
    soonest = end;
    points += lot.remaining;
  }
  return soonest === null ? null : { points, at: isoText(soonest) };
}
