import { z } from 'zod';
import { paise, rupeesSchema } from '../orders/rupees-schema.ts';

const productIdSchema = z.string().regex(/^[\x21-\x7e]{1,50}$/, 'Expected the id of a product');

const itemSchema = z.strictObject({
  productId: productIdSchema,
  quantity: z.number().int().min(1).max(99),
});

/** A cart: up to 50 products, each once. By product, so that the same cart is the same however it was filled. */
const itemsSchema = z
  .array(itemSchema)
  .min(1)
  .max(50)
  .superRefine((items, context) => {
    const seen = new Set<string>();
    for (const [index, { productId }] of items.entries()) {
      if (seen.has(productId))
        context.addIssue({
          code: 'custom',
          path: [index, 'productId'],
          message: 'This product is in the cart already',
        });
      seen.add(productId);
    }
  })
  .transform((items) => items.toSorted((one, other) => (one.productId < other.productId ? -1 : 1)));

const pointsSchema = z.number().int().min(0).max(1_000_000_000);

/** The body of a quote. Without `points` the most there can be is quoted. */
export const quoteRequestSchema = z.strictObject({ items: itemsSchema, points: pointsSchema.optional() });

/**
 * The body of a checkout. `amountDue` is what the customer was quoted and agrees to pay, in paise here. `card` is the gateway's token; it may be left out where points pay for everything.
 */
export const checkoutRequestSchema = z.strictObject({
  items: itemsSchema,
  points: pointsSchema.default(0),
  amountDue: rupeesSchema.transform(paise),
  card: z
    .string()
    .regex(/^[\x21-\x7e]{1,150}$/, "Expected the gateway's token of a card")
    .optional(),
});

export type CartItem = z.output<typeof itemSchema>;
export type QuoteRequest = z.output<typeof quoteRequestSchema>;
export type CheckoutRequest = z.output<typeof checkoutRequestSchema>;
