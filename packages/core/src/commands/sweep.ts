import type { Lot } from '../card/card-state.ts';
import { earlier, lotEnd } from '../card/lot-end.ts';
import type { WorkingCard } from '../card/working-card.ts';
import type { Instant } from '../program/instant.ts';
import type { Book } from './book.ts';

/**
 * Writes one expire entry for each lot that has reached its end, for what was left of it, dated when it expired. What is
 * left pays debt first. A lot with held points waits for its hold. Every command that writes sweeps first, so that a
 * later activity cannot bring ended points back; the expiry job sweeps the cards that nobody uses.
 */
export function sweep(book: Book): void {
  const { working, at } = book;
  const { card } = working;
  if (card.nextExpiryAt === null || card.nextExpiryAt > at) return;
  for (const lot of dueLots(working, at)) expireLot(book, lot);
  card.nextExpiryAt = soonestEnd(working, at);
}

function dueLots(working: WorkingCard, at: Instant): Lot[] {
  const due: Lot[] = [];
  for (const lot of working.liveLots()) {
    const end = lotEnd(lot, working.card);
    if (end === null || end > at) break;
    if (lot.held === 0) due.push(lot);
  }
  return due;
}

function expireLot(book: Book, lot: Lot): void {
  const { card } = book.working;
  const repaid = Math.min(card.debt, lot.remaining);
  const points = lot.remaining - repaid;
  const cause = lot.byInactivity ? 'inactivity' : 'date';
  book.write({
    kind: 'expire',
    points: points === 0 ? 0 : -points,
    occurredAt: lotEnd(lot, card) ?? book.at,
    lots: [[lot.seq, -lot.remaining]],
    debt: repaid === 0 ? 0 : -repaid,
    explanation: [
      { rule: 'expired', in: points, out: 0, facts: { lot: lot.seq, cause } },
      ...(repaid > 0 ? [{ rule: 'debt-repaid', in: lot.remaining, out: points } as const] : []),
    ],
    details: { cause },
  });
}

/** The soonest end among what is left; a lot that waits for its hold is looked at again when the hold ends. */
function soonestEnd(working: WorkingCard, at: Instant): Instant | null {
  let soonest: Instant | null = null;
  let waits = false;
  for (const lot of working.liveLots()) {
    const end = lotEnd(lot, working.card);
    if (end !== null && end <= at) {
      waits = true;
      continue;
    }
    soonest = end;
    break;
  }
  if (waits) for (const hold of working.openHolds()) soonest = earlier(soonest, hold.expiresAt);
  return soonest;
}
