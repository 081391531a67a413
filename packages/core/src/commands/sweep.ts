import type { Lot } from '../card/card-state.ts';
import { earlier, lotEnd } from '../card/lot-end.ts';
import { soonestStampEnd } from '../card/stamp-book.ts';
import type { WorkingCard } from '../card/working-card.ts';
import type { Instant } from '../program/instant.ts';
import type { Step } from '../rules/step.ts';
import type { Book } from './book.ts';

/**
 * Writes an expire entry for each lot that has reached its end, for what was left of it, dated when it expired. What is
 * left pays debt first. Points that a hold reserves do not expire; those that come back from it afterwards do then. Every
 * command that writes sweeps first, so that a later activity cannot bring ended points back; the expiry job sweeps the
 * cards that nobody uses.
 */
export function sweep(book: Book): void {
  const { working, at } = book;
  const { card } = working;
  if (card.nextExpiryAt === null || card.nextExpiryAt > at) return;
  expireStamps(book);
  const stampEnd = soonestStampEnd(card.stampLots);
  for (const lot of dueLots(working, at)) expireLot(book, lot);
  const soonest = soonestEnd(working, at);
  const { unloadedEnd } = working;
  if (unloadedEnd !== null && unloadedEnd > at) {
    // Only some lots are loaded: the others end no sooner than that.
    card.nextExpiryAt = earlier(earlier(soonest, unloadedEnd), stampEnd);
  } else {
    // All that end by now and the first after them are loaded: the others end no sooner than the first after them.
    card.nextExpiryAt = earlier(soonest, stampEnd);
    working.unloadedEnd = soonest;
  }
}

/** Stamps that have ended: one entry a stamp lot, dated when it ended. */
function expireStamps(book: Book): void {
  for (const [seq, stamps, end] of book.working.card.stampLots) {
    if (end === null || end > book.at) return;
    book.write({
      kind: 'expire-stamps',
      points: 0,
      occurredAt: end,
      stamps: -stamps,
      stampLots: [[seq, -stamps, end]],
      explanation: [{ rule: 'stamps-expired', in: stamps, out: 0, facts: { entry: seq } }],
      details: { cause: 'date' },
    });
  }
}

function dueLots(working: WorkingCard, at: Instant): Lot[] {
  const due: Lot[] = [];
  for (const lot of working.liveLots()) {
    const end = lotEnd(lot, working.card);
    if (end === null || end > at) break;
    if (lot.remaining > lot.held) due.push(lot);
  }
  return due;
}

function expireLot(book: Book, lot: Lot): void {
  const { card } = book.working;
  const left = lot.remaining - lot.held;
  const repaid = Math.min(card.debt, left);
  const points = left - repaid;
  const cause = lot.byInactivity ? 'inactivity' : 'date';
  const expired: Step = { rule: 'expired', in: left, out: points, facts: { lot: lot.seq, cause } };
  book.write({
    kind: 'expire',
    points: points === 0 ? 0 : -points,
    occurredAt: lotEnd(lot, card) ?? book.at,
    lots: [[lot.seq, -left]],
    debt: repaid === 0 ? 0 : -repaid,
    explanation: repaid === 0 ? [expired] : [expired, { rule: 'ended-for-debt', in: left, out: points }],
    details: { cause },
  });
}

/** The soonest end among what is left; held points that have reached theirs are looked at again when the hold ends. */
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
