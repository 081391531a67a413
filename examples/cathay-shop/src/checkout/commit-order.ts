import type { HoldFacts } from '@loyalty-engine/core';
import type { ShopDatabase } from '../database/shop-database.ts';
import { gatheredWrites } from '../orders/gathered-writes.ts';
import type { Order } from '../orders/order.ts';
import type { ShopServices } from '../orders/shop-services.ts';
import type { Payment } from '../payments/payment-gateway.ts';
import { Problem } from '../server/problem.ts';
import { SettledElsewhere } from './settled-elsewhere.ts';
import { type Sale, writeSales } from './write-sales.ts';

/** What came of it. `settled-elsewhere`: the order was not `placing` any more; nothing was written. */
export type Commit = { committed: Order } | { refused: Problem } | 'settled-elsewhere';

/**
 * The sale itself: the held points are spent, the order earns on what is paid in money, its row says that it is paid, and the
 * products leave the stock. All of it, or nothing. Sales of this process that come while others are being committed share the
 * next transaction; where one of them stands in the way of the others, each gets one of its own.
 */
export async function commitOrder(
  { database }: Pick<ShopServices, 'database'>,
  order: Order,
  { holdId }: Pick<HoldFacts, 'holdId'>,
  payment: Payment | null,
): Promise<Commit> {
  const outcome = await committerOf(database)({ order, holdId, payment });
  if (typeof outcome === 'object' && 'error' in outcome) throw outcome.error;
  return outcome;
}

/** Of many sales one can fail for a reason that is only its own. */
type Outcome = Commit | { error: unknown };

const committers = new WeakMap<ShopDatabase, (sale: Sale) => Promise<Outcome>>();

function committerOf(database: ShopDatabase): (sale: Sale) => Promise<Outcome> {
  const known = committers.get(database);
  if (known) return known;
  const committer = gatheredWrites((sales: readonly Sale[]) => commitTogether(database, sales));
  committers.set(database, committer);
  return committer;
}

async function commitTogether(database: ShopDatabase, sales: readonly Sale[]): Promise<Outcome[]> {
  try {
    return await writeSales(database, sales);
  } catch (error) {
    if (sales.length === 1) return [outcomeOf(error)];
    const outcomes: Outcome[] = [];
    for (const sale of sales) outcomes.push(...(await commitTogether(database, [sale])));
    return outcomes;
  }
}

function outcomeOf(error: unknown): Outcome {
  if (error instanceof SettledElsewhere) return 'settled-elsewhere';
  return error instanceof Problem ? { refused: error } : { error };
}
