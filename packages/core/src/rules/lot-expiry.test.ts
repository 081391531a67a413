import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { coffeeStamps, milesProgram } from '../fixtures.test-data.ts';
import { type ExpiryPolicy, programSchema } from '../program/program.ts';
import { addSpan, endOfNextDate, roundUpToPeriod } from './calendar.ts';
import { inactivityDeadline, lotExpiry, stampExpiry } from './lot-expiry.ts';

const zone = 'Asia/Kolkata';
const noon = Date.parse('2026-01-15T06:30:00Z');
const ends = (policy: ExpiryPolicy, at = noon) => {
  const { expiresAt } = lotExpiry(policy, at, zone);
  return expiresAt === null ? null : new Date(expiresAt).toISOString();
};

describe('a lot ends', () => {
  test.each<[string, ExpiryPolicy, string | null]>([
    ['never', { kind: 'never' }, null],
    ['calendar months after earning', { kind: 'after-earning', months: 12 }, '2027-01-15T06:30:00.000Z'],
    ['days after earning', { kind: 'after-earning', days: 90 }, '2026-04-15T06:30:00.000Z'],
    [
      'at the end of that day',
      { kind: 'after-earning', days: 90, roundUpTo: 'day' },
      '2026-04-15T18:30:00.000Z',
    ],
    ['of that month', { kind: 'after-earning', months: 12, roundUpTo: 'month' }, '2027-01-31T18:30:00.000Z'],
    [
      'of that quarter',
      { kind: 'after-earning', months: 12, roundUpTo: 'quarter' },
      '2027-03-31T18:30:00.000Z',
    ],
    ['of that year', { kind: 'after-earning', months: 12, roundUpTo: 'year' }, '2027-12-31T18:30:00.000Z'],
    ['with the next date', { kind: 'fixed-date', month: 3, day: 31 }, '2026-03-31T18:30:00.000Z'],
  ])('%s', (_when, policy, end) => {
    expect(ends(policy)).toBe(end);
  });

  test('with the date on whose day it was earned', () => {
    expect(ends({ kind: 'fixed-date', month: 1, day: 15 })).toBe('2026-01-15T18:30:00.000Z');
  });

  test('by inactivity: it has no date, the card has a deadline', () => {
    const policy: ExpiryPolicy = { kind: 'inactivity', months: 6, activities: ['earn'] };
    expect(lotExpiry(policy, noon, zone)).toEqual({ expiresAt: null, byInactivity: true });
    expect(inactivityDeadline(policy, noon, zone)).toBe(Date.parse('2026-07-15T06:30:00Z'));
  });

  test('and only that policy sets a deadline', () => {
    expect(inactivityDeadline({ kind: 'never' }, noon, zone)).toBeNull();
    expect(inactivityDeadline({ kind: 'after-earning', months: 6 }, noon, zone)).toBeNull();
    expect(inactivityDeadline({ kind: 'fixed-date', month: 1, day: 1 }, noon, zone)).toBeNull();
  });
});

/** The same rule without any memory of earlier answers. */
function unremembered(policy: ExpiryPolicy, at: number, zone: string): number | null {
  if (policy.kind === 'never') return null;
  if (policy.kind === 'fixed-date') return endOfNextDate(at, policy.month, policy.day, zone);
  const end = addSpan(at, policy, zone);
  if (policy.kind === 'inactivity' || policy.roundUpTo === undefined) return end;
  return roundUpToPeriod(end, policy.roundUpTo, zone);
}

const span = fc.oneof(
  fc.record({ months: fc.integer({ min: 1, max: 40 }) }),
  fc.record({ days: fc.integer({ min: 1, max: 900 }) }),
);
const policies: fc.Arbitrary<ExpiryPolicy> = fc.oneof(
  fc.tuple(span, fc.constantFrom('day', 'month', 'quarter', 'year', undefined)).map(([span, roundUpTo]) => ({
    kind: 'after-earning' as const,
    ...span,
    ...(roundUpTo && { roundUpTo: roundUpTo as 'day' }),
  })),
  fc.record({
    kind: fc.constant('fixed-date' as const),
    month: fc.integer({ min: 1, max: 12 }),
    day: fc.integer({ min: 1, max: 28 }),
  }),
  span.map((span) => ({ kind: 'inactivity' as const, ...span, activities: ['earn' as const] })),
);
const zones = fc.constantFrom(
  'UTC',
  zone,
  'America/New_York',
  'Australia/Lord_Howe',
  'Pacific/Apia',
  'Pacific/Chatham',
  'America/Sao_Paulo',
  'Asia/Kathmandu',
  'Africa/Cairo',
);
// Instants in small bunches, often on and around quarter hours and the changes of clocks, so that memory is used.
const bunches = fc
  .tuple(
    fc.oneof(
      fc.integer({ min: Date.UTC(1990, 0, 1), max: Date.UTC(2038, 0, 1) }),
      fc.constantFrom(
        Date.parse('2026-03-08T07:00Z'),
        Date.parse('2026-11-01T06:00Z'),
        Date.parse('2026-10-03T15:30Z'),
        Date.parse('2026-04-04T15:00Z'),
        Date.parse('2011-12-30T10:00Z'),
        Date.parse('2018-11-04T03:00Z'),
      ),
    ),
    fc.array(fc.oneof(fc.integer({ min: -1_900_000, max: 1_900_000 }), fc.constantFrom(-1, 0, 1)), {
      minLength: 2,
      maxLength: 6,
    }),
  )
  .map(([at, offsets]) => offsets.map((offset) => at + offset));

test('remembering a quarter of an hour changes no answer', () => {
  fc.assert(
    fc.property(policies, zones, bunches, (policy, zone, instants) => {
      for (const at of instants) {
        const expected = unremembered(policy, at, zone);
        const remembered =
          policy.kind === 'inactivity'
            ? inactivityDeadline(policy, at, zone)
            : lotExpiry(policy, at, zone).expiresAt;
        expect([at, remembered]).toEqual([at, expected]);
      }
    }),
    { numRuns: 500 },
  );
});

test('what is remembered is bounded, and forgetting changes no answer', () => {
  const policy: ExpiryPolicy = { kind: 'after-earning', months: 1 };
  const slots = Array.from({ length: 1200 }, (_, index) => noon + index * 900_000);
  const first = slots.map((at) => lotExpiry(policy, at, 'UTC').expiresAt);
  expect(slots.map((at) => lotExpiry(policy, at, 'UTC').expiresAt)).toEqual(first);
  expect(first.at(-1)).toBe(addSpan(slots.at(-1) as number, { months: 1 }, 'UTC'));
});

test('stamps end as points of the same rule do, and never by inactivity', () => {
  expect(stampExpiry({ kind: 'never' }, noon, zone)).toBeNull();
  for (const policy of [
    { kind: 'after-earning', months: 12 },
    { kind: 'after-earning', days: 90, roundUpTo: 'month' },
    { kind: 'fixed-date', month: 12, day: 31 },
  ] as const)
    expect(stampExpiry(policy, noon, zone)).toBe(lotExpiry(policy, noon, zone).expiresAt);
  // No such program passes its schema.
  const idle = { kind: 'inactivity', days: 10 } as never;
  expect(programSchema.safeParse(milesProgram({}, { stamps: coffeeStamps({ expiry: idle }) })).success).toBe(
    false,
  );
});
