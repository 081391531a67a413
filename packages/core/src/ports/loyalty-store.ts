import type { Card, CardState, Hold, Lot, OrderRecord, Receipt } from '../card/card-state.ts';
import type { Entry, EntryKind } from '../card/entry.ts';
import type { CardRef, Reach } from '../commands/command.ts';
import type { Decision, Outcome } from '../commands/outcome.ts';
import type { Instant } from '../program/instant.ts';
import type { ProgramVersion } from '../program/version.ts';

/**
 * What of a card some work needs, where `now` is the touch's or `card.lastRecordedAt`, whichever is later. A store loads
 * at least:
 * - the card's row and its program's versions, its open holds and their lots;
 * - the named orders, holds, receipts (with their entries) and entries, the orders that these holds and entries belong
 *   to, and with `takesBack` the lots that all these name;
 * - the lots that end by `now` and the first after them, where `card.nextExpiryAt` is not after `now`;
 * - the lots whose `availableAt` lies after `card.pendingAsOf` and not after `now`, where `card.pending` is not zero;
 * - lots that end after `at`, in burn order, until the free points of those that end after `now` cover `pointsToCover`;
 * - with `endingNext`, all lots that share the next end after `now`.
 *
 * Where several touches of one transaction are of the same card, what one does can change what the next one needs: see
 * `sharedNeed`. Loading more changes nothing.
 */
export interface Touch extends Reach {
  card: CardRef;
  /** The id that a missing card would get. */
  newCardId(): string;
  /** Keys whose receipts are needed. */
  keys: readonly string[];
  at: Instant;
  now: Instant;
}

/** One command on its way through a store: what it touches, and the pure decision. */
export interface Work {
  touches: readonly Touch[];
  /** Keys under which the outcome is kept; empty for work that can be settled twice without harm, like a sweep. */
  keys: readonly string[];
  fingerprint: string;
  /** True where what the receipt is of was undone since, so that the same command is a new one. */
  isUndone?: ((state: CardState, receipt: Receipt) => boolean) | undefined;
  decide(states: readonly CardState[]): Decision<object>;
}

/** What became of one command: its outcome, or the error that its decision threw. */
export type Settled = { outcome: Outcome<object> } | { error: unknown };

/** Rows to write for a batch: new ones are inserted, others replaced by their key. Entries are always new. */
export interface Changes {
  cards: { card: Card; isNew: boolean }[];
  entries: { cardId: string; entry: Entry }[];
  lots: { cardId: string; lot: Lot; isNew: boolean }[];
  holds: { cardId: string; hold: Hold; isNew: boolean }[];
  orders: { cardId: string; order: OrderRecord; isNew: boolean }[];
  receipts: { cardId: string; receipt: Receipt; isNew: boolean }[];
}

/** A slice of a card's ledger by entry number: `after` < seq <= `upTo`, oldest first unless `descending`. */
export interface EntrySlice {
  after: number;
  upTo: number;
  limit: number;
  descending?: boolean;
  kinds?: readonly EntryKind[] | undefined;
}

/** Where a page of due cards went on to. */
export interface DueCursor {
  nextExpiryAt: Instant;
  cardId: string;
}

/**
 * Where loyalty is kept. `settle` is the one way to write: it locks the touched cards in sorted order, loads them, calls
 * `foldWork`, writes the changes and commits, all in one transaction. Nothing here knows a loyalty rule.
 */
export interface LoyaltyStore {
  /** How many settles can be under way at once and gain by it. Default 1. */
  readonly settlesAtOnce?: number | undefined;
  settle(work: readonly Work[]): Promise<Settled[]>;
  /** The same store inside a transaction of the caller's; it neither commits nor opens another connection. */
  using(transaction: unknown): LoyaltyStore;
  /** The card with what the touch needs, without a lock; null where there is none. */
  load(touch: Touch): Promise<CardState | null>;
  entries(cardId: string, slice: EntrySlice): Promise<Entry[]>;
  /** The last entry posted before an instant; null where there is none. */
  lastEntryBefore(cardId: string, instant: Instant): Promise<Entry | null>;
  /** All lots, holds and orders of a card, for verifying. */
  everything(cardId: string): Promise<{ lots: Lot[]; holds: Hold[]; orders: OrderRecord[] }>;
  /** Cards whose `nextExpiryAt` is not after `now`, soonest first, after the cursor. */
  dueCards(now: Instant, limit: number, after: DueCursor | null): Promise<Card[]>;
  /** Cards by id, after the given one. */
  cards(limit: number, after: string | null): Promise<Card[]>;
  /** All versions of a program, by number. */
  versions(programId: string): Promise<ProgramVersion[]>;
  programIds(): Promise<string[]>;
  /** Adds the version that `next` makes of those there are, under a lock; nothing where it returns one of them. */
  publish(
    programId: string,
    next: (existing: readonly ProgramVersion[]) => ProgramVersion,
  ): Promise<ProgramVersion>;
  close(): Promise<void>;
}

/**
 * What touches of one card need when they are settled together: `every` live lot where one of them can take back what
 * another has just given, or move the inactivity deadline; otherwise what each needs, and the lots that end soonest.
 */
export function sharedNeed(
  touches: readonly Touch[],
  state: Pick<CardState, 'versions' | 'card'>,
): 'every' | 'as named' {
  const byInactivity =
    state.card.deadline !== null || state.versions.some(({ points }) => points.expiry.kind === 'inactivity');
  return byInactivity || touches.some(({ takesBack }) => takesBack) ? 'every' : 'as named';
}

/** The points that lots in burn order must cover once a touch's orders, holds and entries are loaded. */
export function pointsToCover(touch: Touch, state: Pick<CardState, 'orders' | 'holds' | 'entries'>): number {
  let points = touch.burn ?? 0;
  if (!touch.takesBack) return points;
  for (const orderId of touch.orders ?? []) points += state.orders.get(orderId)?.earned ?? 0;
  for (const holdId of touch.holds ?? []) points += state.holds.get(holdId)?.points ?? 0;
  for (const seq of touch.entries ?? []) points += Math.abs(state.entries.get(seq)?.points ?? 0);
  return points;
}

/** The lots that a touch's loaded orders, holds and entries name. */
export function lotsNamed(touch: Touch, state: Pick<CardState, 'orders' | 'holds' | 'entries'>): Set<number> {
  const named = new Set<number>();
  if (!touch.takesBack) return named;
  for (const orderId of touch.orders ?? []) {
    const order = state.orders.get(orderId);
    if (!order) continue;
    if (order.earnSeq !== null) named.add(order.earnSeq);
    for (const redemption of order.redemptions) for (const [seq] of redemption.lots) named.add(seq);
  }
  for (const holdId of touch.holds ?? []) {
    for (const [seq] of state.holds.get(holdId)?.lots ?? []) named.add(seq);
  }
  for (const seq of touch.entries ?? []) {
    const entry = state.entries.get(seq);
    if (entry?.lot) named.add(seq);
    for (const [lot] of entry?.lots ?? []) named.add(lot);
  }
  return named;
}

/** The orders a touch needs: those it names, and those its loaded entries and holds belong to. */
export function ordersNamed(touch: Touch, state: Pick<CardState, 'entries' | 'holds'>): Set<string> {
  const named = new Set<string>(touch.orders ?? []);
  for (const seq of touch.entries ?? []) {
    const orderId = state.entries.get(seq)?.orderId;
    if (orderId) named.add(orderId);
  }
  for (const holdId of touch.holds ?? []) {
    const orderId = state.holds.get(holdId)?.orderId;
    if (orderId) named.add(orderId);
  }
  return named;
}
