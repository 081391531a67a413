import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { hour, minute, noon } from '../fixtures.test-data.ts';
import { checkCooldown } from './check-cooldown.ts';

describe('the cooldown', () => {
  test.each([
    ['no stamp yet', [], 0, 60, null],
    ['no cooldown', [0], 0, 0, null],
    ['at the very instant of a stamp', [0], 0, 60, [hour, 3600]],
    ['a millisecond before its end', [0], hour - 1, 60, [hour, 1]],
    ['at exactly its end', [0], hour, 60, null],
    ['999 ms before its end: seconds are rounded up', [0], hour - 999, 60, [hour, 1]],
    ['1001 ms before its end', [0], hour - 1001, 60, [hour, 2]],
    ['exactly its length before a later stamp', [hour], 0, 60, null],
    ['a millisecond nearer to a later stamp', [hour], 1, 60, [2 * hour, 7200]],
    ['between two stamps that leave room', [0, 2 * hour], hour, 60, null],
    ['between two stamps that leave none', [0, 2 * hour - 1], hour - 1, 60, [3 * hour - 1, 7200]],
    ['between two stamps that leave room later', [0, 2 * hour], 10 * minute, 60, [hour, 3000]],
  ] as const)('%s', (_when, times, at, minutes, wait) => {
    const found = checkCooldown(
      times.map((time) => noon + time),
      noon + at,
      minutes,
    );
    expect(found && [found.retryAt - noon, found.retryAfterSeconds]).toEqual(wait);
  });

  test('is never negative nor longer than it must be: allowed at retryAt, not a millisecond before', () => {
    const instants = fc.integer({ min: 0, max: 600_000 });
    fc.assert(
      fc.property(fc.array(instants, { maxLength: 8 }), instants, fc.nat(3), (times, at, minutes) => {
        const given = [...times];
        const wait = checkCooldown(times, at, minutes);
        expect(times).toEqual(given);
        const free = (instant: number) => times.every((time) => Math.abs(instant - time) >= minutes * minute);
        expect(wait === null).toBe(free(at));
        if (!wait) return;
        expect(wait.retryAt).toBeGreaterThan(at);
        expect(wait.retryAfterSeconds).toBeGreaterThan(0);
        expect(wait.retryAfterSeconds).toBe(Math.ceil((wait.retryAt - at) / 1000));
        expect(checkCooldown(times, wait.retryAt, minutes)).toBeNull();
        expect(checkCooldown(times, wait.retryAt - 1, minutes)?.retryAt).toBe(wait.retryAt);
        // Nothing on the way was free either: the first free instant lies a cooldown after some stamp.
        for (const time of times) {
          const candidate = time + minutes * minute;
          if (candidate >= at && candidate < wait.retryAt) expect(free(candidate)).toBe(false);
        }
      }),
      { numRuns: 500 },
    );
  });

  test('does not depend on the order of the stamps', () => {
    const instants = fc.array(fc.integer({ min: 0, max: 600_000 }), { maxLength: 8 });
    fc.assert(
      fc.property(instants, fc.integer({ min: 0, max: 600_000 }), (times, at) => {
        expect(checkCooldown([...times].reverse(), at, 2)).toEqual(checkCooldown(times, at, 2));
      }),
    );
  });
});
