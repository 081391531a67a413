import type { CardPage, CardSummary, CardView, StampView } from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';
import { balanceFiguresSchema } from './balance.ts';
import { cardNumberText, cursorText, instantText } from './texts.ts';

const factsShape = {
  cardId: z.string(),
  programId: z.string(),
  customerId: z.string(),
  cardNumber: cardNumberText,
  status: z.enum(['active', 'inactive']),
  mergedInto: z.string().nullable().describe('The card that its points and stamps went to.'),
  enrolledAt: instantText,
  enrolledLocationId: z.string().nullable().describe('Null: nobody said where.'),
  lifetime: z
    .object({
      pointsEarned: z.int(),
      pointsRedeemed: z.int(),
      pointsExpired: z.int(),
      pointsReversed: z.int(),
      pointsAdjusted: z.int(),
      stampsEarned: z.int(),
      rewardsRedeemed: z.int(),
    })
    .describe(
      'Sums over all entries: points as the ledger has them, stamps and rewards less those that were voided.',
    ),
  lastStampAt: instantText.nullable(),
  lastPointsAt: instantText.nullable(),
  lastRedemptionAt: instantText.nullable(),
  lastActivityAt: instantText.nullable(),
};

const stampViewSchema = answer<StampView>()(
  z
    .object({
      count: z.int().describe('Stamps that can be redeemed; those that have ended do not count.'),
      target: z
        .int()
        .nullable()
        .describe(
          'Stamps that a reward takes. Null, like the next two, where the program gives none any more.',
        ),
      untilReward: z
        .int()
        .nullable()
        .describe('Stamps that are missing until a reward is ready; 0 where one is.'),
      rewardsReady: z.int().nullable(),
    })
    .meta({ id: 'CardStamps', description: 'The stamps of a card.' }),
);

export const cardSchema = answer<CardView>()(
  z
    .object({
      ...factsShape,
      merchantId: z.string(),
      qrToken: z.string().describe('What the QR code of the card says.'),
      points: balanceFiguresSchema,
      stamps: stampViewSchema
        .nullable()
        .describe('Null where the program gives none and the card has none left.'),
    })
    .meta({ id: 'Card', description: 'A card with its points, stamps and counters.' }),
);

export const cardSummarySchema = answer<CardSummary>()(
  z
    .object({
      ...factsShape,
      balance: z
        .int()
        .describe("The ledger's balance: points that have ended are in it until the expiry job has run."),
      debt: z.int(),
      stampCount: z.int().describe('Stamps that can be redeemed now.'),
    })
    .meta({ id: 'CardSummary', description: 'A card on a list.' }),
);

export const cardPageSchema = answer<CardPage>()(
  z
    .object({ cards: z.array(cardSummarySchema), nextCursor: cursorText.nullable() })
    .meta({ id: 'CardPage', description: 'A page of cards, by card id.' }),
);
