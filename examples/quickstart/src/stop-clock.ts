import type { Clock, Instant } from '@loyalty-engine/core';

/** A clock that shows what it is set to: the demo's time is the story's, or the data's. */
export interface StopClock extends Clock {
  set(at: Instant | string): void;
}

export function stopClock(): StopClock {
  let now: Instant = 0;
  return {
    now: () => now,
    set: (at) => {
      now = typeof at === 'string' ? Date.parse(at) : at;
    },
  };
}
