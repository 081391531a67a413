import type { Instant } from '../program/instant.ts';
import type { Allocation } from '../rules/burn-lots.ts';
import type { Step } from '../rules/step.ts';

/**
 * The kinds of ledger entry. `confirm` has no points of its own: it makes a pending lot available.
 * Figures: `earn`, `award` and `welcome` count as earned; `claw-back`, `restore`, `reverse` and `cancel` as reversed.
 */
export const entryKinds = [
  'earn',
  'award',
  'welcome',
  'redeem',
  'expire',
  'adjust',
  'claw-back',
  'restore',
  'reverse',
  'confirm',
  'cancel',
] as const;
export type EntryKind = (typeof entryKinds)[number];

/** The lot that an entry makes; its number is the entry's. */
export interface NewLot {
  /** What goes into the lot: the entry's points less what repaid debt. */
  points: number;
  expiresAt: Instant | null;
  byInactivity: boolean;
  /** Null: at once. `onConfirm`: when the order is confirmed. */
  availableAt: Instant | null;
}

/** `availableAt` of a lot that waits for `confirmEarn`. */
export const onConfirm: Instant = 1_000_000_000_000_000;

/** What an entry says beyond its figures, kept as it was said. */
export interface EntryDetails {
  reason?: string | undefined;
  reasonCode?: string | undefined;
  note?: string | undefined;
  source?: { type: string; id: string } | undefined;
  holdId?: string | undefined;
  cause?: 'date' | 'inactivity' | undefined;
  /** Points that a take-back let go, because they were spent and the program forgives. */
  forgiven?: number | undefined;
  metadata?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * One line of a card's ledger. Entries are numbered 1, 2, 3 ... a card and never change.
 * `points` = the sum of `lots` + `lot.points` - `debt`.
 */
export interface Entry {
  seq: number;
  kind: EntryKind;
  /** Signed; 0 for `confirm`. */
  points: number;
  balanceAfter: number;
  /** When it happened. */
  occurredAt: Instant;
  /** Its place on the statement: `occurredAt`, but never before the entry before it. */
  postedAt: Instant;
  /** When it was written. */
  recordedAt: Instant;
  programVersion: number;
  orderId: string | null;
  /** The entry this one undoes, for `restore` and `reverse`. */
  reverses: number | null;
  locationId: string | null;
  actor: string | null;
  /** Points taken from (negative) or put back into (positive) lots that there already were. */
  lots: readonly Allocation[];
  lot: NewLot | null;
  /** How the card's debt changes. */
  debt: number;
  /** The card's new inactivity deadline, where the entry moves it. */
  deadline?: Instant | null;
  explanation: readonly Step[];
  details: EntryDetails;
}

/** How many points of an entry were undone by the entries that name it in `reverses`. */
export function undonePoints(reversals: Iterable<Entry>): number {
  let undone = 0;
  for (const { points, details } of reversals) undone += Math.abs(points) + (details.forgiven ?? 0);
  return undone;
}
