import { balanceFigures } from '../card/balance.ts';
import type { CardState } from '../card/card-state.ts';
import type { Entry, EntryDetails, EntryKind } from '../card/entry.ts';
import { stateAt } from '../card/evolve.ts';
import type { DraftEntry, WorkingCard } from '../card/working-card.ts';
import { invalid } from '../errors.ts';
import type { Instant } from '../program/instant.ts';
import { type ActivityKind, maxPointsPerCommand } from '../program/program.ts';
import { type ProgramVersion, versionAt, versionNumbered } from '../program/version.ts';
import { inactivityDeadline } from '../rules/lot-expiry.ts';
import type { Step } from '../rules/step.ts';
import { admit, type Use } from './admit.ts';
import type { ParsedCommand } from './command.ts';
import { type Accepted, type Decision, explainSteps, refuse, refused, viewEntry } from './outcome.ts';
import type { Refusal } from './refusal.ts';

/** What an entry needs to be told; the rest comes from the command and its time. */
export interface EntryFacts {
  kind: EntryKind;
  points: number;
  occurredAt?: Instant;
  programVersion?: number;
  orderId?: string | null;
  reverses?: number;
  lots?: Entry['lots'];
  lot?: Entry['lot'];
  debt?: number;
  stamps?: number;
  /** The entry's own stamp lot has the number 0 here. */
  stampLots?: Entry['stampLots'];
  /** A new inactivity deadline that does not follow from the kind. */
  deadline?: Instant | null;
  explanation: readonly Step[];
  details?: EntryDetails;
}

/**
 * An open card on which one command is decided: the working copy, the version in force, and the two times, `at` (when it
 * happened; limits and expiry count from it) and `now` (when it is written).
 */
export class Book {
  readonly working: WorkingCard;
  readonly version: ProgramVersion;
  readonly at: Instant;
  readonly now: Instant;
  /** Whose PIN was right; null: none was asked for. */
  staffId: string | null = null;
  readonly command: ParsedCommand;

  constructor(
    working: WorkingCard,
    version: ProgramVersion,
    command: ParsedCommand,
    at: Instant,
    now: Instant,
  ) {
    this.working = working;
    this.version = version;
    this.command = command;
    this.at = at;
    this.now = now;
  }

  /** Writes an entry on the working copy. */
  write(facts: EntryFacts): Entry {
    const { command } = this;
    const draft: DraftEntry = {
      kind: facts.kind,
      points: facts.points,
      occurredAt: facts.occurredAt ?? this.at,
      recordedAt: this.now,
      programVersion: facts.programVersion ?? this.version.version,
      orderId: facts.orderId ?? null,
      reverses: facts.reverses ?? null,
      locationId: command.locationId ?? null,
      actor: command.actor ?? null,
      lots: facts.lots ?? [],
      staffId: this.staffId,
      lot: facts.lot ?? null,
      debt: facts.debt ?? 0,
      stamps: facts.stamps ?? 0,
      stampLots: facts.stampLots ?? [],
      explanation: facts.explanation,
      details: command.metadata ? { ...facts.details, metadata: command.metadata } : (facts.details ?? {}),
    };
    const deadline = facts.deadline === undefined ? this.movedDeadline(draft) : facts.deadline;
    if (deadline !== undefined) draft.deadline = deadline;
    return this.working.write(draft);
  }

  /**
   * The deadline that an entry sets, by its own version: as an activity, or as the first points that end by inactivity.
   * Undefined where it sets none.
   */
  private movedDeadline({ kind, lot, programVersion }: DraftEntry): Instant | null | undefined {
    const version = versionNumbered(this.working.state.versions, programVersion);
    const { expiry } = version.points;
    const { deadline } = this.working.card;
    if (expiry.kind !== 'inactivity') {
      // A version without inactivity lifts the deadline at the card's next activity.
      return deadline !== null && kind in activities ? null : undefined;
    }
    const isFirst = deadline === null && lot?.byInactivity === true;
    if (!isFirst && !expiry.activities.includes(kind as ActivityKind)) return undefined;
    const next = inactivityDeadline(expiry, this.at, version.timeZone);
    return next === null || deadline === null || next > deadline ? next : undefined;
  }

  /**
   * The decision to carry out what was written, with the command's own facts. It is explained by its entries, and by
   * the steps given here of what led to no entry.
   */
  accept<Facts extends object>(facts: Facts, withoutEntry: readonly Step[] = []): Decision<Facts> {
    const { working, version } = this;
    const { balance, lifetime } = working.card;
    if (working.entries.some(({ kind, points }) => kind === 'earn' && points > maxPointsPerCommand)) {
      return refused(refuse('BALANCE_LIMIT', { limit: maxPointsPerCommand }));
    }
    if (
      balance > Number.MAX_SAFE_INTEGER ||
      Object.values(lifetime).some((sum) => !Number.isSafeInteger(sum))
    ) {
      return refused(refuse('BALANCE_LIMIT', { limit: Number.MAX_SAFE_INTEGER }));
    }
    const entries = working.entries.map((entry) => viewEntry(entry, version.currency));
    const besides = explainSteps(withoutEntry, version.currency);
    const outcome: Accepted<Facts> = {
      ok: true,
      ...facts,
      replayed: false,
      cardId: working.card.cardId,
      balance: balanceFigures(working, this.now),
      entries,
      explanation: [...entries.flatMap((entry) => entry.explanation), ...besides],
    };
    return { entries: working.entries, outcome, besides, changed: working };
  }
}

const activities: Record<ActivityKind, true> = {
  earn: true,
  redeem: true,
  award: true,
  adjust: true,
  stamp: true,
  reward: true,
};

/**
 * Opens a card whether it was made before or not, or says that no version is in force.
 *
 * @throws InvalidCommandError when `occurredAt` lies in the future.
 */
export function openNewOrKnown(state: CardState, command: ParsedCommand, clockNow: Instant): Book | Refusal {
  const now = Math.max(clockNow, state.card.lastRecordedAt);
  const at = command.occurredAt ?? now;
  if (at > now) throw invalid(['occurredAt'], 'lies in the future', 'future');
  const version = versionAt(state.versions, at);
  if (!version) return refuse('NO_ACTIVE_PROGRAM', { programId: state.card.programId });
  return new Book(stateAt(state, now), version, command, at, now);
}

/**
 * Opens a card for a command: NO_ACTIVE_PROGRAM, CARD_NOT_FOUND where enrolment is explicit and there is none, CARD_MERGED,
 * then what the merchant's settings have against it. Also an inactive card opens: returns, corrections and expiry go on.
 */
export function openBook(
  state: CardState,
  command: ParsedCommand,
  clockNow: Instant,
  use: Use = noUse,
): Book | Refusal {
  const book = openKnown(state, command, clockNow);
  if ('ok' in book) return book;
  return (use.evenMerged ? null : movedAway(book)) ?? admitted(book, use);
}

/** Opens a card for earning or spending, which an inactive card does not: CARD_MERGED, CARD_INACTIVE, then the settings. */
export function openActiveBook(
  state: CardState,
  command: ParsedCommand,
  clockNow: Instant,
  use: Use = noUse,
): Book | Refusal {
  const book = openKnown(state, command, clockNow);
  if ('ok' in book) return book;
  const away = movedAway(book);
  if (away) return away;
  const { status } = (command.heir ?? book.working.state).card;
  return status === 'active' ? admitted(book, use) : refuse('CARD_INACTIVE');
}

/** A card that was made before, or that this command may make. */
function openKnown(state: CardState, command: ParsedCommand, clockNow: Instant): Book | Refusal {
  const book = openNewOrKnown(state, command, clockNow);
  if ('ok' in book || state.exists || book.version.enrolment === 'automatic') return book;
  return refuse('CARD_NOT_FOUND');
}

/** CARD_MERGED, unless the card that everything went to is at hand, and stays. */
export function movedAway({ working, command: { heir } }: Book): Refusal | null {
  const { mergedInto } = working.card;
  if (mergedInto === null) return null;
  if (!heir) return refuse('CARD_MERGED', { cardId: mergedInto });
  return heir.card.mergedInto === null ? null : refuse('CARD_MERGED', { cardId: heir.card.mergedInto });
}

const noUse: Use = { operation: null };

/** The book, if the merchant's settings admit it, with whose PIN was right. */
export function admitted(book: Book, use: Use): Book | Refusal {
  const admission = admit(book.working.state, book.command, book.now, use);
  if ('ok' in admission) return admission;
  book.staffId = admission.staffId;
  return book;
}
