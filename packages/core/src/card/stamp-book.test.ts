import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { day, noon } from '../fixtures.test-data.ts';
import type { StampLot, StampTime } from './card-state.ts';
import {
  earliestStamp,
  liveStamps,
  moveStamps,
  rememberStamp,
  soonestStampEnd,
  takeStamps,
} from './stamp-book.ts';

const total = (lots: readonly StampLot[]) => lots.reduce((sum, [, stamps]) => sum + stamps, 0);
const lotsArbitrary = fc
  .uniqueArray(
    fc.tuple(
      fc.integer({ min: 1, max: 50 }),
      fc.integer({ min: 1, max: 9 }),
      fc.constantFrom(null, noon, noon + 1, noon + day),
    ),
    { selector: ([seq]) => seq, maxLength: 12 },
  )
  .map((lots): StampLot[] => moveStamps([], lots));

describe('stamp lots', () => {
  test('are in the order in which they are taken: soonest end first, never-ending last, then the earlier', () => {
    const lots = moveStamps(
      [],
      [
        [4, 1, null],
        [3, 1, noon + day],
        [2, 1, noon],
        [1, 1, noon + day],
      ],
    );
    expect(lots.map(([seq]) => seq)).toEqual([2, 1, 3, 4]);
    expect(soonestStampEnd(lots)).toBe(noon);
    expect(soonestStampEnd([[4, 1, null]])).toBeNull();
    expect(soonestStampEnd([])).toBeNull();
  });

  test('that are empty are gone, and can come back with the end they had', () => {
    const lots = moveStamps([[1, 2, noon]], [[1, -2, noon]]);
    expect(lots).toEqual([]);
    expect(moveStamps(lots, [[1, 2, noon]])).toEqual([[1, 2, noon]]);
  });

  test('keep their end, whatever a move says of it', () => {
    expect(moveStamps([[1, 2, noon]], [[1, 1, null]])).toEqual([[1, 3, noon]]);
  });

  test('never give more than they have', () => {
    expect(() => moveStamps([[1, 2, null]], [[1, -3, null]])).toThrow(RangeError);
    expect(() => moveStamps([], [[1, -1, null]])).toThrow(RangeError);
  });

  test('do not change the lots they are made of', () => {
    const lots: StampLot[] = [[1, 2, null]];
    moveStamps(lots, [[1, -1, null]]);
    expect(lots).toEqual([[1, 2, null]]);
  });

  test('are live until exactly their end', () => {
    expect(liveStamps([[1, 3, noon]], noon - 1)).toBe(3);
    expect(liveStamps([[1, 3, noon]], noon)).toBe(0);
    expect(liveStamps([[1, 3, null]], Number.MAX_SAFE_INTEGER)).toBe(3);
  });
});

describe('taking stamps', () => {
  test('empties one lot after another, and says what is missing', () => {
    const lots: StampLot[] = [
      [1, 2, noon],
      [2, 3, null],
    ];
    expect(takeStamps(lots, 4)).toEqual({
      moves: [
        [1, -2, noon],
        [2, -2, null],
      ],
      missing: 0,
    });
    expect(takeStamps(lots, 6).missing).toBe(1);
    expect(takeStamps(lots, 0)).toEqual({ moves: [], missing: 0 });
    expect(takeStamps([], 2)).toEqual({ moves: [], missing: 2 });
  });

  test('conserves them: what is taken, what is left and what is missing add up, and can be put back', () => {
    fc.assert(
      fc.property(lotsArbitrary, fc.nat(60), (lots, stamps) => {
        const { moves, missing } = takeStamps(lots, stamps);
        const taken = -moves.reduce((sum, [, part]) => sum + part, 0);
        const left = moveStamps(lots, moves);
        expect(taken + missing).toBe(stamps);
        expect(total(left)).toBe(total(lots) - taken);
        if (missing > 0) expect(left).toEqual([]);
        const back = moves.map(([seq, part, end]): StampLot => [seq, -part, end]);
        expect(moveStamps(left, back)).toEqual(lots);
        for (const [, part] of moves) expect(part).toBeLessThan(0);
      }),
    );
  });

  test('in two goes takes what one go takes', () => {
    fc.assert(
      fc.property(lotsArbitrary, fc.nat(20), fc.nat(20), (lots, a, b) => {
        const first = takeStamps(lots, a);
        const second = takeStamps(moveStamps(lots, first.moves), b);
        const apart = moveStamps(moveStamps(lots, first.moves), second.moves);
        expect(apart).toEqual(moveStamps(lots, takeStamps(lots, a + b).moves));
      }),
    );
  });
});

describe('the times of stamps', () => {
  const nothing = { stampTimes: [], stampsKnownFrom: 0 };

  test('are kept in their order, whatever order they are written in', () => {
    let known: Parameters<typeof rememberStamp>[0] = nothing;
    for (const at of [3, 1, 2]) known = rememberStamp(known, [noon + at, 1, at], noon + 3);
    expect(known.stampTimes.map(([, , seq]) => seq)).toEqual([1, 2, 3]);
  });

  test('are forgotten after two weeks', () => {
    const old = { stampTimes: [[noon, 1, 1] as const], stampsKnownFrom: 0 };
    expect(rememberStamp(old, [noon + day, 1, 2], noon + 14 * day - 1).stampTimes).toHaveLength(2);
    expect(rememberStamp(old, [noon + day, 1, 2], noon + 14 * day).stampTimes).toHaveLength(1);
  });

  test('are forgotten beyond 200, and it stays known from when on they are complete, though some are voided', () => {
    const stampTimes = Array.from({ length: 200 }, (_, index): StampTime => [noon + index, 1, index]);
    const full = rememberStamp({ stampTimes, stampsKnownFrom: 0 }, [noon + 200, 1, 200], noon + 200);
    expect(full.stampTimes).toHaveLength(200);
    expect(full.stampTimes[0]).toEqual([noon + 1, 1, 1]);
    expect(earliestStamp(full, noon + 200)).toBe(noon + 1);
    const lessOne = { ...full, stampTimes: full.stampTimes.slice(1) };
    expect(earliestStamp(lessOne, noon + 200)).toBe(noon + 1);
    expect(earliestStamp({ stampsKnownFrom: 0 }, noon + 200)).toBe(noon + 200 - 7 * day);
  });
});
