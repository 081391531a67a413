import { type Balance, balanceFigures, nextExpiry } from '../card/balance.ts';
import { stateAt } from '../card/evolve.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import type { Instant } from '../program/instant.ts';
import { loadForReading, type Member, touchOf } from './reader.ts';

/** Reads a card's balance at `now`; see `Loyalty.balance`. */
export async function readBalance(store: LoyaltyStore, member: Member, now: Instant): Promise<Balance> {
  const state = await loadForReading(store, touchOf(member, now, { endingNext: true }));
  const working = stateAt(state, now);
  const at = Math.max(now, state.card.lastRecordedAt);
  return { ...balanceFigures(working, at), nextExpiry: nextExpiry(working, at) };
}
