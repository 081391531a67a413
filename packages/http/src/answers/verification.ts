import type { Verification } from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';

/** `consistent` is the engine's `ok`, which on the wire would look like that of an outcome. */
export const verificationSchema = answer<Omit<Verification, 'ok'> & { consistent: boolean }>()(
  z
    .object({
      consistent: z.boolean().describe('True: every figure follows from the entries.'),
      cards: z.int().describe('Cards looked at.'),
      entries: z.int().describe('Entries replayed.'),
      problems: z
        .array(
          z.object({
            cardId: z.string().nullable().describe('Null where a program as a whole is amiss.'),
            problem: z.string(),
          }),
        )
        .describe('At most 1,000 of them.'),
    })
    .meta({ id: 'Verification', description: 'What replaying the entries found.' }),
);
