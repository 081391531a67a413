import type { Instant } from '../program/instant.ts';
import type { CardState } from './card-state.ts';
import type { Entry } from './entry.ts';
import { WorkingCard } from './working-card.ts';

/**
 * The state after one more entry. Pure: the state it is given stays as it was. Replaying all entries of a card from
 * `newCardState` gives its lots, its figures and its debt.
 *
 * @example
 * entries.reduce(evolve, newCardState({ cardId, programId, customerId })).card.balance
 */
export function evolve(state: CardState, entry: Entry): CardState {
  const next = copyState(state);
  evolveInPlace(next, entry);
  return next;
}

/** `evolve` without the copy, for replaying long histories on a state of one's own. */
export function evolveInPlace(state: CardState, entry: Entry): void {
  const working = new WorkingCard(state);
  if (!state.exists) working.card.enrolledAt = entry.occurredAt;
  working.bringForward(entry.recordedAt);
  working.apply(entry);
  working.commit();
  state.exists = true;
}

/** A state that shares nothing mutable with the one it was copied from. */
export function copyState(state: CardState): CardState {
  return {
    ...state,
    card: { ...state.card, lifetime: { ...state.card.lifetime } },
    lots: new Map(state.lots),
    holds: new Map(state.holds),
    orders: new Map(state.orders),
    vouchers: new Map(state.vouchers),
    receipts: new Map(state.receipts),
    entries: new Map(state.entries),
    reversed: new Map(state.reversed),
  };
}

/** The state brought to an instant as a reader sees it, with nothing written. */
export function stateAt(state: CardState, now: Instant): WorkingCard {
  const working = new WorkingCard(state);
  working.bringForward(Math.max(now, state.card.lastRecordedAt));
  return working;
}
