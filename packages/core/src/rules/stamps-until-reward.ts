/** How far a stamp card is from its next reward, and how many rewards it is worth now. */
export interface StampProgress {
  target: number;
  untilReward: number;
  rewardsReady: number;
}

/**
 * Stamps that are missing until a reward is ready; 0 where one is.
 *
 * Source: stamps_until_reward of the company-wide cards, which was always unknown there.
 *
 * @example
 * stampsUntilReward(7, 10) //=> 3
 * @throws RangeError when the target is not at least 1: it would give rewards for nothing.
 */
export function stampsUntilReward(stamps: number, target: number): number {
  if (!Number.isSafeInteger(target) || target < 1)
    throw new RangeError('The target must be at least 1 stamp');
  return Math.max(0, target - stamps);
}

/** Both figures of a stamp card. @example stampProgress(23, 10) //=> { target: 10, untilReward: 0, rewardsReady: 2 } */
export function stampProgress(stamps: number, target: number): StampProgress {
  return {
    target,
    untilReward: stampsUntilReward(stamps, target),
    rewardsReady: Math.floor(stamps / target),
  };
}
