import { z } from 'zod';

// Control characters and lone surrogates do not survive every database and log; they are refused at the edge.
// biome-ignore lint/suspicious/noControlCharactersInRegex: refusing them is the point
const control = /[\u0000-\u001f\u007f]/;

/** True for text that any store keeps as it is: no control characters, no lone surrogates. */
export function isCleanText(text: string): boolean {
  return !control.test(text) && text.isWellFormed();
}

/** zod schema of an id or reference: 1 to 200 clean characters without blanks at either end. */
export const identifierSchema = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => isCleanText(text) && text.trim() === text, {
    message: 'expected text without control characters and without blanks at either end',
  });

/** zod schema of a line written by a person: 1 to 500 clean characters. */
export const noteSchema = z
  .string()
  .min(1)
  .max(500)
  .refine(isCleanText, { message: 'expected text without control characters' });
