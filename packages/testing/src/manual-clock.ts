import type { Clock, Instant } from '@loyalty-engine/core';

const minute = 60_000;

/** A span to move a clock by; negative numbers set it back. */
export interface ClockSpan {
  minutes?: number;
  hours?: number;
  /** Days of 24 hours. */
  days?: number;
}

/** A clock that stands still until it is told. */
export interface ManualClock extends Clock {
  /** Sets the clock, forwards or backwards. */
  set(at: Date | string | Instant): void;
  advance(span: ClockSpan): void;
}

/**
 * A clock for tests: it stands still until it is set or advanced.
 *
 * @example
 * const clock = manualClock('2026-01-15T10:00:00Z')
 * clock.advance({ hours: 2 })
 * new Date(clock.now()).toISOString() //=> '2026-01-15T12:00:00.000Z'
 */
export function manualClock(start: Date | string | Instant): ManualClock {
  let now = instantOf(start);
  return {
    now: () => now,
    set(at) {
      now = instantOf(at);
    },
    advance({ minutes = 0, hours = 0, days = 0 }) {
      now += minutes * minute + hours * 60 * minute + days * 1440 * minute;
    },
  };
}

function instantOf(at: Date | string | Instant): Instant {
  const instant = typeof at === 'number' ? at : new Date(at).getTime();
  if (!Number.isSafeInteger(instant)) throw new TypeError(`Not an instant: ${String(at)}`);
  return instant;
}
