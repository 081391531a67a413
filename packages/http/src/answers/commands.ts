import {
  type AdjustFacts,
  type AnonymiseFacts,
  type AwardFacts,
  type CaptureFacts,
  type CardStatusFacts,
  type CheckoutCompleteFacts,
  type EarnFacts,
  type EnrollFacts,
  type HoldFacts,
  type MergeFacts,
  type PendingEarnFacts,
  type RedeemFacts,
  type RefundFacts,
  type ReleaseFacts,
  type ReverseFacts,
  type RotateQrFacts,
  redemptionLimits,
  type StampFacts,
  type UseVoucherFacts,
  type VoidRewardFacts,
  type VoidStampFacts,
  type VoucherFacts,
} from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';
import { givesSchema } from './gives.ts';
import { type Carried, outcomeOf } from './outcome.ts';
import { amountText, cardNumberText, instantText } from './texts.ts';

const orderId = z.string();
const cardStatus = z.enum(['active', 'inactive']);
const worth = amountText.describe('What the points are worth.');
const entry = z.int().describe('The number of the entry.');
const stampsAfter = z.int().describe('Stamps on the card after it.');
const rewardShape = {
  rewardId: z.string().nullable().describe("Null: the program's own reward for a full stamp card."),
  reward: z.string().describe('Its name.'),
};
const clampedBy = z
  .enum(redemptionLimits)
  .nullable()
  .describe('The limit that cut the points down where `clamp` was given; null where none did.');
const amountLeft = amountText.nullable().describe('What is left to pay of the order; null without one.');

export const earnedSchema = answer<Carried<EarnFacts>>()(
  outcomeOf(
    {
      orderId,
      points: z.int(),
      pending: z.boolean().describe('True while the points wait for a date or to be confirmed.'),
      availableAt: instantText
        .nullable()
        .describe('When pending points become available; null: at once, or when confirmed.'),
      expiresAt: instantText
        .nullable()
        .describe('When the points expire by date; null: never, or by inactivity.'),
    },
    'Earned',
    'What an order earned.',
  ),
);

export const heldSchema = answer<Carried<HoldFacts>>()(
  outcomeOf(
    {
      holdId: z.string(),
      orderId: orderId.nullable(),
      points: z.int(),
      value: worth,
      amountDue: amountText.nullable().describe('What is left to charge; null without an order.'),
      willEarn: z
        .int()
        .nullable()
        .describe('What the order earns once it is paid for like this; null without an order.'),
      expiresAt: instantText.describe('Until when the points are reserved.'),
      clampedBy,
    },
    'Held',
    'Points that were reserved.',
  ),
);

const capturedShape = {
  holdId: z.string(),
  orderId: orderId.nullable(),
  points: z.int().describe('The points spent.'),
  value: worth,
};

export const capturedSchema = answer<Carried<CaptureFacts>>()(
  outcomeOf(capturedShape, 'Captured', 'Held points that were spent.'),
);

export const checkoutCompletedSchema = answer<Carried<CheckoutCompleteFacts>>()(
  outcomeOf(
    {
      ...capturedShape,
      amountDue: amountText.describe('What is to be paid in money.'),
      earned: z.int().describe('The points that the part paid in money earned.'),
    },
    'CheckoutCompleted',
    'Held points that were spent, and what the rest of the order earned.',
  ),
);

export const releasedSchema = answer<Carried<ReleaseFacts>>()(
  outcomeOf(
    {
      holdId: z.string(),
      orderId: orderId.nullable(),
      points: z.int().describe('The points that can be spent again.'),
    },
    'Released',
    'Held points that are free again.',
  ),
);

export const redeemedSchema = answer<Carried<RedeemFacts>>()(
  outcomeOf(
    { orderId: orderId.nullable(), points: z.int(), value: worth, amountDue: amountLeft, clampedBy },
    'Redeemed',
    'Points that were spent.',
  ),
);

export const refundedSchema = answer<Carried<RefundFacts>>()(
  outcomeOf(
    {
      orderId,
      refunded: amountText.describe('What of the order this refund covers.'),
      moneyBack: amountText.describe('The part of it that goes back as money.'),
      pointsRestored: z.int(),
      pointsClawedBack: z.int(),
      debt: z.int().describe('Of the points to take back, what was already spent and is owed.'),
      forgiven: z.int().describe('Of the points to take back, what was already spent and is let go.'),
      remaining: amountText.describe('What of the order is still not refunded.'),
    },
    'Refunded',
    'What a refund gives back and takes back.',
  ),
);

export const enrolledSchema = answer<Carried<EnrollFacts>>()(
  outcomeOf(
    {
      alreadyEnrolled: z
        .boolean()
        .describe('True where the customer had the card before; nothing is written then.'),
      enrolledAt: instantText,
      status: cardStatus.describe('An inactive card is not made active by enrolling again.'),
      cardNumber: cardNumberText,
    },
    'Enrolled',
    "The customer's card.",
  ),
);

export const cardStatusSchema = answer<Carried<CardStatusFacts>>()(
  outcomeOf(
    {
      status: cardStatus,
      changed: z.boolean().describe('False where the card was so before; nothing is written then.'),
    },
    'CardStatusChanged',
    'Whether the card earns and spends.',
  ),
);

export const qrRotatedSchema = answer<Carried<RotateQrFacts>>()(
  outcomeOf({ entry }, 'QrRotated', 'The card has a new QR token, which reading it answers.'),
);

export const mergedSchema = answer<Carried<MergeFacts>>()(
  outcomeOf(
    {
      from: z.string().describe('The card that everything left; it earns and spends nothing any more.'),
      into: z.string(),
      points: z.int().describe('The points that moved.'),
      debt: z.int().describe('The owed points that moved.'),
      stamps: z.int().describe('The stamps that moved.'),
    },
    'Merged',
    'What went from one card to another.',
  ),
);

export const anonymisedSchema = answer<Carried<AnonymiseFacts>>()(
  outcomeOf(
    { customerId: z.string().describe("What stands in the customer's place.") },
    'Anonymised',
    'A card whose customer was forgotten.',
  ),
);

export const pendingEarnSchema = answer<Carried<PendingEarnFacts>>()(
  outcomeOf({ orderId, points: z.int() }, 'PendingEarn', 'Pending points that were confirmed or cancelled.'),
);

export const awardedSchema = answer<Carried<AwardFacts>>()(
  outcomeOf({ points: z.int(), expiresAt: instantText.nullable() }, 'Awarded', 'Points that were granted.'),
);

export const reversedSchema = answer<Carried<ReverseFacts>>()(
  outcomeOf(
    {
      entry,
      points: z.int().describe('Points undone now.'),
      reversible: z.int().describe('Points of the entry that could still be undone.'),
    },
    'Reversed',
    'What of an entry was undone.',
  ),
);

export const adjustedSchema = answer<Carried<AdjustFacts>>()(
  outcomeOf(
    { points: z.int().describe('Signed.'), reasonCode: z.string() },
    'Adjusted',
    'Points that were given or taken by hand.',
  ),
);

export const stampedSchema = answer<Carried<StampFacts>>()(
  outcomeOf(
    {
      entry: z.int().describe('The number of the entry, by which the stamps can be voided.'),
      given: z.int().describe('Stamps given now.'),
      stamps: stampsAfter,
      target: z.int().describe('Stamps that a reward takes.'),
      untilReward: z.int().describe('Stamps that are missing until a reward is ready; 0 where one is.'),
      rewardsReady: z.int(),
      expiresAt: instantText.nullable().describe('When the stamps given end; null: never.'),
    },
    'Stamped',
    'The stamps of a visit.',
  ),
);

export const stampVoidedSchema = answer<Carried<VoidStampFacts>>()(
  outcomeOf(
    {
      entry: z.int().describe('The number of the entry that gave them.'),
      voided: z.int().describe('Stamps taken off the card; 0 where they had expired.'),
      stamps: stampsAfter,
    },
    'StampVoided',
    'Stamps that were taken away again.',
  ),
);

export const voucherIssuedSchema = answer<Carried<VoucherFacts>>()(
  outcomeOf(
    {
      entry: z.int().describe('The number of the entry that paid.'),
      ...rewardShape,
      gives: givesSchema,
      points: z.int().describe('What it cost.'),
      stampsRedeemed: z.int().describe('What it cost.'),
      stamps: stampsAfter,
      voucherCode: z
        .string()
        .meta({ description: 'The reward is handed out against it, once.', examples: ['7K2M-9QXT-4HVB'] }),
      voucherExpiresAt: instantText,
    },
    'VoucherIssued',
    'The voucher of a redeemed reward.',
  ),
);

export const voucherUsedSchema = answer<Carried<UseVoucherFacts>>()(
  outcomeOf(
    { ...rewardShape, gives: givesSchema, usedAt: instantText },
    'VoucherUsed',
    'A reward that was handed out against its voucher.',
  ),
);

export const rewardVoidedSchema = answer<Carried<VoidRewardFacts>>()(
  outcomeOf(
    {
      ...rewardShape,
      points: z.int().describe('What went back to the card.'),
      stamps: z.int().describe('What went back to the card.'),
    },
    'RewardVoided',
    'A redeemed reward that was taken back.',
  ),
);
