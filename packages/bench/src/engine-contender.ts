import { createLoyalty, type Loyalty, type LoyaltyStore, unwrap, type Work } from '@loyalty-engine/core';
import type { Contender } from './contender.ts';
import { benchProgram } from './program.ts';
import type { BenchCommand } from './workload.ts';

/** Our engine on a store. Each settle's work is handed to `onSettle`, where one is given. */
export function engineContender(store: LoyaltyStore, onSettle?: (work: readonly Work[]) => void): Contender {
  const loyalty = createLoyalty({ store: onSettle ? watched(store, onSettle) : store });
  return {
    run: (command) => runCommand(loyalty, command),
    async check(customerIds) {
      for (const customerId of customerIds) {
        const { ok, cards, problems } = await loyalty.verify({ programId: benchProgram.id, customerId });
        if (!ok || cards !== 1) throw new Error(`Card of ${customerId}: ${JSON.stringify(problems)}`);
      }
    },
    close: () => loyalty.close(),
  };
}

function watched(store: LoyaltyStore, onSettle: (work: readonly Work[]) => void): LoyaltyStore {
  return {
    ...store,
    settle(work) {
      onSettle(work);
      return store.settle(work);
    },
  };
}

/** Sends a command of a workload to the engine and gives the points it moved. */
export async function runCommand(loyalty: Loyalty, command: BenchCommand): Promise<number> {
  const { kind, customerId, orderId, total, points } = command;
  const member = { programId: benchProgram.id, customerId };
  const order = { id: orderId, total };
  if (kind === 'earn') return unwrap(await loyalty.earn({ ...member, order })).points;
  return unwrap(await loyalty.redeem({ ...member, order, points })).points;
}

/** Sums over all cards of a store: two stores with the same sums were written the same. */
export async function cardSums(store: LoyaltyStore): Promise<string> {
  const sums = { cards: 0, entries: 0, balance: 0, redeemed: 0 };
  let after: string | null = null;
  for (;;) {
    const page = await store.cards(1000, after);
    for (const { seq, balance, lifetime } of page) {
      sums.cards += 1;
      sums.entries += seq;
      sums.balance += balance;
      sums.redeemed += lifetime.redeemed;
    }
    after = page.at(-1)?.cardId ?? null;
    if (after === null) return JSON.stringify(sums);
  }
}
