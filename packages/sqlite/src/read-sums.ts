import type { CardSums, Tally, TallyQuery, TallySum } from '@loyalty-engine/core';
import type { Statements } from './statements.ts';

export function readTallies(
  { talliesByKind, talliesByDay, talliesByLocation }: Statements,
  { programIds, from, to, by }: TallyQuery,
): TallySum[] {
  const reading = { kind: talliesByKind, day: talliesByDay, location: talliesByLocation }[by];
  const rows = reading.all({ programIds: JSON.stringify(programIds), from, to });
  return rows.map(([group, kind, entries, points, stamps]) => ({
    group: group as string,
    kind: kind as Tally['kind'],
    entries: entries as number,
    points: points as number,
    stamps: stamps as number,
  }));
}

/** Sums over cards, with the lots that have ended by `now` taken off as their expiry will do it. */
export function readCardSums(
  statements: Statements,
  programIds: readonly string[],
  now: number,
  activeSince: number,
): CardSums {
  const ids = JSON.stringify(programIds);
  const sums = statements.cardSums.get({ programIds: ids, activeSince }) as number[];
  const [cards = 0, active = 0, recentlyActive = 0, live = 0, owed = 0, stamps = 0] = sums;
  const [due = 0, repaid = 0] = statements.dueSums.get({ programIds: ids, now }) as number[];
  return { cards, active, recentlyActive, outstanding: live - due, debt: owed - repaid, stamps };
}
