import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Allocation, type BurnableLot, burnLots, compareBurnOrder, returnToLots } from './burn-lots.ts';

const lot = (seq: number, expiresAt: number | null, earnedAt = 0, free = 10): BurnableLot => ({
  seq,
  earnedAt,
  expiresAt,
  free,
});

describe('points burn', () => {
  test('from the lot that expires soonest, never-expiring last', () => {
    const lots = [lot(1, null), lot(2, 300), lot(3, 100), lot(4, 200)];
    expect(burnLots(lots, 40).taken.map(([seq]) => seq)).toEqual([3, 4, 2, 1]);
  });

  test('from the earlier earned where expiry is the same, then from the lower number', () => {
    const lots = [lot(1, 100, 30), lot(2, 100, 20), lot(4, null, 5), lot(3, null, 5)];
    expect(burnLots(lots, 40).taken.map(([seq]) => seq)).toEqual([2, 1, 3, 4]);
  });

  test.each<[number, Allocation[], number]>([
    [0, [], 0],
    [5, [[1, 5]], 0],
    [10, [[1, 10]], 0],
    [
      11,
      [
        [1, 10],
        [2, 1],
      ],
      0,
    ],
    [
      25,
      [
        [1, 10],
        [2, 10],
      ],
      5,
    ],
  ])('%i of two lots of 10: %j, missing %i', (points, taken, missing) => {
    expect(burnLots([lot(2, 200), lot(1, 100), lot(3, 50, 0, 0)], points)).toEqual({ taken, missing });
  });
});

const lots = fc
  .array(
    fc.record({
      earnedAt: fc.nat(3),
      expiresAt: fc.option(fc.nat(3), { nil: null }),
      free: fc.nat(20),
    }),
    { maxLength: 8 },
  )
  .map((lots) => lots.map((lot, index) => ({ ...lot, seq: index + 1 })));

describe('the burn order is a total order', () => {
  test('any order in which lots come gives the same burn', () => {
    const permuted = lots.chain((lots) =>
      fc.tuple(fc.constant(lots), fc.shuffledSubarray(lots, { minLength: lots.length })),
    );
    fc.assert(
      fc.property(permuted, fc.nat(100), ([lots, shuffled], points) => {
        expect(burnLots(shuffled, points)).toEqual(burnLots(lots, points));
      }),
    );
  });

  test('of two different lots one comes first, and it is the same one from either side', () => {
    fc.assert(
      fc.property(lots, (lots) => {
        for (const a of lots) {
          for (const b of lots) {
            expect(Math.sign(compareBurnOrder(a, b)) + Math.sign(compareBurnOrder(b, a))).toBe(0);
            expect(compareBurnOrder(a, b) === 0).toBe(a === b);
          }
        }
      }),
    );
  });

  test('a burn takes what it says, no lot gives more than it has, and only the last is taken in part', () => {
    fc.assert(
      fc.property(lots, fc.nat(100), (lots, points) => {
        const { taken, missing } = burnLots(lots, points);
        expect(taken.reduce((sum, [, part]) => sum + part, missing)).toBe(points);
        for (const [index, [seq, part]] of taken.entries()) {
          const { free } = lots[seq - 1] as BurnableLot;
          expect(part).toBeGreaterThan(0);
          expect(part).toBeLessThanOrEqual(free);
          if (index < taken.length - 1) expect(part).toBe(free);
        }
      }),
    );
  });

  test('one large burn takes what many small ones take', () => {
    fc.assert(
      fc.property(lots, fc.array(fc.nat(15), { maxLength: 6 }), (lots, steps) => {
        const left = lots.map((lot) => ({ ...lot }));
        const taken = new Map<number, number>();
        for (const points of steps) {
          for (const [seq, part] of burnLots(left, points).taken) {
            (left[seq - 1] as BurnableLot).free -= part;
            taken.set(seq, (taken.get(seq) ?? 0) + part);
          }
        }
        const whole = steps.reduce((sum, points) => sum + points, 0);
        expect(taken).toEqual(new Map(burnLots(lots, whole).taken));
      }),
    );
  });
});

describe('points go back', () => {
  const taken: Allocation[] = [
    [1, 20],
    [2, 10],
    [5, 30],
  ];

  test.each<[number, number, Allocation[]]>([
    [0, 0, []],
    [0, 10, [[5, 10]]],
    [0, 30, [[5, 30]]],
    [
      0,
      45,
      [
        [5, 30],
        [2, 10],
        [1, 5],
      ],
    ],
    [30, 5, [[2, 5]]],
    [
      35,
      25,
      [
        [2, 5],
        [1, 20],
      ],
    ],
    [60, 0, []],
  ])('after %i, %i more: the last taken returns first, %j', (already, points, back) => {
    expect(returnToLots(taken, already, points)).toEqual(back);
  });

  test('many small returns end where one large return ends', () => {
    const takings = fc.uniqueArray(fc.tuple(fc.nat(9), fc.integer({ min: 1, max: 30 })), {
      selector: ([seq]) => seq,
      maxLength: 6,
    });
    fc.assert(
      fc.property(takings, fc.array(fc.nat(40), { maxLength: 6 }), (taken, wishes) => {
        let left = taken.reduce((sum, [, part]) => sum + part, 0);
        let already = 0;
        const back = new Map<number, number>();
        for (const wish of wishes) {
          const points = Math.min(wish, left);
          for (const [seq, part] of returnToLots(taken, already, points)) {
            back.set(seq, (back.get(seq) ?? 0) + part);
          }
          already += points;
          left -= points;
        }
        expect(back).toEqual(new Map(returnToLots(taken, 0, already)));
      }),
    );
  });
});
