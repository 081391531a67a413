import type { MerchantTerms } from '../merchant/merchant.ts';
import type { Reward, Voucher } from '../merchant/reward.ts';
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
  /** 12 digits, of which the last checks the others. */
  number: string;
  /** 192 random bits, base64url. */
  qrToken: string;
  enrolledAt: Instant;
  /** Where it was enrolled; null: nobody said. */
  enrolledLocationId: string | null;
  status: 'active' | 'inactive';
  /** The card that its points and stamps went to; null: none. */
  mergedInto: string | null;
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
  /** Stamps that are neither redeemed, voided nor written off. */
  stamps: number;
  /** Where they are, in the order in which they are taken. */
  stampLots: readonly StampLot[];
  /** When stamps of the last days were given: cooldown and daily limits look at them. */
  stampTimes: readonly StampTime[];
  /** From when on these are complete: a card remembers only so many. */
  stampsKnownFrom: Instant;
  /** Stamps given less those voided, and rewards redeemed less those voided, over all time. */
  stampsEarned: number;
  rewardsRedeemed: number;
  lastStampAt: Instant | null;
  lastPointsAt: Instant | null;
  lastRedemptionAt: Instant | null;
  lastActivityAt: Instant | null;
  /** The expiry that the customer was last warned of. */
  warnedOf: Instant | null;
  /** Number of the last entry at that time: points that came later were not warned of, even where they end before it. */
  warnedSeq: number;
}

/** Stamps of one entry that are left: its number, how many, and when they end (null: never). */
export type StampLot = readonly [seq: number, stamps: number, expiresAt: Instant | null];

/** When stamps were given, how many, and by which entry. */
export type StampTime = readonly [at: Instant, stamps: number, seq: number];

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
  /** Whose PIN confirmed it. */
  staffId: string | null;
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
  /** The program's merchant with its settings and locations; null where it was never registered. */
  merchant: MerchantTerms | null;
  /** Rewards that were asked for: one map for all cards of a program that are settled together, locked. */
  rewards: Map<string, Reward>;
  /** Vouchers that were asked for by code, or belong to a loaded reward. */
  vouchers: Map<string, Voucher>;
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
  identity: Pick<Card, 'cardId' | 'programId' | 'customerId'> & Partial<Pick<Card, 'number' | 'qrToken'>>,
  versions: readonly ProgramVersion[] = [],
  merchant: MerchantTerms | null = null,
): CardState {
  const { cardId, programId, customerId, number = '', qrToken = '' } = identity;
  return {
    card: {
      cardId,
      programId,
      customerId,
      number,
      qrToken,
      enrolledAt: 0,
      enrolledLocationId: null,
      status: 'active',
      mergedInto: null,
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
      stamps: 0,
      stampLots: [],
      stampTimes: [],
      stampsKnownFrom: 0,
      stampsEarned: 0,
      rewardsRedeemed: 0,
      lastStampAt: null,
      lastPointsAt: null,
      lastRedemptionAt: null,
      lastActivityAt: null,
      warnedOf: null,
      warnedSeq: 0,
    },
    exists: false,
    versions,
    merchant,
    rewards: new Map(),
    vouchers: new Map(),
    lots: new Map(),
    holds: new Map(),
    orders: new Map(),
    receipts: new Map(),
    entries: new Map(),
    reversed: new Map(),
  };
}
