import { type ProgramVersion, roundingModes } from '@loyalty-engine/core';
import { z } from 'zod';
import { answer } from './answer.ts';
import { amountText, instantText } from './texts.ts';

/** A version as it is answered: its instants as texts, as publishing takes them. */
export type ProgramView = Omit<ProgramVersion, 'effectiveFrom' | 'publishedAt'> & {
  effectiveFrom: string;
  publishedAt: string;
};

const amountBelow = amountText.optional();
const spanShape = { months: z.int().optional(), days: z.int().optional() };

const earnRuleSchema = z.object({
  points: z.int(),
  perAmount: amountText,
  steps: z.enum(['proportional', 'complete']),
  rounding: z.enum(roundingModes),
  roundPer: z.enum(['order', 'line']),
  maxPointsPerOrder: z.int().optional(),
  minOrderAmount: amountBelow,
  excludeCategories: z.array(z.string()),
  excludeSkus: z.array(z.string()),
  includeShipping: z.boolean(),
  includeTax: z.boolean(),
  availability: z.union([z.enum(['immediate', 'on-confirm']), z.object({ afterDays: z.int() })]),
});

const redeemRuleSchema = z.object({
  valuePerPoint: amountText,
  minPoints: z.int().optional(),
  increment: z.int().optional(),
  maxPointsPerOrder: z.int().optional(),
  maxShareOfOrder: z.string().optional().describe('A share above 0 and up to 1, as a decimal text.'),
});

const neverSchema = z.object({ kind: z.literal('never') });
const afterEarningSchema = z.object({
  kind: z.literal('after-earning'),
  ...spanShape,
  roundUpTo: z.enum(['day', 'month', 'quarter', 'year']).optional(),
});
const fixedDateSchema = z.object({ kind: z.literal('fixed-date'), month: z.int(), day: z.int() });

const expirySchema = z.discriminatedUnion('kind', [
  neverSchema,
  afterEarningSchema,
  fixedDateSchema,
  z.object({
    kind: z.literal('inactivity'),
    ...spanShape,
    activities: z.array(z.enum(['earn', 'redeem', 'award', 'adjust', 'stamp', 'reward'])),
  }),
]);

const stampRulesSchema = z.object({
  target: z.int().describe('Stamps that a reward takes.'),
  cooldownMinutes: z.int(),
  maxPerDay: z.int().optional(),
  maxPerVisit: z.int(),
  carryOver: z.boolean().describe('False: stamps beyond a reward are lost with it.'),
  reward: z.object({ name: z.string(), value: amountBelow, voucherDays: z.int() }),
  expiry: z.discriminatedUnion('kind', [neverSchema, afterEarningSchema, fixedDateSchema]),
});

export const programVersionSchema = answer<ProgramView>()(
  z
    .object({
      id: z.string(),
      merchantId: z.string(),
      name: z.string(),
      currency: z.string().meta({ description: 'ISO 4217.', examples: ['INR'] }),
      timeZone: z.string().meta({ description: 'IANA.', examples: ['Asia/Kolkata'] }),
      enrolment: z.enum(['automatic', 'explicit']),
      points: z.object({
        earn: earnRuleSchema,
        redeem: redeemRuleSchema,
        expiry: expirySchema,
        refunds: z.object({
          shortfall: z.enum(['debt', 'forgive', 'reject']),
          restoreGraceDays: z.int(),
          split: z.enum(['pro-rata', 'cash-first', 'points-first']),
        }),
        welcomeBonus: z.int().optional(),
        maxBalance: z.int().optional(),
      }),
      stamps: stampRulesSchema.optional().describe('Missing: the program gives no stamps.'),
      version: z.int().describe('1, 2, 3 ...'),
      effectiveFrom: instantText,
      publishedAt: instantText,
    })
    .meta({
      id: 'ProgramVersion',
      description: 'One published version of a program, defaults filled in. Versions are never rewritten.',
    }),
);

export const programListSchema = z
  .object({ programs: z.array(programVersionSchema) })
  .meta({ id: 'ProgramList', description: 'Programs by the rules in force now, by id.' });

export const versionListSchema = z
  .object({ versions: z.array(programVersionSchema) })
  .meta({ id: 'VersionList', description: 'All versions of a program, oldest first.' });
