import {
  type Card,
  type Loyalty,
  type LoyaltyStore,
  type ProgramVersion,
  pointsValue,
  termsOf,
  type Verification,
} from '@loyalty-engine/core';
import type { Tally } from './tally.ts';

export interface ClosedBooks {
  /** Points that customers can still spend, and what they are worth in minor units. */
  outstanding: number;
  liability: number;
  /** Points that customers owe after returns of what they had spent the points of. */
  debt: number;
  verification: Verification;
  /** Where the cards' own sums differ from what the commands answered. */
  differences: string[];
}

const pageSize = 1000;

/** Verifies every card, adds the cards up, and compares that with what the commands said they did. */
export async function closeBooks(
  loyalty: Loyalty,
  store: LoyaltyStore,
  { points }: Tally,
  version: ProgramVersion,
): Promise<ClosedBooks> {
  const verification = await loyalty.verify();
  const sums = { balance: 0, debt: 0, earned: 0, redeemed: 0, expired: 0, reversed: 0 };
  for await (const { balance, debt, lifetime } of allCards(store)) {
    sums.balance += balance;
    sums.debt += debt;
    for (const figure of ['earned', 'redeemed', 'expired', 'reversed'] as const)
      sums[figure] += lifetime[figure];
  }
  const said = {
    earned: points.earn + points.welcome,
    redeemed: -points.redeem,
    expired: -points.expire,
    reversed: points['claw-back'] + points.restore,
    balance: Object.values(points).reduce((sum, part) => sum + part, 0),
  };
  const differences = (Object.keys(said) as (keyof typeof said)[])
    .filter((figure) => said[figure] !== sums[figure])
    .map((figure) => `${figure}: the cards say ${sums[figure]}, the commands ${said[figure]}`);
  const outstanding = sums.balance + sums.debt;
  const liability = pointsValue(outstanding, termsOf(version).valuePerPoint);
  return { outstanding, liability, debt: sums.debt, verification, differences };
}

async function* allCards(store: LoyaltyStore): AsyncGenerator<Card> {
  let after: string | null = null;
  for (;;) {
    const page: Card[] = await store.cards(pageSize, after);
    yield* page;
    after = page.at(-1)?.cardId ?? null;
    if (after === null) return;
  }
}
