import type { ExpectStatic } from 'vitest';
import type { OpenShop, Shop } from './shop.ts';

/** What a fact is proven with. */
export interface Stage {
  expect: ExpectStatic;
  /** Opens a fresh store with a program on it. */
  open: OpenShop;
}

/** Facts about every store, by what they state. A fact that does not hold throws. */
export type Facts = Readonly<Record<string, (stage: Stage) => Promise<void>>>;

/** Facts that all start from a shop of one kind. */
export function factsIn(
  shopOf: (open: OpenShop) => Promise<Shop>,
  facts: Readonly<Record<string, (shop: Shop, expect: ExpectStatic) => Promise<void>>>,
): Facts {
  const inShop = Object.entries(facts).map(
    ([fact, prove]) => [fact, async ({ open, expect }: Stage) => prove(await shopOf(open), expect)] as const,
  );
  return Object.fromEntries(inShop);
}
