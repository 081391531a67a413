import type { RewardPrice, RewardsCatalogue, RewardView } from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';
import { givesSchema } from './gives.ts';
import { cursorText, instantText } from './texts.ts';

const priceSchema = answer<RewardPrice>()(
  z.union([z.object({ points: z.int() }), z.object({ stamps: z.int() })]),
);

export const rewardSchema = answer<RewardView>()(
  z
    .object({
      programId: z.string(),
      id: z.string(),
      name: z.string(),
      price: priceSchema.describe('What it costs: points or stamps.'),
      gives: givesSchema,
      activeFrom: instantText.nullable(),
      activeUntil: instantText.nullable(),
      stock: z.int().nullable().describe('How many there are in all; null: no end of them.'),
      stockLeft: z.int().nullable().describe('Of those, what is left; null: no end of them.'),
      redeemed: z.int().describe('Redeemed and not voided.'),
      perCustomer: z.int().nullable().describe('How many one customer can have; null: any number.'),
      voucherDays: z.int().describe('How long its vouchers are good.'),
      status: z.enum(['active', 'withdrawn']),
    })
    .meta({ id: 'Reward', description: "A reward of a program's catalogue." }),
);

export const rewardPageSchema = answer<Awaited<ReturnType<RewardsCatalogue['list']>>>()(
  z
    .object({ rewards: z.array(rewardSchema), nextCursor: cursorText.nullable() })
    .meta({ id: 'RewardPage', description: 'A page of rewards, by id.' }),
);
