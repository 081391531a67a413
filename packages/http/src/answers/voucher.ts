import type { VoucherPage, VoucherView } from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';
import { givesSchema } from './gives.ts';
import { cursorText, instantText } from './texts.ts';

export const voucherSchema = answer<VoucherView>()(
  z
    .object({
      code: z.string().meta({ examples: ['7K2M-9QXT-4HVB'] }),
      cardId: z.string(),
      rewardId: z.string().nullable().describe("Null: the program's own reward for a full stamp card."),
      reward: z.string().describe('The name of the reward.'),
      gives: givesSchema,
      points: z.int().describe('What it cost.'),
      stamps: z.int().describe('What it cost, lost stamps included.'),
      status: z
        .enum(['issued', 'used', 'void', 'expired'])
        .describe('`expired`: it was not used in time. It can still be voided.'),
      issuedAt: instantText,
      expiresAt: instantText,
      usedAt: instantText.nullable(),
      usedLocationId: z.string().nullable(),
      orderId: z
        .string()
        .nullable()
        .describe('The order that it was used for; until then the one that it was redeemed for.'),
      entry: z.int().describe('The number of the entry that paid for it.'),
    })
    .meta({ id: 'Voucher', description: 'What a redeemed reward is handed out against, once.' }),
);

export const voucherPageSchema = answer<VoucherPage>()(
  z
    .object({ vouchers: z.array(voucherSchema), nextCursor: cursorText.nullable() })
    .meta({ id: 'VoucherPage', description: 'A page of vouchers, newest first.' }),
);
