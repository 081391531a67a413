import { type Quote, redemptionLimits } from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';
import { stepSchema } from './entry.ts';
import { amountText } from './texts.ts';

export const quoteAnswerSchema = answer<Omit<Quote, 'ok'>>()(
  z
    .object({
      available: z.int().describe('Points that can be spent now.'),
      maxPoints: z.int().describe('The most points that this order can be paid with now.'),
      limitedBy: z.enum(redemptionLimits).describe('The limit that sets it.'),
      points: z.int().describe('The points quoted: those asked for, or the most.'),
      value: amountText.describe('What the points quoted are worth.'),
      amountDue: amountText.describe('What would be left to pay.'),
      willEarn: z.int().describe('What the order would earn.'),
      explanation: z.array(stepSchema),
    })
    .meta({ id: 'Quote', description: 'What an order could be paid with and what it would earn.' }),
);
