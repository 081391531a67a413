import type { Accepted } from '@loyalty-engine/core';
import { z } from 'zod';
import { balanceFiguresSchema } from './balance.ts';
import { entrySchema, stepSchema } from './entry.ts';

/** What is answered of a command that was carried out: that it was is said by the status, that it was before by a header. */
export type Carried<Facts extends object> = Omit<Accepted<Facts>, 'ok' | 'replayed'>;

/** The schema of a command's answer: its own facts, and what every command answers. */
export function outcomeOf<Shape extends z.core.$ZodLooseShape>(
  shape: Shape,
  id: string,
  description: string,
) {
  return z.object({ ...shape, ...everyOutcome }).meta({ id, description });
}

const everyOutcome = {
  cardId: z.string(),
  balance: balanceFiguresSchema.describe("The card's points after it."),
  entries: z.array(entrySchema).describe('What it wrote.'),
  explanation: z.array(stepSchema).describe('How its figures came about.'),
};
