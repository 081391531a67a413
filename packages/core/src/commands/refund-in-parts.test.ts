import fc from 'fast-check';
import { expect, test } from 'vitest';
import { Desk, type Differences, milesVersion } from '../fixtures.test-data.ts';
import { adjust } from './adjust.ts';
import { earn } from './earn.ts';
import { redeem } from './redeem.ts';
import { refund } from './refund.ts';

const back = { orderId: 'ORDER123', reason: 'return' };
const rupees = (paise: number) => (paise / 100).toFixed(2);

const programs = fc.record({
  earn: fc.record({
    points: fc.integer({ min: 1, max: 9 }),
    rounding: fc.constantFrom('down', 'up', 'half-even'),
    maxPointsPerOrder: fc.integer({ min: 1, max: 600 }),
    excludeSkus: fc.constantFrom<string[]>([], ['S1']),
  }),
  refunds: fc.record({
    shortfall: fc.constantFrom('debt' as const, 'forgive' as const),
    split: fc.constantFrom('pro-rata' as const, 'cash-first' as const, 'points-first' as const),
  }),
  redeem: fc.record({ valuePerPoint: fc.constantFrom('1', '0.25', '0.3') }),
});
const lines = fc
  .array(
    fc.record({ price: fc.integer({ min: 1, max: 30_000 }), quantity: fc.integer({ min: 1, max: 4 }) }),
    {
      minLength: 1,
      maxLength: 3,
    },
  )
  .map((lines) =>
    lines.map(({ price, quantity }, index) => ({
      id: `L${index}`,
      sku: `S${index}`,
      unitPrice: rupees(price),
      quantity,
    })),
  );
type Lines = typeof lines extends fc.Arbitrary<infer Lines> ? Lines : never;

/** A card on which the order was partly paid with points, and earned; some of what it earned may be spent again. */
function deskWithOrder(rules: Differences, lines: Lines, spent: number, left: number): Desk {
  const desk = new Desk(milesVersion(rules));
  const order = { id: back.orderId, lines, shipping: '49.50' };
  if (spent > 0) {
    desk.ok(adjust, { points: spent, reasonCode: 'promotion', actor: 'anita' });
    desk.run(redeem, { order, points: spent, clamp: true });
  }
  desk.ok(earn, { order });
  const available = desk.state.card.balance;
  if (available > left) desk.ok(redeem, { points: available - left });
  return desk;
}

type Sums = { money: number; restored: number; clawed: number };
const nothing: Sums = { money: 0, restored: 0, clawed: 0 };

/** One more refund on top of the sums of those before. */
function plus(
  sums: Sums,
  desk: Desk,
  part: { amount: string } | { lines: { id: string; quantity: number }[] },
): Sums {
  const { moneyBack, pointsRestored, pointsClawedBack, forgiven } = desk.ok(refund, { ...back, ...part });
  return {
    money: sums.money + Math.round(Number(moneyBack) * 100),
    restored: sums.restored + pointsRestored,
    clawed: sums.clawed + pointsClawedBack + forgiven,
  };
}

/** Debt and forgiveness look at what the card has at the time; with debt, figures must agree to the point. */
function expectSameEnd(rules: Differences, small: Desk, large: Desk): void {
  if (rules.refunds?.shortfall !== 'debt') return;
  const { balance, debt } = large.state.card;
  expect(small.state.card).toMatchObject({ balance, debt });
}

test('many small refunds of amounts end exactly where one large refund ends, whatever the program', () => {
  const parts = fc.array(fc.integer({ min: 1, max: 20_000 }), { minLength: 1, maxLength: 6 });
  fc.assert(
    fc.property(programs, lines, fc.nat(400), fc.nat(200), parts, (rules, lines, spent, left, parts) => {
      const [small, large] = [
        deskWithOrder(rules, lines, spent, left),
        deskWithOrder(rules, lines, spent, left),
      ];
      const { payable } = small.state.orders.get(back.orderId)?.order ?? { payable: 0 };
      let [whole, sums] = [0, nothing];
      for (const part of parts) {
        if (whole + part > payable) continue;
        whole += part;
        sums = plus(sums, small, { amount: rupees(part) });
      }
      fc.pre(whole > 0);
      expect(plus(nothing, large, { amount: rupees(whole) })).toEqual(sums);
      expectSameEnd(rules, small, large);
    }),
    { numRuns: 200 },
  );
});

test('refunds piece by piece end exactly where one refund of all those pieces ends', () => {
  const pieces = fc.array(fc.nat(2), { minLength: 1, maxLength: 10 });
  fc.assert(
    fc.property(programs, lines, fc.nat(400), fc.nat(200), pieces, (rules, lines, spent, left, pieces) => {
      const [small, large] = [
        deskWithOrder(rules, lines, spent, left),
        deskWithOrder(rules, lines, spent, left),
      ];
      const returned = new Map<string, number>();
      let sums = nothing;
      for (const index of pieces) {
        const line = lines[index];
        const before = returned.get(`L${index}`) ?? 0;
        if (!line || before === line.quantity) continue;
        returned.set(line.id, before + 1);
        sums = plus(sums, small, { lines: [{ id: line.id, quantity: 1 }] });
      }
      fc.pre(returned.size > 0);
      const together = [...returned].map(([id, quantity]) => ({ id, quantity }));
      expect(plus(nothing, large, { lines: together })).toEqual(sums);
      expectSameEnd(rules, small, large);
    }),
    { numRuns: 200 },
  );
});

test('refunds of everything, in parts, pay out all the money and give back all the points', () => {
  const shares = fc.array(fc.integer({ min: 1, max: 99 }), { maxLength: 4 });
  fc.assert(
    fc.property(programs, lines, fc.nat(400), shares, (rules, lines, spent, shares) => {
      const desk = deskWithOrder(rules, lines, spent, Number.POSITIVE_INFINITY);
      const record = desk.state.orders.get(back.orderId);
      const { payable } = record?.order ?? { payable: 0 };
      const [paid] = record?.redemptions ?? [];
      let left = payable;
      let sums = nothing;
      for (const share of shares) {
        const part = Math.floor((left * share) / 100);
        if (part === 0) continue;
        left -= part;
        sums = plus(sums, desk, { amount: rupees(part) });
      }
      sums = plus(sums, desk, { amount: rupees(left) });
      expect(sums).toEqual({
        money: payable - (paid?.value ?? 0),
        restored: paid?.points ?? 0,
        clawed: record?.earned ?? 0,
      });
      expect(desk.state.card).toMatchObject({ balance: spent, debt: 0 });
    }),
    { numRuns: 200 },
  );
});
