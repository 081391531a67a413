import { programSchema } from '@loyalty-engine/core';
import { format } from 'date-fns/format';
import { isValid } from 'date-fns/isValid';
import { parse } from 'date-fns/parse';
import { z } from 'zod';
import { cathayProgram } from '../cathay-program.ts';

/** The columns of an order history, by the names they have unless a mapping names others. */
export const columnNames = [
  'order_id',
  'customer_id',
  'placed_at',
  'total',
  'sku',
  'category',
  'quantity',
  'unit_price',
  'kind',
  'returns_order_id',
] as const;
export type ColumnName = (typeof columnNames)[number];

/** zod schema of a mapping file: how one shop's export is to be read, and the program to try on it. */
export const mappingSchema = z.strictObject({
  /** The header of each column that goes by another name. */
  columns: z.partialRecord(z.enum(columnNames), z.string().min(1)).default({}),
  /** date-fns tokens of `placed_at`; without it ISO 8601. A time without a zone is the program's. */
  dateFormat: z
    .string()
    .refine(isDateFormat, { message: 'expected date-fns tokens such as "yyyyMMdd"' })
    .optional(),
  /** Cut off the end of every customer id: '.0' makes 17850 of 17850.0. */
  customerIdSuffix: z.string().min(1).optional(),
  /** What to do where an order has no id: make one from its customer and day. */
  missingOrderId: z.literal('customer-and-date').optional(),
  returns: z
    .strictObject({
      /** An order id that starts with this is a return. */
      orderIdPrefix: z.string().min(1).optional(),
      /** What a return that names no order is set against. */
      withoutReference: z.literal('latest-order-with-sku').optional(),
    })
    .prefault({}),
  program: programSchema.prefault(cathayProgram),
});

export type Mapping = z.output<typeof mappingSchema>;

function isDateFormat(tokens: string): boolean {
  // Week-numbering years and days of the year are what nobody means; date-fns would print a warning of its own.
  if (/[YD]/.test(tokens.replace(/'[^']*'/g, ''))) return false;
  try {
    const day = new Date(2001, 1, 3, 4, 5, 6);
    return tokens !== '' && isValid(parse(format(day, tokens), tokens, day));
  } catch {
    return false;
  }
}
