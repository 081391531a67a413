import { setTimeout as sleep } from 'node:timers/promises';
import { createLoyalty, type Loyalty, LoyaltyError, unwrap } from '@loyalty-engine/core';
import { openPostgresStore, type PostgresStore } from './index.ts';

const cards = 12;
const engines = 4;

export const memberOf = (card: number) => ({ programId: 'miles', customerId: `c${card}` });
export const allMembers = Array.from({ length: cards }, (_, card) => memberOf(card));

export interface ContendingLoad {
  callers: number;
  seconds: number;
  /** How many of the callers have transactions of their own. */
  withTransactions: number;
}

/** What callers had acknowledged. */
export interface Tally {
  points: number;
  /** Commands outside of transactions of callers. */
  commands: number;
  transactions: number;
  /** Transactions of callers that met another one, and that the caller ran again. */
  conflicts: number;
}

/**
 * Has callers contend for the same few cards, each in an order of its own, over several engines with a pool each:
 * commands on all cards at once, which meet in batches, and transactions with commands on two cards, one after the other.
 *
 * @throws LoyaltyError when a command of an engine is rejected, for whatever cause.
 */
export async function contend(
  connectionString: string,
  schema: string,
  { callers, seconds, withTransactions }: ContendingLoad,
): Promise<Tally> {
  const until = Date.now() + seconds * 1000;
  const tally: Tally = { points: 0, commands: 0, transactions: 0, conflicts: 0 };
  const stores = Array.from({ length: engines }, () => openPostgresStore({ connectionString, schema }));
  const shops = stores.map((store) => ({ store, loyalty: createLoyalty({ store }) }));
  const call = async (caller: number) => {
    const shop = shops[caller % engines] as (typeof shops)[number];
    while (Date.now() < until) {
      if (caller < withTransactions) await commandTwo(shop, tally);
      else await commandAll(shop.loyalty, tally);
    }
  };
  try {
    await Promise.all(Array.from({ length: callers }, (_, caller) => call(caller)));
  } finally {
    await Promise.all(shops.map(({ loyalty }) => loyalty.close()));
  }
  return tally;
}

async function commandAll(loyalty: Loyalty, tally: Tally): Promise<void> {
  const commands = shuffled().map(async (card) => {
    const points = await giveOrTake(loyalty, card);
    tally.points += points;
    tally.commands += 1;
  });
  await Promise.all(commands);
}

async function commandTwo(shop: { store: PostgresStore; loyalty: Loyalty }, tally: Tally): Promise<void> {
  const [one = 0, other = 0] = shuffled();
  for (;;) {
    try {
      const points = await shop.store.knex.transaction(async (trx) => {
        const inside = shop.loyalty.using(trx);
        return (await giveOrTake(inside, one)) + (await giveOrTake(inside, other));
      });
      tally.points += points;
      tally.transactions += 1;
      return pause();
    } catch (error) {
      if (!(error instanceof LoyaltyError && error.code === 'STORE_CONFLICT')) throw error;
      tally.conflicts += 1;
      await pause();
    }
  }
}

async function giveOrTake(loyalty: Pick<Loyalty, 'adjust' | 'redeem'>, card: number): Promise<number> {
  if (Math.random() < 0.5) {
    unwrap(await loyalty.redeem({ ...memberOf(card), points: 1 }));
    return -1;
  }
  unwrap(await loyalty.adjust({ ...memberOf(card), points: 2, reasonCode: 'gift', actor: 'clerk' }));
  return 2;
}

/** Transactions that meet again and again at once would do nothing but wait for the server to break their deadlocks. */
function pause(): Promise<void> {
  return sleep(Math.random() * 100);
}

function shuffled(): number[] {
  return allMembers
    .map((_, card) => ({ card, place: Math.random() }))
    .sort((a, b) => a.place - b.place)
    .map(({ card }) => card);
}
