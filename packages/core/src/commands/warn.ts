import type { Card, CardState } from '../card/card-state.ts';
import { lotEnd } from '../card/lot-end.ts';
import type { Instant } from '../program/instant.ts';
import { openBook } from './book.ts';
import { type Decision, refused } from './outcome.ts';

/** What a card knows of its last warning. */
export type Warned = Pick<Card, 'warnedOf' | 'warnedSeq'>;

/** What a customer is to be warned of. */
export interface WarnFacts {
  customerId: string;
  /** Points that end and that the customer was not warned of yet; 0: nothing to say. */
  points: number;
  /** When the first and the last of them end; null where there are none. */
  expiresAt: Instant | null;
  lastExpiresAt: Instant | null;
  /** What the card knows from now on, and what it knew before. */
  warned: Warned;
  warnedBefore: Warned;
}

/**
 * Decides what to warn a customer of: points that end after now and not after `until`, and after the last end that they
 * were warned of, so that nobody is warned of one deadline twice; points that came since that warning also where they end
 * before it. The card remembers the last of these ends. A run that looks less far ahead than the one before, and finds
 * new points, makes what lies beyond it be warned of once more: better twice than never. An inactive card is warned of
 * nothing. Lots that end by `until` must be loaded.
 */
export function decideWarn(
  state: CardState,
  { until }: { until: Instant },
  now: Instant,
): Decision<WarnFacts> {
  const book = openBook(state, {}, now, { operation: null, evenMerged: true });
  if ('ok' in book) return refused(book);
  const { card } = book.working;
  const { customerId, seq, warnedOf, warnedSeq } = card;
  const warnedBefore: Warned = { warnedOf, warnedSeq };
  const facts: WarnFacts = {
    customerId,
    points: 0,
    expiresAt: null,
    lastExpiresAt: null,
    warned: warnedBefore,
    warnedBefore,
  };
  for (const lot of card.status === 'active' ? book.working.liveLots() : []) {
    const end = lotEnd(lot, card);
    if (end === null || end > until) break;
    if (end <= book.at) continue;
    if (warnedOf !== null && end <= warnedOf && lot.seq <= warnedSeq) continue;
    facts.points += lot.remaining;
    facts.expiresAt ??= end;
    facts.lastExpiresAt = end;
  }
  if (facts.lastExpiresAt === null) return { ...book.accept(facts), changed: null };
  const known = Math.min(warnedOf ?? facts.lastExpiresAt, until);
  facts.warned = { warnedOf: Math.max(facts.lastExpiresAt, known), warnedSeq: seq };
  Object.assign(card, facts.warned);
  return book.accept(facts);
}

/** Decides to forget a warning that could not be given, so that the next run gives it; not where there was a later one. */
export function decideForgetWarning(
  state: CardState,
  { warned, warnedBefore }: Pick<WarnFacts, 'warned' | 'warnedBefore'>,
  now: Instant,
): Decision<object> {
  const book = openBook(state, {}, now, { operation: null, evenMerged: true });
  if ('ok' in book) return refused(book);
  const { card } = book.working;
  const isLast = card.warnedOf === warned.warnedOf && card.warnedSeq === warned.warnedSeq;
  if (!isLast) return { ...book.accept({}), changed: null };
  Object.assign(card, warnedBefore);
  return book.accept({});
}
