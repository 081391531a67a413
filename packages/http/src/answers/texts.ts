import { z } from 'zod';

const isoInstant = z.iso.datetime({ precision: 3 });

// Checked beside the schema: its pattern would stand in the document hundreds of times, and `date-time` says it already.
/** An instant as it is answered: always in UTC and with milliseconds. */
export const instantText = z
  .string()
  .refine((text) => isoInstant.safeParse(text).success, { message: 'expected an instant in UTC' })
  .meta({ format: 'date-time', examples: ['2026-01-31T04:30:00.000Z'] });

/** An amount of money as it is answered: with all digits of its currency. */
export const amountText = z
  .string()
  .regex(/^-?\d{1,16}(\.\d{1,18})?$/)
  .meta({ description: "An amount in the program's currency, exact.", examples: ['499.90'] });

/** Where the next page begins. */
export const cursorText = z
  .string()
  .meta({ description: 'Where the next page begins: sent back as `cursor`; null on the last page.' });

/** A card's number as it is printed. */
export const cardNumberText = z
  .string()
  .meta({ description: 'As it is printed.', examples: ['1234-5678-9018'] });
