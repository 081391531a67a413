import { type BalanceFigures, balanceFigures } from '../card/balance.ts';
import { formatCardNumber } from '../card/card-number.ts';
import type { Card, CardState } from '../card/card-state.ts';
import { stateAt } from '../card/evolve.ts';
import { liveStamps } from '../card/stamp-book.ts';
import { LoyaltyError } from '../errors.ts';
import type { LoyaltyStore } from '../ports/loyalty-store.ts';
import { type Instant, isoText, isoTextOrNull } from '../program/instant.ts';
import { stampsUntilReward } from '../rules/stamps-until-reward.ts';
import { loadForReading, type Member, readingVersion, touchOf } from './reader.ts';

/** Who a card is of and what it was used for. Instants are ISO texts; null: never. */
export interface CardFacts {
  cardId: string;
  programId: string;
  customerId: string;
  /** As it is printed: `1234-5678-9018`. */
  cardNumber: string;
  status: 'active' | 'inactive';
  /** The card that its points and stamps went to. */
  mergedInto: string | null;
  enrolledAt: string;
  /** Null: nobody said where. */
  enrolledLocationId: string | null;
  /** Sums over all entries: points as the ledger has them, stamps and rewards less those that were voided. */
  lifetime: {
    pointsEarned: number;
    pointsRedeemed: number;
    pointsExpired: number;
    pointsReversed: number;
    pointsAdjusted: number;
    stampsEarned: number;
    rewardsRedeemed: number;
  };
  lastStampAt: string | null;
  lastPointsAt: string | null;
  lastRedemptionAt: string | null;
  lastActivityAt: string | null;
}

/** The stamps of a card. */
export interface StampView {
  /** Stamps that can be redeemed; those that have ended do not count, whether or not a job has written that. */
  count: number;
  /** Stamps that a reward takes. Null, like the next two, where the program has stopped giving stamps. */
  target: number | null;
  /** Stamps that are missing until a reward is ready; 0 where one is. */
  untilReward: number | null;
  rewardsReady: number | null;
}

/** A card with its points and stamps. `stamps` is null where the program gives none and the card has none left. */
export interface CardView extends CardFacts {
  merchantId: string;
  qrToken: string;
  points: BalanceFigures;
  stamps: StampView | null;
}

/**
 * Reads a card at `now`; see `Loyalty.cards.get`.
 *
 * @throws LoyaltyError PROGRAM_NOT_FOUND or CARD_NOT_FOUND.
 */
export async function readCard(store: LoyaltyStore, member: Member, now: Instant): Promise<CardView> {
  const state = await loadForReading(store, touchOf(member, now));
  if (!state.exists) throw new LoyaltyError('CARD_NOT_FOUND', 'There is no such card');
  return viewCard(state, now);
}

/** A loaded card as it is read at `now`. */
export function viewCard(state: CardState, now: Instant): CardView {
  const working = stateAt(state, now);
  const at = Math.max(now, state.card.lastRecordedAt);
  const { merchantId, stamps } = readingVersion(state, at);
  return {
    ...cardFacts(state.card),
    merchantId,
    qrToken: state.card.qrToken,
    points: balanceFigures(working, at),
    stamps: viewStamps(liveStamps(state.card.stampLots, at), stamps?.target ?? null),
  };
}

function viewStamps(count: number, target: number | null): StampView | null {
  if (target !== null) {
    const rewardsReady = Math.floor(count / target);
    return { count, target, untilReward: stampsUntilReward(count, target), rewardsReady };
  }
  return count === 0 ? null : { count, target, untilReward: null, rewardsReady: null };
}

/** What a card's row alone says of it. */
export function cardFacts(card: Card): CardFacts {
  const { lifetime } = card;
  return {
    cardId: card.cardId,
    programId: card.programId,
    customerId: card.customerId,
    cardNumber: formatCardNumber(card.number),
    status: card.status,
    mergedInto: card.mergedInto,
    enrolledAt: isoText(card.enrolledAt),
    enrolledLocationId: card.enrolledLocationId,
    lifetime: {
      pointsEarned: lifetime.earned,
      pointsRedeemed: lifetime.redeemed,
      pointsExpired: lifetime.expired,
      pointsReversed: lifetime.reversed,
      pointsAdjusted: lifetime.adjusted,
      stampsEarned: card.stampsEarned,
      rewardsRedeemed: card.rewardsRedeemed,
    },
    lastStampAt: isoTextOrNull(card.lastStampAt),
    lastPointsAt: isoTextOrNull(card.lastPointsAt),
    lastRedemptionAt: isoTextOrNull(card.lastRedemptionAt),
    lastActivityAt: isoTextOrNull(card.lastActivityAt),
  };
}
