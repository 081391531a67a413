import type { ProgramInput } from '@loyalty-engine/core';
import fc from 'fast-check';

type Stamps = NonNullable<ProgramInput['stamps']>;

const stampExpiry: fc.Arbitrary<NonNullable<Stamps['expiry']>> = fc.oneof(
  fc.constant({ kind: 'never' as const }),
  fc.integer({ min: 1, max: 40 }).map((days) => ({ kind: 'after-earning' as const, days })),
  fc.constant({ kind: 'fixed-date' as const, month: 2, day: 28 }),
);

/** Any stamp card that is full soon. */
export const stampRules: fc.Arbitrary<Stamps> = fc
  .record({
    target: fc.integer({ min: 1, max: 4 }),
    cooldownMinutes: fc.constantFrom(0, 0, 30, 1440),
    maxPerVisit: fc.integer({ min: 2, max: 4 }),
    perDay: fc.option(fc.nat({ max: 3 }), { nil: undefined }),
    carryOver: fc.boolean(),
    voucherDays: fc.integer({ min: 1, max: 60 }),
    isWorth: fc.boolean(),
    expiry: stampExpiry,
  })
  .map(({ perDay, voucherDays, isWorth, ...rules }) => ({
    ...rules,
    ...(perDay === undefined ? {} : { maxPerDay: rules.maxPerVisit + perDay }),
    reward: { name: 'A coffee', voucherDays, ...(isWorth ? { value: '5' } : {}) },
  }));
