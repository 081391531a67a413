import type { Balance, BalanceFigures } from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';
import { instantText } from './texts.ts';

const lifetimeSchema = z
  .object({
    earned: z.int(),
    redeemed: z.int(),
    expired: z.int(),
    adjusted: z.int(),
    reversed: z.int(),
  })
  .meta({
    description:
      'Sums over all entries: `earned` - `redeemed` - `expired` + `adjusted` + `reversed` = the balance.',
  });

const figuresShape = {
  available: z.int().describe('What can be spent now.'),
  pending: z.int().describe('Earned, but not yet available.'),
  held: z.int().describe('Reserved by open holds.'),
  debt: z.int().describe('Owed after a refund of points that were spent; later earning pays it first.'),
  total: z.int().describe("The ledger's balance, points that are due to expire taken off."),
  lifetime: lifetimeSchema,
};

export const balanceFiguresSchema = answer<BalanceFigures>()(
  z.object(figuresShape).meta({
    id: 'BalanceFigures',
    description: "A card's points at an instant. `total` = `available` + `pending` + `held` - `debt`.",
  }),
);

export const balanceSchema = answer<Balance>()(
  z
    .object({
      ...figuresShape,
      nextExpiry: z
        .object({ points: z.int(), at: instantText })
        .nullable()
        .describe('The points that expire next; null: none will.'),
    })
    .meta({ id: 'Balance', description: "A card's points now, and those that expire next." }),
);
