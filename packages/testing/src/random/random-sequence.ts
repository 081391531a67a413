import fc from 'fast-check';
import { randomRewards, randomSettings } from './random-company.ts';
import { randomOrder } from './random-order.ts';
import { currencies, randomProgram } from './random-program.ts';
import type { Extras, Returned, Sequence, Step } from './sequence.ts';

const customer = fc.oneof({ weight: 3, arbitrary: fc.constant(0) }, { weight: 1, arbitrary: fc.constant(1) });
const order = fc.nat({ max: 7 });
const index = fc.nat({ max: 30 });
const points = fc.oneof(
  { weight: 8, arbitrary: fc.integer({ min: 1, max: 60 }) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 }) },
  { weight: 1, arbitrary: fc.constantFrom(1_000, 999_999_999_999, 1_000_000_000_000) },
);

function sometimes<Value>(weight: number, value: fc.Arbitrary<Value>): fc.Arbitrary<Value | undefined> {
  return fc.oneof({ weight: 10 - weight, arbitrary: fc.constant(undefined) }, { weight, arbitrary: value });
}

const extras: fc.Arbitrary<Extras> = fc
  .record({
    key: sometimes(2, fc.nat({ max: 3 })),
    agoMinutes: sometimes(2, fc.oneof(fc.nat({ max: 90 }), fc.nat({ max: 40 * 1440 }))),
    actor: sometimes(1, fc.constant('anita')),
    locationId: sometimes(1, fc.constant('mumbai')),
    metadata: sometimes(
      1,
      fc.dictionary(fc.string({ maxLength: 3 }), fc.jsonValue({ maxDepth: 1 }), { maxKeys: 2 }),
    ),
    byCardId: sometimes(2, fc.constant(true)),
  })
  .map(tidy) as fc.Arbitrary<Extras>;

/** A step of one kind: fields that are undefined are left out. */
function step<Kind extends Step['do']>(
  kind: Kind,
  fields: { [Name in string]: fc.Arbitrary<unknown> },
  more: fc.Arbitrary<object> = extras,
): fc.Arbitrary<Step> {
  return fc
    .tuple(fc.record(fields), more)
    .map(([own, common]) => ({ do: kind, ...tidy(own), ...common }) as unknown as Step);
}

function tidy(value: object): object {
  return Object.fromEntries(Object.entries(value).filter(([, field]) => field !== undefined));
}

const nothing = fc.constant({});
const clamp = sometimes(7, fc.constant(true));
const holdMinutes = sometimes(5, fc.constantFrom(1, 60, 1440, 43_200));
const endsInDays = sometimes(4, fc.integer({ min: -2, max: 60 }));

const returned: fc.Arbitrary<Returned> = fc.oneof(
  fc.constant({ of: 'everything' as const }),
  fc.record({ of: fc.constant('amount' as const), minor: fc.integer({ min: 1, max: 60_000 }) }),
  fc.record({
    of: fc.constant('lines' as const),
    lines: fc.array(
      fc.record({ line: fc.nat({ max: 4 }), bySku: fc.boolean(), quantity: fc.integer({ min: 1, max: 4 }) }),
      { minLength: 1, maxLength: 3 },
    ),
  }),
);

const hour = 60;
const day = 24 * hour;
const minutes = fc.oneof(
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 45 }) },
  { weight: 2, arbitrary: fc.integer({ min: hour, max: 30 * hour }) },
  { weight: 4, arbitrary: fc.integer({ min: day, max: 40 * day }) },
  { weight: 1, arbitrary: fc.integer({ min: 80 * day, max: 500 * day }) },
  { weight: 2, arbitrary: fc.integer({ min: -10, max: -1 }) },
  { weight: 1, arbitrary: fc.integer({ min: -40 * day, max: -1 }) },
);

const query = fc
  .record({
    limit: fc.integer({ min: 1, max: 7 }),
    order: fc.constantFrom('oldest-first', 'newest-first'),
    kinds: sometimes(
      2,
      fc.constantFrom(
        ['earn'],
        ['expire'],
        ['redeem', 'restore'],
        ['award', 'adjust', 'reverse'],
        ['stamp', 'reward'],
      ),
    ),
  })
  .map(tidy);
const window = fc.option(fc.tuple(fc.integer({ min: -60, max: 5 }), fc.integer({ min: 0, max: 60 })), {
  nil: null,
});

const someStep: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: step('earn', { customer, order, altered: fc.constant(false) }) },
  {
    weight: 1,
    arbitrary: step('earn', {
      customer,
      order,
      altered: fc.boolean(),
      paymentStatus: sometimes(5, fc.constantFrom('pending', 'paid')),
    }),
  },
  { weight: 1, arbitrary: step('quote', { customer, order, points: sometimes(5, points) }, nothing) },
  { weight: 5, arbitrary: step('redeem', { customer, order: fc.option(order), points, clamp }) },
  { weight: 3, arbitrary: step('hold', { customer, order: fc.option(order), points, clamp, holdMinutes }) },
  {
    weight: 4,
    arbitrary: step('start', {
      customer,
      order,
      points: fc.oneof(points, fc.constant(0)),
      clamp,
      holdMinutes,
    }),
  },
  { weight: 3, arbitrary: step('capture', { hold: index, points: sometimes(4, points) }) },
  { weight: 2, arbitrary: step('release', { hold: index }) },
  { weight: 4, arbitrary: step('complete', { hold: index }) },
  { weight: 1, arbitrary: step('abandon', { hold: index }) },
  { weight: 6, arbitrary: step('refund', { known: index, returned }) },
  { weight: 2, arbitrary: step('confirm', { known: index }) },
  { weight: 2, arbitrary: step('cancel', { known: index }) },
  { weight: 4, arbitrary: step('award', { customer, source: fc.nat({ max: 4 }), points, endsInDays }) },
  { weight: 3, arbitrary: step('reverse', { entry: index, points: sometimes(5, points) }) },
  { weight: 2, arbitrary: step('adjust', { customer, points, endsInDays }) },
  {
    weight: 2,
    arbitrary: step('adjust', {
      customer,
      points: points.map((taken) => -taken),
      allowDebt: sometimes(6, fc.constant(true)),
    }),
  },
  {
    weight: 8,
    arbitrary: step('stamp', {
      customer,
      order: fc.oneof({ weight: 3, arbitrary: fc.constant(null) }, { weight: 1, arbitrary: order }),
      stamps: sometimes(5, fc.integer({ min: 1, max: 4 })),
    }),
  },
  { weight: 2, arbitrary: step('void-stamp', { entry: index }) },
  { weight: 4, arbitrary: step('redeem-stamps', { customer }) },
  { weight: 5, arbitrary: step('redeem-reward', { customer, reward: fc.nat({ max: 1 }) }) },
  { weight: 4, arbitrary: step('use-voucher', { voucher: index }) },
  { weight: 4, arbitrary: step('void-reward', { voucher: index }) },
  { weight: 2, arbitrary: step('enroll', { customer, self: sometimes(3, fc.constant(true)) }) },
  { weight: 1, arbitrary: step('rotate', { customer }) },
  { weight: 1, arbitrary: step('deactivate', { customer }) },
  { weight: 1, arbitrary: step('reactivate', { customer }) },
  { weight: 2, arbitrary: step('merge', { customer }) },
  { weight: 1, arbitrary: step('anonymise', { customer }) },
  { weight: 2, arbitrary: step('statement', { customer, query, window }, nothing) },
  { weight: 3, arbitrary: step('expire', { limit: sometimes(3, fc.integer({ min: 1, max: 2 })) }, nothing) },
  { weight: 9, arbitrary: step('advance', { minutes }, nothing) },
  {
    weight: 2,
    arbitrary: step(
      'publish',
      { version: fc.nat({ max: 2 }), fromHours: fc.option(fc.integer({ min: -100, max: 100 })) },
      nothing,
    ),
  },
  { weight: 1, arbitrary: step('restart', {}, nothing) },
  { weight: 3, arbitrary: step('again', { step: index }, nothing) },
);

const someSteps = fc.array(someStep, { maxLength: 10, size: 'max' });
/** Points and stamps to begin with: without them most attempts to spend are refused. */
const opening: fc.Arbitrary<Step[]> = fc
  .tuple(
    fc.array(fc.integer({ min: 1, max: 400 }), { maxLength: 2, size: 'max' }),
    fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 2, size: 'max' }),
  )
  .map(([awards, visits]) => [
    ...awards.map(
      (given, source) => ({ do: 'award', customer: 0, source: 10 + source, points: given }) as const,
    ),
    ...visits.map((stamps) => ({ do: 'stamp', customer: 0, order: null, stamps }) as const),
  ]);

/** Any sequence: a program of up to three versions with rewards, four orders, and up to 30 steps, mostly about 25. */
export const randomSequence: fc.Arbitrary<Sequence> = fc.constantFrom(...currencies).chain((currency) =>
  fc.record({
    versions: fc.array(randomProgram(currency), { minLength: 1, maxLength: 3 }),
    settings: randomSettings,
    rewards: randomRewards,
    orders: fc.array(randomOrder(currency), { minLength: 4, maxLength: 4 }),
    // Several short lists, not one long: every length of one is as likely as the next, which makes many short sequences.
    steps: fc
      .tuple(opening, someSteps, someSteps, someSteps, someSteps)
      .map((steps) => steps.flat().slice(0, 30)),
  }),
);
