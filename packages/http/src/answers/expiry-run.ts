import type { ExpiryRun } from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';
import { cursorText } from './texts.ts';

export const expiryRunSchema = answer<ExpiryRun>()(
  z
    .object({
      processed: z.int().describe('Cards looked at.'),
      expired: z.int().describe('Points that this run wrote off.'),
      failed: z.int().describe('Cards that are untouched.'),
      failures: z
        .array(z.object({ cardId: z.string(), message: z.string() }))
        .describe('The first 100 of them.'),
      nextCursor: cursorText
        .nullable()
        .describe('Where to go on, when `limit` ended the run early; null when nothing due is left.'),
    })
    .meta({ id: 'ExpiryRun', description: 'What the expiry job did.' }),
);
