import { compareBurnOrder } from '../rules/burn-lots.ts';
import type { Card, CardState, Lot } from './card-state.ts';
import { lotEnd } from './lot-end.ts';

// Many commands of one batch burn the same card's lots. Sorting them for each would make a hot card slow, so the order is
// kept beside the state and follows it: new lots are put in their place, depleted ones are dropped from the front.
const queues = new WeakMap<CardState, number[]>();

/** The numbers of lots in burn order. */
export function burnOrder(lots: readonly Lot[], card: Card): number[] {
  return lots
    .map(({ seq, earnedAt, ...lot }) => ({ seq, earnedAt, expiresAt: lotEnd(lot, card) }))
    .sort(compareBurnOrder)
    .map((lot) => lot.seq);
}

/** The numbers of the state's live lots in burn order. */
export function queueOf(state: CardState): readonly number[] {
  let queue = queues.get(state);
  if (!queue) {
    const live = [...state.lots.values()].filter((lot) => lot.remaining > 0);
    queue = burnOrder(live, state.card);
    queues.set(state, queue);
  }
  let depleted = 0;
  while (depleted < queue.length && state.lots.get(queue[depleted] as number)?.remaining === 0) depleted += 1;
  if (depleted > 0) queue.splice(0, depleted);
  return queue;
}

/** Puts a new lot of the state in its place. */
export function addToQueue(state: CardState, lot: Lot): void {
  const queue = queues.get(state);
  if (!queue) return;
  const key = ({ seq, earnedAt, ...rest }: Lot) => ({ seq, earnedAt, expiresAt: lotEnd(rest, state.card) });
  let place = queue.length;
  while (place > 0) {
    const before = state.lots.get(queue[place - 1] as number);
    if (!before || compareBurnOrder(key(before), key(lot)) < 0) break;
    place -= 1;
  }
  queue.splice(place, 0, lot.seq);
}

/** Forgets the order where a change moved more than one lot. */
export function forgetQueue(state: CardState): void {
  queues.delete(state);
}
