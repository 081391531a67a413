import { z } from 'zod';
import { adjust } from '../commands/adjust.ts';
import { award } from '../commands/award.ts';
import { captureHold, checkoutComplete } from '../commands/capture.ts';
import { type CardRef, type CommandDefinition, type ParsedCommand, parseInput } from '../commands/command.ts';
import { earn } from '../commands/earn.ts';
import { enroll } from '../commands/enroll.ts';
import { checkoutStart, hold } from '../commands/hold.ts';
import type { Outcome } from '../commands/outcome.ts';
import { cancelEarn, confirmEarn } from '../commands/pending-earn.ts';
import { redeem } from '../commands/redeem.ts';
import { refund } from '../commands/refund.ts';
import { release } from '../commands/release.ts';
import { reverse } from '../commands/reverse.ts';
import { invalid, LoyaltyError } from '../errors.ts';
import { type Clock, systemClock } from '../ports/clock.ts';
import { type Ids, randomIds } from '../ports/ids.ts';
import type { LoyaltyStore, Work } from '../ports/loyalty-store.ts';
import type { Instant } from '../program/instant.ts';
import { Coalescer } from './coalescer.ts';
import { expirePoints } from './expire-points.ts';
import { fingerprint } from './fingerprint.ts';
import type { Loyalty, LoyaltyCommands } from './loyalty.ts';
import { programsOf } from './programs.ts';
import { readBalance } from './read-balance.ts';
import { readQuote } from './read-quote.ts';
import { readStatement } from './read-statement.ts';
import { verify } from './verify.ts';

export interface LoyaltyOptions {
  /** Where loyalty is kept: `openPostgresStore`, `openSqliteStore`, `memoryStore`, or one of your own. */
  store: LoyaltyStore;
  /** Default: the system's clock. */
  clock?: Clock;
  /** Default: random ids in order of time. */
  ids?: Ids;
  /** The most commands that settle together, 1 to 10,000. Default 256. */
  maxBatch?: number;
  /** The most commands that wait; beyond it they are refused as OVERLOADED. Default 10,000. */
  maxQueue?: number;
}

const boundsSchema = z.object({
  maxBatch: z.number().int().min(1).max(10_000).default(256),
  maxQueue: z.number().int().min(1).max(10_000_000).default(10_000),
});

type Submit = (work: Work) => Promise<Outcome<object>>;

/**
 * The engine on a store.
 *
 * @throws InvalidCommandError when an option is out of range.
 * @example
 * const loyalty = createLoyalty({ store: openSqliteStore({ file: 'loyalty.sqlite' }) })
 */
export function createLoyalty({
  store,
  clock = systemClock,
  ids = randomIds,
  ...bounds
}: LoyaltyOptions): Loyalty {
  const { maxBatch, maxQueue } = parseInput(boundsSchema, bounds);
  const now = forwardOnly(clock);
  const coalescer = new Coalescer(store, maxBatch, maxQueue);
  return {
    ...commandsOn(store, (work) => coalescer.submit(work), now, ids),
    programs: programsOf(store, now),
    using(transaction) {
      const bound = store.using(transaction);
      return commandsOn(bound, (work) => settleAlone(bound, work), now, ids);
    },
    jobs: { expirePoints: async (options = {}) => expirePoints(store, options, now()) },
    verify: (member) => verify(store, member),
    async close() {
      await coalescer.close();
      await store.close();
    },
  };
}

/** A clock that is set back stands still here, so that nothing un-expires. */
function forwardOnly(clock: Clock): () => Instant {
  let latest = 0;
  return () => {
    const now = clock.now();
    if (!Number.isSafeInteger(now))
      throw new LoyaltyError('BAD_CLOCK', `The clock gave ${now}, not whole milliseconds`);
    if (now > latest) latest = now;
    return latest;
  };
}

function commandsOn(store: LoyaltyStore, submit: Submit, now: () => Instant, ids: Ids): LoyaltyCommands {
  const run =
    <Schema extends z.ZodType, Facts extends object, Stamped>(
      definition: CommandDefinition<Schema, Facts, Stamped>,
    ) =>
    async (input: unknown): Promise<Outcome<Facts>> => {
      const outcome = await submit(toWork(definition, input, now(), ids));
      return outcome as Outcome<Facts>;
    };
  return {
    earn: run(earn),
    quote: async (input) => readQuote(store, input, now()),
    checkout: { start: run(checkoutStart), complete: run(checkoutComplete), cancel: run(release) },
    cards: { enroll: run(enroll) },
    hold: run(hold),
    capture: run(captureHold),
    release: run(release),
    redeem: run(redeem),
    refund: run(refund),
    confirmEarn: run(confirmEarn),
    cancelEarn: run(cancelEarn),
    award: run(award),
    reverse: run(reverse),
    adjust: run(adjust),
    balance: async (member) => readBalance(store, member, now()),
    statement: async (member, query = {}) => readStatement(store, member, query, now()),
  };
}

/** From what a caller wrote to work for a store: parse, stamp time and ids, name what it touches. */
function toWork<Schema extends z.ZodType, Facts extends object, Stamped>(
  definition: CommandDefinition<Schema, Facts, Stamped>,
  input: unknown,
  now: Instant,
  ids: Ids,
): Work {
  const parsed = parseInput(definition.schema, input);
  const common = parsed as ParsedCommand;
  const at = common.occurredAt ?? now;
  if (at > now) throw invalid(['occurredAt'], 'lies in the future', 'future');
  const stamped = (definition.stamp ? definition.stamp(parsed, () => ids.next()) : parsed) as Stamped;
  const named = keysOf(definition, parsed, common.idempotencyKey);
  // A store that loses its connection in the commit asks the receipt what became of it, so each command leaves one.
  const keys = named.length > 0 ? named : [`once:${ids.next()}`];
  return {
    touches: [
      { ...definition.reach(parsed), card: common as CardRef, newCardId: () => ids.next(), keys, at, now },
    ],
    keys,
    fingerprint: named.length > 0 ? fingerprint(definition.kind, common) : '',
    isUndone:
      definition.isUndone && common.idempotencyKey === undefined
        ? (state, receipt) => definition.isUndone?.(state, parsed, receipt) === true
        : undefined,
    decide: ([state]) => {
      if (!state)
        throw new LoyaltyError('STORE_DEFECT', 'The store decided without the card that the work touches');
      return definition.decide(state, stamped, now);
    },
  };
}

/** The caller's key, or the one derived from the command; both where the command happens once whatever its key. */
function keysOf<Schema extends z.ZodType>(
  definition: Pick<CommandDefinition<Schema, object, never>, 'derivedKey' | 'onceOnly'>,
  command: z.output<Schema>,
  given: string | undefined,
): string[] {
  const derived = given === undefined || definition.onceOnly ? definition.derivedKey(command) : null;
  const keys = given === undefined ? [] : [`key:${given}`];
  return derived === null ? keys : [...keys, derived];
}

async function settleAlone(store: LoyaltyStore, work: Work): Promise<Outcome<object>> {
  const [settled] = await store.settle([work]);
  if (!settled) throw new LoyaltyError('STORE_DEFECT', 'The store answered fewer commands than it was given');
  if ('error' in settled) throw settled.error;
  return settled.outcome;
}
