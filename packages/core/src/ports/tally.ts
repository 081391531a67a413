import type { EntryKind } from '../card/entry.ts';
import type { Instant } from '../program/instant.ts';

/** Entries of one kind, one program, one local day and one location, added up. */
export interface Tally {
  programId: string;
  /** The day they were posted on, in the program's zone: `2026-01-31`. */
  day: string;
  /** Empty: at none. */
  locationId: string;
  kind: EntryKind;
  entries: number;
  points: number;
  stamps: number;
}

/** What to add up: days `from` <= day <= `to`; apart by day, by location, or only by kind. */
export interface TallyQuery {
  programIds: readonly string[];
  from: string | null;
  to: string | null;
  by: 'kind' | 'day' | 'location';
}

/** A sum of tallies; `group` is the day or the location, and empty by kind. */
export interface TallySum {
  group: string;
  kind: EntryKind;
  entries: number;
  points: number;
  stamps: number;
}

/** Sums over the cards of programs. */
export interface CardSums {
  cards: number;
  /** With status active. */
  active: number;
  /** Active within the time asked for: `lastActivityAt` not before it. */
  recentlyActive: number;
  /** Live points, those that wait or are held included; without those that have ended and are not written off yet. */
  outstanding: number;
  debt: number;
  stamps: number;
}

/** Which cards to list. */
export interface CardFilter {
  programIds?: readonly string[] | undefined;
  status?: 'active' | 'inactive' | undefined;
  enrolledLocationId?: string | undefined;
  /** Last active not before this instant. */
  activeSince?: Instant | undefined;
  /** Last active before this instant, or never. */
  idleSince?: Instant | undefined;
}
