import type { Instant } from '../program/instant.ts';
import type { ProgramVersion } from '../program/version.ts';
import type { Allocation } from '../rules/burn-lots.ts';
import type { PricedOrder } from '../rules/order.ts';
import type { Entry } from './entry.ts';

/** Sums over all entries. `earned - redeemed - expired + adjusted + reversed` = the balance. */
export interface Lifetime {
  earned: number;
  redeemed: number;
  expired: number;
  adjusted: number;
  reversed: number;
}

/** A card's own row: identity, the last entry's number and the sums that make reading cheap. */
export interface Card {
  cardId: string;
  programId: string;
  customerId: string;
  status: 'active' | 'inactive';
  enrolledAt: Instant;
  /** Number of the last entry. */
  seq: number;
  /** Sum of all entries = sum of the lots' remainders - debt. */
  balance: number;
  debt: number;
  /** Remainders of lots that were not yet available at `pendingAsOf`. */
  pending: number;
  pendingAsOf: Instant;
  /** Points reserved by open holds, and how many there are. */
  held: number;
  openHolds: number;
  lifetime: Lifetime;
  /** When the card's `byInactivity` lots end, as the last activity set it. */
  deadline: Instant | null;
  /**
   * No lot ends before this instant, but for those that an open hold keeps alive; null: none will. A lower bound,
   * tightened whenever lots are swept.
   */
  nextExpiryAt: Instant | null;
  lastPostedAt: Instant;
  lastRecordedAt: Instant;
}

/** Points of one earning entry that live and end together. */
export interface Lot {
  /** Number of the entry that made it. */
  seq: number;
  /** What the lot has ever held at most: never gives more than this. */
  points: number;
  remaining: number;
  /** What of it expired. */
  expired: number;
  /** Of `remaining`, what open holds reserve. */
  held: number;
  earnedAt: Instant;
  expiresAt: Instant | null;
  /** Ends with the card's inactivity deadline instead of a date of its own. */
  byInactivity: boolean;
  /** Null: available since it was earned. */
  availableAt: Instant | null;
}

/** Points of particular lots reserved for a while. `lapsed` holds ran out of time and reserve nothing. */
export interface Hold {
  holdId: string;
  orderId: string | null;
  /** The points that were asked for; with `clamp` it can hold fewer. */
  asked: number;
  points: number;
  /** Worth in minor units. */
  value: number;
  lots: readonly Allocation[];
  status: 'open' | 'lapsed' | 'captured' | 'released';
  createdAt: Instant;
  expiresAt: Instant;
  programVersion: number;
  /** The order it was taken for; a checkout earns on it when it completes. */
  order: PricedOrder | null;
}

/** Points of an order's one redemption and what of them went back. */
export interface OrderRedemption {
  seq: number;
  points: number;
  value: number;
  lots: readonly Allocation[];
  /** Given back by refunds. */
  restored: number;
  /** Undone by reference: as if it had never been spent. */
  reversed: number;
}

/** What the ledger knows of an order; amounts in minor units. */
export interface OrderRecord {
  orderId: string;
  /** The version whose rules its refunds follow. */
  programVersion: number;
  order: PricedOrder;
  /** Null until it earned; 0 when it earned nothing. */
  earned: number | null;
  /** The earn entry, where there is one. */
  earnSeq: number | null;
  redemptions: readonly OrderRedemption[];
  /** Refunded pieces by line, and refunded amounts that name no line. */
  refundedQuantities: Readonly<Record<string, number>>;
  refundedAmount: number;
  /** Money that went back, cumulative. */
  moneyBack: number;
  /** Points taken back, forgiven, or expired before they could be taken back; cumulative. */
  clawedBack: number;
  /** Of `clawedBack`, what had expired. */
  clawedExpired: number;
}

/** What a settled command answered under a key, kept so that the same command again gets the same answer. */
export interface Receipt {
  key: string;
  fingerprint: string;
  /** The outcome without its entries, as JSON. */
  outcome: string;
  /** The entries it wrote: the first number and how many. */
  firstSeq: number;
  entryCount: number;
}

/**
 * A card with as much of its surroundings as the work at hand needs. A store may load more; it must not load less than
 * the touches ask for.
 */
export interface CardState {
  card: Card;
  /**
   * No lot that is not loaded ends before this instant; null: none will. `foldWork` keeps it; where it is absent,
   * everything is loaded.
   */
  unloadedEnd?: Instant | null;
  /** False until the card's first entry is written. */
  exists: boolean;
  versions: readonly ProgramVersion[];
  lots: Map<number, Lot>;
  holds: Map<string, Hold>;
  orders: Map<string, OrderRecord>;
  receipts: Map<string, Receipt>;
  /** Entries that were asked for by number, or belong to a loaded receipt. */
  entries: Map<number, Entry>;
  /** Points already undone of an entry, by its number. */
  reversed: Map<number, number>;
}

/** A card that nobody has used yet. */
export function newCardState(
  identity: Pick<Card, 'cardId' | 'programId' | 'customerId'>,
  versions: readonly ProgramVersion[] = [],
): CardState {
  return {
    card: {
      ...identity,
      status: 'active',
      enrolledAt: 0,
      seq: 0,
      balance: 0,
      debt: 0,
      pending: 0,
      pendingAsOf: 0,
      held: 0,
      openHolds: 0,
      lifetime: { earned: 0, redeemed: 0, expired: 0, adjusted: 0, reversed: 0 },
      deadline: null,
      nextExpiryAt: null,
      lastPostedAt: 0,
      lastRecordedAt: 0,
    },
    exists: false,
    versions,
    lots: new Map(),
    holds: new Map(),
    orders: new Map(),
    receipts: new Map(),
    entries: new Map(),
    reversed: new Map(),
  };
}
