import { toMinor } from '@loyalty-engine/core';
import { z } from 'zod';
import { currency } from '../program.ts';

/** Rupees as a client sends them: decimal text, with two places at most. */
export const rupeesSchema = z
  .string()
  .regex(/^\d{1,9}(\.\d{1,2})?$/, "Expected rupees as decimal text, such as '499.50'");

/** Rupees in decimal text as paise. */
export function paise(text: string): number {
  return toMinor(text, currency, ['amount']);
}
