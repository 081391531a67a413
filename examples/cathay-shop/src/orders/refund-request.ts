import { z } from 'zod';
import { rupeesSchema } from './rupees-schema.ts';

/** Rupees as decimal text, above zero. Its output is that text, and the engine reads it. */
const amountSchema = rupeesSchema.refine((text) => /[1-9]/.test(text), 'Expected an amount above zero');

const lineSchema = z.strictObject({
  productId: z.string().regex(/^[\x21-\x7e]{1,50}$/, 'Expected the id of a product'),
  quantity: z.number().int().min(1).max(99),
});

/** The body of a refund: an amount, or lines, or neither for all that is left. */
export const refundRequestSchema = z
  .strictObject({
    amount: amountSchema.optional(),
    lines: z.array(lineSchema).min(1).max(50).optional(),
    reason: z
      .string()
      .trim()
      .min(1)
      .max(200)
      .regex(/^[^\p{Cc}\p{Cs}]*$/u, 'Expected text without control characters'),
  })
  .refine(({ amount, lines }) => amount === undefined || lines === undefined, {
    path: ['lines'],
    message: 'Expected an amount or lines, not both',
  });

export type RefundRequest = z.output<typeof refundRequestSchema>;
