import { z } from 'zod';
import { parseInput } from '../commands/command.ts';
import { decideExpire, type ExpireFacts } from '../commands/expire.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import type { Instant } from '../program/instant.ts';
import { type DueOptions, type DueRun, dueOptionsShape, overDueCards } from './due-cards.ts';
import { touchToRead } from './reader.ts';

export const expireOptionsSchema = z.strictObject(dueOptionsShape);

export type ExpireOptions = DueOptions;

/** What the job did. `failed` cards are untouched and reported; one bad card never stops the rest. */
export interface ExpiryRun extends DueRun {
  /** Points that this run wrote off; where a store lost its connection in a commit and tried again, at least so many. */
  expired: number;
}

/** Writes the expire entries of all cards that are due at `now`; see `Loyalty.jobs.expirePoints`. */
export async function expirePoints(
  store: LoyaltyStore,
  options: ExpireOptions,
  now: Instant,
): Promise<ExpiryRun> {
  const parsed = parseInput(expireOptionsSchema, options);
  const run: ExpiryRun = { processed: 0, expired: 0, failed: 0, failures: [], nextCursor: null };
  await overDueCards<ExpireFacts>(
    store,
    parsed,
    now,
    {
      batchSize: 100,
      workOn: ({ cardId }) => ({
        touches: [touchToRead({ cardId }, now)],
        keys: [],
        fingerprint: '',
        decide: ([state]) => {
          if (!state) throw new Error('An expiry touches one card');
          return decideExpire(state, {}, now);
        },
      }),
      done: (_card, { points }) => {
        run.expired += points;
      },
    },
    run,
  );
  if (run.nextCursor === null) await store.tidy?.(now);
  return run;
}
