import { z } from 'zod';
import type { Card } from '../card/card-state.ts';
import type { Accepted } from '../commands/outcome.ts';
import { LoyaltyError } from '../errors.ts';
import type { LoyaltyStore, Settled, Work } from '../ports/loyalty-store.ts';
import { identifierSchema } from '../program/identifier.ts';
import type { Instant } from '../program/instant.ts';
import { cursorSchema, cursorText, placeOf } from './cursor.ts';

/** The options of every job on due cards. */
export const dueOptionsShape = {
  limit: z.number().int().min(1).max(10_000_000).optional(),
  cursor: cursorSchema.optional(),
  signal: z.instanceof(AbortSignal).optional(),
};

export interface DueOptions {
  /** The most cards to look at in this call; without it, all that are due. */
  limit?: number | undefined;
  /** Where an earlier call stopped. */
  cursor?: string | undefined;
  /** Stops between two batches. */
  signal?: AbortSignal | undefined;
}

/** What every job on due cards tells. `failed` cards are reported; one bad card never stops the rest. */
export interface DueRun {
  /** Cards looked at. */
  processed: number;
  failed: number;
  failures: { cardId: string; message: string }[];
  /** Where to go on, when `limit` or `signal` ended the run early; null when nothing due is left. */
  nextCursor: string | null;
}

/** What a job does with the cards that are due. */
export interface DueJob<Facts extends object> {
  /** Cards that settle together: enough to share a commit, few enough to make nobody wait long for one of them. */
  batchSize: number;
  workOn(card: Card): Work;
  /** Called once the work on a card is carried out. */
  done(card: Card, outcome: Accepted<Facts>): void | Promise<void>;
}

const maxFailuresListed = 100;
const placeSchema = z.tuple([z.number().int(), identifierSchema.or(z.literal(''))]);

/** Carries a job out on all cards of which something ends by `until`, soonest first, and notes in `run` what came of it. */
export async function overDueCards<Facts extends object>(
  store: LoyaltyStore,
  { limit = Number.POSITIVE_INFINITY, cursor, signal }: DueOptions,
  until: Instant,
  job: DueJob<Facts>,
  run: DueRun,
): Promise<void> {
  const pageSize = job.batchSize * (store.settlesAtOnce ?? 1);
  const place = cursor === undefined ? null : placeOf(placeSchema, cursor, 'an expiry run');
  let after = place && { nextExpiryAt: place[0], cardId: place[1] };
  while (run.processed < limit && !signal?.aborted) {
    const size = Math.min(pageSize, limit - run.processed);
    const cards = await store.dueCards(until, size, after);
    run.processed += cards.length;
    const batches: Promise<void>[] = [];
    for (let from = 0; from < cards.length; from += job.batchSize)
      batches.push(settleBatch(store, cards.slice(from, from + job.batchSize), job, run));
    await Promise.all(batches);
    const last = cards.at(-1);
    if (!last || cards.length < size) return;
    after = { nextExpiryAt: last.nextExpiryAt ?? until, cardId: last.cardId };
  }
  const [more] = await store.dueCards(until, 1, after);
  if (more) run.nextCursor = cursorText(after ? [after.nextExpiryAt, after.cardId] : [-1, '']);
}

async function settleBatch<Facts extends object>(
  store: LoyaltyStore,
  cards: readonly Card[],
  job: DueJob<Facts>,
  run: DueRun,
): Promise<void> {
  const settled = await settleEach(
    store,
    cards.map((card) => job.workOn(card)),
  );
  for (const [index, card] of cards.entries()) {
    const result = settled[index];
    if (result && 'outcome' in result && result.outcome.ok) {
      await job.done(card, result.outcome as Accepted<Facts>);
    } else {
      fail(run, card, result && 'error' in result ? result.error : (result?.outcome ?? unanswered));
    }
  }
}

const unanswered = new LoyaltyError('STORE_DEFECT', 'The store answered fewer commands than it was given');

/** Settles together; where the store cannot do that, each alone, so that one card cannot stop the others. */
async function settleEach(store: LoyaltyStore, work: readonly Work[]): Promise<Settled[]> {
  try {
    return await store.settle(work);
  } catch (error) {
    if (work.length === 1) return [{ error }];
  }
  const settled: Settled[] = [];
  for (const one of work) settled.push(...(await settleEach(store, [one])));
  return settled;
}

/** Notes that a job failed on a card. */
export function fail(run: DueRun, card: Card, cause: unknown): void {
  run.failed += 1;
  if (run.failures.length >= maxFailuresListed) return;
  const message = cause instanceof Error ? cause.message : JSON.stringify(cause);
  run.failures.push({ cardId: card.cardId, message });
}
