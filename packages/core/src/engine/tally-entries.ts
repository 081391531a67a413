import type { CardState } from '../card/card-state.ts';
import type { Entry } from '../card/entry.ts';
import type { Tally } from '../ports/tally.ts';
import { versionNumbered } from '../program/version.ts';
import { localDay } from '../rules/calendar.ts';

/** Adds up what a batch wrote: by program, local day of posting, location and kind, always in the same order of keys. */
export function tallyEntries(written: readonly { state: CardState; entries: readonly Entry[] }[]): Tally[] {
  const tallies: Tally[] = [];
  for (const { state, entries } of written) {
    const { programId } = state.card;
    for (const entry of entries) {
      const { timeZone } = versionNumbered(state.versions, entry.programVersion);
      const { day } = localDay(entry.postedAt, timeZone);
      const { kind, points, stamps } = entry;
      const key = { programId, day, locationId: entry.locationId ?? '', kind };
      // A batch has few keys: looking through them is quicker than making a text of each entry's.
      let tally = tallies.find((known) => compare(known, key) === 0);
      if (!tally) {
        tally = { ...key, entries: 0, points: 0, stamps: 0 };
        tallies.push(tally);
      }
      tally.entries += 1;
      tally.points += points;
      tally.stamps += stamps;
    }
  }
  return tallies.sort(compare);
}

type Key = Pick<Tally, 'programId' | 'day' | 'locationId' | 'kind'>;

function compare(a: Key, b: Key): number {
  return (
    compareTexts(a.programId, b.programId) ||
    compareTexts(a.day, b.day) ||
    compareTexts(a.locationId, b.locationId) ||
    compareTexts(a.kind, b.kind)
  );
}

function compareTexts(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
