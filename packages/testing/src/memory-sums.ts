import {
  type CardState,
  type CardSums,
  lotEnd,
  type Tally,
  type TallyQuery,
  type TallySum,
} from '@loyalty-engine/core';

/** Adds up tallies as a query asks, by group and kind. */
export function sumTallies(tallies: Iterable<Tally>, { programIds, from, to, by }: TallyQuery): TallySum[] {
  const sums = new Map<string, TallySum>();
  for (const { programId, day, locationId, kind, entries, points, stamps } of tallies) {
    if (!programIds.includes(programId)) continue;
    if ((from !== null && day < from) || (to !== null && day > to)) continue;
    const group = { kind: '', day, location: locationId }[by];
    const key = JSON.stringify([group, kind]);
    const sum = sums.get(key) ?? { group, kind, entries: 0, points: 0, stamps: 0 };
    sum.entries += entries;
    sum.points += points;
    sum.stamps += stamps;
    sums.set(key, sum);
  }
  return [...sums.values()].sort((a, b) => compare(a.group, b.group) || compare(a.kind, b.kind));
}

/** Adds up cards, with the lots that have ended by `now` taken off as their expiry will do it. */
export function sumCards(states: Iterable<CardState>, now: number, activeSince: number): CardSums {
  const sums = { cards: 0, active: 0, recentlyActive: 0, outstanding: 0, debt: 0, stamps: 0 };
  for (const { card, lots } of states) {
    let due = 0;
    for (const lot of lots.values()) {
      const end = lotEnd(lot, card);
      if (end !== null && end <= now) due += lot.remaining - lot.held;
    }
    sums.cards += 1;
    if (card.status === 'active') sums.active += 1;
    if (card.lastActivityAt !== null && card.lastActivityAt >= activeSince) sums.recentlyActive += 1;
    sums.outstanding += card.balance + card.debt - due;
    sums.debt += Math.max(0, card.debt - due);
    sums.stamps += card.stamps;
  }
  return sums;
}

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
