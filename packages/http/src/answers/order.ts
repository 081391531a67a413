import type { OrderPage, OrderSummary } from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';
import { amountText, cursorText } from './texts.ts';

const orderSummarySchema = answer<OrderSummary>()(
  z
    .object({
      orderId: z.string(),
      cardId: z.string(),
      programVersion: z.int().describe('The version whose rules its refunds follow.'),
      payable: amountText.describe('What was to be paid, points included.'),
      earned: z.int().nullable().describe('Points that it earned; null: it has not earned yet.'),
      redeemed: z
        .object({ points: z.int(), value: amountText })
        .describe('Points that were spent on it and what they were worth, before any went back.'),
      restored: z.int().describe('Points that refunds gave back.'),
      reversed: z.int().describe('Points given back by reference: as if they had never been spent.'),
      clawedBack: z
        .int()
        .describe('Points taken back by refunds, those included that were forgiven or had expired by then.'),
      moneyBack: amountText.describe('Money that went back.'),
    })
    .meta({ id: 'OrderSummary', description: 'What an order earned and was paid with.' }),
);

export const orderPageSchema = answer<OrderPage>()(
  z
    .object({ orders: z.array(orderSummarySchema), nextCursor: cursorText.nullable() })
    .meta({ id: 'OrderPage', description: 'A page of orders, by card and order.' }),
);
