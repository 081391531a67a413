import {
  type EntryPage,
  type EntryView,
  type ExplainedStep,
  entryKinds,
  type ListedEntry,
  type Statement,
  type StatementEntry,
  stepRules,
} from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';
import { amountText, cardNumberText, cursorText, instantText } from './texts.ts';

const figure = z.union([z.int(), amountText]);

export const stepSchema = answer<ExplainedStep>()(
  z
    .object({
      rule: z.enum(stepRules).describe('The rule that was applied.'),
      in: figure.describe('What went into it: points or stamps as a number, money as a decimal text.'),
      out: figure.describe('What came out of it.'),
      why: z.string().describe('The step in a sentence.'),
      facts: z
        .record(z.string(), z.union([z.number(), z.string()]))
        .optional()
        .describe('What else the rule looked at; amounts are decimal texts.'),
    })
    .meta({ id: 'Step', description: 'One step of how a figure came about.' }),
);

const detailsShape = {
  reason: z.string().optional(),
  reasonCode: z.string().optional(),
  note: z.string().optional(),
  source: z.object({ type: z.string(), id: z.string() }).optional().describe('What points were granted for.'),
  holdId: z.string().optional(),
  cause: z.enum(['date', 'inactivity']).optional().describe('What ended expired points.'),
  forgiven: z
    .int()
    .optional()
    .describe('Points that a take-back let go, because they were spent and the program forgives.'),
  reward: z.string().optional().describe('The name of the reward that was redeemed, voided or handed out.'),
  rewardId: z.string().optional(),
  mergedFrom: z.string().optional().describe('The other card of a merge.'),
  mergedInto: z.string().optional(),
  metadata: z
    .record(z.string(), z.unknown())
    .optional()
    .describe("Plain JSON of the caller's own, as it was sent."),
};

const lotSchema = z
  .object({
    points: z.int(),
    expiresAt: instantText.nullable(),
    byInactivity: z.boolean().describe('Ends with the inactivity deadline of the card.'),
    availableAt: z
      .union([instantText, z.literal('on-confirm')])
      .nullable()
      .describe('Null: at once; `on-confirm`: when the order is confirmed.'),
  })
  .describe('The lot that the entry made; null: none.');

const entryShape = {
  seq: z.int().min(1).describe('Entries are numbered 1, 2, 3 ... a card.'),
  kind: z.enum(entryKinds),
  points: z.int().describe('Signed.'),
  balanceAfter: z.int(),
  occurredAt: instantText.describe('When it happened.'),
  postedAt: instantText.describe(
    'Its place on the statement: when it happened, but never before the entry before it.',
  ),
  recordedAt: instantText.describe('When it was written.'),
  programVersion: z.int().describe('The version of the program that it was decided by.'),
  orderId: z.string().nullable(),
  reverses: z.int().nullable().describe('The number of the entry that this one undoes.'),
  locationId: z.string().nullable(),
  actor: z.string().nullable().describe('Who did it.'),
  staffId: z.string().nullable().describe('Whose PIN confirmed it.'),
  stamps: z.int().describe('Signed; like `points`, but of stamps.'),
  stampLots: z
    .array(z.object({ lot: z.int(), stamps: z.int(), expiresAt: instantText.nullable() }))
    .describe(
      "Stamps put into (positive) or taken out of (negative) lots, which are named by their entry's number.",
    ),
  lots: z
    .array(z.object({ lot: z.int(), points: z.int() }))
    .describe(
      "Points taken from (negative) or put back into (positive) earlier lots, named by their entry's number.",
    ),
  lot: lotSchema.nullable(),
  debt: z.int().describe("How the card's debt changed."),
  explanation: z.array(stepSchema),
  ...detailsShape,
};

export const entrySchema = answer<EntryView>()(
  z.object(entryShape).meta({
    id: 'Entry',
    description: "One line of a card's ledger. Entries never change. Fields that say nothing are left out.",
  }),
);

const statementEntrySchema = answer<StatementEntry>()(
  z
    .object({ ...entryShape, projected: z.boolean().describe('True: it is due, but not written yet.') })
    .meta({ id: 'StatementEntry', description: 'An entry on a statement.' }),
);

export const statementSchema = answer<Statement>()(
  z
    .object({
      opening: z.int().describe('The balance before the first entry.'),
      entries: z.array(statementEntrySchema),
      closing: z.int().describe('The balance after the last entry.'),
      nextCursor: cursorText.nullable(),
    })
    .meta({
      id: 'Statement',
      description:
        "A page of a card's statement. Without `kinds`, `opening` + the page's entries = `closing`, and each page opens where the one before closed; with `kinds` both are those of the whole period.",
    }),
);

const listedEntrySchema = answer<ListedEntry>()(
  z
    .object({
      ...entryShape,
      cardId: z.string(),
      programId: z.string(),
      customerId: z.string(),
      cardNumber: cardNumberText,
    })
    .meta({ id: 'ListedEntry', description: 'An entry on a list, and whose it is.' }),
);

export const entryPageSchema = answer<EntryPage>()(
  z.object({ entries: z.array(listedEntrySchema), nextCursor: cursorText.nullable() }).meta({
    id: 'EntryPage',
    description: 'A page of entries, the last one written first; of one instant by card id and number.',
  }),
);
