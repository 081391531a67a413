import type { BalanceFigures } from '../card/balance.ts';
import type { Entry, EntryDetails, EntryKind } from '../card/entry.ts';
import { onConfirm } from '../card/entry.ts';
import type { WorkingCard } from '../card/working-card.ts';
import { LoyaltyError } from '../errors.ts';
import { isoText, isoTextOrNull } from '../program/instant.ts';
import { type ExplainedStep, explainStep, type Step } from '../rules/step.ts';
import { type Refusal, refusalMessages } from './refusal.ts';

/** A ledger entry as it is read: instants as ISO texts, with its explanation. */
export interface EntryView extends EntryDetails {
  seq: number;
  kind: EntryKind;
  points: number;
  balanceAfter: number;
  /** When it happened. */
  occurredAt: string;
  /** Its place on the statement: when it happened, but never before the entry before it. */
  postedAt: string;
  /** When it was written. */
  recordedAt: string;
  programVersion: number;
  orderId: string | null;
  reverses: number | null;
  locationId: string | null;
  actor: string | null;
  /** Whose PIN confirmed it. */
  staffId: string | null;
  /** Signed; like `points`, but of stamps. */
  stamps: number;
  /** Stamps put into (positive) or taken out of (negative) stamp lots, which are named by their entry's number. */
  stampLots: { lot: number; stamps: number; expiresAt: string | null }[];
  /** Points taken from (negative) or put back into (positive) earlier lots, which are named by their entry's number. */
  lots: { lot: number; points: number }[];
  /** The lot that the entry made. `availableAt` null: at once; 'on-confirm': when the order is confirmed. */
  lot: { points: number; expiresAt: string | null; byInactivity: boolean; availableAt: string | null } | null;
  /** How the card's debt changed. */
  debt: number;
  explanation: ExplainedStep[];
}

/** The outcome of a command that was carried out: its own facts, the balance, the entries and why. */
export type Accepted<Facts extends object> = Facts & {
  ok: true;
  /** True when the same command was settled before and this is its first outcome again. */
  replayed: boolean;
  cardId: string;
  balance: BalanceFigures;
  entries: EntryView[];
  explanation: ExplainedStep[];
};

/** What a command answers. Refusals are values; only defects, bad input and broken infrastructure are thrown. */
export type Outcome<Facts extends object> = Accepted<Facts> | Refusal;

/**
 * What `decide` gives: the entries, the outcome, and the card as it would be with them written. A refusal has no entries.
 */
export interface Decision<Facts extends object> {
  entries: readonly Entry[];
  outcome: Outcome<Facts>;
  /** The part of the explanation that no entry keeps. */
  besides: readonly ExplainedStep[];
  changed: WorkingCard | null;
  /** Other cards that change with it. */
  others?: readonly WorkingCard[];
}

/**
 * What a command came to, or a throw: of the engine and of the client over HTTP alike.
 *
 * @throws LoyaltyError with the refusal's code and message.
 * @example
 * const { points } = unwrap(await loyalty.earn({ ...member, order }))
 */
export function unwrap<Success extends { ok: true }>(outcome: Success | Refusal): Success {
  if (outcome.ok) return outcome;
  throw new LoyaltyError(outcome.code, outcome.message, { cause: outcome });
}

/** A decision that writes nothing and says why. */
export function refused<Facts extends object>(refusal: Refusal): Decision<Facts> {
  return { entries: [], outcome: refusal, besides: [], changed: null };
}

/** A refusal by its code, with the facts that a UI needs. */
export function refuse<Code extends keyof typeof refusalMessages>(
  code: Code,
  facts: Readonly<Record<string, unknown>> = {},
): Refusal {
  return { ok: false, code, message: refusalMessages[code], ...facts };
}

/** An entry as it is read. */
export function viewEntry(entry: Entry, currency: string): EntryView {
  const { lot } = entry;
  return {
    seq: entry.seq,
    kind: entry.kind,
    points: entry.points,
    balanceAfter: entry.balanceAfter,
    occurredAt: isoText(entry.occurredAt),
    postedAt: isoText(entry.postedAt),
    recordedAt: isoText(entry.recordedAt),
    programVersion: entry.programVersion,
    orderId: entry.orderId,
    reverses: entry.reverses,
    locationId: entry.locationId,
    actor: entry.actor,
    staffId: entry.staffId,
    stamps: entry.stamps,
    stampLots: entry.stampLots.map(([lot, stamps, end]) => ({ lot, stamps, expiresAt: isoTextOrNull(end) })),
    lots: entry.lots.map(([lot, points]) => ({ lot, points })),
    lot: lot && {
      points: lot.points,
      expiresAt: isoTextOrNull(lot.expiresAt),
      byInactivity: lot.byInactivity,
      availableAt: lot.availableAt === onConfirm ? 'on-confirm' : isoTextOrNull(lot.availableAt),
    },
    debt: entry.debt,
    explanation: explainSteps(entry.explanation, currency),
    ...entry.details,
  };
}

export function explainSteps(steps: readonly Step[], currency: string): ExplainedStep[] {
  return steps.map((step) => explainStep(step, currency));
}
