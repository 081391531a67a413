import { describe, expect, test } from 'vitest';
import { parseInput } from '../commands/command.ts';
import { InvalidCommandError } from '../errors.ts';
import { coffeeStamps, milesProgram } from '../fixtures.test-data.ts';
import { programSchema } from './program.ts';

/** The usual program with one value set at a path. */
function programWith(path: string, value: unknown): unknown {
  const program = structuredClone(milesProgram()) as unknown as Record<string, unknown>;
  const names = path.split('.');
  const last = names.pop() as string;
  let part = program;
  for (const name of names) {
    part[name] ??= {};
    part = part[name] as Record<string, unknown>;
  }
  part[last] = value;
  return program;
}

function refusedField(input: unknown): string {
  try {
    parseInput(programSchema, input);
    return 'accepted';
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidCommandError);
    return (error as InvalidCommandError).field;
  }
}

describe('a program refuses, and names', () => {
  test.each<[string, unknown]>([
    ['id', ''],
    ['id', ' miles'],
    ['id', 'a\u0000b'],
    ['id', 'x'.repeat(201)],
    ['id', '\ud800'],
    ['merchantId', undefined],
    ['name', 'two\nlines'],
    ['currency', 'inr'],
    ['currency', 'XQZ'],
    ['currency', 'Rupees'],
    ['timeZone', 'Mars/Olympus'],
    ['timeZone', '+05:30'],
    ['timeZone', ''],
    ['effectiveFrom', '2026-01-01'],
    ['effectiveFrom', 1_700_000_000_000],
    ['enrolment', 'maybe'],
    ['surprise', 1],
    ['points.surprise', 1],
    ['points.earn.points', 0],
    ['points.earn.points', 1.5],
    ['points.earn.points', '1'],
    ['points.earn.perAmount', '0'],
    ['points.earn.perAmount', '-10'],
    ['points.earn.perAmount', '0.001'],
    ['points.earn.perAmount', '9999999999999999'],
    ['points.earn.minOrderAmount', '9.999'],
    ['points.earn.steps', 'some'],
    ['points.earn.rounding', 'round'],
    ['points.earn.roundPer', 'item'],
    ['points.earn.maxPointsPerOrder', 0],
    ['points.earn.maxPointsPerOrder', 10 ** 12 + 1],
    ['points.earn.excludeCategories', 'gift-cards'],
    ['points.earn.availability', 'soon'],
    ['points.redeem.valuePerPoint', '0'],
    ['points.redeem.valuePerPoint', '1000001'],
    ['points.redeem.valuePerPoint', '0.000000001'],
    ['points.redeem.minPoints', 0],
    ['points.redeem.increment', -5],
    ['points.redeem.maxShareOfOrder', '0'],
    ['points.redeem.maxShareOfOrder', '1.01'],
    ['points.redeem.maxShareOfOrder', '0.33333'],
    ['points.expiry', { kind: 'after-earning', months: 12, days: 3 }],
    ['points.expiry', { kind: 'after-earning' }],
    ['points.expiry', { kind: 'inactivity', roundUpTo: 'month', days: 3, months: 1 }],
    ['points.refunds.shortfall', 'ignore'],
    ['points.refunds.restoreGraceDays', -1],
    ['points.refunds.split', 'half'],
    ['points.welcomeBonus', 0],
    ['points.maxBalance', 0.5],
  ])('%s: %j', (path, value) => {
    const field = refusedField(programWith(path, value));
    expect(field === path || field.startsWith(`${path}.`)).toBe(true);
  });

  test.each<[string, unknown]>([
    ['points.expiry.kind', { kind: 'someday' }],
    ['points.expiry.months', { kind: 'after-earning', months: 0 }],
    ['points.expiry.day', { kind: 'fixed-date', month: 2, day: 30 }],
    ['points.expiry.day', { kind: 'fixed-date', month: 4, day: 31 }],
    ['points.expiry.month', { kind: 'fixed-date', month: 13, day: 1 }],
    ['points.expiry.activities', { kind: 'inactivity', months: 6, activities: [] }],
    ['points.expiry.activities.0', { kind: 'inactivity', months: 6, activities: ['refund'] }],
    ['points.expiry.roundUpTo', { kind: 'after-earning', months: 6, roundUpTo: 'week' }],
    ['points.expiry.roundUpTo', { kind: 'inactivity', months: 6, roundUpTo: 'month' }],
  ])('%s of %j', (field, expiry) => {
    expect(refusedField(programWith('points.expiry', expiry))).toBe(field);
  });
});

describe('a program accepts', () => {
  test.each<[string, unknown]>([
    ['timeZone', 'UTC'],
    ['points.expiry', { kind: 'fixed-date', month: 2, day: 29 }],
    ['points.earn.availability', { afterDays: 14 }],
    ['points.redeem.maxShareOfOrder', '1'],
    ['points.redeem.valuePerPoint', '0.00000001'],
    ['points.earn.perAmount', 10],
    ['name', 'मीलपत्थर 🛫'],
  ])('%s: %j', (path, value) => {
    expect(refusedField(programWith(path, value))).toBe('accepted');
  });
});

test('what is left out has its documented default', () => {
  expect(programSchema.parse(milesProgram())).toEqual({
    id: 'miles',
    merchantId: 'cathay',
    name: 'Cathay Miles',
    currency: 'INR',
    timeZone: 'Asia/Kolkata',
    enrolment: 'automatic',
    points: {
      earn: {
        points: 1,
        perAmount: '10',
        steps: 'proportional',
        rounding: 'down',
        roundPer: 'order',
        excludeCategories: [],
        excludeSkus: [],
        includeShipping: false,
        includeTax: false,
        availability: 'immediate',
      },
      redeem: { valuePerPoint: '1' },
      expiry: { kind: 'never' },
      refunds: { shortfall: 'debt', restoreGraceDays: 30, split: 'pro-rata' },
    },
  });
});

test('activities that keep points alive are earning, redeeming, stamps and rewards, where nothing else is said', () => {
  const { expiry } = programSchema.parse(milesProgram({ expiry: { kind: 'inactivity', months: 12 } })).points;
  expect(expiry).toEqual({
    kind: 'inactivity',
    months: 12,
    activities: ['earn', 'redeem', 'stamp', 'reward'],
  });
});

test('every wrong field is reported, not the first alone', () => {
  const program = programWith('points.earn.perAmount', 'ten') as Record<string, unknown>;
  program.currency = 'rupees';
  program.timeZone = 'here';
  const { error } = programSchema.safeParse(program);
  expect(error?.issues.map(({ path }) => path.join('.')).sort()).toEqual([
    'currency',
    'points.earn.perAmount',
    'timeZone',
  ]);
});

describe('a stamp card', () => {
  const withStamps = (stamps: object) => ({ ...milesProgram(), stamps: { ...coffeeStamps(), ...stamps } });

  test.each<[string, unknown]>([
    ['target', 0],
    ['target', -1],
    ['target', 1.5],
    ['target', '10'],
    ['target', 1001],
    ['target', undefined],
    ['cooldownMinutes', -1],
    ['cooldownMinutes', 0.5],
    ['cooldownMinutes', 10_081],
    ['maxPerDay', 0],
    ['maxPerDay', 201],
    ['maxPerVisit', 0],
    ['maxPerVisit', 101],
    ['carryOver', 'yes'],
    ['reward', undefined],
    ['reward.name', { name: '' }],
    ['reward.value', { name: 'Coffee', value: '0' }],
    ['reward.value', { name: 'Coffee', value: '1.005' }],
    ['reward.value', { name: 'Coffee', value: '-1' }],
    ['reward.voucherDays', { name: 'Coffee', voucherDays: 0 }],
    ['reward.voucherDays', { name: 'Coffee', voucherDays: 3651 }],
    ['expiry.kind', { kind: 'inactivity', days: 10 }],
    ['expiry', { kind: 'after-earning' }],
    ['surprise', 1],
  ])('refuses, and names, %s: %j', (path, value) => {
    const [name = ''] = path.split('.');
    expect(refusedField(withStamps({ [name]: value }))).toBe(`stamps.${path}`);
  });

  test('whose visits may have more stamps than its days is none', () => {
    expect(refusedField(withStamps({ maxPerDay: 2, maxPerVisit: 3 }))).toBe('stamps.maxPerVisit');
    expect(refusedField(withStamps({ maxPerDay: 3, maxPerVisit: 3 }))).toBe('accepted');
  });

  test('has no cooldown, no daily limit, one stamp a visit and carry-over where nothing else is said', () => {
    expect(programSchema.parse(withStamps({})).stamps).toEqual({
      target: 10,
      cooldownMinutes: 0,
      maxPerVisit: 1,
      carryOver: true,
      reward: { name: 'Coffee', voucherDays: 90 },
      expiry: { kind: 'never' },
    });
  });
});
