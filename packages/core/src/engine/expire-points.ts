import { z } from 'zod';
import type { Card } from '../card/card-state.ts';
import { parseInput } from '../commands/command.ts';
import { decideExpire } from '../commands/expire.ts';
import { invalid } from '../errors.ts';
import type { DueCursor, LoyaltyStore, Work } from '../ports/loyalty-store.ts';
import type { Instant } from '../program/instant.ts';

const optionsSchema = z.strictObject({
  limit: z.number().int().min(1).max(10_000_000).optional(),
  cursor: z.string().min(1).max(300).optional(),
  signal: z.instanceof(AbortSignal).optional(),
});

export interface ExpireOptions {
  /** The most cards to look at in this call; without it, all that are due. */
  limit?: number | undefined;
  /** Where an earlier call stopped. */
  cursor?: string | undefined;
  /** Stops between two batches. */
  signal?: AbortSignal | undefined;
}

/** What the job did. `failed` cards are untouched and reported; one bad card never stops the rest. */
export interface ExpiryRun {
  /** Cards looked at. */
  processed: number;
  /** Points that this run wrote off; where a store lost its connection in a commit and tried again, at least so many. */
  expired: number;
  failed: number;
  failures: { cardId: string; message: string }[];
  /** Where to go on, when `limit` or `signal` ended the run early; null when nothing due is left. */
  nextCursor: string | null;
}

/** Cards that settle together: enough to share a commit, few enough to make nobody wait long for one of them. */
const batchSize = 100;
const maxFailuresListed = 100;

/** Writes the expire entries of all cards that are due at `now`; see `Loyalty.jobs.expirePoints`. */
export async function expirePoints(
  store: LoyaltyStore,
  options: ExpireOptions,
  now: Instant,
): Promise<ExpiryRun> {
  const { limit = Number.POSITIVE_INFINITY, cursor, signal } = parseInput(optionsSchema, options);
  const run: ExpiryRun = { processed: 0, expired: 0, failed: 0, failures: [], nextCursor: null };
  const pageSize = batchSize * (store.settlesAtOnce ?? 1);
  let after = cursor === undefined ? null : parseCursor(cursor);
  while (run.processed < limit && !signal?.aborted) {
    const size = Math.min(pageSize, limit - run.processed);
    const cards = await store.dueCards(now, size, after);
    const batches: Promise<void>[] = [];
    for (let from = 0; from < cards.length; from += batchSize)
      batches.push(expireCards(store, cards.slice(from, from + batchSize), now, run));
    await Promise.all(batches);
    const last = cards.at(-1);
    if (!last || cards.length < size) return run;
    after = { nextExpiryAt: last.nextExpiryAt ?? now, cardId: last.cardId };
  }
  const [more] = await store.dueCards(now, 1, after);
  if (more) run.nextCursor = JSON.stringify(after ? [after.nextExpiryAt, after.cardId] : [-1, '']);
  return run;
}

async function expireCards(
  store: LoyaltyStore,
  cards: readonly Card[],
  now: Instant,
  run: ExpiryRun,
): Promise<void> {
  run.processed += cards.length;
  try {
    await settleAll(store, cards, now, run);
  } catch (error) {
    if (cards.length === 1) return fail(run, cards[0] as Card, error);
    // Something the store could not do for the batch: each card alone, so that one cannot stop the others.
    for (const card of cards) {
      await settleAll(store, [card], now, run).catch((cause: unknown) => fail(run, card, cause));
    }
  }
}

async function settleAll(
  store: LoyaltyStore,
  cards: readonly Card[],
  now: Instant,
  run: ExpiryRun,
): Promise<void> {
  const settled = await store.settle(cards.map(({ cardId }) => expiryOf(cardId, now)));
  for (const [index, card] of cards.entries()) {
    const result = settled[index];
    if (result && 'outcome' in result && result.outcome.ok) {
      run.expired += (result.outcome as unknown as { points: number }).points;
    } else {
      fail(run, card, result && 'error' in result ? result.error : result?.outcome);
    }
  }
}

function expiryOf(cardId: string, now: Instant): Work {
  return {
    touches: [{ card: { cardId }, newCardId: () => '', keys: [], at: now, now }],
    keys: [],
    fingerprint: '',
    decide: ([state]) => {
      if (!state) throw new Error('An expiry touches one card');
      return decideExpire(state, {}, now);
    },
  };
}

function fail(run: ExpiryRun, card: Card, cause: unknown): void {
  run.failed += 1;
  if (run.failures.length >= maxFailuresListed) return;
  const message = cause instanceof Error ? cause.message : JSON.stringify(cause);
  run.failures.push({ cardId: card.cardId, message });
}

function parseCursor(cursor: string): DueCursor {
  try {
    const [nextExpiryAt, cardId] = JSON.parse(cursor) as [unknown, unknown];
    if (Number.isSafeInteger(nextExpiryAt) && typeof cardId === 'string') {
      return { nextExpiryAt: nextExpiryAt as number, cardId };
    }
  } catch {
    // Refused below, like any other text that is no cursor.
  }
  throw invalid(['cursor'], 'is not a cursor of an expiry run');
}
