import { z } from 'zod';
import type { ProblemBody } from '../problem.ts';
import { answer } from './answer.ts';

export const problemSchema = answer<ProblemBody>()(
  z
    .looseObject({
      type: z.string().meta({ format: 'uri', examples: ['urn:loyalty-engine:problem:not-enough-points'] }),
      title: z.string().describe('What is wrong, in a sentence.'),
      status: z.int(),
      code: z.string().meta({ description: 'Stable, for programs.', examples: ['NOT_ENOUGH_POINTS'] }),
      errors: z
        .array(z.object({ field: z.string(), message: z.string() }))
        .optional()
        .describe('What is wrong with each field.'),
    })
    .meta({
      id: 'Problem',
      description:
        'Why a request was not carried out (RFC 9457). The facts of a refusal stand beside its code.',
    }),
);
