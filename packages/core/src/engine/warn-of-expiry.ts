import { z } from 'zod';
import type { Card, CardState } from '../card/card-state.ts';
import { parseInput } from '../commands/command.ts';
import { type Decision, unwrap } from '../commands/outcome.ts';
import { decideForgetWarning, decideWarn, type WarnFacts } from '../commands/warn.ts';
import { LoyaltyError } from '../errors.ts';
import { randomIds } from '../ports/ids.ts';
import type { LoyaltyStore, Work } from '../ports/loyalty-store.ts';
import { type Instant, isoText } from '../program/instant.ts';
import { type DueOptions, type DueRun, dueOptionsShape, fail, overDueCards } from './due-cards.ts';
import { touchToRead } from './reader.ts';

/** Points of one card that are about to expire. */
export interface ExpiryWarning {
  cardId: string;
  programId: string;
  customerId: string;
  points: number;
  /** When the first of them expire. */
  expiresAt: string;
  /** When the last of them do: the same where they all expire at once. */
  lastExpiresAt: string;
}

const optionsSchema = z.strictObject({
  ...dueOptionsShape,
  withinDays: z.number().int().min(1).max(3650),
  warn: z.custom<WarnOptions['warn']>((warn) => typeof warn === 'function', { error: 'expected a function' }),
});

export interface WarnOptions extends DueOptions {
  /** How far to look ahead, in days of 24 hours. */
  withinDays: number;
  /** Tells the customer: sends a message, or puts it in a queue. One that throws is called again by the next run. */
  warn(warning: ExpiryWarning): unknown;
}

/** What the job did. Of a `failed` card the customer was not warned; the next run tries again. */
export interface WarningRun extends DueRun {
  /** Customers that were warned. */
  warned: number;
}

/** Cards claimed together: what a process that dies has claimed and not told is never told, so they are few. */
const batchSize = 20;
const dayMs = 86_400_000;

/** Warns of points that expire soon, once a deadline; see `Loyalty.jobs.warnOfExpiry`. */
export async function warnOfExpiry(
  store: LoyaltyStore,
  options: WarnOptions,
  now: Instant,
): Promise<WarningRun> {
  const { withinDays, warn, ...dueOptions } = parseInput(optionsSchema, options);
  const until = now + withinDays * dayMs;
  const run: WarningRun = { processed: 0, warned: 0, failed: 0, failures: [], nextCursor: null };
  const job = {
    batchSize,
    workOn: ({ cardId }: Card) =>
      // Loaded as if it were `until`: with all lots that end by then.
      workOn(cardId, until, (state) => decideWarn(state, { until }, now)),
    done: async (card: Card, claim: WarnFacts) => {
      if (claim.expiresAt === null || claim.lastExpiresAt === null) return;
      const { cardId, programId } = card;
      const { customerId, points } = claim;
      const [expiresAt, lastExpiresAt] = [isoText(claim.expiresAt), isoText(claim.lastExpiresAt)];
      try {
        await warn({ cardId, programId, customerId, points, expiresAt, lastExpiresAt });
        run.warned += 1;
      } catch (error) {
        fail(run, card, error instanceof Error ? error : new Error('warn threw what is no Error'));
        await forget(store, card, claim, now, run);
      }
    },
  };
  await overDueCards<WarnFacts>(store, dueOptions, until, job, run);
  return run;
}

async function forget(
  store: LoyaltyStore,
  card: Card,
  claim: WarnFacts,
  now: Instant,
  run: DueRun,
): Promise<void> {
  try {
    const [settled] = await store.settle([
      workOn(card.cardId, now, (state) => decideForgetWarning(state, claim, now)),
    ]);
    if (!settled) throw new LoyaltyError('STORE_DEFECT', 'The store answered nothing');
    if ('error' in settled) throw settled.error;
    unwrap(settled.outcome);
  } catch (error) {
    const failure = run.failures.find(({ cardId }) => cardId === card.cardId);
    const why = error instanceof Error ? error.message : String(error);
    if (failure) failure.message += `; and the next run will not try again: ${why}`;
  }
}

function workOn(cardId: string, now: Instant, decide: (state: CardState) => Decision<object>): Work {
  // A store that loses the answer to its commit asks the receipt: claimed once more, the customer would never be told.
  const key = `once:${randomIds.next()}`;
  return {
    touches: [touchToRead({ cardId }, now, { keys: [key] })],
    keys: [key],
    fingerprint: '',
    decide: ([state]) => {
      if (!state) throw new Error('A warning touches one card');
      return decide(state);
    },
  };
}
