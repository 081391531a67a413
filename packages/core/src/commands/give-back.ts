import { lotEnd } from '../card/lot-end.ts';
import type { Instant } from '../program/instant.ts';
import { isoText } from '../program/instant.ts';
import type { ProgramVersion } from '../program/version.ts';
import { type Allocation, returnToLots } from '../rules/burn-lots.ts';
import { addSpan } from '../rules/calendar.ts';
import type { Step } from '../rules/step.ts';
import type { Book, EntryFacts } from './book.ts';

/** Spent points that go back to the card. */
export interface GiveBack extends Pick<EntryFacts, 'kind' | 'orderId' | 'details' | 'explanation'> {
  /** The redeem entry they were spent by, what it took, and what of it went back before. */
  redeemSeq: number;
  taken: readonly Allocation[];
  already: number;
  points: number;
  /** Whose grace days hold for lots that have ended. */
  version: ProgramVersion;
}

/**
 * Gives spent points back to the lots they came from. Points of a lot that has ended come back as a new lot that is good
 * for the program's grace days. Debt is paid first, as by any points that come in.
 */
export function giveBack(book: Book, back: GiveBack): void {
  const { working, now } = book;
  const repaid = Math.min(working.card.debt, back.points);
  let toDebt = repaid;
  let renewed = 0;
  const lots: Allocation[] = [];
  for (const [seq, points] of returnToLots(back.taken, back.already, back.points)) {
    const kept = points - Math.min(toDebt, points);
    toDebt -= points - kept;
    if (kept === 0) continue;
    const lot = working.lot(seq);
    if (!lot) throw new Error(`Redeem entry ${back.redeemSeq} names lot ${seq}, which is not loaded`);
    const end = lotEnd(lot, working.card);
    if (end !== null && end <= now) renewed += kept;
    else lots.push([seq, kept]);
  }
  const until = graceEnd(now, back.version);
  const restored: Step = { rule: 'restored', in: back.points, out: back.points };
  if (renewed > 0) restored.facts = { renewed, until: isoText(until) };
  const steps: Step[] = [...back.explanation, restored];
  if (repaid > 0) steps.push({ rule: 'debt-repaid', in: back.points, out: back.points - repaid });
  book.write({
    kind: back.kind,
    points: back.points,
    orderId: back.orderId ?? null,
    reverses: back.redeemSeq,
    programVersion: back.version.version,
    lots,
    lot: renewed > 0 ? { points: renewed, expiresAt: until, byInactivity: false, availableAt: null } : null,
    debt: repaid === 0 ? 0 : -repaid,
    explanation: steps,
    ...(back.details ? { details: back.details } : {}),
  });
}

/** When points that come back to a lot that has ended are good until. */
export function graceEnd(now: Instant, version: ProgramVersion): Instant {
  const { restoreGraceDays } = version.points.refunds;
  return restoreGraceDays === 0 ? now : addSpan(now, { days: restoreGraceDays }, version.timeZone);
}
