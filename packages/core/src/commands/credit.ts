import type { Entry } from '../card/entry.ts';
import { invalid } from '../errors.ts';
import type { Instant } from '../program/instant.ts';
import { versionNumbered } from '../program/version.ts';
import { lotExpiry } from '../rules/lot-expiry.ts';
import type { Book, EntryFacts } from './book.ts';

/** Points that go to the card as a lot of their own. */
export interface Credit extends Omit<EntryFacts, 'lot' | 'debt'> {
  /** An end of its own instead of the program's rule. */
  expiresAt?: Instant | undefined;
  /** Null or absent: available at once. */
  availableAt?: Instant | null;
}

/** Writes points as a new lot. Debt is paid first, unless the points are not available yet. */
export function credit(book: Book, { expiresAt, availableAt = null, ...facts }: Credit): Entry {
  const { working, version: current, at } = book;
  const version =
    facts.programVersion === undefined
      ? current
      : versionNumbered(working.state.versions, facts.programVersion);
  const repaid = availableAt === null ? Math.min(working.card.debt, facts.points) : 0;
  const end =
    expiresAt === undefined
      ? lotExpiry(version.points.expiry, at, version.timeZone)
      : { expiresAt, byInactivity: false };
  const points = facts.points - repaid;
  const explanation =
    repaid === 0
      ? facts.explanation
      : [...facts.explanation, { rule: 'debt-repaid', in: facts.points, out: points } as const];
  const lot = points === 0 ? null : { points, ...end, availableAt };
  return book.write({ ...facts, explanation, lot, debt: repaid === 0 ? 0 : -repaid });
}

/** @throws InvalidCommandError when points would end before they begin. */
export function refusePast({ now }: Book, expiresAt: Instant | undefined): void {
  if (expiresAt !== undefined && expiresAt <= now) throw invalid(['expiresAt'], 'lies in the past', 'past');
}
