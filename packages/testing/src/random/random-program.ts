import { fromMinor, minorDigits, type ProgramInput } from '@loyalty-engine/core';
import fc from 'fast-check';
import { stampRules } from './random-stamps.ts';

export const currencies = ['INR', 'JPY', 'KWD'] as const;
export const categories = ['books', 'food', 'toys'] as const;
export const skus = ['sku-1', 'sku-2', 'sku-3'] as const;
export const programId = 'random';
export const merchantId = 'cathay';
export const rewardIds = ['reward-in-points', 'reward-in-stamps'] as const;

type Points = ProgramInput['points'];

/** A record of which each field is there one time in four: with all options at once hardly a command is accepted. */
function partly<Model extends object>(
  model: {
    [Key in keyof Model]: fc.Arbitrary<Model[Key]>;
  },
): fc.Arbitrary<Partial<Model>> {
  const rarely = Object.entries<fc.Arbitrary<unknown>>(model).map(([name, field]) => [
    name,
    fc.oneof({ weight: 3, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: field }),
  ]);
  return fc.record(Object.fromEntries(rarely)).map((found) => withoutUndefined(found) as Partial<Model>);
}

/** An amount in a currency, `least` to `most` whole units, with all its digits. */
export function amountIn(currency: string, least: number, most: number): fc.Arbitrary<string> {
  const unit = 10 ** minorDigits(currency);
  return fc.integer({ min: least * unit, max: most * unit }).map((minor) => fromMinor(minor, currency));
}

function earnRules(currency: string): fc.Arbitrary<Points['earn']> {
  const options = partly<Omit<Points['earn'], 'points' | 'perAmount'>>({
    steps: fc.constantFrom('proportional', 'complete'),
    rounding: fc.constantFrom('down', 'up', 'half-up', 'half-down', 'half-even'),
    roundPer: fc.constantFrom('order', 'line'),
    maxPointsPerOrder: fc.integer({ min: 1, max: 300 }),
    minOrderAmount: amountIn(currency, 0, 50),
    excludeCategories: fc.subarray([...categories]),
    excludeSkus: fc.subarray([...skus]),
    includeShipping: fc.boolean(),
    includeTax: fc.boolean(),
    availability: fc.oneof(
      fc.constantFrom('immediate' as const, 'on-confirm' as const),
      fc.record({ afterDays: fc.integer({ min: 1, max: 20 }) }),
    ),
  });
  const perAmount = amountIn(currency, 1, 10);
  return fc
    .tuple(fc.integer({ min: 1, max: 7 }), perAmount, options)
    .map(([points, per, rest]) => ({ points, perAmount: per, ...rest }));
}

const redeemRules: fc.Arbitrary<Points['redeem']> = fc
  .tuple(
    fc.constantFrom('1', '0.5', '0.25', '0.3333', '0.007', '3', '1.5'),
    partly<Omit<Points['redeem'], 'valuePerPoint'>>({
      minPoints: fc.integer({ min: 1, max: 20 }),
      increment: fc.integer({ min: 1, max: 10 }),
      maxPointsPerOrder: fc.integer({ min: 1, max: 200 }),
      maxShareOfOrder: fc.constantFrom('0.5', '1', '0.3333', '0.01'),
    }),
  )
  .map(([valuePerPoint, rest]) => ({ valuePerPoint, ...rest }));

const span = fc.oneof(
  fc.record({ days: fc.integer({ min: 1, max: 60 }) }),
  fc.record({ months: fc.integer({ min: 1, max: 3 }) }),
);

const activities = ['earn', 'redeem', 'award', 'adjust', 'stamp', 'reward'] as const;

const expiryRule: fc.Arbitrary<NonNullable<Points['expiry']>> = fc.oneof(
  fc.constant({ kind: 'never' as const }),
  fc
    .tuple(
      span,
      fc.constantFrom(undefined, 'day' as const, 'month' as const, 'quarter' as const, 'year' as const),
    )
    .map(([length, roundUpTo]) => ({
      kind: 'after-earning' as const,
      ...length,
      ...(roundUpTo === undefined ? {} : { roundUpTo }),
    })),
  fc.record({
    kind: fc.constant('fixed-date' as const),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 28 }),
  }),
  fc
    .tuple(span, fc.subarray([...activities], { minLength: 1 }))
    .map(([length, activities]) => ({ kind: 'inactivity' as const, ...length, activities })),
);

const refundRules: fc.Arbitrary<NonNullable<Points['refunds']>> = partly<NonNullable<Points['refunds']>>({
  shortfall: fc.constantFrom('debt', 'forgive', 'reject'),
  restoreGraceDays: fc.integer({ min: 0, max: 40 }),
  split: fc.constantFrom('pro-rata', 'cash-first', 'points-first'),
});

/** Any valid program in a currency, whatever its options. */
export function randomProgram(currency: string): fc.Arbitrary<ProgramInput> {
  const optional = partly<Pick<Points, 'welcomeBonus' | 'maxBalance'>>({
    welcomeBonus: fc.integer({ min: 1, max: 40 }),
    maxBalance: fc.integer({ min: 1, max: 800 }),
  });
  return fc
    .record({
      timeZone: fc.constantFrom(
        'UTC',
        'Asia/Kolkata',
        'America/New_York',
        'Australia/Lord_Howe',
        'Pacific/Apia',
      ),
      enrolment: fc.oneof(
        { weight: 19, arbitrary: fc.constant('automatic' as const) },
        fc.constant('explicit' as const),
      ),
      earn: earnRules(currency),
      redeem: redeemRules,
      expiry: expiryRule,
      refunds: refundRules,
      stamps: fc.option(stampRules, { nil: undefined, freq: 9 }),
      optional,
    })
    .map(({ timeZone, enrolment, stamps, optional: rest, ...rules }) => ({
      id: programId,
      merchantId,
      name: 'Random',
      currency,
      timeZone,
      enrolment,
      points: { ...rules, ...rest },
      ...(stamps === undefined ? {} : { stamps }),
    }));
}

function withoutUndefined<Value extends object>(value: Value): Value {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined)) as Value;
}
