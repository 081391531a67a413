import { type Balance, balanceFigures, nextExpiry } from '../card/balance.ts';
import { stateAt } from '../card/evolve.ts';
import type { CardRef } from '../commands/command.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import type { Instant } from '../program/instant.ts';
import { loadForReading, parseCardRef, touchToRead } from './reader.ts';

/** Reads a card's balance at `now`; see `Loyalty.balance`. */
export async function readBalance(store: LoyaltyStore, member: CardRef, now: Instant): Promise<Balance> {
  const state = await loadForReading(store, touchToRead(parseCardRef(member), now, { endingNext: true }));
  const working = stateAt(state, now);
  const at = Math.max(now, state.card.lastRecordedAt);
  return { ...balanceFigures(working, at), nextExpiry: nextExpiry(working, at) };
}
