import { z } from 'zod';
import { balanceFigures } from '../card/balance.ts';
import type { CardState } from '../card/card-state.ts';
import { identifierSchema, noteSchema } from '../program/identifier.ts';
import { type Instant, instantSchema } from '../program/instant.ts';
import { maxPointsPerCommand } from '../program/program.ts';
import { openBook } from './book.ts';
import { type CommandDefinition, type CommandInput, commandSchema } from './command.ts';
import { credit, refusePast } from './credit.ts';
import { enrolOnFirstUse } from './enrol.ts';
import { type Decision, refuse, refused } from './outcome.ts';
import { sweep } from './sweep.ts';
import { take } from './take.ts';

export const adjustSchema = commandSchema({
  points: z
    .number()
    .int()
    .min(-maxPointsPerCommand)
    .max(maxPointsPerCommand)
    .refine((points) => points !== 0, { message: 'expected points other than zero' }),
  reasonCode: identifierSchema,
  note: noteSchema.optional(),
  allowDebt: z.boolean().optional(),
  expiresAt: instantSchema.optional(),
}).superRefine(({ points, actor, allowDebt, expiresAt }, context) => {
  const refuseField = (path: string, message: string) =>
    context.addIssue({ code: 'custom', path: [path], message });
  if (actor === undefined) refuseField('actor', 'expected who answers for the adjustment');
  if (points > 0 && allowDebt !== undefined) refuseField('allowDebt', 'only taking points can make debt');
  if (points < 0 && expiresAt !== undefined) refuseField('expiresAt', 'only given points expire');
});
export type AdjustInput = CommandInput<typeof adjustSchema> & { actor: string };

export interface AdjustFacts {
  points: number;
  reasonCode: string;
}

/**
 * Decides a correction or promotion by hand: signed points with a reason and the actor who answers for them. Taking no
 * more than is available unless `allowDebt`. Refusals: those of opening a card, NOT_ENOUGH_POINTS, BALANCE_LIMIT.
 */
export function decideAdjust(
  state: CardState,
  command: z.output<typeof adjustSchema>,
  now: Instant,
): Decision<AdjustFacts> {
  const book = openBook(state, command, now, { operation: 'adjust' });
  if ('ok' in book) return refused(book);
  const { points, reasonCode, note, actor = '' } = command;
  const explanation = [{ rule: 'adjusted', in: points, out: points, facts: { actor, reasonCode } } as const];
  const details = note === undefined ? { reasonCode } : { reasonCode, note };
  refusePast(book, command.expiresAt);
  enrolOnFirstUse(book);
  sweep(book);
  if (points > 0) {
    credit(book, { kind: 'adjust', points, expiresAt: command.expiresAt, explanation, details });
    return book.accept({ points, reasonCode });
  }
  const { available } = balanceFigures(book.working, book.at);
  if (-points > available && !command.allowDebt) {
    return refused(refuse('NOT_ENOUGH_POINTS', { requested: -points, available, limit: available }));
  }
  const { lots, missing } = take(book, -points);
  book.write({ kind: 'adjust', points, lots, debt: missing, explanation, details });
  return book.accept({ points, reasonCode });
}

export const adjust: CommandDefinition<typeof adjustSchema, AdjustFacts> = {
  kind: 'adjust',
  schema: adjustSchema,
  derivedKey: () => null,
  reach: ({ points }) => (points < 0 ? { burn: -points } : {}),
  decide: decideAdjust,
};
