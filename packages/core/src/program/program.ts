import { z } from 'zod';
import { amountSchema } from '../money/amount.ts';
import { isCurrency, minorDigits } from '../money/currency.ts';
import { roundingModes } from '../money/rounding.ts';
import { identifierSchema, noteSchema } from './identifier.ts';
import { instantSchema } from './instant.ts';

/** The most points one command may move: 10^12. */
export const maxPointsPerCommand = 1_000_000_000_000;

const pointsSchema = z.number().int().min(1).max(maxPointsPerCommand);
const listSchema = z.array(identifierSchema).max(10_000).default([]);
const monthsSchema = z.number().int().min(1).max(1200);
const daysSchema = z.number().int().min(1).max(36_500);

/** Kinds of activity that can move the inactivity deadline. A return is never one. */
export const activityKinds = ['earn', 'redeem', 'award', 'adjust', 'stamp', 'reward'] as const;
export type ActivityKind = (typeof activityKinds)[number];

const earnSchema = z.strictObject({
  points: z.number().int().min(1).max(1_000_000),
  perAmount: amountSchema,
  steps: z.enum(['proportional', 'complete']).default('proportional'),
  rounding: z.enum(roundingModes).default('down'),
  roundPer: z.enum(['order', 'line']).default('order'),
  maxPointsPerOrder: pointsSchema.optional(),
  minOrderAmount: amountSchema.optional(),
  excludeCategories: listSchema,
  excludeSkus: listSchema,
  includeShipping: z.boolean().default(false),
  includeTax: z.boolean().default(false),
  availability: z
    .union([z.literal('immediate'), z.literal('on-confirm'), z.strictObject({ afterDays: daysSchema })])
    .default('immediate'),
});

const redeemSchema = z.strictObject({
  valuePerPoint: amountSchema,
  minPoints: pointsSchema.optional(),
  increment: pointsSchema.optional(),
  maxPointsPerOrder: pointsSchema.optional(),
  maxShareOfOrder: amountSchema.optional(),
});

const spanShape = { months: monthsSchema.optional(), days: daysSchema.optional() };
const oneSpan = (value: { months?: number | undefined; days?: number | undefined }) =>
  (value.months === undefined) !== (value.days === undefined);
const oneSpanRule = { message: 'expected either months or days' };

const afterEarningSchema = z
  .strictObject({
    kind: z.literal('after-earning'),
    ...spanShape,
    roundUpTo: z.enum(['day', 'month', 'quarter', 'year']).optional(),
  })
  .refine(oneSpan, oneSpanRule);

const fixedDateSchema = z
  .strictObject({
    kind: z.literal('fixed-date'),
    month: z.number().int().min(1).max(12),
    day: z.number().int().min(1).max(31),
  })
  .refine(({ month, day }) => day <= new Date(Date.UTC(2024, month, 0)).getUTCDate(), {
    path: ['day'],
    message: 'the month has no such day',
  });

const expirySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('never') }),
  afterEarningSchema,
  fixedDateSchema,
  z
    .strictObject({
      kind: z.literal('inactivity'),
      ...spanShape,
      activities: z
        .array(z.enum(activityKinds))
        .min(1)
        .max(activityKinds.length)
        .default(['earn', 'redeem', 'stamp', 'reward']),
    })
    .refine(oneSpan, oneSpanRule),
]);

const refundsSchema = z.strictObject({
  shortfall: z.enum(['debt', 'forgive', 'reject']).default('debt'),
  restoreGraceDays: z.number().int().min(0).max(3650).default(30),
  split: z.enum(['pro-rata', 'cash-first', 'points-first']).default('pro-rata'),
});

/** The most live stamps that a card holds. */
export const maxStampsOnCard = 2000;

/** The most stamps that one command may give. */
export const maxStampsPerVisit = 100;

/** The most stamps that a daily limit may allow: a card remembers as many visits, so that it always knows its day. */
export const mostStampsPerDay = 200;

/** How long a voucher is good where nobody says. */
export const defaultVoucherDays = 90;
export const voucherDaysSchema = z.number().int().min(1).max(3650);

const stampExpirySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('never') }),
  afterEarningSchema,
  fixedDateSchema,
]);

const stampsSchema = z
  .strictObject({
    target: z.number().int().min(1).max(1000),
    cooldownMinutes: z.number().int().min(0).max(10_080).default(0),
    maxPerDay: z.number().int().min(1).max(mostStampsPerDay).optional(),
    maxPerVisit: z.number().int().min(1).max(maxStampsPerVisit).default(1),
    carryOver: z.boolean().default(true),
    reward: z.strictObject({
      name: noteSchema,
      value: amountSchema.optional(),
      voucherDays: voucherDaysSchema.default(defaultVoucherDays),
    }),
    expiry: stampExpirySchema.default({ kind: 'never' }),
  })
  .refine(({ maxPerDay, maxPerVisit }) => maxPerDay === undefined || maxPerVisit <= maxPerDay, {
    path: ['maxPerVisit'],
    message: 'is more than maxPerDay',
  });

/**
 * zod schema of a program: the rules by which one merchant's customers earn and spend points.
 * Amounts are in `currency`; days, months and roundings are those of `timeZone` (IANA).
 *
 * Source: Cathay Shop's RewardPointsRule (amount per point, maximum an order, expiry months) and LoyaltyProgram of the
 * company-wide cards (minimum redemption, expiry by inactivity, welcome bonus).
 */
export const programSchema = z
  .strictObject({
    id: identifierSchema,
    merchantId: identifierSchema,
    name: noteSchema,
    currency: z.string().refine(isCurrency, { message: 'expected an ISO 4217 currency code such as "INR"' }),
    timeZone: z.string().refine(isTimeZone, { message: 'expected an IANA time zone such as "Asia/Kolkata"' }),
    effectiveFrom: instantSchema.optional(),
    enrolment: z.enum(['automatic', 'explicit']).default('automatic'),
    points: z.strictObject({
      earn: earnSchema,
      redeem: redeemSchema,
      expiry: expirySchema.default({ kind: 'never' }),
      refunds: refundsSchema.prefault({}),
      welcomeBonus: pointsSchema.optional(),
      maxBalance: pointsSchema.optional(),
    }),
    stamps: stampsSchema.optional(),
  })
  .superRefine((program, context) => {
    if (!isCurrency(program.currency)) return;
    const { earn, redeem } = program.points;
    const refuse = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    const digits = minorDigits(program.currency);
    for (const [name, amount] of [
      ['perAmount', earn.perAmount],
      ['minOrderAmount', earn.minOrderAmount],
    ] as const) {
      if (amount === undefined) continue;
      if (decimals(amount) > digits) {
        refuse(['points', 'earn', name], `${program.currency} has ${digits} decimal digits`);
      } else if (Number(amount) * 10 ** digits > Number.MAX_SAFE_INTEGER) {
        refuse(['points', 'earn', name], 'the amount is too large');
      }
    }
    const value = program.stamps?.reward.value;
    if (value !== undefined && (decimals(value) > digits || value === '0')) {
      refuse(['stamps', 'reward', 'value'], `expected an amount above zero with ${digits} decimal digits`);
    }
    if (earn.perAmount === '0') refuse(['points', 'earn', 'perAmount'], 'expected an amount above zero');
    if (redeem.valuePerPoint === '0')
      refuse(['points', 'redeem', 'valuePerPoint'], 'expected an amount above zero');
    if (decimals(redeem.valuePerPoint) > digits + 6 || Number(redeem.valuePerPoint) > 1_000_000) {
      refuse(
        ['points', 'redeem', 'valuePerPoint'],
        `expected at most 1000000 with at most ${digits + 6} decimal digits`,
      );
    }
    const share = redeem.maxShareOfOrder;
    if (share !== undefined && (Number(share) <= 0 || Number(share) > 1 || decimals(share) > 4)) {
      refuse(
        ['points', 'redeem', 'maxShareOfOrder'],
        'expected a share above 0 and up to 1 with up to 4 digits',
      );
    }
  });

function decimals(amount: string): number {
  const point = amount.indexOf('.');
  return point < 0 ? 0 : amount.length - point - 1;
}

function isTimeZone(zone: string): boolean {
  try {
    // Offsets such as '+05:30' are accepted by Intl, but they are no IANA zones and know no DST.
    return /^[A-Za-z]/.test(zone) && new Intl.DateTimeFormat('en', { timeZone: zone }) !== undefined;
  } catch {
    return false;
  }
}

/** What a developer writes to `programs.publish`. */
export type ProgramInput = z.input<typeof programSchema>;
/** A program as parsed: defaults filled in, amounts as decimal texts. */
export type Program = z.output<typeof programSchema>;
export type ExpiryPolicy = Program['points']['expiry'];
export type RefundPolicy = Program['points']['refunds'];
export type StampRules = NonNullable<Program['stamps']>;
