import { z } from 'zod';
import { adjust } from '../commands/adjust.ts';
import { anonymise } from '../commands/anonymise.ts';
import { award } from '../commands/award.ts';
import { captureHold, checkoutComplete } from '../commands/capture.ts';
import { deactivate, reactivate } from '../commands/card-status.ts';
import { type CommandDefinition, parseInput } from '../commands/command.ts';
import { earn } from '../commands/earn.ts';
import { enroll } from '../commands/enroll.ts';
import { checkoutStart, hold } from '../commands/hold.ts';
import type { Outcome } from '../commands/outcome.ts';
import { cancelEarn, confirmEarn } from '../commands/pending-earn.ts';
import { redeem } from '../commands/redeem.ts';
import { redeemReward } from '../commands/redeem-reward.ts';
import { redeemStamps } from '../commands/redeem-stamps.ts';
import { refund } from '../commands/refund.ts';
import { release } from '../commands/release.ts';
import { reverse } from '../commands/reverse.ts';
import { rotateQr } from '../commands/rotate-qr.ts';
import { stamp } from '../commands/stamp.ts';
import { useVoucher } from '../commands/use-voucher.ts';
import { voidReward } from '../commands/void-reward.ts';
import { voidStamp } from '../commands/void-stamp.ts';
import { invalid, LoyaltyError } from '../errors.ts';
import { type Clock, systemClock } from '../ports/clock.ts';
import { type Ids, randomIds } from '../ports/ids.ts';
import type { LoyaltyStore, Work } from '../ports/loyalty-store.ts';
import type { PinHasher } from '../ports/pin-hasher.ts';
import type { Instant } from '../program/instant.ts';
import { Coalescer } from './coalescer.ts';
import { expirePoints } from './expire-points.ts';
import { listCards } from './list-cards.ts';
import { listEntries } from './list-entries.ts';
import { locationsOf } from './locations.ts';
import type { Loyalty, LoyaltyCommands } from './loyalty.ts';
import { merchantsOf } from './merchants.ts';
import { programsOf } from './programs.ts';
import { readBalance } from './read-balance.ts';
import { readOrders } from './read-orders.ts';
import { readQuote } from './read-quote.ts';
import { readStatement } from './read-statement.ts';
import { readStatistics } from './read-statistics.ts';
import { readVoucher, readVouchers } from './read-vouchers.ts';
import { requestsOf } from './requests.ts';
import { rewardsCatalogueOf } from './rewards.ts';
import { type Runner, runCommand, runMerge } from './run-command.ts';
import { staffOf } from './staff.ts';
import { verify } from './verify.ts';
import { readCard } from './view-card.ts';
import { warnOfExpiry } from './warn-of-expiry.ts';

export interface LoyaltyOptions {
  /** Where loyalty is kept: `openPostgresStore`, `openSqliteStore`, `memoryStore`, or one of your own. */
  store: LoyaltyStore;
  /** Default: the system's clock. */
  clock?: Clock;
  /** Default: random ids in order of time. */
  ids?: Ids;
  /** What makes of staff PINs what is kept: `scryptPins` of `@loyalty-engine/node`. Needed only where there is staff. */
  pins?: PinHasher;
  /** The most commands that settle together, 1 to 10,000. Default 256. */
  maxBatch?: number;
  /** The most commands that wait; beyond it they are refused as OVERLOADED. Default 10,000. */
  maxQueue?: number;
}

const boundsSchema = z.object({
  maxBatch: z.number().int().min(1).max(10_000).default(256),
  maxQueue: z.number().int().min(1).max(10_000_000).default(10_000),
});

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
  pins,
  ...bounds
}: LoyaltyOptions): Loyalty {
  const { maxBatch, maxQueue } = parseInput(boundsSchema, bounds);
  const now = forwardOnly(clock);
  const coalescer = new Coalescer(store, maxBatch, maxQueue);
  const staff = staffOf(store, now, ids, pins);
  const catalogue = rewardsCatalogueOf(store, now);
  const commands = commandsOn(store, {
    submit: (work) => coalescer.submit(work),
    checkPin: (claim) => staff.checkPin(claim),
    now,
    ids,
  });
  return {
    ...commands,
    cards: { ...commands.cards, list: async (query = {}) => listCards(store, query, now()) },
    rewards: { ...commands.rewards, ...catalogue },
    programs: programsOf(store, now),
    merchants: merchantsOf(store, now),
    locations: locationsOf(store, now),
    staff,
    using(transaction) {
      const bound = store.using(transaction);
      return commandsOn(bound, {
        submit: (work) => settleAlone(bound, work),
        checkPin: refusePin,
        now,
        ids,
      });
    },
    entries: async (query = {}) => listEntries(store, query, now()),
    requests: requestsOf(store, now, ids),
    orders: async (of, query = {}) => readOrders(store, of, query, now()),
    statistics: async (query) => readStatistics(store, query, now()),
    jobs: {
      expirePoints: async (options = {}) => expirePoints(store, options, now()),
      warnOfExpiry: async (options) => warnOfExpiry(store, options, now()),
    },
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

function commandsOn(store: LoyaltyStore, runner: Runner): LoyaltyCommands {
  const { now } = runner;
  const run =
    <Schema extends z.ZodType, Facts extends object, Stamped>(
      definition: CommandDefinition<Schema, Facts, Stamped>,
    ) =>
    async (input: unknown): Promise<Outcome<Facts>> =>
      runCommand(runner, definition, input);
  return {
    earn: run(earn),
    quote: async (input) => readQuote(store, input, now()),
    checkout: { start: run(checkoutStart), complete: run(checkoutComplete), cancel: run(release) },
    cards: {
      enroll: run(enroll),
      get: async (member) => readCard(store, member, now()),
      deactivate: run(deactivate),
      reactivate: run(reactivate),
      rotateQr: run(rotateQr),
      merge: async (input) => runMerge(runner, input),
      anonymise: run(anonymise),
    },
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
    stamp: run(stamp),
    voidStamp: run(voidStamp),
    redeemStamps: run(redeemStamps),
    rewards: {
      redeem: run(redeemReward),
      use: run(useVoucher),
      void: run(voidReward),
      vouchers: async (member, query = {}) => readVouchers(store, member, query, now()),
      voucher: async (ref) => readVoucher(store, ref, now()),
    },
    balance: async (member) => readBalance(store, member, now()),
    statement: async (member, query = {}) => readStatement(store, member, query, now()),
  };
}

/** In the caller's transaction a wrong PIN would be forgotten when it rolls back. */
async function refusePin(): Promise<never> {
  throw invalid(
    ['staff', 'pin'],
    'cannot be checked inside a transaction: pass the proof that staff.checkPin gives before it',
    'in_transaction',
  );
}

async function settleAlone(store: LoyaltyStore, work: Work): Promise<Outcome<object>> {
  const [settled] = await store.settle([work]);
  if (!settled) throw new LoyaltyError('STORE_DEFECT', 'The store answered fewer commands than it was given');
  if ('error' in settled) throw settled.error;
  return settled.outcome;
}
