import type { CardKey } from '../card/card-names.ts';
import type { Card, CardState, Hold, Lot, OrderRecord, Receipt } from '../card/card-state.ts';
import type { Entry, EntryKind } from '../card/entry.ts';
import type { Reach } from '../commands/command.ts';
import type { Decision, Outcome } from '../commands/outcome.ts';
import type { RefusalCode } from '../commands/refusal.ts';
import { claimDays } from '../merchant/claimed-request.ts';
import type { Reward, Voucher } from '../merchant/reward.ts';
import { maxPinLockMinutes } from '../merchant/settings.ts';
import type { Instant } from '../program/instant.ts';
import type { ProgramVersion } from '../program/version.ts';
import type { CardEntry, EntryFilter, EntryPlace } from './entry-list.ts';
import type { Cell, Table } from './table.ts';
import type { CardFilter, CardSums, Tally, TallyQuery, TallySum } from './tally.ts';

/**
 * What of a card some work needs, where `now` is the touch's or `card.lastRecordedAt`, whichever is later. A store loads
 * at least:
 * - the card's row, its program's versions, the program's merchant with its locations, its open holds and their lots;
 * - the named orders, holds, receipts (with their entries), entries and what undid all these entries, the orders that these holds and entries belong
 *   to, and with `takesBack` the lots that all these name;
 * - the named vouchers, the named rewards and those that the vouchers are of (see `rewardsNamed`), locked like the card
 *   but after all cards, and the card's vouchers of the rewards that are named;
 * - the lots that end by `now` and the first after them, where `card.nextExpiryAt` is not after `now`;
 * - the lots whose `availableAt` lies after `card.pendingAsOf` and not after `now`, where `card.pending` is not zero;
 * - lots that end after `at`, in burn order, until the free points of those that end after `now` cover `pointsToCover`;
 * - with `endingNext`, all lots that share the next end after `now`.
 *
 * Where several touches of one transaction are of the same card, what one does can change what the next one needs, and one
 * that is dated back can need more than it names: see `sharedNeed`. Loading more changes nothing.
 */
export interface Touch extends Reach {
  card: CardKey;
  /** Who a missing card would be. */
  newCard(): Pick<Card, 'cardId' | 'number' | 'qrToken'>;
  /** False where the card, though there, is none for this work: of another merchant, or with another QR token. */
  admits?: ((state: CardState) => boolean) | undefined;
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
  /** What to answer where there is no such card. Default: CARD_NOT_FOUND. */
  ifAbsent?: RefusalCode | undefined;
  /** True where what the receipt is of was undone since, so that the same command is a new one. */
  isUndone?: ((state: CardState, receipt: Receipt) => boolean) | undefined;
  decide(states: readonly CardState[]): Decision<object>;
}

/** What became of one command: its outcome, or the error that its decision threw. */
export type Settled = { outcome: Outcome<object> } | { error: unknown };

/**
 * Rows to write for a batch: new ones are inserted, others replaced by their key. Entries are always new. A card is
 * `renamed` where its customer or its QR token changed: what they were is what its member row says, and its identity. It is
 * `pointsOnly` where nothing but its points has changed: a store may leave the columns of `cardBeyondPoints` alone then.
 */
export interface Changes {
  cards: {
    card: Card;
    isNew: boolean;
    renamed: Pick<Card, 'customerId' | 'qrToken'> | null;
    pointsOnly: boolean;
  }[];
  /** Names by which cards are found from now on, and those by which they no longer are. */
  names: { added: { name: string; cardId: string }[]; removed: string[] };
  entries: { cardId: string; entry: Entry }[];
  lots: { cardId: string; lot: Lot; isNew: boolean }[];
  holds: { cardId: string; hold: Hold; isNew: boolean }[];
  orders: { cardId: string; order: OrderRecord; isNew: boolean }[];
  receipts: { cardId: string; receipt: Receipt; isNew: boolean }[];
  vouchers: { cardId: string; voucher: Voucher; isNew: boolean }[];
  /** Rewards of which more or fewer are redeemed now: `redeemed` replaces what the row says. */
  rewards: Reward[];
  /** To be added to those there are of the same key. */
  tallies: Tally[];
}

/** A row of a merchant's books, by the first columns of its table. */
export interface RecordKey {
  // biome-ignore lint/suspicious/noExplicitAny: rows of several tables are locked together
  table: Table<any>;
  key: readonly Cell[];
}

/** A row of a merchant's books to write: a new one is inserted, another replaced by its key. */
export interface RecordRow {
  // biome-ignore lint/suspicious/noExplicitAny: rows of several tables are written together
  table: Table<any>;
  row: unknown;
  isNew: boolean;
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
  /**
   * Entries of all cards that the filter lets through, by when they were recorded, then by card id, then by number, each
   * from the last on; those after the given place in that order. Entries of one card are recorded in the order of their
   * numbers.
   */
  entriesAcross(filter: EntryFilter, limit: number, before: EntryPlace | null): Promise<CardEntry[]>;
  /** The last entry posted before an instant; null where there is none. */
  lastEntryBefore(cardId: string, instant: Instant): Promise<Entry | null>;
  /** All lots, holds and orders of a card, for verifying. */
  everything(cardId: string): Promise<{ lots: Lot[]; holds: Hold[]; orders: OrderRecord[] }>;
  /** Cards whose `nextExpiryAt` is not after `now`, soonest first, after the cursor. */
  dueCards(now: Instant, limit: number, after: DueCursor | null): Promise<Card[]>;
  /** Cards by id, after the given one; all of them, or those that the filter lets through. */
  cards(limit: number, after: string | null, filter?: CardFilter): Promise<Card[]>;
  /** Orders of one card or of programs, by card and order, after the given one. */
  orders(
    of: { cardId: string } | { programIds: readonly string[] },
    limit: number,
    after: { cardId: string; orderId: string } | null,
  ): Promise<{ cardId: string; order: OrderRecord }[]>;
  /**
   * A card's vouchers by the number of their entry, the last one first, those before the given one; all of them, or those
   * of one status.
   */
  vouchers(
    cardId: string,
    limit: number,
    before: number | null,
    status?: Voucher['status'],
  ): Promise<Voucher[]>;
  /** Sums of what settled work has tallied. */
  tallies(query: TallyQuery): Promise<TallySum[]>;
  cardSums(programIds: readonly string[], now: Instant, activeSince: Instant): Promise<CardSums>;
  /** Rows of a merchant's books by their keys, in that order; null where there is none. */
  records<Row>(table: Table<Row>, keys: readonly (readonly Cell[])[]): Promise<(Row | null)[]>;
  /**
   * Rows of a table that begin with `within` (null: all, of a table with one key), by the last column of the key, after
   * the given one.
   */
  recordsIn<Row>(table: Table<Row>, within: string | null, after: Cell, limit: number): Promise<Row[]>;
  /**
   * Locks rows by their keys, gives them to `change` (null where there is none), and writes what it says, all in one
   * transaction. `change` is pure and may run more than once: where two of them make the same row, one runs again.
   */
  changeRecords<Result>(
    keys: readonly RecordKey[],
    change: (rows: readonly unknown[]) => { rows: readonly RecordRow[]; result: Result },
  ): Promise<Result>;
  /**
   * Puts its own house in order, if that makes reading faster, and forgets what says nothing any more: counters of wrong PINs
   * that began before `forgottenBefore(now)` and are not locked at `now`, and requests that were claimed before
   * `claimsForgottenBefore(now)`. The expiry job calls it.
   */
  tidy?(now: Instant): Promise<void>;
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

/** Counters of wrong PINs that began before this instant count nothing any more, whatever their merchant's settings. */
export function forgottenBefore(now: Instant): Instant {
  return now - maxPinLockMinutes * 60_000;
}

/** Requests that were claimed before this instant are no longer remembered. */
export function claimsForgottenBefore(now: Instant): Instant {
  return now - claimDays * 24 * 60 * 60_000;
}

/**
 * What the touches of one card need together. `every` live lot where one of several can take back what another has just
 * given, or move the inactivity deadline; and where a single one is dated back and can set a deadline that has passed, which
 * ends all lots by inactivity at once. Otherwise what each needs, and of several the lots that end soonest.
 */
export function sharedNeed(
  touches: readonly Touch[],
  { card: { deadline }, versions }: Pick<CardState, 'versions' | 'card'>,
): 'every' | 'as named' {
  const byInactivity = versions.some(({ points }) => points.expiry.kind === 'inactivity');
  if (touches.length === 1) {
    const datedBack = touches.some(({ at, now }) => at < now);
    return datedBack && deadline === null && byInactivity ? 'every' : 'as named';
  }
  return deadline !== null || byInactivity || touches.some(({ takesBack }) => takesBack)
    ? 'every'
    : 'as named';
}

/** The points that lots in burn order must cover once a touch's orders, holds, entries and rewards are loaded. */
export function pointsToCover(
  touch: Touch,
  state: Pick<CardState, 'orders' | 'holds' | 'entries' | 'rewards'>,
): number {
  let points = touch.burn ?? 0;
  for (const rewardId of touch.rewards ?? []) {
    const price = state.rewards.get(rewardId)?.price;
    if (price && 'points' in price) points += price.points;
  }
  if (!touch.takesBack) return points;
  for (const orderId of touch.orders ?? []) points += state.orders.get(orderId)?.earned ?? 0;
  for (const holdId of touch.holds ?? []) points += state.holds.get(holdId)?.points ?? 0;
  for (const seq of touch.entries ?? []) points += Math.abs(state.entries.get(seq)?.points ?? 0);
  return points;
}

/** The lots that a touch's loaded orders, holds and entries name. */
export function lotsNamed(
  touch: Touch,
  state: Pick<CardState, 'orders' | 'holds' | 'entries' | 'vouchers'>,
): Set<number> {
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
  for (const code of touch.vouchers ?? []) {
    for (const [lot] of state.vouchers.get(code)?.lots ?? []) named.add(lot);
  }
  return named;
}

/** The rewards a touch needs: those it names, and those its loaded vouchers are of. */
export function rewardsNamed(touch: Touch, state: Pick<CardState, 'vouchers'>): Set<string> {
  const named = new Set<string>(touch.rewards ?? []);
  for (const code of touch.vouchers ?? []) {
    const rewardId = state.vouchers.get(code)?.rewardId;
    if (rewardId) named.add(rewardId);
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
