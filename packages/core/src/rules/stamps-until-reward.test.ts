import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { stampProgress, stampsUntilReward } from './stamps-until-reward.ts';

describe('stamps until a reward', () => {
  test.each([
    [0, 10, 10, 0],
    [9, 10, 1, 0],
    [10, 10, 0, 1],
    [11, 10, 0, 1],
    [23, 10, 0, 2],
    [1, 1, 0, 1],
  ])('%i of %i: %i are missing, %i rewards are ready', (stamps, target, untilReward, rewardsReady) => {
    expect(stampsUntilReward(stamps, target)).toBe(untilReward);
    expect(stampProgress(stamps, target)).toEqual({ target, untilReward, rewardsReady });
  });

  test.each([0, -1, 1.5, Number.NaN, Number.POSITIVE_INFINITY])('a target of %d is none', (target) => {
    expect(() => stampsUntilReward(5, target)).toThrow(RangeError);
    expect(() => stampProgress(5, target)).toThrow(RangeError);
  });

  test('either some are missing or a reward is ready, never both and never neither', () => {
    fc.assert(
      fc.property(fc.nat(3000), fc.integer({ min: 1, max: 1000 }), (stamps, target) => {
        const { untilReward, rewardsReady } = stampProgress(stamps, target);
        expect(untilReward > 0).toBe(rewardsReady === 0);
        expect(Object.is(untilReward, -0)).toBe(false);
      }),
    );
  });
});
