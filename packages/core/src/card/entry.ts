import type { Instant } from '../program/instant.ts';
import type { Allocation } from '../rules/burn-lots.ts';
import type { Step } from '../rules/step.ts';

/**
 * The kinds of ledger entry. `confirm` has no points of its own: it makes a pending lot available. `stamp`, `void-stamp`
 * and `expire-stamps` move stamps; `reward` and `void-reward` points or stamps; `merge-out` and `merge-in` both. The last
 * five say what became of a card or a voucher and move nothing.
 * Figures: `earn`, `award` and `welcome` count as earned, `redeem` and `reward` as redeemed; `claw-back`, `restore`,
 * `reverse`, `cancel` and `void-reward` as reversed; `adjust` and the two of a merge as adjusted.
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
  'stamp',
  'void-stamp',
  'expire-stamps',
  'reward',
  'void-reward',
  'merge-out',
  'merge-in',
  'use-voucher',
  'deactivate',
  'reactivate',
  'rotate-qr',
  'anonymise',
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

/** Stamps that move: the lot's number, signed stamps, and when the lot ends (null: never). */
export type StampMove = readonly [lot: number, stamps: number, expiresAt: Instant | null];

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
  /** The reward of a `reward`, `void-reward` or `use-voucher` entry: its name, and its id in the catalogue. */
  reward?: string | undefined;
  rewardId?: string | undefined;
  /** The other card of a merge. */
  mergedFrom?: string | undefined;
  mergedInto?: string | undefined;
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
  /** Whose PIN confirmed it. */
  staffId: string | null;
  /** Signed; like `points`, but of stamps. */
  stamps: number;
  /** Stamps put into (positive) or taken out of (negative) stamp lots, which are named by the entry that made them. */
  stampLots: readonly StampMove[];
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

/** How many points, or stamps, of an entry were undone by the entries that name it in `reverses`. */
export function undonePoints(reversals: Iterable<Entry>): number {
  let undone = 0;
  for (const { points, stamps, details } of reversals)
    undone += Math.abs(points) + Math.abs(stamps) + (details.forgiven ?? 0);
  return undone;
}
