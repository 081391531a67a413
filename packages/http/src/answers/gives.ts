import type { RewardGives } from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';
import { amountText } from './texts.ts';

export const givesSchema = answer<RewardGives>()(
  z
    .discriminatedUnion('kind', [
      z.object({ kind: z.literal('item'), sku: z.string().optional() }),
      z.object({ kind: z.literal('amount-off'), amount: amountText }),
      z.object({
        kind: z.literal('percent-off'),
        percent: z.int(),
        maxAmount: amountText.optional(),
      }),
    ])
    .meta({
      id: 'RewardGives',
      description: 'What a reward is: a free item, an amount off, or a share off with a maximum.',
    }),
);
